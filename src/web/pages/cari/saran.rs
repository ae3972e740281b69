//! Suggestions while a query is typed.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::search::SuggestionTarget;
use crate::web::error::WebError;
use crate::web::extract::Params;
use crate::web::{Web, urls};

use super::super::reading::{Reader, blocking};

/// More than these nobody reads while typing.
const MANY: usize = 8;

#[derive(Serialize)]
struct Suggestions {
    hits: Vec<SuggestionShown>,
}

#[derive(Serialize)]
struct SuggestionShown {
    text: String,
    href: String,
    note: String,
}

pub(super) async fn get_suggestions(
    State(web): State<Web>,
    Reader(_): Reader,
    params: Params,
) -> Result<Response, WebError> {
    let text = params.get("q").to_owned();
    let found = blocking(move || {
        let index = web.app.search().ok_or(WebError::Internal)?;
        index.suggest(&text, MANY).map_err(|error| WebError::internal(&error))
    })
    .await??;
    let hits = found.into_iter().map(|one| {
        let (href, note) = match &one.to {
            SuggestionTarget::Sesi(id) => (urls::sesi(id), "sesi"),
            SuggestionTarget::Section(id, anchor) => {
                (format!("{}#{anchor}", urls::sesi(id)), "bagian")
            }
            SuggestionTarget::Query(query) => (format!("/cari?q={}", urls::encode(query)), ""),
        };
        SuggestionShown { text: one.text, href, note: note.to_owned() }
    });
    Ok(Json(Suggestions { hits: hits.collect() }).into_response())
}
