//! From the words of a query to what each of them may match.

use std::ops::Range;

use crate::bahasa;
use crate::curriculum::synonyms::{Phrase, Synonyms};

use super::matcher::{Alternative, Matcher};
use super::shelf::Shelf;
use super::spelling::Candidate;
use super::tuning::Tuning;
use super::vocab::StemId;

/// More words than this of one query are not looked for.
pub(super) const MAX_SLOTS: usize = 24;
/// More of a query than this is not read, in bytes.
pub(super) const MAX_TEXT: usize = 1_000;
/// So many corrections of one word are looked for together.
const CORRECTIONS: usize = 5;

/// Words that ask for a date or a number.
const ASKS_FIGURE: [&str; 7] =
    ["kapan", "kapankah", "berapa", "berapakah", "tahun", "tanggal", "keberapa"];

/// One word of a query.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Where it stands in the query, in bytes.
    pub(super) range: Range<usize>,
    /// As typed, in lowercase.
    pub(super) surface: String,
    /// In the guide's spelling.
    pub(super) form: String,
    /// Its root.
    pub(super) stem: String,
    /// Whether it is one of the words that hold a sentence together.
    pub(super) function: bool,
    /// Whether anything that the texts say may answer it.
    pub(super) known: bool,
    /// How much a match tells among sections.
    pub(super) idf: f32,
    /// How much a match tells among whole texts.
    pub(super) text_idf: f32,
    /// What it was corrected to, where no text has it.
    pub(super) corrected: Option<String>,
    /// What may have been meant though the word is known.
    pub(super) suggested: Option<String>,
}

/// A query ready to be looked for on one shelf.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) slots: Vec<Slot>,
    /// What a word of a text may match.
    pub(super) matcher: Matcher,
    /// Roots to ask the index for, with their weights.
    pub(super) wanted: Vec<(StemId, f32)>,
    /// Synonyms that were taken up: what was typed, the roots of what also counts, and the words.
    pub(super) synonyms: Vec<(String, Vec<String>, Range<usize>)>,
    /// Whether it asks when or how much.
    pub(super) asks_figure: bool,
    /// Whether words of the query were left out.
    pub(super) cut: bool,
}

/// The words of a query, and whether some were left out.
pub(super) fn read(text: &str) -> (Vec<Slot>, bool) {
    let mut slots: Vec<Slot> = Vec::new();
    let mut cut = false;
    bahasa::spelling::words_of(bounded(text), |word| {
        // A word said twice is one word; a query of a hundred equal words is a query of one.
        let known = slots.iter().any(|slot| slot.form == word.form);
        if known || slots.len() >= MAX_SLOTS * 4 {
            cut |= !known;
            return;
        }
        slots.push(Slot {
            range: word.range,
            function: bahasa::is_function_word(&word.form)
                || bahasa::is_function_word(&word.surface),
            surface: word.surface.into_owned(),
            form: word.form.into_owned(),
            stem: word.stem.into_owned(),
            known: false,
            idf: 0.0,
            text_idf: 0.0,
            corrected: None,
            suggested: None,
        });
    });
    if slots.iter().any(|slot| !slot.function) {
        // Long questions lose the words that say nothing first.
        let mut over = slots.len().saturating_sub(MAX_SLOTS);
        slots.retain(|slot| {
            let drop = over > 0 && slot.function;
            over -= usize::from(drop);
            !drop
        });
    } else {
        slots.iter_mut().for_each(|slot| slot.function = false);
    }
    cut |= slots.len() > MAX_SLOTS || text.len() > MAX_TEXT;
    slots.truncate(MAX_SLOTS);
    (slots, cut)
}

/// The start of a text, cut between two letters.
pub(super) fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

/// Builds a plan.
pub(super) struct Planner<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) synonyms: &'a Synonyms,
    pub(super) tuning: &'a Tuning,
    /// Looks for the words as they are typed and nothing else.
    pub(super) exact: bool,
}

