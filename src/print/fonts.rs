//! The faces that are embedded, and the letters that they hold.

use std::collections::BTreeSet;

use super::data::text::BREAK_HERE;
use serde_json::Value;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

const FACES: [&[u8]; 4] = [
    include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
    include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
    include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Italic.ttf"),
    include_bytes!("../../fonts/LiberationSans-Regular.ttf"),
];

/// Stands where a letter cannot be printed.
const MISSING: char = '\u{25a1}';

/// The fonts of the printer.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) all: Vec<Font>,
    letters: BTreeSet<char>,
}

impl Fonts {
    pub(super) fn load() -> Self {
        let all: Vec<Font> = FACES.iter().flat_map(|face| Font::iter(Bytes::new(*face))).collect();
        let mut letters = BTreeSet::new();
        for font in &all {
            let info = font.info();
            letters.extend(
                (0..0x1_0000)
                    .filter(|code| info.coverage.contains(*code))
                    .filter_map(char::from_u32),
            );
        }
        Self { book: LazyHash::new(FontBook::from_fonts(&all)), all, letters }
    }

    /// Replaces what no face holds in every text of the data, and gives how many letters that
    /// were. A PDF with a letter that is not in its fonts is refused by its standard.
    pub(super) fn make_printable(&self, data: &mut Value) -> usize {
        match data {
            Value::String(text) => self.make_text_printable(text),
            Value::Array(items) => items.iter_mut().map(|item| self.make_printable(item)).sum(),
            Value::Object(map) => map.values_mut().map(|item| self.make_printable(item)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
    }

    fn make_text_printable(&self, text: &mut String) -> usize {
        let is_fine = |c: char| {
            matches!(c, ' '..='~' | '\n' | '\u{a0}' | BREAK_HERE) || self.letters.contains(&c)
        };
        if text.chars().all(is_fine) {
            return 0;
        }
        let mut replaced = 0;
        *text = text
            .chars()
            .filter_map(|c| match c {
                _ if is_fine(c) => Some(c),
                '\t' => Some(' '),
                // What is not seen is not missed: marks of direction, joiners, soft hyphens.
                _ if c.is_control() || is_invisible(c) => None,
                _ => {
                    replaced += 1;
                    Some(MISSING)
                }
            })
            .collect();
        replaced
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}
