//! Health, what changed, and the document of the API itself.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::decide::FieldError;
use crate::event::{Event, LineInfo};
use crate::ids::{AccountId, Digest};
use crate::index::kelompok_of;
use crate::journal::Journal;
use crate::kelompok::wilayah::Zone;
use crate::people::policy::Viewer;
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, Params, Visitor};
use crate::web::page::{Page, show};

use super::document::{self, Group};

/// The most changes of one answer.
const MAX_CHANGES: usize = 500;
/// The most journal lines that one answer looks at.
const MAX_LINES: u64 = 20_000;

#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    seq: u64,
}

pub(super) async fn get_health(State(web): State<Web>) -> Response {
    let status = if web.app.has_failed() { "berhenti" } else { "siap" };
    let code = if web.app.has_failed() { 503 } else { 200 };
    let seq = web.app.state().seq;
    let body = Health { status, version: env!("CARGO_PKG_VERSION"), seq };
    let code = axum::http::StatusCode::from_u16(code).unwrap_or_default();
    (code, Json(body)).into_response()
}

/// `GET /health`, for those who look from outside.
pub async fn get_root_health(state: State<Web>) -> Response {
    get_health(state).await
}

#[derive(Debug, Serialize)]
struct Change {
    seq: u64,
    at: String,
    event: String,
    kelompok: Option<String>,
    sesi: Option<String>,
}

#[derive(Debug, Serialize)]
struct Changes {
    /// Ask again from here.
    seq: u64,
    /// Whether more stands behind it already.
    more: bool,
    changes: Vec<Change>,
}

pub(super) async fn get_changes(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let since = params.whole("sejak", 0..=u64::MAX >> 1)?.unwrap_or(0);
    let app = std::sync::Arc::clone(&web.app);
    let found = tokio::task::spawn_blocking(move || changes(&app, &member, since))
        .await
        .map_err(|error| WebError::internal(&error))??;
    Ok(Json(found).into_response())
}

fn changes(app: &App, member: &Member, since: u64) -> Result<Changes, WebError> {
    // What is safe but not folded in yet comes the next time: nobody can say yet who may see it.
    let head = app.state().seq;
    if since > head {
        let message = format!("“sejak” melebihi nomor jurnal terakhir, {head}. Mulai lagi dari 0.");
        return Err(WebError::Invalid(vec![FieldError::new("sejak", message)]));
    }
    let mut found = Changes { seq: since, more: false, changes: Vec::new() };
    let mut seen = 0;
    let mut failed = None;
    let outcome = app.journal().read(since.saturating_add(1), &mut |line| {
        if seen == MAX_LINES || found.changes.len() >= MAX_CHANGES || line.seq > head {
            return std::ops::ControlFlow::Break(());
        }
        seen += 1;
        match line.events::<Event>() {
            Ok(events) => {
                let info = LineInfo {
                    seq: line.seq,
                    at: line.at,
                    by: line.by.map(AccountId),
                    command: line.cmd,
                    digest: Digest(*line.digest.as_bytes()),
                };
                found
                    .changes
                    .extend(events.iter().filter_map(|event| told(app, member, &info, event)));
                found.seq = line.seq;
                std::ops::ControlFlow::Continue(())
            }
            Err(error) => {
                failed = Some(error);
                std::ops::ControlFlow::Break(())
            }
        }
    });
    if let Err(error) = outcome {
        return Err(WebError::internal(&error));
    }
    if let Some(error) = failed {
        return Err(WebError::internal(&error));
    }
    found.more = found.seq < head;
    Ok(found)
}

/// The change as the member may see it; none for what is not theirs.
fn told(app: &App, member: &Member, info: &LineInfo, event: &Event) -> Option<Change> {
    let viewer: Viewer<'_> = member.viewer();
    let today = Zone::Wib.date(app.clock().now());
    let kelompok = match kelompok_of(event) {
        Some(id) => {
            let state = app.state();
            let group = state.group(id.as_str())?;
            if !viewer.read_group(group, today) {
                return None;
            }
            Some(group.id.to_string())
        }
        None => None,
    };
    let sesi = match event {
        Event::EditionPublished { sesi, .. } => Some(sesi.to_string()),
        Event::RevisionSubmitted { sesi, .. } | Event::RevisionReturned { sesi, .. }
            if viewer.read_drafts() =>
        {
            Some(sesi.to_string())
        }
        _ => None,
    };
    if kelompok.is_none() && sesi.is_none() {
        return None;
    }
    let name = serde_json::to_value(event)
        .ok()
        .and_then(|value| value.as_object().and_then(|object| object.keys().next().cloned()))?;
    Some(Change { seq: info.seq, at: info.at.to_string(), event: name, kelompok, sesi })
}

pub(super) async fn get_document() -> Response {
    Json(document::openapi()).into_response()
}

#[derive(Template)]
#[template(path = "pages/api.html")]
struct ApiPage {
    page: Page,
    groups: Vec<Group>,
    document: &'static str,
}

pub(super) async fn get_page(
    State(web): State<Web>,
    visitor: Visitor,
) -> Result<Response, WebError> {
    let page = web.page(&visitor, "/bantuan");
    show(&ApiPage { page, groups: document::groups(), document: "/api/openapi.json" })
}
