//! The pertemuan of an import, folded in together: the same as one line after the other, in a
//! fraction of the time, because each kelompok is looked up and written once.

use jiff::civil::Date;

use crate::event::{Event, LineInfo};
use crate::ids::Mark;
use crate::kelompok::fakta::Fakta;

use super::groups::received;
use super::{KelompokIx, State};

/// What the lines of an import add, gathered until the closing line stands.
///
/// About 60 bytes a pertemuan.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    rows: Vec<Place>,
    facts: Vec<u8>,
    /// Head-count checks, each with the number of its line.
    checks: Vec<(u32, Event)>,
    /// The number of the first line.
    first: u64,
    /// How many lines there are.
    lines: u32,
}

/// Where the facts of a pertemuan lie.
#[derive(Debug, Clone, Copy)]
struct Place {
    kelompok: KelompokIx,
    /// Its line, counted from the first.
    line: u32,
    at: u64,
}

impl Gathered {
    /// Adds what an event of the open line tells; false when it is of no import of pertemuan, which
    /// must be folded in by [`State::apply_line`].
    ///
    /// `state` is the one on which it was decided, `kelompok` whom it is about; `info` needs no number
    /// yet.
    pub fn add(
        &mut self,
        state: &State,
        info: &LineInfo,
        (kelompok, event): (KelompokIx, &Event),
    ) -> bool {
        let line = self.lines;
        match event {
            Event::PertemuanRecorded { id, digest, receipt, record } => {
                let fakta = state.fakta_of(info, *id, Mark::from(*digest), record);
                let fakta = Fakta { received: received(info, *receipt), ..fakta };
                self.rows.push(Place { kelompok, line, at: self.facts.len() as u64 });
                fakta.pack(&mut self.facts);
                true
            }
            Event::HeadChecked { .. } => {
                self.checks.push((line, event.clone()));
                true
            }
            _ => false,
        }
    }

    /// Ends the open line.
    pub fn end_line(&mut self) {
        self.lines += 1;
    }

    /// Adds what lines behind these add, which were gathered by themselves.
    pub fn append(&mut self, other: Self) {
        let (lines, bytes) = (self.lines, self.facts.len() as u64);
        let moved = |row: Place| Place { line: row.line + lines, at: row.at + bytes, ..row };
        self.rows.extend(other.rows.into_iter().map(moved));
        self.facts.extend_from_slice(&other.facts);
        self.checks.extend(other.checks.into_iter().map(|(line, event)| (line + lines, event)));
        self.lines += other.lines;
    }

    /// Says at which journal line the first of them stands.
    #[must_use]
    pub fn beginning_at(mut self, first: u64) -> Self {
        self.first = first;
        self
    }

    /// All of it as bytes, but for the checks, which stay.
    pub fn take_bytes(&mut self) -> Vec<u8> {
        let rows = std::mem::take(&mut self.rows);
        let mut bytes = Vec::with_capacity(rows.len() * PLACE_BYTES + self.facts.len() + 8);
        bytes.extend_from_slice(&(rows.len() as u64).to_le_bytes());
        for row in rows {
            bytes.extend_from_slice(&row.kelompok.to_le_bytes());
            bytes.extend_from_slice(&row.line.to_le_bytes());
            bytes.extend_from_slice(&row.at.to_le_bytes());
        }
        bytes.append(&mut self.facts);
        bytes
    }

