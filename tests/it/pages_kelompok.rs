//! The journeys of pendamping, supervisor and admin, through the router: recording, coverage down to
//! the pertemuan behind it, correcting, asking, suspending, people.

use p2k2::command::Command;
use p2k2::kelompok::wilayah::Kode;
use p2k2::people::account::{Grant, Role};
use p2k2::state::rollup::Per;

use crate::support::http::{ANYONE, Reply, Site, system};

const PENDAMPING: &str = "pendamping-1";
const STRANGER: &str = "pendamping-2";
const SUPERVISOR: &str = "supervisor-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";
const RECORD: &str = "/kelompok/OKI-1/catat";

/// The fields of a sound record of the first sesi, 23 of 25 present.
fn sound<'a>(id: &'a str, date: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id", id),
        ("date", date),
        ("sesi.0.id", FIRST),
        ("sesi.0.extent", "tuntas"),
        ("present", "23"),
        ("sick", "1"),
        ("absent", "1"),
        ("kind", "lengkap"),
    ]
}

/// The same fields with one of them replaced or added.
fn with<'a>(
    fields: Vec<(&'a str, &'a str)>,
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = fields.into_iter().filter(|(field, _)| *field != name).collect();
    fields.push((name, value));
    fields
}

/// Records and gives the address of the pertemuan.
fn record(site: &Site, more: &[(&str, &str)]) -> String {
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let mut fields = sound(&id, "2026-11-20");
    for (name, value) in more {
        fields = with(fields, name, value);
    }
    let reply = site.post(PENDAMPING, RECORD, &fields);
    assert_eq!(reply.status, 303, "{}", reply.body);
    reply.location().strip_suffix("/tercatat").unwrap().to_owned()
}

/// Every address on the page that begins so, decoded.
fn links(reply: &Reply, start: &str) -> Vec<String> {
    let mark = format!("href=\"{start}");
    reply
        .body
        .match_indices(&mark)
        .map(|(at, _)| {
            let link = reply.body[at + 6..].split('"').next().unwrap();
            link.replace("&#38;", "&").replace("&amp;", "&")
        })
        .collect()
}

