//! Visits of an office to a place or a kelompok, and head-count checks that end with an answer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::private::Private;

use super::KelompokId;
use super::wilayah::Kode;

/// The id of a visit: the id of the request that logged it.
pub type VisitId = Uuid;

/// The number of a head-count check: its place in the journal among all checks, from 1.
pub type CheckNo = u32;

/// What was visited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VisitPlace {
    /// An area, mostly a kecamatan.
    Wilayah(Kode),
    /// One kelompok.
    Kelompok(KelompokId),
}

/// What is said of a visit. An office is named, never a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// What was visited.
    pub place: VisitPlace,
    /// On this day, where the place is.
    pub date: jiff::civil::Date,
    /// The office that visited.
    pub office: Private,
    /// What was attended or done.
    pub attended: Private,
    /// A short note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Private>,
}

/// How a head-count check was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// The recorded number was wrong and was changed to what was counted.
    Diubah,
    /// The recorded number is right; the count was not of all members, or erred.
    TercatatBenar,
    /// The kelompok was not found at first, and was found since.
    Ditemukan,
    /// The kelompok no longer exists, and its end is on record.
    TidakAktif,
    /// Something else, which the note says.
    Lain,
}

impl CheckOutcome {
    /// Every outcome, in the order of the form.
    pub const ALL: [Self; 5] =
        [Self::Diubah, Self::TercatatBenar, Self::Ditemukan, Self::TidakAktif, Self::Lain];

    /// The word in forms, files and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Diubah => "diubah",
            Self::TercatatBenar => "tercatat-benar",
            Self::Ditemukan => "ditemukan",
            Self::TidakAktif => "tidak-aktif",
            Self::Lain => "lain",
        }
    }

    /// The words on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Diubah => "jumlah anggota diubah sesuai hitungan",
            Self::TercatatBenar => "jumlah yang tercatat sudah benar",
            Self::Ditemukan => "kelompok ditemukan kemudian",
            Self::TidakAktif => "kelompok memang sudah tidak aktif",
            Self::Lain => "hal lain",
        }
    }

    /// Whether it can settle a check that found the kelompok, or did not.
    #[must_use]
    pub fn fits(self, found: bool) -> bool {
        match self {
            Self::Diubah | Self::TercatatBenar => found,
            Self::Ditemukan | Self::TidakAktif => !found,
            Self::Lain => true,
        }
    }
}

/// Why a text names no outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOutcome;

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pilih salah satu penyelesaian dari daftar.")
    }
}

impl FromStr for CheckOutcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(UnknownOutcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_reads_back_and_fits_one_kind_of_check() {
        for one in CheckOutcome::ALL {
            assert_eq!(one.as_str().parse(), Ok(one));
            assert_eq!(serde_json::to_value(one).unwrap(), one.as_str());
            assert!(one.fits(true) || one.fits(false), "{one:?}");
        }
        assert_eq!("hilang".parse::<CheckOutcome>(), Err(UnknownOutcome));
        assert!(!CheckOutcome::Diubah.fits(false) && !CheckOutcome::TidakAktif.fits(true));
    }
}
