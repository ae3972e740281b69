//! Counting every bit of many columns at once.
//!
//! Sixteen columns are added bit by bit with full adders. What they come to stands in *planes*: the
//! first holds the lowest bit of every count, the next the second, and so on. A column costs a few
//! operations on whole words that way, however many sesi there are; only at the end of a stretch are
//! counts read out of the planes.

use super::{ACTIVE, Column, SESI_MAX, TARGET};

/// The lower bit of each sesi in one half of a column.
const LOW: u64 = 0x5555_5555_5555_5555;
/// A stretch has less than 2^32 kelompok.
const PLANES: usize = 32;
/// So many columns are added at once, and four times as many before carries go further up.
const AT_ONCE: usize = 16;

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
#[inline]
fn full_adder(a: Column, b: Column, c: Column) -> (Column, Column) {
    let half = [a[0] ^ b[0], a[1] ^ b[1]];
    let sum = [half[0] ^ c[0], half[1] ^ c[1]];
    let carry = [a[0] & b[0] | half[0] & c[0], a[1] & b[1] | half[1] & c[1]];
    (sum, carry)
}

/// Adds `N` words of one weight to the plane of that weight, and gives the carries.
#[inline]
fn fold<const N: usize, const HALF: usize>(
    plane: &mut Column,
    words: &[Column; N],
) -> [Column; HALF] {
    std::array::from_fn(|at| {
        let (sum, carry) = full_adder(words[2 * at], words[2 * at + 1], *plane);
        *plane = sum;
        carry
    })
}

/// A count for every bit of a word.
#[derive(Debug, Clone, Default)]
struct Planes([Column; PLANES]);

impl Planes {
    /// Adds a word whose every bit stands for 2 to the `weight`.
    fn add(&mut self, word: Column, weight: usize) {
        let mut carry = word;
        for plane in &mut self.0[weight..] {
            if carry == [0, 0] {
                break;
            }
            (*plane, carry) = (
                [plane[0] ^ carry[0], plane[1] ^ carry[1]],
                [plane[0] & carry[0], plane[1] & carry[1]],
            );
        }
    }

    /// Adds eight words and gives the carry, which stands for eight times as much.
    #[inline]
    fn add_eight(&mut self, words: &[Column; 8], weight: usize) -> Column {
        let four: [Column; 4] = fold(&mut self.0[weight], words);
        let two: [Column; 2] = fold(&mut self.0[weight + 1], &four);
        let [carry] = fold(&mut self.0[weight + 2], &two);
        carry
    }

    #[inline]
    fn add_four(&mut self, words: &[Column; 4], weight: usize) {
        let two: [Column; 2] = fold(&mut self.0[weight], words);
        let [carry] = fold(&mut self.0[weight + 1], &two);
        self.add(carry, weight + 2);
    }

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

/// How many columns of a stretch have which bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter {
    added: u32,
    /// Every bit.
    bits: Planes,
    /// At the lower bit of each sesi: both of its bits are set. The upper bit holds the same of
    /// other columns.
    pairs: Planes,
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

/// Where both bits of a sesi are set: of the first column at its lower bits, of the second at its
/// upper bits.
#[inline]
fn pairs(first: Column, second: Column) -> Column {
    let [a, b] = first;
    let [c, d] = second;
    [a & a >> 1 & LOW | c & c << 1 & !LOW, b & b >> 1 & LOW | d & d << 1 & !LOW]
}

impl Counter {
    /// Counts all of the columns.
    pub(super) fn of(columns: &[Column]) -> Self {
        // Kelompok are numbered in 32 bits, so there are not more.
        let added = u32::try_from(columns.len()).unwrap_or(u32::MAX);
        let mut counter = Self { added, ..Self::default() };
        let (many, rest) = columns.as_chunks::<{ 4 * AT_ONCE }>();
        for columns in many {
            let mut carries = [([0; 2], [0; 2]); 4];
            for (carry, columns) in carries.iter_mut().zip(columns.as_chunks().0) {
                *carry = counter.add_sixteen(columns);
            }
            counter.bits.add_four(&carries.map(|(bits, _)| bits), 4);
            counter.pairs.add_four(&carries.map(|(_, pairs)| pairs), 3);
        }
        for few in rest.chunks(AT_ONCE) {
            // What is missing is filled up with nothing.
            let mut columns = [[0; 2]; AT_ONCE];
            columns[..few.len()].copy_from_slice(few);
            let (bits, pairs) = counter.add_sixteen(&columns);
            counter.bits.add(bits, 4);
            counter.pairs.add(pairs, 3);
        }
        counter
    }

    /// Adds sixteen columns; gives what is carried beyond 15 bits, and beyond 7 pairs, which come two
    /// at once.
    #[inline]
    fn add_sixteen(&mut self, columns: &[Column; AT_ONCE]) -> (Column, Column) {
        let eight: [Column; 8] = fold(&mut self.bits.0[0], columns);
        let bits = self.bits.add_eight(&eight, 1);
        let eight = std::array::from_fn(|at| pairs(columns[2 * at], columns[2 * at + 1]));
        (bits, self.pairs.add_eight(&eight, 0))
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
