//! Skema, modul, sesi, their revisions and differences.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::curriculum::Sesi;
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::skema::{Modul, Skema};
use crate::people::policy::Viewer;
use crate::state::{Edition, State as World};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Params, PathParts, Visitor};
use crate::web::kept::knows;
use crate::web::query::invalid;

#[derive(Debug, Serialize)]
struct SesiEntry {
    id: String,
    nomor: u32,
    nomor_modul: u32,
    title: String,
    tema: Vec<String>,
    /// The live edition; null while there is no text.
    edition: Option<u16>,
    minutes: Option<u16>,
}

#[derive(Debug, Serialize)]
struct ModulOut {
    skema: String,
    id: String,
    title: String,
    sesi: Vec<SesiEntry>,
}

#[derive(Debug, Serialize)]
struct SkemaOut {
    id: String,
    title: String,
    default: bool,
    modul: Vec<ModulOut>,
}

fn readable(web: &Web, visitor: &Visitor) -> Result<(), WebError> {
    if visitor.viewer().read_live(web.app.state().public_reading) {
        Ok(())
    } else {
        Err(WebError::Unauthorized)
    }
}

/// The `ETag` of an answer.
fn tag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", crate::ids::Digest::of_bytes(bytes))
}

/// The answer with an `ETag` of its bytes, or 304 where the client has them.
fn tagged(headers: &HeaderMap, kind: &'static str, bytes: Vec<u8>) -> Response {
    let etag = tag_of(&bytes);
    let tag = [
        (header::ETAG, etag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::VARY, "accept, authorization, cookie".to_owned()),
    ];
    if knows(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, tag).into_response();
    }
    (tag, [(header::CONTENT_TYPE, kind)], bytes).into_response()
}

fn json<T: Serialize>(headers: &HeaderMap, value: &T) -> Result<Response, WebError> {
    let bytes = serde_json::to_vec(value).map_err(|error| WebError::internal(&error))?;
    Ok(tagged(headers, "application/json", bytes))
}

fn modul_out(state: &World, skema: &Skema, modul: &Modul) -> ModulOut {
    let entry = |one: &crate::curriculum::skema::SkemaSesi| {
        let live = state.sesi(&one.id).and_then(|sesi| sesi.live());
        SesiEntry {
            id: one.id.to_string(),
            nomor: one.nomor,
            nomor_modul: one.nomor_modul,
            title: state.sesi(&one.id).map_or_else(|| one.judul.clone(), |sesi| sesi.title.clone()),
            tema: one.tema.clone(),
            edition: live.map(|edition| edition.number),
            minutes: live.map(|edition| edition.minutes),
        }
    };
    ModulOut {
        skema: skema.id.to_string(),
        id: modul.id.to_string(),
        title: modul.judul.clone(),
        sesi: modul.sesi.iter().map(entry).collect(),
    }
}

pub(super) async fn get_skema(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    readable(&web, &visitor)?;
    let state = web.app.state();
    let all: Vec<SkemaOut> = state
        .skema
        .iter()
        .map(|skema| SkemaOut {
            id: skema.id.to_string(),
            title: skema.judul.clone(),
            default: skema.default,
            modul: skema.modul.iter().map(|modul| modul_out(&state, skema, modul)).collect(),
        })
        .collect();
    Ok(json(&headers, &all)?)
}

pub(super) async fn get_modul(
    State(web): State<Web>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    readable(&web, &visitor)?;
    let state = web.app.state();
    let all: Vec<ModulOut> = state
        .skema
        .iter()
        .flat_map(|skema| skema.modul.iter().map(|modul| modul_out(&state, skema, modul)))
        .collect();
    Ok(json(&headers, &all)?)
}

/// The id in the path, if it is that of a known sesi.
pub(super) fn known(state: &World, parts: &PathParts) -> Result<SesiId, WebError> {
    let id: SesiId = parts.get(0).parse().map_err(|_| WebError::not_found("Sesi ini"))?;
    if state.sesi(&id).is_some() { Ok(id) } else { Err(WebError::not_found("Sesi ini")) }
}

