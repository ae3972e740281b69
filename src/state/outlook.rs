//! What lies before a kelompok: its plan, the sesi that comes next, how far it is behind.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::{Event, LineInfo};
use crate::kelompok::coverage::Cell;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::{Kelompok, Suspension};
use crate::kelompok::plan::{self, Behind, Due, Phase};
use crate::kelompok::rates::{self, Month};
use crate::kelompok::rules::{Holiday, Holidays};
use crate::kelompok::wilayah::Kode;

use super::State;

/// So many months ahead a plan is made.
pub(super) const AHEAD_MONTHS: u16 = 12;
/// A plan by its first months looks so many months further than it has sesi, so that a long
/// suspension still fits.
const SPARE_MONTHS: u16 = 36;

/// A change by hand: what was chosen from a month on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEdit {
    /// The first month that may be different from before.
    pub from: Month,
    /// Every sesi whose month was chosen.
    pub pins: Vec<Due>,
    /// Every sesi that was left out.
    pub out: Vec<SesiIx>,
}

/// The plan of a kelompok as far as it was changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanState {
    /// The line of the last change; the version that the next one must name.
    pub version: u64,
    /// That line with its time and author.
    pub last: LineInfo,
    /// The changes, oldest first, one for each month in which there were any.
    pub edits: Vec<PlanEdit>,
}

/// Why a month holds no pertemuan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quiet {
    /// Before the first or behind the last day of the kelompok for most of the month.
    Inactive,
    /// Suspended for most of it.
    Suspended,
    /// On holiday for most of it.
    Holiday(String),
}

/// One month of the plan that lies ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AheadMonth {
    /// The month.
    pub month: Month,
    /// What is planned; mostly one sesi.
    pub sesi: Vec<SesiIx>,
    /// Why there is no pertemuan in it.
    pub quiet: Option<Quiet>,
}

/// The plan that lies ahead of a kelompok.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ahead {
    /// Month by month, the first that can still hold a pertemuan first.
    pub months: Vec<AheadMonth>,
    /// What is missing and does not fit into those months.
    pub later: Vec<SesiIx>,
    /// What is missing and was left out by hand.
    pub out: Vec<SesiIx>,
}

impl Ahead {
    /// The sesi that comes next.
    #[must_use]
    pub fn next(&self) -> Option<SesiIx> {
        let planned = self.months.iter().find_map(|month| month.sesi.first());
        planned.or_else(|| self.later.first()).copied()
    }

    /// The month in which a sesi is planned.
    #[must_use]
    pub fn month_of(&self, sesi: SesiIx) -> Option<Month> {
        self.months.iter().find(|month| month.sesi.contains(&sesi)).map(|month| month.month)
    }
}

impl State {
    pub(super) fn apply_plan(&mut self, info: &LineInfo, event: &Event) {
        let Event::PlanChanged { kelompok, from, pins, out } = event else { return };
        let Some(ix) = self.group_ix(kelompok.as_str()) else { return };
        let pin = |pin: &plan::Pin| Some(Due { month: pin.month, sesi: self.sesi_ix(&pin.sesi)? });
        let edit = PlanEdit {
            from: *from,
            pins: pins.iter().filter_map(pin).collect(),
            out: out.iter().filter_map(|sesi| self.sesi_ix(sesi)).collect(),
        };
        if let Some(group) = self.groups.get_mut(ix as usize) {
            group.last_seq = info.seq;
        }
        let plan = self.plans.entry(ix).or_insert_with(|| PlanState {
            version: info.seq,
            last: *info,
            edits: Vec::new(),
        });
        plan.version = info.seq;
        plan.last = *info;
        // Of one month only the last word counts; what came before was never due.
        plan.edits.retain(|old| old.from < edit.from);
        plan.edits.push(edit);
    }

    pub(super) fn set_holidays(&mut self, from: Date, holidays: &Holidays) {
        self.holidays.push((from, holidays.clone()));
    }

    /// The holidays of exactly this area as they were last set, by their first day.
    #[must_use]
    pub fn holidays_of(&self, area: Kode) -> &[Holiday] {
        let last = self.holidays.iter().rev().find(|(_, one)| one.area == area);
        last.map_or(&[], |(_, one)| one.list.as_slice())
    }

    /// How often the holidays of exactly this area were set; rises with each change.
    #[must_use]
    pub fn holidays_version(&self, area: Kode) -> u64 {
        self.holidays.iter().filter(|(_, one)| one.area == area).count() as u64
    }

    /// The holiday of a place on a day. What was set later never changes the days before it.
    #[must_use]
    pub fn holiday(&self, home: Kode, on: Date) -> Option<&Holiday> {
        let mut areas: Vec<Kode> = Vec::new();
        for (from, one) in self.holidays.iter().rev() {
            if *from > on || !one.area.contains(home) || areas.contains(&one.area) {
                continue;
            }
            areas.push(one.area);
            if let Some(found) = one.list.iter().find(|holiday| holiday.covers(on)) {
                return Some(found);
            }
        }
        None
    }

