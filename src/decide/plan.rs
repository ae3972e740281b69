//! The plan of a kelompok, changed by hand, and the holidays around which plans go.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::{Command, HolidayChange, PlanChange};
use crate::curriculum::ids::SesiId;
use crate::event::{Event, Setting};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::plan::{Due, Pin};
use crate::kelompok::rates::Month;
use crate::kelompok::rules::{Holiday, Holidays};
use crate::kelompok::text::{self, MAX_SHORT_CHARS};
use crate::kelompok::wilayah::Kode;
use crate::state::{Ahead, PlanEdit, Quiet, State};

use super::{Context, FieldError, Refusal, days};

/// So many months ahead a sesi can be moved.
const MAX_AHEAD_MONTHS: u16 = 24;
/// The most holidays of one area.
const MAX_HOLIDAYS: usize = 60;
/// The longest holiday, in days.
const MAX_HOLIDAY_DAYS: i32 = 120;

/// What a change needs to know.
struct Ground<'a> {
    state: &'a State,
    group: &'a Kelompok,
    month: Month,
    ahead: Ahead,
    pins: Vec<Due>,
    out: Vec<SesiIx>,
}

pub(super) fn change(context: Context<'_>) -> Result<Event, Refusal> {
    let Command::ChangePlan { kelompok, change, version } = &context.request.command else {
        return Err(Refusal::NotFound("Rencana ini"));
    };
    let state = context.state;
    let latest = context.latest_today();
    let group = state
        .group(kelompok.as_str())
        .filter(|group| context.viewer.read_group(group, latest))
        .ok_or(Refusal::NotFound("Kelompok ini"))?;
    if !context.viewer.change_plan(group, latest) {
        return Err(Refusal::forbidden("mengubah rencana kelompok ini"));
    }
    let current = state.plan_state(group).map_or(0, |plan| plan.version);
    if current != *version {
        return Err(Refusal::Stale { current });
    }
    let home = group.home(Date::MAX);
    let today = home.zone().date(context.request.now);
    if !group.active(today) {
        return Err(Refusal::Conflict(
            "Kelompok ini tidak aktif, jadi rencananya tidak dapat diubah.".to_owned(),
        ));
    }
    let mut ground = Ground::of(state, group, today);
    ground.apply(change)?;
    Ok(ground.event())
}

impl<'a> Ground<'a> {
    fn of(state: &'a State, group: &'a Kelompok, today: Date) -> Self {
        let target = state.target(group.home(Date::MAX), today);
        let cells = state.cells(group, today);
        let ahead = state.ahead_for(group, &target, &cells, (today, MAX_AHEAD_MONTHS));
        let edit = state.plan_edit(group);
        let missing = |sesi: SesiIx| {
            ahead.month_of(sesi).is_some()
                || ahead.later.contains(&sesi)
                || ahead.out.contains(&sesi)
        };
        // What was taught meanwhile needs no choice any more.
        let (pins, out) = edit.map_or_else(Default::default, |edit: &PlanEdit| {
            let pins = edit.pins.iter().copied().filter(|pin| missing(pin.sesi)).collect();
            (pins, edit.out.iter().copied().filter(|sesi| missing(*sesi)).collect())
        });
        Self { state, group, month: Month::of(today), ahead, pins, out }
    }

    fn apply(&mut self, change: &PlanChange) -> Result<(), Refusal> {
        match change {
            PlanChange::Move { sesi, to } => {
                let ix = self.missing(sesi, "sesi")?;
                self.open(*to)?;
                self.pin(ix, *to);
            }
            PlanChange::Swap { sesi, with } => {
                let (one, other) = (self.missing(sesi, "sesi")?, self.missing(with, "with")?);
                let month = |ix, field: &str| {
                    self.ahead.month_of(ix).ok_or_else(|| {
                        let message = "Sesi ini belum mendapat bulan, jadi tidak dapat ditukar. Pindahkan dulu ke sebuah bulan.";
                        Refusal::invalid(field, message)
                    })
                };
                let (first, second) = (month(one, "sesi")?, month(other, "with")?);
                if first == second {
                    let message =
                        "Kedua sesi sudah di bulan yang sama. Pilih sesi dari bulan lain.";
                    return Err(Refusal::invalid("with", message));
                }
                self.pin(one, second);
                self.pin(other, first);
            }
            PlanChange::LeaveOut { sesi } => {
                let ix = self.missing(sesi, "sesi")?;
                self.forget(ix);
                self.out.push(ix);
            }
            PlanChange::PutBack { sesi } => {
                let ix = self.missing(sesi, "sesi")?;
                self.forget(ix);
            }
            PlanChange::Rearrange => {
                self.pins.clear();
                self.out.clear();
            }
        }
        Ok(())
    }

    /// A sesi of the target that is not covered yet.
    fn missing(&self, sesi: &SesiId, field: &str) -> Result<SesiIx, Refusal> {
        let ahead = &self.ahead;
        self.state
            .sesi_ix(sesi)
            .filter(|ix| {
                ahead.month_of(*ix).is_some() || ahead.later.contains(ix) || ahead.out.contains(ix)
            })
            .ok_or_else(|| {
                let message = "Sesi ini bukan sasaran kelompok, atau sudah tuntas. Pilih sesi lain dari rencana.";
                Refusal::invalid(field, message)
            })
    }

