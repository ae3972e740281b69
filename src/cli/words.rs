//! `p2k2 stem` and `p2k2 search`: words from the shell.

use std::io::{BufRead, Write};

use anyhow::Result;
use clap::Args;

use crate::bahasa;

use super::OK;

/// Menulis akar kata: satu kata sebaris dari masukan.
#[derive(Args)]
pub(super) struct Stem {}

impl Stem {
    pub(super) fn run(self) -> Result<u8> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let mut input = std::io::stdin().lock();
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            let word = text.trim();
            if !word.is_empty() {
                writeln!(out, "{word}\t{}", bahasa::stem(word))?;
            }
            line.clear();
        }
        out.flush()?;
        Ok(OK)
    }
}

/// Mencari di kurikulum.
#[derive(Args)]
pub(super) struct Search {
    /// Kata yang dicari.
    #[arg(required = true)]
    query: Vec<String>,
    #[command(flatten)]
    data: super::DataDir,
}

impl Search {
    pub(super) fn run(self) -> Result<u8> {
        let op = crate::ops::Op::Search { query: self.query.join(" ") };
        // The shipped curriculum is there wherever the program is.
        let place = self.data.or_temporary()?;
        Ok(super::socket::print(&super::socket::call(&place.path, &op, &[])?))
    }
}
