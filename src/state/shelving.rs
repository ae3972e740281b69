//! Older facts and ids leave memory for a shelf.
//!
//! A shelf is written beside the work: what it has to take is copied bit by bit, and only what did
//! not change meanwhile is let go. So nothing here holds the state for longer than moments, and
//! a shelf that was never finished has changed nothing.

use std::ops::Range;

use crate::kelompok::fakta::{FaktaList, ShelfHandle, Stretch};

use super::ids::{Blocks, Put, ToShelve};
use super::{KelompokIx, State};

/// The bytes of facts in memory that could lie on a shelf. No part of what the state says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unshelved(pub(super) usize);

/// Two states that say the same are equal, wherever their facts lie.
impl PartialEq for Unshelved {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Kelompok whose facts are being put on a shelf, in the order in which they lie there.
#[derive(Debug)]
pub struct Shelving {
    order: Vec<KelompokIx>,
    /// Of each that was copied: its last line by then, and where its facts lie.
    places: Vec<(u64, Option<Stretch>)>,
    ids: Option<ToShelve>,
    blocks: Option<Blocks>,
}

/// A copy of the facts of some kelompok.
#[derive(Debug)]
pub struct Copied(Vec<(u64, Vec<u8>)>);

impl Shelving {
    /// Whether facts of kelompok are still to be copied.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.places.len() < self.order.len()
    }

    /// How many kelompok there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Puts what was copied on the shelf. `put` takes a piece and gives its offset.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn put<E>(
        &mut self,
        copied: Copied,
        put: &mut dyn FnMut(&[u8]) -> Result<u64, E>,
    ) -> Result<(), E> {
        for (last_seq, packed) in copied.0 {
            let offset = if packed.is_empty() { 0 } else { put(&packed)? };
            self.places.push((last_seq, FaktaList::stretch(offset, &packed)));
        }
        Ok(())
    }

    /// Puts the ids, which were copied by [`State::copy_ids`], on the shelf; how many.
    ///
    /// # Errors
    /// Those of `put`.
    pub fn put_ids<E>(&mut self, put: &mut Put<'_, E>) -> Result<u64, E> {
        let Some(ids) = &self.ids else { return Ok(0) };
        self.blocks = Some(ids.put(put)?);
        Ok(ids.len())
    }
}

impl State {
    /// About how many bytes of memory could go to a shelf.
    #[must_use]
    pub fn unshelved_bytes(&self) -> usize {
        self.unshelved.0 + self.pertemuan.unshelved_bytes()
    }

    /// Whether anything lies on a shelf.
    #[must_use]
    pub fn is_shelved(&self) -> bool {
        self.pertemuan.is_shelved() || self.groups.iter().any(|group| group.fakta.is_put_away())
    }

    /// Says on which shelf that lies which is not in memory; to be called after loading.
    pub fn attach(&mut self, shelf: Option<&ShelfHandle>) {
        if let Some(shelf) = shelf {
            self.groups.iter_mut().for_each(|group| group.fakta.attach(shelf));
            self.pertemuan.attach(shelf);
        }
        self.unshelved.0 = self.groups.iter().map(|group| group.fakta.heap_bytes()).sum();
    }

    /// Begins to fill a new shelf: neighbours lie beside each other, as pages ask for them.
    #[must_use]
    pub fn begin_shelving(&self) -> Shelving {
        let order = self.by_area.iter().map(|(_, ix)| *ix).collect();
        Shelving { order, places: Vec::new(), ids: None, blocks: None }
    }

    /// Copies the facts of the next kelompok, at most `most` of them.
    #[must_use]
    pub fn copy_facts(&self, shelving: &Shelving, most: usize) -> Copied {
        let next = shelving.order.iter().skip(shelving.places.len()).take(most);
        let groups = next.filter_map(|ix| self.groups.get(*ix as usize));
        Copied(groups.map(|group| (group.last_seq, group.fakta.packed().into_owned())).collect())
    }

    /// Copies the ids; to be called once, before the shelf is finished.
    pub fn copy_ids(&self, shelving: &mut Shelving) {
        shelving.ids = Some(self.pertemuan.to_shelve());
    }

    /// Lets go of the facts of those kelompok of a finished shelf that did not change since they
    /// were copied; the others come into memory, so that no older shelf is needed any more.
    pub fn let_go(&mut self, shelving: &Shelving, shelf: &ShelfHandle, which: Range<usize>) {
        for at in which {
            let (Some(ix), Some((last_seq, stretch))) =
                (shelving.order.get(at), shelving.places.get(at))
            else {
                continue;
            };
            let Some(group) = self.groups.get_mut(*ix as usize) else { continue };
            let before = group.fakta.heap_bytes();
            match stretch {
                Some(stretch) if group.last_seq == *last_seq => {
                    group.fakta.put_away(*stretch, shelf);
                }
                _ => group.fakta.take_down(),
            }
            let after = group.fakta.heap_bytes();
            self.unshelved.0 = (self.unshelved.0 + after).saturating_sub(before);
        }
    }

    /// Lets go of the ids that lie on a finished shelf.
    pub fn let_ids_go(&mut self, shelving: Shelving, shelf: &ShelfHandle) {
        if let (Some(ids), Some(blocks)) = (shelving.ids, shelving.blocks) {
            self.pertemuan.put_away(&ids, blocks, shelf);
        }
    }
}
