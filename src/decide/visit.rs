//! Visits and head-count checks.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::{CheckInput, Command, VisitInput};
use crate::event::Event;
use crate::kelompok::KelompokId;
use crate::kelompok::group::{HeadReason, Kelompok};
use crate::kelompok::text::{self, MAX_SHORT_CHARS, MAX_TEXT_CHARS};
use crate::kelompok::visit::{CheckNo, CheckOutcome, Visit, VisitId, VisitPlace};
use crate::kelompok::wilayah::Kode;
use crate::private::Private;
use crate::state::VisitState;

use super::pertemuan::MAX_PEOPLE;
use super::{Context, FieldError, Refusal, days};

pub(super) fn decide(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    match &context.request.command {
        Command::LogVisit { visit, check } => log(context, visit, *check),
        Command::CorrectVisit { id, visit, reason, version } => {
            correct(context, *id, visit, (reason, *version))
        }
        Command::WithdrawVisit { id, reason, version } => {
            let visit = changeable(context, *id, *version)?;
            let reason = reason_of(reason, "Tulis alasan penarikannya.")?;
            Ok(vec![Event::VisitWithdrawn { id: visit.id, reason }])
        }
        Command::LogCheck { kelompok, date, office, check } => {
            let group = supervised(context, kelompok)?;
            let mut errors = Vec::new();
            check_date(context, group, *date, &mut errors);
            let office = office_of(office, &mut errors);
            counted(*check, &mut errors);
            match (office, errors.is_empty()) {
                (Some(office), true) => Ok(vec![checked(group, *date, office, *check)]),
                _ => Err(Refusal::Invalid(errors)),
            }
        }
        Command::ResolveCheck { check, outcome, reason, note } => {
            resolve(context, *check, (*outcome, *reason), note)
        }
        _ => Ok(Vec::new()),
    }
}

/// The kelompok, if the viewer looks after its area; absent and forbidden look alike to those who
/// may not read it.
fn supervised<'a>(context: Context<'a>, id: &KelompokId) -> Result<&'a Kelompok, Refusal> {
    let today = context.latest_today();
    let group = context
        .state
        .group(id.as_str())
        .filter(|group| context.viewer.read_group(group, today))
        .ok_or(Refusal::NotFound("Kelompok ini"))?;
    if context.viewer.supervise(group.home(today)) {
        Ok(group)
    } else {
        Err(Refusal::forbidden("mencatat kunjungan dan pemeriksaan kelompok ini"))
    }
}

/// Whether the viewer may log visits to a place; says why not.
fn may_visit(context: Context<'_>, place: &VisitPlace) -> Result<(), Refusal> {
    match place {
        VisitPlace::Kelompok(id) => supervised(context, id).map(|_| ()),
        VisitPlace::Wilayah(area) => {
            if !context.viewer.supervise(*area) {
                return Err(Refusal::forbidden("mencatat kunjungan ke wilayah itu"));
            }
            if *area == Kode::NASIONAL || !context.state.wilayah.contains_key(area) {
                return Err(Refusal::invalid(
                    "place",
                    "Wilayah itu belum ada di daftar wilayah. Pilih dari daftar.",
                ));
            }
            Ok(())
        }
    }
}

fn log(
    context: Context<'_>,
    input: &VisitInput,
    check: Option<CheckInput>,
) -> Result<Vec<Event>, Refusal> {
    may_visit(context, &input.place)?;
    let mut errors = Vec::new();
    let visit = shape(context, input, &mut errors);
    if let Some(check) = check {
        counted(check, &mut errors);
    }
    let (Some(visit), true) = (visit, errors.is_empty()) else {
        return Err(Refusal::Invalid(errors));
    };
    let found = match (&visit.place, check) {
        (VisitPlace::Kelompok(id), Some(check)) => context
            .state
            .group(id.as_str())
            .map(|group| checked(group, visit.date, visit.office.clone(), check)),
        (VisitPlace::Wilayah(_), Some(_)) => {
            return Err(Refusal::invalid("found", "Hanya satu kelompok yang dapat diperiksa."));
        }
        (_, None) => None,
    };
    let logged = Event::VisitLogged { id: context.request.id, visit };
    Ok(std::iter::once(logged).chain(found).collect())
}

