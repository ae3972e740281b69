//! Names of things in the curriculum: stable slugs and content hashes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

/// The longest slug, in bytes (which are characters, since a slug is ASCII).
pub const MAX_SLUG_BYTES: usize = 80;

/// Why a text is not an id of the curriculum.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdError {
    /// The text is empty.
    #[error("Kode kosong. Isi dengan huruf kecil dan angka, misalnya \"memulai-usaha\".")]
    Empty,
    /// The text is longer than [`MAX_SLUG_BYTES`].
    #[error("Kode terlalu panjang. Pakai paling banyak 80 huruf.")]
    TooLong,
    /// The text holds something else than `a-z`, `0-9` and single dashes between them.
    #[error(
        "Kode \"{0}\" tidak dapat dipakai. Pakai huruf kecil, angka, dan tanda hubung tunggal \
         di antaranya, misalnya \"memulai-usaha\"."
    )]
    Malformed(String),
    /// The text is not the 64 hexadecimal digits of a content hash.
    #[error("Kode revisi harus terdiri atas 64 angka heksadesimal (0-9 dan a-f).")]
    NotAHash,
}

/// Says whether a text is a slug: `[a-z0-9]+(-[a-z0-9]+)*`, at most 80 bytes.
fn check_slug(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_SLUG_BYTES {
        return Err(IdError::TooLong);
    }
    let well_formed = text.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    if well_formed { Ok(()) } else { Err(IdError::Malformed(text.to_owned())) }
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        // Not through a copy, because every record writes some.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $name {
            /// The slug as it stands in addresses and files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                check_slug(text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                check_slug(&text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug_id! {
    /// A skema (an ordered list of sesi under modul), for example `klasik-2018`.
    SkemaId
}
slug_id! {
    /// A modul inside a skema, for example `kesehatan-gizi`.
    ModulId
}
slug_id! {
    /// A sesi; global, stable, and possibly part of several skema.
    SesiId
}

/// One immutable text, named by the BLAKE3 hash of its bytes.
///
/// Serialised as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RevisionId([u8; 32]);

impl RevisionId {
    /// The revision of exactly this text.
    pub fn of(text: &str) -> Self {
        Self(*blake3::hash(text.as_bytes()).as_bytes())
    }

    /// The revision with this hash.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 12 hexadecimal digits: enough for people to tell revisions apart.
    pub fn short(&self) -> String {
        let mut digits = self.to_string();
        digits.truncate(12);
        digits
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevisionId({})", self.short())
    }
}

impl FromStr for RevisionId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(IdError::NotAHash);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

fn hex_digit(digit: u8) -> Result<u8, IdError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(IdError::NotAHash),
    }
}

impl TryFrom<String> for RevisionId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<RevisionId> for String {
    fn from(id: RevisionId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_judged_by_one_rule() {
        let long = "a".repeat(80);
        let too_long = "a".repeat(81);
        let cases: &[(&str, Result<(), IdError>)] = &[
            ("memulai-usaha", Ok(())),
            ("8", Ok(())),
            ("stimulasi-bayi-0-6-bulan", Ok(())),
            (&long, Ok(())),
            (&too_long, Err(IdError::TooLong)),
            ("", Err(IdError::Empty)),
            ("-a", Err(IdError::Malformed("-a".into()))),
            ("a-", Err(IdError::Malformed("a-".into()))),
            ("a--b", Err(IdError::Malformed("a--b".into()))),
            ("A", Err(IdError::Malformed("A".into()))),
            ("a b", Err(IdError::Malformed("a b".into()))),
            ("../x", Err(IdError::Malformed("../x".into()))),
            ("é", Err(IdError::Malformed("é".into()))),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<SesiId>().map(|_| ()), *expected, "{text}");
        }
    }

    #[test]
    fn ids_go_through_json_and_refuse_what_is_wrong() {
        let id: SesiId = serde_json::from_str("\"memulai-usaha\"").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"memulai-usaha\"");
        let refused = serde_json::from_str::<ModulId>("\"Memulai Usaha\"").unwrap_err();
        assert!(refused.to_string().contains("huruf kecil"));
    }

    #[test]
    fn a_revision_is_named_by_its_text() {
        let id = RevisionId::of("");
        assert_eq!(id.short(), "af1349b9f5f9");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(RevisionId::from_bytes(*id.as_bytes()), id);
        assert_ne!(RevisionId::of("a"), id);
        for wrong in ["", "af", &"g".repeat(64), &"A".repeat(64), &"é".repeat(32)] {
            assert_eq!(wrong.parse::<RevisionId>(), Err(IdError::NotAHash), "{wrong}");
        }
    }
}
