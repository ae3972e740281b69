//! Merging, splitting and undoing kelompok; numbering their members.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::command::{Command, PartInput, Versioned};
use crate::event::Event;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::lineage::{Ended, PARTS, SeatMove, Successor};
use crate::kelompok::seats;
use crate::kelompok::wilayah::Kode;

use super::groups::{MAX_DESA, current, managed, name_of, pendamping, readable, reason_of};
use super::pertemuan::MAX_PEOPLE;
use super::{Context, FieldError, Refusal};

/// An end may lie so many days ahead.
const MAX_AHEAD_DAYS: i32 = 31;

pub(super) fn decide(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    match &context.request.command {
        Command::Merge { .. } => merge(context),
        Command::Split { .. } => split(context),
        Command::Restore { kelompok, line, reason } => restore(context, kelompok, *line, reason),
        Command::NumberSeats { kelompok, date, version } => {
            number(context, kelompok, *date, *version)
        }
        _ => Ok(Vec::new()),
    }
}

/// `Kelompok ini berakhir 3 Maret 2026 karena digabung. ...`
pub(super) fn ended_words(group: &Kelompok, end: Date) -> String {
    let why = match group.ending.as_ref().map(|ending| ending.how) {
        Some(Ended::Merged) => " karena digabung",
        Some(Ended::Split) => " karena dipecah",
        Some(Ended::Undone) => " karena pembentukannya dibatalkan",
        Some(Ended::Dissolved) | None => "",
    };
    format!(
        "{} tidak aktif lagi sejak {}{why}. Periksa tanggalnya, atau ubah kelompok penerusnya.",
        group.name,
        tanggal::long(end)
    )
}

/// Whether a kelompok may end on `on`, the first day on which it is no longer active.
pub(super) fn may_end(group: &Kelompok, on: Date, today: Date) -> Result<(), String> {
    let name = &group.name;
    if let Some(end) = group.end {
        return Err(ended_words(group, end));
    }
    if on <= group.start {
        return Err(format!(
            "{name} baru mulai {}. Pilih hari sesudahnya.",
            tanggal::long(group.start)
        ));
    }
    if on > today.saturating_add(MAX_AHEAD_DAYS.days()) {
        return Err(format!(
            "{} lebih dari {MAX_AHEAD_DAYS} hari lagi. Pilih hari yang lebih dekat.",
            tanggal::long(on)
        ));
    }
    let last = group.fakta.iter().rev().find(|one| !one.withdrawn && one.date >= on);
    if let Some(fakta) = last {
        return Err(format!(
            "{name} mencatat pertemuan {}. Pilih hari sesudahnya, atau ubah dulu tanggal catatan itu.",
            tanggal::long(fakta.date)
        ));
    }
    if let Some(change) = group.heads.iter().rev().find(|one| one.date > on) {
        return Err(format!(
            "Jumlah anggota {name} berubah pada {}. Pilih hari itu atau sesudahnya.",
            tanggal::long(change.date)
        ));
    }
    Ok(())
}

/// The kelompok behind ids with versions, all of which the sender keeps in order.
pub(super) fn all_managed<'a>(
    context: Context<'a>,
    ids: &[Versioned],
) -> Result<Vec<&'a Kelompok>, Refusal> {
    let mut groups = Vec::with_capacity(ids.len());
    for one in ids {
        let group = managed(context, &one.id)?;
        current(group, one.version)?;
        groups.push(group);
    }
    Ok(groups)
}

fn free_id(context: Context<'_>, field: &str, id: &KelompokId) -> Result<(), FieldError> {
    match context.state.group(id.as_str()) {
        None => Ok(()),
        Some(_) => {
            Err(FieldError::new(field, format!("Id kelompok “{id}” sudah dipakai. Pilih id lain.")))
        }
    }
}

