//! The life of kelompok: seats, head-counts, merging, splitting, undoing, several at once.

use jiff::civil::Date;
use p2k2::command::{Actor, Command, GroupChange, PartInput, RecordInput, Versioned};
use p2k2::decide::{Decision, Refusal};
use p2k2::event::{Event, SuspensionTarget};
use p2k2::ids::AccountId;
use p2k2::kelompok::coverage::Status::{self, Belum, Sebagian, Tuntas};
use p2k2::kelompok::group::HeadReason;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::kelompok::seats::Why;
use p2k2::kelompok::wilayah::Kode;
use p2k2::people::account::{Grant, Role};
use p2k2::state::State;
use p2k2::state::rollup::Per;
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::{PENDAMPING, World, record, request};

const SESI: [&str; 3] = ["sesi-a", "sesi-b", "sesi-c"];

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A world in which commands of the owner are numbered by themselves.
struct Life {
    world: World,
    next: u128,
}

impl Life {
    /// Kelompok A, B and C of 20 in one desa, besides those of the district.
    fn new() -> Self {
        let mut life = Self { world: World::district(), next: 1_000 };
        for id in ["A", "B", "C"] {
            life.group(id, "16.02.05.1001", 20);
        }
        life
    }

    fn try_to(&mut self, command: Command) -> Result<Decision, Refusal> {
        self.next += 1;
        let before = self.world.state.clone();
        let outcome = self.world.system(self.next, command);
        assert!(outcome.is_ok() || self.world.state == before, "a refusal changed something");
        outcome
    }

    fn ok(&mut self, command: Command) -> u64 {
        self.try_to(command).unwrap();
        self.world.state.seq
    }

    fn refused(&mut self, command: Command) -> String {
        match self.try_to(command).unwrap_err() {
            Refusal::Invalid(errors) => {
                let all: Vec<String> =
                    errors.iter().map(|one| format!("{}: {}", one.field, one.message)).collect();
                all.join("\n")
            }
            other => other.to_string(),
        }
    }

    fn group(&mut self, id: &str, desa: &str, members: u16) {
        self.ok(Command::CreateGroup {
            id: id.parse().unwrap(),
            name: format!("Kelompok {id}"),
            desa: vec![desa.parse().unwrap()],
            members,
            start: day("2025-01-01"),
            pendamping: Some(
                if desa.starts_with("16") { "pendamping-1" } else { "pendamping-2" }
                    .parse()
                    .unwrap(),
            ),
        });
    }

    fn of(&self, id: &str) -> Versioned {
        let group = self.world.state.group(id).unwrap();
        Versioned { id: group.id.clone(), version: group.version }
    }

    /// `A 2026-02-01 sesi-a t`, and absent seats as a fifth word: recorded, all others present.
    fn meet(&mut self, line: &str) -> Uuid {
        let input = self.input(line);
        self.ok(Command::Record(Box::new(input)));
        Uuid::from_u128(self.next)
    }

    fn input(&self, line: &str) -> RecordInput {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut input = record(words[1]);
        input.kelompok = words[0].parse().unwrap();
        input.sesi[0].sesi = words[2].parse().unwrap();
        input.sesi[0].extent = if words[3] == "t" { Extent::Tuntas } else { Extent::Sebagian };
        input.absent_seats = words
            .get(4)
            .map_or_else(Vec::new, |seats| seats.split(',').map(|n| n.parse().unwrap()).collect());
        let members = self.world.state.group(words[0]).map_or(0, |one| one.members(input.date));
        input.sick = 0;
        input.absent = u16::try_from(input.absent_seats.len()).unwrap();
        input.present = members - input.absent;
        input
    }

    fn merge(&mut self, parents: &[&str], id: &str, on: &str) -> u64 {
        let command = self.merging(parents, id, on);
        self.ok(command)
    }