/// Numbers on the page that lead to a list, with its address.
fn numbers(reply: &Reply) -> Vec<(usize, String)> {
    let mark = "href=\"/cakupan/daftar";
    let mut found = Vec::new();
    for (at, _) in reply.body.match_indices(mark) {
        // The number of a sesi over its column is a name and not a count.
        let before = reply.body[..at].rsplit('<').nth(1).unwrap();
        if before.starts_with("th scope=\"col\"") {
            continue;
        }
        let rest = &reply.body[at + 6..];
        let (link, rest) = rest.split_once('"').unwrap();
        let inner = rest.split_once('>').unwrap().1;
        let text = inner.strip_prefix("<b>").unwrap_or(inner);
        let text: String = text.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        // A link whose text is a name stands beside a number that leads to the same list.
        if let Ok(number) = text.replace('.', "").parse() {
            found.push((number, link.replace("&#38;", "&")));
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
        let next = reply.body.split_once("rel=\"next\" href=\"");
        let Some((_, next)) = next else { return rows };
        at = next.split('"').next().unwrap().replace("&#38;", "&");
    }
}

#[test]
fn what_a_pendamping_records_is_what_her_supervisor_counts() {
    let site = Site::new();
    let home = site.get(PENDAMPING, "/");
    assert!(home.has("Belum bertemu bulan ini") && home.has("Menjadi Orang Tua"), "{}", home.body);
    assert!(links(&home, RECORD).len() >= 2, "{}", home.main());
    let form = site.get(PENDAMPING, RECORD);
    assert!(form.has("Melati OKI-1, 21 November 2026, sesi 1 tuntas, 25 dari 25 hadir"));
    let before = site.get(SUPERVISOR, "/cakupan?wilayah=16.02");
    assert!(before.has("<b>0</b> dari 14"), "{}", before.main());

    let pertemuan = record(&site, &[("place", "balai desa"), ("discussion", "ya")]);
    let after = site.get(PENDAMPING, &format!("{pertemuan}/tercatat"));
    assert!(after.has("Sesi 1 menjadi tuntas"), "{}", after.main());
    assert!(after.has("P2K2 kelompok Melati OKI-1: sesi 1 Menjadi Orang Tua"), "{}", after.main());
    assert!(after.has("23 dari 25 anggota hadir"), "{}", after.main());
    assert!(after.has("Batalkan catatan ini"), "{}", after.main());

    let coverage = site.get(SUPERVISOR, "/cakupan?wilayah=16.02");
    assert!(coverage.has("<b>1</b> dari 14"), "{}", coverage.main());
    assert!(coverage.has("<b>1</b> dari 1</a> kelompok bertemu bulan November 2026"));
    let list = format!("/cakupan/daftar?wilayah=16.02&apa=tuntas&sesi={FIRST}");
    assert!(links(&coverage, "/cakupan/daftar").contains(&list), "{:?}", links(&coverage, "/cak"));
    let behind = site.get(SUPERVISOR, &list);
    assert!(behind.has("Melati OKI-1"), "{}", behind.main());
    assert_eq!(links(&behind, &pertemuan), std::slice::from_ref(&pertemuan));
    let shown = site.get(SUPERVISOR, &pertemuan);
    assert!(shown.has("balai desa") && shown.has("Dihitung dalam cakupan."), "{}", shown.main());
    let group = site.get(SUPERVISOR, "/kelompok/OKI-1");
    assert!(group.has("23 dari 25 hadir, 1 sakit, 1 alfa"), "{}", group.main());
    assert!(!site.get(PENDAMPING, "/").has("Belum bertemu bulan ini"));
}

#[test]
fn every_bad_input_comes_back_with_its_field_and_what_was_typed() {
    let site = Site::new();
    let ten_millions = "x".repeat(900_000);
    let cases: Vec<(&str, &str, &str, &str)> = vec![
        ("date", "2026-11-22", "f-date", "belum terjadi"),
        ("date", "2024-12-31", "f-date", "lebih awal"),
        ("date", "2026-02-30", "f-date", "tidak ada di kalender"),
        ("date", "besok", "f-date", "tidak terbaca"),
        ("date", "", "f-date", "Isi tanggal"),
        ("kind", "rapat", "f-kind", "tidak dikenal"),
        ("sesi.0.id", "sesi-z", "f-sesi.0.id", "tidak dikenal"),
        ("sesi.0.id", "", "f-sesi.0", "paling sedikit satu sesi"),
        ("sesi.0.edition", "7", "f-sesi.0.edition", "belum pernah terbit"),
        ("sesi.0.edition", "dua", "f-sesi.0.edition", "dari daftar"),
        ("sesi.0.extent", "semua", "f-sesi.0.extent", "tuntas atau sebagian"),
        ("sesi.3.id", FIRST, "f-sesi.3", "dua kali"),
        ("present", "22", "f-present", "seharusnya 25"),
        ("present", "24", "f-present", "Kurangi Hadir menjadi 23."),
        ("present", "26", "f-members", "Anggota hari itu"),
        ("members", "60000", "f-members", "60.000 orang"),
        ("present", "-1", "f-present", "dengan angka"),
        ("present", "dua", "f-present", "dengan angka"),
        ("present", "70000", "f-present", "terlalu besar"),
        ("present", "", "f-present", "Isi jumlah"),
        ("members", "20", "f-members", "lebih dari 20 anggota"),
        ("absent_seats", "4", "f-absent_seats", "berjumlah 2"),
        ("absent_seats", "0, 3", "f-absent_seats", "dimulai dari 1"),
        ("absent_seats", "4, lima", "f-absent_seats", "dengan angka"),
        ("start", "pagi", "f-start", "tidak terbaca"),
        ("note", "NIK 3520 0712 3456 7890", "f-note", "16 angka"),
        ("place", "KK 3520071234567890", "f-place", "16 angka"),
        ("speakers", "bidan, 3520-0712-3456-7890", "f-speakers", "16 angka"),
        ("note", &ten_millions, "f-note", "paling banyak 1.000"),
        ("obstacles", "a\u{0}b", "f-obstacles", "karakter kendali"),
    ];
    for (field, value, target, words) in cases {
        let shown: String = value.chars().take(30).collect();
        let id = site.get(PENDAMPING, RECORD).hidden("id");
        let fields = with(sound(&id, "2026-11-20"), field, value);
        let reply = site.post(PENDAMPING, RECORD, &fields);
        assert_eq!(reply.status, 422, "{field}={shown}");
        assert!(reply.has(&format!("href=\"#{target}\"")), "{field}={shown}: {target}");
        assert!(reply.has(&format!("id=\"{target}\"")), "{field}={shown}: no {target}");
        assert!(reply.has(words), "{field}={shown}: {words}");
        assert_eq!(reply.hidden("id"), id, "the form keeps its id");
        assert!(field == "present" || reply.has("value=\"23\""), "{field}={shown} lost a value");
    }
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let hours = with(sound(&id, "2026-11-20"), "start", "10:00");
    let reply = site.post(PENDAMPING, RECORD, &with(hours, "end", "09:00"));
    assert!(reply.status == 422 && reply.has("sesudah jam mulai"), "{}", reply.main());
    assert_eq!(site.app.state().group("OKI-1").unwrap().fakta.len(), 0);
}

#[test]
fn only_what_can_be_taught_is_offered() {
    let site = Site::new();
    let option = |id: &str| format!("value=\"{id}\"");
    for page in [site.get(PENDAMPING, RECORD), site.get(SUPERVISOR, "/setelan/sasaran")] {
        assert!(page.main().contains(&option(FIRST)), "{}", page.main());
        assert!(!page.main().contains(&option("istilah")), "{}", page.main());
    }
    // What a record says already is not taken out of its form.
    let fields = with(sound("", "2026-11-20"), "sesi.0.id", "istilah");
    let again = site.post(PENDAMPING, RECORD, &with(fields, "present", "1"));
    assert!(again.status == 422 && again.has(&option("istilah")), "{}", again.main());
    // The sentence follows the fields only where a script is.
    assert!(again.has("class=\"summary-line js-only\""));
}

#[test]
fn a_form_sent_twice_is_one_record() {
    let site = Site::new();
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let fields = sound(&id, "2026-11-20");
    let first = site.post(PENDAMPING, RECORD, &fields);
    let second = site.post(PENDAMPING, RECORD, &fields);
    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.location(), second.location());
    assert_eq!(site.get(PENDAMPING, second.location()).status, 200);
    let other = site.post(PENDAMPING, RECORD, &with(fields, "absent", "0"));
    assert_eq!(other.status, 422);
    assert!(other.has("sudah pernah tersimpan"), "{}", other.main());
    assert_ne!(other.hidden("id"), id, "another pertemuan needs another id");
    assert_eq!(site.app.state().group("OKI-1").unwrap().fakta.len(), 1);
}

