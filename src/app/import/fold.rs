//! What an import adds to the state: gathered while its lines are written, folded in when they count.

use std::sync::PoisonError;

use crate::app::App;
use crate::event::LineInfo;
use crate::journal::{JournalError, Scratch};
use crate::state::import::Gathered;

/// What was gathered leaves memory when it takes as many times the room that facts may take there.
const GATHERED: usize = 2;
/// While a long import is folded in, facts may take so many times that room before they go to a shelf,
/// which is written anew each time.
const UNSHELVED: usize = 5;

/// What was gathered so far: the newest part in memory, the others on disk.
#[derive(Default)]
pub(super) struct Sheaf {
    open: Gathered,
    rest: Option<Scratch>,
}

impl Sheaf {
    /// Adds what a piece adds.
    pub(super) fn add(&mut self, app: &App, gathered: Gathered) -> Result<(), JournalError> {
        self.open.append(gathered);
        if self.open.heap_bytes() < GATHERED * app.upkeep.unshelved_max() {
            return Ok(());
        }
        let bytes = self.open.take_bytes();
        let scratch = match self.rest.take() {
            Some(scratch) => scratch,
            None => app.journal.scratch()?,
        };
        self.rest.insert(scratch).put(&bytes)
    }

    /// Folds all of it in. The lines from `first` on count, so nothing may fail from here on without
    /// the process ending: the next start reads them.
    pub(super) fn fold_in(
        self,
        app: &App,
        first: u64,
        close: &LineInfo,
    ) -> Result<(), JournalError> {
        let held = || app.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut open = self.open.beginning_at(first);
        let Some(rest) = self.rest else {
            held().apply_import(close, open);
            return Ok(());
        };
        let resting = app.upkeep.rest();
        for number in 0..rest.len() {
            let part = Gathered::of_bytes(&rest.get(number)?, first);
            let mut part = part.ok_or(JournalError::Stopped)?;
            held().apply_part(&mut part);
            drop(part);
            app.upkeep.shelve_above(&resting, UNSHELVED * app.upkeep.unshelved_max());
        }
        let mut state = held();
        state.apply_part(&mut open);
        state.close_import(close, open);
        Ok(())
    }
}
