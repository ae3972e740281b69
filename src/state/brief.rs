//! One look at a kelompok, small enough to look at all of a nation's: how far it is with what it is
//! measured by, its month, and what somebody has to do about it.
//!
//! [`State::brief`] works it out from the facts; [`super::columns::Columns::briefs`] says the same
//! for today without reading any.

use jiff::civil::Date;

use crate::kelompok::coverage::{self, Cell, Status};
use crate::kelompok::fakta::{Fakta, SesiIx};
use crate::kelompok::group::Kelompok;
use crate::kelompok::plan::Behind;
use crate::kelompok::rates::{self, Month, MonthState};
use crate::kelompok::wilayah::Kode;

use super::columns;
use super::{KelompokIx, State};

/// What waits at a kelompok.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How far behind its plan it is.
    pub behind: Behind,
    /// The date of its last counted pertemuan up to the day.
    pub last: Option<Date>,
    /// How many two pertemuan are perhaps one, whatever their date.
    pub doubles: u16,
    /// The newest date on which two are.
    pub doubled: Option<Date>,
    /// How many questions wait for an answer, whatever the date of the pertemuan.
    pub questions: u16,
}

impl Waiting {
    /// All of it as one number: three of 16 bits, three dates of [`DATE_BITS`].
    fn to_bits(self) -> u128 {
        let Self { behind, last, doubles, doubled, questions } = self;
        let dates = [behind.since, last, doubled];
        let numbers = [behind.count, doubles, questions].into_iter().rev();
        let dates = dates.into_iter().rev().fold(0, |bits, date| bits << DATE_BITS | bits_of(date));
        numbers.fold(dates, |bits, number| bits << 16 | u128::from(number))
    }

    fn from_bits(bits: u128) -> Self {
        // Each part is cut out of its place, so what is cut off is known.
        let small = |at: u32| (bits >> (16 * at)) as u16;
        let date = |at: u32| date_of(bits >> (48 + DATE_BITS * at));
        let behind = Behind { count: small(0), since: date(0) };
        Self { behind, last: date(1), doubles: small(1), doubled: date(2), questions: small(2) }
    }
}

/// So many bits hold a date.
const DATE_BITS: u32 = 25;

/// A date as a number; 0 for none.
fn bits_of(date: Option<Date>) -> u128 {
    let Some(date) = date else { return 0 };
    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
    u128::from(date.year().cast_unsigned()) << 9 | u128::from(month) << 5 | u128::from(day)
}

/// The date in the lowest bits.
fn date_of(bits: u128) -> Option<Date> {
    let (year, month, day) = ((bits >> 9) as u16, (bits >> 5 & 15) as i8, (bits & 31) as i8);
    Date::new(year.cast_signed(), month, day).ok()
}

/// How columns write it down.
pub(super) mod written {
    use serde::de::Deserializer;
    use serde::ser::Serializer;

    use super::Waiting;

    pub(in crate::state) fn serialize<S: Serializer>(
        all: &[Waiting],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let all: Vec<u128> = all.iter().map(|one| one.to_bits()).collect();
        crate::bytes::quads::serialize(&all, to)
    }

    pub(in crate::state) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Waiting>, D::Error> {
        let all = crate::bytes::quads::deserialize(from)?;
        Ok(all.into_iter().map(Waiting::from_bits).collect())
    }
}

/// One look at a kelompok on a day.
#[derive(Debug, Clone)]
pub struct Brief<'a> {
    /// Which kelompok.
    pub ix: KelompokIx,
    /// Where it belongs on the day.
    pub home: Kode,
    /// Whether it is active on the day.
    pub active: bool,
    /// Whether its pertemuan are suspended on the day.
    pub suspended: bool,
    /// What it adds to the numbers of the month in which the day lies.
    pub month: MonthState,
    /// The sesi that it is measured by.
    pub target: &'a [SesiIx],
    /// What waits.
    pub waiting: Waiting,
    pub(super) statuses: Statuses,
}

/// How far a kelompok is with each sesi.
#[derive(Debug, Clone)]
pub(super) enum Statuses {
    /// Two bits a sesi, as in a column.
    Packed(u128),
    Listed(Box<[Status]>),
}

