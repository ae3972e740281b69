//! Coverage and the numbers of a month, added up over areas. A full scan; the reference for every
//! faster way.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::ids::AccountId;
use crate::kelompok::coverage::{self, Cell, Status};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::frozen::FrozenRow;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month, MonthRates, MonthState};
use crate::kelompok::wilayah::{Kode, Level};

use super::{Brief, State};

/// By what the rows of a coverage table are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// A row a kelompok.
    Kelompok,
    /// A row a place of this level.
    Level(Level),
    /// A row a pendamping: coverage belongs to whoever is assigned on the day, a month's pertemuan
    /// to whoever was on its date.
    Pendamping,
}

impl Per {
    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kelompok => "kelompok",
            Self::Level(level) => level.as_str(),
            Self::Pendamping => "pendamping",
        }
    }

    /// The kind of row that a word in an address names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "kelompok" => Self::Kelompok,
            "desa" => Self::Level(Level::Desa),
            "kecamatan" => Self::Level(Level::Kecamatan),
            "kabupaten" => Self::Level(Level::Kabupaten),
            "provinsi" => Self::Level(Level::Provinsi),
            "nasional" => Self::Level(Level::Nasional),
            "pendamping" => Self::Pendamping,
            _ => return None,
        })
    }
}

/// What a row of a coverage table stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowKey {
    /// A place.
    Place(Kode),
    /// A kelompok, by the place it belongs to and its id.
    Group(Kode, String),
    /// A pendamping; none for kelompok that nobody meets.
    Pendamping(Option<AccountId>),
}

/// How many kelompok are how far with one sesi. `covered` includes `refresh`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SesiCount {
    /// Kelompok of which the sesi is a target.
    pub target: u32,
    /// Of those, tuntas, with those that need a refresher.
    pub covered: u32,
    /// Of those, tuntas from a text whose substance has changed since.
    pub refresh: u32,
    /// Of the target, begun and not finished.
    pub partial: u32,
}

impl SesiCount {
    /// Adds one kelompok.
    pub fn add(&mut self, status: Status) {
        self.target += 1;
        match status {
            Status::Belum => {}
            Status::Sebagian => self.partial += 1,
            Status::PerluPenyegaran => {
                self.covered += 1;
                self.refresh += 1;
            }
            Status::Tuntas => self.covered += 1,
        }
    }

    /// Adds the numbers of others.
    pub fn merge(&mut self, other: Self) {
        self.target += other.target;
        self.covered += other.covered;
        self.refresh += other.refresh;
        self.partial += other.partial;
    }
}

/// One row of a coverage table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Kelompok active on the day.
    pub groups: u32,
    /// Of those, suspended on the day.
    pub suspended: u32,
    /// All target cells together.
    pub cells: SesiCount,
    /// By sesi.
    pub per_sesi: Vec<(SesiIx, SesiCount)>,
    /// The numbers of the month in which the day lies.
    pub month: MonthRates,
}

impl Totals {
    /// Adds one kelompok. One that is no longer active may still have been expected to meet in the
    /// month, and adds to those numbers alone.
    pub fn add(&mut self, brief: &Brief<'_>) {
        self.month.add(brief.month);
        if brief.active {
            self.groups += 1;
            self.suspended += u32::from(brief.suspended);
            self.add_cells(brief.target, |sesi| brief.status(sesi));
        }
    }

    /// Adds one kelompok that is active on the day, by its cells.
    pub fn add_active(
        &mut self,
        target: &[SesiIx],
        cells: &[Cell],
        month: MonthState,
        suspended: bool,
    ) {
        self.groups += 1;
        self.suspended += u32::from(suspended);
        self.month.add(month);
        self.add_cells(target, |sesi| {
            cells.get(usize::from(sesi)).map_or(Status::Belum, |cell| cell.status)
        });
    }

