//! All skema with their modul and sesi, by tema where one is chosen.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;

use crate::bahasa::angka;
use crate::curriculum::ids::SesiId;
use crate::curriculum::skema::{Modul, Skema, SkemaSesi};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::Params;
use crate::web::page::{Link, Page, Ratio, Tab, show};
use crate::web::{Web, urls};

use super::reading::{Reader, own_groups};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/kurikulum", get(get_curriculum))
}

#[derive(Template)]
#[template(path = "pages/kurikulum.html")]
struct Kurikulum {
    page: Page,
    skema: Vec<SkemaTab>,
    title: String,
    lead: String,
    tema: Vec<Tab>,
    modul: Vec<ModulBlock>,
    empty: bool,
    panduan: Vec<Link>,
}

struct SkemaTab {
    title: String,
    facts: String,
    href: String,
    active: bool,
}

struct ModulBlock {
    title: String,
    href: String,
    facts: String,
    sesi: Vec<SesiRow>,
}

struct SesiRow {
    number: u32,
    title: String,
    href: Option<String>,
    facts: String,
    aliases: String,
    mine: Option<Ratio>,
}

async fn get_curriculum(
    Shared(web): Shared<Web>,
    Reader(visitor): Reader,
    params: Params,
) -> Result<Response, WebError> {
    let page = web.page(&visitor, "/kurikulum");
    let now = web.app.clock().now();
    let view = {
        let state = web.app.state();
        let own = own_groups(&state, &visitor, now);
        let coverage = own.iter().map(|(group, today)| state.cells(group, *today)).collect();
        let drafts = visitor.viewer().read_drafts();
        let list = List { state: &state, coverage, drafts };
        view(page, &list, &params)?
    };
    show(&view)
}

/// What the rows are made from.
struct List<'a> {
    state: &'a State,
    /// The cells of each kelompok of the pendamping.
    coverage: Vec<Vec<crate::kelompok::coverage::Cell>>,
    /// Whether the visitor may come to a sesi without text.
    drafts: bool,
}

fn view(page: Page, list: &List<'_>, params: &Params) -> Result<Kurikulum, WebError> {
    let state = list.state;
    let wanted = params.get("skema");
    let shown = if wanted.is_empty() {
        state.default_skema()
    } else {
        let found = state.skema.iter().find(|one| one.id.as_str() == wanted);
        Some(found.ok_or_else(|| WebError::not_found("Kurikulum ini"))?)
    };
    // One that no sesi has, or has any more, is answered by the page itself.
    let tema = params.get("tema");
    let Some(shown) = shown else {
        return Ok(nothing(page, panduan(state)));
    };
    let modul: Vec<ModulBlock> = shown
        .modul
        .iter()
        .map(|modul| list.modul(modul, tema))
        .filter(|block| !block.sesi.is_empty())
        .collect();
    Ok(Kurikulum {
        page,
        skema: state.skema.iter().map(|one| skema_tab(one, shown, tema)).collect(),
        title: shown.judul.clone(),
        lead: "Satu sesi untuk satu pertemuan. Pilih sesi untuk membaca, menyajikan, atau mencetaknya."
            .to_owned(),
        tema: tema_tabs(shown, &state.tema, tema),
        empty: modul.is_empty(),
        modul,
        panduan: panduan(state),
    })
}

/// The page before any skema was entered.
fn nothing(page: Page, panduan: Vec<Link>) -> Kurikulum {
    Kurikulum {
        page,
        skema: Vec::new(),
        title: "Kurikulum".to_owned(),
        lead: "Belum ada kurikulum. Admin dapat memuatnya dengan perintah impor.".to_owned(),
        tema: Vec::new(),
        modul: Vec::new(),
        empty: false,
        panduan,
    }
}

