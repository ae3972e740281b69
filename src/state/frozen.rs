//! Frozen months in the state: their figures, and what every kelompok added to them at that time.
//!
//! What a kelompok added is not kept for all of them. It is set down once, just before something
//! changes that could make it differ; a kelompok without an entry adds today what it added then.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::event::{Event, LineInfo, Setting, SuspensionTarget};
use crate::kelompok::fakta::{Fakta, SesiIx};
use crate::kelompok::frozen::{FrozenRow, Number, Reason, Share};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month};
use crate::kelompok::wilayah::{Kode, Level, Zone};

use super::rollup::{Per, RowKey, Totals};
use super::{KelompokIx, State};

/// All frozen months.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frozen {
    /// The month in which the first kelompok was entered: none before it is ever frozen.
    since: Option<Month>,
    months: BTreeMap<Month, FrozenMonth>,
}

/// One frozen month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrozenMonth {
    /// Whether all of its areas are frozen.
    pub whole: bool,
    /// The figures of kabupaten and kecamatan, with the line that froze them and its time.
    pub rows: BTreeMap<Kode, FrozenEntry>,
    /// What kelompok added then; none for one that was not there yet.
    was: BTreeMap<KelompokIx, Option<Share>>,
}

/// One frozen row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Some of the hits of a difference, all for one reason and in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferencePart {
    /// Why.
    pub reason: Reason,
    /// Whether they count now and did not then.
    pub gain: bool,
    /// Which, in the order of the kelompok.
    pub hits: Vec<Hit>,
}

/// A figure of a frozen month, then and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As it was frozen.
    pub then: u32,
    /// On today's knowledge: `then`, with the gains and without the losses of the parts.
    pub now: u32,
    /// Why they differ; empty when nothing changed.
    pub parts: Vec<DifferencePart>,
}

