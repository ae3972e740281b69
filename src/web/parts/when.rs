//! Moments in words, in the zone of the kelompok.

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::bahasa::tanggal;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::web::Web;

/// Today where the kelompok or area is.
pub(crate) fn today_at(web: &Web, place: Kode) -> Date {
    place.zone().date(web.app.clock().now())
}

/// Today in WIB, for everything that belongs to no single kelompok.
pub(crate) fn today(web: &Web) -> Date {
    Zone::Wib.date(web.app.clock().now())
}

/// Today in the latest zone, by which the policy counts days, as deciding a command does.
pub(crate) fn latest_today(web: &Web) -> Date {
    Zone::Wit.date(web.app.clock().now())
}

/// `21 November 2026 pukul 10.05 WIB`.
pub(crate) fn moment(at: Timestamp, zone: Zone) -> String {
    let local = zone.datetime(at);
    let clock = clock(local.time());
    format!("{} pukul {clock} {}", tanggal::long(local.date()), zone.as_str())
}

/// `10.05`.
pub(crate) fn clock(time: Time) -> String {
    format!("{:02}.{:02}", time.hour(), time.minute())
}

/// `10:05`, as a time field of a form holds it.
pub(crate) fn field(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Reads `9:05`, `09.05` or `09:05:00`.
pub(crate) fn parse_time(text: &str) -> Option<Time> {
    let mut parts = text.split([':', '.']);
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let second = parts.next().map_or(Some(0), |second| second.parse().ok())?;
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("09:05", Some("09:05")),
            ("9.05", Some("09:05")),
            ("23:59:00", Some("23:59")),
            ("24:00", None),
            ("9", None),
            ("9:5:1:1", None),
            ("pagi", None),
        ] {
            assert_eq!(parse_time(text).map(field).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn moments_are_local() {
        let at = "2026-11-21T16:05:00Z".parse().unwrap();
        assert_eq!(moment(at, Zone::Wib), "21 November 2026 pukul 23.05 WIB");
        assert_eq!(moment(at, Zone::Wit), "22 November 2026 pukul 01.05 WIT");
    }
}