#[test]
fn several_sesi_of_one_day_are_recorded_with_langkah_and_edition() {
    let site = Site::new();
    let second = "memahami-perilaku-anak";
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let fresh = sound(&id, "2026-11-20");
    let fields = with(with(fresh, "sesi.1.id", second), "sesi.1.extent", "sebagian");
    // Without a script, the langkah of another sesi come with a button of the form.
    let asked = with(fields.clone(), "refresh", "1");
    let reply = site.post(PENDAMPING, RECORD, &asked);
    assert_eq!(reply.status, 200);
    assert!(reply.has("name=\"sesi.1.langkah\" value=\"1\""), "{}", reply.main());
    assert_eq!(site.app.state().group("OKI-1").unwrap().fakta.len(), 0);
    let mut fields = with(fields, "sesi.1.edition", "1");
    fields.extend([("sesi.1.langkah", "2"), ("sesi.1.langkah", "1"), ("topics", "judi daring")]);
    let reply = site.post(PENDAMPING, RECORD, &fields);
    assert_eq!(reply.status, 303, "{}", reply.body);
    let after = site.get(PENDAMPING, reply.location());
    assert!(after.has("Sesi 1 menjadi tuntas") && after.has("Sesi 2 menjadi sebagian"));
    let pertemuan = reply.location().strip_suffix("/tercatat").unwrap();
    let shown = site.get(PENDAMPING, pertemuan);
    assert!(shown.has("sebagian: langkah 1 dan 2, edisi 1"), "{}", shown.main());
    assert!(shown.has("tuntas, buku cetak"), "{}", shown.main());
    assert!(shown.has("judi daring"), "{}", shown.main());
    // What was begun comes next, with what is left of it.
    assert!(site.get(PENDAMPING, "/").has("Melanjutkan langkah 3 sampai"));
}

#[test]
fn a_kind_that_does_not_count_says_so() {
    let site = Site::new();
    let pertemuan = record(&site, &[("kind", "perwakilan")]);
    let after = site.get(PENDAMPING, &format!("{pertemuan}/tercatat"));
    assert!(after.has("Tidak dihitung dalam cakupan karena jenisnya perwakilan"));
    assert!(!after.has("menjadi tuntas"));
    assert!(site.get(SUPERVISOR, "/cakupan?wilayah=16.02").has("<b>0</b> dari 14"));
}

#[test]
fn a_stale_correction_shows_both_and_overwrites_nothing() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let address = format!("{pertemuan}/koreksi");
    let form = site.get(PENDAMPING, &address);
    let (id, version) = (form.hidden("id"), form.hidden("version"));
    assert!(form.has("value=\"23\"") && form.has(FIRST), "{}", form.main());
    let correction = |id: &str, version: &str, present: &str| {
        let fields = with(sound(id, "2026-11-20"), "present", present);
        let fields = with(fields, "kind", "terbatas");
        let fields = with(fields, "version", version);
        with(fields, "reason", "salah menghitung")
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<Vec<_>>()
    };
    let send = |who: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        site.post(who, &address, &fields)
    };
    let other = site.get(SUPERVISOR, &address).hidden("id");
    assert_eq!(send(SUPERVISOR, &correction(&other, &version, "20")).status, 303);
    let stale = send(PENDAMPING, &correction(&id, &version, "21"));
    assert_eq!(stale.status, 412);
    assert!(stale.has("value=\"21\"") && stale.has("20 hadir, "), "{}", stale.main());
    let fresh = stale.hidden("version");
    assert_ne!(fresh, version);
    assert_eq!(send(PENDAMPING, &correction(&stale.hidden("id"), &fresh, "21")).status, 303);
    let shown = site.get(SUPERVISOR, &pertemuan);
    assert!(shown.has("Riwayat catatan") && shown.has("salah menghitung"), "{}", shown.main());
    assert!(shown.has("<del>20 dari 25 hadir, 1 sakit, 1 alfa</del>"), "{}", shown.main());
    let version = site.get(PENDAMPING, &address).hidden("version");
    let fields = with(sound("", "2026-11-20"), "version", &version);
    let reply = site.post(PENDAMPING, &address, &fields);
    assert!(reply.status == 422 && reply.has("Tulis alasan perubahannya."), "{}", reply.main());
}

