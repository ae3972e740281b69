//! What is known of the index as a whole: its format, how far it follows the journal, and a sum
//! over all books by which a missing or older one is noticed.

use crate::journal::{Hash128, Head};

use super::book::{Owner, sum_of};
use super::page::EXAMPLES;
use super::store::{Broken, Store, Writes, chunks};

/// Rises when the meaning of the bytes changes.
const LAYOUT: u8 = 1;
const KEY: &[u8] = b"m";
const BYTES: usize = 16 + 8 + 16 + 16 + 16;

/// The record about everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Meta {
    /// The line up to which everything is in.
    pub(super) head: Head,
    /// The sum of the fingerprints of all values of all books; their order does not matter.
    sum: u128,
}

impl Meta {
    /// The record of a store that was opened; `None` if the store is new.
    ///
    /// # Errors
    /// If the record or any book is not as it was written, or of another format.
    pub(super) fn load(store: &Store) -> Result<Option<Self>, Broken> {
        let mut sum = 0_u128;
        let mut empty = true;
        store.scan(Owner::BOOKS, &mut |key, value| {
            empty = false;
            sum = sum.wrapping_add(fingerprint(key, value));
        })?;
        let Some(bytes) = store.first(KEY)? else {
            let lost = || Broken("the record about everything is missing".to_owned());
            return if empty { Ok(None) } else { Err(lost()) };
        };
        let meta = Self::decode(&bytes)?;
        if meta.sum == sum {
            Ok(Some(meta))
        } else {
            Err(Broken("the tables of contents are not those that were written".to_owned()))
        }
    }

    fn decode(bytes: &[u8]) -> Result<Self, Broken> {
        let damaged = || Broken("the record about everything is damaged".to_owned());
        let (body, check) = bytes.split_last_chunk::<16>().ok_or_else(damaged)?;
        if bytes.len() != BYTES || *check != sum_of(&[body]) {
            return Err(damaged());
        }
        let (format, rest) = body.split_first_chunk::<16>().ok_or_else(damaged)?;
        if *format != sum_of(&[&[LAYOUT], EXAMPLES]) {
            return Err(Broken("it is of another format".to_owned()));
        }
        let (seq, rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
        let (hash, rest) = rest.split_first_chunk::<16>().ok_or_else(damaged)?;
        let (sum, _) = rest.split_first_chunk::<16>().ok_or_else(damaged)?;
        let head = Head { seq: u64::from_le_bytes(*seq), hash: Hash128::from_bytes(*hash) };
        Ok(Self { head, sum: u128::from_le_bytes(*sum) })
    }

    /// Notes that a book's bytes replace others.
    pub(super) fn exchange(&mut self, key: &[u8], before: Option<&[u8]>, after: &[u8]) {
        let sum = |bytes| {
            chunks(key, bytes)
                .fold(0_u128, |sum, (key, chunk)| sum.wrapping_add(fingerprint(&key, chunk)))
        };
        self.sum = self.sum.wrapping_sub(before.map_or(0, sum)).wrapping_add(sum(after));
    }

    /// Adds the record to what is to be written.
    pub(super) fn write(self, writes: &mut Writes) {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend_from_slice(&sum_of(&[&[LAYOUT], EXAMPLES]));
        bytes.extend_from_slice(&self.head.seq.to_le_bytes());
        bytes.extend_from_slice(self.head.hash.as_bytes());
        bytes.extend_from_slice(&self.sum.to_le_bytes());
        let check = sum_of(&[&bytes]);
        bytes.extend_from_slice(&check);
        writes.put(KEY, &bytes);
    }
}

fn fingerprint(key: &[u8], value: &[u8]) -> u128 {
    u128::from_le_bytes(sum_of(&[key, value]))
}
