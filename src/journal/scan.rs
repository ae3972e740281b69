//! Following the chain through the segments, for the start and for `verify` alike.

use std::collections::BTreeSet;

use super::codec::{Parts, Place, PrivatePart, split};
use super::error::Damage;
use super::hash::{Hash128, Head};
use super::segment::Piece;

/// What is known at a point of the journal.
#[derive(Default)]
pub(super) struct Checker {
    /// The last line that was followed.
    pub(super) head: Head,
    /// The first line of its batch; 0 where a new batch must begin.
    pub(super) batch: u64,
    /// Lines whose private part is blank.
    pub(super) blanked: BTreeSet<u64>,
    /// Lines that a redaction names.
    pub(super) named: BTreeSet<u64>,
}

impl Checker {
    /// Where the next line stands.
    pub(super) const fn next(&self) -> Place {
        Place { seq: self.head.seq + 1, batch: self.batch, prev: self.head.hash }
    }

    /// Follows one line.
    pub(super) fn follow<'a>(&mut self, piece: &Piece<'a>) -> Result<Parts<'a>, Damage> {
        if piece.too_long {
            return Err(Damage::TooLong);
        }
        if !piece.whole {
            return Err(Damage::Tail(piece.bytes.len() as u64));
        }
        let parts = split(piece.bytes).ok_or(Damage::Unreadable)?;
        let place = self.next();
        parts.check(place.seq, place)?;
        self.take(&parts);
        Ok(parts)
    }

    /// Goes on behind a line, whether it was in order or not.
    pub(super) fn take(&mut self, parts: &Parts<'_>) {
        self.head = Head { seq: parts.fields.seq, hash: parts.hash };
        self.batch = parts.fields.b;
        if parts.private == PrivatePart::Blank {
            self.blanked.insert(self.head.seq);
        }
        self.named.extend(parts.fields.red.iter().filter(|seq| **seq < parts.fields.seq));
    }

    /// A blank private part that no redaction names.
    pub(super) fn blanked_unnamed(&self) -> impl Iterator<Item = u64> + '_ {
        self.blanked.difference(&self.named).copied()
    }

    /// Lines that a redaction names and that are not blank; they may never have had a private
    /// part.
    pub(super) fn named_not_blank(&self) -> Vec<u64> {
        self.named.difference(&self.blanked).copied().collect()
    }
}

/// Somebody who remembers a line of the journal.
#[derive(Clone, Debug)]
pub(super) struct Witness {
    /// In words for the reader of a finding.
    pub(super) name: String,
    pub(super) seq: u64,
    pub(super) hash: Option<Hash128>,
}

/// The witnesses, asked in the order of the lines that they remember.
pub(super) struct Witnesses {
    waiting: Vec<Witness>,
}

impl Witnesses {
    pub(super) fn new(mut waiting: Vec<Witness>) -> Self {
        waiting.retain(|witness| witness.seq > 0);
        waiting.sort_by_key(|witness| std::cmp::Reverse(witness.seq));
        Self { waiting }
    }

    /// The one who remembers this very line differently, if there is one.
    pub(super) fn contradict(&mut self, head: Head) -> Option<Witness> {
        while self.waiting.last().is_some_and(|witness| witness.seq <= head.seq) {
            let witness = self.waiting.pop()?;
            if witness.seq == head.seq && witness.hash.is_some_and(|hash| hash != head.hash) {
                return Some(witness);
            }
        }
        None
    }

    /// Takes the next one who remembers a line up to `seq`.
    pub(super) fn take_up_to(&mut self, seq: u64) -> Option<Witness> {
        let next = self.waiting.last().filter(|witness| witness.seq <= seq);
        next.is_some().then(|| self.waiting.pop()).flatten()
    }

    /// Who knows of the highest line that was not reached, if anybody does.
    pub(super) fn unheard(&self) -> Option<&Witness> {
        self.waiting.first()
    }
}
