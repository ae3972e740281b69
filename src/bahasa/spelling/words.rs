//! A text as words for the search: where each stands, how it is written, its form and its root.

use std::borrow::Cow;
use std::ops::Range;

use super::super::stem;
use super::number::{Speller, plain_figures};
use super::token::{Kind, Token, Tokens};
use super::{fold, tables};

/// One word of a text, as the search sees it.
///
/// Something written as one that is several words to the guides (`orangtua`) gives several, with
/// the same range; a phrase that is one word (`pos yandu`) gives one that covers it all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Where it stands in the text, in bytes, always on character boundaries.
    pub range: Range<usize>,
    /// As written, in lowercase and without accents. Of a phrase, its first word.
    pub surface: Cow<'a, str>,
    /// The guide's form, affixes and all: `resiko` is `risiko`, `1.000` and `seribu` are `1000`.
    pub form: Cow<'a, str>,
    /// The root of the form, in the guide's spelling.
    pub stem: Cow<'a, str>,
}

/// The words of `text`, in order. Takes any text; a text without letters and digits has none.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(text.len() / 6);
    words_of(text, |word| words.push(word));
    words
}

/// Hands the words of `text` to `found` one by one; see [`words`].
pub fn words_of<'a>(text: &'a str, mut found: impl FnMut(Word<'a>)) {
    let mut reader = Reader { text, tokens: Tokens::new(text), ahead: Vec::with_capacity(4) };
    while let Some(token) = reader.take() {
        reader.read(token, &mut found);
    }
}

/// A token with its folded text.
struct Read<'a> {
    token: Token,
    surface: Cow<'a, str>,
}

struct Reader<'a> {
    text: &'a str,
    tokens: Tokens<'a>,
    /// Tokens that were looked at and are still to come, the next one last.
    ahead: Vec<Read<'a>>,
}

/// No phrase in the tables and no number in words is longer than this.
const LONGEST_PHRASE: usize = 8;

impl<'a> Reader<'a> {
    fn take(&mut self) -> Option<Read<'a>> {
        if let Some(read) = self.ahead.pop() {
            return Some(read);
        }
        let token = self.tokens.next()?;
        let surface = fold(&self.text[token.range.clone()]);
        Some(Read { token, surface })
    }

    fn put_back(&mut self, read: Read<'a>) {
        self.ahead.push(read);
    }

    /// Whether nothing but one or two spaces or a hyphen stands between two places of the text.
    fn adjoining(&self, from: usize, to: usize) -> bool {
        let between = self.text.get(from..to).unwrap_or("\n");
        matches!(between, " " | "-" | "  " | "" | "\u{a0}" | "\n" | "\r\n")
    }

    fn read(&mut self, read: Read<'a>, found: &mut impl FnMut(Word<'a>)) {
        let Read { token, surface } = read;
        match token.kind {
            Kind::Number => {
                let form = match surface {
                    Cow::Borrowed(figures) => plain_figures(figures),
                    Cow::Owned(figures) => Cow::Owned(plain_figures(&figures).into_owned()),
                };
                let surface = fold(&self.text[token.range.clone()]);
                found(Word { range: token.range, surface, stem: form.clone(), form });
            }
            Kind::Compound => self.compound(Read { token, surface }, found),
            Kind::Word => {
                if let Some(word) = self.phrase(&token, &surface) {
                    return found(word);
                }
                match self.spelled_number(&token, &surface) {
                    Some(word) => found(word),
                    None => single(token.range, surface, found),
                }
            }
        }
    }

    /// A phrase of the tables that starts here and is one word.
    fn phrase(&mut self, token: &Token, surface: &Cow<'a, str>) -> Option<Word<'a>> {
        let phrases = tables::TABLES.phrases.get(surface.as_bytes())?;
        let mut end = token.range.end;
        let mut next: Vec<Read<'a>> = Vec::with_capacity(LONGEST_PHRASE);
        let longest = phrases.first().map_or(0, |phrase| phrase.rest.len());
        while next.len() < longest {
            let Some(read) = self.take() else { break };
            if !self.adjoining(end, read.token.range.start) {
                self.put_back(read);
                break;
            }
            end = read.token.range.end;
            next.push(read);
        }
        let fits = |rest: &[&str]| {
            rest.len() <= next.len()
                && rest.iter().zip(&next).all(|(word, read)| *word == read.surface)
        };
        let phrase = phrases.iter().find(|phrase| fits(&phrase.rest));
        let used = phrase.map_or(0, |phrase| phrase.rest.len());
        let end = used.checked_sub(1).map_or(token.range.end, |last| next[last].token.range.end);
        for read in next.drain(used..).rev() {
            self.put_back(read);
        }
        let form = phrase?.form;
        Some(Word {
            range: token.range.start..end,
            surface: surface.clone(),
            form: Cow::Borrowed(form),
            stem: root_of(Cow::Borrowed(form)),
        })
    }

    /// A number in words that starts here: `dua puluh lima`.
    fn spelled_number(&mut self, token: &Token, surface: &Cow<'a, str>) -> Option<Word<'a>> {
        let mut speller = Speller::default();
        if !speller.take(surface) {
            return None;
        }
        let mut end = token.range.end;
        for _ in 1..LONGEST_PHRASE {
            let Some(read) = self.take() else { break };
            if !self.adjoining(end, read.token.range.start) || !speller.take(&read.surface) {
                self.put_back(read);
                break;
            }
            end = read.token.range.end;
        }
        let form: Cow<'a, str> = Cow::Owned(speller.value()?.to_string());
        let range = token.range.start..end;
        Some(Word { range, surface: surface.clone(), stem: form.clone(), form })
    }

    /// Words joined by hyphens: one word if it is a doubling or in a table, else its parts.
    fn compound(&mut self, read: Read<'a>, found: &mut impl FnMut(Word<'a>)) {
        if let Some(form) = tables::one(&read.surface) {
            return several(&read.token.range, read.surface, form, found);
        }
        if let Some(root) = stem::doubled(&read.surface) {
            let stem = spelled_root(Cow::Owned(root.into_owned()));
            let form = read.surface.clone();
            return found(Word { range: read.token.range, surface: read.surface, form, stem });
        }
        let start = read.token.range.start;
        let written = &self.text[read.token.range.clone()];
        let mut parts = Vec::new();
        let mut at = 0;
        for part in written.split(super::token::is_hyphen) {
            let range = start + at..start + at + part.len();
            at += part.len() + written[at + part.len()..].chars().next().map_or(0, char::len_utf8);
            parts.push(Read { token: Token { range, kind: Kind::Word }, surface: fold(part) });
        }
        while let Some(part) = parts.pop() {
            if !part.surface.is_empty() {
                self.put_back(part);
            }
        }
    }
}

