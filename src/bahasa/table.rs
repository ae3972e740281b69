//! Reading the word lists beside the code, and a cheap hash for looking words up in them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map keyed by lowercase words of the compiled-in lists.
pub(super) type WordMap<V> = HashMap<&'static [u8], V, BuildHasherDefault<WordHasher>>;

/// A set of lowercase words of the compiled-in lists.
pub(super) type WordSet = HashSet<&'static [u8], BuildHasherDefault<WordHasher>>;

/// Hashes short words eight bytes at a time.
///
/// The keys are our own lists, so nobody can choose them to collide; the slower default hasher
/// would guard against nothing here and costs half of the stemmer's time.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl WordHasher {
    fn mix(&mut self, chunk: u64) {
        self.0 = (self.0.rotate_left(5) ^ chunk).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut eight = [0; 8];
            eight.copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(eight));
        }
        let rest = chunks.remainder().iter().fold(0, |all, byte| (all << 8) | u64::from(*byte));
        self.mix(rest);
    }

    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }

    fn finish(&self) -> u64 {
        // The low bits pick the bucket; multiplication leaves the entropy in the high ones.
        self.0.rotate_left(26)
    }
}

/// The lines of a word list, without comments (from `#` on) and blanks.
pub(super) fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .map(|line| line.split_once('#').map_or(line, |(before, _)| before).trim())
        .filter(|line| !line.is_empty())
}

/// The lines of a list of pairs, `left = right`. Lines without an equals sign are left out.
pub(super) fn pairs(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(list).filter_map(|line| {
        let (left, right) = line.split_once('=')?;
        Some((left.trim(), right.trim()))
    })
}
