//! Words that differ from the glossary.
//!
//! What people say may be quoted as they say it, so nothing between double quotes and nothing in
//! a block quote is judged, and neither are addresses of links nor lines that name words to avoid.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::file::File;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::Jenis;

/// How a line begins that names words to avoid.
const WORDS_TO_AVOID: &str = "Bukan:";

/// Stands in the table where words are right although one of them alone is not.
const ALLOWED: &str = "-";

struct Term {
    wrong: Vec<&'static str>,
    right: &'static str,
}

/// The rows of the table that begin with an exact word, by that word, and all others.
struct Terms {
    by_word: BTreeMap<&'static str, Vec<Term>>,
    starred: Vec<Term>,
}

static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    let mut terms = Terms { by_word: BTreeMap::new(), starred: Vec::new() };
    let rows = include_str!("istilah.tsv").lines().filter(|row| !row.starts_with('#'));
    for (wrong, right) in rows.filter_map(|row| row.split_once('\t')) {
        let wrong: Vec<_> = wrong.split(' ').collect();
        match wrong.first().copied() {
            Some(first) if !first.contains('*') => {
                terms.by_word.entry(first).or_default().push(Term { wrong, right });
            }
            _ => terms.starred.push(Term { wrong, right }),
        }
    }
    terms
});

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let body = file.body_text();
    let has_word_lists = file.sesi.front.jenis == Jenis::Panduan;
    let words = words(body, &quoted(body, has_word_lists));
    let mut at = 0;
    while at < words.len() {
        let Some(found) = term_at(&words[at..]) else {
            at += 1;
            continue;
        };
        let first = at;
        at += found.wrong.len();
        if found.right == ALLOWED {
            continue;
        }
        let last = &words[at - 1];
        let written = body.get(words[first].range.start..last.range.end).unwrap_or("");
        let message = format!("Istilah \"{written}\" berbeda dari daftar istilah.");
        let problem = Problem::warning("istilah", 1, message);
        let position = file.position_in_body(words[first].range.start);
        out.push(problem.at(position).hint(format!("Pakai \"{}\".", found.right)));
    }
}

struct Word {
    range: Range<usize>,
    lower: String,
}

fn term_at(words: &[Word]) -> Option<&'static Term> {
    let first = words.first()?;
    let exact = TERMS.by_word.get(first.lower.as_str()).into_iter().flatten();
    exact.chain(&TERMS.starred).find(|term| {
        term.wrong.len() <= words.len()
            && term.wrong.iter().zip(words).all(|(wrong, word)| fits(wrong, &word.lower))
    })
}

fn fits(wrong: &str, word: &str) -> bool {
    match (wrong.strip_prefix('*'), wrong.strip_suffix('*')) {
        (Some(end), _) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (None, None) => word == wrong,
    }
}

fn words(body: &str, quoted: &[Range<usize>]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut from = 0;
    let is_word = |c: char| c.is_alphanumeric() || c == '-' || c == '\'';
    while let Some(start) = body.get(from..).and_then(|rest| rest.find(is_word)) {
        let start = from + start;
        let rest = &body[start..];
        let end = start + rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        from = end;
        let is_quoted = quoted.iter().any(|range| range.contains(&start));
        if !is_quoted {
            words.push(Word { range: start..end, lower: body[start..end].to_lowercase() });
        }
    }
    words
}

/// The parts of a text that are not judged. In a panduan, an item with semicolons lists words that
/// people use, right or wrong.
fn quoted(body: &str, has_word_lists: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in body.split_inclusive('\n') {
        let range = offset..offset + line.len();
        let text = line.trim_start();
        let is_word_list = has_word_lists && text.starts_with("- ") && text.contains(';');
        if text.starts_with('>') || text.starts_with(WORDS_TO_AVOID) || is_word_list {
            found.push(range);
        } else {
            for (open, close) in [("\"", "\""), ("“", "”"), ("](", ")"), ("`", "`")] {
                enclosed(line, open, close, |part| {
                    found.push(offset + part.start..offset + part.end)
                });
            }
        }
        offset += line.len();
    }
    found
}

/// Every part of a line between two marks; an open mark alone reaches to the line's end.
fn enclosed(line: &str, open: &str, close: &str, mut found: impl FnMut(Range<usize>)) {
    let mut from = 0;
    while let Some(start) = line.get(from..).and_then(|rest| rest.find(open)) {
        let inside = from + start + open.len();
        let length = line[inside..].find(close).unwrap_or(line.len() - inside);
        found(inside..inside + length);
        from = inside + length + close.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_words_are_found_outside_of_quotes() {
        let cases: &[(&str, &[&str])] = &[
            ("Keluarga berhutang pada warung.", &["berutang"]),
            ("Hutangnya besar, resiko juga.", &["utang", "risiko"]),
            ("Ibu berkata \"hutang saya\" lalu hutang.", &["utang"]),
            ("Ia bilang “orangtua”.", &[]),
            ("> Apakah orangtua hadir?", &[]),
            ("Orangtua hadir di rumah orang tua.", &["orang tua"]),
            ("Buang air sembarangan", &["buang air besar sembarangan"]),
            ("Buang air besar sembarangan", &[]),
            ("[lihat](/x/hutang) hutang", &["utang"]),
            ("`hutang`", &[]),
            ("Bukan: alpa, mangkir", &[]),
            ("Ke posyandu lansia, lalu lansia pulang.", &["lanjut usia"]),
            ("Kehutanan dan pengijinan", &[]),
            ("ice\nbreaking", &["pemecah suasana"]),
            ("\"terbuka hutang", &[]),
        ];
        for (body, expected) in cases {
            let file = File::parse("a.md", body);
            let mut problems = Vec::new();
            check(&file, &mut problems);
            let hints: Vec<_> = problems.iter().map(|problem| problem.hint.as_str()).collect();
            let expected: Vec<_> =
                expected.iter().map(|right| format!("Pakai \"{right}\".")).collect();
            assert_eq!(hints, expected, "{body}");
        }
    }

    #[test]
    fn the_table_is_well_formed_and_never_advises_a_wrong_word() {
        let rows: Vec<_> = include_str!("istilah.tsv").lines().collect();
        for row in rows.iter().filter(|row| !row.starts_with('#')) {
            let (wrong, right) = row.split_once('\t').unwrap();
            assert!(!wrong.is_empty() && wrong == wrong.to_lowercase(), "{row}");
            assert!(!right.is_empty() && !right.contains(['\t', '*']), "{row}");
            let advised = words(right, &[]);
            assert!((0..advised.len()).all(|at| term_at(&advised[at..]).is_none()), "{row}");
        }
    }
}
