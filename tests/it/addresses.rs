//! What the query of an address cannot mean is refused in one sentence: on every page, for every
//! file, by every call, and never taken for something else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::http::{ANYONE, Reply, Site};

const SUPERVISOR: &str = "supervisor-1";
const PENDAMPING: &str = "pendamping-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";

/// The heading over a page, a file and an answer that cannot be had.
const PAGE: &str = "Halaman ini belum dapat dibuka";
const FILE: &str = "Berkas ini belum dapat dibuat";
const ANSWER: &str = "Permintaan ini belum dapat dijawab";

/// Values that a parameter cannot have.
const DAY: &[&str] = &["x", "2026-02-30", "2026-13-01", "kemarin", "0"];
const MONTH: &[&str] = &["x", "2026-13", "2026-1", "11-2026", "0"];
const NUMBER: &[&str] = &["x", "0", "-1", "1.5", "99999999999999999999"];
const FROM_0: &[&str] = &["x", "-1", "1.5", "99999999999999999999"];
const AREA: &[&str] = &["x", "16.2", "1602", "16.02.05.1001.3"];
const WORD: &[&str] = &["x", "' or 1=1", "Tuntas"];

type Case = (&'static str, &'static [(&'static str, &'static [&'static str])]);

/// Pages and files with what their addresses may ask for, as a supervisor opens them.
const PAGES: &[Case] = &[
    (
        "/cakupan",
        &[
            ("pada", DAY),
            ("bulan", MONTH),
            ("wilayah", AREA),
            ("hal", NUMBER),
            ("per", WORD),
            ("tampil", WORD),
            ("urut", WORD),
            ("modul", WORD),
        ],
    ),
    (
        "/cakupan/unduh",
        &[("pada", DAY), ("bulan", MONTH), ("wilayah", AREA), ("per", WORD), ("format", WORD)],
    ),
    (
        "/cakupan/daftar",
        &[
            ("pada", DAY),
            ("bulan", MONTH),
            ("wilayah", AREA),
            ("hal", NUMBER),
            ("apa", WORD),
            ("sesi", &["Sesi 1", "a b"]),
        ],
    ),
    (
        "/cakupan/daftar/unduh",
        &[("pada", DAY), ("bulan", MONTH), ("wilayah", AREA), ("apa", WORD), ("format", WORD)],
    ),
    ("/cakupan/beda?bulan=2026-10", &[("angka", WORD), ("wilayah", AREA)]),
    (
        "/cakupan/beda?bulan=2026-10&angka=bertemu",
        &[("alasan", WORD), ("arah", WORD), ("pada", DAY)],
    ),
    (
        "/laporan",
        &[("bulan", MONTH), ("pada", DAY), ("wilayah", AREA), ("hal", NUMBER), ("rentang", WORD)],
    ),
    ("/laporan/unduh", &[("bulan", MONTH), ("pada", DAY), ("wilayah", AREA), ("format", WORD)]),
    ("/kelompok", &[("wilayah", AREA), ("hal", NUMBER), ("tampil", WORD)]),
    ("/kelompok.csv", &[("wilayah", AREA), ("tampil", WORD)]),
    ("/kelompok.xlsx", &[("wilayah", AREA), ("tampil", WORD)]),
    ("/kelompok/OKI-1", &[("semua", WORD)]),
    ("/kelompok/OKI-1/rencana", &[("ubah", WORD), ("sesi", &["Sesi 1"])]),
    ("/kunjungan", &[("dari", DAY), ("sampai", DAY), ("wilayah", AREA)]),
    ("/kunjungan/baru", &[("wilayah", AREA)]),
    ("/pemeriksaan", &[("wilayah", AREA), ("hal", NUMBER), ("tampil", WORD)]),
    ("/ganda", &[("wilayah", AREA), ("hal", NUMBER)]),
    ("/setelan/sasaran", &[("wilayah", AREA)]),
    (
        "/cari?q=anak",
        &[
            ("mulai", FROM_0),
            ("persis", WORD),
            ("naskah", WORD),
            ("bagian", WORD),
            ("modul", &["Modul 1"]),
            ("skema", &["Skema 1"]),
        ],
    ),
    ("/sesi/menjadi-orang-tua-yang-lebih-baik", &[("edisi", NUMBER)]),
    ("/sesi/menjadi-orang-tua-yang-lebih-baik/sajian", &[("langkah", NUMBER)]),
    ("/sesi/menjadi-orang-tua-yang-lebih-baik/bandingkan", &[("dari", NUMBER), ("ke", NUMBER)]),
];

/// Those that need what prints.
#[cfg(feature = "pdf")]
const PRINTED: &[Case] = &[
    (
        "/cetak/sesi/menjadi-orang-tua-yang-lebih-baik",
        &[("varian", WORD), ("kertas", WORD), ("edisi", NUMBER), ("hemat", WORD)],
    ),
    (
        "/cetak/sesi/menjadi-orang-tua-yang-lebih-baik.pdf",
        &[("varian", WORD), ("kertas", WORD), ("edisi", NUMBER), ("besar", WORD), ("simpan", WORD)],
    ),
    ("/cetak/paket/OKI-1", &[("tanggal", DAY), ("lembar", FROM_0), ("kertas", WORD)]),
    (
        "/cetak/paket/OKI-1/menjadi-orang-tua-yang-lebih-baik.pdf",
        &[("tanggal", DAY), ("lembar", &["x", "-1", "201"]), ("jilid", WORD)],
    ),
    ("/cetak/daftar-hadir/OKI-1.pdf", &[("tanggal", DAY), ("kertas", WORD)]),
    ("/cetak/perubahan/menjadi-orang-tua-yang-lebih-baik.pdf?ke=1", &[("dari", NUMBER)]),
    ("/cetak/perubahan/menjadi-orang-tua-yang-lebih-baik.pdf?dari=1", &[("ke", NUMBER)]),
    ("/cetak/cakupan.pdf", &[("pada", DAY), ("wilayah", AREA), ("per", WORD), ("kertas", WORD)]),
    ("/cetak/rekap/16.02/2026-11.pdf", &[("per", WORD), ("kertas", WORD)]),
    ("/cetak/rtl/OKI-1.pdf", &[("tanggal", DAY), ("kertas", WORD)]),
];

/// Calls with what their queries may ask for.
const CALLS: &[Case] = &[
    ("/api/v1/kelompok", &[("limit", NUMBER), ("limit", &["501"]), ("wilayah", AREA)]),
    ("/api/v1/kelompok/OKI-1/pertemuan", &[("limit", NUMBER)]),
    ("/api/v1/kunjungan", &[("limit", NUMBER), ("dari", DAY), ("sampai", DAY), ("wilayah", AREA)]),
    ("/api/v1/pemeriksaan", &[("limit", NUMBER), ("terbuka", WORD), ("wilayah", AREA)]),
    ("/api/v1/cakupan", &[("pada", DAY), ("per", WORD), ("format", WORD), ("wilayah", AREA)]),
    (
        "/api/v1/cari?q=anak",
        &[
            ("limit", NUMBER),
            ("limit", &["51"]),
            ("offset", FROM_0),
            ("persis", WORD),
            ("bagian", WORD),
        ],
    ),
    ("/api/v1/sesi/menjadi-orang-tua-yang-lebih-baik", &[("edisi", NUMBER)]),
    ("/api/v1/perubahan", &[("sejak", FROM_0)]),
];

fn ask(site: &Site, path: &str, (name, value): (&str, &str)) -> (String, Reply) {
    let joint = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{joint}{name}={}", p2k2::web::urls::encode(value));
    let reply = site.get(SUPERVISOR, &path);
    (path, reply)
}

fn each(cases: &[Case], mut check: impl FnMut(&str, (&str, &str))) {
    for (path, parameters) in cases {
        for (name, values) in *parameters {
            for value in *values {
                check(path, (name, value));
            }
        }
    }
}

fn check_pages(site: &Site, cases: &[Case]) {
    each(cases, |path, (name, value)| {
        let (asked, reply) = ask(site, path, (name, value));
        assert_eq!(reply.status, 422, "{asked}: {}", reply.body);
        let file = [".csv", ".xlsx", ".pdf", "/unduh"]
            .iter()
            .any(|ending| path.split('?').next().unwrap().ends_with(ending));
        let main = reply.main();
        assert!(main.contains(if file { FILE } else { PAGE }), "{asked}: {main}");
        let sentence = main.split("class=\"sentence\">").nth(1).unwrap().split("</p>").next();
        let sentence = sentence.unwrap();
        assert!(sentence.ends_with('.') && sentence.len() > 20, "{asked}: {sentence}");
        let plain = format!("href=\"{}\">Buka tanpa pilihan itu", path.split('?').next().unwrap());
        assert_eq!(main.contains(&plain), !file, "{asked}: {main}");
    });
}

#[test]
fn a_page_or_file_that_cannot_be_meant_says_so() {
    let site = Site::new();
    for (path, _) in PAGES {
        let reply = site.bytes_status(SUPERVISOR, path);
        assert!(matches!(reply, 200 | 404), "{path}: {reply}");
    }
    check_pages(&site, PAGES);
    for path in ["/pengguna?tampil=x", "/pengguna?hal=0"] {
        let reply = site.get(ADMIN, path);
        assert!(reply.status == 422 && reply.has(PAGE), "{path}: {}", reply.body);
    }
    for (path, words) in [
        ("/kelompok/OKI-1/catat?tanggal=2026-02-30", "tidak ada di kalender"),
        ("/kelompok/OKI-1/catat?sesi=Sesi+1", "bukan id sesi"),
    ] {
        let reply = site.get(PENDAMPING, path);
        assert!(reply.status == 422 && reply.has(words), "{path}: {}", reply.body);
    }
    let lost = site.get(PENDAMPING, "/kelompok/OKI-1/catat?sesi=tidak-ada");
    assert_eq!(lost.status, 404, "{}", lost.body);
    let review = site.get("pelatih-1", "/tinjauan?lihat=x");
    assert!(review.status == 422 && review.has("Tulis selesai"), "{}", review.body);
}

#[cfg(feature = "pdf")]
#[test]
fn paper_that_cannot_be_meant_is_not_made() {
    check_pages(&Site::new(), PRINTED);
}

#[test]
fn a_call_that_cannot_be_meant_names_its_parameter() {
    let site = Site::new();
    each(CALLS, |path, (name, value)| {
        let (asked, reply) = ask(&site, path, (name, value));
        assert_eq!(reply.status, 422, "{asked}: {}", reply.body);
        assert!(reply.has(&format!("\"field\":\"{name}\"")), "{asked}: {}", reply.body);
        assert!(reply.has(ANSWER) && !reply.has("disimpan"), "{asked}: {}", reply.body);
    });
    for limit in ["1", "500"] {
        let (asked, reply) = ask(&site, "/api/v1/kelompok", ("limit", limit));
        assert_eq!(reply.status, 200, "{asked}: {}", reply.body);
    }
    // What changes something is still headed by what it did not do.
    let refused = site.post_json(PENDAMPING, "/api/v1/pertemuan", "{}");
    assert!(refused.status == 422 && refused.has("Isian belum dapat disimpan"), "{}", refused.body);
}

#[test]
fn a_parameter_that_a_call_does_not_know_is_named() {
    let site = Site::new();
    for path in [
        "/api/v1/kelompok?limt=5",
        "/api/v1/kelompok?Limit=5",
        "/api/v1/kelompok/OKI-1?edisi=1",
        "/api/v1/kelompok/OKI-1/pertemuan?limit=5&halaman=2",
        "/api/v1/skema?x",
        "/api/v1/cakupan?tanggal=2026-11-01",
        "/api/v1/health?fbclid=1",
    ] {
        let reply = site.get(SUPERVISOR, path);
        assert_eq!(reply.status, 422, "{path}: {}", reply.body);
        assert!(reply.has("tidak dikenal di sini"), "{path}: {}", reply.body);
    }
    // A page is passed on, and whatever passes it on may add names of its own.
    let page = format!("/sesi/{FIRST}?fbclid=abc&limit=0");
    assert_eq!(site.get(SUPERVISOR, &page).status, 200);
}

#[test]
fn a_day_to_come_is_said_on_a_page_and_refused_for_a_file() {
    let site = Site::new();
    for (page, file, words) in [
        ("/cakupan?pada=2027-01-01", "/cakupan/unduh?pada=2027-01-01", "1 Januari 2027 belum tiba"),
        ("/cakupan/daftar?pada=2027-01-01", "/cakupan/daftar/unduh?pada=2027-01-01", "belum tiba"),
        ("/laporan?bulan=2027-05", "/laporan/unduh?bulan=2027-05", "Mei 2027 belum tiba"),
    ] {
        let shown = site.get(SUPERVISOR, page);
        assert!(shown.status == 200 && shown.has(words), "{page}: {}", shown.body);
        assert!(shown.has("yang tampil keadaan hari ini"), "{page}: {}", shown.body);
        let refused = site.get(SUPERVISOR, file);
        assert!(refused.status == 422 && refused.has(words), "{file}: {}", refused.body);
        assert!(refused.has(FILE), "{file}: {}", refused.body);
    }
}

/// Every address of a page or a form, as the sources name them.
fn routes() -> BTreeSet<String> {
    fn walk(dir: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let rests = text.split(".route(").skip(1).map(str::trim_start);
            let named = rests.filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
            found.extend(named.map(str::to_owned));
        }
    }
    let mut found = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/pages"), &mut found);
    found
}

/// The address with something in place of what varies, of which the first part decides.
fn filled(route: &str) -> String {
    let first = match route.split('/').nth(1) {
        Some("kelompok") => "OKI-1",
        Some("sesi" | "tinjauan") => FIRST,
        Some("wilayah") => "16.02",
        _ => "1",
    };
    let parts = route.split('/').map(|part| if part.starts_with('{') { first } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn whoever_sends_a_form_after_the_login_has_ended_is_led_back_to_a_page() {
    const WITHOUT_LOGIN: [&str; 2] = ["/masuk", "/tautan/{secret}"];
    let site = Site::new();
    let routes = routes();
    assert!(routes.len() >= 90, "{routes:?}");
    let mut forms = 0;
    for route in routes.iter().filter(|route| !WITHOUT_LOGIN.contains(&route.as_str())) {
        let path = filled(route);
        let sent = site.post(ANYONE, &path, &[]);
        if sent.status == 405 {
            continue;
        }
        forms += 1;
        assert_eq!(sent.status, 303, "{path}: {}", sent.body);
        let login = site.get(ANYONE, sent.location());
        assert!(login.has("Isian Anda belum tersimpan"), "{path}: {}", login.body);
        let next = login.hidden("next");
        let back = site.get(ADMIN, &next);
        assert!(
            back.status != 405 && !back.has("Halaman ini tidak ditemukan"),
            "{path} leads to {next}, which is no page: {}",
            back.status
        );
    }
    assert!(forms >= 45, "only {forms} forms of {} addresses", routes.len());
}