#[derive(Debug, Serialize)]
struct SectionOut {
    anchor: String,
    heading: String,
    part: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct LangkahOut {
    nomor: u32,
    name: String,
    minutes: Option<u32>,
    metode: Vec<String>,
    media: Vec<String>,
    result: String,
    anchor: String,
}

#[derive(Debug, Serialize)]
struct SesiOut {
    id: String,
    title: String,
    aliases: Vec<String>,
    tema: Vec<String>,
    edition: Option<u16>,
    revision: Option<RevisionId>,
    published: Option<String>,
    minutes: Option<u32>,
    langkah: Vec<LangkahOut>,
    sections: Vec<SectionOut>,
}

pub(super) async fn get_sesi(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    readable(&web, &visitor)?;
    let (id, title, edition) = {
        let state = web.app.state();
        let id = known(&state, &parts)?;
        let sesi = state.sesi(&id);
        let edition = match params.whole("edisi", 1..=u16::MAX)? {
            Some(number) => Some(
                sesi.and_then(|sesi| sesi.edition(number))
                    .ok_or_else(|| WebError::not_found("Edisi ini"))?,
            ),
            None => sesi.and_then(|sesi| sesi.live()),
        };
        let title = sesi.map_or_else(String::new, |sesi| sesi.title.clone());
        (id, title, edition.cloned())
    };
    let markdown = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/markdown"));
    let Some(edition) = edition else {
        if markdown {
            return Err(WebError::not_found("Naskah sesi ini").into());
        }
        return Ok(json(&headers, &without_text(&id, title))?);
    };
    let text = web.app.texts().get(edition.revision).map_err(WebError::from)?;
    if markdown {
        let bytes = text.sesi.source().as_bytes().to_vec();
        return Ok(tagged(&headers, "text/markdown; charset=utf-8", bytes));
    }
    Ok(json(&headers, &shown(&id, &edition, &text.sesi))?)
}

/// The `ETag`s under which the text of an edition is given out: as markdown and as JSON.
pub(super) fn tags(web: &Web, id: &SesiId, edition: &Edition) -> Result<[String; 2], WebError> {
    let text = web.app.texts().get(edition.revision).map_err(WebError::from)?;
    let shown = serde_json::to_vec(&shown(id, edition, &text.sesi));
    let shown = shown.map_err(|error| WebError::internal(&error))?;
    Ok([tag_of(text.sesi.source().as_bytes()), tag_of(&shown)])
}

fn shown(id: &SesiId, edition: &Edition, sesi: &Sesi) -> SesiOut {
    SesiOut {
        edition: Some(edition.number),
        revision: Some(edition.revision),
        published: Some(edition.date.to_string()),
        minutes: sesi.front.menit,
        aliases: sesi.front.alias.clone(),
        tema: sesi.front.tema.clone(),
        title: sesi.title.clone(),
        langkah: sesi
            .langkah
            .iter()
            .map(|one| LangkahOut {
                nomor: one.nomor,
                name: one.nama.clone(),
                minutes: one.menit,
                metode: one.metode.clone(),
                media: one.media.clone(),
                result: one.hasil.clone(),
                anchor: one.anchor.clone(),
            })
            .collect(),
        sections: sesi
            .sections()
            .into_iter()
            .map(|one| SectionOut {
                anchor: one.anchor,
                heading: one.heading,
                part: one.part.anchor(),
                text: one.text,
            })
            .collect(),
        id: id.to_string(),
    }
}

fn without_text(id: &SesiId, title: String) -> SesiOut {
    SesiOut {
        id: id.to_string(),
        title,
        aliases: Vec::new(),
        tema: Vec::new(),
        edition: None,
        revision: None,
        published: None,
        minutes: None,
        langkah: Vec::new(),
        sections: Vec::new(),
    }
}

#[derive(Debug, Serialize)]
struct RevisionOut {
    edition: u16,
    revision: RevisionId,
    kind: &'static str,
    date: String,
    note: String,
}

pub(super) async fn get_revisions(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    readable(&web, &visitor)?;
    let state = web.app.state();
    let id = known(&state, &parts)?;
    let all: Vec<RevisionOut> = state.sesi(&id).map_or_else(Vec::new, |sesi| {
        sesi.editions
            .iter()
            .map(|edition| RevisionOut {
                edition: edition.number,
                revision: edition.revision,
                kind: edition.kind.as_str(),
                date: edition.date.to_string(),
                note: edition.note.clone(),
            })
            .collect()
    });
    Ok(json(&headers, &all)?)
}

/// The revision that `dari` or `ke` names: the number of an edition, or `tinjauan` for the text
/// that waits for review, for those who may read drafts.
fn named(
    state: &World,
    id: &SesiId,
    (name, text): (&str, &str),
    viewer: Viewer<'_>,
) -> Result<RevisionId, WebError> {
    let sesi = state.sesi(id).ok_or_else(|| WebError::not_found("Sesi ini"))?;
    let absent = || WebError::not_found("Edisi ini");
    if text == "tinjauan" {
        let waiting = sesi.submission.as_ref().filter(|_| viewer.read_drafts());
        return waiting.map(|one| one.revision).ok_or_else(absent);
    }
    let number: u16 = text.parse().map_err(|_| {
        invalid(name, format!("“{name}” harus nomor edisi, misalnya 1, atau tinjauan."))
    })?;
    sesi.edition(number).map(|edition| edition.revision).ok_or_else(absent)
}

pub(super) async fn get_diff(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    readable(&web, &visitor)?;
    let (from, to) = {
        let state = web.app.state();
        let id = known(&state, &parts)?;
        let of = |name: &str| named(&state, &id, (name, params.get(name)), visitor.viewer());
        (of("dari")?, of("ke")?)
    };
    let text = |revision| web.app.texts().get(revision).map_err(WebError::from);
    let (from, to) = (text(from)?, text(to)?);
    let diff = crate::curriculum::diff::diff(from.sesi.source(), to.sesi.source());
    Ok(json(&headers, &diff)?)
}
