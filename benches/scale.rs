//! A province's worth of kelompok: how long imports and a start take, and how long the server works
//! on each page. Nothing here decides a test; a page above the limit is marked.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use p2k2::app::login::TOKEN_LASTS;
use p2k2::app::{App, Options, seed};
use p2k2::clock::Clock;
use p2k2::config::Config;
use p2k2::demo::{self, Params};
use p2k2::event::LoginKind;
use p2k2::kelompok::wilayah::{Kode, Zone};
use p2k2::ops::Kind;
use p2k2::ops::transfer::{Switches, import};
use p2k2::web::{Web, routes};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// How many kelompok, over how many months.
const SIZE: (u32, u32) = (8_000, 24);
/// How often each page is asked for, after once to warm up.
const TIMES: usize = 20;
/// No page may keep the server busy for longer.
const LIMIT: Duration = Duration::from_millis(50);
/// The files in the order in which they are imported.
const FILES: [(&str, Kind); 4] = [
    ("wilayah", Kind::Wilayah),
    ("pengguna", Kind::Pengguna),
    ("kelompok", Kind::Kelompok),
    ("pertemuan", Kind::Pertemuan),
];

#[expect(clippy::disallowed_methods, reason = "a bench is about the time that passes")]
fn now() -> Instant {
    Instant::now()
}

/// Resident memory of this process in MB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}

fn open(data: &Path) -> Arc<App> {
    let (app, _) = App::open(&Options::real(data, Clock::system())).unwrap();
    seed::load_shipped(&app).unwrap();
    app
}

/// Imports the files into a new data directory.
fn fill(files: &Path, data: &Path) {
    let app = open(data);
    for (name, kind) in FILES {
        let file = format!("{name}.csv");
        let bytes = fs::read(files.join(&file)).unwrap();
        let rows = bytes.iter().filter(|byte| **byte == b'\n').count() - 1;
        let start = now();
        let outcome = import(&app, kind, (&file, &bytes), &Switches::default());
        let took = start.elapsed();
        assert_eq!(outcome.exit, 0, "{outcome:?}");
        let rate = rows as f64 / took.as_secs_f64();
        println!("import of {rows} {name}: {:.2} s, {rate:.0} rows/s", took.as_secs_f64());
    }
    app.close().unwrap();
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let (files, data) = (dir.path().join("berkas"), dir.path().join("data"));
    fs::create_dir(&files).unwrap();
    let today = Zone::Wib.date(Clock::system().now());
    let params = Params { seed: 1, today, kelompok: SIZE.0, months: SIZE.1 };
    let mut file = |name: &str| File::create(files.join(name)).map(BufWriter::new);
    let counts = demo::write_files(&params, &mut file, &mut |_| ()).unwrap();
    println!("{} kelompok, {} pertemuan", counts.kelompok, counts.pertemuan);
    println!();
    fill(&files, &data);
    let before = memory();
    let start = now();
    let app = open(&data);
    let opened = start.elapsed();
    let totals = app.state().totals(Kode::NASIONAL, today);
    let answered = start.elapsed();
    println!();
    println!(
        "start: {:.2} s, first coverage after {:.2} s ({} of {} cells), {} MB before, {} MB after",
        opened.as_secs_f64(),
        answered.as_secs_f64(),
        totals.cells.covered,
        totals.cells.target,
        before,
        memory()
    );
    println!();
    pages(&app);
    app.close().unwrap();
}

/// Asks for every page as each role that may see it.
fn pages(app: &Arc<App>) {
    let listen = "127.0.0.1:8080".parse().unwrap();
    let data = PathBuf::new();
    let config = Config { data, listen, url: None, plain_http: false, demo: false };
    let router = routes::router(Web::new(Arc::clone(app), config));
    let runtime = Runtime::new().unwrap();
    let tokens: BTreeMap<&str, String> = ["admin", "pelatih", "supervisor", "pendamping"]
        .into_iter()
        .map(|login| {
            let account = app.state().account_by_login(&login.parse().unwrap()).unwrap().id;
            let token = app.open_login(account, LoginKind::Api, TOKEN_LASTS).unwrap();
            (login, token.expose().to_owned())
        })
        .collect();
    println!("| page | role | status | bytes | median ms | most ms | |");
    println!("|---|---|---|---|---|---|---|");
    for (role, path) in paths(app) {
        let ask = || runtime.block_on(answer(&router, &path, &tokens[role]));
        let (status, bytes, _) = ask();
        let mut times: Vec<Duration> = (0..TIMES).map(|_| ask().2).collect();
        times.sort();
        let (middle, most) = (times[TIMES / 2], times[TIMES - 1]);
        let mark = if middle > LIMIT { "too slow" } else { "" };
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        println!(
            "| `{path}` | {role} | {} | {bytes} | {:.2} | {:.2} | {mark} |",
            status.as_u16(),
            ms(middle),
            ms(most)
        );
    }
}

async fn answer(router: &Router, path: &str, token: &str) -> (StatusCode, usize, Duration) {
    let request = Request::get(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let start = now();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, body.len(), start.elapsed())
}

/// The pages, each as the role that has most to see.
fn paths(app: &App) -> Vec<(&'static str, String)> {
    let kelompok = {
        let state = app.state();
        let shown = state.groups_in("16.02.05".parse().unwrap()).next();
        shown.unwrap().id.to_string()
    };
    let mut paths = Vec::new();
    for (area, levels) in [
        ("", &["provinsi", "kabupaten", "kecamatan", "pendamping"][..]),
        ("16", &["kabupaten", "kecamatan"]),
        ("16.02", &["kecamatan", "desa", "kelompok", "pendamping"]),
        ("16.02.05", &["desa", "kelompok"]),
    ] {
        for per in levels {
            paths.push(("admin", format!("/api/v1/cakupan?wilayah={area}&per={per}")));
            paths.push(("admin", format!("/cakupan?wilayah={area}&per={per}")));
        }
    }
    paths.push(("admin", "/cakupan?wilayah=16.02&per=kecamatan&pada=2026-01-31".to_owned()));
    paths.push(("admin", "/api/v1/kelompok?limit=100".to_owned()));
    for role in ["admin", "pelatih", "supervisor", "pendamping"] {
        paths.push((role, "/".to_owned()));
    }
    for path in ["/kelompok", "/laporan", "/wilayah/16.02", "/pengguna", "/tinjauan", "/cakupan"] {
        paths.push(("admin", path.to_owned()));
        paths.push(("supervisor", path.to_owned()));
    }
    paths.push(("pendamping", "/kelompok".to_owned()));
    paths.push(("pendamping", format!("/kelompok/{kelompok}")));
    paths.push(("pendamping", format!("/kelompok/{kelompok}/catat")));
    paths.push(("pendamping", format!("/api/v1/kelompok/{kelompok}/pertemuan")));
    for path in ["/kurikulum", "/sesi/memulai-usaha", "/cari?q=asi+ekslusif", "/bantuan"] {
        paths.push(("pendamping", path.to_owned()));
    }
    paths
}
