//! Bringing together two changes of one text, paragraph by paragraph.

use diffy::{ConflictStyle, MergeOptions};
use serde::Serialize;

use super::units::{Headings, units};

/// Two changes of one text brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merge {
    /// The merged text in order, with the places where a person has to choose.
    pub pieces: Vec<Piece>,
}

/// A part of a merged text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Text on which both sides agree or that only one changed.
    Merged(String),
    /// Text that both changed, each in another way.
    Conflict(Conflict),
}

/// A place that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The section in which it stands.
    pub heading: String,
    /// The text from which both started.
    pub base: String,
    /// What the one who saves now wrote.
    pub ours: String,
    /// What was saved in the meantime.
    pub theirs: String,
}

impl Merge {
    /// The merged text; `None` while there are conflicts.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Merged(merged) => text.push_str(merged),
                Piece::Conflict(_) => return None,
            }
        }
        Some(text)
    }

    /// The places where a person has to choose.
    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Conflict(conflict) => Some(conflict),
            Piece::Merged(_) => None,
        })
    }

    /// The text with both versions of every conflict between marked lines, to be mended by hand.
    pub fn text_with_marks(&self) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Merged(merged) => text.push_str(merged),
                Piece::Conflict(conflict) => {
                    let sides = [
                        ("<<<<<<< tulisan Anda", &conflict.ours),
                        ("======= tersimpan sebelumnya", &conflict.theirs),
                    ];
                    for (mark, side) in sides {
                        push_line(&mut text, mark);
                        push_line(&mut text, side);
                    }
                    push_line(&mut text, ">>>>>>> pilih salah satu, lalu hapus baris tanda");
                }
            }
        }
        text
    }
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(line);
    if !line.is_empty() && !line.ends_with('\n') {
        text.push('\n');
    }
}

/// Texts with more paragraphs than this are not merged but shown as one conflict.
const MAX_UNITS: usize = 5_000;

/// Merges two changes of `base`.
///
/// Changes of different paragraphs, items or rows go together; changes of the same or of
/// neighbouring ones are conflicts. No byte of what only one side changed is altered.
pub fn merge(base: &str, ours: &str, theirs: &str) -> Merge {
    let whole = |text: &str| Merge { pieces: vec![Piece::Merged(text.to_owned())] };
    if ours == theirs || theirs == base {
        return whole(ours);
    }
    if ours == base {
        return whole(theirs);
    }
    let texts = [base, ours, theirs];
    let encoding = Encoding::for_texts(&texts);
    let lines = texts.map(|text| encoding.as_ref().and_then(|encoding| encoding.encode(text)));
    let (Some(encoding), [Some(base_lines), Some(our_lines), Some(their_lines)]) =
        (&encoding, &lines)
    else {
        let conflict = Conflict {
            heading: Headings::default().label(),
            base: base.to_owned(),
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
        };
        return Merge { pieces: vec![Piece::Conflict(conflict)] };
    };
    let mut options = MergeOptions::new();
    options.set_conflict_marker_length(encoding.mark_len).set_conflict_style(ConflictStyle::Diff3);
    match options.merge(base_lines, our_lines, their_lines) {
        Ok(merged) => whole(&encoding.decode(&merged)),
        Err(marked) => Merge { pieces: encoding.pieces(&marked) },
    }
}

/// How paragraphs are written as single lines, which is what the merge works on.
struct Encoding {
    /// Stands for a line end inside a paragraph; occurs in none of the texts.
    line_end: char,
    /// Longer than any run of marks in the texts.
    mark_len: usize,
}

/// The marks of a conflict: ours, base, theirs, end.
const MARKS: [char; 4] = ['<', '|', '=', '>'];

impl Encoding {
    fn for_texts(texts: &[&str]) -> Option<Self> {
        let line_end =
            ('\u{e000}'..='\u{f8ff}').find(|c| texts.iter().all(|text| !text.contains(*c)))?;
        let longest = texts.iter().map(|text| longest_run(text)).max().unwrap_or(0);
        Some(Self { line_end, mark_len: longest + 7 })
    }

    /// One line for each piece; `None` where there are too many.
    fn encode(&self, text: &str) -> Option<String> {
        let pieces = units(text);
        if pieces.len() > MAX_UNITS {
            return None;
        }
        let mut out = String::with_capacity(text.len() * 2);
        for piece in pieces {
            out.extend(piece.text.chars().map(|c| if c == '\n' { self.line_end } else { c }));
            out.push('\n');
        }
        Some(out)
    }

    fn decode(&self, lines: &str) -> String {
        let kept = lines.chars().filter(|c| *c != '\n');
        kept.map(|c| if c == self.line_end { '\n' } else { c }).collect()
    }

