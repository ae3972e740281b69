//! The text that a pendamping copies into the ministry's reporting form, SIKS-NG: a category, the
//! name of an activity and a narrative, made from the record of a pertemuan.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use crate::bahasa::{angka, tanggal};

use super::pertemuan::{Attendance, Extent};

/// The longest name of an activity that the form takes, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// The longest narrative that the form takes, in characters.
pub const MAX_NARRATIVE_CHARS: usize = 1_000;
/// A free text keeps at least so many characters before others are cut.
const MIN_FREE_CHARS: usize = 60;
/// Stands where a text was cut.
const CUT: char = '…';

/// Which category of the form stands for a modul or a sesi. The form's categories match no
/// curriculum, so this is a table that an office may replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crosswalk {
    rows: Vec<(String, String)>,
}

/// What stands before the id of a sesi in a table, since a modul may have the same id.
const SESI: &str = "sesi:";
/// Stands for topics outside every modul.
const OTHERS: &str = "*";

impl Crosswalk {
    /// The table that ships with the program.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(include_str!("siksng.tsv"))
    }

    /// Reads lines of `modul<TAB>category` below a header line; `*` stands for topics outside every
    /// modul. Lines of another shape are left out.
    #[must_use]
    pub fn parse(table: &str) -> Self {
        let rows = table
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once('\t'))
            .map(|(modul, category)| (modul.trim().to_owned(), category.trim().to_owned()))
            .collect();
        Self { rows }
    }

    /// A table of these categories of moduls and of single sesi, by id, and that of other topics;
    /// empty ones are left out, which says that none is set.
    #[must_use]
    pub fn of(modul: &[(&str, &str)], sesi: &[(&str, &str)], others: &str) -> Self {
        let row = |id: String, category: &str| (id, category.trim().to_owned());
        let rows = modul
            .iter()
            .map(|(id, category)| row((*id).to_owned(), category))
            .chain(sesi.iter().map(|(id, category)| row(format!("{SESI}{id}"), category)))
            .chain([row(OTHERS.to_owned(), others)]);
        Self { rows: rows.filter(|(_, category)| !category.is_empty()).collect() }
    }

    fn row(&self, key: &str) -> Option<&str> {
        self.rows.iter().find(|(id, _)| id == key).map(|(_, category)| category.as_str())
    }

    /// The category of a modul, by its id; `None` where none is set.
    #[must_use]
    pub fn category(&self, modul: &str) -> Option<&str> {
        self.row(modul)
    }

    /// The category that was set for one sesi, whatever that of its modul.
    #[must_use]
    pub fn of_sesi(&self, sesi: &str) -> Option<&str> {
        self.row(&format!("{SESI}{sesi}"))
    }

    /// The category of topics outside every modul.
    #[must_use]
    pub fn others(&self) -> &str {
        self.row(OTHERS).unwrap_or("")
    }

    /// Every category that stands in the table, each once, in its order.
    #[must_use]
    pub fn categories(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for (_, category) in &self.rows {
            if !all.contains(&category.as_str()) {
                all.push(category);
            }
        }
        all
    }

    /// The category of a pertemuan: the one that most of its sesi have, the earlier one of equals;
    /// that of other topics where no sesi was taught. Each sesi is a pair of its id and that of its
    /// modul. Empty where none is set.
    #[must_use]
    pub fn category_of(&self, sesi: &[(&str, &str)]) -> &str {
        if sesi.is_empty() {
            return self.others();
        }
        let of = |(id, modul): &(&str, &str)| self.of_sesi(id).or_else(|| self.category(modul));
        let found: Vec<&str> = sesi.iter().filter_map(of).collect();
        let times = |category: &str| found.iter().filter(|one| **one == category).count();
        // `rev`, because the last of equals wins and the first is wanted.
        found.iter().rev().max_by_key(|category| times(category)).copied().unwrap_or("")
    }
}

/// One sesi of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportSesi<'a> {
    /// Its id.
    pub id: &'a str,
    /// How the field names it: `sesi 8`.
    pub short: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The id of its modul.
    pub modul: &'a str,
    /// All or a part.
    pub extent: Extent,
    /// Which langkah in words (`langkah 1 sampai 4`); empty when none were ticked.
    pub langkah: &'a str,
}

