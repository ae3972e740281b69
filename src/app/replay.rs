//! Folds the journal at start.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::event::{Event, LineInfo};
use crate::ids::{AccountId, Digest};
use crate::journal::{Journal, JournalError, Line, read_effective};
use crate::state::State;

use super::committer::Applied;
use super::history::Histories;

/// How many lines are handed to the index at once.
const CHUNK: usize = 2_048;

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

/// Folds every line that counts into `state`, and hands the index what it has not seen yet.
///
/// # Errors
/// When a line cannot be read or its events are not known to this program.
pub(super) fn replay(
    journal: &dyn Journal,
    state: &mut State,
    histories: &Histories,
) -> Result<(), JournalError> {
    let seen = histories.position();
    let mut behind: Vec<Applied> = Vec::new();
    let mut failed = None;
    read_effective(journal, 1, &mut |line, position| {
        let events = match line.events::<Event>() {
            Ok(events) => events,
            Err(error) => {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        };
        let info = info_of(line);
        state.apply_line(&info, &events);
        if position > seen {
            behind.push((info, Arc::new(events)));
            if behind.len() >= CHUNK {
                histories.catch_up(&behind);
                behind.clear();
            }
        }
        ControlFlow::Continue(())
    })?;
    histories.catch_up(&behind);
    match failed {
        Some(error) => Err(error),
        None => {
            state.seq = journal.head().seq;
            Ok(())
        }
    }
}
