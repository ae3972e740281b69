//! The pertemuan of one kelompok, packed.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;

use crate::kelompok::pertemuan::PertemuanId;
use crate::kelompok::varint::{Reader, date, days, signed, unsigned};

use super::shelf::{ShelfHandle, Stretch};
use super::{Fakta, pack};

/// The pertemuan of one kelompok in the order of [`Fakta::order`], packed.
///
/// The older ones may lie on a shelf; those that came since, or all, are in memory. A change among
/// the older ones takes them all into memory. What it gives out are copies; a change goes through
/// [`FaktaList::insert`] and [`FaktaList::change`].
#[derive(Clone, Default)]
pub struct FaktaList {
    /// All of them, or those behind what lies on the shelf.
    bytes: Vec<u8>,
    /// How many there are in all.
    len: u32,
    stretch: Option<Stretch>,
    /// On which shelf the stretch lies; handed in after loading.
    shelf: Option<ShelfHandle>,
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
        let bytes = self.packed();
        let to = bytes.len();
        Iter { bytes, from: 0, to, len: self.len() }
    }

    /// The one with this id.
    #[must_use]
    pub fn get(&self, id: PertemuanId) -> Option<Fakta> {
        // The newest are asked for most, and they are in memory.
        let bytes = match find(&self.bytes, id) {
            Some(_) => Cow::Borrowed(self.bytes.as_slice()),
            None if self.stretch.is_none() => return None,
            None => self.packed(),
        };
        let at = find(&bytes, id)?;
        pack::unpack(bytes.get(at..)?).map(|(fakta, _)| fakta)
    }

    /// Puts one in its place. The caller knows that there is none of its id yet.
    pub fn insert(&mut self, fakta: &Fakta) {
        if self.stretch.is_some_and(|stretch| fakta.date <= stretch.last) {
            self.take_down();
        }
        let key = fakta.order();
        let mut at = self.bytes.len();
        while let Some(start) = pack::last_start(&self.bytes[..at]) {
            if pack::order(&self.bytes[start..]).is_none_or(|order| order < key) {
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

    /// Room for so many more bytes, where they are known beforehand.
    pub fn reserve(&mut self, bytes: usize) {
        if self.bytes.capacity() - self.bytes.len() < bytes {
            self.bytes.reserve_exact(bytes);
        }
    }

    /// Changes the one with this id, and keeps the order; false when there is none.
    pub fn change(&mut self, id: PertemuanId, with: impl FnOnce(&mut Fakta)) -> bool {
        if self.stretch.is_some() && find(&self.bytes, id).is_none() {
            self.take_down();
        }
        let Some(at) = find(&self.bytes, id) else { return false };
        let Some((mut fakta, length)) = pack::unpack(&self.bytes[at..]) else { return false };
        with(&mut fakta);
        self.bytes.drain(at..at + length);
        self.len -= 1;
        self.insert(&fakta);
        true
    }

    /// The bytes of memory that this takes beside itself.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    /// All of them as one piece of bytes, to be put on a shelf.
    ///
    /// Empty when the shelf cannot give what lies on it, which it makes known itself.
    #[must_use]
    pub fn packed(&self) -> Cow<'_, [u8]> {
        let Some(stretch) = self.stretch else { return Cow::Borrowed(&self.bytes) };
        let length = stretch.bytes.get() as usize;
        let piece = self.shelf.as_ref().and_then(|shelf| shelf.piece(stretch.offset, length));
        let mut bytes = piece.unwrap_or_default();
        bytes.extend_from_slice(&self.bytes);
        Cow::Owned(bytes)
    }

    /// Where `packed`, which was put at `offset` of a shelf, lies; none for an empty list.
    #[must_use]
    pub fn stretch(offset: u64, packed: &[u8]) -> Option<Stretch> {
        let bytes = NonZeroU32::new(u32::try_from(packed.len()).ok()?)?;
        let (fakta, _) = pack::unpack(&packed[pack::last_start(packed)?..])?;
        Some(Stretch { offset, bytes, last: fakta.date })
    }

    /// From now on all that there is lies on that stretch, which was made from [`Self::packed`].
    pub fn put_away(&mut self, stretch: Stretch, shelf: &ShelfHandle) {
        self.bytes = Vec::new();
        self.stretch = Some(stretch);
        self.shelf = Some(shelf.clone());
    }

    /// Takes everything into memory.
    pub fn take_down(&mut self) {
        if self.stretch.is_some() {
            self.bytes = self.packed().into_owned();
            (self.stretch, self.shelf) = (None, None);
        }
    }

    /// Writes it down as one piece: what is in memory, and where the rest lies.
    pub(in crate::kelompok) fn write(&self, out: &mut Vec<u8>) {
        unsigned(out, self.len.into());
        unsigned(out, self.bytes.len() as u64);
        out.extend_from_slice(&self.bytes);
        unsigned(out, self.stretch.map_or(0, |stretch| stretch.bytes.get().into()));
        if let Some(stretch) = self.stretch {
            unsigned(out, stretch.offset);
            signed(out, days(stretch.last).into());
        }
    }

    /// Reads it back.
    pub(in crate::kelompok) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let len = reader.number()?;
        let length = reader.number()?;
        let bytes = reader.bytes(length)?.to_vec();
        let stretch = match NonZeroU32::new(reader.number()?) {
            None => None,
            Some(bytes) => {
                let (offset, last) = (reader.unsigned()?, date(reader.signed()?)?);
                Some(Stretch { offset, bytes, last })
            }
        };
        Some(Self { bytes, len, stretch, shelf: None })
    }

    /// Says on which shelf that lies which is not in memory.
    pub fn attach(&mut self, shelf: &ShelfHandle) {
        self.shelf = self.stretch.map(|_| shelf.clone());
    }

    /// Whether a part lies on a shelf.
    #[must_use]
    pub fn is_put_away(&self) -> bool {
        self.stretch.is_some()
    }
}

/// Where the record with this id begins.
fn find(bytes: &[u8], id: PertemuanId) -> Option<usize> {
    let mut end = bytes.len();
    while let Some(start) = pack::last_start(&bytes[..end]) {
        if pack::id(&bytes[start..]) == Some(id) {
            return Some(start);
        }
        end = start;
    }
    None
}

/// Wherever the pertemuan lie, the same ones are equal.
impl PartialEq for FaktaList {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.packed() == other.packed()
    }
}

impl Eq for FaktaList {}

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
    bytes: Cow<'a, [u8]>,
    /// What is left of the bytes.
    from: usize,
    to: usize,
    len: usize,
}

impl Iterator for Iter<'_> {
    type Item = Fakta;

    fn next(&mut self) -> Option<Fakta> {
        let (fakta, length) = pack::unpack(&self.bytes[self.from..self.to])?;
        self.from += length;
        self.len = self.len.saturating_sub(1);
        Some(fakta)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Fakta> {
        let left = &self.bytes[self.from..self.to];
        let start = pack::last_start(left)?;
        let (fakta, _) = pack::unpack(&left[start..])?;
        self.to = self.from + start;
        self.len = self.len.saturating_sub(1);
        Some(fakta)
    }
}

impl ExactSizeIterator for Iter<'_> {}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
