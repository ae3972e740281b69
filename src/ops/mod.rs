//! What the command line does with a running or an open store. The same code serves a command that
//! opened the data directory itself and one that came through the socket of a running server.

pub mod transfer;
pub mod users;

use serde::{Deserialize, Serialize};

use crate::app::App;

/// An operation, as it goes through the socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// Import a file; its bytes are the payload.
    Import {
        /// Which rows it holds.
        kind: Kind,
        /// Its name, for its ending and for messages.
        name: String,
        /// Only say what would happen.
        dry_run: bool,
        /// Leave bad lines out instead of refusing the file.
        skip_bad: bool,
        /// For places: the edition that the file is, by its name and the date it came into force.
        #[serde(default)]
        edition: Option<(String, jiff::civil::Date)>,
    },
    /// Export to a file; its bytes are the payload of the answer.
    Export {
        /// What.
        kind: Kind,
        /// `csv` or `xlsx`.
        ending: String,
    },
    /// Something about users.
    User {
        /// What.
        op: users::UserOp,
        /// The address in front of the links that are printed; none for that of the server.
        base: Option<String>,
    },
    /// Make the indexes anew, while the server runs.
    Rebuild,
    /// Search the live texts.
    Search {
        /// What is looked for.
        query: String,
    },
}

/// A kind of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Places.
    Wilayah,
    /// Codes of places that became others.
    WilayahPeta,
    /// Other names of places.
    WilayahAlias,
    /// Kelompok.
    Kelompok,
    /// Users.
    Pengguna,
    /// Pertemuan.
    Pertemuan,
    /// Coverage of every kelompok and sesi.
    Cakupan,
}

/// What came of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// For standard output.
    pub text: String,
    /// For standard error.
    pub errors: String,
    /// The exit code: 0 well, 1 problems found, 2 could not run.
    pub exit: u8,
    /// The bytes of a file that was made.
    pub payload: Vec<u8>,
}

impl Outcome {
    /// All went well.
    #[must_use]
    pub fn ok(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// It could not be done.
    #[must_use]
    pub fn failed(errors: impl Into<String>) -> Self {
        Self { errors: errors.into(), exit: 2, ..Self::default() }
    }
}

/// Carries an operation out, as the owner of the data directory. `address` is where the server is
/// reached, or would be.
#[must_use]
pub fn run(app: &App, op: &Op, (payload, address): (&[u8], &str)) -> Outcome {
    let outcome = match op {
        Op::Import { kind, name, dry_run, skip_bad, edition } => {
            let switches = transfer::Switches {
                dry_run: *dry_run,
                skip_bad: *skip_bad,
                edition: edition.clone(),
            };
            transfer::import(app, *kind, (name, payload), &switches)
        }
        Op::Export { kind, ending } => transfer::export(app, *kind, ending),
        Op::User { op, base } => users::run(app, op, base.as_deref().unwrap_or(address)),
        Op::Rebuild => {
            app.rebuild();
            rebuilt(app)
        }
        Op::Search { query } => search(app, query),
    };
    believed(app, outcome)
}

/// What is said of indexes that were made anew.
#[must_use]
pub fn rebuilt(app: &App) -> Outcome {
    let (kelompok, seq) = (app.state().groups().len(), app.state().seq);
    Outcome::ok(format!(
        "Indeks dibangun ulang dari {seq} baris jurnal untuk {kelompok} kelompok.\n"
    ))
}

/// What came of an operation, unless facts could not be read on the way.
#[must_use]
pub fn believed(app: &App, outcome: Outcome) -> Outcome {
    if app.has_lost_facts() {
        return Outcome::failed(
            "Sebagian catatan lama tidak terbaca, jadi hasil ini tidak dapat dipercaya. Jalankan perintahnya sekali lagi; catatan itu disusun ulang dari jurnal. Tidak ada yang hilang.\n",
        );
    }
    outcome
}

/// The hits as lines: the sesi, its title, and its best sections.
fn search(app: &App, query: &str) -> Outcome {
    let Some(index) = app.search() else {
        return Outcome::failed("Indeks pencarian tidak dapat dibangun.");
    };
    let results = match index.search(&crate::search::Query::new(query)) {
        Ok(results) => results,
        Err(error) => return Outcome::failed(error.to_string()),
    };
    let mut text = String::new();
    if let Some(corrected) = &results.corrected {
        text.push_str(&format!("Menampilkan hasil untuk \u{201c}{corrected}\u{201d}\n"));
    }
    for hit in &results.hits {
        text.push_str(&format!("{}\t{}\n", hit.sesi, hit.title));
        for section in &hit.sections {
            text.push_str(&format!("\t#{}\t{}\n", section.anchor, section.heading));
        }
    }
    if results.hits.is_empty() {
        let errors = format!("Tidak ada yang ditemukan untuk “{query}”. Coba kata lain.\n");
        return Outcome { errors, exit: 1, ..Outcome::default() };
    }
    Outcome { text, ..Outcome::default() }
}