/// What a report is made from; free texts are empty when nothing was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report<'a> {
    /// The name of the kelompok.
    pub kelompok: &'a str,
    /// The date where the kelompok is.
    pub date: Date,
    /// When it began and ended, local time.
    pub hours: (Option<Time>, Option<Time>),
    /// `WIB`, `WITA` or `WIT`.
    pub zone: &'a str,
    /// The kind in words; empty for the usual one.
    pub kind: &'a str,
    /// Where.
    pub place: &'a str,
    /// What was taught.
    pub sesi: &'a [ReportSesi<'a>],
    /// Topics outside every sesi.
    pub topics: &'a [&'a str],
    /// Who spoke, by office.
    pub speakers: &'a [&'a str],
    /// The counts.
    pub attendance: Attendance,
    /// Whether the group discussed; none when nobody said.
    pub discussion: Option<bool>,
    /// Kendala.
    pub obstacles: &'a str,
    /// Tindak lanjut.
    pub follow_up: &'a str,
    /// A short note.
    pub note: &'a str,
}

/// The text for the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiksText {
    /// The category; empty where none is set.
    pub category: String,
    /// The name of the activity, at most [`MAX_NAME_CHARS`] characters.
    pub name: String,
    /// The narrative, at most [`MAX_NARRATIVE_CHARS`] characters.
    pub narrative: String,
}

/// Makes the text for the form.
#[must_use]
pub fn text(report: &Report<'_>, crosswalk: &Crosswalk) -> SiksText {
    let sesi: Vec<(&str, &str)> = report.sesi.iter().map(|sesi| (sesi.id, sesi.modul)).collect();
    SiksText {
        category: crosswalk.category_of(&sesi).to_owned(),
        name: name(report),
        narrative: narrative(report),
    }
}

/// The kelompok with the word before its name, which many names carry already.
fn kelompok(name: &str) -> String {
    if name.to_lowercase().starts_with("kelompok") {
        name.to_owned()
    } else {
        format!("kelompok {name}")
    }
}

fn name(report: &Report<'_>) -> String {
    let subject = match report.sesi {
        [] => report.topics.first().map_or("pertemuan".to_owned(), |topic| one_line(topic)),
        [one] => format!("{} {}", one.short, one.title),
        several => angka::list(&several.iter().map(|one| one.short.to_owned()).collect::<Vec<_>>()),
    };
    let group = kelompok(report.kelompok);
    let whole = format!("P2K2 {group}: {subject}");
    if whole.chars().count() <= MAX_NAME_CHARS {
        return whole;
    }
    // The kelompok tells reports apart, so the subject is what gives way.
    let head = format!("P2K2 {}: ", cut(&group, MAX_NAME_CHARS / 2));
    let left = MAX_NAME_CHARS.saturating_sub(head.chars().count());
    format!("{head}{}", cut(&subject, left))
}

fn narrative(report: &Report<'_>) -> String {
    // What counts and names cannot be left out; free texts share what room these leave.
    let mut parts = vec![
        cut(&format!("Proses: {}", process(report)), 250),
        cut(&format!("Materi: {}", material(report)), 350),
        cut(&format!("Partisipasi: {}", participation(report)), 150),
    ];
    let result = result(report);
    let free = [
        ("Hasil: ", result.as_str(), report.note),
        ("Kendala: ", "", report.obstacles),
        ("Tindak lanjut: ", "", report.follow_up),
    ];
    let frames: usize = free.iter().map(|(label, own, said)| frame(label, own, said)).sum();
    let used: usize = parts.iter().map(|part| part.chars().count() + 1).sum::<usize>() + frames;
    let mut room = MAX_NARRATIVE_CHARS.saturating_sub(used);
    let mut waiting = free.iter().filter(|(_, _, said)| !said.trim().is_empty()).count();
    for (label, own, said) in free {
        let said = sentence(&one_line(said));
        if own.is_empty() && said.is_empty() {
            continue;
        }
        let mut part = format!("{label}{own}");
        if !said.is_empty() {
            let share = room / waiting.max(1);
            let text = cut(&said, share.max(MIN_FREE_CHARS).min(room));
            waiting -= 1;
            room = room.saturating_sub(text.chars().count());
            if !own.is_empty() && !text.is_empty() {
                part.push(' ');
            }
            part.push_str(&text);
        }
        parts.push(part);
    }
    cut(&parts.join("\n"), MAX_NARRATIVE_CHARS)
}

