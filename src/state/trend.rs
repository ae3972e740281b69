//! The figures of several months of a kelompok, with its facts read once.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::kelompok::fakta::{Fakta, SesiIx};
use crate::kelompok::frozen::{FrozenRow, Share};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month};
use crate::kelompok::wilayah::Kode;

use super::State;

/// Which of the figures of a kelompok are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// How far it is, and whether it is active.
    pub cells: bool,
    /// Its month.
    pub month: bool,
}

impl Part {
    /// All of them, or none.
    #[must_use]
    pub fn all(wanted: bool) -> Self {
        Self { cells: wanted, month: wanted }
    }

    fn of(self, mut share: Share) -> Share {
        if !self.cells {
            (share.active, share.suspended) = (false, false);
            (share.target, share.covered) = (Box::default(), Box::default());
        }
        if !self.month {
            (share.expected, share.actual) = (false, false);
            (share.on_time, share.unknown_time) = (false, false);
        }
        share
    }
}

/// Months, each as of a day of it, with the target sets of places on those days.
#[derive(Debug)]
pub struct Months<'a> {
    state: &'a State,
    days: Vec<(Month, Date)>,
    /// The figures of every month, in the same order.
    pub rows: Vec<FrozenRow>,
    targets: HashMap<Kode, Vec<Vec<SesiIx>>>,
}

impl<'a> Months<'a> {
    /// Nothing yet, for these months; each row is of `area`.
    #[must_use]
    pub fn new(state: &'a State, area: Kode, days: Vec<(Month, Date)>) -> Self {
        let rows = vec![FrozenRow::empty(area); days.len()];
        Self { state, days, rows, targets: HashMap::new() }
    }

    /// Adds a kelompok to those months for which `wanted` says so of their day: what
    /// [`State::share_on`] says of each, or a part of it.
    pub fn add(&mut self, group: &Kelompok, wanted: impl Fn(Date) -> Part) {
        let state = self.state;
        if group.origin.is_some() || group.desa.len() > 1 {
            // What it began with, and by what it is measured, hangs on the day, so each month is
            // looked at by itself.
            for ((month, on), row) in self.days.iter().zip(&mut self.rows) {
                let part = wanted(*on);
                if part != Part::default() {
                    row.add(&part.of(state.share_on(group, *month, *on)));
                }
            }
            return;
        }
        let home = group.home(Date::MAX);
        let key = if state.targets.is_empty() { Kode::NASIONAL } else { home };
        let days = &self.days;
        let targets = self
            .targets
            .entry(key)
            .or_insert_with(|| days.iter().map(|(_, on)| state.target(key, *on)).collect());
        let facts: Vec<Fakta> = group.fakta.iter().collect();
        let cells = crate::kelompok::coverage::cells(&facts, Date::MAX, state.setting());
        // What is covered stays so: a sesi is covered on every day from the one on which it was first.
        let covered = |sesi: &&SesiIx, on: Date| {
            let cell = cells.get(usize::from(**sesi));
            cell.and_then(|cell| cell.covered_on).is_some_and(|day| day <= on)
        };
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        for (((month, on), row), target) in self.days.iter().zip(&mut self.rows).zip(targets) {
            let part = wanted(*on);
            if part.month {
                let suspensions = state.suspensions_of(group, month.last());
                let setting = state.setting();
                let met =
                    rates::month_state_of((group, &facts), &suspensions, *month, *on, setting);
                row.expected += u32::from(met.expected);
                row.actual += u32::from(met.actual);
                row.on_time += u32::from(met.actual && met.on_time == Some(true));
                row.unknown_time += u32::from(met.actual && met.on_time.is_none());
            }
            if part.cells && group.active(*on) {
                row.groups += 1;
                row.suspended += u32::from(state.suspended(group, *on));
                row.target += small(target.len());
                row.covered += small(target.iter().filter(|sesi| covered(sesi, *on)).count());
            }
        }
    }
}
