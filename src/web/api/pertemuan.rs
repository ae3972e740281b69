//! Recording pertemuan and what follows on a record.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::command::{Command, RecordInput, TaughtInput};
use crate::decide::pertemuan::UNCHANGED;
use crate::event::Event;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::pertemuan::{Extent, Pertemuan, PertemuanId, Source};
use crate::state::State as World;
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, PathParts};
use crate::web::history;

use super::shape::{Change, Shape};

/// A sesi as it was taught.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TaughtOut {
    id: String,
    extent: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    langkah: Vec<u8>,
    /// The edition; none for a printed book.
    edition: Option<u16>,
    /// Nobody said which edition; the one live on the date is taken.
    assumed: bool,
}

/// A pertemuan without its texts.
#[derive(Debug, Clone, Serialize)]
pub(super) struct PertemuanOut {
    id: PertemuanId,
    kelompok: String,
    date: String,
    kind: String,
    state: &'static str,
    version: u64,
    seq: u64,
    sesi: Vec<TaughtOut>,
    present: u16,
    sick: u16,
    absent: u16,
    members: u16,
    possible_double: bool,
    open_question: bool,
}

impl PertemuanOut {
    /// Where a page of pertemuan goes on.
    pub(super) fn cursor(&self) -> String {
        self.id.to_string()
    }
}

/// A pertemuan as the API shows it, from the state alone.
pub(super) fn shown(
    state: &World,
    group: &crate::kelompok::group::Kelompok,
    fakta: &Fakta,
) -> PertemuanOut {
    let taught = fakta.sesi.iter().map(|one| TaughtOut {
        id: state.sesi_at(one.sesi).map_or_else(String::new, |sesi| sesi.id.to_string()),
        extent: one.extent.as_str(),
        langkah: (1..=32_u8).filter(|number| one.langkah >> (number - 1) & 1 == 1).collect(),
        edition: one.source.edition(),
        assumed: matches!(one.source, Source::Assumed(_)),
    });
    PertemuanOut {
        id: fakta.id,
        kelompok: group.id.to_string(),
        date: fakta.date.to_string(),
        kind: state.kind_id(fakta.kind).to_owned(),
        state: state_word(fakta),
        version: fakta.version,
        seq: fakta.first_seq,
        sesi: taught.collect(),
        present: fakta.attendance.present,
        sick: fakta.attendance.sick,
        absent: fakta.attendance.absent,
        members: fakta.attendance.members,
        possible_double: !group.doubles(fakta).is_empty(),
        open_question: fakta.open_question,
    }
}

fn state_word(fakta: &Fakta) -> &'static str {
    if fakta.withdrawn {
        "ditarik"
    } else if fakta.corrected {
        "diubah"
    } else {
        "tercatat"
    }
}

/// What a client is told after recording; the same for every repeat, for ever.
#[derive(Debug, Serialize)]
struct Recorded {
    id: PertemuanId,
    kelompok: String,
    seq: u64,
    received: Option<String>,
    state: &'static str,
}

pub(super) async fn post_record(
    State(web): State<Web>,
    member: Member,
    request: Request,
) -> Result<Response, Problem> {
    let mut shape = Shape::read(request).await?;
    let id = shape.id("id");
    let input = record(&mut shape);
    shape.end()?;
    let (Some(id), Some(input)) = (id, input) else { return Err(WebError::Internal.into()) };
    let command = Command::Record(Box::new(input));
    web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    let state = web.app.state();
    let (group, fakta) = state.pertemuan(id).ok_or_else(|| WebError::not_found("Pertemuan ini"))?;
    let body = Recorded {
        id,
        kelompok: group.id.to_string(),
        seq: fakta.first_seq,
        received: fakta.received.map(|at| at.to_string()),
        state: state_word(&fakta),
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// The record in a body; none when something is wrong, which the shape then says.
fn record(shape: &mut Shape) -> Option<RecordInput> {
    let kelompok = shape.parsed("kelompok", "OKI-001");
    let date = shape.date("date");
    let kind = shape.text("kind");
    let sesi = shape.objects("sesi", |one| {
        let sesi = one.parsed("id", "memulai-usaha");
        let extent = one.parsed::<ExtentWord>("extent", "tuntas");
        let edition = one.maybe_count("edition");
        let langkah = one.numbers("langkah");
        Some(TaughtInput { sesi: sesi?, extent: extent?.0, langkah, edition })
    });
    let (present, sick, absent) =
        (shape.count("present"), shape.count("sick"), shape.count("absent"));
    let input = RecordInput {
        kelompok: kelompok?,
        date: date?,
        kind: if kind.is_empty() { "lengkap".to_owned() } else { kind },
        sesi,
        present: present?,
        sick: sick?,
        absent: absent?,
        members: shape.maybe_count("members"),
        absent_seats: shape.numbers("absent_seats"),
        start: shape.time("start"),
        end: shape.time("end"),
        place: shape.text("place"),
        discussion: shape.flag("discussion"),
        speakers: shape.texts("speakers"),
        topics: shape.texts("topics"),
        obstacles: shape.text("obstacles"),
        follow_up: shape.text("follow_up"),
        note: shape.text("note"),
    };
    Some(input)
}

struct ExtentWord(Extent);

impl std::str::FromStr for ExtentWord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "tuntas" => Ok(Self(Extent::Tuntas)),
            "sebagian" => Ok(Self(Extent::Sebagian)),
            _ => Err(()),
        }
    }
}

