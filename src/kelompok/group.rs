//! A kelompok: the families that meet, where, how many, and who meets them, as dated facts.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};

use crate::ids::AccountId;

use super::fakta::{Fakta, FaktaList};
use super::few::{Few, Rare};
use super::lineage::{Ending, Origin};
use super::seats::Seat;
use super::wilayah::Kode;

/// The id of a kelompok: `[A-Za-z0-9][A-Za-z0-9._-]{0,39}`, unique whatever the case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct KelompokId(Box<str>);

// Not through a copy, because every record writes some.
impl Serialize for KelompokId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Why a text is no id of a kelompok.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Id kelompok “{0}” tidak dapat dipakai. Gunakan 1 sampai 40 huruf, angka, titik, garis bawah atau tanda hubung, diawali huruf atau angka."
)]
pub struct KelompokIdError(String);

impl KelompokId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which two ids that differ only in case are the same.
    #[must_use]
    pub fn folded(&self) -> Box<str> {
        self.0.to_ascii_lowercase().into_boxed_str()
    }

    /// Whether two ids are the same but for case.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FromStr for KelompokId {
    type Err = KelompokIdError;

    fn from_str(text: &str) -> Result<Self, KelompokIdError> {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().enumerate().all(|(at, b)| {
                b.is_ascii_alphanumeric() || (at > 0 && matches!(b, b'.' | b'_' | b'-'))
            });
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(KelompokIdError(text.chars().take(60).collect()))
        }
    }
}

impl TryFrom<String> for KelompokId {
    type Error = KelompokIdError;

    fn try_from(text: String) -> Result<Self, KelompokIdError> {
        text.parse()
    }
}

impl From<KelompokId> for String {
    fn from(id: KelompokId) -> Self {
        id.0.into()
    }
}

impl fmt::Display for KelompokId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why the number of members changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadReason {
    /// The number with which the kelompok was entered.
    Awal,
    /// New members joined.
    AnggotaBaru,
    /// Members left because they stand on their own feet.
    GraduasiMandiri,
    /// Members left because no component is left.
    GraduasiAlamiah,
    /// Members moved away.
    Pindah,
    /// Members died.
    Meninggal,
    /// The recorded number was wrong.
    Koreksi,
}

impl HeadReason {
    /// Every reason that a user may choose, in the order of the form.
    pub const CHOICES: [Self; 6] = [
        Self::AnggotaBaru,
        Self::GraduasiMandiri,
        Self::GraduasiAlamiah,
        Self::Pindah,
        Self::Meninggal,
        Self::Koreksi,
    ];

    /// The word used in files and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Awal => "awal",
            Self::AnggotaBaru => "anggota-baru",
            Self::GraduasiMandiri => "graduasi-mandiri",
            Self::GraduasiAlamiah => "graduasi-alamiah",
            Self::Pindah => "pindah",
            Self::Meninggal => "meninggal",
            Self::Koreksi => "koreksi",
        }
    }

    /// The words on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Awal => "jumlah awal",
            Self::AnggotaBaru => "anggota baru",
            Self::GraduasiMandiri => "graduasi mandiri",
            Self::GraduasiAlamiah => "graduasi alamiah",
            Self::Pindah => "pindah",
            Self::Meninggal => "meninggal",
            Self::Koreksi => "koreksi",
        }
    }
}

impl FromStr for HeadReason {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::CHOICES
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or_else(|| format!("Alasan “{text}” tidak dikenal. Pilih salah satu dari daftar."))
    }
}

/// One dated change of the number of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadChange {
    /// From this day on.
    pub date: Date,
    /// By how many.
    pub delta: i32,
    /// Why.
    pub reason: HeadReason,
}

/// A time in which no pertemuan is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// First day.
    pub from: Date,
    /// Last day; none while it is open.
    pub to: Option<Date>,
}