    /// The plan of a kelompok as far as it was changed by hand.
    #[must_use]
    pub fn plan_state(&self, group: &Kelompok) -> Option<&PlanState> {
        if self.plans.is_empty() {
            return None;
        }
        self.plans.get(&self.group_ix(group.id.as_str())?)
    }

    /// What is chosen by hand now.
    #[must_use]
    pub fn plan_edit(&self, group: &Kelompok) -> Option<&PlanEdit> {
        self.plan_state(group).and_then(|plan| plan.edits.last())
    }

    /// Why a month holds no pertemuan of a kelompok; none when it does.
    #[must_use]
    pub fn quiet_month(&self, group: &Kelompok, month: Month) -> Option<Quiet> {
        self.quiet(group, &self.suspensions_of(group, Date::MAX), month)
    }

    /// The same with the suspensions of the kelompok and of the areas around it.
    fn quiet(&self, group: &Kelompok, suspensions: &[&Suspension], month: Month) -> Option<Quiet> {
        let setting = self.setting();
        if !rates::expected(group, suspensions, month, setting) {
            let active = rates::expected(group, &[], month, setting);
            return Some(if active { Quiet::Suspended } else { Quiet::Inactive });
        }
        if self.holidays.is_empty() {
            return None;
        }
        let home = group.home(Date::MAX);
        let mut days = 0;
        let mut name = None;
        let mut day = month.first();
        loop {
            if let Some(holiday) = self.holiday(home, day) {
                days += 1;
                name = Some(&holiday.name);
            }
            if day >= month.last() {
                break;
            }
            day = day.tomorrow().unwrap_or(Date::MAX);
        }
        let mostly = days * 2 > i32::from(month.last().day());
        name.filter(|_| mostly).map(|name| Quiet::Holiday(name.clone()))
    }

    /// The month in which a plan begins: the first of the kelompok, or, of one that met before it was
    /// entered here, the first of which anything is known. What it was given in the months before
    /// nobody can say, so nothing was due in them.
    #[must_use]
    pub fn plan_start(&self, group: &Kelompok) -> Month {
        let (start, known) = (Month::of(group.start), Month::of(group.known));
        if known <= start {
            return start;
        }
        let recorded = group.fakta.iter().find(|fakta| !fakta.withdrawn);
        recorded.map_or(known, |first| Month::of(first.date).clamp(start, known))
    }

    /// By what the plan is laid from month to month: the target sets in force one after another,
    /// and the changes by hand.
    fn phases(&self, group: &Kelompok, target: &[SesiIx], on: Date) -> Vec<Phase> {
        let home = group.home(Date::MAX);
        let start = self.plan_start(group);
        let mut from: Vec<(Month, Date)> = vec![(start, start.last())];
        for set in self.targets.iter().filter(|set| set.area.contains(home) && set.from <= on) {
            from.push((Month::of(set.from).max(start), set.from));
        }
        let edits = self.plan_state(group).map_or(&[][..], |plan| plan.edits.as_slice());
        for edit in edits {
            from.push((edit.from.max(start), edit.from.first()));
        }
        from.sort_unstable();
        from.dedup_by_key(|(month, _)| *month);
        let single = self.targets.is_empty();
        from.into_iter()
            .map(|(month, _)| {
                let edit = edits.iter().rev().find(|edit| edit.from <= month);
                let order = if single {
                    target.to_vec()
                } else {
                    // A set that begins within the month holds for all of it.
                    let mut order = self.target(home, month.last().min(on));
                    order.retain(|sesi| target.contains(sesi));
                    order
                };
                Phase {
                    from: month,
                    order,
                    pins: edit.map_or_else(Vec::new, |edit| edit.pins.clone()),
                    out: edit.map_or_else(Vec::new, |edit| edit.out.clone()),
                }
            })
            .collect()
    }

    /// When each sesi of `target`, which is in force on `on`, is due: one a month from
    /// [`State::plan_start`] on, around months without a pertemuan, with what was chosen by hand; up
    /// to and with the month `last`.
    #[must_use]
    pub fn plan_until(
        &self,
        group: &Kelompok,
        target: &[SesiIx],
        (on, last): (Date, Month),
    ) -> Vec<Due> {
        let suspensions = self.suspensions_of(group, Date::MAX);
        plan::lay(&self.phases(group, target, on), last, |month| {
            self.quiet(group, &suspensions, month).is_none()
        })
    }

    /// The same as far as there are sesi.
    #[must_use]
    pub fn plan(&self, group: &Kelompok, target: &[SesiIx]) -> Vec<Due> {
        let sesi = u16::try_from(target.len()).unwrap_or(u16::MAX);
        let start = self.plan_start(group);
        let edited = self.plan_edit(group).map_or(start, |edit| edit.from);
        let last = edited.plus(sesi.saturating_add(SPARE_MONTHS));
        self.plan_until(group, target, (Date::MAX, last))
    }

