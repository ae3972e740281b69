//! Looking over many kelompok at once: from the columns for today and for past days of many, from the
//! facts for past days of few.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::ids::AccountId;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{Month, MonthRates, MonthState};
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::policy::Viewer;
use crate::state::columns::Columns;
use crate::state::rollup::{Per, RowKey, Rows, Totals};
use crate::state::{Brief, KelompokIx, State, Waiting};
use crate::web::Web;
use crate::web::extract::Member;

use super::ask::Ask;
use super::scope::{self, Scope};
use super::when;

/// Kelompok as of one day, in tree order, active or not.
pub(crate) struct Survey<'a> {
    state: &'a State,
    on: Date,
    source: Source,
    /// Whose kelompok alone are looked at; inside, none for those that nobody meets.
    assigned: Option<Option<AccountId>>,
}

enum Source {
    /// All kelompok of these areas, by the columns.
    Areas(Arc<Columns>, Vec<Kode>),
    /// Single ones, by the columns.
    Columns(Arc<Columns>, Vec<KelompokIx>),
    /// Single ones, by the facts, which are read when first asked for.
    Facts(Vec<KelompokIx>, OnceCell<Told>),
}

/// What the facts say: each kelompok with the number of its target set, which is left out.
#[derive(Default)]
struct Told {
    briefs: Vec<(Brief<'static>, usize)>,
    targets: Vec<Vec<SesiIx>>,
}

impl Told {
    fn of(state: &State, list: &[KelompokIx], on: Date) -> Self {
        let mut told = Self::default();
        let mut numbers: HashMap<Kode, usize> = HashMap::new();
        for ix in list {
            let Some(home) = state.group_at(*ix).map(|group| group.home(on)) else { continue };
            // Where no set was made the default holds for all, so one look-up serves every place.
            let key = if state.targets.is_empty() { Kode::NASIONAL } else { home };
            let number = *numbers.entry(key).or_insert_with(|| {
                told.targets.push(state.target(key, on));
                told.targets.len() - 1
            });
            if let Some(brief) = state.brief(*ix, &told.targets[number], on) {
                told.briefs.push((brief.with_target(&[]), number));
            }
        }
        told
    }

    fn briefs(&self) -> impl Iterator<Item = Brief<'_>> {
        self.briefs.iter().map(|(brief, number)| brief.with_target(&self.targets[*number]))
    }
}

impl<'a> Survey<'a> {
    /// What a page about numbers is asked for.
    pub(crate) fn of(web: &Web, state: &'a State, member: &Member, ask: &Ask) -> Self {
        Self::new(web, state, (&ask.scope, member.viewer()), ask.on, ask.assigned)
    }

    /// All kelompok of a scope, today.
    pub(crate) fn of_scope(web: &Web, state: &'a State, scope: &Scope, viewer: Viewer<'_>) -> Self {
        Self::new(web, state, (scope, viewer), when::today(web), None)
    }

