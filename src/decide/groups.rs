//! Kelompok: entering, members, hand-over, suspensions, the end.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::event::{Event, SuspensionTarget};
use crate::kelompok::KelompokId;
use crate::kelompok::group::{HeadReason, Kelompok};
use crate::kelompok::seats;
use crate::kelompok::text::{self, MAX_SHORT_CHARS, MAX_TEXT_CHARS};
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::account::{Account, Role};
use crate::private::Private;
use crate::state::State;

use super::pertemuan::MAX_PEOPLE;
use super::{Context, FieldError, Refusal, days};

/// The most desa of one kelompok.
pub(super) const MAX_DESA: usize = 8;

pub(super) fn decide(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    match &context.request.command {
        Command::CreateGroup { .. } => create(context),
        Command::RenameGroup { id, name, version } => {
            let group = managed(context, id)?;
            current(group, *version)?;
            let name = name_of(name).map_err(|error| Refusal::Invalid(vec![error]))?;
            Ok(vec![Event::KelompokRenamed { id: group.id.clone(), name }])
        }
        Command::ChangeHeads { .. } => heads(context),
        Command::Assign { kelompok, from, account, version } => {
            let group = managed(context, kelompok)?;
            current(group, *version)?;
            if let Some(message) = days::outside(group, *from, context.latest_today()) {
                return Err(Refusal::invalid("from", message));
            }
            if let Some(account) = account {
                pendamping(context.state, *account, group.all_desa(*from))?;
            }
            Ok(vec![Event::PendampingAssigned {
                kelompok: group.id.clone(),
                from: *from,
                account: *account,
            }])
        }
        Command::Dissolve { kelompok, on, reason, version } => {
            let group = managed(context, kelompok)?;
            current(group, *version)?;
            super::life::may_end(group, *on, context.latest_today())
                .map_err(|message| Refusal::invalid("on", message))?;
            let reason = reason_of(reason)?;
            Ok(vec![Event::KelompokDissolved { id: group.id.clone(), on: *on, reason }])
        }
        Command::Suspend { .. } => suspend(context),
        Command::Resume { suspension, to, kelompok } => {
            resume(context, (*suspension, kelompok.as_ref()), *to)
        }
        _ => Ok(Vec::new()),
    }
}

pub(super) fn readable<'a>(context: Context<'a>, id: &KelompokId) -> Result<&'a Kelompok, Refusal> {
    context
        .state
        .group(id.as_str())
        .filter(|group| context.viewer.read_group(group, context.latest_today()))
        .ok_or(Refusal::NotFound("Kelompok ini"))
}

pub(super) fn managed<'a>(context: Context<'a>, id: &KelompokId) -> Result<&'a Kelompok, Refusal> {
    let group = readable(context, id)?;
    if context.viewer.manage_groups(group.home(context.latest_today())) {
        Ok(group)
    } else {
        Err(Refusal::forbidden("mengubah data kelompok ini"))
    }
}

pub(super) fn current(group: &Kelompok, version: u64) -> Result<(), Refusal> {
    if group.version == version { Ok(()) } else { Err(Refusal::Stale { current: group.version }) }
}

pub(super) fn reason_of(reason: &str) -> Result<Private, Refusal> {
    match text::clean(reason, MAX_TEXT_CHARS) {
        Ok(text) if text.is_empty() => Err(Refusal::invalid("reason", "Tulis alasannya.")),
        Ok(text) => Ok(Private::from(text)),
        Err(error) => Err(Refusal::invalid("reason", error.to_string())),
    }
}

/// The name of a kelompok, if it can be one.
pub(super) fn name_of(name: &str) -> Result<String, FieldError> {
    match text::clean(name, MAX_SHORT_CHARS) {
        Ok(name) if name.is_empty() => Err(FieldError::new("nama", "Tulis nama kelompok.")),
        Ok(name) => Ok(name),
        Err(error) => Err(FieldError::new("nama", error.to_string())),
    }
}

