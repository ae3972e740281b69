//! What comes in wrong: forms that are old, sent twice, sent late, or say what cannot be; each is
//! answered in plain words, and nothing that was typed is lost.

use p2k2::command::{Actor, Command, VisitInput};
use p2k2::decide::Refusal;
use p2k2::event::{Setting, SuspensionTarget};
use p2k2::ids::AccountId;
use p2k2::kelompok::visit::VisitPlace;
use p2k2::people::account::{Grant, Role};
use p2k2::transfer::read::{Limits, wilayah};

use crate::support::http::{ANYONE, Reply, Site, system};
use crate::support::{
    PENDAMPING as HER, SUPERVISOR as HIM, World, record as sound_record, request,
};

const PENDAMPING: &str = "pendamping-1";
const SUPERVISOR: &str = "supervisor-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";
const RECORD: &str = "/kelompok/OKI-1/catat";

/// The fields of a sound record of the first sesi, 23 of 25 present, with more before them: the
/// first value of a name counts.
fn sound<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = more.to_vec();
    fields.extend([
        ("date", "2026-11-20"),
        ("sesi.0.id", FIRST),
        ("sesi.0.extent", "tuntas"),
        ("present", "23"),
        ("sick", "1"),
        ("absent", "1"),
        ("kind", "lengkap"),
    ]);
    fields
}

/// Records and gives the address of the pertemuan.
fn record(site: &Site, more: &[(&str, &str)]) -> String {
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let mut fields = vec![("id", id.as_str())];
    fields.extend_from_slice(more);
    let reply = site.post(PENDAMPING, RECORD, &sound(&fields));
    assert_eq!(reply.status, 303, "{}", reply.body);
    reply.location().strip_suffix("/tercatat").unwrap().to_owned()
}

/// The value that a field of the page holds.
fn field(reply: &Reply, name: &str) -> String {
    let id = format!("id=\"f-{name}\"");
    let at = reply.body.find(&id).unwrap_or_else(|| panic!("no field {name}: {}", reply.body));
    let tag_start = reply.body[..at].rfind('<').unwrap();
    let tag = &reply.body[tag_start..];
    if tag.starts_with("<textarea") {
        let text = tag.split_once('>').unwrap().1;
        return text.split("</textarea>").next().unwrap().to_owned();
    }
    let tag = tag.split_once('>').unwrap().0;
    tag.split_once("value=\"")
        .map_or_else(String::new, |(_, rest)| rest.split('"').next().unwrap().to_owned())
}

/// Everything in the form of a correction, as a browser would send it.
fn correction(site: &Site, address: &str) -> Vec<(String, String)> {
    let page = site.get(PENDAMPING, address);
    assert_eq!(page.status, 200, "{}", page.body);
    let mut fields: Vec<(String, String)> =
        ["id", "version"].iter().map(|name| ((*name).to_owned(), page.hidden(name))).collect();
    for name in ["date", "present", "sick", "absent", "members", "absent_seats", "start", "end"] {
        fields.push((name.to_owned(), field(&page, name)));
    }
    for name in ["place", "speakers", "topics", "obstacles", "follow_up", "note", "reason"] {
        fields.push((name.to_owned(), field(&page, name)));
    }
    for (name, value) in [
        ("sesi.0.id", FIRST),
        ("sesi.0.extent", "tuntas"),
        ("kind", "lengkap"),
        // Before its first edition it was taught from the printed book.
        ("sesi.0.edition", "0"),
        ("discussion", ""),
    ] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    let field = fields.iter_mut().find(|(field, _)| field == name).unwrap();
    value.clone_into(&mut field.1);
}

fn post(site: &Site, who: &str, address: &str, fields: &[(String, String)]) -> Reply {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    site.post(who, address, &fields)
}

