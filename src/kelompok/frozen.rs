//! Figures as they were known when their month ended, and why they are others now.

use serde::{Deserialize, Serialize};

use super::fakta::SesiIx;
use super::wilayah::Kode;

/// The figures of one area and month, as they were known when they were set down.
///
/// All are counts of kelompok, but for `covered` and `target`, which count pairs of a kelompok and
/// a sesi. Every numerator is a subset of its denominator: `suspended` of `groups`, `covered` of
/// `target`, `actual` of `expected`, `on_time` and `unknown_time` of `actual`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenRow {
    /// The area.
    pub area: Kode,
    /// Kelompok active on the last day of the month.
    pub groups: u32,
    /// Of those, suspended on that day.
    #[serde(default)]
    pub suspended: u32,
    /// Target cells that were tuntas.
    pub covered: u32,
    /// Target cells.
    pub target: u32,
    /// Kelompok that were expected to meet.
    pub expected: u32,
    /// Of those, kelompok that met.
    pub actual: u32,
    /// Of those, kelompok whose record came in time.
    pub on_time: u32,
    /// Of those that met, kelompok whose time of recording is unknown.
    #[serde(default)]
    pub unknown_time: u32,
}

impl FrozenRow {
    /// A row without any kelompok.
    #[must_use]
    pub fn empty(area: Kode) -> Self {
        Self {
            area,
            groups: 0,
            suspended: 0,
            covered: 0,
            target: 0,
            expected: 0,
            actual: 0,
            on_time: 0,
            unknown_time: 0,
        }
    }

    /// Adds the figures of another area.
    pub fn merge(&mut self, other: &Self) {
        self.groups += other.groups;
        self.suspended += other.suspended;
        self.covered += other.covered;
        self.target += other.target;
        self.expected += other.expected;
        self.actual += other.actual;
        self.on_time += other.on_time;
        self.unknown_time += other.unknown_time;
    }

    /// Adds one kelompok.
    pub fn add(&mut self, share: &Share) {
        self.groups += u32::from(share.active);
        self.suspended += u32::from(share.suspended);
        self.covered += u32::try_from(share.covered.len()).unwrap_or(0);
        self.target += u32::try_from(share.target.len()).unwrap_or(0);
        self.expected += u32::from(share.expected);
        self.actual += u32::from(share.actual);
        self.on_time += u32::from(share.on_time);
        self.unknown_time += u32::from(share.unknown_time);
    }

    /// These figures without some kelompok and with others.
    #[must_use]
    pub fn exchange(&self, without: &Self, with: &Self) -> Self {
        let one = |of: fn(&Self) -> u32| (of(self) + of(with)).saturating_sub(of(without));
        Self {
            area: self.area,
            groups: one(|row| row.groups),
            suspended: one(|row| row.suspended),
            covered: one(|row| row.covered),
            target: one(|row| row.target),
            expected: one(|row| row.expected),
            actual: one(|row| row.actual),
            on_time: one(|row| row.on_time),
            unknown_time: one(|row| row.unknown_time),
        }
    }

    /// One of the figures.
    #[must_use]
    pub fn number(&self, number: Number) -> u32 {
        match number {
            Number::Groups => self.groups,
            Number::Expected => self.expected,
            Number::Actual => self.actual,
            Number::OnTime => self.on_time,
            Number::Covered => self.covered,
            Number::Target => self.target,
        }
    }
}

/// A figure of a frozen month whose change can be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Number {
    /// Kelompok active on the last day.
    Groups,
    /// Kelompok that were expected to meet.
    Expected,
    /// Kelompok that met.
    Actual,
    /// Kelompok whose record came in time.
    OnTime,
    /// Pairs of a kelompok and a sesi that are tuntas.
    Covered,
    /// Pairs of a kelompok and a sesi that are counted.
    Target,
}

impl Number {
    /// Every figure, in the order in which pages show them.
    pub const ALL: [Self; 6] =
        [Self::Expected, Self::Actual, Self::OnTime, Self::Covered, Self::Target, Self::Groups];

    /// The word in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Groups => "kelompok",
            Self::Expected => "diharapkan",
            Self::Actual => "bertemu",
            Self::OnTime => "tepat-waktu",
            Self::Covered => "tuntas",
            Self::Target => "sasaran",
        }
    }

    /// The figure that a word in an address names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// Whether it counts pairs of a kelompok and a sesi, and not kelompok.
    #[must_use]
    pub fn of_cells(self) -> bool {
        matches!(self, Self::Covered | Self::Target)
    }
}

/// What one kelompok adds to the figures of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The desa it belongs to.
    pub home: Kode,
    /// Active on the last day of the month.
    pub active: bool,
    /// Active, and suspended on that day.
    pub suspended: bool,
    /// Expected to meet.
    pub expected: bool,
    /// Expected, and met.
    pub actual: bool,
    /// Expected, met, and recorded in time.
    pub on_time: bool,
    /// Expected, met, and nobody knows when it was recorded.
    pub unknown_time: bool,
    /// Target sesi, in the order of their numbers; empty when it is not active.
    pub target: Box<[SesiIx]>,
    /// Of those, the sesi that are tuntas, in the same order.
    pub covered: Box<[SesiIx]>,
}

impl Share {
    /// Whether the kelompok counts in this figure, which is no count of sesi.
    #[must_use]
    pub fn counts(&self, number: Number) -> bool {
        match number {
            Number::Groups => self.active,
            Number::Expected => self.expected,
            Number::Actual => self.actual,
            Number::OnTime => self.on_time,
            Number::Covered | Number::Target => false,
        }
    }

    /// The sesi with which the kelompok counts in a figure of pairs.
    #[must_use]
    pub fn sesi(&self, number: Number) -> &[SesiIx] {
        match number {
            Number::Covered => &self.covered,
            Number::Target => &self.target,
            _ => &[],
        }
    }
}

/// Why a kelompok, or one of its sesi, counts now and did not when the month was frozen, or the
/// other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A record arrived later.
    Menyusul,
    /// A record was corrected.
    Dikoreksi,
    /// A record was withdrawn.
    Ditarik,
    /// A suspension was entered or changed later.
    Penangguhan,
    /// The kelompok was entered, ended, merged or divided later.
    Kelompok,
    /// The kelompok now belongs to another area.
    Pindah,
    /// Other sesi are the target.
    Sasaran,
}

impl Reason {
    /// Every reason, in the order in which pages show them.
    pub const ALL: [Self; 7] = [
        Self::Menyusul,
        Self::Dikoreksi,
        Self::Ditarik,
        Self::Penangguhan,
        Self::Kelompok,
        Self::Pindah,
        Self::Sasaran,
    ];

    /// The word in addresses and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Menyusul => "menyusul",
            Self::Dikoreksi => "dikoreksi",
            Self::Ditarik => "ditarik",
            Self::Penangguhan => "penangguhan",
            Self::Kelompok => "kelompok",
            Self::Pindah => "pindah",
            Self::Sasaran => "sasaran",
        }
    }

    /// The reason that a word in an address names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
