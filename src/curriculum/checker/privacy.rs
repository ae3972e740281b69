//! Numbers that belong to a person have no place in a text that everybody can read.

use std::ops::Range;

use super::file::File;
use crate::curriculum::problem::Problem;

/// A NIK or KK number has this many digits.
const NIK_DIGITS: usize = 16;

/// A mobile number has this many digits, counted from the 8 behind 0, 62 or +62.
const MOBILE_DIGITS: Range<usize> = 9..13;

/// Mobile numbers that are public hotlines, counted from the 8.
const PUBLIC_NUMBERS: &[&str] = &[
    // SAPA, the ministry's line for women and children.
    "8111129129",
    // Kontak OJK.
    "81157157157",
    // Halo Kemenkes.
    "81110500567",
    // TePSA, the ministry's line for child social services.
    "81238888002",
];

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let mut from = 0;
    while let Some(found) = file.text.get(from..).and_then(find_digit_run) {
        let message = "Ada deretan 16 angka yang mirip NIK atau nomor KK.";
        let problem = Problem::error("mirip-nik", 1, message);
        let hint = "Hapus nomor itu; data keluarga tidak disimpan di naskah.";
        out.push(problem.at(file.index.position(from + found.start)).hint(hint));
        from += found.end;
    }
    let mut from = 0;
    while let Some(found) = file.text.get(from..).and_then(find_mobile_number) {
        let message = "Ada nomor yang mirip nomor telepon seseorang.";
        let problem = Problem::error("mirip-nomor-telepon", 1, message);
        let hint = "Hapus nomor itu; hanya nomor layanan umum yang boleh ditulis.";
        out.push(problem.at(file.index.position(from + found.start)).hint(hint));
        from += found.end;
    }
}

/// A run of digits, with single blanks, dots or dashes between them, in the order of a text.
///
/// A line end ends a run: the numbers of a list are not one number.
fn runs(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|(_, c)| c.is_ascii_digit())?;
        let mut digits = String::from(first);
        let mut end = start + 1;
        while let Some((at, c)) = rest.next_if(|(_, c)| is_inside(*c)) {
            if c.is_ascii_digit() {
                digits.push(c);
                end = at + 1;
            }
        }
        Some((start..end, digits))
    })
}

fn is_inside(c: char) -> bool {
    let is_dash = matches!(c, '-' | '\u{2010}'..='\u{2015}');
    let is_blank = matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    c.is_ascii_digit() || c == '.' || is_dash || is_blank
}

/// The first run of 16 digits or more, in bytes of the text; blanks, dots and dashes between them
/// do not count.
pub fn find_digit_run(text: &str) -> Option<Range<usize>> {
    runs(text).find(|(_, digits)| digits.len() >= NIK_DIGITS).map(|(range, _)| range)
}

/// The first Indonesian mobile number that is no public hotline, in bytes of the text.
pub fn find_mobile_number(text: &str) -> Option<Range<usize>> {
    let is_mobile = |range: &Range<usize>, digits: &str| {
        let has_plus = text[..range.start].ends_with('+');
        let national = match (digits.strip_prefix("62"), digits.strip_prefix('0')) {
            (Some(rest), _) if has_plus || rest.starts_with('8') => rest,
            (_, Some(rest)) => rest,
            _ => return false,
        };
        national.starts_with('8')
            && MOBILE_DIGITS.contains(&national.len())
            && !PUBLIC_NUMBERS.contains(&national)
    };
    runs(text).find(|(range, digits)| is_mobile(range, digits)).map(|(range, _)| range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_persons_are_found() {
        let cases: &[(&str, Option<&str>, Option<&str>)] = &[
            ("NIK 3520070101900001.", Some("3520070101900001"), None),
            ("3520 0701-0190.0001", Some("3520 0701-0190.0001"), None),
            ("352007010190000", None, None),
            ("35200701\n01900001", None, None),
            ("telepon 0812-3456-7890 ya", None, Some("0812-3456-7890")),
            ("+62 812 3456 789", None, Some("62 812 3456 789")),
            ("62812345678901", None, Some("62812345678901")),
            ("SAPA 129 atau 08111-129-129", None, None),
            ("OJK 157, WhatsApp 081-157-157-157", None, None),
            ("TePSA 1500771, 119 ext 8", None, None),
            ("Rp 850.000.000", None, None),
            ("0812", None, None),
            ("2021 2022 2023 2024", Some("2021 2022 2023 2024"), None),
            ("éé 0812 3456 7890", None, Some("0812 3456 7890")),
            ("", None, None),
        ];
        for (text, nik, mobile) in cases {
            assert_eq!(find_digit_run(text).map(|range| &text[range]), *nik, "{text}");
            assert_eq!(find_mobile_number(text).map(|range| &text[range]), *mobile, "{text}");
        }
    }
}
