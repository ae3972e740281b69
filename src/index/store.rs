//! The engine: keys and bytes. The only file that speaks sled.
//!
//! sled may panic or fail at any call when its files are damaged, so every call goes through
//! [`Store::guarded`]. After the first failure nothing more is asked of it, and it is not even
//! dropped: its destructor could wait for a thread that is gone.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Memory for what was read, in bytes.
const CACHE_BYTES: u64 = 8 * 1024 * 1024;
/// The longest value in bytes. A leaf of the engine's tree holds up to 17 values, and a leaf beyond
/// 128 KiB would become a file of its own that is never cleaned up; so longer records are cut.
pub(super) const CHUNK: usize = 7 * 1024;
/// The most chunks of one record; keeps the keys of one record together.
const CHUNKS_MAX: usize = 0x2000;

/// How often, a millisecond apart, a closing store is asked whether it still writes before nobody
/// waits for it any more.
const CLOSING: usize = 10_000;

/// Why the engine did not answer.
#[derive(Debug, Clone)]
pub(super) struct Broken(pub(super) String);

/// An open store.
pub(super) struct Store {
    /// `None` only while it is being dropped.
    db: Option<sled::Db>,
    dir: PathBuf,
    broken: AtomicBool,
    /// Rises before and after each write, so that it is odd during one.
    turns: AtomicU64,
}

/// Writes that take effect together.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) chunks: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(super) bytes: usize,
}

impl Writes {
    /// Replaces the record at `key`. A record that became shorter leaves its last chunks behind, so
    /// whoever reads must know its length.
    pub(super) fn put(&mut self, key: &[u8], bytes: &[u8]) {
        for (key, chunk) in chunks(key, bytes) {
            self.bytes += key.len() + chunk.len();
            self.chunks.insert(key, chunk.to_vec());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }
}

/// The values in which a record is kept. An empty record has one empty value.
pub(super) fn chunks<'a>(
    key: &'a [u8],
    bytes: &'a [u8],
) -> impl Iterator<Item = (Vec<u8>, &'a [u8])> {
    let empty = bytes.is_empty().then_some(bytes);
    empty.into_iter().chain(bytes.chunks(CHUNK)).enumerate().map(|(at, chunk)| {
        let mut key = key.to_vec();
        key.extend_from_slice(&u16::try_from(at).unwrap_or(u16::MAX).to_be_bytes());
        (key, chunk)
    })
}

impl Store {
    /// Opens or makes the store in a directory of its own.
    pub(super) fn open(dir: &Path) -> Result<Self, Broken> {
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(CACHE_BYTES)
            .mode(sled::Mode::LowSpace)
            // The writer flushes; a thread that does so by itself is one more that can panic.
            .flush_every_ms(None);
        let db = run(|| config.open())?;
        let (broken, turns) = (AtomicBool::new(false), AtomicU64::new(0));
        Ok(Self { db: Some(db), dir: dir.to_owned(), broken, turns })
    }

    /// Whether a call has failed.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// Asks nothing more of the engine.
    pub(super) fn give_up(&self) {
        self.broken.store(true, Ordering::Release);
    }

    /// A number that is the same before and after a look if nothing was written meanwhile; none
    /// during a write.
    pub(super) fn version(&self) -> Option<u64> {
        Some(self.turns.load(Ordering::SeqCst)).filter(|turns| turns.is_multiple_of(2))
    }

    fn guarded<T>(&self, work: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T, Broken> {
        let Some(db) = self.db.as_ref().filter(|_| !self.is_broken()) else {
            return Err(Broken("the engine failed before".to_owned()));
        };
        let outcome = run(|| work(db));
        if outcome.is_err() {
            self.give_up();
        }
        outcome
    }

    /// The value at `key` and chunk `at`.
    fn chunk(&self, key: &[u8], at: usize) -> Result<Option<sled::IVec>, Broken> {
        let mut full = key.to_vec();
        full.extend_from_slice(&u16::try_from(at).unwrap_or(u16::MAX).to_be_bytes());
        self.guarded(|db| db.get(&full))
    }

    /// The first value of a record.
    pub(super) fn first(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Broken> {
        Ok(self.chunk(key, 0)?.map(|value| value.to_vec()))
    }

    /// The record of `length` bytes at `key`; `None` if a part of it is missing.
    pub(super) fn get(&self, key: &[u8], length: usize) -> Result<Option<Vec<u8>>, Broken> {
        let count = length.div_ceil(CHUNK).max(1);
        if count > CHUNKS_MAX {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(length);
        for at in 0..count {
            let Some(value) = self.chunk(key, at)? else { return Ok(None) };
            bytes.extend_from_slice(&value);
        }
        Ok((bytes.len() == length).then_some(bytes))
    }

    /// Shows every value whose key begins with `prefix`, with its full key.
    pub(super) fn scan(
        &self,
        prefix: u8,
        visit: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), Broken> {
        self.guarded(|db| {
            for item in db.scan_prefix([prefix]) {
                let (key, value) = item?;
                visit(&key, &value);
            }
            Ok(())
        })
    }

    /// Writes everything or, after a crash, nothing.
    pub(super) fn apply(&self, writes: Writes) -> Result<(), Broken> {
        if !writes.is_empty() {
            let mut batch = sled::Batch::default();
            for (key, value) in writes.chunks {
                batch.insert(key, value);
            }
            self.turns.fetch_add(1, Ordering::SeqCst);
            let applied = self.guarded(|db| db.apply_batch(batch));
            self.turns.fetch_add(1, Ordering::SeqCst);
            applied?;
        }
        Ok(())
    }

    /// Hands what was written to the operating system.
    pub(super) fn flush(&self) -> Result<(), Broken> {
        self.guarded(|db| db.flush().map(drop))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let Some(db) = self.db.take() else { return };
        if self.is_broken() {
            std::mem::forget(db);
        } else {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
            wait_for_release(&self.dir);
        }
    }
}

/// Waits until the engine's own threads have let go of the files: they write on for a moment after
/// the engine was dropped, and keep it locked so long. Without this, who opens the store next finds
/// it in use, and who copies it gets half of it.
fn wait_for_release(dir: &Path) {
    let Ok(file) = File::open(dir.join("db")) else { return };
    for _ in 0..CLOSING {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
            Ok(()) | Err(TryLockError::Error(_)) => return,
        }
    }
    tracing::warn!(dir = %dir.display(), "the index is still being written after closing");
}

fn run<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, Broken> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Broken(error.to_string())),
        Err(_) => Err(Broken("the engine panicked".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_panic_the_engine_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let mut writes = Writes::default();
        writes.put(b"k", b"value");
        store.apply(writes).unwrap();
        assert_eq!(store.get(b"k", 5).unwrap().as_deref(), Some(&b"value"[..]));
        let outcome = store.guarded::<()>(|_| panic!("what the engine does on damage"));
        assert!(outcome.is_err() && store.is_broken());
        assert!(store.get(b"k", 5).is_err() && store.first(b"k").is_err());
        assert!(store.apply(Writes::default()).is_ok(), "nothing to write is no question");
        assert!(store.flush().is_err() && store.scan(b'k', &mut |_, _| ()).is_err());
    }
}
