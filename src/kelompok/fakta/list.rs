//! The pertemuan of one kelompok, packed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::kelompok::pertemuan::PertemuanId;

use super::{Fakta, pack};

/// The pertemuan of one kelompok in the order of [`Fakta::order`], packed into one piece of memory.
///
/// What it gives out are copies; a change goes through [`FaktaList::insert`] and
/// [`FaktaList::change`].
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FaktaList {
    #[serde(with = "crate::bytes")]
    bytes: Vec<u8>,
    len: u32,
}

impl FaktaList {
    /// How many there are, the withdrawn ones too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All of them, oldest first; from the end, newest first.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { bytes: &self.bytes, len: self.len() }
    }

    /// The one with this id.
    #[must_use]
    pub fn get(&self, id: PertemuanId) -> Option<Fakta> {
        let at = self.find(id)?;
        pack::unpack(self.bytes.get(at..)?).map(|(fakta, _)| fakta)
    }

    /// Puts one in its place. The caller knows that there is none of its id yet.
    pub fn insert(&mut self, fakta: &Fakta) {
        let key = fakta.order();
        let mut at = self.bytes.len();
        while let Some(start) = pack::last_start(&self.bytes[..at]) {
            let before = pack::unpack(&self.bytes[start..]);
            if before.is_none_or(|(one, _)| one.order() < key) {
                break;
            }
            at = start;
        }
        let mut packed = Vec::with_capacity(64);
        pack::pack(fakta, &mut packed);
        // Doubling would waste a quarter of the memory on average; lists grow slowly.
        if self.bytes.capacity() - self.bytes.len() < packed.len() {
            self.bytes.reserve_exact(packed.len() + self.bytes.len() / 16);
        }
        if at == self.bytes.len() {
            self.bytes.extend_from_slice(&packed);
        } else {
            self.bytes.splice(at..at, packed);
        }
        self.len += 1;
    }

    /// Changes the one with this id, and keeps the order; false when there is none.
    pub fn change(&mut self, id: PertemuanId, with: impl FnOnce(&mut Fakta)) -> bool {
        let Some(at) = self.find(id) else { return false };
        let Some((mut fakta, length)) = pack::unpack(&self.bytes[at..]) else { return false };
        with(&mut fakta);
        self.bytes.drain(at..at + length);
        self.len -= 1;
        self.insert(&fakta);
        true
    }

    /// The bytes that this takes beside itself.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    fn find(&self, id: PertemuanId) -> Option<usize> {
        let mut end = self.bytes.len();
        while let Some(start) = pack::last_start(&self.bytes[..end]) {
            if pack::id(&self.bytes[start..]) == Some(id) {
                return Some(start);
            }
            end = start;
        }
        None
    }
}

impl fmt::Debug for FaktaList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<'a> IntoIterator for &'a FaktaList {
    type Item = Fakta;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl FromIterator<Fakta> for FaktaList {
    fn from_iter<I: IntoIterator<Item = Fakta>>(all: I) -> Self {
        let mut list = Self::default();
        for fakta in all {
            list.insert(&fakta);
        }
        list
    }
}

/// Unpacks one [`Fakta`] after the other, from either end.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    bytes: &'a [u8],
    len: usize,
}

impl Iterator for Iter<'_> {
    type Item = Fakta;

    fn next(&mut self) -> Option<Fakta> {
        let (fakta, length) = pack::unpack(self.bytes)?;
        self.bytes = &self.bytes[length..];
        self.len = self.len.saturating_sub(1);
        Some(fakta)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Fakta> {
        let start = pack::last_start(self.bytes)?;
        let (fakta, _) = pack::unpack(&self.bytes[start..])?;
        self.bytes = &self.bytes[..start];
        self.len = self.len.saturating_sub(1);
        Some(fakta)
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