/// A word that is not part of a phrase.
fn single<'a>(range: Range<usize>, surface: Cow<'a, str>, found: &mut impl FnMut(Word<'a>)) {
    if let Some(form) = tables::one(&surface) {
        return several(&range, surface, form, found);
    }
    if surface.is_empty() {
        return;
    }
    if let Some(base) = stem::doubled_by_digit(&surface) {
        let base = tables::one(base).unwrap_or(base);
        let form = format!("{base}-{base}");
        let stem = spelled_root(Cow::Owned(stem::stem_lower(base).into_owned()));
        return found(Word { range, surface, form: Cow::Owned(form), stem });
    }
    if let Some(squeezed) = squeezed(&surface) {
        let form = tables::one(&squeezed).map_or(Cow::Owned(squeezed), Cow::Borrowed);
        let stem = root_of(form.clone());
        return found(Word { range, surface, form, stem });
    }
    let form = surface.clone();
    let stem = root_of(surface.clone());
    found(Word { range, surface, form, stem });
}

/// One written word whose form is one or more words.
#[expect(clippy::needless_pass_by_value, reason = "the caller's last use of the surface")]
fn several<'a>(
    range: &Range<usize>,
    surface: Cow<'a, str>,
    form: &'static str,
    found: &mut impl FnMut(Word<'a>),
) {
    for part in form.split(' ') {
        found(Word {
            range: range.clone(),
            surface: surface.clone(),
            form: Cow::Borrowed(part),
            stem: root_of(Cow::Borrowed(part)),
        });
    }
}

/// `banget` of `bangeeet`: a letter three times in a row is a way of speaking, not of spelling.
fn squeezed(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let drawn = |w: &[u8]| w[0] == w[1] && w[1] == w[2] && w[0].is_ascii_lowercase();
    if bytes.len() < 5 || !word.is_ascii() || !bytes.windows(3).any(drawn) {
        return None;
    }
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    (out.len() >= 3).then_some(out)
}

/// The root in the guide's spelling.
fn root_of(form: Cow<'_, str>) -> Cow<'_, str> {
    match form {
        Cow::Borrowed(form) => spelled_root(stem::stem_lower(form)),
        Cow::Owned(form) => {
            let root = spelled_root(stem::stem_lower(&form)).into_owned();
            Cow::Owned(root)
        }
    }
}

fn spelled_root(root: Cow<'_, str>) -> Cow<'_, str> {
    match tables::root_form(&root) {
        Some(form) => Cow::Borrowed(form),
        None => root,
    }
}
