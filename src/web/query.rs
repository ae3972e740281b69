//! What stands in the query of an address. One rule: what cannot be meant is refused in one
//! sentence, on pages, files and in the API alike, and never taken for something else.

use std::fmt::Display;
use std::ops::RangeInclusive;

use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::decide::FieldError;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::{Kode, KodeError};

use super::error::WebError;
use super::extract::Values;

/// The words of rows in addresses.
pub(super) const PER: [&str; 6] =
    ["kelompok", "desa", "kecamatan", "kabupaten", "provinsi", "pendamping"];

/// So much of a value that was not understood is said again, in characters.
const SHOWN: usize = 40;

/// A value of an address that cannot be meant.
#[must_use]
pub fn invalid(field: &str, message: impl Into<String>) -> WebError {
    WebError::Invalid(vec![FieldError::new(field, message)])
}

/// A value as a sentence says it again.
fn said(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

impl Values {
    /// The value, if the name stands with one.
    fn told(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// A date; none where it is left open.
    ///
    /// # Errors
    /// When it is no date.
    pub fn day(&self, name: &str) -> Result<Option<Date>, WebError> {
        let Some(text) = self.told(name) else { return Ok(None) };
        tanggal::parse(text).map(Some).map_err(|error| {
            let why = match error {
                tanggal::DateError::NoSuchDay => {
                    "tidak ada di kalender. Periksa hari dan bulannya."
                }
                _ => "tidak terbaca. Tulis seperti 2026-11-21 atau 21/11/2026.",
            };
            invalid(name, format!("Tanggal “{}” {why}", said(text)))
        })
    }

    /// A month, as `2026-11`; none where it is left open.
    ///
    /// # Errors
    /// When it is no month.
    pub fn month(&self, name: &str) -> Result<Option<Month>, WebError> {
        let Some(text) = self.told(name) else { return Ok(None) };
        Month::parse(text).map(Some).ok_or_else(|| {
            let text = said(text);
            invalid(name, format!("Bulan “{text}” tidak terbaca. Tulis seperti 2026-11."))
        })
    }

    /// A place by its code; none where it is left open.
    ///
    /// # Errors
    /// When it is no code; whether there is such a place is not asked here.
    pub fn place(&self, name: &str) -> Result<Option<Kode>, WebError> {
        let Some(text) = self.told(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|error: KodeError| invalid(name, error.to_string()))
    }

    /// A whole number within a range; none where it is left open.
    ///
    /// # Errors
    /// When it is no number, or lies outside.
    pub fn whole<T>(&self, name: &str, range: RangeInclusive<T>) -> Result<Option<T>, WebError>
    where
        T: std::str::FromStr + PartialOrd + Copy + Into<u64>,
    {
        let Some(text) = self.told(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (from, to) = ((*range.start()).into(), (*range.end()).into());
            let (from, to) = (angka::count(from), angka::count(to));
            let text = said(text);
            invalid(
                name,
                format!("“{name}” harus bilangan dari {from} sampai {to}, bukan “{text}”."),
            )
        })
    }

    /// The page of a list, from 1 on; none where it is left open. A page behind the last is the last
    /// one, since lists become shorter.
    ///
    /// # Errors
    /// When it is no number from 1 on.
    pub fn page(&self) -> Result<Option<usize>, WebError> {
        let page = self.whole("hal", 1..=u32::MAX)?;
        Ok(page.map(|page| usize::try_from(page).unwrap_or(usize::MAX)))
    }

    /// One of these words; empty where it is left open.
    ///
    /// # Errors
    /// When it is another word.
    pub fn word<'w>(&self, name: &str, words: &[&'w str]) -> Result<&'w str, WebError> {
        let Some(text) = self.told(name) else { return Ok("") };
        let found = words.iter().find(|word| **word == text);
        found.copied().ok_or_else(|| unknown_word(name, text, words))
    }

    /// What one of these words stands for; none where it is left open.
    ///
    /// # Errors
    /// When `read` does not know the word.
    pub fn meant<T>(
        &self,
        name: &str,
        words: &[&str],
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, WebError> {
        let Some(text) = self.told(name) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| unknown_word(name, text, words))
    }

    /// `ya` or `tidak`; no where it is left open.
    ///
    /// # Errors
    /// When it is another word.
    pub fn yes(&self, name: &str) -> Result<bool, WebError> {
        Ok(self.word(name, &["ya", "tidak"])? == "ya")
    }

    /// An id of a kind that is read as `T`; none where it is left open.
    ///
    /// # Errors
    /// When it cannot be one; `what` names the kind.
    pub fn named<T: std::str::FromStr>(
        &self,
        name: &str,
        what: impl Display,
    ) -> Result<Option<T>, WebError> {
        let Some(text) = self.told(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            let text = said(text);
            invalid(
                name,
                format!("“{text}” bukan id {what}. Salin ulang alamatnya, atau pilih dari daftar."),
            )
        })
    }
}

