//! Merging, splitting and undoing kelompok, their seats, and what they bring along of their past.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::civil::Date;

use crate::event::{Event, LineInfo};
use crate::kelompok::KelompokId;
use crate::kelompok::coverage::{self, Cell, Progress};
use crate::kelompok::fakta::{Fakta, FaktaList, SesiIx};
use crate::kelompok::group::Kelompok;
use crate::kelompok::lineage::{self, Ended, Ending, Origin, Successor};
use crate::kelompok::seats::{self, Place, Seat, Standing, Stay, Why};

use super::{KelompokIx, State};

/// Ancestors are followed so far back. A merge makes a new kelompok, so there is no circle.
const MAX_GENERATIONS: u8 = 12;

/// A sesi that a seat owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The seat.
    pub seat: u16,
    /// The sesi.
    pub sesi: SesiIx,
    /// Why.
    pub why: Why,
}

/// The pertemuan of kelompok, unpacked once.
#[derive(Debug, Default)]
struct Facts(HashMap<Box<str>, Rc<[Fakta]>>);

impl Facts {
    fn of(&mut self, group: &Kelompok) -> Rc<[Fakta]> {
        let known = self.0.entry(group.id.folded());
        Rc::clone(
            known.or_insert_with(|| group.fakta.iter().filter(|one| !one.withdrawn).collect()),
        )
    }
}

/// The past of a seat while it is put together.
struct Gathering<'a> {
    facts: &'a mut Facts,
    stays: Vec<Stay>,
}

impl State {
    pub(super) fn apply_life(&mut self, info: &LineInfo, event: &Event) {
        match event {
            // Nothing comes out of a kelompok that nobody knows.
            Event::KelompokMerged { parents, .. }
                if parents.iter().any(|id| self.group(id.as_str()).is_none()) => {}
            Event::KelompokSplit { parent, .. } if self.group(parent.as_str()).is_none() => {}
            Event::KelompokMerged { parents, into, on, .. } => {
                for parent in parents {
                    let into = vec![into.id.clone()];
                    self.end(info, parent, *on, (Ended::Merged, into));
                }
                self.succeed(info, parents.clone(), into, *on);
            }
            Event::KelompokSplit { parent, into, on, .. } => {
                let ids = into.iter().map(|one| one.id.clone()).collect();
                self.end(info, parent, *on, (Ended::Split, ids));
                for one in into {
                    self.succeed(info, vec![parent.clone()], one, *on);
                }
            }
            Event::KelompokRestored { line, kelompok, .. } => {
                for id in kelompok {
                    self.change(info, id, |group| restore(group, *line, info.seq));
                }
            }
            Event::SeatsNumbered { kelompok, count, .. } => {
                // Nobody can say since when each of today's members has been one, so all are taken
                // to have been there from the start: no debt is made up.
                self.change(info, kelompok, |group| {
                    let numbers: Vec<u16> = (1..=*count).collect();
                    seats::open(group.seats.list(), group.start, &numbers);
                });
            }
            Event::SeatsChanged { kelompok, date, opened, closed } => {
                self.change(info, kelompok, |group| {
                    seats::open(group.seats.list(), *date, opened);
                    seats::close(group.seats.list(), *date, closed);
                });
            }
            _ => {}
        }
    }

    fn end(
        &mut self,
        info: &LineInfo,
        id: &KelompokId,
        on: Date,
        (how, into): (Ended, Vec<KelompokId>),
    ) {
        self.change(info, id, |group| {
            group.end = Some(on);
            group.ending = Some(Box::new(Ending { line: info.seq, how, into }));
        });
    }

    fn succeed(&mut self, info: &LineInfo, parents: Vec<KelompokId>, new: &Successor, on: Date) {
        self.enter(info, new, on);
        self.change(info, &new.id, |group| {
            let numbers: Vec<u16> =
                if new.seats.is_empty() { Vec::new() } else { (1..=new.members).collect() };
            seats::open(group.seats.list(), on, &numbers);
            let (line, seats) = (info.seq, new.seats.clone());
            group.origin = Some(Box::new(Origin { line, parents, seats }));
            // What those were given out of which it came is known.
            group.known = on;
        });
    }

    /// The parents of a kelompok, in the order to which its seats refer.
    pub fn parents<'a>(&'a self, group: &'a Kelompok) -> impl Iterator<Item = &'a Kelompok> {
        let parents = group.origin.iter().flat_map(|origin| &origin.parents);
        parents.filter_map(|id| self.group(id.as_str()))
    }

    /// How far a kelompok is with every sesi on `on`, with what it began with, by dense number of
    /// the sesi. `fakta` are its pertemuan, or those of them that are to be looked at.
    #[must_use]
    pub fn progress(&self, group: &Kelompok, fakta: &FaktaList, on: Date) -> Vec<Progress> {
        coverage::progress(self.base(group, on), fakta, on, self.setting())
    }

    /// What a kelompok began with; empty for one that was entered, and before its first day.
    pub(super) fn base(&self, group: &Kelompok, on: Date) -> Vec<Progress> {
        if group.origin.is_none() {
            Vec::new()
        } else {
            self.inherited(group, on, &mut HashMap::new())
        }
    }

