//! Search: results as a page, suggestions as JSON, and what was not found.

mod belum;
mod saran;
mod view;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use crate::curriculum::Part;
use crate::search::{Query, Results};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Params, Visitor};
use crate::web::page::show;

use super::reading::{Reader, blocking};

pub(super) use self::belum::facts as unfound_facts;

/// Hits on one page.
const PAGE: usize = 10;
/// Nobody turns so many pages.
const LAST: u32 = 1_000;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/cari", get(get_results))
        .route("/cari/saran", get(saran::get_suggestions))
        .route("/cari/belum-ditemukan", get(belum::get_list).post(belum::post_done))
}

async fn get_results(
    State(web): State<Web>,
    Reader(visitor): Reader,
    params: Params,
) -> Result<Response, WebError> {
    let query = query_of(&params, &visitor)?;
    let results = if query.text.trim().is_empty() {
        Results::default()
    } else {
        let (worker, asked) = (web.clone(), query.clone());
        blocking(move || ask(&worker, &asked)).await??
    };
    let mut page = web.page(&visitor, "/cari");
    page.query.clone_from(&results.query);
    show(&view::view(&web, &visitor, (page, &params, &query), &results))
}

/// The question that an address asks.
///
/// # Errors
/// When it asks for what cannot be meant.
fn query_of(params: &Params, visitor: &Visitor) -> Result<Query, WebError> {
    let offset = params.whole("mulai", 0..=LAST)?.unwrap_or(0);
    let audience = params.get("sasaran");
    let part = |word: &str| Part::all().find(|part| part.anchor() == word);
    Ok(Query {
        exact: params.yes("persis")?,
        modul: params.named("modul", "modul")?,
        bagian: params.meant("bagian", &[], part)?,
        skema: params.named("skema", "kurikulum")?,
        audience: (!audience.is_empty()).then(|| audience.to_owned()),
        include_drafts: params.yes("naskah")? && visitor.viewer().read_drafts(),
        limit: PAGE,
        offset: usize::try_from(offset).unwrap_or(0),
        ..Query::new(params.get("q"))
    })
}

/// Whether only some of what there is was asked for, or more than is live.
fn is_narrowed(query: &Query) -> bool {
    query.modul.is_some()
        || query.bagian.is_some()
        || query.skema.is_some()
        || query.audience.is_some()
}

fn ask(web: &Web, query: &Query) -> Result<Results, WebError> {
    let index = if query.include_drafts { web.app.search_with_drafts() } else { web.app.search() };
    let index = index.ok_or(WebError::Internal)?;
    let results = index.search(query).map_err(|error| WebError::internal(&error))?;
    // What a filter or the wish for the very words left out is no gap in the curriculum.
    if query.offset == 0 && !query.exact && !query.include_drafts && !is_narrowed(query) {
        web.app.note_unfound(&results);
    }
    Ok(results)
}
