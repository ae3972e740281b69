//! A state whose older facts lie on a shelf says what one says that has all of them in memory.

use std::sync::{Arc, Mutex};

use p2k2::event::Event;
use p2k2::kelompok::fakta::{Shelf, ShelfHandle};
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::state::State;
use p2k2::state::columns::Columns;
use p2k2::state::rollup::Per;
use proptest::prelude::*;
use uuid::Uuid;

use super::events::{DAY, any_event, begun, fold};

#[derive(Clone, Default)]
struct Board(Arc<Mutex<Vec<u8>>>);

impl Board {
    fn put(&self, piece: &[u8]) -> Result<u64, ()> {
        let mut bytes = self.0.lock().unwrap();
        let offset = bytes.len() as u64;
        bytes.extend_from_slice(piece);
        Ok(offset)
    }

    fn handle(&self) -> ShelfHandle {
        ShelfHandle::new(Box::new(self.clone()))
    }
}

impl Shelf for Board {
    fn read(&self, offset: u64, out: &mut [u8]) -> bool {
        let (bytes, from) = (self.0.lock().unwrap(), usize::try_from(offset).unwrap());
        out.copy_from_slice(&bytes[from..from + out.len()]);
        true
    }
}

/// Some lines, and what is done behind them.
type Part = (Vec<Vec<Event>>, Then);

#[derive(Debug, Clone, Copy)]
enum Then {
    /// All facts go to a new shelf.
    Shelve,
    /// The same, and the next lines come while it is being written.
    ShelveSlowly,
    /// The state is written down and read back.
    Restart,
}

fn any_part() -> impl Strategy<Value = Part> {
    let then = prop::sample::select(vec![Then::Shelve, Then::ShelveSlowly, Then::Restart]);
    (prop::collection::vec(prop::collection::vec(any_event(), 0..3), 1..15), then)
}

/// Puts all facts on a new shelf; `meanwhile` happens when half of them are copied.
fn shelve(state: &mut State, meanwhile: &mut dyn FnMut(&mut State)) -> Board {
    let board = Board::default();
    let mut shelving = state.begin_shelving();
    let half = shelving.len().div_ceil(2);
    while shelving.has_more() {
        let copied = state.copy_facts(&shelving, half);
        shelving.put(copied, &mut |piece| board.put(piece)).unwrap();
        meanwhile(state);
    }
    state.copy_ids(&mut shelving);
    shelving.put_ids(&mut |piece| board.put(piece)).unwrap();
    meanwhile(state);
    state.let_go(&shelving, &board.handle(), 0..shelving.len());
    meanwhile(state);
    state.let_ids_go(shelving, &board.handle());
    board
}

fn restart(state: &State, board: &Board) -> State {
    let mut bytes = Vec::new();
    ciborium::into_writer(state, &mut bytes).unwrap();
    let mut loaded: State = ciborium::from_reader(bytes.as_slice()).unwrap();
    loaded.attach(Some(&board.handle()));
    loaded
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn wherever_facts_lie_the_state_says_the_same(
        parts in prop::collection::vec(any_part(), 1..5),
    ) {
        let (mut state, mut memory) = (begun(), begun());
        let mut board = shelve(&mut state, &mut |_| ());
        for (lines, then) in parts {
            let mut waiting = lines.iter();
            if let Then::ShelveSlowly = then {
                board = shelve(&mut state, &mut |state| {
                    waiting.by_ref().take(2).for_each(|events| fold(state, events));
                });
            }
            waiting.for_each(|events| fold(&mut state, events));
            lines.iter().for_each(|events| fold(&mut memory, events));
            match then {
                Then::Shelve => board = shelve(&mut state, &mut |_| ()),
                Then::ShelveSlowly => {}
                Then::Restart => state = restart(&state, &board),
            }
            prop_assert_eq!(&state, &memory);
            // The made-up events give one id to several kelompok; then either may be meant.
            let holders = |id: Uuid| memory.groups().iter().filter(move |g| g.pertemuan(id).is_some());
            for id in (0..30).map(Uuid::from_u128).filter(|id| holders(*id).count() <= 1) {
                prop_assert_eq!(state.accepted(id), memory.accepted(id));
            }
        }
        let rows = |state: &State| state.rollup(Kode::NASIONAL, Per::Kelompok, DAY);
        prop_assert_eq!(rows(&state), rows(&memory));
    }

    #[test]
    fn columns_that_were_written_down_go_on(
        before in prop::collection::vec(prop::collection::vec(any_event(), 0..3), 1..20),
        behind in prop::collection::vec(prop::collection::vec(any_event(), 0..3), 0..10),
        days in 0_i32..40,
    ) {
        let mut state = begun();
        let board = shelve(&mut state, &mut |_| ());
        before.iter().for_each(|events| fold(&mut state, events));
        let mut columns = Columns::default();
        columns.follow(&state, DAY);
        let mut bytes = Vec::new();
        ciborium::into_writer(&columns, &mut bytes).unwrap();
        let mut columns: Columns = ciborium::from_reader(bytes.as_slice()).unwrap();
        let mut state = restart(&state, &board);
        columns.settle(&state);
        behind.iter().for_each(|events| fold(&mut state, events));
        let day = DAY.saturating_add(jiff::Span::new().days(days));
        columns.follow(&state, day);
        for level in [Level::Nasional, Level::Kabupaten, Level::Desa] {
            let Some(found) = columns.rollup(Kode::NASIONAL, level) else { continue };
            prop_assert_eq!(found, state.rollup(Kode::NASIONAL, Per::Level(level), day));
        }
    }
}

#[test]
fn what_is_on_a_shelf_takes_no_memory() {
    let mut state = begun();
    shelve(&mut state, &mut |_| ());
    assert!(state.is_shelved());
    assert_eq!(state.unshelved_bytes(), 0);
}
