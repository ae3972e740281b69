//! Which sesi somebody means who wrote an id, a title, another title or a number.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Skema, SkemaSesi};
use crate::curriculum::ids::{SesiId, SkemaId};

/// A sesi and the skema through which it was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SesiRef {
    /// The sesi.
    pub sesi: SesiId,
    /// The skema.
    pub skema: SkemaId,
    /// Its number there.
    pub nomor: u32,
    /// Its title there.
    pub judul: String,
}

/// What a text about a sesi turned out to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Exactly one sesi.
    Found(SesiRef),
    /// More than one; which ones, for the message to the writer.
    Ambiguous(Vec<SesiRef>),
    /// None.
    Unknown,
}

/// Finds the sesi that a text names; see [`Resolver::resolve`]. For many texts, make a
/// [`Resolver`] once.
pub fn resolve_sesi(skema: &[Skema], text: &str) -> Resolution {
    Resolver::new(skema).resolve(text)
}

/// A longer text names no sesi.
const MAX_TEXT_BYTES: usize = 300;

/// The names of all sesi of some skema, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub struct Resolver {
    sesi: Vec<SesiRef>,
    /// Places in `sesi`, by id, title and other titles in their plain form.
    by_name: BTreeMap<String, Vec<usize>>,
    /// Places in `sesi`, by the plain name of a skema and a number in it; the name of the default
    /// skema is also empty.
    by_skema: BTreeMap<(String, u32), Vec<usize>>,
    /// Places in `sesi`, by the plain name of a modul and a number in it.
    by_modul: BTreeMap<(String, u32), Vec<usize>>,
}

impl Resolver {
    /// Takes up the names of some skema.
    pub fn new(skema: &[Skema]) -> Self {
        let mut names = Self::default();
        for one in skema {
            let skema_names = plain_names(one.id.as_str(), &one.judul, &one.alias);
            for (modul, place) in one.modul.iter().zip(1_u32..) {
                let mut modul_names = plain_names(modul.id.as_str(), &modul.judul, &modul.alias);
                if one.default {
                    modul_names.push(format!("modul {place}"));
                }
                for sesi in &modul.sesi {
                    names.add(one, sesi, &skema_names, &modul_names);
                }
            }
        }
        names
    }

    fn add(&mut self, skema: &Skema, sesi: &SkemaSesi, of_skema: &[String], of_modul: &[String]) {
        let at = self.sesi.len();
        self.sesi.push(SesiRef {
            sesi: sesi.id.clone(),
            skema: skema.id.clone(),
            nomor: sesi.nomor,
            judul: sesi.judul.clone(),
        });
        for name in plain_names(sesi.id.as_str(), &sesi.judul, &sesi.alias) {
            self.by_name.entry(name).or_default().push(at);
        }
        let default = skema.default.then(String::new);
        for name in of_skema.iter().cloned().chain(default) {
            self.by_skema.entry((name, sesi.nomor)).or_default().push(at);
        }
        for name in of_modul {
            self.by_modul.entry((name.clone(), sesi.nomor_modul)).or_default().push(at);
        }
    }

    /// Finds the sesi that a text names.
    ///
    /// It may be an id; a title or another title; a number (of the default skema); `sesi 8`;
    /// `<skema>:8`; or a modul with a number inside it, as in "kesehatan sesi 1", "modul ekonomi
    /// sesi 2" or "modul 3 sesi 1". A number and a title together must agree. Case, blanks,
    /// punctuation and the spelling "orangtua" do not matter.
    pub fn resolve(&self, text: &str) -> Resolution {
        if text.len() > MAX_TEXT_BYTES {
            return Resolution::Unknown;
        }
        let wanted = normal(text);
        let by_name = self.by_name.get(&wanted).cloned().filter(|found| !found.is_empty());
        let found = by_name
            .or_else(|| self.by_number(&wanted))
            .or_else(|| self.by_number_and_title(&wanted))
            .unwrap_or_default();
        // The same sesi in two skema is one sesi.
        let mut meant: Vec<SesiRef> = Vec::new();
        for one in found.into_iter().filter_map(|at| self.sesi.get(at)) {
            if !meant.iter().any(|known| known.sesi == one.sesi) {
                meant.push(one.clone());
            }
        }
        if meant.len() > 1 {
            return Resolution::Ambiguous(meant);
        }
        meant.pop().map_or(Resolution::Unknown, Resolution::Found)
    }

    /// A name of a skema or modul (or none) and a number behind it.
    fn by_number(&self, wanted: &str) -> Option<Vec<usize>> {
        let words: Vec<&str> = wanted.split(' ').collect();
        let (before, number) = match words.as_slice() {
            [before @ .., "sesi", "ke", number] | [before @ .., "sesi", number] => {
                (before, *number)
            }
            [before @ .., number] => (before, *number),
            [] => return None,
        };
        let number: u32 = number.parse().ok()?;
        let name = before.join(" ");
        if let Some(found) = self.by_skema.get(&(name.clone(), number)) {
            return Some(found.clone());
        }
        let of_modul = |name: &str| self.by_modul.get(&(name.to_owned(), number)).cloned();
        of_modul(&name).or_else(|| of_modul(name.strip_prefix("modul ")?))
    }

