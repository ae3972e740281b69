//! Roll-ups of today from columns that are kept; of other days, and by others than places, from
//! the facts.

use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use crate::kelompok::wilayah::{Kode, Zone};
use crate::state::State;
use crate::state::columns::Columns;
use crate::state::rollup::{Per, RowKey, Totals};

use super::App;

/// The columns of today, made when first asked for.
#[derive(Default)]
pub(super) struct Coverage {
    /// Held while the columns follow the state and are added up: some milliseconds, and once a day
    /// as long as all of them take.
    columns: Mutex<Columns>,
}

impl App {
    /// The rows of a coverage table as [`State::rollup`] gives them; fast for today by places.
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn rollup(&self, state: &State, area: Kode, per: Per, on: Date) -> Vec<(RowKey, Totals)> {
        if let Per::Level(level) = per
            && on == Zone::Wib.date(self.clock.now())
        {
            let mut columns = self.coverage.columns.lock().unwrap_or_else(PoisonError::into_inner);
            columns.follow(state, on);
            if let Some(rows) = columns.rollup(area, level) {
                return rows;
            }
        }
        state.rollup(area, per, on)
    }
}
