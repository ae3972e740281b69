//! The search index over the live texts, built at start and followed from what is published.

use std::sync::{Arc, PoisonError, RwLock};

use crate::curriculum::ids::SesiId;
use crate::event::Event;
use crate::search::{Collection, Index, SYNONYMS_PAGE, SearchDoc};

use super::App;

/// The index, once it was built.
#[derive(Default)]
pub(super) struct SearchSlot {
    index: RwLock<Option<Arc<Index>>>,
}

impl App {
    /// The search index; built at the first use.
    ///
    /// None only when the engine cannot start, which is logged.
    #[must_use]
    pub fn search(&self) -> Option<Arc<Index>> {
        let known = self.search.index.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_some() {
            return known;
        }
        let mut slot = self.search.index.write().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            match Index::build(self.collection()) {
                Ok(index) => *slot = Some(Arc::new(index)),
                Err(error) => tracing::error!(%error, "the search index could not be built"),
            }
        }
        slot.clone()
    }

    /// Every live text, as the index wants it.
    fn collection(&self) -> Collection {
        let (skema, live) = {
            let state = self.state();
            let live: Vec<_> = state
                .all_sesi()
                .filter_map(|(_, sesi)| {
                    let edition = sesi.live()?;
                    Some((sesi.id.clone(), edition.revision, edition.number))
                })
                .collect();
            (state.skema.clone(), live)
        };
        let mut collection = Collection { skema, ..Collection::default() };
        for (id, revision, edition) in live {
            let text = match self.texts().get(revision) {
                Ok(text) => text,
                Err(error) => {
                    tracing::error!(%error, "a live text cannot be searched");
                    continue;
                }
            };
            if id.as_str() == SYNONYMS_PAGE {
                collection.synonyms = text.sesi.source().to_owned();
            } else {
                let doc = SearchDoc::from_sesi(&text.sesi, &collection.skema, u32::from(edition));
                collection.docs.extend(doc);
            }
        }
        collection
    }

    /// Brings the index up to what was just published; nothing to do while it was never built.
    pub(super) fn follow_search(&self, events: &[Event]) {
        let mut named = false;
        for event in events {
            match event {
                Event::SkemaLoaded { .. } => named = true,
                Event::EditionPublished { sesi, .. } if sesi.as_str() == SYNONYMS_PAGE => {
                    named = true
                }
                Event::EditionPublished { sesi, .. } => self.replace_in_search(sesi),
                _ => {}
            }
        }
        if named {
            let built = self.search.index.read().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(index) = built {
                let collection = self.collection();
                index.set_names(&collection.skema, &collection.synonyms);
            }
        }
    }

    fn replace_in_search(&self, id: &SesiId) {
        let built = self.search.index.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(index) = built else { return };
        let (skema, live, seq) = {
            let state = self.state();
            let live = state
                .sesi(id)
                .and_then(|sesi| sesi.live())
                .map(|edition| (edition.revision, edition.number));
            (state.skema.clone(), live, state.seq)
        };
        let Some((revision, number)) = live else { return };
        let Ok(text) = self.texts().get(revision) else { return };
        let docs = SearchDoc::from_sesi(&text.sesi, &skema, u32::from(number));
        if let Err(error) = index.replace(id, docs.into_iter().collect(), seq) {
            tracing::error!(%error, "a published text cannot be searched yet");
        }
    }
}