fn correct(
    context: Context<'_>,
    id: VisitId,
    input: &VisitInput,
    (reason, version): (&str, u64),
) -> Result<Vec<Event>, Refusal> {
    let old = changeable(context, id, version)?;
    may_visit(context, &input.place)?;
    let mut errors = Vec::new();
    let before = old.now().map(|visit| &visit.place);
    let stays = match (before, &input.place) {
        (Some(VisitPlace::Kelompok(old)), VisitPlace::Kelompok(new)) => old.is_same(new),
        (Some(VisitPlace::Wilayah(_)), VisitPlace::Wilayah(_)) => true,
        _ => false,
    };
    if !stays {
        errors.push(FieldError::new(
            "place",
            "Kunjungan tidak dapat dipindah ke kelompok lain. Tarik kunjungan ini, lalu catat yang benar.",
        ));
    }
    let visit = shape(context, input, &mut errors);
    let reason = reason_of(reason, "Tulis alasan perubahannya.");
    match (visit, reason) {
        (Some(visit), Ok(_)) if errors.is_empty() && old.now() == Some(&visit) => {
            Err(Refusal::Conflict(super::pertemuan::UNCHANGED.to_owned()))
        }
        (Some(visit), Ok(reason)) if errors.is_empty() => {
            Ok(vec![Event::VisitCorrected { id, visit, reason }])
        }
        (_, reason) => {
            if let Err(Refusal::Invalid(more)) = reason {
                errors.extend(more);
            }
            Err(Refusal::Invalid(errors))
        }
    }
}

/// The visit, if it stands, is the one that was looked at, and lies where the viewer looks after
/// things. One that lies elsewhere looks absent.
fn changeable(context: Context<'_>, id: VisitId, version: u64) -> Result<&VisitState, Refusal> {
    let state = context.state;
    let visit = state
        .visit(id)
        .filter(|one| {
            let area = one.now().and_then(|visit| match &visit.place {
                VisitPlace::Wilayah(area) => Some(*area),
                // Whoever looks after it today, wherever it was on the day of the visit.
                VisitPlace::Kelompok(id) => {
                    state.group(id.as_str()).map(|group| group.home(context.latest_today()))
                }
            });
            area.is_some_and(|area| context.viewer.supervise(area))
        })
        .ok_or(Refusal::NotFound("Kunjungan ini"))?;
    if visit.withdrawn.is_some() {
        return Err(Refusal::Conflict(
            "Kunjungan ini sudah ditarik dan tidak dapat diubah lagi. Catat kunjungan baru bila perlu."
                .to_owned(),
        ));
    }
    if visit.version == version {
        Ok(visit)
    } else {
        Err(Refusal::Stale { current: visit.version })
    }
}

fn shape(context: Context<'_>, input: &VisitInput, errors: &mut Vec<FieldError>) -> Option<Visit> {
    match &input.place {
        VisitPlace::Kelompok(id) => {
            if let Some(group) = context.state.group(id.as_str()) {
                check_date(context, group, input.date, errors);
            }
        }
        VisitPlace::Wilayah(_) => not_to_come(context, input.date, errors),
    }
    let office = office_of(&input.office, errors);
    let attended = match text::clean(&input.attended, MAX_TEXT_CHARS) {
        Ok(text) if text.is_empty() => {
            errors.push(FieldError::new(
                "attended",
                "Tulis apa yang dihadiri atau dikerjakan, misalnya “P2K2 dengan perwakilan kelompok”.",
            ));
            None
        }
        other => kept(other, "attended", errors),
    };
    let note = kept(text::clean(&input.note, MAX_TEXT_CHARS), "note", errors);
    // The state's spelling of an id is the one that is kept.
    let place = match &input.place {
        VisitPlace::Kelompok(id) => VisitPlace::Kelompok(
            context.state.group(id.as_str()).map_or_else(|| id.clone(), |group| group.id.clone()),
        ),
        area @ VisitPlace::Wilayah(_) => area.clone(),
    };
    Some(Visit { place, date: input.date, office: office?, attended: attended?, note })
}

