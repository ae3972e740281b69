//! Review: texts that wait, and one of them against the live edition, to be published or returned.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;

use crate::app::SubmitError;
use crate::app::seed::facts;
use crate::command::Command;
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::markdown::SafeHtml;
use crate::decide::{FieldError, Refusal};
use crate::event::ChangeKind;
use crate::state::{SesiState, State, Submission};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts};
use crate::web::guide;
use crate::web::page::{Badge, Done, Form, Link, Page, Tab, lead_to_done, show, show_with};
use crate::web::{Web, urls};

use super::bandingkan::DiffView;
use super::reading::{blocking, known_sesi, moment, sesi_id, wib};
use super::riwayat::{comparison, kind_badge};
use crate::web::parts::checks::{Bench, ProblemView, refuse_faulty, views};
use crate::web::parts::send::request_id;

/// How many decisions are listed.
const MAX_DECIDED: usize = 50;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/tinjauan", get(get_list))
        .route("/tinjauan/{sesi}", get(get_review))
        .route("/tinjauan/{sesi}/terbitkan", post(post_publish))
        .route("/tinjauan/{sesi}/kembalikan", post(post_return))
}

#[derive(Template)]
#[template(path = "pages/tinjauan.html")]
struct Tinjauan {
    page: Page,
    tabs: Vec<Tab>,
    reviews: Vec<Entry>,
}

struct Entry {
    at: Timestamp,
    title: String,
    href: String,
    facts: String,
    summary: String,
    mine: bool,
    badges: Vec<Badge>,
}

#[derive(Template)]
#[template(path = "pages/tinjau.html")]
struct Tinjau {
    page: Page,
    trail: Vec<Link>,
    title: String,
    facts: Vec<String>,
    summary: String,
    revision: String,
    stale: bool,
    diff: DiffView,
    problems: Vec<ProblemView>,
    preview: SafeHtml,
    allowed: Option<&'static str>,
    publish: String,
    give_back: String,
    form: Form,
}

/// Whoever may see what waits for review.
fn insider(member: &Member) -> Result<(), WebError> {
    if member.viewer().read_drafts() {
        return Ok(());
    }
    Err(WebError::Forbidden(
        "Halaman ini untuk pelatih dan penelaah. Hubungi admin wilayah Anda bila ini tugas Anda."
            .to_owned(),
    ))
}

async fn get_list(
    Shared(web): Shared<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    insider(&member)?;
    let decided = params.word("lihat", &["selesai"])? == "selesai";
    let tab = |name: &str, href: &str, active| Tab {
        name: name.to_owned(),
        href: href.to_owned(),
        active,
        icon: "",
    };
    let reviews = {
        let state = web.app.state();
        if decided { decided_lately(&state, &member) } else { waiting(&state, &member) }
    };
    show(&Tinjauan {
        page: web.page(&member.visitor(), "/tinjauan"),
        tabs: vec![
            tab("Menunggu", "/tinjauan", !decided),
            tab("Selesai", "/tinjauan?lihat=selesai", decided),
        ],
        reviews,
    })
}

/// What waits, the oldest first: it has waited longest.
fn waiting(state: &State, member: &Member) -> Vec<Entry> {
    let mut entries: Vec<Entry> = state
        .all_sesi()
        .filter_map(|(_, sesi)| {
            let waiting = sesi.submission.as_ref()?;
            Some(Entry {
                at: waiting.at,
                title: sesi.title.clone(),
                href: urls::tinjauan(&sesi.id),
                facts: submission_facts(state, waiting).join(", "),
                summary: waiting.summary.clone(),
                mine: waiting.authors.contains(&member.account.id),
                badges: Vec::new(),
            })
        })
        .collect();
    entries.sort_by_key(|one| one.at);
    entries
}

fn submission_facts(state: &State, waiting: &Submission) -> Vec<String> {
    let by = waiting.by.map_or("program", |by| state.account_name(by));
    let base = waiting
        .base
        .map_or_else(|| "naskah pertama".to_owned(), |base| format!("berdasarkan edisi {base}"));
    vec![format!("Diajukan {by}, {}", moment(waiting.at)), base]
}

