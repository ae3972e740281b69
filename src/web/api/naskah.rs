//! Drafts, submitting, returning, publishing.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::app::drafts::{Draft, DraftError};
use crate::app::seed;
use crate::command::{Command, TextFacts};
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::merge::merge;
use crate::decide::{FieldError, Refusal};
use crate::event::{ChangeKind, Event};
use crate::kelompok::text::{self, MAX_TEXT_CHARS};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, PathParts};
use crate::web::parts::checks::refuse_faulty;

use super::kelola::{before, events};
use super::kurikulum::{self, known};
use super::shape::Shape;

#[derive(Debug, Serialize)]
struct DraftOut {
    sesi: String,
    base: Option<u16>,
    version: String,
    saved_at: String,
    text: String,
}

/// What stands in the way of a stale draft: both texts and what a merge would make of them.
#[derive(Debug, Serialize)]
struct StaleOut {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    stored: String,
    sent: String,
    merged: Option<String>,
    version: String,
}

fn writable(web: &Web, member: &Member, parts: &PathParts) -> Result<SesiId, WebError> {
    if !member.viewer().read_drafts() {
        return Err(WebError::Forbidden(
            "Naskah sementara hanya untuk pelatih dan penelaah.".to_owned(),
        ));
    }
    known(&web.app.state(), parts)
}

fn shown(draft: &Draft) -> DraftOut {
    DraftOut {
        sesi: draft.sesi.to_string(),
        base: draft.base,
        version: draft.version(),
        saved_at: draft.saved_at.to_string(),
        text: draft.text.clone(),
    }
}

fn answer(status: StatusCode, draft: &Draft) -> Response {
    (status, [(header::ETAG, format!("\"{}\"", draft.version()))], Json(shown(draft)))
        .into_response()
}

pub(super) async fn get_draft(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    let id = writable(&web, &member, &parts)?;
    match web.app.draft(&id) {
        Ok(Some(draft)) => Ok(answer(StatusCode::OK, &draft)),
        Ok(None) => Err(WebError::not_found("Naskah sementara sesi ini").into()),
        Err(error) => Err(WebError::internal(&error).into()),
    }
}

pub(super) async fn put_draft(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    let id = writable(&web, &member, &parts)?;
    if !member.viewer().write_draft() {
        return Err(WebError::Forbidden("Hanya pelatih yang menulis naskah.".to_owned()).into());
    }
    let mut shape = Shape::read(request).await?;
    let text = shape.needed_text("text");
    shape.end()?;
    let version = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.trim_matches('"').to_owned());
    if let Some(version) = &version
        && let Some(answer) = overtaken(&web, &id, version, &text)?
    {
        return Ok(answer);
    }
    let base = web.app.state().sesi(&id).and_then(|sesi| sesi.live().map(|one| one.number));
    let saved_at = web.app.clock().now();
    let authors = vec![member.account.id];
    let draft = Draft { sesi: id.clone(), base, authors, saved_at, text };
    let worker = web.clone();
    let sent = draft.text.clone();
    let saved =
        tokio::task::spawn_blocking(move || worker.app.save_draft(draft, version.as_deref()))
            .await
            .map_err(|error| WebError::internal(&error))?;
    match saved {
        Ok(draft) => Ok(answer(StatusCode::OK, &draft)),
        Err(DraftError::Stale(stored)) => stale(&web, &id, &stored, sent),
        Err(error @ (DraftError::TooLong | DraftError::PersonalNumber(_))) => {
            Err(WebError::Invalid(vec![FieldError::new("text", error.to_string())]).into())
        }
        Err(error) => Err(WebError::internal(&error).into()),
    }
}

/// Why a first draft cannot be made from what the client read, if that is not the live edition: the
/// live text and a merge into it. A draft that is stored is compared when it is saved.
fn overtaken(
    web: &Web,
    id: &SesiId,
    version: &str,
    sent: &str,
) -> Result<Option<Response>, Problem> {
    let stored = web.app.draft(id).map_err(|error| WebError::internal(&error))?;
    let (live, editions) = {
        let state = web.app.state();
        let sesi = state.sesi(id);
        let editions = sesi.map_or_else(Vec::new, |sesi| sesi.editions.clone());
        (sesi.and_then(|sesi| sesi.live()).cloned(), editions)
    };
    let Some(live) = live.filter(|_| stored.is_none() && version != "*") else { return Ok(None) };
    let read = |edition| -> Result<bool, WebError> {
        let tags = kurikulum::tags(web, id, edition)?;
        Ok(tags.iter().any(|tag| tag.trim_matches('"') == version))
    };
    if read(&live)? {
        return Ok(None);
    }
    let mut base = String::new();
    for edition in &editions {
        if read(edition)? {
            base = source(web, edition.revision)?;
        }
    }
    let stored = source(web, live.revision)?;
    let merged = (!base.is_empty()).then(|| merge(&base, &stored, sent).text()).flatten();
    let [version, _] = kurikulum::tags(web, id, &live)?;
    let detail = format!(
        "Edisi {} sudah terbit sejak naskah ini dibaca. Gabungkan tulisan Anda dengan edisi itu, lalu simpan lagi.",
        live.number
    );
    let version = version.trim_matches('"').to_owned();
    Ok(Some(conflict(StaleOut {
        detail,
        stored,
        sent: sent.to_owned(),
        merged,
        version,
        ..stale_out()
    })?))
}