fn kept(
    text: Result<String, text::TextError>,
    field: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Private> {
    match text {
        Ok(text) => (!text.is_empty()).then(|| Private::from(text)),
        Err(error) => {
            errors.push(FieldError::new(field, error.to_string()));
            None
        }
    }
}

fn office_of(office: &str, errors: &mut Vec<FieldError>) -> Option<Private> {
    let message = match text::clean(office, MAX_SHORT_CHARS) {
        Ok(office) if office.is_empty() => {
            "Tulis kantor atau jabatan yang berkunjung, misalnya Dinas Sosial.".to_owned()
        }
        Ok(office) if text::looks_like_a_person(&office) => {
            "Tulis kantor atau jabatannya saja, misalnya Camat Kayu Agung, bukan nama orang."
                .to_owned()
        }
        Ok(office) => return Some(Private::from(office)),
        Err(error) => error.to_string(),
    };
    errors.push(FieldError::new("office", message));
    None
}

fn not_to_come(context: Context<'_>, date: Date, errors: &mut Vec<FieldError>) {
    if date > context.latest_today() {
        let date = tanggal::long(date);
        errors.push(FieldError::new(
            "date",
            format!("Tanggal {date} belum terjadi. Pilih tanggal hari ini atau sebelumnya."),
        ));
    }
    if let Some(message) = days::too_early(date) {
        errors.push(FieldError::new("date", message));
    }
}

fn check_date(context: Context<'_>, group: &Kelompok, date: Date, errors: &mut Vec<FieldError>) {
    let before = errors.len();
    not_to_come(context, date, errors);
    // One sentence for one date.
    if errors.len() == before && date < group.start {
        errors.push(FieldError::new(
            "date",
            format!(
                "Kelompok ini mulai {}. Pilih tanggal itu atau sesudahnya.",
                tanggal::long(group.start)
            ),
        ));
    }
}

fn counted(check: CheckInput, errors: &mut Vec<FieldError>) {
    let message = match check {
        CheckInput { found: true, counted: 0 } => {
            "Isi jumlah anggota yang dihitung, atau pilih bahwa kelompok tidak ditemukan."
        }
        CheckInput { found: false, counted: 1.. } => {
            "Kelompok yang tidak ditemukan tidak dapat dihitung. Kosongkan jumlahnya."
        }
        CheckInput { counted, .. } if counted > MAX_PEOPLE => {
            "Jumlah itu terlalu banyak untuk satu kelompok. Periksa angkanya."
        }
        CheckInput { .. } => return,
    };
    errors.push(FieldError::new("counted", message));
}

fn checked(group: &Kelompok, date: Date, office: Private, check: CheckInput) -> Event {
    Event::HeadChecked {
        kelompok: group.id.clone(),
        date,
        found: check.found,
        recorded: group.members(date),
        counted: check.counted,
        office,
    }
}

fn reason_of(reason: &str, missing: &str) -> Result<Private, Refusal> {
    match text::clean(reason, MAX_TEXT_CHARS) {
        Ok(text) if text.is_empty() => Err(Refusal::invalid("reason", missing)),
        Ok(text) => Ok(Private::from(text)),
        Err(error) => Err(Refusal::invalid("reason", error.to_string())),
    }
}

fn resolve(
    context: Context<'_>,
    number: CheckNo,
    (outcome, reason): (CheckOutcome, Option<HeadReason>),
    note: &str,
) -> Result<Vec<Event>, Refusal> {
    let today = context.latest_today();
    let (check, group) = context
        .state
        .check(number)
        .filter(|(_, group)| context.viewer.read_group(group, today))
        .ok_or(Refusal::NotFound("Pemeriksaan ini"))?;
    if !context.viewer.supervise(group.home(today)) {
        return Err(Refusal::forbidden("menyelesaikan pemeriksaan kelompok ini"));
    }
    if check.resolved.is_some() {
        return Err(Refusal::Conflict(
            "Pemeriksaan ini sudah diselesaikan. Muat ulang halamannya untuk melihat hasilnya."
                .to_owned(),
        ));
    }
    let note = match text::clean(note, MAX_TEXT_CHARS) {
        Ok(note) if note.is_empty() && outcome == CheckOutcome::Lain => {
            return Err(Refusal::invalid("note", "Tulis bagaimana pemeriksaan ini selesai."));
        }
        Ok(note) => (!note.is_empty()).then(|| Private::from(note)),
        Err(error) => return Err(Refusal::invalid("note", error.to_string())),
    };
    if !outcome.fits(check.found) {
        let message = if check.found {
            "Kelompok ini ditemukan. Pilih penyelesaian untuk jumlah anggotanya."
        } else {
            "Kelompok ini tidak ditemukan. Pilih apakah kemudian ditemukan atau sudah tidak aktif."
        };
        return Err(Refusal::invalid("outcome", message));
    }
    if outcome == CheckOutcome::TidakAktif && group.end.is_none() {
        return Err(Refusal::invalid(
            "outcome",
            "Kelompok ini masih tercatat aktif. Minta admin membubarkannya dulu, lalu selesaikan pemeriksaan ini.",
        ));
    }
    let mut events = Vec::new();
    if outcome == CheckOutcome::Diubah {
        let delta = i32::from(check.counted) - i32::from(group.members(check.date));
        // Someone may have changed the number already; then nothing is left to change.
        if delta != 0 {
            let reason = reason.unwrap_or(HeadReason::Koreksi);
            fits(reason, delta)?;
            if let Some(end) = group.end.filter(|end| check.date >= *end) {
                return Err(Refusal::invalid("outcome", super::life::ended_words(group, end)));
            }
            super::groups::within(group, check.date, delta)
                .map_err(|message| Refusal::invalid("outcome", message))?;
            let Ok((opened, closed)) = super::groups::seats_of(group, check.date, delta, &[])
            else {
                return Err(Refusal::invalid(
                    "outcome",
                    "Anggota kelompok ini bernomor urut. Ubah dulu jumlah anggotanya di halaman kelompok dengan menyebut nomor urut yang keluar, lalu selesaikan pemeriksaan ini.",
                ));
            };
            let (kelompok, date) = (group.id.clone(), check.date);
            events.push(Event::HeadChanged { kelompok, date, delta, reason, note: note.clone() });
            if !(opened.is_empty() && closed.is_empty()) {
                let kelompok = group.id.clone();
                events.push(Event::SeatsChanged { kelompok, date, opened, closed });
            }
        }
    }
    let kelompok = group.id.clone();
    events.push(Event::HeadCheckResolved { check: number, kelompok, outcome, note });
    Ok(events)
}

/// Whether members can have come or gone for this reason.
fn fits(reason: HeadReason, delta: i32) -> Result<(), Refusal> {
    let wrong = match reason {
        HeadReason::AnggotaBaru => delta < 0,
        HeadReason::GraduasiMandiri | HeadReason::GraduasiAlamiah | HeadReason::Meninggal => {
            delta > 0
        }
        HeadReason::Pindah | HeadReason::Koreksi => false,
        HeadReason::Awal => true,
    };
    if wrong {
        return Err(Refusal::invalid(
            "reason",
            format!("Alasan “{}” tidak cocok dengan perubahan {delta:+}.", reason.name()),
        ));
    }
    Ok(())
}