/// The characters of a part without its free text.
fn frame(label: &str, own: &str, said: &str) -> usize {
    if own.is_empty() && said.trim().is_empty() {
        return 0;
    }
    label.chars().count() + own.chars().count() + 2
}

fn process(report: &Report<'_>) -> String {
    let mut words =
        format!("pertemuan {} pada {}", kelompok(report.kelompok), tanggal::with_day(report.date));
    let clock = |time: Time| format!("{:02}.{:02}", time.hour(), time.minute());
    match report.hours {
        (Some(start), Some(end)) => words.push_str(&format!(
            " pukul {} sampai {} {}",
            clock(start),
            clock(end),
            report.zone
        )),
        (Some(start), None) => {
            words.push_str(&format!(" mulai pukul {} {}", clock(start), report.zone))
        }
        _ => {}
    }
    if !report.place.trim().is_empty() {
        words.push_str(&format!(" di {}", one_line(report.place)));
    }
    if !report.kind.is_empty() {
        words.push_str(&format!(", jenis {}", report.kind.to_lowercase()));
    }
    if !report.speakers.is_empty() {
        words.push_str(&format!(", bersama {}", angka::list(report.speakers)));
    }
    sentence(&words)
}

fn material(report: &Report<'_>) -> String {
    let mut parts: Vec<String> = report
        .sesi
        .iter()
        .map(|sesi| {
            let extent = match (sesi.extent, sesi.langkah) {
                (Extent::Tuntas, _) => "tuntas".to_owned(),
                (Extent::Sebagian, "") => "sebagian".to_owned(),
                (Extent::Sebagian, langkah) => format!("sebagian, {langkah}"),
            };
            format!("{} {} ({extent})", sesi.short, sesi.title)
        })
        .collect();
    if !report.topics.is_empty() {
        parts.push(format!("topik tambahan {}", angka::list(report.topics)));
    }
    if parts.is_empty() {
        parts.push("tanpa sesi".to_owned());
    }
    sentence(&parts.join("; "))
}

fn participation(report: &Report<'_>) -> String {
    let Attendance { present, sick, absent, members } = report.attendance;
    let mut words = format!("{present} dari {members} anggota hadir");
    if let Some(percent) = angka::percent(u64::from(present), u64::from(members)) {
        words.push_str(&format!(" ({percent})"));
    }
    for (count, word) in [(sick, "sakit"), (absent, "alfa")] {
        if count > 0 {
            words.push_str(&format!(", {count} {word}"));
        }
    }
    match report.discussion {
        Some(true) => words.push_str("; diskusi kelompok dilaksanakan"),
        Some(false) => words.push_str("; tanpa diskusi kelompok"),
        None => {}
    }
    sentence(&words)
}

fn result(report: &Report<'_>) -> String {
    let named = |extent: Extent| -> Vec<&str> {
        report.sesi.iter().filter(|one| one.extent == extent).map(|one| one.short).collect()
    };
    let (whole, part) = (named(Extent::Tuntas), named(Extent::Sebagian));
    let mut words = Vec::new();
    if !whole.is_empty() {
        words.push(format!("materi {} tersampaikan seluruhnya", angka::list(&whole)));
    }
    if !part.is_empty() {
        words.push(format!("{} akan dilanjutkan pada pertemuan berikutnya", angka::list(&part)));
    }
    if words.is_empty() { String::new() } else { sentence(&words.join("; ")) }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text that ends like a sentence; nothing stays nothing.
fn sentence(text: &str) -> String {
    let text = text.trim();
    match text.chars().last() {
        None => String::new(),
        Some('.' | '?' | '!' | CUT) => text.to_owned(),
        Some(_) => format!("{text}."),
    }
}

/// At most `max` characters, cut between words where that loses little.
fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let Some(keep) = max.checked_sub(1) else { return String::new() };
    let kept: String = text.chars().take(keep).collect();
    let whole = match kept.rfind(char::is_whitespace) {
        Some(at) if at * 2 > kept.len() => &kept[..at],
        _ => kept.as_str(),
    };
    format!("{}{CUT}", whole.trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
#[path = "siksng_tests.rs"]
mod tests;
