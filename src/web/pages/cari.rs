//! Search: results as a page, suggestions as JSON.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::bahasa::angka;
use crate::curriculum::Part;
use crate::curriculum::ids::{ModulId, SesiId};
use crate::kelompok::wilayah::Zone;
use crate::search::{Hit, Piece, Query, Results, SuggestionTarget};
use crate::state::State as World;
use crate::web::error::WebError;
use crate::web::extract::{Params, Visitor};
use crate::web::page::{Link, Page, Ratio, show};
use crate::web::{Web, urls};

/// Hits on one page.
const PAGE: usize = 10;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/cari", get(get_results)).route("/cari/saran", get(get_suggestions))
}

struct Chosen {
    value: String,
    name: String,
    chosen: bool,
}

struct Filters {
    parts: Vec<Chosen>,
    modul: Vec<Chosen>,
}

struct Corrected {
    shown: String,
    exact_href: String,
}

struct Named {
    text: String,
    href: String,
}

struct SectionShown {
    heading: String,
    href: String,
    snippet: Vec<Piece>,
}

struct HitShown {
    title: String,
    href: String,
    facts: String,
    why: String,
    mine: Option<Ratio>,
    sections: Vec<SectionShown>,
    actions: Vec<Link>,
}

struct Near {
    title: String,
    href: String,
    facts: String,
}