    /// What [`Self::take_bytes`] gave, without checks; none when the bytes are not whole.
    #[must_use]
    pub fn of_bytes(bytes: &[u8], first: u64) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*count)).ok()?.checked_mul(PLACE_BYTES)?;
        let (rows, facts) = rest.split_at_checked(length)?;
        let rows = rows.as_chunks::<PLACE_BYTES>().0.iter().map(|row| {
            let (kelompok, rest) = row.split_first_chunk::<4>()?;
            let (line, at) = rest.split_first_chunk::<4>()?;
            Some(Place {
                kelompok: u32::from_le_bytes(*kelompok),
                line: u32::from_le_bytes(*line),
                at: u64::from_le_bytes(*at.first_chunk::<8>()?),
            })
        });
        let rows = rows.collect::<Option<Vec<Place>>>()?;
        Some(Self { rows, facts: facts.to_vec(), first, ..Self::default() })
    }

    /// How many bytes of memory this takes, about.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.facts.capacity() + self.rows.capacity() * size_of::<Place>()
    }

    /// The facts of a row with the number of their line in place.
    fn fakta(&self, place: &Place) -> Option<Fakta> {
        let from = usize::try_from(place.at).ok()?;
        let (fakta, _) = Fakta::unpack(self.facts.get(from..)?)?;
        let seq = self.first + u64::from(place.line);
        Some(Fakta { first_seq: seq, version: seq, ..fakta })
    }
}

impl State {
    /// Folds the lines of an import in, up to its closing line, which `close` tells of.
    pub fn apply_import(&mut self, close: &LineInfo, mut gathered: Gathered) {
        self.apply_part(&mut gathered);
        self.close_import(close, gathered);
    }

    /// Folds pertemuan of an import in whose closing line stands. Until [`Self::close_import`] the
    /// state tells half of it, and must not be written down.
    pub fn apply_part(&mut self, gathered: &mut Gathered) {
        // Rows of one line keep their order, as the sort is stable.
        let mut rows = std::mem::take(&mut gathered.rows);
        rows.sort_by_key(|row| row.kelompok);
        let mut ids = Vec::with_capacity(rows.len());
        for of_one in rows.chunk_by(|a, b| a.kelompok == b.kelompok) {
            let mut facts: Vec<Fakta> =
                of_one.iter().filter_map(|row| gathered.fakta(row)).collect();
            facts.sort_by_key(Fakta::order);
            let ix = of_one[0].kelompok;
            ids.extend(facts.iter().map(|fakta| (fakta.id, ix)));
            if let Some(first) = facts.first() {
                self.remember_pertemuan(ix, first.date);
            }
            self.insert_facts(ix, &facts);
        }
        self.pertemuan.insert_all(ids.into_iter());
    }

    /// Folds in what is left of an import of which all pertemuan were.
    pub fn close_import(&mut self, close: &LineInfo, gathered: Gathered) {
        for (line, event) in gathered.checks {
            let seq = gathered.first + u64::from(line);
            let info = LineInfo { seq, command: uuid::Uuid::nil(), ..*close };
            self.apply(&info, &event);
            self.beside = seq;
        }
        self.changes.many_noted(close.seq);
        self.apply_line(close, &[]);
    }

    /// Puts facts, in their order, into the list of a kelompok.
    fn insert_facts(&mut self, ix: KelompokIx, facts: &[Fakta]) {
        let Some(group) = self.groups.get_mut(ix as usize) else { return };
        let before = group.fakta.heap_bytes();
        let seqs = facts.iter().map(|fakta| fakta.first_seq);
        group.last_seq = seqs.max().unwrap_or(group.last_seq).max(group.last_seq);
        group.fakta.reserve(facts.len() * USUAL_BYTES);
        for fakta in facts {
            group.fakta.insert(fakta);
        }
        let after = group.fakta.heap_bytes();
        self.unshelved.0 = (self.unshelved.0 + after).saturating_sub(before);
    }

    /// Sets down what a kelompok adds to frozen months before pertemuan from `from` on are added.
    fn remember_pertemuan(&mut self, ix: KelompokIx, from: Date) {
        if !self.frozen.months.is_empty() {
            self.remember_groups(vec![ix], from);
        }
    }
}

/// A place as bytes.
const PLACE_BYTES: usize = 16;
/// The packed form of a usual pertemuan.
const USUAL_BYTES: usize = 46;
