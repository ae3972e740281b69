//! From the ids of pertemuan and commands to where they stand, in eight bytes each.
//!
//! An id's 32-bit fingerprint and a number share one `u64`; what is found is a candidate, which the
//! caller compares with the full id where that is kept. A nation has 24 million pertemuan, so one
//! look-up in 200 finds a candidate too many.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AccountId, Mark};

use crate::kelompok::fakta::ShelfHandle;

use super::Accepted;

mod recent;
mod shelved;

use recent::Recent;
use shelved::put_all;
pub(super) use shelved::{Blocks, Put};

/// So many ids wait out of order before they are merged into the sorted list, at least.
const MIN_RECENT: usize = 4_096;
/// One part of the list may wait out of order.
const RECENT_SHARE: usize = 32;

/// Numbers by id. Nothing is ever taken out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct IdIndex {
    /// The older ones, on a shelf.
    #[serde(default)]
    shelved: Option<Blocks>,
    #[serde(with = "crate::bytes::words")]
    sorted: Vec<u64>,
    recent: Recent,
}

impl IdIndex {
    /// Notes that `number` belongs to `id`.
    pub(super) fn insert(&mut self, id: Uuid, number: u32) {
        self.insert_key(key(id), number);
    }

    /// The same for what [`key_of_text`] gave.
    pub(super) fn insert_key(&mut self, key: u64, number: u32) {
        self.recent.insert(key | u64::from(number));
        if self.recent.len() >= MIN_RECENT.max(self.sorted.len() / RECENT_SHARE) {
            let waiting = self.recent.drain();
            self.merge(&waiting);
        }
    }

    /// The same for many at once.
    pub(super) fn insert_all(&mut self, new: impl Iterator<Item = (Uuid, u32)>) {
        let new = new.map(|(id, number)| key(id) | u64::from(number));
        let mut new: Vec<u64> = new.chain(self.recent.drain()).collect();
        new.sort_unstable();
        new.dedup();
        self.merge(&new);
    }

    /// The numbers that may belong to `id`.
    pub(super) fn candidates(&self, id: Uuid) -> impl Iterator<Item = u32> {
        self.candidates_of(key(id))
    }

    /// The same for what [`key_of_text`] gave.
    pub(super) fn candidates_of(&self, key: u64) -> impl Iterator<Item = u32> {
        let (from, to) = (key, key | u64::from(u32::MAX));
        let at = first_from(&self.sorted, from);
        let sorted = self.sorted[at..].iter().take_while(move |one| **one <= to);
        let memory = sorted.copied().chain(self.recent.of(key));
        // What is new is asked for most, so the shelf is asked last.
        let shelf = move || self.shelved.as_ref().map_or_else(Vec::new, |old| old.range(from, to));
        let shelved = std::iter::once_with(shelf).flatten();
        // The upper half is the fingerprint, so what is cut off is known.
        memory.chain(shelved).map(|one| (one & u64::from(u32::MAX)) as u32)
    }

    /// The bytes of memory that this takes, about.
    pub(super) fn heap_bytes(&self) -> usize {
        let shelved = self.shelved.as_ref().map_or(0, Blocks::heap_bytes);
        shelved + self.unshelved_bytes()
    }

    /// The bytes of memory that could go to a shelf, about.
    pub(super) fn unshelved_bytes(&self) -> usize {
        self.sorted.capacity() * 8 + self.recent.heap_bytes()
    }

    /// Says on which shelf the older ones lie.
    pub(super) fn attach(&mut self, shelf: &ShelfHandle) {
        if let Some(old) = &mut self.shelved {
            old.attach(shelf);
        }
    }

    /// Whether a part lies on a shelf.
    pub(super) fn is_shelved(&self) -> bool {
        self.shelved.is_some()
    }

    /// What is in memory, in order.
    fn unshelved(&self) -> Vec<u64> {
        merged(self.sorted.iter().copied(), self.recent.in_order().into_iter()).collect()
    }