fn skema_tab(one: &Skema, shown: &Skema, tema: &str) -> SkemaTab {
    SkemaTab {
        title: one.judul.clone(),
        // Titles such as "Modul P2K2 (5 modul, 14 sesi)" say it already.
        facts: Some(format!("{} sesi", one.sesi().count()))
            .filter(|facts| !one.judul.contains(facts.as_str()))
            .unwrap_or_default(),
        href: address(one, tema),
        active: one.id == shown.id,
    }
}

fn address(skema: &Skema, tema: &str) -> String {
    let tema =
        if tema.is_empty() { String::new() } else { format!("&tema={}", urls::encode(tema)) };
    format!("/kurikulum?skema={}{tema}", skema.id)
}

/// Every tema, so that a subject is found wherever the modul cut it; the first is all of them.
fn tema_tabs(skema: &Skema, known: &[String], chosen: &str) -> Vec<Tab> {
    let occurs = |tema: &&str| {
        skema.sesi().any(|(_, sesi)| sesi.tema.iter().any(|one| one == *tema)) || *tema == chosen
    };
    std::iter::once("")
        .chain(known.iter().map(String::as_str).filter(occurs))
        .map(|tema| Tab {
            name: if tema.is_empty() { "Semua".to_owned() } else { capital(tema) },
            href: address(skema, tema),
            active: tema == chosen,
            icon: "",
        })
        .collect()
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Published pages that stand in no skema: the list of terms and the guide for facilitators.
pub(super) fn panduan(state: &State) -> Vec<Link> {
    state
        .all_sesi()
        .map(|(_, sesi)| sesi)
        .filter(|sesi| sesi.live().is_some() && state.placement(&sesi.id).is_none())
        .map(|sesi| Link::new(&sesi.title, urls::sesi(&sesi.id)))
        .collect()
}

/// Minutes and number of the live edition, or that there is no text yet.
pub(super) fn edition_facts(state: &State, id: &SesiId) -> String {
    match state.sesi(id).and_then(|sesi| sesi.live()) {
        Some(live) => {
            let minutes = angka::duration(u32::from(live.minutes));
            format!("{minutes} · edisi {}", live.number)
        }
        None => "naskahnya belum ada".to_owned(),
    }
}

impl List<'_> {
    fn modul(&self, modul: &Modul, tema: &str) -> ModulBlock {
        let fits = |one: &&SkemaSesi| tema.is_empty() || one.tema.iter().any(|own| own == tema);
        let sesi: Vec<SesiRow> = modul.sesi.iter().filter(fits).map(|one| self.row(one)).collect();
        ModulBlock {
            title: modul.judul.clone(),
            href: urls::modul(&modul.id),
            facts: format!("{} sesi", modul.sesi.len()),
            sesi,
        }
    }

    fn row(&self, entry: &SkemaSesi) -> SesiRow {
        let known = self.state.sesi(&entry.id);
        let live = known.is_some_and(|sesi| sesi.live().is_some());
        let facts = edition_facts(self.state, &entry.id);
        // Inside a book the numbering restarts, and people know a sesi by either number.
        let facts = if entry.nomor == entry.nomor_modul {
            facts
        } else {
            format!("sesi {} dalam modul · {facts}", entry.nomor_modul)
        };
        SesiRow {
            number: entry.nomor,
            title: known.map_or_else(|| entry.judul.clone(), |sesi| sesi.title.clone()),
            href: (live || self.drafts).then(|| urls::sesi(&entry.id)),
            facts,
            aliases: entry.alias.join("; "),
            mine: self.mine(&entry.id).filter(|_| live),
        }
    }

    /// How many of the pendamping's kelompok have had the sesi.
    fn mine(&self, id: &SesiId) -> Option<Ratio> {
        if self.coverage.is_empty() {
            return None;
        }
        let at = usize::from(self.state.sesi_ix(id)?);
        let had = self
            .coverage
            .iter()
            .filter(|cells| cells.get(at).is_some_and(|cell| cell.status.covered()));
        let list = format!("{}#kelompok-anda", urls::sesi(id));
        Some(Ratio::new(had.count() as u64, self.coverage.len() as u64, Some(list)))
    }
}
