//! The command line: one file a command.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks by printing")]

mod check;
mod data;
mod demo;
mod serve;
mod socket;
mod store;
mod usage;
mod user;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// What went well.
const OK: u8 = 0;
/// What was looked at has problems.
const PROBLEMS: u8 = 1;
/// The command could not run.
const FAILED: u8 = 2;

/// Materi P2K2: temukan, cetak, catat, dan lihat cakupannya.
#[derive(Parser)]
#[command(name = "p2k2", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Menjalankan server di sebuah direktori data.
    Serve(serve::Serve),
    /// Menjalankan contoh dengan kabupaten rekaan di direktori sementara.
    Demo(demo::Demo),
    /// Memeriksa naskah sesi.
    Check(check::Check),
    /// Memasukkan wilayah, kelompok, pengguna, pertemuan, atau naskah.
    Import(data::Import),
    /// Mengeluarkan data sebagai berkas biasa.
    Export(data::Export),
    /// Memeriksa keutuhan direktori data.
    Verify(store::Verify),
    /// Menghapus dan membangun ulang semua indeks.
    Rebuild(store::Rebuild),
    /// Menghapus teks pribadi dari baris jurnal.
    Redact(store::Redact),
    /// Mengatur pengguna tanpa web.
    User(user::User),
    /// Mencari di kurikulum.
    Search(words::Search),
    /// Menulis akar kata: satu kata sebaris dari masukan.
    Stem(words::Stem),
    /// Membuat data rekaan sebagai berkas CSV.
    DemoData(data::DemoData),
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct DataDir {
    /// Direktori data.
    #[arg(long, env = "P2K2_DATA", default_value = "./data", global = true)]
    pub(crate) data: PathBuf,
}

impl DataDir {
    /// Whether there are data; only `serve`, imports and `user add` make a new place for them.
    fn is_there(&self) -> bool {
        self.data.join("journal").is_dir()
    }

    /// A name with a slip in it must not look like data without anything in them. What else is wrong
    /// with the directory is said when it is opened.
    fn must_be_there(&self) -> anyhow::Result<()> {
        let absent = std::fs::symlink_metadata(self.data.join("journal"))
            .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
        if !absent {
            return Ok(());
        }
        anyhow::bail!(
            "Tidak ada data p2k2 di {}. Periksa --data; direktori baru disiapkan oleh p2k2 serve.",
            self.data.display()
        );
    }

    /// The directory, or where nothing is there an empty one that goes away again: for commands that
    /// leave nothing behind.
    fn or_temporary(&self) -> anyhow::Result<demo::Temporary> {
        demo::Temporary::make(self.is_there().then_some(self.data.as_path()))
    }
}

/// Where the server listens.
#[derive(Args, Clone, Debug)]
pub(crate) struct Listen {
    /// Alamat dan porta.
    #[arg(long, env = "P2K2_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Alamat umum untuk kode QR dan tautan, misalnya `https://p2k2.contoh.go.id`.
    #[arg(long, env = "P2K2_URL")]
    pub(crate) url: Option<String>,
    /// Izinkan HTTP tanpa TLS di luar mesin ini.
    #[arg(long)]
    pub(crate) plain_http: bool,
}

/// Runs the program and gives its exit code: 0 well, 1 problems found, 2 could not run.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            return if error.use_stderr() {
                eprintln!("{}", usage::sentence(&error));
                ExitCode::from(FAILED)
            } else {
                println!("{}", usage::help(&error).trim_end());
                ExitCode::from(OK)
            };
        }
    };
    let outcome = match cli.command {
        Command::Serve(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Rebuild(command) => command.run(),
        Command::Redact(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Search(command) => command.run(),
        Command::Stem(command) => command.run(),
        Command::DemoData(command) => command.run(),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{}", sentence(&error));
            ExitCode::from(FAILED)
        }
    }
}

/// What went wrong, in one sentence. What the machine said in its own language stays unsaid: the
/// sentence around it already tells what happened and what to do.
fn sentence(error: &anyhow::Error) -> String {
    let said = error.to_string();
    let said = said.trim_end();
    if said.ends_with(['.', '!', '?']) { said.to_owned() } else { format!("{said}.") }
}
