//! What a sender does for its own command before it waits in the queue.

use std::sync::Arc;

use crate::command::{Request, Thing};
use crate::decide::ahead::{self, Ahead};
use crate::event::{Event, LineInfo};
use crate::journal::{Events, FileJournal, Ready};
use crate::state::State;

use super::batch::info;
use super::committer::line;

/// A decision made before the turn, its line written out, and what that says of it.
pub(super) struct Prepared {
    ahead: Ahead,
    ready: Ready,
    info: LineInfo,
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
        let written = Events::encode(ahead.events()).ok()?;
        let ready = journal.ready(&line(&info, ahead.events(), written, None)).ok()?;
        Some(Self { ahead, ready, info })
    }

    /// The one thing that the command changes.
    pub(super) fn thing(&self) -> Thing {
        self.ahead.thing()
    }

    /// The same if it tells of that pertemuan and of nothing else, so that it bears on nothing else.
    pub(super) fn only(&self) -> Option<Thing> {
        self.ahead.tells_of_one_pertemuan().then(|| self.thing())
    }

    /// Whether it still holds.
    pub(super) fn holds(&self, state: &State, request: &Request) -> bool {
        self.ahead.holds(state, request)
    }

    /// What was prepared.
    pub(super) fn take(self) -> (Arc<Vec<Event>>, Ready, LineInfo) {
        (self.ahead.into_events(), self.ready, self.info)
    }
}
