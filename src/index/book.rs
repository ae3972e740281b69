//! A book: the table of contents of one owner's pages, each with the fingerprint of its bytes.
//!
//! An owner is a kelompok or an account. Pages are of a period (a year, a month) and are closed
//! when they are long enough; only the last page of a period grows.

use super::store::{Broken, Store};

/// A page that holds this many bytes before compression is closed.
pub(super) const PAGE_BYTES: usize = 24 * 1024;
/// The longest page that is believed in: one entry beyond a full page. An entry is at most a line
/// of the journal.
const PAGE_BYTES_MAX: u32 = 64 * 1024 * 1024;
/// The length, the two line numbers.
const HEAD_BYTES: usize = 4 + 8 + 8;
const PAGE_REF_BYTES: usize = 4 + 8 + 4 + 4 + SUM_BYTES;
const SUM_BYTES: usize = 16;

/// The first 16 bytes of the BLAKE3 hash of `parts`, each with its length before it.
pub(super) fn sum_of(parts: &[&[u8]]) -> [u8; SUM_BYTES] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut sum = [0; SUM_BYTES];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

/// Who owns a book, as the beginning of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    key: Vec<u8>,
}

impl Owner {
    /// The first byte of the keys of books.
    pub(super) const BOOKS: u8 = b'b';

    /// A kelompok by the folded form of its id.
    pub(super) fn kelompok(folded: &str) -> Self {
        Self::new(b'k', folded.as_bytes())
    }

    /// An account, or the program itself.
    pub(super) fn account(by: Option<crate::ids::AccountId>) -> Self {
        let number = by.map_or(0, |account| u64::from(account.0) + 1);
        Self::new(b'a', &number.to_be_bytes())
    }

    fn new(kind: u8, name: &[u8]) -> Self {
        Self { key: [&[Self::BOOKS, kind], name].concat() }
    }

    /// Where the book itself stands.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// Where page number `at` stands.
    pub(super) fn page_key(&self, at: usize) -> Vec<u8> {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let mut key = self.key.clone();
        key[0] = b'p';
        key.push(0);
        key.extend_from_slice(&at.to_be_bytes());
        key
    }
}

/// One page in the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageRef {
    pub(super) period: i32,
    /// The greatest line number in it.
    pub(super) greatest: u64,
    /// Bytes before compression.
    pub(super) raw: u32,
    /// Bytes as stored.
    pub(super) stored: u32,
    pub(super) sum: [u8; SUM_BYTES],
}

/// The table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Book {
    /// The line that was added last; an import's lines come late, so it need not be the greatest.
    pub(super) last: u64,
    /// The greatest line number in it.
    pub(super) greatest: u64,
    pub(super) pages: Vec<PageRef>,
}

/// What a look for a book or page found.
pub(super) enum Found<T> {
    /// It is there and whole.
    Whole(T),
    /// Nothing was ever stored.
    Nothing,
    /// Something is there that was not written so.
    Damaged,
}

impl Book {
    /// The bytes of the book, bound to its owner. They never get fewer as pages are added.
    pub(super) fn encode(&self, owner: &Owner) -> Vec<u8> {
        let length = HEAD_BYTES + self.pages.len() * PAGE_REF_BYTES + SUM_BYTES;
        let mut out = Vec::with_capacity(length);
        out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        out.extend_from_slice(&self.last.to_le_bytes());
        out.extend_from_slice(&self.greatest.to_le_bytes());
        for page in &self.pages {
            out.extend_from_slice(&page.period.to_le_bytes());
            out.extend_from_slice(&page.greatest.to_le_bytes());
            out.extend_from_slice(&page.raw.to_le_bytes());
            out.extend_from_slice(&page.stored.to_le_bytes());
            out.extend_from_slice(&page.sum);
        }
        let sum = sum_of(&[owner.key(), &out]);
        out.extend_from_slice(&sum);
        out
    }

    fn decode(owner: &Owner, bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<SUM_BYTES>()?;
        if *sum != sum_of(&[owner.key(), body]) {
            return None;
        }
        let mut rest = body.get(4..)?;
        let last = u64::from_le_bytes(take(&mut rest)?);
        let greatest = u64::from_le_bytes(take(&mut rest)?);
        let mut pages = Vec::with_capacity(rest.len() / PAGE_REF_BYTES);
        while !rest.is_empty() {
            pages.push(PageRef {
                period: i32::from_le_bytes(take(&mut rest)?),
                greatest: u64::from_le_bytes(take(&mut rest)?),
                raw: u32::from_le_bytes(take(&mut rest)?),
                stored: u32::from_le_bytes(take(&mut rest)?),
                sum: take(&mut rest)?,
            });
        }
        Some(Self { last, greatest, pages })
    }

    /// The book of `owner` with the bytes it was read from.
    pub(super) fn load(store: &Store, owner: &Owner) -> Result<Found<(Self, Vec<u8>)>, Broken> {
        let Some(first) = store.first(owner.key())? else { return Ok(Found::Nothing) };
        let length = first.first_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let bytes =
            if length == first.len() { Some(first) } else { store.get(owner.key(), length)? };
        let book = bytes.and_then(|bytes| Some((Self::decode(owner, &bytes)?, bytes)));
        Ok(book.map_or(Found::Damaged, Found::Whole))
    }

    /// The bytes of page number `at` before compression.
    pub(super) fn page(
        &self,
        store: &Store,
        owner: &Owner,
        at: usize,
    ) -> Result<Option<Vec<u8>>, Broken> {
        let Some(page) = self.pages.get(at).filter(|page| page.raw <= PAGE_BYTES_MAX) else {
            return Ok(None);
        };
        let length = usize::try_from(page.stored).unwrap_or(usize::MAX);
        let Some(packed) = store.get(&owner.page_key(at), length)? else { return Ok(None) };
        if page.sum != sum_of(&[&packed]) {
            return Ok(None);
        }
        Ok(super::page::unpack(&packed, usize::try_from(page.raw).unwrap_or(0)))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, behind) = rest.split_first_chunk::<N>()?;
    *rest = behind;
    Some(*bytes)
}
