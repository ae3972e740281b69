//! Health, and the document of the API itself.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::Visitor;
use crate::web::page::{Page, show};

use super::document::{self, Group};

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
