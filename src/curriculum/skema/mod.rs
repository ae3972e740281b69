//! A skema: which sesi are taught, under which modul, in which order. Order is data.

mod resolve;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::resolve::{Resolution, Resolver, SesiRef, resolve_sesi};
use super::front_matter::{self, Fields, read_yaml};
use super::ids::{ModulId, SesiId, SkemaId};
use super::problem::Problem;

/// An ordered list of sesi under modul.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skema {
    /// Its id.
    pub id: SkemaId,
    /// Its title.
    pub judul: String,
    /// Short names that people type, for example `stunting`.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Says that a bare number means a sesi of this skema.
    #[serde(default)]
    pub default: bool,
    /// Its modul in order.
    pub modul: Vec<Modul>,
}

/// One modul of a skema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modul {
    /// Its id.
    pub id: ModulId,
    /// Its title.
    pub judul: String,
    /// Short names that people type, for example `kesehatan`.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Its sesi in order.
    pub sesi: Vec<SkemaSesi>,
}

/// The place of one sesi in a skema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkemaSesi {
    /// The id of the sesi, which is global.
    pub id: SesiId,
    /// Its number in the skema.
    pub nomor: u32,
    /// Its number inside its modul.
    pub nomor_modul: u32,
    /// Its title.
    pub judul: String,
    /// Other titles in use.
    #[serde(default)]
    pub alias: Vec<String>,
    /// The subjects it belongs to.
    #[serde(default)]
    pub tema: Vec<String>,
}

impl Skema {
    /// Reads a skema file: a front matter with `jenis: skema`, then free text.
    ///
    /// Gives `None` where not even id and title can be read. Sesi and modul that cannot be read
    /// are left out; each is named in the problems, whose file name is empty.
    pub fn parse(text: &str) -> (Option<Self>, Vec<Problem>) {
        let split = front_matter::split(text);
        let Some(yaml) = split.yaml else {
            let problem =
                Problem::error("tanpa-kepala-naskah", 1, "Berkas skema belum punya kepala.");
            return (None, vec![problem.hint("Mulai berkas dengan \"---\" dan \"jenis: skema\".")]);
        };
        let mut fields = match read_yaml(yaml, split.yaml_line) {
            Ok(fields) => fields,
            Err(problem) => return (None, vec![problem]),
        };
        if fields.text("jenis").as_deref() != Some("skema") {
            fields.wrong("jenis", "kata skema");
        }
        // A skema has an owner and a date like a sesi, which nothing here needs.
        let _ = fields.text("pemilik");
        let _ = fields.parsed::<Date>("tinjau_sebelum", "tanggal seperti 2027-11-21");
        let skema = read_skema(&mut fields);
        if skema.is_none() {
            fields.wrong("id", "id dan judul skema");
        }
        (skema, fields.finish())
    }

    /// Every sesi in order, with its modul.
    pub fn sesi(&self) -> impl Iterator<Item = (&Modul, &SkemaSesi)> {
        self.modul.iter().flat_map(|modul| modul.sesi.iter().map(move |sesi| (modul, sesi)))
    }

    /// The place of a sesi in this skema.
    pub fn find(&self, id: &SesiId) -> Option<(&Modul, &SkemaSesi)> {
        self.sesi().find(|(_, sesi)| sesi.id == *id)
    }
}

fn read_skema(fields: &mut Fields) -> Option<Skema> {
    let id = fields.parsed("id", "huruf kecil, angka, dan tanda hubung");
    let judul = fields.text("judul");
    let (alias, default) = (fields.list("alias"), fields.flag("default"));
    let mut modul = Vec::new();
    let modul_line = fields.line_of("modul");
    for mapping in fields.mappings("modul") {
        let mut nested = Fields::nested(mapping, modul_line);
        let found = read_modul(&mut nested);
        if found.is_none() {
            fields.wrong("modul", "modul dengan id dan judul");
        }
        modul.extend(found);
        fields.problems.extend(nested.finish());
    }
    Some(Skema { id: id?, judul: judul?, alias, default, modul })
}