    /// "Sesi 8: Pentingnya Gizi ..." or "8. Pentingnya Gizi ...": both halves must agree.
    fn by_number_and_title(&self, wanted: &str) -> Option<Vec<usize>> {
        let words: Vec<&str> = wanted.split(' ').collect();
        (1..words.len()).find_map(|split| {
            let (head, title) = (words[..split].join(" "), words[split..].join(" "));
            let titled = self.by_name.get(&title)?;
            let numbered = self.by_number(&head)?;
            let same = |a: &usize, b: &usize| self.sesi[*a].sesi == self.sesi[*b].sesi;
            let agreed = titled.iter().find(|one| numbered.iter().any(|other| same(one, other)));
            Some(match agreed {
                Some(one) => vec![*one],
                None => numbered.iter().chain(titled).copied().collect(),
            })
        })
    }
}

/// The plain forms of an id, a title and other titles, each once.
fn plain_names(id: &str, judul: &str, alias: &[String]) -> Vec<String> {
    let mut names: Vec<String> =
        [id, judul].into_iter().chain(alias.iter().map(String::as_str)).map(normal).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}

/// Lower-case words with single blanks between them; numbers without leading noughts.
fn normal(text: &str) -> String {
    let text = text.to_lowercase().replace("orangtua", "orang tua").replace('&', " dan ");
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut out = String::with_capacity(text.len());
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        let bare = word.trim_start_matches('0');
        out.push_str(if is_number && !bare.is_empty() { bare } else { word });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skema() -> Vec<Skema> {
        let sesi = |id: &str, nomor, nomor_modul, judul: &str, alias: &[&str]| SkemaSesi {
            id: id.parse().unwrap(),
            nomor,
            nomor_modul,
            judul: judul.to_owned(),
            alias: alias.iter().map(|a| (*a).to_owned()).collect(),
            tema: Vec::new(),
        };
        let modul = |id: &str, judul: &str, alias: &[&str], sesi| crate::curriculum::skema::Modul {
            id: id.parse().unwrap(),
            judul: judul.to_owned(),
            alias: alias.iter().map(|a| (*a).to_owned()).collect(),
            sesi,
        };
        let one = |id: &str, alias: &str, default, modul| Skema {
            id: id.parse().unwrap(),
            judul: format!("Skema {id}"),
            alias: vec![alias.to_owned()],
            default,
            modul,
        };
        let usaha = vec![
            sesi("memulai-usaha", 1, 1, "Memulai Usaha", &["Usaha"]),
            sesi("jadi-orang-tua", 2, 2, "Menjadi Orang Tua", &["Sama", "1000 HPK"]),
        ];
        let gizi = vec![sesi("gizi-hamil", 3, 1, "Gizi dan Layanan", &["Sama"])];
        let lain =
            vec![sesi("jamban", 1, 1, "Jamban Sehat", &[]), sesi("gizi-hamil", 3, 2, "Gizi", &[])];
        vec![
            one(
                "klasik",
                "lama",
                true,
                vec![
                    modul("keuangan-usaha", "Keuangan", &["ekonomi"], usaha),
                    modul("kesehatan", "Kesehatan dan Gizi", &[], gizi),
                ],
            ),
            one("stunting-2021", "stunting", false, vec![modul("cegah", "Cegah", &[], lain)]),
        ]
    }

    #[test]
    fn a_sesi_is_found_by_all_that_people_write() {
        let skema = skema();
        let cases = [
            ("memulai-usaha", "memulai-usaha"),
            ("  MEMULAI  usaha ", "memulai-usaha"),
            ("usaha", "memulai-usaha"),
            ("menjadi orangtua", "jadi-orang-tua"),
            ("1000 HPK", "jadi-orang-tua"),
            ("gizi & layanan", "gizi-hamil"),
            ("2", "jadi-orang-tua"),
            ("02", "jadi-orang-tua"),
            ("sesi 2", "jadi-orang-tua"),
            ("Sesi ke-2", "jadi-orang-tua"),
            ("stunting:1", "jamban"),
            ("stunting-2021:1", "jamban"),
            ("stunting sesi 1", "jamban"),
            ("stunting 1", "jamban"),
            ("kesehatan sesi 1", "gizi-hamil"),
            ("Modul Ekonomi Sesi 2", "jadi-orang-tua"),
            ("modul 2 sesi 1", "gizi-hamil"),
            ("gizi-hamil", "gizi-hamil"),
            ("Sesi 1: Memulai Usaha", "memulai-usaha"),
            ("1. Memulai Usaha", "memulai-usaha"),
            ("Modul kesehatan sesi 1 - Gizi dan Layanan", "gizi-hamil"),
        ];
        for (text, expected) in cases {
            match resolve_sesi(&skema, text) {
                Resolution::Found(found) => assert_eq!(found.sesi.as_str(), expected, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_means_two_sesi_is_reported_with_both() {
        let skema = skema();
        let cases = [
            ("sama", ["jadi-orang-tua", "gizi-hamil"]),
            ("Sesi 2: Memulai Usaha", ["jadi-orang-tua", "memulai-usaha"]),
        ];
        for (text, expected) in cases {
            let Resolution::Ambiguous(found) = resolve_sesi(&skema, text) else {
                panic!("{text} is not ambiguous")
            };
            let ids: Vec<_> = found.iter().map(|one| one.sesi.as_str()).collect();
            assert_eq!(ids, expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_sesi_is_unknown() {
        let skema = skema();
        let long = "a".repeat(1000);
        for text in ["", " ", "-", "99", "memulai", "stunting:9", "tidak ada", "sesi", ":", &long] {
            assert_eq!(resolve_sesi(&skema, text), Resolution::Unknown, "{text}");
        }
    }
}
