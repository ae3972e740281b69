//! Every number on a page about coverage, plans and months leads to a list of exactly that length.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use p2k2::clock::Clock;
use p2k2::command::{Command, RecordInput, TaughtInput};
use p2k2::event::SuspensionTarget;
use p2k2::kelompok::pertemuan::Extent;

use crate::support::http::{Reply, Site, system};
use crate::support::{record, start};

const PENDAMPING: &str = "pendamping-1";
const STRANGER: &str = "pendamping-2";
const SUPERVISOR: &str = "supervisor-1";
const SESI: [&str; 3] = [
    "menjadi-orang-tua-yang-lebih-baik",
    "memahami-perilaku-anak",
    "memahami-cara-anak-usia-dini-belajar",
];

/// A clock that stands so many days before the day of the tests.
#[derive(Clone, Default)]
struct Days(Arc<AtomicI64>);

impl Days {
    fn back(&self, days: i64) {
        self.0.store(days, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let days = Arc::clone(&self.0);
        Clock::by(move || -> Timestamp {
            let back = SignedDuration::from_hours(24 * days.load(Ordering::SeqCst));
            start().checked_sub(back).unwrap()
        })
    }
}

/// The ids of the sesi that are the target, as the program ships them.
fn sesi(site: &Site) -> Vec<String> {
    let state = site.app.state();
    let target = state.target("16.02".parse().unwrap(), "2026-11-21".parse().unwrap());
    target.iter().map(|ix| state.sesi_at(*ix).unwrap().id.to_string()).collect()
}

fn input(kelompok: &str, date: &str, sesi: &str, extent: Extent) -> RecordInput {
    RecordInput {
        kelompok: kelompok.parse().unwrap(),
        sesi: vec![TaughtInput {
            sesi: sesi.parse().unwrap(),
            extent,
            langkah: Vec::new(),
            edition: None,
        }],
        ..record(date)
    }
}

/// A district with three months behind it, two of them frozen, and changes since then.
fn district() -> (Site, Days) {
    let days = Days::default();
    days.back(92);
    let mut site = Site::with_clock(days.clock());
    let targets = sesi(&site);
    assert!(SESI.iter().all(|id| targets.contains(&(*id).to_owned())), "{targets:?}");
    let own = |desa: &str| if desa.starts_with("16") { PENDAMPING } else { "pendamping-2" };
    for (at, desa) in ["16.02.05.1001", "16.02.05.1001", "35.20.07.2014"].iter().enumerate() {
        for number in 0..4 {
            system(
                &site.app,
                Command::CreateGroup {
                    id: format!("K-{at}-{number}").parse().unwrap(),
                    name: format!("Mawar {at}-{number}"),
                    desa: vec![desa.parse().unwrap()],
                    members: 25,
                    start: format!("2026-0{}-01", 3 + number).parse().unwrap(),
                    pendamping: (number > 0).then(|| own(desa).parse().unwrap()),
                },
            );
        }
    }
    let meet = |kelompok: &str, date: &str, sesi: &str, extent| {
        system(&site.app, Command::Record(Box::new(input(kelompok, date, sesi, extent))));
    };
    meet("OKI-1", "2026-08-20", SESI[0], Extent::Tuntas);
    meet("K-0-0", "2026-08-19", SESI[0], Extent::Sebagian);
    meet("K-0-1", "2026-08-19", SESI[1], Extent::Tuntas);
    // The first of October, then the fourth: late for September.
    days.back(51);
    assert_eq!(site.app.freeze_ended_months().unwrap(), 2);
    assert_eq!(site.app.freeze_ended_months().unwrap(), 0);
    days.back(48);
    meet("K-0-2", "2026-09-30", SESI[0], Extent::Tuntas);
    meet("K-0-3", "2026-08-30", SESI[2], Extent::Tuntas);
    withdraw(&site, "K-0-1");
    let target = SuspensionTarget::Kelompok("K-1-1".parse().unwrap());
    let (from, reason) = ("2026-09-01".parse().unwrap(), "Banjir.".to_owned());
    system(&site.app, Command::Suspend { target, from, to: None, reason });
    days.back(10);
    meet("K-1-0", "2026-11-03", SESI[0], Extent::Tuntas);
    meet("OKI-1", "2026-11-03", SESI[1], Extent::Tuntas);
    days.back(0);
    assert_eq!(site.app.freeze_ended_months().unwrap(), 1);
    site.log_in();
    (site, days)
}

/// Withdraws the only pertemuan of a kelompok.
fn withdraw(site: &Site, kelompok: &str) {
    let (id, version) = {
        let state = site.app.state();
        let group = state.group(kelompok).unwrap();
        let fakta = group.fakta.iter().next().unwrap();
        (fakta.id, fakta.version)
    };
    system(&site.app, Command::Withdraw { id, reason: "Keliru.".to_owned(), version });
}

fn plain(link: &str) -> String {
    link.replace("&#38;", "&").replace("&amp;", "&")
}

/// Numbers on the page that lead to a list, with its address.
fn numbers(reply: &Reply) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for list in ["daftar", "beda"] {
        for (at, _) in reply.body.match_indices(&format!("href=\"/cakupan/{list}")) {
            // The number of a sesi over its column is a name and not a count.
            let before = reply.body[..at].rsplit('<').nth(1).unwrap();
            if before.starts_with("th scope=\"col\"") {
                continue;
            }
            let (link, rest) = reply.body[at + 6..].split_once('"').unwrap();
            let inner = rest.split_once('>').unwrap().1;
            let text = inner.strip_prefix("<b>").unwrap_or(inner);
            let text: String =
                text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            if let Ok(number) = text.replace('.', "").parse() {
                found.push((number, plain(link)));
            }
        }
    }
    found
}

