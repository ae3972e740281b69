//! The writer against the general one.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, date, time};
use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    #[serde(rename = "satu.nilai")]
    One(Option<u16>),
    Two(i64, Vec<String>),
    Named {
        at: Date,
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Time>,
        text: Option<crate::private::Private>,
    },
}

#[derive(Debug, Clone, Serialize)]
struct Unit;

#[derive(Debug, Clone, Serialize)]
struct Wrapped(u8);

#[derive(Debug, Clone, Serialize)]
struct Pair(bool, char);

#[derive(Debug, Clone, Serialize)]
struct All {
    kinds: Vec<Kind>,
    by_text: BTreeMap<String, i32>,
    by_number: BTreeMap<i16, Unit>,
    by_pick: BTreeMap<bool, Wrapped>,
    rest: (Pair, f64, u128, i128),
    empty: [u8; 0],
}

fn kind() -> impl Strategy<Value = Kind> {
    let day = |n: i32| date(2000, 1, 1).saturating_add(jiff::ToSpan::days(n));
    let private = any::<Option<String>>().prop_map(|text| {
        text.map_or(crate::private::Private::Redacted, crate::private::Private::from)
    });
    let named = (0..20_000_i32, any::<Option<i8>>(), proptest::option::of(private)).prop_map(
        move |(n, minute, text)| {
            let from = minute.map(|minute| time(8, minute.rem_euclid(60), 0, 0));
            Kind::Named { at: day(n), from, text }
        },
    );
    prop_oneof![
        Just(Kind::Plain),
        any::<Option<u16>>().prop_map(Kind::One),
        (any::<i64>(), any::<Vec<String>>()).prop_map(|(one, other)| Kind::Two(one, other)),
        named,
    ]
}

fn written<T: Serialize>(value: &T) -> String {
    let mut out = Vec::new();
    write(&mut out, value).unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #[test]
    fn it_is_what_the_general_writer_writes(
        kinds in proptest::collection::vec(kind(), 0..4),
        by_text in proptest::collection::btree_map(any::<String>(), any::<i32>(), 0..3),
        numbers in proptest::collection::btree_set(any::<i16>(), 0..3),
        picks in proptest::collection::btree_map(any::<bool>(), any::<u8>().prop_map(Wrapped), 0..2),
        rest in (any::<(bool, char)>(), any::<f64>(), any::<u128>(), any::<i128>()),
    ) {
        let by_number = numbers.into_iter().map(|number| (number, Unit)).collect();
        let rest = (Pair(rest.0.0, rest.0.1), rest.1, rest.2, rest.3);
        let all = All { kinds, by_text, by_number, by_pick: picks, rest, empty: [] };
        prop_assert_eq!(written(&all), serde_json::to_string(&all).unwrap());
    }
}

#[test]
fn every_character_is_escaped_as_ever() {
    let text: String = (0..=0x300_u32).filter_map(char::from_u32).collect();
    assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
    for one in text.chars() {
        assert_eq!(written(&one), serde_json::to_string(&one).unwrap(), "{one:?}");
    }
}

#[test]
fn what_is_no_key_is_refused() {
    let map: BTreeMap<Vec<u8>, u8> = [(vec![1], 2)].into();
    assert!(serde_json::to_vec(&map).is_err());
    assert!(write(&mut Vec::new(), &map).is_err());
}
