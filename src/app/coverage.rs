//! Roll-ups of today from columns that are kept; of other days, and by others than places, from
//! the facts.

use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use crate::clock::Clock;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::state::State;
use crate::state::columns::Columns;
use crate::state::rollup::{Per, RowKey, Totals};

use super::App;

/// The columns of today, made when first asked for.
pub(super) struct Coverage {
    /// Held while the columns follow the state and are added up: some milliseconds.
    columns: Mutex<Columns>,
    clock: Clock,
}

impl Coverage {
    /// Goes on from columns that were written down.
    pub(super) fn new(columns: Columns, clock: &Clock) -> Self {
        Self { columns: Mutex::new(columns), clock: clock.clone() }
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
        let mut columns = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        columns.follow(state, self.today());
        ciborium::into_writer(&*columns, out)
    }
}

impl App {
    /// The rows of a coverage table as [`State::rollup`] gives them; fast for today by places.
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn rollup(&self, state: &State, area: Kode, per: Per, on: Date) -> Vec<(RowKey, Totals)> {
        if let Per::Level(level) = per
            && on == self.coverage.today()
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
