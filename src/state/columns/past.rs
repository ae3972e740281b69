//! Columns of a past day.

use jiff::civil::Date;

use crate::state::State;

use super::history::{Day, History};
use super::{Columns, Found};

impl Columns {
    /// The columns of a day before that of these, with what is known today. These and the history
    /// hold for the state as it is.
    #[must_use]
    pub fn past(&self, state: &State, history: &History, on: Date) -> Self {
        let mut past = Self {
            day: Some(on),
            seq: state.seq,
            values: vec![[0; 2]; self.values.len()],
            // Doubles and questions wait whatever the day; the rest is put in.
            waiting: self.waiting.clone(),
            order: self.order.clone(),
            places: self.places.clone(),
            ..Self::default()
        };
        let day = Day::new(state, on);
        for (place, (_, ix)) in self.order.iter().enumerate() {
            let Some(group) = state.group_at(*ix) else { continue };
            let found = match history.past(state, *ix, &day) {
                Some(told) => {
                    let mut waiting = self.waiting[place];
                    waiting.last = told.last;
                    // Nobody asks whether there are facts of later days; there are, mostly.
                    Found {
                        cells: told.cells,
                        later: true,
                        month: told.met,
                        waiting,
                        planned: false,
                    }
                }
                None => Found::told(state, group, on),
            };
            past.put(state, (group, place), on, found);
        }
        past
    }
}
