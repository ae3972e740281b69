//! Several kelompok in one act: a hand-over, and changes of those chosen in a list. All or nothing.

use jiff::civil::Date;

use crate::command::{Command, GroupChange, Versioned};
use crate::event::{Event, SuspensionTarget};
use crate::ids::AccountId;
use crate::kelompok::group::Kelompok;

use super::groups::{check_desa, disabled_words, pendamping, readable, reason_of, works_near};
use super::life::ended_words;
use super::{Context, FieldError, Refusal, days};

/// The most kelompok of one hand-over; their assignments fit one line.
pub(super) const MAX_HANDED_OVER: usize = 300;
/// The most kelompok of one change; with a reason each they still fit one line.
pub(super) const MAX_CHANGED: usize = 50;

pub(super) fn decide(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    match &context.request.command {
        Command::HandOver { from, to, kelompok, day } => {
            hand_over(context, (*from, *to), kelompok, *day)
        }
        Command::ChangeMany { kelompok, change } => change_many(context, kelompok, change),
        _ => Ok(Vec::new()),
    }
}

/// What is wrong with one of several kelompok, under its own name.
fn about(group: &Kelompok, message: &str) -> FieldError {
    FieldError::new(format!("kelompok.{}", group.id), format!("{}: {message}", group.name))
}

/// The kelompok behind ids, each once; what is stale or not the sender's is an error of its own.
fn chosen<'a>(
    context: Context<'a>,
    ids: &[Versioned],
    most: usize,
    may: impl Fn(&Kelompok) -> bool,
) -> Result<(Vec<&'a Kelompok>, Vec<FieldError>), Refusal> {
    if ids.is_empty() || ids.len() > most {
        return Err(Refusal::invalid("kelompok", format!("Pilih 1 sampai {most} kelompok.")));
    }
    let mut errors = Vec::new();
    let mut groups: Vec<&Kelompok> = Vec::with_capacity(ids.len());
    for one in ids {
        let group = readable(context, &one.id)?;
        if groups.iter().any(|other| other.id == group.id) {
            continue;
        }
        if !may(group) {
            errors.push(about(group, "di luar wewenang Anda. Keluarkan dari pilihan."));
        } else if group.version != one.version {
            errors.push(about(
                group,
                "sudah berubah sejak Anda membukanya. Periksa lagi, lalu kirim ulang.",
            ));
        }
        groups.push(group);
    }
    // To whom they could go is told to those alone who may give them.
    if !groups.iter().all(|group| may(group)) {
        return Err(Refusal::Invalid(errors));
    }
    Ok((groups, errors))
}

