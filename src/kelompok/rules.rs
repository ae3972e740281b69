//! The settings that the numbers depend on. Data with these defaults; a change is a dated event and
//! never changes what was counted before.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::curriculum::ids::SesiId;

use super::wilayah::Kode;

/// One kind of pertemuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// Stable word used in files and addresses, such as `kunjungan-rumah`.
    pub id: String,
    /// The name on pages.
    pub name: String,
    /// Whether a pertemuan of this kind counts toward coverage and as a meeting of the month.
    pub counts: bool,
    /// Whether hadir + sakit + alfa must equal the members of the day.
    pub everyone: bool,
}

/// The rules in force from one date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The kinds of pertemuan, in the order in which the form offers them.
    pub kinds: Vec<Kind>,
    /// The smallest share of members present, in percent, with which a pertemuan counts.
    pub min_present_percent: u8,
    /// A pertemuan is expected in a month when the kelompok was active and not suspended on more
    /// than this share of its days, in percent.
    pub expected_days_percent: u8,
    /// A report is on time when it is received before this day of the next month, 00:00 local.
    pub on_time_day: i8,
}

impl Default for Rules {
    fn default() -> Self {
        let kind = |id: &str, name: &str, counts, everyone| Kind {
            id: id.to_owned(),
            name: name.to_owned(),
            counts,
            everyone,
        };
        Self {
            kinds: vec![
                kind("lengkap", "Lengkap", true, true),
                kind("terbatas", "Terbatas", true, false),
                kind("daring", "Daring", true, false),
                kind("susulan", "Susulan", true, false),
                kind("perwakilan", "Perwakilan", false, false),
                kind("kunjungan-rumah", "Kunjungan rumah", false, false),
            ],
            min_present_percent: 50,
            expected_days_percent: 50,
            on_time_day: 4,
        }
    }
}

impl Rules {
    /// The kind with this id.
    #[must_use]
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// Whether so many present of so many members are enough for a pertemuan to count.
    #[must_use]
    pub fn enough_present(&self, present: u16, members: u16) -> bool {
        present > 0
            && u32::from(present) * 100 >= u32::from(members) * u32::from(self.min_present_percent)
    }
}

/// Values that hold from a date on; the first holds from the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated<T> {
    entries: Vec<(Date, T)>,
}

impl<T> Dated<T> {
    /// A value that holds from the beginning of time.
    #[must_use]
    pub fn new(first: T) -> Self {
        Self { entries: vec![(Date::MIN, first)] }
    }

    /// Lets `value` hold from `from` on; a later entry keeps holding from its own date.
    pub fn set(&mut self, from: Date, value: T) {
        match self.entries.binary_search_by_key(&from, |(date, _)| *date) {
            Ok(at) => self.entries[at].1 = value,
            Err(at) => self.entries.insert(at, (from, value)),
        }
    }

    /// The value in force on `on`.
    #[must_use]
    pub fn on(&self, on: Date) -> &T {
        let behind = self.entries.partition_point(|(date, _)| *date <= on);
        &self.entries[behind.max(1) - 1].1
    }

    /// Every entry with the date from which it holds, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[(Date, T)] {
        &self.entries
    }
}

/// The sesi that an area is measured by, from a date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetSet {
    /// The area and everything below it.
    pub area: Kode,
    /// From this date on.
    pub from: Date,
    /// The sesi that count.
    pub sesi: Vec<SesiId>,
}

/// A time in which no pertemuan is planned, such as the weeks around Lebaran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What it is called.
    pub name: String,
}

impl Holiday {
    /// Whether `on` lies inside.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.from <= on && on <= self.to
    }
}

/// Every holiday of an area. Plans go around them; what is expected of a kelompok does not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holidays {
    /// The area and everything below it.
    pub area: Kode,
    /// All of them, by their first day; replaces what was set before.
    pub list: Vec<Holiday>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_dated_value_never_changes_what_was() {
        let mut value = Dated::new(1);
        value.set(date(2026, 3, 1), 3);
        value.set(date(2026, 2, 1), 2);
        assert_eq!(*value.on(date(2020, 1, 1)), 1);
        assert_eq!(*value.on(date(2026, 2, 28)), 2);
        assert_eq!(*value.on(date(2026, 3, 1)), 3);
        value.set(date(2026, 3, 1), 4);
        assert_eq!(*value.on(date(2026, 4, 1)), 4);
        assert_eq!(*value.on(date(2026, 2, 1)), 2);
    }

    #[test]
    fn half_of_the_members_is_enough() {
        let rules = Rules::default();
        for (present, members, expected) in [
            (0, 0, false),
            (0, 25, false),
            (12, 25, false),
            (13, 25, true),
            (1, 0, true),
            (5, 10, true),
        ] {
            assert_eq!(rules.enough_present(present, members), expected, "{present}/{members}");
        }
    }
}
