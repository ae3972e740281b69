//! The list of roots: one look-up for roots, words that stay whole and listed exceptions.

use std::sync::LazyLock;

use super::super::spelling;
use super::super::table::{WordMap, lines, pairs};

static AKAR: &str = include_str!("../akar.txt");
static UTUH: &str = include_str!("../utuh.txt");
static KECUALIAN: &str = include_str!("../kecualian.txt");

struct Roots {
    words: WordMap<&'static str>,
    /// Which pairs of first letters occur at which length, so that most look-ups end here.
    starts: Vec<u32>,
}

static ROOTS: LazyLock<Roots> = LazyLock::new(|| {
    let mut words = WordMap::default();
    words.reserve(12_000);
    for root in lines(AKAR).chain(lines(UTUH).flat_map(str::split_whitespace)) {
        words.insert(root.as_bytes(), root);
    }
    // Spelling variants (`hutang`, `dateng`) are roots to the stemmer, so that their affixed forms
    // are understood; the tokenizer then puts the guide's spelling in their place.
    for (variant, form) in spelling::variants() {
        let affixed = variant.ends_with("an") || variant.ends_with("in");
        if !affixed && words.contains_key(form.as_bytes()) {
            words.entry(variant.as_bytes()).or_insert(variant);
        }
    }
    for (word, root) in pairs(KECUALIAN) {
        words.insert(word.as_bytes(), root);
    }
    let mut starts = vec![0; 26 * 26];
    words.keys().for_each(|word| {
        if let Some(slot) = start_slot(word) {
            starts[slot] |= length_bit(word.len());
        }
    });
    Roots { words, starts }
});

fn start_slot(word: &[u8]) -> Option<usize> {
    match word {
        [a @ b'a'..=b'z', b @ b'a'..=b'z', ..] => {
            Some(usize::from(a - b'a') * 26 + usize::from(b - b'a'))
        }
        _ => None,
    }
}

fn length_bit(len: usize) -> u32 {
    1 << len.min(31)
}

/// The root that the lists give for this lowercase word: itself for a root or a word that stays
/// whole, another for a listed exception.
pub(super) fn find(word: &[u8]) -> Option<&'static str> {
    let roots = &*ROOTS;
    if let Some(slot) = start_slot(word)
        && roots.starts[slot] & length_bit(word.len()) == 0
    {
        return None;
    }
    roots.words.get(word).copied()
}
