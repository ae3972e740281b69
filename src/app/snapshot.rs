//! The state written down at a line of the journal, so that a start folds only the lines behind it.

use std::sync::{Arc, PoisonError, RwLock};

use crate::journal::{About, FileJournal, Hash128, Head, Journal, JournalError, Loaded, Snapshots};
use crate::state::State;
use crate::state::columns::Columns;

use super::coverage::Coverage;
use super::shelving::{self, Alarm};

/// Names the program's way of folding and writing the state down: made at the build from the source
/// of all that the state is made of, and from the versions of the libraries. So a change of shape
/// or of meaning makes older snapshots be passed over, without anybody having to think of it.
const SHAPE: &str = env!("P2K2_STATE_SHAPE");

/// What a snapshot holds.
#[derive(Default)]
pub(super) struct Known {
    pub(super) state: State,
    /// The numbers of a day as of that state.
    pub(super) columns: Columns,
    /// The shelf on which the rest of the state lies.
    pub(super) shelf: Option<Hash128>,
}

/// The newest state that was written down and agrees with the journal; what is wrong with others is
/// logged.
pub(super) fn load(
    journal: &FileJournal,
    snapshots: &Arc<Snapshots>,
    alarm: &Alarm,
) -> Option<Known> {
    let numbers = match snapshots.numbers() {
        Ok(numbers) => numbers,
        Err(error) => {
            tracing::warn!(%error, "snapshots cannot be listed; the whole journal is read");
            return None;
        }
    };
    numbers.into_iter().find_map(|seq| match sound(journal, snapshots, seq, alarm) {
        Ok(known) => Some(known),
        Err(reason) => {
            tracing::warn!(seq, reason, "a snapshot is passed over; more of the journal is read");
            None
        }
    })
}

fn sound(
    journal: &FileJournal,
    snapshots: &Arc<Snapshots>,
    seq: u64,
    alarm: &Alarm,
) -> Result<Known, String> {
    let Loaded { head, shelf, bytes } =
        snapshots.load(seq, SHAPE).map_err(|error| error.to_string())?;
    match head_at(journal, seq) {
        Ok(Some(stands)) if stands == head => {}
        Ok(_) => return Err("of another journal".to_owned()),
        Err(error) => return Err(error.to_string()),
    }
    let shelf = shelf.map(|sum| shelving::open(snapshots, sum, alarm)).transpose();
    let shelf = shelf.map_err(|error| format!("its shelf: {error}"))?;
    let mut rest = bytes.as_slice();
    let mut state: State = ciborium::from_reader(&mut rest).map_err(|error| error.to_string())?;
    let mut columns: Columns =
        ciborium::from_reader(&mut rest).map_err(|error| error.to_string())?;
    columns.settle(&state);
    if state.seq != seq {
        return Err("of another line".to_owned());
    }
    state.attach(shelf.as_ref().map(|(handle, _)| handle));
    if shelf.is_none() && state.is_shelved() {
        return Err("it names no shelf".to_owned());
    }
    Ok(Known { state, columns, shelf: shelf.map(|(_, sum)| sum) })
}

fn head_at(journal: &FileJournal, seq: u64) -> Result<Option<Head>, JournalError> {
    Ok(journal.line(seq)?.map(|line| Head { seq, hash: line.hash }))
}

/// Writes the state of now down, of which `shelf` holds a part; the line up to which it holds.
///
/// Holds the state for reading while it is put into bytes: readers go on, writers wait that long.
pub(super) fn save(
    journal: &FileJournal,
    snapshots: &Snapshots,
    (state, coverage): (&RwLock<State>, &Coverage),
    (shelf, alarm): (Option<Hash128>, &Alarm),
) -> Result<u64, JournalError> {
    let mut bytes = Vec::new();
    let seq = {
        let state = state.read().unwrap_or_else(PoisonError::into_inner);
        let failed = |error: ciborium::ser::Error<std::io::Error>| JournalError::Event {
            seq: state.seq,
            reason: error.to_string(),
        };
        ciborium::into_writer(&*state, &mut bytes).map_err(failed)?;
        coverage.write_down(&state, &mut bytes).map_err(failed)?;
        state.seq
    };
    let head = head_at(journal, seq)?;
    // What was worked out without facts that could not be read must not be believed later.
    if let Some(head) = head.filter(|_| !alarm.rings()) {
        snapshots.put(About { shape: SHAPE, head, shelf }, &bytes)?;
    }
    Ok(seq)
}
