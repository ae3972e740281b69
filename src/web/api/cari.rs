//! Search for programs.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::curriculum::Part;
use crate::decide::FieldError;
use crate::search::{Piece, Query};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Params, Visitor};

#[derive(Debug, Serialize)]
struct Found {
    query: String,
    corrected: Option<String>,
    total: usize,
    hits: Vec<HitOut>,
}

#[derive(Debug, Serialize)]
struct HitOut {
    sesi: String,
    title: String,
    score: f32,
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

pub(super) async fn get_search(
    State(web): State<Web>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, Problem> {
    if !visitor.viewer().read_live(web.app.state().public_reading) {
        return Err(WebError::Unauthorized.into());
    }
    let invalid =
        |field: &str, message: &str| WebError::Invalid(vec![FieldError::new(field, message)]);
    let modul = match params.get("modul") {
        "" => None,
        text => Some(text.parse().map_err(|_| invalid("modul", "“modul” harus id sebuah modul."))?),
    };
    let bagian = match params.get("bagian") {
        "" => None,
        text => Some(Part::all().find(|part| part.anchor() == text).ok_or_else(|| {
            invalid("bagian", "“bagian” tidak dikenal. Contoh: langkah-langkah, bahan-bacaan.")
        })?),
    };
    let number = |field: &str, default: usize, max: usize| match params.get(field) {
        "" => Ok(default),
        text => match text.parse::<usize>() {
            Ok(number) if number <= max => Ok(number),
            _ => Err(invalid(field, &format!("“{field}” harus bilangan dari 0 sampai {max}."))),
        },
    };
    let query = Query {
        modul,
        bagian,
        limit: number("limit", 10, 50)?,
        offset: number("offset", 0, 10_000)?,
        ..Query::new(params.get("q"))
    };
    let results = tokio::task::spawn_blocking(move || {
        let index = web.app.search().ok_or(WebError::Internal)?;
        index.search(&query).map_err(|error| WebError::internal(&error))
    })
    .await
    .map_err(|error| WebError::internal(&error))??;
    let hits = results.hits.into_iter().map(|hit| HitOut {
        sesi: hit.sesi.to_string(),
        title: hit.title,
        score: hit.score,
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
    let body = Found {
        query: results.query,
        corrected: results.corrected,
        total: results.total,
        hits: hits.collect(),
    };
    Ok(Json(body).into_response())
}
