//! Comma-separated text: its parts, as people's programs write them, and writing it.

use std::borrow::Cow;
use std::io::{self, Write};

use super::guard::guard;

/// The mark that some programs write before UTF-8 text.
const BOM: char = '\u{feff}';

/// A quotation mark that was opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OpenQuote {
    /// The line, from 1, on which its record begins.
    pub(super) line: u32,
}

/// Where a record stands and whether its quotation marks are in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    /// The line, from 1, on which it begins.
    pub(super) line: u32,
    /// Something stands between a closing quotation mark and the next separator.
    pub(super) malformed: bool,
}

/// Takes text apart into records.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    delimiter: u8,
}

impl<'a> Parser<'a> {
    /// Begins at the head of a text; the separator is the one that its first line holds more of.
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix(BOM).unwrap_or(text);
        let mut parser = Self { text, at: 0, line: 1, delimiter: b',' };
        // A first line "sep=;" is how spreadsheets are told the separator.
        let first = text.lines().next().unwrap_or("");
        if let Some(separator) = first.trim().strip_prefix("sep=")
            && matches!(separator, "," | ";")
        {
            parser.delimiter = separator.as_bytes()[0];
            parser.at = text.find('\n').map_or(text.len(), |end| end + 1);
            parser.line = 2;
            return parser;
        }
        let header = text.trim_start_matches(['\r', '\n']);
        let header = header.split(['\r', '\n']).next().unwrap_or("");
        let count = |wanted: char| header.chars().filter(|c| *c == wanted).count();
        if count(';') > count(',') {
            parser.delimiter = b';';
        }
        parser
    }

    /// Goes through a piece of a text whose head was read already; its first line counts as line 1.
    pub(super) fn within(text: &'a str, delimiter: u8) -> Self {
        Self { text, at: 0, line: 1, delimiter }
    }

    /// The separator, and how many bytes and lines of the text stand before the first record.
    pub(super) fn start(&self) -> (u8, usize, u32) {
        (self.delimiter, self.at, self.line - 1)
    }

    /// The line reached, from 1.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// The next record into `fields`; none at the end. Empty lines are passed over.
    ///
    /// # Errors
    /// When a quotation mark is never closed: nothing behind it can be told apart any more.
    pub(super) fn next(
        &mut self,
        fields: &mut Vec<Cow<'a, str>>,
    ) -> Option<Result<Record, OpenQuote>> {
        fields.clear();
        let bytes = self.text.as_bytes();
        while let Some(end @ (b'\n' | b'\r')) = bytes.get(self.at) {
            self.line += u32::from(*end == b'\n' || bytes.get(self.at + 1) != Some(&b'\n'));
            self.at += 1;
        }
        if self.at >= bytes.len() {
            return None;
        }
        let mut record = Record { line: self.line, malformed: false };
        loop {
            let field = if bytes.get(self.at) == Some(&b'"') {
                match self.quoted(&mut record) {
                    Some(field) => field,
                    None => return Some(Err(OpenQuote { line: record.line })),
                }
            } else {
                Cow::Borrowed(self.plain())
            };
            fields.push(field);
            if bytes.get(self.at) == Some(&self.delimiter) {
                self.at += 1;
            } else {
                // The line end itself is passed over before the next record.
                return Some(Ok(record));
            }
        }
    }

    /// Everything up to the next separator or line end.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let ends = |byte: &u8| *byte == self.delimiter || *byte == b'\n' || *byte == b'\r';
        self.at = start + rest.iter().position(ends).unwrap_or(rest.len());
        &self.text[start..self.at]
    }

    /// A field in quotation marks; a doubled mark inside stands for one.
    fn quoted(&mut self, record: &mut Record) -> Option<Cow<'a, str>> {
        let mut whole: Option<String> = None;
        self.at += 1;
        loop {
            let start = self.at;
            let length = self.text.as_bytes()[start..].iter().position(|byte| *byte == b'"')?;
            let piece = &self.text[start..start + length];
            // The length of a file that is read here always fits.
            let lines = piece.bytes().filter(|byte| *byte == b'\n').count();
            self.line += u32::try_from(lines).unwrap_or(0);
            self.at = start + length + 1;
            if self.text.as_bytes().get(self.at) == Some(&b'"') {
                let whole = whole.get_or_insert_default();
                whole.push_str(piece);
                whole.push('"');
                self.at += 1;
                continue;
            }
            let mut field = match whole {
                None => Cow::Borrowed(piece),
                Some(whole) => Cow::Owned(whole + piece),
            };
            let behind = self.plain();
            if !behind.trim().is_empty() {
                record.malformed = true;
                field.to_mut().push_str(behind);
            }
            return Some(field);
        }
    }
}

