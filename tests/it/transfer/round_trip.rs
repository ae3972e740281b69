//! What was exported is imported again, and nothing changes.

use std::collections::HashMap;

use jiff::civil::date;
use p2k2::command::Command;
use p2k2::decide::import::{Plan, Rows};
use p2k2::demo::{District, Params};
use p2k2::event::Event;
use p2k2::kelompok::pertemuan::{Pertemuan, PertemuanId};
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::state::State;
use p2k2::state::rollup::Per;
use p2k2::transfer::write::{self, Format, Headings, Output};

use super::{World, good, now};

/// A district in a state, with the full texts of its pertemuan as a history would hold them.
pub(super) struct Full {
    pub(super) world: World,
    pub(super) records: HashMap<PertemuanId, Pertemuan>,
}

/// Brings a made-up district into a state, in the order in which a program has to.
pub(super) fn settle(district: District) -> Full {
    let mut world = World::new();
    for sesi in ["memulai-usaha", "memahami-perilaku-anak"] {
        world.publish(sesi, "2024-01-01T05:00:00Z");
    }
    world.import(Rows::Wilayah(numbered(district.wilayah)));
    world.import(Rows::Pengguna(numbered(district.pengguna)));
    world.import(Rows::Kelompok(numbered(district.kelompok)));
    for one in district.head_changes {
        let version = world.state.group(one.kelompok.as_str()).unwrap().version;
        let (kelompok, date, delta, reason) = (one.kelompok, one.date, one.delta, one.reason);
        let note = String::new();
        let seats = Vec::new();
        world.accept(Command::ChangeHeads { kelompok, date, delta, reason, note, seats, version });
    }
    for one in district.handovers {
        let version = world.state.group(one.kelompok.as_str()).unwrap().version;
        let account = world.state.account_by_login(&one.pendamping).unwrap().id;
        let (kelompok, from, account) = (one.kelompok, one.from, Some(account));
        world.accept(Command::Assign { kelompok, from, account, version });
    }
    for one in district.suspensions {
        let target = p2k2::event::SuspensionTarget::Wilayah(one.area);
        let (from, to, reason) = (one.from, Some(one.to), one.reason);
        world.accept(Command::Suspend { target, from, to, reason });
    }
    let rows = Rows::Pertemuan(numbered(district.pertemuan));
    let records = world
        .plan(&rows)
        .events
        .into_iter()
        .filter_map(|event| match event {
            Event::PertemuanRecorded { id, record, .. } => Some((id, record)),
            _ => None,
        })
        .collect();
    world.import(rows);
    Full { world, records }
}

fn numbered<T>(values: Vec<T>) -> Vec<p2k2::decide::import::Row<T>> {
    (2..).zip(values).map(|(line, value)| p2k2::decide::import::Row { line, value }).collect()
}

pub(super) fn demo() -> Full {
    settle(District::generate(&Params::demo(7, date(2026, 11, 21))))
}

/// The file of a kind, of everything that a state holds.
pub(super) fn export(full: &Full, kind: &str, format: Format) -> Vec<u8> {
    let state = &full.world.state;
    let mut bytes = Vec::new();
    let out = Output { format, to: &mut bytes };
    let today = p2k2::kelompok::wilayah::Zone::Wib.date(now());
    match kind {
        "wilayah" => write::wilayah(out, write::wilayah_of(state, Kode::NASIONAL)),
        "pengguna" => write::pengguna(out, state.accounts.values().map(write::pengguna_of)),
        "kelompok" => {
            let rows = state.groups().iter().map(|group| write::kelompok_of(state, group, today));
            write::kelompok(out, rows)
        }
        _ => write::pertemuan(out, records(full)),
    }
    .unwrap();
    bytes
}

fn records(full: &Full) -> impl Iterator<Item = write::Record<'_>> {
    let state = &full.world.state;
    let facts = state.groups().iter().flat_map(|group| &group.fakta);
    facts.map(move |fakta| write::pertemuan_of(state, &fakta, &full.records[&fakta.id]))
}

fn unchanged(plan: &Plan, kind: &str) {
    assert_eq!(plan.errors, [], "{kind}");
    assert_eq!(plan.events, [], "{kind}");
    assert_eq!((plan.new, plan.changed), (0, 0), "{kind}");
    assert!(plan.same > 0, "{kind}");
}

#[test]
fn an_export_imported_again_changes_nothing() {
    let full = demo();
    for format in [Format::Csv, Format::Xlsx] {
        for kind in ["wilayah", "pengguna", "kelompok", "pertemuan"] {
            let bytes = export(&full, kind, format);
            let rows = good(&full.world, kind, &bytes);
            unchanged(&full.world.plan(&rows), kind);
            assert_eq!(bytes, export(&full, kind, format), "the same rows give the same bytes");
        }
    }
}

