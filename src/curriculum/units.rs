//! A text cut into the pieces that people change: paragraphs, list items, rows, headings.

use super::headings::Part;

/// One piece of a text. All pieces in order are the text again, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit<'a> {
    /// The piece, with its line ends.
    pub(crate) text: &'a str,
    /// Its first line, counted from 1.
    pub(crate) line: u32,
    /// Says that it consists of blank lines.
    pub(crate) blank: bool,
}

/// Cuts a text into pieces: blank lines, lines of the head, headings, list items, rows of tables,
/// and paragraphs of one or more lines.
pub(crate) fn units(text: &str) -> Vec<Unit<'_>> {
    let body = super::front_matter::split(text).body;
    let mut units: Vec<Unit<'_>> = Vec::new();
    // What the piece began as, and where.
    let mut open: Option<(Kind, usize, u32)> = None;
    let mut offset = 0;
    for (line, number) in text.split_inclusive('\n').zip(1_u32..) {
        let kind = if offset < body { Kind::Alone } else { Kind::of(line) };
        let goes_on = open.is_some_and(|(before, _, _)| kind.continues(before));
        if !goes_on {
            if let Some(begun) = open.take() {
                push(&mut units, text, begun, offset);
            }
            open = Some((kind, offset, number));
        }
        offset += line.len();
    }
    if let Some(begun) = open {
        push(&mut units, text, begun, offset);
    }
    units
}

fn push<'a>(units: &mut Vec<Unit<'a>>, text: &'a str, begun: (Kind, usize, u32), end: usize) {
    let (kind, start, line) = begun;
    let text = text.get(start..end).unwrap_or("");
    units.push(Unit { text, line, blank: kind == Kind::Blank });
}

/// How a line behaves towards the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    /// A line that is a piece of its own: a heading, a row of a table, a line of the head.
    Alone,
    /// The first line of an item of a list.
    Item,
    Quote,
    Text,
}

impl Kind {
    fn of(line: &str) -> Self {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = number.len() < line.len() && number.starts_with([')', '.']);
        match line.chars().next() {
            None => Self::Blank,
            Some('#' | '|') => Self::Alone,
            Some('>') => Self::Quote,
            Some('-' | '*' | '+') if line[1..].starts_with(' ') => Self::Item,
            _ if is_number && number[1..].starts_with(' ') => Self::Item,
            Some(_) => Self::Text,
        }
    }

    fn continues(self, before: Self) -> bool {
        match self {
            Self::Blank => before == Self::Blank,
            Self::Quote => before == Self::Quote,
            Self::Text => matches!(before, Self::Text | Self::Item | Self::Quote),
            Self::Alone | Self::Item => false,
        }
    }
}

/// Follows the headings of a text and says in which section a piece stands.
#[derive(Debug, Default)]
pub(crate) struct Headings {
    part: String,
    section: String,
}

impl Headings {
    /// Takes notice of a piece.
    pub(crate) fn pass(&mut self, text: &str) {
        let line = text.trim_start();
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let Some(rest) = line.get(level..).filter(|rest| rest.starts_with(' ')) else { return };
        match level {
            1 => {
                Part::Pengantar.title().clone_into(&mut self.part);
                self.section.clear();
            }
            2 => {
                rest.trim().clone_into(&mut self.part);
                self.section.clear();
            }
            3 => rest.trim().clone_into(&mut self.section),
            _ => {}
        }
    }

    /// The section, for example `Langkah-langkah › Langkah 2: Curah pendapat (20 menit)`; before
    /// any heading it is the head of the file.
    pub(crate) fn label(&self) -> String {
        match (self.part.as_str(), self.section.as_str()) {
            ("", _) => "Kepala naskah".to_owned(),
            (part, "") => part.to_owned(),
            (part, section) => format!("{part} › {section}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_people_see_pieces() {
        let text = "---\nid: a\n---\n# T\nsatu\ndua\n\n\n- x\n  y\n- z\n1. a\n2) b\n|a|\n|b|\n> q\nr\n**b**";
        let pieces: Vec<_> = units(text).iter().map(|u| (u.line, u.text, u.blank)).collect();
        let expected = [
            (1, "---\n", false),
            (2, "id: a\n", false),
            (3, "---\n", false),
            (4, "# T\n", false),
            (5, "satu\ndua\n", false),
            (7, "\n\n", true),
            (9, "- x\n  y\n", false),
            (11, "- z\n", false),
            (12, "1. a\n", false),
            (13, "2) b\n", false),
            (14, "|a|\n", false),
            (15, "|b|\n", false),
            (16, "> q\nr\n", false),
            (18, "**b**", false),
        ];
        // A line of strong words goes on with the paragraph or quote before it.
        let expected: Vec<_> =
            expected.into_iter().take(12).chain([(16, "> q\nr\n**b**", false)]).collect();
        assert_eq!(pieces, expected);
    }

    #[test]
    fn the_pieces_are_the_text() {
        for text in [
            "",
            "\n",
            "a",
            "a\r\n\r\nb",
            "---\nx",
            "é\n\n> ü\n",
            "-\n*\n+ \n1.\n",
            "\u{feff}---\na: 1\n---\nb",
        ] {
            let joined: String = units(text).iter().map(|unit| unit.text).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn headings_name_the_place() {
        let mut at = Headings::default();
        let cases = [
            ("id: a", "Kepala naskah"),
            ("# Judul", "Pengantar"),
            ("## Langkah-langkah", "Langkah-langkah"),
            ("### Langkah 1: Pembukaan", "Langkah-langkah › Langkah 1: Pembukaan"),
            ("#### Kisah", "Langkah-langkah › Langkah 1: Pembukaan"),
            ("#tanpa spasi", "Langkah-langkah › Langkah 1: Pembukaan"),
            ("## Pesan kunci", "Pesan kunci"),
        ];
        for (text, expected) in cases {
            at.pass(text);
            assert_eq!(at.label(), expected, "{text}");
        }
    }
}
