//! Times of day and of recording, as files write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use crate::bahasa::tanggal;
use crate::kelompok::wilayah::Zone;

/// The hour that stands for a whole day: it falls on the same date in every zone of the country.
const NOON: Time = Time::constant(12, 0, 0, 0);

/// A time of day, `9:05` or `09.05`.
pub(super) fn clock(text: &str) -> Option<Time> {
    let mut parts = text.split([':', '.']);
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next().unwrap_or("0");
    let number = |part: &str| -> Option<i8> {
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse().ok()).flatten()
    };
    if parts.next().is_some() || minute.len() != 2 {
        return None;
    }
    Time::new(number(hour)?, number(minute)?, number(second)?, 0).ok()
}

/// A point in time: a date, which stands for its noon, a date with a time of day in `zone`, or a
/// time that names its own distance from UTC.
pub(super) fn moment(text: &str, zone: Zone) -> Option<Timestamp> {
    if let Ok(date) = tanggal::parse(text) {
        return local(date.to_datetime(NOON), zone);
    }
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let (date, time) = text.split_once(['T', ' '])?;
    let date: Date = tanggal::parse(date).ok()?;
    local(date.to_datetime(clock(time.trim())?), zone)
}

/// The point in time at which clocks of a zone show this.
pub(super) fn local(at: DateTime, zone: Zone) -> Option<Timestamp> {
    let hours = match zone {
        Zone::Wib => 7,
        Zone::Wita => 8,
        Zone::Wit => 9,
    };
    jiff::tz::offset(hours).to_timestamp(at).ok()
}

/// The point in time that a date and time cell of a spreadsheet shows; a bare date stands for its
/// noon.
pub(super) fn cell_moment(at: DateTime, zone: Zone) -> Option<Timestamp> {
    let whole_day = at.time() == Time::midnight();
    local(if whole_day { at.date().to_datetime(NOON) } else { at }, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("9:05", Some((9, 5, 0))),
            ("09.05", Some((9, 5, 0))),
            ("13:00:30", Some((13, 0, 30))),
            ("24:00", None),
            ("9", None),
            ("9:5", None),
            ("9:05:00:1", None),
            ("+9:05", None),
        ] {
            let expected = expected.and_then(|(h, m, s)| Time::new(h, m, s, 0).ok());
            assert_eq!(clock(text), expected, "{text}");
        }
        for (text, zone, expected) in [
            ("2026-11-03", Zone::Wit, Some("2026-11-03T03:00:00Z")),
            ("3/11/2026", Zone::Wib, Some("2026-11-03T05:00:00Z")),
            ("2026-11-03 23:30", Zone::Wita, Some("2026-11-03T15:30:00Z")),
            ("2026-11-03T23:30:05", Zone::Wib, Some("2026-11-03T16:30:05Z")),
            ("2026-11-03T23:30:05+09:00", Zone::Wib, Some("2026-11-03T14:30:05Z")),
            ("2026-11-03T14:30:05Z", Zone::Wib, Some("2026-11-03T14:30:05Z")),
            ("kemarin", Zone::Wib, None),
            ("2026-11-31 10:00", Zone::Wib, None),
        ] {
            let expected = expected.and_then(|text| text.parse().ok());
            assert_eq!(moment(text, zone), expected, "{text}");
        }
    }
}
