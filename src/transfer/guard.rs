//! Keeping text cells text.
//!
//! A spreadsheet program takes a CSV cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage
//! return for a formula. Such a line gets an apostrophe in front, the mark by which spreadsheets
//! know text; reading takes exactly that apostrophe away again. Lines that already begin with
//! apostrophes before such a character get one more, so that every text comes back as it was.

use std::borrow::Cow;

/// The mark of text.
const MARK: char = '\'';

/// Whether a line would be taken for a formula.
///
/// Spaces before the sign do not help: programs trim them. The full-width forms of the signs are
/// taken for the plain ones by some programs of East Asia.
fn is_formula(line: &str) -> bool {
    for c in line.chars() {
        match c {
            '=' | '+' | '-' | '@' | '\t' | '＝' | '＋' | '－' | '＠' => return true,
            _ if c.is_whitespace() => {}
            _ => return false,
        }
    }
    false
}

/// One line of a cell.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    /// Without its end.
    text: &'t str,
    /// `\n`, `\r\n`, `\r`, or nothing for the last.
    end: &'t str,
    /// Whether the cell begins here.
    first: bool,
}

impl Line<'_> {
    /// Whether the line, behind any number of marks, would be taken for a formula. A carriage
    /// return counts as one where it begins the cell or stands alone.
    fn needs_mark(self) -> bool {
        let text = self.text.trim_start_matches(MARK);
        let returns = self.end == "\r" || (self.first && self.end == "\r\n");
        is_formula(text) || (returns && text.trim().is_empty())
    }
}

/// The lines of a text.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut rest = Some(text);
    let mut first = true;
    std::iter::from_fn(move || {
        let text = rest?;
        let at = text.find(['\n', '\r']).unwrap_or(text.len());
        let length = match &text[at..] {
            "" => 0,
            end if end.starts_with("\r\n") => 2,
            _ => 1,
        };
        rest = (length > 0).then(|| &text[at + length..]);
        let line = Line { text: &text[..at], end: &text[at..at + length], first };
        first = false;
        Some(line)
    })
}

/// Whether a cell with this text must be kept from becoming a formula.
pub(super) fn is_risky(text: &str) -> bool {
    lines(text).any(Line::needs_mark)
}

/// The text with a mark before each line that would be taken for a formula.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    if !is_risky(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 4);
    for line in lines(text) {
        if line.needs_mark() {
            out.push(MARK);
        }
        out.push_str(line.text);
        out.push_str(line.end);
    }
    Cow::Owned(out)
}

/// The text that [`guard`] was given; a text that it never made comes back as it is.
pub(super) fn unguard(text: &str) -> Cow<'_, str> {
    // Nearly every cell has no mark at all.
    if !text.as_bytes().contains(&b'\'') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for line in lines(text) {
        let marked = line.text.starts_with(MARK) && line.needs_mark();
        out.push_str(if marked { &line.text[MARK.len_utf8()..] } else { line.text });
        out.push_str(line.end);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_marked_and_comes_back() {
        for (text, marked) in [
            ("Melati", "Melati"),
            ("=1+1", "'=1+1"),
            ("  +62", "'  +62"),
            ("-3", "'-3"),
            ("@a", "'@a"),
            ("\t=x", "'\t=x"),
            ("\r=x", "'\r'=x"),
            ("\r\nx", "'\r\nx"),
            ("a\r\n\r\nb", "a\r\n\r\nb"),
            ("' '=x", "' '=x"),
            ("baik\n=HYPERLINK()", "baik\n'=HYPERLINK()"),
            ("baik\r\n- hujan", "baik\r\n'- hujan"),
            ("'=x", "''=x"),
            ("''=x", "'''=x"),
            ("'kutip", "'kutip"),
            ("a=b", "a=b"),
            ("＝x", "'＝x"),
            ("\u{a0}=x", "'\u{a0}=x"),
            ("", ""),
        ] {
            assert_eq!(guard(text), marked, "{text:?}");
            assert_eq!(unguard(marked), text, "{marked:?}");
        }
    }
}
