//! The list behind a number: exactly as many rows as the number says.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;

use crate::bahasa::{angka, tanggal};
use crate::curriculum::ids::SesiId;
use crate::kelompok::fakta::{Fakta, SesiIx};
use crate::kelompok::group::Kelompok;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Link, Page, Tab, show};
use crate::web::parts::ask::Ask;
use crate::web::parts::glance::{Eye, Glance, behind_words};
use crate::web::parts::scope::group_areas;
use crate::web::parts::sesi::{Label, capital, label, labels};
use crate::web::parts::strip::{Tally, cell_of};
use crate::web::parts::survey::Survey;
use crate::web::parts::{Pages, place};
use crate::web::{Web, urls};

use super::lists::{Found, What};
use super::table::assigned_name;
use super::unduh;

/// So many rows stand on one page.
pub(super) const PAGE_ROWS: usize = 100;

/// A list behind a number.
#[derive(Template)]
#[template(path = "pages/cakupan_daftar.html")]
pub(super) struct Daftar {
    pub(super) page: Page,
    pub(super) trail: Vec<Link>,
    pub(super) title: String,
    pub(super) sentence: String,
    pub(super) meaning: &'static str,
    pub(super) tabs: Vec<Tab>,
    pub(super) rows: Vec<Row>,
    /// What the date of a row is.
    pub(super) date_head: &'static str,
    pub(super) pages: Pages,
    /// The same rows, all of them, as files.
    pub(super) files: Vec<Link>,
}

/// One row of a list.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) place: String,
    pub(super) status: &'static str,
    pub(super) text: String,
    pub(super) date: String,
    pub(super) date_href: Option<String>,
}

pub(super) async fn get_list(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&page(&web, &member, &params)?)
}

fn page(web: &Web, member: &Member, params: &Params) -> Result<Daftar, WebError> {
    let state = web.app.state();
    let ask = Ask::of(web, &state, member, params)?;
    let (what, only) = asked(&state, &ask, params)?;
    let survey = Survey::of(web, &state, member, &ask);
    let Found { counts, window, hits } =
        Found::of(&survey, (what, only), (params.page()?, PAGE_ROWS));
    let family = what.family();
    let mut eye = Eye::new(&state, ask.on);
    let labels = labels(&state);
    let known = hits.iter().filter_map(|(ix, sesi)| Some((state.group_at(*ix)?, *sesi)));
    let rows = known.map(|hit| row(&mut eye, what, hit, &labels)).collect();
    let at = family.iter().position(|one| *one == what).unwrap_or(0);
    let here = |one: What, hal: &str| {
        let sesi = params.get("sesi");
        ask.href("/cakupan/daftar", &[("apa", one.words().0), ("sesi", sesi), ("hal", hal)])
    };
    let tabs = family.iter().zip(&counts).map(|(one, count)| Tab {
        name: format!("{} ({})", one.words().1, angka::count(*count as u64)),
        href: here(*one, ""),
        active: *one == what,
        icon: "",
    });
    let whole = counts.first().copied().unwrap_or(0);
    Ok(Daftar {
        page: ask.told(web.page(&member.visitor(), "/cakupan")),
        trail: trail(&state, &ask, member, what),
        title: title(&state, what, only),
        sentence: sentence(&state, &ask, what, (counts[at], whole)),
        meaning: what.words().2,
        tabs: tabs.collect(),
        rows,
        date_head: if what.of_cells() {
            "Tuntas atau terakhir dibahas"
        } else if what.of_month() {
            "Pertemuan"
        } else {
            "Pertemuan terakhir"
        },
        pages: window.pages(|hal| here(what, hal)),
        files: unduh::list_files(&ask, what, params),
    })
}

/// Which list an address asks for, and of which sesi alone.
///
/// # Errors
/// When there is no such list or sesi, or the viewer may only count.
pub(super) fn asked(
    state: &State,
    ask: &Ask,
    params: &Params,
) -> Result<(What, Option<SesiIx>), WebError> {
    ask.scope.must_name()?;
    let what = params.meant("apa", &What::all_words(), What::parse)?;
    let only = match params.named::<SesiId>("sesi", "sesi")? {
        None => None,
        Some(id) => Some(state.sesi_ix(&id).ok_or_else(|| WebError::not_found("Sesi ini"))?),
    };
    Ok((what.unwrap_or(What::Kelompok), only))
}

fn trail(state: &State, ask: &Ask, member: &Member, what: What) -> Vec<Link> {
    let page = if what.of_month() && ask.month.is_some() { "/laporan" } else { "/cakupan" };
    let mut trail = ask.scope.area().map_or_else(Vec::new, |area| {
        place::trail(state, area, &group_areas(member.viewer()), page)
    });
    trail.push(Link::new(ask.scope.name(state), ask.href(page, &[])));
    trail
}

