//! The numbers of a month.

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{Month, MonthRates};
use crate::kelompok::wilayah::{Kode, Level};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Count, Link, Page, Ratio, show};
use crate::web::parts::ask::{self, Ask, Figure};
use crate::web::parts::scope::group_areas;
use crate::web::parts::{Pages, Window, address, place};
use crate::web::{Web, urls};

/// So many months stand beside each other.
const TREND_MONTHS: usize = 6;
/// So many rows stand on one page.
const PAGE_ROWS: usize = 200;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/laporan", get(get_report))
}

#[derive(Template)]
#[template(path = "pages/laporan.html")]
struct Laporan {
    page: Page,
    trail: Vec<Link>,
    area: String,
    month: String,
    previous: Option<Link>,
    next: Option<Link>,
    frozen: Option<String>,
    open: bool,
    figures: Vec<Figure>,
    per_name: &'static str,
    rows: Vec<Row>,
    pages: Option<Pages>,
    total: Option<Row>,
    trend: Vec<Trend>,
    files: Vec<Link>,
}

struct Row {
    name: String,
    href: String,
    expected: Count,
    met: Ratio,
    on_time: Ratio,
    unknown: Count,
    note: String,
}

struct Trend {
    month: String,
    href: String,
    met: Ratio,
    part: u32,
    whole: u32,
}

/// What a row stands for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'a> {
    Place(Kode),
    Group(&'a str),
}

async fn get_report(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&page(&web, &member, &params)?)
}

fn page(web: &Web, member: &Member, params: &Params) -> Result<Laporan, WebError> {
    let state = web.app.state();
    let mut ask = Ask::of(web, &state, member, params)?;
    let month = ask.month.unwrap_or_else(|| Month::of(ask.today));
    // Every number and every list of the page speaks of this month.
    ask.month = Some(month);
    ask.on = month.last().min(ask.today);
    let groups = ask.groups(&state, member);
    let level = row_level(&ask);
    let counted = count(&state, &ask, &groups, level);
    let window = Window::new(params.number("hal"), PAGE_ROWS, counted.rows.len());
    let rows = counted.rows[window.range()]
        .iter()
        .map(|(key, rates)| key_row(&state, &ask, *key, *rates))
        .collect();
    let tops = if ask.scope.names { group_areas(member.viewer()) } else { member.viewer().areas() };
    let several = counted.rows.len() > 1;
    let foot = format!("Semua: {}", ask.scope.name(&state));
    let other = |month: Month| {
        let ask = Ask { month: Some(month), ..ask.clone() };
        Link::new(tanggal::month(month.first()), ask.href("/laporan", &[]))
    };
    Ok(Laporan {
        page: web.page(&member.visitor(), "/laporan"),
        trail: ask
            .scope
            .area()
            .map_or_else(Vec::new, |area| place::trail(&state, area, &tops, "/laporan")),
        area: ask.scope.name(&state),
        month: tanggal::month(month.first()),
        previous: Some(other(month.previous())),
        next: (month.next().first() <= ask.today).then(|| other(month.next())),
        frozen: None,
        open: month.last() >= ask.today,
        figures: figures(&ask, counted.total),
        per_name: level.map_or("Kelompok", place::level_name),
        rows,
        pages: (counted.rows.len() > PAGE_ROWS)
            .then(|| window.pages(|hal| ask.href("/laporan", &[("hal", hal)]))),
        total: several.then(|| row(&ask, foot, counted.total)),
        trend: trend(&state, &ask, &groups, month),
        files: files(&ask, month),
    })
}

/// The level of the rows; none for a row a kelompok.
fn row_level(ask: &Ask) -> Option<Level> {
    let top = ask.scope.areas.iter().map(|area| area.level()).min()?;
    if ask.scope.areas.len() > 1 {
        Some(top)
    } else {
        top.below().or((!ask.scope.names).then_some(top))
    }
}

struct Counted<'a> {
    rows: Vec<(Key<'a>, MonthRates)>,
    total: MonthRates,
}

fn count<'a>(
    state: &State,
    ask: &Ask,
    groups: &[&'a Kelompok],
    level: Option<Level>,
) -> Counted<'a> {
    let month = Month::of(ask.on);
    let mut counted = Counted { rows: Vec::new(), total: MonthRates::default() };
    let mut at: HashMap<Key<'a>, usize> = HashMap::new();
    for group in groups {
        let found = state.month_state(group, month, ask.on);
        if !found.expected {
            continue;
        }
        let home = group.home(Date::MAX);
        let key = match level {
            Some(level) => Key::Place(home.at(level).unwrap_or(home)),
            None => Key::Group(group.id.as_str()),
        };
        let row = *at.entry(key).or_insert_with(|| {
            counted.rows.push((key, MonthRates::default()));
            counted.rows.len() - 1
        });
        counted.rows[row].1.add(found);
        counted.total.add(found);
    }
    counted
}

fn key_row(state: &State, ask: &Ask, key: Key<'_>, rates: MonthRates) -> Row {
    match key {
        Key::Place(kode) => row(&ask.at(kode), place::full(state, kode), rates),
        Key::Group(id) => {
            let name = state.group(id).map_or_else(|| id.to_owned(), |group| group.name.clone());
            let mut row = row(ask, name, rates);
            row.href = urls::kelompok(id);
            let meetings = Some(format!("{}#pertemuan", row.href));
            row.expected.href = None;
            row.unknown.href = None;
            row.met.href.clone_from(&meetings);
            row.on_time.href = meetings;
            row
        }
    }
}

fn row(ask: &Ask, name: String, rates: MonthRates) -> Row {
    let missing = rates.expected - rates.actual;
    Row {
        name,
        href: ask.href("/laporan", &[]),
        expected: ask::count(ask, rates.expected, "diharapkan"),
        met: ask::met(ask, rates),
        on_time: ask::on_time(ask, rates),
        unknown: ask::count(ask, rates.unknown_time, "tanpa-waktu"),
        note: if missing == 0 {
            String::new()
        } else {
            format!("{} belum bertemu", angka::count(missing.into()))
        },
    }
}

fn figures(ask: &Ask, rates: MonthRates) -> Vec<Figure> {
    let missing = rates.expected - rates.actual;
    let mut figures = ask::month_figures(ask, rates);
    figures.push(Figure {
        name: "Belum bertemu",
        ratio: Ratio::new(missing.into(), rates.expected.into(), ask.list("belum-bertemu", "")),
        hint: "dari yang diharapkan".to_owned(),
    });
    figures
}

/// The months before, newest first.
fn trend(state: &State, ask: &Ask, groups: &[&Kelompok], month: Month) -> Vec<Trend> {
    std::iter::successors(Some(month), |month| Some(month.previous()))
        .take(TREND_MONTHS)
        .map(|month| {
            let on = month.last().min(ask.today);
            let mut rates = MonthRates::default();
            for group in groups {
                rates.add(state.month_state(group, month, on));
            }
            let ask = Ask { month: Some(month), on, ..ask.clone() };
            Trend {
                month: tanggal::month(month.first()),
                href: ask.href("/laporan", &[]),
                met: ask::met(&ask, rates),
                part: rates.actual,
                whole: rates.expected,
            }
        })
        .filter(|trend| trend.whole > 0)
        .collect()
}

fn files(ask: &Ask, month: Month) -> Vec<Link> {
    let Some(area) = ask.scope.area().filter(|_| ask.scope.names && ask.assigned.is_none()) else {
        return Vec::new();
    };
    let pdf = format!("/cetak/rekap/{area}/{}.pdf", month.id());
    vec![Link::new("Rekap PDF", address(&pdf, &[]))]
}
