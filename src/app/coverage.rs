//! Roll-ups of today from columns that are kept; of past days from columns that are made for them, or
//! from the facts where there are few kelompok.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::clock::Clock;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::state::State;
use crate::state::columns::{Columns, History};
use crate::state::rollup::{Per, RowKey, Totals};

use super::App;

/// Of fewer kelompok on a past day the facts are read: that takes some milliseconds, and the history
/// of all of them would take memory.
const FEW: usize = 1_000;
/// So many kelompok are taken into the history before the state is let go of again.
const AT_ONCE: usize = 256;

/// The columns of today, made when first asked for.
pub(super) struct Coverage {
    /// Held while the columns follow the state: some microseconds mostly, and some milliseconds when
    /// a day begins. Whoever reads holds a share of its own, so that nobody waits for a page.
    columns: Mutex<Arc<Columns>>,
    past: Mutex<Past>,
    /// Set when all is to end.
    ended: AtomicBool,
    clock: Clock,
}

/// What past days are made from.
#[derive(Default)]
struct Past {
    history: History,
    /// The past day that was asked for last.
    columns: Option<(Date, Arc<Columns>)>,
}

impl Coverage {
    /// Goes on from columns that were written down.
    pub(super) fn new(columns: Columns, clock: &Clock) -> Self {
        Self {
            columns: Mutex::new(Arc::new(columns)),
            past: Mutex::default(),
            ended: AtomicBool::new(false),
            clock: clock.clone(),
        }
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

    fn columns(&self, state: &State, areas: &[Kode], on: Date) -> Option<Arc<Columns>> {
        let today = self.today();
        if on > today {
            return None;
        }
        let columns = self.current(state);
        if on == today {
            return Some(columns).filter(|columns| columns.fits());
        }
        let kelompok: usize = areas.iter().map(|area| columns.count(*area)).sum();
        if kelompok < FEW || !columns.fits() {
            return None;
        }
        self.of_past(state, &columns, (on, kelompok)).filter(|columns| columns.fits())
    }

    /// The columns of a past day in the given state; none until the history is there, and where more
    /// kelompok changed since it was looked at than somebody asks for.
    fn of_past(
        &self,
        state: &State,
        today: &Columns,
        (on, kelompok): (Date, usize),
    ) -> Option<Arc<Columns>> {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let Past { history, columns } = &mut *past;
        if !history.follow(state, kelompok) {
            *columns = None;
            return None;
        }
        if let Some((_, kept)) = columns.as_mut().filter(|(day, _)| *day == on) {
            if !kept.is_current(state, on) {
                Arc::make_mut(kept).follow_past(today, state, history);
            }
            return Some(Arc::clone(kept));
        }
        let made = Arc::new(today.past(state, history, on));
        *columns = Some((on, Arc::clone(&made)));
        Some(made)
    }

    /// Takes some more kelompok into the history; whether there is nothing left to do.
    fn take_in(&self, state: &State) -> bool {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.history.take_in(state, AT_ONCE)
    }

    /// Ends what has begun.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
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
    /// The columns of the given state, where they can tell about the kelompok of `areas` on `on`:
    /// for today, and with room for every sesi; for a past day where there are many of them and the
    /// history is there ([`App::prepare_past`]).
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn columns(&self, state: &State, areas: &[Kode], on: Date) -> Option<Arc<Columns>> {
        self.coverage.columns(state, areas, on)
    }

    /// Brings the columns to this moment, so that no visitor waits for it: after a start, and when a
    /// new day begins.
    pub fn refresh_columns(&self) {
        let state = self.state();
        let _not_asked_yet = self.coverage.current(&state);
    }

    /// Brings the history to this moment, from which past days of many kelompok are answered: some
    /// seconds for a nation at first, which nobody waits for, and hardly anything later.
    pub fn prepare_past(&self) {
        loop {
            let state = self.state();
            if state.groups().len() < FEW || self.coverage.take_in(&state) {
                return;
            }
            drop(state);
            if self.has_failed() || self.coverage.ended.load(Ordering::SeqCst) {
                return;
            }
        }
    }

    /// The rows of a coverage table as [`State::rollup`] gives them; fast for today.
    ///
    /// `state` is what [`App::state`] gave to the caller.
    #[must_use]
    pub fn rollup(&self, state: &State, area: Kode, per: Per, on: Date) -> Vec<(RowKey, Totals)> {
        let Some(columns) = self.columns(state, &[area], on) else {
            return state.rollup(area, per, on);
        };
        match per {
            Per::Level(level) => columns.rollup(area, level).unwrap_or_default(),
            Per::Kelompok | Per::Pendamping => state.rows_of(columns.briefs(area), per, on),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::event::{Event, LineInfo, Setting, SuspensionTarget};
    use crate::ids::Digest;
    use crate::kelompok::rules::Rules;
    use crate::kelompok::wilayah::Level;
    use crate::private::Private;

    const PAST: Date = date(2026, 10, 15);
    const MANY: usize = FEW + 20;

    fn fold(state: &mut State, event: Event) {
        let info = LineInfo {
            seq: state.seq + 1,
            at: Timestamp::UNIX_EPOCH,
            by: None,
            command: Uuid::nil(),
            digest: Digest([0; 16]),
        };
        state.apply_line(&info, &[event]);
    }

    fn enter(state: &mut State, number: usize) {
        let desa = if number < FEW { "16.02.05.2001" } else { "35.20.07.2001" };
        let entered = Event::KelompokCreated {
            id: format!("K-{number}").parse().unwrap(),
            name: "Melati".to_owned(),
            desa: vec![desa.parse().unwrap()],
            members: 25,
            start: date(2026, 1, 1).saturating_add(jiff::Span::new().days(number as i64)),
        };
        fold(state, entered);
    }

    fn begun() -> (State, Coverage) {
        let noon = date(2026, 11, 21).at(5, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let coverage = Coverage::new(Columns::default(), &Clock::fixed(noon.timestamp()));
        let mut state = State::default();
        for number in 0..MANY {
            enter(&mut state, number);
        }
        (state, coverage)
    }

    fn assert_told(coverage: &Coverage, state: &State, on: Date) {
        let columns = coverage.columns(state, &[Kode::NASIONAL], on).unwrap();
        let level = Level::Kabupaten;
        let found = columns.rollup(Kode::NASIONAL, level).unwrap();
        assert_eq!(found, state.rollup(Kode::NASIONAL, Per::Level(level), on), "on {on}");
    }

    #[test]
    fn a_past_day_of_many_is_told_by_columns_once_the_history_is_there() {
        let (mut state, coverage) = begun();
        assert!(coverage.columns(&state, &[Kode::NASIONAL], PAST).is_none());
        let mut rounds = 1;
        while !coverage.take_in(&state) {
            rounds += 1;
        }
        assert_eq!(rounds, MANY.div_ceil(AT_ONCE));
        for on in [PAST, date(2026, 3, 1), date(2026, 11, 20), date(2026, 11, 21), PAST] {
            assert_told(&coverage, &state, on);
        }
        assert!(coverage.columns(&state, &[Kode::NASIONAL], date(2026, 11, 22)).is_none());
        // The facts of few are read.
        let few = "35".parse().unwrap();
        assert!(coverage.columns(&state, &[few], PAST).is_none());
        assert!(coverage.columns(&state, &[few, "16".parse().unwrap()], PAST).is_some());
        assert!(coverage.columns(&state, &[few], date(2026, 11, 21)).is_some());
        // What happens afterwards is told as well, of the day that is kept and of others.
        enter(&mut state, MANY);
        let target = SuspensionTarget::Wilayah("16.02".parse().unwrap());
        let (from, reason) = (date(2026, 10, 1), Private::from("banjir"));
        fold(&mut state, Event::SuspensionStarted { target, from, to: None, reason });
        for on in [PAST, date(2026, 10, 31)] {
            assert_told(&coverage, &state, on);
        }
    }

    #[test]
    fn what_concerns_everybody_begins_the_history_again() {
        let (mut state, coverage) = begun();
        while !coverage.take_in(&state) {}
        assert_told(&coverage, &state, PAST);
        let rules = Rules { expected_days_percent: 5, ..Rules::default() };
        let from = date(2026, 1, 1);
        let setting = Box::new(Setting::Rules(rules));
        fold(&mut state, Event::SettingChanged { from, setting });
        assert!(coverage.columns(&state, &[Kode::NASIONAL], PAST).is_none());
        assert!(!coverage.take_in(&state));
        assert!(coverage.columns(&state, &[Kode::NASIONAL], PAST).is_none());
        while !coverage.take_in(&state) {}
        assert_told(&coverage, &state, PAST);
    }
}
