use super::*;

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn cells(statuses: &[Status]) -> Vec<Cell> {
    statuses.iter().map(|status| Cell { status: *status, ..Cell::default() }).collect()
}

/// A phase from text: order, then `sesi@month` for pins and `-sesi` for what is left out.
fn phase(from: &str, order: &[SesiIx], changes: &str) -> Phase {
    let mut phase =
        Phase { from: month(from), order: order.to_vec(), pins: Vec::new(), out: Vec::new() };
    for change in changes.split_whitespace() {
        match change.split_once('@') {
            Some((sesi, on)) => {
                phase.pins.push(Due { sesi: sesi.parse().unwrap(), month: month(on) });
            }
            None => phase.out.push(change.trim_start_matches('-').parse().unwrap()),
        }
    }
    phase
}

fn shown(plan: &[Due]) -> String {
    let words: Vec<String> = plan
        .iter()
        .map(|due| format!("{}:{}", due.month.id().trim_start_matches("2026-"), due.sesi))
        .collect();
    words.join(" ")
}

#[test]
fn a_plan_flows_around_what_was_chosen_and_what_is_closed() {
    let closed = |closed: &'static [&'static str]| {
        move |month: Month| !closed.contains(&month.id().as_str())
    };
    for (changes, quiet, expected) in [
        ("", &[][..], "01:2 02:0 03:1"),
        ("", &["2026-02"][..], "01:2 03:0 04:1"),
        // The others move up when one is moved away.
        ("2@2026-03", &[][..], "01:0 02:1 03:2"),
        // Two that trade their months.
        ("2@2026-03 1@2026-01", &[][..], "01:1 02:0 03:2"),
        // Two in one month leave none for the last.
        ("2@2026-02 0@2026-02", &[][..], "01:1 02:2 02:0"),
        // A pinned month that is closed: the next one that is open, before all others.
        ("0@2026-02", &["2026-02"][..], "01:2 03:0 04:1"),
        ("-0", &[][..], "01:2 02:1"),
        // What is far away leaves a gap and no sesi twice.
        ("1@2026-09", &[][..], "01:2 02:0 09:1"),
        // A pin of a sesi that is no target says nothing.
        ("7@2026-01", &[][..], "01:2 02:0 03:1"),
    ] {
        let plan = lay(&[phase("2026-01", &[2, 0, 1], changes)], month("2026-12"), closed(quiet));
        assert_eq!(shown(&plan), expected, "{changes} {quiet:?}");
    }
    let short = lay(&[phase("2026-01", &[2, 0, 1], "")], month("2026-02"), |_| true);
    assert_eq!(shown(&short), "01:2 02:0");
}

/// Where nothing was chosen by hand there is a shorter way; two phases of one order take the long one.
#[test]
fn the_short_way_lays_the_same_plan() {
    for (closed, length, until) in (0..64_u32)
        .flat_map(|closed| (0..5).map(move |length| (closed, length)))
        .flat_map(|(closed, length)| (1..9).map(move |until| (closed, length, until)))
    {
        let order: Vec<SesiIx> = (0..length).rev().collect();
        let (first, third) = (phase("2026-01", &order, ""), phase("2026-03", &order, ""));
        let meets = |month: Month| closed >> (month.first().month() - 1) & 1 == 0;
        let until = month("2026-01").plus(until - 1);
        let short = lay(std::slice::from_ref(&first), until, meets);
        assert_eq!(short, lay(&[first, third], until, meets), "{closed:b} {length}");
    }
}

#[test]
fn a_change_never_reaches_back() {
    let phases =
        [phase("2026-01", &[0, 1, 2, 3], ""), phase("2026-03", &[0, 1, 2, 3], "2@2026-05")];
    assert_eq!(shown(&lay(&phases, month("2026-12"), |_| true)), "01:0 02:1 03:3 05:2");
    // A pin to a month that is over counts for the next month, and what was due stays due.
    let late =
        [phase("2026-01", &[0, 1, 2], ""), phase("2026-03", &[0, 1, 2], "0@2026-08 2@2026-01")];
    assert_eq!(shown(&lay(&late, month("2026-12"), |_| true)), "01:0 02:1 03:2");
    // A target that grew: the new sesi are due from then on, not from the first month.
    let grown = [phase("2026-01", &[0, 1], ""), phase("2026-06", &[0, 1, 2], "")];
    assert_eq!(shown(&lay(&grown, month("2026-12"), |_| true)), "01:0 02:1 06:2");
}

#[test]
fn behind_is_never_below_zero_and_starts_with_the_oldest() {
    use Status::{Belum, PerluPenyegaran, Sebagian, Tuntas};
    let plan = lay(&[phase("2026-01", &[0, 1, 2], "")], month("2026-12"), |_| true);
    for (statuses, on, count, since) in [
        ([Belum, Belum, Belum], "2026-01-31", 0, None),
        ([Belum, Belum, Belum], "2026-02-01", 1, Some("2026-01-31")),
        ([Belum, Tuntas, Belum], "2026-03-05", 1, Some("2026-01-31")),
        ([Tuntas, Sebagian, Belum], "2026-05-05", 2, Some("2026-02-28")),
        ([PerluPenyegaran, Tuntas, Tuntas], "2026-05-05", 0, None),
        ([Belum, Tuntas, Tuntas], "2026-02-10", 0, None),
    ] {
        let tuntas = statuses.iter().filter(|status| status.covered()).count();
        let cells = cells(&statuses);
        let covered = |sesi: SesiIx| cells[usize::from(sesi)].status.covered();
        let found = behind(&plan, tuntas, covered, on.parse().unwrap());
        assert_eq!(found.count, count, "{statuses:?} {on}");
        assert_eq!(found.since, since.map(|date: &str| date.parse().unwrap()), "{statuses:?}");
    }
}

#[test]
fn what_was_begun_is_finished_first() {
    use Status::{Belum, PerluPenyegaran, Sebagian, Tuntas};
    for (statuses, expected) in [
        ([Belum, Belum, Belum], &[2, 0, 1][..]),
        ([Belum, Sebagian, Tuntas], &[1, 0][..]),
        ([Belum, Tuntas, PerluPenyegaran], &[0][..]),
        ([Tuntas, Tuntas, Tuntas], &[][..]),
    ] {
        assert_eq!(missing(&[2, 0, 1], &cells(&statuses)), expected);
    }
}
