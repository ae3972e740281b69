//! Recording, correcting, withdrawing and asking about pertemuan.

use jiff::civil::Date;

use crate::command::{Command, RecordInput, TaughtInput};
use crate::event::{Event, Receipt};
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::{Attendance, Pertemuan, PertemuanId, Source, Taught};
use crate::kelompok::seats;
use crate::kelompok::text::{self, MAX_SHORT_CHARS, MAX_TEXT_CHARS};
use crate::private::Private;
use crate::state::State;

use super::{Context, FieldError, Refusal};

/// The most sesi of one pertemuan.
pub const MAX_SESI: usize = 12;
/// The most speakers or topics of one pertemuan.
pub const MAX_ITEMS: usize = 10;
/// The most people of one count.
pub const MAX_PEOPLE: u16 = 500;
/// What is said of a correction that would change nothing.
pub const UNCHANGED: &str = "Tidak ada yang berubah dari catatan yang tersimpan, jadi tidak ada yang disimpan. Ubah isian yang perlu, atau tinggalkan halaman ini.";
/// How sentences name the field of the form for the members of the day; a file has a column for it.
pub(super) const MEMBERS: &str = "“Anggota hari itu” di Rincian";

pub(super) fn record(context: Context<'_>, input: &RecordInput) -> Result<Vec<Event>, Refusal> {
    let Context { state, viewer, request } = context;
    let today = context.latest_today();
    let group = state
        .group(input.kelompok.as_str())
        .filter(|group| viewer.read_group(group, today))
        .ok_or(Refusal::NotFound("Kelompok ini"))?;
    // A date that cannot be is said to be one, before anyone asks whose kelompok it was then.
    if (group.start..=today).contains(&input.date) && !viewer.record(group, input.date, today) {
        return Err(Refusal::forbidden(
            "mencatat pertemuan kelompok ini pada tanggal itu; hanya pendamping yang bertugas pada tanggal pertemuan yang mencatat",
        ));
    }
    let (record, check) = shape(state, group, input, today).map_err(Refusal::Invalid)?;
    let mut events = vec![Event::PertemuanRecorded {
        id: request.id,
        digest: request.digest(),
        receipt: Receipt::Line,
        record,
    }];
    events.extend(check);
    Ok(events)
}

pub(super) fn change(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Context { viewer, request, .. } = context;
    let today = context.latest_today();
    match &request.command {
        Command::Correct { .. } => correct(context),
        Command::Withdraw { id, reason, version } => {
            let (group, fakta) = find(context, *id)?;
            if !viewer.correct(group, &fakta, today) {
                return Err(Refusal::forbidden("menarik catatan pertemuan ini"));
            }
            live(&fakta)?;
            current(&fakta, *version)?;
            let reason = text_of(reason, "reason", "Tulis alasan penarikannya.")?;
            Ok(vec![Event::PertemuanWithdrawn {
                id: *id,
                kelompok: group.id.clone(),
                reason,
                joined: None,
            }])
        }
        Command::Ask { id, text } => {
            let (group, fakta) = find(context, *id)?;
            if !viewer.supervise(group.home(today)) {
                return Err(Refusal::forbidden("bertanya tentang catatan pertemuan"));
            }
            live(&fakta)?;
            let text = text_of(text, "text", "Tulis pertanyaan Anda.")?;
            Ok(vec![Event::PertemuanQuestioned { id: *id, kelompok: group.id.clone(), text }])
        }
        Command::Answer { id, text } => {
            let (group, fakta) = find(context, *id)?;
            if !viewer.answer(group, today) {
                return Err(Refusal::forbidden("menjawab pertanyaan ini"));
            }
            if !fakta.open_question {
                return Err(Refusal::Conflict(
                    "Tidak ada pertanyaan yang menunggu jawaban pada catatan ini.".to_owned(),
                ));
            }
            let text = text_of(text, "text", "Tulis jawaban Anda.")?;
            Ok(vec![Event::PertemuanAnswered { id: *id, kelompok: group.id.clone(), text }])
        }
        Command::NotDouble { id } => {
            let (group, fakta) = find(context, *id)?;
            if !viewer.correct(group, &fakta, today) {
                return Err(Refusal::forbidden("menandai catatan pertemuan ini"));
            }
            live(&fakta)?;
            Ok(vec![Event::PertemuanSeparate { id: *id, kelompok: group.id.clone() }])
        }
        _ => Ok(Vec::new()),
    }
}