struct Pages {
    text: String,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/cari.html")]
struct Cari {
    page: Page,
    query: String,
    form: Filters,
    total: String,
    corrected: Option<Corrected>,
    meant: Vec<Named>,
    relaxed: Option<String>,
    hits: Vec<HitShown>,
    pages: Option<Pages>,
    nearest: Vec<Near>,
    modul: Vec<Near>,
    examples: Vec<Named>,
}

async fn get_results(
    State(web): State<Web>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, WebError> {
    readable(&web, &visitor, "/cari")?;
    let query = query_of(&params);
    let worker = web.clone();
    let asked = query.clone();
    let results = if query.text.trim().is_empty() {
        Results::default()
    } else {
        tokio::task::spawn_blocking(move || ask(&worker, &asked))
            .await
            .map_err(|error| WebError::internal(&error))??
    };
    let mut page = web.page(&visitor, "/cari");
    page.query.clone_from(&results.query);
    show(&view(&web, &visitor, (page, &params, &query), results))
}

fn query_of(params: &Params) -> Query {
    let number = params.number::<usize>("mulai").unwrap_or(0);
    Query {
        exact: params.get("persis") == "ya",
        modul: params.get("modul").parse::<ModulId>().ok(),
        bagian: Part::all().find(|part| part.anchor() == params.get("bagian")),
        limit: PAGE,
        offset: number.min(1_000),
        ..Query::new(params.get("q"))
    }
}

fn readable(web: &Web, visitor: &Visitor, here: &str) -> Result<(), WebError> {
    if visitor.viewer().read_live(web.app.state().public_reading) {
        Ok(())
    } else {
        Err(WebError::LoginNeeded(here.to_owned()))
    }
}

fn ask(web: &Web, query: &Query) -> Result<Results, WebError> {
    let index = web.app.search().ok_or(WebError::Internal)?;
    index.search(query).map_err(|error| WebError::internal(&error))
}

fn view(
    web: &Web,
    visitor: &Visitor,
    (page, params, query): (Page, &Params, &Query),
    results: Results,
) -> Cari {
    let state = web.app.state();
    let asked = !query.text.trim().is_empty();
    let nothing = asked && results.hits.is_empty();
    let found = match results.total {
        0 => String::new(),
        total => format!("{} sesi dan halaman", angka::count(total as u64)),
    };
    let hits: Vec<HitShown> =
        results.hits.iter().map(|hit| shown(web, visitor, &state, hit)).collect();
    let relaxed = results.reason.sentence();
    Cari {
        page,
        query: results.query.clone(),
        form: filters(&state, query, &results),
        total: found,
        corrected: results.corrected.map(|text| Corrected {
            shown: text,
            exact_href: format!("/cari?q={}&persis=ya", urls::encode(&results.query)),
        }),
        meant: results
            .did_you_mean
            .map(|text| Named { href: format!("/cari?q={}", urls::encode(&text)), text })
            .into_iter()
            .collect(),
        relaxed: (!relaxed.is_empty() && !nothing).then(|| relaxed.to_owned()),
        pages: pages(params, query.offset, hits.len(), results.total),
        hits,
        nearest: results.nearest.iter().map(near).collect(),
        modul: if asked && !nothing { Vec::new() } else { all_modul(&state) },
        examples: if asked { Vec::new() } else { examples() },
    }
}

fn shown(web: &Web, visitor: &Visitor, state: &World, hit: &Hit) -> HitShown {
    let href = urls::sesi(&hit.sesi);
    let guide = !hit.places.is_empty();
    let mut actions = vec![Link::new("Buka", href.clone())];
    if guide {
        actions.push(Link::new("Sajikan", urls::sesi_part(&hit.sesi, "sajian")));
        actions.push(Link::new("Cetak", format!("/cetak/sesi/{}", hit.sesi)));
    }
    let why: Vec<String> = hit.why.iter().take(2).map(|why| why.phrase()).collect();
    HitShown {
        title: hit.title.clone(),
        facts: facts(hit),
        why: why.join(", "),
        mine: mine(web, visitor, state, &hit.sesi).filter(|_| guide),
        sections: hit
            .sections
            .iter()
            .map(|section| SectionShown {
                heading: section.heading.clone(),
                href: format!("{href}#{}", section.anchor),
                snippet: section.snippet.clone(),
            })
            .collect(),
        href,
        actions,
    }
}

/// How many of the viewer's own kelompok have had the sesi.
fn mine(web: &Web, visitor: &Visitor, state: &World, sesi: &SesiId) -> Option<Ratio> {
    let today = Zone::Wib.date(web.app.clock().now());
    let viewer = visitor.viewer();
    let ix = state.sesi_ix(sesi)?;
    visitor.id()?;
    let groups: Vec<_> = state.groups().iter().filter(|group| viewer.meets(group, today)).collect();
    if groups.is_empty() {
        return None;
    }
    let had = groups
        .iter()
        .filter(|group| {
            state.cells(group, today).get(usize::from(ix)).is_some_and(|cell| cell.status.covered())
        })
        .count();
    Some(Ratio::new(had as u64, groups.len() as u64, Some("/kelompok".to_owned())))
}

fn facts(hit: &Hit) -> String {
    let mut facts: Vec<String> = hit
        .places
        .iter()
        .take(1)
        .map(|place| format!("{} · Sesi {}", place.modul_title, place.nomor))
        .collect();
    facts.extend(hit.minutes.map(angka::duration));
    if hit.places.is_empty() {
        facts.push("Panduan".to_owned());
    }
    facts.join(" · ")
}

fn near(hit: &Hit) -> Near {
    Near { title: hit.title.clone(), href: urls::sesi(&hit.sesi), facts: facts(hit) }
}

fn all_modul(state: &World) -> Vec<Near> {
    let of = |modul: &crate::curriculum::skema::Modul| Near {
        title: modul.judul.clone(),
        href: urls::modul(&modul.id),
        facts: format!("{} sesi", modul.sesi.len()),
    };
    state.skema.iter().flat_map(|skema| &skema.modul).map(of).collect()
}

fn examples() -> Vec<Named> {
    [
        "bumil makan apa",
        "gimana kalau anak mencret",
        "sesi 8",
        "cara menabung",
        "tablet tambah darah",
    ]
    .iter()
    .map(|text| Named { text: (*text).to_owned(), href: format!("/cari?q={}", urls::encode(text)) })
    .collect()
}

fn filters(state: &World, query: &Query, results: &Results) -> Filters {
    let all = |name: &str, chosen| Chosen { value: String::new(), name: name.to_owned(), chosen };
    let mut modul = vec![all("Semua modul", query.modul.is_none())];
    modul.extend(state.skema.iter().flat_map(|skema| &skema.modul).map(|one| Chosen {
        value: one.id.to_string(),
        name: one.judul.clone(),
        chosen: query.modul.as_ref() == Some(&one.id),
    }));
    let mut parts = vec![all("Semua bagian", query.bagian.is_none())];
    let known = |part: &Part| {
        query.bagian == Some(*part) || results.facets.bagian.iter().any(|(one, _)| one == part)
    };
    parts.extend(Part::all().filter(known).map(|part| Chosen {
        value: part.anchor().to_owned(),
        name: part.title().to_owned(),
        chosen: query.bagian == Some(part),
    }));
    Filters { parts, modul }
}

fn pages(params: &Params, offset: usize, shown: usize, total: usize) -> Option<Pages> {
    if total <= PAGE {
        return None;
    }
    let at = |start: usize| {
        let kept = params.pairs().iter().filter(|(name, _)| name != "mulai");
        let kept: Vec<String> = kept
            .map(|(name, value)| format!("{}={}", urls::encode(name), urls::encode(value)))
            .collect();
        format!("/cari?{}&mulai={start}", kept.join("&"))
    };
    Some(Pages {
        text: format!("{} sampai {} dari {total}", offset + 1, offset + shown),
        previous: (offset > 0).then(|| at(offset.saturating_sub(PAGE))),
        next: (offset + shown < total).then(|| at(offset + PAGE)),
    })
}

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

async fn get_suggestions(
    State(web): State<Web>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, WebError> {
    readable(&web, &visitor, "/cari")?;
    let text = params.get("q").to_owned();
    let found = tokio::task::spawn_blocking(move || {
        let index = web.app.search().ok_or(WebError::Internal)?;
        index.suggest(&text, 8).map_err(|error| WebError::internal(&error))
    })
    .await
    .map_err(|error| WebError::internal(&error))??;
    let hits = found.into_iter().map(|one| {
        let (href, note) = match &one.to {
            SuggestionTarget::Sesi(id) => (urls::sesi(id), "sesi"),
            SuggestionTarget::Section(id, anchor) => (format!("/sesi/{id}#{anchor}"), "bagian"),
            SuggestionTarget::Query(query) => (format!("/cari?q={}", urls::encode(query)), ""),
        };
        SuggestionShown { text: one.text, href, note: note.to_owned() }
    });
    Ok(Json(Suggestions { hits: hits.collect() }).into_response())
}