    fn merging(&self, parents: &[&str], id: &str, on: &str) -> Command {
        Command::Merge {
            parents: parents.iter().map(|id| self.of(id)).collect(),
            id: id.parse().unwrap(),
            name: format!("Gabungan {id}"),
            pendamping: Some(AccountId(1)),
            on: day(on),
            reason: "anggota berkurang".to_owned(),
        }
    }

    fn splitting(&self, parent: &str, into: &[(&str, u16, &[u16])], on: &str) -> Command {
        let part = |(id, members, seats): &(&str, u16, &[u16])| PartInput {
            id: id.parse().unwrap(),
            name: format!("Pecahan {id}"),
            members: Some(*members),
            seats: seats.to_vec(),
        };
        Command::Split {
            parent: self.of(parent),
            into: into.iter().map(part).collect(),
            on: day(on),
            reason: "terlalu besar".to_owned(),
        }
    }

    fn restoring(&self, id: &str, line: u64) -> Command {
        let (kelompok, reason) = (id.parse().unwrap(), "keliru".to_owned());
        Command::Restore { kelompok, line, reason }
    }

    fn number(&mut self, id: &str, on: &str) {
        let Versioned { id, version } = self.of(id);
        self.ok(Command::NumberSeats { kelompok: id, date: day(on), version });
    }

    fn heads(
        &self,
        id: &str,
        (on, delta): (&str, i32),
        reason: HeadReason,
        seats: &[u16],
    ) -> Command {
        let Versioned { id, version } = self.of(id);
        let (note, seats) = (String::new(), seats.to_vec());
        Command::ChangeHeads { kelompok: id, date: day(on), delta, reason, note, seats, version }
    }

    fn statuses(&self, id: &str, on: &str) -> Vec<Status> {
        statuses(&self.world.state, id, on)
    }

    /// `3: sesi 1 absen`, for each seat and sesi owed.
    fn owed(&self, id: &str, on: &str) -> String {
        let state = &self.world.state;
        let owed = state.owed(state.group(id).unwrap(), day(on));
        let words: Vec<String> = owed
            .iter()
            .map(|one| {
                let why = match one.why {
                    Why::Joined(_) => "baru",
                    Why::Absent(_) => "absen",
                    Why::Elsewhere(_) => "asal",
                };
                format!("{}:{}{why}", one.seat, one.sesi)
            })
            .collect();
        words.join(" ")
    }
}

fn statuses(state: &State, id: &str, on: &str) -> Vec<Status> {
    state.cells(state.group(id).unwrap(), day(on)).iter().map(|cell| cell.status).collect()
}

#[test]
fn twenty_of_the_123_of_pacalan_leave_by_their_own_strength() {
    let mut life = Life::new();
    let ids: Vec<String> = (1..=5).map(|number| format!("PCL-{number}")).collect();
    for (id, members) in ids.iter().zip([25, 25, 25, 24, 24]) {
        life.group(id, "35.20.07.2014", members);
        life.meet(&format!("{id} 2026-02-10 sesi-a t"));
    }
    life.number("PCL-1", "2026-03-01");
    let all = |life: &Life, on: &str| -> u16 {
        let group = |id: &String| life.world.state.group(id).unwrap();
        ids.iter().map(|id| group(id).members(day(on))).sum()
    };
    let rate = |life: &Life| {
        let rows = life.world.state.rollup(
            "35.20.07.2014".parse().unwrap(),
            Per::Kelompok,
            day("2026-11-20"),
        );
        rows.iter().map(|(_, totals)| totals.cells.covered).sum::<u32>()
    };
    assert_eq!((all(&life, "2026-11-20"), rate(&life)), (123, 5));
    let wrong = life.heads("PCL-1", ("2026-08-12", -4), HeadReason::GraduasiMandiri, &[3, 7, 30]);
    assert!(life.refused(wrong).contains("Sebutkan 4 nomor"));
    let wrong =
        life.heads("PCL-1", ("2026-08-12", -4), HeadReason::GraduasiMandiri, &[3, 7, 30, 31]);
    assert!(life.refused(wrong).contains("Nomor urut 30 dan 31 tidak terisi pada 12 Agustus 2026"));
    for id in &ids {
        let seats: &[u16] = if id == "PCL-1" { &[3, 7, 8, 25] } else { &[] };
        let left = life.heads(id, ("2026-08-12", -4), HeadReason::GraduasiMandiri, seats);
        life.ok(left);
    }
    assert_eq!((all(&life, "2026-08-11"), all(&life, "2026-08-12")), (123, 103));
    assert_eq!(rate(&life), 5, "who leaves takes no coverage along");
    let joined = life.heads("PCL-1", ("2026-09-01", 2), HeadReason::AnggotaBaru, &[]);
    life.ok(joined);
    let seats: Vec<u16> = life
        .world
        .state
        .group("PCL-1")
        .unwrap()
        .seats
        .iter()
        .filter(|seat| seat.active(day("2026-09-01")))
        .map(|seat| seat.number)
        .collect();
    assert_eq!(seats.len(), 23);
    assert!(seats.contains(&26) && seats.contains(&27) && !seats.contains(&25));
    // The first meeting was without numbers, so only those who joined later are known to owe it.
    assert_eq!(life.owed("PCL-1", "2026-11-20"), "26:0baru 27:0baru");
}