/// Which kelompok, and from which month on, an event may make count otherwise.
enum Touch {
    Nothing,
    /// These, with all that came out of them, and so many that are about to be entered.
    Groups(Vec<KelompokIx>, usize, Month),
    Area(Kode, Month),
}

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
        while let Some((home, ix)) = self.by_area.range(from..).next().copied() {
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
                let row = row_of(*area, totals);
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
            Touch::Groups(mut all, fresh, from) => {
                // What a kelompok began with is worked out from its parents, so whatever changes
                // them changes it too.
                let mut at = 0;
                while let Some(ix) = all.get(at).copied() {
                    self.remember_group(ix, from);
                    let into = self.successors(ix);
                    all.extend(into.into_iter().filter(|ix| !all.contains(ix)).collect::<Vec<_>>());
                    at += 1;
                }
                for ix in self.groups.len()..self.groups.len() + fresh {
                    let ix = KelompokIx::try_from(ix).unwrap_or(KelompokIx::MAX);
                    for (_, frozen) in self.frozen.months.range_mut(from..) {
                        frozen.was.entry(ix).or_insert(None);
                    }
                }
            }
            Touch::Area(area, from) => {
                let inside = self.by_area.range((area, 0)..(area.end(), 0));
                let inside: Vec<KelompokIx> = inside.map(|(_, ix)| *ix).collect();
                for ix in inside {
                    self.remember_group(ix, from);
                }
            }
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
        let kabupaten = group.home(Date::MAX).at(Level::Kabupaten);
        let shares: Vec<(Month, Share)> = self
            .frozen
            .months
            .range(from..)
            .filter(|(_, frozen)| !frozen.was.contains_key(&ix))
            // While a month is being frozen, areas still to come are frozen as they will be then.
            .filter(|(_, frozen)| {
                frozen.whole || kabupaten.is_some_and(|area| frozen.rows.contains_key(&area))
            })
            .map(|(month, _)| (*month, self.share(group, *month)))
            .collect();
        for (month, share) in shares {
            if let Some(frozen) = self.frozen.months.get_mut(&month) {
                frozen.was.insert(ix, Some(share));
            }
        }
    }

    /// What an event may change. Events that can change no figure of a month that is over are
    /// named one by one, so that a new kind of event has to be thought about here.
    fn touch(&self, event: &Event) -> Touch {
        let group = |id: &crate::kelompok::KelompokId, from: Date| match self.group_ix(id.as_str())
        {
            Some(ix) => Touch::Groups(vec![ix], 0, Month::of(from)),
            None => Touch::Nothing,
        };
        let groups = |ids: &[crate::kelompok::KelompokId], fresh, from| {
            let all = ids.iter().filter_map(|id| self.group_ix(id.as_str())).collect();
            Touch::Groups(all, fresh, Month::of(from))
        };
        let old_date = |id| self.pertemuan(id).map(|(_, fakta)| fakta.date);
        match event {
            Event::KelompokCreated { start, .. } => groups(&[], 1, *start),
            Event::KelompokMerged { parents, on, .. } => groups(parents, 1, *on),
            Event::KelompokSplit { parent, into, on, .. } => {
                groups(std::slice::from_ref(parent), into.len(), *on)
            }
            Event::KelompokRestored { kelompok, .. } => groups(kelompok, 0, Date::MIN),
            // A move takes all of the past along: an area has the kelompok that belong to it today.
            Event::KelompokMoved { id, .. } => group(id, Date::MIN),
            Event::KelompokDissolved { id, on, .. } => {
                let old = self.group(id.as_str()).and_then(|group| group.end);
                group(id, old.map_or(*on, |old| old.min(*on)))
            }
            Event::PertemuanRecorded { record, .. } => group(&record.kelompok, record.date),
            Event::PertemuanCorrected { id, record, .. } => {
                let old = old_date(*id).unwrap_or(record.date);
                group(&record.kelompok, old.min(record.date))
            }
            Event::PertemuanWithdrawn { id, kelompok, .. } => {
                group(kelompok, old_date(*id).unwrap_or(Date::MIN))
            }
            Event::SuspensionStarted { target: SuspensionTarget::Kelompok(id), from, .. } => {
                group(id, *from)
            }
            Event::SuspensionStarted { target: SuspensionTarget::Wilayah(area), from, .. } => {
                Touch::Area(*area, Month::of(*from))
            }
            Event::SuspensionEnded { kelompok: Some(id), .. } => group(id, Date::MIN),
            Event::SuspensionEnded { suspension, .. } => self.touch_suspension(*suspension),
            Event::SettingChanged { from, setting } => match &**setting {
                Setting::Rules(_) => Touch::Area(Kode::NASIONAL, Month::of(*from)),
                Setting::Target(target) => Touch::Area(target.area, Month::of(target.from)),
                // A printed book only decides about a refresher, which counts as covered.
                Setting::PrintedBook { .. }
                | Setting::Crosswalk(_)
                | Setting::Tema(_)
                | Setting::FolioWidth(_)
                | Setting::PublicReading(_)
                | Setting::Holidays(_) => Touch::Nothing,
            },
            Event::SkemaLoaded { .. } => Touch::Area(Kode::NASIONAL, Month::of(Date::MIN)),
            Event::AccountCreated { .. }
            | Event::AccountChanged { .. }
            | Event::LinkCreated { .. }
            | Event::LinkUsed { .. }
            | Event::PasswordChanged { .. }
            | Event::LoginOpened { .. }
            | Event::LoginClosed { .. }
            // A renumbered place is the same place.
            | Event::WilayahEdition { .. }
            | Event::WilayahRetired { .. }
            | Event::WilayahRenumbered { .. }
            | Event::WilayahAliased { .. }
            | Event::WilayahLoaded { .. }
            | Event::HeadCheckResolved { .. }
            | Event::VisitLogged { .. }
            | Event::VisitCorrected { .. }
            | Event::VisitWithdrawn { .. }
            | Event::KelompokRenamed { .. }
            // Seats tell who was reached, and change no status.
            | Event::SeatsNumbered { .. }
            | Event::SeatsChanged { .. }
            // The members of the day stand in each record, so later head-counts change no figure.
            | Event::HeadChanged { .. }
            | Event::HeadChecked { .. }
            | Event::PendampingAssigned { .. }
            | Event::PertemuanQuestioned { .. }
            | Event::PertemuanAnswered { .. }
            | Event::PertemuanSeparate { .. }
            | Event::RevisionSubmitted { .. }
            | Event::RevisionReturned { .. }
            // A refresher counts as covered, so a new edition takes nothing away.
            | Event::EditionPublished { .. }
            | Event::MonthFrozen { .. }
            | Event::PlanChanged { .. }
            | Event::Redacted { .. } => Touch::Nothing,
        }
    }

    fn touch_suspension(&self, suspension: u64) -> Touch {
        if let Some(one) = self.suspensions.iter().find(|one| one.id == suspension) {
            return Touch::Area(one.area, Month::of(one.period.from));
        }
        let mut from = None;
        let own = (0..).zip(&self.groups).filter_map(|(ix, group)| {
            let (_, period) = group.suspensions.iter().find(|(id, _)| *id == suspension)?;
            from = Some(period.from);
            Some(ix)
        });
        let own: Vec<KelompokIx> = own.collect();
        from.map_or(Touch::Nothing, |from| Touch::Groups(own, 0, Month::of(from)))
    }

    /// What a kelompok adds to the figures of a month that is over, on today's knowledge.
    #[must_use]
    pub fn share(&self, group: &Kelompok, month: Month) -> Share {
        let on = month.last();
        let met = self.month_state(group, month, on);
        let home = group.home(Date::MAX);
        let mut share = Share {
            home,
            active: group.active(on),
            expected: met.expected,
            actual: met.actual,
            on_time: met.actual && met.on_time == Some(true),
            target: Box::default(),
            covered: Box::default(),
        };
        if share.active {
            let cells = self.cells(group, on);
            let covered =
                |ix: &SesiIx| cells.get(usize::from(*ix)).is_some_and(|cell| cell.status.covered());
            let mut target = self.target(home, on);
            target.sort_unstable();
            share.covered = target.iter().copied().filter(covered).collect();
            share.target = target.into_boxed_slice();
        }
        share
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

    /// A figure of `area` and a frozen month, then and now, with the reasons of the difference. None
    /// where nothing was frozen: another month, or a desa.
    #[must_use]
    pub fn difference(&self, area: Kode, month: Month, number: Number) -> Option<Difference> {
        let frozen = self.frozen.months.get(&month).filter(|frozen| frozen.whole)?;
        if area.level() > Level::Kecamatan {
            return None;
        }
        let rows = self.frozen_rows(area, month);
        let then = rows.iter().map(|entry| entry.row.number(number)).sum();
        let mut parts: BTreeMap<(Reason, bool), Vec<Hit>> = BTreeMap::new();
        for (ix, was) in &frozen.was {
            let Some(group) = self.groups.get(*ix as usize) else { continue };
            let now = self.share(group, month);
            let seq = was
                .as_ref()
                .and_then(|was| frozen.rows.get(&was.home.at(Level::Kabupaten)?))
                .map_or(0, |entry| entry.seq);
            let change = Change { state: self, group, month, seq, was: was.as_ref(), now: &now };
            for (sesi, gain) in change.hits(area, number) {
                let reason = change.reason(area, number, (sesi, gain));
                parts.entry((reason, gain)).or_default().push((*ix, sesi));
            }
        }
        let parts: Vec<DifferencePart> = parts
            .into_iter()
            .map(|((reason, gain), hits)| DifferencePart { reason, gain, hits })
            .collect();
        let sum = |gain: bool| -> usize {
            parts.iter().filter(|part| part.gain == gain).map(|part| part.hits.len()).sum()
        };
        let (gained, lost) = (sum(true) as u64, sum(false) as u64);
        let now =
            u32::try_from((u64::from(then) + gained).saturating_sub(lost)).unwrap_or(u32::MAX);
        Some(Difference { then, now, parts })
    }
}