/// Checks the desa of a kelompok; the error says which one is wrong.
pub(super) fn check_desa(state: &State, desa: &[Kode]) -> Result<(), FieldError> {
    let wrong = |message: String| Err(FieldError::new("kode_desa", message));
    if desa.is_empty() || desa.len() > MAX_DESA {
        return wrong(format!("Sebutkan 1 sampai {MAX_DESA} desa."));
    }
    for one in desa {
        if one.level() != Level::Desa {
            return wrong(format!("Kode {one} bukan kode desa. Contoh: 16.02.05.1001."));
        }
        if !state.wilayah.contains_key(one) {
            return wrong(format!(
                "Desa {one} belum ada di daftar wilayah. Impor wilayahnya lebih dulu."
            ));
        }
    }
    Ok(())
}

/// Checks that an account may be given a kelompok of these desa.
pub(super) fn pendamping(
    state: &State,
    account: crate::ids::AccountId,
    desa: &[Kode],
) -> Result<(), Refusal> {
    match state.account(account) {
        Some(account) if works_near(account, desa) && account.disabled => {
            Err(Refusal::invalid("pendamping", disabled_words(account)))
        }
        Some(account) if works_near(account, desa) => Ok(()),
        // Who works elsewhere is not told apart from who is no pendamping.
        _ => Err(Refusal::invalid(
            "pendamping",
            "Akun itu bukan pendamping di kabupaten ini. Pilih pendamping dari daftar.",
        )),
    }
}

/// `Akun “siti” nonaktif. ...`
pub(super) fn disabled_words(account: &Account) -> String {
    format!("Akun “{}” nonaktif. Pilih pendamping lain.", account.login)
}

/// What is wrong with the number of members and the first day of a kelompok that is to be entered.
pub(super) fn check_begin(
    members: u16,
    start: Date,
    today: Date,
) -> impl Iterator<Item = FieldError> {
    let anggota = match members {
        0 => Some("Tulis jumlah anggotanya, paling sedikit 1.".to_owned()),
        1..=MAX_PEOPLE => None,
        _ => Some(format!("Jumlah {members} terlalu besar. Paling banyak {MAX_PEOPLE} anggota.")),
    };
    let mulai = days::unlikely(start, today);
    let wrong = [("anggota", anggota), ("mulai", mulai)];
    wrong.into_iter().filter_map(|(field, message)| Some(FieldError::new(field, message?)))
}

/// Whether an account works as pendamping in a kabupaten of these desa: who is given a kelompok may
/// read all of it.
pub(super) fn works_near(account: &Account, desa: &[Kode]) -> bool {
    let near = |area: Kode, desa: Kode| {
        let kabupaten = area.at(Level::Kabupaten);
        area.contains(desa) || (kabupaten.is_some() && kabupaten == desa.at(Level::Kabupaten))
    };
    let mut grants = account.grants.iter().filter(|grant| grant.role == Role::Pendamping);
    grants.any(|grant| desa.iter().any(|desa| near(grant.area, *desa)))
}

fn create(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::CreateGroup { id, name, desa, members, start, pendamping } =
        &context.request.command
    else {
        return Ok(Vec::new());
    };
    let state = context.state;
    let home = desa.first().copied().unwrap_or(Kode::NASIONAL);
    if !context.viewer.manage_groups(home) {
        return Err(Refusal::forbidden("menambah kelompok di wilayah itu"));
    }
    let mut errors = Vec::new();
    if state.group(id.as_str()).is_some() {
        let message = format!("Id kelompok “{id}” sudah dipakai. Pilih id lain.");
        errors.push(FieldError::new("id", message));
    }
    let name = name_of(name).map_err(|error| errors.push(error)).unwrap_or_default();
    if let Err(error) = check_desa(state, desa) {
        errors.push(error);
    }
    errors.extend(check_begin(*members, *start, context.latest_today()));
    let account = match pendamping {
        None => None,
        Some(login) => match state.account_by_login(login) {
            Some(account) if works_near(account, desa) && account.disabled => {
                errors.push(FieldError::new("pendamping", disabled_words(account)));
                None
            }
            Some(account) if works_near(account, desa) => Some(account.id),
            _ => {
                let message =
                    format!("Tidak ada pendamping di kabupaten ini dengan nama masuk “{login}”.");
                errors.push(FieldError::new("pendamping", message));
                None
            }
        },
    };
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let created = Event::KelompokCreated {
        id: id.clone(),
        name,
        desa: desa.clone(),
        members: *members,
        start: *start,
    };
    let assigned = account.map(|account| Event::PendampingAssigned {
        kelompok: id.clone(),
        from: *start,
        account: Some(account),
    });
    Ok(std::iter::once(created).chain(assigned).collect())
}