#[test]
fn a_question_waits_on_the_page_of_the_pendamping_until_it_is_answered() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let ask = format!("{pertemuan}/tanya");
    let text = "Mengapa yang hadir 23?";
    assert_eq!(site.post(SUPERVISOR, &ask, &[("text", "  ")]).status, 422);
    assert_eq!(site.post(PENDAMPING, &ask, &[("text", text)]).status, 403);
    assert_eq!(
        site.post(SUPERVISOR, &ask, &[("text", text)]).location(),
        format!("{pertemuan}?selesai=ditanya")
    );
    let home = site.get(PENDAMPING, "/");
    assert!(home.has(text) && home.has("supervisor-1"), "{}", home.main());
    assert!(site.get(SUPERVISOR, "/").has("belum dijawab"));
    let answer = format!("{pertemuan}/jawab");
    assert_eq!(site.post(PENDAMPING, &answer, &[("text", "Hujan lebat.")]).status, 303);
    assert!(!site.get(PENDAMPING, "/").has(text));
    let shown = site.get(SUPERVISOR, &pertemuan);
    assert!(shown.has("Hujan lebat.") && shown.has(text), "{}", shown.main());
    assert_eq!(site.post(PENDAMPING, &answer, &[("text", "Lagi.")]).status, 409);
}

#[test]
fn a_withdrawn_record_stays_readable_and_counts_for_nothing() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let after = site.get(PENDAMPING, &format!("{pertemuan}/tercatat"));
    let (id, version) = (after.hidden("id"), after.hidden("version"));
    let withdraw = format!("{pertemuan}/tarik");
    let fields = [("id", id.as_str()), ("version", version.as_str()), ("reason", "Salah catat")];
    let missing = site.post(PENDAMPING, &withdraw, &fields[..2]);
    assert!(missing.status == 422 && missing.has("alasan penarikannya"), "{}", missing.main());
    let stale = site.post(PENDAMPING, &withdraw, &[("version", "1"), ("reason", "Salah catat")]);
    assert!(stale.status == 412 && stale.has("Salah catat"), "{}", stale.main());
    let gone = format!("{pertemuan}?selesai=ditarik");
    assert_eq!(site.post(PENDAMPING, &withdraw, &fields).location(), gone);
    assert_eq!(site.post(PENDAMPING, &withdraw, &fields).location(), gone, "sent twice");
    assert!(site.get(PENDAMPING, &gone).has("Pertemuan ditarik dan tidak lagi dihitung."));
    let shown = site.get(SUPERVISOR, &pertemuan);
    assert!(shown.has("Catatan ini ditarik") && shown.has("Salah catat."), "{}", shown.main());
    assert!(site.get(SUPERVISOR, "/cakupan?wilayah=16.02").has("<b>0</b> dari 14"));
    assert_eq!(site.get(PENDAMPING, &format!("{pertemuan}/koreksi")).status, 403);
}

#[test]
fn doubles_are_flagged_until_someone_says_that_they_are_none() {
    let site = Site::new();
    let (_, second) = (record(&site, &[]), record(&site, &[("note", "sore")]));
    let after = site.get(PENDAMPING, &format!("{second}/tercatat"));
    assert!(after.has("Mungkin ganda dengan catatan"), "{}", after.main());
    assert!(site.get(SUPERVISOR, "/").has("Dua catatan mungkin ganda"));
    let reply = site.post(PENDAMPING, &format!("{second}/bukan-ganda"), &[]);
    assert_eq!(reply.location(), format!("{second}?selesai=dua"));
    assert!(!site.get(PENDAMPING, &second).has("Mungkin ganda"));
}

#[test]
fn what_belongs_to_others_looks_absent() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let absent = "/pertemuan/0192f000-0000-7000-8000-000000000000";
    let pairs = [
        ("/kelompok/OKI-1", "/kelompok/TIDAK-ADA"),
        (RECORD, "/kelompok/TIDAK-ADA/catat"),
        (&pertemuan, absent),
        (&format!("{pertemuan}/koreksi"), &format!("{absent}/koreksi")),
        (&format!("{pertemuan}/tercatat"), &format!("{absent}/tercatat")),
    ];
    for (forbidden, absent) in pairs {
        let (one, other) = (site.get(STRANGER, forbidden), site.get(STRANGER, absent));
        assert_eq!((one.status, other.status), (404, 404), "{forbidden}");
        assert_eq!(one.main(), other.main(), "{forbidden}");
    }
    for part in ["koreksi", "tarik", "tanya", "jawab", "bukan-ganda"] {
        let fields = [("reason", "x"), ("text", "x")];
        let one = site.post(STRANGER, &format!("{pertemuan}/{part}"), &fields);
        let other = site.post(STRANGER, &format!("{absent}/{part}"), &fields);
        assert_eq!((one.status, one.main()), (404, other.main()), "{part}");
    }
    for part in ["catat", "anggota", "tugaskan", "tangguhkan", "lanjutkan"] {
        let fields = sound("", "2026-11-20");
        let one = site.post(STRANGER, &format!("/kelompok/OKI-1/{part}"), &fields);
        let other = site.post(STRANGER, &format!("/kelompok/TIDAK-ADA/{part}"), &fields);
        assert_eq!((one.status, one.main()), (404, other.main()), "{part}");
    }
    let list = site.get(STRANGER, "/kelompok");
    assert!(list.has("MGT-1") && !list.has("OKI-1"), "{}", list.main());
    for page in ["/cakupan?wilayah=16.02", "/laporan?wilayah=16.02", "/wilayah/16.02"] {
        assert_eq!(site.get(STRANGER, page).status, 403, "{page}");
        assert_eq!(site.get(ANYONE, page).status, 303, "{page}");
    }
    let own = site.get(STRANGER, "/cakupan");
    assert!(own.has("MGT-1") && !own.has("OKI-1"), "{}", own.main());
    // A supervisor reads and does not record.
    assert_eq!(site.get(SUPERVISOR, RECORD).status, 403);
}

