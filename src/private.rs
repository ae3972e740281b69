//! Text that concerns a person and can be taken back later.
//!
//! Free text, names and logins of users and client addresses are wrapped in [`Private`]. Its
//! written form, an object with the single key [`KEY`], is how the journal finds such texts and
//! keeps them apart from the part of a line that can never change.

use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The key that marks a private text in JSON; reserved for [`Private`] as a first key.
pub const KEY: &str = "~";

/// A text that may be blanked by a redaction.
///
/// Written as `{"~":"text"}`, or as `{"~":null}` once it was redacted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Private {
    /// The text as it was given.
    Text(String),
    /// The text was taken out of the record; that it once stood there is all that is known.
    Redacted,
}

impl Private {
    /// The text, or `None` if it was redacted.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Redacted => None,
        }
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl fmt::Display for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str().unwrap_or("(dihapus)"))
    }
}

impl Serialize for Private {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(KEY, &self.as_str())?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Private {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PrivateVisitor)
    }
}

struct PrivateVisitor;

impl<'de> Visitor<'de> for PrivateVisitor {
    type Value = Private;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the single key \"~\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Private, A::Error> {
        let first = map.next_entry::<String, Option<String>>()?;
        let Some((key, text)) = first else {
            return Err(de::Error::invalid_length(0, &self));
        };
        if key != KEY {
            return Err(de::Error::unknown_field(&key, &[KEY]));
        }
        if let Some(more) = map.next_key::<String>()? {
            return Err(de::Error::unknown_field(&more, &[KEY]));
        }
        Ok(text.map_or(Private::Redacted, Private::Text))
    }
}