/// The record that these values make of a pertemuan of `group`, as it would be kept; none when they
/// cannot be taken. `today` is that of the latest zone.
#[must_use]
pub fn made(
    state: &State,
    group: &Kelompok,
    input: &RecordInput,
    today: Date,
) -> Option<Pertemuan> {
    shape(state, group, input, today).ok().map(|(record, _)| record)
}

fn correct(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Context { viewer, request, .. } = context;
    let today = context.latest_today();
    let Command::Correct { id, record, reason, version } = &request.command else {
        return Ok(Vec::new());
    };
    let (group, fakta) = find(context, *id)?;
    if !viewer.correct(group, &fakta, today) {
        return Err(Refusal::forbidden("mengubah catatan pertemuan ini"));
    }
    live(&fakta)?;
    current(&fakta, *version)?;
    let mut errors = Vec::new();
    let reason = required(reason, "reason", "Tulis alasan perubahannya.", &mut errors);
    if !record.kelompok.is_same(&group.id) {
        errors.push(FieldError::new(
            "kelompok",
            "Catatan tidak dapat dipindah ke kelompok lain. Tarik catatan ini, lalu catat di kelompok yang benar.",
        ));
    }
    let shaped = shape(context.state, group, record, today);
    match (shaped, errors.is_empty()) {
        (Ok((record, check)), true) => {
            let mut events = vec![Event::PertemuanCorrected { id: *id, record, reason }];
            events.extend(check);
            Ok(events)
        }
        (Ok(_), false) => Err(Refusal::Invalid(errors)),
        (Err(more), _) => {
            errors.extend(more);
            Err(Refusal::Invalid(errors))
        }
    }
}

pub(super) fn find<'a>(
    context: Context<'a>,
    id: PertemuanId,
) -> Result<(&'a Kelompok, Fakta), Refusal> {
    context
        .state
        .pertemuan(id)
        .filter(|(group, _)| context.viewer.read_group(group, context.latest_today()))
        .ok_or(Refusal::NotFound("Pertemuan ini"))
}

pub(super) fn live(fakta: &Fakta) -> Result<(), Refusal> {
    if fakta.withdrawn {
        return Err(Refusal::Conflict(
            "Catatan ini sudah ditarik dan tidak dapat diubah lagi. Catat pertemuan baru bila perlu."
                .to_owned(),
        ));
    }
    Ok(())
}

pub(super) fn current(fakta: &Fakta, version: u64) -> Result<(), Refusal> {
    if fakta.version == version { Ok(()) } else { Err(Refusal::Stale { current: fakta.version }) }
}

fn text_of(value: &str, field: &str, missing: &str) -> Result<Private, Refusal> {
    let mut errors = Vec::new();
    let text = required(value, field, missing, &mut errors);
    if errors.is_empty() { Ok(text) } else { Err(Refusal::Invalid(errors)) }
}

fn required(value: &str, field: &str, missing: &str, errors: &mut Vec<FieldError>) -> Private {
    optional(value, field, MAX_TEXT_CHARS, errors).unwrap_or_else(|| {
        if value.trim().is_empty() {
            errors.push(FieldError::new(field, missing));
        }
        Private::Redacted
    })
}

