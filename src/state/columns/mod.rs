//! The coverage of today in sixteen bytes a kelompok, in the order of areas, so that a roll-up of
//! the nation reads them in one go. [`State::rollup`] says the same from the facts; it is the
//! reference.
//!
//! A column holds two bits for each of up to 48 sesi, what the kelompok adds to the numbers of the
//! month, and the number of its target set. Beside it stands what waits at the kelompok, for pages
//! that name those where something is to be done; a roll-up does not read that.
//!
//! Columns belong to one day, which the caller names: nothing here knows the time. They follow the
//! state: a kelompok that changed is computed again, and everything when something changed that
//! concerns many. A new day asks for no facts, unless some were dated behind the day before or a
//! text became live.

mod changes;
mod lanes;

use std::collections::HashMap;
use std::mem::take;
use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::kelompok::coverage::{Cell, Status};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month, MonthState};
use crate::kelompok::wilayah::{Kode, Level};

use self::lanes::Lanes;
use super::brief::{Brief, Statuses, Told, Waiting};
use super::rollup::{RowKey, SesiCount, Targets, Totals};
use super::{KelompokIx, State};

pub(super) use changes::Changes;

/// The most sesi that a column has room for; with more, the facts are asked.
pub const SESI_MAX: usize = 48;

/// The bits of the sesi.
const CELLS: u128 = (1 << (2 * SESI_MAX)) - 1;
/// The lower bit of each sesi.
const LOW: u128 = 0x5555_5555_5555_5555_5555_5555;
const ACTIVE: u128 = 1 << 96;
const SUSPENDED: u128 = 1 << 97;
const EXPECTED: u128 = 1 << 98;
const ACTUAL: u128 = 1 << 99;
const TIME_KNOWN: u128 = 1 << 100;
const ON_TIME: u128 = 1 << 101;
/// Facts dated behind the day stand in the state already; a later day must count them.
const LATER: u128 = 1 << 102;
/// The number of the target set stands above.
const TARGET: u32 = 112;

/// A set of target sesi.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Target {
    sesi: Vec<SesiIx>,
    /// The lower bits of its sesi.
    mask: u128,
}

/// The columns of one day.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Columns {
    /// The day for which they hold; none before the first.
    day: Option<Date>,
    /// The journal line up to which they follow the state.
    seq: u64,
    /// A column a kelompok, in the order of areas.
    #[serde(with = "crate::bytes::quads")]
    values: Vec<u128>,
    /// What waits at each kelompok, in the same order.
    #[serde(with = "crate::state::brief::written")]
    waiting: Vec<Waiting>,
    /// The kelompok at each place of `values`, and where it belongs.
    #[serde(skip)]
    order: Vec<(Kode, KelompokIx)>,
    /// The place in `values` of each kelompok.
    #[serde(skip)]
    places: Vec<u32>,
    targets: Vec<Target>,
    /// The number of the target set by place; of the whole country where no set was made.
    of_place: HashMap<Kode, u16>,
}

/// What of the columns of another day still holds.
#[derive(Clone, Copy)]
struct Keep {
    cells: bool,
    plans: bool,
}

impl Columns {
    /// Whether the columns hold for this state and day as they are.
    #[must_use]
    pub fn is_current(&self, state: &State, day: Date) -> bool {
        let changes = &state.changes;
        self.day == Some(day)
            && changes.wide.max(changes.forgotten).max(changes.order) <= self.seq
            && changes.since(self.seq).next().is_none()
    }

    /// Brings the columns to the given state and day; cheap when little has changed.
    pub fn follow(&mut self, state: &State, day: Date) {
        let changes = &state.changes;
        let all = self.day.is_none() || changes.wide.max(changes.lost) > self.seq;
        let other_day = self.day != Some(day);
        let keep = Keep {
            cells: !all && (!other_day || self.same_texts(state, day)),
            plans: !all && (!other_day || self.same_plans(state, day)),
        };
        if all || changes.order > self.seq {
            self.arrange(state);
        }
        if all || other_day {
            self.targets.clear();
            self.of_place.clear();
            for at in 0..self.order.len() {
                let ix = self.order[at].1;
                self.compute(state, ix, day, keep);
            }
        }
        if keep.cells {
            for ix in self.changed(state) {
                self.compute(state, ix, day, Keep { cells: false, plans: false });
            }
        }
        (self.day, self.seq) = (Some(day), state.seq);
    }

