//! The plan of a kelompok (RTL): which sesi is due in which month, what comes next, what is late.

use jiff::civil::Date;

use super::coverage::{Cell, Status};
use super::fakta::SesiIx;
use super::rates::Month;

/// One line of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The month in which the sesi is planned.
    pub month: Month,
    /// Which sesi.
    pub sesi: SesiIx,
}

/// The plan that follows when nobody made another: the sesi in their order, one in each month from
/// `start` in which a pertemuan is expected, until all are planned or `months` months are over.
#[must_use]
pub fn generate(
    order: &[SesiIx],
    start: Month,
    months: usize,
    mut expected: impl FnMut(Month) -> bool,
) -> Vec<Due> {
    let mut plan = Vec::with_capacity(order.len());
    let mut left = order.iter().copied();
    let mut month = start;
    for _ in 0..months {
        if expected(month) {
            let Some(sesi) = left.next() else { break };
            plan.push(Due { month, sesi });
        }
        month = month.next();
    }
    plan
}

/// How far behind its plan a kelompok is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behind {
    /// Sesi due minus sesi tuntas, not below 0.
    pub count: u16,
    /// The last day of the month in which the oldest missing one was due.
    pub since: Option<Date>,
}

/// How far behind `plan` the kelompok is on `on`. A sesi is due when its month is over.
#[must_use]
pub fn behind(plan: &[Due], cells: &[Cell], on: Date) -> Behind {
    let due: Vec<&Due> = plan.iter().filter(|one| one.month.last() < on).collect();
    let covered =
        |sesi: SesiIx| cells.get(usize::from(sesi)).is_some_and(|cell| cell.status.covered());
    let done = plan.iter().filter(|one| covered(one.sesi)).count();
    let count = u16::try_from(due.len().saturating_sub(done)).unwrap_or(u16::MAX);
    let since = due.iter().find(|one| !covered(one.sesi)).map(|one| one.month.last());
    Behind { count, since: if count > 0 { since } else { None } }
}

/// The next sesi of a plan: the first that was begun and not finished, else the first not taught.
#[must_use]
pub fn next(order: &[SesiIx], cells: &[Cell]) -> Option<SesiIx> {
    let with = |wanted: Status| {
        order.iter().copied().find(|sesi| {
            cells.get(usize::from(*sesi)).map_or(Status::Belum, |cell| cell.status) == wanted
        })
    };
    with(Status::Sebagian).or_else(|| with(Status::Belum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    fn cells(statuses: &[Status]) -> Vec<Cell> {
        statuses.iter().map(|status| Cell { status: *status, ..Cell::default() }).collect()
    }

    #[test]
    fn a_plan_goes_around_months_without_a_meeting() {
        let plan = generate(&[2, 0, 1], month("2026-02"), 12, |m| m != month("2026-03"));
        let shown: Vec<String> =
            plan.iter().map(|d| format!("{}:{}", d.month.id(), d.sesi)).collect();
        assert_eq!(shown.join(" "), "2026-02:2 2026-04:0 2026-05:1");
        assert_eq!(generate(&[2, 0, 1], month("2026-02"), 2, |_| true).len(), 2);
    }

    #[test]
    fn behind_is_never_below_zero_and_starts_with_the_oldest() {
        use Status::{Belum, PerluPenyegaran, Sebagian, Tuntas};
        let plan = generate(&[0, 1, 2], month("2026-01"), 12, |_| true);
        for (statuses, on, count, since) in [
            ([Belum, Belum, Belum], "2026-01-31", 0, None),
            ([Belum, Belum, Belum], "2026-02-01", 1, Some("2026-01-31")),
            ([Belum, Tuntas, Belum], "2026-03-05", 1, Some("2026-01-31")),
            ([Tuntas, Sebagian, Belum], "2026-05-05", 2, Some("2026-02-28")),
            ([PerluPenyegaran, Tuntas, Tuntas], "2026-05-05", 0, None),
            ([Belum, Tuntas, Tuntas], "2026-02-10", 0, None),
        ] {
            let found = behind(&plan, &cells(&statuses), on.parse().unwrap());
            assert_eq!(found.count, count, "{statuses:?} {on}");
            assert_eq!(found.since, since.map(|date: &str| date.parse().unwrap()), "{statuses:?}");
        }
    }

    #[test]
    fn the_next_sesi_finishes_what_was_begun() {
        use Status::{Belum, Sebagian, Tuntas};
        for (statuses, expected) in [
            ([Belum, Belum, Belum], Some(2)),
            ([Belum, Sebagian, Tuntas], Some(1)),
            ([Belum, Tuntas, Tuntas], Some(0)),
            ([Tuntas, Tuntas, Tuntas], None),
        ] {
            assert_eq!(next(&[2, 0, 1], &cells(&statuses)), expected);
        }
    }
}
