//! From a word to its root: *menabung* and *tabungan* to *tabung*.
//!
//! The method is confix stripping as published by Nazief and Adriani and refined by Asian and
//! others: take a prefix chain and suffixes off together and accept what a list of roots knows.
//! Where the published method stops at the first hit, this one looks at all analyses of the word
//! and takes the cheapest (see [`affix`]), so that *memakai* is *pakai* and not *maka* with *-i*.
//! A word of which no analysis is known goes to [`fallback`], which strips only what is certain.

mod affix;
mod fallback;
mod roots;

use std::borrow::Cow;

use super::spelling::fold;

/// Words longer than this many bytes are no Indonesian words and are left as they are.
const LONGEST: usize = 40;

/// The root of one word, in lowercase.
///
/// `word` is a single word in any case, with or without a hyphen (`anak-anaknya`) or the digit 2
/// for a doubling (`anak2`). Accents and soft hyphens are dropped first. A word that is a root, a
/// foreign word, a number or no word at all comes back as it is in lowercase. Never fails; the
/// time is bounded whatever the input.
pub fn stem(word: &str) -> String {
    let word = fold(word);
    match stem_lower(&word) {
        Cow::Borrowed(root) => root.to_owned(),
        Cow::Owned(root) => root,
    }
}

/// [`stem`] for a word that is already lowercase and without accents.
///
/// Allocates only for an unknown root whose first letter was swallowed by a prefix. A word with
/// letters beyond `a` to `z`, or one that is shorter than 4 or longer than 40 bytes, comes back
/// unchanged.
pub fn stem_lower(word: &str) -> Cow<'_, str> {
    if word.len() < 4 || word.len() > 2 * LONGEST + 1 || !word.is_ascii() {
        return Cow::Borrowed(word);
    }
    if let Some(root) = roots::find(word.as_bytes()) {
        return Cow::Borrowed(root);
    }
    if word.contains('-') {
        return doubled(word).unwrap_or(Cow::Borrowed(word));
    }
    if let Some(base) = doubled_by_digit(word) {
        return single(base);
    }
    single(word)
}

/// Whether the list of roots (or of words that stay whole) has this lowercase word.
pub fn is_root(word: &str) -> bool {
    roots::find(word.as_bytes()) == Some(word)
}

fn single(word: &str) -> Cow<'_, str> {
    if word.len() < 4 || word.len() > LONGEST || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(word);
    }
    if let Some(root) = roots::find(word.as_bytes()) {
        return Cow::Borrowed(root);
    }
    affix::best_root(word).map_or_else(|| fallback::guess(word), Cow::Borrowed)
}

/// The root of a hyphenated word that is one word: a doubling (`anak-anaknya`,
/// `tolong-menolong`) or a prefix set off by a hyphen (`se-kecamatan`).
///
/// `None` if the hyphen joins different words (`ibu-anak`); those are for the tokenizer to split.
pub(super) fn doubled(word: &str) -> Option<Cow<'_, str>> {
    if let Some(root) = roots::find(word.as_bytes()) {
        return Some(Cow::Borrowed(root));
    }
    let (first, last) = word.rsplit_once('-')?;
    if last.is_empty() || first.is_empty() {
        return None;
    }
    if matches!(first, "se" | "ke" | "di" | "ber" | "me" | "ter" | "per" | "pe" | "nge") {
        return Some(single(last));
    }
    let first = first.rsplit('-').next().filter(|part| !part.is_empty())?;
    // `buku-buku`, and `pertama-tama`, where only the end is doubled.
    if first.ends_with(last) && last.len() >= 3 {
        return Some(single(first));
    }
    if matches!(last, "nya" | "ku" | "mu" | "an" | "kan" | "lah" | "kah" | "pun") {
        return Some(single(first));
    }
    // `berlari-larian`, `tolong-menolong`, `buku-bukunya`: both halves lead to one root. The
    // doubled half may lack the first letter that a prefix swallowed (`memukul-mukul`,
    // `menari-nari`).
    let roots = (single(first), single(last));
    if roots.0 == roots.1 || affix::swallowed(&roots.0, last) {
        return Some(roots.0);
    }
    let same_tail = affix::swallowed(&roots.1, first);
    same_tail.then_some(roots.1)
}

/// `anak` of `anak2`, `anak2nya`, `anak2an`.
pub(super) fn doubled_by_digit(word: &str) -> Option<&str> {
    let (base, ending) = word.split_once('2')?;
    let plain = base.len() >= 3 && base.bytes().all(|b| b.is_ascii_lowercase());
    let known = matches!(ending, "" | "nya" | "an" | "kan" | "ku" | "mu" | "lah" | "annya" | "pun");
    (plain && known).then_some(base)
}

#[cfg(test)]
mod tests;