impl Suspension {
    /// Whether `on` lies inside.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

/// One kelompok with everything that is kept of it in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kelompok {
    /// Its id.
    pub id: KelompokId,
    /// Its name; never that of a person.
    pub name: String,
    /// Where it lives, as dated moves; the first desa of each entry is the one it belongs to.
    pub desa: Few<(Date, Few<Kode>)>,
    /// The first day.
    pub start: Date,
    /// The first day on which it was known here: when it was entered, or its first day where it came
    /// out of others.
    pub known: Date,
    /// The day from which it is no longer active, if that has come.
    pub end: Option<Date>,
    /// Changes of the number of members, by date, then in the order in which they were recorded.
    pub heads: Few<HeadChange>,
    /// Who meets it, as dated hand-overs, sorted by date; none from a day on means nobody.
    pub assigned: Few<(Date, Option<AccountId>)>,
    /// Suspensions of this kelompok alone.
    pub suspensions: Rare<(u64, Suspension)>,
    /// Its numbered seats by number; empty where nobody numbers them.
    pub seats: Rare<Seat>,
    /// The kelompok out of which it came; none for one that was entered.
    pub origin: Option<Box<Origin>>,
    /// How it ended, once it did.
    pub ending: Option<Box<Ending>>,
    /// Its pertemuan by date, then by first journal line.
    pub fakta: FaktaList,
    /// The journal line of the last change to the kelompok itself.
    pub version: u64,
    /// The journal line of the last change to the kelompok or any of its pertemuan.
    pub last_seq: u64,
}

impl Kelompok {
    /// The desa it belongs to on `on`, or the first one it ever had.
    #[must_use]
    pub fn home(&self, on: Date) -> Kode {
        self.all_desa(on).first().copied().unwrap_or(Kode::NASIONAL)
    }

    /// Every desa that it ever belonged to, in time.
    pub fn homes(&self) -> impl Iterator<Item = Kode> {
        self.desa.iter().filter_map(|(_, desa)| desa.first().copied())
    }

    /// Every desa of its members on `on`; the first is the one it belongs to.
    #[must_use]
    pub fn all_desa(&self, on: Date) -> &[Kode] {
        let behind = self.desa.partition_point(|(from, _)| *from <= on);
        self.desa.get(behind.max(1) - 1).map_or(&[], |(_, desa)| desa.as_slice())
    }

    /// Whether it is active on `on`.
    #[must_use]
    pub fn active(&self, on: Date) -> bool {
        self.start <= on && self.end.is_none_or(|end| on < end)
    }

    /// The number of members on `on`; never below 0.
    ///
    /// Nothing is accepted that would take out more than there are. An older journal may hold such
    /// a change: there it takes all there are, and whoever joined on a later day counts.
    #[must_use]
    pub fn members(&self, on: Date) -> u16 {
        let mut known: i32 = 0;
        let mut day = None;
        for change in &self.heads {
            if change.date > on && change.reason != HeadReason::Awal {
                continue;
            }
            if day.replace(change.date) != Some(change.date) {
                known = known.max(0);
            }
            known = known.saturating_add(change.delta);
        }
        u16::try_from(known.max(0)).unwrap_or(u16::MAX)
    }

    /// What stands in the way of a change by `delta` from `date` on: the first day, that one or a
    /// later one, on which the number of members would fall below 0 or rise above `most`, and the
    /// number that it would be then. None where nothing does.
    ///
    /// A number that is above `most` already, as an older journal may have it, can still be lowered.
    #[must_use]
    pub fn beyond(&self, date: Date, delta: i32, most: u16) -> Option<(Date, i64)> {
        let later = self.heads.iter().map(|change| change.date).filter(|day| *day > date);
        std::iter::once(date).chain(later).find_map(|day| {
            let after = i64::from(self.members(day)) + i64::from(delta);
            let beyond = (delta < 0 && after < 0) || (delta > 0 && after > i64::from(most));
            beyond.then_some((day, after))
        })
    }

    /// Who meets it on `on`.
    #[must_use]
    pub fn pendamping(&self, on: Date) -> Option<AccountId> {
        let behind = self.assigned.partition_point(|(from, _)| *from <= on);
        behind.checked_sub(1).and_then(|at| self.assigned[at].1)
    }

    /// The pertemuan with this id.
    #[must_use]
    pub fn pertemuan(&self, id: super::pertemuan::PertemuanId) -> Option<Fakta> {
        self.fakta.get(id)
    }

