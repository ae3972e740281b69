//! Frozen months in the state: their figures, and what every kelompok added to them at that time.
//!
//! What a kelompok added is not kept for all of them. It is set down once, just before something
//! changes that could make it differ; a kelompok without an entry adds today what it added then.

mod touch;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::{Event, LineInfo};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::frozen::{FrozenRow, Number, Share};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::{Kode, Level, Zone};

use self::touch::{Touch, fresh_homes};
use super::rollup::{Per, RowKey};
use super::{KelompokIx, State};

/// All frozen months.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Frozen {
    /// The month in which the first kelompok was entered: none before it is ever frozen.
    since: Option<Month>,
    pub(super) months: BTreeMap<Month, FrozenMonth>,
}

/// One frozen month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FrozenMonth {
    /// Whether all of its areas are frozen.
    pub whole: bool,
    /// The figures of kabupaten and kecamatan, with the line that froze them and its time.
    pub rows: BTreeMap<Kode, FrozenEntry>,
    /// What kelompok added then; none for one that was not there yet.
    pub(super) was: BTreeMap<KelompokIx, Option<Share>>,
}

/// One frozen row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenEntry {
    /// The journal line.
    pub seq: u64,
    /// When it was frozen.
    pub at: Timestamp,
    /// The figures.
    pub row: FrozenRow,
}

/// What is to be frozen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreezeDue {
    /// The month.
    pub month: Month,
    /// Behind this kabupaten; none for the beginning.
    pub after: Option<Kode>,
}

/// A kelompok, or one of its sesi, that counts now and did not then, or the other way round.
pub type Hit = (KelompokIx, Option<SesiIx>);

impl Frozen {
    /// The frozen months, oldest first.
    pub fn months(&self) -> impl Iterator<Item = (Month, &FrozenMonth)> {
        self.months.iter().map(|(month, frozen)| (*month, frozen))
    }
}

impl State {
    /// Every frozen month.
    #[must_use]
    pub fn frozen(&self) -> &Frozen {
        &self.frozen
    }

    /// The first month that is over on `today` (WIB, where a month ends last) and not frozen yet.
    #[must_use]
    pub fn freeze_due(&self, today: Date) -> Option<FreezeDue> {
        let due = match self.frozen.months.last_key_value() {
            Some((month, frozen)) if !frozen.whole => {
                let kabupaten =
                    frozen.rows.keys().rev().find(|area| area.level() == Level::Kabupaten);
                FreezeDue { month: *month, after: kabupaten.copied() }
            }
            Some((month, _)) => FreezeDue { month: month.next(), after: None },
            None => FreezeDue { month: self.frozen.since?, after: None },
        };
        (due.month.last() < today).then_some(due)
    }

    /// The figures of a month for each kabupaten with kelompok behind `after`, each followed by its
    /// kecamatan: at least one kabupaten, and further ones up to `most` rows. Also says whether
    /// those are all.
    #[must_use]
    pub fn freeze_rows(
        &self,
        month: Month,
        after: Option<Kode>,
        most: usize,
    ) -> (Vec<FrozenRow>, bool) {
        let mut rows: Vec<FrozenRow> = Vec::new();
        let mut from = after.map_or((Kode::NASIONAL, 0), |area| (area.end(), 0));
        while let Some((home, ix)) = self.next_placed(from, month.last()) {
            let Some(kabupaten) = home.at(Level::Kabupaten) else {
                // A kelompok without a place belongs to no area.
                from = (home, ix + 1);
                continue;
            };
            from = (kabupaten.end(), 0);
            let below = self.rollup(kabupaten, Per::Level(Level::Kecamatan), month.last());
            if below.is_empty() {
                continue;
            }
            if !rows.is_empty() && rows.len() + below.len() >= most {
                return (rows, false);
            }
            let at = rows.len();
            rows.push(FrozenRow::empty(kabupaten));
            for (key, totals) in &below {
                let RowKey::Place(area) = key else { continue };
                let row = totals.frozen(*area);
                rows[at].merge(&row);
                rows.push(row);
            }
        }
        (rows, true)
    }

    pub(super) fn apply_frozen(&mut self, info: &LineInfo, event: &Event) {
        let Event::MonthFrozen { month, rows, whole } = event else { return };
        let frozen = self.frozen.months.entry(*month).or_default();
        frozen.whole |= whole;
        for row in rows {
            frozen.rows.insert(row.area, FrozenEntry { seq: info.seq, at: info.at, row: *row });
        }
    }

