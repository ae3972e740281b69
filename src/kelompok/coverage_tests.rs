use super::*;
use jiff::civil::date;
use uuid::Uuid;

use crate::ids::{AccountId, Mark};
use crate::kelompok::pertemuan::Attendance;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// `2026-01-05 lengkap 20/25 0t 1s:1,2@2 2s@cetak` — date, kind, present/members, then sesi number,
/// extent (t or s), langkah, and the source (`@2` said, `~2` assumed, `@cetak` printed).
fn fakta(line: &str, kinds: &[String]) -> Fakta {
    let mut words = line.split_whitespace();
    let date = day(words.next().unwrap());
    let kind = words.next().unwrap();
    let (present, members) = words.next().unwrap().split_once('/').unwrap();
    let sesi = words
        .filter(|word| *word != "ditarik")
        .map(|word| {
            let (what, source) = match word.split_once(['@', '~']) {
                Some((what, "cetak")) => (what, Source::BukuCetak),
                Some((what, n)) if word.contains('~') => {
                    (what, Source::Assumed(n.parse().unwrap()))
                }
                Some((what, n)) => (what, Source::Edition(n.parse().unwrap())),
                None => (word, Source::Edition(1)),
            };
            let (what, langkah) = what.split_once(':').unwrap_or((what, ""));
            let (number, extent) = what.split_at(what.len() - 1);
            FaktaSesi {
                sesi: number.parse().unwrap(),
                extent: if extent == "t" { Extent::Tuntas } else { Extent::Sebagian },
                langkah: langkah
                    .split(',')
                    .filter(|n| !n.is_empty())
                    .map(|n| 1 << (n.parse::<u32>().unwrap() - 1))
                    .sum(),
                source,
            }
        })
        .collect();
    Fakta {
        id: Uuid::nil(),
        digest: Mark::default(),
        date,
        kind: u8::try_from(kinds.iter().position(|id| id == kind).unwrap()).unwrap(),
        attendance: Attendance {
            present: present.parse().unwrap(),
            members: members.parse().unwrap(),
            ..Attendance::default()
        },
        absent_seats: Box::default(),
        sesi,
        received: None,
        author: AccountId(1),
        first_seq: 0,
        version: 0,
        corrected: false,
        withdrawn: line.ends_with("ditarik"),
        not_double: false,
        open_question: false,
    }
}

/// Sesi 0 has edition 1 (3 langkah), a redaksional edition 2 and a substansi edition 3; sesi 1 has
/// no text at all.
fn curriculum() -> Vec<SesiInfo> {
    let edition = |number, generation, from, langkah| EditionInfo {
        number,
        generation,
        date: day(from),
        langkah,
    };
    vec![
        SesiInfo {
            editions: vec![
                edition(1, 1, "2026-01-01", 3),
                edition(2, 1, "2026-03-01", 3),
                edition(3, 2, "2026-06-01", 4),
            ],
            printed: Dated::new(1),
        },
        SesiInfo::default(),
    ]
}

fn check(lines: &[&str], on: &str, expected: &str) {
    let rules = Dated::new(Rules::default());
    let kinds: Vec<String> = rules.on(day(on)).kinds.iter().map(|kind| kind.id.clone()).collect();
    let sesi = curriculum();
    let setting = Setting { rules: &rules, kinds: &kinds, sesi: &sesi };
    let mut all: Vec<Fakta> = lines.iter().map(|line| fakta(line, &kinds)).collect();
    all.sort_by_key(|one| one.date);
    let show = |cell: Cell| {
        format!(
            "{} {} {}x {}",
            cell.status.name(),
            cell.covered_on.map_or("-".to_owned(), |on| on.to_string()),
            cell.times,
            cell.reach.map_or("-".to_owned(), |(of, all)| format!("{of}/{all}")),
        )
    };
    assert_eq!(show(cell(&all, 0, day(on), setting)), expected, "{lines:?} on {on}");
}

