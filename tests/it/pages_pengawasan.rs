//! Visits, checks, doubled records and settings, through the router.

use p2k2::command::Command;
use p2k2::kelompok::wilayah::Kode;
use p2k2::people::account::{Grant, Role};

use crate::support::http::{ANYONE, Site, system};
use crate::support::record;

const PENDAMPING: &str = "pendamping-1";
const STRANGER: &str = "pendamping-2";
const SUPERVISOR: &str = "supervisor-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";
const SECOND: &str = "mengelola-keuangan-keluarga";

/// How many links of a page's main part begin so.
fn count(page: &str, start: &str) -> usize {
    page.matches(&format!("href=\"{start}")).count()
}

fn log(site: &Site, more: &[(&str, &str)]) -> crate::support::http::Reply {
    let path = match more.iter().find(|(name, _)| *name == "kelompok") {
        Some((_, id)) => format!("/kunjungan/baru?kelompok={id}"),
        None => "/kunjungan/baru?wilayah=16.02".to_owned(),
    };
    let id = site.get(SUPERVISOR, &path).hidden("id");
    let mut fields = vec![
        ("id", id.as_str()),
        ("date", "2026-11-20"),
        ("office", "Dinas Sosial"),
        ("attended", "P2K2"),
    ];
    fields.extend(more);
    site.post(SUPERVISOR, "/kunjungan/baru", &fields)
}

#[test]
fn visits_stand_behind_their_number() {
    let site = Site::new();
    let home = site.get(SUPERVISOR, "/");
    assert!(home.has("0 dari 1 kecamatan dikunjungi tahun ini"), "{}", home.main());
    let list = "/kunjungan?wilayah=16.02";
    assert!(site.get(SUPERVISOR, list).has("Belum ada kunjungan pada waktu ini"));
    let bad = log(&site, &[("wilayah", "16.02"), ("place", "")]);
    assert_eq!(bad.status, 422);
    assert!(bad.has("Pilih tempat yang dikunjungi") && bad.has("value=\"Dinas Sosial\""));
    let logged = log(&site, &[("wilayah", "16.02"), ("place", "16.02.05")]);
    assert_eq!(logged.status, 303, "{}", logged.body);
    let done = site.get(SUPERVISOR, logged.location());
    assert!(done.has("Kunjungan tersimpan."), "{}", done.main());
    assert!(!site.get(ANYONE, "/?selesai=kunjungan").has("tersimpan"));
    let visit = logged.location().split('?').next().unwrap().to_owned();
    let page = site.get(SUPERVISOR, list);
    assert_eq!(count(page.main(), &visit), 1);
    assert!(page.has("Semua kecamatan sudah dikunjungi"), "{}", page.main());
    assert!(site.get(SUPERVISOR, "/").has("1 dari 1 kecamatan dikunjungi"));
    let past = site.get(SUPERVISOR, "/kunjungan?wilayah=16.02&dari=2026-01-01&sampai=2026-06-30");
    assert_eq!(count(past.main(), &visit), 0);
    let place = site.get(SUPERVISOR, "/wilayah/16.02");
    assert!(place.main().contains("Kunjungan tahun ini"), "{}", place.main());
    // Corrected, then withdrawn; both forms stay readable.
    let form = site.get(SUPERVISOR, &visit);
    let (id, version) = (form.hidden("id"), form.hidden("version"));
    let mut fields = vec![
        ("id", id.as_str()),
        ("version", &version),
        ("place", "16.02.05"),
        ("date", "2026-11-19"),
        ("office", "Camat"),
        ("attended", "P2K2"),
    ];
    let without = site.post(SUPERVISOR, &format!("{visit}/koreksi"), &fields);
    assert_eq!((without.status, without.has("Tulis alasan perubahannya")), (422, true));
    fields.push(("reason", "salah tanggal"));
    assert_eq!(site.post(SUPERVISOR, &format!("{visit}/koreksi"), &fields).status, 303);
    let stale = site.post(
        SUPERVISOR,
        &format!("{visit}/tarik"),
        &[("version", &version), ("alasan", "keliru")],
    );
    assert_eq!(stale.status, 412);
    let version = site.get(SUPERVISOR, &visit).hidden("version");
    let fields = [("version", version.as_str()), ("alasan", "keliru")];
    assert_eq!(site.post(SUPERVISOR, &format!("{visit}/tarik"), &fields).status, 303);
    let page = site.get(SUPERVISOR, &visit);
    for words in ["Kunjungan ini ditarik", "salah tanggal", "20 November 2026", "19 November 2026"]
    {
        assert!(page.has(words), "{words}: {}", page.main());
    }
    assert!(site.get(SUPERVISOR, "/").has("0 dari 1 kecamatan"));
    assert_eq!(site.get(STRANGER, &visit).status, 404);
    assert_eq!(site.get(PENDAMPING, &visit).status, 404, "a visit to the area is not hers to read");
    assert_eq!(site.get(ANYONE, &visit).status, 303);
}