fn read_modul(fields: &mut Fields) -> Option<Modul> {
    let id = fields.parsed("id", "huruf kecil, angka, dan tanda hubung");
    let judul = fields.text("judul");
    let alias = fields.list("alias");
    let mut sesi = Vec::new();
    let line = fields.line_of("sesi");
    for (mapping, place) in fields.mappings("sesi").into_iter().zip(1..) {
        let mut nested = Fields::nested(mapping, line);
        let found = read_sesi(&mut nested, place);
        if found.is_none() {
            fields.wrong("sesi", "sesi dengan id, nomor, dan judul");
        }
        sesi.extend(found);
        fields.problems.extend(nested.finish());
    }
    Some(Modul { id: id?, judul: judul?, alias, sesi })
}

/// The number inside the modul is its place there unless the file says otherwise.
fn read_sesi(fields: &mut Fields, place: u32) -> Option<SkemaSesi> {
    let id = fields.parsed("id", "huruf kecil, angka, dan tanda hubung");
    let nomor = fields.parsed("nomor", "satu bilangan");
    let nomor_modul = fields.parsed("nomor_modul", "satu bilangan").unwrap_or(place);
    let judul = fields.text("judul");
    let (alias, tema) = (fields.list("alias"), fields.list("tema"));
    Some(SkemaSesi { id: id?, nomor: nomor?, nomor_modul, judul: judul?, alias, tema })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "---\nid: coba\njenis: skema\njudul: Skema coba\ndefault: true\n\
        modul:\n  - id: satu\n    judul: Modul satu\n    alias: kesatu\n    sesi:\n      \
        - id: memulai-usaha\n        nomor: 7\n        judul: Memulai Usaha\n        \
        alias: [Usaha]\n        tema: [ekonomi]\n      \
        - id: menabung\n        nomor: 8\n        judul: Menabung\n---\n# Skema coba\n";

    #[test]
    fn a_skema_file_gives_modul_and_sesi_in_order() {
        let (skema, problems) = Skema::parse(FILE);
        assert_eq!(problems, []);
        let skema = skema.unwrap();
        assert!(skema.default);
        let rows: Vec<_> = skema
            .sesi()
            .map(|(modul, s)| (modul.id.as_str(), s.id.as_str(), s.nomor, s.nomor_modul))
            .collect();
        let expected = [("satu", "memulai-usaha", 7, 1), ("satu", "menabung", 8, 2)];
        assert_eq!(rows, expected);
        assert_eq!(skema.find(&"menabung".parse().unwrap()).unwrap().1.judul, "Menabung");
        assert_eq!(skema.modul[0].alias, ["kesatu"]);
    }

    #[test]
    fn what_cannot_be_read_is_named_and_the_rest_kept() {
        let cases = [
            ("nomor: 7", "nomor: tujuh", "nilai-kepala-salah", Some(1)),
            ("id: menabung", "id: Menabung", "nilai-kepala-salah", Some(1)),
            ("default: true", "default: mungkin", "nilai-kepala-salah", Some(2)),
            ("default: true", "bawaan: true", "kunci-tidak-dikenal", Some(2)),
            ("judul: Skema coba", "x: 1", "nilai-kepala-salah", None),
            ("jenis: skema", "jenis: sesi", "nilai-kepala-salah", Some(2)),
            ("---\nid", "id", "tanpa-kepala-naskah", None),
            ("    judul: Modul satu", "   judul: Modul satu", "kepala-naskah-rusak", None),
        ];
        for (from, to, code, sesi) in cases {
            let (skema, problems) = Skema::parse(&FILE.replacen(from, to, 1));
            assert!(problems.iter().any(|p| p.code == code), "{to}: {problems:?}");
            assert_eq!(skema.map(|skema| skema.sesi().count()), sesi, "{to}");
        }
    }
}
