//! How well a section, a whole text and its names answer a query.

use super::entry::{Entry, Name, NameKind, Page, Tokens};
use super::plan::{MAX_SLOTS, Plan};
use super::shelf::Shelf;
use super::tuning::Tuning;
use super::vocab::FormId;

/// Scores what is on one shelf for one query.
pub(super) struct Scorer<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) plan: &'a Plan,
    pub(super) tuning: &'a Tuning,
    /// For each word of the query, the one before and the one behind it that count.
    before: [Option<usize>; MAX_SLOTS],
    behind: [Option<usize>; MAX_SLOTS],
}

/// A score and which words of the query were found, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Score {
    pub(super) value: f32,
    pub(super) found: u32,
}

/// Further apart than this, two words have nothing to do with each other.
const FAR: usize = 12;
/// So many first words of a section say what it is about.
const EARLY: usize = 12;
/// What nearness is worth where the words stand the other way round than in the query.
const TURNED: f32 = 0.7;

/// What was counted in a section.
struct Counts {
    often: [f32; MAX_SLOTS],
    /// Where each word was seen last, plus one; 0 for nowhere.
    last: [usize; MAX_SLOTS],
    /// The nearest that each word came to the one before it in the query.
    near: [f32; MAX_SLOTS],
    /// How near a figure stands to a match.
    figure: usize,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(shelf: &'a Shelf, plan: &'a Plan, tuning: &'a Tuning) -> Self {
        let (mut before, mut behind) = ([None; MAX_SLOTS], [None; MAX_SLOTS]);
        let mut last = None;
        for (at, slot) in plan.slots.iter().enumerate() {
            if !slot.function {
                before[at] = last;
                if let Some(last) = last {
                    behind[last] = Some(at);
                }
                last = Some(at);
            }
        }
        Self { shelf, plan, tuning, before, behind }
    }

    /// All words of the query that count, as bits.
    pub(super) fn all(&self) -> u32 {
        let counts = |(at, slot): (usize, &super::plan::Slot)| u32::from(!slot.function) << at;
        self.plan.slots.iter().enumerate().map(counts).sum()
    }

    /// How well a section answers.
    pub(super) fn section(&self, tokens: &Tokens) -> Score {
        let counts = self.count(tokens);
        let length = tokens.forms.len() as f32 / self.shelf.totals.section_length();
        let hold =
            self.tuning.saturation * (1.0 - self.tuning.length + self.tuning.length * length);
        let (mut value, mut found, mut mass, mut all) = (0.0, 0, 0.0, 0.0);
        let mut before = None;
        for (at, slot) in self.plan.slots.iter().enumerate() {
            all += slot.idf;
            let often = counts.often[at];
            if often > 0.0 {
                value += slot.idf * often * (self.tuning.saturation + 1.0) / (often + hold);
                found |= 1 << at;
                mass += slot.idf * often.min(1.0);
            }
            if !slot.function {
                if let Some(before) = before {
                    let rarer: f32 = slot.idf.min(before);
                    value += self.tuning.nearness * rarer * counts.near[at];
                }
                before = Some(slot.idf);
            }
        }
        if counts.figure <= FAR {
            value += self.tuning.figure;
        }
        let covered = if all > 0.0 { mass / all } else { 0.0 };
        let share = self.tuning.coverage;
        Score { value: value * (1.0 - share + share * covered), found }
    }

    fn count(&self, tokens: &Tokens) -> Counts {
        let mut counts = Counts {
            often: [0.0; MAX_SLOTS],
            last: [0; MAX_SLOTS],
            near: [0.0; MAX_SLOTS],
            figure: usize::MAX,
        };
        self.plan.matcher.scan(&self.shelf.vocab, &tokens.forms, |at, words, alternative| {
            let boost = if at < tokens.heading { self.tuning.heading } else { 1.0 };
            let boost = if at < tokens.heading + EARLY { boost + self.tuning.early } else { boost };
            if self.plan.asks_figure && at >= tokens.heading {
                let next = tokens.figures.partition_point(|figure| (*figure as usize) < at);
                let far = |figure: &u32| (*figure as usize).abs_diff(at);
                let near = tokens.figures[next.saturating_sub(1)..].iter().take(2).map(far).min();
                counts.figure = counts.figure.min(near.unwrap_or(usize::MAX));
            }
            let (from, to) = (usize::from(alternative.from), usize::from(alternative.to));
            for slot in from..to {
                counts.often[slot] += alternative.weight * boost;
                counts.last[slot] = at + words;
                // A phrase that answers several words has them all together.
                if slot > from {
                    counts.near[slot] = counts.near[slot].max(alternative.weight);
                }
            }
            // The word before it in the query may stand before it here, or the one behind it may.
            if let Some(before) = self.before[from] {
                let value = nearness(at, counts.last[before]) * alternative.weight;
                counts.near[from] = counts.near[from].max(value);
            }
            if let Some(behind) = self.behind[to - 1] {
                let value = nearness(at, counts.last[behind]) * alternative.weight * TURNED;
                counts.near[behind] = counts.near[behind].max(value);
            }
        });
        counts
    }

