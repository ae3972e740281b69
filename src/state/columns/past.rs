//! Columns of a past day.

use jiff::civil::Date;

use crate::state::{KelompokIx, State, Waiting};

use super::history::{Day, History};
use super::{Columns, Found};

impl Columns {
    /// The columns of a day before that of these, with what is known today. These and the history
    /// are at the state.
    #[must_use]
    pub fn past(&self, state: &State, history: &History, on: Date) -> Self {
        let mut past = Self {
            day: Some(on),
            seq: state.seq,
            values: vec![[0; 2]; self.values.len()],
            waiting: self.waiting.clone(),
            order: self.order.clone(),
            places: self.places.clone(),
            ..Self::default()
        };
        if self.day.is_none_or(|today| state.moves_between(today, on)) {
            past.arrange(state, on);
        }
        let day = Day::new(state, on);
        for at in 0..past.order.len() {
            past.look_back(past.order[at].1, state, (self, history), &day);
        }
        past
    }

    /// Brings columns that [`Columns::past`] made to the state, where nothing happened since that
    /// concerns many.
    pub fn follow_past(&mut self, today: &Self, state: &State, history: &History) {
        let Some(on) = self.day else { return };
        let changed = state.changed_since(self.seq);
        if state.changes.order > self.seq {
            self.arrange(state, on);
        }
        let day = Day::new(state, on);
        for ix in changed {
            self.look_back(ix, state, (today, history), &day);
        }
        self.seq = state.seq;
    }

    fn look_back(
        &mut self,
        ix: KelompokIx,
        state: &State,
        (today, history): (&Self, &History),
        day: &Day,
    ) {
        let (Some(group), Some(place)) = (state.group_at(ix), self.places.get(ix as usize)) else {
            return;
        };
        let found = match (history.past(state, ix, day), today.brief(ix)) {
            (Some(told), Some(now)) => {
                // Doubles and questions wait whatever the day.
                let waiting = Waiting { last: told.last, ..now.waiting };
                // Nobody asks whether there are facts of later days; mostly there are.
                Found { cells: told.cells, later: true, month: told.met, waiting, planned: false }
            }
            _ => Found::told(state, group, day.on()),
        };
        let place = *place as usize;
        self.put(state, (group, place), day.on(), &found);
    }
}