#[test]
fn a_trainer_sees_totals_and_no_kelompok() {
    let site = Site::new();
    record(&site, &[]);
    let totals = site.get("pelatih-1", "/cakupan");
    assert!(totals.has("<b>1</b> dari 14"), "{}", totals.main());
    assert!(!totals.has("OKI-1") && !totals.has("pendamping-1"), "{}", totals.main());
    assert!(links(&totals, "/cakupan/daftar").is_empty());
    let link = site.get("pelatih-1", "/cakupan?wilayah=16.02&per=kelompok");
    assert!(link.has("Baris per kelompok tidak tersedia di sini bagi Anda"), "{}", link.main());
    for page in [
        "/cakupan?wilayah=16.02.05.1001&per=kelompok",
        "/cakupan?wilayah=16.02&per=pendamping",
        "/laporan?wilayah=16.02.05.1001",
        "/wilayah/16.02.05",
    ] {
        let shown = site.get("pelatih-1", page);
        assert_eq!(shown.status, 200, "{page}");
        assert!(!shown.has("OKI-1") && !shown.has("pendamping-1"), "{page}: {}", shown.main());
    }
    assert_eq!(site.get("pelatih-1", "/cakupan/daftar?wilayah=16.02").status, 403);
    assert_eq!(site.get("pelatih-1", "/kelompok").status, 403);
}

/// More kelompok than fit a page, in two desa, with meetings of several kinds and dates.
fn crowded() -> Site {
    let site = Site::new();
    let people = ["pendamping-1", "pendamping-2"];
    let grant = |area: &str| Grant { role: Role::Pendamping, area: area.parse().unwrap() };
    let both = Command::ChangeAccount {
        id: site.account("pendamping-2"),
        name: None,
        grants: Some(vec![grant("35.20"), grant("16.02")]),
        disabled: None,
    };
    system(&site.app, both);
    for at in 0..57_u16 {
        system(
            &site.app,
            Command::CreateGroup {
                id: format!("K-{at}").parse().unwrap(),
                name: format!("Anggrek {at}"),
                desa: vec!["16.02.05.1001".parse().unwrap()],
                members: 20,
                start: "2026-01-01".parse().unwrap(),
                pendamping: Some(people[usize::from(at % 2)].parse().unwrap()),
            },
        );
    }
    let sesi: Vec<_> = {
        let state = site.app.state();
        let skema = state.default_skema().unwrap();
        skema.sesi().map(|(_, sesi)| sesi.id.clone()).collect()
    };
    for at in (0..57_u16).filter(|at| at % 3 != 0) {
        for (month, id) in (8..=11).zip(&sesi) {
            let present = if at % 5 == 0 { 9 } else { 18 };
            let mut input = crate::support::record(&format!("2026-{month:02}-1{}", at % 9));
            input.kelompok = format!("K-{at}").parse().unwrap();
            input.kind = "terbatas".to_owned();
            input.sesi[0].sesi = id.clone();
            if at % 4 == 0 {
                input.sesi[0].extent = p2k2::kelompok::pertemuan::Extent::Sebagian;
            }
            (input.present, input.sick, input.absent) = (present, 0, 0);
            system(&site.app, Command::Record(Box::new(input)));
        }
    }
    let suspend = [("from", "2026-11-01"), ("to", "2026-11-30"), ("reason", "banjir")];
    let kelompok = [("dari", "2026-11-01"), ("alasan", "ketua sakit")];
    assert_eq!(site.post(SUPERVISOR, "/kelompok/K-3/tangguhkan", &kelompok).status, 303);
    assert_eq!(site.post(SUPERVISOR, "/wilayah/16.02.04/tangguhkan", &suspend).status, 404);
    site
}

#[test]
fn every_number_leads_to_exactly_that_many_rows() {
    let site = crowded();
    let mut checked = 0;
    for page in [
        "/cakupan?wilayah=16.02",
        "/cakupan?wilayah=16.02&per=pendamping",
        "/cakupan?wilayah=16.02.05&per=desa&pada=2026-09-30",
        "/cakupan?wilayah=16.02.05.1001",
        "/laporan?wilayah=16.02",
        "/laporan?wilayah=16.02&bulan=2026-09",
        "/wilayah/16.02.05",
        "/",
    ] {
        let shown = site.get(SUPERVISOR, page);
        assert_eq!(shown.status, 200, "{page}: {}", shown.body);
        let mut numbers = numbers(&shown);
        numbers.sort();
        numbers.dedup();
        for (number, list) in numbers {
            assert_eq!(rows(&site, SUPERVISOR, &list), number, "{page} -> {list}");
            checked += 1;
        }
    }
    for (number, list) in numbers(&site.get(PENDAMPING, "/")) {
        assert_eq!(rows(&site, PENDAMPING, &list), number, "{list}");
        checked += 1;
    }
    assert!(checked > 60, "only {checked} numbers lead anywhere");
}

