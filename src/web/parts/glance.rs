//! One look at a kelompok: its cells, its month, how far behind. Worked out once per page.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::civil::Date;

use crate::kelompok::coverage::Cell;
use crate::kelompok::fakta::{Fakta, SesiIx};
use crate::kelompok::group::Kelompok;
use crate::kelompok::plan::Behind;
use crate::kelompok::rates::{Month, MonthState};
use crate::kelompok::wilayah::Kode;
use crate::state::{Ahead, State};

/// Looks at kelompok as of one day; remembers the target sets, so that each is looked up once.
pub(crate) struct Eye<'a> {
    /// The state it looks at.
    pub(crate) state: &'a State,
    /// The day.
    pub(crate) on: Date,
    /// The month of whose pertemuan it speaks.
    pub(crate) month: Month,
    targets: HashMap<Kode, Rc<[SesiIx]>>,
}

/// What one look at a kelompok shows.
#[derive(Debug, Clone)]
pub(crate) struct Glance<'a> {
    /// The kelompok.
    pub(crate) group: &'a Kelompok,
    /// Whether it is active on the day.
    pub(crate) active: bool,
    /// Whether it is suspended on the day.
    pub(crate) suspended: bool,
    /// The sesi that it is measured by.
    pub(crate) target: Rc<[SesiIx]>,
    /// Every sesi, by dense number.
    pub(crate) cells: Vec<Cell>,
    /// What it adds to the numbers of the month.
    pub(crate) month: MonthState,
}

impl<'a> Eye<'a> {
    /// Looks as of `on`, at the month in which it lies.
    pub(crate) fn new(state: &'a State, on: Date) -> Self {
        Self { state, on, month: Month::of(on), targets: HashMap::new() }
    }

    /// The sesi that a place is measured by.
    pub(crate) fn target(&mut self, home: Kode) -> Rc<[SesiIx]> {
        // Where no set was made the default holds for all, so one look-up serves every place.
        let key = if self.state.targets.is_empty() { Kode::NASIONAL } else { home };
        let (state, on) = (self.state, self.on);
        Rc::clone(self.targets.entry(key).or_insert_with(|| state.target(key, on).into()))
    }

    /// One look at a kelompok.
    pub(crate) fn look(&mut self, group: &'a Kelompok) -> Glance<'a> {
        Glance {
            group,
            active: group.active(self.on),
            suspended: self.state.suspended(group, self.on),
            target: self.target(group.home(Date::MAX)),
            cells: self.state.cells(group, self.on),
            month: self.state.month_state(group, self.month, self.on),
        }
    }

    /// How far behind its plan the kelompok is.
    pub(crate) fn behind(&self, glance: &Glance<'_>) -> Behind {
        self.state.behind(glance.group, &glance.target, &glance.cells, self.on)
    }

    /// The sesi that comes next by the plan.
    pub(crate) fn next(&self, glance: &Glance<'_>) -> Option<SesiIx> {
        self.state.next_sesi(glance.group, &glance.target, &glance.cells, self.on)
    }

    /// The plan that lies ahead.
    pub(crate) fn ahead(&self, glance: &Glance<'_>) -> Ahead {
        self.state.ahead(glance.group, &glance.target, &glance.cells, self.on)
    }

    /// Its last counted pertemuan up to the day.
    pub(crate) fn last(&self, group: &Kelompok) -> Option<Fakta> {
        let setting = self.state.setting();
        group.fakta.iter().rev().find(|fakta| fakta.date <= self.on && setting.counts(fakta))
    }

    /// Its first counted pertemuan of the month, up to the day.
    pub(crate) fn met(&self, group: &Kelompok) -> Option<Fakta> {
        let setting = self.state.setting();
        let first = self.month.first();
        let in_month = group.fakta.iter().rev().take_while(|fakta| fakta.date >= first);
        let counted = in_month.filter(|fakta| {
            self.month.contains(fakta.date) && fakta.date <= self.on && setting.counts(fakta)
        });
        counted.last()
    }
}

/// `2 sesi lewat rencana`; none when the kelompok is not behind.
pub(crate) fn behind_words(behind: Behind) -> Option<String> {
    (behind.count > 0).then(|| format!("{} sesi lewat rencana", behind.count))
}