fn row_of(area: Kode, totals: &Totals) -> FrozenRow {
    FrozenRow {
        area,
        groups: totals.groups,
        suspended: totals.suspended,
        covered: totals.cells.covered,
        target: totals.cells.target,
        expected: totals.month.expected,
        actual: totals.month.actual,
        on_time: totals.month.on_time,
        unknown_time: totals.month.unknown_time,
    }
}

/// One kelompok then and now.
struct Change<'a> {
    state: &'a State,
    group: &'a Kelompok,
    month: Month,
    /// The line that froze its area.
    seq: u64,
    was: Option<&'a Share>,
    now: &'a Share,
}

impl Change<'_> {
    /// With what it counts on one side only; `true` for now.
    fn hits(&self, area: Kode, number: Number) -> Vec<(Option<SesiIx>, bool)> {
        let was = self.was.filter(|was| area.contains(was.home));
        let now = Some(self.now).filter(|now| area.contains(now.home));
        if number.of_cells() {
            let was = was.map_or(&[][..], |was| was.sesi(number));
            let now = now.map_or(&[][..], |now| now.sesi(number));
            let gained = now.iter().filter(|ix| !was.contains(ix)).map(|ix| (Some(*ix), true));
            let lost = was.iter().filter(|ix| !now.contains(ix)).map(|ix| (Some(*ix), false));
            return gained.chain(lost).collect();
        }
        let counts = |share: Option<&Share>| share.is_some_and(|share| share.counts(number));
        match (counts(was), counts(now)) {
            (false, true) => vec![(None, true)],
            (true, false) => vec![(None, false)],
            _ => Vec::new(),
        }
    }

    fn reason(&self, area: Kode, number: Number, (sesi, gain): (Option<SesiIx>, bool)) -> Reason {
        let Some(was) = self.was else { return Reason::Kelompok };
        if area.contains(was.home) != area.contains(self.now.home) {
            return Reason::Pindah;
        }
        if number.of_cells() {
            if was.active != self.now.active {
                return Reason::Kelompok;
            }
            if sesi.is_some_and(|ix| was.target.contains(&ix) != self.now.target.contains(&ix)) {
                return Reason::Sasaran;
            }
        } else if was.expected != self.now.expected || number == Number::Groups {
            let suspended = self.now.active == was.active && number != Number::Groups;
            return if suspended { Reason::Penangguhan } else { Reason::Kelompok };
        }
        self.record_reason(number, (sesi, gain))
    }

    /// Which change of a record it was.
    fn record_reason(&self, number: Number, (sesi, gain): (Option<SesiIx>, bool)) -> Reason {
        let about = |fakta: &Fakta| match sesi {
            Some(ix) => {
                fakta.date <= self.month.last() && fakta.sesi.iter().any(|one| one.sesi == ix)
            }
            None => self.month.contains(fakta.date),
        };
        let setting = self.state.setting();
        let mut about = self.group.fakta.iter().filter(about);
        if gain {
            let zone = self.group.home(self.month.last()).zone();
            let late = about.any(|fakta| {
                fakta.first_seq > self.seq
                    && setting.counts(&fakta)
                    && (number != Number::OnTime
                        || rates::on_time(&fakta, zone, setting) == Some(true))
            });
            return if late { Reason::Menyusul } else { Reason::Dikoreksi };
        }
        let gone = about.any(|fakta| fakta.withdrawn && fakta.version > self.seq);
        if gone { Reason::Ditarik } else { Reason::Dikoreksi }
    }
}