    /// How well a whole text answers, wherever the words stand in it.
    pub(super) fn page(&self, page: &Page) -> Score {
        let mut often = [0.0_f32; MAX_SLOTS];
        self.plan.matcher.each(|stem, alternative, rest| {
            let mut count = page.count(stem) as f32;
            for stem in rest {
                count = count.min(page.count(*stem) as f32 * 0.5);
            }
            for slot in alternative.from..alternative.to {
                often[usize::from(slot)] += alternative.weight * count;
            }
        });
        let length = page.length as f32 / self.shelf.totals.text_length();
        // A long text says the same word many times, so it takes more of them to be sure.
        let hold = self.tuning.saturation * 4.0 * (0.5 + 0.5 * length);
        let mut score = Score::default();
        for (at, slot) in self.plan.slots.iter().enumerate() {
            if often[at] > 0.0 {
                score.value += slot.text_idf * often[at] / (often[at] + hold) * 2.0;
                score.found |= 1 << at;
            }
        }
        score
    }

    /// How well the names of a document answer, and the name that does best.
    pub(super) fn names<'e>(&self, entry: &'e Entry) -> (Score, Option<&'e Name>) {
        let mut best = [0.0_f32; MAX_SLOTS];
        let mut score = Score::default();
        let mut whole: (f32, Option<&Name>) = (0.0, None);
        let all: f32 = self.plan.slots.iter().map(|slot| slot.text_idf).sum();
        let mut last = None;
        for (form, number) in &entry.named {
            if last == Some(number) || !self.plan.matcher.may_answer(*form) {
                continue;
            }
            last = Some(number);
            let Some(name) = entry.names.get(usize::from(*number)) else { continue };
            let (found, of_name) = self.one_name(name);
            let share = name_weight(name.kind);
            let mut mass = 0.0;
            for (at, slot) in self.plan.slots.iter().enumerate() {
                best[at] = best[at].max(found[at] * share);
                mass += slot.text_idf * found[at];
            }
            let of_query = if all > 0.0 { mass / all } else { 0.0 };
            let value = of_query * of_name * share * all;
            if value > whole.0 {
                whole = (value, Some(name));
            }
        }
        for (at, slot) in self.plan.slots.iter().enumerate() {
            if best[at] > 0.0 {
                score.value += slot.text_idf * best[at];
                score.found |= 1 << at;
            }
        }
        score.value = self.tuning.names * score.value + self.tuning.whole_name * whole.0;
        (score, whole.1)
    }

    /// How well each word is in a name, and which share of the name is named.
    fn one_name(&self, name: &Name) -> ([f32; MAX_SLOTS], f32) {
        let mut found = [0.0_f32; MAX_SLOTS];
        let mut named = vec![0.0_f32; name.forms.len()];
        self.plan.matcher.scan(&self.shelf.vocab, &name.forms, |at, words, alternative| {
            for slot in alternative.from..alternative.to {
                let slot = usize::from(slot);
                found[slot] = found[slot].max(alternative.weight);
            }
            for one in &mut named[at..(at + words).min(name.forms.len())] {
                *one = one.max(alternative.weight);
            }
        });
        let weight = |form: &FormId| {
            let form = self.shelf.vocab.form_of(*form);
            if crate::bahasa::is_function_word(&form.text) { 0.1 } else { 1.0 }
        };
        let all: f32 = name.forms.iter().map(weight).sum();
        let got: f32 = name.forms.iter().zip(&named).map(|(form, one)| weight(form) * one).sum();
        (found, if all > 0.0 { got / all } else { 0.0 })
    }
}

/// 1 for the next word, less for further ones; `end` is where the other ended, 0 for nowhere.
fn nearness(at: usize, end: usize) -> f32 {
    let apart = (at + 1).saturating_sub(end).max(1);
    if end == 0 || apart > FAR { 0.0 } else { 1.0 / apart as f32 }
}

fn name_weight(kind: NameKind) -> f32 {
    match kind {
        NameKind::Title => 1.0,
        NameKind::Alias(_) => 0.9,
        NameKind::Keyword(_) => 0.8,
        NameKind::Modul => 0.25,
        NameKind::Audience => 0.15,
    }
}
