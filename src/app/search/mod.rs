//! The search index over the live texts, built at start and followed from what is published.

mod collect;
mod follow;
mod unfound;

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use crate::journal::Drafts;
use crate::search::{Collection, Index, SearchError};
use crate::state::State;

use super::App;
use super::texts::Texts;

use self::collect::{DraftKey, collection, draft_docs, draft_keys};
use self::follow::Pending;

pub(super) use self::follow::concerns;
pub(super) use self::unfound::UnfoundWords;
pub use self::unfound::{KEPT, Unfound};

/// The index with everything that it is made from.
pub(super) struct Search {
    state: Arc<RwLock<State>>,
    texts: Arc<Texts>,
    /// Where an index of more than so many sections is kept; none keeps even that in memory.
    folder: Option<(PathBuf, usize)>,
    /// The index, once it was built. Held for writing while it is built, so that all who want it
    /// wait for the one building.
    index: RwLock<Option<Arc<Index>>>,
    /// Which drafts and old editions the index holds.
    drafts: Mutex<Option<Vec<DraftKey>>>,
    /// What was published and is not in the index yet.
    pending: Mutex<Pending>,
    changed: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Search {
    pub(super) fn new(
        state: Arc<RwLock<State>>,
        texts: Arc<Texts>,
        folder: Option<(PathBuf, usize)>,
    ) -> Arc<Self> {
        Arc::new(Self {
            state,
            texts,
            folder,
            index: RwLock::default(),
            drafts: Mutex::default(),
            pending: Mutex::default(),
            changed: Condvar::new(),
            thread: Mutex::default(),
        })
    }

    /// The index; built at the first use. None only when the engine cannot start.
    fn index(&self) -> Option<Arc<Index>> {
        let known = self.index.read().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_some() {
            return known;
        }
        let mut slot = self.index.write().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            match self.build() {
                Ok(index) => *slot = Some(Arc::new(index)),
                Err(error) => tracing::error!(%error, "the search index could not be built"),
            }
        }
        slot.clone()
    }

    /// Builds the index: in memory, or in its folder where it is large.
    fn build(&self) -> Result<Index, SearchError> {
        let collection = self.collection();
        let sections: usize = collection.docs.iter().map(|doc| doc.sections.len()).sum();
        let large = self.folder.as_ref().filter(|(_, in_memory)| sections > *in_memory);
        let Some((folder, _)) = large else { return Index::build(collection) };
        match Index::open(collection, folder) {
            Ok(index) => Ok(index),
            Err(error) => {
                // A full or read-only disk takes no index, and memory is enough for a while.
                tracing::warn!(%error, "the search index stays in memory");
                Index::build(self.collection())
            }
        }
    }

    fn collection(&self) -> Collection {
        collection(&self.state, &self.texts)
    }

    /// Builds the index anew. One that is so large that it lies in a folder is compared with the
    /// texts whenever it is opened, so it stays.
    pub(super) fn rebuild(&self) {
        let folder = self.folder.as_ref().is_some_and(|(folder, _)| folder.exists());
        if !folder {
            *self.drafts.lock().unwrap_or_else(PoisonError::into_inner) = None;
            *self.index.write().unwrap_or_else(PoisonError::into_inner) = None;
        }
        let _built = self.index();
    }

    /// The index as it is now, without building one.
    fn built(&self) -> Option<Arc<Index>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The index with the drafts and old editions of this moment.
    fn with_drafts(&self, files: &Drafts) -> Option<Arc<Index>> {
        let index = self.index()?;
        let wanted = draft_keys(&self.state, files);
        // One at a time: two would build the same.
        let mut known = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref() != Some(&wanted) {
            let docs = draft_docs(&self.state, &self.texts, files, &wanted);
            match index.set_drafts(docs) {
                Ok(()) => *known = Some(wanted),
                Err(error) => tracing::error!(%error, "drafts cannot be searched"),
            }
        }
        Some(index)
    }
}

impl App {
    /// The search index; built at the first use, which takes up to some seconds, so on a thread
    /// that may block.
    ///
    /// None only when the engine cannot start, which is logged.
    #[must_use]
    pub fn search(&self) -> Option<Arc<Index>> {
        self.search.index()
    }

    /// The search index with the drafts, the texts that wait for review and the old editions of
    /// this moment, for those who may read them. May block as [`App::search`].
    #[must_use]
    pub fn search_with_drafts(&self) -> Option<Arc<Index>> {
        self.search.with_drafts(&self.journal.drafts())
    }
}