/// Where the record that begins at `at` ends, before its line end; as [`Parser::next`] takes it.
pub(super) fn record_end(bytes: &[u8], mut at: usize, delimiter: u8) -> usize {
    loop {
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            loop {
                let Some(length) = bytes[at..].iter().position(|byte| *byte == b'"') else {
                    return bytes.len();
                };
                at += length + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                at += 1;
            }
        }
        let ends = |byte: &u8| *byte == delimiter || *byte == b'\n' || *byte == b'\r';
        at = bytes[at..].iter().position(ends).map_or(bytes.len(), |length| at + length);
        if bytes.get(at) != Some(&delimiter) {
            return at;
        }
        at += 1;
    }
}

/// Writes one record with commas, guarded against formulas, ended by `\r\n`.
///
/// # Errors
/// What the writer says.
pub(super) fn write_record<'v>(
    out: &mut dyn Write,
    fields: impl Iterator<Item = Cow<'v, str>>,
) -> io::Result<()> {
    for (at, field) in fields.enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        let field = guard(&field);
        // An empty line is no record, so an empty first field is written with marks.
        let quoted = field.contains([',', ';', '"', '\n', '\r', '\t'])
            || field.trim() != field
            || field.starts_with(BOM)
            || (at == 0 && field.is_empty());
        if quoted {
            out.write_all(b"\"")?;
            out.write_all(field.replace('"', "\"\"").as_bytes())?;
            out.write_all(b"\"")?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<(u32, bool, Vec<String>)>, OpenQuote> {
        let mut parser = Parser::new(text);
        let (mut fields, mut all) = (Vec::new(), Vec::new());
        while let Some(record) = parser.next(&mut fields) {
            let record = record?;
            let texts = fields.iter().map(|field| field.to_string()).collect();
            all.push((record.line, record.malformed, texts));
        }
        Ok(all)
    }

    #[test]
    fn records_end_where_the_parser_ends_them() {
        let parts = ["a", ",", "\"", "\n", "\r\n", "\r", ";", "é", "\"\"", " "];
        let mut seed = 7_u32;
        for _ in 0..20_000 {
            let mut text = String::from("a,b\n");
            for _ in 0..seed % 17 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(parts[(seed >> 24) as usize % parts.len()]);
            }
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) >> 1;
            let mut parser = Parser::within(&text, b',');
            let (mut fields, mut at) = (Vec::new(), 0);
            while let Some(Ok(_)) = parser.next(&mut fields) {
                while matches!(text.as_bytes().get(at), Some(b'\n' | b'\r')) {
                    at += 1;
                }
                at = record_end(text.as_bytes(), at, b',');
                assert_eq!(at, parser.at, "{text:?}");
            }
        }
    }

    #[test]
    fn records_are_told_apart_with_their_lines() {
        type Expected<'a> = &'a [(u32, bool, &'a [&'a str])];
        let cases: &[(&str, Expected<'_>)] = &[
            ("", &[]),
            ("a,b\n1,2\n", &[(1, false, &["a", "b"]), (2, false, &["1", "2"])]),
            (
                "\u{feff}a;b,c;d\r\n1;2;3",
                &[(1, false, &["a", "b,c", "d"]), (2, false, &["1", "2", "3"])],
            ),
            ("a,b\r1,2\r", &[(1, false, &["a", "b"]), (2, false, &["1", "2"])]),
            ("\n\na,b\n\r\n\n1,\n", &[(3, false, &["a", "b"]), (6, false, &["1", ""])]),
            ("sep=;\na;b\n", &[(2, false, &["a", "b"])]),
            (
                "a,b\n\"x\ny\",\"p\"\"q\"\n3,4",
                &[(1, false, &["a", "b"]), (2, false, &["x\ny", "p\"q"]), (4, false, &["3", "4"])],
            ),
            ("a,b\n5\" pipa,\"x\" \n", &[(1, false, &["a", "b"]), (2, false, &["5\" pipa", "x"])]),
            ("a,b\n\"x\"y,2", &[(1, false, &["a", "b"]), (2, true, &["xy", "2"])]),
        ];
        for (text, expected) in cases {
            let expected = expected.iter().map(|(line, malformed, fields)| {
                (*line, *malformed, fields.iter().map(|field| (*field).to_owned()).collect())
            });
            assert_eq!(parse(text), Ok(expected.collect()), "{text:?}");
        }
        assert_eq!(parse("a,b\n1,2\n\"x,3\n4,5\n"), Err(OpenQuote { line: 3 }));
    }
}
