//! Tables in and out, and the made-up district that travels through them.

mod bad_lines;
mod demo;
mod hostile;
mod office;
mod round_trip;
mod text;

use std::sync::LazyLock;

use jiff::Timestamp;
use p2k2::command::{Actor, Command, Request, TextFacts};
use p2k2::curriculum::shipped::shipped_texts;
use p2k2::curriculum::skema::Skema;
use p2k2::decide::import::{Import, Plan, Rows, plan};
use p2k2::decide::{Decision, decide};
use p2k2::event::LineInfo;
use p2k2::ids::Digest;
use p2k2::kelompok::wilayah::Zone;
use p2k2::people::policy::Viewer;
use p2k2::state::State;
use p2k2::transfer::read::{self, FileError};
use p2k2::transfer::{Limits, Lookup, Reading};
use uuid::Uuid;

/// Noon of 21 November 2026 in WIB.
const NOW: &str = "2026-11-21T05:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn skema() -> Vec<Skema> {
    shipped_texts()
        .iter()
        .filter(|text| text.is_skema())
        .map(|text| Skema::parse(&text.text).0.unwrap())
        .collect()
}

/// A program of which only the state is there.
struct World {
    state: State,
}

impl World {
    /// With the shipped curriculum's lists of sesi and nothing else.
    fn new() -> Self {
        let mut world = Self { state: State::default() };
        for one in skema() {
            world.accept(Command::LoadSkema { skema: Box::new(one) });
        }
        world
    }

    fn accept(&mut self, command: Command) {
        let seq = self.state.seq + 1;
        let id = Uuid::from_u128(u128::from(seq));
        self.accept_as(id, command, now());
    }

    fn accept_as(&mut self, id: Uuid, command: Command, now: Timestamp) {
        let request = Request { id, actor: Actor::System, now, command };
        let Decision::Events(events) = decide(&self.state, &request).unwrap() else {
            panic!("a repeat was not expected");
        };
        let info = LineInfo {
            seq: self.state.seq + 1,
            at: now,
            by: None,
            command: id,
            digest: Digest::of_bytes(b""),
        };
        self.state.apply_line(&info, &events);
    }

    fn plan(&self, rows: &Rows) -> Plan {
        plan(&self.state, Viewer::System, rows, now())
    }

    /// Takes rows that must all be new.
    fn import(&mut self, rows: Rows) {
        let plan = self.plan(&rows);
        assert_eq!(plan.errors, [], "all rows are good");
        assert_eq!((plan.changed, plan.same), (0, 0), "all rows are new");
        self.accept(Command::Import(Box::new(Import { rows, skip_bad: false })));
    }

    /// Reads a file of a kind against this state.
    fn read(&self, kind: &str, bytes: &[u8]) -> Result<Reading, FileError> {
        let limits = Limits::default();
        match kind {
            "wilayah" => read::wilayah(bytes, limits),
            "kelompok" => read::kelompok(bytes, limits),
            "pengguna" => read::pengguna(bytes, limits),
            _ => {
                let zone = |id: &str| {
                    let group = self.state.group(id);
                    group.map_or(Zone::Wib, |group| group.home(group.start).zone())
                };
                let lookup = Lookup { skema: &self.state.skema, zone: &zone, now: now() };
                read::pertemuan(bytes, limits, lookup)
            }
        }
    }

    /// Gives a sesi a first edition from a day on.
    fn publish(&mut self, sesi: &str, at: &str) {
        let text = TextFacts {
            sesi: sesi.parse().unwrap(),
            revision: p2k2::curriculum::ids::RevisionId::of(sesi),
            langkah: 5,
            minutes: 120,
            title: sesi.to_owned(),
        };
        let seq = self.state.seq + 1;
        let id = Uuid::from_u128(u128::from(seq));
        self.accept_as(id, Command::LoadEdition(Box::new(text)), at.parse().unwrap());
    }
}

/// One with the lists of sesi, for tests that only read.
static PLAIN: LazyLock<World> = LazyLock::new(World::new);

/// Reads a file whose every row must be good.
fn good(world: &World, kind: &str, bytes: &[u8]) -> Rows {
    let reading = world.read(kind, bytes).unwrap();
    assert_eq!(reading.notes.errors, [], "{kind}");
    reading.rows
}
