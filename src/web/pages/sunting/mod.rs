//! The editor of a sesi: text and preview, problems beside the line, drafts and handing in.

mod work;

use std::sync::Arc;

use askama::Template;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;

use crate::app::SubmitError;
use crate::app::drafts::{Draft, DraftError};
use crate::command::Command;
use crate::curriculum::ids::SesiId;
use crate::curriculum::markdown::SafeHtml;
use crate::curriculum::sesi::Sesi;
use crate::decide::{FieldError, Refusal};
use crate::state::{SesiState, State};
use crate::web::error::{Problem, WebError};
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::guide;
use crate::web::page::{Done, Form, Link, Page, Tab, lead_to, lead_to_done, show_with};
use crate::web::parts::checks::{Bench, ProblemView, fault, views};
use crate::web::parts::send::request_id;
use crate::web::{Web, urls};

use self::work::{Conflict, Known, Work};

use super::reading::{Place, SesiHead, blocking, known_sesi, moment, sesi_id, wib};

pub(super) use self::work::draft_error;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/sesi/{id}/sunting", get(get_editor).post(post_editor))
        .route("/sesi/{id}/sunting/simpan", post(post_autosave))
}

#[derive(Template)]
#[template(path = "pages/sunting.html")]
struct Sunting {
    page: Page,
    trail: Vec<Link>,
    title: String,
    tabs: Vec<Tab>,
    action: String,
    autosave: String,
    form: Form,
    version: String,
    base: String,
    state: String,
    preview: SafeHtml,
    problems: Vec<ProblemView>,
    returned: Option<ReturnedView>,
    pending: Option<String>,
    conflict: Option<Conflict>,
    ready: bool,
    unhanded: bool,
}

#[derive(Template)]
#[template(path = "parts/problems.html")]
struct ProblemList {
    problems: Vec<ProblemView>,
}

#[derive(Debug, Clone)]
struct ReturnedView {
    reason: String,
    by: String,
    when: String,
}

/// Everything about the sesi that the editor needs, taken from the state for a moment.
struct Desk {
    head: SesiHead,
    known: Known,
    bench: Bench,
    returned: Option<ReturnedView>,
    pending: Option<String>,
}

impl Desk {
    fn open(web: &Web, member: &Member, id: &SesiId) -> Result<Self, WebError> {
        if !member.viewer().write_draft() {
            return Err(Refusal::forbidden("menyunting naskah").into());
        }
        let state = web.app.state();
        let sesi = known_sesi(&state, id)?;
        let today = wib(web.app.clock().now());
        Ok(Self {
            head: SesiHead::of(&state, &member.visitor(), sesi, Place::Edit),
            known: Known::of(&state, sesi),
            bench: Bench::of(&state, id, today),
            returned: returned(&state, sesi),
            pending: pending(&state, sesi),
        })
    }
}

fn returned(state: &State, sesi: &SesiState) -> Option<ReturnedView> {
    let returned = sesi.returned.as_ref()?;
    Some(ReturnedView {
        reason: returned.reason.clone(),
        by: returned.by.map_or("program", |by| state.account_name(by)).to_owned(),
        when: moment(returned.at),
    })
}

fn pending(state: &State, sesi: &SesiState) -> Option<String> {
    let waiting = sesi.submission.as_ref()?;
    let by = waiting.by.map_or("program", |by| state.account_name(by));
    Some(format!(
        "Naskah dari {by} sedang ditinjau sejak {}. Perubahan berikutnya dapat disimpan, tetapi baru dapat diajukan setelah tinjauan itu selesai.",
        moment(waiting.at)
    ))
}

async fn get_editor(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let desk = Desk::open(&web, &member, &sesi_id(&parts)?)?;
    let (app, known) = (Arc::clone(&web.app), desk.known.clone());
    let work = blocking(move || work::load(&app, &known)).await??;
    let form = Form::new(&web, vec![("text", work.text.clone())])?;
    editor(&web, &member, desk, Shown { status: StatusCode::OK, form, work }).await
}

/// A page of the editor before it is rendered.
struct Shown {
    status: StatusCode,
    form: Form,
    work: Work,
}

