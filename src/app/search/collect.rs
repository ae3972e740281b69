//! The texts that the index is made of.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::app::drafts::Draft;
use crate::app::texts::Texts;
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::synonyms::SYNONYMS_PAGE;
use crate::curriculum::{Sesi, Skema};
use crate::ids::Digest;
use crate::journal::Drafts;
use crate::search::{Collection, SearchDoc};
use crate::state::State;

/// More drafts and old editions than this are not searched.
const MAX_DRAFTS: usize = 1_000;

fn read(state: &RwLock<State>) -> RwLockReadGuard<'_, State> {
    state.read().unwrap_or_else(PoisonError::into_inner)
}

/// Every live text, as the index wants it.
pub(super) fn collection(state: &RwLock<State>, texts: &Texts) -> Collection {
    let (skema, live) = {
        let state = read(state);
        let live: Vec<SesiId> = state.all_sesi().map(|(_, sesi)| sesi.id.clone()).collect();
        (state.skema.clone(), live)
    };
    let docs = live.iter().filter_map(|id| live_doc(state, texts, &skema, id)).collect();
    Collection { docs, skema, synonyms: synonyms(state, texts) }
}

/// The text of the page of synonyms; empty where there is none.
pub(super) fn synonyms(state: &RwLock<State>, texts: &Texts) -> String {
    let page = SYNONYMS_PAGE.parse().ok();
    let text = page.and_then(|id| live_text(state, texts, &id));
    text.map_or_else(String::new, |(text, _)| text.source().to_owned())
}

/// The live text of a sesi as a document; none for the page of synonyms, whose lists would answer
/// every query.
pub(super) fn live_doc(
    state: &RwLock<State>,
    texts: &Texts,
    skema: &[Skema],
    id: &SesiId,
) -> Option<SearchDoc> {
    if id.as_str() == SYNONYMS_PAGE {
        return None;
    }
    let (text, edition) = live_text(state, texts, id)?;
    SearchDoc::from_sesi(&text, skema, u32::from(edition))
}

fn live_text(
    state: &RwLock<State>,
    texts: &Texts,
    id: &SesiId,
) -> Option<(std::sync::Arc<Sesi>, u16)> {
    let (revision, edition) = {
        let state = read(state);
        let live = state.sesi(id)?.live()?;
        (live.revision, live.number)
    };
    match texts.get(revision) {
        Ok(text) => Some((text.sesi, edition)),
        Err(error) => {
            tracing::error!(%error, "a live text cannot be searched");
            None
        }
    }
}

/// One text that is not live, and what makes it another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DraftKey {
    /// A text that waits for review (edition 0) or an old edition.
    Revision(SesiId, RevisionId, u16),
    /// An autosaved draft.
    File(SesiId, Digest),
}

/// Everything that is not live, newest editions first, at most [`MAX_DRAFTS`].
pub(super) fn draft_keys(state: &RwLock<State>, files: &Drafts) -> Vec<DraftKey> {
    let mut keys = Vec::new();
    for name in files.names().unwrap_or_default() {
        let Some(draft) = load(files, &name) else { continue };
        let digest = Digest::of_bytes(draft.text.as_bytes());
        keys.push(DraftKey::File(draft.sesi, digest));
    }
    let state = read(state);
    for (_, sesi) in state.all_sesi() {
        let waiting = sesi.submission.iter();
        keys.extend(waiting.map(|one| DraftKey::Revision(sesi.id.clone(), one.revision, 0)));
        let old = sesi.editions.iter().rev().skip(1);
        keys.extend(old.map(|one| DraftKey::Revision(sesi.id.clone(), one.revision, one.number)));
    }
    keys.truncate(MAX_DRAFTS);
    keys
}

fn load(files: &Drafts, name: &str) -> Option<Draft> {
    let bytes = files.load(name).ok()??;
    serde_json::from_slice(&bytes).ok()
}

/// The documents of these texts. A draft that was handed in just so is there once.
pub(super) fn draft_docs(
    state: &RwLock<State>,
    texts: &Texts,
    files: &Drafts,
    keys: &[DraftKey],
) -> Vec<SearchDoc> {
    let skema = read(state).skema.clone();
    let mut docs: Vec<SearchDoc> = Vec::with_capacity(keys.len());
    for key in keys {
        let (parsed, edition) = match key {
            DraftKey::File(sesi, _) => match load(files, sesi.as_str()) {
                Some(draft) => (std::sync::Arc::new(Sesi::parse(&draft.text).0), 0),
                None => continue,
            },
            DraftKey::Revision(_, revision, edition) => match texts.get(*revision) {
                Ok(text) => (text.sesi, *edition),
                Err(_) => continue,
            },
        };
        let doc = SearchDoc::from_sesi(&parsed, &skema, u32::from(edition))
            .map(|doc| SearchDoc { live: false, ..doc });
        docs.extend(doc.filter(|doc| doc.sesi.as_str() != SYNONYMS_PAGE && !docs.contains(doc)));
    }
    docs
}
