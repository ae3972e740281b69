//! Whether the index of histories tells what the journal tells. It is looked at in a copy, because
//! opening it mends it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use uuid::Uuid;

use crate::event::Event;
use crate::index::{HistoryIndex, OpenOutcome, all_kelompok_of};
use crate::journal::{Hash128, Head, Import, Line};
use crate::kelompok::KelompokId;

/// So many kelompok are named that are not as the journal says.
const NAMED: usize = 5;

/// The last line of each kelompok, by its folded id.
type Last = HashMap<Box<str>, (KelompokId, u64)>;

/// A copy of the index, compared with the lines of the journal that are handed in.
pub struct IndexCheck {
    index: Option<HistoryIndex>,
    head: Head,
    /// What is wrong with it, in one sentence each.
    wrong: Vec<String>,
    /// The fingerprint of the line that the index names as its last.
    found: Option<Hash128>,
    last: Last,
    /// The same of imports whose closing line has not come yet: their lines do not count before.
    open: HashMap<Uuid, Last>,
}

impl IndexCheck {
    /// Copies the index that stands in `from` to `copy` and opens it there; none where there is none.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn of(from: &Path, copy: &Path) -> io::Result<Option<Self>> {
        let mut check = Self {
            index: None,
            head: Head::default(),
            wrong: Vec::new(),
            found: None,
            last: Last::new(),
            open: HashMap::new(),
        };
        match fs::symlink_metadata(from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
            Ok(found) if !found.is_dir() => {
                check.wrong.push("ada berkas di tempat direktorinya".to_owned());
                return Ok(Some(check));
            }
            Ok(_) => copy_all(from, copy)?,
        }
        match HistoryIndex::open(copy) {
            Ok((index, OpenOutcome::Opened)) => {
                check.head = index.head();
                check.index = Some(index);
            }
            Ok((_, OpenOutcome::Created)) => check.wrong.push("isinya tidak ada".to_owned()),
            Ok((_, OpenOutcome::Replaced { .. })) | Err(_) => {
                check.wrong.push("isinya rusak".to_owned());
            }
        }
        Ok(Some(check))
    }

    /// Takes the next line of the journal into account.
    pub fn line(&mut self, line: &Line) {
        if line.seq > self.head.seq {
            return;
        }
        if line.seq == self.head.seq {
            self.found = Some(line.hash);
        }
        // A line that cannot be read is the journal's damage, which is told apart from this.
        let events: Vec<Event> = line.events().unwrap_or_default();
        let last = match line.import {
            Some(Import::Part(id)) => self.open.entry(id).or_default(),
            Some(Import::Close { id, .. }) => {
                self.last.extend(self.open.remove(&id).unwrap_or_default());
                &mut self.last
            }
            None => &mut self.last,
        };
        for id in events.iter().flat_map(all_kelompok_of) {
            last.insert(id.folded(), (id.clone(), line.seq));
        }
    }

    /// What is wrong with the index, in the words that follow its name; nothing when it tells what
    /// the journal tells up to its last line.
    #[must_use]
    pub fn finish(mut self) -> Vec<String> {
        let Some(index) = &self.index else { return self.wrong };
        if self.head.seq > 0 && self.found != Some(self.head.hash) {
            self.wrong.push("bukan dari jurnal ini".to_owned());
            return self.wrong;
        }
        let differs = |(id, last): &&(KelompokId, u64)| index.history(id, *last).is_err();
        let mut all: Vec<&(KelompokId, u64)> = self.last.values().filter(differs).collect();
        all.sort_by_key(|(_, last)| *last);
        for (id, _) in all.iter().take(NAMED) {
            self.wrong.push(format!("riwayat kelompok {id} tidak sama dengan jurnal"));
        }
        if all.len() > NAMED {
            self.wrong.push(format!("dan {} kelompok lain", all.len() - NAMED));
        }
        self.wrong
    }
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_all(&entry.path(), &target)?;
        } else {
            // The copy is ours to write, also where the original is not.
            io::copy(&mut fs::File::open(entry.path())?, &mut fs::File::create(target)?)?;
        }
    }
    Ok(())
}
