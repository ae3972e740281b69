//! Roll-ups of today from columns that are kept; of other days, and by others than places, from
//! the facts.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::kelompok::wilayah::{Kode, Zone};
use crate::state::State;
use crate::state::columns::Columns;
use crate::state::rollup::{Per, RowKey, Totals};

use super::App;

/// The columns of today, made when first asked for.
#[derive(Default)]
pub(super) struct Coverage {
    /// Held while the columns follow the state: some microseconds mostly, and once a day as long as
    /// all of them take. Whoever reads holds a share of its own, so that nobody waits for a page.
    columns: Mutex<Arc<Columns>>,
}

impl App {
    /// The columns of the given state, where they can tell about `on`: for today, and with room for
    /// every sesi.
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn columns(&self, state: &State, on: Date) -> Option<Arc<Columns>> {
        if on != Zone::Wib.date(self.clock.now()) {
            return None;
        }
        let mut kept = self.coverage.columns.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.is_current(state, on) {
            // Copied first where somebody still reads them.
            Arc::make_mut(&mut kept).follow(state, on);
        }
        kept.fits().then(|| Arc::clone(&kept))
    }

    /// Brings the columns to this moment, so that no visitor waits for it: after a start, and when a
    /// new day begins.
    pub fn refresh_columns(&self) {
        let state = self.state();
        let _not_asked_yet = self.columns(&state, Zone::Wib.date(self.clock.now()));
    }

    /// The rows of a coverage table as [`State::rollup`] gives them; fast for today.
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn rollup(&self, state: &State, area: Kode, per: Per, on: Date) -> Vec<(RowKey, Totals)> {
        let Some(columns) = self.columns(state, on) else { return state.rollup(area, per, on) };
        match per {
            Per::Level(level) => columns.rollup(area, level).unwrap_or_default(),
            Per::Kelompok | Per::Pendamping => state.rows_of(columns.briefs(area), per, on),
        }
    }
}