    /// The kelompok that changed since, some perhaps twice.
    fn changed(&self, state: &State) -> Vec<KelompokIx> {
        if state.changes.forgotten <= self.seq {
            return state.changes.since(self.seq).collect();
        }
        // The forgotten ones noted their line at the kelompok. What came out of others hangs on theirs;
        // the remembered ones may have noted nothing.
        let changed = |group: &Kelompok| group.last_seq > self.seq || group.origin.is_some();
        let all = (0..).zip(&state.groups);
        let all = all.filter(|(_, group)| changed(group)).map(|(ix, _)| ix);
        all.chain(state.changes.since(self.seq)).collect()
    }

    /// Finds the places of kelompok again after loading, in the state with which these columns were
    /// written down. Columns that do not fit it are forgotten.
    pub fn settle(&mut self, state: &State) {
        let whole =
            self.values.len() == state.by_area.len() && self.waiting.len() == self.values.len();
        if !whole || self.seq != state.seq {
            *self = Self::default();
            return;
        }
        let (values, waiting) = (take(&mut self.values), take(&mut self.waiting));
        self.arrange(state);
        (self.values, self.waiting) = (values, waiting);
    }

    /// Whether no other text became live, or stopped being so, between the day of the columns and
    /// another; else every cell may have changed.
    fn same_texts(&self, state: &State, day: Date) -> bool {
        let Some(old) = self.day.filter(|old| *old < day) else { return false };
        let mut editions = state.infos.iter().flat_map(|info| &info.editions);
        !editions.any(|edition| old < edition.date && edition.date <= day)
    }

    /// Whether nothing can have become due between the day of the columns and another: no month
    /// ended, and no target set came into force.
    fn same_plans(&self, state: &State, day: Date) -> bool {
        let Some(old) = self.day.filter(|old| *old < day) else { return false };
        let comes = state.targets.iter().any(|set| old < set.from && set.from <= day);
        Month::of(old) == Month::of(day) && !comes
    }

    /// Puts the kelompok in the order of areas again and keeps the columns of those that stay.
    fn arrange(&mut self, state: &State) {
        let mut old = vec![(0, Waiting::default()); state.groups.len()];
        let known = self.values.iter().zip(&self.waiting);
        for ((value, waiting), (_, ix)) in known.zip(&self.order) {
            if let Some(slot) = old.get_mut(*ix as usize) {
                *slot = (*value, *waiting);
            }
        }
        self.order = state.by_area.iter().copied().collect();
        let here = || self.order.iter().map(|(_, ix)| old[*ix as usize]);
        self.values = here().map(|(value, _)| value).collect();
        self.waiting = here().map(|(_, waiting)| waiting).collect();
        self.places = vec![0; state.groups.len()];
        for (place, (_, ix)) in (0..).zip(&self.order) {
            self.places[*ix as usize] = place;
        }
    }

