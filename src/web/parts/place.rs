//! Names of places as pages say them.

use crate::kelompok::wilayah::{Kode, Level};
use crate::state::State;
use crate::web::page::Link;

use super::address;

/// The word before the name of a place: `Kecamatan`, `Kelurahan`; empty for the country.
pub(crate) fn kind(kode: Kode) -> &'static str {
    let code = kode.to_string();
    let part = |from: usize| code.get(from..).unwrap_or("");
    match kode.level() {
        Level::Nasional => "",
        Level::Provinsi => "Provinsi",
        // Numbers from 71 on are kota; a kelurahan's number begins with 1, a desa's with 2.
        Level::Kabupaten if part(3) >= "71" => "Kota",
        Level::Kabupaten => "Kabupaten",
        Level::Kecamatan => "Kecamatan",
        Level::Desa if part(9).starts_with('1') => "Kelurahan",
        Level::Desa => "Desa",
    }
}

/// The name of a place with the word before it, which lists of places often carry already.
pub(crate) fn full(state: &State, kode: Kode) -> String {
    let (name, kind) = (state.place(kode), kind(kode));
    if kind.is_empty() || name.starts_with("Kabupaten ") || name.starts_with("Kota ") {
        name
    } else {
        format!("{kind} {name}")
    }
}

/// `Jua-jua, Kayu Agung`: where a kelompok is, for rows.
pub(crate) fn short(state: &State, desa: Kode) -> String {
    match desa.parent() {
        Some(parent) if desa.level() == Level::Desa => {
            format!("{}, {}", state.place(desa), state.place(parent))
        }
        _ => state.place(desa),
    }
}

/// The places above `area` down from `top`, each leading to `page` with its code.
pub(crate) fn trail(state: &State, area: Kode, tops: &[Kode], page: &str) -> Vec<Link> {
    let mut above = Vec::new();
    let mut at = area.parent();
    while let Some(kode) = at {
        if tops.iter().any(|top| top.contains(kode)) {
            let href = address(page, &[("wilayah", &kode.to_string())]);
            above.push(Link::new(state.place(kode), href));
        }
        at = kode.parent();
    }
    above.reverse();
    above
}

/// The levels below a place that hold rows, from the nearest to desa.
pub(crate) fn levels_below(level: Level) -> Vec<Level> {
    std::iter::successors(level.below(), |level| level.below()).collect()
}

/// The name of a level as a heading.
pub(crate) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Nasional => "Nasional",
        Level::Provinsi => "Provinsi",
        Level::Kabupaten => "Kabupaten atau kota",
        Level::Kecamatan => "Kecamatan",
        Level::Desa => "Desa atau kelurahan",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_follows_from_the_code() {
        for (code, expected) in [
            ("nasional", ""),
            ("16", "Provinsi"),
            ("16.02", "Kabupaten"),
            ("35.77", "Kota"),
            ("16.02.05", "Kecamatan"),
            ("16.02.05.1001", "Kelurahan"),
            ("35.20.07.2014", "Desa"),
        ] {
            assert_eq!(kind(code.parse().unwrap()), expected, "{code}");
        }
    }
}