/// The rows of a list over all of its pages.
fn rows(site: &Site, who: &str, list: &str) -> usize {
    let mut at = list.to_owned();
    let mut rows = 0;
    loop {
        let reply = site.get(who, &at);
        assert_eq!(reply.status, 200, "{at}: {}", reply.body);
        rows += reply.body.matches("<tr><th scope=\"row\">").count();
        let Some((_, next)) = reply.body.split_once("rel=\"next\" href=\"") else { return rows };
        at = plain(next.split('"').next().unwrap());
    }
}

/// `<b>3</b> dari 12` on the page: no part is larger than its whole.
fn shares(reply: &Reply) -> usize {
    let mut count = 0;
    for (at, _) in reply.body.match_indices("</b> dari ") {
        let part = reply.body[..at].rsplit("<b>").next().unwrap().replace('.', "");
        let whole = &reply.body[at + "</b> dari ".len()..];
        let whole: String = whole.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        let (part, whole): (u64, u64) =
            (part.parse().unwrap(), whole.replace('.', "").parse().unwrap());
        assert!(part <= whole, "{part} dari {whole}");
        count += 1;
    }
    count
}

#[test]
fn every_number_is_the_length_of_the_list_behind_it() {
    let (site, _days) = district();
    let mut seen = 0;
    for (who, page) in [
        (SUPERVISOR, "/"),
        (SUPERVISOR, "/cakupan"),
        (SUPERVISOR, "/cakupan?wilayah=16.02.05"),
        (SUPERVISOR, "/cakupan?per=kelompok&tampil=lewat&urut=lewat"),
        (SUPERVISOR, "/cakupan?per=pendamping"),
        (SUPERVISOR, "/cakupan?per=desa&pada=2026-09-30"),
        (SUPERVISOR, "/cakupan?wilayah=16.02&pendamping=tidak-ada"),
        (SUPERVISOR, "/laporan"),
        (SUPERVISOR, "/laporan?bulan=2026-08"),
        (SUPERVISOR, "/laporan?bulan=2026-09&rentang=24"),
        (SUPERVISOR, "/laporan?bulan=2026-10&wilayah=16.02.05"),
        (PENDAMPING, "/"),
        (PENDAMPING, "/cakupan"),
        (PENDAMPING, "/laporan?bulan=2026-09"),
        ("admin-1", "/cakupan?per=kelompok&urut=cakupan&tampil=belum"),
    ] {
        let shown = site.get(who, page);
        assert_eq!(shown.status, 200, "{page}: {}", shown.body);
        assert!(shares(&shown) > 0, "{page}");
        let mut numbers = numbers(&shown);
        assert!(!numbers.is_empty(), "{page}: {}", shown.main());
        numbers.sort();
        numbers.dedup();
        for (number, list) in numbers {
            assert_eq!(rows(&site, who, &list), number, "{page} -> {list}");
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn a_frozen_month_says_what_came_later() {
    let (site, _days) = district();
    let august = site.get(SUPERVISOR, "/laporan?bulan=2026-08");
    let main = august.main();
    assert!(main.contains("dibekukan pada 1 Oktober 2026"), "{main}");
    for words in ["menyusul", "ditarik"] {
        assert!(main.contains(words), "{words}: {main}");
    }
    let september = site.get(SUPERVISOR, "/laporan?bulan=2026-09");
    assert!(september.has("karena penangguhan"), "{}", september.main());
    let november = site.get(SUPERVISOR, "/laporan?bulan=2026-11");
    assert!(!november.has("Saat itu dan kini"), "the running month is not frozen");
    // Those who see totals only see the figures without the lists.
    let totals = site.get("pelatih-1", "/laporan?bulan=2026-08");
    assert!(totals.has("menyusul") && !totals.has("/cakupan/beda"), "{}", totals.main());
    let list = "/cakupan/beda?wilayah=16.02&bulan=2026-08&angka=bertemu&alasan=ditarik&arah=kurang";
    assert_eq!(site.get("pelatih-1", list).status, 403);
    assert_eq!(site.get(STRANGER, list).status, 403);
    let shown = site.get(SUPERVISOR, list);
    assert!(shown.has("Mawar 0-1") && shown.has("ditarik"), "{}", shown.main());
    for broken in ["&angka=x", "&angka=bertemu&alasan=x"] {
        let list = format!("/cakupan/beda?wilayah=16.02&bulan=2026-08{broken}");
        assert_eq!(site.get(SUPERVISOR, &list).status, 422, "{broken}");
    }
    assert_eq!(site.get(SUPERVISOR, "/cakupan/beda?wilayah=16.02&angka=bertemu").status, 404);
}

#[test]
fn a_plan_is_changed_without_a_script() {
    let (site, _days) = district();
    let path = "/kelompok/K-0-1/rencana";
    let page = site.get(PENDAMPING, path);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.has("Ubah rencana") && page.has("/cetak/rtl/K-0-1.pdf"), "{}", page.main());
    let (id, version) = (page.hidden("id"), page.hidden("version"));
    assert_eq!(version, "0");
    let fields = |bulan: &'static str| {
        vec![
            ("id", id.as_str()),
            ("version", version.as_str()),
            ("sesi", SESI[0]),
            ("cara", "pindah"),
            ("bulan", bulan),
        ]
    };
    let refused = site.post(PENDAMPING, path, &fields("2025-01"));
    assert_eq!(refused.status, 422);
    assert!(
        refused.has("sudah lewat") && refused.has("Belum berubah") | refused.has("belum berubah")
    );
    let missing = site.post(PENDAMPING, path, &fields(""));
    assert!(missing.status == 422 && missing.has("Pilih bulan tujuan"), "{}", missing.main());
    let moved = site.post(PENDAMPING, path, &fields("2027-03"));
    assert_eq!(
        (moved.status, moved.location()),
        (303, &*format!("{path}?selesai=rencana")),
        "{}",
        moved.body
    );
    // Sent twice it has one effect; a second change on the old version is told so.
    assert_eq!(site.post(PENDAMPING, path, &fields("2027-03")).status, 303);
    let after = site.get(PENDAMPING, path);
    assert!(after.has("bulan dipilih") && after.has("Susun ulang"), "{}", after.main());
    let mut stale = fields("2027-04");
    let other = after.hidden("id");
    stale[0].1 = &other;
    let stale = site.post(PENDAMPING, path, &stale);
    assert_eq!(stale.status, 412, "{}", stale.body);
    assert!(stale.has("Di bawah ini keadaan yang sekarang"), "{}", stale.main());
    let (id, version) = (after.hidden("id"), after.hidden("version"));
    let again = [("id", id.as_str()), ("version", version.as_str()), ("cara", "susun-ulang")];
    assert_eq!(site.post(PENDAMPING, path, &again).status, 303);
    assert!(!site.get(PENDAMPING, path).has("bulan dipilih"));
    // Absent and forbidden look alike.
    for (who, path) in [(STRANGER, path), (PENDAMPING, "/kelompok/TIDAK-ADA/rencana")] {
        assert_eq!(site.get(who, path).status, 404);
        assert_eq!(site.post(who, path, &again).status, 404);
    }
    assert!(!site.get("admin-1", path).has("Ubah rencana"), "an admin reads it");
}

#[test]
fn a_table_is_taken_along_right_from_its_page() {
    let (site, _days) = district();
    for (page, word) in
        [("/cakupan?per=kelompok", "cakupan"), ("/laporan?bulan=2026-09", "laporan")]
    {
        let shown = site.get(SUPERVISOR, page);
        let mark = format!("href=\"/{word}/unduh");
        let links: Vec<String> = shown
            .body
            .match_indices(&mark)
            .map(|(at, _)| plain(shown.body[at + 6..].split('"').next().unwrap()))
            .collect();
        assert_eq!(links.len(), 2, "{}", shown.main());
        let csv = links.iter().find(|link| link.contains("csv")).unwrap();
        let file = site.get(SUPERVISOR, csv);
        assert_eq!(file.status, 200);
        assert!(file.header("content-disposition").contains(".csv"), "{csv}");
        assert!(file.body.starts_with("\u{feff}Kode,Nama") || file.body.starts_with("Kode,Nama"));
    }
    let table = site.get(SUPERVISOR, "/cakupan/unduh?wilayah=16.02&per=kelompok&format=csv");
    // Nine of the area and its heading.
    assert_eq!(table.body.lines().count(), 10, "{}", table.body);
    assert!(table.has("Mawar 0-1") && !table.has("Mawar 2-1"));
    assert_eq!(site.get(SUPERVISOR, "/cakupan/unduh?format=exe").status, 422);
    assert_eq!(site.get(SUPERVISOR, "/cakupan/unduh?wilayah=35.20").status, 403);
    // Rows that are not for everybody are not replaced by others in a file.
    let names = site.get("pelatih-1", "/cakupan/unduh?per=kelompok&format=csv");
    assert!(names.status == 422 && names.has("tidak tersedia"), "{}", names.body);
    let totals = site.get("pelatih-1", "/cakupan/unduh?format=csv");
    assert!(totals.status == 200 && !totals.has("Mawar"), "{}", totals.body);
}

#[test]
fn holidays_of_a_place_are_kept_and_plans_go_around_them() {
    let (site, _days) = district();
    let path = "/wilayah/16.02/libur";
    let page = site.get(SUPERVISOR, path);
    assert!(page.has("Belum ada libur") && page.has("Tambah libur"), "{}", page.main());
    let (id, version) = (page.hidden("id"), page.hidden("version"));
    let fields = |dari: &'static str, sampai: &'static str| {
        vec![
            ("id", id.as_str()),
            ("version", version.as_str()),
            ("nama", "Ramadan"),
            ("dari", dari),
            ("sampai", sampai),
        ]
    };
    for (dari, sampai) in [("", "2027-01-31"), ("2027-02-01", "2027-01-31")] {
        let refused = site.post(SUPERVISOR, path, &fields(dari, sampai));
        assert!(refused.status == 422 && refused.has("value=\"Ramadan\""), "{}", refused.body);
    }
    let saved = site.post(SUPERVISOR, path, &fields("2027-01-02", "2027-01-31"));
    assert_eq!(
        (saved.status, saved.location()),
        (303, &*format!("{path}?selesai=libur")),
        "{}",
        saved.body
    );
    assert_eq!(site.post(SUPERVISOR, path, &fields("2027-01-02", "2027-01-31")).status, 303);
    let page = site.get(SUPERVISOR, path);
    assert_eq!(page.body.matches("2 Januari 2027 sampai 31 Januari 2027").count(), 1);
    let plan = site.get(PENDAMPING, "/kelompok/K-0-1/rencana");
    assert!(plan.has("Tidak ada pertemuan: libur Ramadan"), "{}", plan.main());
    let below = site.get(SUPERVISOR, "/wilayah/16.02.05/libur");
    assert!(below.has("2 Januari 2027") && !below.has("Hapus"), "{}", below.main());
    let mut stale = fields("2027-05-01", "2027-05-02");
    let other = below.hidden("id");
    stale[0].1 = &other;
    assert_eq!(site.post(SUPERVISOR, path, &stale).status, 412);
    let (id, version) = (page.hidden("id"), page.hidden("version"));
    let remove = [("id", id.as_str()), ("version", version.as_str()), ("hapus", "0")];
    assert_eq!(site.post(SUPERVISOR, path, &remove).status, 303);
    assert!(!site.get(SUPERVISOR, path).has("2 Januari 2027"));
    // A pelatih reads it, a pendamping and a stranger have no business there.
    assert!(!site.get("pelatih-1", path).has("Tambah libur"));
    let page = site.get("pelatih-1", path);
    assert!(page.has("Belum ada libur"), "{}", page.main());
    assert_eq!(site.get(PENDAMPING, path).status, 403);
    assert_eq!(site.get(SUPERVISOR, "/wilayah/35.20/libur").status, 403);
}

#[test]
fn where_nothing_is_to_be_counted_the_page_says_so_first() {
    let site = Site::new();
    for (path, words) in [
        ("/cakupan?wilayah=16.02&pada=2001-01-01", "Belum ada kelompok di wilayah ini"),
        ("/laporan?wilayah=16.02&bulan=2001-01", "Tidak ada kelompok yang diharapkan bertemu"),
    ] {
        let page = site.get("supervisor-1", path);
        let main = page.main();
        assert!(main.contains(words), "{path}: {main}");
        for none in ["class=\"figures\"", "0</b> dari 0", "id=\"per-sesi\""] {
            assert!(!main.contains(none), "{path}: {none}");
        }
    }
    let searched = site.get("supervisor-1", "/wilayah?cari=ayu");
    let main = searched.main();
    for none in ["href=\"/cakupan", "href=\"/laporan", "Kunjungan tahun ini", "Penangguhan"] {
        assert!(!main.contains(none), "{none}: {main}");
    }
}
