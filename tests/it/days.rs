//! What is asked of a kelompok before it is taken: days that can be meant, members, somebody who
//! can meet it.

use jiff::civil::{Date, date};
use p2k2::command::{Command, GroupChange, HolidayChange, PartInput, Versioned};
use p2k2::decide::import::{Import, KelompokRow, Row, Rows, plan};
use p2k2::decide::{Decision, Refusal};
use p2k2::event::{Event, Setting, SuspensionTarget};
use p2k2::ids::AccountId;
use p2k2::kelompok::rules::{Holiday, Holidays};
use p2k2::people::account::{Grant, Role};
use p2k2::people::policy::Viewer;

use crate::support::http::Site;
use crate::support::{World, start};

const DESA: &str = "16.02.05.1001";
const AREA: &str = "16.02";

/// What is said to a command: its errors, or what was refused; empty where it was accepted.
fn said(world: &mut World, id: u128, command: Command) -> String {
    match world.system(id, command) {
        Ok(_) => String::new(),
        Err(Refusal::Invalid(errors)) => {
            let all = errors.iter().map(|one| format!("{}: {}", one.field, one.message));
            all.collect::<Vec<_>>().join("\n")
        }
        Err(other) => other.to_string(),
    }
}

fn row(members: u16, start: Date, pendamping: Option<&str>) -> Row<KelompokRow> {
    let value = KelompokRow {
        id: "OKI-7".parse().unwrap(),
        name: "Anggrek".to_owned(),
        desa: vec![DESA.parse().unwrap()],
        members,
        pendamping: pendamping.map(|login| login.parse().unwrap()),
        start,
    };
    Row { line: 7, value }
}

fn create(members: u16, start: Date, pendamping: Option<&str>) -> Command {
    let KelompokRow { id, name, desa, members, pendamping, start } =
        row(members, start, pendamping).value;
    Command::CreateGroup { id, name, desa, members, start, pendamping }
}

fn import(row: Row<KelompokRow>) -> Command {
    Command::Import(Box::new(Import { rows: Rows::Kelompok(vec![row]), skip_bad: false }))
}

#[test]
fn a_kelompok_begins_on_a_day_that_can_be_meant_with_somebody_in_it() {
    const OLD: &str = "lebih awal dari PKH sendiri, yang dimulai tahun 2007";
    for (members, start, wrong) in [
        (20, date(1, 1, 1), Some(("mulai", OLD))),
        (20, date(1900, 5, 5), Some(("mulai", OLD))),
        (20, date(2006, 12, 31), Some(("mulai", OLD))),
        (20, date(2007, 1, 1), None),
        (20, date(2027, 11, 21), None),
        (20, date(2027, 11, 24), Some(("mulai", "lebih dari setahun lagi"))),
        (20, date(9990, 1, 1), Some(("mulai", "lebih dari setahun lagi"))),
        (0, date(2025, 1, 1), Some(("anggota", "paling sedikit 1"))),
        (1, date(2025, 1, 1), None),
        (500, date(2025, 1, 1), None),
        (501, date(2025, 1, 1), Some(("anggota", "Paling banyak 500"))),
    ] {
        let form = said(&mut World::district(), 50, create(members, start, None));
        let file = said(&mut World::district(), 51, import(row(members, start, None)));
        let Some((field, words)) = wrong else {
            assert_eq!((form.as_str(), file.as_str()), ("", ""), "{members} {start}");
            continue;
        };
        assert!(form.starts_with(&format!("{field}: ")) && form.contains(words), "{form}");
        assert!(file.starts_with(&format!("baris 7: {field}: ")) && file.contains(words), "{file}");
    }
}

#[test]
fn a_file_that_repeats_what_an_older_journal_holds_has_no_bad_line() {
    let mut world = World::district();
    let created = Event::KelompokCreated {
        id: "OKI-7".parse().unwrap(),
        name: "Anggrek".to_owned(),
        desa: vec![DESA.parse().unwrap()],
        members: 0,
        start: date(1900, 5, 5),
    };
    let (mut info, _) = world.lines.last().unwrap().clone();
    (info.seq, info.command) = (world.state.seq + 1, uuid::Uuid::from_u128(1 << 90));
    world.state.apply_line(&info, &[created]);
    let repeated = world.system(60, import(row(0, date(1900, 5, 5), None))).unwrap();
    assert_eq!(repeated, Decision::Events(Vec::new()));
    assert_eq!(said(&mut world, 61, import(row(12, date(1900, 5, 5), None))), "");
    let emptied = said(&mut world, 62, import(row(0, date(1900, 5, 5), None)));
    assert!(emptied.starts_with("baris 7: anggota: "), "{emptied}");
}

