//! A nation's worth of kelompok: how long the import takes, how large and how quick the program is
//! after a start. `cargo bench --bench nation -- KELOMPOK MONTHS DIR` keeps what it made in DIR and
//! goes on from there; with `state` behind it, the state alone is made, without import and journal.
//! `compare` behind that, with the name of a Python that has `DuckDB`, holds the roll-up against it.
//! Nothing here decides a test.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

mod folded;

use std::cell::RefCell;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::civil::{Date, date};
use p2k2::app::login::TOKEN_LASTS;
use p2k2::app::{App, Options, seed};
use p2k2::clock::Clock;
use p2k2::config::Config;
use p2k2::demo::{self, Params};
use p2k2::event::LoginKind;
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::ops::Kind;
use p2k2::ops::transfer::{Switches, import};
use p2k2::state::rollup::Per;
use p2k2::web::{Web, routes};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// So many rows are imported at once, as from files that an office could handle.
const ROWS: usize = 200_000;
/// How often each page is asked for, after once to warm up.
const TIMES: usize = 9;
/// The day that is today: the figures do not depend on when they are measured.
const TODAY: Date = date(2026, 11, 21);

#[expect(clippy::disallowed_methods, reason = "a bench is about the time that passes")]
fn now() -> Instant {
    Instant::now()
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}

/// Memory of this process in MB: resident, proportional.
fn memory() -> (u64, u64) {
    let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let of = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kb.unwrap_or(0) / 1_024
    };
    (of("Rss:"), of("Pss:"))
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("").to_owned()
}