    /// What a shelf has to take: the older ones, and a copy of what is in memory.
    pub(super) fn to_shelve(&self) -> ToShelve {
        ToShelve { old: self.shelved.clone().unwrap_or_default(), new: self.unshelved() }
    }

    /// From now on those lie on a shelf; what came since they were copied stays in memory.
    pub(super) fn put_away(&mut self, copied: &ToShelve, mut blocks: Blocks, shelf: &ShelfHandle) {
        let mut copied = copied.new.iter().peekable();
        let mut left = Vec::new();
        for one in self.unshelved() {
            while copied.next_if(|old| **old < one).is_some() {}
            if copied.peek() != Some(&&one) {
                left.push(one);
            }
        }
        blocks.attach(shelf);
        *self = Self { shelved: Some(blocks), sorted: left, recent: Recent::default() };
    }

    /// Takes sorted entries into the list, from the back, so that no second list is needed.
    fn merge(&mut self, new: &[u64]) {
        let (mut left, mut at) = (self.sorted.len(), self.sorted.len() + new.len());
        self.sorted.reserve_exact(new.len());
        self.sorted.resize(at, 0);
        for new in new.iter().rev() {
            while left > 0 && self.sorted[left - 1] > *new {
                left -= 1;
                at -= 1;
                self.sorted[at] = self.sorted[left];
            }
            at -= 1;
            self.sorted[at] = *new;
        }
    }
}

/// The entries that a shelf has to take.
#[derive(Debug)]
pub(super) struct ToShelve {
    old: Blocks,
    new: Vec<u64>,
}

impl ToShelve {
    /// Puts all of them on a shelf, in order.
    pub(super) fn put<E>(&self, put: &mut Put<'_, E>) -> Result<Blocks, E> {
        put_all(merged(self.old.entries(), self.new.iter().copied()), put)
    }

    /// How many entries that are.
    pub(super) fn len(&self) -> u64 {
        self.old.len() + self.new.len() as u64
    }
}

/// Two ascending rows as one.
fn merged(
    one: impl Iterator<Item = u64>,
    other: impl Iterator<Item = u64>,
) -> impl Iterator<Item = u64> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || match (one.peek(), other.peek()) {
        (Some(a), Some(b)) if a <= b => one.next(),
        (Some(_), None) => one.next(),
        _ => other.next(),
    })
}

impl PartialEq for IdIndex {
    fn eq(&self, other: &Self) -> bool {
        let all = |index: &Self| {
            let ToShelve { old, new } = index.to_shelve();
            let mut all: Vec<u64> = merged(old.entries(), new.into_iter()).collect();
            all.dedup();
            all
        };
        all(self) == all(other)
    }
}

/// Where the first of the ascending entries stands that is not below `from`.
///
/// Fingerprints are spread evenly, so it is looked for where it must be about: halving a long list
/// instead touches memory all over it.
fn first_from(sorted: &[u64], from: u64) -> usize {
    let len = sorted.len();
    let about = (u128::from(from >> 32) * len as u128) >> 32;
    let about = usize::try_from(about).unwrap_or(len);
    // As far as chance moves about two thirds of them.
    let mut width = (len.isqrt() / 2).max(32);
    let (mut low, mut high) = (about.saturating_sub(width), (about + width).min(len));
    while low > 0 && sorted[low - 1] >= from {
        width *= 2;
        (low, high) = (low.saturating_sub(width), low);
    }
    while high < len && sorted[high] < from {
        width *= 2;
        (low, high) = (high, (high + width).min(len));
    }
    low + sorted[low..high].partition_point(|one| *one < from)
}

fn key(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    // The bits of a version 7 id that are not time, and all of a version 5 id, are random; folding
    // and multiplying spreads made-up ones too.
    let folded = (high ^ low.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (folded ^ (folded << 32)) & !u64::from(u32::MAX)
}

/// The key of a text, for [`IdIndex::insert_key`]; texts that differ in case only share it.
pub(super) fn key_of_text(text: &str) -> u64 {
    let folded = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    // The upper bits of this are worst where texts differ in the end only.
    folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) & !u64::from(u32::MAX)
}

