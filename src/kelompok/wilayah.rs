//! Wilayah: provinsi, kabupaten or kota, kecamatan, desa or kelurahan, by Kemendagri codes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How deep a place stands in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole country.
    Nasional,
    /// 2 digits.
    Provinsi,
    /// 2 + 2 digits: kabupaten or kota.
    Kabupaten,
    /// 2 + 2 + 2 digits.
    Kecamatan,
    /// 2 + 2 + 2 + 4 digits: desa or kelurahan.
    Desa,
}

impl Level {
    /// The word used in addresses (`per=`) and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nasional => "nasional",
            Self::Provinsi => "provinsi",
            Self::Kabupaten => "kabupaten",
            Self::Kecamatan => "kecamatan",
            Self::Desa => "desa",
        }
    }

    /// The level below, if there is one.
    #[must_use]
    pub fn below(self) -> Option<Self> {
        match self {
            Self::Nasional => Some(Self::Provinsi),
            Self::Provinsi => Some(Self::Kabupaten),
            Self::Kabupaten => Some(Self::Kecamatan),
            Self::Kecamatan => Some(Self::Desa),
            Self::Desa => None,
        }
    }
}

/// A Kemendagri code (`16`, `16.02`, `16.02.05`, `16.02.05.1001`), or the whole country.
///
/// Eight bytes: the ten digits, short codes filled up with zeros, and the level. The order is that
/// of the tree: a place stands directly before everything inside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kode(u64);

/// Why a text is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Kode wilayah “{0}” tidak dikenal bentuknya. Contoh yang benar: 16, 16.02, 16.02.05 atau 16.02.05.1001."
)]
pub struct KodeError(String);

impl Kode {
    /// The whole country; contains every code.
    pub const NASIONAL: Self = Self(0);

    fn digits(self) -> u64 {
        self.0 >> 3
    }

    fn unit(level: Level) -> u64 {
        match level {
            Level::Nasional => 10_000_000_000,
            Level::Provinsi => 100_000_000,
            Level::Kabupaten => 1_000_000,
            Level::Kecamatan => 10_000,
            Level::Desa => 1,
        }
    }

    /// The code as one number.
    #[must_use]
    pub fn to_bits(self) -> u64 {
        self.0
    }

    /// The code of that number; none for a number that [`Self::to_bits`] never gives.
    #[must_use]
    pub fn from_bits(bits: u64) -> Option<Self> {
        let (kode, below) = (Self(bits), Self::unit(Level::Provinsi) * 100);
        let whole = kode.digits() < below && kode.digits().is_multiple_of(Self::unit(kode.level()));
        (whole && bits & 7 <= 4).then_some(kode)
    }

    fn make(digits: u64, level: Level) -> Self {
        Self(digits << 3 | level as u64)
    }

    /// How deep the code stands.
    #[must_use]
    pub fn level(self) -> Level {
        match self.0 & 7 {
            0 => Level::Nasional,
            1 => Level::Provinsi,
            2 => Level::Kabupaten,
            3 => Level::Kecamatan,
            _ => Level::Desa,
        }
    }

    /// The place of `level` in which this code lies; none if the code stands above `level`.
    #[must_use]
    pub fn at(self, level: Level) -> Option<Self> {
        if level == Level::Nasional {
            return Some(Self::NASIONAL);
        }
        (self.level() >= level).then(|| {
            let unit = Self::unit(level);
            Self::make(self.digits() / unit * unit, level)
        })
    }

