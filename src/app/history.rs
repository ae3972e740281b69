//! Histories of kelompok with their texts, from the index where it is in step, else from the
//! journal.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::journal::Projection;

use super::committer::Applied;

/// The index of histories, and what it has not taken in yet.
#[derive(Debug, Default)]
pub struct Histories {
    pending: Mutex<VecDeque<Applied>>,
}

impl Histories {
    pub(super) fn open(_dir: Option<&Path>) -> Self {
        Self::default()
    }

    pub(super) fn projections(&self) -> Vec<Projection> {
        Vec::new()
    }

    pub(super) fn position(&self) -> u64 {
        0
    }

    pub(super) fn catch_up(&self, _lines: &[Applied]) {}

    pub(super) fn push(&self, _lines: &[Applied]) {
        let _pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
    }

    pub(super) fn stop(&self) {}
}
