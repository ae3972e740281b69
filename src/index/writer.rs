//! Adding: lines are sorted by owner, and each owner's pages are written once.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};

use crate::event::{Event, LineInfo};
use crate::ids::AccountId;
use crate::journal::Head;

use super::book::{Book, Found, Owner, PAGE_BYTES, PageRef, sum_of};
use super::concern::{all_kelompok_of, month_of, year_of};
use super::meta::Meta;
use super::page::{self, Packer, write_entry};
use super::store::{Broken, Store, Writes};

/// Bytes that are written together; bounds the memory of a big import.
const BATCH_BYTES: usize = 512 * 1024;

/// Something to be added to a page.
struct Piece {
    period: i32,
    seq: u64,
    bytes: Vec<u8>,
}

/// Reads the line numbers of a page.
type Numbers = fn(&[u8]) -> Option<Vec<u64>>;

/// Adds lines; what is known of the whole index moves along in `meta`.
pub(super) struct Writer<'a> {
    store: &'a Store,
    meta: &'a mut Meta,
    packer: Packer,
    writes: Writes,
}

impl<'a> Writer<'a> {
    pub(super) fn new(store: &'a Store, meta: &'a mut Meta) -> Result<Self, Broken> {
        Ok(Self { store, meta, packer: Packer::new()?, writes: Writes::default() })
    }

    /// Adds the lines in the order in which they take effect. Lines that are in already change
    /// nothing, so after a crash the same lines may be added again.
    pub(super) fn add<E: Borrow<Vec<Event>>>(
        &mut self,
        lines: &[(LineInfo, E)],
        head: Head,
    ) -> Result<(), Broken> {
        let mut groups: BTreeMap<Box<str>, Vec<(usize, u32)>> = BTreeMap::new();
        let mut accounts: BTreeMap<Option<AccountId>, Vec<usize>> = BTreeMap::new();
        for (at, (info, events)) in lines.iter().enumerate() {
            accounts.entry(info.by).or_default().push(at);
            for (place, event) in (0..).zip(events.borrow()) {
                for id in all_kelompok_of(event) {
                    groups.entry(id.folded()).or_default().push((at, place));
                }
            }
        }
        for (id, places) in groups {
            let pieces = places.into_iter().map(|(at, place)| {
                let (info, events) = &lines[at];
                entry(info, events.borrow(), place)
            });
            let pieces = pieces.collect::<Result<Vec<_>, _>>()?;
            self.append(&Owner::kelompok(&id), &pieces, page::read_entry_seqs)?;
        }
        for (by, places) in accounts {
            let pieces: Vec<_> = places.into_iter().map(|at| number(&lines[at].0)).collect();
            self.append(&Owner::account(by), &pieces, page::read_seqs)?;
        }
        if head.seq >= self.meta.head.seq {
            self.meta.head = head;
        }
        self.commit()
    }

    fn append(&mut self, owner: &Owner, pieces: &[Piece], numbers: Numbers) -> Result<(), Broken> {
        let (book, before) = match Book::load(self.store, owner)? {
            Found::Whole((book, bytes)) => (book, Some(bytes)),
            Found::Nothing => (Book::default(), None),
            Found::Damaged => return Err(damaged("a table of contents")),
        };
        let known = self.known(owner, &book, pieces, numbers)?;
        let mut growing = Growing { store: self.store, owner, book, open: BTreeMap::new() };
        for piece in pieces {
            growing.book.last = piece.seq;
            if !known.contains(&piece.seq) {
                growing.push(piece)?;
            }
        }
        let Growing { mut book, open, .. } = growing;
        for (at, raw) in open {
            let packed = self.packer.pack(&raw)?;
            let page = &mut book.pages[at];
            page.raw = length(&raw)?;
            page.stored = length(&packed)?;
            page.sum = sum_of(&[&packed]);
            self.writes.put(&owner.page_key(at), &packed);
        }
        let bytes = book.encode(owner);
        self.meta.exchange(owner.key(), before.as_deref(), &bytes);
        self.writes.put(owner.key(), &bytes);
        if self.writes.bytes >= BATCH_BYTES { self.commit() } else { Ok(()) }
    }

    /// Which of the pieces' lines are in the book already. They are looked for only when one is
    /// not newer than everything in the book: lines of an import, or lines that are added again.
    fn known(
        &self,
        owner: &Owner,
        book: &Book,
        pieces: &[Piece],
        numbers: Numbers,
    ) -> Result<HashSet<u64>, Broken> {
        let mut known = HashSet::new();
        let smallest = pieces.iter().map(|piece| piece.seq).min().unwrap_or(u64::MAX);
        if smallest > book.greatest {
            return Ok(known);
        }
        for (at, page) in book.pages.iter().enumerate() {
            if page.greatest >= smallest {
                let raw = book.page(self.store, owner, at)?;
                let seqs = raw.and_then(|raw| numbers(&raw)).ok_or_else(|| damaged("a page"))?;
                known.extend(seqs);
            }
        }
        Ok(known)
    }

    /// Writes what was gathered together with the sum over all books that goes with it.
    fn commit(&mut self) -> Result<(), Broken> {
        let mut writes = std::mem::take(&mut self.writes);
        self.meta.write(&mut writes);
        self.store.apply(writes)
    }
}

/// A book with those of its pages that grow.
struct Growing<'a> {
    store: &'a Store,
    owner: &'a Owner,
    book: Book,
    open: BTreeMap<usize, Vec<u8>>,
}

impl Growing<'_> {
    fn push(&mut self, piece: &Piece) -> Result<(), Broken> {
        let at = self.page_for(piece)?;
        let page = &mut self.book.pages[at];
        page.greatest = page.greatest.max(piece.seq);
        self.book.greatest = self.book.greatest.max(piece.seq);
        self.open.entry(at).or_default().extend_from_slice(&piece.bytes);
        Ok(())
    }

    /// The last page of the period if the piece fits, else a new one.
    fn page_for(&mut self, piece: &Piece) -> Result<usize, Broken> {
        if let Some(at) = self.book.pages.iter().rposition(|page| page.period == piece.period) {
            if !self.open.contains_key(&at) && self.fits(self.book.pages[at].raw as usize, piece) {
                let raw = self.book.page(self.store, self.owner, at)?;
                self.open.insert(at, raw.ok_or_else(|| damaged("a page"))?);
            }
            if self.open.get(&at).is_some_and(|raw| self.fits(raw.len(), piece)) {
                return Ok(at);
            }
        }
        self.book.pages.push(PageRef {
            period: piece.period,
            greatest: 0,
            raw: 0,
            stored: 0,
            sum: [0; 16],
        });
        Ok(self.book.pages.len() - 1)
    }

    fn fits(&self, raw: usize, piece: &Piece) -> bool {
        raw + piece.bytes.len() <= PAGE_BYTES
    }
}

fn entry(info: &LineInfo, events: &[Event], place: u32) -> Result<Piece, Broken> {
    let mut bytes = Vec::new();
    let event = &events[place as usize];
    write_entry(&mut bytes, info, place, event)?;
    Ok(Piece { period: i32::from(year_of(event, info.at)), seq: info.seq, bytes })
}

fn number(info: &LineInfo) -> Piece {
    let bytes = info.seq.to_le_bytes().to_vec();
    Piece { period: month_of(info.at), seq: info.seq, bytes }
}

fn length(bytes: &[u8]) -> Result<u32, Broken> {
    u32::try_from(bytes.len()).map_err(|_| damaged("a page beyond 4 GiB"))
}

fn damaged(what: &str) -> Broken {
    Broken(format!("{what} is not as it was written"))
}
