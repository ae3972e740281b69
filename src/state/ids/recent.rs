//! The entries that came last, found by their fingerprint without being kept in order.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands in a place without an entry. No number reaches `u32::MAX`, so no entry is this.
const FREE: u64 = u64::MAX;
/// So many places there are at least, once there is an entry.
const MIN_PLACES: usize = 64;

/// Entries, each in the first free place from the one that its fingerprint names.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent {
    /// A power of two of them, at most three quarters taken; or none.
    places: Vec<u64>,
    len: usize,
}

impl Recent {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The bytes of memory that this takes.
    pub(super) fn heap_bytes(&self) -> usize {
        self.places.capacity() * size_of::<u64>()
    }

    /// Puts an entry in, if it is not there yet.
    pub(super) fn insert(&mut self, entry: u64) {
        if (self.len + 1) * 4 > self.places.len() * 3 {
            self.grow();
        }
        let mask = self.places.len() - 1;
        let mut at = first_place(entry) & mask;
        while self.places[at] != FREE {
            if self.places[at] == entry {
                return;
            }
            at = (at + 1) & mask;
        }
        self.places[at] = entry;
        self.len += 1;
    }

    /// The entries whose fingerprint is that of `key`, in no order.
    pub(super) fn of(&self, key: u64) -> impl Iterator<Item = u64> {
        let from = first_place(key) & self.places.len().saturating_sub(1);
        let (before, behind) = self.places.split_at(from.min(self.places.len()));
        let taken = behind.iter().chain(before).copied().take_while(|entry| *entry != FREE);
        taken.filter(move |entry| entry >> 32 == key >> 32)
    }

    /// All entries in ascending order.
    pub(super) fn in_order(&self) -> Vec<u64> {
        let mut all: Vec<u64> = self.places.iter().copied().filter(|one| *one != FREE).collect();
        all.sort_unstable();
        all
    }

    /// Takes all entries out, in ascending order; the room stays for the next ones.
    pub(super) fn drain(&mut self) -> Vec<u64> {
        let all = self.in_order();
        self.places.fill(FREE);
        self.len = 0;
        all
    }

    fn grow(&mut self) {
        let places = (self.places.len() * 2).max(MIN_PLACES);
        let old = std::mem::replace(&mut self.places, vec![FREE; places]);
        self.len = 0;
        old.into_iter().filter(|one| *one != FREE).for_each(|one| self.insert(one));
    }
}

/// The fingerprint, which is the upper half; its lower bits are as good as any.
fn first_place(entry: u64) -> usize {
    usize::try_from(entry >> 32).unwrap_or(0)
}

impl FromIterator<u64> for Recent {
    fn from_iter<I: IntoIterator<Item = u64>>(all: I) -> Self {
        let mut recent = Self::default();
        all.into_iter().for_each(|one| recent.insert(one));
        recent
    }
}

/// Written in order, so that equal states are written alike.
impl Serialize for Recent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.in_order().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Recent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<u64>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_was_put_in_is_found_whatever_shares_its_place() {
        // Few fingerprints, of which many begin at the same place, at the end of the places too.
        let entry = |n: u64| (((n % 7) * MIN_PLACES as u64 + 60 + n % 5) << 32) | n;
        let (mut recent, mut expected) = (Recent::default(), BTreeSet::new());
        assert_eq!(recent.of(entry(1)).count(), 0);
        for n in 0..500 {
            recent.insert(entry(n));
            recent.insert(entry(n / 2));
            expected.insert(entry(n));
        }
        assert_eq!(recent.len(), expected.len());
        for n in 0..35 {
            let mut found: Vec<u64> = recent.of(entry(n)).collect();
            found.sort_unstable();
            let all = expected.iter().copied().filter(|one| one >> 32 == entry(n) >> 32);
            assert_eq!(found, all.collect::<Vec<_>>());
        }
        assert_eq!(recent.of(3 << 32).count(), 0);
        assert_eq!(recent.drain(), expected.into_iter().collect::<Vec<_>>());
        assert_eq!((recent.len(), recent.in_order()), (0, Vec::new()));
    }
}