#[test]
fn a_suspension_ends_and_holidays_lie_on_days_that_can_be_meant() {
    let mut world = World::district();
    let target = SuspensionTarget::Wilayah(AREA.parse().unwrap());
    let (from, reason) = (date(2026, 11, 1), "banjir".to_owned());
    assert_eq!(said(&mut world, 50, Command::Suspend { target, from, to: None, reason }), "");
    let suspension = world.state.seq;
    let resume = |to| Command::Resume { suspension, to, kelompok: None };
    let far = said(&mut world, 51, resume(date(9990, 1, 1)));
    assert!(far.starts_with("to: ") && far.contains("lebih dari setahun lagi"), "{far}");
    assert_eq!(said(&mut world, 52, resume(date(2026, 12, 1))), "");

    let holiday = |from, to| Holiday { from, to, name: "Libur".to_owned() };
    let area = AREA.parse().unwrap();
    let set = |from, list| Command::ChangeSetting {
        from,
        setting: Box::new(Setting::Holidays(Holidays { area, list })),
        version: None,
    };
    let today = date(2026, 11, 21);
    for (id, (from, first, last, fields)) in (60..).zip([
        (today, date(9990, 1, 1), date(9990, 1, 2), "dari sampai"),
        (today, date(1990, 1, 1), date(1990, 1, 2), "dari sampai"),
        (today, date(2028, 11, 20), date(2028, 11, 30), "sampai"),
        // All of next year is known when its holidays are announced, and plans reach beyond.
        (today, date(2027, 12, 25), date(2027, 12, 26), ""),
        (date(9990, 1, 1), date(2027, 12, 25), date(2027, 12, 26), "from"),
    ]) {
        let words = said(&mut world, id, set(from, vec![holiday(first, last)]));
        let found: Vec<&str> =
            words.lines().filter_map(|line| Some(line.split_once(':')?.0)).collect();
        assert_eq!(found.join(" "), fields, "{first}: {words}");
    }
    let version = world.state.holidays_version(area);
    let add = holiday(date(9990, 1, 1), date(9990, 1, 2));
    let change = HolidayChange::Add(add.clone());
    let words = said(&mut world, 70, Command::ChangeHolidays { area, change, version });
    assert!(words.starts_with("dari: "), "{words}");

    // One of an older journal stands in nobody's way, and can be taken back.
    let (mut info, _) = world.lines.last().unwrap().clone();
    (info.seq, info.command) = (world.state.seq + 1, uuid::Uuid::from_u128(1 << 90));
    let list = vec![add];
    let setting = Box::new(Setting::Holidays(Holidays { area, list }));
    world.state.apply_line(&info, &[Event::SettingChanged { from: today, setting }]);
    for (id, change) in [
        (80, HolidayChange::Add(holiday(date(2027, 3, 1), date(2027, 3, 2)))),
        (81, HolidayChange::Remove(1)),
    ] {
        let version = world.state.holidays_version(area);
        assert_eq!(said(&mut world, id, Command::ChangeHolidays { area, change, version }), "");
    }
    assert_eq!(world.state.holidays_of(area).len(), 1);
}

fn of(world: &World, id: &str) -> Versioned {
    let group = world.state.group(id).unwrap();
    Versioned { id: group.id.clone(), version: group.version }
}

/// A district with a second pendamping of the first kabupaten, whose account is disabled.
fn with_disabled() -> (World, AccountId) {
    let mut world = World::district();
    let grants = vec![Grant { role: Role::Pendamping, area: AREA.parse().unwrap() }];
    let (login, name) = ("pendamping-9".to_owned(), "Ibu Sembilan".to_owned());
    world.system(40, Command::CreateAccount { login, name, grants }).unwrap();
    let id = world.state.account_by_login(&"pendamping-9".parse().unwrap()).unwrap().id;
    world.system(41, create(20, date(2025, 1, 1), Some("pendamping-9"))).unwrap();
    let (name, grants) = (None, None);
    world.system(42, Command::ChangeAccount { id, name, grants, disabled: Some(true) }).unwrap();
    (world, id)
}

