//! Bytes written down as one piece, not number by number.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

/// Writes the bytes as one piece.
///
/// # Errors
/// Those of the format.
pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// Reads them back.
///
/// # Errors
/// Those of the format.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    from.deserialize_byte_buf(Bytes)
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }
}

/// Numbers as one piece, eight bytes each.
pub(crate) mod words {
    use serde::de::Deserializer;
    use serde::ser::Serializer;

    /// Writes the numbers as one piece.
    ///
    /// # Errors
    /// Those of the format.
    pub(crate) fn serialize<S: Serializer>(words: &[u64], to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(words.len() * 8);
        for word in words {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        super::serialize(&bytes, to)
    }

    /// Reads them back.
    ///
    /// # Errors
    /// Those of the format.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
        let bytes = super::deserialize(from)?;
        let (words, _) = bytes.as_chunks::<8>();
        Ok(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
    }
}

/// Numbers as one piece, sixteen bytes each.
pub(crate) mod quads {
    use serde::de::Deserializer;
    use serde::ser::Serializer;

    /// Writes the numbers as one piece.
    ///
    /// # Errors
    /// Those of the format.
    pub(crate) fn serialize<S: Serializer>(quads: &[u128], to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(quads.len() * 16);
        for quad in quads {
            bytes.extend_from_slice(&quad.to_le_bytes());
        }
        super::serialize(&bytes, to)
    }

    /// Reads them back.
    ///
    /// # Errors
    /// Those of the format.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u128>, D::Error> {
        let bytes = super::deserialize(from)?;
        let (quads, _) = bytes.as_chunks::<16>();
        Ok(quads.iter().map(|quad| u128::from_le_bytes(*quad)).collect())
    }
}
