//! Visits and head-count checks in the state.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::{Event, LineInfo};
use crate::ids::AccountId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::visit::{CheckNo, CheckOutcome, Visit, VisitId, VisitPlace};
use crate::kelompok::wilayah::Kode;

use super::{KelompokIx, State};

/// A head-count check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadCheck {
    /// Its number among all checks, from 1.
    pub number: CheckNo,
    /// The journal line that holds it.
    pub seq: u64,
    /// Of which kelompok.
    pub kelompok: KelompokIx,
    /// On this day.
    pub date: Date,
    /// Whether the kelompok was found.
    pub found: bool,
    /// The number recorded for that day.
    pub recorded: u16,
    /// The number counted.
    pub counted: u16,
    /// By which office.
    pub office: String,
    /// Who entered it.
    pub by: Option<AccountId>,
    /// When it was entered.
    pub at: Timestamp,
    /// How it was settled, once it was.
    pub resolved: Option<CheckResolved>,
}

impl HeadCheck {
    /// Counted less recorded.
    #[must_use]
    pub fn difference(&self) -> i32 {
        i32::from(self.counted) - i32::from(self.recorded)
    }

    /// Whether it still waits: nobody settled it, and what was found neither agreed with the record
    /// then nor does with what is recorded for its day by now.
    #[must_use]
    pub fn is_open(&self, group: &Kelompok) -> bool {
        let agreed = self.difference() == 0 || group.members(self.date) == self.counted;
        self.resolved.is_none() && !(self.found && agreed)
    }
}

/// How a check was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResolved {
    /// How.
    pub outcome: CheckOutcome,
    /// In words; empty when nothing was said.
    pub note: String,
    /// Who settled it.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// One form of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitForm {
    /// What is said in it.
    pub visit: Visit,
    /// Who said it.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// Why it replaces the one before; empty for the first.
    pub reason: String,
}

/// A visit with all of its forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitState {
    /// Its id.
    pub id: VisitId,
    /// Every form, oldest first; the last is what is said now.
    pub forms: Vec<VisitForm>,
    /// Why, by whom and when it was withdrawn, if it was.
    pub withdrawn: Option<(String, Option<AccountId>, Timestamp)>,
    /// The journal line of its last change; the version that a change must name.
    pub version: u64,
    /// The journal line that logged it.
    pub first_seq: u64,
}

impl VisitState {
    /// What is said now.
    #[must_use]
    pub fn now(&self) -> Option<&Visit> {
        self.forms.last().map(|form| &form.visit)
    }
}

/// A place with the visits to it in a time, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited<'a> {
    /// The place.
    pub place: Kode,
    /// Its visits; empty when nobody came.
    pub visits: Vec<&'a VisitState>,
}

impl State {
    /// The visit with this id.
    #[must_use]
    pub fn visit(&self, id: VisitId) -> Option<&VisitState> {
        self.visits.get(*self.visit_ids.get(&id)?)
    }

    /// Every visit, in the order of the journal.
    #[must_use]
    pub fn visits(&self) -> &[VisitState] {
        &self.visits
    }

    /// Where a visit went: the area, or the place to which the kelompok belonged on that day.
    #[must_use]
    pub fn visit_area(&self, visit: &Visit) -> Option<Kode> {
        match &visit.place {
            VisitPlace::Wilayah(area) => Some(*area),
            VisitPlace::Kelompok(id) => self.group(id.as_str()).map(|one| one.home(visit.date)),
        }
    }

    /// The visits inside `area` from the first to the last day of `days` that were not withdrawn, by
    /// date.
    #[must_use]
    pub fn visits_in(&self, area: Kode, days: (Date, Date)) -> Vec<&VisitState> {
        let mut found: Vec<(Date, &VisitState)> = self
            .visits
            .iter()
            .filter(|one| one.withdrawn.is_none())
            .filter_map(|one| {
                let visit = one.now()?;
                let inside = (days.0..=days.1).contains(&visit.date)
                    && self.visit_area(visit).is_some_and(|place| area.contains(place));
                inside.then_some((visit.date, one))
            })
            .collect();
        found.sort_by_key(|(date, one)| (*date, one.first_seq));
        found.into_iter().map(|(_, one)| one).collect()
    }

