//! The inverted index: which sections and texts may answer a query, best guesses first.
//!
//! Nothing outside this folder names the engine. It gives candidates only; [`super::score`]
//! decides their order with what the engine does not know (synonyms, spelling, nearness, names).

mod best;

use std::path::Path;

use tantivy::columnar::Column;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use crate::ids::Digest;

use super::SearchError;
use super::entry::{Entry, Tokens};
use super::vocab::{FormId, Vocab};

use self::best::{Among, Best, Found, Words};

/// The number of an entry within a shelf and of a section within it; the whole text has
/// [`WHOLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) entry: u32,
    pub(super) section: u32,
}

/// The section number of a record that stands for the whole text.
pub(super) const WHOLE: u32 = u32::MAX;

/// A word to look for and how much it counts.
#[derive(Debug, Clone)]
pub(super) struct Wanted<'a> {
    pub(super) stem: &'a str,
    pub(super) weight: f32,
}

/// What a candidate must be.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Each `(name, value)` must hold; see [`filter_value`].
    pub(super) values: Vec<String>,
    /// Roots that must all stand in a section (for exact phrases).
    pub(super) stems: Vec<String>,
}

/// A value of the filter field: the kind of facet and its value.
pub(super) fn filter_value(kind: &str, value: &str) -> String {
    format!("{kind}:{}", value.to_lowercase())
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    /// Roots of a section; of a text of one section its names too.
    section: Field,
    /// Roots of a whole text.
    page: Field,
    /// Roots of the names of a text.
    names: Field,
    /// Facet values.
    facet: Field,
    /// The place, packed.
    place: Field,
    /// The number of the entry, for deleting.
    entry: Field,
}

/// The index and a view of it.
pub(super) struct Engine {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    view: View,
}

/// What was committed last, opened for reading.
struct View {
    searcher: Searcher,
    places: Vec<Column<u64>>,
    section: Words,
    page: Words,
    names: Words,
    facet: Words,
}

/// The writer's memory; the least that the engine takes.
const WRITER_BYTES: usize = 15_000_000;

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let words = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        section: schema.add_text_field("section", words.clone()),
        page: schema.add_text_field("page", words.clone()),
        names: schema.add_text_field("names", words),
        facet: schema.add_text_field("facet", STRING),
        place: schema.add_u64_field("place", FAST),
        entry: schema.add_u64_field("entry", INDEXED),
    };
    (schema.build(), fields)
}

