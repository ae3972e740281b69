//! The order of the answers of one shelf.

use std::collections::BTreeMap;

use super::SearchError;
use super::engine::{Filter, Place, WHOLE, Wanted};
use super::entry::Entry;
use super::quoted::Quoted;
use super::score::{Score, Scorer};

/// One document in the order of the answers.
#[derive(Debug, Clone)]
pub(super) struct Ranked {
    /// Its number on the shelf.
    pub(super) entry: u32,
    pub(super) score: f32,
    /// Which words of the query it has, as bits.
    pub(super) found: u32,
}

/// The documents that answer, best first, as many as the candidates give.
pub(super) fn rank(
    scorer: &Scorer<'_>,
    filter: &Filter,
    quoted: &Quoted,
) -> Result<Vec<Ranked>, SearchError> {
    let mut ranked: Vec<Ranked> = candidates(scorer, filter)?
        .into_iter()
        .filter_map(|(number, sections)| {
            let entry = scorer.shelf.entries.get(&number)?;
            if !quoted.hold(entry, &sections) {
                return None;
            }
            let (score, found) = total(scorer, entry, &sections);
            (score > 0.0).then_some(Ranked { entry: number, score, found })
        })
        .collect();
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
    Ok(ranked)
}

/// Documents that may answer, each with the sections that were proposed.
fn candidates(
    scorer: &Scorer<'_>,
    filter: &Filter,
) -> Result<BTreeMap<u32, Vec<u32>>, SearchError> {
    let (engine, vocab) = (&scorer.shelf.engine, &scorer.shelf.vocab);
    let wanted: Vec<Wanted<'_>> = scorer
        .plan
        .wanted
        .iter()
        .map(|(stem, weight)| Wanted { stem: &vocab.stem_of(*stem).text, weight: *weight })
        .collect();
    let mut found: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut take = |places: Vec<(f32, Place)>| {
        for (_, place) in places {
            let sections = found.entry(place.entry).or_default();
            if place.section != WHOLE {
                sections.push(place.section);
            }
        }
    };
    take(engine.sections(&wanted, filter, scorer.tuning.sections)?);
    // A part or an exact phrase is a matter of sections, which whole texts know nothing of.
    let has_pages = scorer.shelf.totals.pages > 0;
    if has_pages
        && filter.stems.is_empty()
        && !filter.values.iter().any(|value| value.starts_with("bagian:"))
    {
        take(engine.pages(&wanted, filter, scorer.tuning.pages)?);
    }
    Ok(found)
}

/// The score of a document from its names, its whole text and its best sections.
fn total(scorer: &Scorer<'_>, entry: &Entry, sections: &[u32]) -> (f32, u32) {
    let (names, _) = scorer.names(entry);
    let page = entry.page.as_ref().map_or(Score::default(), |page| scorer.page(page));
    let (mut best, mut second) = (0.0_f32, 0.0_f32);
    let mut found = names.found | page.found;
    for section in sections {
        let Some(tokens) = entry.sections.get(*section as usize) else { continue };
        let score = scorer.section(tokens);
        found |= score.found;
        if score.value > best {
            second = best;
            best = score.value;
        } else {
            second = second.max(score.value);
        }
    }
    let tuning = scorer.tuning;
    // A page of guidance names every subject; the sesi that teaches it is what is looked for.
    let share = if entry.doc.places.is_empty() { tuning.guidance } else { 1.0 };
    let value = names.value + tuning.page * page.value + best + tuning.second_section * second;
    (share * value, found)
}