#[test]
fn a_correction_made_on_an_older_record_overwrites_nothing_in_silence() {
    let site = Site::new();
    let pertemuan = record(&site, &[("follow_up", "ulang bulan depan")]);
    // A question changes the version too, and nothing of the record.
    let ask = format!("{pertemuan}/tanya");
    assert_eq!(site.post(SUPERVISOR, &ask, &[("text", "Mengapa?")]).status, 303);
    let address = format!("{pertemuan}/koreksi");
    let (mut first, mut second) = (correction(&site, &address), correction(&site, &address));
    for (name, value) in [
        ("note", "hujan lebat"),
        ("place", "balai desa"),
        ("obstacles", "jalan putus"),
        ("follow_up", "ulang pekan depan"),
        ("reason", "melengkapi"),
    ] {
        set(&mut first, name, value);
    }
    assert_eq!(post(&site, PENDAMPING, &address, &first).status, 303);
    for (name, value) in [
        ("present", "22"),
        ("absent", "2"),
        ("follow_up", "ulang besok"),
        ("reason", "salah hitung"),
    ] {
        set(&mut second, name, value);
    }
    let stale = post(&site, PENDAMPING, &address, &second);
    assert_eq!(stale.status, 412, "{}", stale.body);
    let main = stale.main();
    assert!(main.contains("sudah berubah sejak Anda membukanya"), "{main}");
    for wrong in ["orang lain", "Muat ulang"] {
        assert!(!main.contains(wrong), "{wrong}: {main}");
    }
    // What nobody touched here is what is stored; what was typed stands, each beside the other.
    for (name, value) in [
        ("note", "hujan lebat"),
        ("place", "balai desa"),
        ("obstacles", "jalan putus"),
        ("follow_up", "ulang besok"),
        ("present", "22"),
        ("absent", "2"),
        ("reason", "salah hitung"),
    ] {
        assert_eq!(field(&stale, name), value, "{name}");
    }
    for said in [
        "ulang pekan depan",
        "22 hadir, 1 sakit, 2 alfa",
        "23 hadir, 1 sakit, 1 alfa",
        "Tidak Anda ubah; dipakai yang tersimpan",
    ] {
        assert!(main.contains(said), "{said}: {main}");
    }
    assert_eq!(main.matches("<tr class=\"differs\">").count(), 5, "{main}");
    let mut again = second.clone();
    for name in ["note", "place", "obstacles", "id", "version"] {
        let value =
            if matches!(name, "id" | "version") { stale.hidden(name) } else { field(&stale, name) };
        set(&mut again, name, &value);
    }
    assert_eq!(post(&site, PENDAMPING, &address, &again).status, 303);
    let shown = site.get(PENDAMPING, &pertemuan);
    for said in ["hujan lebat", "balai desa", "jalan putus", "ulang besok", "22 dari 25 hadir"] {
        assert!(shown.has(said), "{said}: {}", shown.main());
    }
}

