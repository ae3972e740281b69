//! Counts a made-up country of any size in two orders of arrival against a plain recount.
//!
//! `cargo run --release --example simulate -- KELOMPOK MONTHS [SEED]`
#![expect(clippy::unwrap_used, reason = "a simulation that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "what was compared is the result")]

#[path = "../tests/it/simulation/mod.rs"]
mod simulation;

use jiff::ToSpan;
use jiff::civil::date;
use p2k2::state::columns::{Columns, History};
use simulation::made::Country;
use simulation::{Order, by_columns, by_history, count, deliver, kabupaten};

fn main() {
    let mut given = std::env::args().skip(1).map(|text| text.parse::<u32>().unwrap());
    let kelompok = given.next().unwrap_or(2000);
    let months = i32::try_from(given.next().unwrap_or(60)).unwrap();
    let seed = u64::from(given.next().unwrap_or(1));
    let country = Country::new(seed, kelompok, date(2021, 1, 1), months);
    let days = [country.end().saturating_sub(40.days()), country.end().saturating_sub(1.day())];
    let past = country.end().saturating_sub(700.days()).max(country.first);
    let expected = days.map(|on| count::kabupaten(&country, on));
    let before = count::kabupaten(&country, past);
    println!("{kelompok} kelompok, {months} months: recounted");
    for order in [Order::Plain, Order::Shuffled] {
        let state = deliver(&country, order);
        println!("{order:?}: {} lines delivered", state.seq);
        let mut columns = Columns::default();
        for (on, expected) in days.iter().zip(&expected) {
            assert!(kabupaten(&state, *on) == *expected, "{order:?} on {on} differs");
            let found = by_columns(&mut columns, &state, *on);
            assert!(found == *expected, "{order:?} on {on} differs by columns");
            let cells: u32 = expected.values().map(|sum| sum.target).sum();
            println!("{order:?}, {on}: {} kabupaten, {cells} cells, the same", expected.len());
        }
        let history = History::of(&state);
        for (on, expected) in [(days[0], &expected[0]), (past, &before)] {
            let found = by_history((&columns, &history), &state, on);
            assert!(found == *expected, "{order:?} on {on} differs as a past day");
            println!("{order:?}, {on}: the same, of {} bytes", history.heap_bytes());
        }
    }
}
