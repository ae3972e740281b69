//! The index follows what is published, on a thread of its own: no publishing waits for it but the
//! one who publishes, and nothing is missed where that one went away.

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use crate::curriculum::SesiId;
use crate::curriculum::synonyms::SYNONYMS_PAGE;
use crate::event::Event;
use crate::search::SearchError;

use super::super::committer::Applied;
use super::Search;
use super::collect::live_doc;

/// Whoever published waits no longer than this for the index; the publishing itself stands.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the index does not have yet.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Sesi whose live text may be another.
    sesi: BTreeSet<SesiId>,
    /// Whether the lists of modul are others, so that every text may stand elsewhere.
    everything: bool,
    /// Whether the page of synonyms is another.
    synonyms: bool,
    /// How many changes were handed over, and how many of them the index has.
    handed: u64,
    taken: u64,
    stop: bool,
}

/// Whether the index must change with these events.
pub(in super::super) fn concerns(events: &[Event]) -> bool {
    let changes =
        |event: &Event| matches!(event, Event::EditionPublished { .. } | Event::SkemaLoaded { .. });
    events.iter().any(changes)
}

impl Search {
    /// Starts following.
    ///
    /// # Errors
    /// When the machine gives no thread.
    pub(in super::super) fn start(self: &Arc<Self>) -> Result<(), std::io::Error> {
        let search = Arc::clone(self);
        let thread = std::thread::Builder::new()
            .name("cari".to_owned())
            .spawn(move || while search.take_in() {})?;
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// Hands over lines that were applied to the state.
    pub(in super::super) fn push(&self, lines: &[Applied]) {
        if !lines.iter().any(|(_, events)| concerns(events)) {
            return;
        }
        // Whatever is built from here on has the lines already. One that is being built may have
        // looked before, so only the certainty that there is none makes handing over needless.
        if self.index.try_read().is_ok_and(|index| index.is_none()) {
            return;
        }
        let mut pending = self.pending();
        for event in lines.iter().flat_map(|(_, events)| events.iter()) {
            match event {
                Event::SkemaLoaded { .. } => pending.everything = true,
                Event::EditionPublished { sesi, .. } if sesi.as_str() == SYNONYMS_PAGE => {
                    pending.synonyms = true;
                }
                Event::EditionPublished { sesi, .. } => drop(pending.sesi.insert(sesi.clone())),
                _ => {}
            }
        }
        pending.handed += 1;
        self.changed.notify_all();
    }

    /// Waits until the index has what was handed over so far, or [`PATIENCE`] ends.
    pub(in super::super) fn settle(&self) {
        let pending = self.pending();
        let handed = pending.handed;
        let behind = |pending: &mut Pending| pending.taken < handed && !pending.stop;
        let waited = self.changed.wait_timeout_while(pending, PATIENCE, behind);
        let (pending, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if pending.taken < handed {
            tracing::warn!("a published text is not found yet; the index is still at work");
        }
    }

    /// Ends the following.
    pub(in super::super) fn stop(&self) {
        self.pending().stop = true;
        self.changed.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _panicked = thread.join();
        }
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        // A set of finished values is whole whatever happened to the thread that held it.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for changes and takes all that wait in at once; `false` when told to stop.
    fn take_in(&self) -> bool {
        let (work, handed) = {
            let nothing = |pending: &mut Pending| pending.taken == pending.handed && !pending.stop;
            let waited = self.changed.wait_while(self.pending(), nothing);
            let mut pending = waited.unwrap_or_else(PoisonError::into_inner);
            if pending.stop {
                return false;
            }
            let work = Pending {
                sesi: std::mem::take(&mut pending.sesi),
                everything: std::mem::take(&mut pending.everything),
                synonyms: std::mem::take(&mut pending.synonyms),
                ..Pending::default()
            };
            (work, pending.handed)
        };
        if let Err(error) = self.update(&work) {
            tracing::error!(%error, "a published text cannot be searched yet");
        }
        self.pending().taken = handed;
        self.changed.notify_all();
        true
    }

    fn update(&self, work: &Pending) -> Result<(), SearchError> {
        let Some(index) = self.built() else { return Ok(()) };
        if work.everything || work.synonyms {
            let collection = self.collection();
            index.set_names(&collection.skema, &collection.synonyms);
            if work.everything {
                let all = collection.docs.iter().map(|doc| doc.sesi.clone()).collect();
                return index.replace(&all, collection.docs);
            }
        }
        if work.sesi.is_empty() {
            return Ok(());
        }
        let skema = self.state.read().unwrap_or_else(PoisonError::into_inner).skema.clone();
        let docs = work.sesi.iter();
        let docs = docs.filter_map(|id| live_doc(&self.state, &self.texts, &skema, id)).collect();
        index.replace(&work.sesi, docs)
    }
}
