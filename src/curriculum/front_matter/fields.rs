//! A YAML mapping, taken apart key by key, so that one wrong value spoils nothing else.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::curriculum::problem::Problem;

/// The most text that a front matter may hold, in bytes.
const MAX_YAML_BYTES: usize = 64 * 1024;

/// A mapping whose keys are taken out one by one; what is left was not understood.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    values: Map<String, Value>,
    lines: BTreeMap<String, u32>,
    /// The line of the mapping itself, for what has no line of its own.
    line: u32,
    pub(crate) problems: Vec<Problem>,
}

/// Reads YAML; `first_line` is the line of its first line in the whole file.
///
/// # Errors
/// The problem to show where it is not YAML, or not a mapping.
pub(crate) fn read_yaml(yaml: &str, first_line: u32) -> Result<Fields, Problem> {
    if yaml.len() > MAX_YAML_BYTES {
        let problem =
            Problem::error("kepala-naskah-rusak", first_line, "Kepala naskah terlalu panjang.");
        return Err(problem.hint("Kepala naskah paling besar 64 KB."));
    }
    let value = serde_saphyr::from_str_with_options::<Value>(yaml, yaml_options());
    match value {
        Ok(Value::Object(values)) => Ok(Fields {
            values,
            lines: key_lines(yaml, first_line),
            line: first_line,
            problems: Vec::new(),
        }),
        Ok(_) => Err(Problem::error(
            "kepala-naskah-rusak",
            first_line,
            "Kepala naskah tidak berisi pasangan kunci dan nilai.",
        )
        .hint("Tulis satu kunci per baris, misalnya \"menit: 120\".")),
        Err(error) => {
            let line = error.location().map_or(0, |at| at.line().saturating_sub(1));
            let line = first_line + u32::try_from(line).unwrap_or(0);
            Err(Problem::error(
                "kepala-naskah-rusak",
                line,
                "Kepala naskah tidak dapat dibaca sebagai YAML.",
            )
            .hint(
                "Periksa lekukan baris, kunci yang ditulis dua kali, dan beri tanda kutip pada \
                 teks yang memuat titik dua.",
            ))
        }
    }
}

fn yaml_options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_events: 20_000,
            max_nodes: 10_000,
            max_depth: 16,
            max_documents: 1,
            max_anchors: 0,
            max_aliases: 0,
            max_merge_keys: 0,
            max_total_scalar_bytes: MAX_YAML_BYTES,
        },
    }
}

/// The line of the item of a list whose `id` this is.
pub(crate) fn line_of_id(yaml: &str, first_line: u32, id: &str) -> Option<u32> {
    let is_it = |text: &str| {
        let text = text.trim_start().trim_start_matches("- ").trim_start();
        let value = text.strip_prefix("id:").map(|value| value.split(" #").next().unwrap_or(""));
        value.is_some_and(|value| value.trim().trim_matches(['"', '\'']) == id)
    };
    yaml.lines().zip(first_line..).find(|(text, _)| is_it(text)).map(|(_, line)| line)
}

/// The line of each key that stands at the left edge.
fn key_lines(yaml: &str, first_line: u32) -> BTreeMap<String, u32> {
    let keyed = yaml.lines().zip(first_line..).filter_map(|(text, line)| {
        let (key, _) = text.split_once(':')?;
        let is_key = key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        (is_key && !key.is_empty()).then(|| (key.to_owned(), line))
    });
    keyed.collect()
}

impl Fields {
    /// The fields of a mapping inside another one.
    pub(crate) fn nested(values: Map<String, Value>, line: u32) -> Self {
        Self { values, lines: BTreeMap::new(), line, problems: Vec::new() }
    }

    /// The line of a key, or of the mapping.
    pub(crate) fn line_of(&self, key: &str) -> u32 {
        self.lines.get(key).copied().unwrap_or(self.line)
    }

    /// The lines of all keys at the left edge.
    pub(crate) fn lines(&self) -> BTreeMap<String, u32> {
        self.lines.clone()
    }

    /// Takes a value as it is; an empty one counts as none.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.values.remove(key).filter(|value| !value.is_null())
    }

    /// Takes one text.
    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        let value = self.take(key)?;
        let text = scalar(&value);
        if text.is_none() {
            self.wrong(key, "satu teks");
        }
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Takes one text and reads it, for example as an id or a date.
    pub(crate) fn parsed<T: std::str::FromStr>(&mut self, key: &str, what: &str) -> Option<T> {
        let text = self.text(key)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(key, what);
        }
        value
    }

    /// Takes `true` or `false`; missing counts as `false`.
    pub(crate) fn flag(&mut self, key: &str) -> bool {
        match self.take(key) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.wrong(key, "true atau false");
                false
            }
        }
    }

    /// Takes a list of texts; one text alone is a list of one.
    pub(crate) fn list(&mut self, key: &str) -> Vec<String> {
        let values = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(values)) => values,
            Some(value) => vec![value],
        };
        let texts: Vec<_> = values.iter().filter_map(scalar).collect();
        if texts.len() < values.len() {
            self.wrong(key, "daftar teks");
        }
        texts
            .into_iter()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// Takes a list of mappings.
    pub(crate) fn mappings(&mut self, key: &str) -> Vec<Map<String, Value>> {
        let values = match self.take(key) {
            None => return Vec::new(),
            Some(Value::Array(values)) => values,
            Some(_) => {
                self.wrong(key, "daftar");
                return Vec::new();
            }
        };
        let count = values.len();
        let mappings: Vec<_> = values
            .into_iter()
            .filter_map(|value| match value {
                Value::Object(mapping) => Some(mapping),
                _ => None,
            })
            .collect();
        if mappings.len() < count {
            self.wrong(key, "daftar yang setiap butirnya berisi kunci dan nilai");
        }
        mappings
    }

    /// Notes that a value is not what it should be.
    pub(crate) fn wrong(&mut self, key: &str, expected: &str) {
        let problem = Problem::error(
            "nilai-kepala-salah",
            self.line_of(key),
            format!("Isi \"{key}\" tidak dapat dibaca; di sini diperlukan {expected}."),
        );
        self.problems.push(problem.hint("Lihat contoh kepala naskah di panduan format sesi."));
    }

    /// Notes every key that was not taken, and gives up all problems.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        for key in self.values.keys() {
            let line = self.lines.get(key).copied().unwrap_or(self.line);
            let problem = Problem::warning(
                "kunci-tidak-dikenal",
                line,
                format!("Kunci \"{key}\" tidak dikenal, jadi isinya tidak dipakai."),
            );
            self.problems.push(problem.hint("Periksa ejaan kunci, atau hapus baris ini."));
        }
        self.problems
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "ya" } else { "tidak" }.to_owned()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}
