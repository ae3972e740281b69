//! What a suspension leaves behind: the months in which nobody met, and from when to when that was.

use jiff::ToSpan;
use jiff::civil::Date;

use super::coverage::Setting;
use super::group::{Kelompok, Suspension};
use super::rates::{self, Month};

/// Periods without overlaps, oldest first: those that overlap or follow each other without a day
/// between become one.
#[must_use]
pub fn unite(periods: &[&Suspension]) -> Vec<Suspension> {
    let mut sorted: Vec<&Suspension> = periods.to_vec();
    sorted.sort_by_key(|one| (one.from, one.to.unwrap_or(Date::MAX)));
    let mut united: Vec<Suspension> = Vec::new();
    for one in sorted {
        match united.last_mut() {
            Some(last) if last.to.is_none_or(|to| one.from <= to.saturating_add(1.day())) => {
                last.to = match (last.to, one.to) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => united.push(one.clone()),
        }
    }
    united
}

/// The united period in which `on` lies.
#[must_use]
pub fn around(periods: &[&Suspension], on: Date) -> Option<Suspension> {
    unite(periods).into_iter().find(|one| one.covers(on))
}

/// The months up to that of `on` in which a kelompok would have met but for `period`, and did not.
/// `all` are the suspensions that touch it.
#[must_use]
pub fn months_lost(
    group: &Kelompok,
    (period, all): (&Suspension, &[&Suspension]),
    on: Date,
    setting: Setting<'_>,
) -> Vec<Month> {
    let last = period.to.map_or(on, |to| to.min(on));
    let mut lost = Vec::new();
    let mut month = Month::of(period.from.max(group.start));
    while month.first() <= last {
        let due = rates::expected(group, &[], month, setting);
        let freed = !rates::expected(group, all, month, setting);
        let met = group
            .fakta
            .iter()
            .any(|one| month.contains(one.date) && one.date <= on && setting.counts(&one));
        if due && freed && !met {
            lost.push(month);
        }
        if month.next() == month {
            break;
        }
        month = month.next();
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_unite() {
        let period = |text: &str| {
            let (from, to) = text.split_once("..").unwrap();
            Suspension { from: from.parse().unwrap(), to: to.parse().ok() }
        };
        for (periods, expected) in [
            ("", ""),
            ("2020-03-01..2020-05-31", "2020-03-01..2020-05-31"),
            ("2020-05-01..2020-08-31 2020-03-01..2020-05-31", "2020-03-01..2020-08-31"),
            ("2020-03-01..2020-05-31 2020-06-01..2020-06-30", "2020-03-01..2020-06-30"),
            (
                "2020-03-01..2020-05-31 2020-06-02..2020-06-30",
                "2020-03-01..2020-05-31 2020-06-02..2020-06-30",
            ),
            ("2020-03-01..2020-12-31 2020-04-01..2020-05-31", "2020-03-01..2020-12-31"),
            ("2020-03-01.. 2020-04-01..2020-05-31", "2020-03-01.."),
            ("2020-03-01..2020-05-31 2020-05-01..", "2020-03-01.."),
        ] {
            let all: Vec<Suspension> = periods.split_whitespace().map(period).collect();
            let united = unite(&all.iter().collect::<Vec<_>>());
            let shown: Vec<String> = united
                .iter()
                .map(|one| {
                    format!("{}..{}", one.from, one.to.map_or(String::new(), |to| to.to_string()))
                })
                .collect();
            assert_eq!(shown.join(" "), expected, "{periods}");
        }
    }
}