    /// The places directly below `area`, in tree order, each with the visits to it or to anything
    /// inside it: so many places were visited as have one.
    #[must_use]
    pub fn visited_below(&self, area: Kode, days: (Date, Date)) -> Vec<Visited<'_>> {
        let level = area.level().below();
        let mut by_place: HashMap<Kode, Vec<&VisitState>> = HashMap::new();
        for one in self.visits_in(area, days) {
            let place = one.now().and_then(|visit| self.visit_area(visit));
            if let Some(below) = place.zip(level).and_then(|(place, level)| place.at(level)) {
                by_place.entry(below).or_default().push(one);
            }
        }
        self.places_below(area)
            .map(|(place, _)| Visited {
                place,
                visits: by_place.remove(&place).unwrap_or_default(),
            })
            .collect()
    }

    /// The visits to one kelompok, withdrawn or not, in the order of the journal.
    pub fn visits_to<'a>(&'a self, group: &'a Kelompok) -> impl Iterator<Item = &'a VisitState> {
        self.visits.iter().filter(|one| {
            matches!(one.now().map(|visit| &visit.place),
                Some(VisitPlace::Kelompok(id)) if id.is_same(&group.id))
        })
    }

    /// The check with this number, and its kelompok.
    #[must_use]
    pub fn check(&self, number: CheckNo) -> Option<(&HeadCheck, &Kelompok)> {
        let check = self.checks.get((number as usize).checked_sub(1)?)?;
        self.group_at(check.kelompok).map(|group| (check, group))
    }

    /// The checks of one kelompok, in the order of the journal.
    pub fn checks_of<'a>(&'a self, group: &Kelompok) -> impl Iterator<Item = &'a HeadCheck> {
        let ix = self.group_ix(group.id.as_str());
        self.checks.iter().filter(move |check| Some(check.kelompok) == ix)
    }

    pub(super) fn apply_visit(&mut self, info: &LineInfo, event: &Event) {
        match event {
            Event::HeadChecked { kelompok, date, found, recorded, counted, office } => {
                let Some(kelompok) = self.group_ix(kelompok.as_str()) else { return };
                let number = CheckNo::try_from(self.checks.len() + 1).unwrap_or(CheckNo::MAX);
                self.checks.push(HeadCheck {
                    number,
                    seq: info.seq,
                    kelompok,
                    date: *date,
                    found: *found,
                    recorded: *recorded,
                    counted: *counted,
                    office: office.to_string(),
                    by: info.by,
                    at: info.at,
                    resolved: None,
                });
            }
            Event::HeadCheckResolved { check, outcome, note, .. } => {
                let slot = (*check as usize).checked_sub(1);
                if let Some(check) = slot.and_then(|at| self.checks.get_mut(at)) {
                    check.resolved = Some(CheckResolved {
                        outcome: *outcome,
                        note: note.as_ref().map_or_else(String::new, ToString::to_string),
                        by: info.by,
                        at: info.at,
                    });
                }
            }
            Event::VisitLogged { id, visit } => {
                if self.visit_ids.contains_key(id) {
                    return;
                }
                self.visit_ids.insert(*id, self.visits.len());
                self.visits.push(VisitState {
                    id: *id,
                    forms: vec![form(info, visit, String::new())],
                    withdrawn: None,
                    version: info.seq,
                    first_seq: info.seq,
                });
            }
            Event::VisitCorrected { id, visit, reason } => {
                self.change_visit(info, *id, |one| {
                    one.forms.push(form(info, visit, reason.to_string()));
                });
            }
            Event::VisitWithdrawn { id, reason } => {
                self.change_visit(info, *id, |one| {
                    one.withdrawn = Some((reason.to_string(), info.by, info.at));
                });
            }
            _ => {}
        }
    }

    fn change_visit(&mut self, info: &LineInfo, id: VisitId, with: impl FnOnce(&mut VisitState)) {
        let at = self.visit_ids.get(&id).copied();
        if let Some(visit) = at.and_then(|at| self.visits.get_mut(at)) {
            with(visit);
            visit.version = info.seq;
        }
    }
}

fn form(info: &LineInfo, visit: &Visit, reason: String) -> VisitForm {
    VisitForm { visit: visit.clone(), by: info.by, at: info.at, reason }
}