    /// Whether a month can still hold a pertemuan.
    fn open(&self, month: Month) -> Result<(), Refusal> {
        let refuse = |message: String| Err(Refusal::invalid("to", message));
        let first = self.ahead.months.first().map_or(self.month, |one| one.month);
        if month < first {
            return refuse(format!(
                "{} sudah lewat, atau kelompok ini sudah bertemu di bulan itu. Pilih {} atau sesudahnya.",
                tanggal::month(month.first()),
                tanggal::month(first.first())
            ));
        }
        if month > self.month.plus(MAX_AHEAD_MONTHS) {
            return refuse(format!(
                "Bulan itu terlalu jauh. Pilih paling lambat {}.",
                tanggal::month(self.month.plus(MAX_AHEAD_MONTHS).first())
            ));
        }
        let why = match self.state.quiet_month(self.group, month) {
            None => return Ok(()),
            Some(Quiet::Suspended) => "pertemuan ditangguhkan".to_owned(),
            Some(Quiet::Inactive) => "kelompok tidak aktif".to_owned(),
            Some(Quiet::Holiday(name)) => format!("libur {name}"),
        };
        let name = tanggal::month(month.first());
        refuse(format!("Pada {name} tidak ada pertemuan: {why}. Pilih bulan lain."))
    }

    fn forget(&mut self, ix: SesiIx) {
        self.pins.retain(|pin| pin.sesi != ix);
        self.out.retain(|out| *out != ix);
    }

    fn pin(&mut self, ix: SesiIx, month: Month) {
        self.forget(ix);
        self.pins.push(Due { month, sesi: ix });
    }

    fn event(self) -> Event {
        let id = |ix: &SesiIx| self.state.sesi_at(*ix).map(|sesi| sesi.id.clone());
        let pin = |pin: &Due| Some(Pin { sesi: id(&pin.sesi)?, month: pin.month });
        Event::PlanChanged {
            kelompok: self.group.id.clone(),
            from: self.month,
            pins: self.pins.iter().filter_map(pin).collect(),
            out: self.out.iter().filter_map(id).collect(),
        }
    }
}

/// One holiday more or less in the list of an area, from today on.
pub(super) fn change_holidays(
    context: Context<'_>,
    area: Kode,
    change: &HolidayChange,
    version: u64,
) -> Result<Event, Refusal> {
    if !context.viewer.change_holidays(area) {
        return Err(Refusal::forbidden("mengatur libur pertemuan di wilayah itu"));
    }
    let (today, current) = (context.today(), context.state.holidays_version(area));
    if version != current {
        return Err(Refusal::Stale { current });
    }
    let mut list = context.state.holidays_of(area).to_vec();
    match change {
        HolidayChange::Add(new) => {
            let name = new.name.trim().to_lowercase();
            if list.iter().any(|one| {
                (one.from, one.to) == (new.from, new.to) && one.name.to_lowercase() == name
            }) {
                let message = "Libur dengan nama dan hari yang sama sudah ada di daftar.";
                return Err(Refusal::invalid("nama", message));
            }
            list.push(new.clone());
        }
        // What lies behind was planned around and stays.
        HolidayChange::Remove(at) => {
            if list.get(*at).is_none_or(|one| one.to < today) {
                return Err(Refusal::NotFound("Libur ini"));
            }
            list.remove(*at);
        }
    }
    holidays(context, today, &Holidays { area, list })
}

/// Checks the holidays of an area. What lies behind stays as it was, since plans of the past rest
/// on it.
pub(super) fn holidays(
    context: Context<'_>,
    from: Date,
    holidays: &Holidays,
) -> Result<Event, Refusal> {
    if !context.viewer.change_holidays(holidays.area) {
        return Err(Refusal::forbidden("mengatur libur pertemuan di wilayah itu"));
    }
    let mut errors = Vec::new();
    let today = context.today();
    let kept = context.state.holidays_of(holidays.area);
    if let Some(message) = days::unlikely(from, today) {
        errors.push(FieldError::new("from", message));
    }
    if from < today {
        errors.push(FieldError::new(
            "from",
            "Setelan tidak dapat berlaku surut. Pilih tanggal hari ini atau sesudahnya.",
        ));
    }
    if holidays.list.len() > MAX_HOLIDAYS {
        let message = format!("Paling banyak {MAX_HOLIDAYS} libur untuk satu wilayah.");
        errors.push(FieldError::new("nama", message));
    }
    let mut list: Vec<Holiday> = Vec::with_capacity(holidays.list.len());
    for one in &holidays.list {
        if one.to < one.from {
            let message = "Hari terakhir harus sama dengan atau sesudah hari pertama.";
            errors.push(FieldError::new("sampai", message));
        } else if tanggal::days_between(one.from, one.to) >= MAX_HOLIDAY_DAYS {
            let message = format!(
                "Libur paling lama {MAX_HOLIDAY_DAYS} hari. Untuk waktu yang lebih lama, tangguhkan pertemuannya."
            );
            errors.push(FieldError::new("sampai", message));
        }
        // What an older journal holds can stay, and can go.
        if !kept.contains(one) {
            for (field, day) in [("dari", one.from), ("sampai", one.to)] {
                let wrong = days::unlikely_in_plan(day, today);
                errors.extend(wrong.map(|message| FieldError::new(field, message)));
            }
        }
        match text::clean(&one.name, MAX_SHORT_CHARS) {
            Ok(name) if name.is_empty() => {
                errors.push(FieldError::new("nama", "Tulis nama liburnya, misalnya Idulfitri."));
            }
            Ok(name) => list.push(Holiday { name, ..one.clone() }),
            Err(error) => errors.push(FieldError::new("nama", error.to_string())),
        }
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    list.sort_by_key(|one| (one.from, one.to));
    let setting = Setting::Holidays(Holidays { area: holidays.area, list });
    Ok(Event::SettingChanged { from, setting: Box::new(setting) })
}
