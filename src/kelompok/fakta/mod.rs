//! What the numbers need of a pertemuan, small enough to keep for every one in memory: a
//! [`Fakta`] to work with, a [`FaktaList`] to keep.

mod list;
mod pack;
mod shelf;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::{AccountId, Mark};

use super::pertemuan::{Attendance, Extent, PertemuanId, Source};

pub use list::{FaktaList, Iter};
pub use shelf::{Shelf, ShelfHandle, Stretch};

/// The dense number of a sesi inside [`crate::state::State`]; stable as long as the process lives.
pub type SesiIx = u16;

/// One sesi of a [`Fakta`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaktaSesi {
    /// Which sesi.
    pub sesi: SesiIx,
    /// All or a part.
    pub extent: Extent,
    /// Bit `n - 1` stands for langkah `n`; 0 when none were ticked.
    pub langkah: u32,
    /// From which text.
    pub source: Source,
}

/// One pertemuan in its last form, as the numbers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fakta {
    /// Its id.
    pub id: PertemuanId,
    /// The mark of the values that were first sent, to know a repeat.
    pub digest: Mark,
    /// The date where the kelompok is.
    pub date: Date,
    /// The id of its kind, as a position in [`crate::state::State`]'s list of kind ids.
    pub kind: u8,
    /// The counts of the day.
    pub attendance: Attendance,
    /// The seats that were absent, sorted.
    pub absent_seats: Box<[u16]>,
    /// What was taught.
    pub sesi: Box<[FaktaSesi]>,
    /// When it first reached the server; none when that is unknown (an import that does not say).
    pub received: Option<Timestamp>,
    /// Who recorded it.
    pub author: AccountId,
    /// The journal line that recorded it.
    pub first_seq: u64,
    /// The journal line of its last form; the version that a change must name.
    pub version: u64,
    /// Someone said later that it was otherwise. A question changes the version and not this.
    pub corrected: bool,
    /// Withdrawn: it stays readable and counts for nothing.
    pub withdrawn: bool,
    /// Someone said that it is no double of the others of its day.
    pub not_double: bool,
    /// A supervisor's question waits for an answer.
    pub open_question: bool,
}

impl Fakta {
    /// Appends its packed form, of about 45 bytes.
    pub fn pack(&self, out: &mut Vec<u8>) {
        pack::pack(self, out);
    }

    /// The one at the beginning of packed ones, and how many bytes it takes; none where none is.
    #[must_use]
    pub fn unpack(bytes: &[u8]) -> Option<(Self, usize)> {
        pack::unpack(bytes)
    }

    /// The order in which the pertemuan of a kelompok are kept: by date, then by first journal
    /// line. It never depends on later changes.
    #[must_use]
    pub fn order(&self) -> (Date, u64, PertemuanId) {
        (self.date, self.first_seq, self.id)
    }

    /// Whether this and another pertemuan of the kelompok are perhaps one: of one date, with a sesi
    /// in common, both standing, and neither said to be separate.
    #[must_use]
    pub fn doubles(&self, other: &Self) -> bool {
        let stands = |one: &Self| !one.withdrawn && !one.not_double;
        self.id != other.id
            && self.date == other.date
            && stands(self)
            && stands(other)
            && other.sesi.iter().any(|a| self.sesi.iter().any(|b| a.sesi == b.sesi))
    }
}
