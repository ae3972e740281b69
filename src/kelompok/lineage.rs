//! Kelompok that came out of others: by merging several into one, or splitting one into several.
//!
//! Nothing is copied from parent to child. What a child began with is worked out from its parents'
//! pertemuan whenever someone looks, so a record that arrives late still counts for it.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

use super::KelompokId;
use super::coverage::Progress;
use super::wilayah::Kode;

/// The fewest and the most kelompok that become one, or that one becomes.
pub const PARTS: std::ops::RangeInclusive<usize> = 2..=6;

/// The number that a seat had and the one that it has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatMove {
    /// The position of the old kelompok among the parents, from 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parent: u8,
    /// The number there.
    pub old: u16,
    /// The number now.
    pub new: u16,
}

/// A kelompok as it begins out of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// Its id.
    pub id: KelompokId,
    /// Its name.
    pub name: String,
    /// The desa of its members; the first is the one it belongs to.
    pub desa: Vec<Kode>,
    /// Members on the first day.
    pub members: u16,
    /// Who meets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pendamping: Option<AccountId>,
    /// Where its seats come from; empty without seats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<SeatMove>,
}

/// The kelompok out of which another came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The journal line that says so.
    pub line: u64,
    /// One parent: it was split. Several: they were merged.
    pub parents: Vec<KelompokId>,
    /// Where the seats come from.
    pub seats: Vec<SeatMove>,
}

/// In which way a kelompok ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ended {
    /// It was dissolved.
    Dissolved,
    /// It was merged with others.
    Merged,
    /// It was split.
    Split,
    /// The merge or split that made it was undone: it never met.
    Undone,
}

/// How a kelompok ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The journal line that says so.
    pub line: u64,
    /// In which way.
    pub how: Ended,
    /// What became of it; empty when nothing did.
    pub into: Vec<KelompokId>,
}

/// What a kelompok begins with that several were merged into: tuntas only where all of them were,
/// else sebagian where any was.
///
/// `parents` are their progress in one sesi with their number of members on the last day. One parent
/// alone hands on all that it has.
#[must_use]
pub fn together(parents: &[(Progress, u16)]) -> Progress {
    if let [(one, _)] = parents {
        return inherited(one.clone());
    }
    let each = || parents.iter().map(|(progress, _)| progress);
    let cell = || each().map(|one| one.cell);
    let newest = each()
        .filter(|one| one.cell.source.is_some())
        .max_by_key(|one| (one.source_generation, one.cell.source.and_then(|s| s.edition())));
    let mut sum = Progress {
        // What all have heard is as old as the oldest text that counts for one of them.
        covered_generation: least(each().map(|one| one.covered_generation)),
        source_generation: newest.map_or(0, |one| one.source_generation),
        ticked: ticked(parents),
        ..Progress::default()
    };
    if cell().any(|one| one.first.is_some()) {
        sum.cell.covered_on = greatest(cell().map(|one| one.covered_on));
        sum.cell.first = cell().filter_map(|one| one.first).min();
        sum.cell.last = cell().filter_map(|one| one.last).max();
        sum.cell.times = cell().map(|one| one.times).min().unwrap_or(0);
        sum.cell.source = newest.and_then(|one| one.cell.source);
        sum.cell.reach = Some(parents.iter().fold((0, 0), |(present, members), (one, of)| {
            let (more, whole) = one.cell.reach.unwrap_or((0, *of));
            (u16::saturating_add(present, more), u16::saturating_add(members, whole))
        }));
    }
    inherited(sum)
}

fn inherited(mut progress: Progress) -> Progress {
    progress.cell.inherited = progress.cell.first.is_some();
    progress
}

/// The langkah that every parent has done, by generation.
fn ticked(parents: &[(Progress, u16)]) -> Vec<(u16, u32)> {
    let mut generations: Vec<u16> =
        parents.iter().flat_map(|(one, _)| one.ticked.iter().map(|(of, _)| *of)).collect();
    generations.sort_unstable();
    generations.dedup();
    let by_all = |generation: u16| {
        parents.iter().fold(u32::MAX, |all, (one, _)| {
            let whole = one.covered_generation >= Some(generation);
            all & if whole { u32::MAX } else { one.ticked(generation) }
        })
    };
    generations.into_iter().map(|of| (of, by_all(of))).filter(|(_, bits)| *bits != 0).collect()
}

/// The smallest, if all are there.
fn least<T: Ord>(all: impl Iterator<Item = Option<T>>) -> Option<T> {
    let all: Vec<T> = all.collect::<Option<_>>()?;
    all.into_iter().min()
}

/// The greatest, if all are there.
fn greatest<T: Ord>(all: impl Iterator<Item = Option<T>>) -> Option<T> {
    least(all.map(|one| one.map(std::cmp::Reverse))).map(|one| one.0)
}

/// Used by serde to leave out the default.
fn is_zero(number: &u8) -> bool {
    *number == 0
}
