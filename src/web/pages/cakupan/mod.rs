//! Coverage of an area, and the lists behind its numbers.

mod daftar;
mod matrix;
mod table;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::get;

use crate::bahasa::{angka, tanggal};
use crate::state::State;
use crate::state::rollup::{Per, Totals};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Link, Page, Ratio, show};
use crate::web::parts::ask::{self, Ask, Figure};
use crate::web::parts::place;
use crate::web::parts::scope::group_areas;
use crate::web::parts::sesi::{Label, by_modul};
use crate::web::parts::strip::rest;
use crate::web::parts::{Pages, address};

use matrix::Matrix;
use table::{Table, per_choices};

pub(super) use table::{BehindRow, Row};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/cakupan", get(get_coverage))
        .route("/cakupan/daftar", get(daftar::get_list))
}

#[derive(Template)]
#[template(path = "pages/cakupan.html")]
struct Cakupan {
    page: Page,
    trail: Vec<Link>,
    name: String,
    sentence: Sentence,
    as_of: String,
    past: Option<String>,
    filter: Filter,
    figures: Vec<Figure>,
    modul: Vec<ModulCounts>,
    per_name: &'static str,
    rows: Vec<Row>,
    rows_pages: Option<Pages>,
    total: Option<Row>,
    matrix: Option<Matrix>,
    behind: Vec<BehindRow>,
    files: Vec<Link>,
}

/// The area's sentence.
pub(super) struct Sentence {
    pub(super) ratio: Ratio,
    pub(super) month: String,
    pub(super) rest: String,
}

struct Filter {
    wilayah: String,
    pendamping: String,
    date: String,
    max: String,
    pers: Vec<Option1>,
    modul: Vec<Option1>,
}

/// One choice of a filter.
pub(super) struct Option1 {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

struct ModulCounts {
    title: String,
    sesi: Vec<SesiCounts>,
}

struct SesiCounts {
    number: u32,
    title: String,
    href: String,
    ratio: Ratio,
    part: u32,
    whole: u32,
    more: String,
}

async fn get_coverage(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&page(&web, &member, &params)?)
}

fn page(web: &Web, member: &Member, params: &Params) -> Result<Cakupan, WebError> {
    let state = web.app.state();
    let ask = Ask::of(web, &state, member, params)?;
    let pers = table::per_allowed(&ask);
    let asked = Per::parse(params.get("per")).filter(|per| pers.contains(per));
    let per = asked.or_else(|| pers.first().copied()).unwrap_or(Per::Kelompok);
    let table = Table::of(&state, member, &ask, per, params);
    let name = match ask.assigned {
        None => ask.scope.name(&state),
        Some(who) => format!("{}, {}", table::assigned_name(&state, who), ask.scope.name(&state)),
    };
    let past = (ask.on != ask.today).then(|| {
        format!("Keadaan pada {}, menurut catatan yang ada sekarang.", tanggal::long(ask.on))
    });
    let tops = if ask.scope.names { group_areas(member.viewer()) } else { member.viewer().areas() };
    Ok(Cakupan {
        page: web.page(&member.visitor(), "/cakupan"),
        trail: ask
            .scope
            .area()
            .map_or_else(Vec::new, |area| place::trail(&state, area, &tops, "/cakupan")),
        name,
        sentence: sentence(&ask, &table.total),
        as_of: tanggal::long(ask.on),
        past,
        filter: filter(&ask, per, &table, params),
        figures: figures(&ask, &table.total),
        modul: modul(&ask, &table.total, &table.labels),
        per_name: table::per_name(per),
        rows: table.rows,
        rows_pages: table.rows_pages,
        total: table.foot,
        matrix: table.matrix,
        behind: table.behind,
        files: files(&ask, per),
    })
}