#[test]
fn a_check_is_made_shown_and_settled() {
    let site = Site::new();
    let forbidden = site.get(PENDAMPING, "/kunjungan/baru?kelompok=OKI-1");
    let absent = site.get(SUPERVISOR, "/kunjungan/baru?kelompok=MGT-1");
    assert_eq!((forbidden.status, absent.status), (403, 404));
    let bad = log(&site, &[("kelompok", "OKI-1"), ("found", "ya"), ("counted", "")]);
    assert_eq!((bad.status, bad.has("Isi jumlah anggota yang dihitung")), (422, true));
    let good = log(&site, &[("kelompok", "OKI-1"), ("found", "ya"), ("counted", "23")]);
    assert_eq!((good.status, good.location()), (303, "/kelompok/OKI-1?selesai=diperiksa"));
    assert!(site.get(SUPERVISOR, good.location()).has("Kunjungan dan pemeriksaannya tersimpan."));
    let group = site.get(PENDAMPING, "/kelompok/OKI-1");
    assert_eq!(count(group.main(), "/pemeriksaan/1"), 1);
    assert_eq!(count(group.main(), "/kunjungan/"), 1, "{}", group.main());
    assert!(group.has("tercatat 25, dihitung 23 (selisih -2)"));
    assert!(site.get(SUPERVISOR, "/").has("1 pemeriksaan jumlah anggota belum selesai"));
    let list = site.get(SUPERVISOR, "/pemeriksaan");
    assert_eq!(count(list.main(), "/pemeriksaan/1"), 1);
    assert!(list.has("Belum selesai (1)") && list.has("Semua (1)"));
    assert_eq!(site.get(STRANGER, "/pemeriksaan/1").status, 404);
    assert_eq!(site.get(SUPERVISOR, "/pemeriksaan/2").status, 404);
    assert!(!site.get(PENDAMPING, "/pemeriksaan/1").has("Selesaikan pemeriksaan"));
    let settle = "/pemeriksaan/1/selesaikan";
    let none = site.post(SUPERVISOR, settle, &[("note", "dihitung ulang")]);
    assert_eq!((none.status, none.has("Pilih salah satu penyelesaian")), (422, true));
    assert!(none.has("dihitung ulang"));
    let fields = [("outcome", "diubah"), ("reason", "pindah")];
    assert_eq!(site.post(PENDAMPING, settle, &fields).status, 403);
    assert_eq!(site.post(SUPERVISOR, settle, &fields).status, 303);
    assert_eq!(site.app.state().group("OKI-1").unwrap().members("2026-11-20".parse().unwrap()), 23);
    assert_eq!(site.post(SUPERVISOR, settle, &fields).status, 409);
    let list = site.get(SUPERVISOR, "/pemeriksaan");
    assert!(list.has("Tidak ada pemeriksaan yang menunggu") && list.has("Belum selesai (0)"));
    assert_eq!(
        count(site.get(SUPERVISOR, "/pemeriksaan?tampil=semua").main(), "/pemeriksaan/1"),
        1
    );
}

#[test]
fn a_count_that_was_typed_is_never_thrown_away() {
    let site = Site::new();
    for (found, counted, field) in [
        ("zz", "3", "f-found"),
        ("zz", "", "f-found"),
        ("tidak", "3", "f-counted"),
        ("", "dua", "f-counted"),
        ("", "0", "f-counted"),
        ("ya", "dua", "f-counted"),
    ] {
        let fields = [("kelompok", "OKI-1"), ("found", found), ("counted", counted)];
        let reply = log(&site, &fields);
        assert_eq!(reply.status, 422, "{found} {counted}");
        assert!(reply.has(&format!("href=\"#{field}\"")), "{found} {counted}: {}", reply.main());
        assert!(reply.has(&format!("name=\"counted\" value=\"{counted}\"")), "{}", reply.main());
    }
    assert_eq!(site.app.state().checks.len(), 0);
    let saved = log(&site, &[("kelompok", "OKI-1"), ("found", ""), ("counted", "20")]);
    assert_eq!(saved.status, 303, "{}", saved.body);
    let check = site.app.state().checks[0].clone();
    assert!(check.found && check.counted == 20, "{check:?}");
    let none = log(&site, &[("kelompok", "OKI-1"), ("found", ""), ("counted", "")]);
    assert_eq!((none.status, site.app.state().checks.len()), (303, 1));
}