pub(super) fn title(state: &State, what: What, only: Option<SesiIx>) -> String {
    let name = what.words().1;
    match only {
        Some(ix) if what.of_cells() => {
            format!("{}: {}", capital(&label(state, ix).short), name.to_lowercase())
        }
        _ if what.of_cells() => format!("Sesi sasaran: {}", name.to_lowercase()),
        _ => format!("Kelompok: {}", name.to_lowercase()),
    }
}

fn sentence(state: &State, ask: &Ask, what: What, (part, whole): (usize, usize)) -> String {
    let things = if what.of_cells() { "pasangan kelompok dan sesi" } else { "kelompok" };
    let when = if what.of_month() {
        format!("pada {}", tanggal::month(ask.on))
    } else {
        let known = if ask.on == ask.today { "" } else { " menurut yang diketahui hari ini" };
        format!("per {}{known}", tanggal::long(ask.on))
    };
    let (part, whole) = (angka::count(part as u64), angka::count(whole as u64));
    let of = of(state, ask, what.of_cells());
    let who =
        ask.assigned.map_or_else(String::new, |who| format!(" ({})", assigned_name(state, who)));
    format!("{part} dari {whole} {things}{of}{who} {when}.")
}

/// ` di Kecamatan Tanjung Lubuk`, or whose they are.
pub(super) fn of(state: &State, ask: &Ask, cells: bool) -> String {
    match (ask.scope.mine(), cells) {
        (true, false) => " Anda".to_owned(),
        (true, true) => " dari kelompok Anda".to_owned(),
        (false, _) => format!(" di {}", ask.scope.name(state)),
    }
}

fn row<'a>(
    eye: &mut Eye<'a>,
    what: What,
    (group, sesi): (&'a Kelompok, Option<SesiIx>),
    labels: &[Label],
) -> Row {
    let glance = eye.look(group);
    let (status, text, behind) = match sesi {
        Some(ix) => of_cell(eye, &glance, ix, labels),
        None if what.of_month() => of_month(eye, &glance),
        None => of_group(eye, &glance),
    };
    Row {
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(eye.state, group.home(eye.on)),
        status,
        text,
        date: behind.as_ref().map_or_else(String::new, |fakta| tanggal::short(fakta.date)),
        date_href: behind.map(|fakta| urls::pertemuan(fakta.id)),
    }
}

/// A mark, its words, and the pertemuan behind it.
pub(super) type Said = (&'static str, String, Option<Fakta>);

fn of_cell(eye: &Eye<'_>, glance: &Glance<'_>, ix: SesiIx, labels: &[Label]) -> Said {
    let cell = cell_of(&glance.cells, ix);
    let short = labels.get(usize::from(ix)).map_or("sesi", |label| label.short.as_str());
    let setting = eye.state.setting();
    let date = cell.covered_on.or(cell.last);
    let behind = glance.group.fakta.iter().find(|fakta| {
        Some(fakta.date) == date
            && setting.counts(fakta)
            && fakta.sesi.iter().any(|taught| taught.sesi == ix)
    });
    (cell.status.slug(), format!("{} {}", capital(short), cell.status.name()), behind)
}

pub(super) fn of_month(eye: &Eye<'_>, glance: &Glance<'_>) -> Said {
    let (status, text) = match (glance.month.actual, glance.month.on_time) {
        (false, _) => ("belum", "Belum bertemu"),
        (true, Some(true)) => ("tuntas", "Bertemu, dicatat tepat waktu"),
        (true, Some(false)) => ("sebagian", "Bertemu, terlambat dicatat"),
        (true, None) => ("sebagian", "Bertemu, waktu catat tidak diketahui"),
    };
    // Of one that did not meet, the last pertemuan says how long it waits.
    let behind = eye.met(glance.group).or_else(|| eye.last(glance.group));
    (status, text.to_owned(), behind)
}

fn of_group(eye: &Eye<'_>, glance: &Glance<'_>) -> Said {
    let tally = Tally::of(&glance.target, &glance.cells);
    let status = match tally {
        _ if glance.suspended => "ditangguhkan",
        Tally { target, covered, .. } if covered == target => "tuntas",
        Tally { covered: 0, partial: 0, .. } => "belum",
        _ => "sebagian",
    };
    let mut text = format!("{} dari {} sesi tuntas", tally.covered, tally.target);
    let behind = eye.behind(glance);
    if let Some(words) = behind_words(behind) {
        text.push_str(&format!(", {words}"));
    }
    if let Some(since) = behind.since {
        text.push_str(&format!(" sejak {}", tanggal::short(since)));
    }
    (status, text, eye.last(glance.group))
}
