//! What forms and programs send: values whose shape was checked and nothing else.

use jiff::civil::{Date, Time};
use serde::Serialize;

use crate::curriculum::ids::SesiId;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::pertemuan::Extent;
use crate::kelompok::rates::Month;
use crate::kelompok::rules::Holiday;
use crate::kelompok::text::{clean, is_clean};
use crate::kelompok::visit::VisitPlace;
use crate::kelompok::wilayah::Kode;

/// One sesi of a record, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaughtInput {
    /// Which sesi.
    pub sesi: SesiId,
    /// All or a part.
    pub extent: Extent,
    /// The langkah that were ticked.
    pub langkah: Vec<u8>,
    /// The edition that was said; `Some(0)` stands for a printed official book.
    pub edition: Option<u16>,
}

/// A pertemuan as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordInput {
    /// The id of the kelompok.
    pub kelompok: KelompokId,
    /// The date where the kelompok is.
    pub date: Date,
    /// The id of a kind.
    pub kind: String,
    /// What was taught.
    pub sesi: Vec<TaughtInput>,
    /// Hadir.
    pub present: u16,
    /// Sakit.
    pub sick: u16,
    /// Alfa.
    pub absent: u16,
    /// Members of that day, when it is said.
    pub members: Option<u16>,
    /// Absent seats.
    pub absent_seats: Vec<u16>,
    /// When it began.
    pub start: Option<Time>,
    /// When it ended.
    pub end: Option<Time>,
    /// Where.
    pub place: String,
    /// Whether the group discussed.
    pub discussion: Option<bool>,
    /// Who spoke, by office.
    pub speakers: Vec<String>,
    /// Topics outside every sesi.
    pub topics: Vec<String>,
    /// Kendala.
    pub obstacles: String,
    /// Tindak lanjut.
    pub follow_up: String,
    /// A short note.
    pub note: String,
}

impl RecordInput {
    /// Whether [`Self::cleaned`] gives the same values; most forms and programs send them so.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let ordered = |langkah: &[u8]| langkah.is_sorted_by(|one, next| one < next);
        let list = |all: &[String]| all.iter().all(|one| !one.is_empty() && is_clean(one));
        let texts = [&self.place, &self.obstacles, &self.follow_up, &self.note];
        self.sesi.iter().all(|one| ordered(&one.langkah))
            && self.absent_seats.is_sorted_by(|one, next| one < next)
            && texts.into_iter().all(|text| is_clean(text))
            && list(&self.speakers)
            && list(&self.topics)
    }

    /// The same values in the form in which they are kept: texts trimmed and with one kind of line
    /// end, empty lines left out, numbers of langkah and seats in order and each once.
    #[must_use]
    pub fn cleaned(&self) -> Self {
        // What cannot be kept at all is refused elsewhere and stays as it is here.
        let text = |text: &String| clean(text, usize::MAX).unwrap_or_else(|_| text.clone());
        let list = |all: &[String]| -> Vec<String> {
            all.iter().map(text).filter(|one| !one.is_empty()).collect()
        };
        let sesi = self
            .sesi
            .iter()
            .map(|one| TaughtInput { langkah: in_order(&one.langkah), ..one.clone() });
        Self {
            sesi: sesi.collect(),
            absent_seats: in_order(&self.absent_seats),
            place: text(&self.place),
            speakers: list(&self.speakers),
            topics: list(&self.topics),
            obstacles: text(&self.obstacles),
            follow_up: text(&self.follow_up),
            note: text(&self.note),
            kelompok: self.kelompok.clone(),
            kind: self.kind.clone(),
            ..*self
        }
    }
}

fn in_order<T: Ord + Copy>(numbers: &[T]) -> Vec<T> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A change of a kelompok's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum PlanChange {
    /// Teach the sesi in this month.
    Move {
        /// Which sesi.
        sesi: SesiId,
        /// In which month.
        to: Month,
    },
    /// Let two sesi trade their months.
    Swap {
        /// One.
        sesi: SesiId,
        /// The other.
        with: SesiId,
    },
    /// Leave the sesi out of the plan.
    LeaveOut {
        /// Which sesi.
        sesi: SesiId,
    },
    /// Take a sesi that was left out, or whose month was chosen, back into the order of the skema.
    PutBack {
        /// Which sesi.
        sesi: SesiId,
    },
    /// Forget everything that was chosen by hand.
    Rearrange,
}

/// A change of the holidays of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum HolidayChange {
    /// One more.
    Add(Holiday),
    /// The one at this position of the list is taken back; positions count from 0.
    Remove(usize),
}

/// A visit as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VisitInput {
    /// What was visited.
    pub place: VisitPlace,
    /// On this day.
    pub date: Date,
    /// The office that visited.
    pub office: String,
    /// What was attended or done.
    pub attended: String,
    /// A short note.
    pub note: String,
}

/// What a visitor found of a kelompok.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CheckInput {
    /// Whether the kelompok was found.
    pub found: bool,
    /// The number counted; 0 when it was not found.
    pub counted: u16,
}

/// A kelompok with the version that a change of it was made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versioned {
    /// Which.
    pub id: KelompokId,
    /// The version that was looked at.
    pub version: u64,
}

/// A kelompok that is to come out of a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartInput {
    /// Its id.
    pub id: KelompokId,
    /// Its name.
    pub name: String,
    /// How many members it gets, where they are not numbered.
    pub members: Option<u16>,
    /// Which seats it gets, where they are.
    pub seats: Vec<u16>,
}

/// A change of several kelompok at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum GroupChange {
    /// Hand them to a pendamping.
    Assign {
        /// From this day on.
        from: Date,
        /// To whom.
        account: Option<AccountId>,
    },
    /// Move them.
    Move {
        /// From this day on.
        from: Date,
        /// Their desa; the first is the one they belong to.
        desa: Vec<Kode>,
    },
    /// Suspend their pertemuan.
    Suspend {
        /// First day.
        from: Date,
        /// Last day, if known.
        to: Option<Date>,
        /// Why.
        reason: String,
    },
}
