//! A record that was changed while somebody else's form, or another of the same person, was open:
//! what is stored now beside what was typed.

use crate::bahasa::tanggal;
use crate::command::{RecordInput, TaughtInput};
use crate::kelompok::pertemuan::{Extent, Pertemuan};
use crate::state::State;
use crate::web::extract::Values;
use crate::web::parts::record::{parse, values_of};
use crate::web::parts::sesi::label;
use crate::web::parts::when;

/// What is compared together, with the fields of the form in which it stands; one that ends in a
/// dot stands for all that begin so.
const PARTS: [(&str, &[&str]); 13] = [
    ("Tanggal", &["date"]),
    ("Sesi", &["sesi."]),
    ("Kehadiran", &["present", "sick", "absent", "absent_seats"]),
    ("Jenis", &["kind"]),
    ("Anggota hari itu", &["members"]),
    ("Jam", &["start", "end"]),
    ("Tempat", &["place"]),
    ("Diskusi kelompok", &["discussion"]),
    ("Narasumber", &["speakers"]),
    ("Topik tambahan", &["topics"]),
    ("Kendala", &["obstacles"]),
    ("Tindak lanjut", &["follow_up"]),
    ("Catatan", &["note"]),
];

/// One thing that is stored otherwise than it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// Of what.
    pub(super) name: &'static str,
    /// What is stored; empty for nothing.
    pub(super) stored: String,
    /// What was typed; empty for nothing.
    pub(super) typed: String,
    /// Nobody touched it in the form, so that the form takes what is stored.
    pub(super) untouched: bool,
}

/// The form that was sent, brought up to what is stored.
#[derive(Debug)]
pub(super) struct Joined {
    /// The values for the form: what was typed, and what is stored where nothing was.
    pub(super) values: Values,
    /// Everything in which the form that was sent differs from what is stored, in the form's order.
    pub(super) differences: Vec<Difference>,
}

/// Joins what was typed on the record as it stood at `base` with what is `stored`. Where it is not
/// known on what the form was made, everything counts as typed.
pub(super) fn join(
    state: &State,
    sent: &Values,
    base: Option<&Pertemuan>,
    stored: &Pertemuan,
) -> Joined {
    let shown = |record: &Pertemuan| Values::from_pairs(values_of(record));
    let read = |values: &Values| said(state, &parse(values, &stored.kelompok).input);
    let fresh = shown(stored);
    let (typed, now) = (read(sent), read(&fresh));
    let before = base.map(|record| read(&shown(record)));
    let mut pairs = sent.pairs().to_vec();
    let mut differences = Vec::new();
    for (at, (name, fields)) in PARTS.into_iter().enumerate() {
        if typed[at] == now[at] {
            continue;
        }
        let untouched = before.as_ref().is_some_and(|before| before[at] == typed[at]);
        if untouched {
            pairs.retain(|(field, _)| !is_of(fields, field));
            pairs.extend(fresh.pairs().iter().filter(|(field, _)| is_of(fields, field)).cloned());
        }
        let (stored, typed) = (now[at].clone(), typed[at].clone());
        differences.push(Difference { name, stored, typed, untouched });
    }
    Joined { values: Values::from_pairs(pairs), differences }
}

fn is_of(fields: &[&str], name: &str) -> bool {
    fields.iter().any(|field| *field == name || (field.ends_with('.') && name.starts_with(field)))
}

/// What a form says, in the order of [`PARTS`].
fn said(state: &State, input: &RecordInput) -> [String; PARTS.len()] {
    let numbers: Vec<String> = input.absent_seats.iter().map(ToString::to_string).collect();
    let mut attendance =
        format!("{} hadir, {} sakit, {} alfa", input.present, input.sick, input.absent);
    if !numbers.is_empty() {
        attendance.push_str(&format!("; nomor {}", numbers.join(", ")));
    }
    let kind = state.rules.on(input.date).kind(&input.kind);
    let sesi: Vec<String> = input.sesi.iter().map(|taught| one_sesi(state, taught)).collect();
    let hours = match (input.start, input.end) {
        (Some(start), Some(end)) => format!("{} sampai {}", when::clock(start), when::clock(end)),
        (Some(start), None) => format!("mulai {}", when::clock(start)),
        (None, Some(end)) => format!("sampai {}", when::clock(end)),
        (None, None) => String::new(),
    };
    let discussion = match input.discussion {
        Some(true) => "ada",
        Some(false) => "tidak ada",
        None => "",
    };
    // Browsers send two characters for the end of a line.
    let text = |text: &str| text.trim().replace("\r\n", "\n");
    [
        tanggal::long(input.date),
        sesi.join("; "),
        attendance,
        kind.map_or_else(|| input.kind.clone(), |kind| kind.name.clone()),
        input.members.map_or_else(String::new, |members| members.to_string()),
        hours,
        text(&input.place),
        discussion.to_owned(),
        input.speakers.join(", "),
        input.topics.join(", "),
        text(&input.obstacles),
        text(&input.follow_up),
        text(&input.note),
    ]
}

fn one_sesi(state: &State, taught: &TaughtInput) -> String {
    let short = state
        .sesi_ix(&taught.sesi)
        .map_or_else(|| taught.sesi.to_string(), |ix| label(state, ix).full());
    let langkah: Vec<String> = taught.langkah.iter().map(ToString::to_string).collect();
    let mut words = format!("{short}, {}", taught.extent.as_str());
    if taught.extent == Extent::Sebagian && !langkah.is_empty() {
        words.push_str(&format!(" (langkah {})", langkah.join(", ")));
    }
    match taught.edition {
        Some(0) => words.push_str(", buku cetak"),
        Some(number) => words.push_str(&format!(", edisi {number}")),
        None => {}
    }
    words
}