#[test]
fn no_place_is_chosen_for_a_visit_beforehand() {
    let site = Site::new();
    let chosen = |path: &str| {
        let page = site.get(SUPERVISOR, path);
        assert!(page.has("<option value=\"\">Pilih tempat</option>"), "{}", page.main());
        page.main().matches(" selected>").count()
    };
    assert_eq!(chosen("/kunjungan/baru"), 0);
    assert_eq!(chosen("/kunjungan/baru?wilayah=16.02"), 0);
    assert_eq!(chosen("/kunjungan/baru?wilayah=16.02.05"), 1);
}

/// Two records of one day; the addresses of the pair.
fn doubled(site: &Site) -> String {
    for (at, (present, sick, note)) in [(20, 3, "pagi"), (22, 1, "siang")].into_iter().enumerate() {
        let mut input = record("2026-11-20");
        (input.present, input.sick, input.note) = (present, sick, note.to_owned());
        input.sesi[0].sesi = FIRST.parse().unwrap();
        let command = Command::Record(Box::new(input));
        let actor = p2k2::command::Actor::Account(site.account(PENDAMPING));
        let id = uuid::Uuid::from_u128(500 + at as u128);
        site.app.submit_blocking(site.app.request_as(id, actor, command)).unwrap();
    }
    let id = uuid::Uuid::from_u128;
    format!("/ganda/{}/{}", id(500), id(501))
}

#[test]
fn doubled_records_are_joined_side_by_side() {
    let site = Site::new();
    let pair = doubled(&site);
    for who in [PENDAMPING, SUPERVISOR] {
        assert!(site.get(who, "/").has("1 pasang catatan mungkin ganda"), "{who}");
        assert_eq!(count(site.get(who, "/ganda").main(), "/ganda/"), 1, "{who}");
    }
    let home = site.get(SUPERVISOR, "/");
    assert_eq!(count(home.main(), &pair), 1, "one line for both: {}", home.main());
    assert_eq!(count(home.main(), "/pertemuan/"), 0, "{}", home.main());
    let list = site.get(SUPERVISOR, "/ganda");
    assert_eq!(list.main().matches("diterima 21 November 2026 pukul").count(), 2);
    assert_eq!(site.get(STRANGER, &pair).status, 404);
    let page = site.get(PENDAMPING, &pair);
    assert!(page.has("20 dari 25 hadir") && page.has("22 dari 25 hadir"), "{}", page.main());
    let (id, a, b) = (page.hidden("id"), page.hidden("version_a"), page.hidden("version_b"));
    // Where both say something else, a person decides.
    assert!(!page.main().contains(" checked"), "{}", page.main());
    let open = [("id", id.as_str()), ("version_a", &a), ("version_b", &b), ("note", "a")];
    let refused = site.post(PENDAMPING, &pair, &open);
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(refused.has("Kehadiran: pilih catatan yang dipakai."), "{}", refused.main());
    assert!(refused.has("href=\"#f-attendance\"") && refused.has("id=\"f-attendance\""));
    assert_eq!(refused.main().matches(" checked").count(), 1, "{}", refused.main());
    let mut fields = vec![
        ("id", id.as_str()),
        ("version_a", &a),
        ("version_b", "1"),
        ("attendance", "b"),
        ("note", "a"),
    ];
    assert_eq!(site.post(PENDAMPING, &pair, &fields).status, 412);
    fields[2] = ("version_b", &b);
    let joined = site.post(PENDAMPING, &pair, &fields);
    assert_eq!(joined.status, 303, "{}", joined.body);
    let stays = site.get(PENDAMPING, joined.location());
    assert!(stays.has("Kedua catatan sudah digabung."), "{}", stays.main());
    assert!(stays.has("22 dari 25 hadir") && stays.has("pagi"), "{}", stays.main());
    let gone = site.get(PENDAMPING, &format!("/pertemuan/{}", uuid::Uuid::from_u128(501)));
    assert!(gone.has("Digabung dengan catatan") && gone.has("Buka catatan yang dipakai"));
    assert!(gone.has("siang"), "what was joined stays readable");
    assert!(!site.get(PENDAMPING, "/").has("mungkin ganda"));
    assert!(site.get(PENDAMPING, &pair).has("tidak lagi menunggu"));
}

