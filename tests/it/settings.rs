//! Settings and editions of places, in the pure core.

use jiff::civil::Date;
use p2k2::command::{Actor, Command};
use p2k2::decide::Refusal;
use p2k2::decide::import::{Import, Row, Rows, WilayahRow};
use p2k2::decide::places::{AliasRow, EditionRows, PetaRow};
use p2k2::event::Setting;
use p2k2::kelompok::rules::{Kind, Rules, TargetSet};
use p2k2::kelompok::siksng::Crosswalk;
use p2k2::kelompok::wilayah::Kode;
use p2k2::people::account::{Grant, Role};
use p2k2::state::State;

use crate::support::{PENDAMPING, SUPERVISOR, World, record, request};

fn kode(text: &str) -> Kode {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn change(from: &str, setting: Setting) -> Command {
    Command::ChangeSetting { from: day(from), setting: Box::new(setting), version: None }
}

fn rows<T>(values: impl IntoIterator<Item = T>) -> Vec<Row<T>> {
    (2..).zip(values).map(|(line, value)| Row { line, value }).collect()
}

fn import(rows: Rows) -> Command {
    Command::Import(Box::new(Import { rows, skip_bad: false }))
}

fn target(area: &str, from: &str, sesi: &[&str]) -> Setting {
    let sesi = sesi.iter().map(|sesi| sesi.parse().unwrap()).collect();
    Setting::Target(TargetSet { area: kode(area), from: day(from), sesi })
}

#[test]
fn every_bad_setting_is_refused_with_its_field() {
    let mut world = World::district();
    let rules = |with: fn(&mut Rules)| {
        let mut rules = Rules::default();
        with(&mut rules);
        Setting::Rules(rules)
    };
    let kind = |id: &str, name: &str| Kind {
        id: id.to_owned(),
        name: name.to_owned(),
        counts: true,
        everyone: false,
    };
    let with_kind = |id: &str, name: &str| {
        let mut rules = Rules::default();
        rules.kinds.push(kind(id, name));
        Setting::Rules(rules)
    };
    let today = "2026-11-21";
    let cases = [
        ("from", "berlaku surut", change("2026-11-20", Setting::PublicReading(false))),
        ("from", "sejak hari ini", change("2026-11-22", Setting::PublicReading(false))),
        ("from", "sejak hari ini", change("2026-11-22", Setting::FolioWidth(210))),
        (
            "min_present_percent",
            "0 sampai 100",
            change(today, rules(|one| one.min_present_percent = 101)),
        ),
        ("on_time_day", "1 sampai 28", change(today, rules(|one| one.on_time_day = 0))),
        ("kinds", "tidak dapat dihapus", change(today, rules(|one| drop(one.kinds.remove(0))))),
        (
            "kinds",
            "harus dihitung",
            change(today, rules(|one| one.kinds.iter_mut().for_each(|kind| kind.counts = false))),
        ),
        ("kinds", "dua kali", change(today, with_kind("daring", "Daring lagi"))),
        ("kinds", "tidak dapat dipakai", change(today, with_kind("Rapat Besar", "Rapat"))),
        ("kinds", "Tulis nama", change(today, with_kind("rapat", ""))),
        ("area", "belum ada", change(today, target("99", today, &["sesi-a"]))),
        ("from", "berbeda", change(today, target("16", "2027-01-01", &["sesi-a"]))),
        ("sesi", "paling sedikit satu", change(today, target("16", today, &[]))),
        ("sesi", "tidak dikenal", change(today, target("16", today, &["sesi-z"]))),
        ("sesi", "dua kali", change(today, target("16", today, &["sesi-a", "sesi-a"]))),
        ("tema", "1 sampai", change(today, Setting::Tema(vec![" ".to_owned()]))),
        ("width", "210 atau 215", change(today, Setting::FolioWidth(300))),
        (
            "category",
            "paling banyak",
            change(today, Setting::Crosswalk(Crosswalk::of(&[("m", &"x".repeat(200))], &[], ""))),
        ),
    ];
    for (at, (field, words, command)) in cases.into_iter().enumerate() {
        let before = world.state.clone();
        let refusal = world.system(60 + at as u128, command).unwrap_err();
        assert_eq!(world.state, before);
        let Refusal::Invalid(errors) = refusal else { panic!("{field}: {refusal:?}") };
        assert_eq!(errors[0].field, field, "{errors:?}");
        assert!(errors[0].message.contains(words), "{errors:?}");
    }
}

#[test]
fn a_supervisor_sets_targets_of_the_own_area_and_nothing_else() {
    let mut world = World::district();
    let today = "2026-11-21";
    let own = change(today, target("16.02", today, &["sesi-b"]));
    world.run(&request(60, SUPERVISOR, own.clone())).unwrap();
    for (id, actor, command) in [
        (61, PENDAMPING, own),
        (62, SUPERVISOR, change(today, target("35.20", today, &["sesi-b"]))),
        (63, SUPERVISOR, change(today, target("16", today, &["sesi-b"]))),
        (64, SUPERVISOR, change(today, Setting::PublicReading(false))),
    ] {
        let refusal = world.run(&request(id, actor, command)).unwrap_err();
        assert!(matches!(refusal, Refusal::Forbidden(_)), "{id} {refusal:?}");
    }
    let names = |state: &State, on: &str| -> Vec<String> {
        let sesi = state.target(kode("16.02.05.1001"), day(on));
        sesi.iter().map(|ix| state.sesi_at(*ix).unwrap().id.to_string()).collect()
    };
    assert_eq!(names(&world.state, today), ["sesi-b"]);
    assert_eq!(names(&world.state, "2026-11-20"), ["sesi-a", "sesi-b", "sesi-c"]);
}

#[test]
fn no_change_of_a_setting_changes_what_was_counted_before() {
    let mut world = World::district();
    let record = |date: &str| Command::Record(Box::new(record(date)));
    world.run(&request(50, PENDAMPING, record("2026-11-20"))).unwrap();
    let before = world.state.totals(Kode::NASIONAL, day("2026-11-20"));
    let mut rules = Rules { min_present_percent: 90, ..Rules::default() };
    rules.kinds.retain(|kind| kind.id != "daring");
    let today = "2026-11-21";
    let sesi = "sesi-a".parse().unwrap();
    for (id, setting) in [
        (60, Setting::Rules(rules)),
        (61, target("16", today, &["sesi-b"])),
        (62, Setting::PrintedBook { sesi, generation: 3 }),
        (63, Setting::Crosswalk(Crosswalk::of(&[("satu", "Lain")], &[], ""))),
        (64, Setting::Tema(vec!["Kesehatan ".to_owned(), "kesehatan".to_owned()])),
        (65, Setting::FolioWidth(210)),
    ] {
        world.system(id, change(today, setting)).unwrap();
    }
    assert_eq!(world.state.totals(Kode::NASIONAL, day("2026-11-20")), before);
    world.run(&request(66, PENDAMPING, record(today))).unwrap();
    let group = world.state.group("OKI-1").unwrap();
    let counts: Vec<bool> =
        group.fakta.iter().map(|one| world.state.setting().counts(&one)).collect();
    assert_eq!(counts, [true, false], "20 of 25 are enough until the day before");
    let info = world.state.sesi_info(0).unwrap();
    assert_eq!((*info.printed.on(day("2026-11-20")), *info.printed.on(day(today))), (1, 3));
    assert_eq!(world.state.crosswalk.on(day("2026-11-20")), &Crosswalk::shipped());
    assert_eq!(world.state.tema, ["kesehatan"]);
    assert_eq!(world.state.setting_changes().len(), 6);
}

fn admin(world: &mut World, area: &str) -> Actor {
    let command = Command::CreateAccount {
        login: format!("admin-{}", area.replace('.', "")),
        name: "Admin".to_owned(),
        grants: vec![Grant { role: Role::Admin, area: kode(area) }],
    };
    let id = world.state.next_account();
    world.system(2_000 + u128::from(id.0), command).unwrap();
    Actor::Account(id)
}

fn peta(pairs: &[(&str, &str)]) -> Rows {
    Rows::WilayahPeta(rows(
        pairs.iter().map(|(old, new)| PetaRow { old: kode(old), new: kode(new) }),
    ))
}

#[test]
fn a_code_that_changes_moves_nobody() {
    let mut world = World::district();
    let suspend = Command::Suspend {
        target: p2k2::event::SuspensionTarget::Wilayah(kode("16.02.05")),
        from: day("2026-03-01"),
        to: None,
        reason: "banjir".to_owned(),
    };
    world.run(&request(50, SUPERVISOR, suspend)).unwrap();
    world.run(&request(51, PENDAMPING, Command::Record(Box::new(record("2026-11-20"))))).unwrap();
    let totals = world.state.totals(kode("16.02"), day("2026-11-20"));
    let version = world.state.group("OKI-1").unwrap().version;
    world.system(60, import(peta(&[("16.02", "17.08")]))).unwrap_err();
    let list = Rows::Wilayah(rows([WilayahRow { kode: kode("17"), name: "Bengkulu".to_owned() }]));
    world.system(61, import(list)).unwrap();
    world
        .system(62, import(peta(&[("16.02", "17.08"), ("16.02.05.1001", "17.08.05.2009")])))
        .unwrap();
    let state = &world.state;
    let group = state.group("OKI-1").unwrap();
    assert_eq!(group.home(Date::MAX), kode("17.08.05.2009"));
    assert_eq!((group.desa.len(), group.version), (1, version), "nothing happened to the kelompok");
    assert_eq!(state.totals(kode("17.08"), day("2026-11-20")), totals);
    assert_eq!(state.groups_in(kode("16")).count(), 0);
    assert!(state.suspended(group, day("2026-11-20")));
    assert_eq!(state.place(kode("17.08.05")), "Kayu Agung");
    assert_eq!(state.current_kode(kode("16.02.05.1001")), kode("17.08.05.2009"));
    assert!(!state.wilayah.contains_key(&kode("16.02.05")));
    // Who looked after the place does so still, and a file with the old codes is understood.
    let ask = Command::Ask { id: uuid::Uuid::from_u128(51), text: "Apa benar?".to_owned() };
    world.run(&request(63, SUPERVISOR, ask)).unwrap();
    let again = world.system(64, import(peta(&[("16.02", "17.08")]))).unwrap();
    assert_eq!(again, p2k2::decide::Decision::Events(Vec::new()));
}

#[test]
fn every_bad_row_of_a_map_is_named() {
    let mut world = World::district();
    let bad = [
        (("16.02.99", "16.02.98"), "tidak ada di daftar"),
        (("16.02.05", "16.03"), "bukan setingkat"),
        (("16.02.05", "16.02.05"), "tidak berubah"),
        (("16.02.05", "16.88.01"), "belum ada"),
    ];
    for (at, (pair, words)) in bad.into_iter().enumerate() {
        let refusal = world.system(60 + at as u128, import(peta(&[pair]))).unwrap_err();
        let Refusal::Invalid(errors) = &refusal else { panic!("{refusal:?}") };
        assert!(errors[0].message.contains(words), "{errors:?}");
        assert!(errors[0].field.starts_with("baris 2"), "{errors:?}");
    }
    let admin = admin(&mut world, "35");
    let refusal = world.run(&request(70, admin, import(peta(&[("16.02", "16.03")])))).unwrap_err();
    assert!(refusal.to_string().contains("wewenang"), "{refusal}");
}

#[test]
fn codes_may_be_exchanged_and_joined() {
    let mut world = World::district();
    let places = [("16.02.06", "Lempuing"), ("16.02.06.2001", "Tugu"), ("16.02.06.2002", "Tulung")];
    let list = places.map(|(code, name)| WilayahRow { kode: kode(code), name: name.to_owned() });
    world.system(60, import(Rows::Wilayah(rows(list)))).unwrap();
    let swap = [("16.02.06.2001", "16.02.06.2002"), ("16.02.06.2002", "16.02.06.2001")];
    world.system(61, import(peta(&swap))).unwrap();
    assert_eq!(world.state.place(kode("16.02.06.2002")), "Tugu");
    assert_eq!(world.state.place(kode("16.02.06.2001")), "Tulung");
    assert_eq!(world.state.current_kode(kode("16.02.06.2001")), kode("16.02.06.2001"));
    let joined = [("16.02.05.1001", "16.02.06.2001"), ("16.02.06.2002", "16.02.06.2001")];
    world.system(62, import(peta(&joined))).unwrap();
    assert_eq!(world.state.groups_in(kode("16.02.06.2001")).count(), 1);
    assert_eq!(world.state.aliases(kode("16.02.06.2001")), ["Jua-jua", "Tugu"]);
    assert!(world.state.named(kode("16.02.06.2001"), "jua jua"));
}

fn edition(name: &str, places: &[(&str, &str)]) -> Command {
    let rows = rows(
        places.iter().map(|(code, name)| WilayahRow { kode: kode(code), name: (*name).to_owned() }),
    );
    let date = day("2026-06-01");
    import(Rows::WilayahEdition(EditionRows { name: name.to_owned(), date, rows }))
}

#[test]
fn a_newer_list_names_what_it_no_longer_holds() {
    let mut world = World::district();
    let list = [
        ("16", "Sumatera Selatan"),
        ("16.02", "Ogan Komering Ilir"),
        ("16.02.05", "Kayuagung"),
        ("16.02.05.1002", "Sidakersa"),
    ];
    let admin = admin(&mut world, "16");
    assert!(world.run(&request(60, admin, edition("Daftar 2026", &list))).is_err());
    world.system(61, edition("Daftar 2026", &list)).unwrap();
    let state = &world.state;
    let orphans = state.orphans();
    assert_eq!(orphans.len(), 1);
    assert_eq!((orphans[0].0, orphans[0].1.len()), (kode("16.02.05.1001"), 1));
    assert!(state.wilayah.contains_key(&kode("35.20.07")), "the list says nothing of Magetan");
    let below = |state: &State| -> Vec<String> {
        state.places_below(kode("16.02.05")).map(|(_, name)| name.to_owned()).collect()
    };
    assert_eq!(below(state), ["Jua-jua", "Sidakersa"], "a kelompok belongs there still");
    assert_eq!(state.places.editions.len(), 1);
    let seq = state.seq;
    let again = world.system(62, edition("Daftar 2026", &list)).unwrap();
    assert_eq!(again, p2k2::decide::Decision::Events(Vec::new()));
    world.system(63, import(peta(&[("16.02.05.1001", "16.02.05.1002")]))).unwrap();
    assert!(world.state.orphans().is_empty() && world.state.seq > seq);
    assert_eq!(below(&world.state), ["Sidakersa"]);
}

#[test]
fn places_go_by_all_of_their_names() {
    let mut world = World::district();
    let alias = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        import(Rows::WilayahAlias(rows([AliasRow { kode: kode("16.02.05"), names }])))
    };
    world.system(60, alias(&["Kota Kayuagung", "Kayu Agung", " ", "KAG"])).unwrap();
    assert_eq!(world.state.aliases(kode("16.02.05")), ["KAG", "Kota Kayuagung"]);
    assert!(world.state.named(kode("16.02.05"), "kag"));
    assert!(!world.state.named(kode("35.20.07"), "kag"));
    let names = vec![String::new()];
    let place = Command::NamePlace { kode: kode("16.02.05"), names };
    assert!(world.run(&request(61, PENDAMPING, place.clone())).is_err());
    world.system(62, place).unwrap();
    assert!(world.state.aliases(kode("16.02.05")).is_empty());
}

