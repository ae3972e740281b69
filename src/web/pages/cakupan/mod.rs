//! Coverage of an area, and the lists behind its numbers.

pub(super) mod beda;
mod choose;
mod daftar;
mod lists;
mod matrix;
mod table;
mod unduh;

use std::collections::HashSet;

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
use crate::web::page::{Link, Notice, Page, Ratio, show};
use crate::web::parts::ask::{self, Ask, Figure};
use crate::web::parts::glance::Eye;
use crate::web::parts::place;
use crate::web::parts::scope::group_areas;
use crate::web::parts::sesi::{Label, by_modul, labels};
use crate::web::parts::strip::rest;
use crate::web::parts::survey::Survey;
use crate::web::parts::words::Limits;
use crate::web::parts::{Pages, address, begin, target};
use crate::web::query::PER;

use choose::Choose;
use matrix::Matrix;
use table::{Table, per_choices};

pub(super) use table::{BehindRow, Row, first_of};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/cakupan", get(get_coverage))
        .route("/cakupan/daftar", get(daftar::get_list))
        .route("/cakupan/beda", get(beda::get_list))
        .route("/cakupan/daftar/unduh", get(unduh::get_list))
        .route("/cakupan/unduh", get(unduh::get_table))
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
    late: Option<Ratio>,
    chosen: Option<String>,
    empty: bool,
    begin: Vec<Link>,
    target: String,
    limits: Limits,
    trend: String,
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
    shows: Vec<Option1>,
    sorts: Vec<Option1>,
    people: Vec<Option1>,
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
    let (per, missing) = chosen_per(&ask, params)?;
    let choose = Choose::of(params, &labels(&state))?;
    let survey = Survey::of(web, &state, member, &ask);
    let table =
        Table::of(&mut Eye::new(&state, ask.on), &survey, &ask, per, (&choose, params.page()?));
    let name = area_name(&state, &ask);
    let filter = filter(&ask, (per, &choose), &table, params, people(&state, member, &ask));
    let past = (ask.on != ask.today).then(|| {
        format!(
            "Keadaan pada {}, menurut yang diketahui hari ini: catatan yang datang atau diubah sesudahnya ikut dihitung.",
            tanggal::long(ask.on)
        )
    });
    let mut page = ask.told(web.page(&member.visitor(), "/cakupan"));
    page.notices.extend(missing.map(|missing| {
        Notice::attention(format!("{missing}, jadi yang tampil per {}.", per.as_str()))
    }));
    let tops = if ask.scope.names { group_areas(member.viewer()) } else { member.viewer().areas() };
    Ok(Cakupan {
        page,
        trail: ask
            .scope
            .area()
            .map_or_else(Vec::new, |area| place::trail(&state, area, &tops, "/cakupan")),
        name,
        sentence: sentence(&ask, &table.total),
        as_of: tanggal::long(ask.on),
        past,
        filter,
        figures: figures(&ask, &table.total),
        modul: modul(&ask, &table.total, &table.labels),
        per_name: table::per_name(per),
        rows: table.rows,
        rows_pages: table.rows_pages,
        total: table.foot,
        matrix: table.matrix,
        behind: table.behind,
        late: late(&ask, table.late, table.total.groups),
        chosen: table.chosen,
        // A kelompok that was dissolved in the month was expected in it all the same.
        begin: begin::steps(&state, member.viewer()),
        empty: table.total.groups == 0 && table.total.month.expected == 0,
        target: target::sentence(&state, &ask.scope, ask.on),
        limits: Limits::on(&state, ask.on),
        trend: format!("{}#tren", ask.href("/laporan", &[])),
        files: files(&ask, per),
    })
}