/// The refusal of a word that nobody knows.
fn unknown_word(name: &str, text: &str, words: &[&str]) -> WebError {
    let words: Vec<String> =
        words.iter().filter(|word| !word.is_empty()).map(|word| (*word).to_owned()).collect();
    let text = said(text);
    let message = match words.as_slice() {
        [] => format!("“{text}” tidak dikenal untuk “{name}”. Salin ulang alamatnya."),
        [only] => format!(
            "“{text}” tidak dikenal untuk “{name}”. Tulis {only}, atau hapus dari alamatnya."
        ),
        [first @ .., last] => format!(
            "“{text}” tidak dikenal untuk “{name}”. Pilih {} atau {last}.",
            first.join(", ")
        ),
    };
    invalid(name, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(query: &str) -> Values {
        Values::parse(query.as_bytes()).unwrap()
    }

    fn refused<T: std::fmt::Debug>(found: Result<T, WebError>) -> String {
        found.unwrap_err().detail()
    }

    #[test]
    fn what_is_left_open_is_none() {
        let open = values("a=&b=+");
        for name in ["a", "b", "c"] {
            assert_eq!(open.day(name).unwrap(), None);
            assert_eq!(open.month(name).unwrap(), None);
            assert_eq!(open.place(name).unwrap(), None);
            assert_eq!(open.whole(name, 1_u32..=9).unwrap(), None);
            assert_eq!(open.word(name, &["x"]).unwrap(), "");
            assert!(!open.yes(name).unwrap());
        }
    }

    #[test]
    fn what_cannot_be_meant_is_said_in_one_sentence_with_what_to_do() {
        let wrong =
            values("t=kemarin&k=2026-02-30&b=2026-13&n=0&m=-1&z=99999999999999999999&w=abc&v=lain");
        for (said, words) in [
            (refused(wrong.day("t")), "Tanggal “kemarin” tidak terbaca. Tulis seperti"),
            (refused(wrong.day("k")), "Tanggal “2026-02-30” tidak ada di kalender."),
            (refused(wrong.month("b")), "Bulan “2026-13” tidak terbaca."),
            (
                refused(wrong.whole("n", 1_u32..=500)),
                "“n” harus bilangan dari 1 sampai 500, bukan “0”.",
            ),
            (refused(wrong.whole("m", 1_u32..=500)), "bukan “-1”."),
            (refused(wrong.whole("z", 1_u32..=500)), "bukan “99999999999999999999”."),
            (refused(wrong.place("w")), "Kode"),
            (refused(wrong.word("v", &["", "satu", "dua"])), "Pilih satu atau dua."),
            (refused(wrong.word("v", &["satu"])), "Tulis satu, atau hapus"),
            (refused(wrong.yes("v")), "Pilih ya atau tidak."),
        ] {
            assert!(said.contains(words), "{said}");
        }
        let long = values(&format!("t={}", "x".repeat(500)));
        assert!(refused(long.day("t")).chars().count() < 130);
    }
}