fn hand_over(
    context: Context<'_>,
    (from, to): (AccountId, AccountId),
    ids: &[Versioned],
    day: Date,
) -> Result<Vec<Event>, Refusal> {
    let today = context.latest_today();
    let manages = |group: &Kelompok| context.viewer.manage_groups(group.home(today));
    let (groups, mut errors) = chosen(context, ids, MAX_HANDED_OVER, manages)?;
    if from == to {
        errors.push(FieldError::new("kepada", "Pilih penerima yang lain dari penyerah."));
    }
    if let Some(message) = days::unlikely(day, today) {
        errors.push(FieldError::new("hari", message));
    }
    let receiver = context.state.account(to).filter(|account| {
        // Who works elsewhere is not told apart from who is no pendamping.
        groups.iter().all(|group| works_near(account, group.all_desa(day)))
    });
    match receiver {
        Some(account) if account.disabled => {
            errors.push(FieldError::new("kepada", disabled_words(account)));
        }
        Some(_) => {}
        None => errors.push(FieldError::new("kepada", "Pilih pendamping penerima dari daftar.")),
    }
    for group in &groups {
        if let Some(end) = group.end.filter(|end| day >= *end) {
            errors.push(about(group, &ended_words(group, end)));
        } else if group.pendamping(day.max(group.start)) != Some(from) {
            errors.push(about(
                group,
                "pada hari itu tidak didampingi penyerah. Muat ulang daftarnya.",
            ));
        } else if group.assigned.iter().any(|(later, _)| *later > day) {
            errors.push(about(
                group,
                "sudah ada penugasan lain sesudah hari itu. Pilih hari yang lebih baru.",
            ));
        }
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    let assign = |group: &&Kelompok| Event::PendampingAssigned {
        kelompok: group.id.clone(),
        from: day.max(group.start),
        account: Some(to),
    };
    Ok(groups.iter().map(assign).collect())
}

fn change_many(
    context: Context<'_>,
    ids: &[Versioned],
    change: &GroupChange,
) -> Result<Vec<Event>, Refusal> {
    let today = context.latest_today();
    let may = |group: &Kelompok| match change {
        GroupChange::Suspend { .. } => context.viewer.supervise(group.home(today)),
        _ => context.viewer.manage_groups(group.home(today)),
    };
    let (groups, mut errors) = chosen(context, ids, MAX_CHANGED, may)?;
    let mut events = Vec::with_capacity(groups.len());
    match change {
        GroupChange::Assign { from, account } => {
            let fits = |group: &&Kelompok| {
                account.map_or(Ok(()), |to| pendamping(context.state, to, group.all_desa(*from)))
            };
            if let Err(Refusal::Invalid(more)) = groups.iter().try_for_each(fits) {
                errors.extend(more);
            }
            for group in &groups {
                errors.extend(outside(context, group, *from));
                let (kelompok, from, account) = (group.id.clone(), *from, *account);
                events.push(Event::PendampingAssigned { kelompok, from, account });
            }
        }
        GroupChange::Move { from, desa } => {
            // Lists and rights go by where a kelompok is; until a move to come they would differ.
            if *from > context.latest_today() {
                let message = "Tanggal pindah belum tiba. Pilih hari ini atau sebelumnya.";
                errors.push(FieldError::new("sejak", message));
            }
            if let Err(error) = check_desa(context.state, desa) {
                errors.push(FieldError::new("desa", error.message));
            } else if desa.first().is_some_and(|home| !context.viewer.manage_groups(*home)) {
                errors.push(FieldError::new("desa", "Desa tujuan di luar wewenang Anda."));
            }
            for group in &groups {
                errors.extend(outside(context, group, *from));
                let (id, from, desa) = (group.id.clone(), *from, desa.clone());
                if group.all_desa(from) != desa {
                    events.push(Event::KelompokMoved { id, from, desa });
                }
            }
        }
        GroupChange::Suspend { from, to, reason } => {
            if to.is_some_and(|to| to < *from) {
                let message = "Tanggal akhir harus sesudah tanggal mulai.";
                errors.push(FieldError::new("sampai", message));
            }
            for (field, day) in [("dari", Some(*from)), ("sampai", *to)] {
                let wrong = day.and_then(|day| days::unlikely(day, today));
                errors.extend(wrong.map(|message| FieldError::new(field, message)));
            }
            let reason = match reason_of(reason) {
                Ok(reason) => Some(reason),
                Err(refusal) => {
                    errors.push(FieldError::new("alasan", refusal.to_string()));
                    None
                }
            };
            for group in &groups {
                errors.extend(outside(context, group, (*from).max(group.start)));
                let target = SuspensionTarget::Kelompok(group.id.clone());
                let (from, to) = (*from, *to);
                events.extend(reason.clone().map(|reason| Event::SuspensionStarted {
                    target,
                    from,
                    to,
                    reason,
                }));
            }
        }
    }
    if errors.is_empty() { Ok(events) } else { Err(Refusal::Invalid(errors)) }
}

/// What is wrong with one of several kelompok when a change is to hold from this day.
fn outside(context: Context<'_>, group: &Kelompok, from: Date) -> Option<FieldError> {
    days::outside(group, from, context.latest_today()).map(|message| about(group, &message))
}
