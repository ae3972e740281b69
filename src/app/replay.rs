//! Folds the journal at start.

use std::ops::ControlFlow;
use std::sync::{PoisonError, RwLock};

use crate::event::{Event, LineInfo};
use crate::ids::{AccountId, Digest};
use crate::journal::{Journal, JournalError, Line, read_effective};
use crate::state::State;

/// What is known of a line besides its events.
#[must_use]
pub(super) fn info_of(line: &Line) -> LineInfo {
    LineInfo {
        seq: line.seq,
        at: line.at,
        by: line.by.map(AccountId),
        command: match line.import {
            Some(crate::journal::Import::Part(_)) => uuid::Uuid::nil(),
            _ => line.cmd,
        },
        digest: Digest(*line.digest.as_bytes()),
    }
}

/// Folds every line behind those that `state` knows and that counts into it. `after` is told of each
/// line, when the state is not held.
///
/// # Errors
/// When a line cannot be read or its events are not known to this program.
pub(super) fn replay(
    journal: &dyn Journal,
    state: &RwLock<State>,
    after: &mut dyn FnMut(),
) -> Result<(), JournalError> {
    let held = || state.write().unwrap_or_else(PoisonError::into_inner);
    let mut failed = None;
    let from = held().seq + 1;
    read_effective(journal, from, &mut |line, _| match line.events::<Event>() {
        Ok(events) => {
            held().apply_line(&info_of(line), &events);
            after();
            ControlFlow::Continue(())
        }
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => {
            held().seq = journal.head().seq;
            Ok(())
        }
    }
}
