//! Seats: the numbers of a paper list, who sat where from when to when, and what each has missed.
//!
//! A seat is a number and two days, never a person. What it owes follows from the pertemuan alone.

use std::rc::Rc;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::coverage::Setting;
use super::fakta::{Fakta, FaktaSesi, SesiIx};
use super::pertemuan::Extent;

/// One numbered seat. Numbers begin at 1 and are never given out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its number.
    pub number: u16,
    /// The first day.
    pub from: Date,
    /// The last day, once someone left.
    pub to: Option<Date>,
}

impl Seat {
    /// Whether someone sits there on `on`.
    #[must_use]
    pub fn active(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    /// Whether whoever sits there came to a pertemuan; none where nobody can say.
    #[must_use]
    pub fn came(&self, fakta: &Fakta) -> Option<bool> {
        if fakta.date < self.from {
            Some(false)
        } else if self.active(fakta.date) && has_sheet(fakta) {
            Some(fakta.absent_seats.binary_search(&self.number).is_err())
        } else {
            None
        }
    }
}

/// Whether a pertemuan tells of every seat whether it came: all members are accounted for, and each
/// of those who did not come by number.
#[must_use]
pub fn has_sheet(fakta: &Fakta) -> bool {
    let counts = fakta.attendance;
    let away = u32::from(counts.sick) + u32::from(counts.absent);
    u32::from(counts.present) + away == u32::from(counts.members)
        && fakta.absent_seats.len() == away as usize
}

/// The seats on which someone sits on `on`.
pub fn active(seats: &[Seat], on: Date) -> impl Iterator<Item = &Seat> {
    seats.iter().filter(move |seat| seat.active(on))
}

/// The number that the next new seat gets.
#[must_use]
pub fn next_number(seats: &[Seat]) -> u16 {
    seats.iter().map(|seat| seat.number).max().unwrap_or(0).saturating_add(1)
}

/// Opens new seats from `date` on.
pub fn open(seats: &mut Vec<Seat>, date: Date, numbers: &[u16]) {
    for number in numbers {
        if let Err(at) = seats.binary_search_by_key(number, |seat| seat.number) {
            seats.insert(at, Seat { number: *number, from: date, to: None });
        }
    }
}

/// Ends seats: `date` is the first day on which nobody sits there.
pub fn close(seats: &mut [Seat], date: Date, numbers: &[u16]) {
    for seat in seats.iter_mut().filter(|seat| numbers.contains(&seat.number)) {
        seat.to = Some(date.saturating_sub(1.day()));
    }
}

/// How whoever sits on a seat now was seen in one kelompok of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On this seat.
    Seat(Seat),
    /// Among members whom nobody numbered.
    Unnumbered,
    /// Not at all: these are pertemuan of another kelompok, with which theirs was merged.
    Elsewhere,
}

/// The pertemuan of one kelompok in a seat's past.
#[derive(Debug, Clone)]
pub struct Stay {
    /// Where whoever sits on the seat now was then.
    pub place: Place,
    /// The pertemuan, by date; shared by the seats of a kelompok.
    pub fakta: Rc<[Fakta]>,
}

/// Why a seat owes a sesi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It was taught before anyone sat there; the last such day.
    Joined(Date),
    /// It was taught on this day, and whoever sits there was not present; the last such day.
    Absent(Date),
    /// It was taught on this day in another kelompok, with which theirs was merged.
    Elsewhere(Date),
}

/// What one seat has had of one sesi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// It was there at least once when the sesi was taught.
    pub reached: bool,
    /// What it has missed and not had since.
    pub owes: Option<Why>,
    /// A counted pertemuan of the sesi does not tell which seats came.
    pub unknown: bool,
}

/// What a seat has had of a sesi up to `on`; `past` is sorted: ancestors first.
///
/// Only counted pertemuan make a debt. Any pertemuan of a kind that counts can settle one, also one
/// with the few who had missed it. Where a pertemuan does not tell who came, it does neither.
#[must_use]
pub fn standing(past: &[Stay], sesi: SesiIx, on: Date, setting: Setting<'_>) -> Standing {
    let mut had = Had::default();
    for stay in past {
        for fakta in stay.fakta.iter().filter(|one| one.date <= on && settles(one, setting)) {
            if let Some(taught) = fakta.sesi.iter().find(|one| one.sesi == sesi) {
                had.add(stay.place, fakta, *taught, setting);
            }
        }
    }
    had.standing
}

/// Whether a pertemuan can settle a debt: it took place, and its kind counts.
fn settles(fakta: &Fakta, setting: Setting<'_>) -> bool {
    !fakta.withdrawn
        && fakta.attendance.present > 0
        && setting.kind(fakta).is_some_and(|kind| kind.counts)
}

#[derive(Default)]
struct Had {
    standing: Standing,
    /// All of the sesi, by what the sheets say.
    whole: bool,
    /// It was taught to the end among unnumbered members.
    heard: bool,
    /// A part that belongs to the next "tuntas" was missed.
    missed_part: bool,
    /// Langkah that it was there for, by generation.
    ticked: Vec<(u16, u32)>,
}

impl Had {
    fn add(&mut self, place: Place, fakta: &Fakta, taught: FaktaSesi, setting: Setting<'_>) {
        let counted = setting.counts(fakta);
        let seat = match place {
            Place::Seat(seat) => seat,
            Place::Unnumbered => {
                self.heard |= counted && taught.extent == Extent::Tuntas;
                self.standing.unknown |= counted;
                return;
            }
            Place::Elsewhere => {
                if counted && !self.whole && !self.heard && self.standing.owes.is_none() {
                    self.standing.owes = Some(Why::Elsewhere(fakta.date));
                }
                return;
            }
        };
        match seat.came(fakta) {
            Some(true) => {
                self.standing.reached = true;
                let alone = taught.extent == Extent::Tuntas && !self.missed_part;
                if alone || self.ticks(taught, fakta.date, setting) {
                    self.whole = true;
                    self.standing.owes = None;
                }
            }
            Some(false) if counted => {
                if !self.whole {
                    self.standing.owes = Some(if fakta.date < seat.from {
                        Why::Joined(fakta.date)
                    } else {
                        Why::Absent(fakta.date)
                    });
                }
                self.missed_part |= taught.extent == Extent::Sebagian;
            }
            Some(false) => {}
            None => self.standing.unknown |= counted,
        }
        if counted && taught.extent == Extent::Tuntas {
            self.missed_part = false;
        }
    }

    /// Whether the langkah for which the seat was there add up to all of them.
    fn ticks(&mut self, taught: FaktaSesi, on: Date, setting: Setting<'_>) -> bool {
        let Some(info) = setting.sesi.get(usize::from(taught.sesi)) else { return false };
        let edition = taught.source.edition().and_then(|number| info.edition(number));
        let langkah = u32::from(edition.map_or(0, |edition| edition.langkah).min(32));
        if taught.langkah == 0 || langkah == 0 {
            return false;
        }
        let generation = info.generation(taught.source, on);
        let at = self.ticked.iter().position(|(of, _)| *of == generation).unwrap_or_else(|| {
            self.ticked.push((generation, 0));
            self.ticked.len() - 1
        });
        self.ticked[at].1 |= taught.langkah;
        let all = u32::MAX >> (32 - langkah);
        self.ticked[at].1 & all == all
    }
}

#[cfg(test)]
#[path = "seats_tests.rs"]
mod tests;
