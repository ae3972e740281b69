//! The state written down at a line of the journal, so that a start folds only the lines behind it.

use std::sync::{PoisonError, RwLock};

use crate::journal::{FileJournal, Head, Journal, JournalError, Snapshots};
use crate::state::State;

/// Names the program's way of folding and writing the state down: made at the build from the source
/// of all that the state is made of, and from the versions of the libraries. So a change of shape
/// or of meaning makes older snapshots be passed over, without anybody having to think of it.
const SHAPE: &str = env!("P2K2_STATE_SHAPE");

/// The newest state that was written down and agrees with the journal; what is wrong with others is
/// logged.
pub(super) fn load(journal: &FileJournal, snapshots: &Snapshots) -> Option<State> {
    let numbers = match snapshots.numbers() {
        Ok(numbers) => numbers,
        Err(error) => {
            tracing::warn!(%error, "snapshots cannot be listed; the whole journal is read");
            return None;
        }
    };
    numbers.into_iter().find_map(|seq| match sound(journal, snapshots, seq) {
        Ok(state) => Some(state),
        Err(reason) => {
            tracing::warn!(seq, reason, "a snapshot is passed over; more of the journal is read");
            None
        }
    })
}

fn sound(journal: &FileJournal, snapshots: &Snapshots, seq: u64) -> Result<State, String> {
    let (head, bytes) = snapshots.load(seq, SHAPE).map_err(|error| error.to_string())?;
    match head_at(journal, seq) {
        Ok(Some(stands)) if stands == head => {}
        Ok(_) => return Err("of another journal".to_owned()),
        Err(error) => return Err(error.to_string()),
    }
    let state: State =
        ciborium::from_reader(bytes.as_slice()).map_err(|error| error.to_string())?;
    if state.seq == seq { Ok(state) } else { Err("of another line".to_owned()) }
}

fn head_at(journal: &FileJournal, seq: u64) -> Result<Option<Head>, JournalError> {
    Ok(journal.line(seq)?.map(|line| Head { seq, hash: line.hash }))
}

/// Writes the state of now down; the line up to which it holds.
///
/// Holds the state for reading while it is put into bytes: readers go on, writers wait that long.
pub(super) fn save(
    journal: &FileJournal,
    snapshots: &Snapshots,
    state: &RwLock<State>,
) -> Result<u64, JournalError> {
    let mut bytes = Vec::new();
    let seq = {
        let state = state.read().unwrap_or_else(PoisonError::into_inner);
        ciborium::into_writer(&*state, &mut bytes)
            .map_err(|error| JournalError::Event { seq: state.seq, reason: error.to_string() })?;
        state.seq
    };
    if let Some(head) = head_at(journal, seq)? {
        snapshots.put(SHAPE, head, &bytes)?;
    }
    Ok(seq)
}
