//! The sesi of a pertemuan: which, how much of each, from which edition.

use std::collections::HashMap;

use crate::command::TaughtInput;
use crate::curriculum::ids::SesiId;
use crate::curriculum::skema::{Resolution, Resolver, SesiRef, Skema};
use crate::kelompok::pertemuan::Extent;

use super::row::short;

/// Finds sesi by what people write, and remembers what it found: a file says the same few things a
/// million times.
pub(super) struct SesiNames {
    resolver: Resolver,
    skema: Vec<(String, bool, Option<String>)>,
    known: HashMap<String, Result<SesiId, String>>,
}

/// Beyond so many different texts nothing more is remembered; a file full of nonsense must not
/// fill memory.
const MAX_KNOWN: usize = 10_000;

impl SesiNames {
    pub(super) fn new(skema: &[Skema]) -> Self {
        let names =
            skema.iter().map(|one| (one.id.to_string(), one.default, one.alias.first().cloned()));
        Self { resolver: Resolver::new(skema), skema: names.collect(), known: HashMap::new() }
    }

    /// The sesi that a text names, or the sentence that says why none is meant.
    pub(super) fn find(&mut self, text: &str) -> Result<SesiId, String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let found = self.resolve(text);
        if self.known.len() < MAX_KNOWN {
            self.known.insert(text.to_owned(), found.clone());
        }
        found
    }

    fn resolve(&self, text: &str) -> Result<SesiId, String> {
        if text.is_empty() {
            return Err(
                "Ada sesi yang kosong di antara tanda |. Hapus tanda itu atau isi sesinya."
                    .to_owned(),
            );
        }
        match self.resolver.resolve(text) {
            Resolution::Found(found) => Ok(found.sesi),
            Resolution::Unknown => Err(format!(
                "Sesi “{}” tidak dikenal. Tulis id, judul atau nomor sesi, misalnya 8 atau stunting:8.",
                short(text)
            )),
            Resolution::Ambiguous(meant) => {
                let all: Vec<String> = meant.iter().map(|one| self.describe(one)).collect();
                Err(format!(
                    "“{}” dapat berarti {}. Tulis id atau nomornya.",
                    short(text),
                    all.join(" atau ")
                ))
            }
        }
    }

    /// The title of a sesi with the shortest text that means it alone.
    fn describe(&self, one: &SesiRef) -> String {
        let skema = self.skema.iter().find(|(id, ..)| id == one.skema.as_str());
        match skema {
            Some((_, true, _)) => format!("“{}” ({})", one.judul, one.nomor),
            Some((_, false, Some(alias))) => format!("“{}” ({alias}:{})", one.judul, one.nomor),
            _ => format!("“{}” ({}:{})", one.judul, one.skema, one.nomor),
        }
    }
}

/// How much of each sesi was taught: as many words as sesi.
pub(super) fn extents(text: &str, sesi: usize) -> Result<Vec<Extent>, String> {
    let mut all = Vec::with_capacity(sesi);
    for word in text.split('|').map(str::trim) {
        all.push(match word {
            _ if word.eq_ignore_ascii_case("tuntas") => Extent::Tuntas,
            _ if word.eq_ignore_ascii_case("sebagian") => Extent::Sebagian,
            "" => {
                return Err(
                    "Kolom ini kosong. Tulis tuntas atau sebagian untuk tiap sesi.".to_owned()
                );
            }
            other => {
                return Err(format!(
                    "Keterangan “{}” tidak dikenal. Tulis tuntas atau sebagian.",
                    short(other)
                ));
            }
        });
    }
    same_count(all, sesi, "keterangan")
}

/// From which edition each sesi was taught: empty for "not said", as many parts as sesi otherwise.
/// A printed official book is `buku cetak` or 0.
pub(super) fn editions(text: &str, sesi: usize) -> Result<Vec<Option<u16>>, String> {
    if text.is_empty() {
        return Ok(vec![None; sesi]);
    }
    let mut all = Vec::with_capacity(sesi);
    for word in text.split('|').map(str::trim) {
        let lower = word.to_lowercase();
        all.push(match lower.as_str() {
            "" => None,
            "buku" | "buku cetak" => Some(0),
            number => {
                let number = number.strip_prefix("edisi").unwrap_or(number).trim();
                let plain = number.bytes().all(|byte| byte.is_ascii_digit());
                match number.parse() {
                    Ok(number) if plain => Some(number),
                    _ => {
                        return Err(format!(
                            "Edisi “{}” tidak dikenal. Tulis nomor edisi, atau buku cetak.",
                            short(word)
                        ));
                    }
                }
            }
        });
    }
    same_count(all, sesi, "edisi")
}

/// The langkah done of each sesi: numbers with blanks between them, sesi separated by `|`.
pub(super) fn steps(text: &str, sesi: usize) -> Result<Vec<Vec<u8>>, String> {
    if text.is_empty() {
        return Ok(vec![Vec::new(); sesi]);
    }
    let mut all = Vec::with_capacity(sesi);
    for part in text.split('|') {
        let numbers = part.split([' ', ',']).filter(|word| !word.is_empty());
        let steps: Result<Vec<u8>, _> = numbers.map(str::parse).collect();
        all.push(steps.map_err(|_| {
            format!("Langkah “{}” tidak dikenal. Tulis nomor langkah, misalnya 1 2 3.", short(part))
        })?);
    }
    same_count(all, sesi, "langkah")
}

fn same_count<T>(all: Vec<T>, sesi: usize, what: &str) -> Result<Vec<T>, String> {
    if all.len() == sesi {
        return Ok(all);
    }
    Err(format!(
        "Ada {sesi} sesi dan {} {what}. Tulis satu {what} untuk tiap sesi, dipisah tanda |.",
        all.len()
    ))
}

/// Puts the parts together. All lists are as long as `sesi`.
pub(super) fn taught(
    sesi: Vec<SesiId>,
    extents: Vec<Extent>,
    editions: Vec<Option<u16>>,
    steps: Vec<Vec<u8>>,
) -> Vec<TaughtInput> {
    let parts = sesi.into_iter().zip(extents).zip(editions).zip(steps);
    parts
        .map(|(((sesi, extent), edition), langkah)| TaughtInput { sesi, extent, langkah, edition })
        .collect()
}
