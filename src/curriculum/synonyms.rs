//! Words that mean the same to a searcher: a page that a trainer edits, as data.
//!
//! The page is ordinary markdown. Only its list items count: `- a; b; c` makes the words equal,
//! `- a > b` lets a query for `a` also find `b` and not the reverse.

use std::collections::HashMap;

use crate::bahasa;

/// The id of the page that holds the synonyms.
pub const SYNONYMS_PAGE: &str = "sinonim";

/// More lists than this are not read.
const MAX_GROUPS: usize = 3_000;
/// More words in one list than this are not read.
const MAX_WORDS: usize = 24;
/// A longer phrase is no search word.
const MAX_PHRASE: usize = 7;

/// What a word or phrase of a query also finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// The roots of a phrase, joined by blanks, and the phrases it also finds.
    also: HashMap<String, Vec<Phrase>>,
    /// The longest phrase of the keys, in words.
    longest: usize,
}

/// A phrase as it is written and as the index knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// As written on the page.
    pub written: String,
    /// The root of each word.
    pub stems: Vec<String>,
}

/// A line of the page that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Baris {line}: {reason}")]
pub struct SynonymProblem {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in Indonesian.
    pub reason: &'static str,
}

/// Reads a page of synonyms, with or without a front matter.
///
/// Never fails: a line that cannot be read is named and left out. Bounded: at most 3,000 lists of
/// 24 words of 7 parts each.
pub fn parse(text: &str) -> (Synonyms, Vec<SynonymProblem>) {
    let mut synonyms = Synonyms::default();
    let mut problems = Vec::new();
    let mut groups = 0;
    for (line, item) in items(text) {
        if groups >= MAX_GROUPS {
            problems.push(SynonymProblem { line, reason: "Daftar terlalu panjang. Pendekkan." });
            break;
        }
        match read_item(item) {
            Ok((from, to)) => {
                synonyms.add(&from, &to);
                groups += 1;
            }
            Err(reason) => problems.push(SynonymProblem { line, reason }),
        }
    }
    (synonyms, problems)
}

/// The list items with their lines, behind the front matter.
fn items(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = text.trim_start_matches('\u{feff}').starts_with("---");
    (1..).zip(text.lines()).filter_map(move |(line, content)| {
        let content = content.trim();
        if inside {
            inside = line == 1 || content != "---";
            return None;
        }
        let item = content.strip_prefix("- ").or_else(|| content.strip_prefix("* "))?;
        Some((line, item.trim()))
    })
}

/// From which words to which words a list leads.
type Lists = (Vec<Phrase>, Vec<Phrase>);

fn read_item(item: &str) -> Result<Lists, &'static str> {
    if let Some((from, to)) = item.split_once('>') {
        let (from, to) = (phrases(from)?, phrases(to)?);
        let whole = !from.is_empty() && !to.is_empty();
        return if whole { Ok((from, to)) } else { Err("Tulis kata di kedua sisi tanda >.") };
    }
    let all = phrases(item)?;
    match all.len() {
        0 | 1 => Err("Tulis paling sedikit dua kata dengan titik koma di antaranya."),
        2..=MAX_WORDS => Ok((all.clone(), all)),
        _ => Err("Terlalu banyak kata dalam satu baris. Bagi menjadi beberapa baris."),
    }
}

fn phrases(list: &str) -> Result<Vec<Phrase>, &'static str> {
    let mut found = Vec::new();
    for written in list.split(';').map(str::trim).filter(|written| !written.is_empty()) {
        let stems = stems(written);
        if stems.len() > MAX_PHRASE {
            return Err("Ada ungkapan yang terlalu panjang. Pakai paling banyak tujuh kata.");
        }
        if !stems.is_empty() {
            found.push(Phrase { written: written.to_owned(), stems });
        }
    }
    Ok(found)
}

fn stems(phrase: &str) -> Vec<String> {
    bahasa::words(phrase).into_iter().map(|word| word.stem.into_owned()).collect()
}

impl Synonyms {
    fn add(&mut self, from: &[Phrase], to: &[Phrase]) {
        for one in from {
            let key = one.stems.join(" ");
            self.longest = self.longest.max(one.stems.len());
            let known = self.also.entry(key).or_default();
            for other in to.iter().filter(|other| other.stems != one.stems) {
                if !known.iter().any(|phrase| phrase.stems == other.stems) {
                    known.push(other.clone());
                }
            }
        }
    }

    /// What the phrase with these roots (joined by blanks) also finds.
    pub fn of(&self, stems: &str) -> &[Phrase] {
        self.also.get(stems).map_or(&[], Vec::as_slice)
    }

    /// How many words the longest phrase has that leads to others.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.also.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(synonyms: &Synonyms, word: &str) -> Vec<String> {
        let key = stems(word).join(" ");
        synonyms.of(&key).iter().map(|phrase| phrase.written.clone()).collect()
    }

    #[test]
    fn a_list_makes_words_equal_and_an_arrow_leads_one_way() {
        let page = "---\nid: sinonim\njenis: panduan\n- bukan; ini\n---\n# Sinonim\n\nKalimat.\n\n\
            - ibu hamil; bumil\n- gizi buruk > stunting\n";
        let (synonyms, problems) = parse(page);
        assert_eq!(problems, []);
        let cases: [(&str, &[&str]); 6] = [
            ("bumil", &["ibu hamil"]),
            ("Ibu Hamil", &["bumil"]),
            ("gizi buruk", &["stunting"]),
            ("stunting", &[]),
            ("bukan", &[]),
            ("", &[]),
        ];
        for (word, expected) in cases {
            assert_eq!(written(&synonyms, word), expected, "{word}");
        }
        assert_eq!(synonyms.longest(), 2);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let long = format!("- a; {}", "kata ".repeat(8));
        for line in ["- sendirian", "- > kosong", "- kosong >", "-  ;", long.as_str()] {
            let (synonyms, problems) = parse(&format!("- satu; dua\n{line}\n"));
            assert_eq!(problems.len(), 1, "{line}");
            assert_eq!(problems[0].line, 2, "{line}");
            assert!(!synonyms.is_empty());
        }
    }
}