fn merge(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Merge { parents, id, name, pendamping: account, on, reason } =
        &context.request.command
    else {
        return Ok(Vec::new());
    };
    let groups = all_managed(context, parents)?;
    let mut errors = Vec::new();
    let mut ids: Vec<Box<str>> = parents.iter().map(|one| one.id.folded()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != parents.len() || !PARTS.contains(&ids.len()) {
        errors.push(FieldError::new(
            "kelompok",
            format!("Pilih {} sampai {} kelompok yang berbeda.", PARTS.start(), PARTS.end()),
        ));
    }
    if let Err(error) = free_id(context, "id_baru", id) {
        errors.push(error);
    }
    let name = name_of(name).map_err(|error| errors.push(error)).unwrap_or_default();
    for group in &groups {
        // A day that suits none of them is said once.
        if let Err(message) = may_end(group, *on, context.latest_today())
            && !errors.iter().any(|error| error.message == message)
        {
            errors.push(FieldError::new("on", message));
        }
    }
    let desa = all_desa(&groups, *on);
    if desa.len() > MAX_DESA {
        errors.push(FieldError::new(
            "kelompok",
            format!("Anggotanya tersebar di {} desa, paling banyak {MAX_DESA}.", desa.len()),
        ));
    }
    let eve = on.saturating_sub(1.day());
    let members: u32 = groups.iter().map(|group| u32::from(group.members(eve))).sum();
    let members = u16::try_from(members).unwrap_or(u16::MAX);
    if members > MAX_PEOPLE {
        errors.push(FieldError::new(
            "kelompok",
            format!("Bersama-sama anggotanya {members}, paling banyak {MAX_PEOPLE}."),
        ));
    }
    let reason = reason_of(reason).map_err(|refusal| collect(refusal, &mut errors));
    if let Some(account) = account
        && let Err(refusal) = pendamping(context.state, *account, &desa)
    {
        collect(refusal, &mut errors);
    }
    let (true, Ok(reason)) = (errors.is_empty(), reason) else {
        return Err(Refusal::Invalid(errors));
    };
    let into = Successor {
        id: id.clone(),
        name,
        desa,
        members,
        pendamping: *account,
        seats: merged_seats(&groups, eve),
    };
    let parents = groups.iter().map(|group| group.id.clone()).collect();
    Ok(vec![Event::KelompokMerged { parents, into, on: *on, reason }])
}

/// Adds the errors of a refusal that is about fields.
fn collect(refusal: Refusal, errors: &mut Vec<FieldError>) {
    match refusal {
        Refusal::Invalid(more) => errors.extend(more),
        other => errors.push(FieldError::new("kelompok", other.to_string())),
    }
}

/// Every desa of the kelompok, each once; the first is the one of the first kelompok.
fn all_desa(groups: &[&Kelompok], on: Date) -> Vec<Kode> {
    let mut all: Vec<Kode> = Vec::new();
    for desa in groups.iter().flat_map(|group| group.all_desa(on)) {
        if !all.contains(desa) {
            all.push(*desa);
        }
    }
    all
}

/// New numbers for the seats of several kelompok, in their order; members who had none are numbered
/// behind them. Empty where nobody had a number.
fn merged_seats(groups: &[&Kelompok], eve: Date) -> Vec<SeatMove> {
    let mut moves = Vec::new();
    for (parent, group) in (0..).zip(groups) {
        for seat in seats::active(&group.seats, eve) {
            let new = u16::try_from(moves.len() + 1).unwrap_or(u16::MAX);
            moves.push(SeatMove { parent, old: seat.number, new });
        }
    }
    moves
}

fn split(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Command::Split { parent, into, on, reason } = &context.request.command else {
        return Ok(Vec::new());
    };
    let group = managed(context, &parent.id)?;
    current(group, parent.version)?;
    let mut errors = Vec::new();
    if let Err(message) = may_end(group, *on, context.latest_today()) {
        errors.push(FieldError::new("on", message));
    }
    if !PARTS.contains(&into.len()) {
        errors.push(FieldError::new(
            "bagian",
            format!("Isi {} sampai {} kelompok baru.", PARTS.start(), PARTS.end()),
        ));
    }
    let mut parts = Vec::with_capacity(into.len());
    for (at, part) in into.iter().enumerate() {
        match part_of(context, group, (at, part), *on) {
            Ok(successor) => parts.push(successor),
            Err(more) => errors.extend(more),
        }
        let twice = into[..at].iter().any(|other| other.id.folded() == part.id.folded());
        if twice {
            let message =
                format!("Id “{}” tertulis dua kali. Beri setiap kelompok id sendiri.", part.id);
            errors.push(FieldError::new(format!("bagian.{at}.id"), message));
        }
    }
    if errors.is_empty()
        && let Err(message) = shared_out(group, into, &parts, on.saturating_sub(1.day()))
    {
        errors.push(FieldError::new("bagian", message));
    }
    let reason = reason_of(reason).map_err(|refusal| collect(refusal, &mut errors));
    let (true, Ok(reason)) = (errors.is_empty(), reason) else {
        return Err(Refusal::Invalid(errors));
    };
    Ok(vec![Event::KelompokSplit { parent: group.id.clone(), into: parts, on: *on, reason }])
}

fn part_of(
    context: Context<'_>,
    group: &Kelompok,
    (at, part): (usize, &PartInput),
    on: Date,
) -> Result<Successor, Vec<FieldError>> {
    let mut errors = Vec::new();
    if let Err(error) = free_id(context, &format!("bagian.{at}.id"), &part.id) {
        errors.push(error);
    }
    let name = name_of(&part.name)
        .map_err(|error| errors.push(FieldError::new(format!("bagian.{at}.nama"), error.message)))
        .unwrap_or_default();
    let eve = on.saturating_sub(1.day());
    let numbered = !group.seats.is_empty();
    let mut old = part.seats.clone();
    old.sort_unstable();
    let unknown: Vec<String> = old
        .iter()
        .filter(|number| !seats::active(&group.seats, eve).any(|seat| seat.number == **number))
        .map(ToString::to_string)
        .collect();
    if !unknown.is_empty() {
        let message = format!(
            "Nomor urut {} tidak terisi pada {}. Periksa nomornya di daftar nomor urut.",
            angka::list(&unknown),
            tanggal::long(eve)
        );
        errors.push(FieldError::new(format!("bagian.{at}.kursi"), message));
    }
    let members = if numbered { u16::try_from(old.len()).ok() } else { part.members };
    let members = members.filter(|members| *members > 0);
    if members.is_none() {
        let (field, message) = if numbered {
            ("kursi", "Sebutkan nomor urut yang ikut, misalnya 1-12, 15.")
        } else {
            ("anggota", "Tulis jumlah anggotanya, paling sedikit 1.")
        };
        errors.push(FieldError::new(format!("bagian.{at}.{field}"), message));
    }
    let (true, Some(members)) = (errors.is_empty(), members) else { return Err(errors) };
    Ok(Successor {
        id: part.id.clone(),
        name,
        desa: group.all_desa(on).to_vec(),
        members,
        pendamping: group.pendamping(on).filter(|id| works(context, *id)),
        seats: (1..).zip(old).map(|(new, old)| SeatMove { parent: 0, old, new }).collect(),
    })
}

/// Whether an account can still meet a kelompok; to a disabled one no new kelompok goes.
fn works(context: Context<'_>, account: AccountId) -> bool {
    context.state.account(account).is_some_and(|account| !account.disabled)
}

/// Whether every member of the kelompok stands in exactly one of the parts.
fn shared_out(
    group: &Kelompok,
    input: &[PartInput],
    parts: &[Successor],
    eve: Date,
) -> Result<(), String> {
    let recorded = u32::from(group.members(eve));
    let given: u32 = parts.iter().map(|part| u32::from(part.members)).sum();
    if group.seats.is_empty() {
        return if given == recorded {
            Ok(())
        } else {
            Err(format!(
                "Anggota kelompok baru berjumlah {given}, sedangkan anggota {} tercatat {recorded}. Samakan keduanya.",
                group.name
            ))
        };
    }
    let count = |number: u16| {
        input.iter().flat_map(|part| &part.seats).filter(|one| **one == number).count()
    };
    let all = || seats::active(&group.seats, eve).map(|seat| seat.number);
    let listed = |wanted: fn(usize) -> bool| -> Vec<String> {
        all().filter(|number| wanted(count(*number))).map(|number| number.to_string()).collect()
    };
    let (missing, doubled) = (listed(|times| times == 0), listed(|times| times > 1));
    if !missing.is_empty() {
        return Err(format!("Nomor urut {} belum masuk kelompok mana pun.", angka::list(&missing)));
    }
    if !doubled.is_empty() {
        return Err(format!(
            "Nomor urut {} masuk lebih dari satu kelompok.",
            angka::list(&doubled)
        ));
    }
    Ok(())
}

fn restore(
    context: Context<'_>,
    id: &KelompokId,
    line: u64,
    reason: &str,
) -> Result<Vec<Event>, Refusal> {
    let group = managed(context, id)?;
    let Some(concerned) = concerned(context, group, line) else {
        return Err(Refusal::Conflict(
            "Perubahan ini sudah dibatalkan atau tidak ada. Muat ulang halamannya.".to_owned(),
        ));
    };
    for one in &concerned {
        if !context.viewer.manage_groups(one.home(context.latest_today())) {
            return Err(Refusal::forbidden("membatalkan perubahan semua kelompok itu"));
        }
    }
    let made = |one: &&&Kelompok| one.origin.as_ref().is_some_and(|origin| origin.line == line);
    let hanging: Vec<String> =
        concerned.iter().filter(made).filter_map(|one| hangs_on(one)).collect();
    if !hanging.is_empty() {
        return Err(Refusal::Conflict(format!(
            "Tidak dapat dibatalkan, karena sudah ada yang dicatat sesudahnya: {}. Tarik atau batalkan itu dulu.",
            angka::list(&hanging)
        )));
    }
    let reason = reason_of(reason)?;
    let kelompok = concerned.iter().map(|one| one.id.clone()).collect();
    Ok(vec![Event::KelompokRestored { line, kelompok, reason }])
}

/// Every kelompok that the merge, split or dissolution of `line` concerned; none when the line is
/// no such thing of this kelompok, or was undone.
fn concerned<'a>(
    context: Context<'a>,
    group: &'a Kelompok,
    line: u64,
) -> Option<Vec<&'a Kelompok>> {
    let state = context.state;
    let find = |ids: &'a [KelompokId]| ids.iter().filter_map(|id| state.group(id.as_str()));
    let undone =
        |one: &Kelompok| one.ending.as_ref().is_some_and(|ending| ending.how == Ended::Undone);
    let child = match (group.ending.as_deref(), group.origin.as_deref()) {
        (Some(ending), _) if ending.line == line && ending.how != Ended::Undone => {
            match (ending.how, ending.into.first()) {
                (Ended::Dissolved, _) => return Some(vec![group]),
                (_, Some(first)) => state.group(first.as_str())?,
                (_, None) => return None,
            }
        }
        (_, Some(origin)) if origin.line == line && !undone(group) => group,
        _ => return None,
    };
    let parents: Vec<&Kelompok> = find(&child.origin.as_deref()?.parents).collect();
    let into = parents.first()?.ending.as_deref()?;
    let children: Vec<&Kelompok> = find(&into.into).collect();
    Some(parents.into_iter().chain(children).collect())
}

