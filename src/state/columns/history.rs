//! When each kelompok became how far with what, in about a hundred bytes: what a past day asks of
//! its pertemuan, without reading any.
//!
//! Of every counted pertemuan stand here its date, whether it was recorded in time, and which sesi
//! it begins or makes tuntas. Withdrawn, uncounted and repeated ones leave no trace, so what is
//! known today of a past day is read off the front. A kelompok that came out of others has nothing
//! here: what it began with hangs on the day, and its facts are asked.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::kelompok::coverage::{self, Step};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month, MonthState};
use crate::state::{KelompokIx, State};

use super::SESI_MAX;

/// So many kelompok lie in one piece of memory; one of them that changes moves the others of it.
const TOGETHER: usize = 64;

/// An entry is a byte: six times the days since the entry before, and how it is (below). More days
/// follow behind this byte, and then how it is.
const MANY_DAYS: u8 = 255;
/// Fewer days than this stand in the byte itself.
const FEW_DAYS: u32 = 42;
/// A step follows.
const STEP: u8 = 3;
/// Whether it was recorded in time is not known, it was not, it was.
const TIME: [Option<bool>; 3] = [None, Some(false), Some(true)];

/// A step is a byte: four times the sesi, and one of these, or the generation, up to two.
const BEGUN: u8 = 0;
const OTHER_GENERATION: u8 = 3;

/// What the pertemuan of all kelompok say in time.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The journal line up to which it knows who changed.
    seq: u64,
    /// Those that changed, and have to be set down anew.
    stale: BTreeSet<KelompokIx>,
    blocks: Vec<Block>,
    /// How many kelompok were taken in.
    len: usize,
    /// Whether those were all, some time.
    whole: bool,
}

/// Neighbours by number.
#[derive(Debug, Clone, Default)]
struct Block {
    bytes: Vec<u8>,
    /// Where the part of each ends.
    ends: Vec<u32>,
}

/// A past day, and what is live on it.
pub(super) struct Day {
    on: Date,
    number: u32,
    /// The first day of its month.
    month_from: u32,
    /// The live generation of each sesi.
    live: [u16; SESI_MAX],
}

impl Day {
    pub(super) fn new(state: &State, on: Date) -> Self {
        let mut live = [0; SESI_MAX];
        for (live, info) in live.iter_mut().zip(state.setting().sesi) {
            *live = info.live(on).map_or(0, |edition| edition.generation);
        }
        Self { on, number: number(on), month_from: number(Month::of(on).first()), live }
    }

    pub(super) fn on(&self) -> Date {
        self.on
    }
}

/// What the pertemuan of a kelompok say of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Past {
    /// Two bits a sesi, as in a column.
    pub(super) cells: u128,
    /// The last counted pertemuan up to the day.
    pub(super) last: Option<Date>,
    /// What those of the month say up to the day, should one have been expected.
    pub(super) met: MonthState,
}

/// Days since the first that there is.
fn number(date: Date) -> u32 {
    let since = date.since(Date::MIN).map_or(0, |span| span.get_days());
    since.unsigned_abs()
}

impl History {
    /// Everything at once.
    #[must_use]
    pub fn of(state: &State) -> Self {
        let mut history = Self::default();
        while !history.take_in(state, usize::MAX) {}
        history
    }

    /// Takes in up to so many kelompok that are new or changed, and says whether it is at the state
    /// then. Begins again where something happened that concerns many.
    pub fn take_in(&mut self, state: &State, many: usize) -> bool {
        if self.len == 0 || state.changed_widely_since(self.seq) {
            *self = Self { seq: state.seq, ..Self::default() };
        }
        self.stale.extend(state.changed_since(self.seq));
        self.seq = state.seq;
        let all = state.groups().len();
        let (from, to) = (self.len, all.min(self.len.saturating_add(many)));
        for ix in from..to {
            self.put(state, ix);
        }
        if self.len < all {
            return false;
        }
        self.whole = true;
        for _ in to - from..many {
            let Some(ix) = self.stale.pop_first() else { break };
            self.put(state, ix as usize);
        }
        self.stale.is_empty()
    }

    /// The same where all were taken in before; false, and nothing done, where they were not or
    /// something happened that concerns many.
    pub fn follow(&mut self, state: &State, many: usize) -> bool {
        self.whole && !state.changed_widely_since(self.seq) && self.take_in(state, many)
    }

