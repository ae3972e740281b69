//! Packed records that lie outside of memory.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::civil::Date;

/// Keeps pieces of bytes that were put there once and never change.
pub trait Shelf: Send + Sync {
    /// Fills `out` with the piece of that length that was put at `offset`; false when it cannot be
    /// read or is not as it was written.
    ///
    /// Whoever asks goes on with nothing then, so a shelf that says false once must see to it that
    /// nothing which was worked out since is shown, decided by or written down.
    fn read(&self, offset: u64, out: &mut [u8]) -> bool;
}

/// A shelf that many lists share.
#[derive(Clone)]
pub struct ShelfHandle(Arc<Box<dyn Shelf>>);

impl ShelfHandle {
    /// Shares a shelf.
    #[must_use]
    pub fn new(shelf: Box<dyn Shelf>) -> Self {
        // The box makes this one word, of which a nation keeps a copy for every kelompok.
        Self(Arc::new(shelf))
    }

    /// The piece of `length` bytes that was put at `offset`; none when it cannot be had.
    #[must_use]
    pub fn piece(&self, offset: u64, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.0.read(offset, &mut bytes).then_some(bytes)
    }
}

impl fmt::Debug for ShelfHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShelfHandle")
    }
}

/// The stretch of a shelf on which the older pertemuan of a kelompok lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub(super) offset: u64,
    pub(super) bytes: NonZeroU32,
    /// The date of the last of them: what is dated later belongs behind, unseen.
    pub(super) last: Date,
}

impl Stretch {
    /// The bytes that it takes on the shelf.
    #[must_use]
    pub fn bytes(self) -> u32 {
        self.bytes.get()
    }
}
