//! The honest numbers of a month: how many pertemuan were expected, took place, were on time.

use std::borrow::Borrow;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::coverage::Setting;
use super::fakta::Fakta;
use super::group::{Kelompok, Suspension};
use super::wilayah::Zone;

/// A calendar month; `2026-11` in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    first: Date,
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("“{text}” bukan bulan. Contoh: 2026-11."))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.id()
    }
}

impl Month {
    /// The month in which `date` lies.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self { first: date.first_of_month() }
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.first.last_of_month()
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { first: self.first.saturating_sub(1.month()) }
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { first: self.first.saturating_add(1.month()) }
    }

    /// The month so many months later.
    #[must_use]
    pub fn plus(self, months: u16) -> Self {
        Self { first: self.first.saturating_add(i32::from(months).months()) }
    }

    /// `2026-11`.
    #[must_use]
    pub fn id(self) -> String {
        format!("{:04}-{:02}", self.first.year(), self.first.month())
    }

    /// The month that `2026-11` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok().map(|first| Self { first })
    }

    /// Whether `date` lies in it.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last()
    }
}

/// What one kelompok adds to the numbers of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthState {
    /// A pertemuan was expected.
    pub expected: bool,
    /// It was expected and took place.
    pub actual: bool,
    /// Whether the first record of it was in time; none when that is unknown or there is none.
    pub on_time: Option<bool>,
}

/// The numbers of one area and month. Every numerator is a subset of its denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthRates {
    /// Kelompok of which a pertemuan was expected.
    pub expected: u32,
    /// Of those, kelompok that met.
    pub actual: u32,
    /// Of those, kelompok whose record came in time.
    pub on_time: u32,
    /// Of those that met, kelompok whose time of recording is unknown; they stand outside the rate
    /// on time.
    pub unknown_time: u32,
}

impl MonthRates {
    /// Adds one kelompok.
    pub fn add(&mut self, state: MonthState) {
        if state.expected {
            self.expected += 1;
            if state.actual {
                self.actual += 1;
                match state.on_time {
                    Some(true) => self.on_time += 1,
                    Some(false) => {}
                    None => self.unknown_time += 1,
                }
            }
        }
    }

    /// Adds the numbers of another area.
    pub fn merge(&mut self, other: Self) {
        self.expected += other.expected;
        self.actual += other.actual;
        self.on_time += other.on_time;
        self.unknown_time += other.unknown_time;
    }

    /// The denominator of the rate on time.
    #[must_use]
    pub fn expected_known(&self) -> u32 {
        self.expected - self.unknown_time
    }
}

/// The number of days of `month` on which the kelompok was active and not suspended.
fn open_days(group: &Kelompok, suspensions: &[&Suspension], month: Month) -> u32 {
    let mut days = 0;
    let mut date = month.first();
    loop {
        if group.active(date) && !suspensions.iter().any(|one| one.covers(date)) {
            days += 1;
        }
        if date >= month.last() {
            return days;
        }
        date = date.saturating_add(1.day());
    }
}

/// Whether a pertemuan was expected of the kelompok in `month`: active and not suspended on more
/// than half of its days. `suspensions` are those of the kelompok and of the areas around it.
#[must_use]
pub fn expected(
    group: &Kelompok,
    suspensions: &[&Suspension],
    month: Month,
    setting: Setting<'_>,
) -> bool {
    let length = u32::try_from(month.first().days_in_month()).unwrap_or(31);
    let touching = suspensions
        .iter()
        .any(|one| one.from <= month.last() && one.to.is_none_or(|to| to >= month.first()));
    let whole = group.start <= month.first() && group.end.is_none_or(|end| end > month.last());
    let open = if whole && !touching { length } else { open_days(group, suspensions, month) };
    let share = u32::from(setting.rules.on(month.first()).expected_days_percent);
    open * 100 > length * share
}

/// What the kelompok adds to the numbers of `month`, with pertemuan dated up to `on`.
#[must_use]
pub fn month_state(
    group: &Kelompok,
    suspensions: &[&Suspension],
    month: Month,
    on: Date,
    setting: Setting<'_>,
) -> MonthState {
    met(group, suspensions, (month, on), setting, |from, until| {
        // From the newest back: those are in memory, and mostly asked for.
        let newest = group.fakta.iter().rev().skip_while(move |one| one.date > until);
        newest.take_while(move |one| one.date >= from)
    })
}

/// The same where the pertemuan of the kelompok were read before; `fakta` are all of them, by date.
#[must_use]
pub fn month_state_of(
    (group, fakta): (&Kelompok, &[Fakta]),
    suspensions: &[&Suspension],
    month: Month,
    on: Date,
    setting: Setting<'_>,
) -> MonthState {
    met(group, suspensions, (month, on), setting, |from, until| {
        let from = fakta.partition_point(|one| one.date < from);
        let to = fakta.partition_point(|one| one.date <= until);
        fakta.get(from..to).unwrap_or_default()
    })
}

/// The same, with the pertemuan that `dated` gives from one day to another.
fn met<F: Borrow<Fakta>, I: IntoIterator<Item = F>>(
    group: &Kelompok,
    suspensions: &[&Suspension],
    (month, on): (Month, Date),
    setting: Setting<'_>,
    dated: impl FnOnce(Date, Date) -> I,
) -> MonthState {
    if !expected(group, suspensions, month, setting) {
        return MonthState::default();
    }
    let zone = group.home(month.last()).zone();
    let mut state = MonthState { expected: true, ..MonthState::default() };
    for one in dated(month.first(), month.last().min(on)) {
        let one = one.borrow();
        if setting.counts(one) {
            state.actual = true;
            // One that came in time is enough; of those whose time is known.
            state.on_time = match (state.on_time, on_time(one, zone, setting)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (known, None) => known,
                (_, known) => known,
            };
        }
    }
    state
}

/// Whether the first record of a pertemuan was received before the day of the next month that the
/// rules of its date name, 00:00 in `zone`; none when the time is unknown.
#[must_use]
pub fn on_time(fakta: &Fakta, zone: Zone, setting: Setting<'_>) -> Option<bool> {
    let received = zone.date(fakta.received?);
    let day = i64::from(setting.rules.on(fakta.date).on_time_day.max(1)) - 1;
    let limit = Month::of(fakta.date).next().first().saturating_add(day.days());
    Some(received < limit)
}

#[cfg(test)]
#[path = "rates_tests.rs"]
mod tests;
