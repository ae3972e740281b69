//! The index as the rest of the program has it: built at start, changed by one, read by many.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::curriculum::skema::Resolver;
use crate::curriculum::synonyms::{self, Synonyms};
use crate::curriculum::{SesiId, Skema};

use super::SearchError;
use super::answer;
use super::doc::{Collection, SearchDoc};
use super::results::{Query, Results, Suggestion};
use super::shelf::Shelf;
use super::suggest;
use super::tuning::Tuning;

/// The version of the records on disk. An index of another version is built anew. A change of
/// words or roots needs no other version: the index notes what it holds, root by root.
pub const FORMAT_VERSION: u32 = 2;

/// Up to so many sections an index belongs in memory; above, the caller should give a folder.
pub const MEMORY_SECTIONS: usize = 20_000;

/// The search index.
///
/// A cheap handle: clones see the same index. A reader works on the state it began with and is
/// never held up by a writer; writers go one after the other.
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

struct Shared {
    /// Held for the moment of a clone or an exchange, never over any work.
    now: RwLock<Arc<Snapshot>>,
    /// Held over a change, so that none is lost.
    writing: Mutex<()>,
}

/// Everything that an answer needs, unchanging.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) live: Shelf,
    pub(super) drafts: Shelf,
    pub(super) synonyms: Arc<Synonyms>,
    pub(super) resolver: Arc<Resolver>,
    pub(super) tuning: Tuning,
}

impl Index {
    /// Builds an index in memory.
    ///
    /// # Errors
    /// Where the engine cannot start, which in memory means that memory ran out.
    pub fn build(collection: Collection) -> Result<Self, SearchError> {
        Self::tuned(collection, Tuning::default())
    }

    /// Builds an index in memory with other weights, for an evaluation.
    ///
    /// # Errors
    /// As [`Index::build`].
    pub fn tuned(collection: Collection, tuning: Tuning) -> Result<Self, SearchError> {
        let (live, drafts) = collection.docs.into_iter().partition(|doc| doc.live);
        Self::over(
            Shelf::build(live)?,
            Shelf::build(drafts)?,
            (&collection.skema, &collection.synonyms),
            tuning,
        )
    }

    /// The same texts with other weights, for an evaluation; changes of one are not in the other.
    pub fn retuned(&self, tuning: Tuning) -> Self {
        let snapshot = Snapshot { tuning, ..Snapshot::clone(&self.snapshot()) };
        let now = RwLock::new(Arc::new(snapshot));
        Self { shared: Arc::new(Shared { now, writing: Mutex::new(()) }) }
    }

    /// Opens the index in a folder that belongs to it alone, or builds it there.
    ///
    /// An index that is missing, damaged, of another format, or that does not hold just what
    /// these documents come to with the analyzer of today is built anew. Drafts stay in memory.
    ///
    /// # Errors
    /// Where the folder cannot be written.
    pub fn open(collection: Collection, folder: &Path) -> Result<Self, SearchError> {
        let (live, drafts): (Vec<_>, Vec<_>) =
            collection.docs.into_iter().partition(|doc| doc.live);
        let live = Shelf::open(live, folder)?;
        let names = (collection.skema.as_slice(), collection.synonyms.as_str());
        Self::over(live, Shelf::build(drafts)?, names, Tuning::default())
    }

    fn over(
        live: Shelf,
        drafts: Shelf,
        (skema, synonyms): (&[Skema], &str),
        tuning: Tuning,
    ) -> Result<Self, SearchError> {
        let snapshot = Snapshot {
            live,
            drafts,
            synonyms: Arc::new(synonyms::parse(synonyms).0),
            resolver: Arc::new(Resolver::new(skema)),
            tuning,
        };
        let now = RwLock::new(Arc::new(snapshot));
        Ok(Self { shared: Arc::new(Shared { now, writing: Mutex::new(()) }) })
    }

    /// Puts these live documents in the place of all live ones that some sesi had; a sesi without
    /// one is found no more. Readers see the change when this returns.
    ///
    /// # Errors
    /// Where the index cannot be written; readers then go on with what was.
    pub fn replace(
        &self,
        sesi: &BTreeSet<SesiId>,
        docs: Vec<SearchDoc>,
    ) -> Result<(), SearchError> {
        self.change(|now| {
            let live = now.live.changed(|doc| sesi.contains(&doc.sesi), docs)?;
            Ok(Snapshot { live, ..now.clone() })
        })
    }

    /// Takes these drafts and old editions in the place of those before; live texts stay.
    ///
    /// # Errors
    /// As [`Index::replace`].
    pub fn set_drafts(&self, docs: Vec<SearchDoc>) -> Result<(), SearchError> {
        let drafts = Shelf::build(docs)?;
        self.change(|now| Ok(Snapshot { drafts, ..now.clone() }))
    }

    /// Takes other synonyms and lists of modul; the documents stay.
    pub fn set_names(&self, skema: &[Skema], synonyms: &str) {
        let names = (Arc::new(synonyms::parse(synonyms).0), Arc::new(Resolver::new(skema)));
        // Nothing in here can fail, so there is no error to pass on.
        let _ = self.change(|now| {
            let (synonyms, resolver) = names;
            Ok(Snapshot { synonyms, resolver, ..now.clone() })
        });
    }

    fn change(
        &self,
        make: impl FnOnce(&Snapshot) -> Result<Snapshot, SearchError>,
    ) -> Result<(), SearchError> {
        let _one_at_a_time = self.shared.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let new = Arc::new(make(&self.snapshot())?);
        *self.shared.now.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.shared.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers a query. Any text is answered; see [`Query`] for what of it counts.
    ///
    /// # Errors
    /// Where an index on disk cannot be read.
    pub fn search(&self, query: &Query) -> Result<Results, SearchError> {
        answer::answer(&self.snapshot(), query)
    }

    /// The best live sesi for a query with their scores, without passages and reasons.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn rank(&self, text: &str, limit: usize) -> Result<Vec<(SesiId, f32)>, SearchError> {
        answer::rank_only(&self.snapshot(), text, limit)
    }

    /// What to offer for the start of a query, best first, at most `limit` (never more than 20).
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn suggest(&self, start: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        suggest::suggest(&self.snapshot(), start, limit.min(20))
    }

    /// How many live sections there are.
    pub fn sections(&self) -> usize {
        self.snapshot().live.totals.sections as usize
    }
}