#[test]
fn the_pages_count_what_a_full_scan_counts() {
    let site = crowded();
    let area: Kode = "16.02".parse().unwrap();
    for (day, query) in [("2026-11-21", ""), ("2026-09-30", "&pada=2026-09-30")] {
        let totals = site.app.state().totals(area, day.parse().unwrap());
        let shown = site.get(SUPERVISOR, &format!("/cakupan?wilayah=16.02{query}"));
        let cells = totals.cells;
        assert!(cells.covered > 0 && cells.partial > 0, "{cells:?}");
        assert!(shown.has(&format!("<b>{}</b> dari {}", cells.covered, cells.target)));
        let month = totals.month;
        assert!(shown.has(&format!("<b>{}</b> dari {}", month.actual, month.expected)));
        let rows = site.app.state().rollup(area, Per::Pendamping, day.parse().unwrap());
        let shown = site.get(SUPERVISOR, &format!("/cakupan?wilayah=16.02&per=pendamping{query}"));
        for (_, row) in rows {
            let words = format!("<b>{}</b> dari {}", row.cells.covered, row.cells.target);
            assert!(shown.has(&words), "{words}");
        }
    }
}

#[test]
fn the_matrix_comes_in_pages_and_narrows_to_a_modul() {
    let site = crowded();
    let first = site.get(SUPERVISOR, "/cakupan?wilayah=16.02.05&per=kelompok");
    let second = site.get(SUPERVISOR, "/cakupan?wilayah=16.02.05&per=kelompok&hal=2");
    let lines =
        |reply: &Reply| reply.body.matches("<tr><th scope=\"row\"><a href=\"/kelompok/").count();
    assert_eq!((lines(&first), lines(&second)), (50, 8));
    assert!(first.has("1 sampai 50 dari 58"), "{}", first.main());
    let cells = |reply: &Reply| reply.body.matches("class=\"sel ").count();
    let narrow =
        site.get(SUPERVISOR, "/cakupan?wilayah=16.02.05&per=kelompok&modul=keuangan-usaha");
    assert!(cells(&narrow) < cells(&first) / 3);
}

#[test]
fn the_list_of_kelompok_is_searched_and_narrowed() {
    let site = crowded();
    let names = |query: &str| {
        let reply = site.get(SUPERVISOR, &format!("/kelompok{query}"));
        assert_eq!(reply.status, 200, "{query}");
        reply.body.matches("class=\"who\"><h2><a href=\"/kelompok/").count()
    };
    assert_eq!(names(""), 50);
    assert_eq!(names("?hal=2"), 8);
    assert_eq!(names("?nama=melati"), 1);
    assert_eq!(names("?nama=k-56"), 1);
    assert_eq!(names("?nama=tidak%20ada"), 0);
    assert_eq!(names("?tampil=ditangguhkan"), 1);
    assert_eq!(names("?tampil=tanpa-pendamping"), 0);
    let mine = site.get(PENDAMPING, "/kelompok");
    assert!(mine.has("30 kelompok") && mine.has("Kelompok Anda"), "{}", mine.main());
}

#[test]
fn members_change_with_a_reason_and_a_version() {
    let site = Site::new();
    let page = site.get(PENDAMPING, "/kelompok/OKI-1");
    let (id, version) = (page.hidden("id"), page.hidden("version"));
    let fields = [
        ("id", id.as_str()),
        ("version", version.as_str()),
        ("date", "2026-11-20"),
        ("delta", "-5"),
        ("reason", "graduasi-mandiri"),
        ("note", "usaha jalan"),
    ];
    let address = "/kelompok/OKI-1/anggota";
    assert_eq!(
        site.post(PENDAMPING, address, &fields).location(),
        "/kelompok/OKI-1?selesai=anggota"
    );
    assert_eq!(
        site.post(PENDAMPING, address, &fields).location(),
        "/kelompok/OKI-1?selesai=anggota",
        "twice"
    );
    let page = site.get(PENDAMPING, "/kelompok/OKI-1");
    assert!(page.has("20 anggota") && page.has("graduasi mandiri"), "{}", page.main());
    let stale = site.post(PENDAMPING, address, &fields[1..]);
    assert!(stale.status == 412 && stale.has("value=\"-5\""), "{}", stale.main());
    for (field, value, words) in [
        ("delta", "banyak", "bilangan bulat"),
        ("delta", "-30", "tidak mungkin"),
        ("date", "2027-01-01", "hari ini"),
        ("reason", "anggota-baru", "tidak cocok"),
    ] {
        let fields = [("version", page.hidden("version")), (field, value.to_owned())];
        let mut sent: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        for (name, value) in [("date", "2026-11-20"), ("delta", "-1"), ("reason", "pindah")] {
            if name != field {
                sent.push((name, value));
            }
        }
        let reply = site.post(PENDAMPING, address, &sent);
        assert!(reply.status == 422 && reply.has(words), "{field}={value}: {}", reply.main());
    }
}

