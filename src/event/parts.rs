//! What events speak of: the line they stand in, when something arrived, settings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::curriculum::ids::SesiId;
use crate::ids::{AccountId, Digest};
use crate::kelompok::KelompokId;
use crate::kelompok::rules::{Holidays, Rules, TargetSet};
use crate::kelompok::siksng::Crosswalk;
use crate::kelompok::wilayah::Kode;

/// The line of the journal in which an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineInfo {
    /// Its sequence number, from 1.
    pub seq: u64,
    /// When the server accepted the command, UTC.
    pub at: Timestamp,
    /// Who sent it; none for the program itself and for its owner at the command line.
    pub by: Option<AccountId>,
    /// The id of the command.
    pub command: Uuid,
    /// The digest of the command's values.
    pub digest: Digest,
}

/// When a pertemuan first reached someone's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// At the time of the line.
    #[default]
    Line,
    /// At this time, as an import says.
    At(Timestamp),
    /// Nobody knows (an import that does not say).
    Unknown,
}

impl Receipt {
    /// Whether it is the time of the line, which is not written down again.
    #[must_use]
    pub fn is_line(&self) -> bool {
        *self == Self::Line
    }
}

/// Whether an edition changed what families hear, or only how it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The substance changed: those taught before need a refresher.
    Substansi,
    /// Only the wording changed.
    Redaksional,
}

impl ChangeKind {
    /// The word on pages and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Substansi => "substansi",
            Self::Redaksional => "redaksional",
        }
    }
}

/// What a login or token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoginKind {
    /// A browser, by cookie.
    Web,
    /// A program, by bearer token.
    Api,
}

/// What a suspension covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SuspensionTarget {
    /// An area and everything below it.
    Wilayah(Kode),
    /// One kelompok.
    Kelompok(KelompokId),
}

/// A setting with its new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The rules of counting, from a date on.
    Rules(Rules),
    /// The sesi that an area is measured by.
    Target(TargetSet),
    /// Whether live texts may be read without a login.
    PublicReading(bool),
    /// When no pertemuan are planned in an area.
    Holidays(Holidays),
    /// Which category of the ministry's form stands for which modul and sesi.
    Crosswalk(Crosswalk),
    /// As which generation of a sesi its printed official book counts.
    PrintedBook {
        /// Of which sesi.
        sesi: SesiId,
        /// The generation, from 0.
        generation: u16,
    },
    /// The tema that a sesi may have, in the order of lists.
    Tema(Vec<String>),
    /// The width of folio paper (F4) in mm, 210 or 215.
    FolioWidth(u16),
}
