//! `p2k2 import`, `p2k2 export` and `p2k2 demo-data`: files in and out.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::app::import::Source;
use crate::bahasa::angka;
use crate::clock::Clock;
use crate::demo::{self, Params};
use crate::kelompok::wilayah::Zone;
use crate::ops::transfer::Switches;
use crate::ops::{self, Kind, Op};

use super::demo::Temporary;
use super::socket::Server;
use super::{DataDir, OK, socket};

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Wilayah,
    WilayahPeta,
    WilayahAlias,
    Kelompok,
    Pengguna,
    Pertemuan,
    Cakupan,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Wilayah => Self::Wilayah,
            KindArg::WilayahPeta => Self::WilayahPeta,
            KindArg::WilayahAlias => Self::WilayahAlias,
            KindArg::Kelompok => Self::Kelompok,
            KindArg::Pengguna => Self::Pengguna,
            KindArg::Pertemuan => Self::Pertemuan,
            KindArg::Cakupan => Self::Cakupan,
        }
    }
}

/// Memasukkan wilayah, kelompok, pengguna atau pertemuan dari CSV atau XLSX.
#[derive(Args)]
pub(super) struct Import {
    /// Apa isi berkasnya.
    #[arg(value_enum)]
    kind: KindArg,
    /// Berkas CSV atau XLSX.
    file: PathBuf,
    /// Hanya katakan apa yang akan terjadi.
    #[arg(long)]
    dry_run: bool,
    /// Lewati baris yang salah.
    #[arg(long)]
    skip_bad: bool,
    /// Untuk wilayah: nama edisi daftar kode ini.
    #[arg(long, requires = "berlaku")]
    edisi: Option<String>,
    /// Untuk wilayah: tanggal berlakunya edisi, misalnya 2026-01-01.
    #[arg(long, requires = "edisi")]
    berlaku: Option<jiff::civil::Date>,
    #[command(flatten)]
    data: DataDir,
}

impl Import {
    pub(super) fn run(self) -> Result<u8> {
        if matches!(self.kind, KindArg::Cakupan) {
            bail!("Cakupan dihitung dari pertemuan, jadi tidak dapat diimpor. Impor pertemuannya.");
        }
        let name = self.file.display().to_string();
        let unread = || format!("{name} tidak dapat dibuka; periksa nama dan izinnya");
        File::open(&self.file).with_context(unread)?;
        let place = if self.dry_run {
            self.data.or_temporary()?
        } else {
            Temporary::make(Some(self.data.data.as_path()))?
        };
        let data = place.path.as_path();
        let server = Server::of(data);
        if matches!(self.kind, KindArg::Pertemuan) && server.is_none() {
            let app = super::serve::open(data, Clock::system())?;
            let switches =
                Switches { dry_run: self.dry_run, skip_bad: self.skip_bad, edition: None };
            let source = (name.as_str(), &self.file.as_path() as &dyn Source);
            let outcome = ops::transfer::import_pertemuan(&app, source, &switches);
            app.close()?;
            if let Some(outcome) = outcome {
                return Ok(socket::print(&ops::believed(&app, outcome)));
            }
        }
        let bytes = std::fs::read(&self.file).with_context(unread)?;
        let op = Op::Import {
            kind: self.kind.into(),
            name,
            dry_run: self.dry_run,
            skip_bad: self.skip_bad,
            edition: self.edisi.zip(self.berlaku),
        };
        let outcome = socket::call_at(server, data, &op, &bytes)?;
        Ok(socket::print(&outcome))
    }
}

/// Mengeluarkan data sebagai CSV atau XLSX.
#[derive(Args)]
pub(super) struct Export {
    /// Apa yang dikeluarkan.
    #[arg(value_enum)]
    kind: KindArg,
    /// Berkas tujuan; akhirannya menentukan bentuknya.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    data: DataDir,
}

impl Export {
    pub(super) fn run(self) -> Result<u8> {
        self.data.must_be_there()?;
        let ending =
            self.out.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_owned();
        let outcome =
            socket::call(&self.data.data, &Op::Export { kind: self.kind.into(), ending }, &[])?;
        if outcome.exit == OK {
            std::fs::write(&self.out, &outcome.payload)
                .with_context(|| format!("{} tidak dapat ditulis", self.out.display()))?;
        }
        Ok(socket::print(&outcome))
    }
}

/// Membuat data rekaan sebagai berkas CSV.
#[derive(Args)]
pub(super) struct DemoData {
    /// Banyaknya kelompok.
    #[arg(long, default_value_t = 60)]
    kelompok: u32,
    /// Banyaknya bulan pertemuan.
    #[arg(long, default_value_t = 14)]
    months: u32,
    /// Folder tujuan.
    #[arg(long)]
    out: PathBuf,
    /// Benih; benih yang sama memberi data yang sama.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Hari yang dianggap hari ini, misalnya 2026-11-21.
    #[arg(long)]
    today: Option<jiff::civil::Date>,
}

impl DemoData {
    pub(super) fn run(self) -> Result<u8> {
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("Folder {} tidak dapat dibuat", self.out.display()))?;
        let today = self.today.unwrap_or_else(|| Zone::Wib.date(Clock::system().now()));
        let params =
            Params { seed: self.seed, today, kelompok: self.kelompok, months: self.months };
        let mut open = |name: &str| File::create(self.out.join(name)).map(BufWriter::new);
        let mut progress = |done: u32| {
            if done.is_multiple_of(10_000) {
                eprintln!("{} kelompok", angka::count(u64::from(done)));
            }
        };
        let counts = demo::write_files(&params, &mut open, &mut progress)?;
        println!(
            "{} wilayah, {} pengguna, {} kelompok, {} pertemuan di {}",
            angka::count(counts.wilayah),
            angka::count(counts.pengguna),
            angka::count(counts.kelompok),
            angka::count(counts.pertemuan),
            self.out.display()
        );
        Ok(OK)
    }
}
