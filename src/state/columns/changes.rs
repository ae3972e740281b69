//! What changed in the state, for those who keep something made from it.

use std::collections::VecDeque;

use crate::event::{Event, LineInfo, SuspensionTarget};
use crate::kelompok::KelompokId;

use crate::state::{KelompokIx, State};

/// So many changes are remembered; who is further behind computes everything anew.
const REMEMBERED: usize = 65_536;
/// So far back in one line a second change of the same kelompok is noticed.
const MANY_IN_A_LINE: usize = 64;

/// What an event concerns, as far as the numbers of coverage go.
enum Concerns<'a> {
    Nothing,
    Group(&'a KelompokId),
    /// One kelompok, and the order of areas.
    Place(&'a KelompokId),
    /// Any number of kelompok.
    Many,
}

/// The last changes, by journal line. No part of what the state says.
#[derive(Debug, Clone, Default)]
pub(in crate::state) struct Changes {
    /// The last line that concerns many kelompok.
    pub(in crate::state) wide: u64,
    /// The last line that changes the order of areas.
    pub(in crate::state) order: u64,
    /// The last line whose change is remembered no more.
    pub(in crate::state) forgotten: u64,
    recent: VecDeque<(u64, KelompokIx)>,
}

/// Two states that say the same are equal, whichever way they came about.
impl PartialEq for Changes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Changes {
    /// The kelompok that changed behind line `seq`; some perhaps twice.
    pub(in crate::state) fn since(&self, seq: u64) -> impl Iterator<Item = KelompokIx> + '_ {
        self.recent.iter().rev().take_while(move |(at, _)| *at > seq).map(|(_, ix)| *ix)
    }

    /// False if that was noted already.
    fn push(&mut self, seq: u64, ix: KelompokIx) -> bool {
        let this_line = self.recent.iter().rev().take_while(|(at, _)| *at == seq);
        if this_line.take(MANY_IN_A_LINE).any(|(_, known)| *known == ix) {
            return false;
        }
        if self.recent.len() == REMEMBERED
            && let Some((old, _)) = self.recent.pop_front()
        {
            self.forgotten = old;
        }
        self.recent.push_back((seq, ix));
        true
    }
}

impl State {
    /// Takes note of an event that was folded in.
    pub(in crate::state) fn note_change(&mut self, info: &LineInfo, event: &Event) {
        let (id, place) = match concerns(event) {
            Concerns::Nothing => return,
            Concerns::Many => {
                self.changes.wide = info.seq;
                return;
            }
            Concerns::Group(id) => (id, false),
            Concerns::Place(id) => (id, true),
        };
        if place {
            self.changes.order = info.seq;
        }
        // What was made out of a kelompok began with what that one had, so it changes with it.
        let mut waiting: Vec<KelompokIx> = self.group_ix(id.as_str()).into_iter().collect();
        while let Some(ix) = waiting.pop() {
            if self.changes.push(info.seq, ix)
                && let Some(ending) = self.group_at(ix).and_then(|group| group.ending.as_ref())
            {
                waiting.extend(ending.into.iter().filter_map(|id| self.group_ix(id.as_str())));
            }
        }
    }
}

/// An event that is not named here is taken to concern many: a new one costs time until somebody
/// thinks of it, and never a wrong number.
fn concerns(event: &Event) -> Concerns<'_> {
    match event {
        Event::AccountCreated { .. }
        | Event::AccountChanged { .. }
        | Event::LinkCreated { .. }
        | Event::LinkUsed { .. }
        | Event::PasswordChanged { .. }
        | Event::LoginOpened { .. }
        | Event::LoginClosed { .. }
        | Event::WilayahLoaded { .. }
        | Event::WilayahEdition { .. }
        | Event::WilayahRetired { .. }
        | Event::WilayahAliased { .. }
        | Event::HeadCheckResolved { .. }
        | Event::VisitLogged { .. }
        | Event::VisitCorrected { .. }
        | Event::VisitWithdrawn { .. }
        | Event::MonthFrozen { .. }
        | Event::PlanChanged { .. }
        | Event::SeatsNumbered { .. }
        | Event::SeatsChanged { .. }
        | Event::KelompokRenamed { .. }
        | Event::HeadChanged { .. }
        | Event::HeadChecked { .. }
        | Event::PendampingAssigned { .. }
        | Event::PertemuanQuestioned { .. }
        | Event::PertemuanAnswered { .. }
        | Event::RevisionSubmitted { .. }
        | Event::RevisionReturned { .. }
        | Event::Redacted { .. } => Concerns::Nothing,
        Event::PertemuanRecorded { record, .. } | Event::PertemuanCorrected { record, .. } => {
            Concerns::Group(&record.kelompok)
        }
        Event::PertemuanWithdrawn { kelompok, .. } | Event::PertemuanSeparate { kelompok, .. } => {
            Concerns::Group(kelompok)
        }
        Event::KelompokDissolved { id, .. } => Concerns::Group(id),
        Event::SuspensionStarted { target: SuspensionTarget::Kelompok(id), .. } => {
            Concerns::Group(id)
        }
        Event::KelompokCreated { id, .. } | Event::KelompokMoved { id, .. } => Concerns::Place(id),
        _ => Concerns::Many,
    }
}