#[test]
fn an_admin_hands_a_kelompok_over() {
    let site = Site::new();
    let other = Command::CreateAccount {
        login: "pendamping-3".to_owned(),
        name: "Pengganti".to_owned(),
        grants: vec![Grant { role: Role::Pendamping, area: "16.02".parse().unwrap() }],
    };
    system(&site.app, other);
    let page = site.get(ADMIN, "/kelompok/OKI-1");
    assert!(page.has("Pengganti (pendamping-3)"), "{}", page.main());
    let account = site.account("pendamping-3").to_string();
    let version = page.hidden("version");
    let fields = [("version", &*version), ("mulai", "2026-11-21"), ("pendamping", &*account)];
    let address = "/kelompok/OKI-1/tugaskan";
    assert_eq!(site.post(PENDAMPING, address, &fields).status, 403);
    assert_eq!(site.post(ADMIN, address, &fields).status, 303);
    assert!(site.get(ADMIN, "/kelompok/OKI-1").has("Didampingi Pengganti"));
    assert!(!site.get(PENDAMPING, "/").has("Melati OKI-1"));
    // What was before the hand-over is still hers to record.
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    assert_eq!(site.post(PENDAMPING, RECORD, &sound(&id, "2026-11-20")).status, 303);
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let late = site.post(PENDAMPING, RECORD, &sound(&id, "2026-11-21"));
    assert!(late.status == 422 && late.has("yang bertugas"), "{}", late.main());
}

#[test]
fn a_suspension_takes_away_what_is_expected_and_ends() {
    let site = Site::new();
    assert!(site.get(SUPERVISOR, "/laporan?wilayah=16.02").has("<b>0</b> dari 1<"));
    let place = "/wilayah/16.02.05";
    let fields = [("from", "2026-11-01"), ("to", ""), ("reason", "banjir")];
    for (field, value) in [("from", "x"), ("to", "2026-10-01"), ("reason", " ")] {
        let fields: Vec<_> =
            fields.iter().map(|(n, v)| (*n, if *n == field { value } else { v })).collect();
        let reply = site.post(SUPERVISOR, &format!("{place}/tangguhkan"), &fields);
        assert!(reply.status == 422 && reply.has(&format!("#f-{field}")), "{}", reply.main());
    }
    assert_eq!(site.post(ADMIN, &format!("{place}/tangguhkan"), &fields).status, 403);
    assert_eq!(
        site.post(SUPERVISOR, &format!("{place}/tangguhkan"), &fields).location(),
        format!("{place}?selesai=ditangguhkan")
    );
    let page = site.get(SUPERVISOR, place);
    assert!(page.has("Sejak 1 November 2026") && page.has("banjir"), "{}", page.main());
    assert!(site.get(PENDAMPING, "/").has("Ditangguhkan"));
    assert!(site.get(PENDAMPING, "/kelompok/OKI-1").has("banjir"));
    assert!(site.get(SUPERVISOR, "/laporan?wilayah=16.02").has("<b>0</b> dari 0<"));
    let id = page.hidden("suspension");
    let end = site.post(SUPERVISOR, &format!("{place}/lanjutkan"), &[("suspension", &id)]);
    assert_eq!(end.location(), format!("{place}?selesai=dilanjutkan"));
    assert!(site.get(SUPERVISOR, place).has("1 November 2026 sampai 21 November 2026"));
    let own = [("dari", "2026-11-22"), ("alasan", "panen raya")];
    assert_eq!(site.post(SUPERVISOR, "/kelompok/OKI-1/tangguhkan", &own).status, 303);
    let page = site.get(SUPERVISOR, "/kelompok/OKI-1");
    let id = page.hidden("suspension");
    let end = site.post(SUPERVISOR, "/kelompok/OKI-1/lanjutkan", &[("suspension", &id)]);
    assert_eq!(end.status, 303, "{}", end.body);
}

#[test]
fn an_admin_adds_people_of_the_area_and_takes_their_access_away() {
    let site = Site::new();
    let fields =
        [("name", "Rina"), ("login", "rina.s"), ("role", "pendamping"), ("area", "16.02.05")];
    assert_eq!(site.get(SUPERVISOR, "/pengguna").status, 403);
    assert_eq!(site.post(SUPERVISOR, "/pengguna", &fields).status, 403);
    for (field, value, words) in [
        ("login", "R", "2 sampai 40"),
        ("login", "admin-1", "sudah dipakai"),
        ("name", " ", "Tulis nama"),
        ("role", "raja", "Pilih peran"),
        ("area", "", "Pilih wilayah"),
        ("area", "35.20", "tidak berwenang"),
    ] {
        let fields: Vec<_> =
            fields.iter().map(|(n, v)| (*n, if *n == field { value } else { v })).collect();
        let reply = site.post(ADMIN, "/pengguna", &fields);
        assert!(reply.status == 422 && reply.has(words), "{field}={value}: {}", reply.main());
        assert!(reply.has(&format!("#f-{field}")), "{field}");
    }
    let made = site.post(ADMIN, "/pengguna", &fields);
    assert_eq!(made.status, 200, "{}", made.body);
    let start = made.body.find("/tautan/").unwrap();
    let link: String = made.body[start..].split('"').next().unwrap().to_owned();
    assert!(site.get(ANYONE, &link).has("rina.s"));
    let list = site.get(ADMIN, "/pengguna?nama=rina");
    assert!(list.has("Belum pernah masuk") && !list.has(&link), "{}", list.main());
    assert!(!list.has("pendamping-2"), "people of other areas stay hidden");
    let person = format!("/pengguna/{}", site.account("rina.s"));
    let empty = site.post(ADMIN, "/pengguna", &[]);
    for field in ["name", "login", "role", "area"] {
        assert!(empty.has(&format!("href=\"#f-{field}\"")), "{field}: {}", empty.main());
    }
    let empty = site.post(ADMIN, "/tambah-kelompok", &[]);
    for field in ["nama", "kelompok", "desa", "anggota", "mulai"] {
        assert!(empty.has(&format!("href=\"#f-{field}\"")), "{field}: {}", empty.main());
    }
    assert!(empty.has("Isi id kelompok"), "{}", empty.main());
    let bare = site.post(ADMIN, &person, &[("do", "link")]);
    assert!(
        bare.has("value=\"/tautan/") && bare.has("Tulis alamatnya di depan"),
        "{}",
        bare.main()
    );
    for (host, start, says) in [
        ("192.168.1.10:8080", "value=\"http://192.168.1.10:8080/tautan/", ""),
        (
            "localhost:8080",
            "value=\"http://localhost:8080/tautan/",
            "hanya terbuka di komputer ini",
        ),
        ("lain.test/jalan", "value=\"/tautan/", "Tulis alamatnya di depan"),
    ] {
        let made = site.post_with(ADMIN, &person, &[("do", "link")], ("host", host));
        assert!(made.has(start) && made.has(says), "{host}: {}", made.main());
    }
    assert_eq!(site.post(ADMIN, &person, &[("do", "disable")]).status, 303);
    assert!(site.get(ADMIN, "/pengguna?nama=rina").has("Nonaktif"));
    assert_eq!(site.post(ADMIN, &person, &[("do", "enable")]).status, 303);
    let stranger = format!("/pengguna/{}", site.account("pendamping-2"));
    assert_eq!(site.post(ADMIN, &stranger, &[("do", "link")]).status, 404);
    let own = format!("/pengguna/{}", site.account("admin-1"));
    let refused = site.post(ADMIN, &own, &[("do", "disable")]);
    assert!(refused.status == 422 && refused.has("akun Anda sendiri"), "{}", refused.main());
}