#[test]
fn absent_seats_exist_on_the_day() {
    let mut life = Life::new();
    life.number("A", "2026-03-01");
    let left = life.heads("A", ("2026-05-01", -1), HeadReason::Pindah, &[4]);
    life.ok(left);
    let mut input = life.input("A 2026-05-02 sesi-a t 4,9,21");
    assert!(
        life.refused(Command::Record(Box::new(input.clone())))
            .contains("absent_seats: Nomor urut 4 dan 21 tidak ada pada 2 Mei 2026")
    );
    input.date = day("2026-04-30");
    (input.absent, input.present, input.absent_seats) = (2, 18, vec![4, 9]);
    life.ok(Command::Record(Box::new(input)));
    // Seat 4 has left since, and owes nothing any more.
    assert_eq!(life.owed("A", "2026-06-01"), "9:0absen");
    let cells = life.world.state.cells(life.world.state.group("A").unwrap(), day("2026-04-30"));
    assert_eq!(cells[0].reach, Some((18, 20)));
    life.meet("A 2026-05-03 sesi-a t 1");
    let cells = life.world.state.cells(life.world.state.group("A").unwrap(), day("2026-06-01"));
    assert_eq!(cells[0].reach, Some((19, 19)), "each of the 19 was there once");
    assert_eq!(life.owed("A", "2026-06-01"), "");
}

#[test]
fn a_merge_keeps_what_all_had() {
    let mut life = Life::new();
    for line in [
        "A 2026-02-01 sesi-a t",
        "B 2026-02-02 sesi-a t",
        "A 2026-03-01 sesi-b t",
        "B 2026-03-02 sesi-c s",
    ] {
        life.meet(line);
    }
    life.merge(&["A", "B"], "AB", "2026-05-01");
    assert_eq!(life.statuses("AB", "2026-05-01"), [Tuntas, Sebagian, Sebagian]);
    assert_eq!(life.statuses("AB", "2026-04-30"), [Belum, Belum, Belum]);
    assert_eq!(life.statuses("A", "2026-04-30"), [Tuntas, Tuntas, Belum]);
    let state = &life.world.state;
    let (parent, child) = (state.group("A").unwrap(), state.group("AB").unwrap());
    assert!(parent.active(day("2026-04-30")) && !parent.active(day("2026-05-01")));
    assert!(child.active(day("2026-05-01")) && !child.active(day("2026-04-30")));
    assert_eq!(child.members(day("2026-05-01")), 40);
    let cell = state.cells(child, day("2026-05-01"))[0];
    assert_eq!(
        (cell.covered_on, cell.reach, cell.inherited),
        (Some(day("2026-02-02")), Some((40, 40)), true)
    );
    // A record of a parent that arrives late still counts for the child.
    life.meet("B 2026-04-20 sesi-b t");
    assert_eq!(life.statuses("AB", "2026-05-01"), [Tuntas, Tuntas, Sebagian]);
    // The child goes on from there.
    life.meet("AB 2026-05-10 sesi-c t");
    assert_eq!(life.statuses("AB", "2026-05-10"), [Tuntas; 3]);
    let state = &life.world.state;
    assert!(!state.cells(state.group("AB").unwrap(), day("2026-05-10"))[2].inherited);
    let late = life.input("A 2026-05-02 sesi-a t");
    assert!(life.refused(Command::Record(Box::new(late))).contains("sudah tidak aktif"));
}

