//! The record of one pertemuan: one meeting of one kelompok on one calendar date.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::curriculum::ids::SesiId;
use crate::private::Private;

use super::KelompokId;

/// How much of a sesi was taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// A part.
    Sebagian,
    /// All of it, or the rest of it.
    Tuntas,
}

impl Extent {
    /// The word on pages and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sebagian => "sebagian",
            Self::Tuntas => "tuntas",
        }
    }
}

/// From which text a sesi was taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An edition of this program, as the pendamping said.
    Edition(u16),
    /// Nobody said which; the edition that was live on the date is taken ("dianggap").
    Assumed(u16),
    /// A printed official book.
    BukuCetak,
}

impl Source {
    /// The number of the edition; none for a printed book.
    #[must_use]
    pub fn edition(self) -> Option<u16> {
        match self {
            Self::Edition(number) | Self::Assumed(number) => Some(number),
            Self::BukuCetak => None,
        }
    }
}

/// One sesi as taught in one pertemuan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taught {
    /// Which sesi.
    pub sesi: SesiId,
    /// All or a part.
    pub extent: Extent,
    /// The numbers of the langkah done, sorted, when they were ticked; 1 to 32.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub langkah: Vec<u8>,
    /// From which text.
    pub source: Source,
}

/// The counts of one day: people who came, were ill, or stayed away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attendance {
    /// Hadir.
    pub present: u16,
    /// Sakit.
    pub sick: u16,
    /// Alfa.
    pub absent: u16,
    /// Members of the kelompok on that day.
    pub members: u16,
}

/// What a pendamping says of one pertemuan. Free text is private: it can be blanked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pertemuan {
    /// The kelompok that met.
    pub kelompok: KelompokId,
    /// The date where the kelompok is.
    pub date: Date,
    /// The id of a kind, see [`super::rules::Rules`].
    pub kind: String,
    /// What was taught; empty for a meeting without a sesi.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sesi: Vec<Taught>,
    /// Who came, as counts.
    pub attendance: Attendance,
    /// The seat numbers of those who did not come, sorted; empty when only counts were said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent_seats: Vec<u16>,
    /// When it began, local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    /// When it ended, local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Private>,
    /// Whether the group discussed, and not only listened; none when nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discussion: Option<bool>,
    /// Who spoke, by office.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speakers: Vec<Private>,
    /// Topics outside every sesi.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Private>,
    /// Kendala.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacles: Option<Private>,
    /// Tindak lanjut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Private>,
    /// A short note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Private>,
}

/// The id of a pertemuan: the id of the request that first recorded it.
pub type PertemuanId = Uuid;