#[test]
fn a_form_whose_id_was_used_for_other_values_comes_back_and_can_be_sent_again() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let libur = "/wilayah/16.02/libur";
    let ask = format!("{pertemuan}/tanya");
    let answer = format!("{pertemuan}/jawab");
    let holiday = site.get(SUPERVISOR, libur).hidden("version");
    let plan = site.get(PENDAMPING, "/kelompok/OKI-1/rencana").hidden("version");
    let cases = [
        (
            SUPERVISOR,
            libur,
            vec![
                ("version", holiday.as_str()),
                ("dari", "2027-03-01"),
                ("sampai", "2027-03-10"),
                ("nama", "Lebaran"),
            ],
            ("nama", "Panen raya"),
            "Panen raya",
        ),
        (SUPERVISOR, &ask, vec![("text", "Mengapa dua alfa?")], ("text", "Di mana?"), "Di mana?"),
        (PENDAMPING, &answer, vec![("text", "Sakit.")], ("text", "Pindah rumah."), "Pindah rumah."),
        (
            PENDAMPING,
            "/kelompok/OKI-1/rencana",
            vec![("version", &plan), ("cara", "lewati"), ("sesi", "memahami-perilaku-anak")],
            ("cara", "kembali"),
            "Rencana belum berubah",
        ),
        (
            SUPERVISOR,
            "/kelompok/OKI-1/tangguhkan",
            vec![("dari", "2026-12-01"), ("alasan", "banjir")],
            ("alasan", "panen raya"),
            "panen raya",
        ),
    ];
    for (at, (who, address, first, then, kept)) in cases.into_iter().enumerate() {
        let id = format!("0199a000-0000-7000-8000-0000000000{at:02x}");
        let mut fields = vec![("id", id.as_str())];
        fields.extend(first);
        let reply = site.post(who, address, &fields);
        assert_eq!(reply.status, 303, "{address}: {}", reply.body);
        let repeat = site.post(who, address, &fields);
        assert_eq!((repeat.status, repeat.location()), (303, reply.location()), "{address}");
        let changed: Vec<_> = fields
            .iter()
            .map(|(name, value)| if *name == then.0 { then } else { (*name, *value) })
            .collect();
        let seq = site.app.state().seq;
        let wrong = site.post(who, address, &changed);
        assert_eq!(wrong.status, 422, "{address}: {}", wrong.body);
        assert!(wrong.has("sudah pernah tersimpan dengan isian lain"), "{}", wrong.main());
        assert!(wrong.has(kept), "{address}: {}", wrong.main());
        assert!(wrong.has("name=\"id\"") && !wrong.has(&id), "{address}: a new id");
        assert_eq!(site.app.state().seq, seq, "{address}: nothing was written");
    }
}

#[test]
fn joining_two_records_again_does_nothing_and_otherwise_is_refused() {
    let site = Site::new();
    let first = record(&site, &[("place", "balai desa")]);
    let second = record(&site, &[("place", "rumah ketua"), ("present", "22"), ("absent", "2")]);
    let id = |address: &str| address.strip_prefix("/pertemuan/").unwrap().to_owned();
    let pair = format!("/ganda/{}/{}", id(&first), id(&second));
    let page = site.get(PENDAMPING, &pair);
    let request = page.hidden("id");
    let (a, b) = (page.hidden("version_a"), page.hidden("version_b"));
    let send = |place: &str| {
        let fields = [
            ("id", request.as_str()),
            ("version_a", &a),
            ("version_b", &b),
            ("place", place),
            ("attendance", "b"),
        ];
        site.post(PENDAMPING, &pair, &fields)
    };
    assert_eq!(send("b").location(), format!("{first}?selesai=digabung"));
    let seq = site.app.state().seq;
    assert_eq!(send("b").location(), format!("{first}?selesai=digabung"), "the same form again");
    let other = send("a");
    assert_eq!(other.status, 422, "{}", other.body);
    assert!(other.has("sudah pernah tersimpan dengan isian lain"), "{}", other.main());
    assert_eq!(site.app.state().seq, seq);
}

#[test]
fn a_record_without_an_id_of_its_own_is_not_recorded_twice() {
    let site = Site::new();
    for id in [None, Some(""), Some("rusak"), Some("00000000-0000-0000-0000-000000000000")] {
        let id: Vec<_> = id.map(|id| ("id", id)).into_iter().collect();
        let seq = site.app.state().seq;
        let reply = site.post(PENDAMPING, RECORD, &sound(&id));
        assert_eq!(reply.status, 422, "{id:?}: {}", reply.body);
        assert!(reply.has("tanpa nomor kirimannya"), "{}", reply.main());
        assert_eq!(field(&reply, "present"), "23");
        assert_eq!(site.app.state().seq, seq);
        assert_eq!(reply.hidden("id").len(), 36, "it can be sent now");
    }
}

