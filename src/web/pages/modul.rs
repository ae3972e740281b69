//! One modul: its sesi and its files.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;

use crate::bahasa::angka;
use crate::curriculum::ids::{ModulId, RevisionId};
use crate::curriculum::markdown::plain_text;
use crate::curriculum::skema::{Modul, Skema, SkemaSesi};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{PathParts, Visitor};
use crate::web::page::{Link, Page, show};
use crate::web::{Web, urls};

use super::kurikulum::edition_facts;
use super::reading::{Reader, text};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/modul/{id}", get(get_modul))
}

#[derive(Template)]
#[template(path = "pages/modul.html")]
struct ModulPage {
    page: Page,
    trail: Vec<Link>,
    title: String,
    facts: Vec<String>,
    skema: String,
    sesi: Vec<Row>,
    files: Vec<File>,
}

struct Row {
    number: u32,
    title: String,
    href: Option<String>,
    facts: String,
    summary: String,
    revision: Option<RevisionId>,
}

struct File {
    name: &'static str,
    href: String,
    facts: &'static str,
}

async fn get_modul(
    Shared(web): Shared<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
) -> Result<Response, WebError> {
    let missing = || WebError::not_found("Modul ini");
    let id: ModulId = parts.get(0).parse().map_err(|_| missing())?;
    let page = web.page(&visitor, "/kurikulum");
    let mut view = {
        let state = web.app.state();
        let (skema, modul) = find(&state, &id).ok_or_else(missing)?;
        view(page, &state, (skema, modul), &visitor)
    };
    for row in &mut view.sesi {
        if let Some(revision) = row.revision {
            row.summary = match text(&web, revision).await {
                Ok(text) => plain_text(&text.sesi.summary),
                // One text that is lost does not take the others with it.
                Err(WebError::Text) => "Naskahnya tidak terbaca dari penyimpanan.".to_owned(),
                Err(error) => return Err(error),
            };
        }
    }
    show(&view)
}

/// The modul, in the first skema that holds it.
fn find<'a>(state: &'a State, id: &ModulId) -> Option<(&'a Skema, &'a Modul)> {
    state.skema.iter().find_map(|skema| {
        skema.modul.iter().find(|modul| modul.id == *id).map(|modul| (skema, modul))
    })
}

fn view(
    page: Page,
    state: &State,
    (skema, modul): (&Skema, &Modul),
    visitor: &Visitor,
) -> ModulPage {
    let all = format!("/kurikulum?skema={}", skema.id);
    let sesi: Vec<Row> = modul.sesi.iter().map(|entry| row(state, entry, visitor)).collect();
    let readable = sesi.iter().any(|row| row.revision.is_some());
    let print = vec![
        File {
            name: "Seluruh modul",
            href: format!("/cetak/modul/{}.pdf", modul.id),
            facts: "PDF dengan daftar isi",
        },
        File {
            name: "Pilih kertas dan ukuran huruf",
            href: format!("/cetak/modul/{}", modul.id),
            facts: "juga sebagai buku saku untuk dilipat",
        },
    ];
    ModulPage {
        page,
        trail: vec![Link::new("Kurikulum", &all)],
        title: modul.judul.clone(),
        facts: facts(state, modul),
        skema: skema.judul.clone(),
        sesi,
        files: if readable { print } else { Vec::new() },
    }
}

fn facts(state: &State, modul: &Modul) -> Vec<String> {
    let mut facts = vec![format!("{} sesi", modul.sesi.len())];
    if let (Some(first), Some(last)) = (modul.sesi.first(), modul.sesi.last())
        && first.nomor < last.nomor
    {
        facts.push(format!("sesi {} sampai {}", first.nomor, last.nomor));
    }
    let lives = modul.sesi.iter().filter_map(|entry| state.sesi(&entry.id)?.live());
    let minutes: u32 = lives.map(|live| u32::from(live.minutes)).sum();
    if minutes > 0 {
        facts.push(format!("{} seluruhnya", angka::duration(minutes)));
    }
    facts
}

fn row(state: &State, entry: &SkemaSesi, visitor: &Visitor) -> Row {
    let known = state.sesi(&entry.id);
    let revision = known.and_then(|sesi| sesi.live()).map(|live| live.revision);
    let drafts = visitor.viewer().read_drafts();
    let facts = edition_facts(state, &entry.id);
    Row {
        number: entry.nomor,
        title: known.map_or_else(|| entry.judul.clone(), |sesi| sesi.title.clone()),
        href: (revision.is_some() || drafts).then(|| urls::sesi(&entry.id)),
        facts: format!("sesi {} dalam modul · {facts}", entry.nomor_modul),
        summary: String::new(),
        revision,
    }
}