    fn add_cells(&mut self, target: &[SesiIx], status: impl Fn(SesiIx) -> Status) {
        for sesi in target {
            let status = status(*sesi);
            self.cells.add(status);
            match self.per_sesi.iter_mut().find(|(ix, _)| ix == sesi) {
                Some((_, count)) => count.add(status),
                None => {
                    let mut count = SesiCount::default();
                    count.add(status);
                    self.per_sesi.push((*sesi, count));
                }
            }
        }
    }

    /// The same as they are frozen.
    #[must_use]
    pub fn frozen(&self, area: Kode) -> FrozenRow {
        FrozenRow {
            area,
            groups: self.groups,
            suspended: self.suspended,
            covered: self.cells.covered,
            target: self.cells.target,
            expected: self.month.expected,
            actual: self.month.actual,
            on_time: self.month.on_time,
            unknown_time: self.month.unknown_time,
        }
    }

    /// The numbers of one sesi.
    #[must_use]
    pub fn sesi(&self, ix: SesiIx) -> SesiCount {
        self.per_sesi.iter().find(|(of, _)| *of == ix).map_or_else(SesiCount::default, |(_, c)| *c)
    }

    /// Adds the numbers of another row.
    pub fn merge(&mut self, other: &Self) {
        self.groups += other.groups;
        self.suspended += other.suspended;
        self.cells.merge(other.cells);
        self.month.merge(other.month);
        for (ix, count) in &other.per_sesi {
            match self.per_sesi.iter_mut().find(|(of, _)| of == ix) {
                Some((_, mine)) => mine.merge(*count),
                None => self.per_sesi.push((*ix, *count)),
            }
        }
    }
}

/// Remembers the target set of each place, so that a table looks each up once.
#[derive(Debug)]
pub struct Targets<'a> {
    state: &'a State,
    on: Date,
    known: HashMap<Kode, Vec<SesiIx>>,
}

impl<'a> Targets<'a> {
    /// The target sets in force on `on`.
    #[must_use]
    pub fn new(state: &'a State, on: Date) -> Self {
        Self { state, on, known: HashMap::new() }
    }

    /// The target set of a place.
    pub fn of(&mut self, home: Kode) -> &[SesiIx] {
        // Where no set was made the default holds for all, so one look-up serves every place.
        let key = if self.state.targets.is_empty() { Kode::NASIONAL } else { home };
        let (state, on) = (self.state, self.on);
        self.known.entry(key).or_insert_with(|| state.target(key, on))
    }
}

/// Rows in the order in which they were first met.
#[derive(Debug, Default)]
pub struct Rows {
    /// The rows so far.
    pub rows: Vec<(RowKey, Totals)>,
    at: HashMap<RowKey, usize>,
}

impl Rows {
    /// The row of a key; a new one when it is met first.
    pub fn at(&mut self, key: RowKey) -> &mut Totals {
        let at = match self.at.get(&key) {
            Some(at) => *at,
            None => {
                self.at.insert(key.clone(), self.rows.len());
                self.rows.push((key, Totals::default()));
                self.rows.len() - 1
            }
        };
        &mut self.rows[at].1
    }
}

impl State {
    /// The row of a table to which a kelompok belongs.
    #[must_use]
    pub fn row_of(&self, group: &Kelompok, per: Per, on: Date) -> RowKey {
        let home = group.home(on);
        match per {
            Per::Kelompok => RowKey::Group(home, group.id.to_string()),
            Per::Level(level) => RowKey::Place(home.at(level).unwrap_or(home)),
            Per::Pendamping => RowKey::Pendamping(group.pendamping(on)),
        }
    }

    /// The row of a table to which the month of a kelompok belongs in which `on` lies.
    #[must_use]
    pub fn row_of_month(&self, group: &Kelompok, per: Per, on: Date) -> RowKey {
        match per {
            Per::Pendamping => RowKey::Pendamping(self.month_of(group, on)),
            _ => self.row_of(group, per, on),
        }
    }

