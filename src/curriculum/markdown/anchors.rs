//! Anchors of headings: readable, unique within a text, and stable.

use std::collections::HashSet;

use crate::curriculum::headings::{WORD_LANGKAH, WORD_LEMBAR, WORD_LK, numbered};

/// Longer anchors are cut at a dash.
const MAX_ANCHOR_BYTES: usize = 60;

/// Anchors with this beginning belong to the list of rujukan of a page.
const RESERVED: &str = "rujukan-";

/// Gives out the anchors of one text.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    used: HashSet<String>,
    /// The anchor of the numbered `###` heading above, which names what stands under it.
    parent: Option<String>,
}

impl Anchors {
    /// The anchor of the next heading.
    ///
    /// A numbered heading is named by its number alone (`langkah-2`), so that a new wording
    /// breaks no link; what stands below it carries its name (`langkah-2-kemungkinan-jawaban`).
    pub(crate) fn assign(&mut self, level: u8, heading: &str) -> String {
        let numbered = numbered_anchor(heading);
        let is_numbered = numbered.is_some();
        let wanted = match (numbered, &self.parent) {
            (Some(anchor), _) => anchor,
            (None, Some(parent)) if level > 3 => format!("{parent}-{}", slug(heading)),
            (None, _) => slug(heading),
        };
        let anchor = self.unique(wanted);
        if level <= 3 {
            self.parent = is_numbered.then(|| anchor.clone());
        }
        anchor
    }

    fn unique(&mut self, wanted: String) -> String {
        let wanted = if wanted.starts_with(RESERVED) { format!("bagian-{wanted}") } else { wanted };
        let mut anchor = wanted;
        if self.used.contains(&anchor) {
            let copies = (2_u32..).map(|copy| format!("{anchor}-{copy}"));
            if let Some(free) = copies.into_iter().find(|copy| !self.used.contains(copy)) {
                anchor = free;
            }
        }
        self.used.insert(anchor.clone());
        anchor
    }
}

/// `langkah-2` for `Langkah 2: Curah pendapat`, and the like.
fn numbered_anchor(heading: &str) -> Option<String> {
    // Most headings are spared the closer look.
    if !heading.starts_with(['L', 'l']) {
        return None;
    }
    let words = [WORD_LANGKAH, WORD_LEMBAR, WORD_LK].into_iter();
    let (word, found) = words.filter_map(|word| Some((word, numbered(heading, word)?))).next()?;
    let mut anchor = word.to_ascii_lowercase();
    for part in found.number.split('.') {
        anchor.push('-');
        anchor.push_str(part);
    }
    Some(anchor)
}

/// Lower-case letters and digits of a text with single dashes between its words.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len().min(MAX_ANCHOR_BYTES) + 1);
    let mut is_apart = false;
    for (at, byte) in text.bytes().enumerate() {
        // Bytes inside a character that is not ASCII say nothing that its first byte did not.
        let is_inside = matches!(byte, 0x80..=0xbf);
        if byte.is_ascii_alphanumeric() {
            if is_apart && !slug.is_empty() {
                slug.push('-');
            }
            slug.push(char::from(byte.to_ascii_lowercase()));
            is_apart = false;
        } else if !is_inside && byte != b'\'' && !text[at..].starts_with('’') {
            is_apart = true;
        }
        if slug.len() > MAX_ANCHOR_BYTES {
            let cut = slug.rfind('-').filter(|at| *at > 0).unwrap_or(MAX_ANCHOR_BYTES);
            slug.truncate(cut);
            break;
        }
    }
    if slug.is_empty() { "bagian".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_readable_unique_and_named_by_number() {
        let mut anchors = Anchors::default();
        let cases = [
            (1, "Memulai Usaha", "memulai-usaha"),
            (2, "Langkah-langkah", "langkah-langkah"),
            (3, "Langkah 1: Pembukaan (15 menit)", "langkah-1"),
            (4, "Kemungkinan jawaban", "langkah-1-kemungkinan-jawaban"),
            (3, "Langkah 2: Kisah (15 menit)", "langkah-2"),
            (4, "Kemungkinan jawaban", "langkah-2-kemungkinan-jawaban"),
            (4, "Kemungkinan jawaban", "langkah-2-kemungkinan-jawaban-2"),
            (3, "Langkah 2: Kembar", "langkah-2-2"),
            (3, "LK 8.1: Piringku", "lk-8-1"),
            (2, "Memulai usaha", "memulai-usaha-2"),
            (4, "Kemungkinan jawaban", "kemungkinan-jawaban"),
            (3, "Rujukan UU 8 2016", "bagian-rujukan-uu-8-2016"),
            (3, "¿…?", "bagian"),
            (3, "Apa kata Qur'an?", "apa-kata-quran"),
        ];
        for (level, heading, expected) in cases {
            assert_eq!(anchors.assign(level, heading), expected, "{heading}");
        }
    }

    #[test]
    fn long_headings_are_cut_between_words() {
        let heading = "Apakah boleh ibu hamil tetap minum tablet tambah darah bila merasa mual";
        let anchor = slug(heading);
        assert_eq!(anchor, "apakah-boleh-ibu-hamil-tetap-minum-tablet-tambah-darah-bila");
        assert!(slug(&"x".repeat(500)).len() <= MAX_ANCHOR_BYTES);
    }
}
