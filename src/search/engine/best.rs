//! The best records by BM25, exactly, from the postings of the engine.
//!
//! The engine's own union looks at one record after the other and keeps its words in order all
//! the while; with the ten words that a query and its synonyms come to, that is most of the time
//! of an answer. Here whole runs of a word are added up in a window of records. A word that
//! could not lift a record above the worst that is kept is *light*: it proposes nothing and is
//! asked only for records that others proposed.

use std::sync::Arc;

use tantivy::fastfield::AliveBitSet;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::super::SearchError;

/// So many records are added up at a time; their sums fit the nearest cache.
const WINDOW: usize = 4096;
/// The saturation and the regard for length of BM25, as the engine has them.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;

/// One field of words in all segments.
pub(super) struct Words {
    field: Field,
    segments: Vec<Segment>,
    /// What a length, as the engine rounds it, adds below the fraction of BM25.
    hold: Box<[f32; 256]>,
    /// How many records there are, deleted ones that are still there included.
    records: u64,
}

struct Segment {
    terms: Arc<InvertedIndexReader>,
    /// The rounded length of each record, with zeros up to a whole window.
    lengths: Box<[u8]>,
}

impl Words {
    pub(super) fn open(searcher: &Searcher, field: Field) -> Result<Self, SearchError> {
        let mut segments = Vec::new();
        let (mut words, mut records) = (0, 0);
        for reader in searcher.segment_readers() {
            let terms = reader.inverted_index(field)?;
            words += terms.total_num_tokens();
            records += u64::from(reader.max_doc());
            let norms = reader.get_fieldnorms_reader(field)?;
            let mut lengths: Vec<u8> =
                (0..reader.max_doc()).map(|record| norms.fieldnorm_id(record)).collect();
            lengths.resize(lengths.len().next_multiple_of(WINDOW), 0);
            segments.push(Segment { terms, lengths: lengths.into_boxed_slice() });
        }
        let average = (words as f32 / records.max(1) as f32).max(f32::MIN_POSITIVE);
        let mut hold = Box::new([0.0; 256]);
        for (id, hold) in (0..=u8::MAX).zip(hold.iter_mut()) {
            let length = tantivy::fieldnorm::FieldNormReader::id_to_fieldnorm(id) as f32;
            *hold = SATURATION * (1.0 - LENGTH + LENGTH * length / average);
        }
        Ok(Self { field, segments, hold, records })
    }

    /// Where a word stands, for each segment; in how many records it stands decides its weight.
    pub(super) fn find(&self, word: &str, weight: f32) -> Result<Found<'_>, SearchError> {
        let term = Term::from_field_text(self.field, word);
        let info = |segment: &Segment| segment.terms.get_term_info(&term);
        let infos = self.segments.iter().map(info).collect::<Result<Vec<_>, _>>()?;
        let with: u64 = infos.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
        let others = self.records.saturating_sub(with) as f32;
        let rarity = (1.0 + (others + 0.5) / (with as f32 + 0.5)).ln();
        Ok(Found { words: self, infos, weight: weight * rarity * (1.0 + SATURATION) })
    }

    /// Takes the records without a word out of a set, one bit a record.
    pub(super) fn keep(
        &self,
        segment: usize,
        word: &str,
        set: &mut [u64],
    ) -> Result<(), SearchError> {
        let mut with = vec![0_u64; set.len()];
        let term = Term::from_field_text(self.field, word);
        let terms = self.segments.get(segment).map(|segment| &segment.terms);
        let postings =
            terms.map(|terms| terms.read_block_postings(&term, IndexRecordOption::Basic));
        if let Some(mut postings) = postings.transpose()?.flatten() {
            while !postings.docs().is_empty() {
                for record in postings.docs() {
                    with[(record >> 6) as usize] |= 1 << (record & 63);
                }
                postings.advance();
            }
        }
        set.iter_mut().zip(with).for_each(|(set, with)| *set &= with);
        Ok(())
    }
}

/// A word that was looked up.
pub(super) struct Found<'a> {
    words: &'a Words,
    infos: Vec<Option<TermInfo>>,
    weight: f32,
}

impl<'a> Found<'a> {
    fn cursor(&self, segment: usize) -> Result<Option<Cursor<'a>>, SearchError> {
        let words: &'a Words = self.words;
        let info = self.infos.get(segment).and_then(Option::as_ref);
        let (Some(info), Some(segment)) = (info, words.segments.get(segment)) else {
            return Ok(None);
        };
        let option = IndexRecordOption::WithFreqs;
        let postings = segment.terms.read_block_postings_from_terminfo(info, option)?;
        let (lengths, hold) = (&segment.lengths, &words.hold);
        Ok(Some(Cursor { postings, at: 0, lengths, hold, weight: self.weight }))
    }
}

/// The records of one segment that count.
pub(super) struct Among<'a> {
    /// Those that were not deleted.
    pub(super) alive: Option<&'a AliveBitSet>,
    /// One bit a record; `None` where all will do.
    pub(super) set: Option<Vec<u64>>,
}

impl Among<'_> {
    fn has(&self, record: u32) -> bool {
        let (word, bit) = ((record >> 6) as usize, record & 63);
        let inside = self.set.as_ref().is_none_or(|set| set[word] >> bit & 1 == 1);
        inside && self.alive.is_none_or(|alive| alive.is_alive(record))
    }
}

