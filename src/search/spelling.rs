//! What a mistyped word may have meant: the nearest words that the texts really use.
//!
//! Words that differ by one letter share a word that lacks one letter; so every form of the
//! vocabulary is filed under itself and all its shortenings by one letter, and a typed word is
//! looked up with its own shortenings. A second file holds the consonants as they sound, for
//! words typed without vowels (`stntng`) and by ear (`posiandu`).

use crate::bahasa::edit_cost;

use super::vocab::{FormId, Vocab};

/// A word that may have been meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) form: FormId,
    /// How far it is from what was typed; 1 is one plain slip.
    pub(super) cost: f32,
    /// Higher for near and common words.
    pub(super) merit: f32,
}

/// Shorter words are too near to everything.
const SHORTEST: usize = 3;
/// Longer words are no words that somebody types.
const LONGEST: usize = 32;
/// At most so many words are measured for one typed word.
const MEASURED: usize = 400;

/// An unfinished word lacks at most so many letters.
const MISSING: usize = 5;

/// The files over one vocabulary.
#[derive(Debug, Default)]
pub(super) struct Speller {
    shortened: Lookup,
    sounds: Lookup,
    /// All words in the order of the alphabet, for words that were not typed to their end.
    sorted: Box<[FormId]>,
}

impl Speller {
    pub(super) fn build(vocab: &Vocab) -> Self {
        let (mut shortened, mut sounds, mut sorted) = (Vec::new(), Vec::new(), Vec::new());
        for (id, form) in vocab.forms() {
            let word = form.text.as_bytes();
            if !is_word(word) {
                continue;
            }
            shortened.push((hash(word.iter().copied()), id));
            for skip in 0..word.len() {
                if skip == 0 || word[skip] != word[skip - 1] {
                    shortened.push((hash(without(word, skip, usize::MAX)), id));
                }
            }
            sounds.push((sound(word), id));
            sorted.push(id);
        }
        sorted.sort_unstable_by(|a, b| vocab.form_of(*a).text.cmp(&vocab.form_of(*b).text));
        Self {
            shortened: Lookup::of(shortened),
            sounds: Lookup::of(sounds),
            sorted: sorted.into_boxed_slice(),
        }
    }

    /// The words nearest to a typed one, best first, at most `limit`; the word itself is none.
    pub(super) fn candidates(&self, vocab: &Vocab, typed: &str, limit: usize) -> Vec<Candidate> {
        let word = typed.as_bytes();
        if !is_word(word) {
            return Vec::new();
        }
        let mut search = Search { vocab, typed, letters: letters(word), found: Vec::new() };
        let mut near: Vec<FormId> = self.shortened.get(hash(word.iter().copied())).collect();
        for skip in 0..word.len() {
            near.extend(self.shortened.get(hash(without(word, skip, usize::MAX))));
        }
        search.measure(near);
        if search.found.iter().all(|one| one.cost > 1.0) {
            // Nothing at one slip; two slips are many more words to look at.
            search.measure(self.at_two_slips(word));
        }
        search.complete(self.beginning(vocab, typed));
        search.found.sort_by(|a, b| b.merit.total_cmp(&a.merit));
        let mut best: Vec<Candidate> = Vec::with_capacity(limit);
        for one in search.found {
            if best.len() < limit && !best.iter().any(|known| known.form == one.form) {
                best.push(one);
            }
        }
        best
    }

    /// The words that begin so.
    pub(super) fn beginning<'a>(&'a self, vocab: &'a Vocab, start: &'a str) -> &'a [FormId] {
        let from = self.sorted.partition_point(|form| *vocab.form_of(*form).text < *start);
        let rest = &self.sorted[from..];
        let begins = |form: &FormId| vocab.form_of(*form).text.starts_with(start);
        &rest[..rest.partition_point(begins)]
    }

    fn at_two_slips(&self, word: &[u8]) -> Vec<FormId> {
        let mut near = Vec::new();
        if word.len() >= 4 {
            near.extend(self.sounds.get(sound(word)).take(MEASURED));
        }
        if word.len() >= 6 {
            for skip in 0..word.len() {
                for other in skip + 1..word.len() {
                    near.extend(self.shortened.get(hash(without(word, skip, other))));
                }
            }
        }
        near
    }
}

/// Candidates for one typed word.
struct Search<'a> {
    vocab: &'a Vocab,
    typed: &'a str,
    letters: u32,
    found: Vec<Candidate>,
}

