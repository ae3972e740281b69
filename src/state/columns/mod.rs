//! The coverage of today in sixteen bytes a kelompok, in the order of areas, so that a roll-up of
//! the nation reads them in one go. [`State::rollup`] says the same from the facts; it is the
//! reference.
//!
//! A column holds two bits for each of up to 48 sesi, what the kelompok adds to the numbers of the
//! month, and the number of its target set. Whatever a bit says it adds to a sum as it stands, so
//! nothing has to be looked at before it is counted: no cells stand in the column of a kelompok that
//! is not active. Beside it stands what waits at the kelompok, for pages
//! that name those where something is to be done; a roll-up does not read that.
//!
//! Columns belong to one day, which the caller names: nothing here knows the time. They follow the
//! state: a kelompok that changed is computed again, and everything when something changed that
//! concerns many. A new day asks for no facts, unless some were dated behind the day before or a
//! text became live.

mod changes;
mod history;
mod past;
mod planes;
mod sums;

use std::collections::HashMap;
use std::mem::take;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::kelompok::coverage::{Cell, Status};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month, MonthState};
use crate::kelompok::wilayah::Kode;

use super::brief::{Brief, Statuses, Told, Waiting};
use super::rollup::Targets;
use super::{KelompokIx, State};

pub(super) use changes::Changes;
pub use history::History;

/// The most sesi that a column has room for; with more, the facts are asked.
pub const SESI_MAX: usize = 48;

/// The bits of the sesi.
const CELLS: u128 = (1 << (2 * SESI_MAX)) - 1;
const ACTIVE: u128 = 1 << 96;
/// Active and suspended.
const HALTED: u128 = 1 << 97;
const EXPECTED: u128 = 1 << 98;
/// Each of these three stands only where the one before it does.
const ACTUAL: u128 = 1 << 99;
const TIME_KNOWN: u128 = 1 << 100;
const ON_TIME: u128 = 1 << 101;
/// Suspended, whether or not it is active.
const SUSPENDED: u128 = 1 << 102;
/// Facts dated behind the day stand in the state already; a later day must count them.
const LATER: u128 = 1 << 103;
/// The number of the target set stands above.
const TARGET: u32 = 112;

/// The bytes that a roll-up reads of each kelompok.
pub const COLUMN_BYTES: usize = size_of::<Column>();

/// The lower and the upper half of a column: two words are added faster than one twice as long.
type Column = [u64; 2];

fn halves(column: u128) -> Column {
    [column as u64, (column >> 64) as u64]
}

fn whole([low, high]: Column) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// How columns are written down.
mod written {
    use serde::de::Deserializer;
    use serde::ser::Serializer;

    use super::Column;

    pub(super) fn serialize<S: Serializer>(columns: &[Column], to: S) -> Result<S::Ok, S::Error> {
        crate::bytes::words::serialize(columns.as_flattened(), to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Column>, D::Error> {
        let words = crate::bytes::words::deserialize(from)?;
        Ok(words.as_chunks().0.to_vec())
    }
}

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
    #[serde(with = "written")]
    values: Vec<Column>,
    /// What waits at each kelompok, in the same order.
    #[serde(with = "crate::state::brief::written")]
    waiting: Vec<Waiting>,
    /// The kelompok at each place of `values`, and where it belongs.
    #[serde(skip)]
    order: Arc<[(Kode, KelompokIx)]>,
    /// The place in `values` of each kelompok.
    #[serde(skip)]
    places: Arc<[u32]>,
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

/// What is to stand in a column.
struct Found {
    cells: u128,
    later: bool,
    month: MonthState,
    waiting: Waiting,
    /// Whether `waiting` says already how far behind the kelompok is.
    planned: bool,
}

impl Found {
    /// What the facts say.
    fn told(state: &State, group: &Kelompok, day: Date) -> Self {
        let Told { cells, later, month, waiting } = state.told(group, day);
        Self { cells: packed(&cells), later, month, waiting, planned: false }
    }
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
        let all = self.day.is_none() || state.changed_widely_since(self.seq);
        let other_day = self.day != Some(day);
        let keep = Keep {
            cells: !all && (!other_day || self.same_texts(state, day)),
            plans: !all && (!other_day || self.same_plans(state, day)),
        };
        let moves = || self.day.is_some_and(|old| state.moves_between(old, day));
        if all || changes.order > self.seq || other_day && moves() {
            self.arrange(state, day);
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
            for ix in state.changed_since(self.seq) {
                self.compute(state, ix, day, Keep { cells: false, plans: false });
            }
        }
        (self.day, self.seq) = (Some(day), state.seq);
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
        self.arrange(state, self.day.unwrap_or(Date::MAX));
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

    /// Puts the kelompok in the order of the areas to which they belong on `day` and keeps the
    /// columns of those that stay.
    fn arrange(&mut self, state: &State, day: Date) {
        let mut old = vec![([0; 2], Waiting::default()); state.groups.len()];
        let known = self.values.iter().zip(&self.waiting);
        for ((value, waiting), (_, ix)) in known.zip(&*self.order) {
            if let Some(slot) = old.get_mut(*ix as usize) {
                *slot = (*value, *waiting);
            }
        }
        self.order = state.placed_on(Kode::NASIONAL, day).into();
        let here = || self.order.iter().map(|(_, ix)| old[*ix as usize]);
        self.values = here().map(|(value, _)| value).collect();
        self.waiting = here().map(|(_, waiting)| waiting).collect();
        let mut places = vec![0; state.groups.len()];
        for (place, (_, ix)) in (0..).zip(&*self.order) {
            places[*ix as usize] = place;
        }
        self.places = places.into();
    }

    fn compute(&mut self, state: &State, ix: KelompokIx, day: Date, keep: Keep) {
        let (Some(group), Some(place)) = (state.group_at(ix), self.places.get(ix as usize)) else {
            return;
        };
        let place = *place as usize;
        let old = whole(self.values[place]);
        let as_before = group.active(day) == (old & ACTIVE != 0);
        // What a kelompok began with hangs on others and on its first day.
        let kept = keep.cells && as_before && old & LATER == 0 && group.origin.is_none();
        let found = if kept {
            Found {
                cells: old & CELLS,
                later: false,
                month: self.month_without_facts(state, group, old, day),
                waiting: self.waiting[place],
                planned: keep.plans,
            }
        } else {
            Found::told(state, group, day)
        };
        self.put(state, (group, place), day, &found);
    }

    fn put(&mut self, state: &State, (group, place): (&Kelompok, usize), day: Date, found: &Found) {
        let Found { cells, later, month, mut waiting, planned } = *found;
        let active = group.active(day);
        let target = self.target_of(state, group.home(day), day);
        if !planned {
            let covered = |sesi| status(cells, sesi).covered();
            let sesi = self.targets.get(usize::from(target)).map_or(&[][..], |of| &of.sesi);
            waiting.behind = state.behind_by(group, sesi, covered, day);
        }
        let flag = |set: bool, bit: u128| if set { bit } else { 0 };
        let suspended = state.suspended(group, day);
        let column = flag(active, cells | ACTIVE)
            | flag(active && suspended, HALTED)
            | flag(suspended, SUSPENDED)
            | flag(month.expected, EXPECTED)
            | flag(month.actual, ACTUAL)
            | flag(month.on_time.is_some(), TIME_KNOWN)
            | flag(month.on_time == Some(true), ON_TIME)
            | flag(later, LATER)
            | u128::from(target) << TARGET;
        self.waiting[place] = waiting;
        self.values[place] = halves(column);
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
        let (column, (home, ix)) = (whole(self.values[place]), self.order[place]);
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
