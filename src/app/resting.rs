//! How somebody else becomes the only one who writes, for a long import.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Asks the committer to rest: it says when it does, and goes on when the other end is gone.
pub(super) struct Resting {
    begun: SyncSender<()>,
    over: Receiver<()>,
}

/// The end of who asked.
pub(super) struct Asked {
    begins: Receiver<()>,
    over: SyncSender<()>,
}

/// The committer rests as long as this lives, so whoever holds it is the only one who writes.
pub(super) struct Rest {
    _over: SyncSender<()>,
}

impl Resting {
    pub(super) fn ask() -> (Self, Asked) {
        let ((begun, begins), (over, ends)) = (sync_channel(1), sync_channel(1));
        (Self { begun, over: ends }, Asked { begins, over })
    }

    /// Rests until that is over.
    pub(super) fn rest(&self) {
        if self.begun.send(()).is_ok() {
            let _over = self.over.recv();
        }
    }
}

impl Asked {
    /// Waits until the committer rests; none when it has ended.
    pub(super) fn granted(self) -> Option<Rest> {
        self.begins.recv().ok().map(|()| Rest { _over: self.over })
    }
}
