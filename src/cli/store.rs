//! `p2k2 verify` and `p2k2 rebuild`: the store looked at from outside.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;

use crate::app::checking::IndexCheck;
use crate::app::{App, Options};
use crate::clock::Clock;
use crate::event::Event;
use crate::journal::disk::RealDisk;
use crate::journal::snapshots::DIRECTORY as SNAPSHOTS;
use crate::journal::{
    self, BlobId, Expected, FileJournal, Head, Line, OpenBounds, Severity, Snapshots,
};
use crate::ops::{self, Op};

use super::demo::Temporary;
use super::socket::{self, Server};
use super::{DataDir, OK, PROBLEMS};

/// Where the index of histories lies in a data directory.
const INDEX: &str = "index";

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
        let copy = Temporary::make(None)?;
        let mut index = self.index(&copy);
        let mut lines = 0_u64;
        let mut last = None;
        let findings = journal::verify(&RealDisk, &self.data.data, &expected, &mut |line| {
            lines += 1;
            last = Some(Head { seq: line.seq, hash: line.hash });
            if let Some(index) = &mut index {
                index.line(line);
            }
            texts_of(line)
        })?;
        let mut damage = findings.iter().filter(|one| one.severity == Severity::Damage).count();
        for finding in &findings {
            println!("{finding}");
        }
        // What follows can be made anew from the journal; nothing is lost with it.
        let snapshots = Snapshots::new(Arc::new(RealDisk), &self.data.data);
        for path in snapshots.check()? {
            damage += 1;
            println!(
                "Kerusakan: {} tidak seperti saat ditulis. Isinya dapat disusun ulang dari jurnal; jalankan `p2k2 rebuild`.",
                path.display()
            );
        }
        for wrong in index.map(IndexCheck::finish).unwrap_or_default() {
            damage += 1;
            println!(
                "Kerusakan: {}: {wrong}. Isinya dapat disusun ulang dari jurnal; jalankan `p2k2 rebuild`.",
                self.data.data.join(INDEX).display()
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

impl Verify {
    /// A copy of the index of histories to look at, where that can be done.
    fn index(&self, copy: &Temporary) -> Option<IndexCheck> {
        if Server::of(&self.data.data).is_some() {
            println!("Catatan: indeks riwayat sedang dipakai server, jadi tidak diperiksa.");
            return None;
        }
        match IndexCheck::of(&self.data.data.join(INDEX), &copy.path.join(INDEX)) {
            Ok(Some(check)) => Some(check),
            Ok(None) => {
                println!("Catatan: indeks riwayat belum ada. Isinya disusun saat server mulai.");
                None
            }
            Err(error) => {
                tracing::warn!(%error, "the index of histories cannot be looked at");
                println!("Catatan: indeks riwayat tidak dapat disalin untuk diperiksa.");
                None
            }
        }
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
        self.data.must_be_there()?;
        if let Some(server) = Server::of(&self.data.data) {
            let outcome = socket::call_at(Some(server), &self.data.data, &Op::Rebuild, &[])?;
            return Ok(socket::print(&outcome));
        }
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
        let outcome = ops::rebuilt(&app);
        app.close()?;
        Ok(socket::print(&outcome))
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
