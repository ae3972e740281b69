//! Columns added up over areas.

use std::ops::Range;

use crate::kelompok::rates::MonthRates;
use crate::kelompok::wilayah::{Kode, Level};
use crate::state::rollup::{RowKey, SesiCount, Totals};

use super::planes::Counter;
use super::{Column, Columns, TARGET, whole};

impl Columns {
    /// How many kelompok belong to an area, active or not.
    #[must_use]
    pub fn count(&self, area: Kode) -> usize {
        self.stretch(area).len()
    }

    pub(super) fn stretch(&self, area: Kode) -> Range<usize> {
        let from = self.order.partition_point(|(home, _)| *home < area);
        from..self.order.partition_point(|(home, _)| *home < area.end())
    }

    /// The rows of a coverage table of `area` by places of `level`, as [`crate::state::State::rollup`] gives
    /// them for the day; none when the columns have no room for so many sesi or target sets.
    #[must_use]
    pub fn rollup(&self, area: Kode, level: Level) -> Option<Vec<(RowKey, Totals)>> {
        if !self.fits() {
            return None;
        }
        let Range { start: from, end: to } = self.stretch(area);
        let mut rows = Vec::new();
        let mut at = from;
        while at < to {
            let home = self.order[at].0;
            let (key, end) = match home.at(level) {
                Some(place) => (place, self.end(at, to, |other| other < place.end())),
                None => (home, self.end(at, to, |other| other == home)),
            };
            if let Some(totals) = self.add_up(at..end) {
                rows.push((RowKey::Place(key), totals));
            }
            at = end;
        }
        Some(rows)
    }

    /// The end of the places from `at` on, which lies before `to`, whose home is `inside`.
    fn end(&self, at: usize, to: usize, inside: impl Fn(Kode) -> bool) -> usize {
        // Rows are short beside the whole, so the end is looked for near the beginning first.
        let (mut from, mut step) = (at, 64);
        while from + step < to && inside(self.order[from + step].0) {
            from += step;
            step *= 2;
        }
        let near = &self.order[from..to.min(from + step)];
        from + near.partition_point(|(home, _)| inside(*home))
    }

    /// The numbers of a stretch of kelompok; none when none of them counts.
    fn add_up(&self, places: Range<usize>) -> Option<Totals> {
        let mut totals = Totals::default();
        let columns = self.values.get(places).unwrap_or_default();
        // Nearly always there is one target set for all of them.
        let counter = Counter::of(columns);
        if let Some(target) = counter.target() {
            self.add_counts(&mut totals, &counter, target);
        } else {
            let target = |column: &Column| (whole(*column) >> TARGET) as usize;
            for alike in columns.chunk_by(|a, b| target(a) == target(b)) {
                self.add_counts(&mut totals, &Counter::of(alike), alike.first().map_or(0, target));
            }
        }
        for (_, count) in &totals.per_sesi {
            totals.cells.merge(*count);
        }
        (totals.groups > 0 || totals.month.expected > 0).then_some(totals)
    }

    /// Adds what was counted of kelompok with the same target set.
    fn add_counts(&self, totals: &mut Totals, counter: &Counter, target: usize) {
        let flags = counter.flags();
        totals.groups += flags.active;
        totals.suspended += flags.halted;
        totals.month.merge(MonthRates {
            expected: flags.expected,
            actual: flags.actual,
            on_time: flags.on_time,
            unknown_time: flags.actual - flags.time_known,
        });
        let target = self.targets.get(target).map_or(&[][..], |target| &target.sesi);
        if flags.active == 0 {
            return;
        }
        let cells = counter.cells(target.iter().max().map_or(0, |last| usize::from(*last) + 1));
        let counts = target.iter().filter_map(|ix| Some((*ix, cells.get(usize::from(*ix))?)));
        let counts = counts.map(|(ix, cell)| {
            let (refresh, partial) = (cell.high - cell.both, cell.low - cell.both);
            (ix, SesiCount { target: flags.active, covered: cell.high, refresh, partial })
        });
        if totals.per_sesi.is_empty() {
            totals.per_sesi.extend(counts);
            return;
        }
        for (ix, count) in counts {
            match totals.per_sesi.iter_mut().find(|(of, _)| *of == ix) {
                Some((_, known)) => known.merge(count),
                None => totals.per_sesi.push((ix, count)),
            }
        }
    }
}
