//! The made-up district is one that could be, and travels as files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::date;
use p2k2::demo::{District, Generator, MAX_KELOMPOK, Params, write_files};
use p2k2::kelompok::group::HeadReason;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::kelompok::wilayah::{Kode, Level, Zone};

use super::round_trip::settle;
use super::{World, good};

fn params() -> Params {
    Params::demo(1, date(2026, 11, 21))
}

fn desa(code: &str) -> Kode {
    code.parse().unwrap()
}

#[test]
fn the_demonstration_holds_what_it_promises() {
    let district = District::generate(&params());
    assert_eq!(district.wilayah.len(), 134);
    assert_eq!(district.kelompok.len(), 60);
    let kecamatan: BTreeSet<Kode> =
        district.kelompok.iter().map(|row| row.desa[0].at(Level::Kecamatan).unwrap()).collect();
    assert_eq!(kecamatan.len(), 7);
    assert!(district.kelompok.iter().any(|row| row.desa.len() > 1), "one spans two desa");
    let labels: Vec<&str> = district.logins.iter().map(|login| login.label).collect();
    let expected = "admin pelatih penelaah supervisor pendamping supervisor-2 pendamping-2";
    assert_eq!(labels.join(" "), expected);
    assert!(!district.handovers.is_empty());
    // Desa Pacalan: 123 members in five kelompok, 20 leave by graduasi mandiri.
    let pacalan: Vec<_> =
        district.kelompok.iter().filter(|row| row.desa[0] == desa("35.20.07.2014")).collect();
    assert_eq!(pacalan.iter().map(|row| row.members).collect::<Vec<_>>(), [25, 25, 25, 24, 24]);
    let left: i32 = district
        .head_changes
        .iter()
        .filter(|one| pacalan.iter().any(|row| row.id == one.kelompok))
        .inspect(|one| assert_eq!(one.reason, HeadReason::GraduasiMandiri))
        .map(|one| one.delta)
        .sum();
    assert_eq!(left, -20);
}

#[test]
fn the_meetings_are_those_of_a_real_district() {
    let district = District::generate(&params());
    let home: HashMap<&str, Kode> =
        district.kelompok.iter().map(|row| (row.id.as_str(), row.desa[0])).collect();
    let suspension = &district.suspensions[0];
    assert_eq!(suspension.area, desa("35.20.07"));
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut late, mut partial, mut days) = (0, 0, HashMap::new());
    for row in &district.pertemuan {
        let input = &row.input;
        let place = home[input.kelompok.as_str()];
        let suspended = suspension.area.contains(place)
            && (suspension.from..=suspension.to).contains(&input.date);
        assert!(!suspended, "{input:?}");
        assert!(input.date < date(2026, 11, 21));
        let received = Zone::Wib.date(row.received.unwrap());
        assert!((input.date..date(2026, 11, 21)).contains(&received), "{input:?}");
        let next = input.date.first_of_month().saturating_add(jiff::Span::new().months(1).days(3));
        late += u32::from(received >= next);
        partial += input.sesi.iter().filter(|one| one.extent == Extent::Sebagian).count();
        *kinds.entry(input.kind.as_str()).or_default() += 1;
        *days.entry((input.kelompok.as_str(), input.date)).or_insert(0_u32) += 1;
    }
    assert!((550..800).contains(&district.pertemuan.len()), "{}", district.pertemuan.len());
    assert!(kinds.len() >= 5, "{kinds:?}");
    assert!(late > 20 && partial > 50, "{late} {partial}");
    assert!(days.values().any(|count| *count > 1), "someone sent a report twice");
    let notes: BTreeSet<&str> =
        district.pertemuan.iter().map(|row| row.input.note.as_str()).collect();
    assert!(notes.len() > 40, "{}", notes.len());
    // The first meeting behind the suspension is one under a protocol, with discussion.
    let restart = district
        .pertemuan
        .iter()
        .find(|row| row.input.date > suspension.to && row.input.kind == "terbatas")
        .unwrap();
    assert_eq!(restart.input.discussion, Some(true));
}

#[test]
fn a_seed_gives_one_district_and_another_gives_another() {
    assert_eq!(District::generate(&params()), District::generate(&params()));
    let other = District::generate(&Params { seed: 2, ..params() });
    assert_ne!(other.pertemuan, District::generate(&params()).pertemuan);
}

