//! Search for programs.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::curriculum::Part;
use crate::search::{Hit, Piece, Query, Reason, Results, Why};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Params, Visitor};

#[derive(Debug, Serialize)]
struct Found {
    query: String,
    corrected: Option<String>,
    did_you_mean: Option<String>,
    /// How the best hit was found: `all_words`, `synonyms`, `corrected`, `relaxed` or `nothing`.
    reason: &'static str,
    /// Words that no text has in any form.
    unknown: Vec<String>,
    total: usize,
    hits: Vec<HitOut>,
    /// Where there is no hit: sesi with names like the query.
    nearest: Vec<NearOut>,
}

#[derive(Debug, Serialize)]
struct NearOut {
    sesi: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct HitOut {
    sesi: String,
    title: String,
    score: f32,
    minutes: Option<u32>,
    /// `false` for a draft and for an old edition.
    live: bool,
    /// 0 for a draft.
    edition: u32,
    /// Why it is here, in words.
    why: Vec<String>,
    sections: Vec<SectionOut>,
}

#[derive(Debug, Serialize)]
struct SectionOut {
    anchor: String,
    heading: String,
    /// Plain text; what answers stands between « and ».
    snippet: String,
}

fn snippet(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| if piece.marked { format!("«{}»", piece.text) } else { piece.text.clone() })
        .collect()
}

const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Nothing => "nothing",
        Reason::AllWords => "all_words",
        Reason::Synonyms => "synonyms",
        Reason::Corrected => "corrected",
        Reason::Relaxed => "relaxed",
    }
}

pub(super) async fn get_search(
    State(web): State<Web>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    if !visitor.viewer().read_live(web.app.state().public_reading) {
        return Err(WebError::Unauthorized.into());
    }
    let query = query(&params)?;
    if query.include_drafts && !visitor.viewer().read_drafts() {
        let who = "Naskah yang belum terbit hanya untuk pelatih dan penelaah. Cari tanpa “naskah”.";
        return Err(WebError::Forbidden(who.to_owned()).into());
    }
    let results = tokio::task::spawn_blocking(move || {
        let index =
            if query.include_drafts { web.app.search_with_drafts() } else { web.app.search() };
        index.ok_or(WebError::Internal)?.search(&query).map_err(|error| WebError::internal(&error))
    })
    .await
    .map_err(|error| WebError::internal(&error))??;
    Ok(Json(found(results)).into_response())
}

/// The question that an address asks.
fn query(params: &Params) -> Result<Query, WebError> {
    let part = |word: &str| Part::all().find(|part| part.anchor() == word);
    let audience = params.get("sasaran");
    Ok(Query {
        modul: params.named("modul", "modul")?,
        skema: params.named("skema", "skema")?,
        bagian: params.meant("bagian", &[], part)?,
        audience: (!audience.is_empty()).then(|| audience.to_owned()),
        exact: params.yes("persis")?,
        include_drafts: params.yes("naskah")?,
        limit: params.whole("limit", 1..=50_u16)?.unwrap_or(10).into(),
        offset: params.whole("offset", 0..=10_000_u16)?.unwrap_or(0).into(),
        ..Query::new(params.get("q"))
    })
}

fn found(results: Results) -> Found {
    let hits = results.hits.into_iter().map(|hit| HitOut {
        sesi: hit.sesi.to_string(),
        title: hit.title,
        score: hit.score,
        minutes: hit.minutes,
        live: hit.live,
        edition: hit.edition,
        why: hit.why.iter().map(Why::phrase).collect(),
        sections: hit
            .sections
            .into_iter()
            .map(|one| SectionOut {
                snippet: snippet(&one.snippet),
                anchor: one.anchor,
                heading: one.heading,
            })
            .collect(),
    });
    let near = |hit: Hit| NearOut { sesi: hit.sesi.to_string(), title: hit.title };
    Found {
        hits: hits.collect(),
        query: results.query,
        corrected: results.corrected,
        did_you_mean: results.did_you_mean,
        reason: reason(results.reason),
        unknown: results.unknown,
        total: results.total,
        nearest: results.nearest.into_iter().map(near).collect(),
    }
}