/// What was published or returned, the latest first; texts that came with the program left out.
fn decided_lately(state: &State, member: &Member) -> Vec<Entry> {
    let me = member.account.id;
    let mut entries = Vec::new();
    for (_, sesi) in state.all_sesi() {
        for edition in sesi.editions.iter().filter(|one| one.by.is_some()) {
            let by = edition.by.map_or("program", |by| state.account_name(by));
            let before = sesi.editions.iter().rev().find(|one| one.number < edition.number);
            entries.push(Entry {
                at: edition.at,
                title: sesi.title.clone(),
                href: match before {
                    Some(before) => comparison(sesi, before.number, edition.number),
                    None => urls::sesi_part(&sesi.id, "riwayat"),
                },
                facts: format!("Diterbitkan {by}, {}", moment(edition.at)),
                summary: edition.note.clone(),
                mine: edition.authors.contains(&me),
                badges: vec![
                    Badge::new(format!("Edisi {}", edition.number), "good"),
                    kind_badge(edition.kind),
                ],
            });
        }
        if let Some(returned) = &sesi.returned {
            let by = returned.by.map_or("program", |by| state.account_name(by));
            entries.push(Entry {
                at: returned.at,
                title: sesi.title.clone(),
                href: urls::sesi_part(&sesi.id, "riwayat"),
                facts: format!("Dikembalikan {by}, {}", moment(returned.at)),
                summary: returned.reason.clone(),
                mine: false,
                badges: vec![Badge::new("Dikembalikan", "attention")],
            });
        }
    }
    entries.sort_by_key(|one| std::cmp::Reverse(one.at));
    entries.truncate(MAX_DECIDED);
    entries
}

async fn get_review(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    review(&web, &member, &sesi_id(&parts)?, Shown { status: StatusCode::OK, form, stale: false })
        .await
}

/// A review before it is rendered.
struct Shown {
    status: StatusCode,
    form: Form,
    stale: bool,
}

async fn review(
    web: &Web,
    member: &Member,
    id: &SesiId,
    shown: Shown,
) -> Result<Response, WebError> {
    insider(member)?;
    let page = web.page(&member.visitor(), "/tinjauan");
    let (mut view, bench, revisions) = {
        let state = web.app.state();
        let sesi = known_sesi(&state, id)?;
        let waiting = sesi.submission.as_ref().ok_or_else(nothing_waits)?;
        let revisions = (sesi.live().map(|live| live.revision), waiting.revision);
        let bench = Bench::of(&state, id, wib(web.app.clock().now()));
        (view(page, &state, (member, sesi, waiting), shown.form), bench, revisions)
    };
    view.stale = shown.stale;
    let texts = web.clone();
    let examined = blocking(move || examine(&texts, &bench, revisions)).await??;
    (view.diff, view.problems, view.preview) = examined;
    show_with(shown.status, &view)
}

fn nothing_waits() -> WebError {
    WebError::NotFound(
        "Tidak ada naskah dari sesi ini yang menunggu tinjauan. Lihat hasilnya di riwayat sesi."
            .to_owned(),
    )
}

fn view(
    page: Page,
    state: &State,
    (member, sesi, waiting): (&Member, &SesiState, &Submission),
    form: Form,
) -> Tinjau {
    let base = urls::tinjauan(&sesi.id);
    let viewer = member.viewer();
    let allowed = if !viewer.review() {
        Some("Menerbitkan dan mengembalikan naskah adalah tugas penelaah.")
    } else if !viewer.publish(&waiting.authors) {
        Some("Anda ikut menulis naskah ini. Penelaah lain yang memutuskannya.")
    } else {
        None
    };
    Tinjau {
        page,
        trail: vec![Link::new("Tinjauan", "/tinjauan")],
        title: sesi.title.clone(),
        facts: submission_facts(state, waiting),
        summary: waiting.summary.clone(),
        revision: waiting.revision.to_string(),
        stale: false,
        diff: DiffView::default(),
        problems: Vec::new(),
        preview: SafeHtml::default(),
        allowed,
        publish: format!("{base}/terbitkan"),
        give_back: format!("{base}/kembalikan"),
        form,
    }
}

type Examined = (DiffView, Vec<ProblemView>, SafeHtml);

fn examine(
    web: &Web,
    bench: &Bench,
    (live, submitted): (Option<RevisionId>, RevisionId),
) -> Result<Examined, WebError> {
    let new = web.app.texts().get(submitted)?.sesi;
    let old = live.map(|live| web.app.texts().get(live)).transpose()?;
    let old = old.as_ref().map_or("", |text| text.sesi.source());
    let diff = DiffView::of(old, new.source());
    Ok((diff, views(&bench.problems(new.source())), guide::preview(&new)))
}

