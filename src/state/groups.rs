//! Kelompok and their pertemuan in the state.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::event::{Event, LineInfo, Receipt, SuspensionTarget};
use crate::ids::{AccountId, Mark};
use crate::kelompok::KelompokId;
use crate::kelompok::fakta::{Fakta, FaktaList, FaktaSesi};
use crate::kelompok::few::{Few, Rare};
use crate::kelompok::group::{HeadChange, HeadReason, Kelompok, Suspension};
use crate::kelompok::lineage::{Ended, Ending, Successor};
use crate::kelompok::pertemuan::{Pertemuan, PertemuanId};
use crate::kelompok::wilayah::{Kode, Zone};

use super::ids::key_of_text;
use super::{AreaSuspension, KelompokIx, State};

impl State {
    /// The kelompok with this id, whatever its case.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Kelompok> {
        self.group_ix(id).and_then(|ix| self.groups.get(ix as usize))
    }

    /// The dense number of a kelompok, whatever the case of its id.
    #[must_use]
    pub fn group_ix(&self, id: &str) -> Option<KelompokIx> {
        let mut found = self.group_ids.candidates_of(key_of_text(id));
        found.find(|ix| {
            let group = self.groups.get(*ix as usize);
            group.is_some_and(|group| group.id.as_str().eq_ignore_ascii_case(id))
        })
    }

    /// The kelompok with this dense number.
    #[must_use]
    pub fn group_at(&self, ix: KelompokIx) -> Option<&Kelompok> {
        self.groups.get(ix as usize)
    }

    /// Every kelompok, in the order in which they were entered.
    #[must_use]
    pub fn groups(&self) -> &[Kelompok] {
        &self.groups
    }

    /// The kelompok that belong to `area` by the last that is known of them, in tree order.
    pub fn groups_in(&self, area: Kode) -> impl Iterator<Item = &Kelompok> {
        self.by_area
            .range((area, 0)..(area.end(), 0))
            .filter_map(|(_, ix)| self.groups.get(*ix as usize))
    }

    /// The same by their dense numbers.
    pub fn numbers_in(&self, area: Kode) -> impl Iterator<Item = KelompokIx> {
        self.by_area.range((area, 0)..(area.end(), 0)).map(|(_, ix)| *ix)
    }

    /// The kelompok that belonged elsewhere on `on` than in the end, with where they belonged then.
    fn elsewhere(&self, on: Date) -> impl Iterator<Item = (Kode, KelompokIx)> {
        self.moved.iter().filter_map(move |ix| {
            let group = self.groups.get(*ix as usize)?;
            let home = group.home(on);
            (home != group.home(Date::MAX)).then_some((home, *ix))
        })
    }

    /// The kelompok that belonged to `area` on `on`, in tree order, by their dense numbers: those
    /// that moved there later are left out, those that moved away later are among them.
    #[must_use]
    pub fn numbers_on(&self, area: Kode, on: Date) -> Vec<KelompokIx> {
        let placed = self.placed_on(area, on);
        placed.into_iter().map(|(_, ix)| ix).collect()
    }

    /// The same, each with the place to which it belonged.
    pub(super) fn placed_on(&self, area: Kode, on: Date) -> Vec<(Kode, KelompokIx)> {
        let range = self.by_area.range((area, 0)..(area.end(), 0)).copied();
        let elsewhere: HashMap<KelompokIx, Kode> =
            self.elsewhere(on).map(|(home, ix)| (ix, home)).collect();
        if elsewhere.is_empty() {
            return range.collect();
        }
        let mut placed: Vec<(Kode, KelompokIx)> =
            range.filter(|(_, ix)| !elsewhere.contains_key(ix)).collect();
        let there = elsewhere.into_iter().map(|(ix, home)| (home, ix));
        placed.extend(there.filter(|(home, _)| area.contains(*home)));
        placed.sort_unstable();
        placed
    }

    /// The first at or behind `from` in the order of places on `on`.
    pub(super) fn next_placed(
        &self,
        from: (Kode, KelompokIx),
        on: Date,
    ) -> Option<(Kode, KelompokIx)> {
        let elsewhere = self.elsewhere(on).filter(|one| *one >= from);
        self.by_area.range(from..).next().copied().into_iter().chain(elsewhere).min()
    }

    /// Whether a kelompok belongs elsewhere on one of two days than on the other.
    pub(super) fn moves_between(&self, one: Date, other: Date) -> bool {
        self.moved
            .iter()
            .filter_map(|ix| self.groups.get(*ix as usize))
            .any(|group| group.home(one) != group.home(other))
    }

    /// The kelompok that belonged to `area` on `on`, in tree order.
    pub fn groups_on(&self, area: Kode, on: Date) -> impl Iterator<Item = &Kelompok> {
        self.numbers_on(area, on).into_iter().filter_map(|ix| self.groups.get(ix as usize))
    }

    /// The kelompok that ever belonged to `area`, those of the end first.
    pub fn ever_in(&self, area: Kode) -> impl Iterator<Item = KelompokIx> {
        let moved = self.moved.iter().copied().filter(move |ix| {
            self.groups.get(*ix as usize).is_some_and(|group| {
                !area.contains(group.home(Date::MAX))
                    && group.homes().any(|home| area.contains(home))
            })
        });
        self.numbers_in(area).chain(moved)
    }

    /// The same behind one of them, wherever that stands by now.
    pub fn numbers_behind(
        &self,
        area: Kode,
        last: Option<KelompokIx>,
    ) -> impl Iterator<Item = KelompokIx> {
        let last = last.and_then(|ix| Some((self.group_at(ix)?.home(Date::MAX), ix)));
        let from = last.map_or((area, 0), |(home, ix)| (home, ix.saturating_add(1)));
        // Behind everything of the area nothing is left.
        let end = (area.end(), 0);
        self.by_area.range(from.max((area, 0)).min(end)..end).map(|(_, ix)| *ix)
    }

    /// The kelompok that were ever given to an account to meet, whether it still meets them or not.
    pub fn given_to(&self, account: AccountId) -> impl Iterator<Item = &Kelompok> {
        let all = self.given.get(&account).map_or(&[][..], Vec::as_slice);
        all.iter().filter_map(|ix| self.groups.get(*ix as usize))
    }

    fn note_given(&mut self, account: Option<AccountId>, ix: KelompokIx) {
        if let Some(account) = account {
            let all = self.given.entry(account).or_default();
            if !all.contains(&ix) {
                all.push(ix);
            }
        }
    }

    /// The kelompok and the pertemuan with this id.
    #[must_use]
    pub fn pertemuan(&self, id: PertemuanId) -> Option<(&Kelompok, Fakta)> {
        self.pertemuan.candidates(id).find_map(|ix| {
            let group = self.groups.get(ix as usize)?;
            group.pertemuan(id).map(|fakta| (group, fakta))
        })
    }

    /// The suspensions that touch a kelompok: its own and those of the areas around it.
    #[must_use]
    pub fn suspensions_of<'a>(&'a self, group: &'a Kelompok, on: Date) -> Vec<&'a Suspension> {
        let home = group.home(on);
        self.suspensions
            .iter()
            .filter(|one| one.area.contains(home))
            .map(|one| &one.period)
            .chain(group.suspensions.iter().map(|(_, period)| period))
            .collect()
    }

    /// Whether pertemuan of the kelompok are suspended on `on`.
    #[must_use]
    pub fn suspended(&self, group: &Kelompok, on: Date) -> bool {
        self.suspensions_of(group, on).iter().any(|one| one.covers(on))
    }

    fn group_mut(&mut self, id: &KelompokId) -> Option<&mut Kelompok> {
        let ix = self.group_ix(id.as_str())?;
        self.groups.get_mut(ix as usize)
    }

    pub(super) fn apply_group(&mut self, info: &LineInfo, event: &Event) {
        match event {
            Event::KelompokCreated { .. } => self.create_group(info, event),
            Event::SuspensionStarted { target, from, to, .. } => {
                let period = Suspension { from: *from, to: *to };
                match target {
                    SuspensionTarget::Wilayah(area) => {
                        self.suspensions.push(AreaSuspension { id: info.seq, area: *area, period });
                    }
                    SuspensionTarget::Kelompok(id) => {
                        self.change(info, id, |group| {
                            group.suspensions.list().push((info.seq, period))
                        });
                    }
                }
            }
            Event::SuspensionEnded { suspension, to, kelompok } => {
                let area = self.suspensions.iter_mut().find(|one| one.id == *suspension);
                if let Some(one) = area {
                    one.period.to = Some(*to);
                    return;
                }
                let end = |group: &mut Kelompok| {
                    let all = group.suspensions.iter_mut();
                    for (_, period) in all.filter(|(id, _)| id == suspension) {
                        period.to = Some(*to);
                    }
                };
                match kelompok {
                    Some(id) => {
                        self.group_mut(id).map(end);
                    }
                    // Older journals do not say of which.
                    None => self.groups.iter_mut().for_each(end),
                }
            }
            Event::PertemuanRecorded { .. }
            | Event::PertemuanCorrected { .. }
            | Event::PertemuanWithdrawn { .. }
            | Event::PertemuanQuestioned { .. }
            | Event::PertemuanAnswered { .. }
            | Event::PertemuanSeparate { .. } => self.apply_pertemuan(info, event),
            other => self.change_group(info, other),
        }
    }

    fn create_group(&mut self, info: &LineInfo, event: &Event) {
        let Event::KelompokCreated { id, name, desa, members, start } = event else { return };
        let (id, name, desa) = (id.clone(), name.clone(), desa.clone());
        let (members, pendamping, seats) = (*members, None, Vec::new());
        self.enter(info, &Successor { id, name, desa, members, pendamping, seats }, *start);
    }

    /// Enters a kelompok that begins on `start`; one whose id is taken changes nothing.
    pub(super) fn enter(&mut self, info: &LineInfo, new: &Successor, start: Date) {
        let Successor { id, name, desa, members, pendamping, .. } = new;
        if self.group_ix(id.as_str()).is_some() {
            return;
        }
        let ix = KelompokIx::try_from(self.groups.len()).unwrap_or(KelompokIx::MAX);
        self.group_ids.insert_key(key_of_text(id.as_str()), ix);
        self.by_area.insert((desa.first().copied().unwrap_or(Kode::NASIONAL), ix));
        self.note_given(*pendamping, ix);
        let first =
            HeadChange { date: start, delta: i32::from(*members), reason: HeadReason::Awal };
        self.groups.push(Kelompok {
            id: id.clone(),
            name: name.clone(),
            desa: vec![(start, desa.clone().into())].into(),
            start,
            known: start.max(Zone::Wib.date(info.at)),
            end: None,
            heads: vec![first].into(),
            assigned: pendamping.iter().map(|account| (start, Some(*account))).collect(),
            suspensions: Rare::default(),
            seats: Rare::default(),
            origin: None,
            ending: None,
            fakta: FaktaList::default(),
            version: info.seq,
            last_seq: info.seq,
        });
    }

    pub(super) fn change(
        &mut self,
        info: &LineInfo,
        id: &KelompokId,
        with: impl FnOnce(&mut Kelompok),
    ) {
        if let Some(group) = self.group_mut(id) {
            with(group);
            group.version = info.seq;
            group.last_seq = info.seq;
        }
    }

    fn change_group(&mut self, info: &LineInfo, event: &Event) {
        match event {
            Event::KelompokRenamed { id, name } => {
                self.change(info, id, |group| group.name.clone_from(name));
            }
            Event::KelompokMoved { id, from, desa } => {
                let before = self.group(id.as_str()).map(|group| group.home(Date::MAX));
                self.change(info, id, |group| {
                    set_dated(&mut group.desa, *from, desa.clone().into());
                });
                let after = self.group(id.as_str()).map(|group| group.home(Date::MAX));
                if let (Some(before), Some(after), Some(ix)) =
                    (before, after, self.group_ix(id.as_str()))
                {
                    self.by_area.remove(&(before, ix));
                    self.by_area.insert((after, ix));
                    if self.group_at(ix).is_some_and(|group| group.desa.len() > 1) {
                        self.moved.insert(ix);
                    }
                }
            }
            Event::KelompokDissolved { id, on, .. } => {
                let (line, how, into) = (info.seq, Ended::Dissolved, Vec::new());
                self.change(info, id, |group| {
                    group.end = Some(*on);
                    group.ending = Some(Box::new(Ending { line, how, into }));
                });
            }
            Event::HeadChanged { kelompok, date, delta, reason, .. } => {
                let entry = HeadChange { date: *date, delta: *delta, reason: *reason };
                self.change(info, kelompok, |group| {
                    let at = group.heads.partition_point(|one| one.date <= entry.date);
                    group.heads.insert(at.max(1).min(group.heads.len()), entry);
                });
            }
            Event::PendampingAssigned { kelompok, from, account } => {
                if let Some(ix) = self.group_ix(kelompok.as_str()) {
                    self.note_given(*account, ix);
                }
                self.change(info, kelompok, |group| {
                    set_dated(&mut group.assigned, *from, *account);
                });
            }
            _ => {}
        }
    }

    fn apply_pertemuan(&mut self, info: &LineInfo, event: &Event) {
        match event {
            Event::PertemuanRecorded { id, digest, receipt, record } => {
                self.record(info, *id, ((*digest).into(), *receipt), record);
            }
            Event::PertemuanCorrected { id, record, .. } => {
                let Some(fresh) = self.fakta(info, *id, Mark::default(), record) else { return };
                self.change_facts(info, &record.kelompok, |facts| {
                    facts.change(*id, |old| {
                        *old = Fakta {
                            received: old.received,
                            author: old.author,
                            first_seq: old.first_seq,
                            corrected: true,
                            digest: old.digest,
                            not_double: old.not_double,
                            open_question: old.open_question,
                            ..fresh
                        };
                    })
                });
            }
            Event::PertemuanWithdrawn { id, kelompok, .. } => {
                self.mark(info, kelompok, *id, |fakta| {
                    fakta.withdrawn = true;
                    fakta.open_question = false;
                });
            }
            Event::PertemuanQuestioned { id, kelompok, .. } => {
                self.mark(info, kelompok, *id, |fakta| fakta.open_question = true);
            }
            Event::PertemuanAnswered { id, kelompok, .. } => {
                self.mark(info, kelompok, *id, |fakta| fakta.open_question = false);
            }
            Event::PertemuanSeparate { id, kelompok } => {
                self.mark(info, kelompok, *id, |fakta| fakta.not_double = true);
            }
            _ => {}
        }
    }

    fn mark(
        &mut self,
        info: &LineInfo,
        kelompok: &KelompokId,
        id: PertemuanId,
        with: impl FnOnce(&mut Fakta),
    ) {
        self.change_facts(info, kelompok, |facts| {
            facts.change(id, |fakta| {
                with(fakta);
                fakta.version = info.seq;
            })
        });
    }

    /// Changes the facts of a kelompok and keeps count of the memory that they take; `with` says
    /// whether it changed anything.
    fn change_facts(
        &mut self,
        info: &LineInfo,
        kelompok: &KelompokId,
        with: impl FnOnce(&mut FaktaList) -> bool,
    ) {
        if let Some(ix) = self.group_ix(kelompok.as_str()) {
            self.change_facts_at(info, ix, with);
        }
    }

    fn change_facts_at(
        &mut self,
        info: &LineInfo,
        ix: KelompokIx,
        with: impl FnOnce(&mut FaktaList) -> bool,
    ) {
        let Some(group) = self.groups.get_mut(ix as usize) else { return };
        let before = group.fakta.heap_bytes();
        if with(&mut group.fakta) {
            group.last_seq = info.seq;
        }
        let after = group.fakta.heap_bytes();
        self.unshelved.0 = (self.unshelved.0 + after).saturating_sub(before);
    }

    fn record(
        &mut self,
        info: &LineInfo,
        id: PertemuanId,
        (digest, receipt): (Mark, Receipt),
        record: &Pertemuan,
    ) {
        let Some(ix) = self.group_ix(record.kelompok.as_str()) else { return };
        let mut fakta = self.fakta_of(info, id, digest, record);
        fakta.received = received(info, receipt);
        self.pertemuan.insert(id, ix);
        self.change_facts_at(info, ix, |facts| {
            facts.insert(&fakta);
            true
        });
    }

    /// The facts of a record; none when its kelompok is unknown. A sesi that is unknown is left out.
    fn fakta(
        &self,
        info: &LineInfo,
        id: PertemuanId,
        digest: Mark,
        record: &Pertemuan,
    ) -> Option<Fakta> {
        self.group_ix(record.kelompok.as_str())?;
        Some(self.fakta_of(info, id, digest, record))
    }

    pub(super) fn fakta_of(
        &self,
        info: &LineInfo,
        id: PertemuanId,
        digest: Mark,
        record: &Pertemuan,
    ) -> Fakta {
        let kind = self.kinds.iter().position(|kind| *kind == record.kind);
        let mut sesi = Vec::with_capacity(record.sesi.len());
        sesi.extend(record.sesi.iter().filter_map(|taught| {
            Some(FaktaSesi {
                sesi: self.sesi_ix(&taught.sesi)?,
                extent: taught.extent,
                langkah: taught
                    .langkah
                    .iter()
                    .filter(|number| (1..=32).contains(*number))
                    .fold(0, |bits, number| bits | 1 << (number - 1)),
                source: taught.source,
            })
        }));
        Fakta {
            id,
            digest,
            date: record.date,
            kind: kind.and_then(|kind| u8::try_from(kind).ok()).unwrap_or(u8::MAX),
            attendance: record.attendance,
            absent_seats: record.absent_seats.clone().into_boxed_slice(),
            sesi: sesi.into_boxed_slice(),
            received: Some(info.at),
            author: info.by.unwrap_or(AccountId(0)),
            first_seq: info.seq,
            version: info.seq,
            withdrawn: false,
            not_double: false,
            open_question: false,
            corrected: false,
        }
    }
}

/// When a record of a line first reached someone's records.
pub(super) fn received(info: &LineInfo, receipt: Receipt) -> Option<Timestamp> {
    match receipt {
        Receipt::Line => Some(info.at),
        Receipt::At(at) => Some(at),
        Receipt::Unknown => None,
    }
}

/// Lets `value` hold from `from` on, in a list sorted by date; a second value of one day replaces.
fn set_dated<T>(entries: &mut Few<(Date, T)>, from: Date, value: T) {
    match entries.binary_search_by_key(&from, |(date, _)| *date) {
        Ok(at) => entries[at].1 = value,
        Err(at) => entries.insert(at, (from, value)),
    }
}