    /// Sets down what kelompok add to frozen months, if this event may change that. To be called
    /// before the event is folded in.
    pub(super) fn remember(&mut self, info: &LineInfo, event: &Event) {
        if let Event::KelompokCreated { .. } = event {
            let month = Month::of(Zone::Wib.date(info.at));
            let since = self.frozen.since.get_or_insert(month);
            *since = month.min(*since);
        }
        if self.frozen.months.is_empty() {
            return;
        }
        match self.touch(event) {
            Touch::Nothing => {}
            Touch::Groups(all, fresh, from) => {
                self.remember_all(all, from);
                let homes = fresh_homes(event);
                for (at, ix) in (self.groups.len()..self.groups.len() + fresh).enumerate() {
                    let ix = KelompokIx::try_from(ix).unwrap_or(KelompokIx::MAX);
                    let area = homes.get(at).and_then(|home| home.at(Level::Kabupaten));
                    for (_, frozen) in self.frozen.months.range_mut(from..) {
                        // An area still to come is frozen with it.
                        let done = area.is_some_and(|area| frozen.rows.contains_key(&area));
                        if frozen.whole || done {
                            frozen.was.entry(ix).or_insert(None);
                        }
                    }
                }
            }
            Touch::Area(area, from) => {
                let inside: Vec<KelompokIx> = self.ever_in(area).collect();
                for ix in inside {
                    self.remember_group(ix, from);
                }
            }
        }
    }

    /// The same for pertemuan of these kelompok from a day on.
    pub(super) fn remember_groups(&mut self, all: Vec<KelompokIx>, from: Date) {
        self.remember_all(all, Month::of(from));
    }

    /// What a kelompok began with is worked out from its parents, so whatever changes them changes
    /// it too.
    fn remember_all(&mut self, mut all: Vec<KelompokIx>, from: Month) {
        let mut at = 0;
        while let Some(ix) = all.get(at).copied() {
            self.remember_group(ix, from);
            let into = self.successors(ix);
            all.extend(into.into_iter().filter(|ix| !all.contains(ix)).collect::<Vec<_>>());
            at += 1;
        }
    }

    /// The kelompok that came out of one.
    fn successors(&self, ix: KelompokIx) -> Vec<KelompokIx> {
        let ending = self.groups.get(ix as usize).and_then(|group| group.ending.as_ref());
        let into = ending.iter().flat_map(|ending| &ending.into);
        into.filter_map(|id| self.group_ix(id.as_str())).collect()
    }

    fn remember_group(&mut self, ix: KelompokIx, from: Month) {
        let Some(group) = self.groups.get(ix as usize) else { return };
        let done = |month: Month, frozen: &FrozenMonth| {
            let kabupaten = group.home(month.last()).at(Level::Kabupaten);
            kabupaten.is_some_and(|area| frozen.rows.contains_key(&area))
        };
        let shares: Vec<(Month, Share)> = self
            .frozen
            .months
            .range(from..)
            .filter(|(_, frozen)| !frozen.was.contains_key(&ix))
            // While a month is being frozen, areas still to come are frozen as they will be then.
            .filter(|(month, frozen)| frozen.whole || done(**month, frozen))
            .map(|(month, _)| (*month, self.share(group, *month)))
            .collect();
        for (month, share) in shares {
            if let Some(frozen) = self.frozen.months.get_mut(&month) {
                frozen.was.insert(ix, Some(share));
            }
        }
    }

    /// What a kelompok adds to the figures of a month that is over, on today's knowledge.
    #[must_use]
    pub fn share(&self, group: &Kelompok, month: Month) -> Share {
        self.share_on(group, month, month.last())
    }

    /// What a kelompok adds to the figures of `month` up to and as of `on`, a day of it.
    #[must_use]
    pub fn share_on(&self, group: &Kelompok, month: Month, on: Date) -> Share {
        let met = self.month_state(group, month, on);
        let home = group.home(on);
        let mut share = Share {
            home,
            active: group.active(on),
            suspended: group.active(on) && self.suspended(group, on),
            expected: met.expected,
            actual: met.actual,
            on_time: met.actual && met.on_time == Some(true),
            unknown_time: met.actual && met.on_time.is_none(),
            target: Box::default(),
            covered: Box::default(),
        };
        if share.active {
            let cells = self.statuses(group, on);
            let covered =
                |ix: &SesiIx| cells.get(usize::from(*ix)).is_some_and(|cell| cell.status.covered());
            let mut target = self.target(home, on);
            target.sort_unstable();
            share.covered = target.iter().copied().filter(covered).collect();
            share.target = target.into_boxed_slice();
        }
        share
    }

