//! Older facts and ids are put on a shelf on disk, so that memory does not grow with the years.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::journal::{Hash128, JournalError, ShelfFile, Snapshots, Unsound};
use crate::kelompok::fakta::{Shelf, ShelfHandle};
use crate::state::State;

/// The facts of so many kelompok are copied or let go while the state is held.
const AT_ONCE: usize = 512;

/// Says that a shelf could not be read as it was written. What was worked out since may lack
/// facts, so nothing is shown or kept any more and the process ends.
#[derive(Clone, Default)]
pub(super) struct Alarm {
    /// What ends the process.
    pub(super) failed: Arc<AtomicBool>,
    /// What makes answers to be withheld.
    pub(super) lost: Arc<AtomicBool>,
}

impl Alarm {
    pub(super) fn rings(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }

    /// The next attempt may be trusted again: whatever came of the last one is gone.
    pub(super) fn reset(&self) {
        self.lost.store(false, Ordering::SeqCst);
        self.failed.store(false, Ordering::SeqCst);
    }
}

/// A shelf on disk as the state reads it.
struct Kept {
    file: ShelfFile,
    snapshots: Arc<Snapshots>,
    alarm: Alarm,
}

impl Shelf for Kept {
    fn read(&self, offset: u64, out: &mut [u8]) -> bool {
        let Err(error) = self.file.read(offset, out) else { return true };
        self.alarm.failed.store(true, Ordering::SeqCst);
        if !self.alarm.lost.swap(true, Ordering::SeqCst) {
            let reason = error.to_string();
            tracing::error!(reason, "older facts cannot be read; nothing is answered any more");
            // The next start makes it anew from the journal.
            if let Err(error) = self.snapshots.drop_shelf(&self.file) {
                tracing::error!(%error, "the damaged shelf could not be taken away");
            }
        }
        false
    }
}

/// The shelf as the state reads it, and the name by which a snapshot knows it.
pub(super) type OpenShelf = (ShelfHandle, Hash128);

fn share(file: ShelfFile, snapshots: &Arc<Snapshots>, alarm: &Alarm) -> OpenShelf {
    let sum = file.sum();
    let kept = Kept { file, snapshots: Arc::clone(snapshots), alarm: alarm.clone() };
    (ShelfHandle::new(Box::new(kept)), sum)
}

/// Opens the shelf that a snapshot names.
pub(super) fn open(
    snapshots: &Arc<Snapshots>,
    sum: Hash128,
    alarm: &Alarm,
) -> Result<OpenShelf, Unsound> {
    Ok(share(snapshots.open_shelf(sum)?, snapshots, alarm))
}

/// Puts all facts and ids of now on a new shelf and lets go of them; its name. None when `cancel`
/// was set meanwhile, or something that was copied could not be read.
///
/// Until it is finished the old one and memory have everything, so nothing is lost by a failure.
pub(super) fn put_away(
    state: &RwLock<State>,
    snapshots: &Arc<Snapshots>,
    alarm: &Alarm,
    cancel: &AtomicBool,
) -> Result<Option<Hash128>, JournalError> {
    let outcome = fill(state, snapshots, alarm, cancel);
    if !matches!(outcome, Ok(Some(_))) {
        snapshots.abandon_shelf();
    }
    outcome
}

fn fill(
    state: &RwLock<State>,
    snapshots: &Arc<Snapshots>,
    alarm: &Alarm,
    cancel: &AtomicBool,
) -> Result<Option<Hash128>, JournalError> {
    let mut shelving = read(state).begin_shelving();
    let mut writer = snapshots.begin_shelf()?;
    while shelving.has_more() {
        let copied = read(state).copy_facts(&shelving, AT_ONCE);
        shelving.put(copied, &mut |piece| writer.put(piece))?;
        if cancel.load(Ordering::SeqCst) {
            return Ok(None);
        }
    }
    read(state).copy_ids(&mut shelving);
    let ids = shelving.put_ids(&mut |piece| writer.put(piece))?;
    if alarm.rings() {
        return Ok(None);
    }
    let (handle, sum) = share(writer.finish()?, snapshots, alarm);
    let kelompok = shelving.len();
    for from in (0..kelompok).step_by(AT_ONCE) {
        write(state).let_go(&shelving, &handle, from..from + AT_ONCE);
    }
    write(state).let_ids_go(shelving, &handle);
    tracing::info!(kelompok, ids, "older facts were put on a shelf");
    Ok(Some(sum))
}

fn read(state: &RwLock<State>) -> RwLockReadGuard<'_, State> {
    state.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(state: &RwLock<State>) -> RwLockWriteGuard<'_, State> {
    state.write().unwrap_or_else(PoisonError::into_inner)
}
