//! Test support: a disk in memory that can lose power, fail, fill up and hold its breath.
//!
//! It keeps apart what a running process sees and what is safe on the medium. Bytes become safe
//! by a sync of their file, names by a sync of their directory. A failed sync loses the bytes for
//! good, as real systems do.

mod state;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use self::state::{Change, Content, Dice, Node, State, apply_names};
use super::disk::{Access, Disk, DiskError, DiskFile, DiskResult, Held, Op, parent};

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Default)]
pub struct FaultDisk {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    changed: Condvar,
}

impl FaultDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many operations there have been.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Makes the `n`th operation from now (from 1) fail, once. A failing write writes half.
    pub fn fail_at(&self, n: u64) {
        let mut state = self.state();
        state.fail_at = Some(state.operations + n);
    }

    /// Whether the failure that was asked for has not yet come; it is called off.
    #[must_use]
    pub fn call_off_failure(&self) -> bool {
        self.state().fail_at.take().is_some()
    }

    /// Cuts the power at the `n`th operation from now (from 1): it and all later ones fail until
    /// [`FaultDisk::lose_power`]. A write that is hit writes half.
    pub fn power_off_at(&self, n: u64) {
        let mut state = self.state();
        state.power_off_at = Some(state.operations + n);
    }

    /// Ends every process as a kill does: what was written stays to be seen, though not safe.
    pub fn kill(&self) {
        let mut state = self.state();
        state.life += 1;
        state.locks.clear();
        state.power_off_at = None;
        state.fail_at = None;
    }

    /// Cuts the power: of what was not synced, `seed` decides how little or how much is there
    /// afterwards: a prefix, or some pages of it, or nothing.
    pub fn lose_power(&self, seed: u64) {
        self.kill();
        self.state().lose_power(&mut Dice(seed));
    }

    /// From now on a sync succeeds without doing anything. A test of durability must fail then.
    pub fn ignore_sync(&self, ignore: bool) {
        self.state().ignore_sync = ignore;
    }

    /// Whether writing and creating fail for want of space.
    pub fn set_full(&self, full: bool) {
        self.state().full = full;
    }

    /// Makes every sync of a file wait until [`FaultDisk::release_syncs`].
    pub fn hold_syncs(&self) {
        self.state().holding = true;
    }

    /// Returns once a sync is waiting.
    pub fn wait_for_held_sync(&self) {
        let mut state = self.state();
        while state.held == 0 {
            state = self.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the waiting syncs go on.
    pub fn release_syncs(&self) {
        self.state().holding = false;
        self.inner.changed.notify_all();
    }

    /// Another disk with what a running process sees of this one, all of it safe.
    #[must_use]
    pub fn copy(&self) -> Self {
        let copy = Self::new();
        self.state().copy_to(&mut copy.state());
        copy
    }

    /// The paths of all files in ascending order.
    #[must_use]
    pub fn paths(&self) -> Vec<PathBuf> {
        let state = self.state();
        let files = state.seen.iter().filter(|(_, node)| matches!(node, Node::File(_)));
        files.map(|(path, _)| path.clone()).collect()
    }

    /// A file's bytes; `None` if there is none of that name.
    #[must_use]
    pub fn contents(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.state();
        match state.seen.get(path)? {
            Node::File(index) => Some(state.files[*index].seen.clone()),
            Node::Directory => None,
        }
    }

    /// Replaces a file's bytes behind the journal's back, as damage at rest does; safe at once.
    pub fn damage(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.state();
        if let Some(Node::File(index)) = state.seen.get(path).copied() {
            let pending = Vec::new();
            state.files[index] = Content { seen: bytes.to_vec(), safe: bytes.to_vec(), pending };
        }
    }

    /// Takes a file away behind the journal's back.
    pub fn take_away(&self, path: &Path) {
        let mut state = self.state();
        state.seen.remove(path);
        state.safe.remove(path);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct FaultFile {
    disk: FaultDisk,
    path: PathBuf,
    index: usize,
    life: u64,
}

impl FaultFile {
    /// The disk, if this handle is still of its present life.
    fn state(&self, op: Op) -> DiskResult<MutexGuard<'_, State>> {
        let state = self.disk.state();
        if state.life == self.life {
            Ok(state)
        } else {
            Err(DiskError::new(op, &self.path, io::Error::other("power was lost")))
        }
    }
}

impl DiskFile for FaultFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> DiskResult<usize> {
        let mut state = self.state(Op::Read)?;
        state.step(Op::Read, &self.path)?;
        let bytes = &state.files[self.index].seen;
        let start = bytes.len().min(usize::try_from(offset).unwrap_or(usize::MAX));
        let count = buf.len().min(bytes.len() - start);
        buf[..count].copy_from_slice(&bytes[start..start + count]);
        Ok(count)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> DiskResult<()> {
        let mut state = self.state(Op::Write)?;
        let outcome =
            state.step(Op::Write, &self.path).and_then(|()| state.room(Op::Write, &self.path));
        let kept = if outcome.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        state.files[self.index].change(Change::Write(offset, kept.to_vec()));
        outcome
    }

    fn sync(&self) -> DiskResult<()> {
        let mut state = self.state(Op::Sync)?;
        state.held += 1;
        self.disk.inner.changed.notify_all();
        while state.holding {
            state = self.disk.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.held -= 1;
        let outcome = state.step(Op::Sync, &self.path);
        let off = state.power_off_at.is_some_and(|at| state.operations >= at);
        if outcome.is_err() && !off {
            state.files[self.index].pending.clear();
        } else if outcome.is_ok() && !state.ignore_sync {
            state.files[self.index].make_safe();
        }
        outcome
    }

    fn truncate(&self, len: u64) -> DiskResult<()> {
        let mut state = self.state(Op::Truncate)?;
        state.step(Op::Truncate, &self.path)?;
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        state.files[self.index].change(Change::Truncate(len));
        Ok(())
    }

    fn size(&self) -> DiskResult<u64> {
        let mut state = self.state(Op::Read)?;
        state.step(Op::Read, &self.path)?;
        Ok(state.files[self.index].seen.len() as u64)
    }
}

struct FaultLock {
    disk: FaultDisk,
    path: PathBuf,
    life: u64,
}

impl Held for FaultLock {}

impl Drop for FaultLock {
    fn drop(&mut self) {
        let mut state = self.disk.state();
        if state.life == self.life {
            state.locks.remove(&self.path);
        }
    }
}

impl Disk for FaultDisk {
    fn create(&self, path: &Path) -> DiskResult<Arc<dyn DiskFile>> {
        let mut state = self.state();
        state.step(Op::Create, path)?;
        state.room(Op::Create, path)?;
        if state.seen.contains_key(path) {
            return Err(DiskError::new(Op::Create, path, ErrorKind::AlreadyExists.into()));
        }
        if !state.is_directory(parent(path)) {
            return Err(DiskError::new(Op::Create, path, ErrorKind::NotFound.into()));
        }
        let (index, life) = (state.files.len(), state.life);
        state.files.push(Content::default());
        state.rename_all(parent(path), vec![(path.to_owned(), Some(Node::File(index)))]);
        Ok(Arc::new(FaultFile { disk: self.clone(), path: path.to_owned(), index, life }))
    }

    fn open(&self, path: &Path, _access: Access) -> DiskResult<Option<Arc<dyn DiskFile>>> {
        let mut state = self.state();
        state.step(Op::Open, path)?;
        let life = state.life;
        match state.seen.get(path) {
            None => Ok(None),
            Some(Node::Directory) => {
                Err(DiskError::new(Op::Open, path, ErrorKind::IsADirectory.into()))
            }
            Some(Node::File(index)) => {
                let (path, index) = (path.to_owned(), *index);
                Ok(Some(Arc::new(FaultFile { disk: self.clone(), path, index, life })))
            }
        }
    }

    fn create_dir(&self, path: &Path) -> DiskResult<()> {
        let mut state = self.state();
        state.step(Op::Create, path)?;
        let mut missing: Vec<_> =
            path.ancestors().take_while(|above| !state.is_directory(above)).collect();
        missing.reverse();
        for each in missing {
            state.rename_all(parent(each), vec![(each.to_owned(), Some(Node::Directory))]);
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> DiskResult<()> {
        let mut state = self.state();
        state.step(Op::Rename, to)?;
        let Some(node) = state.seen.get(from).copied() else {
            return Err(DiskError::new(Op::Rename, from, ErrorKind::NotFound.into()));
        };
        let changes = vec![(from.to_owned(), None), (to.to_owned(), Some(node))];
        state.rename_all(parent(to), changes);
        Ok(())
    }

    fn remove(&self, path: &Path) -> DiskResult<()> {
        let mut state = self.state();
        state.step(Op::Remove, path)?;
        if state.seen.contains_key(path) {
            state.rename_all(parent(path), vec![(path.to_owned(), None)]);
        }
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> DiskResult<()> {
        let mut guard = self.state();
        guard.step(Op::Sync, path)?;
        if guard.ignore_sync {
            return Ok(());
        }
        let state = &mut *guard;
        let safe = &mut state.safe;
        state.unsafe_names.retain(|change| {
            let here = change.directory == path;
            if here {
                apply_names(safe, &change.changes);
            }
            !here
        });
        Ok(())
    }

    fn list(&self, path: &Path) -> DiskResult<Vec<String>> {
        let mut state = self.state();
        state.step(Op::List, path)?;
        let inside = state.seen.keys().filter(|each| each.parent() == Some(path));
        let names =
            inside.filter_map(|each| Some(each.file_name()?.to_string_lossy().into_owned()));
        Ok(names.collect())
    }

    fn exists(&self, path: &Path) -> DiskResult<bool> {
        let mut state = self.state();
        state.step(Op::Read, path)?;
        Ok(state.is_directory(path) || state.seen.contains_key(path))
    }

    fn lock(&self, path: &Path) -> DiskResult<Option<Box<dyn Held>>> {
        let mut state = self.state();
        state.step(Op::Lock, path)?;
        let life = state.life;
        if !state.locks.insert(path.to_owned()) {
            return Ok(None);
        }
        Ok(Some(Box::new(FaultLock { disk: self.clone(), path: path.to_owned(), life })))
    }
}
