//! What a sender does for its own command before it waits in the queue.

use crate::command::{Request, Thing};
use crate::decide::ahead::{self, Ahead};
use crate::journal::{Events, FileJournal};
use crate::state::State;

use super::batch::{Written, info};
use super::committer::line;

/// A decision made before the turn, and its line written out.
pub(super) struct Prepared {
    ahead: Ahead,
    written: Box<Written>,
}

impl Prepared {
    /// Prepares what can be; `state` is asked for only then, and held only while deciding.
    pub(super) fn of<S: std::ops::Deref<Target = State>>(
        state: impl FnOnce() -> S,
        journal: &FileJournal,
        request: &Request,
    ) -> Option<Self> {
        if !Ahead::may(request) {
            return None;
        }
        let ahead = Ahead::of(&state(), request)?;
        let info = info(request, ahead::digest(request, ahead.events()));
        // What cannot be written is refused in its turn.
        let events = Events::encode(ahead.events()).ok()?;
        let ready = journal.ready(&line(&info, ahead.events(), events, None)).ok()?;
        let only = ahead.tells_of_one_pertemuan().then(|| ahead.thing());
        let events = ahead.shared_events();
        let written = Box::new(Written { events, ready: Some(ready), only, info });
        Some(Self { ahead, written })
    }

    /// The one thing that the command changes.
    pub(super) fn thing(&self) -> Thing {
        self.ahead.thing()
    }

    /// Whether it still holds.
    pub(super) fn holds(&self, state: &State, request: &Request) -> bool {
        self.ahead.holds(state, request)
    }

    /// What was prepared.
    pub(super) fn take(self) -> Box<Written> {
        self.written
    }
}