    /// The bytes of memory that it takes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let of = |block: &Block| block.bytes.capacity() + 4 * block.ends.capacity();
        self.blocks.iter().map(of).sum::<usize>() + size_of::<Block>() * self.blocks.capacity()
    }

    /// Sets down a kelompok anew; the next one behind those that are there, or one of them.
    fn put(&mut self, state: &State, ix: usize) {
        let Some(group) = state.groups().get(ix) else { return };
        let mut line = Vec::with_capacity(128);
        write(state, group, &mut line);
        let (at, within) = (ix / TOGETHER, ix % TOGETHER);
        if at == self.blocks.len() {
            self.blocks.push(Block::default());
        }
        let Some(block) = self.blocks.get_mut(at) else { return };
        let range = block.range(within);
        let (old, new) = (range.len(), line.len());
        block.bytes.splice(range, line);
        if within == block.ends.len() {
            block.ends.push(u32::try_from(block.bytes.len()).unwrap_or(u32::MAX));
            self.len += 1;
        } else {
            for end in &mut block.ends[within..] {
                // Both are lengths of parts of this piece, which are counted in 32 bits.
                *end = *end + new as u32 - old as u32;
            }
        }
        // Doubling would waste a quarter of the memory on average; a piece grows slowly.
        let length = block.bytes.len();
        if block.ends.len() == TOGETHER && block.bytes.capacity() > length + length / 8 {
            block.bytes.shrink_to(length + length / 16);
        }
    }

    /// What the pertemuan of a kelompok say of a day; none for one that came out of others.
    pub(super) fn past(&self, state: &State, ix: KelompokIx, day: &Day) -> Option<Past> {
        let group = state.group_at(ix).filter(|group| group.origin.is_none())?;
        let block = self.blocks.get(ix as usize / TOGETHER)?;
        let mut past = read(block.bytes.get(block.range(ix as usize % TOGETHER))?, day);
        let month = Month::of(day.on);
        let suspensions = state.suspensions_of(group, month.last());
        past.met = match rates::expected(group, &suspensions, month, state.setting()) {
            true => MonthState { expected: true, ..past.met },
            false => MonthState::default(),
        };
        Some(past)
    }
}

impl Block {
    /// Where the part of a kelompok lies; empty behind the last one for the next.
    fn range(&self, within: usize) -> std::ops::Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(self.bytes.len(), |end| *end as usize);
        let from = within.checked_sub(1).map_or(0, end);
        from..end(within)
    }
}

/// Writes down what the pertemuan of a kelompok say in time.
fn write(state: &State, group: &Kelompok, out: &mut Vec<u8>) {
    if group.origin.is_some() {
        return;
    }
    let setting = state.setting();
    let mut before = 0;
    coverage::steps(&group.fakta, setting, |fakta, steps| {
        let zone = group.home(Month::of(fakta.date).last()).zone();
        let time = match rates::on_time(fakta, zone, setting) {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        };
        let day = number(fakta.date);
        let mut steps = steps.iter().filter(|step| usize::from(step.sesi) < SESI_MAX);
        let mut step = steps.next();
        // Each further step is an entry of its own, of the same day.
        loop {
            entry(out, day - before, time + if step.is_some() { STEP } else { 0 });
            before = day;
            let Some(one) = step else { break };
            write_step(out, *one);
            step = steps.next();
            if step.is_none() {
                break;
            }
        }
    });
}

fn entry(out: &mut Vec<u8>, days: u32, how: u8) {
    if days < FEW_DAYS {
        // At most 6 * 41 + 5.
        out.push(days as u8 * 6 + how);
        return;
    }
    out.push(MANY_DAYS);
    number_out(out, days);
    out.push(how);
}

fn write_step(out: &mut Vec<u8>, step: Step) {
    let sesi = step.sesi as u8 * 4;
    match step.covered {
        None => out.push(sesi + BEGUN),
        Some(generation @ 1..=2) => out.push(sesi + generation as u8),
        Some(generation) => {
            out.push(sesi + OTHER_GENERATION);
            number_out(out, generation.into());
        }
    }
}

fn number_out(out: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn number_in(bytes: &mut impl Iterator<Item = u8>) -> u32 {
    let mut number = 0;
    for (shift, byte) in (0..32).step_by(7).zip(bytes) {
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

/// Reads it up to a day; what is said of the month holds where a pertemuan was expected.
fn read(bytes: &[u8], day: &Day) -> Past {
    let mut bytes = bytes.iter().copied();
    let (mut begun, mut covered, mut fresh) = (0_u128, 0_u128, 0_u128);
    let (mut at, mut last) = (0, None);
    let mut met = MonthState::default();
    while let Some(head) = bytes.next() {
        let (days, how) = if head == MANY_DAYS {
            (number_in(&mut bytes), bytes.next().unwrap_or(0))
        } else {
            (u32::from(head / 6), head % 6)
        };
        at += days;
        if at > day.number {
            break;
        }
        last = Some(at);
        if at >= day.month_from {
            met.actual = true;
            // One that came in time is enough; of those whose time is known.
            met.on_time = met.on_time.max(TIME[usize::from(how % STEP)]);
        }
        if how < STEP {
            continue;
        }
        let step = bytes.next().unwrap_or(0);
        let (sesi, generation) = match step % 4 {
            BEGUN => (step / 4, None),
            OTHER_GENERATION => (step / 4, Some(number_in(&mut bytes))),
            generation => (step / 4, Some(generation.into())),
        };
        let (bit, sesi) =
            (1_u128 << (2 * (sesi as usize % 64).min(SESI_MAX - 1)), usize::from(sesi));
        begun |= bit;
        if let Some(generation) = generation {
            covered |= bit;
            let live = day.live.get(sesi).copied().unwrap_or(0);
            fresh |= if generation >= u32::from(live) { bit } else { 0 };
        }
    }
    let cells = covered << 1 | covered & fresh | begun & !covered;
    let date = |at: u32| {
        let days = jiff::Span::new().try_days(at).ok()?;
        Date::MIN.checked_add(days).ok()
    };
    Past { cells, last: last.and_then(date), met }
}