/// A word on its way through one segment.
struct Cursor<'a> {
    postings: BlockSegmentPostings,
    /// Where it stands in the block of postings.
    at: usize,
    lengths: &'a [u8],
    hold: &'a [f32; 256],
    /// No record gets more from this word.
    weight: f32,
}

impl Cursor<'_> {
    /// The record it stands at.
    fn record(&self) -> Option<u32> {
        self.postings.docs().get(self.at).copied()
    }

    /// Adds what the word counts to the sums of the window that begins at this record, and goes
    /// on behind it.
    fn add(&mut self, start: u32, sums: &mut [f32; WINDOW]) {
        let lengths = self.lengths.get(start as usize..).and_then(<[u8]>::first_chunk::<WINDOW>);
        let Some(lengths) = lengths else { return };
        let end = start + WINDOW as u32;
        loop {
            let (records, often) =
                (&self.postings.docs()[self.at..], &self.postings.freqs()[self.at..]);
            let inside = match records.last() {
                None => return,
                Some(last) if *last < end => records.len(),
                Some(_) => records.partition_point(|record| *record < end),
            };
            for (record, often) in records[..inside].iter().zip(often) {
                let at = *record as usize % WINDOW;
                let often = *often as f32;
                let hold = self.hold[usize::from(lengths[at])];
                sums[at] += self.weight * (often / (often + hold));
            }
            if inside < records.len() {
                self.at += inside;
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }

    /// What the word counts in a record; records must be asked for in rising order.
    fn of(&mut self, record: u32) -> f32 {
        let at = self.postings.seek(record);
        if self.postings.doc(at) != record {
            return 0.0;
        }
        let often = self.postings.freq(at) as f32;
        let hold = self.hold[usize::from(self.lengths[record as usize])];
        self.weight * (often / (often + hold))
    }
}

/// The best records so far.
pub(super) struct Best {
    limit: usize,
    /// Score, segment, record; the best first, of equals the earlier one.
    kept: Vec<(f32, usize, u32)>,
    sums: Box<[f32; WINDOW]>,
    proposed: Vec<(u32, f32)>,
}

impl Best {
    pub(super) fn of(limit: usize) -> Self {
        let kept = Vec::with_capacity(limit + 1);
        Self { limit, kept, sums: Box::new([0.0; WINDOW]), proposed: Vec::new() }
    }

    pub(super) fn into_kept(self) -> Vec<(f32, usize, u32)> {
        self.kept
    }

    /// What a record must exceed.
    fn floor(&self) -> f32 {
        if self.kept.len() < self.limit { 0.0 } else { self.kept.last().map_or(0.0, |one| one.0) }
    }

    fn keep(&mut self, score: f32, segment: usize, record: u32) {
        if score > self.floor() {
            let at = self.kept.partition_point(|one| one.0 >= score);
            self.kept.insert(at, (score, segment, record));
            self.kept.truncate(self.limit);
        }
    }

    /// Takes up the best of one segment.
    pub(super) fn take(
        &mut self,
        segment: usize,
        found: &[Found<'_>],
        among: &Among<'_>,
    ) -> Result<(), SearchError> {
        let mut cursors = Vec::with_capacity(found.len());
        for one in found {
            cursors.extend(one.cursor(segment)?);
        }
        cursors.sort_by(|a, b| a.weight.total_cmp(&b.weight));
        loop {
            let floor = self.floor();
            // All light words together lift no record above the floor.
            let mut all = 0.0;
            let is_light = |cursor: &&Cursor<'_>| {
                all += cursor.weight;
                all <= floor
            };
            let light = cursors.iter().take_while(is_light).count();
            let (light, heavy) = cursors.split_at_mut(light);
            let Some(next) = heavy.iter().filter_map(Cursor::record).min() else { return Ok(()) };
            let start = next - next % WINDOW as u32;
            for cursor in heavy {
                cursor.add(start, &mut self.sums);
            }
            self.propose(start, light, among);
            for at in 0..self.proposed.len() {
                let (record, score) = self.proposed[at];
                self.keep(score, segment, record);
            }
        }
    }

    /// Sets down which records of the window may be kept, with their whole scores.
    fn propose(&mut self, start: u32, light: &mut [Cursor<'_>], among: &Among<'_>) {
        let floor = self.floor();
        let mut rest: f32 = light.iter().map(|cursor| cursor.weight).sum();
        self.proposed.clear();
        for (first, sums) in (start..).step_by(SUMS).zip(self.sums.chunks_exact_mut(SUMS)) {
            let least = (floor - rest).max(0.0);
            // Most of a window is far below, so that one look at many pays.
            if sums.iter().fold(false, |any, sum| any | (*sum > least)) {
                let above = (first..).zip(sums.iter()).filter(|(_, sum)| **sum > least);
                let above = above.filter(|(record, _)| among.has(*record));
                self.proposed.extend(above.map(|(record, sum)| (record, *sum)));
            }
            sums.fill(0.0);
        }
        for cursor in light.iter_mut().rev() {
            rest -= cursor.weight;
            self.proposed.retain_mut(|(record, score)| {
                *score += cursor.of(*record);
                *score + rest > floor
            });
        }
    }
}

/// So many sums are compared with one look.
const SUMS: usize = 16;
