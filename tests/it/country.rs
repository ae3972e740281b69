//! Every roll-up of a made-up country equals a plain recount, in whichever order its facts arrive.

use jiff::ToSpan;
use jiff::civil::date;
use p2k2::state::columns::{Columns, History};

use crate::simulation::made::Country;
use crate::simulation::{Order, by_columns, by_history, count, deliver, kabupaten};

#[test]
fn every_rollup_of_a_country_equals_a_plain_recount_in_both_orders() {
    for seed in [1, 2, 3] {
        let country = Country::new(seed, 300, date(2021, 1, 1), 24);
        let states = [Order::Plain, Order::Shuffled].map(|order| deliver(&country, order));
        let mut columns = [Columns::default(), Columns::default()];
        let histories = states.each_ref().map(History::of);
        let mut seen = count::Numbers::default();
        let end = country.end();
        let today = states.each_ref().map(|state| {
            let mut columns = Columns::default();
            columns.follow(state, end);
            columns
        });
        for (month, day) in [(0, 14), (5, 29), (11, 30), (17, 9), (23, 27)] {
            let on = country.first.saturating_add(month.months()).saturating_add(day.days());
            let expected = count::kabupaten(&country, on);
            let orders = ["plain", "shuffled"].iter().zip(&mut columns);
            for (state, (order, columns)) in states.iter().zip(orders) {
                assert_eq!(kabupaten(state, on), expected, "seed {seed}, {on}, {order}");
                let found = by_columns(columns, state, on);
                assert_eq!(found, expected, "seed {seed}, {on}, {order}, by columns");
            }
            for ((state, history), columns) in states.iter().zip(&histories).zip(&today) {
                let found = by_history((columns, history), state, on);
                assert_eq!(found, expected, "seed {seed}, {on}, as a past day");
            }
            for sum in expected.values() {
                assert!(sum.covered + sum.partial <= sum.target && sum.refresh <= sum.covered);
                assert!(sum.on_time + sum.unknown_time <= sum.actual && sum.actual <= sum.expected);
                seen.suspended += sum.suspended;
                seen.refresh += sum.refresh;
                seen.partial += sum.partial;
                seen.unknown_time += sum.unknown_time;
                seen.on_time += sum.on_time;
                seen.actual += sum.actual;
            }
        }
        // A country in which nothing of this happens would prove nothing.
        assert!(seen.suspended > 0 && seen.refresh > 0 && seen.partial > 0, "{seen:?}");
        assert!(
            seen.unknown_time > 0 && seen.on_time > 0 && seen.on_time < seen.actual,
            "{seen:?}"
        );
    }
}