/// `41 dari 60 kelompok bertemu bulan November 2026; 3 ditangguhkan.`
pub(super) fn sentence(ask: &Ask, total: &Totals) -> Sentence {
    let rest = match total.suspended {
        0 => String::new(),
        number => format!("{} ditangguhkan.", angka::count(number.into())),
    };
    Sentence { ratio: ask::met(ask, total.month), month: tanggal::month(ask.on), rest }
}

/// The honest numbers of an area on a day.
pub(super) fn figures(ask: &Ask, total: &Totals) -> Vec<Figure> {
    let groups = Figure {
        name: "Kelompok aktif",
        ratio: Ratio::new(
            u64::from(total.groups - total.suspended),
            total.groups.into(),
            ask.list("berjalan", ""),
        ),
        hint: "tidak ditangguhkan".to_owned(),
    };
    let coverage = Figure {
        name: "Sesi tuntas",
        ratio: ask::coverage(ask, total.cells),
        hint: "kelompok × sesi sasaran".to_owned(),
    };
    let mut figures = vec![coverage];
    figures.extend(ask::month_figures(ask, total.month));
    figures.push(groups);
    figures
}

fn modul(ask: &Ask, total: &Totals, labels: &[Label]) -> Vec<ModulCounts> {
    let order: Vec<_> = total.per_sesi.iter().map(|(ix, _)| *ix).collect();
    let counts = |ix| -> Option<SesiCounts> {
        let (label, count) = (labels.get(usize::from(ix))?, total.sesi(ix));
        let href = ask.list("tuntas", &label.id);
        Some(SesiCounts {
            number: label.number,
            title: label.title.clone(),
            href: href.clone().unwrap_or_else(|| label.href.clone()),
            ratio: Ratio::new(count.covered.into(), count.target.into(), href),
            part: count.covered,
            whole: count.target,
            more: rest(count.partial.into(), count.refresh.into()),
        })
    };
    by_modul(labels, &order)
        .into_iter()
        .map(|group| ModulCounts {
            title: group.title,
            sesi: group.sesi.into_iter().filter_map(counts).collect(),
        })
        .collect()
}

fn filter(ask: &Ask, per: Per, table: &Table, params: &Params) -> Filter {
    let order: Vec<_> = table.total.per_sesi.iter().map(|(ix, _)| *ix).collect();
    let chosen = params.get("modul");
    let mut modul = vec![Option1 {
        value: String::new(),
        name: "Semua modul".to_owned(),
        chosen: chosen.is_empty(),
    }];
    modul.extend(by_modul(&table.labels, &order).into_iter().map(|group| Option1 {
        chosen: group.id == chosen,
        value: group.id,
        name: group.title,
    }));
    Filter {
        wilayah: ask.scope.param.clone(),
        pendamping: params.get("pendamping").to_owned(),
        date: ask.on.to_string(),
        max: ask.today.to_string(),
        pers: per_choices(&table::per_allowed(ask), per),
        modul,
    }
}

fn files(ask: &Ask, per: Per) -> Vec<Link> {
    let Some(area) = ask.scope.area().filter(|_| ask.scope.names && ask.assigned.is_none()) else {
        return Vec::new();
    };
    let (area, pada) = (area.to_string(), ask.pada());
    let table = |format: &str| {
        let query =
            [("wilayah", &*area), ("per", per.as_str()), ("pada", &pada), ("format", format)];
        address("/api/v1/cakupan", &query)
    };
    vec![
        Link::new("XLSX", table("xlsx")),
        Link::new("CSV", table("csv")),
        Link::new("PDF", address("/cetak/cakupan.pdf", &[("wilayah", &area), ("pada", &pada)])),
    ]
}

/// The rows of the home page of someone who looks after an area: one for each place below it.
pub(super) fn totals_below(
    state: &State,
    member: &Member,
    ask: &Ask,
) -> (Totals, Vec<Row>, Vec<BehindRow>) {
    let per = table::per_allowed(ask).first().copied().unwrap_or(Per::Kelompok);
    let table = Table::of(state, member, ask, per, &Params::default());
    (table.total, table.rows, table.behind)
}
