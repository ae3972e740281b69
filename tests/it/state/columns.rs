use jiff::civil::Date;
use p2k2::event::Event;
use p2k2::kelompok::wilayah::{Kode, Level};
use p2k2::state::State;
use p2k2::state::columns::Columns;
use p2k2::state::rollup::Per;
use proptest::prelude::*;

use super::events::{DAY, any_day, any_event, begun, fold};

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

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn columns_say_what_the_facts_say(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut state = begun();
        let mut columns = Columns::default();
        for step in steps.iter().chain(&[Step::Look(DAY)]) {
            match step {
                Step::Line(events) => fold(&mut state, events),
                Step::Look(day) => {
                    columns.follow(&state, *day);
                    assert_same(&columns, &state, *day)?;
                }
            }
        }
    }
}
