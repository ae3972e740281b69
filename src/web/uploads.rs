//! Files that were uploaded to be looked at first, kept in memory until they are entered: what is
//! entered is then exactly what was looked at, and nobody has to upload it twice.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::ids::{AccountId, Digest};
use crate::ops::Kind;

/// So many files are kept, one a person; then the oldest is forgotten.
const MAX_FILES: usize = 8;

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Who uploaded it; nobody else sees it.
    pub owner: AccountId,
    /// What its rows are.
    pub kind: Kind,
    /// Its name on the sender's machine.
    pub name: String,
    /// What it goes by: the digest of what stands in it.
    pub digest: Digest,
    /// What became of it.
    pub held: Held,
}

/// What became of an uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// It waits to be entered: what stands in it.
    Waiting(Vec<u8>),
    /// It was entered: how many rows were new, changed, and known as they are.
    Entered([u64; 3]),
}

/// The files that are kept, the newest last.
#[derive(Debug, Default)]
pub struct Uploads {
    files: Mutex<VecDeque<Arc<Upload>>>,
}

impl Uploads {
    fn files(&self) -> MutexGuard<'_, VecDeque<Arc<Upload>>> {
        // Whole files go in and out, so what a panic left behind is whole too.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a file in place of the one that its owner had there before.
    pub fn put(&self, upload: Upload) {
        let mut files = self.files();
        files.retain(|one| one.owner != upload.owner);
        if files.len() >= MAX_FILES {
            files.pop_front();
        }
        files.push_back(Arc::new(upload));
    }

    /// The file of this person that goes by that digest, written out.
    #[must_use]
    pub fn get(&self, owner: AccountId, digest: &str) -> Option<Arc<Upload>> {
        let files = self.files();
        let found = files.iter().find(|one| one.owner == owner && one.digest.to_string() == digest);
        found.map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(owner: u32, bytes: &[u8]) -> Upload {
        Upload {
            owner: AccountId(owner),
            kind: Kind::Wilayah,
            name: "a.csv".to_owned(),
            digest: Digest::of_bytes(bytes),
            held: Held::Waiting(bytes.to_vec()),
        }
    }

    #[test]
    fn a_person_has_one_file_and_sees_no_other() {
        let uploads = Uploads::default();
        let (one, two) = (upload(1, b"1"), upload(1, b"2"));
        let name = |upload: &Upload| upload.digest.to_string();
        uploads.put(one.clone());
        assert!(uploads.get(AccountId(2), &name(&one)).is_none());
        assert_eq!(uploads.get(AccountId(1), &name(&one)).as_deref(), Some(&one));
        uploads.put(two.clone());
        assert!(uploads.get(AccountId(1), &name(&one)).is_none());
        for owner in 2..20 {
            uploads.put(upload(owner, b"3"));
            assert!(uploads.files().len() <= MAX_FILES);
        }
        assert!(uploads.get(AccountId(1), &name(&two)).is_none());
    }
}
