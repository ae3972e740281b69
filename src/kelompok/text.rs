//! What holds for every free text that a user may type about a kelompok.

use crate::bahasa::angka::count;

/// The longest free text, in characters.
pub const MAX_TEXT_CHARS: usize = 1_000;

/// The longest short text (a place, an office, a name), in characters.
pub const MAX_SHORT_CHARS: usize = 120;

/// A run of this many digits looks like a NIK or KK number and is refused.
pub const PERSONAL_DIGITS: usize = 16;

/// Why a text cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// More characters than the field may hold.
    #[error("Teks ini {} huruf, paling banyak {}. Ringkas isinya.", count(*chars as u64), count(*max as u64))]
    TooLong {
        /// Characters found.
        chars: usize,
        /// Characters allowed.
        max: usize,
    },
    /// A run of digits that looks like a NIK or KK number.
    #[error(
        "Teks ini memuat deretan 16 angka yang mirip NIK atau nomor KK. Hapus nomor itu; data keluarga tidak disimpan di sini."
    )]
    PersonalNumber,
    /// A character that no keyboard types.
    #[error("Teks ini memuat karakter kendali yang tidak dapat disimpan. Ketik ulang teksnya.")]
    ControlCharacter,
}

/// The text, trimmed and with line ends made the same, if it may be kept.
///
/// # Errors
/// When it is longer than `max` characters, holds a run of 16 digits (spaces, dots and dashes
/// between them ignored) or a control character other than a line end or tab.
pub fn clean(text: &str, max: usize) -> Result<String, TextError> {
    let trimmed = trimmed(text);
    // Few texts hold the line ends of other systems, and every record has texts.
    let text = if trimmed.contains('\r') {
        trimmed.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        trimmed.to_owned()
    };
    // A text never has more characters than bytes.
    if text.len() > max {
        let chars = text.chars().count();
        if chars > max {
            return Err(TextError::TooLong { chars, max });
        }
    }
    if holds_control_character(&text) {
        return Err(TextError::ControlCharacter);
    }
    if holds_personal_number(&text) {
        return Err(TextError::PersonalNumber);
    }
    Ok(text)
}

/// The text without white space at its ends. Most texts begin and end with a letter of ASCII.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Whether the text holds a control character other than a line end or tab.
fn holds_control_character(text: &str) -> bool {
    // No keyboard types one, so look at bytes first: at all of them, which the machine does many at
    // a time. 0xc2 begins those beyond ASCII, and some letters.
    let odd = |byte: u8| (byte < 0x20 && byte != b'\n' && byte != b'\t') || byte == 0x7f;
    text.bytes().fold(false, |found, byte| found | odd(byte) | (byte == 0xc2))
        && text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// Whether [`clean`], if it keeps the text at all, keeps it as it is.
#[must_use]
pub fn is_clean(text: &str) -> bool {
    trimmed(text).len() == text.len() && !text.contains('\r')
}

/// Whether the text holds a run of 16 or more digits; spaces, dots and dashes of any kind between
/// them are ignored.
#[must_use]
pub fn holds_personal_number(text: &str) -> bool {
    // Few texts have so many digits. Every byte that may be a part of one is counted, which the
    // machine does many at a time.
    let may_be = |byte: &u8| byte.is_ascii_digit() || !byte.is_ascii();
    if text.len() < PERSONAL_DIGITS || text.bytes().filter(may_be).count() < PERSONAL_DIGITS {
        return false;
    }
    let mut run = 0;
    for c in text.chars() {
        if c.is_numeric() {
            run += 1;
            if run >= PERSONAL_DIGITS {
                return true;
            }
        } else if !(c.is_whitespace()
            || matches!(c, '.' | '-' | '_' | '‐'..='―' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
        {
            run = 0;
        }
    }
    false
}

/// Whether a kelompok's name looks like that of a person, which deserves a warning.
#[must_use]
pub fn looks_like_a_person(name: &str) -> bool {
    let first = name.split_whitespace().next().unwrap_or("").trim_end_matches('.').to_lowercase();
    matches!(
        first.as_str(),
        "ibu"
            | "bu"
            | "bapak"
            | "bpk"
            | "pak"
            | "ny"
            | "nyonya"
            | "tn"
            | "tuan"
            | "hj"
            | "h"
            | "haji"
            | "hajjah"
            | "sdr"
            | "sdri"
            | "saudara"
            | "saudari"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_found_in_every_disguise() {
        for (text, expected) in [
            ("3520071234567890", true),
            ("NIK 3520 0712 3456 7890.", true),
            ("3520.0712-3456 7890", true),
            ("3520—0712–3456‑7890", true),
            ("hadir 23, sakit 1, alfa 1", false),
            ("call 0351-123456 dan 1500771", false),
            ("123456789012345", false),
            ("12345678a12345678", false),
            ("٣٥٢٠٠٧١٢٣٤٥٦٧٨٩٠", true),
            ("٣٥٢٠٠٧١٢34567890", true),
            ("٣٥٢٠٠٧١٢3456789", false),
            ("é3520071234567890é", true),
            ("", false),
        ] {
            assert_eq!(holds_personal_number(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_said_to_be_clean_is_kept_as_it_is() {
        for (text, expected) in [
            ("", true),
            ("Balai desa", true),
            ("dua\nbaris\tdan tab", true),
            (" di depan", false),
            ("di belakang\u{a0}", false),
            ("dua\r\nbaris", false),
            ("\r", false),
            ("dua\rbaris", false),
        ] {
            assert_eq!(is_clean(text), expected, "{text:?}");
            assert_eq!(clean(text, 100).is_ok_and(|kept| kept == text), expected, "{text:?}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(clean("  a\r\nb ", 10).as_deref(), Ok("a\nb"));
        assert!(clean(&"é".repeat(1_000), MAX_TEXT_CHARS).is_ok());
        assert_eq!(
            clean(&"é".repeat(1_001), MAX_TEXT_CHARS),
            Err(TextError::TooLong { chars: 1_001, max: 1_000 })
        );
        assert_eq!(clean("a\u{7}b", 10), Err(TextError::ControlCharacter));
        assert_eq!(clean("a\0b", 10), Err(TextError::ControlCharacter));
    }

    #[test]
    fn control_characters_are_found_and_no_others() {
        for c in (0..=0x2100).filter_map(char::from_u32) {
            let control = c.is_control() && !matches!(c, '\n' | '\t' | '\r');
            let refused = clean(&format!("a{c}b"), 10) == Err(TextError::ControlCharacter);
            assert_eq!(refused, control, "{c:?}");
        }
    }

    #[test]
    fn names_of_persons_are_noticed() {
        assert!(looks_like_a_person("Bu Sari"));
        assert!(looks_like_a_person("Hj. Aminah"));
        assert!(!looks_like_a_person("Melati 2"));
        assert!(!looks_like_a_person("Ibnu Sina"));
    }
}