/// Commands that were accepted, by id, in the order of their lines.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Commands {
    all: Vec<Kept>,
    index: IdIndex,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    id: [u8; 16],
    digest: Mark,
    /// The upper 32 bits of the line stand in `line_high`, so that nothing is lost to alignment.
    line: u32,
    line_high: u32,
    /// 0 for nobody.
    by: u32,
}

impl Commands {
    /// Notes an accepted command.
    pub(super) fn insert(&mut self, id: Uuid, accepted: Accepted) {
        let Ok(at) = u32::try_from(self.all.len()) else { return };
        self.all.push(Kept {
            id: id.into_bytes(),
            digest: accepted.digest,
            line: accepted.seq as u32,
            line_high: (accepted.seq >> 32) as u32,
            by: accepted.by.map_or(0, |by| by.0),
        });
        self.index.insert(id, at);
    }

    /// The command of this id.
    pub(super) fn get(&self, id: Uuid) -> Option<Accepted> {
        let mut found = self.index.candidates(id).filter_map(|at| self.all.get(at as usize));
        let kept = found.find(|kept| kept.id == *id.as_bytes())?;
        Some(Accepted {
            digest: kept.digest,
            by: (kept.by != 0).then_some(AccountId(kept.by)),
            seq: u64::from(kept.line_high) << 32 | u64::from(kept.line),
        })
    }

    /// The bytes that this takes, about.
    pub(super) fn heap_bytes(&self) -> usize {
        self.all.capacity() * size_of::<Kept>() + self.index.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_id_is_found_and_equal_content_is_equal() {
        let id = |n: u32| Uuid::from_u128(u128::from(n) * 0x1_0000_0001_0003);
        let count = 3 * MIN_RECENT as u32 + 77;
        let (mut up, mut down) = (IdIndex::default(), IdIndex::default());
        for n in 0..count {
            up.insert(id(n), n);
            down.insert(id(count - 1 - n), count - 1 - n);
        }
        for n in 0..count {
            assert!(up.candidates(id(n)).any(|found| found == n), "{n}");
        }
        let strangers: usize = (count..2 * count).map(|n| up.candidates(id(n)).count()).sum();
        assert!(strangers < 10, "{strangers} candidates for ids that are not there");
        assert_eq!(up, down);
        down.insert(id(count), 0);
        assert_ne!(up, down);
    }

    #[test]
    fn the_first_is_found_however_unevenly_they_lie() {
        let even = |n: u64| n * 0x0003_1415_9265_3589;
        let lists: [Vec<u64>; 6] = [
            Vec::new(),
            vec![0],
            vec![u64::MAX; 3],
            (0..5_000).map(even).collect(),
            (0..5_000).collect(),
            (0..5_000).map(|n| u64::MAX - 2 * (5_000 - n)).collect(),
        ];
        for list in &lists {
            let ends = [0, 1, 4_999, 1 << 32, u64::MAX / 2, u64::MAX - 1, u64::MAX];
            let near = list.iter().flat_map(|one| [one.saturating_sub(1), *one, one | 1]);
            for from in near.chain(ends) {
                let expected = list.partition_point(|one| *one < from);
                assert_eq!(first_from(list, from), expected, "{from} in {}", list.len());
            }
        }
    }

    #[test]
    fn commands_keep_what_they_were() {
        let mut commands = Commands::default();
        let mut expected = BTreeMap::new();
        for n in 0..300_u64 {
            let accepted = Accepted {
                digest: Mark(n.to_le_bytes()),
                by: (n % 3 != 0).then(|| AccountId(n as u32 % 7 + 1)),
                seq: n << (n % 40),
            };
            // Two of 32 equal bits and different ids must not be taken for each other.
            let id = Uuid::from_u64_pair(n / 2, (n % 2).rotate_left(63) ^ n);
            commands.insert(id, accepted);
            expected.insert(id, accepted);
        }
        for (id, accepted) in expected {
            assert_eq!(commands.get(id), Some(accepted));
        }
        assert_eq!(commands.get(Uuid::max()), None);
    }
}