    fn compute(&mut self, state: &State, ix: KelompokIx, day: Date, keep: Keep) {
        let (Some(group), Some(place)) = (state.group_at(ix), self.places.get(ix as usize)) else {
            return;
        };
        let place = *place as usize;
        let (old, waited) = (self.values[place], self.waiting[place]);
        let target = self.target_of(state, group.home(Date::MAX), day);
        // What a kelompok began with hangs on others and on its first day.
        let kept = keep.cells && old & LATER == 0 && group.origin.is_none();
        let (cells, later, month, mut waiting) = if kept {
            (old & CELLS, false, self.month_without_facts(state, group, old, day), waited)
        } else {
            let Told { cells, later, month, waiting } = state.told(group, day);
            (packed(&cells), later, month, waiting)
        };
        let active = group.active(day);
        if !(kept && keep.plans && active == (old & ACTIVE != 0)) {
            let covered = |sesi| status(cells, sesi).covered();
            let sesi = self.targets.get(usize::from(target)).map_or(&[][..], |of| &of.sesi);
            waiting.behind = state.behind_by(group, sesi, covered, day);
        }
        let flag = |set: bool, bit: u128| if set { bit } else { 0 };
        self.waiting[place] = waiting;
        self.values[place] = cells
            | flag(active, ACTIVE)
            | flag(state.suspended(group, day), SUSPENDED)
            | flag(month.expected, EXPECTED)
            | flag(month.actual, ACTUAL)
            | flag(month.on_time.is_some(), TIME_KNOWN)
            | flag(month.on_time == Some(true), ON_TIME)
            | flag(later, LATER)
            | u128::from(target) << TARGET;
    }

    /// What the kelompok adds to the month of `day` when nothing of it changed since the day of the
    /// columns and none of its pertemuan was dated behind that.
    fn month_without_facts(
        &self,
        state: &State,
        group: &Kelompok,
        old: u128,
        day: Date,
    ) -> MonthState {
        let month = Month::of(day);
        if self.day.is_some_and(|old| month.contains(old)) && old & EXPECTED != 0 {
            return month_of(old);
        }
        let suspensions = state.suspensions_of(group, month.last());
        let expected = rates::expected(group, &suspensions, month, state.setting());
        MonthState { expected, ..MonthState::default() }
    }

    fn target_of(&mut self, state: &State, home: Kode, day: Date) -> u16 {
        let key = if state.targets.is_empty() { Kode::NASIONAL } else { home };
        if let Some(number) = self.of_place.get(&key) {
            return *number;
        }
        let sesi = Targets::new(state, day).of(home).to_vec();
        let mask = sesi.iter().filter(|ix| usize::from(**ix) < SESI_MAX);
        let mask = mask.fold(0, |mask, ix| mask | 1 << (2 * ix));
        let target = Target { sesi, mask };
        let known = self.targets.iter().position(|one| *one == target);
        let number = known.unwrap_or_else(|| {
            self.targets.push(target);
            self.targets.len() - 1
        });
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        self.of_place.insert(key, number);
        number
    }

    /// Whether there is room for all that has to be kept; else the facts must be asked.
    #[must_use]
    pub fn fits(&self) -> bool {
        // Each sesi once, and each with room.
        let room = |target: &Target| target.mask.count_ones() as usize == target.sesi.len();
        self.targets.iter().all(room) && self.targets.len() <= usize::from(u16::MAX)
    }

    fn stretch(&self, area: Kode) -> Range<usize> {
        let from = self.order.partition_point(|(home, _)| *home < area);
        from..self.order.partition_point(|(home, _)| *home < area.end())
    }