fn source(web: &Web, revision: RevisionId) -> Result<String, WebError> {
    let text = web.app.texts().get(revision).map_err(WebError::from)?;
    Ok(text.sesi.source().to_owned())
}

fn stale_out() -> StaleOut {
    StaleOut {
        r#type: "about:blank",
        title: WebError::Stale(String::new()).title(),
        status: 412,
        detail: String::new(),
        stored: String::new(),
        sent: String::new(),
        merged: None,
        version: String::new(),
    }
}

fn conflict(body: StaleOut) -> Result<Response, Problem> {
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    let bytes = serde_json::to_vec(&body).map_err(|error| WebError::internal(&error))?;
    Ok((StatusCode::PRECONDITION_FAILED, kind, bytes).into_response())
}

fn stale(web: &Web, id: &SesiId, stored: &Draft, sent: String) -> Result<Response, Problem> {
    let base = {
        let state = web.app.state();
        let edition = stored.base.and_then(|number| state.sesi(id)?.edition(number));
        edition.map(|edition| edition.revision)
    };
    let base = match base {
        Some(revision) => source(web, revision)?,
        None => String::new(),
    };
    conflict(StaleOut {
        detail: DraftError::Stale(Box::new(stored.clone())).to_string(),
        stored: stored.text.clone(),
        merged: merge(&base, &stored.text, &sent).text(),
        version: stored.version(),
        sent,
        ..stale_out()
    })
}

pub(super) async fn post_submit(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = writable(&web, &member, &parts)?;
    let mut shape = Shape::read(request).await?;
    let request_id = shape.maybe_parsed("id", "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071");
    let summary = shape.text("summary");
    shape.end()?;
    if let Some(events) = before(&web, &member, request_id)? {
        return Ok(submitted(again(&id, &summary, &events)?));
    }
    let draft = match web.app.draft(&id) {
        Ok(Some(draft)) => draft,
        Ok(None) => return Err(WebError::not_found("Naskah sementara sesi ini").into()),
        Err(error) => return Err(WebError::internal(&error).into()),
    };
    refuse_faulty(&web, &id, draft.text.clone()).await?;
    let worker = web.clone();
    let text = draft.text.clone();
    let revision = tokio::task::spawn_blocking(move || worker.app.texts().put(&text))
        .await
        .map_err(|error| WebError::internal(&error))?
        .map_err(WebError::from)?;
    let command = Command::Submit {
        sesi: id.clone(),
        revision,
        base: draft.base,
        authors: draft.authors,
        summary,
    };
    submit(&web, &member, request_id, command).await?;
    Ok(submitted(Submitted { sesi: id.to_string(), revision }))
}

fn submitted(body: Submitted) -> Response {
    (StatusCode::CREATED, Json(body)).into_response()
}

/// What was handed in by a request that was accepted before, if it said the same. A summary that
/// was blanked since is taken to be the same.
fn again(id: &SesiId, summary: &str, events: &[Event]) -> Result<Submitted, WebError> {
    let found = events.iter().find_map(|event| match event {
        Event::RevisionSubmitted { sesi, revision, summary, .. } if sesi == id => {
            Some((*revision, summary))
        }
        _ => None,
    });
    let (revision, kept) = found.ok_or_else(same_id)?;
    let sent = text::clean(summary, MAX_TEXT_CHARS).unwrap_or_default();
    match kept.as_str() {
        Some(kept) if kept != sent => Err(same_id()),
        _ => Ok(Submitted { sesi: id.to_string(), revision }),
    }
}

#[derive(Debug, Serialize)]
struct Submitted {
    sesi: String,
    revision: RevisionId,
}

fn same_id() -> WebError {
    Refusal::SameIdOtherValues("id").into()
}

/// Carries a command out and gives what its line tells, also when that was written before.
async fn submit(
    web: &Web,
    member: &Member,
    id: Option<Uuid>,
    command: Command,
) -> Result<Vec<Event>, WebError> {
    let id = match id {
        Some(id) => id,
        None => web.app.clock().new_id()?,
    };
    let done = web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    if done.repeat { events(web, done.seq) } else { Ok(done.events.to_vec()) }
}

