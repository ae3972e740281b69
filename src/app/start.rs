//! The state at the start: from the newest snapshot that can be believed and the lines behind it.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::journal::{FileJournal, Journal, JournalError, Snapshots};
use crate::state::State;
use crate::state::columns::Columns;

use super::shelving::{self, Alarm};
use super::snapshot::{self, Known};
use super::upkeep::Begun;
use super::{Options, replay};

/// What the program goes on with.
pub(super) struct Started {
    pub(super) state: Arc<RwLock<State>>,
    pub(super) columns: Columns,
    pub(super) begun: Begun,
}

/// The state at the end of the journal. Should a shelf fail on the way, everything is read.
pub(super) fn state(
    journal: &FileJournal,
    snapshots: &Arc<Snapshots>,
    options: &Options,
    alarm: &Alarm,
) -> Result<Started, JournalError> {
    let start = Start { journal, snapshots, options, alarm };
    let known = options.snapshots.then(|| snapshot::load(journal, snapshots, alarm)).flatten();
    let written = known.as_ref().map_or(0, |known| known.state.seq);
    let mut started = start.go_on(known.unwrap_or_default())?;
    // The snapshot may be older than a redaction and still hold what was blanked.
    let redacted = held(&started.state).redacted;
    if alarm.rings() || (redacted > written && written > 0) {
        snapshots.clear()?;
        alarm.reset();
        started = start.go_on(Known::default())?;
    }
    if alarm.rings() {
        // A shelf that was written just now fails as well, so memory has to do.
        snapshots.clear()?;
        alarm.reset();
        let options = &Options { snapshots: false, ..options.clone() };
        started = Start { options, ..start }.go_on(Known::default())?;
    }
    let last = held(&started.state).seq;
    let last = journal.line(last)?.map(|line| line.at);
    let now = options.clock.now();
    // A clock that is wrong at one start must not end logins for good.
    let mut state = started.state.write().unwrap_or_else(PoisonError::into_inner);
    state.forget_ended(last.map_or(now, |last| last.min(now)));
    drop(state);
    Ok(started)
}

/// The state, for reading.
pub(super) fn held(state: &RwLock<State>) -> RwLockReadGuard<'_, State> {
    state.read().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone, Copy)]
struct Start<'a> {
    journal: &'a FileJournal,
    snapshots: &'a Arc<Snapshots>,
    options: &'a Options,
    alarm: &'a Alarm,
}

impl Start<'_> {
    /// Folds the lines behind what is known; a long journal goes to a shelf piece by piece.
    fn go_on(self, known: Known) -> Result<Started, JournalError> {
        let Known { state, columns, mut shelf } = known;
        let written = state.seq;
        let state = Arc::new(RwLock::new(state));
        let mut most = self.options.unshelved_max;
        let mut unnamed = false;
        let mut after = || {
            let bytes = held(&state).unshelved_bytes();
            if !self.options.snapshots || bytes < most {
                return;
            }
            let never = AtomicBool::new(false);
            match shelving::put_away(&state, self.snapshots, self.alarm, &never) {
                Ok(Some(sum)) => {
                    (shelf, unnamed) = (Some(sum), true);
                    most = self.options.unshelved_max;
                }
                Ok(None) => most = bytes + self.options.unshelved_max,
                Err(error) => {
                    tracing::warn!(%error, "older facts could not be put on a shelf");
                    most = bytes + self.options.unshelved_max;
                }
            }
        };
        replay::replay(self.journal, &state, &mut after)?;
        Ok(Started { state, columns, begun: Begun { written, shelf, unnamed } })
    }
}
