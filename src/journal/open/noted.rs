//! What opening does with full segments that an import took note of.

use super::{Files, Opening};
use crate::journal::JournalError;
use crate::journal::disk::Access;
use crate::journal::header::{Header, check_header};
use crate::journal::noted;
use crate::journal::segment::{Segment, path_of};

impl Opening<'_> {
    /// Takes a full segment in by what is noted of it; its lines are checked when they are read.
    /// False, and nothing done, when there is no note or it does not fit: then they are read now.
    pub(super) fn follow_noted(&mut self, number: u32) -> Result<bool, JournalError> {
        let Some(noted) = self.notes.get(&number) else { return Ok(false) };
        let Some(file) = self.disk.open(&self.dir.join(path_of(number)), Access::Read)? else {
            return Ok(false);
        };
        let before = self.checker.head;
        let fits = (noted.first, noted.prev) == (before.seq + 1, before.hash)
            && file.size()? == noted.end
            && matches!(check_header(file.as_ref(), number, before)?, Header::Sound(_));
        if !fits {
            return Ok(false);
        }
        let segment = Segment::of_noted(noted, file);
        self.checker.head = noted.head;
        self.checker.batch = 0;
        self.hear(&segment)?;
        self.segments.push(segment);
        Ok(true)
    }

    /// Takes what was sealed since out of the note.
    pub(super) fn tidy_notes(&mut self, files: &Files) {
        let before = self.notes.len();
        self.notes
            .retain(|number, _| files.numbers.contains(number) && !files.sealed.contains(number));
        if self.notes.len() < before {
            // What stays in it is looked up by nobody.
            let _stale = noted::write(self.disk, self.dir, &self.notes);
        }
    }
}
