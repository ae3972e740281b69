//! The passage of a section that answers best, with the answering words marked.

use std::ops::Range;

use crate::bahasa;

use super::plan::MAX_SLOTS;
use super::results::Piece;
use super::score::Scorer;

/// How many words a passage has.
const WORDS: usize = 30;
/// How many words stand before the first that answers.
const LEAD: usize = 5;

/// A word that answers: which word of the passage's text, and how much that says.
struct Marked {
    word: usize,
    slot: usize,
    weight: f32,
}

/// The passage of `text` that holds most of the query.
pub(super) fn snippet(scorer: &Scorer<'_>, text: &str) -> Vec<Piece> {
    let vocab = &scorer.shelf.vocab;
    let (mut ranges, mut forms): (Vec<Range<usize>>, Vec<_>) = (Vec::new(), Vec::new());
    bahasa::spelling::words_of(text, |word| {
        ranges.push(word.range);
        forms.push(vocab.find_form(&word.form).unwrap_or(u32::MAX - 1));
    });
    let mut marked: Vec<Marked> = Vec::new();
    scorer.plan.matcher.scan(vocab, &forms, |at, words, alternative| {
        for slot in usize::from(alternative.from)..usize::from(alternative.to) {
            let weight = scorer.plan.slots[slot].idf * alternative.weight;
            marked.extend((at..at + words).map(|word| Marked { word, slot, weight }));
        }
    });
    marked.retain(|one| one.weight > 0.0);
    let start = best_start(&marked, ranges.len());
    let shown = start..(start + WORDS).min(ranges.len());
    let words: Vec<usize> =
        marked.iter().map(|one| one.word).filter(|word| shown.contains(word)).collect();
    cut(text, &ranges, shown, &words)
}

/// Where to begin so that the passage answers most.
fn best_start(marked: &[Marked], words: usize) -> usize {
    let mut best = (0.0, 0);
    for first in marked {
        let mut seen = [0.0_f32; MAX_SLOTS];
        let inside = |one: &&Marked| (first.word..first.word + WORDS - LEAD).contains(&one.word);
        let mut more = 0.0;
        for one in marked.iter().filter(inside) {
            more += one.weight * 0.05;
            seen[one.slot] = seen[one.slot].max(one.weight);
        }
        let value = seen.iter().sum::<f32>() + more;
        if value > best.0 {
            best = (value, first.word);
        }
    }
    best.1.saturating_sub(LEAD).min(words.saturating_sub(WORDS))
}

fn cut(text: &str, ranges: &[Range<usize>], shown: Range<usize>, marked: &[usize]) -> Vec<Piece> {
    let from = if shown.start == 0 { 0 } else { ranges[shown.start].start };
    let to = if shown.end == ranges.len() { text.len() } else { ranges[shown.end - 1].end };
    // A text of one endless word must not come whole.
    let to = text.floor_char_boundary(to.min(from + WORDS * 20));
    let mut pieces: Vec<Piece> = Vec::new();
    let mut add = |text: &str, marked: bool| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match pieces.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => pieces.push(Piece { text, marked }),
        }
    };
    if from > 0 {
        add("… ", false);
    }
    let mut at = from;
    for word in shown.filter(|word| marked.contains(word)) {
        let range = ranges[word].clone();
        if range.start >= at && range.end <= to {
            add(&text[at..range.start], false);
            add(&text[range.clone()], true);
            at = range.end;
        }
    }
    add(&text[at..to], false);
    if to < text.len() {
        add(" …", false);
    }
    pieces
}
