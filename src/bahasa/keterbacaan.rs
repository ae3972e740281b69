//! How hard a text is to read for someone who reads little.
//!
//! Indonesian has no settled readability formula; those for English count syllables, which says
//! little about a language that builds long words from simple parts. What does tell is counted
//! plainly instead: the length of sentences, the longest words, and which words are not everyday
//! ones. A word is everyday if it or its root is in `kata-sehari-hari.txt`. Numbers, one- and
//! two-letter words, abbreviations in capitals and names (a capital inside a sentence) are not
//! judged.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::spelling::fold;
use super::stem::stem_lower;
use super::table::{WordSet, lines};

static SEHARI_HARI: &str = include_str!("kata-sehari-hari.txt");

static EVERYDAY: LazyLock<WordSet> = LazyLock::new(|| {
    // A listed word stands for its whole family, so its root is everyday too.
    lines(SEHARI_HARI)
        .flat_map(|word| match stem_lower(word) {
            std::borrow::Cow::Borrowed(root) => [word, root],
            std::borrow::Cow::Owned(_) => [word, word],
        })
        .map(str::as_bytes)
        .collect()
});

/// How many of the longest words are kept.
const LONGEST_KEPT: usize = 5;

/// What makes a text easy or hard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readability {
    /// Words, numbers included.
    pub words: usize,
    /// Sentences and headings: what ends in `.`, `!`, `?` or at a line's end.
    pub sentences: usize,
    /// Words to a sentence; 0 for an empty text. Up to 12 reads easily aloud, above 20 is hard.
    pub mean_words: f32,
    /// The longest words, longest first, at most 5, each once.
    pub longest_words: Vec<String>,
    /// The words that are not everyday ones, in lowercase, each once, in order of appearance.
    pub hard: Vec<String>,
    /// Hard words (each time) among the words judged, 0 to 1.
    pub hard_share: f32,
}

/// Whether the lowercase `word`, or its root, is one of everyday speech.
pub fn is_everyday(word: &str) -> bool {
    EVERYDAY.contains(word.as_bytes()) || EVERYDAY.contains(stem_lower(word).as_bytes())
}

/// Counts what makes `text` hard. `text` is plain, without markup; any text will do.
pub fn readability(text: &str) -> Readability {
    let mut count = Counter::default();
    for sentence in sentences(text) {
        count.sentence(sentence);
    }
    count.result()
}

/// Sentences end at `.`, `!`, `?`, `…` before a space, and at a line's end.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let mut rest = Some(line);
        std::iter::from_fn(move || {
            let line = rest?;
            let end = line.char_indices().find_map(|(at, mark)| {
                let next = at + mark.len_utf8();
                let after = line.get(next..)?;
                let ends = matches!(mark, '.' | '!' | '?' | '…');
                (ends && after.starts_with(char::is_whitespace)).then_some(next)
            });
            let (sentence, left) = match end {
                Some(end) => (&line[..end], Some(&line[end..])),
                None => (line, None),
            };
            rest = left;
            Some(sentence)
        })
    })
}

#[derive(Default)]
struct Counter {
    words: usize,
    sentences: usize,
    judged: usize,
    hard_times: usize,
    hard: Vec<String>,
    seen: HashSet<String>,
    longest: Vec<String>,
}

impl Counter {
    fn sentence(&mut self, sentence: &str) {
        let mut any = false;
        let parts = sentence.split(|letter: char| {
            !(letter.is_alphanumeric() || letter == '-' || letter == '\u{ad}')
        });
        for part in parts.filter(|part| part.contains(char::is_alphanumeric)) {
            self.word(part.trim_matches('-'), any);
            any = true;
        }
        self.sentences += usize::from(any);
    }

    /// `inside` tells that the word is not the first of its sentence.
    fn word(&mut self, written: &str, inside: bool) {
        self.words += 1;
        let capital = written.chars().next().is_some_and(char::is_uppercase);
        let shouted = written.chars().all(|letter| !letter.is_lowercase());
        let named = (inside && capital) || shouted;
        if named || written.chars().count() < 3 || written.contains(char::is_numeric) {
            return;
        }
        self.judged += 1;
        let word = fold(written).into_owned();
        self.keep_longest(&word);
        if !is_everyday(&word) {
            self.hard_times += 1;
            if self.seen.insert(word.clone()) {
                self.hard.push(word);
            }
        }
    }

    fn keep_longest(&mut self, word: &str) {
        let length = |word: &str| word.chars().count();
        if self.longest.iter().any(|kept| kept == word) {
            return;
        }
        let at = self.longest.partition_point(|kept| length(kept) >= length(word));
        if at < LONGEST_KEPT {
            self.longest.insert(at, word.to_owned());
            self.longest.truncate(LONGEST_KEPT);
        }
    }

    fn result(self) -> Readability {
        let share = |part: usize, whole: usize| {
            if whole == 0 { 0.0 } else { part as f32 / whole as f32 }
        };
        Readability {
            words: self.words,
            sentences: self.sentences,
            mean_words: share(self.words, self.sentences),
            longest_words: self.longest,
            hard: self.hard,
            hard_share: share(self.hard_times, self.judged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Readability, is_everyday, readability};

    #[test]
    fn everyday_words_count_with_their_affixes() {
        for word in ["ibu", "makanan", "menabung", "anak-anaknya", "menyusui", "rumahnya"] {
            assert!(is_everyday(word), "{word}");
        }
        for word in ["implementasi", "komprehensif", "optimalisasi"] {
            assert!(!is_everyday(word), "{word}");
        }
    }

    #[test]
    fn plain_and_hard_texts_differ() {
        let plain = readability("Ibu mencuci tangan pakai sabun. Anak makan sayur dan telur!");
        assert_eq!((plain.words, plain.sentences), (10, 2));
        assert!(plain.hard.is_empty(), "{:?}", plain.hard);
        let hard = readability("Implementasi kebijakan memerlukan sinergi. Sinergi itu perlu.");
        assert_eq!(hard.hard, ["implementasi", "kebijakan", "sinergi"]);
        assert!(hard.hard_share > 0.4 && hard.hard_share < 0.7, "{}", hard.hard_share);
        assert_eq!(hard.longest_words[0], "implementasi");
    }

    #[test]
    fn names_numbers_and_abbreviations_are_not_judged() {
        let text = "Di Ogan Komering Ilir ada 1.234 keluarga PKH\nsejak 2020";
        let found = readability(text);
        assert_eq!(found.sentences, 2);
        assert!(found.hard.is_empty(), "{:?}", found.hard);
    }

    #[test]
    fn empty_and_odd_texts_count_nothing() {
        assert_eq!(readability(""), Readability::default());
        assert_eq!(readability(" \n... !?").words, 0);
        assert!(readability("😀\0\u{200f}…-").hard.is_empty());
        assert!(readability(&"kata ".repeat(20_000)).words == 20_000);
    }
}
