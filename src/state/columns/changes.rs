//! What changed in the state, for those who keep something made from it.

use std::collections::{HashSet, VecDeque};

use crate::event::{Event, LineInfo, Setting, SuspensionTarget};
use crate::kelompok::KelompokId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::Kode;

use crate::state::{KelompokIx, State};

/// So many changes are remembered; who is further behind computes everything anew.
const REMEMBERED: usize = 65_536;
/// So far back in one line a second change of the same kelompok is noticed.
const MANY_IN_A_LINE: usize = 64;

/// An area with more kelompok than this is not noted kelompok by kelompok.
const MANY_IN_AN_AREA: usize = REMEMBERED / 4;

/// What an event concerns, as far as columns go.
enum Concerns<'a> {
    Nothing,
    Group(&'a KelompokId),
    /// Some kelompok, and the order of areas.
    Places(&'a [KelompokId]),
    /// Every kelompok of an area.
    Area(Kode),
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
    /// The last of those lines that changed a kelompok without being noted as its last one.
    pub(in crate::state) lost: u64,
    recent: VecDeque<Change>,
}

/// A kelompok that changed.
#[derive(Debug, Clone, Copy)]
struct Change {
    line: u64,
    ix: KelompokIx,
    /// Whether the kelompok says itself that this line changed it.
    noted: bool,
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
        self.recent.iter().rev().take_while(move |one| one.line > seq).map(|one| one.ix)
    }

    /// Many kelompok changed, up to line `seq`, and each says itself by which line.
    pub(in crate::state) fn many_noted(&mut self, seq: u64) {
        // What is remembered of earlier lines stays; who is behind `seq` asks every kelompok.
        self.forgotten = seq;
    }

    fn push(&mut self, change: Change) {
        let this_line = self.recent.iter().rev().take_while(|one| one.line == change.line);
        if this_line
            .take(MANY_IN_A_LINE)
            .any(|one| one.ix == change.ix && one.noted == change.noted)
        {
            return;
        }
        if self.recent.len() == REMEMBERED
            && let Some(old) = self.recent.pop_front()
        {
            self.forgotten = old.line;
            if !old.noted {
                self.lost = old.line;
            }
        }
        self.recent.push_back(change);
    }
}

impl State {
    /// The kelompok that changed behind line `seq`, some perhaps twice, where nothing happened since
    /// that concerns many.
    pub(super) fn changed_since(&self, seq: u64) -> Vec<KelompokIx> {
        let changes = &self.changes;
        if changes.forgotten <= seq {
            return changes.since(seq).collect();
        }
        // The forgotten ones noted their line at the kelompok. What came out of others hangs on theirs;
        // the remembered ones may have noted nothing.
        let changed = |group: &Kelompok| group.last_seq > seq || group.origin.is_some();
        let all = (0..).zip(&self.groups);
        let all = all.filter(|(_, group)| changed(group)).map(|(ix, _)| ix);
        all.chain(changes.since(seq)).collect()
    }

    /// Whether something happened behind line `seq` that concerns many, or that nobody can tell any
    /// more whom it concerns.
    pub(super) fn changed_widely_since(&self, seq: u64) -> bool {
        self.changes.wide.max(self.changes.lost) > seq
    }