/// What was recorded of a kelompok since it came out of others, in words.
fn hangs_on(group: &Kelompok) -> Option<String> {
    let name = &group.name;
    if let Some(end) = group.end {
        let how = match group.ending.as_ref().map(|ending| ending.how) {
            Some(Ended::Merged) => "digabung",
            Some(Ended::Split) => "dipecah",
            _ => "dibubarkan",
        };
        return Some(format!("{name} {how} {}", tanggal::long(end)));
    }
    if let Some(fakta) = group.fakta.iter().find(|one| !one.withdrawn) {
        return Some(format!("pertemuan {name} {}", tanggal::long(fakta.date)));
    }
    if let [_, change, ..] = group.heads.as_slice() {
        let date = tanggal::long(change.date);
        return Some(format!("perubahan jumlah anggota {name} {date}"));
    }
    if let Some((date, _)) = group.assigned.iter().find(|(from, _)| *from > group.start) {
        return Some(format!("penugasan pendamping {name} {}", tanggal::long(*date)));
    }
    if let [_, (date, _), ..] = group.desa.as_slice() {
        return Some(format!("kepindahan {name} {}", tanggal::long(*date)));
    }
    if let Some((_, period)) = group.suspensions.first() {
        return Some(format!("penangguhan {name} {}", tanggal::long(period.from)));
    }
    let numbered = group.origin.as_ref().is_some_and(|origin| origin.seats.is_empty());
    (numbered && !group.seats.is_empty()).then(|| format!("penomoran anggota {name}"))
}

