//! A careful guess for a word whose root is in no list.
//!
//! Wrongly cut names and foreign words do more harm in a search than an affix left on, so only
//! affixes that rarely occur by chance are taken off, and only if what remains can be a root.

use std::borrow::Cow;

/// A prefix with the letters that must follow it, and the letter that it may have swallowed.
const VERB_PREFIXES: [(&str, &str, Option<char>); 14] = [
    ("memper", "", None),
    ("diper", "", None),
    ("mem", "bfpv", None),
    ("mem", "aeiou", Some('p')),
    ("meny", "aeiou", Some('s')),
    ("meng", "aeioughk", None),
    ("men", "cdjtsz", None),
    ("men", "aeiou", Some('t')),
    ("me", "lmnrwy", None),
    ("di", "", None),
    ("ter", "", None),
    ("ber", "", None),
    ("ku", "", None),
    ("se", "", None),
];

const NOUN_PREFIXES: [(&str, &str, Option<char>); 9] = [
    ("pem", "bfpv", None),
    ("pem", "aeiou", Some('p')),
    ("peny", "aeiou", Some('s')),
    ("peng", "aeioughk", None),
    ("pen", "cdjtsz", None),
    ("pen", "aeiou", Some('t')),
    ("per", "", None),
    ("pe", "lmnrwy", None),
    ("ke", "", None),
];

/// What is left of `word` (4 to 40 letters from `a` to `z`) when the certain affixes are gone.
pub(super) fn guess(word: &str) -> Cow<'_, str> {
    let bare = without_clitics(word);
    confix(bare, &["kan", "i"], &VERB_PREFIXES[..13])
        .or_else(|| confix(bare, &["an"], &NOUN_PREFIXES))
        .or_else(|| prefix_alone(bare))
        .unwrap_or(Cow::Borrowed(bare))
}

/// Takes -nya, -lah, -kah, -pun off what stays long enough.
fn without_clitics(word: &str) -> &str {
    let mut word = word;
    for ending in ["lah", "kah", "pun", "nya"] {
        if let Some(rest) = word.strip_suffix(ending)
            && plausible(rest, 4)
        {
            word = rest;
        }
    }
    word
}

/// Prefix and suffix that belong together are strong evidence.
fn confix<'a>(
    word: &'a str,
    suffixes: &[&str],
    prefixes: &[(&str, &str, Option<char>)],
) -> Option<Cow<'a, str>> {
    let rest = suffixes.iter().find_map(|suffix| word.strip_suffix(suffix))?;
    prefixes.iter().find_map(|prefix| without_prefix(rest, *prefix, 4))
}

/// A prefix alone is believed only with a nasal that fits the letter behind it.
fn prefix_alone(word: &str) -> Option<Cow<'_, str>> {
    VERB_PREFIXES[..8].iter().find_map(|prefix| without_prefix(word, *prefix, 5))
}

fn without_prefix<'a>(
    word: &'a str,
    (prefix, next, swallowed): (&str, &str, Option<char>),
    shortest: usize,
) -> Option<Cow<'a, str>> {
    let rest = word.strip_prefix(prefix)?;
    let first = rest.chars().next()?;
    if !(next.is_empty() || next.contains(first)) {
        return None;
    }
    let Some(letter) = swallowed else {
        return plausible(rest, shortest).then_some(Cow::Borrowed(rest));
    };
    let mut root = String::with_capacity(rest.len() + 1);
    root.push(letter);
    root.push_str(rest);
    plausible(&root, shortest).then_some(Cow::Owned(root))
}

/// Whether this can be a root: long enough, at least two vowels apart, no impossible start.
fn plausible(root: &str, shortest: usize) -> bool {
    let mut syllables = 0;
    let mut consonants = 0;
    let mut after_vowel = false;
    for letter in root.bytes() {
        let vowel = matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u');
        if vowel && !after_vowel {
            syllables += 1;
            // Three consonants at the start, as in `str`, are the most that loanwords have.
            if syllables == 1 && consonants > 3 {
                return false;
            }
        }
        consonants = if vowel { 0 } else { consonants + 1 };
        after_vowel = vowel;
    }
    root.len() >= shortest && syllables >= 2
}