fn open(data: &Path, index: bool) -> Arc<App> {
    let noon = TODAY.at(5, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let options = Options::real(data, Clock::fixed(noon));
    let index = options.index.clone().filter(|_| index);
    let (app, _) = App::open(&Options { index, ..options }).unwrap();
    seed::load_shipped(&app).unwrap();
    app
}

/// Imports what is written to it, piece by piece.
struct Feed {
    app: Arc<App>,
    kind: Kind,
    header: Vec<u8>,
    rows: Vec<u8>,
    count: usize,
    all: usize,
    took: Duration,
}

impl Feed {
    fn enter(&mut self) {
        if self.count == 0 {
            return;
        }
        let bytes = [&self.header[..], &self.rows[..]].concat();
        self.rows.clear();
        let start = now();
        let outcome = import(&self.app, self.kind, ("data.csv", &bytes), &Switches::default());
        self.took += start.elapsed();
        assert_eq!(outcome.exit, 0, "{outcome:?}");
        self.all += self.count;
        self.count = 0;
        let (rss, _) = memory();
        let rate = self.all as f64 / self.took.as_secs_f64();
        println!("{:?}: {} rows, {rate:.0} rows/s, {rss} MB, load {}", self.kind, self.all, load());
    }
}

impl Write for Feed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let header = self.header.last() != Some(&b'\n');
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            if header { &mut self.header } else { &mut self.rows }.extend_from_slice(bytes);
            return Ok(bytes.len());
        };
        if header { &mut self.header } else { &mut self.rows }.extend_from_slice(&bytes[..=end]);
        self.count += usize::from(!header);
        if self.count == ROWS {
            self.enter();
        }
        Ok(end + 1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The file that is being written; whoever made the one before it holds on to that.
#[derive(Clone, Default)]
struct Current(Rc<RefCell<Option<Feed>>>);

impl Current {
    /// Imports the rest of the last one, and goes on with another.
    fn next(&self, feed: Option<Feed>) -> Self {
        if let Some(mut last) = self.0.replace(feed) {
            last.enter();
        }
        self.clone()
    }
}

impl Write for Current {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().as_mut().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fill(data: &Path, (kelompok, months): (u32, u32), index: bool) {
    let app = open(data, index);
    let params = Params { seed: 1, today: TODAY, kelompok, months };
    let (start, current) = (now(), Current::default());
    let mut feed = |name: &str| {
        let kind = match name {
            "wilayah.csv" => Kind::Wilayah,
            "pengguna.csv" => Kind::Pengguna,
            "kelompok.csv" => Kind::Kelompok,
            _ => Kind::Pertemuan,
        };
        let app = Arc::clone(&app);
        let (header, rows) = (Vec::new(), Vec::new());
        let feed = Feed { app, kind, header, rows, count: 0, all: 0, took: Duration::ZERO };
        Ok(current.next(Some(feed)))
    };
    let counts = demo::write_files(&params, &mut feed, &mut |_| ()).unwrap();
    current.next(None);
    println!(
        "{} kelompok, {} pertemuan in {:.0} s",
        counts.kelompok,
        counts.pertemuan,
        seconds(start)
    );
    let closing = now();
    app.close().unwrap();
    println!("closed in {:.1} s", seconds(closing));
}

fn ask(data: &Path, index: bool) {
    let bare = memory();
    let start = now();
    let app = open(data, index);
    let opened = seconds(start);
    let rows = app.rollup(&app.state(), Kode::NASIONAL, Per::Level(Level::Kabupaten), TODAY);
    let answered = seconds(start);
    let after = memory();
    println!("start {opened:.2} s, first roll-up after {answered:.2} s, load {}", load());
    println!("memory (resident, proportional) before {bare:?} MB, after {after:?} MB");
    {
        let state = app.state();
        println!(
            "{} kelompok, {} bytes not on a shelf",
            state.groups().len(),
            state.unshelved_bytes()
        );
        let from_facts = now();
        let same = state.rollup(Kode::NASIONAL, Per::Level(Level::Kabupaten), TODAY) == rows;
        println!(
            "the same from the facts: {same}, {:.2} s, {} rows",
            seconds(from_facts),
            rows.len()
        );
        assert!(same);
    }
    pages(&app);
    println!("memory after the pages {:?} MB", memory());
    app.close().unwrap();
}

fn pages(app: &Arc<App>) {
    let config = Config {
        data: PathBuf::new(),
        listen: "127.0.0.1:8080".parse().unwrap(),
        url: None,
        plain_http: false,
        demo: false,
    };
    let router = routes::router(Web::new(Arc::clone(app), config));
    let runtime = Runtime::new().unwrap();
    let account = app.state().account_by_login(&"admin".parse().unwrap()).unwrap().id;
    let token = app.open_login(account, LoginKind::Api, TOKEN_LASTS).unwrap();
    let kelompok = {
        let state = app.state();
        state.groups_in("16.02.05".parse().unwrap()).next().unwrap().id.to_string()
    };
    println!("| page | status | bytes | median ms | least | most |");
    println!("|---|---|---|---|---|---|");
    for path in [
        "/api/v1/cakupan?per=nasional",
        "/api/v1/cakupan?per=provinsi",
        "/api/v1/cakupan?per=kabupaten",
        "/cakupan?per=provinsi",
        "/cakupan?wilayah=16.02&per=kecamatan",
        "/api/v1/cakupan?wilayah=16.02&per=kecamatan",
        "/cakupan?wilayah=16.02.05&per=kelompok",
        "/laporan?wilayah=16.02",
        "/kelompok?wilayah=16.02.05",
        &format!("/kelompok/{kelompok}"),
        &format!("/kelompok/{kelompok}/riwayat"),
    ] {
        let ask = || runtime.block_on(answer(&router, path, token.expose()));
        let (status, bytes, _) = ask();
        let mut times: Vec<f64> = (0..TIMES).map(|_| ask().2.as_secs_f64() * 1_000.0).collect();
        times.sort_by(f64::total_cmp);
        let (least, middle, most) = (times[0], times[TIMES / 2], times[TIMES - 1]);
        println!("| `{path}` | {status} | {bytes} | {middle:.2} | {least:.2} | {most:.2} |");
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

/// Each part runs in a process of its own, so that the memory of one is not that of the other.
fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|text| text != "--bench").collect();
    let number = |at: usize, default: u32| given.get(at).map_or(default, |n| n.parse().unwrap());
    let (kelompok, months) = (number(0, 40_000), number(1, 60));
    let data = PathBuf::from(given.get(2).cloned().unwrap_or_else(|| "nation".to_owned()));
    let part = given.get(3).map_or("all", String::as_str);
    match part {
        "fill" => fill(&data, (kelompok, months), true),
        "fill-bare" => fill(&data, (kelompok, months), false),
        "ask" => ask(&data, true),
        "ask-bare" => ask(&data, false),
        "fold" => folded::make(&data, (kelompok, months)),
        "load" => folded::load_back(&data),
        "compare" => folded::compare(&data, given.get(4).map_or("python3", String::as_str)),
        _ => {
            let parts: &[&str] = match (part, data.exists()) {
                ("state", false) => &["fold", "load"],
                ("state", true) => &["load"],
                (_, false) => &["fill", "ask"],
                (_, true) => &["ask"],
            };
            for part in parts {
                let myself = std::env::current_exe().unwrap();
                let (kelompok, months) = (kelompok.to_string(), months.to_string());
                let mut child = Command::new(myself);
                let child = child.args([&kelompok, &months]).arg(&data).arg(part);
                assert!(child.status().unwrap().success());
            }
        }
    }
}
