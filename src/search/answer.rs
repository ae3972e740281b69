//! From a query to an answer: reads it, ranks, explains, cuts passages.

use std::cmp::Reverse;

use crate::curriculum::SesiId;

use super::SearchError;
use super::direct::direct;
use super::engine::{Filter, filter_value};
use super::entry::{Entry, NameKind};
use super::explain;
use super::facets;
use super::index::Snapshot;
use super::plan::{Plan, Planner, Slot, bounded};
use super::quoted::Quoted;
use super::rank::{Ranked, rank};
use super::results::{Hit, Query, Reason, Results, SectionHit, Why};
use super::score::Scorer;
use super::shelf::Shelf;
use super::snippet::snippet;

/// More hits than this are not given at once.
const MAX_LIMIT: usize = 50;
/// A sesi shows at most so many sections.
const SECTIONS: usize = 3;
/// Hits below this share of the best are noise.
const TAIL: f32 = 0.22;

/// See [`super::Index::search`].
pub(super) fn answer(now: &Snapshot, query: &Query) -> Result<Results, SearchError> {
    let text = cleaned(&query.text);
    let mut results = on_shelf(now, &now.live, query, &text)?;
    if query.include_drafts {
        let drafts = on_shelf(now, &now.drafts, query, &text)?;
        merge(&mut results, drafts);
    }
    let offset = query.offset.min(results.hits.len());
    results.hits.drain(..offset);
    results.hits.truncate(query.limit.min(MAX_LIMIT));
    results.query = text;
    Ok(results)
}

/// See [`super::Index::rank`].
pub(super) fn rank_only(
    now: &Snapshot,
    text: &str,
    limit: usize,
) -> Result<Vec<(SesiId, f32)>, SearchError> {
    let plan = planner(now, &now.live, false).plan(text);
    let scorer = Scorer::new(&now.live, &plan, &now.tuning);
    let ranked = rank(&scorer, &Filter::default(), &Quoted::default())?;
    let named = |one: Ranked| {
        let entry = now.live.entries.get(&one.entry)?;
        Some((entry.doc.sesi.clone(), one.score))
    };
    Ok(ranked.into_iter().take(limit).filter_map(named).collect())
}

pub(super) fn planner<'a>(now: &'a Snapshot, shelf: &'a Shelf, exact: bool) -> Planner<'a> {
    Planner { shelf, synonyms: &now.synonyms, tuning: &now.tuning, exact }
}

/// The query without what no keyboard types, at most as long as is read.
fn cleaned(text: &str) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let text = bounded(text).replace(invisible, " ");
    text.trim().to_owned()
}

fn on_shelf(
    now: &Snapshot,
    shelf: &Shelf,
    query: &Query,
    text: &str,
) -> Result<Results, SearchError> {
    let plan = planner(now, shelf, query.exact).plan(text);
    let scorer = Scorer::new(shelf, &plan, &now.tuning);
    let quoted = Quoted::read(text, &shelf.vocab);
    let filter = filter(query, &quoted, shelf);
    let mut ranked = rank(&scorer, &filter, &quoted)?;
    let mut relaxed = false;
    if ranked.is_empty() && !quoted.is_empty() {
        // Nobody says just these words together; the words alone are the next best.
        let filter = self::filter(query, &Quoted::default(), shelf);
        ranked = rank(&scorer, &filter, &Quoted::default())?;
        relaxed = true;
    }
    let unread = query.text[bounded(&query.text).len()..].contains(char::is_alphanumeric);
    let mut results = Results { cut: plan.cut || unread, ..Results::default() };
    results.corrected = rewritten(text, &plan, |slot| slot.corrected.as_ref());
    let unknown = plan.slots.iter().filter(|slot| !slot.function && !slot.known);
    results.unknown = unknown.map(|slot| slot.surface.clone()).collect();
    results.did_you_mean = rewritten(text, &plan, |slot| slot.suggested.as_ref());
    let readings = [Some(text), results.corrected.as_deref()];
    let readings: Vec<&str> = readings.into_iter().flatten().collect();
    results.direct = direct(&now.resolver, &readings)
        .filter(|sesi| shelf.entries.values().any(|entry| entry.doc.sesi == *sesi));
    order(&scorer, &mut ranked, results.direct.as_ref(), &filter);
    let top = ranked.first().map_or(0, |best| best.found);
    results.reason = explain::reason(&scorer, ranked.first(), top, relaxed);
    results.facets = facets::count(&scorer, &ranked);
    results.total = ranked.len();
    let shown = (query.offset + query.limit.min(MAX_LIMIT)).min(ranked.len());
    let part = query.bagian;
    let hits = ranked[..shown].iter().filter_map(|one| hit(&scorer, one, &results, part));
    results.hits = hits.collect();
    if ranked.is_empty() {
        results.nearest = explain::nearest(shelf, text);
    }
    Ok(results)
}

