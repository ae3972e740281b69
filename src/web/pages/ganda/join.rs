//! What is taken from which of two records when they are joined.

use crate::command::{RecordInput, TaughtInput};
use crate::decide::FieldError;
use crate::kelompok::pertemuan::{Extent, Pertemuan, Source, Taught};
use crate::private::Private;
use crate::web::extract::Values;

/// What is chosen together, by its name in the form, with the lines of a record that it decides.
pub(super) const PARTS: [(&str, &[&str]); 10] = [
    ("kind", &["Jenis"]),
    ("sesi", &["Sesi"]),
    ("attendance", &["Kehadiran", "Nomor urut yang tidak hadir"]),
    ("hours", &["Jam"]),
    ("place", &["Tempat"]),
    ("discussion", &["Diskusi kelompok"]),
    ("speakers", &["Narasumber"]),
    ("topics", &["Topik tambahan"]),
    ("texts", &["Kendala", "Tindak lanjut"]),
    ("note", &["Catatan"]),
];

/// Nothing where the two say different things, which a person must decide; else the record that says
/// something.
pub(super) fn default_choice(name: &str, records: &[Pertemuan; 2]) -> &'static str {
    let [first, second] = records;
    if same(name, first, second) || silent(name, second) {
        "a"
    } else if silent(name, first) {
        "b"
    } else {
        ""
    }
}

/// Whether both records say the same of a part.
fn same(name: &str, first: &Pertemuan, second: &Pertemuan) -> bool {
    match name {
        "kind" => first.kind == second.kind,
        "sesi" => first.sesi == second.sesi,
        "attendance" => {
            first.attendance == second.attendance && first.absent_seats == second.absent_seats
        }
        "hours" => (first.start, first.end) == (second.start, second.end),
        "place" => first.place == second.place,
        "discussion" => first.discussion == second.discussion,
        "speakers" => first.speakers == second.speakers,
        "topics" => first.topics == second.topics,
        "texts" => (&first.obstacles, &first.follow_up) == (&second.obstacles, &second.follow_up),
        _ => first.note == second.note,
    }
}

/// Whether a record says nothing of a part.
fn silent(name: &str, record: &Pertemuan) -> bool {
    match name {
        "kind" | "attendance" => false,
        "sesi" => record.sesi.is_empty(),
        "hours" => record.start.is_none() && record.end.is_none(),
        "place" => record.place.is_none(),
        "discussion" => record.discussion.is_none(),
        "speakers" => record.speakers.is_empty(),
        "topics" => record.topics.is_empty(),
        "texts" => record.obstacles.is_none() && record.follow_up.is_none(),
        _ => record.note.is_none(),
    }
}

/// The parts that somebody still has to decide.
pub(super) fn undecided(records: &[Pertemuan; 2], form: &Values) -> Vec<FieldError> {
    let open = PARTS.iter().filter(|(name, _)| {
        let chosen = form.get(name);
        default_choice(name, records).is_empty()
            && !(matches!(chosen, "a" | "b") || (*name == "sesi" && chosen == "gabung"))
    });
    open.map(|(name, lines)| {
        let said = lines.first().copied().unwrap_or("");
        FieldError::new(*name, format!("{said}: pilih catatan yang dipakai."))
    })
    .collect()
}

/// The record with the values that were chosen; none when those are the first one's throughout.
pub(super) fn chosen(records: &[Pertemuan; 2], form: &Values) -> Option<RecordInput> {
    let [first, second] = records;
    let mut joined = first.clone();
    let takes = |name: &str| form.get(name) == "b";
    if takes("kind") {
        joined.kind.clone_from(&second.kind);
    }
    match form.get("sesi") {
        "b" => joined.sesi.clone_from(&second.sesi),
        "gabung" => joined.sesi = united(&first.sesi, &second.sesi),
        _ => {}
    }
    if takes("attendance") {
        joined.attendance = second.attendance;
        joined.absent_seats.clone_from(&second.absent_seats);
    }
    if takes("hours") {
        (joined.start, joined.end) = (second.start, second.end);
    }
    if takes("place") {
        joined.place.clone_from(&second.place);
    }
    if takes("discussion") {
        joined.discussion = second.discussion;
    }
    if takes("speakers") {
        joined.speakers.clone_from(&second.speakers);
    }
    if takes("topics") {
        joined.topics.clone_from(&second.topics);
    }
    if takes("texts") {
        joined.obstacles.clone_from(&second.obstacles);
        joined.follow_up.clone_from(&second.follow_up);
    }
    if takes("note") {
        joined.note.clone_from(&second.note);
    }
    (joined != *first).then(|| sent(&joined))
}

/// The sesi of both; one that stands in both is tuntas where either says so, with the langkah of
/// both.
fn united(first: &[Taught], second: &[Taught]) -> Vec<Taught> {
    let mut all = first.to_vec();
    for taught in second {
        match all.iter_mut().find(|one| one.sesi == taught.sesi) {
            Some(one) if taught.extent == Extent::Tuntas && one.extent != Extent::Tuntas => {
                *one = taught.clone();
            }
            Some(one) => {
                one.langkah.extend(&taught.langkah);
                one.langkah.sort_unstable();
                one.langkah.dedup();
            }
            None => all.push(taught.clone()),
        }
    }
    all
}

/// A record as someone would have sent it.
fn sent(record: &Pertemuan) -> RecordInput {
    let text =
        |text: &Option<Private>| text.as_ref().and_then(Private::as_str).unwrap_or("").to_owned();
    let list = |all: &[Private]| {
        all.iter().filter_map(Private::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    RecordInput {
        kelompok: record.kelompok.clone(),
        date: record.date,
        kind: record.kind.clone(),
        sesi: record.sesi.iter().map(sent_sesi).collect(),
        present: record.attendance.present,
        sick: record.attendance.sick,
        absent: record.attendance.absent,
        members: Some(record.attendance.members),
        absent_seats: record.absent_seats.clone(),
        start: record.start,
        end: record.end,
        place: text(&record.place),
        discussion: record.discussion,
        speakers: list(&record.speakers),
        topics: list(&record.topics),
        obstacles: text(&record.obstacles),
        follow_up: text(&record.follow_up),
        note: text(&record.note),
    }
}

fn sent_sesi(taught: &Taught) -> TaughtInput {
    TaughtInput {
        sesi: taught.sesi.clone(),
        extent: taught.extent,
        langkah: taught.langkah.clone(),
        edition: match taught.source {
            Source::Edition(number) => Some(number),
            Source::Assumed(_) => None,
            Source::BukuCetak => Some(0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taught(sesi: &str, extent: Extent, langkah: &[u8]) -> Taught {
        let (sesi, langkah) = (sesi.parse().unwrap(), langkah.to_vec());
        Taught { sesi, extent, langkah, source: Source::BukuCetak }
    }

    #[test]
    fn sesi_of_both_records_are_united() {
        use Extent::{Sebagian, Tuntas};
        let first = [taught("a", Sebagian, &[1, 2]), taught("b", Tuntas, &[])];
        let second =
            [taught("a", Sebagian, &[2, 4]), taught("b", Sebagian, &[]), taught("c", Tuntas, &[])];
        let expected =
            [taught("a", Sebagian, &[1, 2, 4]), taught("b", Tuntas, &[]), taught("c", Tuntas, &[])];
        assert_eq!(united(&first, &second), expected);
        assert_eq!(united(&first[..1], &[taught("a", Tuntas, &[])]), [taught("a", Tuntas, &[])]);
    }
}
