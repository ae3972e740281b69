//! From what is known of a pertemuan back to what was sent.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::command::{RecordInput, TaughtInput};
use crate::ids::{Digest, Mark};
use crate::kelompok::fakta::Fakta;
use crate::kelompok::pertemuan::{Pertemuan, Source};
use crate::kelompok::wilayah::Zone;
use crate::private::Private;

/// One row of a file of pertemuan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'r> {
    /// Its id in the file, at most 64 characters.
    pub id: Cow<'r, str>,
    /// What was recorded.
    pub input: Cow<'r, RecordInput>,
    /// When it was recorded, if that is known.
    pub received: Option<Timestamp>,
    /// The zone in which that time is written.
    pub zone: Zone,
    /// Withdrawn: the row says so, and is passed over when it is read.
    pub withdrawn: bool,
}

/// How much of a record is said in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// As it was sent, as far as that can be told: imported again where it was exported, it is
    /// known.
    AsSent,
    /// Everything, so that it means the same in a place that does not know how the number of
    /// members changed.
    InFull,
}

/// Beyond so many sesi from a printed book not every way of having said so is tried.
const MAX_TRIED: u32 = 6;

/// The input that leads to this record.
///
/// A record does not tell whether the members of the day were said or taken from the kelompok, and
/// whether a printed book was said or followed from there being no edition. Where the digest of
/// what was first sent tells it, the input is exactly that; else, and with
/// [`Wording::InFull`], everything is said.
#[must_use]
pub fn as_input(fakta: &Fakta, record: &Pertemuan, wording: Wording) -> RecordInput {
    let full = input(record, true, u32::MAX);
    if wording == Wording::InFull {
        return full;
    }
    let books = record.sesi.iter().filter(|one| one.source == Source::BukuCetak).count();
    let books = u32::try_from(books).unwrap_or(MAX_TRIED).min(MAX_TRIED);
    [false, true]
        .into_iter()
        .flat_map(|members| (0..1 << books).map(move |said| (members, said)))
        .map(|(members, said)| input(record, members, said))
        .find(|input| Mark::from(Digest::of(&input.cleaned())) == fakta.digest)
        .unwrap_or(full)
}

/// The record as input; the bits of `said_books` tell, from the lowest on, of which of the sesi
/// from a printed book that was said.
fn input(record: &Pertemuan, say_members: bool, said_books: u32) -> RecordInput {
    let mut books = 0;
    let mut book = || {
        let said = said_books.checked_shr(books).is_none_or(|bits| bits & 1 == 1);
        books += 1;
        said.then_some(0)
    };
    let counts = record.attendance;
    let sesi = record.sesi.iter().map(|taught| TaughtInput {
        sesi: taught.sesi.clone(),
        extent: taught.extent,
        langkah: taught.langkah.clone(),
        edition: match taught.source {
            Source::Edition(number) => Some(number),
            Source::Assumed(_) => None,
            Source::BukuCetak => book(),
        },
    });
    RecordInput {
        kelompok: record.kelompok.clone(),
        date: record.date,
        kind: record.kind.clone(),
        sesi: sesi.collect(),
        present: counts.present,
        sick: counts.sick,
        absent: counts.absent,
        members: say_members.then_some(counts.members),
        absent_seats: record.absent_seats.clone(),
        start: record.start,
        end: record.end,
        place: text(record.place.as_ref()),
        discussion: record.discussion,
        speakers: texts(&record.speakers),
        topics: texts(&record.topics),
        obstacles: text(record.obstacles.as_ref()),
        follow_up: text(record.follow_up.as_ref()),
        note: text(record.note.as_ref()),
    }
}

/// A text that was blanked is left out: it is not ours to bring back.
fn text(text: Option<&Private>) -> String {
    text.and_then(Private::as_str).unwrap_or("").to_owned()
}

fn texts(texts: &[Private]) -> Vec<String> {
    texts.iter().filter_map(Private::as_str).map(str::to_owned).collect()
}