fn optional(value: &str, field: &str, max: usize, errors: &mut Vec<FieldError>) -> Option<Private> {
    match text::clean(value, max) {
        Ok(text) if text.is_empty() => None,
        Ok(text) => Some(Private::from(text)),
        Err(error) => {
            errors.push(FieldError::new(field, error.to_string()));
            None
        }
    }
}

fn list(values: &[String], field: &str, errors: &mut Vec<FieldError>) -> Vec<Private> {
    if values.len() > MAX_ITEMS {
        errors.push(FieldError::new(field, format!("Paling banyak {MAX_ITEMS} baris di sini.")));
        return Vec::new();
    }
    let before = errors.len();
    let kept: Vec<Private> =
        values.iter().filter_map(|value| optional(value, field, MAX_SHORT_CHARS, errors)).collect();
    // A number that was cut in two by a comma or the end of a line stands in two of them.
    if values.len() > 1 && errors.len() == before && text::holds_personal_number(&values.join(" "))
    {
        errors.push(FieldError::new(field, text::TextError::PersonalNumber.to_string()));
    }
    kept
}

/// A record and, when another number of members was met than is known, the check that this opens.
pub(super) type Shaped = (Pertemuan, Option<Event>);

/// The record that follows from what was sent.
///
/// # Errors
/// Everything that is wrong with it, field by field.
pub(super) fn shape(
    state: &State,
    group: &Kelompok,
    input: &RecordInput,
    today: Date,
) -> Result<Shaped, Vec<FieldError>> {
    let mut errors = Vec::new();
    dates(group, input, today, &mut errors);
    let sesi = taught(state, input, &mut errors);
    let members = attendance(state, group, input, &mut errors);
    seats(group, input, members, &mut errors);
    let record = Pertemuan {
        kelompok: group.id.clone(),
        date: input.date,
        kind: input.kind.clone(),
        sesi,
        attendance: Attendance {
            present: input.present,
            sick: input.sick,
            absent: input.absent,
            members,
        },
        absent_seats: sorted(&input.absent_seats),
        start: input.start,
        end: input.end,
        place: optional(&input.place, "place", MAX_SHORT_CHARS, &mut errors),
        discussion: input.discussion,
        speakers: list(&input.speakers, "speakers", &mut errors),
        topics: list(&input.topics, "topics", &mut errors),
        obstacles: optional(&input.obstacles, "obstacles", MAX_TEXT_CHARS, &mut errors),
        follow_up: optional(&input.follow_up, "follow_up", MAX_TEXT_CHARS, &mut errors),
        note: optional(&input.note, "note", MAX_TEXT_CHARS, &mut errors),
    };
    if record.sesi.is_empty() && record.topics.is_empty() && errors.is_empty() {
        errors.push(FieldError::new(
            "sesi",
            "Pilih paling sedikit satu sesi, atau tulis topik tambahan yang dibahas.",
        ));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let recorded = group.members(input.date);
    // Fewer are asked about like more: with fewer members, more of them were present. The same
    // number said again, in a correction or next month, asks nothing new, also when somebody has
    // answered, until the head-count changes.
    let since = group.heads.iter().map(|change| change.date).max();
    let asked = || {
        state.checks_of(group).any(|check| {
            let still = check.recorded == recorded && since.is_none_or(|day| day <= check.date);
            check.counted == members && (check.is_open(group) || still)
        })
    };
    let check = (members != recorded && !asked()).then(|| Event::HeadChecked {
        kelompok: group.id.clone(),
        date: input.date,
        found: true,
        recorded,
        counted: members,
        office: Private::from("Pendamping, saat mencatat pertemuan"),
    });
    Ok((record, check))
}

fn dates(group: &Kelompok, input: &RecordInput, today: Date, errors: &mut Vec<FieldError>) {
    use crate::bahasa::tanggal;
    let date = || tanggal::long(input.date);
    let message = if input.date > today {
        let date = date();
        Some(format!("Tanggal {date} belum terjadi. Pilih tanggal hari ini atau sebelumnya."))
    } else if input.date < group.start {
        Some(format!(
            "Kelompok ini mulai {}; pertemuan {} lebih awal dari itu. Periksa tanggalnya.",
            tanggal::long(group.start),
            date()
        ))
    } else if group.end.is_some_and(|end| input.date >= end) {
        Some(format!("Pada {} kelompok ini sudah tidak aktif. Periksa tanggalnya.", date()))
    } else {
        None
    };
    if let Some(message) = message {
        errors.push(FieldError::new("date", message));
    }
    if let (Some(start), Some(end)) = (input.start, input.end)
        && end <= start
    {
        errors.push(FieldError::new(
            "end",
            "Jam selesai harus sesudah jam mulai. Periksa kedua jamnya.",
        ));
    }
}

fn taught(state: &State, input: &RecordInput, errors: &mut Vec<FieldError>) -> Vec<Taught> {
    if input.sesi.len() > MAX_SESI {
        errors.push(FieldError::new(
            "sesi",
            format!("Paling banyak {MAX_SESI} sesi dalam satu pertemuan."),
        ));
        return Vec::new();
    }
    let mut all: Vec<Taught> = Vec::with_capacity(input.sesi.len());
    for (at, one) in input.sesi.iter().enumerate() {
        let field = || format!("sesi.{at}");
        if all.iter().any(|other| other.sesi == one.sesi) {
            let message = format!("Sesi “{}” tertulis dua kali. Cukup satu kali.", one.sesi);
            errors.push(FieldError::new(field(), message));
            continue;
        }
        match taught_one(state, input.date, one) {
            Ok(taught) => all.push(taught),
            Err((part, message)) => {
                errors.push(FieldError::new(format!("{}.{part}", field()), message))
            }
        }
    }
    all
}

fn taught_one(
    state: &State,
    date: Date,
    input: &TaughtInput,
) -> Result<Taught, (&'static str, String)> {
    let info = state.sesi_ix(&input.sesi).and_then(|ix| state.sesi_info(ix)).ok_or_else(|| {
        let message =
            format!("Sesi “{}” tidak dikenal. Pilih sesi dari daftar kurikulum.", input.sesi);
        ("id", message)
    })?;
    let source = match input.edition {
        Some(0) => Source::BukuCetak,
        Some(number) if info.edition(number).is_some() => Source::Edition(number),
        Some(number) => {
            return Err((
                "edition",
                format!(
                    "Edisi {number} dari sesi ini belum pernah terbit. Pilih edisi dari daftar."
                ),
            ));
        }
        None => {
            info.live(date).map_or(Source::BukuCetak, |edition| Source::Assumed(edition.number))
        }
    };
    let most = source
        .edition()
        .and_then(|number| info.edition(number))
        .map_or(32, |edition| edition.langkah);
    if let Some(wrong) = input.langkah.iter().find(|number| !(1..=most.max(1)).contains(*number)) {
        return Err((
            "langkah",
            format!("Langkah {wrong} tidak ada; sesi ini mempunyai {most} langkah."),
        ));
    }
    let mut langkah = input.langkah.clone();
    langkah.sort_unstable();
    langkah.dedup();
    Ok(Taught { sesi: input.sesi.clone(), extent: input.extent, langkah, source })
}

/// Checks the counts and gives the members of the day.
fn attendance(
    state: &State,
    group: &Kelompok,
    input: &RecordInput,
    errors: &mut Vec<FieldError>,
) -> u16 {
    for (field, count) in [
        ("present", input.present),
        ("sick", input.sick),
        ("absent", input.absent),
        ("members", input.members.unwrap_or(0)),
    ] {
        if count > MAX_PEOPLE {
            errors.push(FieldError::new(
                field,
                format!(
                    "{} orang terlalu banyak untuk satu kelompok. Periksa angkanya.",
                    crate::bahasa::angka::count(count.into())
                ),
            ));
        }
    }
    let recorded = group.members(input.date);
    let members = input.members.unwrap_or(recorded);
    let Some(kind) = state.rules.on(input.date).kind(&input.kind) else {
        errors.push(FieldError::new(
            "kind",
            format!("Jenis pertemuan “{}” tidak dikenal. Pilih dari daftar.", short(&input.kind)),
        ));
        return members;
    };
    let sum = u32::from(input.present) + u32::from(input.sick) + u32::from(input.absent);
    if input.members == Some(0) {
        let message =
            format!("Isi {MEMBERS} dengan 1 atau lebih. Kosongkan bila sama dengan yang tercatat.");
        errors.push(FieldError::new("members", message));
    } else if sum > u32::from(members) {
        errors.push(too_many(input, sum, recorded));
    } else if kind.everyone && sum != u32::from(members) {
        errors.push(FieldError::new(
            "present",
            format!(
                "Hadir, sakit, dan alfa berjumlah {sum}, seharusnya {members} sesuai jumlah anggota. Lengkapi angkanya."
            ),
        ));
    }
    members
}

/// More people than members. Where all who came may be members, the number of those present was
/// mostly left as it stood while the ill and the absent were typed: that is what to mend, and not the
/// members of the day.
fn too_many(input: &RecordInput, sum: u32, recorded: u16) -> FieldError {
    let away = input.sick.saturating_add(input.absent);
    match input.members {
        Some(members) => FieldError::new(
            "members",
            format!(
                "Hadir, sakit, dan alfa berjumlah {sum}, lebih dari {members} anggota hari itu. Periksa angkanya."
            ),
        ),
        None if input.present <= recorded && away <= recorded => FieldError::new(
            "present",
            format!(
                "Hadir, sakit, dan alfa berjumlah {sum}, anggota {recorded}. Kurangi Hadir menjadi {}. Hanya bila anggotanya memang {sum}, isi {MEMBERS}.",
                recorded - away
            ),
        ),
        None => FieldError::new(
            "members",
            format!(
                "Anda mencatat {sum} orang, sedangkan anggota tercatat {recorded}. Isi {MEMBERS} bila jumlahnya memang berbeda."
            ),
        ),
    }
}

fn seats(group: &Kelompok, input: &RecordInput, members: u16, errors: &mut Vec<FieldError>) {
    if input.absent_seats.is_empty() {
        return;
    }
    let seats = sorted(&input.absent_seats);
    let away = u32::from(input.sick) + u32::from(input.absent);
    let unknown: Vec<String> = seats
        .iter()
        .filter(|number| {
            !seats::active(&group.seats, input.date).any(|seat| seat.number == **number)
        })
        .map(ToString::to_string)
        .collect();
    let message = if seats.len() != input.absent_seats.len() {
        Some("Nomor urut tertulis dua kali. Cukup satu kali.".to_owned())
    } else if seats.first() == Some(&0)
        || group.seats.is_empty() && seats.last().is_some_and(|last| *last > members)
    {
        Some(format!("Nomor urut dimulai dari 1. Kelompok ini beranggota {members}."))
    } else if !group.seats.is_empty() && !unknown.is_empty() {
        Some(format!(
            "Nomor urut {} tidak ada pada {}. Periksa nomornya di daftar nomor urut kelompok ini.",
            crate::bahasa::angka::list(&unknown),
            crate::bahasa::tanggal::long(input.date)
        ))
    } else if seats.len() != away as usize {
        Some(format!(
            "Nomor urut yang tidak hadir ada {}, sedangkan sakit dan alfa berjumlah {away}. Samakan keduanya.",
            seats.len()
        ))
    } else {
        None
    };
    if let Some(message) = message {
        errors.push(FieldError::new("absent_seats", message));
    }
}

fn sorted(seats: &[u16]) -> Vec<u16> {
    let mut seats = seats.to_vec();
    seats.sort_unstable();
    seats.dedup();
    seats
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
