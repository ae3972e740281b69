//! Numbers that look random and are the same for the same seed on every machine.
//!
//! `SplitMix64`: one addition and three multiplications a number, and any two seeds give unlike
//! rows of numbers. Nothing here has to be unguessable.

/// A row of numbers.
#[derive(Debug, Clone)]
pub(super) struct Rng(u64);

impl Rng {
    /// The row for `part` (say, the number of a kelompok) of what `seed` makes.
    pub(super) fn new(seed: u64, part: u64) -> Self {
        let mut rng = Self(seed);
        let start = rng.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included; `low` if there is none between.
    pub(super) fn range(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        // The product of two numbers below 2^32, shifted back, is below the span.
        let drawn = ((self.next() >> 32) * span) >> 32;
        low + u32::try_from(drawn).unwrap_or(0)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, share: u32) -> bool {
        self.range(0, 99) < share
    }

    /// One of several; the first type's default for none.
    pub(super) fn pick<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        let last = u32::try_from(all.len().checked_sub(1)?).ok()?;
        all.get(self.range(0, last) as usize)
    }

    /// One of several texts; empty for none.
    pub(super) fn text(&mut self, all: &[&'static str]) -> &'static str {
        self.pick(all).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_numbers_and_fills_the_range() {
        let draw = |seed, part| {
            let mut rng = Rng::new(seed, part);
            (0..200).map(|_| rng.range(3, 7)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, 0), draw(1, 0));
        assert_ne!(draw(1, 0), draw(2, 0));
        assert_ne!(draw(1, 0), draw(1, 1));
        for wanted in 3..=7 {
            assert!(draw(1, 0).contains(&wanted), "{wanted}");
        }
        assert!(draw(1, 0).iter().all(|number| (3..=7).contains(number)));
    }
}