    /// The place directly above; none for the whole country.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self.level() {
            Level::Nasional => None,
            Level::Provinsi => Some(Self::NASIONAL),
            Level::Kabupaten => self.at(Level::Provinsi),
            Level::Kecamatan => self.at(Level::Kabupaten),
            Level::Desa => self.at(Level::Kecamatan),
        }
    }

    /// Whether `other` is this place or lies inside it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        other.at(self.level()) == Some(self)
    }

    /// The first code behind everything inside this place, for range scans in tree order.
    #[must_use]
    pub fn end(self) -> Self {
        Self((self.digits() + Self::unit(self.level())) << 3)
    }

    /// The code directly behind this one, for going on in a range of the tree.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The place that lies in `new` as this one lies in `old`; none if it does not lie there, or the
    /// two stand on different levels.
    #[must_use]
    pub fn rebased(self, old: Self, new: Self) -> Option<Self> {
        let fits = old.contains(self) && old.level() == new.level();
        fits.then(|| Self::make(new.digits() + (self.digits() - old.digits()), self.level()))
    }

    /// The places above, outermost first, ending with the code itself; without the country.
    #[must_use]
    pub fn path(self) -> Vec<Self> {
        [Level::Provinsi, Level::Kabupaten, Level::Kecamatan, Level::Desa]
            .into_iter()
            .filter_map(|level| self.at(level))
            .collect()
    }

    /// The number of the provinsi, 0 for the whole country.
    #[must_use]
    pub fn provinsi(self) -> u8 {
        u8::try_from(self.digits() / 100_000_000).unwrap_or(0)
    }

    /// The time zone of the place.
    #[must_use]
    pub fn zone(self) -> Zone {
        match self.provinsi() {
            51..=53 | 63..=65 | 71..=76 => Zone::Wita,
            81..=82 | 91..=99 => Zone::Wit,
            _ => Zone::Wib,
        }
    }
}

impl FromStr for Kode {
    type Err = KodeError;

    fn from_str(text: &str) -> Result<Self, KodeError> {
        let text = text.trim();
        let wrong = || KodeError(text.chars().take(40).collect());
        if text.is_empty() || text.eq_ignore_ascii_case("nasional") || text == "*" {
            return if text.is_empty() { Err(wrong()) } else { Ok(Self::NASIONAL) };
        }
        let widths = [2, 2, 2, 4];
        let mut digits = 0_u64;
        let mut count = 0;
        for part in text.split('.') {
            let width = *widths.get(count).ok_or_else(wrong)?;
            if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(wrong());
            }
            let scale = if width == 4 { 10_000 } else { 100 };
            digits = digits * scale + part.parse::<u64>().map_err(|_| wrong())?;
            count += 1;
        }
        let level = [Level::Provinsi, Level::Kabupaten, Level::Kecamatan, Level::Desa][count - 1];
        Ok(Self::make(digits * Self::unit(level), level))
    }
}

impl fmt::Display for Kode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.digits();
        let (p, k, c, e) = (d / 100_000_000, d / 1_000_000 % 100, d / 10_000 % 100, d % 10_000);
        match self.level() {
            Level::Nasional => f.write_str("nasional"),
            Level::Provinsi => write!(f, "{p:02}"),
            Level::Kabupaten => write!(f, "{p:02}.{k:02}"),
            Level::Kecamatan => write!(f, "{p:02}.{k:02}.{c:02}"),
            Level::Desa => write!(f, "{p:02}.{k:02}.{c:02}.{e:04}"),
        }
    }
}

impl fmt::Debug for Kode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kode({self})")
    }
}

impl Serialize for Kode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Kode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Every way in which a name of a place may be written, as [`plain`] compares it: in full, and with
/// its first words as initials.
#[must_use]
pub fn spellings(name: &str) -> Vec<String> {
    let words: Vec<String> = name.split_whitespace().map(plain).collect();
    let shortened = (1..words.len()).map(|count| {
        let initials: String =
            words[..count].iter().filter_map(|word| word.chars().next()).collect();
        initials + &words[count..].concat()
    });
    std::iter::once(words.concat()).chain(shortened).collect()
}

/// A name as it is compared: small letters and digits, nothing else, so that `Kayuagung` and
/// `Kayu Agung` are one.
#[must_use]
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether what someone typed means a place of this name: a part of it, spelt with or without
/// blanks, or with its first words as initials (`SP Padang` for Sirah Pulau Padang).
#[must_use]
pub fn name_matches(name: &str, typed: &str) -> bool {
    let wanted = plain(typed);
    if wanted.is_empty() || plain(name).contains(&wanted) {
        return true;
    }
    spellings(name).contains(&wanted)
}

/// The three time zones of the country; none of them ever changes its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// UTC + 7.
    Wib,
    /// UTC + 8.
    Wita,
    /// UTC + 9, where each day begins first.
    Wit,
}