impl Statuses {
    fn of(cells: &[Cell]) -> Self {
        if cells.len() <= columns::SESI_MAX {
            return Self::Packed(columns::packed(cells));
        }
        Self::Listed(cells.iter().map(|cell| cell.status).collect())
    }
}

impl Brief<'_> {
    /// How far the kelompok is with a sesi; meaningful where it is active.
    #[must_use]
    pub fn status(&self, sesi: SesiIx) -> Status {
        match &self.statuses {
            Statuses::Packed(bits) => columns::status(*bits, sesi),
            Statuses::Listed(all) => all.get(usize::from(sesi)).copied().unwrap_or_default(),
        }
    }

    /// The same with a target that is kept elsewhere.
    #[must_use]
    pub fn with_target<'b>(&self, target: &'b [SesiIx]) -> Brief<'b> {
        Brief { target, statuses: self.statuses.clone(), ..*self }
    }

    /// How many sesi of the target satisfy a condition.
    #[must_use]
    pub fn count(&self, wanted: impl Fn(Status) -> bool) -> usize {
        self.target.iter().filter(|sesi| wanted(self.status(**sesi))).count()
    }

    /// Whether it adds to any number of the day or its month.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.active || self.month.expected
    }

    /// Whether it was expected to meet in the month and has not yet.
    #[must_use]
    pub fn unmet(&self) -> bool {
        self.month.expected && !self.month.actual
    }
}

/// What the facts of a kelompok say on a day.
pub(super) struct Told {
    /// How far it is with every sesi; without the seats, which change no status.
    pub(super) cells: Vec<Cell>,
    /// Without how far it is behind.
    pub(super) waiting: Waiting,
    /// What it adds to the numbers of the month in which the day lies.
    pub(super) month: MonthState,
    /// Whether there are facts dated behind the day.
    pub(super) later: bool,
}

impl State {
    /// One look at a kelompok as of `on`; `target` is what it is measured by. None for a number that
    /// no kelompok has.
    #[must_use]
    pub fn brief<'a>(&self, ix: KelompokIx, target: &'a [SesiIx], on: Date) -> Option<Brief<'a>> {
        let group = self.group_at(ix)?;
        let Told { cells, mut waiting, month, .. } = self.told(group, on);
        waiting.behind = self.behind(group, target, &cells, on);
        Some(Brief {
            ix,
            home: group.home(on),
            active: group.active(on),
            suspended: self.suspended(group, on),
            month,
            target,
            waiting,
            statuses: Statuses::of(&cells),
        })
    }

    /// What the facts of a kelompok say on `on`, read once.
    pub(super) fn told(&self, group: &Kelompok, on: Date) -> Told {
        let setting = self.setting();
        let facts: Vec<Fakta> = group.fakta.iter().collect();
        let cells = coverage::progress(self.base(group, on), &facts, on, setting);
        let small = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let days = facts.chunk_by(|a, b| a.date == b.date);
        let doubled: Vec<(Date, usize)> =
            days.map(|day| (day[0].date, doubled(day))).filter(|(_, pairs)| *pairs > 0).collect();
        let last = facts.iter().rev().find(|one| one.date <= on && setting.counts(one));
        let month = Month::of(on);
        let suspensions = self.suspensions_of(group, month.last());
        Told {
            month: rates::month_state_of((group, &facts), &suspensions, month, on, setting),
            cells: coverage::finish(cells, on, setting),
            waiting: Waiting {
                behind: Behind::default(),
                last: last.map(|one| one.date),
                doubles: small(doubled.iter().map(|(_, pairs)| pairs).sum()),
                doubled: doubled.last().map(|(date, _)| *date),
                questions: small(facts.iter().filter(|one| one.open_question).count()),
            },
            later: facts.last().is_some_and(|last| last.date > on),
        }
    }
}

/// How many two pertemuan of one day are perhaps one.
fn doubled(day: &[Fakta]) -> usize {
    let pairs = day.iter().enumerate().flat_map(|(at, one)| {
        let later = day[at + 1..].iter();
        later.filter(move |other| one.doubles(other))
    });
    pairs.count()
}
