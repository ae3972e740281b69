//! Spelling as people type it, brought to the form that the guides use.
//!
//! The tables are text files beside this folder, one pair a line: `ejaan.txt` (spelling),
//! `cakapan.txt` (everyday speech), `singkatan.txt` (SMS forms), `pisah-gabung.txt` (words joined
//! or split). [`words`] applies them while it cuts a text into words for the search.

mod edit;
mod number;
mod tables;
mod token;
mod words;

use std::borrow::Cow;

pub use self::edit::edit_cost;
pub use self::words::{Word, words, words_of};

pub(super) use self::tables::variants;

/// Whether this lowercase word only holds a sentence together (`yang`, `untuk`, `bagaimana`).
///
/// For dropping words from a query, never from an index. A query of nothing but such words should
/// be searched as it is.
pub fn is_function_word(word: &str) -> bool {
    tables::TABLES.function_words.contains(word.as_bytes())
}

/// The guide's form of one word or of a joined pair: `resiko` gives `risiko`, `orangtua` gives
/// `orang tua`, `klo` gives `kalau`. A word in no table comes back lowercase and without accents.
///
/// `word` is a single word in any case. Affixes stay: this is about the word as written.
pub fn normalise(word: &str) -> Cow<'_, str> {
    let folded = fold(word);
    match tables::one(&folded) {
        Some(form) => Cow::Borrowed(form),
        None => folded,
    }
}

/// Lowercase, without accents, soft hyphens, zero-width marks and apostrophes.
///
/// Borrows if there is nothing to do.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Cow::Borrowed(word);
    }
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            _ if token::is_ignorable(letter) || token::is_apostrophe(letter) => {}
            _ if token::is_hyphen(letter) => out.push('-'),
            'A'..='Z' => out.push(letter.to_ascii_lowercase()),
            _ if letter.is_ascii() => out.push(letter),
            _ => letter.to_lowercase().for_each(|lower| push_bare(lower, &mut out)),
        }
    }
    Cow::Owned(out)
}

/// Adds a lowercase letter without its accent.
fn push_bare(letter: char, out: &mut String) {
    let bare = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ō' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => 'u',
        'ç' | 'č' | 'ć' => 'c',
        'ñ' => 'n',
        'š' | 'ś' | 'ṣ' => 's',
        'ž' => 'z',
        // A combining mark: what `to_lowercase` leaves behind of İ, and decomposed accents.
        '\u{300}'..='\u{36f}' => return,
        _ => letter,
    };
    out.push(bare);
}

#[cfg(test)]
mod tests;
