//! The plan of a kelompok (RTL): which sesi is due in which month, what comes next, what is late.
//!
//! A plan is laid month by month. Who changes it by hand *pins* a sesi to a month or leaves it out;
//! everything else flows around that:
//!
//! 1. A month without a pertemuan (suspended, mostly holidays, before the first or behind the last
//!    day of the kelompok) holds no sesi.
//! 2. A sesi pinned to a month stands in it, also beside another. If that month holds no pertemuan,
//!    or went by without the sesi, it takes the next month that has one.
//! 3. Every other month holds the first sesi of the order that is neither pinned nor left out.
//!
//! A change by hand never reaches back: the months before it stay laid as they were, so nothing
//! that was due becomes undue.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::curriculum::ids::SesiId;

use super::coverage::{Cell, Status};
use super::fakta::SesiIx;
use super::rates::Month;

/// One line of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The month in which the sesi is planned.
    pub month: Month,
    /// Which sesi.
    pub sesi: SesiIx,
}

/// A sesi whose month was chosen by hand, as the journal names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Which sesi.
    pub sesi: SesiId,
    /// In which month.
    pub month: Month,
}

/// By what a plan is laid from a month on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// The first month.
    pub from: Month,
    /// The sesi in their order, each once.
    pub order: Vec<SesiIx>,
    /// Sesi whose month was chosen by hand.
    pub pins: Vec<Due>,
    /// Sesi that were left out by hand.
    pub out: Vec<SesiIx>,
}

/// Lays a plan up to and with the month `last`. `phases` are sorted by month and there is at least
/// one; `meets` says whether a month has a pertemuan.
#[must_use]
pub fn lay(phases: &[Phase], last: Month, mut meets: impl FnMut(Month) -> bool) -> Vec<Due> {
    if let [phase] = phases
        && phase.pins.is_empty()
        && phase.out.is_empty()
    {
        return phase.plain(last, meets);
    }
    let mut plan: Vec<Due> = Vec::new();
    for (at, phase) in phases.iter().enumerate() {
        let end = phases.get(at + 1).map(|next| next.from);
        let mut month = phase.from;
        while month <= last && end.is_none_or(|end| month < end) && !phase.done(&plan) {
            if meets(month) {
                phase.fill(&mut plan, month);
            }
            month = month.next();
        }
    }
    plan
}

impl Phase {
    /// The plan up to and with the month `last` where nothing was chosen by hand, as of nearly every
    /// kelompok: without looking for what waits.
    fn plain(&self, last: Month, mut meets: impl FnMut(Month) -> bool) -> Vec<Due> {
        let mut plan = Vec::with_capacity(self.order.len());
        let mut month = self.from;
        for sesi in &self.order {
            while month <= last && !meets(month) {
                month = month.next();
            }
            if month > last {
                break;
            }
            plan.push(Due { month, sesi: *sesi });
            month = month.next();
        }
        plan
    }

    fn waits(&self, plan: &[Due], sesi: SesiIx) -> bool {
        !self.out.contains(&sesi) && !plan.iter().any(|due| due.sesi == sesi)
    }

    fn done(&self, plan: &[Due]) -> bool {
        !self.order.iter().any(|sesi| self.waits(plan, *sesi))
    }

    /// Pins that are still to be laid and belong to this plan.
    fn pinned<'a>(&'a self, plan: &'a [Due]) -> impl Iterator<Item = &'a Due> {
        self.pins.iter().filter(|pin| self.order.contains(&pin.sesi) && self.waits(plan, pin.sesi))
    }

    fn fill(&self, plan: &mut Vec<Due>, month: Month) {
        let here: Vec<SesiIx> =
            self.pinned(plan).filter(|pin| pin.month == month).map(|pin| pin.sesi).collect();
        if !here.is_empty() {
            plan.extend(here.into_iter().map(|sesi| Due { month, sesi }));
            return;
        }
        let overdue = self.pinned(plan).filter(|pin| pin.month < month).min_by_key(|pin| pin.month);
        let free = |sesi: &SesiIx| {
            self.waits(plan, *sesi) && !self.pins.iter().any(|pin| pin.sesi == *sesi)
        };
        let next = overdue.map(|pin| pin.sesi).or_else(|| self.order.iter().copied().find(free));
        if let Some(sesi) = next {
            plan.push(Due { month, sesi });
        }
    }
}

/// How far behind its plan a kelompok is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behind {
    /// Sesi due minus sesi tuntas, not below 0.
    pub count: u16,
    /// The last day of the month in which the oldest missing one was due.
    pub since: Option<Date>,
}

/// How far behind `plan` the kelompok is on `on`. A sesi is due when its month is over; `tuntas` is
/// how many of the sesi that belong into the plan are covered, due or not; `covered` says which are.
#[must_use]
pub fn behind(plan: &[Due], tuntas: usize, covered: impl Fn(SesiIx) -> bool, on: Date) -> Behind {
    let due = || plan.iter().filter(|one| one.month.last() < on);
    let count = u16::try_from(due().count().saturating_sub(tuntas)).unwrap_or(u16::MAX);
    let since = due().find(|one| !covered(one.sesi)).map(|one| one.month.last());
    Behind { count, since: if count > 0 { since } else { None } }
}

/// What is missing of a target, in the order in which it is taught: what was begun comes first.
#[must_use]
pub fn missing(target: &[SesiIx], cells: &[Cell]) -> Vec<SesiIx> {
    let with = |wanted: Status| {
        target.iter().copied().filter(move |sesi| {
            cells.get(usize::from(*sesi)).map_or(Status::Belum, |cell| cell.status) == wanted
        })
    };
    with(Status::Sebagian).chain(with(Status::Belum)).collect()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
