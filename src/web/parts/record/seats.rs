//! The seats of a kelompok as boxes to tap: there, ill, or away.

use jiff::civil::Date;

use crate::kelompok::group::Kelompok;
use crate::kelompok::seats;
use crate::web::page::Form;

use super::parse::SEAT;

/// The boxes of a form; empty where members are not numbered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tapping {
    /// The boxes, by number.
    pub(crate) seats: Vec<Box>,
    /// Whether they are shown at once, because one was tapped or is wrong.
    pub(crate) open: bool,
}

/// One seat.
#[derive(Debug, Clone)]
pub(crate) struct Box {
    /// Its number.
    pub(crate) number: u16,
    /// Whether whoever sits there was ill.
    pub(crate) sick: bool,
    /// Whether that one was away without a word.
    pub(crate) absent: bool,
}

impl Tapping {
    /// The seats of a kelompok on a day, as they were tapped.
    pub(crate) fn of(group: &Kelompok, form: &Form, on: Date) -> Self {
        let seats: Vec<Box> = seats::active(&group.seats, on)
            .map(|seat| {
                let value = form.value(&format!("{SEAT}{}", seat.number));
                let (sick, absent) = (value == "sakit", value == "alfa");
                Box { number: seat.number, sick, absent }
            })
            .collect();
        let tapped = seats.iter().any(|seat| seat.sick || seat.absent);
        Self { open: tapped || form.error("absent_seats").is_some(), seats }
    }
}