    /// All kelompok of a scope as of a day.
    pub(crate) fn on(web: &Web, state: &'a State, whose: (&Scope, Viewer<'_>), on: Date) -> Self {
        Self::new(web, state, whose, on, None)
    }

    fn new(
        web: &Web,
        state: &'a State,
        (scope, viewer): (&Scope, Viewer<'_>),
        on: Date,
        assigned: Option<Option<AccountId>>,
    ) -> Self {
        let latest = when::latest_today(web);
        let areas = if scope.mine() { &[][..] } else { &scope.areas };
        let columns = web.app.columns(state, areas, on);
        let source = match columns {
            Some(columns) if assigned.is_none() && !scope.mine() => {
                Source::Areas(columns, scope.areas.clone())
            }
            columns => {
                let mut list: Vec<KelompokIx> = if scope.mine() {
                    let mine = scope::mine(state, viewer, latest);
                    mine.iter().filter_map(|group| state.group_ix(group.id.as_str())).collect()
                } else {
                    scope.areas.iter().flat_map(|area| state.numbers_on(*area, on)).collect()
                };
                if let Some(wanted) = assigned {
                    let theirs = |group: &Kelompok| {
                        group.pendamping(on) == wanted || state.month_of(group, on) == wanted
                    };
                    list.retain(|ix| state.group_at(*ix).is_some_and(theirs));
                }
                match columns {
                    Some(columns) => Source::Columns(columns, list),
                    None => Source::Facts(list, OnceCell::new()),
                }
            }
        };
        Self { state, on, source, assigned }
    }

    /// One after the other; where they are those of one pendamping, only with what counts there: of
    /// a kelompok that changed hands in the month one has the cells and perhaps another the month.
    pub(crate) fn briefs(&self) -> Box<dyn Iterator<Item = Brief<'_>> + '_> {
        let Some(wanted) = self.assigned else { return self.all() };
        Box::new(self.all().map(move |mut brief| {
            let Some(group) = self.state.group_at(brief.ix) else { return brief };
            if group.pendamping(self.on) != wanted {
                (brief.active, brief.suspended) = (false, false);
                brief.waiting = Waiting::default();
            }
            if self.state.month_of(group, self.on) != wanted {
                brief.month = MonthState::default();
            }
            brief
        }))
    }

    fn all(&self) -> Box<dyn Iterator<Item = Brief<'_>> + '_> {
        match &self.source {
            Source::Areas(columns, areas) => {
                Box::new(areas.iter().flat_map(|area| columns.briefs(*area)))
            }
            Source::Columns(columns, list) => {
                Box::new(list.iter().filter_map(|ix| columns.brief(*ix)))
            }
            Source::Facts(list, told) => {
                Box::new(told.get_or_init(|| Told::of(self.state, list, self.on)).briefs())
            }
        }
    }

    /// The state that it looks at.
    pub(crate) fn state(&self) -> &'a State {
        self.state
    }

    /// The rows of a table, as [`State::rollup`] makes them.
    pub(crate) fn rollup(&self, per: Per) -> Vec<(RowKey, Totals)> {
        if let (Source::Areas(columns, areas), Per::Level(level)) = (&self.source, per) {
            let mut rows = Rows::default();
            for area in areas {
                for (key, totals) in columns.rollup(*area, level).unwrap_or_default() {
                    rows.at(key).merge(&totals);
                }
            }
            return rows.rows;
        }
        self.state.rows_of(self.briefs(), per, self.on)
    }

    /// The numbers of the month alone, each with how many kelompok are suspended on the day, by rows
    /// of which a pertemuan was expected or would have been.
    pub(crate) fn rates(&self, per: Per) -> Vec<(RowKey, MonthRates, u32)> {
        let mut rows = match &self.source {
            // Far less has to be read for these than for coverage.
            Source::Facts(list, _) => {
                let mut rows = Rows::default();
                let month = Month::of(self.on);
                let theirs = |group: &&Kelompok| {
                    self.assigned.is_none_or(|who| self.state.month_of(group, self.on) == who)
                };
                let groups = list.iter().filter_map(|ix| self.state.group_at(*ix));
                for group in groups.filter(theirs) {
                    let met = self.state.month_state(group, month, self.on);
                    let suspended = group.active(self.on) && self.state.suspended(group, self.on);
                    if met.expected || suspended {
                        let row = rows.at(self.state.row_of_month(group, per, self.on));
                        row.month.add(met);
                        row.suspended += u32::from(suspended);
                    }
                }
                rows.rows
            }
            _ => self.rollup(per),
        };
        rows.retain(|(_, totals)| totals.month.expected > 0 || totals.suspended > 0);
        rows.into_iter().map(|(key, totals)| (key, totals.month, totals.suspended)).collect()
    }

    /// The numbers of all of them, where that is known without reading facts.
    pub(crate) fn total_at_hand(&self) -> Option<Totals> {
        (!matches!(self.source, Source::Facts(..))).then(|| self.total())
    }

    /// The numbers of all of them.
    pub(crate) fn total(&self) -> Totals {
        let mut total = Totals::default();
        match &self.source {
            Source::Areas(columns, areas) => {
                let level = Level::Nasional;
                for area in areas {
                    for (_, totals) in columns.rollup(*area, level).unwrap_or_default() {
                        total.merge(&totals);
                    }
                }
            }
            _ => self.briefs().for_each(|brief| total.add(&brief)),
        }
        total
    }
}
