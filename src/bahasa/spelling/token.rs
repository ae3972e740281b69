//! Where the words of a text start and end.

use std::ops::Range;

/// Marks that may stand inside a word and mean nothing: soft hyphens, zero-width joiners and
/// spaces, direction marks, the byte order mark.
pub(super) fn is_ignorable(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | '`' | 'ʼ' | '´')
}

/// Hyphens that join words; dashes separate them.
pub(super) fn is_hyphen(letter: char) -> bool {
    matches!(letter, '-' | '\u{2010}' | '\u{2011}')
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// What a run of characters is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, perhaps with digits behind them (`p2k2`, `anak2`).
    Word,
    /// Words joined by hyphens.
    Compound,
    /// Digits, perhaps with dots and commas between them.
    Number,
}

/// A run of a text that is one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

/// Cuts `text` into tokens. Offsets are always on character boundaries.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self, at: usize) -> Option<char> {
        self.text.get(at..).and_then(|rest| rest.chars().next())
    }

    /// Moves on from `at` past what can stand in a word; the end, and whether a hyphen was passed.
    fn word_end(&self, start: usize) -> (usize, bool) {
        let bytes = self.text.as_bytes();
        let (mut at, mut hyphens) = (start, false);
        loop {
            // The common case without decoding.
            while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                at += 1;
            }
            let Some(letter) = self.peek(at) else { return (at, hyphens) };
            let next = at + letter.len_utf8();
            if letter.is_alphanumeric() || is_ignorable(letter) || is_combining(letter) {
                at = next;
            } else if is_hyphen(letter) && self.peek(next).is_some_and(char::is_alphabetic) {
                at = next;
                hyphens = true;
            } else if is_apostrophe(letter) && self.peek(next).is_some_and(char::is_alphabetic) {
                at = next;
            } else {
                return (at, hyphens);
            }
        }
    }

    fn number_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut at = start;
        while digit(at) || (matches!(bytes.get(at), Some(b'.' | b',')) && digit(at + 1)) {
            at += 1;
        }
        at
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let letter = self.peek(self.at)?;
            let start = self.at;
            if letter.is_ascii_digit() {
                self.at = self.number_end(start);
                return Some(Token { range: start..self.at, kind: Kind::Number });
            }
            if letter.is_alphanumeric() {
                // `Rp50.000`: the currency stands apart from its number.
                let bytes = self.text.as_bytes();
                let money = matches!(bytes.get(start..start + 2), Some(b"Rp" | b"rp" | b"RP"));
                if money && bytes.get(start + 2).is_some_and(u8::is_ascii_digit) {
                    self.at = start + 2;
                    return Some(Token { range: start..self.at, kind: Kind::Word });
                }
                let (end, hyphens) = self.word_end(start);
                self.at = end;
                let kind = if hyphens { Kind::Compound } else { Kind::Word };
                return Some(Token { range: start..end, kind });
            }
            self.at += letter.len_utf8();
        }
    }
}
