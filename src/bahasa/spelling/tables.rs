//! The spelling tables, read once.

use std::sync::LazyLock;

use super::super::table::{WordMap, WordSet, lines, pairs};

static EJAAN: &str = include_str!("../ejaan.txt");
static CAKAPAN: &str = include_str!("../cakapan.txt");
static SINGKATAN: &str = include_str!("../singkatan.txt");
static PISAH_GABUNG: &str = include_str!("../pisah-gabung.txt");
static KATA_TUGAS: &str = include_str!("../kata-tugas.txt");

/// A phrase of two or three words that is one word to the guides.
pub(super) struct Phrase {
    /// The words behind the first.
    pub(super) rest: Vec<&'static str>,
    pub(super) form: &'static str,
}

pub(super) struct Tables {
    /// What is written as one word and its form, which may be several words.
    pub(super) words: WordMap<&'static str>,
    /// Phrases by their first word, longest first.
    pub(super) phrases: WordMap<Vec<Phrase>>,
    pub(super) function_words: WordSet,
}

pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        words: WordMap::default(),
        phrases: WordMap::default(),
        function_words: lines(KATA_TUGAS).map(str::as_bytes).collect(),
    };
    for (written, form) in [EJAAN, CAKAPAN, SINGKATAN, PISAH_GABUNG].into_iter().flat_map(pairs) {
        let mut parts = written.split(' ');
        let first = parts.next().unwrap_or(written);
        let rest: Vec<_> = parts.collect();
        if rest.is_empty() {
            tables.words.insert(written.as_bytes(), form);
        } else {
            tables.phrases.entry(first.as_bytes()).or_default().push(Phrase { rest, form });
        }
    }
    tables.phrases.values_mut().for_each(|phrases| {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.rest.len()));
    });
    tables
});

/// The form of a word that is in a table.
pub(super) fn one(word: &str) -> Option<&'static str> {
    TABLES.words.get(word.as_bytes()).copied()
}

/// The form of a root, if it is one word; a root never turns into two.
pub(super) fn root_form(root: &str) -> Option<&'static str> {
    one(root).filter(|form| !form.contains(' '))
}

/// Other spellings of single words with their forms, those long enough not to be taken for a part
/// of some other word.
pub(in super::super) fn variants() -> impl Iterator<Item = (&'static str, &'static str)> {
    [EJAAN, CAKAPAN].into_iter().flat_map(pairs).filter(|(written, _)| {
        written.len() >= 4 && written.bytes().all(|b| b.is_ascii_lowercase())
    })
}
