//! From what is known of a pertemuan back to what was sent.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::command::{RecordInput, TaughtInput};
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

/// The input that leads to this record, with everything said.
///
/// That is the members of the day, too, and that a sesi was given from a printed book. So it means
/// the same in a place that does not know how the number of members changed; where it was exported an
/// import knows it again.
#[must_use]
pub fn as_input(record: &Pertemuan) -> RecordInput {
    let counts = record.attendance;
    let sesi = record.sesi.iter().map(|taught| TaughtInput {
        sesi: taught.sesi.clone(),
        extent: taught.extent,
        langkah: taught.langkah.clone(),
        edition: match taught.source {
            Source::Edition(number) => Some(number),
            Source::Assumed(_) => None,
            Source::BukuCetak => Some(0),
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
        members: Some(counts.members),
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