fn heads(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::ChangeHeads { kelompok, date, delta, reason, note, seats, version } =
        &context.request.command
    else {
        return Ok(Vec::new());
    };
    let group = readable(context, kelompok)?;
    let today = context.latest_today();
    if !context.viewer.change_heads(group, today) {
        return Err(Refusal::forbidden("mengubah jumlah anggota kelompok ini"));
    }
    current(group, *version)?;
    let mut errors = Vec::new();
    if let Some(end) = group.end.filter(|end| *date >= *end) {
        errors.push(FieldError::new("date", super::life::ended_words(group, end)));
    } else if *date > today || *date < group.start {
        let message = "Pilih tanggal antara hari pertama kelompok dan hari ini.";
        errors.push(FieldError::new("date", message));
    }
    if let Err(message) = within(group, *date, *delta) {
        errors.push(FieldError::new("delta", message));
    }
    let grows = matches!(reason, HeadReason::AnggotaBaru);
    let shrinks = matches!(
        reason,
        HeadReason::GraduasiMandiri | HeadReason::GraduasiAlamiah | HeadReason::Meninggal
    );
    if (grows && *delta < 0) || (shrinks && *delta > 0) || *reason == HeadReason::Awal {
        errors.push(FieldError::new(
            "reason",
            format!("Alasan “{}” tidak cocok dengan perubahan {delta}.", reason.name()),
        ));
    }
    let note = match text::clean(note, MAX_TEXT_CHARS) {
        Ok(note) => (!note.is_empty()).then(|| Private::from(note)),
        Err(error) => {
            errors.push(FieldError::new("note", error.to_string()));
            None
        }
    };
    let (opened, closed) = match seats_of(group, *date, *delta, seats) {
        Ok(changed) => changed,
        Err(message) => {
            errors.push(FieldError::new("seats", message));
            Default::default()
        }
    };
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let kelompok = group.id.clone();
    let mut events = vec![Event::HeadChanged {
        kelompok: kelompok.clone(),
        date: *date,
        delta: *delta,
        reason: *reason,
        note,
    }];
    if !(opened.is_empty() && closed.is_empty()) {
        events.push(Event::SeatsChanged { kelompok, date: *date, opened, closed });
    }
    Ok(events)
}

/// Whether the number of members can change by `delta` from `date` on: neither that day nor any
/// later one may have fewer than none, or more than can be.
pub(super) fn within(group: &Kelompok, date: Date, delta: i32) -> Result<(), String> {
    if delta == 0 {
        return Err("Perubahan 0 tidak mengubah apa-apa. Isi dengan angka lain.".to_owned());
    }
    let Some((day, after)) = group.beyond(date, delta, MAX_PEOPLE) else { return Ok(()) };
    if day == date {
        return Err(format!(
            "Anggota pada tanggal itu {}; perubahan {delta:+} tidak mungkin. Periksa angkanya.",
            group.members(date)
        ));
    }
    let limit =
        if after < 0 { "kurang dari 0".to_owned() } else { format!("lebih dari {MAX_PEOPLE}") };
    Err(format!(
        "Karena perubahan lain yang sudah tercatat, anggota pada {} akan menjadi {limit}. Periksa angka dan tanggalnya.",
        tanggal::long(day)
    ))
}