#[test]
fn a_merge_that_cannot_be_is_refused() {
    let mut life = Life::new();
    life.meet("A 2026-05-03 sesi-a t");
    for (parents, id, on, words) in [
        (&["A"][..], "X", "2026-06-01", "Pilih 2 sampai 6"),
        (&["A", "A"], "X", "2026-06-01", "Pilih 2 sampai 6"),
        (&["A", "B"], "C", "2026-06-01", "sudah dipakai"),
        (&["A", "B"], "a", "2026-06-01", "sudah dipakai"),
        (&["A", "B"], "X", "2026-05-03", "mencatat pertemuan 3 Mei 2026"),
        (&["A", "B"], "X", "2024-12-31", "baru mulai 1 Januari 2025"),
        (&["A", "B"], "X", "2027-06-01", "lebih dari 31 hari lagi"),
    ] {
        let command = life.merging(parents, id, on);
        let said = life.refused(command);
        assert!(said.contains(words), "{parents:?} {id} {on}: {said}");
    }
    // A day that suits neither is said once.
    let far = life.merging(&["A", "B"], "X", "2027-06-01");
    assert_eq!(life.refused(far).matches("lebih dari 31 hari lagi").count(), 1);
    let stale = life.merging(&["A", "B"], "X", "2026-06-01");
    let change = life.heads("B", ("2026-05-05", 1), HeadReason::AnggotaBaru, &[]);
    life.ok(change);
    assert!(matches!(life.try_to(stale), Err(Refusal::Stale { .. })));
    let early = life.merging(&["A", "B"], "X", "2026-05-04");
    assert!(life.refused(early).contains("berubah pada 5 Mei 2026"));
}

