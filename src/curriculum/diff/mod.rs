//! What changed between two texts, word by word, under the headings where it stands.

#[cfg(test)]
mod tests;
mod words;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use self::words::{MAX_TOKENS, word_spans};
use super::units::{Headings, Unit, units};

/// The difference of two texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The places with changes, in the order of the new text.
    pub hunks: Vec<Hunk>,
    /// How many words came in.
    pub inserted_words: usize,
    /// How many words went out.
    pub deleted_words: usize,
    /// Says that only blank lines or line ends differ, so that there is nothing to show.
    pub only_layout: bool,
}

/// Changes that stand under the same heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// The section, for example `Langkah-langkah › Langkah 2: Curah pendapat (20 menit)`.
    pub heading: String,
    /// Its paragraphs, with what is unchanged folded away.
    pub items: Vec<DiffItem>,
}

/// A paragraph, or a number of paragraphs that are not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DiffItem {
    /// This many paragraphs are the same in both texts.
    Folded(usize),
    /// A paragraph to show.
    Paragraph(DiffParagraph),
}

/// A paragraph, a heading, an item of a list or a row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiffParagraph {
    /// What happened to it.
    pub change: Change,
    /// Its line in the old text.
    pub old_line: Option<u32>,
    /// Its line in the new text.
    pub new_line: Option<u32>,
    /// Its words; the equal and deleted ones are the old text, the equal and inserted the new.
    pub spans: Vec<Span>,
}

/// What happened to a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing: it is shown so that the reader knows the place.
    Same,
    /// Some of its words changed.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// In which text it stands.
    pub kind: SpanKind,
    /// The words with the blanks between them.
    pub text: String,
}

/// In which text a run of words stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// In both.
    Equal,
    /// Only in the new one.
    Insert,
    /// Only in the old one.
    Delete,
}

/// How many unchanged paragraphs are shown on each side of a change.
const CONTEXT: usize = 1;

/// Two paragraphs with at least this share of words in common are one that was changed.
const SAME_PARAGRAPH: f32 = 0.4;

/// Above this many pairs of removed and added paragraphs at one place, none are compared.
const MAX_PAIRS: usize = 2_500;

/// Texts with more paragraphs than this are compared only at their beginning and end.
const MAX_UNITS: usize = 20_000;

/// Compares two texts.
///
/// The work is bounded by the size of the texts: where they have little in common, or are far
/// larger than a sesi, the answer is coarser, never slower. The same texts always give the same
/// answer.
pub fn diff(old: &str, new: &str) -> Diff {
    let rows = rows(&labelled(old), &labelled(new));
    let mut result = Diff::default();
    for row in &rows {
        for span in &row.paragraph.spans {
            match span.kind {
                SpanKind::Equal => {}
                SpanKind::Insert => result.inserted_words += words(&span.text),
                SpanKind::Delete => result.deleted_words += words(&span.text),
            }
        }
    }
    result.hunks = fold(rows);
    result.only_layout = result.hunks.is_empty() && old != new;
    result
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// A piece with the section in which it stands.
struct Labelled<'a> {
    unit: Unit<'a>,
    /// Without blanks at its ends, which do not count as a change.
    text: &'a str,
    heading: String,
}

fn labelled(text: &str) -> Vec<Labelled<'_>> {
    let mut headings = Headings::default();
    let pieces = units(text).into_iter().filter(|unit| !unit.blank);
    pieces
        .map(|unit| {
            headings.pass(unit.text);
            Labelled { unit, text: unit.text.trim(), heading: headings.label() }
        })
        .collect()
}

struct Row {
    heading: String,
    paragraph: DiffParagraph,
}

fn rows(old: &[Labelled<'_>], new: &[Labelled<'_>]) -> Vec<Row> {
    let mut rows = Vec::new();
    for op in paragraph_ops(old, new) {
        let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => {
                rows.extend(before.iter().zip(after).map(|(a, b)| same(a, b)));
            }
            DiffOp::Delete { .. } => rows.extend(before.iter().map(removed)),
            DiffOp::Insert { .. } => rows.extend(after.iter().map(added)),
            DiffOp::Replace { .. } => replace(before, after, &mut rows),
        }
    }
    rows
}

