//! Counting every bit of many columns at once.
//!
//! Columns are added bit by bit with full adders. What they come to stands in *planes*: the first
//! holds the lowest bit of every count, the next the second, and so on. A column costs a few
//! operations on whole words that way, however many sesi there are; only at the end of a stretch are
//! counts read out of the planes.
//!
//! Where the processor has wide registers, several columns stand side by side in a row, each counted
//! by itself, and their counts are added at the end of the stretch.

use fearless_simd::{Level, Simd, dispatch};

use super::{ACTIVE, Column, SESI_MAX, TARGET};

/// The lower bit of each sesi in one half of a column.
const LOW: u64 = 0x5555_5555_5555_5555;
/// A stretch has less than 2^32 kelompok.
const PLANES: usize = 32;
/// So many rows are added at once.
const AT_ONCE: usize = 16;
/// The words of one column, and of a row of four.
const NARROW: usize = 2;
const WIDE: usize = 8;

/// The byte that holds the flags, and the two that hold the number of the target set.
const FLAGS: usize = ACTIVE.trailing_zeros() as usize / 8;
const TARGETS: usize = TARGET as usize / 8;

/// The eight bits of a byte, each at the bottom of a byte of its own.
static SPREAD: [u64; 256] = spread();

const fn spread() -> [u64; 256] {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < all.len() {
        let mut bit = 0;
        while bit < 8 {
            all[byte] |= (byte as u64 >> bit & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    all
}

/// Sum and carry of three bits at every position.
#[inline(always)]
fn full_adder<const W: usize>(a: [u64; W], b: [u64; W], c: [u64; W]) -> ([u64; W], [u64; W]) {
    let (mut sum, mut carry) = ([0; W], [0; W]);
    for at in 0..W {
        let half = a[at] ^ b[at];
        sum[at] = half ^ c[at];
        carry[at] = a[at] & b[at] | half & c[at];
    }
    (sum, carry)
}

/// Adds `N` rows of one weight to the plane of that weight, and gives the carries.
#[inline(always)]
fn fold<const W: usize, const N: usize, const HALF: usize>(
    plane: &mut [u64; W],
    rows: &[[u64; W]; N],
) -> [[u64; W]; HALF] {
    let mut carries = [[0; W]; HALF];
    for at in 0..HALF {
        (*plane, carries[at]) = full_adder(rows[2 * at], rows[2 * at + 1], *plane);
    }
    carries
}

/// A count for every bit of a row.
#[derive(Debug, Clone)]
struct Planes<const W: usize>([[u64; W]; PLANES]);

impl<const W: usize> Planes<W> {
    const NONE: Self = Self([[0; W]; PLANES]);

    /// Adds a row whose every bit stands for 2 to the `weight`.
    #[inline(always)]
    fn add(&mut self, row: [u64; W], weight: usize) {
        let mut carry = row;
        for plane in &mut self.0[weight..] {
            let mut left = 0;
            for at in 0..W {
                (plane[at], carry[at]) = (plane[at] ^ carry[at], plane[at] & carry[at]);
                left |= carry[at];
            }
            if left == 0 {
                break;
            }
        }
    }

    /// Adds eight rows that stand for 2 to the `weight` each.
    #[inline(always)]
    fn add_eight(&mut self, rows: &[[u64; W]; 8], weight: usize) {
        let four: [[u64; W]; 4] = fold(&mut self.0[weight], rows);
        let two: [[u64; W]; 2] = fold(&mut self.0[weight + 1], &four);
        let [carry] = fold(&mut self.0[weight + 2], &two);
        self.add(carry, weight + 3);
    }

    #[inline(always)]
    fn add_sixteen(&mut self, rows: &[[u64; W]; 16]) {
        let eight: [[u64; W]; 8] = fold(&mut self.0[0], rows);
        self.add_eight(&eight, 1);
    }

    /// The counts of both halves of every row together.
    #[inline(always)]
    fn halved<const HALF: usize>(&self) -> Planes<HALF> {
        let mut all = Planes::NONE;
        let mut carry = [0; HALF];
        for (sum, plane) in all.0.iter_mut().zip(&self.0) {
            let (mut first, mut second) = ([0; HALF], [0; HALF]);
            first.copy_from_slice(&plane[..HALF]);
            second.copy_from_slice(&plane[HALF..]);
            (*sum, carry) = full_adder(first, second, carry);
        }
        all
    }
}

impl Planes<NARROW> {
    /// The counts of the eight bits of a byte, where at most `added` words were added.
    fn counts(&self, byte: usize, added: u32) -> [u32; 8] {
        let used = (u32::BITS - added.leading_zeros()) as usize;
        let (half, shift) = (byte / 8, byte % 8 * 8);
        let mut counts = [0; 8];
        for (group, planes) in self.0[..used].chunks(8).enumerate() {
            let digits = planes.iter().enumerate().fold(0, |digits, (at, plane)| {
                digits | SPREAD[(plane[half] >> shift & 0xff) as usize] << at
            });
            for (count, digit) in counts.iter_mut().zip(digits.to_le_bytes()) {
                *count |= u32::from(digit) << (8 * group);
            }
        }
        counts
    }
}

/// Where both bits of a sesi are set: of the first row at its lower bits, of the second at its upper
/// bits.
#[inline(always)]
fn pairs<const W: usize>(first: [u64; W], second: [u64; W]) -> [u64; W] {
    let mut pairs = [0; W];
    for at in 0..W {
        let (a, b) = (first[at], second[at]);
        pairs[at] = a & a >> 1 & LOW | b & b << 1 & !LOW;
    }
    pairs
}

/// The counts of every bit of columns, and of the pairs of bits of their sesi.
struct Counts<const W: usize> {
    bits: Planes<W>,
    pairs: Planes<W>,
}

impl<const W: usize> Counts<W> {
    // All of this has to become one piece of code for the registers at hand, so nothing here is left
    // to be a function or a closure of its own.
    #[inline(always)]
    fn of(columns: &[Column]) -> Self {
        let mut counts = Self { bits: Planes::NONE, pairs: Planes::NONE };
        let (rows, rest) = columns.as_flattened().as_chunks::<W>();
        let (many, few) = rows.as_chunks();
        for rows in many {
            counts.add(rows);
        }
        if !(few.is_empty() && rest.is_empty()) {
            // What is missing is filled up with nothing.
            let mut last = [[0; W]; AT_ONCE];
            last[..few.len()].copy_from_slice(few);
            last[few.len()][..rest.len()].copy_from_slice(rest);
            counts.add(&last);
        }
        counts
    }

    #[inline(always)]
    fn add(&mut self, rows: &[[u64; W]; AT_ONCE]) {
        self.bits.add_sixteen(rows);
        let mut eight = [[0; W]; AT_ONCE / 2];
        for at in 0..AT_ONCE / 2 {
            eight[at] = pairs(rows[2 * at], rows[2 * at + 1]);
        }
        self.pairs.add_eight(&eight, 0);
    }

    #[inline(always)]
    fn halved<const HALF: usize>(&self) -> Counts<HALF> {
        Counts { bits: self.bits.halved(), pairs: self.pairs.halved() }
    }
}

/// The same with the registers that this processor has.
#[inline(always)]
fn count<S: Simd>(_: S, columns: &[Column]) -> Counts<NARROW> {
    if size_of::<S::u64s>() <= size_of::<Column>() {
        return Counts::of(columns);
    }
    Counts::<WIDE>::of(columns).halved::<4>().halved()
}

/// How many columns of a stretch have which bits.
#[derive(Debug, Clone)]
pub(super) struct Counter {
    added: u32,
    /// Every bit.
    bits: Planes<NARROW>,
    /// At the lower bit of each sesi: both of its bits are set. The upper bit holds the same of
    /// other columns.
    pairs: Planes<NARROW>,
}

/// What the flags of a stretch come to, in the order in which they stand in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FlagCounts {
    pub(super) active: u32,
    pub(super) halted: u32,
    pub(super) expected: u32,
    pub(super) actual: u32,
    pub(super) time_known: u32,
    pub(super) on_time: u32,
}

/// How many cells of a sesi have which bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct PairCounts {
    pub(super) low: u32,
    pub(super) high: u32,
    pub(super) both: u32,
}

impl Counter {
    /// Counts all of the columns.
    pub(super) fn of(columns: &[Column]) -> Self {
        let Counts { bits, pairs } = dispatch!(Level::new(), simd => count(simd, columns));
        // Kelompok are numbered in 32 bits, so there are not more.
        Self { added: u32::try_from(columns.len()).unwrap_or(u32::MAX), bits, pairs }
    }

    /// The target set that all of the columns have; none when they have several.
    pub(super) fn target(&self) -> Option<usize> {
        let mut target = 0;
        for byte in [TARGETS + 1, TARGETS] {
            for count in self.bits.counts(byte, self.added).into_iter().rev() {
                if count != 0 && count != self.added {
                    return None;
                }
                target = target << 1 | usize::from(count != 0);
            }
        }
        Some(target)
    }

    /// What the flags come to.
    pub(super) fn flags(&self) -> FlagCounts {
        let [active, halted, expected, actual, time_known, on_time, ..] =
            self.bits.counts(FLAGS, self.added);
        FlagCounts { active, halted, expected, actual, time_known, on_time }
    }

    /// What the cells come to, of the first `sesi` at least.
    pub(super) fn cells(&self, sesi: usize) -> [PairCounts; SESI_MAX] {
        let mut cells = [PairCounts::default(); SESI_MAX];
        for (byte, cells) in cells.chunks_mut(4).enumerate().take(sesi.div_ceil(4)) {
            let bits = self.bits.counts(byte, self.added);
            let pairs = self.pairs.counts(byte, self.added);
            let counts = bits.as_chunks::<2>().0.iter().zip(pairs.as_chunks::<2>().0);
            for (cell, ([low, high], [first, second])) in cells.iter_mut().zip(counts) {
                *cell = PairCounts { low: *low, high: *high, both: first + second };
            }
        }
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits that look like chance and are the same every time.
    fn column(at: u64, target: u16) -> Column {
        let mixed = |seed: u64| {
            let mixed = (at + 1).wrapping_mul(seed);
            (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        // Every third has all of its bits, so that carries go all the way up.
        let [low, high] = if at.is_multiple_of(3) {
            [u64::MAX; 2]
        } else {
            [mixed(0x9e37_79b9_7f4a_7c15), mixed(0x94d0_49bb_1331_11eb)]
        };
        [low, high & u64::MAX >> 16 | u64::from(target) << 48]
    }

    fn one_by_one(columns: &[Column]) -> (FlagCounts, [PairCounts; SESI_MAX]) {
        let mut flags = [0; 6];
        let mut cells = [PairCounts::default(); SESI_MAX];
        for [low, high] in columns {
            let whole = u128::from(*high) << 64 | u128::from(*low);
            for (at, flag) in flags.iter_mut().enumerate() {
                *flag += u32::from(whole >> (96 + at) & 1 == 1);
            }
            for (at, cell) in cells.iter_mut().enumerate() {
                let bits = whole >> (2 * at) & 3;
                cell.low += u32::from(bits & 1 != 0);
                cell.high += u32::from(bits & 2 != 0);
                cell.both += u32::from(bits == 3);
            }
        }
        let [active, halted, expected, actual, time_known, on_time] = flags;
        let flags = FlagCounts { active, halted, expected, actual, time_known, on_time };
        (flags, cells)
    }

    #[test]
    fn every_bit_is_counted() {
        for length in [0, 1, 2, 7, 15, 16, 17, 63, 64, 65, 79, 80, 255, 256, 257, 1_000, 70_000] {
            let columns: Vec<Column> = (0..length).map(|at| column(at, 0x8107)).collect();
            let counter = Counter::of(&columns);
            let (flags, cells) = one_by_one(&columns);
            assert_eq!(counter.flags(), flags, "{length} columns");
            assert_eq!(counter.cells(SESI_MAX), cells, "{length} columns");
            assert_eq!(counter.target(), Some(if length == 0 { 0 } else { 0x8107 }));
        }
    }

    #[test]
    fn rows_of_every_width_say_the_same() {
        for length in [0, 1, 15, 16, 17, 63, 64, 65, 1_000] {
            let columns: Vec<Column> = (0..length).map(|at| column(at, 1)).collect();
            let added = u32::try_from(length).unwrap();
            let of = |Counts { bits, pairs }| Counter { added, bits, pairs };
            let narrow = of(Counts::of(&columns));
            let wide = of(Counts::<WIDE>::of(&columns).halved::<4>().halved());
            let (flags, cells) = one_by_one(&columns);
            for counter in [narrow, wide] {
                assert_eq!((counter.flags(), counter.cells(SESI_MAX)), (flags, cells), "{length}");
            }
        }
    }

    #[test]
    fn another_target_set_is_noticed() {
        for (length, other) in [(2, 0), (2, 1), (16, 15), (100, 40), (5_000, 4_999)] {
            for number in [0, 2, 4, 7, 0x8003] {
                let target = |at| if at == other { number } else { 3 };
                let columns: Vec<Column> = (0..length).map(|at| column(at, target(at))).collect();
                assert_eq!(Counter::of(&columns).target(), None, "{length} {other} {number}");
            }
        }
    }

    #[test]
    fn what_is_not_asked_for_is_not_read_out() {
        let columns: Vec<Column> = (0..100).map(|at| column(at, 0)).collect();
        let counter = Counter::of(&columns);
        let (few, all) = (counter.cells(29), counter.cells(SESI_MAX));
        assert_eq!(few[..29], all[..29]);
        assert_eq!(few[32..], [PairCounts::default(); SESI_MAX - 32]);
    }
}