impl Search<'_> {
    fn measure(&mut self, mut near: Vec<FormId>) {
        near.sort_unstable();
        near.dedup();
        let far = farthest(self.typed.len());
        for form in near.into_iter().take(MEASURED) {
            let known = self.vocab.form_of(form);
            // Letters that only one of the two has cost at least half a slip each.
            let unlike = (letters(known.text.as_bytes()) ^ self.letters).count_ones();
            if known.sections == 0 || unlike > 4 {
                continue;
            }
            let Some(cost) = edit_cost(self.typed, &known.text, far).filter(|cost| *cost > 0.0)
            else {
                continue;
            };
            let merit = merit(cost, known.sections, first_differs(self.typed, &known.text));
            self.found.push(Candidate { form, cost, merit });
        }
    }
}

impl Search<'_> {
    /// Takes up words that go on where the typed one ends.
    fn complete(&mut self, beginning: &[FormId]) {
        for form in beginning.iter().take(MEASURED) {
            let known = self.vocab.form_of(*form);
            let missing = known.text.len() - self.typed.len();
            if known.sections > 0 && (1..=MISSING).contains(&missing) {
                let cost = 0.6 + 0.1 * missing as f32;
                let merit = merit(cost, known.sections, false);
                self.found.push(Candidate { form: *form, cost, merit });
            }
        }
    }
}

/// Which letters a word has, as bits.
fn letters(word: &[u8]) -> u32 {
    word.iter().fold(0, |all, letter| all | 1 << (letter & 31))
}

/// How far a word of this length may be from what was meant.
fn farthest(length: usize) -> f32 {
    match length {
        0..=3 => 0.75,
        4..=5 => 1.1,
        6..=8 => 1.8,
        _ => 2.4,
    }
}

/// A common word is likelier to be meant than a rare one, as far as it is as near.
fn merit(cost: f32, sections: u32, first_differs: bool) -> f32 {
    let common = (1.0 + sections as f32).ln();
    let start = if first_differs { 0.5 } else { 0.0 };
    common * 0.35 - (cost + start) * 2.5
}

fn first_differs(a: &str, b: &str) -> bool {
    a.as_bytes().first() != b.as_bytes().first()
}

fn is_word(word: &[u8]) -> bool {
    (SHORTEST..=LONGEST).contains(&word.len()) && word.iter().all(u8::is_ascii_lowercase)
}

/// The letters of a word without the one or two at these places.
fn without(word: &[u8], one: usize, other: usize) -> impl Iterator<Item = u8> {
    let kept = move |(at, letter): (usize, &u8)| (at != one && at != other).then_some(*letter);
    word.iter().enumerate().filter_map(kept)
}

/// The hash of the consonants as they sound, each run once.
fn sound(word: &[u8]) -> u32 {
    let mut last = 0;
    let letters = word.iter().enumerate().filter_map(move |(at, letter)| {
        let heard = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'w' if at > 0 => return None,
            b'h' if at > 0 => return None,
            b'f' | b'v' => b'p',
            b'z' | b'x' => b's',
            b'q' | b'c' => b'k',
            b'd' => b't',
            b'j' => b'j',
            other => *other,
        };
        (heard != std::mem::replace(&mut last, heard)).then_some(heard)
    });
    hash(letters)
}

/// FNV-1a; the keys are compared by their words afterwards, so a clash costs time only.
fn hash(letters: impl Iterator<Item = u8>) -> u32 {
    letters.fold(0x811c_9dc5, |all, letter| (all ^ u32::from(letter)).wrapping_mul(0x0100_0193))
}

/// Numbers by key, in one sorted run with a table of where each start of a key begins.
#[derive(Debug, Default)]
struct Lookup {
    pairs: Box<[(u32, FormId)]>,
    starts: Box<[u32]>,
}

/// So many high bits of a key pick a place in the table.
const BITS: u32 = 14;

impl Lookup {
    fn of(mut pairs: Vec<(u32, FormId)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0; (1 << BITS) + 1];
        for (key, _) in &pairs {
            starts[(key >> (32 - BITS)) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { pairs: pairs.into_boxed_slice(), starts: starts.into_boxed_slice() }
    }

    fn get(&self, key: u32) -> impl Iterator<Item = FormId> {
        let place = (key >> (32 - BITS)) as usize;
        let bound = |at: usize| self.starts.get(at).map_or(0, |start| *start as usize);
        let run = self.pairs.get(bound(place)..bound(place + 1)).unwrap_or_default();
        let from = run.partition_point(|(known, _)| *known < key);
        run[from..].iter().take_while(move |(known, _)| *known == key).map(|(_, form)| *form)
    }
}
