//! What the command line does with a running or an open store. The same code serves a command that
//! opened the data directory itself and one that came through the socket of a running server.

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
    },
    /// Export to a file; its bytes are the payload of the answer.
    Export {
        /// What.
        kind: Kind,
        /// `csv` or `xlsx`.
        ending: String,
    },
    /// Something about users.
    User(users::UserOp),
}

/// A kind of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Places.
    Wilayah,
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// For standard output.
    pub text: String,
    /// For standard error.
    pub errors: String,
    /// The exit code: 0 well, 1 problems found, 2 could not run.
    pub exit: u8,
    /// The bytes of a file that was made; not part of the JSON.
    #[serde(skip)]
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

/// Carries an operation out, as the owner of the data directory.
#[must_use]
pub fn run(app: &App, op: &Op, payload: &[u8]) -> Outcome {
    match op {
        Op::Import { .. } | Op::Export { .. } => {
            let _unused = payload;
            Outcome::failed("Belum tersedia.")
        }
        Op::User(op) => users::run(app, op),
    }
}
