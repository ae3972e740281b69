//! The heading words that carry the structure of a sesi, as one table.
//!
//! Whoever wants another word for a part adds it here; nothing else in the program spells them.

use serde::Serialize;

/// The parts of a sesi, in the order in which they stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The title and the paragraph under it.
    Pengantar,
    /// What participants can do afterwards.
    Tujuan,
    /// What has to be at hand.
    Alat,
    /// What the facilitator does before the day.
    Persiapan,
    /// The steps of the meeting.
    Langkah,
    /// How to fit the meeting to the group.
    Penyesuaian,
    /// The sentences to remember.
    PesanKunci,
    /// Worksheets.
    LembarKerja,
    /// Questions and signs that show what was learned.
    LembarEvaluasi,
    /// Flip-chart pages.
    LembarBalik,
    /// The page that families take home.
    LembarKeluarga,
    /// Background for the facilitator.
    BahanBacaan,
    /// Questions of participants with answers.
    TanyaJawab,
    /// A section whose heading is not in the table; kept as it is.
    Lain,
}

/// One row of the table of heading words.
struct KnownHeading {
    part: Part,
    title: &'static str,
    anchor: &'static str,
    also: &'static [&'static str],
}

const fn known(
    part: Part,
    title: &'static str,
    anchor: &'static str,
    also: &'static [&'static str],
) -> KnownHeading {
    KnownHeading { part, title, anchor, also }
}

const KNOWN: &[KnownHeading] = &[
    known(Part::Pengantar, "Pengantar", "pengantar", &[]),
    known(Part::Tujuan, "Tujuan", "tujuan", &["tujuan sesi", "tujuan pertemuan"]),
    known(Part::Alat, "Alat dan bahan", "alat-dan-bahan", &["alat", "bahan dan alat"]),
    known(Part::Persiapan, "Persiapan", "persiapan", &["persiapan fasilitator"]),
    known(
        Part::Langkah,
        "Langkah-langkah",
        "langkah-langkah",
        &["langkah langkah", "langkah kegiatan", "langkah-langkah kegiatan"],
    ),
    known(Part::Penyesuaian, "Penyesuaian", "penyesuaian", &[]),
    known(Part::PesanKunci, "Pesan kunci", "pesan-kunci", &["pesan utama"]),
    known(Part::LembarKerja, "Lembar kerja", "lembar-kerja", &[]),
    known(Part::LembarEvaluasi, "Lembar evaluasi", "lembar-evaluasi", &["evaluasi"]),
    known(Part::LembarBalik, "Lembar balik", "lembar-balik", &["flipchart", "flip chart"]),
    known(Part::LembarKeluarga, "Lembar keluarga", "lembar-keluarga", &["buku pintar"]),
    known(Part::BahanBacaan, "Bahan bacaan", "bahan-bacaan", &[]),
    known(Part::TanyaJawab, "Tanya jawab", "tanya-jawab", &["tanya-jawab"]),
];

/// The parts that a sesi must have as `##` sections, in order.
pub(crate) const REQUIRED: &[Part] = &[
    Part::Tujuan,
    Part::Alat,
    Part::Persiapan,
    Part::Langkah,
    Part::Penyesuaian,
    Part::PesanKunci,
    Part::LembarKerja,
    Part::LembarEvaluasi,
    Part::LembarBalik,
    Part::LembarKeluarga,
    Part::BahanBacaan,
    Part::TanyaJawab,
];

/// `###` headings under Tujuan.
pub(crate) const KOMPETENSI: &str = "Kompetensi dasar";
/// `###` headings under Tujuan.
pub(crate) const INDIKATOR: &str = "Indikator keberhasilan";
/// `###` headings that Penyesuaian must have.
pub(crate) const PENYESUAIAN: &[&str] =
    &["Kelompok campuran", "Peserta yang belum lancar membaca", "Pertemuan 60 menit"];
/// The `####` heading of the notes behind a flip-chart page.
pub(crate) const CATATAN_FASILITATOR: &str = "Catatan fasilitator";
/// The `####` heading of the exercise at the end of a Lembar keluarga.
pub(crate) const LATIHAN: &str = "Latihan di rumah";
/// The `####` heading of likely answers inside a langkah.
pub(crate) const KEMUNGKINAN_JAWABAN: &str = "Kemungkinan jawaban";
/// How the `####` heading of a case story begins.
pub(crate) const KISAH: &str = "Kisah";
/// The word of a numbered `###` heading of a step.
pub(crate) const WORD_LANGKAH: &str = "Langkah";
/// The word of a numbered `###` heading of a flip-chart page.
pub(crate) const WORD_LEMBAR: &str = "Lembar";
/// The word of a numbered `###` heading of a worksheet.
pub(crate) const WORD_LK: &str = "LK";
/// The unit in brackets behind the name of a step.
pub(crate) const WORD_MENIT: &str = "menit";
/// The name of the first step.
pub(crate) const PEMBUKAAN: &str = "Pembukaan";
/// The name of the last step.
pub(crate) const PENUTUP: &str = "Penutup";

/// The labels at the head of a step.
pub(crate) const LABEL_METODE: &str = "Metode";
/// See [`LABEL_METODE`].
pub(crate) const LABEL_MEDIA: &str = "Media";
/// See [`LABEL_METODE`].
pub(crate) const LABEL_HASIL: &str = "Hasil";

