//! Phrases between double quotes, which must stand in a text just so.

use super::entry::{Entry, Tokens};
use super::vocab::{FormId, Vocab};

/// More phrases of one query are not looked for.
const MAX_PHRASES: usize = 8;

/// The phrases of a query.
#[derive(Debug, Default)]
pub(super) struct Quoted {
    phrases: Vec<Vec<FormId>>,
    /// A phrase has a word that no text has.
    hopeless: bool,
}

impl Quoted {
    /// Reads the phrases of a query. A quote that is not closed is no phrase.
    pub(super) fn read(text: &str, vocab: &Vocab) -> Self {
        let mut quoted = Self::default();
        let pieces: Vec<&str> = text.split(['"', '“', '”', '„']).collect();
        // Every second piece is inside; the last is, too, only where a quote stands open.
        let closed = pieces.len() - 1;
        for inside in pieces[..closed].iter().skip(1).step_by(2).take(MAX_PHRASES) {
            let words = crate::bahasa::words(inside);
            let forms: Option<Vec<_>> =
                words.iter().map(|word| vocab.find_form(&word.form)).collect();
            match forms {
                Some(forms) if forms.is_empty() => {}
                Some(forms) => quoted.phrases.push(forms),
                None => quoted.hopeless = true,
            }
        }
        quoted
    }

    pub(super) fn is_empty(&self) -> bool {
        self.phrases.is_empty() && !self.hopeless
    }

    /// The roots that a section must have.
    pub(super) fn stems(&self, vocab: &Vocab) -> Vec<String> {
        let stem = |form: &FormId| vocab.stem_of(vocab.form_of(*form).stem).text.to_string();
        let mut stems: Vec<String> = self.phrases.iter().flatten().map(stem).collect();
        stems.sort_unstable();
        stems.dedup();
        stems
    }

    /// Whether a section of the entry has all phrases.
    pub(super) fn hold(&self, entry: &Entry, sections: &[u32]) -> bool {
        self.is_empty()
            || (!self.hopeless
                && sections
                    .iter()
                    .filter_map(|at| entry.sections.get(*at as usize))
                    .any(|tokens| self.all_in(tokens)))
    }

    fn all_in(&self, tokens: &Tokens) -> bool {
        let has = |phrase: &Vec<FormId>| {
            tokens.forms.windows(phrase.len()).any(|words| words == phrase.as_slice())
        };
        self.phrases.iter().all(has)
    }
}