impl Engine {
    /// An empty index in memory.
    pub(super) fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        Self::over(tantivy::Index::create_in_ram(schema), fields)
    }

    /// An empty index in a folder, which must be empty.
    pub(super) fn create(folder: &Path) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        Self::over(tantivy::Index::create_in_dir(folder, schema)?, fields)
    }

    /// The index in a folder with the note of its last commit, if its files are whole and of
    /// today's format.
    pub(super) fn open(folder: &Path) -> Option<(Self, String)> {
        let (schema, fields) = schema();
        let index = tantivy::Index::open_in_dir(folder).ok()?;
        let whole = index.schema() == schema
            && index.validate_checksum().is_ok_and(|damaged| damaged.is_empty());
        let note = index.load_metas().ok()?.payload?;
        let engine = Self::over(index, fields).ok().filter(|_| whole)?;
        Some((engine, note))
    }

    fn over(index: tantivy::Index, fields: Fields) -> Result<Self, SearchError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let view = View::open(&reader, fields)?;
        Ok(Self { index, reader, fields, view })
    }

    /// The index with some entries taken out and others put in, committed with a note.
    pub(super) fn changed<'a>(
        &self,
        gone: &[u32],
        new: impl Iterator<Item = (u32, &'a Entry)>,
        vocab: &Vocab,
        note: &str,
    ) -> Result<Self, SearchError> {
        let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(0.3);
        writer.set_merge_policy(Box::new(policy));
        for entry in gone {
            writer.delete_term(Term::from_field_u64(self.fields.entry, u64::from(*entry)));
        }
        for (number, entry) in new {
            for document in documents(self.fields, number, entry, vocab) {
                writer.add_document(document)?;
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(note);
        commit.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        let view = View::open(&self.reader, self.fields)?;
        let (index, reader) = (self.index.clone(), self.reader.clone());
        Ok(Self { index, reader, fields: self.fields, view })
    }

    /// The sections that hold most of the wanted words, best first, at most `limit`.
    pub(super) fn sections(
        &self,
        wanted: &[Wanted<'_>],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<(f32, Place)>, SearchError> {
        self.view.top(&self.view.section.all(wanted)?, filter, limit)
    }

    /// The texts that hold most of the wanted words, best first, at most `limit`.
    pub(super) fn pages(
        &self,
        wanted: &[Wanted<'_>],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<(f32, Place)>, SearchError> {
        let mut found = self.view.page.all(wanted)?;
        found.extend(self.view.names.all(wanted)?);
        self.view.top(&found, filter, limit)
    }
}

impl View {
    fn open(reader: &IndexReader, fields: Fields) -> Result<Self, SearchError> {
        let searcher = reader.searcher();
        let open = |segment: &tantivy::SegmentReader| segment.fast_fields().u64("place");
        let places = searcher.segment_readers().iter().map(open).collect::<Result<_, _>>()?;
        let words = |field| Words::open(&searcher, field);
        let (section, page) = (words(fields.section)?, words(fields.page)?);
        let (names, facet) = (words(fields.names)?, words(fields.facet)?);
        Ok(Self { searcher, places, section, page, names, facet })
    }

    fn top(
        &self,
        found: &[Found<'_>],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<(f32, Place)>, SearchError> {
        let mut best = Best::of(limit);
        if limit > 0 {
            for segment in 0..self.places.len() {
                best.take(segment, found, &self.among(segment, filter)?)?;
            }
        }
        let place = |(score, segment, record)| (score, self.place(segment, record));
        Ok(best.into_kept().into_iter().map(place).collect())
    }

    /// The records of a segment that a filter lets through.
    fn among(&self, segment: usize, filter: &Filter) -> Result<Among<'_>, SearchError> {
        let reader = self.searcher.segment_reader(segment as u32);
        let mut among = Among { alive: reader.alive_bitset(), set: None };
        if !filter.values.is_empty() || !filter.stems.is_empty() {
            let mut set = vec![u64::MAX; (reader.max_doc() as usize).div_ceil(64)];
            for value in &filter.values {
                self.facet.keep(segment, value, &mut set)?;
            }
            for stem in &filter.stems {
                self.section.keep(segment, stem, &mut set)?;
            }
            among.set = Some(set);
        }
        Ok(among)
    }

    fn place(&self, segment: usize, record: u32) -> Place {
        let packed = self.places.get(segment).and_then(|column| column.first(record));
        let packed = packed.unwrap_or(u64::MAX);
        Place { entry: (packed >> 32) as u32, section: packed as u32 }
    }
}

impl Words {
    /// Those of the wanted words that stand somewhere.
    fn all(&self, wanted: &[Wanted<'_>]) -> Result<Vec<Found<'_>>, SearchError> {
        wanted.iter().map(|one| self.find(one.stem, one.weight)).collect()
    }
}

/// The records of an entry: one for each section, and one for the whole where it has several.
fn documents(fields: Fields, number: u32, entry: &Entry, vocab: &Vocab) -> Vec<TantivyDocument> {
    let facets = facets(entry);
    let record = |section: u32| {
        let mut document = TantivyDocument::default();
        document.add_u64(fields.place, u64::from(number) << 32 | u64::from(section));
        document.add_u64(fields.entry, u64::from(number));
        for value in &facets {
            document.add_text(fields.facet, value);
        }
        document
    };
    let names: Vec<FormId> = entry.name_forms().collect();
    let mut all = Vec::with_capacity(entry.sections.len() + 1);
    for (at, section) in (0..).zip(&entry.sections) {
        let mut document = record(at);
        let own = if entry.page.is_none() { names.as_slice() } else { &[] };
        let forms = own.iter().chain(&section.forms).copied();
        document.add_text(fields.section, stems(forms, vocab));
        if let Some(part) = entry.doc.sections.get(at as usize).map(|section| section.part) {
            document.add_text(fields.facet, filter_value("bagian", part.anchor()));
        }
        all.push(document);
    }
    if entry.page.is_some() {
        let mut whole = record(WHOLE);
        let forms = entry.sections.iter().flat_map(|section: &Tokens| section.forms.iter());
        whole.add_text(fields.page, stems(forms.copied(), vocab));
        whole.add_text(fields.names, stems(names.iter().copied(), vocab));
        all.push(whole);
    }
    all
}

/// Stands for all that the index holds of an entry, but for its number: other roots, other
/// sections or another place give another digest.
pub(super) fn digest(entry: &Entry, vocab: &Vocab) -> Digest {
    let mut held = facets(entry);
    held.push(stems(entry.name_forms(), vocab));
    for (at, section) in entry.sections.iter().enumerate() {
        held.push(stems(section.forms.iter().copied(), vocab));
        held.extend(entry.doc.sections.get(at).map(|section| section.part.anchor().to_owned()));
    }
    Digest::of(&held)
}

fn facets(entry: &Entry) -> Vec<String> {
    let mut values = Vec::new();
    for place in &entry.doc.places {
        values.push(filter_value("skema", place.skema.as_str()));
        values.push(filter_value("modul", place.modul.as_str()));
    }
    values.extend(entry.doc.audience.iter().map(|one| filter_value("sasaran", one)));
    values
}

fn stems(forms: impl Iterator<Item = FormId>, vocab: &Vocab) -> String {
    let mut text = String::new();
    for form in forms {
        text.push_str(&vocab.stem_of(vocab.form_of(form).stem).text);
        text.push(' ');
    }
    text
}
