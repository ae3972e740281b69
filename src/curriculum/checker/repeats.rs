//! Sentences that stand in more than one file.

use std::collections::BTreeMap;

use super::file::File;
use super::reading::sentences;
use crate::curriculum::headings::{PEMBUKAAN, PENUTUP, Part, after_word};
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::{Jenis, SectionText};

/// Shorter sentences may be the same by chance.
const MIN_WORDS: usize = 8;

/// The largest share of such sentences that a file may have in common with others.
const MAX_SHARE: f32 = 0.03;

/// How many repeated sentences, and other files for each, are named.
const SHOWN: usize = 3;

/// A sentence as it is compared: its words in lower case.
type Key = String;

struct Sentence {
    key: Key,
    text: String,
    line: u32,
}

/// What files have in common.
pub(super) struct Repeats {
    of_file: Vec<Vec<Sentence>>,
    /// The files in which a sentence stands, each once, in order.
    files: BTreeMap<Key, Vec<usize>>,
}

pub(super) fn find(files: &[File<'_>]) -> Repeats {
    let of_file: Vec<_> = files.iter().map(long_sentences).collect();
    let mut places: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, sentences) in of_file.iter().enumerate() {
        for sentence in sentences {
            let known = places.entry(sentence.key.clone()).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
    }
    places.retain(|_, files| files.len() > 1);
    Repeats { of_file, files: places }
}

fn long_sentences(file: &File<'_>) -> Vec<Sentence> {
    if file.sesi.front.jenis != Jenis::Sesi {
        return Vec::new();
    }
    let frame = |section: &SectionText| {
        let name = section.heading.split_once(": ").map_or("", |(_, name)| name);
        section.part == Part::Langkah
            && [PEMBUKAAN, PENUTUP].iter().any(|word| after_word(name, word).is_some())
    };
    let sections = file.sesi.sections();
    let sections = sections.iter().filter(|section| !frame(section));
    sections
        .flat_map(|section| sentences(&section.text).map(|text| (text, section.line)))
        .filter_map(|(text, line)| {
            let words: Vec<_> = text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            let text = text.to_owned();
            (words.len() >= MIN_WORDS).then(|| Sentence { key: words.join(" "), text, line })
        })
        .collect()
}

impl Repeats {
    fn repeated(&self, at: usize) -> impl Iterator<Item = (&Sentence, &[usize])> {
        let sentences = self.of_file.get(at).into_iter().flatten();
        sentences.filter_map(|one| Some((one, self.files.get(&one.key)?.as_slice())))
    }

    /// The share of a file's long sentences that stand in another file, from 0 to 1.
    pub(super) fn share(&self, at: usize) -> f32 {
        let count = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
        let all = self.of_file.get(at).map_or(0, Vec::len);
        count(self.repeated(at).count()) / count(all).max(1.0)
    }

    pub(super) fn check(&self, at: usize, files: &[File<'_>], out: &mut Vec<Problem>) {
        let share = self.share(at);
        if share <= MAX_SHARE {
            return;
        }
        let percent = format!("{:.1}", share * 100.0).replace('.', ",");
        let file = files.get(at);
        let mut told: Vec<&Key> = Vec::new();
        for (sentence, places) in self.repeated(at) {
            if told.len() == SHOWN || told.contains(&&sentence.key) {
                continue;
            }
            told.push(&sentence.key);
            let message = format!(
                "{percent} % kalimat sama dengan naskah lain, misalnya: \"{}\"",
                sentence.text
            );
            let start: Vec<_> = sentence.text.split(' ').take(4).collect();
            let found = file.map(|file| file.position_of(&start.join(" "), sentence.line));
            let position = found.unwrap_or((sentence.line, 1));
            let others = places.iter().filter(|place| **place != at);
            let others: Vec<_> =
                others.filter_map(|place| files.get(*place).map(|file| file.name)).collect();
            let more = match others.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" dan {more} naskah lain"),
            };
            let shown = others.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
            let problem = Problem::error("kalimat-berulang", sentence.line, message).at(position);
            out.push(problem.hint(format!("Tulis dengan cara lain; juga ada di {shown}{more}.")));
        }
    }
}