    /// The kelompok of `area` in tree order, as [`State::brief`] shows each; meaningful where the
    /// columns fit.
    pub fn briefs(&self, area: Kode) -> impl Iterator<Item = Brief<'_>> {
        self.stretch(area).map(|place| self.brief_at(place))
    }

    /// One kelompok; none for a number that no kelompok has.
    #[must_use]
    pub fn brief(&self, ix: KelompokIx) -> Option<Brief<'_>> {
        self.places.get(ix as usize).map(|place| self.brief_at(*place as usize))
    }

    fn brief_at(&self, place: usize) -> Brief<'_> {
        let (column, (home, ix)) = (self.values[place], self.order[place]);
        let target = self.targets.get((column >> TARGET) as usize);
        Brief {
            ix,
            home,
            active: column & ACTIVE != 0,
            suspended: column & SUSPENDED != 0,
            month: month_of(column),
            target: target.map_or(&[], |target| &target.sesi),
            waiting: self.waiting[place],
            statuses: Statuses::Packed(column),
        }
    }

    /// The rows of a coverage table of `area` by places of `level`, as [`State::rollup`] gives
    /// them for the day; none when the columns have no room for so many sesi or target sets.
    #[must_use]
    pub fn rollup(&self, area: Kode, level: Level) -> Option<Vec<(RowKey, Totals)>> {
        if !self.fits() {
            return None;
        }
        let Range { start: from, end: to } = self.stretch(area);
        let mut rows = Vec::new();
        let mut at = from;
        while at < to {
            let home = self.order[at].0;
            let key = home.at(level).unwrap_or(home);
            let rest = &self.order[at..to];
            let length = match home.at(level) {
                Some(place) => rest.partition_point(|(home, _)| *home < place.end()),
                None => rest.partition_point(|(other, _)| *other == home),
            };
            if let Some(totals) = self.add_up(at..at + length) {
                rows.push((RowKey::Place(key), totals));
            }
            at += length;
        }
        Some(rows)
    }

    /// The numbers of a stretch of kelompok; none when none of them counts.
    fn add_up(&self, places: Range<usize>) -> Option<Totals> {
        let mut totals = Totals::default();
        let (mut covered, mut refresh, mut partial) =
            (Lanes::default(), Lanes::default(), Lanes::default());
        // Of each target set met, in the order in which it was met: how many kelompok have it.
        let mut met: Vec<(usize, u32)> = Vec::new();
        let mut any = false;
        for column in &self.values[places] {
            let column = *column;
            if column & (ACTIVE | EXPECTED) == 0 {
                continue;
            }
            any = true;
            if column & EXPECTED != 0 {
                totals.month.add(month_of(column));
            }
            if column & ACTIVE == 0 {
                continue;
            }
            totals.groups += 1;
            totals.suspended += u32::from(column & SUSPENDED != 0);
            let number = (column >> TARGET) as usize;
            match met.iter_mut().find(|(of, _)| *of == number) {
                Some((_, count)) => *count += 1,
                None => met.push((number, 1)),
            }
            let mask = self.targets.get(number).map_or(0, |target| target.mask);
            let (low, high) = (column & LOW & mask, column >> 1 & LOW & mask);
            covered.add(high);
            refresh.add(high & !low);
            partial.add(low & !high);
        }
        let (covered, refresh, partial) = (covered.sums(), refresh.sums(), partial.sums());
        for (number, groups) in met {
            let Some(target) = self.targets.get(number) else { continue };
            for ix in &target.sesi {
                if let Some((_, count)) = totals.per_sesi.iter_mut().find(|(of, _)| of == ix) {
                    count.target += groups;
                    continue;
                }
                let at = usize::from(*ix);
                let (covered, refresh, partial) = (covered[at], refresh[at], partial[at]);
                let count = SesiCount { target: groups, covered, refresh, partial };
                totals.per_sesi.push((*ix, count));
            }
        }
        for (_, count) in &totals.per_sesi {
            totals.cells.merge(*count);
        }
        any.then_some(totals)
    }
}

fn month_of(column: u128) -> MonthState {
    MonthState {
        expected: column & EXPECTED != 0,
        actual: column & ACTUAL != 0,
        on_time: (column & TIME_KNOWN != 0).then_some(column & ON_TIME != 0),
    }
}

/// How far a kelompok is with each sesi, as in a column; of the first [`SESI_MAX`].
pub(super) fn packed(cells: &[Cell]) -> u128 {
    cells.iter().take(SESI_MAX).enumerate().fold(0, |bits, (ix, cell)| {
        let status: u128 = match cell.status {
            Status::Belum => 0,
            Status::Sebagian => 1,
            Status::PerluPenyegaran => 2,
            Status::Tuntas => 3,
        };
        bits | status << (2 * ix)
    })
}

/// How far a kelompok is with a sesi, by its column.
pub(super) fn status(column: u128, sesi: SesiIx) -> Status {
    if usize::from(sesi) >= SESI_MAX {
        return Status::Belum;
    }
    match column >> (2 * sesi) & 3 {
        0 => Status::Belum,
        1 => Status::Sebagian,
        2 => Status::PerluPenyegaran,
        _ => Status::Tuntas,
    }
}
