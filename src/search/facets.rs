//! How many of the sesi that answer stand under which heading.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::rank::Ranked;
use super::results::Facets;
use super::score::Scorer;

/// Parts are counted in the best hits only: it takes a look at each of their sections.
const LOOKED_AT: usize = 50;

pub(super) fn count(scorer: &Scorer<'_>, ranked: &[Ranked]) -> Facets {
    let mut modul = BTreeMap::new();
    let (mut bagian, mut audience, mut skema) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (at, one) in ranked.iter().enumerate() {
        let Some(entry) = scorer.shelf.entries.get(&one.entry) else { continue };
        let doc = &entry.doc;
        for place in &doc.places {
            let name = (place.modul.clone(), place.modul_title.clone());
            *modul.entry(name).or_insert(0) += 1;
            *skema.entry(place.skema.clone()).or_insert(0) += 1;
        }
        for who in &doc.audience {
            *audience.entry(who.clone()).or_insert(0) += 1;
        }
        if at < LOOKED_AT {
            let both = doc.sections.iter().zip(&entry.sections);
            let parts: BTreeSet<_> = both
                .filter(|(_, tokens)| scorer.section(tokens).found != 0)
                .map(|(section, _)| section.part)
                .collect();
            for part in parts {
                *bagian.entry(part).or_insert(0) += 1;
            }
        }
    }
    let modul = sorted(modul).into_iter().map(|((id, title), count)| (id, title, count)).collect();
    Facets { modul, bagian: sorted(bagian), audience: sorted(audience), skema: sorted(skema) }
}

fn sorted<K>(counts: BTreeMap<K, usize>) -> Vec<(K, usize)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}