#[test]
fn a_split_hands_everything_on_and_seats_keep_their_debts() {
    let mut life = Life::new();
    life.number("A", "2026-01-01");
    life.meet("A 2026-02-01 sesi-a t 2,15");
    let all: Vec<u16> = (1..=20).collect();
    for (into, words) in [
        (&[("A1", 0, &all[..10]), ("A2", 0, &all[..0])][..], "bagian.1.kursi: Sebutkan nomor urut"),
        (&[("A1", 0, &all[..10]), ("A2", 0, &all[11..])], "Nomor urut 11 belum masuk"),
        (&[("A1", 0, &all[..11]), ("A2", 0, &all[10..])], "Nomor urut 11 masuk lebih dari satu"),
        (&[("A1", 0, &all[..10]), ("a1", 0, &all[10..])], "tertulis dua kali"),
        (&[("A1", 0, &all[..10]), ("A2", 0, &[11, 77])], "Nomor urut 77 tidak terisi"),
        (&[("A1", 0, &all[..])], "Isi 2 sampai 6"),
    ] {
        let command = life.splitting("A", into, "2026-05-01");
        let said = life.refused(command);
        assert!(said.contains(words), "{words}: {said}");
    }
    let split = life.splitting("A", &[("A1", 0, &all[..10]), ("A2", 0, &all[10..])], "2026-05-01");
    let line = life.ok(split);
    for id in ["A1", "A2"] {
        assert_eq!(life.statuses(id, "2026-05-01"), [Tuntas, Belum, Belum]);
        let group = life.world.state.group(id).unwrap();
        assert_eq!(group.members(day("2026-05-01")), 10);
        assert_eq!(group.pendamping(day("2026-05-01")), Some(AccountId(1)));
    }
    assert_eq!(life.owed("A1", "2026-05-02"), "2:0absen");
    assert_eq!(life.owed("A2", "2026-05-02"), "5:0absen");
    let reach = |life: &Life, id: &str| {
        life.world.state.cells(life.world.state.group(id).unwrap(), day("2026-05-02"))[0].reach
    };
    assert_eq!((reach(&life, "A1"), reach(&life, "A2")), (Some((9, 10)), Some((9, 10))));
    // What one part is taught is taught to its seats when they come together again.
    life.meet("A2 2026-05-09 sesi-b t");
    life.merge(&["A1", "A2"], "AA", "2026-06-01");
    assert_eq!(life.statuses("AA", "2026-06-01"), [Tuntas, Sebagian, Belum]);
    let owed = life.owed("AA", "2026-06-01");
    assert!(owed.contains("2:0absen") && owed.contains("15:0absen"), "{owed}");
    assert_eq!(owed.matches("1asal").count(), 10, "{owed}");
    // Undone only from the end, and the refusal says what hangs on it.
    let undo = life.restoring("A", line);
    assert!(life.refused(undo).contains("Pecahan A1 digabung 1 Juni 2026"));
}

#[test]
fn what_was_undone_never_was() {
    let mut life = Life::new();
    life.meet("A 2026-02-01 sesi-a t");
    let before = life.world.state.rollup(Kode::NASIONAL, Per::Kelompok, day("2026-06-30"));
    let merged = life.merge(&["A", "B"], "AB", "2026-05-01");
    let into = [("X", 15, &[][..]), ("Y", 25, &[][..])];
    let split = life.splitting("AB", &into, "2026-06-01");
    let split = life.ok(split);
    let undo = life.restoring("B", merged);
    assert!(life.refused(undo).contains("Gabungan AB dipecah 1 Juni 2026"));
    let undo = life.restoring("Y", split);
    life.ok(undo);
    let id = life.meet("AB 2026-05-20 sesi-b t");
    let undo = life.restoring("A", merged);
    let said = life.refused(undo);
    assert!(said.contains("pertemuan Gabungan AB 20 Mei 2026"), "{said}");
    let version = life.world.state.pertemuan(id).unwrap().1.version;
    life.ok(Command::Withdraw { id, reason: "salah kelompok".to_owned(), version });
    let undo = life.restoring("AB", merged);
    life.ok(undo.clone());
    assert!(life.refused(undo).contains("sudah dibatalkan"));
    let after = life.world.state.rollup(Kode::NASIONAL, Per::Kelompok, day("2026-06-30"));
    assert_eq!(before, after);
    // It can be merged anew, and dissolved and brought back.
    life.merge(&["A", "B"], "AB2", "2026-05-01");
    let Versioned { id, version } = life.of("C");
    let on = day("2026-07-01");
    let line =
        life.ok(Command::Dissolve { kelompok: id, on, reason: "pindah semua".to_owned(), version });
    assert!(!life.world.state.group("C").unwrap().active(on));
    let undo = life.restoring("C", line);
    life.ok(undo);
    assert!(life.world.state.group("C").unwrap().active(on));
}

