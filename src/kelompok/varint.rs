//! Numbers and dates in as few bytes as they need.

use jiff::civil::Date;

/// The day from which dates are counted; near the middle of what is recorded, so that two bytes
/// reach 22 years either way.
const DAY_0: Date = Date::constant(2020, 1, 1);

pub(super) fn days(date: Date) -> i32 {
    // All dates lie within 20,000 years, so the number always fits.
    i32::try_from(date.duration_since(DAY_0).as_hours() / 24).unwrap_or(0)
}

pub(super) fn date(days: i64) -> Option<Date> {
    let quick = DAY_0.checked_add(jiff::SignedDuration::from_secs(days.checked_mul(86_400)?));
    // The very first days of all can be reached in the slow way alone.
    quick.or_else(|_| DAY_0.checked_add(jiff::Span::new().try_days(days)?)).ok()
}

pub(super) fn zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}

pub(super) fn signed(out: &mut Vec<u8>, number: i64) {
    unsigned(out, zigzag(number));
}

pub(super) fn unsigned(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        // The mask keeps seven bits, so nothing is cut off.
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what was written, from the front.
pub(super) struct Reader<'b> {
    /// What is left.
    pub(super) bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*taken)
    }

    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let number = self.unsigned()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    pub(super) fn number<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.unsigned().and_then(|number| T::try_from(number).ok())
    }

    /// The next `count` bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }
}
