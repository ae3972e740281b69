//! A decision made before the command's turn, and whether it still holds when the turn comes.

use std::sync::Arc;

use crate::command::{Command, Request, Thing};
use crate::event::Event;
use crate::ids::Digest;
use crate::state::{KelompokIx, State, of_one_pertemuan};

use super::{Decision, decide};

/// What recording a pertemuan comes to, decided on a state that may be a little behind.
///
/// One committer decides in turn, while those who send wait. Let each sender decide first, on its
/// own thread, and the committer need only see that nothing came in between that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The line up to which the state knew everything.
    seq: u64,
    /// Of which kelompok.
    kelompok: KelompokIx,
    events: Arc<Vec<Event>>,
}

impl Ahead {
    /// Whether a command is of the kind that can be decided ahead.
    #[must_use]
    pub fn may(request: &Request) -> bool {
        matches!(request.command, Command::Record(_))
    }

    /// Decides on `state`. None for what is refused or was accepted before, and for every other
    /// command: the turn decides those.
    #[must_use]
    pub fn of(state: &State, request: &Request) -> Option<Self> {
        let Command::Record(input) = &request.command else { return None };
        let kelompok = state.group_ix(input.kelompok.as_str())?;
        match decide(state, request) {
            Ok(Decision::Events(events)) => {
                Some(Self { seq: state.seq, kelompok, events: Arc::new(events) })
            }
            Ok(Decision::Repeat(_)) | Err(_) => None,
        }
    }

    /// Whether [`decide`] on `state`, which follows that of [`Self::of`], gives these events too.
    /// May say no where it would.
    #[must_use]
    pub fn holds(&self, state: &State, request: &Request) -> bool {
        let group = state.group_at(self.kelompok);
        group.is_some_and(|group| state.unmoved_since(self.seq, group))
            && state.accepted(request.id).is_none()
    }

    /// The one thing that the command changes.
    #[must_use]
    pub fn thing(&self) -> Thing {
        Thing::Kelompok(self.kelompok)
    }

    /// Whether the events tell of one pertemuan and of nothing else; then they cannot undo what was
    /// decided ahead for another kelompok under another id.
    #[must_use]
    pub fn tells_of_one_pertemuan(&self) -> bool {
        self.events.iter().all(of_one_pertemuan)
    }

    /// The events, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The events, for those who go on with them.
    #[must_use]
    pub fn shared_events(&self) -> Arc<Vec<Event>> {
        Arc::clone(&self.events)
    }
}

/// The digest of a command's values, taken from its events where it stands there already.
#[must_use]
pub fn digest(request: &Request, events: &[Event]) -> Digest {
    match events.first() {
        Some(Event::PertemuanRecorded { id, digest, .. }) if *id == request.id => *digest,
        _ => request.digest(),
    }
}