fn filter(query: &Query, quoted: &Quoted, shelf: &Shelf) -> Filter {
    let values = [
        query.modul.as_ref().map(|modul| filter_value("modul", modul.as_str())),
        query.skema.as_ref().map(|skema| filter_value("skema", skema.as_str())),
        query.bagian.map(|part| filter_value("bagian", part.anchor())),
        query.audience.as_ref().map(|audience| filter_value("sasaran", audience)),
    ];
    Filter { values: values.into_iter().flatten().collect(), stems: quoted.stems(&shelf.vocab) }
}

/// The named sesi first, then by score, without the tail.
fn order(scorer: &Scorer<'_>, ranked: &mut Vec<Ranked>, direct: Option<&SesiId>, filter: &Filter) {
    let floor = ranked.first().map_or(0.0, |best| best.score * TAIL);
    ranked.retain(|one| one.score >= floor);
    let Some(direct) = direct else { return };
    let is_direct = |number: &u32| {
        scorer.shelf.entries.get(number).is_some_and(|entry| entry.doc.sesi == *direct)
    };
    if let Some(at) = ranked.iter().position(|one| is_direct(&one.entry)) {
        ranked[..=at].rotate_right(1);
        ranked[0].score = ranked.iter().map(|one| one.score).fold(0.0, f32::max);
    } else if filter.values.is_empty() {
        let number = scorer.shelf.entries.keys().find(|number| is_direct(number));
        let score = ranked.first().map_or(1.0, |best| best.score);
        ranked
            .splice(0..0, number.map(|entry| Ranked { entry: *entry, score, found: scorer.all() }));
    }
}

/// The query with some of its words replaced; `None` where none is.
fn rewritten(text: &str, plan: &Plan, word: impl Fn(&Slot) -> Option<&String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for slot in &plan.slots {
        if let Some(word) = word(slot)
            && slot.range.start >= at
        {
            out.push_str(&text[at..slot.range.start]);
            out.push_str(word);
            at = slot.range.end;
        }
    }
    out.push_str(&text[at..]);
    (at > 0).then_some(out)
}

fn hit(
    scorer: &Scorer<'_>,
    ranked: &Ranked,
    results: &Results,
    part: Option<crate::curriculum::Part>,
) -> Option<Hit> {
    let entry = scorer.shelf.entries.get(&ranked.entry)?;
    let doc = &entry.doc;
    let mut why = explain::why(scorer, entry);
    if results.direct.as_ref() == Some(&doc.sesi) {
        why.insert(0, Why::Direct);
    }
    Some(Hit {
        sesi: doc.sesi.clone(),
        title: doc.title.clone(),
        places: doc.places.clone(),
        minutes: doc.minutes,
        live: doc.live,
        edition: doc.edition,
        score: ranked.score,
        why,
        sections: sections(scorer, entry, part),
    })
}

/// The best sections of a document; its first where only its names answer.
fn sections(
    scorer: &Scorer<'_>,
    entry: &Entry,
    part: Option<crate::curriculum::Part>,
) -> Vec<SectionHit> {
    let both = entry.doc.sections.iter().zip(&entry.sections);
    let mut scored: Vec<_> = both
        .filter(|(section, _)| part.is_none_or(|part| section.part == part))
        .map(|(section, tokens)| (scorer.section(tokens).value, section))
        .collect();
    // A stable sort keeps the order of the text among equals.
    scored.sort_by_key(|(value, _)| Reverse((value * 1000.0) as u32));
    let best = scored.first().map_or(0.0, |(value, _)| *value);
    scored.retain(|(value, _)| *value > best * 0.4 || best <= 0.0);
    scored.truncate(if best > 0.0 { SECTIONS } else { 1 });
    scored
        .into_iter()
        .map(|(_, section)| SectionHit {
            anchor: section.anchor.clone(),
            heading: section.heading.clone(),
            part: section.part,
            snippet: snippet(scorer, &section.text),
        })
        .collect()
}

/// Adds what the shelf of drafts answers, by score.
fn merge(results: &mut Results, drafts: Results) {
    results.total += drafts.total;
    results.hits.extend(drafts.hits);
    results.hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    results.direct = results.direct.take().or(drafts.direct);
    if !results.hits.is_empty() {
        results.nearest.clear();
    }
    if results.reason == Reason::Nothing {
        results.reason = drafts.reason;
        results.corrected = drafts.corrected;
    }
}

/// Whether a name is one that the writer of a query may have meant.
pub(super) fn is_own_name(kind: NameKind) -> bool {
    matches!(kind, NameKind::Title | NameKind::Alias(_) | NameKind::Keyword(_))
}