/// The methods that a langkah may name.
pub const METODE: &[&str] = &[
    "pemberian informasi",
    "curah pendapat",
    "tanya jawab",
    "diskusi kelompok",
    "permainan",
    "bermain peran",
    "simulasi",
    "demonstrasi",
    "praktik",
    "cerita",
    "menonton film",
    "kunjungan",
];

/// The methods that count as discussion when a case story is told with them.
pub(crate) const METODE_DISKUSI: &[&str] = &["diskusi kelompok", "bermain peran"];

/// The tema that a sesi may have.
pub const TEMA: &[&str] =
    &["kesehatan", "pengasuhan", "pendidikan", "ekonomi", "kesejahteraan sosial", "perlindungan"];

impl Part {
    /// The heading that the guides use; "Lain" for [`Part::Lain`].
    pub fn title(self) -> &'static str {
        KNOWN.iter().find(|known| known.part == self).map_or("Lain", |known| known.title)
    }

    /// The anchor of the part's heading on a page.
    pub fn anchor(self) -> &'static str {
        KNOWN.iter().find(|known| known.part == self).map_or("lain", |known| known.anchor)
    }

    /// The part that a `##` heading opens; [`Part::Lain`] for an unknown one.
    pub fn of_heading(heading: &str) -> Self {
        let wanted = heading.trim().trim_end_matches(':').to_lowercase();
        KNOWN
            .iter()
            .find(|known| known.title.to_lowercase() == wanted || known.also.contains(&&*wanted))
            .map_or(Self::Lain, |known| known.part)
    }

    /// Every part with a heading of its own, in the order of a file.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|known| known.part)
    }
}

/// Says whether two headings are the same but for case and blanks around them.
pub(crate) fn same_heading(heading: &str, known: &str) -> bool {
    heading.trim().trim_end_matches(':').eq_ignore_ascii_case(known)
}

/// The name behind the word of a heading such as `Kisah: Ibu Tari`.
pub(crate) fn after_word<'a>(heading: &'a str, word: &str) -> Option<&'a str> {
    let heading = heading.trim();
    let (head, rest) = (heading.get(..word.len())?, heading.get(word.len()..)?);
    if !head.eq_ignore_ascii_case(word) {
        return None;
    }
    match rest.chars().next() {
        None => Some(""),
        Some(':') => Some(rest[1..].trim()),
        Some(other) if !other.is_alphanumeric() => Some(rest.trim()),
        Some(_) => None,
    }
}

/// A heading of the form `<word> <number>: <name>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered<'a> {
    /// The number as written, for example `2` or `8.1`.
    pub(crate) number: &'a str,
    /// What stands behind the colon.
    pub(crate) name: &'a str,
}

/// Reads a heading of the form `<word> <number>: <name>`; the name may be empty.
pub(crate) fn numbered<'a>(heading: &'a str, word: &str) -> Option<Numbered<'a>> {
    let heading = heading.trim();
    let rest = heading.get(word.len()..)?;
    if !heading.get(..word.len())?.eq_ignore_ascii_case(word) || !rest.starts_with(' ') {
        return None;
    }
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, name) = rest.split_at(end);
    let number = number.trim_end_matches('.');
    if number.is_empty() || number.len() > 9 {
        return None;
    }
    let name = name.trim_start().trim_start_matches([':', '.', '-', '–']).trim();
    Some(Numbered { number, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_their_headings() {
        let cases = [
            ("Tujuan", Part::Tujuan),
            (" alat DAN bahan ", Part::Alat),
            ("Langkah-langkah", Part::Langkah),
            ("Buku pintar", Part::LembarKeluarga),
            ("Catatan lain", Part::Lain),
            ("", Part::Lain),
        ];
        for (heading, part) in cases {
            assert_eq!(Part::of_heading(heading), part, "{heading}");
        }
        for part in Part::all() {
            assert_eq!(Part::of_heading(part.title()), part, "every title names its part");
        }
    }

    #[test]
    fn numbered_headings_are_taken_apart() {
        let cases = [
            (
                "Langkah 2: Curah pendapat (20 menit)",
                "Langkah",
                Some(("2", "Curah pendapat (20 menit)")),
            ),
            ("langkah 2 : x", "Langkah", Some(("2", "x"))),
            ("LK 8.1: Piringku", "LK", Some(("8.1", "Piringku"))),
            ("LK 8.1. Piringku", "LK", Some(("8.1", "Piringku"))),
            ("Lembar 3", "Lembar", Some(("3", ""))),
            ("Lembar kerja", "Lembar", None),
            ("Langkah2", "Langkah", None),
            ("Langkah 9999999999: x", "Langkah", None),
            ("é", "Langkah", None),
        ];
        for (heading, word, expected) in cases {
            let found = numbered(heading, word).map(|n| (n.number, n.name));
            assert_eq!(found, expected, "{heading}");
        }
    }

    #[test]
    fn the_name_of_a_story_stands_behind_its_word() {
        let cases = [
            ("Kisah: Ibu Tari", Some("Ibu Tari")),
            ("kisah", Some("")),
            ("Kisah Ibu Tari", Some("Ibu Tari")),
            ("Kisahnya", None),
            ("Kis", None),
        ];
        for (heading, expected) in cases {
            assert_eq!(after_word(heading, KISAH), expected, "{heading}");
        }
    }
}