fn paragraph_ops(old: &[Labelled<'_>], new: &[Labelled<'_>]) -> Vec<DiffOp> {
    let texts =
        |all: &[Labelled<'_>]| all.iter().map(|one| one.text.to_owned()).collect::<Vec<_>>();
    let (old, new) = (texts(old), texts(new));
    if old.len().max(new.len()) <= MAX_UNITS {
        return capture_diff_slices(Algorithm::Myers, &old, &new);
    }
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let behind = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = behind.take_while(|(a, b)| a == b).count();
    let (old_len, new_len) = (old.len() - head - tail, new.len() - head - tail);
    vec![
        DiffOp::Equal { old_index: 0, new_index: 0, len: head },
        DiffOp::Replace { old_index: head, old_len, new_index: head, new_len },
        DiffOp::Equal { old_index: head + old_len, new_index: head + new_len, len: tail },
    ]
}

fn paragraph(
    change: Change,
    old: Option<&Labelled<'_>>,
    new: Option<&Labelled<'_>>,
    spans: Vec<Span>,
) -> Row {
    let (old_line, new_line) = (old.map(|one| one.unit.line), new.map(|one| one.unit.line));
    let heading = new.or(old).map(|one| one.heading.clone()).unwrap_or_default();
    Row { heading, paragraph: DiffParagraph { change, old_line, new_line, spans } }
}

fn span(kind: SpanKind, text: &str) -> Span {
    Span { kind, text: text.to_owned() }
}

fn same(old: &Labelled<'_>, new: &Labelled<'_>) -> Row {
    paragraph(Change::Same, Some(old), Some(new), vec![span(SpanKind::Equal, new.text)])
}

fn removed(old: &Labelled<'_>) -> Row {
    paragraph(Change::Removed, Some(old), None, vec![span(SpanKind::Delete, old.text)])
}

fn added(new: &Labelled<'_>) -> Row {
    paragraph(Change::Added, None, Some(new), vec![span(SpanKind::Insert, new.text)])
}

/// Pairs paragraphs that went with paragraphs that came, in order, by the words they share.
fn replace(old: &[Labelled<'_>], new: &[Labelled<'_>], rows: &mut Vec<Row>) {
    let (mut from_old, mut from_new) = (0, 0);
    for (a, b) in pairs(old, new) {
        rows.extend(old[from_old..a].iter().map(removed));
        rows.extend(new[from_new..b].iter().map(added));
        let spans = word_spans(old[a].text, new[b].text);
        rows.push(paragraph(Change::Changed, Some(&old[a]), Some(&new[b]), spans));
        (from_old, from_new) = (a + 1, b + 1);
    }
    rows.extend(old[from_old..].iter().map(removed));
    rows.extend(new[from_new..].iter().map(added));
}

/// The pairs in rising order that have the most in common together.
fn pairs(old: &[Labelled<'_>], new: &[Labelled<'_>]) -> Vec<(usize, usize)> {
    let (rows, columns) = (old.len(), new.len());
    if rows * columns > MAX_PAIRS {
        return Vec::new();
    }
    let old_bags: Vec<_> = old.iter().map(|one| word_bag(one.text)).collect();
    let new_bags: Vec<_> = new.iter().map(|one| word_bag(one.text)).collect();
    let mut likeness = vec![vec![0.0_f32; columns]; rows];
    // best[i][j] is the most that the pieces from i and j on can have in common.
    let mut best = vec![vec![0.0_f32; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let shared = in_common(&old_bags[i], &new_bags[j]);
            likeness[i][j] = if shared >= SAME_PARAGRAPH { shared } else { 0.0 };
            let paired = likeness[i][j] + best[i + 1][j + 1];
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while i < rows && j < columns {
        if likeness[i][j] > 0.0 && best[i][j] == likeness[i][j] + best[i + 1][j + 1] {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

fn word_bag(text: &str) -> Vec<&str> {
    let mut bag: Vec<_> = text.split_whitespace().take(MAX_TOKENS).collect();
    bag.sort_unstable();
    bag
}

/// The share of words that two sorted bags have in common, from 0 to 1.
fn in_common(a: &[&str], b: &[&str]) -> f32 {
    let (mut i, mut j, mut shared) = (0, 0, 0_u16);
    while i < a.len() && j < b.len() {
        match a[i].cmp(b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    let count = |len: usize| f32::from(u16::try_from(len).unwrap_or(u16::MAX));
    2.0 * f32::from(shared) / (count(a.len()) + count(b.len())).max(1.0)
}

/// Groups rows by heading and folds what is far from any change.
fn fold(rows: Vec<Row>) -> Vec<Hunk> {
    let changed: Vec<bool> = rows.iter().map(|row| row.paragraph.change != Change::Same).collect();
    let is_near = |at: usize| {
        let range = at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(changed.len());
        changed[range].iter().any(|changed| *changed)
    };
    let shown: Vec<bool> = (0..rows.len()).map(is_near).collect();
    let mut hunks: Vec<Hunk> = Vec::new();
    for (row, shown) in rows.into_iter().zip(shown) {
        if hunks.last().is_none_or(|hunk| hunk.heading != row.heading) {
            hunks.push(Hunk { heading: row.heading, items: Vec::new() });
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        match (shown, hunk.items.last_mut()) {
            (true, _) => hunk.items.push(DiffItem::Paragraph(row.paragraph)),
            (false, Some(DiffItem::Folded(count))) => *count += 1,
            (false, _) => hunk.items.push(DiffItem::Folded(1)),
        }
    }
    let has_change = |item: &DiffItem| matches!(item, DiffItem::Paragraph(paragraph) if paragraph.change != Change::Same);
    hunks.retain(|hunk| hunk.items.iter().any(has_change));
    hunks
}