    /// Lets frozen months go by the new codes of places, as everything else does. To be called when
    /// the kelompok go by them already. Only kabupaten in which a code changed are added up again.
    pub(super) fn renumber_frozen(&mut self, map: &BTreeMap<Kode, Kode>) {
        let mut touched: Vec<Kode> = map
            .iter()
            .flat_map(|(old, new)| [old, new])
            .filter_map(|code| code.at(Level::Kabupaten))
            .collect();
        touched.sort_unstable();
        touched.dedup();
        let months: Vec<Month> = self.frozen.months.keys().copied().collect();
        for month in months {
            let Some(mut frozen) = self.frozen.months.remove(&month) else { continue };
            for was in frozen.was.values_mut().flatten() {
                was.home = map.get(&was.home).copied().unwrap_or(was.home);
            }
            self.add_up_again(month, &mut frozen, &touched);
            self.frozen.months.insert(month, frozen);
        }
    }

    /// The rows of these kabupaten and their kecamatan, from what every kelompok added then.
    fn add_up_again(&self, month: Month, frozen: &mut FrozenMonth, kabupaten: &[Kode]) {
        let inside = |home: Kode| kabupaten.iter().any(|area| area.contains(home));
        let Some(sample) = frozen.rows.values().next().copied() else { return };
        let old: Vec<Kode> = frozen.rows.keys().copied().filter(|area| inside(*area)).collect();
        let said = old.first().and_then(|area| frozen.rows.get(area)).copied().unwrap_or(sample);
        for area in old {
            frozen.rows.remove(&area);
        }
        let mut rows: BTreeMap<Kode, FrozenRow> = BTreeMap::new();
        let mut add = |share: &Share| {
            for level in [Level::Kabupaten, Level::Kecamatan] {
                if let Some(area) = share.home.at(level) {
                    rows.entry(area).or_insert_with(|| FrozenRow::empty(area)).add(share);
                }
            }
        };
        frozen.was.values().flatten().filter(|was| inside(was.home)).for_each(&mut add);
        for (ix, group) in (0..).zip(&self.groups) {
            if inside(group.home(month.last())) && !frozen.was.contains_key(&ix) {
                add(&self.share(group, month));
            }
        }
        for (area, row) in rows {
            frozen.rows.insert(area, FrozenEntry { row, ..said });
        }
    }

    /// The frozen rows of the parts of `area` that make it up: itself where it is a kabupaten or
    /// kecamatan, its kabupaten where it is larger. Empty for a month that is not frozen.
    #[must_use]
    pub fn frozen_rows(&self, area: Kode, month: Month) -> Vec<FrozenEntry> {
        let Some(frozen) = self.frozen.months.get(&month).filter(|frozen| frozen.whole) else {
            return Vec::new();
        };
        let level = area.level().max(Level::Kabupaten);
        frozen
            .rows
            .range(area..area.end())
            .filter(|(place, _)| place.level() == level)
            .map(|(_, entry)| *entry)
            .collect()
    }

    /// The figures of `area` and a frozen month on today's knowledge. Looks only at kelompok of which
    /// something changed since. None where nothing was frozen: another month, or a desa.
    #[must_use]
    pub fn frozen_now(&self, area: Kode, month: Month) -> Option<FrozenRow> {
        let frozen = self.frozen.months.get(&month).filter(|frozen| frozen.whole)?;
        if area.level() > Level::Kecamatan {
            return None;
        }
        let mut then = FrozenRow::empty(area);
        for entry in self.frozen_rows(area, month) {
            then.merge(&entry.row);
        }
        let (mut without, mut with) = (FrozenRow::empty(area), FrozenRow::empty(area));
        for (ix, was) in &frozen.was {
            if let Some(was) = was.as_ref().filter(|was| area.contains(was.home)) {
                without.add(was);
            }
            if let Some(group) = self.groups.get(*ix as usize)
                && area.contains(group.home(month.last()))
            {
                with.add(&self.share(group, month));
            }
        }
        Some(then.exchange(&without, &with))
    }

    /// What counted in a figure of `area` and a frozen month when it was frozen, in tree order; as
    /// many as the figure says.
    #[must_use]
    pub fn frozen_hits(&self, area: Kode, month: Month, number: Number) -> Vec<Hit> {
        let Some(frozen) = self.frozen.months.get(&month).filter(|frozen| frozen.whole) else {
            return Vec::new();
        };
        let same = self.numbers_on(area, month.last()).into_iter();
        let same = same.filter(|ix| !frozen.was.contains_key(ix)).filter_map(|ix| {
            self.groups.get(ix as usize).map(|group| (ix, self.share(group, month)))
        });
        let was = frozen.was.iter().filter_map(|(ix, was)| Some((*ix, was.clone()?)));
        let mut all: Vec<(KelompokIx, Share)> =
            same.chain(was.filter(|(_, was)| area.contains(was.home))).collect();
        all.sort_by_key(|(ix, share)| (share.home, *ix));
        let mut hits = Vec::new();
        for (ix, share) in &all {
            if share.counts(number) {
                hits.push((*ix, None));
            }
            hits.extend(share.sesi(number).iter().map(|sesi| (*ix, Some(*sesi))));
        }
        hits
    }
}
