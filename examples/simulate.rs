//! Counts a made-up country of any size in two orders of arrival against a plain recount.
//!
//! `cargo run --release --example simulate -- KELOMPOK MONTHS [SEED]`
#![expect(clippy::unwrap_used, reason = "a simulation that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "what was compared is the result")]

#[path = "../tests/it/simulation/mod.rs"]
mod simulation;

use jiff::ToSpan;
use jiff::civil::date;
use simulation::made::Country;
use simulation::{Order, count, deliver, kabupaten};

fn main() {
    let mut given = std::env::args().skip(1).map(|text| text.parse::<u32>().unwrap());
    let kelompok = given.next().unwrap_or(2000);
    let months = i32::try_from(given.next().unwrap_or(60)).unwrap();
    let seed = u64::from(given.next().unwrap_or(1));
    let country = Country::new(seed, kelompok, date(2021, 1, 1), months);
    let days = [country.end().saturating_sub(40.days()), country.end().saturating_sub(1.day())];
    let expected = days.map(|on| count::kabupaten(&country, on));
    println!("{kelompok} kelompok, {months} months: recounted");
    for order in [Order::Plain, Order::Shuffled] {
        let state = deliver(&country, order);
        for (on, expected) in days.iter().zip(&expected) {
            assert!(kabupaten(&state, *on) == *expected, "{order:?} on {on} differs");
            let cells: u32 = expected.values().map(|sum| sum.target).sum();
            println!("{order:?}, {on}: {} kabupaten, {cells} cells, the same", expected.len());
        }
    }
}