pub(super) async fn post_return(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = writable(&web, &member, &parts)?;
    let mut shape = Shape::read(request).await?;
    let request_id = shape.maybe_parsed("id", "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071");
    let revision = shape.maybe_parsed::<RevisionWord>("revision", "64 angka heksa");
    let reason = shape.text("reason");
    shape.end()?;
    let returned = before(&web, &member, request_id)?.map(|events| returned(&events));
    let revision = match (revision, returned) {
        (Some(RevisionWord(revision)), _) => Some(revision),
        // Which one waited then, and not what waits now.
        (None, Some(returned)) => Some(returned.ok_or_else(same_id)?),
        (None, None) => waiting(&web, &id),
    };
    let revision = revision.ok_or_else(|| {
        WebError::Conflict("Tidak ada naskah dari sesi ini yang menunggu tinjauan.".to_owned())
    })?;
    let command = Command::Return { sesi: id.clone(), revision, reason };
    submit(&web, &member, request_id, command).await?;
    Ok(Json(Submitted { sesi: id.to_string(), revision }).into_response())
}

fn returned(events: &[Event]) -> Option<RevisionId> {
    events.iter().find_map(|event| match event {
        Event::RevisionReturned { revision, .. } => Some(*revision),
        _ => None,
    })
}

/// The text of a sesi that waits for review.
fn waiting(web: &Web, id: &SesiId) -> Option<RevisionId> {
    let state = web.app.state();
    let submission = state.sesi(id)?.submission.as_ref()?;
    Some(submission.revision)
}

struct RevisionWord(RevisionId);

impl std::str::FromStr for RevisionWord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).map(Self).map_err(|_| ())
    }
}

#[derive(Debug, Serialize)]
struct Published {
    sesi: String,
    edition: u16,
    revision: RevisionId,
    kind: &'static str,
}

pub(super) async fn post_publish(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = writable(&web, &member, &parts)?;
    let mut shape = Shape::read(request).await?;
    let request_id = shape.maybe_parsed("id", "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071");
    let revision = shape.parsed::<RevisionWord>("revision", "64 angka heksa");
    let kind = shape.parsed::<KindWord>("kind", "substansi");
    let note = shape.text("note");
    shape.end()?;
    let (Some(RevisionWord(revision)), Some(KindWord(kind))) = (revision, kind) else {
        return Err(WebError::Internal.into());
    };
    let repeated = before(&web, &member, request_id)?;
    let text = match &repeated {
        Some(events) => published(events).ok_or_else(same_id)?.0,
        None => to_publish(&web, &id, revision).await?,
    };
    let (sesi, text) = (id.clone(), Box::new(TextFacts { sesi: id, revision, ..text }));
    let command = Command::Publish { text, kind, note };
    let events = submit(&web, &member, request_id, command).await?;
    if repeated.is_none() {
        forget_draft(&web, &sesi, revision);
    }
    let (_, edition) = published(&events).ok_or(WebError::Internal)?;
    let body = Published { sesi: sesi.to_string(), edition, revision, kind: kind.as_str() };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// The text that is to be published, if it waits for review and the checker finds nothing.
async fn to_publish(web: &Web, id: &SesiId, revision: RevisionId) -> Result<TextFacts, WebError> {
    if waiting(web, id).is_some_and(|waiting| waiting != revision) {
        return Err(WebError::Stale(
            "Naskah yang menunggu tinjauan sudah berganti. Baca yang baru, lalu terbitkan."
                .to_owned(),
        ));
    }
    let text = web.app.texts().get(revision).map_err(|_| WebError::not_found("Naskah ini"))?;
    refuse_faulty(web, id, text.sesi.source().to_owned()).await?;
    Ok(seed::facts(&text.sesi, id, revision))
}

/// The text and the number of the edition that a line published.
fn published(events: &[Event]) -> Option<(TextFacts, u16)> {
    events.iter().find_map(|event| match event {
        Event::EditionPublished { sesi, revision, edition, langkah, minutes, title, .. } => {
            let (sesi, title) = (sesi.clone(), title.clone());
            let (revision, langkah, minutes) = (*revision, *langkah, *minutes);
            Some((TextFacts { sesi, revision, langkah, minutes, title }, *edition))
        }
        _ => None,
    })
}

/// Removes the draft that was published. Whoever wrote on after handing in keeps their words.
fn forget_draft(web: &Web, id: &SesiId, revision: RevisionId) {
    let draft = web.app.draft(id).ok().flatten();
    if draft.is_some_and(|draft| RevisionId::of(&draft.text) == revision)
        && let Err(error) = web.app.remove_draft(id)
    {
        // The edition stands; a draft that stays behind is only in the way.
        tracing::warn!(%error, "a draft could not be removed after publishing");
    }
}

struct KindWord(ChangeKind);

impl std::str::FromStr for KindWord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "substansi" => Ok(Self(ChangeKind::Substansi)),
            "redaksional" => Ok(Self(ChangeKind::Redaksional)),
            _ => Err(()),
        }
    }
}