async fn editor(
    web: &Web,
    member: &Member,
    desk: Desk,
    shown: Shown,
) -> Result<Response, WebError> {
    let Shown { status, form, work } = shown;
    let (bench, text) = (desk.bench, work.text);
    let (problems, preview) = blocking(move || examine(&bench, &text)).await?;
    let base = urls::sesi_part(&desk.head.id, "sunting");
    let view = Sunting {
        page: web.page(&member.visitor(), "/kurikulum"),
        trail: desk.head.trail_below(),
        title: desk.head.title,
        tabs: desk.head.tabs,
        autosave: format!("{base}/simpan"),
        action: base,
        ready: work.kept && desk.pending.is_none(),
        unhanded: work.kept && !form.errors.is_empty(),
        form,
        version: work.version,
        base: work.base.map_or_else(String::new, |number| number.to_string()),
        state: work.state,
        preview,
        problems,
        returned: desk.returned,
        pending: desk.pending,
        conflict: work.conflict,
    };
    show_with(status, &view)
}

fn examine(bench: &Bench, text: &str) -> (Vec<ProblemView>, SafeHtml) {
    (views(&bench.problems(text)), guide::preview(&Sesi::parse(text).0))
}

async fn post_editor(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let id = sesi_id(&parts)?;
    let desk = Desk::open(&web, &member, &id)?;
    match form.get("do") {
        "preview" => {
            let work = typed(&desk, &form, "Belum disimpan");
            let form = Form::again(&form.0, Vec::new());
            editor(&web, &member, desk, Shown { status: StatusCode::OK, form, work }).await
        }
        "discard" => blocking(move || web.app.remove_draft(&id))
            .await?
            .map(|()| lead_to_done(&urls::sesi(desk.head.id), Done::Discarded))
            .map_err(|error| draft_error(&error)),
        "submit" => hand_in(&web, &member, desk, &form).await,
        _ => match save(&web, &member, &desk, &form).await? {
            Ok(_) => Ok(lead_to(&urls::sesi_part(&id, "sunting"))),
            Err(unsaved) => unsaved.show(&web, &member, desk, &form).await,
        },
    }
}

/// What was typed, on the same table as before.
fn typed(desk: &Desk, form: &FormData, state: &str) -> Work {
    Work {
        text: text_of(form),
        version: form.get("version").to_owned(),
        base: desk.known.edition(form.number("base")),
        state: state.to_owned(),
        conflict: None,
        kept: false,
    }
}

/// The text of the form; browsers send line ends as CR LF, texts are kept with LF.
fn text_of(form: &FormData) -> String {
    form.raw("text").unwrap_or("").replace("\r\n", "\n")
}

/// Why a draft was not saved or handed in; what was typed is shown again.
enum Unsaved {
    /// Somebody else saved in between.
    Raced(Box<Draft>),
    /// Something is wrong with it.
    Wrong { status: StatusCode, errors: Vec<FieldError>, version: Option<String> },
    /// A newer edition was published; the saved draft goes together with it.
    Overtaken,
}

impl Unsaved {
    fn wrong(field: &str, message: impl Into<String>, version: Option<String>) -> Self {
        let errors = vec![FieldError::new(field, message)];
        Self::Wrong { status: StatusCode::UNPROCESSABLE_ENTITY, errors, version }
    }

    async fn show(
        self,
        web: &Web,
        member: &Member,
        desk: Desk,
        form: &FormData,
    ) -> Result<Response, WebError> {
        let (app, known) = (Arc::clone(&web.app), desk.known.clone());
        let shown = match self {
            Self::Raced(theirs) => {
                let text = text_of(form);
                let work = blocking(move || work::raced(&app, &known, &text, &theirs)).await??;
                let form = Form::again(&form.0, Vec::new());
                Shown { status: StatusCode::PRECONDITION_FAILED, form, work }
            }
            Self::Overtaken => {
                let work = blocking(move || work::load(&app, &known)).await??;
                let values =
                    vec![("text", work.text.clone()), ("summary", form.get("summary").to_owned())];
                let form = Form::new(web, values)?;
                Shown { status: StatusCode::PRECONDITION_FAILED, form, work }
            }
            Self::Wrong { status, errors, version } => {
                let state =
                    if version.is_some() { "Tersimpan, belum diajukan" } else { "Belum disimpan" };
                let mut work = typed(&desk, form, state);
                work.kept = version.is_some();
                work.version = version.unwrap_or(work.version);
                Shown { status, form: Form::again(&form.0, errors), work }
            }
        };
        editor(web, member, desk, shown).await
    }
}