/// The seats that a change of the number of members opens and ends; none where nobody numbers them.
pub(super) fn seats_of(
    group: &Kelompok,
    date: Date,
    delta: i32,
    named: &[u16],
) -> Result<(Vec<u16>, Vec<u16>), String> {
    if group.seats.is_empty() {
        return if named.is_empty() {
            Ok(Default::default())
        } else {
            Err("Kelompok ini tidak memakai nomor urut. Kosongkan nomornya.".to_owned())
        };
    }
    if delta >= 0 {
        if !named.is_empty() {
            return Err("Anggota baru mendapat nomor berikutnya. Kosongkan nomornya.".to_owned());
        }
        let first = seats::next_number(&group.seats);
        let count = u16::try_from(delta).unwrap_or(0).min(MAX_PEOPLE);
        return Ok(((first..first.saturating_add(count)).collect(), Vec::new()));
    }
    let mut numbers = named.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() != named.len() || numbers.len() != delta.unsigned_abs() as usize {
        return Err(format!(
            "Sebutkan {} nomor urut yang berbeda, satu untuk setiap anggota yang keluar.",
            delta.unsigned_abs()
        ));
    }
    let open = |number: &u16| {
        group
            .seats
            .iter()
            .any(|seat| seat.number == *number && seat.from < date && seat.to.is_none())
    };
    let wrong: Vec<String> =
        numbers.iter().filter(|number| !open(number)).map(ToString::to_string).collect();
    if wrong.is_empty() {
        return Ok((Vec::new(), numbers));
    }
    Err(format!(
        "Nomor urut {} tidak terisi pada {}. Periksa nomornya di daftar nomor urut.",
        crate::bahasa::angka::list(&wrong),
        tanggal::long(date)
    ))
}

fn suspend(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Suspend { target, from, to, reason } = &context.request.command else {
        return Ok(Vec::new());
    };
    let area = match target {
        SuspensionTarget::Wilayah(area) => *area,
        SuspensionTarget::Kelompok(id) => readable(context, id)?.home(context.latest_today()),
    };
    if !context.viewer.supervise(area) {
        return Err(Refusal::forbidden("menangguhkan pertemuan di wilayah itu"));
    }
    if to.is_some_and(|to| to < *from) {
        return Err(Refusal::invalid("to", "Tanggal akhir harus sesudah tanggal mulai."));
    }
    for (field, day) in [("from", Some(*from)), ("to", *to)] {
        if let Some(message) = day.and_then(|day| days::unlikely(day, context.latest_today())) {
            return Err(Refusal::invalid(field, message));
        }
    }
    let reason = reason_of(reason)?;
    Ok(vec![Event::SuspensionStarted { target: target.clone(), from: *from, to: *to, reason }])
}

fn resume(
    context: Context<'_>,
    (suspension, kelompok): (u64, Option<&KelompokId>),
    to: Date,
) -> Result<Vec<Event>, Refusal> {
    let state = context.state;
    let today = context.latest_today();
    let own = |group: &Kelompok| {
        kelompok.is_none_or(|id| id.is_same(&group.id))
            && group.suspensions.iter().any(|(id, _)| *id == suspension)
    };
    let areas = state.suspensions.iter().filter(|one| one.id == suspension && kelompok.is_none());
    let mut found: Vec<(Kode, Date)> = areas.map(|one| (one.area, one.period.from)).collect();
    for group in state.groups().iter().filter(|group| own(group)) {
        let periods = group.suspensions.iter().filter(|(id, _)| *id == suspension);
        found.extend(periods.map(|(_, one)| (group.home(today), one.from)));
    }
    if found.is_empty() || !found.iter().all(|(area, _)| context.viewer.supervise(*area)) {
        return Err(Refusal::NotFound("Penangguhan ini"));
    }
    if found.iter().any(|(_, from)| to < *from) {
        return Err(Refusal::invalid("to", "Tanggal akhir harus sesudah tanggal mulai."));
    }
    if let Some(message) = days::unlikely(to, today) {
        return Err(Refusal::invalid("to", message));
    }
    Ok(vec![Event::SuspensionEnded { suspension, to, kelompok: kelompok.cloned() }])
}
