//! Counting many positions at once: numbers that each stand in two bits are added in one addition,
//! and carried over into wider places before they could overflow.

use super::SESI_MAX;

const TWO: u128 = 0x3333_3333_3333_3333_3333_3333;
const FOUR: u128 = 0x0f0f_0f0f_0f0f_0f0f_0f0f_0f0f;

/// A counter for each of [`SESI_MAX`] positions.
#[derive(Default)]
pub(super) struct Lanes {
    /// Up to 3 in two bits each; how many were added.
    two: u128,
    in_two: u8,
    /// Up to 15 in four bits each: the even positions and the odd ones.
    four: [u128; 2],
    in_four: u8,
    /// Up to 255 in eight bits each: positions 0, 2, 1 and 3 of every four.
    eight: [u128; 4],
    in_eight: u8,
    sums: [[u32; SESI_MAX / 4]; 4],
}

impl Lanes {
    /// Adds one to every position whose lower bit is set.
    pub(super) fn add(&mut self, bits: u128) {
        self.two += bits;
        self.in_two += 1;
        if self.in_two == 3 {
            self.widen();
        }
    }

    fn widen(&mut self) {
        self.four[0] += self.two & TWO;
        self.four[1] += self.two >> 2 & TWO;
        (self.two, self.in_two) = (0, 0);
        self.in_four += 1;
        if self.in_four == 5 {
            self.widen_more();
        }
    }

    fn widen_more(&mut self) {
        for (at, four) in self.four.into_iter().enumerate() {
            self.eight[2 * at] += four & FOUR;
            self.eight[2 * at + 1] += four >> 4 & FOUR;
        }
        (self.four, self.in_four) = ([0; 2], 0);
        self.in_eight += 1;
        if self.in_eight == 17 {
            self.spill();
        }
    }

    fn spill(&mut self) {
        for (eight, sums) in self.eight.into_iter().zip(&mut self.sums) {
            for (byte, sum) in eight.to_le_bytes().into_iter().zip(sums) {
                *sum += u32::from(byte);
            }
        }
        (self.eight, self.in_eight) = ([0; 4], 0);
    }

    /// The counts by position.
    pub(super) fn sums(mut self) -> [u32; SESI_MAX] {
        self.widen();
        self.widen_more();
        self.spill();
        let mut sums = [0; SESI_MAX];
        for (at, sum) in sums.iter_mut().enumerate() {
            // Within each four: the even ones in `four[0]`, the odd ones in `four[1]`; of each, the
            // first in the lower half of the byte and the second in the upper.
            let lane = [0, 2, 1, 3][at % 4];
            *sum = self.sums[lane][at / 4];
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_counted() {
        for rounds in [0_u32, 1, 2, 3, 14, 15, 16, 254, 255, 256, 3_000] {
            let mut lanes = Lanes::default();
            let mut expected = [0; SESI_MAX];
            for round in 0..rounds {
                let mut bits = 0;
                for (at, sum) in expected.iter_mut().enumerate() {
                    let set = at == 0 || (round as usize * 7 + at * at).is_multiple_of(at + 1);
                    if set {
                        bits |= 1 << (2 * at);
                        *sum += 1;
                    }
                }
                lanes.add(bits);
            }
            assert_eq!(lanes.sums(), expected, "{rounds} rounds");
        }
    }
}