#[test]
fn the_table_of_cases() {
    check(&[], "2026-02-01", "belum - 0x -");
    check(&["2026-01-05 lengkap 20/25 0t"], "2026-02-01", "tuntas 2026-01-05 1x 20/25");
    // Not yet on that date.
    check(&["2026-01-05 lengkap 20/25 0t"], "2026-01-04", "belum - 0x -");
    // Kinds that do not count, too few present, nobody present, withdrawn.
    check(&["2026-01-05 perwakilan 20/25 0t"], "2026-02-01", "belum - 0x -");
    check(&["2026-01-05 kunjungan-rumah 1/1 0t"], "2026-02-01", "belum - 0x -");
    check(&["2026-01-05 lengkap 12/25 0t"], "2026-02-01", "belum - 0x -");
    check(&["2026-01-05 lengkap 0/0 0t"], "2026-02-01", "belum - 0x -");
    check(&["2026-01-05 lengkap 20/25 0t ditarik"], "2026-02-01", "belum - 0x -");
    check(&["2026-01-05 terbatas 13/25 0t"], "2026-02-01", "tuntas 2026-01-05 1x 13/25");
    // Two unspecified halves stay sebagian; the rest marked done makes it tuntas.
    check(
        &["2026-01-05 lengkap 20/25 0s", "2026-02-05 lengkap 24/25 0s"],
        "2026-03-01",
        "sebagian - 2x 24/25",
    );
    check(
        &["2026-01-05 lengkap 20/25 0s", "2026-02-05 lengkap 19/25 0t"],
        "2026-03-01",
        "tuntas 2026-02-05 2x 20/25",
    );
    // Langkah add up over one generation, also over its editions, not over two generations.
    check(
        &["2026-01-05 lengkap 20/25 0s:1,2", "2026-03-05 lengkap 20/25 0s:3@2"],
        "2026-05-01",
        "tuntas 2026-03-05 2x 20/25",
    );
    check(
        &["2026-01-05 lengkap 20/25 0s:1,2", "2026-06-05 lengkap 20/25 0s:3,4@3"],
        "2026-07-01",
        "sebagian - 2x 20/25",
    );
    // A doubled report of one day counts once.
    check(
        &["2026-01-05 lengkap 20/25 0t", "2026-01-05 lengkap 22/25 0t"],
        "2026-02-01",
        "tuntas 2026-01-05 1x 22/25",
    );
    // A redaksional edition asks for nothing, a change of substance asks for a refresher.
    check(&["2026-01-05 lengkap 20/25 0t"], "2026-05-31", "tuntas 2026-01-05 1x 20/25");
    check(&["2026-01-05 lengkap 20/25 0t"], "2026-06-01", "perlu penyegaran 2026-01-05 1x 20/25");
    check(
        &["2026-01-05 lengkap 20/25 0t", "2026-06-05 lengkap 20/25 0t@3"],
        "2026-07-01",
        "tuntas 2026-01-05 2x 20/25",
    );
    // A part of the new text does not refresh; an old report that arrives late lowers nothing.
    check(
        &["2026-01-05 lengkap 20/25 0t", "2026-06-05 lengkap 20/25 0s:1@3"],
        "2026-07-01",
        "perlu penyegaran 2026-01-05 2x 20/25",
    );
    check(
        &["2026-06-05 lengkap 20/25 0t@3", "2026-06-20 lengkap 20/25 0t@1"],
        "2026-07-01",
        "tuntas 2026-06-05 2x 20/25",
    );
    // A printed book counts as the first generation.
    check(&["2026-01-05 lengkap 20/25 0t@cetak"], "2026-05-01", "tuntas 2026-01-05 1x 20/25");
    check(
        &["2026-01-05 lengkap 20/25 0t@cetak"],
        "2026-07-01",
        "perlu penyegaran 2026-01-05 1x 20/25",
    );
    check(&["2026-01-05 lengkap 20/25 0t~1"], "2026-02-01", "tuntas 2026-01-05 1x 20/25");
    // More present than members never makes a reach above the whole.
    check(&["2026-01-05 lengkap 27/25 0t"], "2026-02-01", "tuntas 2026-01-05 1x 27/27");
}

#[test]
fn a_sesi_without_text_is_covered_by_a_printed_book() {
    let rules = Dated::new(Rules::default());
    let kinds: Vec<String> =
        rules.on(date(2026, 1, 1)).kinds.iter().map(|kind| kind.id.clone()).collect();
    let sesi = curriculum();
    let setting = Setting { rules: &rules, kinds: &kinds, sesi: &sesi };
    let all = [fakta("2026-01-05 lengkap 20/25 1t@cetak", &kinds)];
    assert_eq!(cell(&all, 1, date(2026, 2, 1), setting).status, Status::Tuntas);
    assert_eq!(cell(&all, 0, date(2026, 2, 1), setting).status, Status::Belum);
}
