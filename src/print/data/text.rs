//! Running text made ready for paper: what belongs together stays on one line, and a row of
//! underscores or dots becomes a line to write on.

const NO_BREAK: char = '\u{a0}';

/// Words that a number before them must not be parted from.
const UNITS: &[&str] = &[
    "menit", "jam", "detik", "hari", "minggu", "bulan", "tahun", "kali", "orang", "lembar", "ribu",
    "juta", "persen", "kg", "gram", "cm", "meter", "km", "liter", "ml", "%",
];

/// Words that a number behind them must not be parted from.
const BEFORE_NUMBERS: &[&str] = &[
    "rp",
    "lk",
    "sesi",
    "langkah",
    "lembar",
    "nomor",
    "pukul",
    "halaman",
    "modul",
    "edisi",
    "usia",
    "balik",
    "pertanyaan",
];

/// A place where a line may break without a sign.
pub(crate) const BREAK_HERE: char = '\u{200b}';
/// A word with more letters than this may be broken, or it would run off the paper.
const LONG_WORD: usize = 40;

/// Puts no-break spaces where a number and its word belong together: `10 menit`, `Rp 50.000`; and
/// lets a word break that is longer than a line.
pub(crate) fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push(if belong(words[at - 1], word) { NO_BREAK } else { ' ' });
        }
        if word.len() > LONG_WORD {
            push_broken(&mut out, word);
        } else {
            out.push_str(word);
        }
    }
    out
}

fn push_broken(out: &mut String, word: &str) {
    for (at, letter) in word.chars().enumerate() {
        if at > 0 && at % (LONG_WORD / 2) == 0 {
            out.push(BREAK_HERE);
        }
        out.push(letter);
    }
}

/// The first `limit` letters of a text, with dots where some were left out.
pub(crate) fn shortened(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return joined(text);
    }
    let start: String = text.chars().take(limit.saturating_sub(1)).collect();
    joined(&format!("{}…", start.trim_end()))
}

fn belong(left: &str, right: &str) -> bool {
    let left = left.trim_start_matches(['(', '"', '\'', '“', '[']);
    let right_bare = right.trim_end_matches(['.', ',', ';', ':', ')', '"', '?', '!', '”', ']']);
    let starts_with_digit = right.starts_with(|c: char| c.is_ascii_digit());
    if starts_with_digit {
        return BEFORE_NUMBERS.iter().any(|word| left.eq_ignore_ascii_case(word));
    }
    let is_number = left.ends_with(|c: char| c.is_ascii_digit())
        && left.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '/'));
    is_number && UNITS.iter().any(|unit| right_bare.eq_ignore_ascii_case(unit))
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// A line to write on, as wide as this many letters.
    Blank(usize),
}

/// The fewest underscores that are a line to write on.
const SHORTEST_BLANK: usize = 4;
/// The widest line to write on, in letters; a longer row of underscores is cut to it.
const LONGEST_BLANK: usize = 60;

/// Parts a text at its rows of underscores and of dots.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((start, length)) = next_blank(rest) {
        if start > 0 {
            out.push(Piece::Words(&rest[..start]));
        }
        out.push(Piece::Blank(length.clamp(SHORTEST_BLANK, LONGEST_BLANK)));
        rest = &rest[start + length..];
    }
    if !rest.is_empty() {
        out.push(Piece::Words(rest));
    }
    out
}

/// Where the next row of one of both marks begins, and how long it is. Three dots and a full stop
/// are still words.
fn next_blank(text: &str) -> Option<(usize, usize)> {
    let starts = [text.find("____"), text.find(".....")];
    let start = starts.into_iter().flatten().min()?;
    let mark = text.as_bytes()[start];
    Some((start, text[start..].bytes().take_while(|byte| *byte == mark).count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_their_words() {
        for (text, expected) in [
            ("selama 10 menit.", "selama 10~menit."),
            ("beri Rp 50.000 saja", "beri Rp~50.000 saja"),
            ("(20 menit)", "(20~menit)"),
            ("Isi LK 8.1 bersama", "Isi LK~8.1 bersama"),
            ("usia 0-6 bulan,", "usia~0-6~bulan,"),
            ("Lembar balik 1", "Lembar balik~1"),
            ("tiga anak 2 kambing", "tiga anak 2 kambing"),
            ("- menit", "- menit"),
            ("", ""),
            ("  dua  spasi", "  dua  spasi"),
        ] {
            assert_eq!(joined(text).replace(NO_BREAK, "~"), expected, "{text}");
        }
    }

    #[test]
    fn nothing_runs_off_the_paper() {
        let long = joined(&"x".repeat(100));
        assert!(long.split(BREAK_HERE).all(|part| part.len() <= LONG_WORD), "{long}");
        assert_eq!(long.replace(BREAK_HERE, ""), "x".repeat(100));
        for (text, expected) in [("lima", "lima"), ("lima enam", "lima…"), ("limaenam", "limae…")]
        {
            assert_eq!(shortened(text, 6), expected);
        }
    }

    #[test]
    fn rows_of_underscores_are_lines_to_write_on() {
        use Piece::{Blank, Words};
        for (text, expected) in [
            ("pilih: ________", vec![Words("pilih: "), Blank(8)]),
            ("____ dan _____", vec![Blank(4), Words(" dan "), Blank(5)]),
            ("a_b ___", vec![Words("a_b ___")]),
            ("dan .......", vec![Words("dan "), Blank(7)]),
            ("lalu.... ya", vec![Words("lalu.... ya")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
        assert_eq!(pieces(&"_".repeat(900)), [Blank(60)]);
    }
}
