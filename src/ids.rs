//! Identities that several parts of the domain share.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of an account, given in order of creation from 1; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub u32);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// 128 bits that stand for a value: BLAKE3 of its JSON form, or of a secret. 32 hex digits as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 16]);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut digest = [0; 16];
        digest.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
        Self(digest)
    }

    /// The digest of a value's JSON form, whose fields stand in the order of their declaration.
    ///
    /// A value that has no JSON form has the digest of nothing; no type of this program is such.
    #[must_use]
    pub fn of<T: Serialize>(value: &T) -> Self {
        // A record fits; growing bit by bit would be a part of the time that recording takes.
        let mut json = Vec::with_capacity(1_024);
        match serde_json::to_writer(&mut json, value) {
            Ok(()) => Self::of_bytes(&json),
            Err(_) => Self::of_bytes(&[]),
        }
    }
}

/// Makes the digest of bytes that come one after the other.
#[derive(Debug, Default)]
pub struct DigestOf(Box<blake3::Hasher>);

impl DigestOf {
    /// Adds bytes behind the others.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all of them.
    #[must_use]
    pub fn finish(&self) -> Digest {
        let mut digest = [0; 16];
        digest.copy_from_slice(&self.0.finalize().as_bytes()[..16]);
        Digest(digest)
    }
}

/// The first 64 bits of a [`Digest`]: enough to tell whether a sender's second message under one id
/// says the same as the first, at half the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Mark(pub [u8; 8]);

impl From<Digest> for Mark {
    fn from(digest: Digest) -> Self {
        let mut mark = [0; 8];
        mark.copy_from_slice(&digest.0[..8]);
        Self(mark)
    }
}

impl Digest {
    /// Gives the 32 hex digits to `with`; by hand, because every record writes one.
    fn with_hex<T>(&self, with: impl FnOnce(&str) -> T) -> T {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [b'0'; 32];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        with(std::str::from_utf8(&hex).unwrap_or_default())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_hex(|hex| f.write_str(hex))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl std::str::FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let wrong = "a digest is 32 hex digits";
        // A number that is parsed may have a sign before it; a digest may not.
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong);
        }
        let mut digest = [0; 16];
        for (at, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| wrong)?;
        }
        Ok(Self(digest))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_hex(|hex| serializer.serialize_str(hex))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