impl Planner<'_> {
    pub(super) fn plan(&self, text: &str) -> Plan {
        let (slots, cut) = read(text);
        let mut plan = Plan {
            slots,
            matcher: Matcher::default(),
            wanted: Vec::new(),
            synonyms: Vec::new(),
            asks_figure: false,
            cut,
        };
        plan.asks_figure = plan.slots.iter().any(|slot| ASKS_FIGURE.contains(&slot.form.as_str()));
        for at in 0..plan.slots.len() {
            self.own_word(&mut plan, at);
            if !self.exact && self.tuning.correction > 0.0 {
                self.corrections(&mut plan, at);
            }
        }
        if !self.exact && self.tuning.synonym > 0.0 {
            self.synonyms(&mut plan);
        }
        self.weigh(&mut plan);
        plan.matcher.finish();
        plan
    }

    /// The word itself and its other forms.
    fn own_word(&self, plan: &mut Plan, at: usize) {
        let slot = &plan.slots[at];
        let vocab = &self.shelf.vocab;
        if self.exact {
            let Some(form) = vocab.find_form(&slot.form) else { return };
            plan.matcher.add_form(form, Alternative::word(at, 1.0));
            self.want(plan, vocab.form_of(form).stem, at, 1.0);
            return;
        }
        if let Some(stem) = vocab.find_stem(&slot.stem) {
            let form = slot.form.clone();
            self.add_stem(plan, stem, &form, (at, 1.0));
            self.want(plan, stem, at, 1.0);
        }
    }

    /// All forms of a root; the one that is exactly meant counts most.
    fn add_stem(&self, plan: &mut Plan, stem: StemId, meant: &str, (at, weight): (usize, f32)) {
        let vocab = &self.shelf.vocab;
        plan.matcher.add_stem(stem, Alternative::word(at, weight));
        for form in &vocab.stem_of(stem).forms {
            let same = &*vocab.form_of(*form).text == meant;
            let share = if same { 1.0 } else { self.tuning.other_form };
            plan.matcher.add_form(*form, Alternative::word(at, weight * share));
        }
    }

    fn want(&self, plan: &mut Plan, stem: StemId, at: usize, weight: f32) {
        let weight = if plan.slots[at].function { self.tuning.function_word } else { weight };
        if weight <= 0.0 {
            return;
        }
        match plan.wanted.iter_mut().find(|(known, _)| *known == stem) {
            Some((_, known)) => *known = known.max(weight),
            None => plan.wanted.push((stem, weight)),
        }
        let counts = self.shelf.vocab.stem_of(stem);
        let slot = &mut plan.slots[at];
        slot.known |= counts.sections > 0;
        // Until `weigh`, the two fields hold in how many sections and texts the word is found.
        if weight >= 0.4 {
            slot.idf = slot.idf.max(counts.sections as f32);
            slot.text_idf = slot.text_idf.max(counts.texts as f32);
        }
    }

    fn corrections(&self, plan: &mut Plan, at: usize) {
        let slot = &plan.slots[at];
        let vocab = &self.shelf.vocab;
        let seen =
            |form: &str| vocab.find_form(form).map_or(0, |form| vocab.form_of(form).sections);
        let of_stem = vocab.find_stem(&slot.stem).map_or(0, |stem| vocab.stem_of(stem).sections);
        let is_number = slot.form.bytes().any(|byte| byte.is_ascii_digit());
        if slot.function || is_number || !self.synonyms.of(&slot.stem).is_empty() {
            return;
        }
        // A word of the language that the texts use is meant, however rarely they use it.
        let is_word = bahasa::is_root(&slot.stem);
        let doubt = match (seen(&slot.form), of_stem) {
            (0, 0) if is_word => Doubt::Unsaid,
            (0, 0) => Doubt::Unknown,
            (_, 1..) if is_word => return,
            (0, _) => Doubt::NewForm,
            (rare, _) if rare <= 2 => Doubt::Rare(rare),
            _ => return,
        };
        let found = self.shelf.speller.candidates(vocab, &slot.form, CORRECTIONS);
        self.apply(plan, at, doubt, &found);
    }

    fn apply(&self, plan: &mut Plan, at: usize, doubt: Doubt, found: &[Candidate]) {
        let vocab = &self.shelf.vocab;
        let Some(best) = found.first() else { return };
        let meant = vocab.form_of(best.form).text.to_string();
        match doubt {
            Doubt::Unknown => plan.slots[at].corrected = Some(meant),
            Doubt::NewForm | Doubt::Unsaid if best.cost <= 1.0 => {
                plan.slots[at].suggested = Some(meant);
            }
            Doubt::Rare(rare)
                if vocab.form_of(best.form).sections >= 10 * rare && best.cost <= 1.0 =>
            {
                plan.slots[at].suggested = Some(meant);
            }
            _ => {}
        }
        let was_known = plan.slots[at].known;
        for one in found {
            let known = vocab.form_of(one.form);
            let near = (one.merit - best.merit).exp();
            let weight = match doubt {
                Doubt::Unknown => near.max(0.05),
                Doubt::NewForm | Doubt::Unsaid if one.cost <= 1.0 => 0.5 * near,
                Doubt::Rare(rare) if one.cost <= 1.0 && known.sections >= 10 * rare => 0.3 * near,
                _ => continue,
            } * self.tuning.correction;
            let text = known.text.to_string();
            self.add_stem(plan, known.stem, &text, (at, weight));
            self.want(plan, known.stem, at, weight);
        }
        if matches!(doubt, Doubt::Unsaid) {
            // What is near it helps to find something, and does not make it said.
            plan.slots[at].known = was_known;
        }
    }

    /// Takes the longest phrases of the query that have synonyms.
    fn synonyms(&self, plan: &mut Plan) {
        let longest = self.synonyms.longest();
        let stems: Vec<String> = plan
            .slots
            .iter()
            .map(|slot| match &slot.corrected {
                Some(corrected) => bahasa::stem(corrected),
                None => slot.stem.clone(),
            })
            .collect();
        for from in 0..stems.len() {
            for to in (from + 1..=stems.len().min(from + longest)).rev() {
                let found = self.synonyms.of(&stems[from..to].join(" "));
                for phrase in found {
                    self.add_phrase(plan, from..to, phrase);
                }
                if !found.is_empty() {
                    break;
                }
            }
        }
    }

    fn add_phrase(&self, plan: &mut Plan, slots: Range<usize>, phrase: &Phrase) {
        let vocab = &self.shelf.vocab;
        let stems: Option<Vec<StemId>> =
            phrase.stems.iter().map(|stem| vocab.find_stem(stem)).collect();
        let Some(stems) = stems.filter(|stems| !stems.is_empty()) else { return };
        let typed = plan.slots[slots.clone()].iter().map(|slot| slot.surface.as_str());
        let typed = typed.collect::<Vec<_>>().join(" ");
        plan.synonyms.push((typed, phrase.stems.clone(), slots.clone()));
        let weight = self.tuning.synonym;
        let rarest = stems.iter().min_by_key(|stem| vocab.stem_of(**stem).sections).copied();
        for stem in &stems {
            // Words of a phrase say little alone, so they only help to propose candidates.
            let share = if Some(*stem) == rarest { 1.0 } else { 0.39 };
            let share = if stems.len() == 1 { 1.0 } else { share };
            for at in slots.clone() {
                self.want(plan, *stem, at, weight * share);
            }
        }
        plan.matcher.add_phrase(vocab, &stems, slots, weight);
    }

    /// Turns the counts of each slot into weights.
    fn weigh(&self, plan: &mut Plan) {
        let totals = &self.shelf.totals;
        for slot in &mut plan.slots {
            let share = if slot.function { self.tuning.function_word } else { 1.0 };
            slot.idf = share * idf(totals.sections as f32, slot.idf).powf(self.tuning.rarity);
            slot.text_idf = share * idf(totals.texts as f32, slot.text_idf);
        }
    }
}

/// Why a word of a query may be mistyped.
#[derive(Debug, Clone, Copy)]
enum Doubt {
    /// Neither it nor its root stands in a text.
    Unknown,
    /// Neither does, but it is a word of the language.
    Unsaid,
    /// Its root does.
    NewForm,
    /// It does, in this many sections.
    Rare(u32),
}

fn idf(all: f32, with: f32) -> f32 {
    (1.0 + (all - with + 0.5).max(0.5) / (with + 0.5)).ln()
}
