//! Seats on pages: numbers as people write them, who owes what.

use std::collections::BTreeMap;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::seats::Why;
use crate::state::{Owed, State};

use super::sesi::label;

/// The most numbers of one field.
const MAX_NUMBERS: usize = 500;

/// Reads `1-12, 15 dan 17`.
///
/// # Errors
/// A sentence that says which part is no number.
pub(crate) fn numbers(text: &str) -> Result<Vec<u16>, String> {
    let mut found = Vec::new();
    let parts = text.replace(" dan ", ",");
    for part in parts.split([',', ';', ' ', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let wrong = || {
            let part: String = part.chars().take(20).collect();
            format!("“{part}” bukan nomor urut. Tulis seperti 1-12, 15.")
        };
        let (from, to) = part.split_once(['-', '–']).unwrap_or((part, part));
        let read = |text: &str| text.trim().parse::<u16>().ok();
        let (Some(from), Some(to)) = (read(from), read(to)) else { return Err(wrong()) };
        if from == 0 || to < from || found.len() + usize::from(to - from) >= MAX_NUMBERS {
            return Err(wrong());
        }
        found.extend(from..=to);
    }
    Ok(found)
}

/// `1–12, 15` from sorted numbers.
pub(crate) fn ranges(numbers: &[u16]) -> String {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let words: Vec<String> = runs
        .iter()
        .map(|(from, to)| match to - from {
            0 => from.to_string(),
            1 => format!("{from}, {to}"),
            _ => format!("{from}–{to}"),
        })
        .collect();
    words.join(", ")
}

/// A sesi with the seats that owe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missed {
    /// `Sesi 8: Gizi Ibu Hamil`.
    pub(crate) sesi: String,
    /// Its page.
    pub(crate) href: String,
    /// `3, 7, 12–15`.
    pub(crate) seats: String,
    /// `2 anggota`.
    pub(crate) count: String,
    /// `3 dan 7 tidak hadir; 26 baru bergabung`.
    pub(crate) why: String,
}

/// The sesi that are owed, in the order of their dense numbers, with who owes them and why.
pub(crate) fn by_sesi(state: &State, owed: &[Owed]) -> Vec<Missed> {
    let mut all: BTreeMap<SesiIx, Vec<&Owed>> = BTreeMap::new();
    for one in owed {
        all.entry(one.sesi).or_default().push(one);
    }
    all.into_iter()
        .map(|(sesi, owed)| {
            let label = label(state, sesi);
            let seats: Vec<u16> = owed.iter().map(|one| one.seat).collect();
            let because = |wanted: fn(Why) -> bool, word: &str| {
                let seats: Vec<u16> =
                    owed.iter().filter(|one| wanted(one.why)).map(|one| one.seat).collect();
                (!seats.is_empty()).then(|| format!("{} {word}", ranges(&seats)))
            };
            let causes: Vec<String> = [
                because(|why| matches!(why, Why::Absent(_)), "tidak hadir"),
                because(|why| matches!(why, Why::Joined(_)), "bergabung kemudian"),
                because(|why| matches!(why, Why::Elsewhere(_)), "dari kelompok asal lain"),
            ]
            .into_iter()
            .flatten()
            .collect();
            // One cause for all of them needs no numbers again.
            let why = match causes.as_slice() {
                [one] => one.trim_start_matches(|c: char| !c.is_alphabetic()).to_owned(),
                _ => causes.join("; "),
            };
            Missed {
                sesi: label.full(),
                href: label.href,
                count: format!("{} anggota", seats.len()),
                seats: ranges(&seats),
                why,
            }
        })
        .collect()
}

/// `sesi 1 (tidak hadir 3 Mar 2026) dan sesi 4 (bergabung kemudian)`, of one seat.
pub(crate) fn of_seat(state: &State, owed: &[Owed], seat: u16) -> String {
    let words: Vec<String> = owed
        .iter()
        .filter(|one| one.seat == seat)
        .map(|one| {
            let why = match one.why {
                Why::Absent(date) => format!("tidak hadir {}", tanggal::short(date)),
                Why::Joined(_) => "bergabung kemudian".to_owned(),
                Why::Elsewhere(_) => "di kelompok asal lain".to_owned(),
            };
            format!("{} ({why})", label(state, one.sesi).short)
        })
        .collect();
    angka::list(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, expected) in [
            ("", Some(vec![])),
            ("3", Some(vec![3])),
            ("1-3, 7", Some(vec![1, 2, 3, 7])),
            ("1 2 dan 4", Some(vec![1, 2, 4])),
            ("3–5;9", Some(vec![3, 4, 5, 9])),
            ("0", None),
            ("5-3", None),
            ("1-9999", None),
            ("tiga", None),
            ("-3", None),
        ] {
            assert_eq!(numbers(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn runs_are_shortened() {
        for (numbers, expected) in [
            (&[][..], ""),
            (&[4], "4"),
            (&[1, 2], "1, 2"),
            (&[1, 2, 3, 7, 9, 10, 11], "1–3, 7, 9–11"),
        ] {
            assert_eq!(ranges(numbers), expected);
        }
    }
}
