//! One batch while it is decided: which of the commands that wait can go together, and what each
//! comes to.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::command::{Actor, Command, Request, Thing};
use crate::decide::ahead::digest;
use crate::decide::{Decision, decide};
use crate::event::{Event, LineInfo};
use crate::ids::Digest;
use crate::journal::Ready;
use crate::state::State;

use super::prepared::Prepared;
use super::{Done, SubmitError};

/// How a command ended, with its line: who made that lets go of it, too, since there are many of them
/// and one committer.
pub(super) type Answer = (Result<Done, SubmitError>, Option<Box<Written>>);

/// A command that waits for its turn.
pub(super) struct Submission {
    /// Shared with the sender, who keeps it until the answer comes.
    pub(super) request: Arc<Request>,
    /// What the sender worked out already.
    pub(super) prepared: Option<Prepared>,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// A command that was decided and waits for its line to be safe.
pub(super) struct Accepted {
    pub(super) answer: oneshot::Sender<Answer>,
    /// In one place from the sender and back, since moving it about would cost as much as making it.
    pub(super) written: Box<Written>,
}

/// What a command comes to.
pub(super) struct Written {
    pub(super) events: Arc<Vec<Event>>,
    /// Its line; none before it is written out, and for an import, which has many.
    pub(super) ready: Option<Ready>,
    /// What alone it touches, if it records a pertemuan and tells of nothing else.
    pub(super) only: Option<Thing>,
    /// What its line says of it, without a number yet. The digest in it is over the whole command,
    /// which may be an import of many thousand rows, so it is made once and carried along.
    pub(super) info: LineInfo,
}

/// What is looked up while a batch is decided.
///
/// Who sends chooses the ids and could choose some that meet in one place. A batch holds too few of
/// them for that to cost anybody a moment.
type Met<T> = FxHashSet<T>;

/// Commands that touch different things, in their order, and those that have to wait for them.
pub(super) struct Batch {
    touched: Met<Thing>,
    /// Two commands of one id may touch different things; the second must see the first.
    ids: Met<Uuid>,
    /// Whether one was taken that goes alone.
    alone: bool,
    /// What is to be written.
    pub(super) accepted: Vec<Accepted>,
    /// An import, which is written in many lines; nothing else is accepted beside it.
    pub(super) import: Option<Accepted>,
    /// What must wait for the next batch.
    pub(super) deferred: VecDeque<Submission>,
}

impl Batch {
    /// An empty batch for about `room` commands. Those of `last`, with the things that they touch,
    /// are safe and may not be part of the state yet.
    pub(super) fn behind(last: Vec<(Uuid, Thing)>, room: usize) -> Self {
        let all = room + last.len();
        let (mut ids, mut touched) = (Met::default(), Met::default());
        ids.reserve(all);
        touched.reserve(all);
        for (id, thing) in last {
            ids.insert(id);
            touched.insert(thing);
        }
        let accepted = Vec::with_capacity(room);
        Self { touched, ids, alone: false, accepted, import: None, deferred: VecDeque::new() }
    }

    /// Decides a command on `state`, or defers it.
    pub(super) fn take(&mut self, state: &State, submission: Submission) {
        let Submission { request, prepared, .. } = &submission;
        let (one, many);
        let things = match prepared {
            Some(prepared) => {
                one = prepared.thing();
                std::slice::from_ref(&one)
            }
            None => {
                many = request.things(state);
                many.as_slice()
            }
        };
        let everything = things.contains(&Thing::Everything);
        let clash = !self.ids.insert(request.id)
            || self.alone
            || (everything && !self.touched.is_empty())
            || things.iter().any(|thing| self.touched.contains(thing))
            // Order is kept: what came behind a deferred command of a thing stays behind.
            || !self.deferred.is_empty() && everything;
        self.touched.extend(things.iter().cloned());
        if clash {
            self.deferred.push_back(submission);
        } else {
            self.alone |= self.decide(state, submission) && everything;
        }
    }

    /// Whether there is anything to write.
    fn decide(&mut self, state: &State, submission: Submission) -> bool {
        let Submission { request, prepared, answer: sender } = submission;
        if let Some(prepared) = prepared.filter(|one| one.holds(state, &request)) {
            self.accepted.push(Accepted { answer: sender, written: prepared.take() });
            return true;
        }
        match decide(state, &request) {
            Err(refusal) => answer(sender, Err(refusal.into())),
            Ok(Decision::Repeat(seq)) => {
                answer(sender, Ok(Done { seq, events: Arc::default(), repeat: true }));
            }
            Ok(Decision::Events(events)) if events.is_empty() => {
                answer(sender, Ok(Done { seq: 0, events: Arc::default(), repeat: false }));
            }
            Ok(Decision::Events(events)) => {
                let info = info(&request, digest(&request, &events));
                let events = Arc::new(events);
                let written = Box::new(Written { events, ready: None, only: None, info });
                let one = Accepted { answer: sender, written };
                if matches!(request.command, Command::Import(_)) {
                    self.import = Some(one);
                } else {
                    self.accepted.push(one);
                }
                return true;
            }
        }
        false
    }
}

/// Tells who waits for a command that needed no line, or got none.
pub(super) fn answer(sender: oneshot::Sender<Answer>, outcome: Result<Done, SubmitError>) {
    // Whoever asked may have gone; what was done is done all the same.
    let _gone = sender.send((outcome, None));
}

/// What a line says of its command, without a number yet.
pub(super) fn info(request: &Request, digest: Digest) -> LineInfo {
    let by = match request.actor {
        Actor::Account(id) => Some(id),
        _ => None,
    };
    LineInfo { seq: 0, at: request.now, by, command: request.id, digest }
}
