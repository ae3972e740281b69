//! A whole country, delivered in two different orders, against a plain recount.
//!
//! The test takes a few hundred kelompok; `cargo run --release --example simulate -- 400000 60` takes
//! the nation and five years.

pub(crate) mod count;
pub(crate) mod made;

use std::collections::BTreeMap;

use jiff::Timestamp;
use p2k2::curriculum::ids::RevisionId;
use p2k2::event::{ChangeKind, Event, LineInfo, Receipt, SuspensionTarget};
use p2k2::ids::Digest;
use p2k2::kelompok::lineage::Successor;
use p2k2::kelompok::pertemuan::{Attendance, Extent, Pertemuan, Source, Taught};
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::private::Private;
use p2k2::state::State;
use p2k2::state::columns::{Columns, History};
use p2k2::state::rollup::{Per, RowKey, Totals};
use uuid::Uuid;

use count::Numbers;
use made::{Country, Dice, End, Fate, KINDS, Kelompok, Record, SESI, Said};

/// In which order the same facts arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Settings and suspensions first, then one block after another, each by date.
    Plain,
    /// The last block first, its records in any order, settings and suspensions at the very end.
    Shuffled,
}

/// Lets events arrive as lines of a journal.
#[derive(Debug, Default)]
struct Line {
    seq: u64,
}

impl Line {
    fn arrive(&mut self, state: &mut State, event: &Event) -> u64 {
        self.seq += 1;
        let info = LineInfo {
            seq: self.seq,
            at: Timestamp::UNIX_EPOCH,
            by: None,
            command: Uuid::nil(),
            digest: Digest([0; 16]),
        };
        state.apply_line(&info, std::slice::from_ref(event));
        self.seq
    }
}

/// The state to which a country adds up when its facts arrive in this order.
pub(crate) fn deliver(country: &Country, order: Order) -> State {
    let (mut state, mut line) = (State::default(), Line::default());
    line.arrive(&mut state, &Event::SkemaLoaded { skema: Box::new(skema()) });
    if order == Order::Plain {
        frame(country, &mut state, &mut line);
    }
    for number in 0..country.blocks {
        let number = if order == Order::Plain { number } else { country.blocks - 1 - number };
        let block = country.block(number);
        lives(&block, &mut state, &mut line, order);
        let mut records: Vec<(&Kelompok, &Record)> =
            block.iter().flat_map(|one| one.records.iter().map(move |r| (one, r))).collect();
        if order == Order::Shuffled {
            shuffle(&mut records, number);
        }
        for (one, record) in &records {
            line.arrive(&mut state, &recorded(country, one, record));
        }
        for (one, record) in &records {
            if let Some(event) = later(country, one, record) {
                line.arrive(&mut state, &event);
            }
        }
    }
    if order == Order::Shuffled {
        frame(country, &mut state, &mut line);
    }
    state
}

/// Texts and the suspensions of areas.
fn frame(country: &Country, state: &mut State, line: &mut Line) {
    for (sesi, editions) in country.editions.iter().enumerate() {
        let mut before = 0;
        for (number, edition) in (1..).zip(editions) {
            let kind = if edition.generation > before {
                ChangeKind::Substansi
            } else {
                ChangeKind::Redaksional
            };
            before = edition.generation;
            let published = Event::EditionPublished {
                sesi: id(sesi).parse().unwrap(),
                revision: RevisionId::of(&format!("{sesi} {number}")),
                edition: number,
                kind,
                date: edition.date,
                langkah: edition.langkah,
                minutes: 120,
                title: id(sesi),
                note: Private::from("terbit"),
                authors: Vec::new(),
            };
            line.arrive(state, &published);
        }
    }
    for pause in &country.pauses {
        let target = SuspensionTarget::Wilayah(pause.area);
        suspend(state, line, &target, pause.from, pause.to);
    }
}

/// Half of them are open at first and get their last day later.
fn suspend(
    state: &mut State,
    line: &mut Line,
    target: &SuspensionTarget,
    from: jiff::civil::Date,
    to: Option<jiff::civil::Date>,
) {
    let open = from.day() % 2 == 0;
    let started = Event::SuspensionStarted {
        target: target.clone(),
        from,
        to: to.filter(|_| !open),
        reason: Private::from("banjir"),
    };
    let suspension = line.arrive(state, &started);
    if let Some(to) = to.filter(|_| open) {
        // Older journals do not say of which kelompok.
        let kelompok = match target {
            SuspensionTarget::Kelompok(id) if from.day() != 2 => Some(id.clone()),
            _ => None,
        };
        line.arrive(state, &Event::SuspensionEnded { suspension, to, kelompok });
    }
}

/// How the kelompok of a block begin and end.
fn lives(block: &[Kelompok], state: &mut State, line: &mut Line, order: Order) {
    for one in block.iter().filter(|one| one.parents.is_empty()) {
        let created = Event::KelompokCreated {
            id: one.id.parse().unwrap(),
            name: one.id.clone(),
            desa: vec![one.desa],
            members: 25,
            start: one.start,
        };
        line.arrive(state, &created);
    }
    // A kelompok is entered before what becomes of it, so these stand in the order of the block.
    for (at, one) in block.iter().enumerate() {
        let reason = || Private::from("warga sepakat");
        let Some((on, end)) = &one.end else { continue };
        let event = match end {
            End::Dissolved => {
                let id = one.id.parse().unwrap();
                Event::KelompokDissolved { id, on: *on, reason: reason() }
            }
            End::Merged(child) => {
                let child = &block[*child];
                if child.parents[0] != at {
                    continue;
                }
                let parents = child.parents.iter().map(|at| block[*at].id.parse().unwrap());
                Event::KelompokMerged {
                    parents: parents.collect(),
                    into: successor(child),
                    on: *on,
                    reason: reason(),
                }
            }
            End::Split(children) => Event::KelompokSplit {
                parent: one.id.parse().unwrap(),
                into: children.iter().map(|at| successor(&block[*at])).collect(),
                on: *on,
                reason: reason(),
            },
        };
        line.arrive(state, &event);
    }
    // A suspension that arrives in the other order.
    let mut halts: Vec<_> =
        block.iter().flat_map(|one| one.paused.iter().map(move |p| (one, *p))).collect();
    if order == Order::Shuffled {
        halts.reverse();
    }
    for (one, (from, to)) in halts {
        let target = SuspensionTarget::Kelompok(one.id.parse().unwrap());
        suspend(state, line, &target, from, to);
    }
}