    /// Takes note of an event that was folded in.
    pub(in crate::state) fn note_change(&mut self, info: &LineInfo, event: &Event) {
        // What was made out of a kelompok began with what that one had, so it changes with it.
        let mut waiting: Vec<KelompokIx> = match self.concerns(event) {
            Concerns::Nothing => return,
            Concerns::Group(id) => {
                let Some(ix) = self.group_ix(id.as_str()) else { return };
                // Mostly it still is what it was, and there is nothing to follow.
                if self.group_at(ix).is_some_and(|group| group.ending.is_none()) {
                    self.note(info.seq, ix);
                    return;
                }
                vec![ix]
            }
            Concerns::Places(ids) => {
                self.changes.order = info.seq;
                ids.iter().filter_map(|id| self.group_ix(id.as_str())).collect()
            }
            Concerns::Area(area) => {
                // One that moves counts where it was until the day of the move.
                self.ever_in(area).take(MANY_IN_AN_AREA).collect()
            }
            Concerns::Many => {
                self.changes.wide = info.seq;
                return;
            }
        };
        if waiting.len() >= MANY_IN_AN_AREA {
            self.changes.wide = info.seq;
            return;
        }
        let mut seen = HashSet::new();
        while let Some(ix) = waiting.pop() {
            if !seen.insert(ix) {
                continue;
            }
            self.note(info.seq, ix);
            if let Some(ending) = self.group_at(ix).and_then(|group| group.ending.as_ref()) {
                waiting.extend(ending.into.iter().filter_map(|id| self.group_ix(id.as_str())));
            }
        }
    }

    fn note(&mut self, line: u64, ix: KelompokIx) {
        let noted = self.group_at(ix).is_some_and(|group| group.last_seq >= line);
        self.changes.push(Change { line, ix, noted });
    }

    /// An event that is not named here is taken to concern many: a new one costs time until somebody
    /// thinks of it, and never a wrong number.
    fn concerns<'a>(&self, event: &'a Event) -> Concerns<'a> {
        match event {
            Event::SuspensionStarted { target: SuspensionTarget::Wilayah(area), .. } => {
                Concerns::Area(*area)
            }
            Event::SuspensionEnded { kelompok: Some(id), .. } => Concerns::Group(id),
            Event::SuspensionEnded { suspension, .. } => {
                let area = self.suspensions.iter().find(|one| one.id == *suspension);
                area.map_or(Concerns::Many, |one| Concerns::Area(one.area))
            }
            Event::SettingChanged { setting, .. } => match setting.as_ref() {
                Setting::Holidays(holidays) => Concerns::Area(holidays.area),
                Setting::PublicReading(_)
                | Setting::Crosswalk(_)
                | Setting::Tema(_)
                | Setting::FolioWidth(_) => Concerns::Nothing,
                Setting::Rules(_) | Setting::Target(_) | Setting::PrintedBook { .. } => {
                    Concerns::Many
                }
            },
            other => concerns(other),
        }
    }
}

/// The same for events that say by themselves what they concern.
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
        | Event::SeatsNumbered { .. }
        | Event::SeatsChanged { .. }
        | Event::KelompokRenamed { .. }
        | Event::HeadChanged { .. }
        | Event::HeadChecked { .. }
        | Event::PendampingAssigned { .. }
        | Event::RevisionSubmitted { .. }
        | Event::RevisionReturned { .. }
        | Event::Redacted { .. } => Concerns::Nothing,
        Event::PertemuanRecorded { record, .. } | Event::PertemuanCorrected { record, .. } => {
            Concerns::Group(&record.kelompok)
        }
        Event::PertemuanWithdrawn { kelompok, .. } | Event::PertemuanSeparate { kelompok, .. } => {
            Concerns::Group(kelompok)
        }
        // What is planned says how far behind a kelompok is; a question waits for an answer.
        Event::PlanChanged { kelompok, .. }
        | Event::PertemuanQuestioned { kelompok, .. }
        | Event::PertemuanAnswered { kelompok, .. } => Concerns::Group(kelompok),
        Event::KelompokDissolved { id, .. } => Concerns::Group(id),
        Event::SuspensionStarted { target: SuspensionTarget::Kelompok(id), .. } => {
            Concerns::Group(id)
        }
        Event::KelompokCreated { id, .. } | Event::KelompokMoved { id, .. } => {
            Concerns::Places(std::slice::from_ref(id))
        }
        Event::KelompokMerged { parents, .. } => Concerns::Places(parents),
        Event::KelompokSplit { parent, .. } => Concerns::Places(std::slice::from_ref(parent)),
        Event::KelompokRestored { kelompok, .. } => Concerns::Places(kelompok),
        _ => Concerns::Many,
    }
}
