//! Words that somebody searched for and did not find, for the trainers: the words only, no person,
//! no address, a day at most.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::journal::disk::{Disk, DiskError, make_dir, read_whole, replace};
use crate::kelompok::text;
use crate::kelompok::wilayah::Zone;
use crate::search::Results;

/// So many searches are kept; of more, the rarest and oldest go.
pub const KEPT: usize = 300;
/// A longer query is no search but a text.
const LONGEST: usize = 80;
/// Longer runs of digits are numbers of telephones or papers.
const DIGITS: usize = 6;
/// What nobody searched for again in so many days is forgotten.
const DAYS: i32 = 180;
/// The file is written at most once in so many seconds; the last words are written at the end.
const SECONDS: i64 = 5;
/// A longer file is not one of ours.
const MAX_BYTES: usize = 1024 * 1024;
const FILE: &str = "belum-ditemukan.json";

/// A search without a result, or with a word that no text has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfound {
    /// What was typed, in lowercase, one blank between words, at most 80 letters.
    pub words: String,
    /// How often.
    pub times: u32,
    /// When last, in WIB.
    pub last: Date,
    /// Whether some texts answered in part; `false` where none answered.
    #[serde(default)]
    pub in_part: bool,
}

/// All of them, in memory and in a file of their own, which may be lost without harm.
pub(in super::super) struct UnfoundWords {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By their words; none until the file was read.
    entries: Option<BTreeMap<String, Unfound>>,
    saved: Option<Timestamp>,
    changed: bool,
}

impl UnfoundWords {
    /// Those of the data directory `dir`; the file is read at the first use.
    pub(in super::super) fn new(disk: Arc<dyn Disk>, dir: &Path) -> Self {
        Self { disk, folder: dir.join("cari"), known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Entries are put in and taken out whole.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.entries.is_none() {
            known.entries = Some(self.load());
        }
        known
    }

    fn load(&self) -> BTreeMap<String, Unfound> {
        let read = read_whole(self.disk.as_ref(), &self.folder.join(FILE), MAX_BYTES);
        let bytes = match read {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return BTreeMap::new(),
            Err(error) => {
                tracing::warn!(%error, "the searches without a result cannot be read");
                return BTreeMap::new();
            }
        };
        let entries: Vec<Unfound> = serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!(%error, "the searches without a result are damaged and begin anew");
            Vec::new()
        });
        entries.into_iter().take(KEPT).map(|one| (one.words.clone(), one)).collect()
    }

    fn note(&self, words: String, in_part: bool, now: Timestamp) {
        let mut known = self.known();
        let Some(entries) = known.entries.as_mut() else { return };
        let last = Zone::Wib.date(now);
        if !entries.contains_key(&words) && entries.len() >= KEPT {
            let least = entries.values().min_by_key(|one| (one.times, one.last));
            if let Some(least) = least.map(|one| one.words.clone()) {
                entries.remove(&least);
            }
        }
        let new = Unfound { words: words.clone(), times: 0, last, in_part };
        let entry = entries.entry(words).or_insert(new);
        entry.times = entry.times.saturating_add(1);
        (entry.last, entry.in_part) = (last, in_part);
        known.changed = true;
        let due = known.saved.is_none_or(|saved| now.duration_since(saved).as_secs() >= SECONDS);
        if due {
            known.saved = Some(now);
            self.save(&mut known);
        }
    }

    fn list(&self, today: Date) -> Vec<Unfound> {
        let mut known = self.known();
        let Some(entries) = known.entries.as_mut() else { return Vec::new() };
        entries.retain(|_, one| one.last >= today.saturating_sub(DAYS.days()));
        let mut list: Vec<Unfound> = entries.values().cloned().collect();
        list.sort_by(|a, b| (b.times, b.last, &a.words).cmp(&(a.times, a.last, &b.words)));
        list
    }

    fn forget(&self, words: &str) {
        let mut known = self.known();
        let gone = known.entries.as_mut().and_then(|entries| entries.remove(words));
        known.changed |= gone.is_some();
        self.save(&mut known);
    }

    /// Forgets all, in memory and on disk: after a redaction nobody can tell whether somebody
    /// searched for what was blanked.
    pub(in super::super) fn clear(&self) -> Result<(), DiskError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Known { entries: Some(BTreeMap::new()), ..Known::default() };
        if !self.disk.exists(&self.folder)? {
            return Ok(());
        }
        // With what an interrupted write left beside it.
        for name in self.disk.list(&self.folder)?.iter().filter(|name| name.starts_with(FILE)) {
            self.disk.remove(&self.folder.join(name))?;
        }
        self.disk.sync_dir(&self.folder)
    }

    /// Writes what was not written yet.
    pub(in super::super) fn close(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.save(&mut known);
    }

    fn save(&self, known: &mut Known) {
        if !std::mem::take(&mut known.changed) {
            return;
        }
        let Some(entries) = &known.entries else { return };
        let entries: Vec<&Unfound> = entries.values().collect();
        if let Err(error) = self.write(&serde_json::to_vec(&entries).unwrap_or_default()) {
            tracing::warn!(%error, "the searches without a result cannot be written");
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), DiskError> {
        make_dir(self.disk.as_ref(), &self.folder)?;
        replace(self.disk.as_ref(), &self.folder.join(FILE), bytes)
    }
}

/// What of a query may be kept; none where it may tell of somebody.
fn kept(query: &str) -> Option<String> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let words = words.join(" ");
    let digits = words.split(|c: char| !c.is_numeric()).map(|run| run.chars().count());
    let number = digits.max().unwrap_or(0) > DIGITS || text::holds_personal_number(&words);
    if number || text::looks_like_a_person(&words) || !words.contains(char::is_alphabetic) {
        return None;
    }
    text::clean(&words, LONGEST).ok()
}

impl App {
    /// Keeps the words of a search that found nothing, or of which a word stands in no text; of any
    /// other it keeps nothing. May wait for the disk.
    pub fn note_unfound(&self, results: &Results) {
        let number = |word: &String| word.chars().any(char::is_numeric);
        let unknown = !results.unknown.is_empty() && !results.unknown.iter().all(number);
        if !results.hits.is_empty() && !unknown {
            return;
        }
        if let Some(words) = kept(&results.query) {
            self.unfound.note(words, !results.hits.is_empty(), self.clock.now());
        }
    }

    /// The searches without a result of the last half year, the commonest first.
    #[must_use]
    pub fn unfound(&self) -> Vec<Unfound> {
        self.unfound.list(Zone::Wib.date(self.clock.now()))
    }

    /// Forgets a search without a result, because somebody saw to it.
    pub fn forget_unfound(&self, words: &str) {
        self.unfound.forget(words);
    }
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn only_words_are_kept_and_never_a_number_of_somebody() {
        for (query, expected) in [
            ("  Anak   TANTRUM ", Some("anak tantrum")),
            ("1000 hpk", Some("1000 hpk")),
            ("3520071234567890", None),
            ("nik 3520 0712 3456 7890", None),
            ("hp 081234567890", None),
            ("bu siti", None),
            ("12345", None),
            ("", None),
        ] {
            assert_eq!(kept(query).as_deref(), expected, "{query}");
        }
        assert_eq!(kept(&"kata ".repeat(30)), None);
    }
}