#[test]
fn an_export_imported_elsewhere_gives_the_same_coverage() {
    let full = demo();
    let mut other = World::new();
    for sesi in ["memulai-usaha", "memahami-perilaku-anak"] {
        other.publish(sesi, "2024-01-01T05:00:00Z");
    }
    for kind in ["wilayah", "pengguna", "kelompok"] {
        let rows = good(&full.world, kind, &export(&full, kind, Format::Csv));
        other.import(rows);
    }
    let rows = good(&other, "pertemuan", &export(&full, "pertemuan", Format::Csv));
    other.import(rows);
    let on = date(2026, 11, 20);
    let covered = |state: &State| {
        let rows = state.rollup(Kode::NASIONAL, Per::Level(Level::Kecamatan), on);
        rows.into_iter().map(|(key, totals)| (key, totals.cells)).collect::<Vec<_>>()
    };
    let (here, there) = (covered(&full.world.state), covered(&other.state));
    assert!(here.iter().all(|(_, cells)| cells.covered > 0), "there is something to compare");
    assert_eq!(here, there);
}

#[test]
fn what_has_ended_is_exported_and_not_brought_back() {
    let mut full = demo();
    let (group, id) = {
        let group = &full.world.state.groups()[0];
        (group.id.clone(), group.fakta.iter().next().unwrap().id)
    };
    let version = full.world.state.pertemuan(id).unwrap().1.version;
    full.world.accept(Command::Withdraw { id, reason: "Salah kelompok".to_owned(), version });
    let version = full.world.state.group(group.as_str()).unwrap().version;
    let (on, reason) = (date(2026, 11, 20), "Bergabung".to_owned());
    full.world.accept(Command::Dissolve { kelompok: group, on, reason, version });
    let reviewer = "penelaah".parse().unwrap();
    let account = full.world.state.account_by_login(&reviewer).unwrap().id;
    let disabled = Some(true);
    full.world.accept(Command::ChangeAccount { id: account, name: None, grants: None, disabled });
    for (kind, field) in [("pertemuan", "status"), ("kelompok", "berakhir"), ("pengguna", "status")]
    {
        let reading = full.world.read(kind, &export(&full, kind, Format::Xlsx)).unwrap();
        let warnings: Vec<&str> =
            reading.notes.warnings.iter().map(|warning| warning.field.as_str()).collect();
        assert_eq!(warnings, [field], "{kind}");
        let plan = full.world.plan(&reading.rows);
        assert_eq!((plan.new, plan.changed, plan.errors.len()), (0, 0, 0), "{kind}");
    }
}

#[test]
fn a_coverage_table_has_the_numbers_of_the_roll_up() {
    let full = demo();
    let state = &full.world.state;
    let rows = state.rollup(Kode::NASIONAL, Per::Level(Level::Kabupaten), date(2026, 11, 20));
    let sesi = state.target(Kode::NASIONAL, date(2026, 11, 20));
    let table = |headings, sesi: &[u16]| {
        let mut bytes = Vec::new();
        let out = Output { format: Format::Csv, to: &mut bytes };
        let table = write::coverage(state, &rows, sesi, date(2026, 11, 20), headings);
        assert_eq!(table.write(out).unwrap(), 2);
        String::from_utf8(bytes).unwrap()
    };
    let text = table(Headings::Fields, &[]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "code,name,kelompok,covered,partial,refresh,target,rate,expected,actual,on_time"
    );
    let cells: Vec<&str> = lines[1].split(',').collect();
    let (_, totals) = &rows[0];
    assert_eq!(cells[..2], ["16.02", "Kabupaten Ogan Komering Ilir"]);
    let numbers = [totals.groups, totals.cells.covered, totals.cells.partial];
    assert_eq!(cells[2..5], numbers.map(|number| number.to_string()));
    let rate: f64 = cells[7].parse().unwrap();
    let exact = f64::from(totals.cells.covered) / f64::from(totals.cells.target);
    assert!((rate - exact).abs() < 0.0001, "{rate} {exact}");
    let words = table(Headings::Words, &sesi);
    let heading = words.lines().next().unwrap();
    assert!(heading.starts_with("Kode,Nama,Kelompok aktif,Ditangguhkan,Sesi tuntas,"), "{heading}");
    assert!(heading.ends_with("Pentingnya Kesejahteraan Lanjut Usia"), "{heading}");
    let cells = words.lines().nth(1).unwrap().split(',').count();
    assert_eq!(cells, 2 + 7 + 7 + 14);
}
