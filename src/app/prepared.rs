//! What a sender does for its own command before it waits in the queue.

use crate::command::Request;
use crate::decide::ahead::{self, Ahead};
use crate::event::{Event, LineInfo};
use crate::journal::Events;
use crate::state::State;

use super::committer::info;

/// A decision made before the turn, its events as they will be written, and what their line says.
pub(super) struct Prepared {
    ahead: Ahead,
    written: Events,
    info: LineInfo,
}

impl Prepared {
    /// Prepares what can be; `state` is asked for only then, and held only while deciding.
    pub(super) fn of<S: std::ops::Deref<Target = State>>(
        state: impl FnOnce() -> S,
        request: &Request,
    ) -> Option<Self> {
        if !Ahead::may(request) {
            return None;
        }
        let ahead = Ahead::of(&state(), request)?;
        let info = info(request, ahead::digest(request, ahead.events()));
        // What cannot be written is refused in its turn.
        let written = Events::encode(ahead.events()).ok()?;
        Some(Self { ahead, written, info })
    }

    /// What was prepared, if it still holds.
    pub(super) fn take(
        self,
        state: &State,
        request: &Request,
    ) -> Option<(Vec<Event>, Events, LineInfo)> {
        let holds = self.ahead.holds(state, request);
        holds.then(|| (self.ahead.into_events(), self.written, self.info))
    }
}
