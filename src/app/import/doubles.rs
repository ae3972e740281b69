//! Finding rows of one id in a file of any length, in eight bytes a row.
//!
//! Fingerprints of the ids are gathered and sorted. Only where two are the same the file is gone
//! through again for the whole ids, and once more knowing which row of each id is the first.

use std::collections::{HashMap, HashSet};

use crate::kelompok::pertemuan::PertemuanId;

/// What is known of ids that stand in a file twice.
pub(super) enum Doubles {
    /// Nothing yet.
    Unknown,
    /// Fingerprints that several rows have.
    Suspected(HashSet<u64>),
    /// The line of the first row of each id that several have, and the line before each piece.
    Known(HashMap<PertemuanId, u32>, Vec<u32>),
}

/// What rows say of their ids.
#[derive(Default)]
pub(super) struct Ids {
    /// The fingerprint of each.
    pub(super) all: Vec<u64>,
    /// Those that are suspected, each with its line.
    pub(super) suspected: Vec<(PertemuanId, u32)>,
}

impl Ids {
    /// Adds those of a piece behind line `before`.
    pub(super) fn extend(&mut self, other: Self, before: u32) {
        self.all.extend_from_slice(&other.all);
        let moved = |(id, line): (PertemuanId, u32)| (id, line.saturating_add(before));
        self.suspected.extend(other.suspected.into_iter().map(moved));
    }
}

/// The fingerprint of an id.
pub(super) fn fingerprint(id: PertemuanId) -> u64 {
    let (high, low) = id.as_u64_pair();
    (high ^ low.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31) ^ low
}

impl Doubles {
    /// Whether what is found may be written: not while it is only looked which ids stand twice.
    pub(super) fn may_write(&self) -> bool {
        !matches!(self, Self::Suspected(_))
    }

    /// Takes note of a row at a line of a piece.
    pub(super) fn note(&self, ids: &mut Ids, id: PertemuanId, line: u32) {
        match self {
            Self::Unknown => ids.all.push(fingerprint(id)),
            Self::Suspected(those) if those.contains(&fingerprint(id)) => {
                ids.suspected.push((id, line));
            }
            Self::Suspected(_) | Self::Known(..) => {}
        }
    }

    /// Whether another row of the file before line `line` of piece `number` has this id.
    pub(super) fn came_before(&self, id: PertemuanId, number: usize, line: u32) -> bool {
        let Self::Known(first, before) = self else { return false };
        let before = before.get(number).copied().unwrap_or(0);
        first.get(&id).is_some_and(|first| *first < before.saturating_add(line))
    }

    /// What is to be known for the next time through the file; none when all is known.
    pub(super) fn told_by(&self, ids: Ids, before: Vec<u32>) -> Option<Self> {
        match self {
            Self::Unknown => {
                let mut all = ids.all;
                all.sort_unstable();
                let twice = all.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]);
                let twice: HashSet<u64> = twice.collect();
                (!twice.is_empty()).then_some(Self::Suspected(twice))
            }
            Self::Suspected(_) => {
                let mut first = HashMap::new();
                for (id, line) in ids.suspected {
                    first.entry(id).or_insert(line);
                }
                Some(Self::Known(first, before))
            }
            Self::Known(..) => None,
        }
    }
}
