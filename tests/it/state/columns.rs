use jiff::ToSpan;
use jiff::civil::Date;
use p2k2::event::Event;
use p2k2::kelompok::frozen::FrozenRow;
use p2k2::kelompok::rates::Month;
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::state::columns::{Columns, History};
use p2k2::state::rollup::Per;
use p2k2::state::{Months, Part, State};
use proptest::prelude::*;

use super::events::{DAY, any_day, any_event, begun, fold};

/// Behind every day that is looked at.
const LATEST: Date = Date::constant(2035, 12, 31);

/// What happens: some events in one line, or a look at the numbers of a day.
#[derive(Debug, Clone)]
enum Step {
    Line(Vec<Event>),
    Look(Date),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::collection::vec(any_event(), 1..4).prop_map(Step::Line),
        1 => Just(Step::Look(DAY)),
        1 => any_day().prop_map(Step::Look),
    ]
}

fn assert_same(columns: &Columns, state: &State, on: Date) -> Result<(), TestCaseError> {
    for area in ["nasional", "16", "16.02", "16.02.05", "16.02.05.1002", "35.20.07", "51"] {
        let area: Kode = area.parse().unwrap();
        for level in
            [Level::Nasional, Level::Provinsi, Level::Kabupaten, Level::Kecamatan, Level::Desa]
        {
            let Some(found) = columns.rollup(area, level) else { continue };
            prop_assert_eq!(
                found,
                state.rollup(area, Per::Level(level), on),
                "{} by {:?} on {}",
                area,
                level,
                on
            );
        }
    }
    Ok(())
}

/// Everything that columns know of a kelompok is what its facts say.
fn assert_same_briefs(columns: &Columns, state: &State, on: Date) -> Result<(), TestCaseError> {
    // A target that names a sesi twice is told by the facts alone.
    if !columns.fits() {
        return Ok(());
    }
    let mut seen = 0;
    for (found, ix) in columns.briefs(Kode::NASIONAL).zip(state.numbers_on(Kode::NASIONAL, on)) {
        let group = state.group_at(ix).unwrap();
        let target = state.target(group.home(on), on);
        let told = state.brief(ix, &target, on).unwrap();
        prop_assert_eq!((found.ix, found.home), (ix, told.home));
        prop_assert_eq!(
            (found.active, found.suspended, found.month),
            (told.active, told.suspended, told.month),
            "{} on {}",
            group.id,
            on
        );
        prop_assert_eq!(found.waiting, told.waiting, "{} on {}", group.id, on);
        // What pages count one by one in other ways.
        let (doubles, questions) = (usize::from(told.waiting.doubles), told.waiting.questions);
        prop_assert_eq!(doubles, group.double_pairs().len());
        let open = group.fakta.iter().filter(|fakta| fakta.open_question).count();
        prop_assert_eq!(usize::from(questions), open);
        // Nobody is told how far a kelompok is that is not active.
        if told.active {
            prop_assert_eq!(found.target, told.target);
            for sesi in &target {
                prop_assert_eq!(found.status(*sesi), told.status(*sesi), "{}", group.id);
            }
        }
        let one = columns.brief(ix).unwrap();
        prop_assert_eq!((one.ix, one.waiting), (ix, found.waiting));
        seen += 1;
    }
    prop_assert_eq!(seen, state.groups().len());
    prop_assert!(columns.is_current(state, on));
    Ok(())
}

/// Several months read at once are what each says by itself.
fn assert_same_months(state: &State, on: Date) -> Result<(), TestCaseError> {
    let months = std::iter::successors(Some(Month::of(on)), |month| Some(month.previous()));
    let days: Vec<(Month, Date)> =
        months.take(4).map(|month| (month, month.last().min(on))).collect();
    let mut found = Months::new(state, Kode::NASIONAL, days.clone());
    let mut told = vec![FrozenRow::empty(Kode::NASIONAL); days.len()];
    for group in state.groups() {
        found.add(group, |day| Part::all(day != DAY || group.members(day) > 0));
        for ((month, day), row) in days.iter().zip(&mut told) {
            if *day != DAY || group.members(*day) > 0 {
                row.add(&state.share_on(group, *month, *day));
            }
        }
    }
    prop_assert_eq!(found.rows, told);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn columns_say_what_the_facts_say(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut state = begun();
        let mut columns = Columns::default();
        let (mut history, mut today, mut kept) = (History::default(), Columns::default(), None);
        for step in steps.iter().chain(&[Step::Look(DAY)]) {
            match step {
                Step::Line(events) => fold(&mut state, events),
                Step::Look(day) => {
                    columns.follow(&state, *day);
                    assert_same(&columns, &state, *day)?;
                    assert_same_briefs(&columns, &state, *day)?;
                    assert_same_months(&state, *day)?;
                    // One kelompok after the other at first, and on from there.
                    if !history.follow(&state, usize::MAX) {
                        kept = None;
                        let pieces = 2 * state.groups().len();
                        prop_assert!((0..=pieces).any(|_| history.take_in(&state, 1)));
                    }
                    today.follow(&state, LATEST);
                    let before = DAY.saturating_sub(25.days());
                    let kept = kept.get_or_insert_with(|| today.past(&state, &history, before));
                    kept.follow_past(&today, &state, &history);
                    assert_same(kept, &state, before)?;
                    assert_same_briefs(kept, &state, before)?;
                    let past = today.past(&state, &history, *day);
                    assert_same(&past, &state, *day)?;
                    assert_same_briefs(&past, &state, *day)?;
                }
            }
        }
    }
}