    /// How far behind its plan a kelompok is on `on`; nothing while it is not active.
    #[must_use]
    pub fn behind(&self, group: &Kelompok, target: &[SesiIx], cells: &[Cell], on: Date) -> Behind {
        let covered =
            |ix: SesiIx| cells.get(usize::from(ix)).is_some_and(|cell| cell.status.covered());
        self.behind_by(group, target, covered, on)
    }

    /// The same where it is known of each sesi whether it is covered.
    pub(super) fn behind_by(
        &self,
        group: &Kelompok,
        target: &[SesiIx],
        covered: impl Fn(SesiIx) -> bool,
        on: Date,
    ) -> Behind {
        let done = target.iter().filter(|ix| covered(**ix)).count();
        if done == target.len() || !group.active(on) {
            return Behind::default();
        }
        // What was left out is neither due nor done, unless it was due before that.
        let out = self.plan_edit(group).map_or(&[][..], |edit| edit.out.as_slice());
        let last = Month::of(on).previous();
        let plan = self.plan_until(group, target, (on, last));
        let skipped = |ix: &&SesiIx| out.contains(ix) && !plan.iter().any(|due| due.sesi == **ix);
        let left_out = target.iter().filter(|ix| covered(**ix)).filter(skipped).count();
        plan::behind(&plan, done - left_out, covered, on)
    }

    /// The plan that lies ahead: what is missing on `on`, for a year, around months without a
    /// pertemuan, with what was chosen by hand. The running month is in it until the kelompok met.
    #[must_use]
    pub fn ahead(&self, group: &Kelompok, target: &[SesiIx], cells: &[Cell], on: Date) -> Ahead {
        self.ahead_for(group, target, cells, (on, AHEAD_MONTHS))
    }

    /// The same for so many months.
    #[must_use]
    pub fn ahead_for(
        &self,
        group: &Kelompok,
        target: &[SesiIx],
        cells: &[Cell],
        (on, months): (Date, u16),
    ) -> Ahead {
        let missing = plan::missing(target, cells);
        if missing.is_empty() {
            return Ahead::default();
        }
        let edit = self.plan_edit(group);
        let month = Month::of(on);
        let from = if self.month_state(group, month, on).actual { month.next() } else { month };
        let phase = Phase {
            from,
            pins: edit.map_or_else(Vec::new, |edit| edit.pins.clone()),
            out: edit.map_or_else(Vec::new, |edit| edit.out.clone()),
            order: missing,
        };
        let suspensions = self.suspensions_of(group, Date::MAX);
        let last = from.plus(months.saturating_sub(1));
        let mut ahead = Ahead::default();
        let mut at = from;
        while at <= last {
            let quiet = self.quiet(group, &suspensions, at);
            ahead.months.push(AheadMonth { month: at, sesi: Vec::new(), quiet });
            at = at.next();
        }
        let meets =
            |month: Month| ahead.months.iter().any(|one| one.month == month && one.quiet.is_none());
        let plan = plan::lay(std::slice::from_ref(&phase), last, meets);
        for due in &plan {
            if let Some(one) = ahead.months.iter_mut().find(|one| one.month == due.month) {
                one.sesi.push(due.sesi);
            }
        }
        for sesi in phase.order {
            if phase.out.contains(&sesi) {
                ahead.out.push(sesi);
            } else if !plan.iter().any(|due| due.sesi == sesi) {
                ahead.later.push(sesi);
            }
        }
        ahead
    }

    /// The sesi that comes next by the plan; none when nothing is missing.
    #[must_use]
    pub fn next_sesi(
        &self,
        group: &Kelompok,
        target: &[SesiIx],
        cells: &[Cell],
        on: Date,
    ) -> Option<SesiIx> {
        self.ahead_for(group, target, cells, (on, 3)).next()
    }

    /// The langkah of the live text of a sesi that were ticked in counted pertemuan up to `on`:
    /// bit `n - 1` stands for langkah `n`.
    #[must_use]
    pub fn ticked(&self, group: &Kelompok, sesi: SesiIx, on: Date) -> u32 {
        let setting = self.setting();
        let Some(info) = self.sesi_info(sesi) else { return 0 };
        let live = info.live(on).map_or(0, |edition| edition.generation);
        let inherited = self.base(group, on).get(usize::from(sesi)).map_or(0, |of| of.ticked(live));
        group
            .fakta
            .iter()
            .filter(|fakta| fakta.date <= on && setting.counts(fakta))
            .flat_map(|fakta| fakta.sesi.into_iter().map(move |taught| (fakta.date, taught)))
            .filter(|(date, taught)| {
                taught.sesi == sesi && info.generation(taught.source, *date) == live
            })
            .fold(inherited, |bits, (_, taught)| bits | taught.langkah)
    }
}