#[test]
fn two_pertemuan_of_one_day_may_stay_two() {
    let site = Site::new();
    let pair = doubled(&site);
    let id = site.get(SUPERVISOR, &pair).hidden("id");
    let reply = site.post(SUPERVISOR, &format!("{pair}/bukan"), &[("id", &id)]);
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert!(site.get(SUPERVISOR, "/ganda").has("Tidak ada catatan yang tampak ganda"));
}

#[test]
fn every_pair_stands_on_one_page_of_the_list() {
    let site = Site::new();
    let desa = "16.02.05.1001".parse::<Kode>().unwrap();
    let start = "2026-01-01".parse().unwrap();
    for (group, date) in [("G-1", "2026-11-10"), ("G-2", "2026-11-12")] {
        let (id, name) = (group.parse().unwrap(), "Dahlia".to_owned());
        let (desa, members) = (vec![desa], 25);
        let entered = Command::CreateGroup { id, name, desa, members, start, pendamping: None };
        system(&site.app, entered);
        // Eleven records of one day are 55 pairs.
        for _ in 0..11 {
            let mut one = record(date);
            one.kelompok = group.parse().unwrap();
            one.sesi[0].sesi = FIRST.parse().unwrap();
            system(&site.app, Command::Record(Box::new(one)));
        }
    }
    assert!(site.get(SUPERVISOR, "/").has("110 pasang catatan mungkin ganda"));
    let mut pairs = std::collections::BTreeSet::new();
    let mut at = "/ganda".to_owned();
    let mut sizes = Vec::new();
    loop {
        let page = site.get(SUPERVISOR, &at);
        let main = page.main().to_owned();
        sizes.push(count(&main, "/ganda/"));
        let links = main.match_indices("href=\"/ganda/").map(|(at, _)| &main[at..at + 90]);
        pairs.extend(links.map(str::to_owned));
        let Some((_, next)) = main.split_once("rel=\"next\" href=\"") else { break };
        at = next.split('"').next().unwrap().replace("&#38;", "&");
    }
    assert_eq!((sizes, pairs.len()), (vec![50, 50, 10], 110));
    let first = site.get(SUPERVISOR, "/ganda");
    assert!(first.has("12 November 2026") && !first.has("10 November 2026"), "newest first");
}

/// A login of an admin of the whole country.
fn national(site: &Site) -> String {
    let grants = vec![Grant { role: Role::Admin, area: Kode::NASIONAL }];
    let (login, name) = ("admin-pusat".to_owned(), "Admin Pusat".to_owned());
    system(&site.app, Command::CreateAccount { login, name, grants });
    let account = site.account("admin-pusat");
    let kind = p2k2::event::LoginKind::Web;
    let lasts = p2k2::app::login::LOGIN_LASTS;
    format!("masuk={}", site.app.open_login(account, kind, lasts).unwrap().expose())
}