#[test]
fn the_same_holiday_is_entered_once() {
    let site = Site::new();
    let address = "/wilayah/16.02/libur";
    let add = |name: &str| {
        let page = site.get(SUPERVISOR, address);
        let (id, version) = (page.hidden("id"), page.hidden("version"));
        let fields = [
            ("id", id.as_str()),
            ("version", &version),
            ("nama", name),
            ("dari", "2027-03-01"),
            ("sampai", "2027-03-20"),
        ];
        site.post(SUPERVISOR, address, &fields)
    };
    assert_eq!(add("Lebaran").status, 303);
    for name in ["Lebaran", " lebaran "] {
        let twice = add(name);
        assert_eq!(twice.status, 422, "{name}");
        assert!(twice.has("sudah ada di daftar"), "{}", twice.main());
    }
    assert_eq!(add("Libur sekolah").status, 303);
}

/// What is wrong with a command, field and message.
fn wrong(world: &World, actor: Actor, command: Command) -> Vec<(String, String)> {
    match p2k2::decide::decide(&world.state, &request(0x9999, actor, command)) {
        Err(Refusal::Invalid(errors)) => {
            errors.into_iter().map(|error| (error.field, error.message)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of commands and dates")]
fn days_that_cannot_be_meant_are_refused() {
    let world = World::district();
    let day = |text: &str| text.parse().unwrap();
    let group = || "OKI-1".parse().unwrap();
    let version = world.state.group("OKI-1").unwrap().version;
    let assign = |from: &str| Command::Assign {
        kelompok: group(),
        from: day(from),
        account: Some(AccountId(1)),
        version,
    };
    let suspend = |target: SuspensionTarget, from: &str, to: Option<&str>| Command::Suspend {
        target,
        from: day(from),
        to: to.map(day),
        reason: "banjir".to_owned(),
    };
    let area = || SuspensionTarget::Wilayah("16.02".parse().unwrap());
    let one = || SuspensionTarget::Kelompok(group());
    let width = |from: &str| Command::ChangeSetting {
        from: day(from),
        setting: Box::new(Setting::FolioWidth(210)),
        version: None,
    };
    let visit = |date: &str| Command::LogVisit {
        visit: Box::new(VisitInput {
            place: VisitPlace::Wilayah("16.02.05".parse().unwrap()),
            date: day(date),
            office: "Dinas Sosial".to_owned(),
            attended: "P2K2".to_owned(),
            note: String::new(),
        }),
        check: None,
    };
    let hand_over = |on: &str| Command::HandOver {
        from: AccountId(1),
        to: AccountId(1),
        kelompok: vec![p2k2::command::Versioned { id: group(), version }],
        day: day(on),
    };
    for (command, field, words) in [
        (assign("1900-01-01"), "from", "baru mulai 1 Januari 2025"),
        (assign("2024-12-31"), "from", "baru mulai 1 Januari 2025"),
        (assign("2027-11-30"), "from", "lebih dari setahun lagi"),
        (assign("9999-12-31"), "from", "lebih dari setahun lagi"),
        (suspend(area(), "0001-01-01", None), "from", "dimulai tahun 2007"),
        (suspend(area(), "2030-01-01", None), "from", "lebih dari setahun lagi"),
        (suspend(area(), "2026-11-01", Some("9999-12-31")), "to", "lebih dari setahun lagi"),
        (suspend(one(), "2006-12-31", None), "from", "dimulai tahun 2007"),
        (hand_over("2030-01-01"), "hari", "lebih dari setahun lagi"),
        (width("9999-12-31"), "from", "lebih dari setahun lagi"),
        (visit("1900-01-01"), "date", "dimulai tahun 2007"),
        (visit("2026-11-23"), "date", "belum terjadi"),
    ] {
        let told = format!("{command:?}");
        let errors = wrong(&world, Actor::System, command);
        assert!(
            errors.iter().any(|(of, message)| of == field && message.contains(words)),
            "{told}: {errors:?}"
        );
    }
    for command in [
        assign("2025-01-01"),
        assign("2027-11-01"),
        suspend(area(), "2020-03-01", Some("2021-03-01")),
        suspend(area(), "2027-02-01", None),
        visit("2007-01-01"),
    ] {
        let told = format!("{command:?}");
        let decided = p2k2::decide::decide(&world.state, &request(0x9999, Actor::System, command));
        assert!(decided.is_ok(), "{told}: {decided:?}");
    }
}

#[test]
fn a_place_that_is_not_there_gets_no_people() {
    let mut world = World::district();
    let grants = |area: &str| vec![Grant { role: Role::Admin, area: area.parse().unwrap() }];
    let create = |login: &str, area: &str| Command::CreateAccount {
        login: login.to_owned(),
        name: "Sri".to_owned(),
        grants: grants(area),
    };
    world.system(0x77, create("pusat", "nasional")).unwrap();
    let admin = Actor::Account(world.state.account_by_login(&"pusat".parse().unwrap()).unwrap().id);
    let errors = wrong(&world, admin, create("baru", "99"));
    assert_eq!(errors[0].0, "area", "{errors:?}");
    assert!(errors[0].1.contains("belum ada di daftar wilayah"), "{errors:?}");
}

#[test]
fn a_number_cut_in_two_is_still_a_number() {
    let world = World::district();
    for (first, second, refused) in [
        ("3520 0712", "3456 7890", true),
        ("35200712345", "67890", true),
        ("bidan desa 2", "camat", false),
    ] {
        for field in ["speakers", "topics"] {
            let mut input = sound_record("2026-11-20");
            let list = if field == "speakers" { &mut input.speakers } else { &mut input.topics };
            *list = vec![first.to_owned(), second.to_owned()];
            let command = Command::Record(Box::new(input));
            if refused {
                let errors = wrong(&world, HER, command);
                assert_eq!(errors[0].0, field);
                assert!(errors[0].1.contains("16 angka"), "{errors:?}");
            } else {
                let decided = p2k2::decide::decide(&world.state, &request(0x99, HER, command));
                assert!(decided.is_ok(), "{decided:?}");
            }
        }
    }
    // Nothing of this is a supervisor's to record.
    assert!(
        p2k2::decide::decide(
            &world.state,
            &request(0x98, HIM, Command::Record(Box::new(sound_record("2026-11-20"))))
        )
        .is_err()
    );
}

#[test]
fn a_login_that_ended_says_that_the_form_is_lost() {
    let site = Site::new();
    for (path, page) in [
        (RECORD, RECORD),
        ("/kelompok/OKI-1/anggota", "/kelompok/OKI-1"),
        ("/wilayah/16.02/libur", "/wilayah/16.02/libur"),
    ] {
        let reply = site.post(ANYONE, path, &[("id", "x")]);
        assert_eq!(reply.status, 303, "{path}");
        let expected = format!("/masuk?lanjut={}&isian=hilang", p2k2::web::urls::encode(page));
        assert_eq!(reply.location(), expected);
        assert!(site.get(ANYONE, &expected).has("Isian Anda belum tersimpan"), "{path}");
        assert_eq!(site.get(PENDAMPING, &expected).location(), page);
    }
    let read = site.get(ANYONE, "/kelompok/OKI-1?semua=ya");
    assert_eq!(read.location(), "/masuk?lanjut=%2Fkelompok%2FOKI-1%3Fsemua%3Dya");
    assert!(!site.get(ANYONE, read.location()).has("belum tersimpan"));
}

#[test]
fn no_question_hides_another() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    for text in ["Mengapa alfa?", "Di mana tempatnya?"] {
        let reply = site.post(SUPERVISOR, &format!("{pertemuan}/tanya"), &[("text", text)]);
        assert_eq!(reply.status, 303, "{}", reply.body);
    }
    let home = site.get(PENDAMPING, "/");
    assert!(home.has("Mengapa alfa?") && home.has("Di mana tempatnya?"), "{}", home.main());
    let page = site.get(PENDAMPING, &pertemuan);
    assert!(page.has("menutup 2 pertanyaan"), "{}", page.main());
    let answer = format!("{pertemuan}/jawab");
    assert_eq!(site.post(PENDAMPING, &answer, &[("text", "Sakit, di balai.")]).status, 303);
    assert!(!site.get(PENDAMPING, "/").has("Pertanyaan untuk Anda"));
    site.post(SUPERVISOR, &format!("{pertemuan}/tanya"), &[("text", "Sudah sembuh?")]);
    let home = site.get(PENDAMPING, "/");
    assert!(home.has("Sudah sembuh?") && !home.has("Mengapa alfa?"), "{}", home.main());
    assert!(!site.get(PENDAMPING, &pertemuan).has("pertanyaan di atas"));
}

#[test]
fn a_name_like_a_persons_is_noticed() {
    let site = Site::new();
    let rename = |name: &str| {
        let version = site.app.state().group("OKI-1").unwrap().version.to_string();
        let fields = [("version", version.as_str()), ("nama", name)];
        let reply = site.post(ADMIN, "/kelompok/OKI-1/nama", &fields);
        assert_eq!(reply.status, 303, "{}", reply.body);
        site.get(ADMIN, reply.location())
    };
    assert!(rename("Bu Sari").has("mirip nama orang"));
    let api = site.get(ADMIN, "/api/v1/kelompok/OKI-1");
    assert!(api.has("\"warning\":\"Nama kelompok"), "{}", api.body);
    assert!(!site.get(PENDAMPING, "/kelompok/OKI-1").has("mirip nama orang"));
    assert!(!rename("Melati 2").has("mirip nama orang"));
    assert!(!site.get(ADMIN, "/api/v1/kelompok/OKI-1").has("warning"));
}

#[test]
fn an_address_that_takes_no_such_request_says_405_all_through() {
    let site = Site::new();
    let api = site.get(ADMIN, "/api/v1/pertemuan");
    assert_eq!(api.status, 405);
    assert!(api.has("\"status\":405"), "{}", api.body);
    let page = site.get(ADMIN, "/kelompok/OKI-1/anggota");
    assert_eq!(page.status, 405);
    assert!(page.has("Alamat ini tidak dapat dibuka seperti itu"), "{}", page.main());
}

#[test]
fn a_form_of_another_site_is_refused_in_words() {
    let site = Site::new();
    for origin in ["null", "https://contoh.id"] {
        let page =
            site.post_with(ADMIN, "/kelompok/OKI-1/nama", &[("nama", "x")], ("origin", origin));
        assert_eq!(page.status, 403, "{origin}");
        assert!(page.has("tidak berasal dari halaman situs ini"), "{origin}: {}", page.body);
    }
}

#[test]
fn a_parameter_that_cannot_be_meant_is_named() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let id = pertemuan.strip_prefix("/pertemuan/").unwrap();
    for (path, field) in [
        ("/api/v1/kelompok?limit=abc", "limit"),
        ("/api/v1/kelompok?cursor=zzz", "cursor"),
        ("/api/v1/kelompok?cursor=MGT-1", "cursor"),
        ("/api/v1/kelompok/OKI-1/pertemuan?cursor=x", "cursor"),
        ("/api/v1/kelompok/OKI-1/pertemuan?limit=-1", "limit"),
        ("/api/v1/kunjungan?dari=x", "dari"),
        ("/api/v1/kunjungan?sampai=x", "sampai"),
        ("/api/v1/kunjungan?dari=2026-02-01&sampai=2026-01-01", "dari"),
        ("/api/v1/kunjungan?cursor=x", "cursor"),
        ("/api/v1/pemeriksaan?terbuka=x", "terbuka"),
        ("/api/v1/cakupan?pada=x", "pada"),
    ] {
        let reply = site.get(SUPERVISOR, path);
        assert_eq!(reply.status, 422, "{path}: {}", reply.body);
        assert!(reply.has(&format!("\"field\":\"{field}\"")), "{path}: {}", reply.body);
    }
    let sesi = format!("/api/v1/sesi/{FIRST}?edisi=x");
    assert_eq!(site.get(SUPERVISOR, &sesi).status, 422);
    for path in [
        "/api/v1/kelompok?limit=1&cursor=OKI-1".to_owned(),
        format!("/api/v1/kelompok/OKI-1/pertemuan?cursor={id}"),
        "/api/v1/pemeriksaan?terbuka=ya".to_owned(),
    ] {
        assert_eq!(site.get(SUPERVISOR, &path).status, 200, "{path}");
    }
    let swapped = site.get(SUPERVISOR, "/kunjungan?dari=2026-06-01&sampai=2026-01-01");
    assert!(swapped.status == 200 && swapped.has("keduanya ditukar"), "{}", swapped.body);
    for path in ["/cakupan?pada=2026-06-01", "/laporan?bulan=2026-05", "/kunjungan"] {
        let page = site.get(SUPERVISOR, path);
        assert!(!page.has("belum tiba") && !page.has("ditukar"), "{path}");
    }
}

#[test]
fn ids_and_numbers_of_a_program_are_checked() {
    let site = Site::new();
    let send = |id: &str, langkah: &str| {
        let body = format!(
            r#"{{"id":"{id}","kelompok":"OKI-1","date":"2026-11-20","sesi":[{{"id":"{FIRST}","extent":"sebagian","langkah":{langkah}}}],"present":23,"sick":1,"absent":1}}"#
        );
        site.post_json(PENDAMPING, "/api/v1/pertemuan", &body)
    };
    for (id, langkah, field, words) in [
        ("00000000-0000-0000-0000-000000000000", "[1]", "id", "UUID versi 7"),
        ("9f3c1f0e-5d6e-4f80-9a1b-2c3d4e5f6071", "[1]", "id", "UUID versi 7"),
        (
            "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
            "[300]",
            "sesi.0.langkah",
            "300, yang terlalu besar",
        ),
        ("019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071", "[\"1\"]", "sesi.0.langkah", "daftar bilangan"),
        ("019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071", "[1.5]", "sesi.0.langkah", "daftar bilangan"),
    ] {
        let reply = send(id, langkah);
        assert_eq!(reply.status, 422, "{id} {langkah}: {}", reply.body);
        assert!(reply.has(&format!("\"field\":\"{field}\"")), "{}", reply.body);
        assert!(reply.has(words), "{langkah}: {}", reply.body);
    }
    assert_eq!(send("019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071", "[1]").status, 201);
}

#[test]
fn who_handed_a_kelompok_over_is_told_until_when_she_records() {
    let site = Site::new();
    let version = site.app.state().group("OKI-1").unwrap().version;
    assert!(!site.get(PENDAMPING, RECORD).has("sudah diserahterimakan"));
    system(
        &site.app,
        Command::Assign {
            kelompok: "OKI-1".parse().unwrap(),
            from: "2026-11-15".parse().unwrap(),
            account: None,
            version,
        },
    );
    let form = site.get(PENDAMPING, RECORD);
    for said in ["sudah diserahterimakan", "sampai tanggal 14 November 2026", "14 Desember 2026"] {
        assert!(form.has(said), "{said}: {}", form.body);
    }
    assert_eq!(field(&form, "date"), "2026-11-14");
}

#[test]
fn a_stray_zero_in_a_file_names_its_line() {
    let reading = wilayah(b"kode,nama\n16,Suma\0tera\n35,Jawa Timur\n", Limits::local()).unwrap();
    let errors = reading.notes.errors;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].line, 2);
    assert!(errors[0].message.contains("NUL"), "{errors:?}");
    assert!(wilayah(&[0; 2_000], Limits::local()).is_err(), "no text at all");
}