#[test]
fn a_hand_over_is_one_act() {
    let mut life = Life::new();
    life.ok(Command::CreateAccount {
        login: "penerus".to_owned(),
        name: "Penerus".to_owned(),
        grants: vec![Grant { role: Role::Pendamping, area: "16.02".parse().unwrap() }],
    });
    let to = *life.world.state.accounts.keys().last().unwrap();
    let hand_over = |kelompok, to, on: &str| Command::HandOver {
        from: AccountId(1),
        to,
        kelompok,
        day: day(on),
    };
    let all = vec![life.of("A"), life.of("B")];
    assert!(
        life.refused(hand_over(all.clone(), AccountId(3), "2026-06-01"))
            .contains("kepada: Pilih pendamping")
    );
    assert!(life.refused(hand_over(all.clone(), AccountId(1), "2026-06-01")).contains("yang lain"));
    assert!(life.refused(hand_over(Vec::new(), to, "2026-06-01")).contains("Pilih 1 sampai"));
    let mut stale = all.clone();
    stale[1].version -= 1;
    assert!(
        life.refused(hand_over(stale, to, "2026-06-01"))
            .contains("kelompok.B: Kelompok B: sudah berubah")
    );
    let other = vec![life.of("A"), life.of("MGT-1")];
    let said = life.refused(hand_over(other, to, "2026-06-01"));
    assert!(said.contains("kelompok.MGT-1") && !said.contains("kelompok.A"), "{said}");
    let lines = life.world.lines.len();
    life.ok(hand_over(all, to, "2026-06-01"));
    assert_eq!(life.world.lines.len(), lines + 1);
    for id in ["A", "B"] {
        let group = life.world.state.group(id).unwrap();
        assert_eq!(group.pendamping(day("2026-05-31")), Some(AccountId(1)));
        assert_eq!(group.pendamping(day("2026-06-01")), Some(to));
    }
    assert_eq!(
        life.world.state.group("C").unwrap().pendamping(day("2026-06-01")),
        Some(AccountId(1))
    );
}

#[test]
fn several_change_together_or_not_at_all() {
    let mut life = Life::new();
    let all = || vec!["A", "B"];
    let many = |life: &Life, ids: Vec<&str>, change| Command::ChangeMany {
        kelompok: ids.into_iter().map(|id| life.of(id)).collect(),
        change,
    };
    let move_to = |desa: &str| GroupChange::Move {
        from: day("2026-06-01"),
        desa: vec![desa.parse().unwrap()],
    };
    let wrong = many(&life, all(), move_to("16.02.05.9999"));
    assert!(life.refused(wrong).contains("belum ada di daftar wilayah"));
    let to_come =
        GroupChange::Move { from: day("2099-01-01"), desa: vec!["35.20.07.2014".parse().unwrap()] };
    let to_come = many(&life, all(), to_come);
    assert!(life.refused(to_come).contains("belum tiba"));
    let moved = many(&life, all(), move_to("35.20.07.2014"));
    life.ok(moved);
    let home = |life: &Life, id: &str| {
        life.world.state.group(id).unwrap().home(day("2026-06-01")).to_string()
    };
    assert_eq!(
        (home(&life, "A"), home(&life, "C")),
        ("35.20.07.2014".to_owned(), "16.02.05.1001".to_owned())
    );
    let suspend =
        GroupChange::Suspend { from: day("2026-07-01"), to: None, reason: "banjir".to_owned() };
    let suspended = many(&life, all(), suspend.clone());
    let line = life.ok(suspended);
    let on = |life: &Life, id: &str| {
        life.world.state.suspended(life.world.state.group(id).unwrap(), day("2026-08-15"))
    };
    assert!(on(&life, "A") && on(&life, "B") && !on(&life, "C"));
    // One of them goes on; the other stays suspended.
    let kelompok = Some("A".parse().unwrap());
    life.ok(Command::Resume { suspension: line, to: day("2026-07-31"), kelompok });
    assert!(!on(&life, "A") && on(&life, "B"));
    life.ok(Command::Resume { suspension: line, to: day("2026-07-31"), kelompok: None });
    assert!(!on(&life, "B"));
    let Versioned { id, version } = life.of("B");
    let on = day("2026-06-15");
    life.ok(Command::Dissolve { kelompok: id, on, reason: "habis".to_owned(), version });
    let bad = many(&life, all(), suspend);
    let said = life.refused(bad);
    assert!(said.contains("kelompok.B") && !said.contains("kelompok.A"), "{said}");
}