/// Saves what was typed as the draft.
async fn save(
    web: &Web,
    member: &Member,
    desk: &Desk,
    form: &FormData,
) -> Result<Result<Draft, Unsaved>, WebError> {
    let draft = Draft {
        sesi: desk.known.id.clone(),
        base: desk.known.edition(form.number("base")),
        authors: vec![member.account.id],
        saved_at: web.app.clock().now(),
        text: text_of(form),
    };
    if draft.text.trim().is_empty() {
        return Ok(Err(Unsaved::wrong("text", "Naskahnya kosong. Tulis isinya dulu.", None)));
    }
    let (app, version) = (Arc::clone(&web.app), form.get("version").to_owned());
    // The page names a newer base only after it showed what that edition brought.
    let saved = blocking(move || {
        app.rebase_draft(draft, Some(version.as_str()).filter(|version| !version.is_empty()))
    });
    match saved.await? {
        Ok(draft) => Ok(Ok(draft)),
        Err(DraftError::Stale(theirs)) => Ok(Err(Unsaved::Raced(theirs))),
        Err(error @ (DraftError::TooLong | DraftError::PersonalNumber(_))) => {
            Ok(Err(Unsaved::wrong("text", error.to_string(), None)))
        }
        Err(other) => Err(draft_error(&other)),
    }
}

/// Saves, checks and hands the text in for review.
async fn hand_in(
    web: &Web,
    member: &Member,
    desk: Desk,
    form: &FormData,
) -> Result<Response, WebError> {
    let id = desk.known.id.clone();
    let request = request_id(web, form)?;
    let before = web.app.state().accepted(request);
    if before.is_some_and(|accepted| accepted.by == Some(member.account.id)) {
        return Ok(lead_to_done(&urls::tinjauan(&id), Done::Submitted));
    }
    let draft = match save(web, member, &desk, form).await? {
        Ok(draft) => draft,
        Err(unsaved) => return unsaved.show(web, member, desk, form).await,
    };
    let version = Some(draft.version());
    let (app, bench, known) = (Arc::clone(&web.app), desk.bench.clone(), desk.known.clone());
    let (text, base, authors) = (draft.text, draft.base, draft.authors);
    let checked = blocking(move || {
        let live = known.edition_text(&app, known.live())?;
        match fault(&known.id, &bench, &text, &live) {
            Some(fault) => Ok(Err(fault)),
            None => Ok::<_, WebError>(Ok(app.texts().put(&text)?)),
        }
    });
    let revision = match checked.await?? {
        Ok(revision) => revision,
        Err(fault) => {
            return Unsaved::wrong("text", fault, version).show(web, member, desk, form).await;
        }
    };
    let summary = form.get("summary").to_owned();
    let command = Command::Submit { sesi: id.clone(), revision, base, authors, summary };
    let outcome = web.app.submit(web.app.request_as(request, member.actor(), command)).await;
    match outcome.map_err(|error| refused(error, version)) {
        Ok(_) => Ok(lead_to_done(&urls::tinjauan(&id), Done::Submitted)),
        Err(Ok(unsaved)) => unsaved.show(web, member, desk, form).await,
        Err(Err(error)) => Err(error),
    }
}

/// A refusal that the editor shows, or an error for a page of its own.
fn refused(error: SubmitError, version: Option<String>) -> Result<Unsaved, WebError> {
    match error {
        SubmitError::Refused(Refusal::Invalid(errors)) => {
            Ok(Unsaved::Wrong { status: StatusCode::UNPROCESSABLE_ENTITY, errors, version })
        }
        SubmitError::Refused(Refusal::Conflict(text)) => {
            let errors = vec![FieldError::new("summary", text)];
            Ok(Unsaved::Wrong { status: StatusCode::CONFLICT, errors, version })
        }
        SubmitError::Refused(Refusal::Stale { .. }) => Ok(Unsaved::Overtaken),
        other => Err(other.into()),
    }
}

#[derive(Serialize)]
struct Autosaved {
    text: String,
    version: String,
    preview: String,
    problems: String,
}

/// Keeps the draft while somebody writes; for the script of the page.
async fn post_autosave(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, Problem> {
    let desk = Desk::open(&web, &member, &sesi_id(&parts)?)?;
    let draft = match save(&web, &member, &desk, &form).await? {
        Ok(draft) => draft,
        Err(Unsaved::Wrong { errors, .. }) => return Err(WebError::Invalid(errors).into()),
        Err(Unsaved::Raced(theirs)) => {
            return Err(WebError::Stale(DraftError::Stale(theirs).to_string()).into());
        }
        Err(Unsaved::Overtaken) => {
            return Err(
                WebError::Stale("Edisi baru terbit. Muat ulang halaman ini.".to_owned()).into()
            );
        }
    };
    let (text, version) = (work::saved(&draft), draft.version());
    let bench = desk.bench;
    let (problems, preview) = blocking(move || examine(&bench, &draft.text)).await?;
    let problems = ProblemList { problems }.render().map_err(|error| WebError::internal(&error))?;
    Ok(Json(Autosaved { text, version, preview: preview.to_string(), problems }).into_response())
}
