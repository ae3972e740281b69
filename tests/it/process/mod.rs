//! The real program as others meet it: started, killed, stopped, fed and damaged from outside.

mod damage;
mod http;
mod import;
mod kill;
mod start;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use http::Client;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_p2k2");
/// A program that prints nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(120);
/// The kinds of files in the order in which they are imported.
const KINDS: [&str; 4] = ["wilayah", "pengguna", "kelompok", "pertemuan"];

/// What a command that ended did.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The output of a command that went well.
    fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Checks that the command could not run and said so in one clear sentence with `said` in it.
    fn refused(&self, said: &str) {
        assert_eq!(self.code, Some(2), "{self:?}");
        one_sentence(&self.err, said);
    }
}

/// Checks that `err` is one line for a person, with `said` in it.
fn one_sentence(err: &str, said: &str) {
    assert_eq!(err.trim_end().lines().count(), 1, "{err}");
    for internal in ["panicked", "RUST_BACKTRACE", "Os {", "os error", "Error("] {
        assert!(!err.contains(internal), "{err}");
    }
    assert!(err.contains(said) && err.trim_end().ends_with('.'), "{err}");
}

/// The program with these arguments, with nothing of the tests' own environment that it reads.
fn p2k2(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    for setting in ["P2K2_DATA", "P2K2_LISTEN", "P2K2_URL", "P2K2_LOG"] {
        command.env_remove(setting);
    }
    command.args(arguments);
    command
}

/// A directory with the four files of a made-up district and the data directory made from them.
struct District {
    dir: tempfile::TempDir,
}

impl District {
    /// Writes the files; nothing is imported.
    fn files(kelompok: u32, months: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("berkas").display().to_string();
        let (kelompok, months) = (kelompok.to_string(), months.to_string());
        let arguments = ["demo-data", "--kelompok", &kelompok, "--months", &months, "--out", &out];
        let said = Ran::of(&mut p2k2(&arguments)).well();
        assert!(said.contains(&format!("{kelompok} kelompok")), "{said}");
        Self { dir }
    }

    /// Writes the files and imports them.
    fn imported(kelompok: u32, months: u32) -> Self {
        let district = Self::files(kelompok, months);
        for kind in KINDS {
            district.import(kind).well();
        }
        district
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.dir.path().join(format!("berkas/{kind}.csv"))
    }

    fn import(&self, kind: &str) -> Ran {
        let file = self.file(kind).display().to_string();
        self.run(&["import", kind, &file])
    }

    /// Runs a command on the data directory.
    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(p2k2(arguments).arg("--data").arg(self.data()))
    }

    /// A new API token of a user.
    fn token(&self, login: &str) -> String {
        let data = self.data().display().to_string();
        Ran::of(&mut p2k2(&["user", "--data", &data, "token", login])).well().trim().to_owned()
    }

    /// The rows of a file as maps would be: by name of the column.
    fn rows<const N: usize>(&self, kind: &str, columns: [&str; N]) -> Vec<[String; N]> {
        let mut reader = csv::Reader::from_path(self.file(kind)).unwrap();
        let heading = reader.headers().unwrap().clone();
        let places = columns.map(|name| heading.iter().position(|one| one == name).unwrap());
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            places.map(|at| row[at].to_owned())
        });
        rows.collect()
    }

    /// The lines of the journal, headers left out.
    fn journal_lines(&self) -> usize {
        journal_files(&self.data())
            .iter()
            .map(|file| fs::read_to_string(file).unwrap().lines().count() - 1)
            .sum()
    }
}

/// The files of the journal in order.
fn journal_files(data: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(data.join("journal")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A running server; killed when it goes out of scope.
struct Server {
    child: Child,
    /// Where it listens: host and port.
    address: String,
    /// What it printed up to and with `siap:`.
    printed: Vec<String>,
    errors: Option<JoinHandle<String>>,
}

impl Server {
    /// Serves a data directory on a free port, and waits until it answers.
    fn start(data: &Path) -> Self {
        Self::of(p2k2(&["serve", "--listen", "127.0.0.1:0"]).arg("--data").arg(data))
    }

    /// Waits until the command prints that it answers.
    fn of(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            let _broken = stderr.read_to_string(&mut text);
            text
        });
        let lines = lines_of(child.stdout.take().unwrap());
        let mut server =
            Self { child, address: String::new(), printed: Vec::new(), errors: Some(errors) };
        while server.address.is_empty() {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                panic!("it ended before it was ready: {:?}", server.end());
            };
            if let Some(url) = line.strip_prefix("siap: ") {
                server.address = url.strip_prefix("http://").unwrap().to_owned();
            }
            server.printed.push(line);
        }
        server
    }

    fn client(&self, token: &str) -> Client {
        Client::new(&self.address, token)
    }

    /// Ends it at once, as a power button does to a process.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end.
    fn terminate(&self) {
        let order = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &order]).status().unwrap().success());
    }

    /// Waits for its end: exit code and standard error.
    fn end(&mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.errors.take().unwrap().join().unwrap())
    }

    /// Asks it to end, and checks that it does so cleanly.
    fn stop(mut self) {
        self.terminate();
        assert_eq!(self.end(), (Some(0), String::new()));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// The lines of an output as they come.
fn lines_of(output: impl Read + Send + 'static) -> Receiver<String> {
    let (lines, receiver) = sync_channel(256);
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody waits for what comes after the line that was waited for.
            let _unread = lines.try_send(line);
        }
    });
    receiver
}

/// Numbers that look random and follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