#[test]
fn the_end_of_a_suspension_in_a_journal_of_old_still_means_all() {
    let text = r#"{"penangguhan.berakhir":{"suspension":7,"to":"2026-07-31"}}"#;
    let event: Event = serde_json::from_str(text).unwrap();
    assert!(matches!(event, Event::SuspensionEnded { suspension: 7, kelompok: None, .. }));
    assert_eq!(serde_json::to_string(&event).unwrap(), text);
}

#[test]
fn an_import_names_no_seats() {
    use p2k2::decide::import::{Import, KelompokRow, Row, Rows};
    let mut life = Life::new();
    life.number("A", "2026-03-01");
    let import = |members| {
        let value = KelompokRow {
            id: "A".parse().unwrap(),
            name: "Kelompok A".to_owned(),
            desa: vec!["16.02.05.1001".parse().unwrap()],
            members,
            pendamping: Some("pendamping-1".parse().unwrap()),
            start: day("2025-01-01"),
        };
        let rows = Rows::Kelompok(vec![Row { line: 2, value }]);
        Command::Import(Box::new(Import { rows, skip_bad: false }))
    };
    assert_eq!(life.try_to(import(20)), Ok(Decision::Events(Vec::new())));
    assert!(life.refused(import(19)).contains("memakai nomor urut"));
    life.ok(import(22));
    let group = life.world.state.group("A").unwrap();
    assert_eq!((group.seats.len(), group.members(day("2026-11-21"))), (22, 22));
}

#[test]
fn who_may_not_manage_may_not_merge() {
    let mut life = Life::new();
    let command = life.merging(&["A", "B"], "AB", "2026-06-01");
    for actor in [PENDAMPING, Actor::Account(AccountId(3))] {
        let refused = life.world.run(&request(5_000, actor, command.clone()));
        assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
    }
    let stranger = life.world.run(&request(5_001, crate::support::STRANGER, command));
    assert!(matches!(stranger, Err(Refusal::NotFound(_))), "{stranger:?}");
}

/// What happens to the kelompok A to D, by date: facts with their kelompok, and the changes.
fn facts() -> impl Strategy<Value = Vec<(u8, u16, u8, bool, u16)>> {
    proptest::collection::vec((0..7_u8, 0..300_u16, 0..3_u8, any::<bool>(), 8..=20_u16), 1..30)
}