fn number(
    context: Context<'_>,
    id: &KelompokId,
    date: Date,
    version: u64,
) -> Result<Vec<Event>, Refusal> {
    let group = readable(context, id)?;
    let today = context.latest_today();
    if !context.viewer.change_heads(group, today) {
        return Err(Refusal::forbidden("menomori anggota kelompok ini"));
    }
    current(group, version)?;
    if !group.seats.is_empty() {
        return Err(Refusal::Conflict("Anggota kelompok ini sudah bernomor.".to_owned()));
    }
    if !group.active(date) || date > today {
        return Err(Refusal::invalid(
            "date",
            "Pilih hari ketika kelompok ini aktif, paling lambat hari ini.",
        ));
    }
    if let Some(change) = group.heads.iter().rev().find(|one| one.date > date) {
        return Err(Refusal::invalid(
            "date",
            format!(
                "Jumlah anggota berubah pada {}. Pilih hari itu atau sesudahnya.",
                tanggal::long(change.date)
            ),
        ));
    }
    let count = group.members(date);
    if count == 0 {
        return Err(Refusal::invalid(
            "date",
            "Kelompok ini belum beranggota. Catat anggotanya dulu.",
        ));
    }
    Ok(vec![Event::SeatsNumbered { kelompok: group.id.clone(), date, count }])
}