#[test]
fn settings_are_changed_from_a_day_on() {
    let site = Site::new();
    for who in [PENDAMPING, SUPERVISOR, ADMIN] {
        for path in ["/setelan", "/setelan/aturan", "/setelan/siksng", "/setelan/umum"] {
            assert_eq!(site.get(who, path).status, 403, "{who} {path}");
        }
        assert_eq!(site.post(who, "/setelan/umum", &[("apa", "umum")]).status, 403, "{who}");
    }
    let admin = national(&site);
    let get = |path: &str| site.get_with(ANYONE, path, &[("cookie", &admin)]);
    assert!(get("/setelan").has("Bawaan sejak awal"));
    for path in ["/setelan/aturan", "/setelan/siksng", "/setelan/umum", "/setelan/wilayah"] {
        assert_eq!(get(path).status, 200, "{path}");
    }
    let mut rules = vec![
        ("from", "2026-11-20"),
        ("min_present_percent", "60"),
        ("expected_days_percent", "50"),
        ("on_time_day", "6"),
        ("kind.0.id", "lengkap"),
        ("kind.0.name", "Lengkap"),
        ("kind.0.keep", "ya"),
        ("kind.0.counts", "ya"),
        ("kind.0.everyone", "ya"),
        ("kind.1.name", "Gabungan dua kelompok"),
    ];
    let back = site.post_as(&admin, "/setelan/aturan", &rules);
    assert_eq!((back.status, back.has("tidak dapat berlaku surut")), (422, true));
    assert!(back.has("Gabungan dua kelompok"), "what was typed stays");
    rules[0] = ("from", "2026-12-01");
    assert_eq!(
        site.post_as(&admin, "/setelan/aturan", &rules).location(),
        "/setelan?selesai=setelan"
    );
    let page = get("/setelan?selesai=setelan");
    assert!(page.has("Setelan tersimpan."), "{}", page.main());
    assert!(page.has("Akan berlaku") && page.has("hadir paling sedikit 60"), "{}", page.main());
    let december = "2026-12-01".parse().unwrap();
    assert!(site.app.state().rules.on(december).kind("gabungan-dua-kelompok").is_some());
    assert_eq!(site.app.state().rules.on("2026-11-30".parse().unwrap()).kinds.len(), 6);
    let siks = [("from", "2026-11-21"), ("modul.satu", "Kesehatan"), ("sesi.sesi-a", "Usaha")];
    assert_eq!(site.post_as(&admin, "/setelan/siksng", &siks).status, 303);
    let table = site.app.state().crosswalk.on("2026-11-21".parse().unwrap()).clone();
    assert_eq!(
        (table.category("satu"), table.of_sesi("sesi-a")),
        (Some("Kesehatan"), Some("Usaha"))
    );
    // A choice that there is not: said beside the field, and the other forms stay as they were.
    for reading in ["zz", ""] {
        let back = site.post_as(&admin, "/setelan/umum", &[("apa", "umum"), ("reading", reading)]);
        let said = back.has("Pilih siapa yang boleh membaca materi.");
        assert_eq!((back.status, said), (422, true), "{reading:?}: {}", back.main());
        assert!(back.main().contains("kesejahteraan sosial"), "{}", back.main());
    }
    let closed = [("apa", "umum"), ("reading", "masuk")];
    assert_eq!(site.post_as(&admin, "/setelan/umum", &closed).status, 303);
    assert_eq!(site.get(ANYONE, "/kurikulum").status, 303);
    let tema = [("apa", "tema"), ("tema", "kesehatan\nekonomi\n")];
    assert_eq!(site.post_as(&admin, "/setelan/umum", &tema).status, 303);
    assert!(get("/setelan").has("kesehatan dan ekonomi"));
}

#[test]
fn a_supervisor_chooses_the_sesi_of_the_own_area() {
    let site = Site::new();
    assert_eq!(site.get(PENDAMPING, "/setelan/sasaran").status, 403);
    assert_eq!(site.get(SUPERVISOR, "/setelan/sasaran?wilayah=35.20").status, 403);
    let page = site.get(SUPERVISOR, "/setelan/sasaran");
    assert!(page.has("Sesi sasaran Kabupaten Ogan Komering Ilir"), "{}", page.main());
    let none = [("wilayah", "16.02"), ("from", "2026-11-21")];
    let reply = site.post(SUPERVISOR, "/setelan/sasaran", &none);
    assert_eq!((reply.status, reply.has("Pilih paling sedikit satu sesi")), (422, true));
    let fields = [none[0], none[1], ("version", "0"), ("sesi", FIRST), ("sesi", SECOND)];
    assert_eq!(page.hidden("version"), "0");
    assert_eq!(site.post(SUPERVISOR, "/setelan/sasaran", &fields).status, 303);
    // Who opened the page before that is told, keeps what was chosen, and may send it again.
    let other = [none[0], none[1], ("version", "0"), ("sesi", FIRST)];
    let stale = site.post(SUPERVISOR, "/setelan/sasaran", &other);
    assert_eq!((stale.status, stale.has("sudah diubah orang lain")), (412, true));
    assert_eq!(stale.hidden("version"), "1");
    assert!(site.get(SUPERVISOR, "/setelan/sasaran?wilayah=16.02").has("Sekarang 2 sesi"));
    let page = site.get(SUPERVISOR, "/setelan/sasaran?wilayah=16.02");
    assert!(page.has("Sekarang 2 sesi, sejak 21 November 2026"), "{}", page.main());
}

