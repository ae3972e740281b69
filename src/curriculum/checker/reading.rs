//! How long a text is, and how hard the page for families is to read.

use super::file::File;
use crate::bahasa::keterbacaan::readability;
use crate::curriculum::headings::Part;
use crate::curriculum::markdown::{Block, BlockKind, plain_text};
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::{LembarKeluarga, Sesi};

/// How many words a sesi has without Bahan bacaan and Tanya jawab.
const WORDS: std::ops::RangeInclusive<usize> = 1_500..=3_500;
/// The longest sentence for families, in words.
const MAX_SENTENCE: usize = 20;
/// The longest mean sentence for families, in words.
const MAX_MEAN: f32 = 12.0;
/// The largest share of words for families that are not everyday ones.
const MAX_HARD_SHARE: f32 = 0.1;
/// How many words fit on the page for families.
const MAX_PAGE_WORDS: usize = 220;
/// How many hard words are named.
const HARD_SHOWN: usize = 12;

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let words = sesi_words(&file.sesi);
    if !WORDS.contains(&words) {
        let message = format!("Panjang naskah {words} kata tanpa Bahan bacaan dan Tanya jawab.");
        let problem = Problem::warning("panjang-naskah", 1, message);
        out.push(problem.hint("Usahakan 1.500 sampai 3.500 kata."));
    }
    if let Some(lembar) = &file.sesi.lembar_keluarga {
        family_page(file, lembar, out);
    }
}

/// The words of a sesi without Bahan bacaan and Tanya jawab.
pub(super) fn sesi_words(sesi: &Sesi) -> usize {
    let counted = |part: Part| part != Part::BahanBacaan && part != Part::TanyaJawab;
    let sections = sesi.sections();
    let sections = sections.iter().filter(|section| counted(section.part));
    sections.map(|section| count_words(&section.heading) + count_words(&section.text)).sum()
}

pub(super) fn count_words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// The reading ease of the page for families.
pub(super) struct Ease {
    pub(super) words: usize,
    pub(super) mean: f32,
    /// The longest sentence and its words.
    pub(super) longest: usize,
    pub(super) hard_share: f32,
    pub(super) hard: Vec<String>,
}

/// Measures the page for families; pictures do not count, the exercise does.
pub(super) fn ease(lembar: &LembarKeluarga) -> Ease {
    let text = page_text(lembar);
    let measured = readability(&text);
    let lengths: Vec<_> = sentences(&text).map(count_words).filter(|words| *words > 0).collect();
    let words: usize = lengths.iter().sum();
    let as_float = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    Ease {
        words,
        mean: as_float(words) / as_float(lengths.len()).max(1.0),
        longest: lengths.iter().copied().max().unwrap_or(0),
        hard_share: measured.hard_share,
        hard: measured.hard,
    }
}

fn page_text(lembar: &LembarKeluarga) -> String {
    let is_text = |block: &&Block| !matches!(block.kind, BlockKind::Picture { .. });
    let blocks = lembar.blocks.iter().chain(&lembar.latihan).filter(is_text);
    let blocks: Vec<Block> = blocks.cloned().collect();
    plain_text(&blocks)
}

fn family_page(file: &File<'_>, lembar: &LembarKeluarga, out: &mut Vec<Problem>) {
    for sentence in sentences(&page_text(lembar)) {
        let words = count_words(sentence);
        if words > MAX_SENTENCE {
            let start: Vec<_> = sentence.split_whitespace().take(3).collect();
            let message = format!(
                "Kalimat \"{} ...\" di Lembar keluarga memuat {words} kata.",
                start.join(" ")
            );
            let problem = Problem::error("kalimat-terlalu-panjang", lembar.line, message);
            let position = file.position_of(&start.join(" "), lembar.line);
            out.push(problem.at(position).hint("Bagi menjadi kalimat paling panjang 20 kata."));
        }
    }
    let ease = ease(lembar);
    let line = lembar.line;
    if ease.mean > MAX_MEAN {
        let message = format!(
            "Kalimat di Lembar keluarga rata-rata {} kata.",
            format!("{:.1}", ease.mean).replace('.', ",")
        );
        let problem = Problem::error("kalimat-rata-rata-panjang", line, message);
        out.push(problem.hint("Usahakan rata-rata paling banyak 12 kata."));
    }
    if ease.hard_share > MAX_HARD_SHARE {
        let percent = format!("{:.1}", ease.hard_share * 100.0).replace('.', ",");
        let shown: Vec<_> = ease.hard.iter().take(HARD_SHOWN).map(String::as_str).collect();
        let message = format!(
            "{percent} % kata di Lembar keluarga bukan kata sehari-hari: {}.",
            shown.join(", ")
        );
        let problem = Problem::warning("kata-sulit", line, message);
        out.push(problem.hint("Ganti dengan kata yang dipakai di rumah; paling banyak 10 %."));
    }
    if ease.words > MAX_PAGE_WORDS {
        let message = format!("Lembar keluarga memuat {} kata.", ease.words);
        let problem = Problem::warning("lembar-keluarga-panjang", line, message);
        out.push(problem.hint("Usahakan muat satu halaman: 90 sampai 170 kata."));
    }
}

/// The sentences of a plain text: they end at a line's end, between cells of a table, and at `.`,
/// `!`, `?` or `…` before a blank that no small letter follows (as it does behind "dll.").
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split(" | ")).flat_map(|part| {
        let mut rest = part;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (sentence, behind) = rest.split_at(sentence_end(rest));
            rest = behind;
            Some(sentence.trim())
        })
    })
}

fn sentence_end(text: &str) -> usize {
    let mut marks = text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | '…'));
    let end = marks.find_map(|(at, mark)| {
        let behind = &text[at + mark.len_utf8()..];
        let closed = behind.trim_start_matches(['"', '”', '\'', '’', ')']);
        let next = closed.trim_start();
        let is_end = closed.len() > next.len() && !next.starts_with(char::is_lowercase);
        is_end.then_some(text.len() - closed.len())
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_a_reader_pauses() {
        let cases: &[(&str, &[&str])] = &[
            ("Satu dua. Tiga? Empat", &["Satu dua.", "Tiga?", "Empat"]),
            ("Beli telur, tahu, dll. di pasar. Ya.", &["Beli telur, tahu, dll. di pasar.", "Ya."]),
            ("Harga 1.500 rupiah.\nLK 8.1", &["Harga 1.500 rupiah.", "LK 8.1"]),
            ("\"Saya mau.\" Kata Ibu.", &["\"Saya mau.\"", "Kata Ibu."]),
            ("a b | c d", &["a b", "c d"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(sentences(text).collect::<Vec<_>>(), *expected, "{text}");
        }
    }
}