#[test]
fn a_file_may_name_places() {
    use p2k2::transfer::read::{self, Limits};
    let mut world = World::district();
    let more = [("16.02.06", "Sirah Pulau Padang"), ("16.02.06.2001", "Jua Jua")];
    let list = more.map(|(code, name)| WilayahRow { kode: kode(code), name: name.to_owned() });
    world.system(60, import(Rows::Wilayah(rows(list)))).unwrap();
    let names = world.state.place_names();
    let find = |text: &str| {
        names.find(text, p2k2::kelompok::wilayah::Level::Desa).map_err(|error| error.to_string())
    };
    for (typed, expected) in [
        ("Pacalan", Ok("35.20.07.2014")),
        ("juajua / Kayuagung", Ok("16.02.05.1001")),
        ("Jua-Jua/SP Padang", Ok("16.02.06.2001")),
        ("Jua-jua", Err("Ada 2 wilayah")),
        ("Kayu Agung", Err("tidak ada di daftar")),
        ("", Err("tidak ada di daftar")),
    ] {
        match (find(typed), expected) {
            (Ok(found), Ok(code)) => assert_eq!(found, kode(code), "{typed}"),
            (Err(said), Err(words)) => assert!(said.contains(words), "{typed}: {said}"),
            other => panic!("{typed}: {other:?}"),
        }
    }
    let file = "id,nama,kode_desa,anggota,pendamping,mulai\n\
        a,Mawar,Pacalan|16.02.05.1001,20,,2026-01-01\n\
        b,Melur,Entah,20,,2026-01-01\n";
    let reading = read::kelompok_named(file.as_bytes(), Limits::default(), &find).unwrap();
    let Rows::Kelompok(rows) = reading.rows else { panic!("another kind") };
    assert_eq!(rows[0].value.desa, [kode("35.20.07.2014"), kode("16.02.05.1001")]);
    assert_eq!(reading.notes.errors.len(), 1);
    assert!(reading.notes.errors[0].message.contains("Entah"));
    assert_eq!(read::kelompok(file.as_bytes(), Limits::default()).unwrap().notes.errors.len(), 2);
}