#[test]
fn codes_change_on_the_page_and_places_are_found_by_name() {
    let site = Site::new();
    let admin = national(&site);
    let post = |text: &str| site.post_as(&admin, "/setelan/wilayah", &[("peta", text)]);
    let bad = post("16.02.05.1001");
    assert_eq!((bad.status, bad.has("Baris 1 tidak dapat dibaca")), (422, true));
    let unknown = post("16.02.05.1001,16.02.05.1009\n16.02.99,16.02.98");
    assert!(unknown.has("Baris 2: Kode 16.02.99 tidak ada di daftar"), "{}", unknown.main());
    assert_eq!(post("16.02.05.1001,16.02.05.1009").status, 303);
    let page = site.get_with(ANYONE, "/setelan/wilayah", &[("cookie", &admin)]);
    assert!(page.has("16.02.05.1001 menjadi 16.02.05.1009"), "{}", page.main());
    let old = site.get(SUPERVISOR, "/wilayah/16.02.05.1001");
    assert!(old.status == 200 && old.has("Jua-jua"), "an old address leads on");
    for typed in ["kayuagung", "juajua"] {
        let found = site.get(SUPERVISOR, &format!("/wilayah?cari={typed}"));
        assert!(found.main().contains("/wilayah/16.02.05"), "{typed}: {}", found.main());
        let groups = site.get(SUPERVISOR, &format!("/kelompok?nama={typed}"));
        assert!(groups.has("Melati OKI-1"), "{typed}");
    }
    assert!(site.get(SUPERVISOR, "/wilayah?cari=plaosan").has("Tidak ada wilayah bernama"));
}

#[test]
fn programs_log_visits_and_checks() {
    let site = Site::new();
    let id = "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
    let visit = format!(
        r#"{{"id":"{id}","kelompok":"OKI-1","date":"2026-11-20","office":"Dinas Sosial","attended":"P2K2"}}"#
    );
    let post = |who, path: &str, body: &str| site.post_json(who, path, body);
    let first = post(SUPERVISOR, "/api/v1/kunjungan", &visit);
    assert_eq!(first.status, 201, "{}", first.body);
    let again = post(SUPERVISOR, "/api/v1/kunjungan", &visit);
    assert_eq!((again.status, &again.body), (201, &first.body));
    let other = visit.replace("P2K2", "rapat");
    assert_eq!(post(SUPERVISOR, "/api/v1/kunjungan", &other).status, 422);
    assert_eq!(post(STRANGER, "/api/v1/kunjungan", &visit.replace("6071", "6072")).status, 404);
    let nowhere = visit.replace(r#""kelompok":"OKI-1","#, "");
    assert_eq!(post(SUPERVISOR, "/api/v1/kunjungan", &nowhere).status, 422);
    let list = site.get(SUPERVISOR, "/api/v1/kunjungan?wilayah=16.02");
    assert!(list.has(id) && list.has(r#""next":null"#), "{}", list.body);
    assert!(!site.get(STRANGER, "/api/v1/kunjungan").has(id));
    assert!(site.get(PENDAMPING, &format!("/api/v1/kunjungan/{id}")).has("Dinas Sosial"));
    let check = r#"{"id":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6073","kelompok":"OKI-1","date":"2026-11-20","office":"Dinas Sosial","counted":23}"#;
    let made = post(SUPERVISOR, "/api/v1/pemeriksaan", check);
    assert!(made.status == 201 && made.has(r#""number":1"#) && made.has(r#""difference":-2"#));
    assert_eq!(post(SUPERVISOR, "/api/v1/pemeriksaan", check).body, made.body);
    assert!(site.get(SUPERVISOR, "/api/v1/pemeriksaan?terbuka=ya").has(r#""number":1"#));
    let settle = r#"{"id":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6074","outcome":"tercatat-benar"}"#;
    let path = "/api/v1/pemeriksaan/1/selesaikan";
    assert_eq!(post(PENDAMPING, path, settle).status, 403);
    assert!(post(SUPERVISOR, path, settle).has(r#""outcome":"tercatat-benar""#));
    assert!(!site.get(SUPERVISOR, "/api/v1/pemeriksaan?terbuka=ya").has(r#""number":1"#));
}