    /// Whose the month of a kelompok is in which `on` lies, up to that day: of the one who was
    /// assigned on the date of its first counted pertemuan; where there was none, of the one who is
    /// assigned on the day.
    #[must_use]
    pub fn month_of(&self, group: &Kelompok, on: Date) -> Option<AccountId> {
        let month = Month::of(on);
        let hands = group.assigned.iter().any(|(from, _)| *from > month.first() && *from <= on);
        if !hands {
            return group.pendamping(on);
        }
        let setting = self.setting();
        let mut facts = group.fakta.iter();
        let met =
            facts.find(|one| month.contains(one.date) && one.date <= on && setting.counts(one));
        group.pendamping(met.map_or(on, |one| one.date))
    }

    /// The rows that kelompok make which were looked at as of `on`; only those that count.
    pub fn rows_of<'b>(
        &self,
        briefs: impl Iterator<Item = Brief<'b>>,
        per: Per,
        on: Date,
    ) -> Vec<(RowKey, Totals)> {
        let mut rows = Rows::default();
        for brief in briefs.filter(Brief::counts) {
            if let Some(group) = self.group_at(brief.ix) {
                let (row, month) = (self.row_of(group, per, on), self.row_of_month(group, per, on));
                if row == month {
                    rows.at(row).add(&brief);
                    continue;
                }
                if brief.active {
                    rows.at(row).add(&Brief { month: MonthState::default(), ..brief.clone() });
                }
                rows.at(month).month.add(brief.month);
            }
        }
        rows.rows
    }

    /// The coverage of one kelompok on `on`, by dense number of the sesi.
    #[must_use]
    pub fn cells(&self, group: &Kelompok, on: Date) -> Vec<Cell> {
        let mut cells = self.statuses(group, on);
        self.reach_by_seats(group, &mut cells, on);
        cells
    }

    /// The same without the seats, which change no status: for adding up.
    #[must_use]
    pub fn statuses(&self, group: &Kelompok, on: Date) -> Vec<Cell> {
        coverage::finish(self.progress(group, &group.fakta, on), on, self.setting())
    }

    /// What one kelompok adds to the numbers of `month`.
    #[must_use]
    pub fn month_state(&self, group: &Kelompok, month: Month, on: Date) -> MonthState {
        let suspensions = self.suspensions_of(group, month.last());
        rates::month_state(group, &suspensions, month, on, self.setting())
    }

    /// The kelompok of `area` that were active on `on`, in tree order.
    pub fn active_in(&self, area: Kode, on: Date) -> impl Iterator<Item = &Kelompok> {
        self.groups_on(area, on).filter(move |group| group.active(on))
    }

    /// The rows of a coverage table of `area` as of `on`, in order; only rows with kelompok.
    #[must_use]
    pub fn rollup(&self, area: Kode, per: Per, on: Date) -> Vec<(RowKey, Totals)> {
        let month = Month::of(on);
        let mut targets = Targets::new(self, on);
        let mut rows = Rows::default();
        for group in self.groups_on(area, on) {
            let active = group.active(on);
            let met = self.month_state(group, month, on);
            // A kelompok that ended late in the month is no target any more, and was expected.
            if !active && !met.expected {
                continue;
            }
            if active {
                let (cells, target) = (self.statuses(group, on), targets.of(group.home(on)));
                let row = rows.at(self.row_of(group, per, on));
                row.add_active(target, &cells, MonthState::default(), self.suspended(group, on));
            }
            if met.expected {
                rows.at(self.row_of_month(group, per, on)).month.add(met);
            }
        }
        rows.rows
    }

    /// The numbers of `area` in all as of `on`.
    #[must_use]
    pub fn totals(&self, area: Kode, on: Date) -> Totals {
        let rows = self.rollup(area, Per::Level(Level::Nasional), on);
        rows.into_iter().next().map(|(_, totals)| totals).unwrap_or_default()
    }
}
