//! Fingerprints: of lines (128 bits), of blobs (256 bits), and the head of a journal.

use std::fmt;
use std::str::FromStr;

/// A BLAKE3 fingerprint cut to 128 bits: of a journal line, or of a command's parsed values.
///
/// Shown as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash128([u8; 16]);

impl Hash128 {
    /// The fingerprint that stands before the first line.
    pub const ZERO: Self = Self([0; 16]);

    /// The fingerprint of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self::cut(blake3::hash(bytes))
    }

    /// The fingerprint of a line: of the one before it and the raw bytes of its open part.
    #[must_use]
    pub fn chained(previous: Self, open: &[u8]) -> Self {
        // One call over joined bytes is markedly quicker than feeding a hasher twice.
        let mut joined = [0; 1024];
        let length = previous.0.len() + open.len();
        if let Some(joined) = joined.get_mut(..length) {
            joined[..16].copy_from_slice(&previous.0);
            joined[16..].copy_from_slice(open);
            return Self::of(joined);
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&previous.0);
        hasher.update(open);
        Self::cut(hasher.finalize())
    }

    /// The fingerprint whose 16 bytes are given.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads 32 lower-case hexadecimal digits; anything else is `None`.
    #[must_use]
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        unhex(hex).map(Self)
    }

    /// The 32 digits.
    pub(super) fn hex(self) -> [u8; 32] {
        let mut hex = [0; 32];
        for (two, byte) in hex.as_chunks_mut::<2>().0.iter_mut().zip(self.0) {
            *two = pair(byte);
        }
        hex
    }

    /// Appends the 32 digits to `out`.
    pub(super) fn push_hex(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.hex());
    }

    fn cut(hash: blake3::Hash) -> Self {
        let mut short = [0; 16];
        short.copy_from_slice(&hash.as_bytes()[..16]);
        Self(short)
    }
}

impl fmt::Display for Hash128 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for Hash128 {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        Self::from_hex(text.as_bytes()).ok_or(NotAHash)
    }
}

/// The name of a blob: the whole 256-bit BLAKE3 fingerprint of its bytes.
///
/// Shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId([u8; 32]);

impl BlobId {
    /// The name that a blob of these bytes has.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The name whose 32 bytes are given.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl FromStr for BlobId {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        unhex(text.as_bytes()).map(Self).ok_or(NotAHash)
    }
}

/// The end of a journal: the number and the fingerprint of its last line.
///
/// Shown, and read back, as `SEQ:HEX`, as it is printed on recaps and backups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last line; 0 for an empty journal.
    pub seq: u64,
    /// Its fingerprint; [`Hash128::ZERO`] for an empty journal.
    pub hash: Hash128,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Head {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let (seq, hash) = text.trim().split_once(':').ok_or(NotAHash)?;
        let seq = seq.parse().map_err(|_| NotAHash)?;
        let hash = hash.to_ascii_lowercase().parse()?;
        Ok(Self { seq, hash })
    }
}

/// A text that is not a fingerprint or a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Sidik tidak dapat dibaca. Tulis persis seperti yang tercetak: angka dan huruf a sampai f, \
     untuk kepala jurnal dengan nomor di depan, misalnya 120:0f3a..."
)]
pub struct NotAHash;

const DIGITS: &[u8; 16] = b"0123456789abcdef";

const fn pair(byte: u8) -> [u8; 2] {
    [DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]
}

pub(super) fn push_hex(bytes: &[u8], out: &mut Vec<u8>) {
    bytes.iter().for_each(|byte| out.extend_from_slice(&pair(*byte)));
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn unhex<const N: usize>(hex: &[u8]) -> Option<[u8; N]> {
    if hex.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// Capital letters are refused so that a fingerprint has exactly one written form, and a flipped
/// bit in it cannot pass.
const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}