#[test]
fn rights_may_be_given_by_the_name_of_a_place() {
    use p2k2::transfer::read::{self, Limits};
    let mut world = World::district();
    let more = [("16.02.06", "Magetan")];
    let list = more.map(|(code, name)| WilayahRow { kode: kode(code), name: name.to_owned() });
    world.system(60, import(Rows::Wilayah(rows(list)))).unwrap();
    let names = vec!["Kota Kayuagung".to_owned()];
    let alias = AliasRow { kode: kode("16.02.05"), names };
    world.system(61, import(Rows::WilayahAlias(rows([alias])))).unwrap();
    let names = world.state.place_names();
    let find = |text: &str| names.find_any(text).map_err(|error| error.to_string());
    let file = "login,nama,peran,wilayah\n\
        ibu-a,Ibu A,supervisor,Ogan Komering Ilir|16.02.06\n\
        ibu-b,Ibu B,pendamping,kota kayuagung\n\
        ibu-c,Ibu C,pelatih,nasional\n\
        ibu-d,Ibu D,supervisor,Magetan\n\
        ibu-e,Ibu E,supervisor,Entah\n\
        ibu-f,Ibu F,supervisor,Magetan/Jawa Timur\n";
    let reading = read::pengguna_named(file.as_bytes(), Limits::default(), &find).unwrap();
    let Rows::Pengguna(users) = reading.rows else { panic!("another kind") };
    let areas = users.iter().map(|row| {
        let areas: Vec<String> = row.value.grants.iter().map(|one| one.area.to_string()).collect();
        format!("{} {}", row.value.login, areas.join("|"))
    });
    let areas: Vec<String> = areas.collect();
    assert_eq!(areas, ["ibu-a 16.02|16.02.06", "ibu-b 16.02.05", "ibu-c nasional", "ibu-f 35.20"]);
    // A kabupaten and a kecamatan of one name: the file must say which, so that no one gets more.
    let said: Vec<(u32, &str)> =
        reading.notes.errors.iter().map(|one| (one.line, one.message.as_str())).collect();
    assert_eq!((said.len(), said[0].0, said[1].0), (2, 5, 6));
    assert!(said[0].1.contains("Ada 2 wilayah") && said[1].1.contains("Entah"), "{said:?}");
}