impl Zone {
    /// The zone's name as people write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }

    fn offset(self) -> jiff::tz::Offset {
        match self {
            Self::Wib => jiff::tz::offset(7),
            Self::Wita => jiff::tz::offset(8),
            Self::Wit => jiff::tz::offset(9),
        }
    }

    /// The date and time that clocks of the zone show at `at`.
    #[must_use]
    pub fn datetime(self, at: jiff::Timestamp) -> jiff::civil::DateTime {
        self.offset().to_datetime(at)
    }

    /// The date that calendars of the zone show at `at`.
    #[must_use]
    pub fn date(self, at: jiff::Timestamp) -> jiff::civil::Date {
        self.datetime(at).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kode(text: &str) -> Kode {
        text.parse().unwrap()
    }

    #[test]
    fn codes_read_and_write_the_same() {
        for text in ["16", "16.02", "16.02.05", "16.02.05.1001", "nasional"] {
            assert_eq!(kode(text).to_string(), text);
        }
        for wrong in
            ["", "1", "16.2", "16.02.5", "16.02.05.101", "16.02.05.1001.1", "x", "16.", "１６"]
        {
            assert!(wrong.parse::<Kode>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_tree() {
        let mut codes: Vec<Kode> =
            ["16.03", "16.02.05.1001", "16", "16.02.06", "16.02.05", "nasional", "16.02", "15.99"]
                .iter()
                .map(|text| kode(text))
                .collect();
        codes.sort_unstable();
        let sorted: Vec<String> = codes.iter().map(ToString::to_string).collect();
        assert_eq!(
            sorted.join(" "),
            "nasional 15.99 16 16.02 16.02.05 16.02.05.1001 16.02.06 16.03"
        );
        for outer in &codes {
            for inner in &codes {
                let by_range = *outer <= *inner && *inner < outer.end();
                assert_eq!(outer.contains(*inner), by_range, "{outer} {inner}");
            }
        }
    }

    #[test]
    fn places_are_rebased_with_what_they_hold() {
        for (place, old, new, expected) in [
            ("91.01.02.2003", "91.01", "96.05", Some("96.05.02.2003")),
            ("91.01", "91.01", "96.05", Some("96.05")),
            ("91.02.01", "91.01", "96.05", None),
            ("91.01.02", "91.01", "96", None),
        ] {
            let rebased = kode(place).rebased(kode(old), kode(new));
            assert_eq!(rebased, expected.map(kode), "{place}");
        }
        assert!(kode("16.02") < kode("16.02").next() && kode("16.02").next() < kode("16.02.01"));
    }

    #[test]
    fn names_are_known_however_they_are_spelt() {
        for (name, typed, expected) in [
            ("Kayu Agung", "kayuagung", true),
            ("Kayuagung", "Kayu Agung", true),
            ("Kayu Agung", "agung", true),
            ("Sirah Pulau Padang", "SP Padang", true),
            ("Sirah Pulau Padang", "S.P. Padang", true),
            ("Sirah Pulau Padang", "S Pulau Padang", true),
            ("Sirah Pulau Padang", "P Padang", false),
            ("Jua-jua", "juajua", true),
            ("Pedamaran", "Pedamaran Timur", false),
            ("Mesuji", "", true),
        ] {
            assert_eq!(name_matches(name, typed), expected, "{name} {typed}");
        }
    }

    #[test]
    fn parents_and_zones() {
        let desa = kode("35.20.07.2014");
        assert_eq!(desa.parent(), Some(kode("35.20.07")));
        assert_eq!(desa.at(Level::Kabupaten), Some(kode("35.20")));
        assert_eq!(kode("35").at(Level::Desa), None);
        assert_eq!(Kode::NASIONAL.parent(), None);
        for (code, zone) in [
            ("16", "WIB"),
            ("62", "WIB"),
            ("64", "WITA"),
            ("53", "WITA"),
            ("81", "WIT"),
            ("96", "WIT"),
        ] {
            assert_eq!(kode(code).zone().as_str(), zone, "{code}");
        }
    }
}
