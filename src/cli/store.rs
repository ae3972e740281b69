//! `p2k2 verify` and `p2k2 rebuild`: the store looked at from outside.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use crate::app::{App, Options};
use crate::clock::Clock;
use crate::event::Event;
use crate::journal::disk::RealDisk;
use crate::journal::snapshots::DIRECTORY as SNAPSHOTS;
use crate::journal::{
    self, BlobId, Expected, FileJournal, Head, Line, OpenBounds, Severity, Snapshots,
};

use super::{DataDir, OK, PROBLEMS};

/// Memeriksa keutuhan direktori data.
#[derive(Args)]
pub(super) struct Verify {
    #[command(flatten)]
    data: DataDir,
    /// Kepala jurnal yang tercetak pada cadangan atau rekap, berbentuk NOMOR:HEKSA.
    #[arg(long)]
    head: Option<Head>,
}

impl Verify {
    pub(super) fn run(self) -> Result<u8> {
        let expected = Expected { head: self.head, projections: Vec::new() };
        let mut lines = 0_u64;
        let mut last = None;
        let findings = journal::verify(&RealDisk, &self.data.data, &expected, &mut |line| {
            lines += 1;
            last = Some(Head { seq: line.seq, hash: line.hash });
            texts_of(line)
        })?;
        let damage = findings.iter().filter(|one| one.severity == Severity::Damage).count();
        for finding in &findings {
            println!("{finding}");
        }
        // These can be made anew from the journal, so they are no damage to it.
        let snapshots = Snapshots::new(Arc::new(RealDisk), &self.data.data);
        for path in snapshots.check()? {
            println!(
                "Catatan: {} tidak seperti saat ditulis. Isinya dapat disusun ulang dari jurnal; jalankan `p2k2 rebuild`.",
                path.display()
            );
        }
        if damage > 0 {
            println!("{damage} kerusakan ditemukan di {}.", self.data.data.display());
            return Ok(PROBLEMS);
        }
        match last {
            Some(head) => println!("Utuh: {lines} baris, kepala jurnal {head}."),
            None => println!("Utuh: jurnal masih kosong."),
        }
        Ok(OK)
    }
}

/// The texts that a line refers to; they must be in the store.
fn texts_of(line: &Line) -> Vec<BlobId> {
    let events: Vec<Event> = line.events().unwrap_or_default();
    events
        .iter()
        .filter_map(|event| match event {
            Event::RevisionSubmitted { revision, .. }
            | Event::RevisionReturned { revision, .. }
            | Event::EditionPublished { revision, .. } => {
                Some(BlobId::from_bytes(*revision.as_bytes()))
            }
            _ => None,
        })
        .collect()
}

/// Menghapus dan membangun ulang semua indeks.
#[derive(Args)]
pub(super) struct Rebuild {
    #[command(flatten)]
    data: DataDir,
}

impl Rebuild {
    pub(super) fn run(self) -> Result<u8> {
        let options = Options::real(&self.data.data, Clock::system());
        // The lock is taken first, so that no running server loses its index under its feet. What
        // the index remembers is not asked: it is about to go, and it may be of another journal.
        let bounds = OpenBounds::default();
        let (journal, _) = FileJournal::open(Arc::clone(&options.disk), &options.dir, &bounds)?;
        if let Some(index) = &options.index {
            remove(index)?;
        }
        remove(&self.data.data.join(SNAPSHOTS))?;
        journal.close()?;
        drop(journal);
        let (app, _) = App::open(&options)?;
        let (kelompok, seq) = (app.state().groups().len(), app.state().seq);
        app.close()?;
        println!("Indeks dibangun ulang dari {seq} baris jurnal untuk {kelompok} kelompok.");
        Ok(OK)
    }
}

/// Menghapus teks pribadi dari baris jurnal, untuk selamanya.
#[derive(Args)]
pub(super) struct Redact {
    /// Nomor baris jurnal; lihat riwayat kelompok atau p2k2 verify.
    #[arg(required = true)]
    lines: Vec<u64>,
    /// Alasan, tanpa menyebut teks yang dihapus.
    #[arg(long)]
    alasan: String,
    #[command(flatten)]
    data: DataDir,
}

impl Redact {
    pub(super) fn run(self) -> Result<u8> {
        // On the directory itself, never through a running server: its memory would keep the text.
        let options = Options::real(&self.data.data, Clock::system());
        let (app, _) = App::open(&options)?;
        let count = self.lines.len();
        app.redact(&self.lines, &self.alasan)?;
        app.close()?;
        drop(app);
        if let Some(index) = &options.index {
            remove(index)?;
        }
        println!(
            "Teks pada {count} baris sudah dihapus. Cadangan lama masih memuatnya; buat cadangan baru."
        );
        if self.data.data.join("karantina").exists() {
            println!(
                "Periksa juga folder karantina: sisa tulisan yang terputus dapat memuat teks itu."
            );
        }
        Ok(OK)
    }
}

fn remove(dir: &Path) -> Result<()> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