#[test]
fn the_list_of_the_whole_country_is_entered() {
    let mut world = World::district();
    let mut places = Vec::new();
    for provinsi in 41..79_u32 {
        places.push((format!("{provinsi}"), 0));
        for kabupaten in 1..14_u32 {
            places.push((format!("{provinsi}.{kabupaten:02}"), 0));
            for kecamatan in 1..15_u32 {
                let parent = format!("{provinsi}.{kabupaten:02}.{kecamatan:02}");
                places.push((parent.clone(), 0));
                places.extend((1..13).map(|desa| (format!("{parent}.2{desa:03}"), desa)));
            }
        }
    }
    assert!(places.len() > 89_000);
    let list =
        |_: ()| {
            rows(places.iter().map(|(code, desa)| WilayahRow {
                kode: kode(code),
                name: format!("Tempat {desa}"),
            }))
        };
    let date = day("2026-06-01");
    let edition =
        |rows| import(Rows::WilayahEdition(EditionRows { name: "Seluruh".to_owned(), date, rows }));
    world.system(60, edition(list(()))).unwrap();
    assert_eq!(world.state.wilayah.len(), places.len() + 8);
    assert_eq!(world.state.places_below(Kode::NASIONAL).count(), 38 + 2);
    let Ok(p2k2::decide::Decision::Events(again)) = world.system(61, edition(list(()))) else {
        panic!("the same list again was refused")
    };
    assert!(again.is_empty(), "{} events", again.len());
    // A provinsi is split: half of its kabupaten go with all that they hold.
    let new = WilayahRow { kode: kode("79"), name: "Baru".to_owned() };
    world.system(62, import(Rows::Wilayah(rows([new])))).unwrap();
    let split: Vec<_> = (1..8).map(|n| (format!("41.{n:02}"), format!("79.{n:02}"))).collect();
    let split: Vec<_> = split.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    world.system(63, import(peta(&split))).unwrap();
    assert_eq!(world.state.places_below(kode("79")).count(), 7);
    assert_eq!(world.state.places_below(kode("79.01.01")).count(), 12);
    assert_eq!(world.state.wilayah.len(), places.len() + 9);
}
