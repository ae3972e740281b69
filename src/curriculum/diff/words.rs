//! Two versions of one paragraph, word by word.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Span, SpanKind, span};

/// Paragraphs with more words and marks than this are not compared word by word.
pub(super) const MAX_TOKENS: usize = 4_000;

/// The words of two versions of a paragraph and in which of them they stand.
pub(super) fn word_spans(old: &str, new: &str) -> Vec<Span> {
    let (before, after) = (tokens(old), tokens(new));
    if before.len().max(after.len()) > MAX_TOKENS {
        return vec![span(SpanKind::Delete, old), span(SpanKind::Insert, new)];
    }
    let mut spans = Spans::default();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (gone, come) = (before[op.old_range()].concat(), after[op.new_range()].concat());
        match op {
            DiffOp::Equal { .. } => spans.equal(&come),
            _ => spans.change(&gone, &come),
        }
    }
    spans.finish()
}

/// Words, runs of blanks, and single marks.
fn tokens(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let kind = class(c);
        if before.is_some_and(|last| last != kind || kind == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(kind);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// Runs of words in the making; blanks between two changes belong to the change.
#[derive(Default)]
struct Spans {
    done: Vec<Span>,
    gone: String,
    come: String,
    /// Blanks in both texts behind a change, until it is known what follows.
    between: String,
}

impl Spans {
    fn equal(&mut self, text: &str) {
        let in_change = !self.gone.is_empty() || !self.come.is_empty();
        if in_change && self.between.is_empty() && text.trim().is_empty() {
            text.clone_into(&mut self.between);
            return;
        }
        self.end_change();
        self.done.push(span(SpanKind::Equal, text));
    }

    fn change(&mut self, gone: &str, come: &str) {
        let between = std::mem::take(&mut self.between);
        for (side, text) in [(&mut self.gone, gone), (&mut self.come, come)] {
            side.push_str(&between);
            side.push_str(text);
        }
    }

    fn end_change(&mut self) {
        let sides = [(SpanKind::Delete, &mut self.gone), (SpanKind::Insert, &mut self.come)];
        for (kind, text) in sides {
            if !text.is_empty() {
                self.done.push(Span { kind, text: std::mem::take(text) });
            }
        }
        if !self.between.is_empty() {
            let text = std::mem::take(&mut self.between);
            self.done.push(Span { kind: SpanKind::Equal, text });
        }
    }

    fn finish(mut self) -> Vec<Span> {
        self.end_change();
        let mut joined: Vec<Span> = Vec::new();
        for span in self.done {
            match joined.last_mut() {
                Some(last) if last.kind == span.kind => last.text.push_str(&span.text),
                _ => joined.push(span),
            }
        }
        joined
    }
}
