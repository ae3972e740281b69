//! The head of a sesi file: YAML between two lines of three dashes.

mod fields;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

pub(crate) use self::fields::{Fields, line_of_id, read_yaml};
use super::ids::SesiId;
use super::problem::Problem;

/// What kind of text a file holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Jenis {
    /// A sesi with all its parts.
    #[default]
    Sesi,
    /// A page of free sections, such as the list of terms.
    Panduan,
    /// A list of modul and sesi; see [`super::skema`].
    Skema,
}

/// One reference document that a sesi cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rujukan {
    /// A short id, cited as `#rujukan-<id>`.
    pub id: String,
    /// The full name of the document.
    pub judul: String,
    /// The line of its id in the file.
    pub line: u32,
}

/// What stands in the head of a file. Every value may be missing: the checker says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FrontMatter {
    /// The stable id.
    pub id: Option<SesiId>,
    /// What kind of text it is.
    pub jenis: Jenis,
    /// The title.
    pub judul: String,
    /// Other titles in use.
    pub alias: Vec<String>,
    /// The number in its skema.
    pub nomor: Option<u32>,
    /// The number inside its modul.
    pub nomor_modul: Option<u32>,
    /// The subjects it belongs to.
    pub tema: Vec<String>,
    /// How long the meeting takes, in minutes.
    pub menit: Option<u32>,
    /// For whom it is.
    pub sasaran: Vec<String>,
    /// Words that people type but that the text does not say.
    pub kata_kunci: Vec<String>,
    /// Who keeps it true.
    pub pemilik: String,
    /// The day by which it should be looked through again.
    #[serde(serialize_with = "as_text")]
    pub tinjau_sebelum: Option<Date>,
    /// What it cites.
    pub rujukan: Vec<Rujukan>,
    /// The line of each key.
    #[serde(skip)]
    lines: BTreeMap<String, u32>,
    /// Says that the head could not be read at all, so that nothing is told of missing keys.
    #[serde(skip)]
    pub(crate) unreadable: bool,
}

impl FrontMatter {
    /// The line of a key; 1 for a key that does not stand in the file.
    pub fn line_of(&self, key: &str) -> u32 {
        self.lines.get(key).copied().unwrap_or(1)
    }

    /// The reference document with this id.
    pub fn rujukan(&self, id: &str) -> Option<&Rujukan> {
        self.rujukan.iter().find(|rujukan| rujukan.id == id)
    }
}

fn as_text<S: serde::Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(to)
}

/// Where the head and the body of a text lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Split<'a> {
    /// The YAML between the dashes; `None` where there is no head.
    pub(crate) yaml: Option<&'a str>,
    /// The line of the first line of YAML, counted from 1.
    pub(crate) yaml_line: u32,
    /// The first byte of the body.
    pub(crate) body: usize,
    /// Says that the second line of dashes is missing.
    pub(crate) open: bool,
}

/// Finds the head of a text.
pub(crate) fn split(text: &str) -> Split<'_> {
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let none = Split { yaml: None, yaml_line: 2, body: bom, open: false };
    let mut offset = bom;
    let mut yaml_start = None;
    for line in text.get(bom..).unwrap_or("").split_inclusive('\n') {
        let is_dashes = line.trim_end() == "---";
        match yaml_start {
            None if is_dashes => yaml_start = Some(offset + line.len()),
            None => return none,
            Some(start) if is_dashes => {
                let yaml = text.get(start..offset);
                return Split { yaml, body: offset + line.len(), ..none };
            }
            Some(_) => {}
        }
        offset += line.len();
    }
    Split { open: yaml_start.is_some(), ..none }
}

/// Reads the head of a text; gives it with the first byte of the body.
pub(crate) fn parse(text: &str) -> (FrontMatter, usize, Vec<Problem>) {
    let found = split(text);
    let unreadable = |problem: Problem| {
        let front = FrontMatter { unreadable: true, ..FrontMatter::default() };
        (front, found.body, vec![problem])
    };
    let Some(yaml) = found.yaml else {
        let message = if found.open {
            "Kepala naskah tidak ditutup dengan baris \"---\"."
        } else {
            "Naskah belum punya kepala (baris \"---\", data sesi, lalu \"---\")."
        };
        let problem = Problem::error("tanpa-kepala-naskah", 1, message);
        return unreadable(problem.hint("Mulai naskah dengan kepala seperti pada sesi lain."));
    };
    match read_yaml(yaml, found.yaml_line) {
        Err(problem) => unreadable(problem),
        Ok(mut fields) => {
            let front = read_fields(&mut fields, yaml, found.yaml_line);
            (front, found.body, fields.finish())
        }
    }
}

fn read_fields(fields: &mut Fields, yaml: &str, yaml_line: u32) -> FrontMatter {
    let jenis = match fields.text("jenis").as_deref() {
        None | Some("sesi") => Jenis::Sesi,
        Some("panduan") => Jenis::Panduan,
        Some("skema") => Jenis::Skema,
        Some(_) => {
            fields.wrong("jenis", "sesi, panduan, atau skema");
            Jenis::Sesi
        }
    };
    FrontMatter {
        jenis,
        id: fields.parsed("id", "huruf kecil, angka, dan tanda hubung"),
        judul: fields.text("judul").unwrap_or_default(),
        alias: fields.list("alias"),
        nomor: fields.parsed("nomor", "satu bilangan"),
        nomor_modul: fields.parsed("nomor_modul", "satu bilangan"),
        tema: fields.list("tema"),
        menit: fields.parsed("menit", "satu bilangan"),
        sasaran: fields.list("sasaran"),
        kata_kunci: fields.list("kata_kunci"),
        pemilik: fields.text("pemilik").unwrap_or_default(),
        tinjau_sebelum: fields.parsed("tinjau_sebelum", "tanggal seperti 2027-11-21"),
        rujukan: read_rujukan(fields, yaml, yaml_line),
        lines: fields.lines(),
        unreadable: false,
    }
}

fn read_rujukan(fields: &mut Fields, yaml: &str, yaml_line: u32) -> Vec<Rujukan> {
    let fallback = fields.line_of("rujukan");
    let mut all = Vec::new();
    for mapping in fields.mappings("rujukan") {
        let mut item = Fields::nested(mapping, fallback);
        let id = item.text("id").unwrap_or_default();
        let judul = item.text("judul").unwrap_or_default();
        let line = line_of_id(yaml, yaml_line, &id).unwrap_or(fallback);
        if id.is_empty() || judul.is_empty() {
            let problem =
                Problem::error("rujukan-tidak-lengkap", line, "Rujukan harus punya id dan judul.");
            fields.problems.push(problem.hint("Tulis \"- id: uu-8-2016\" lalu \"judul: ...\"."));
        }
        fields.problems.extend(item.finish());
        if !id.is_empty() {
            all.push(Rujukan { id, judul, line });
        }
    }
    all
}