async fn post_publish(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    insider(&member)?;
    let id = sesi_id(&parts)?;
    let kind = match form.get("kind") {
        "substansi" => ChangeKind::Substansi,
        "redaksional" => ChangeKind::Redaksional,
        _ => {
            let error =
                FieldError::new("kind", "Pilih jenis perubahan: redaksional atau substansi.");
            return again(&web, &member, &id, (&form, vec![error])).await;
        }
    };
    // Only what was handed in is looked up: the address of another text gives nothing away.
    let Some(revision) = named_revision(&web, &id, &form) else {
        return moved_on(&web, &member, &id).await;
    };
    let text = super::reading::text(&web, revision).await?;
    match refuse_faulty(&web, &id, text.sesi.source().to_owned()).await {
        Err(WebError::Invalid(errors)) => {
            return again(&web, &member, &id, (&form, errors)).await;
        }
        checked => checked?,
    }
    let facts = Box::new(facts(&text.sesi, &id, revision));
    let note = form.get("note").to_owned();
    let outcome =
        decide(&web, &member, &form, Command::Publish { text: facts, kind, note }).await?;
    if let Some(answer) = refused(&web, &member, &id, (&form, outcome)).await? {
        return Ok(answer);
    }
    let (app, of) = (web.app.clone(), id.clone());
    let source = text.sesi.source().to_owned();
    blocking(move || {
        // A draft that was written on since then stays; one that says the same is done with.
        if app.draft(&of).ok().flatten().is_some_and(|draft| draft.text == source)
            && let Err(error) = app.remove_draft(&of)
        {
            tracing::warn!(%error, "the draft of a published text stays");
        }
    })
    .await?;
    Ok(lead_to_done(&urls::sesi_part(&id, "riwayat"), Done::Published))
}

/// The text that the form names, if it waits for review or is an edition already.
fn named_revision(web: &Web, id: &SesiId, form: &FormData) -> Option<RevisionId> {
    let wanted: RevisionId = form.get("revision").parse().ok()?;
    let state = web.app.state();
    let sesi = state.sesi(id)?;
    let waits = sesi.submission.as_ref().is_some_and(|one| one.revision == wanted);
    (waits || sesi.editions.iter().any(|one| one.revision == wanted)).then_some(wanted)
}

async fn post_return(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    insider(&member)?;
    let id = sesi_id(&parts)?;
    let Ok(revision) = form.get("revision").parse() else {
        return moved_on(&web, &member, &id).await;
    };
    let reason = form.get("reason").to_owned();
    let command = Command::Return { sesi: id.clone(), revision, reason };
    let outcome = decide(&web, &member, &form, command).await?;
    match refused(&web, &member, &id, (&form, outcome)).await? {
        Some(answer) => Ok(answer),
        None => Ok(lead_to_done("/tinjauan?lihat=selesai", Done::Returned)),
    }
}

/// Hands a decision in under the id of its form.
async fn decide(
    web: &Web,
    member: &Member,
    form: &FormData,
    command: Command,
) -> Result<Result<(), SubmitError>, WebError> {
    let request = request_id(web, form)?;
    let outcome = web.app.submit(web.app.request_as(request, member.actor(), command)).await;
    Ok(outcome.map(|_| ()))
}

/// The page that comes back where a decision was refused; none where it was taken.
async fn refused(
    web: &Web,
    member: &Member,
    id: &SesiId,
    (form, outcome): (&FormData, Result<(), SubmitError>),
) -> Result<Option<Response>, WebError> {
    match outcome {
        Ok(()) => Ok(None),
        Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
            again(web, member, id, (form, errors)).await.map(Some)
        }
        Err(SubmitError::Refused(Refusal::Stale { .. })) => {
            moved_on(web, member, id).await.map(Some)
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(
    web: &Web,
    member: &Member,
    id: &SesiId,
    (form, errors): (&FormData, Vec<FieldError>),
) -> Result<Response, WebError> {
    let form = Form::again(&form.0, errors);
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    review(web, member, id, Shown { status, form, stale: false }).await
}

/// Another text waits now than the one that was read: the page shows that one.
async fn moved_on(web: &Web, member: &Member, id: &SesiId) -> Result<Response, WebError> {
    let form = Form::new(web, Vec::new())?;
    let status = StatusCode::PRECONDITION_FAILED;
    review(web, member, id, Shown { status, form, stale: true }).await
}
