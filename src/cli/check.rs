//! `p2k2 check`: problems of sesi files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::clock::Clock;
use crate::curriculum::checker::{CheckContext, check_texts};
use crate::curriculum::shipped;
use crate::kelompok::wilayah::Zone;

use super::{OK, PROBLEMS};

/// The largest file that is looked at, in bytes; a text of a sesi may be 300 KB.
const MAX_FILE: u64 = 1024 * 1024;

/// Memeriksa naskah sesi.
#[derive(Args)]
pub(super) struct Check {
    /// Berkas atau folder; tanpa ini kurikulum bawaan yang diperiksa.
    paths: Vec<PathBuf>,
    /// Bentuk keluaran.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Check {
    pub(super) fn run(self) -> Result<u8> {
        let mut files = Vec::new();
        let mut pictures: BTreeSet<String> = shipped::shipped_pictures().into_iter().collect();
        if self.paths.is_empty() {
            files.extend(shipped::shipped_texts().into_iter().map(|file| (file.path, file.text)));
        }
        for path in &self.paths {
            collect(path, &mut files, &mut pictures)?;
        }
        let texts: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let today = Some(Zone::Wib.date(Clock::system().now()));
        let context = CheckContext { pictures: Some(&pictures), today, ..CheckContext::default() };
        let report = check_texts(&texts, &context);
        match self.format {
            Format::Text => print!("{report}"),
            Format::Json => println!("{}", serde_json::to_string_pretty(&report)?),
        }
        Ok(if report.problems.is_empty() { OK } else { PROBLEMS })
    }
}

/// Takes in a file, or every text and picture below a folder, in order.
fn collect(
    path: &Path,
    files: &mut Vec<(String, String)>,
    pictures: &mut BTreeSet<String>,
) -> Result<()> {
    let shown = path.to_string_lossy().replace('\\', "/");
    let about = std::fs::metadata(path)
        .with_context(|| format!("{shown} tidak dapat dibuka; periksa namanya"))?;
    if about.is_dir() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        inside.sort();
        return inside.iter().try_for_each(|path| collect(path, files, pictures));
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("md") => {
            anyhow::ensure!(
                about.len() <= MAX_FILE,
                "{shown} lebih besar dari 1 MB; ringkas naskahnya"
            );
            let bytes = std::fs::read(path)?;
            let text = String::from_utf8(bytes).map_err(|_| {
                anyhow::anyhow!("{shown} bukan teks UTF-8; simpan ulang sebagai UTF-8")
            })?;
            files.push((shown, text));
        }
        Some("svg") => {
            pictures.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
        _ => {}
    }
    Ok(())
}