    /// Takes a merge with marks apart.
    fn pieces(&self, marked: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        // Text outside, then ours, base and theirs of the conflict that is open.
        let mut sides: [String; 4] = Default::default();
        let mut side = 0;
        let mut headings = Headings::default();
        for line in marked.split_inclusive('\n') {
            match MARKS.iter().position(|mark| self.is_mark(line, *mark)) {
                Some(3) => {
                    let [_, ours, base, theirs] = std::mem::take(&mut sides);
                    let heading = headings.label();
                    ours.split_inclusive('\n').for_each(|line| headings.pass(line));
                    let [base, ours, theirs] = [base, ours, theirs].map(|text| self.decode(&text));
                    pieces.push(Piece::Conflict(Conflict { heading, base, ours, theirs }));
                    side = 0;
                }
                Some(mark) => {
                    if mark == 0 && !sides[0].is_empty() {
                        pieces.push(Piece::Merged(self.decode(&std::mem::take(&mut sides[0]))));
                    }
                    side = mark + 1;
                }
                None => {
                    if side == 0 {
                        headings.pass(&self.decode(line));
                    }
                    sides[side].push_str(line);
                }
            }
        }
        if !sides[0].is_empty() {
            pieces.push(Piece::Merged(self.decode(&sides[0])));
        }
        pieces
    }

    fn is_mark(&self, line: &str, mark: char) -> bool {
        line.chars().take_while(|c| *c == mark).count() == self.mark_len
    }
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run, mut last) = (0, 0, '\0');
    for c in text.chars() {
        run = if c == last { run + 1 } else { 1 };
        last = c;
        if MARKS.contains(&c) {
            longest = longest.max(run);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "---\nid: a\n---\n\n# Judul\n\nSatu.\n\n## Tujuan\n\nDua\ndua.\n\n- x\n- y\n\
        - z\n\n## Pesan kunci\n\n<<<<<<< bukan tanda\n\nTiga.";

    #[test]
    fn changes_of_different_paragraphs_go_together() {
        let cases = [
            ("Satu.", "Satu satu.", "Tiga.", "Tiga tiga.\n"),
            ("Satu.", "Satu satu.", "## Tujuan\n", "## Tujuan sesi\n"),
            ("- x", "- x x", "- z", "- z z"),
            ("Dua\ndua.\n\n", "", "- z\n", "- z\n- zz\n"),
            ("id: a", "id: b", "Dua\ndua", "Dua\r\ndua"),
        ];
        for (from, to, other_from, other_to) in cases {
            let ours = BASE.replace(from, to);
            let theirs = BASE.replace(other_from, other_to);
            let both = ours.replace(other_from, other_to);
            let merged = merge(BASE, &ours, &theirs);
            assert_eq!(merged.text().as_deref(), Some(both.as_str()), "{to} and {other_to}");
            assert_eq!(merge(BASE, &theirs, &ours).text(), Some(both), "{other_to} and {to}");
        }
    }

    #[test]
    fn one_side_alone_wins_byte_for_byte() {
        let ours = BASE.replace("Dua", "Empat");
        for (a, b) in [(ours.as_str(), BASE), (BASE, ours.as_str()), (ours.as_str(), ours.as_str())]
        {
            assert_eq!(merge(BASE, a, b).text().as_deref(), Some(ours.as_str()));
        }
    }

    #[test]
    fn changes_of_one_paragraph_are_a_conflict_with_its_place() {
        let ours = BASE.replace("Dua\ndua.", "Dua\nempat.").replace("Tiga.", "Tiga!");
        let theirs = BASE.replace("Dua\ndua.", "Dua\nlima.");
        let merged = merge(BASE, &ours, &theirs);
        let expected = Conflict {
            heading: "Tujuan".to_owned(),
            base: "Dua\ndua.\n".to_owned(),
            ours: "Dua\nempat.\n".to_owned(),
            theirs: "Dua\nlima.\n".to_owned(),
        };
        assert_eq!(merged.text(), None);
        assert_eq!(merged.conflicts().collect::<Vec<_>>(), [&expected]);
        let marked = merged.text_with_marks();
        let between = "## Tujuan\n\n<<<<<<< tulisan Anda\nDua\nempat.\n\
            ======= tersimpan sebelumnya\nDua\nlima.\n\
            >>>>>>> pilih salah satu, lalu hapus baris tanda\n\n- x\n";
        assert!(marked.contains(between), "{marked}");
        assert!(marked.ends_with("Tiga!"), "what only one side changed is merged");
    }

    #[test]
    fn a_huge_text_is_one_conflict() {
        let base = "a\n\n".repeat(MAX_UNITS);
        let (ours, theirs) = (format!("b\n\n{base}"), format!("{base}c\n"));
        let merged = merge(&base, &ours, &theirs);
        assert_eq!(merged.conflicts().count(), 1);
        assert_eq!(merged.pieces.len(), 1);
    }
}