/// One pertemuan with its texts.
#[derive(Debug, Serialize)]
struct Full {
    #[serde(flatten)]
    facts: PertemuanOut,
    record: Option<RecordOut>,
    history: Vec<HistoryOut>,
}

/// The texts of a pertemuan; what was blanked is null.
#[derive(Debug, Serialize)]
struct RecordOut {
    start: Option<String>,
    end: Option<String>,
    place: Option<String>,
    discussion: Option<bool>,
    speakers: Vec<Option<String>>,
    topics: Vec<Option<String>>,
    obstacles: Option<String>,
    follow_up: Option<String>,
    note: Option<String>,
    absent_seats: Vec<u16>,
}

#[derive(Debug, Serialize)]
struct HistoryOut {
    seq: u64,
    at: String,
    event: &'static str,
    text: Option<String>,
}

pub(super) async fn get_one(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    let id = pertemuan_id(&parts)?;
    let (facts, group) = {
        let state = web.app.state();
        let (group, fakta) = find(&web, &member, &state, id)?;
        (shown(&state, group, &fakta), group.id.clone())
    };
    let history = tokio::task::spawn_blocking(move || web.app.history(&group))
        .await
        .map_err(|error| WebError::internal(&error))?
        .map_err(|error| WebError::internal(&error))?;
    let mut record = None;
    let mut told = Vec::new();
    for entry in &history {
        let (event, text) = match &entry.event {
            Event::PertemuanRecorded { id: of, record: said, .. } if *of == id => {
                record = Some(said);
                ("pertemuan.dicatat", None)
            }
            Event::PertemuanCorrected { id: of, record: said, reason } if *of == id => {
                record = Some(said);
                ("pertemuan.dikoreksi", Some(reason))
            }
            Event::PertemuanWithdrawn { id: of, reason, .. } if *of == id => {
                ("pertemuan.ditarik", Some(reason))
            }
            Event::PertemuanQuestioned { id: of, text, .. } if *of == id => {
                ("pertemuan.ditanya", Some(text))
            }
            Event::PertemuanAnswered { id: of, text, .. } if *of == id => {
                ("pertemuan.dijawab", Some(text))
            }
            _ => continue,
        };
        let text = text.and_then(|text| text.as_str().map(str::to_owned));
        told.push(HistoryOut { seq: entry.seq, at: entry.at.to_string(), event, text });
    }
    let record = record.map(record_out);
    Ok(Json(Full { facts, record, history: told }).into_response())
}

fn record_out(record: &Pertemuan) -> RecordOut {
    let text = |one: &Option<crate::private::Private>| {
        one.as_ref().and_then(|text| text.as_str().map(str::to_owned))
    };
    let texts = |all: &[crate::private::Private]| {
        all.iter().map(|text| text.as_str().map(str::to_owned)).collect()
    };
    RecordOut {
        start: record.start.map(|time| time.to_string()),
        end: record.end.map(|time| time.to_string()),
        place: text(&record.place),
        discussion: record.discussion,
        speakers: texts(&record.speakers),
        topics: texts(&record.topics),
        obstacles: text(&record.obstacles),
        follow_up: text(&record.follow_up),
        note: text(&record.note),
        absent_seats: record.absent_seats.clone(),
    }
}

fn pertemuan_id(parts: &PathParts) -> Result<PertemuanId, WebError> {
    Uuid::try_parse(parts.get(0)).map_err(|_| WebError::not_found("Pertemuan ini"))
}

fn find<'a>(
    web: &Web,
    member: &Member,
    state: &'a World,
    id: PertemuanId,
) -> Result<(&'a crate::kelompok::group::Kelompok, Fakta), WebError> {
    let now = web.app.clock().now();
    state
        .pertemuan(id)
        .filter(|(group, fakta)| {
            member.viewer().read_group(group, group.home(fakta.date).zone().date(now))
        })
        .ok_or_else(|| WebError::not_found("Pertemuan ini"))
}

pub(super) async fn post_correct(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = pertemuan_id(&parts)?;
    let mut shape = Shape::read(request).await?;
    let said = shape.change();
    let input = record(&mut shape);
    shape.end()?;
    let (Some(said), Some(input)) = (said, input) else { return Err(WebError::Internal.into()) };
    let Change { id: request, reason, version } = said;
    if history::changes_nothing(&web, member.viewer(), (id, version), &input)? {
        return Err(WebError::Conflict(UNCHANGED.to_owned()).into());
    }
    let command = Command::Correct { id, record: Box::new(input), reason, version };
    change(&web, &member, (request, id), command).await
}

pub(super) async fn post_withdraw(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = pertemuan_id(&parts)?;
    let mut shape = Shape::read(request).await?;
    let said = shape.change();
    shape.end()?;
    let Change { id: request, reason, version } = said.ok_or(WebError::Internal)?;
    change(&web, &member, (request, id), Command::Withdraw { id, reason, version }).await
}

pub(super) async fn post_ask(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = pertemuan_id(&parts)?;
    let mut shape = Shape::read(request).await?;
    let request_id = shape.id("id");
    let text = shape.text("text");
    shape.end()?;
    let Some(request_id) = request_id else { return Err(WebError::Internal.into()) };
    change(&web, &member, (request_id, id), Command::Ask { id, text }).await
}

async fn change(
    web: &Web,
    member: &Member,
    (request_id, id): (Uuid, PertemuanId),
    command: Command,
) -> Result<Response, Problem> {
    web.app.submit(web.app.request_as(request_id, member.actor(), command)).await?;
    let state = web.app.state();
    let (group, fakta) = find(web, member, &state, id)?;
    Ok(Json(shown(&state, group, &fakta)).into_response())
}