#[test]
fn nobody_whose_account_is_disabled_is_given_a_kelompok() {
    let (mut world, disabled) = with_disabled();
    let from = date(2026, 11, 20);
    let (one, other) = (of(&world, "OKI-1"), of(&world, "OKI-7"));
    let account = Some(disabled);
    let assign = Command::Assign { kelompok: one.id.clone(), from, account, version: one.version };
    let together = Command::ChangeMany {
        kelompok: vec![one.clone()],
        change: GroupChange::Assign { from, account },
    };
    let handed = Command::HandOver {
        from: AccountId(1),
        to: disabled,
        kelompok: vec![one.clone()],
        day: from,
    };
    let merged = Command::Merge {
        parents: vec![one, other],
        id: "OKI-10".parse().unwrap(),
        name: "Kenanga".to_owned(),
        pendamping: account,
        on: from,
        reason: "anggota berkurang".to_owned(),
    };
    let mut entered = row(20, from, Some("pendamping-9"));
    entered.value.id = "OKI-8".parse().unwrap();
    let created = Command::CreateGroup {
        id: entered.value.id.clone(),
        name: "Mawar".to_owned(),
        desa: entered.value.desa.clone(),
        members: 20,
        start: from,
        pendamping: entered.value.pendamping.clone(),
    };
    let mut taken = entered.clone();
    taken.value.id = "OKI-1".parse().unwrap();
    taken.value.members = 25;
    for (at, (command, field)) in (50..).zip([
        (assign, "pendamping"),
        (together, "pendamping"),
        (handed, "kepada"),
        (merged, "pendamping"),
        (created, "pendamping"),
        (import(entered), "baris 7: pendamping"),
        (import(taken), "baris 7: pendamping"),
    ]) {
        let words = said(&mut world, at, command);
        let expected = format!("{field}: Akun “pendamping-9” nonaktif. Pilih pendamping lain.");
        assert_eq!(words, expected, "{at}");
    }
}

#[test]
fn who_meets_a_kelompok_already_stays_and_its_parts_wait_for_another() {
    let (mut world, disabled) = with_disabled();
    let (from, account) = (date(2026, 11, 20), Some(disabled));
    // What is as it was needs nobody's account; so the file can be sent once more.
    let same = row(20, date(2025, 1, 1), Some("pendamping-9"));
    let again = Rows::Kelompok(vec![same.clone()]);
    let plan = plan(&world.state, Viewer::System, &again, start());
    assert!(plan.errors.is_empty() && plan.events.is_empty() && plan.same == 1, "{plan:?}");
    assert_eq!(world.system(70, import(same)).unwrap(), Decision::Events(Vec::new()));
    // The parts of one whose pendamping left wait for another.
    let part = |id: &str| PartInput {
        id: id.parse().unwrap(),
        name: format!("Bagian {id}"),
        members: Some(10),
        seats: Vec::new(),
    };
    let (parent, into) = (of(&world, "OKI-7"), vec![part("OKI-71"), part("OKI-72")]);
    let reason = "terlalu besar".to_owned();
    assert_eq!(said(&mut world, 71, Command::Split { parent, into, on: from, reason }), "");
    let met = ["OKI-7", "OKI-71", "OKI-72"].map(|id| {
        let group = world.state.group(id).unwrap();
        (group.pendamping(date(2026, 11, 1)), group.pendamping(from))
    });
    assert_eq!(met, [(account, account), (None, None), (None, None)]);
}

#[test]
fn the_form_and_the_api_say_it_beside_the_field() {
    let site = Site::new();
    for (mulai, anggota, words) in [
        ("1900-05-05", "20", "yang dimulai tahun 2007"),
        ("9990-01-01", "20", "lebih dari setahun lagi"),
    ] {
        let form = site.get("admin-1", "/tambah-kelompok");
        let id = form.hidden("id");
        let fields = [
            ("id", id.as_str()),
            ("kelompok", "OKI-7"),
            ("nama", "Anggrek"),
            ("desa", DESA),
            ("anggota", anggota),
            ("pendamping", ""),
            ("mulai", mulai),
        ];
        let reply = site.post("admin-1", "/tambah-kelompok", &fields);
        assert!(reply.status == 422 && reply.has(words), "{mulai}: {}", reply.main());
        assert!(reply.has("value=\"Anggrek\""), "what was typed stays");
    }
    let body = r#"{"id":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071","version":0,"list":[{"from":"9990-01-01","to":"9990-01-02","name":"Libur"}]}"#;
    let reply = site.post_json("supervisor-1", "/api/v1/wilayah/16.02/libur", body);
    assert!(reply.status == 422 && reply.has("lebih dari dua tahun lagi"), "{}", reply.body);
}
