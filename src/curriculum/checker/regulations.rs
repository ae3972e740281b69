//! Laws and regulations that the text names by number must stand among the rujukan.

use std::collections::BTreeSet;
use std::ops::Range;

use super::file::File;
use crate::curriculum::problem::Problem;

/// The kinds of regulation that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Law,
    Government,
    President,
    Minister,
    Authority,
    Region,
}

/// How a regulation is named, in lower case; a name that ends in a blank may be followed by more
/// words before its number.
const NAMES: &[(&str, Kind)] = &[
    ("uu", Kind::Law),
    ("undang-undang", Kind::Law),
    ("perppu", Kind::Law),
    ("pp", Kind::Government),
    ("peraturan pemerintah", Kind::Government),
    ("perpres", Kind::President),
    ("peraturan presiden", Kind::President),
    ("keppres", Kind::President),
    ("keputusan presiden", Kind::President),
    ("inpres", Kind::President),
    ("instruksi presiden", Kind::President),
    ("permen", Kind::Minister),
    ("kepmen", Kind::Minister),
    ("peraturan menteri ", Kind::Minister),
    ("keputusan menteri ", Kind::Minister),
    ("pojk", Kind::Authority),
    ("peraturan ojk", Kind::Authority),
    ("peraturan otoritas jasa keuangan", Kind::Authority),
    ("perka ", Kind::Authority),
    ("peraturan badan ", Kind::Authority),
    ("perban ", Kind::Authority),
    ("perda ", Kind::Region),
    ("peraturan daerah ", Kind::Region),
];

/// The most bytes between the name of a ministry and the number.
const MAX_GAP_BYTES: usize = 90;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Regulation {
    range: Range<usize>,
    kind: Kind,
    number: u32,
    year: u32,
}

pub(super) fn check(file: &File<'_>, out: &mut Vec<Problem>) {
    let known: BTreeSet<_> = file
        .sesi
        .front
        .rujukan
        .iter()
        .flat_map(|rujukan| find(&rujukan.judul))
        .map(|one| (one.kind, one.number, one.year))
        .collect();
    let body = file.body_text();
    let mut told = BTreeSet::new();
    for one in find(body) {
        let key = (one.kind, one.number, one.year);
        if known.contains(&key) || !told.insert(key) {
            continue;
        }
        let name = body.get(one.range.clone()).unwrap_or("").replace('\n', " ");
        let message = format!("\"{name}\" disebut, tetapi tidak ada di rujukan.");
        let problem = Problem::error("peraturan-tanpa-rujukan", 1, message);
        let hint = "Tambahkan ke rujukan di kepala naskah dengan nomor, tahun, dan judulnya.";
        out.push(problem.at(file.position_in_body(one.range.start)).hint(hint));
    }
}

/// Every regulation that a text names with number and year.
fn find(text: &str) -> Vec<Regulation> {
    // Lower case of ASCII keeps every byte in its place.
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, word)) = next_word(&lower, from) {
        from = start + word.len();
        let rest = &lower[start..];
        for (name, kind) in NAMES {
            let behind = rest.strip_prefix(name).and_then(|behind| number_behind(name, behind));
            if let Some((number, year, left)) = behind {
                let end = lower.len() - left;
                found.push(Regulation { range: start..end, kind: *kind, number, year });
                from = end;
                break;
            }
        }
    }
    found
}

/// The next word at or behind a byte, and where it begins.
fn next_word(text: &str, from: usize) -> Option<(usize, &str)> {
    let start = from + text.get(from..)?.find(char::is_alphanumeric)?;
    let rest = &text[start..];
    let len = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    Some((start, &rest[..len]))
}

/// Number and year behind the name, and how many bytes are left behind them.
fn number_behind(name: &str, behind: &str) -> Option<(u32, u32, usize)> {
    let is_open = name.ends_with(' ');
    let is_family = matches!(name, "permen" | "kepmen");
    let mut rest = behind;
    if is_family {
        // "permen" begins "permenkes", "permensos" and the like.
        rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    } else if !is_open && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    if is_open {
        let gap = rest.find("nomor").or_else(|| rest.find("no."))?;
        let between = rest.get(..gap)?;
        if gap > MAX_GAP_BYTES || between.contains(['.', '\n', ';']) {
            return None;
        }
        rest = &rest[gap..];
    }
    rest = rest.trim_start();
    for word in ["nomor", "no.", "no"] {
        if let Some(after) = rest.strip_prefix(word) {
            rest = after.trim_start();
            break;
        }
    }
    let (number, rest) = digits(rest)?;
    let rest = match rest.strip_prefix('/') {
        Some(rest) => rest,
        None => rest.trim_start().strip_prefix("tahun")?.trim_start(),
    };
    let (year, rest) = digits(rest)?;
    (1900..2200).contains(&year).then_some((number, year, rest.len()))
}

fn digits(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regulations_are_found_however_they_are_written() {
        type Found = (Kind, u32, u32);
        let cases: &[(&str, &[Found])] = &[
            ("UU 16/2019", &[(Kind::Law, 16, 2019)]),
            ("menurut UU No. 16 Tahun 2019.", &[(Kind::Law, 16, 2019)]),
            (
                "Undang-Undang Nomor 35 Tahun 2014 tentang Perubahan atas Undang-Undang Nomor 23 Tahun 2002",
                &[(Kind::Law, 35, 2014), (Kind::Law, 23, 2002)],
            ),
            ("[Permenkes 21/2021](#rujukan-permenkes-21-2021)", &[(Kind::Minister, 21, 2021)]),
            ("Permendikbudristek Nomor 46 Tahun 2023", &[(Kind::Minister, 46, 2023)]),
            (
                "Peraturan Menteri Pendidikan dan Kebudayaan Nomor 82 Tahun 2015",
                &[(Kind::Minister, 82, 2015)],
            ),
            (
                "PP 28/2024 dan Perpres\nNomor 72 Tahun 2021",
                &[(Kind::Government, 28, 2024), (Kind::President, 72, 2021)],
            ),
            ("POJK 10/2022", &[(Kind::Authority, 10, 2022)]),
            ("undang-undang 8 tahun 2016", &[(Kind::Law, 8, 2016)]),
            ("UU Perkawinan, PP, UUD 1945, UU 16", &[]),
            ("Peraturan menteri berubah. Nomor 3 Tahun 2020", &[]),
            ("buku 12/2020, PPN 11/2022, suku 3/2019", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = find(text).iter().map(|r| (r.kind, r.number, r.year)).collect();
            assert_eq!(found, *expected, "{text}");
        }
        assert_eq!(find("lihat UU 16/2019!")[0].range, 6..16);
    }
}
