use p2k2::state::State;
use proptest::prelude::*;

use super::events::{any_event, begun, fold};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_state_written_down_goes_on_as_if_it_had_not_been(
        lines in prop::collection::vec(prop::collection::vec(any_event(), 0..3), 1..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(lines.len());
        let mut whole = begun();
        lines[..cut].iter().for_each(|events| fold(&mut whole, events));
        let mut bytes = Vec::new();
        ciborium::into_writer(&whole, &mut bytes).unwrap();
        let mut loaded: State = ciborium::from_reader(bytes.as_slice()).unwrap();
        prop_assert_eq!(&loaded, &whole);
        for events in &lines[cut..] {
            fold(&mut whole, events);
            fold(&mut loaded, events);
        }
        prop_assert_eq!(loaded, whole);
    }
}