fn successor(one: &Kelompok) -> Successor {
    Successor {
        id: one.id.parse().unwrap(),
        name: one.id.clone(),
        desa: vec![one.desa],
        members: 25,
        pendamping: None,
        seats: Vec::new(),
    }
}

fn recorded(country: &Country, one: &Kelompok, record: &Record) -> Event {
    Event::PertemuanRecorded {
        id: record.id,
        digest: Digest([0; 16]),
        receipt: record.received.map_or(Receipt::Unknown, Receipt::At),
        record: pertemuan(country, one, &record.said),
    }
}

fn later(country: &Country, one: &Kelompok, record: &Record) -> Option<Event> {
    match &record.fate {
        Fate::Stands => None,
        Fate::Corrected(other) => Some(Event::PertemuanCorrected {
            id: record.id,
            record: pertemuan(country, one, other),
            reason: Private::from("salah catat"),
        }),
        Fate::Withdrawn => Some(Event::PertemuanWithdrawn {
            id: record.id,
            kelompok: one.id.parse().unwrap(),
            reason: Private::from("salah kelompok"),
            joined: None,
        }),
    }
}

fn pertemuan(country: &Country, one: &Kelompok, said: &Said) -> Pertemuan {
    let taught = said.lessons.iter().map(|lesson| {
        let live = country.editions[lesson.sesi].iter().filter(|e| e.date <= said.date).count();
        Taught {
            sesi: id(lesson.sesi).parse().unwrap(),
            extent: if lesson.whole { Extent::Tuntas } else { Extent::Sebagian },
            langkah: (1..=32).filter(|n| lesson.ticks >> (n - 1) & 1 == 1).collect(),
            source: match lesson.edition {
                0 => Source::BukuCetak,
                number if usize::from(number) == live => Source::Assumed(number),
                number => Source::Edition(number),
            },
        }
    });
    Pertemuan {
        kelompok: one.id.parse().unwrap(),
        date: said.date,
        kind: KINDS[said.kind].0.to_owned(),
        sesi: taught.collect(),
        attendance: Attendance {
            present: said.present,
            sick: 0,
            absent: said.members - said.present,
            members: said.members,
        },
        absent_seats: Vec::new(),
        start: None,
        end: None,
        place: None,
        discussion: None,
        speakers: Vec::new(),
        topics: Vec::new(),
        obstacles: None,
        follow_up: None,
        note: None,
    }
}

fn shuffle<T>(all: &mut [T], seed: u32) {
    let mut dice = Dice::new(u64::from(seed) + 7);
    for at in (1..all.len()).rev() {
        let other = dice.below(u32::try_from(at).unwrap() + 1) as usize;
        all.swap(at, other);
    }
}

fn id(sesi: usize) -> String {
    format!("sesi-{sesi}")
}

fn skema() -> p2k2::curriculum::skema::Skema {
    let sesi: Vec<String> = (0..SESI)
        .map(|at| {
            format!(
                r#"{{"id":"{}","nomor":{},"nomor_modul":{},"judul":"Sesi","alias":[],"tema":[]}}"#,
                id(at),
                at + 1,
                at + 1
            )
        })
        .collect();
    let text = format!(
        r#"{{"id":"p2k2-14","judul":"Semua","default":true,"modul":[{{"id":"satu","judul":"Satu","alias":[],"sesi":[{}]}}]}}"#,
        sesi.join(",")
    );
    serde_json::from_str(&text).unwrap()
}

/// The numbers of every kabupaten as the program adds them up from the facts.
pub(crate) fn kabupaten(state: &State, on: jiff::civil::Date) -> BTreeMap<Kode, Numbers> {
    numbers(state.rollup(Kode::NASIONAL, Per::Level(Level::Kabupaten), on))
}

/// The same from columns, which are brought to that day.
pub(crate) fn by_columns(
    columns: &mut Columns,
    state: &State,
    on: jiff::civil::Date,
) -> BTreeMap<Kode, Numbers> {
    columns.follow(state, on);
    numbers(columns.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap())
}

/// The same of a day before that of the columns.
pub(crate) fn by_history(
    (columns, history): (&Columns, &History),
    state: &State,
    on: jiff::civil::Date,
) -> BTreeMap<Kode, Numbers> {
    let past = columns.past(state, history, on);
    numbers(past.rollup(Kode::NASIONAL, Level::Kabupaten).unwrap())
}

fn numbers(rows: Vec<(RowKey, Totals)>) -> BTreeMap<Kode, Numbers> {
    let numbers = rows.into_iter().map(|(key, row)| {
        let RowKey::Place(kode) = key else { panic!("no place: {key:?}") };
        let sum = Numbers {
            kelompok: row.groups,
            suspended: row.suspended,
            target: row.cells.target,
            covered: row.cells.covered,
            refresh: row.cells.refresh,
            partial: row.cells.partial,
            expected: row.month.expected,
            actual: row.month.actual,
            on_time: row.month.on_time,
            unknown_time: row.month.unknown_time,
        };
        (kode, sum)
    });
    numbers.collect()
}
