//! One sesi to read: the live edition, or an older one with a notice.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::bahasa::{angka, tanggal};
use crate::curriculum::ids::RevisionId;
use crate::ids::Digest;
use crate::state::{Edition, SesiState, State};
use crate::web::error::WebError;
use crate::web::extract::{Params, PathParts, Visitor};
use crate::web::guide::Guide;
use crate::web::kept::knows;
use crate::web::page::{Link, Page, Tab, show};
use crate::web::{Web, urls};

use super::pendek;
use super::reading::{Place, Reader, SesiHead, guide, known_sesi, own_groups, sesi_id};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/sesi/{id}", get(get_sesi))
}

#[derive(Debug, Template)]
#[template(path = "pages/sesi.html")]
struct SesiPage {
    page: Page,
    trail: Vec<Link>,
    here: String,
    title: String,
    kicker: String,
    facts: Vec<String>,
    old: Option<Old>,
    tabs: Vec<Tab>,
    guide: Option<Arc<Guide>>,
    record: Option<String>,
    mine: Vec<Mine>,
    share: Share,
    short: String,
}

#[derive(Debug)]
struct Old {
    text: String,
    href: String,
    name: String,
}

#[derive(Debug)]
struct Share {
    title: String,
    url: String,
    text: String,
}

/// One kelompok of the pendamping and what she can do with this sesi.
#[derive(Debug)]
struct Mine {
    name: String,
    href: String,
    cell: Cell,
    catat: String,
    paket: String,
}

/// A mark of coverage, as `parts/coverage.html` shows it.
#[derive(Debug)]
struct Cell {
    status: &'static str,
    label: String,
    href: Option<String>,
}

async fn get_sesi(
    Shared(web): Shared<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let id = sesi_id(&parts)?;
    let (mut view, revision) = {
        let state = web.app.state();
        let sesi = known_sesi(&state, &id)?;
        let edition = wanted_edition(sesi, params.whole("edisi", 1..=u16::MAX)?)?;
        (view(&web, &state, &visitor, (sesi, edition)), edition.map(|one| one.revision))
    };
    let etag = etag(&view, revision);
    if knows(&headers, &etag) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &etag));
    }
    if let Some(revision) = revision {
        view.guide = Some(guide(&web, revision).await?);
    }
    Ok(tagged(show(&view)?, &etag))
}

/// The edition that the address names; the live one where it names none.
fn wanted_edition(sesi: &SesiState, wanted: Option<u16>) -> Result<Option<&Edition>, WebError> {
    let Some(number) = wanted else { return Ok(sesi.live()) };
    sesi.edition(number).map(Some).ok_or_else(|| WebError::not_found("Edisi ini"))
}

fn view(
    web: &Web,
    state: &State,
    visitor: &Visitor,
    (sesi, edition): (&SesiState, Option<&Edition>),
) -> SesiPage {
    let head = SesiHead::of(state, visitor, sesi, Place::Read);
    let mine = mine(web, state, visitor, sesi);
    let record = match mine.as_slice() {
        [] => None,
        [one] => Some(one.catat.clone()),
        _ => Some("#kelompok-anda".to_owned()),
    };
    let path = urls::sesi(&sesi.id);
    let url = web.config.absolute(&path);
    SesiPage {
        page: web.page(visitor, "/kurikulum"),
        trail: head.trail,
        here: head.here,
        title: head.title.clone(),
        kicker: head.kicker,
        facts: facts(state, sesi, edition),
        old: edition.and_then(|edition| old(sesi, edition)),
        tabs: head.tabs,
        guide: None,
        record,
        mine,
        share: Share { text: format!("{} {url}", head.title), title: head.title, url: path },
        short: short(web, state, sesi),
    }
}

fn facts(state: &State, sesi: &SesiState, edition: Option<&Edition>) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(found) = state.placement(&sesi.id)
        && found.entry.nomor != found.entry.nomor_modul
    {
        facts.push(format!("Sesi {} dalam modul", found.entry.nomor_modul));
    }
    let Some(edition) = edition else { return facts };
    if edition.minutes > 0 {
        facts.push(angka::duration(u32::from(edition.minutes)));
    }
    if edition.langkah > 0 {
        facts.push(format!("{} langkah", edition.langkah));
    }
    facts.push(format!("Edisi {}, {}", edition.number, tanggal::long(edition.date)));
    facts
}

/// What to say of an edition that is no longer live.
fn old(sesi: &SesiState, edition: &Edition) -> Option<Old> {
    let live = sesi.live().filter(|live| live.number != edition.number)?;
    let next = sesi.editions.iter().find(|one| one.number > edition.number)?;
    let (from, to) = (tanggal::long(edition.date), tanggal::long(next.date));
    Some(Old {
        text: format!(
            "Ini edisi {}, berlaku sejak {from} dan diganti {to}. Yang berlaku sekarang edisi {}.",
            edition.number, live.number
        ),
        href: urls::sesi(&sesi.id),
        name: "Baca edisi yang berlaku".to_owned(),
    })
}

/// The address on paper, without the scheme; empty where no public address is known.
fn short(web: &Web, state: &State, sesi: &SesiState) -> String {
    let code = pendek::code(state, &sesi.id);
    let host = web.config.url.as_deref().and_then(|url| url.split_once("://"));
    host.map_or_else(String::new, |(_, host)| format!("{host}/s/{code}"))
}

fn mine(web: &Web, state: &State, visitor: &Visitor, sesi: &SesiState) -> Vec<Mine> {
    let Some(at) = state.sesi_ix(&sesi.id).map(usize::from) else { return Vec::new() };
    // What stands in no skema is no sesi to be taught.
    if state.placement(&sesi.id).is_none() {
        return Vec::new();
    }
    let own = own_groups(state, visitor, web.app.clock().now());
    own.into_iter()
        .map(|(group, today)| {
            let cell = state.cells(group, today).get(at).copied().unwrap_or_default();
            let date = cell.covered_on.or(cell.last).map(tanggal::long);
            let date = date.map_or_else(String::new, |date| format!(", {date}"));
            Mine {
                name: group.name.clone(),
                href: urls::kelompok(&group.id),
                cell: Cell {
                    status: cell.status.slug(),
                    label: format!("{}{date}", cell.status.name()),
                    href: None,
                },
                catat: format!("{}?sesi={}", urls::catat(&group.id), sesi.id),
                paket: format!("/cetak/paket/{}/{}.pdf", group.id, sesi.id),
            }
        })
        .collect()
}

/// Names the answer: everything on the page but the text, which its content hash stands for.
fn etag(view: &SesiPage, revision: Option<RevisionId>) -> String {
    let text = revision.map_or_else(String::new, |revision| revision.to_string());
    // Weak, because the same page goes out compressed in several ways.
    format!("W/\"{}\"", Digest::of_bytes(format!("{text}{view:?}").as_bytes()))
}

/// The answer may be kept, if it is asked for each time whether it still holds: what is on the page
/// depends on who asks.
fn tagged(mut response: Response, etag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(etag) {
        headers.insert(header::ETAG, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("cookie, authorization"));
    response
}
