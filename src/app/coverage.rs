//! Roll-ups of today from columns that are kept; of other days, and by others than places, from
//! the facts.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::clock::Clock;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::state::State;
use crate::state::columns::Columns;
use crate::state::rollup::{Per, RowKey, Totals};

use super::App;

/// The columns of today, made when first asked for.
pub(super) struct Coverage {
    /// Held while the columns follow the state: some microseconds mostly, and some milliseconds when
    /// a day begins. Whoever reads holds a share of its own, so that nobody waits for a page.
    columns: Mutex<Arc<Columns>>,
    clock: Clock,
}

impl Coverage {
    /// Goes on from columns that were written down.
    pub(super) fn new(columns: Columns, clock: &Clock) -> Self {
        Self { columns: Mutex::new(Arc::new(columns)), clock: clock.clone() }
    }

    /// The columns of today in the given state.
    fn current(&self, state: &State) -> Arc<Columns> {
        let today = self.today();
        let mut kept = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.is_current(state, today) {
            // Copied first where somebody still reads them.
            Arc::make_mut(&mut kept).follow(state, today);
        }
        Arc::clone(&kept)
    }

    fn today(&self) -> Date {
        Zone::Wib.date(self.clock.now())
    }

    /// Writes the columns of today down.
    pub(super) fn write_down(
        &self,
        state: &State,
        out: &mut Vec<u8>,
    ) -> Result<(), ciborium::ser::Error<std::io::Error>> {
        ciborium::into_writer(&*self.current(state), out)
    }
}

impl App {
    /// The columns of the given state, where they can tell about `on`: for today, and with room for
    /// every sesi.
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn columns(&self, state: &State, on: Date) -> Option<Arc<Columns>> {
        if on != self.coverage.today() {
            return None;
        }
        Some(self.coverage.current(state)).filter(|columns| columns.fits())
    }

    /// Brings the columns to this moment, so that no visitor waits for it: after a start, and when a
    /// new day begins.
    pub fn refresh_columns(&self) {
        let state = self.state();
        let _not_asked_yet = self.coverage.current(&state);
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