    /// The same; `known` holds what ancestors came to, so that each is worked out once.
    fn inherited(
        &self,
        group: &Kelompok,
        on: Date,
        known: &mut HashMap<KelompokIx, Vec<Progress>>,
    ) -> Vec<Progress> {
        if group.origin.is_none() || on < group.start {
            return Vec::new();
        }
        let mut parents: Vec<(Vec<Progress>, u16)> = Vec::new();
        for parent in self.parents(group) {
            let Some(ix) = self.group_ix(parent.id.as_str()) else { continue };
            let of = match known.get(&ix) {
                Some(of) => of.clone(),
                None => {
                    let base = self.inherited(parent, on, known);
                    let of = coverage::progress(base, &parent.fakta, on, self.setting());
                    known.insert(ix, of.clone());
                    of
                }
            };
            let last = group.start.yesterday().unwrap_or(group.start);
            parents.push((of, parent.members(last)));
        }
        (0..self.setting().sesi.len())
            .map(|at| {
                let of = |(all, members): &(Vec<Progress>, u16)| {
                    (all.get(at).cloned().unwrap_or_default(), *members)
                };
                lineage::together(&parents.iter().map(of).collect::<Vec<_>>())
            })
            .collect()
    }

    /// Puts the share of seats reached into cells, where members are numbered. Where a counted
    /// pertemuan does not tell who came, the better of both shares stands.
    pub(super) fn reach_by_seats(&self, group: &Kelompok, cells: &mut [Cell], on: Date) {
        let all: Vec<&Seat> = seats::active(&group.seats, on).collect();
        let Ok(whole) = u16::try_from(all.len()) else { return };
        if whole == 0 {
            return;
        }
        let mut facts = Facts::default();
        let pasts: Vec<Vec<Stay>> =
            all.iter().map(|seat| self.past(group, seat, &mut facts)).collect();
        for (sesi, cell) in (0..).zip(cells) {
            let Some((present, members)) = cell.reach else { continue };
            let standings: Vec<Standing> =
                pasts.iter().map(|past| seats::standing(past, sesi, on, self.setting())).collect();
            let reached = standings.iter().filter(|one| one.reached).count();
            let reached = u16::try_from(reached).unwrap_or(whole);
            let unknown = standings.iter().any(|one| one.unknown);
            let better =
                u32::from(reached) * u32::from(members) >= u32::from(present) * u32::from(whole);
            if !unknown || better {
                cell.reach = Some((reached, whole));
            }
        }
    }

    /// Where whoever sits on a seat now was in the past.
    fn past(&self, group: &Kelompok, seat: &Seat, facts: &mut Facts) -> Vec<Stay> {
        let mut gathering = Gathering { facts, stays: Vec::new() };
        self.gather(group, Place::Seat(*seat), &mut gathering, 0);
        gathering.stays
    }

    fn gather(&self, group: &Kelompok, place: Place, into: &mut Gathering<'_>, depth: u8) {
        if let Some(origin) = group.origin.as_deref().filter(|_| depth < MAX_GENERATIONS) {
            let moved = match place {
                Place::Seat(seat) => origin.seats.iter().find(|one| one.new == seat.number),
                _ => None,
            };
            let mut others = Vec::new();
            for (at, parent) in (0..).zip(self.parents(group)) {
                let numbered = origin.seats.iter().any(|one| one.parent == at);
                let there = match (place, moved) {
                    (Place::Elsewhere, _) => Place::Elsewhere,
                    (_, Some(one)) if one.parent == at => parent
                        .seats
                        .iter()
                        .find(|seat| seat.number == one.old)
                        .map_or(Place::Unnumbered, |seat| Place::Seat(*seat)),
                    (_, Some(_)) => Place::Elsewhere,
                    // Who came later was in none of them.
                    (Place::Seat(seat), None) if seat.from > group.start => place,
                    // Numbered first in the child: from one of the parents that had no numbers.
                    (Place::Seat(_), None) if numbered => Place::Elsewhere,
                    _ => Place::Unnumbered,
                };
                if there == Place::Elsewhere {
                    others.push(parent);
                } else {
                    self.gather(parent, there, into, depth + 1);
                }
            }
            for parent in others {
                self.gather(parent, Place::Elsewhere, into, depth + 1);
            }
        }
        let fakta = into.facts.of(group);
        into.stays.push(Stay { place, fakta });
    }

    /// The sesi that the seats of a kelompok owe on `on`, by seat, then by dense number of the sesi.
    ///
    /// Where members are not numbered, it speaks of the numbers that were named as absent.
    #[must_use]
    pub fn owed(&self, group: &Kelompok, on: Date) -> Vec<Owed> {
        let seats = if group.seats.is_empty() { named(group) } else { group.seats.to_vec() };
        let setting = self.setting();
        let mut owed = Vec::new();
        let mut facts = Facts::default();
        for seat in seats::active(&seats, on) {
            let past = self.past(group, seat, &mut facts);
            for sesi in 0..SesiIx::try_from(setting.sesi.len()).unwrap_or(SesiIx::MAX) {
                if let Some(why) = seats::standing(&past, sesi, on, setting).owes {
                    owed.push(Owed { seat: seat.number, sesi, why });
                }
            }
        }
        owed
    }
}

/// The numbers that pertemuan named as absent.
fn named(group: &Kelompok) -> Vec<Seat> {
    let mut seats = Vec::new();
    for fakta in group.fakta.iter().filter(|one| !one.withdrawn) {
        seats::open(&mut seats, group.start, &fakta.absent_seats);
    }
    seats
}

/// Takes back what `line` did to a kelompok: those that ended go on, those that began never did.
fn restore(group: &mut Kelompok, line: u64, seq: u64) {
    if group.ending.as_ref().is_some_and(|ending| ending.line == line) {
        (group.end, group.ending) = (None, None);
    } else if group.origin.as_ref().is_some_and(|origin| origin.line == line) {
        group.end = Some(group.start);
        group.ending = Some(Box::new(Ending { line: seq, how: Ended::Undone, into: Vec::new() }));
    }
}
