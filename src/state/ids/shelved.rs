//! The older part of an index of ids, on a shelf: sorted entries in blocks of one piece each, of
//! which memory keeps the first entry.

use serde::{Deserialize, Serialize};

use crate::kelompok::fakta::ShelfHandle;

/// So many entries stand in a block.
pub(super) const BLOCK: usize = 512;

/// Where the blocks lie.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::state) struct Blocks {
    /// The offset of each block.
    #[serde(with = "crate::bytes::words")]
    offsets: Vec<u64>,
    /// The first entry of each block.
    #[serde(with = "crate::bytes::words")]
    firsts: Vec<u64>,
    /// How many entries there are in all; only the last block has fewer than [`BLOCK`].
    len: u64,
    #[serde(skip)]
    shelf: Option<ShelfHandle>,
}

impl Blocks {
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn attach(&mut self, shelf: &ShelfHandle) {
        self.shelf = Some(shelf.clone());
    }

    pub(super) fn heap_bytes(&self) -> usize {
        (self.offsets.capacity() + self.firsts.capacity()) * 8
    }

    /// Notes a block that was put on the shelf.
    fn add(&mut self, offset: u64, entries: &[u64]) {
        self.offsets.push(offset);
        self.firsts.extend(entries.first());
        self.len += entries.len() as u64;
    }

    /// The entries of a block; none when the shelf fails, which it makes known itself.
    pub(super) fn block(&self, at: usize) -> Vec<u64> {
        let before = (at * BLOCK) as u64;
        let count = usize::try_from(self.len.saturating_sub(before)).unwrap_or(0).min(BLOCK);
        let piece = self.offsets.get(at).zip(self.shelf.as_ref());
        let bytes = piece.and_then(|(offset, shelf)| shelf.piece(*offset, count * 8));
        let bytes = bytes.unwrap_or_default();
        bytes.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect()
    }

    pub(super) fn blocks(&self) -> usize {
        self.offsets.len()
    }

    /// The entries within `from..=to`; both ends share a fingerprint, so they are few.
    pub(super) fn range(&self, from: u64, to: u64) -> Vec<u64> {
        let mut found = Vec::new();
        let behind = self.firsts.partition_point(|first| *first < from);
        for at in behind.saturating_sub(1)..self.firsts.len() {
            if self.firsts[at] > to {
                break;
            }
            let entries = self.block(at);
            let first = entries.partition_point(|one| *one < from);
            found.extend(entries[first..].iter().take_while(|one| **one <= to));
        }
        found
    }

    /// All entries in order, block by block.
    pub(super) fn entries(&self) -> impl Iterator<Item = u64> {
        (0..self.blocks()).flat_map(|at| self.block(at))
    }
}

/// Where a block is put: its offset, or why it cannot be.
pub(in crate::state) type Put<'a, E> = dyn FnMut(&[u8]) -> Result<u64, E> + 'a;

/// Puts entries in ascending order on a shelf.
pub(super) fn put_all<E>(
    entries: impl Iterator<Item = u64>,
    put: &mut Put<'_, E>,
) -> Result<Blocks, E> {
    let mut blocks = Blocks::default();
    let mut open: Vec<u64> = Vec::with_capacity(BLOCK);
    let mut close = |open: &mut Vec<u64>| {
        let bytes: Vec<u8> = open.iter().flat_map(|entry| entry.to_le_bytes()).collect();
        let offset = put(&bytes)?;
        blocks.add(offset, open);
        open.clear();
        Ok(())
    };
    for entry in entries {
        open.push(entry);
        if open.len() == BLOCK {
            close(&mut open)?;
        }
    }
    if !open.is_empty() {
        close(&mut open)?;
    }
    Ok(blocks)
}