/// The decisions of a program take every row, for any day of the calendar on which it is shown.
#[test]
fn every_row_can_be_imported_on_any_day() {
    for today in [date(2026, 11, 21), date(2026, 3, 1), date(2024, 2, 29), date(2026, 1, 31)] {
        for (kelompok, months) in [(60, 14), (1, 1), (9, 3), (20, 30)] {
            let params = Params { seed: 3, today, kelompok, months };
            let full = settle(District::generate(&params));
            assert_eq!(full.world.state.groups().len(), kelompok as usize);
            assert_eq!(full.world.state.checks, [], "no count is above the members of its day");
        }
    }
}

#[test]
fn the_files_import_and_the_second_time_changes_nothing() {
    let params = Params { seed: 5, today: date(2026, 11, 21), kelompok: 500, months: 6 };
    let mut files: Vec<(String, std::rc::Rc<std::cell::RefCell<Vec<u8>>>)> = Vec::new();
    let mut open = |name: &str| {
        let file = Shared::default();
        files.push((name.to_owned(), file.0.clone()));
        Ok(file)
    };
    let mut last = 0;
    let counts = write_files(&params, &mut open, &mut |done| last = done).unwrap();
    assert_eq!((counts.kelompok, last), (500, 500));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["wilayah.csv", "pengguna.csv", "kelompok.csv", "pertemuan.csv"]);
    let mut world = World::new();
    for (name, bytes) in &files {
        let rows = good(&world, name.trim_end_matches(".csv"), &bytes.borrow());
        world.import(rows);
    }
    assert_eq!(world.state.checks, []);
    for (name, bytes) in &files {
        let rows = good(&world, name.trim_end_matches(".csv"), &bytes.borrow());
        let plan = world.plan(&rows);
        assert_eq!((plan.events.len(), plan.errors.len()), (0, 0), "{name}");
    }
    let facts: usize = world.state.groups().iter().map(|group| group.fakta.len()).sum();
    assert_eq!(facts as u64, counts.pertemuan);
    // Unpacked it was more than 200; what each one takes decides whether a nation fits.
    let each = world.state.pertemuan_bytes() / facts;
    assert!(each <= 64, "{each} bytes of memory for each pertemuan");
}

/// A file in memory that can be looked at after it was written.
#[derive(Default)]
struct Shared(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn it_grows_to_the_size_of_the_nation() {
    let params = Params { kelompok: u32::MAX, ..params() };
    let generator = Generator::new(&params);
    let mut seen = BTreeSet::new();
    let mut provinsi = BTreeSet::new();
    for row in generator.wilayah() {
        let parent = row.kode.parent().filter(|parent| *parent != Kode::NASIONAL);
        assert!(parent.is_none_or(|parent| seen.contains(&parent)), "{} is an orphan", row.kode);
        assert!(seen.insert(row.kode), "{} stands there twice", row.kode);
        provinsi.insert(row.kode.provinsi());
    }
    assert_eq!(provinsi.len(), 38);
    const { assert!(MAX_KELOMPOK >= 400_000, "the nation fits") };
    let logins: BTreeSet<_> = generator.pengguna().map(|row| row.login).collect();
    let mut ids = BTreeSet::new();
    // One of a thousand and the last, so that the test stays quick.
    assert_eq!(generator.kelompok(), MAX_KELOMPOK);
    assert_eq!(generator.story(MAX_KELOMPOK), None);
    for number in (0..MAX_KELOMPOK).step_by(997).chain([MAX_KELOMPOK - 1]) {
        let story = generator.story(number).unwrap();
        assert!(story.kelompok.desa.iter().all(|desa| seen.contains(desa)), "{story:?}");
        assert!(logins.contains(story.kelompok.pendamping.as_ref().unwrap()), "{story:?}");
        assert!(ids.insert(story.kelompok.id.clone()));
    }
}

#[test]
fn no_kelompok_has_the_name_of_a_person() {
    let district = District::generate(&params());
    for row in &district.kelompok {
        assert!(!p2k2::kelompok::text::looks_like_a_person(&row.name), "{}", row.name);
    }
}
