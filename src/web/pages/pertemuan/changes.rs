//! What differs between two forms of a record.

use crate::bahasa::tanggal;
use crate::kelompok::pertemuan::{Extent, Pertemuan, Taught};
use crate::private::Private;
use crate::state::State;
use crate::web::parts::sesi::{label, langkah_words};
use crate::web::parts::{when, words};

/// One thing that a correction changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// Of what.
    pub(super) name: &'static str,
    /// What was said before.
    pub(super) before: String,
    /// What is said now.
    pub(super) after: String,
}

/// What the later form says differently, in the order of the form.
pub(super) fn between(state: &State, before: &Pertemuan, after: &Pertemuan) -> Vec<Change> {
    let (old, new) = (said(state, before), said(state, after));
    old.into_iter()
        .zip(new)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((name, before), (_, after))| {
            let shown = |text: String| if text.is_empty() { "(kosong)".to_owned() } else { text };
            Change { name, before: shown(before), after: shown(after) }
        })
        .collect()
}

/// A record in words, field by field; an empty text for what was not said.
pub(in crate::web::pages) fn said(
    state: &State,
    record: &Pertemuan,
) -> Vec<(&'static str, String)> {
    let text = |text: &Option<Private>| text.as_ref().map_or_else(String::new, ToString::to_string);
    let list = |all: &[Private]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let seats = record.absent_seats.iter().map(ToString::to_string).collect::<Vec<_>>();
    let discussion = match record.discussion {
        Some(true) => "ada",
        Some(false) => "tidak ada",
        None => "",
    };
    let kind = state.rules.on(record.date).kind(&record.kind);
    vec![
        ("Tanggal", tanggal::long(record.date)),
        ("Jenis", kind.map_or_else(|| record.kind.clone(), |kind| kind.name.clone())),
        ("Sesi", sesi(state, &record.sesi)),
        ("Kehadiran", words::attendance(record.attendance)),
        ("Nomor urut yang tidak hadir", seats.join(", ")),
        ("Jam", hours(record)),
        ("Tempat", text(&record.place)),
        ("Diskusi kelompok", discussion.to_owned()),
        ("Narasumber", list(&record.speakers)),
        ("Topik tambahan", list(&record.topics)),
        ("Kendala", text(&record.obstacles)),
        ("Tindak lanjut", text(&record.follow_up)),
        ("Catatan", text(&record.note)),
    ]
}

fn hours(record: &Pertemuan) -> String {
    match (record.start, record.end) {
        (Some(start), Some(end)) => {
            format!("{} sampai {}", when::clock(start), when::clock(end))
        }
        (Some(start), None) => format!("mulai {}", when::clock(start)),
        (None, Some(end)) => format!("sampai {}", when::clock(end)),
        (None, None) => String::new(),
    }
}

fn sesi(state: &State, all: &[Taught]) -> String {
    let words: Vec<String> = all.iter().map(|taught| one_sesi(state, taught)).collect();
    words.join("; ")
}

fn one_sesi(state: &State, taught: &Taught) -> String {
    let short = state
        .sesi_ix(&taught.sesi)
        .map_or_else(|| taught.sesi.to_string(), |ix| label(state, ix).short);
    let bits = taught.langkah.iter().fold(0, |bits, n| bits | 1_u32 << (n.clamp(&1, &32) - 1));
    let langkah = langkah_words(bits);
    let part = match taught.extent {
        Extent::Sebagian if !langkah.is_empty() => format!("sebagian ({langkah})"),
        extent => extent.as_str().to_owned(),
    };
    format!("{short} {part}, {}", words::source(taught.source))
}
