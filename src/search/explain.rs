//! Why a document answers, and what to show where none does.

use std::collections::BTreeSet;

use super::answer::is_own_name;
use super::entry::{Entry, Name, NameKind};
use super::plan::Slot;
use super::rank::Ranked;
use super::results::{Hit, Reason, Why};
use super::score::Scorer;
use super::shelf::Shelf;
use super::vocab::{FormId, StemId};

/// So many sesi are shown where none answers.
const NEAREST: usize = 3;
/// More reasons than this confuse.
const REASONS: usize = 3;

/// How the best hit was found.
pub(super) fn reason(
    scorer: &Scorer<'_>,
    best: Option<&Ranked>,
    found: u32,
    relaxed: bool,
) -> Reason {
    let Some(best) = best else { return Reason::Nothing };
    let all = scorer.all();
    let unsaid = scorer.plan.slots.iter().any(|slot| !slot.function && !slot.known);
    if relaxed || unsaid || found & all != all {
        return Reason::Relaxed;
    }
    if scorer.plan.slots.iter().any(|slot| slot.corrected.is_some()) {
        return Reason::Corrected;
    }
    let own = scorer.shelf.entries.get(&best.entry).map_or(0, |entry| own_words(scorer, entry));
    if own & all == all { Reason::AllWords } else { Reason::Synonyms }
}

/// Whether a word is one of the query's own, not a synonym or a correction.
fn typed_form(scorer: &Scorer<'_>, form: FormId) -> bool {
    let vocab = &scorer.shelf.vocab;
    let stem = &*vocab.stem_of(vocab.form_of(form).stem).text;
    scorer.plan.slots.iter().any(|slot| !slot.function && slot.stem == stem)
}

/// Which words of the query a document has themselves, as bits.
fn own_words(scorer: &Scorer<'_>, entry: &Entry) -> u32 {
    let vocab = &scorer.shelf.vocab;
    let stem_of = |form: &FormId| vocab.form_of(*form).stem;
    let has = |stem: StemId| match &entry.page {
        Some(page) => page.count(stem) > 0,
        None => entry.sections.iter().any(|one| one.forms.iter().any(|f| stem_of(f) == stem)),
    };
    let named =
        |stem: StemId| entry.names.iter().any(|one| one.forms.iter().any(|f| stem_of(f) == stem));
    let own = |(at, slot): (usize, &Slot)| {
        let found = vocab.find_stem(&slot.stem).is_some_and(|stem| has(stem) || named(stem));
        u32::from(found) << at
    };
    scorer.plan.slots.iter().enumerate().map(own).sum()
}

/// The reasons why a document is a hit, the best first.
pub(super) fn why(scorer: &Scorer<'_>, entry: &Entry) -> Vec<Why> {
    let mut reasons = Vec::new();
    let (score, name) = scorer.names(entry);
    let is_typed = |name: &&Name| {
        is_own_name(name.kind) && name.forms.iter().any(|form| typed_form(scorer, *form))
    };
    if let Some(name) = name.filter(is_typed).filter(|_| score.found != 0) {
        reasons.push(match name.kind {
            NameKind::Alias(at) => Why::Alias(entry.doc.aliases[at].clone()),
            NameKind::Keyword(at) => Why::Keyword(entry.doc.keywords[at].clone()),
            NameKind::Title | NameKind::Modul | NameKind::Audience => Why::Title,
        });
    }
    for slot in &scorer.plan.slots {
        if let Some(corrected) = &slot.corrected {
            reasons.push(Why::Spelling(slot.surface.clone(), corrected.clone()));
        } else if slot.form != slot.surface && !slot.function {
            // Another spelling of a word that is known is read without asking, and said all the same.
            reasons.push(Why::Spelling(slot.surface.clone(), slot.form.clone()));
        }
    }
    let own = own_words(scorer, entry);
    for (typed, found, slots) in &scorer.plan.synonyms {
        let typed_here = slots.clone().all(|slot| own >> slot & 1 == 1);
        if !typed_here && has_phrase(scorer, entry, found) {
            reasons.push(Why::Synonym(typed.clone(), found.join(" ")));
        }
    }
    reasons.truncate(REASONS);
    if reasons.is_empty() {
        reasons.push(Why::Text);
    }
    reasons
}

fn has_phrase(scorer: &Scorer<'_>, entry: &Entry, stems: &[String]) -> bool {
    let vocab = &scorer.shelf.vocab;
    let stems: Option<Vec<StemId>> = stems.iter().map(|stem| vocab.find_stem(stem)).collect();
    let Some(stems) = stems.filter(|stems| !stems.is_empty()) else { return false };
    let runs = entry.names.iter().map(|name| &*name.forms);
    let mut runs = runs.chain(entry.sections.iter().map(|section| &*section.forms));
    runs.any(|forms| {
        let same = |(form, stem): (&FormId, &StemId)| vocab.form_of(*form).stem == *stem;
        forms.windows(stems.len()).any(|words| words.iter().zip(&stems).all(same))
    })
}

/// Sesi whose names look like the query, for a page that would be blank otherwise.
pub(super) fn nearest(shelf: &Shelf, text: &str) -> Vec<Hit> {
    let wanted = grams(text);
    let mut scored: Vec<(f32, &Entry)> = shelf
        .entries
        .values()
        .map(|entry| {
            let names = std::iter::once(&entry.doc.title).chain(&entry.doc.aliases);
            let likeness = names.map(|name| alike(&wanted, &grams(name))).fold(0.0, f32::max);
            (likeness, &**entry)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(NEAREST);
    scored.into_iter().map(|(likeness, entry)| bare_hit(entry, likeness)).collect()
}

fn bare_hit(entry: &Entry, score: f32) -> Hit {
    let doc = &entry.doc;
    Hit {
        sesi: doc.sesi.clone(),
        title: doc.title.clone(),
        places: doc.places.clone(),
        minutes: doc.minutes,
        live: doc.live,
        edition: doc.edition,
        score,
        why: Vec::new(),
        sections: Vec::new(),
    }
}

/// All runs of three letters of a text.
fn grams(text: &str) -> BTreeSet<[char; 3]> {
    let letters: Vec<char> = text
        .chars()
        .take(200)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    letters.windows(3).filter_map(|run| run.try_into().ok()).collect()
}

fn alike(a: &BTreeSet<[char; 3]>, b: &BTreeSet<[char; 3]>) -> f32 {
    let both = a.intersection(b).count() as f32;
    2.0 * both / (a.len() + b.len()).max(1) as f32
}
