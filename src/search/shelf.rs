//! A set of documents that is searched together: its words, its entries and its index.
//!
//! Live texts stand on one shelf, drafts and old editions on another, so that words of a draft
//! change neither the order of live results nor what is offered as a correction.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::SearchError;
use super::doc::SearchDoc;
use super::engine::Engine;
use super::entry::Entry;
use super::spelling::Speller;
use super::vocab::Vocab;

/// A set of documents as it is at one time; changing it makes another.
#[derive(Clone)]
pub(super) struct Shelf {
    pub(super) vocab: Arc<Vocab>,
    pub(super) speller: Arc<Speller>,
    pub(super) engine: Arc<Engine>,
    /// Entries by their number, which the index knows them by.
    pub(super) entries: BTreeMap<u32, Arc<Entry>>,
    pub(super) totals: Totals,
    /// The number that the next entry gets.
    next: u32,
}

/// Sums over all entries, for averages.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) sections: u32,
    pub(super) words: u64,
    pub(super) texts: u32,
    /// Texts of more than one section, which have a record of their own.
    pub(super) pages: u32,
}

impl Shelf {
    /// An index in memory.
    pub(super) fn build(docs: Vec<SearchDoc>) -> Result<Self, SearchError> {
        Self::filled(docs, |read| {
            let engine = Engine::in_memory()?;
            read.index(&engine, "")
        })
    }

    /// An index in a folder: the one that is there if its note says that it holds just these
    /// documents, a new one otherwise.
    pub(super) fn open(
        docs: Vec<SearchDoc>,
        folder: &Path,
        note: &str,
    ) -> Result<Self, SearchError> {
        Self::filled(docs, |read| {
            if let Some(engine) = Engine::open(folder, note)? {
                return Ok(engine);
            }
            if folder.exists() {
                std::fs::remove_dir_all(folder)?;
            }
            std::fs::create_dir_all(folder)?;
            read.index(&Engine::create(folder)?, note)
        })
    }

    fn filled(
        docs: Vec<SearchDoc>,
        engine: impl FnOnce(&Read) -> Result<Engine, SearchError>,
    ) -> Result<Self, SearchError> {
        let read = Read::of(docs);
        let engine = engine(&read)?;
        let Read { vocab, entries, next } = read;
        let mut totals = Totals::default();
        for entry in entries.values() {
            totals.count(entry, true);
        }
        let speller = Speller::build(&vocab);
        Ok(Self {
            vocab: Arc::new(vocab),
            speller: Arc::new(speller),
            engine: Arc::new(engine),
            entries,
            totals,
            next,
        })
    }

    /// The shelf without the entries that `gone` says yes to and with these documents.
    pub(super) fn changed(
        &self,
        gone: impl Fn(&SearchDoc) -> bool,
        docs: Vec<SearchDoc>,
        note: &str,
    ) -> Result<Self, SearchError> {
        let mut shelf = self.clone();
        let vocab = Arc::make_mut(&mut shelf.vocab);
        let gone: Vec<u32> = self
            .entries
            .iter()
            .filter(|(_, entry)| gone(&entry.doc))
            .map(|(number, _)| *number)
            .collect();
        if gone.is_empty() && docs.is_empty() {
            return Ok(shelf);
        }
        for number in &gone {
            if let Some(entry) = shelf.entries.remove(number) {
                entry.count(vocab, false);
                shelf.totals.count(&entry, false);
            }
        }
        let first = shelf.next;
        for doc in docs {
            let entry = Entry::read(doc, vocab);
            shelf.totals.count(&entry, true);
            shelf.entries.insert(shelf.next, Arc::new(entry));
            shelf.next += 1;
        }
        let new = shelf.entries.range(first..).map(|(number, entry)| (*number, &**entry));
        shelf.engine = Arc::new(self.engine.changed(&gone, new, &shelf.vocab, note)?);
        shelf.speller = Arc::new(Speller::build(&shelf.vocab));
        Ok(shelf)
    }
}

/// Documents that were read and are not yet in an index.
struct Read {
    vocab: Vocab,
    entries: BTreeMap<u32, Arc<Entry>>,
    next: u32,
}

impl Read {
    fn of(docs: Vec<SearchDoc>) -> Self {
        let mut vocab = Vocab::default();
        let read = |(number, doc)| (number, Arc::new(Entry::read(doc, &mut vocab)));
        let entries: BTreeMap<_, _> = (0..).zip(docs).map(read).collect();
        let next = entries.last_key_value().map_or(0, |(last, _)| last + 1);
        Self { vocab, entries, next }
    }

    fn index(&self, empty: &Engine, note: &str) -> Result<Engine, SearchError> {
        let all = self.entries.iter().map(|(number, entry)| (*number, &**entry));
        empty.changed(&[], all, &self.vocab, note)
    }
}

impl Totals {
    fn count(&mut self, entry: &Entry, add: bool) {
        let words = entry.sections.iter().map(|section| section.forms.len() as u64).sum::<u64>();
        let sections = u32::try_from(entry.sections.len()).unwrap_or(u32::MAX);
        let (of_sections, of_texts) = (&mut self.sections, &mut self.texts);
        let page = u32::from(entry.page.is_some());
        if add {
            self.pages += page;
            *of_sections += sections;
            *of_texts += 1;
            self.words += words;
        } else {
            self.pages -= page;
            *of_sections -= sections;
            *of_texts -= 1;
            self.words -= words;
        }
    }

    /// The words of an average section, at least 1.
    pub(super) fn section_length(&self) -> f32 {
        (self.words as f32 / self.sections.max(1) as f32).max(1.0)
    }

    /// The words of an average text, at least 1.
    pub(super) fn text_length(&self) -> f32 {
        (self.words as f32 / self.texts.max(1) as f32).max(1.0)
    }
}
