//! A line of the journal: as it is handed in, and as it is read back.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::error::JournalError;
use super::hash::Hash128;

/// The events of one command as a JSON array, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events(String);

impl Events {
    /// Writes the events as JSON. Texts in [`crate::private::Private`] go to the private part.
    ///
    /// # Errors
    /// [`JournalError::Event`] if an event has no form in JSON, such as a map with keys that are
    /// not texts.
    pub fn encode<E: Serialize>(events: &[E]) -> Result<Self, JournalError> {
        // The events of a record fit; growing bit by bit would be a part of the time it takes.
        let mut json = Vec::with_capacity(1_024);
        let written = serde_json::to_writer(&mut json, events).map_err(|error| error.to_string());
        let json =
            written.and_then(|()| String::from_utf8(json).map_err(|error| error.to_string()));
        json.map(Self).map_err(|reason| JournalError::Event { seq: 0, reason })
    }

    /// What was written as a JSON array of events by the caller.
    #[must_use]
    pub fn of_json(json: String) -> Self {
        Self(json)
    }

    /// No events.
    #[must_use]
    pub fn none() -> Self {
        Self("[]".to_owned())
    }

    /// The JSON array.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }
}

/// A line's place in an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// One of its lines; counts only once the closing line stands.
    Part(Uuid),
    /// The closing line, itself a line that counts.
    Close {
        /// The import.
        id: Uuid,
        /// The number of its first line.
        first: u64,
        /// How many lines it has from there, the closing line not counted.
        lines: u64,
    },
}

impl Import {
    /// The import's id.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Part(id) | Self::Close { id, .. } => *id,
        }
    }
}

/// An accepted command, to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLine {
    /// When it was accepted; kept to the millisecond, in UTC.
    pub at: Timestamp,
    /// The account that sent it; `None` for what the server does by itself.
    pub by: Option<u32>,
    /// The command's id, given by its sender.
    pub cmd: Uuid,
    /// The fingerprint of its parsed values.
    pub digest: Hash128,
    /// Its place in an import.
    pub import: Option<Import>,
    /// Earlier lines whose private parts it orders to be blanked; not allowed within an import.
    pub redacts: Vec<u64>,
    /// What it made happen.
    pub events: Events,
}

/// A line as it was read, already checked against the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub seq: u64,
    /// The number of the first line of its batch.
    pub batch: u64,
    /// When it was accepted, to the millisecond.
    pub at: Timestamp,
    /// The account that sent it.
    pub by: Option<u32>,
    /// The command's id.
    pub cmd: Uuid,
    /// The fingerprint of its parsed values.
    pub digest: Hash128,
    /// Its place in an import.
    pub import: Option<Import>,
    /// Earlier lines whose private parts it orders to be blanked.
    pub redacts: Vec<u64>,
    /// Whether its own private part was blanked.
    pub redacted: bool,
    /// The line's fingerprint, from which the next one follows.
    pub hash: Hash128,
    pub(super) events: String,
}

impl Line {
    /// Its events.
    ///
    /// # Errors
    /// [`JournalError::Event`] if they are not of this kind.
    pub fn events<E: DeserializeOwned>(&self) -> Result<Vec<E>, JournalError> {
        serde_json::from_str(&self.events)
            .map_err(|error| JournalError::Event { seq: self.seq, reason: error.to_string() })
    }

    /// Its events as a JSON array, private texts in place, or `{"~":null}` where blanked.
    #[must_use]
    pub fn events_json(&self) -> &str {
        &self.events
    }
}