#[test]
fn every_place_of_a_role_is_reached_on_a_phone() {
    let site = Site::new();
    for who in [ANYONE, PENDAMPING, SUPERVISOR, ADMIN, "pelatih-1", "penelaah-1"] {
        let home = site.get(who, "/");
        let menu = home.body.split("<nav class=\"places\"").nth(1).unwrap();
        let (menu, page) = menu.split_once("</nav>").unwrap();
        let (bar, rest) = menu.split_once("class=\"rest\"").unwrap_or((menu, ""));
        let foot = page.split("<footer").nth(1).unwrap();
        let hrefs = |text: &str| -> Vec<String> {
            let links = text.split("<a href=\"").skip(1);
            links.map(|link| link.split('"').next().unwrap().to_owned()).collect()
        };
        // What is marked so shows at the desk only.
        let desk: Vec<String> = bar
            .split("<li")
            .filter(|one| one.starts_with(" class=\"more"))
            .flat_map(hrefs)
            .collect();
        for place in &desk {
            assert!([hrefs(rest), hrefs(foot)].concat().contains(place), "{who}: {place}");
        }
        assert!(hrefs(bar).len() >= 4, "{who}");
        let many = [SUPERVISOR, ADMIN, "pelatih-1", "penelaah-1"].contains(&who);
        assert_eq!(!rest.is_empty(), many, "{who}: {rest}");
    }
}

#[test]
fn what_is_not_found_leads_to_its_list() {
    let site = Site::new();
    for (who, path, list) in [
        (PENDAMPING, "/kelompok/TIDAK-ADA", "href=\"/kelompok\""),
        (PENDAMPING, "/pertemuan/tidak-ada", "href=\"/kelompok\""),
        (SUPERVISOR, "/kunjungan/tidak-ada", "href=\"/kunjungan\""),
    ] {
        let reply = site.get(who, path);
        assert!(reply.status == 404 && reply.main().contains(list), "{path}: {}", reply.main());
    }
}

#[test]
fn every_role_has_a_home() {
    let site = Site::new();
    for (who, words) in [
        (ANYONE, "Materi P2K2"),
        (PENDAMPING, "Kelompok Anda"),
        (SUPERVISOR, "Menunggu Anda"),
        ("pelatih-1", "Menunggu ditinjau"),
        ("penelaah-1", "Menunggu ditinjau"),
        (ADMIN, "Kepala jurnal"),
    ] {
        let home = site.get(who, "/");
        assert_eq!(home.status, 200, "{who}");
        assert!(home.has(words), "{who}: {}", home.main());
    }
}

/// The id of each form of a page.
fn requests(reply: &Reply) -> Vec<String> {
    let mark = "name=\"id\" value=\"";
    reply.body.split(mark).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.into())).collect()
}

#[test]
fn each_form_of_a_page_is_a_request_of_its_own() {
    let site = Site::new();
    for (who, path) in [(ADMIN, "/pengguna"), (SUPERVISOR, "/kelompok/OKI-1")] {
        let ids = requests(&site.get(who, path));
        assert!(ids.len() > 1, "{path} has {} forms", ids.len());
        for (at, id) in ids.iter().enumerate() {
            let id: uuid::Uuid = id.parse().unwrap();
            assert_eq!(id.get_version_num(), 7, "{path}: {id}");
            assert!(!ids[..at].contains(&id.to_string()), "{path}: {id} twice");
        }
    }
}