/// Of what the page speaks.
fn area_name(state: &State, ask: &Ask) -> String {
    match ask.assigned {
        None if ask.scope.mine() => "kelompok Anda".to_owned(),
        None => ask.scope.name(state),
        Some(who) => format!("{}, {}", table::assigned_name(state, who), ask.scope.name(state)),
    }
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
        name: "Kelompok berjalan",
        ratio: Ratio::new(
            u64::from(total.groups - total.suspended),
            total.groups.into(),
            ask.list("berjalan", ""),
        ),
        hint: "dari kelompok aktif".to_owned(),
        about: "arti-kelompok",
    };
    let coverage = Figure {
        name: "Sesi tuntas",
        ratio: ask::coverage(ask, total.cells),
        hint: "dari semua pasangan kelompok dan sesi".to_owned(),
        about: "arti-tuntas",
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

/// Kelompok that are behind, of those that are active.
pub(super) fn late(ask: &Ask, late: u32, groups: u32) -> Option<Ratio> {
    ask.scope.names.then(|| Ratio::new(late.into(), groups.into(), ask.list("lewat", "")))
}

/// Of more people than this nobody finds one in a list; their own rows lead to them.
const MAX_PEOPLE: usize = 500;

/// Whoever meets a kelompok of the area, to choose from; where they are many, only who was chosen.
fn people(state: &State, member: &Member, ask: &Ask) -> Vec<Option1> {
    if !ask.scope.names || ask.scope.mine() {
        return Vec::new();
    }
    let all = Ask { assigned: None, ..ask.clone() };
    let groups = all.groups(state, member);
    let mut ids: HashSet<_> = HashSet::new();
    for id in groups.iter().filter_map(|group| group.pendamping(ask.on)) {
        ids.insert(id);
        if ids.len() > MAX_PEOPLE {
            ids.clear();
            ids.extend(ask.assigned.flatten());
            break;
        }
    }
    let mut people: Vec<Option1> = ids
        .into_iter()
        .map(|id| Option1 {
            value: id.to_string(),
            name: state.account_name(id).to_owned(),
            chosen: ask.assigned == Some(Some(id)),
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people
}

fn filter(
    ask: &Ask,
    (per, choose): (Per, &Choose),
    table: &Table,
    params: &Params,
    people: Vec<Option1>,
) -> Filter {
    let order: Vec<_> = table.total.per_sesi.iter().map(|(ix, _)| *ix).collect();
    let chosen = choose.modul.as_str();
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
        shows: choose.shows(),
        sorts: if table.matrix.is_some() || matches!(per, Per::Level(_)) {
            choose.sorts(table.matrix.is_some())
        } else {
            Vec::new()
        },
        people,
    }
}

fn files(ask: &Ask, per: Per) -> Vec<Link> {
    let table =
        |format: &str| ask.href("/cakupan/unduh", &[("per", per.as_str()), ("format", format)]);
    let mut files = vec![Link::new("XLSX", table("xlsx")), Link::new("CSV", table("csv"))];
    if let Some(area) = ask.scope.area().filter(|_| ask.scope.names && ask.assigned.is_none()) {
        let (area, pada) = (area.to_string(), ask.pada());
        let query = [("wilayah", &*area), ("pada", &pada)];
        files.push(Link::new("PDF", address("/cetak/cakupan.pdf", &query)));
    }
    files
}

/// What the rows are made of: as asked, or as it fits; and what is so of it where rows that there are
/// elsewhere are not there here, or not for the one who asks.
///
/// # Errors
/// When what is asked for is no kind of row.
fn chosen_per(ask: &Ask, params: &Params) -> Result<(Per, Option<String>), WebError> {
    let usual = usual_per(ask);
    let Some(asked) = params.meant("per", &PER, Per::parse)? else { return Ok((usual, None)) };
    if table::per_allowed(ask).contains(&asked) {
        return Ok((asked, None));
    }
    let missing = format!("Baris per {} tidak tersedia di sini bagi Anda", asked.as_str());
    Ok((usual, Some(missing)))
}

/// What the rows are made of where nothing is asked for.
fn usual_per(ask: &Ask) -> Per {
    table::per_allowed(ask).first().copied().unwrap_or(Per::Kelompok)
}

/// What the home page of someone who looks after an area shows of its coverage.
pub(super) struct Below {
    pub(super) total: Totals,
    pub(super) rows: Vec<Row>,
    pub(super) behind: Vec<BehindRow>,
    pub(super) late: Option<Ratio>,
}

/// The numbers of an area, with a row for each place below it.
pub(super) fn below(state: &State, survey: &Survey<'_>, ask: &Ask) -> Below {
    let plain = (&Choose::default(), None);
    let table = Table::of(&mut Eye::new(state, ask.on), survey, ask, usual_per(ask), plain);
    let late = late(ask, table.late, table.total.groups);
    Below { total: table.total, rows: table.rows, behind: table.behind, late }
}