    /// The ids of other pertemuan of the same date that share a sesi and were not said to be
    /// separate: "mungkin ganda". Empty for a withdrawn one.
    #[must_use]
    pub fn doubles(&self, fakta: &Fakta) -> Vec<super::pertemuan::PertemuanId> {
        if fakta.withdrawn || fakta.not_double {
            return Vec::new();
        }
        let mut doubles: Vec<_> = self
            .fakta
            .iter()
            .rev()
            .skip_while(|other| other.date > fakta.date)
            .take_while(|other| other.date == fakta.date)
            .filter(|other| fakta.doubles(other))
            .map(|other| other.id)
            .collect();
        doubles.reverse();
        doubles
    }

    /// Every two pertemuan that are perhaps one, the one that was recorded first in front; by date.
    #[must_use]
    pub fn double_pairs(&self) -> Vec<(Fakta, Fakta)> {
        let mut pairs = Vec::new();
        let mut before = None;
        // Nearly none has two on one day, so that is asked first.
        if !self.fakta.iter().any(|one| before.replace(one.date) == Some(one.date)) {
            return pairs;
        }
        let all: Vec<Fakta> = self.fakta.iter().collect();
        for day in all.chunk_by(|a, b| a.date == b.date).filter(|day| day.len() > 1) {
            for (at, one) in day.iter().enumerate() {
                let later = day[at + 1..].iter().filter(|other| one.doubles(other));
                pairs.extend(later.map(|other| (one.clone(), other.clone())));
            }
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ids_are_short_and_plain() {
        for (text, fits) in [
            ("OKI-001", true),
            ("7.a_b", true),
            ("-a", false),
            ("", false),
            ("a b", false),
            ("é", false),
            ("../x", false),
        ] {
            assert_eq!(text.parse::<KelompokId>().is_ok(), fits, "{text:?}");
        }
        assert!("a".repeat(41).parse::<KelompokId>().is_err());
        assert_eq!("OKI-1".parse::<KelompokId>().map(|id| id.folded()), Ok("oki-1".into()));
    }

    #[test]
    fn members_follow_the_dated_series() {
        let day = |d| date(2020, 8, d);
        let group = Kelompok {
            id: "k".parse().unwrap(),
            name: "Melati".to_owned(),
            desa: vec![(day(1), vec![Kode::NASIONAL].into())].into(),
            start: day(1),
            known: day(1),
            end: Some(day(30)),
            heads: vec![
                HeadChange { date: day(1), delta: 25, reason: HeadReason::Awal },
                HeadChange { date: day(10), delta: -4, reason: HeadReason::GraduasiMandiri },
            ]
            .into(),
            assigned: vec![(day(1), Some(AccountId(1))), (day(12), None)].into(),
            suspensions: Rare::default(),
            seats: Rare::default(),
            origin: None,
            ending: None,
            fakta: FaktaList::default(),
            version: 0,
            last_seq: 0,
        };
        assert_eq!(group.members(day(9)), 25);
        assert_eq!(group.members(day(10)), 21);
        assert_eq!(group.members(date(2020, 1, 1)), 25);
        // On the day of a change its own number is said, else the first day that does not fit.
        for (on, delta, beyond) in [
            (5, -21, None),
            (5, -22, Some((10, -1))),
            (5, -26, Some((5, -1))),
            (10, -22, Some((10, -1))),
            (12, -21, None),
            (5, 5, None),
            (5, 6, Some((5, 31))),
            (12, 9, None),
            (12, 10, Some((12, 31))),
            (5, i32::MIN, Some((5, 25 + i64::from(i32::MIN)))),
        ] {
            let beyond = beyond.map(|(on, number)| (day(on), number));
            assert_eq!(group.beyond(day(on), delta, 30), beyond, "{on} {delta}");
        }
        assert!(group.active(day(1)) && group.active(day(29)) && !group.active(day(30)));
        assert_eq!(group.pendamping(day(11)), Some(AccountId(1)));
        assert_eq!(group.pendamping(day(12)), None);
        assert_eq!(group.pendamping(date(2019, 1, 1)), None);
        // As older journals may have it: more were taken out than there were.
        let mut older = group;
        for (on, delta) in [(11, -30), (11, 4), (20, 3)] {
            let (date, reason) = (day(on), HeadReason::Koreksi);
            older.heads.insert(older.heads.len(), HeadChange { date, delta, reason });
        }
        let numbers = [10, 11, 19, 20].map(|on| older.members(day(on)));
        assert_eq!(numbers, [21, 0, 0, 3]);
    }
}