/// A merges with B to AB on 1 March; AB is split to X and Y on 1 May; Y merges with C to YC on
/// 1 July. Facts are recorded before or after that as `late` says.
fn grown(facts: &[(u8, u16, u8, bool, u16)], late: u64) -> State {
    let mut life = Life::new();
    let ids = ["A", "B", "C", "AB", "X", "Y", "YC"];
    let record_all = |life: &mut Life, when: &dyn Fn(usize) -> bool| {
        for (at, (group, days, sesi, all, present)) in facts.iter().enumerate() {
            if !when(at) {
                continue;
            }
            let id = ids[usize::from(*group)];
            let mut input = record("2026-01-01");
            input.kelompok = id.parse().unwrap();
            input.date = input.date.saturating_add(jiff::ToSpan::days(i64::from(*days)));
            input.kind = "terbatas".to_owned();
            input.sesi[0].sesi = SESI[usize::from(*sesi)].parse().unwrap();
            input.sesi[0].extent = if *all { Extent::Tuntas } else { Extent::Sebagian };
            (input.present, input.sick, input.absent, input.members) = (*present, 0, 0, Some(20));
            let id = 10_000 + at as u128;
            // A fact of a kelompok that is not there yet, or any more, is none.
            let _refused = life.world.system(id, Command::Record(Box::new(input)));
        }
    };
    let early = |at: usize| late >> (at % 64) & 1 == 0;
    let is_parent = |at: usize| facts[at].0 < 3;
    // Those of parents that stand in the way of the change are left out on both sides.
    let fits = |at: usize| {
        let (group, days, ..) = facts[at];
        match group {
            0 | 1 => days < 59,
            2 => days < 181,
            3 => (59..120).contains(&days),
            4 => days >= 120,
            5 => (120..181).contains(&days),
            _ => days >= 181,
        }
    };
    record_all(&mut life, &|at| is_parent(at) && early(at) && fits(at));
    life.merge(&["A", "B"], "AB", "2026-03-01");
    record_all(&mut life, &|at| facts[at].0 == 3 && early(at) && fits(at));
    let split = life.splitting("AB", &[("X", 15, &[]), ("Y", 25, &[])], "2026-05-01");
    life.ok(split);
    life.merge(&["Y", "C"], "YC", "2026-07-01");
    record_all(&mut life, &fits);
    life.world.state
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn inherited_coverage_does_not_depend_on_the_order_of_arrival(
        facts in facts(),
        late in any::<u64>(),
    ) {
        let (one, other) = (grown(&facts, 0), grown(&facts, late));
        for on in ["2026-02-28", "2026-03-01", "2026-06-30", "2026-07-01", "2026-11-20"] {
            let rows = |state: &State| state.rollup(Kode::NASIONAL, Per::Kelompok, day(on));
            prop_assert_eq!(rows(&one), rows(&other));
            for (_, totals) in rows(&one) {
                prop_assert!(totals.cells.covered <= totals.cells.target);
                prop_assert!(totals.cells.covered + totals.cells.partial <= totals.cells.target);
                prop_assert!(totals.month.actual <= totals.month.expected);
            }
            for group in one.groups() {
                let cells = one.cells(group, day(on));
                prop_assert_eq!(&cells, &other.cells(other.group(group.id.as_str()).unwrap(), day(on)));
                for cell in cells {
                    prop_assert!(cell.reach.is_none_or(|(present, of)| present <= of));
                }
            }
        }
    }

    #[test]
    fn a_merged_kelompok_has_what_all_had_and_nothing_more(facts in facts()) {
        let state = grown(&facts, 0);
        let (on, eve) = ("2026-03-01", "2026-02-28");
        let (a, b) = (statuses(&state, "A", eve), statuses(&state, "B", eve));
        // Facts of the child on its first day are its own.
        let own = |sesi: usize| {
            facts.iter().any(|one| one.0 == 3 && one.1 == 59 && usize::from(one.2) == sesi)
        };
        for (sesi, status) in statuses(&state, "AB", on).into_iter().enumerate() {
            if own(sesi) {
                continue;
            }
            let expected = match (a[sesi], b[sesi]) {
                (Tuntas, Tuntas) => Tuntas,
                (Belum, Belum) => Belum,
                _ => Sebagian,
            };
            prop_assert_eq!(status, expected);
        }
        let handed_on = statuses(&state, "AB", "2026-04-30");
        for id in ["X", "Y"] {
            let now = statuses(&state, id, "2026-05-01");
            prop_assert!(now.iter().zip(&handed_on).all(|(now, then)| now >= then));
        }
    }
}

#[test]
fn suspension_of_one_kelompok_still_is_what_it_was() {
    let mut life = Life::new();
    let target = SuspensionTarget::Kelompok("A".parse().unwrap());
    let (from, to, reason) = (day("2026-03-01"), Some(day("2026-08-31")), "wabah".to_owned());
    let line = life.ok(Command::Suspend { target, from, to, reason });
    life.ok(Command::Resume { suspension: line, to: day("2026-05-31"), kelompok: None });
    let group = life.world.state.group("A").unwrap();
    assert_eq!(group.suspensions[0].1.to, Some(day("2026-05-31")));
}
