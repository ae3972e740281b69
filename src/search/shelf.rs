//! A set of documents that is searched together: its words, its entries and its index.
//!
//! Live texts stand on one shelf, drafts and old editions on another, so that words of a draft
//! change neither the order of live results nor what is offered as a correction.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::ids::Digest;

use super::SearchError;
use super::doc::SearchDoc;
use super::engine::{Engine, digest};
use super::entry::Entry;
use super::index::FORMAT_VERSION;
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
    /// What the index in a folder holds; `None` in memory.
    on_disk: Option<Numbers>,
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
        let read = Read::of(docs);
        let engine = read.index(&Engine::in_memory()?, "")?;
        Ok(read.shelf(engine, None))
    }

    /// An index in a folder: the one that is there if its note says that it holds just these
    /// documents, a new one otherwise.
    pub(super) fn open(docs: Vec<SearchDoc>, folder: &Path) -> Result<Self, SearchError> {
        let mut read = Read::of(docs);
        let digests: Vec<Digest> =
            read.entries.values().map(|entry| digest(entry, &read.vocab)).collect();
        if let Some((engine, note)) = Engine::open(folder)
            && let Some(numbers) = Numbers::parse(&note)
            && let Some(order) = numbers.order(&digests)
        {
            let entries = std::mem::take(&mut read.entries).into_values();
            read.entries = order.into_iter().zip(entries).collect();
            return Ok(read.shelf(engine, Some(numbers)));
        }
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        std::fs::create_dir_all(folder)?;
        let numbers = Numbers((0..).zip(digests).collect());
        let engine = read.index(&Engine::create(folder)?, &numbers.note())?;
        Ok(read.shelf(engine, Some(numbers)))
    }

    /// The shelf without the entries that `gone` says yes to and with these documents.
    pub(super) fn changed(
        &self,
        gone: impl Fn(&SearchDoc) -> bool,
        docs: Vec<SearchDoc>,
    ) -> Result<Self, SearchError> {
        let mut shelf = self.clone();
        let vocab = Arc::make_mut(&mut shelf.vocab);
        let is_gone = |(_, entry): &(&u32, &Arc<Entry>)| gone(&entry.doc);
        let gone: Vec<u32> =
            self.entries.iter().filter(is_gone).map(|(number, _)| *number).collect();
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
        let new = || shelf.entries.range(first..).map(|(number, entry)| (*number, &**entry));
        let mut note = String::new();
        if let Some(numbers) = &mut shelf.on_disk {
            numbers.0.retain(|number, _| !gone.contains(number));
            numbers.0.extend(new().map(|(number, entry)| (number, digest(entry, &shelf.vocab))));
            note = numbers.note();
        }
        shelf.engine = Arc::new(self.engine.changed(&gone, new(), &shelf.vocab, &note)?);
        shelf.speller = Arc::new(Speller::build(&shelf.vocab));
        Ok(shelf)
    }
}

/// Under which number an index on disk knows which document; its commits carry it as their note.
#[derive(Debug, Clone)]
struct Numbers(BTreeMap<u32, Digest>);

impl Numbers {
    fn note(&self) -> String {
        let mut note = format!("{FORMAT_VERSION}");
        for (number, digest) in &self.0 {
            note.push_str(&format!(" {number}:{digest}"));
        }
        note
    }

    /// What a note says; `None` for a note of another format.
    fn parse(note: &str) -> Option<Self> {
        let mut words = note.split(' ');
        if words.next()?.parse() != Ok(FORMAT_VERSION) {
            return None;
        }
        let pair = |word: &str| {
            let (number, digest) = word.split_once(':')?;
            Some((number.parse().ok()?, digest.parse().ok()?))
        };
        words.map(pair).collect::<Option<_>>().map(Self)
    }

    /// The number of each of these documents, in their order, if the index holds just these.
    fn order(&self, digests: &[Digest]) -> Option<Vec<u32>> {
        let mut by_digest: BTreeMap<Digest, Vec<u32>> = BTreeMap::new();
        for (number, digest) in &self.0 {
            by_digest.entry(*digest).or_default().push(*number);
        }
        let taken = digests.iter().map(|digest| by_digest.get_mut(digest)?.pop());
        let order: Vec<u32> = taken.collect::<Option<_>>()?;
        (order.len() == self.0.len()).then_some(order)
    }
}

/// Documents that were read and are not yet in an index.
struct Read {
    vocab: Vocab,
    entries: BTreeMap<u32, Arc<Entry>>,
}

impl Read {
    fn of(docs: Vec<SearchDoc>) -> Self {
        let mut vocab = Vocab::default();
        let read = |(number, doc)| (number, Arc::new(Entry::read(doc, &mut vocab)));
        let entries = (0..).zip(docs).map(read).collect();
        Self { vocab, entries }
    }

    fn index(&self, empty: &Engine, note: &str) -> Result<Engine, SearchError> {
        let all = self.entries.iter().map(|(number, entry)| (*number, &**entry));
        empty.changed(&[], all, &self.vocab, note)
    }

    fn shelf(self, engine: Engine, on_disk: Option<Numbers>) -> Shelf {
        let mut totals = Totals::default();
        for entry in self.entries.values() {
            totals.count(entry, true);
        }
        Shelf {
            speller: Arc::new(Speller::build(&self.vocab)),
            vocab: Arc::new(self.vocab),
            engine: Arc::new(engine),
            next: self.entries.last_key_value().map_or(0, |(last, _)| last + 1),
            entries: self.entries,
            totals,
            on_disk,
        }
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
