//! The numbers of a month.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::get;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::frozen::Number;
use crate::kelompok::rates::{Month, MonthRates};
use crate::kelompok::wilayah::Level;
use crate::state::rollup::{Per, RowKey};
use crate::state::{Difference, State};
use crate::transfer::write::{self, Report};
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Count, Link, Page, Ratio, show};
use crate::web::pages::cakupan::beda;
use crate::web::parts::ask::{self, Ask, Figure};
use crate::web::parts::scope::group_areas;
use crate::web::parts::survey::Survey;
use crate::web::parts::trend::{self, TrendRow};
use crate::web::parts::words::Limits;
use crate::web::parts::{Pages, Window, address, begin, place, sheet, target};
use crate::web::{Web, urls};

/// So many months stand below each other, and when more are asked for.
const TREND_MONTHS: (usize, usize) = (12, 24);
/// So many rows stand on one page.
const PAGE_ROWS: usize = 200;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/laporan", get(get_report)).route("/laporan/unduh", get(get_file))
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
    frozen: Option<Frozen>,
    open: bool,
    /// No pertemuan is expected of any.
    nothing: bool,
    begin: Vec<Link>,
    /// How many are suspended; empty for none.
    suspended: String,
    expected: Count,
    figures: Vec<Figure>,
    per_name: &'static str,
    rows: Vec<Row>,
    pages: Option<Pages>,
    total: Option<Row>,
    trend: Vec<TrendRow>,
    trend_more: Option<Link>,
    target: String,
    limits: Limits,
    files: Vec<Link>,
}

/// The figures of a month as they were frozen, beside those of now.
struct Frozen {
    on: String,
    lines: Vec<FrozenLine>,
}

/// One figure: `saat itu 58, kini 61: 2 menyusul, 1 dikoreksi`.
struct FrozenLine {
    name: &'static str,
    then: Count,
    now: Count,
    parts: Vec<Part>,
}

/// Some of the difference.
struct Part {
    sign: &'static str,
    count: Count,
    word: &'static str,
}

struct Row {
    name: String,
    href: String,
    expected: Count,
    met: Ratio,
    on_time: Ratio,
    unknown: Count,
    note: Vec<Count>,
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
    let survey = Survey::of(web, &state, member, &ask);
    let months = match params.word("rentang", &["12", "24"])? {
        "24" => TREND_MONTHS.1,
        _ => TREND_MONTHS.0,
    };
    let level = row_level(&ask);
    let counted = count(&survey, level);
    let window = Window::new(params.page()?, PAGE_ROWS, counted.rows.len());
    let rows = counted.rows[window.range()]
        .iter()
        .map(|(key, rates, suspended)| key_row(&state, &ask, key, (*rates, *suspended)))
        .collect();
    let tops = if ask.scope.names { group_areas(member.viewer()) } else { member.viewer().areas() };
    let several = counted.rows.len() > 1;
    let foot = format!("Semua: {}", ask.scope.name(&state));
    let other = |month: Month| {
        let ask = Ask { month: Some(month), ..ask.clone() };
        Link::new(tanggal::month(month.first()), ask.href("/laporan", &[]))
    };
    Ok(Laporan {
        page: ask.told(web.page(&member.visitor(), "/laporan")),
        trail: ask
            .scope
            .area()
            .map_or_else(Vec::new, |area| place::trail(&state, area, &tops, "/laporan")),
        area: ask.scope.name(&state),
        month: tanggal::month(month.first()),
        previous: Some(other(month.previous())),
        next: (month.next().first() <= ask.today).then(|| other(month.next())),
        frozen: frozen(&state, &ask, month),
        nothing: counted.total.expected == 0,
        begin: begin::steps(&state, member.viewer()),
        suspended: match counted.suspended {
            0 => String::new(),
            some => format!("{} kelompok", angka::count(some.into())),
        },
        expected: ask::count(&ask, counted.total.expected, "diharapkan"),
        open: month.last() >= ask.today,
        figures: figures(&ask, counted.total),
        per_name: level.map_or("Kelompok", place::level_name),
        rows,
        pages: (counted.rows.len() > PAGE_ROWS)
            .then(|| window.pages(|hal| ask.href("/laporan", &[("hal", hal)]))),
        total: several.then(|| row(&ask, foot, (counted.total, counted.suspended))),
        trend: trend::rows(&state, member, &ask, (month, months), survey.total_at_hand().as_ref()),
        trend_more: (months < TREND_MONTHS.1).then(|| {
            let href = ask.href("/laporan", &[("rentang", "24")]);
            Link::new("Lihat 24 bulan", format!("{href}#tren"))
        }),
        target: target::sentence(&state, &ask.scope, ask.on),
        limits: Limits::on(&state, month.first()),
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

struct Counted {
    /// Each with how many are suspended.
    rows: Vec<(RowKey, MonthRates, u32)>,
    total: MonthRates,
    suspended: u32,
}

fn count(survey: &Survey<'_>, level: Option<Level>) -> Counted {
    let rows = survey.rates(level.map_or(Per::Kelompok, Per::Level));
    let mut total = MonthRates::default();
    rows.iter().for_each(|(_, rates, _)| total.merge(*rates));
    let suspended = rows.iter().map(|(.., suspended)| suspended).sum();
    Counted { rows, total, suspended }
}

fn key_row(state: &State, ask: &Ask, key: &RowKey, rates: (MonthRates, u32)) -> Row {
    match key {
        RowKey::Place(kode) => row(&ask.at(*kode), place::full(state, *kode), rates),
        RowKey::Pendamping(_) => row(ask, String::new(), rates),
        RowKey::Group(_, id) => {
            let name = state.group(id).map_or_else(|| id.clone(), |group| group.name.clone());
            let mut row = row(ask, name, rates);
            row.href = urls::kelompok(id);
            if rates.1 > 0 {
                row.note = vec![Count { text: "ditangguhkan".to_owned(), href: None }];
            }
            let meetings = Some(format!("{}#pertemuan", row.href));
            row.expected.href = None;
            row.unknown.href = None;
            row.note.iter_mut().for_each(|note| note.href = None);
            row.met.href.clone_from(&meetings);
            row.on_time.href = meetings;
            row
        }
    }
}

fn row(ask: &Ask, name: String, (rates, suspended): (MonthRates, u32)) -> Row {
    let missing = rates.expected - rates.actual;
    Row {
        name,
        href: ask.href("/laporan", &[]),
        expected: ask::count(ask, rates.expected, "diharapkan"),
        met: ask::met(ask, rates),
        on_time: ask::on_time(ask, rates),
        unknown: ask::count(ask, rates.unknown_time, "tanpa-waktu"),
        note: [
            (missing, "belum bertemu", "belum-bertemu"),
            (suspended, "ditangguhkan", "ditangguhkan"),
        ]
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, word, list)| {
            let counted = ask::count(ask, number, list);
            Count { text: format!("{} {word}", counted.text), href: counted.href }
        })
        .collect(),
    }
}

fn figures(ask: &Ask, rates: MonthRates) -> Vec<Figure> {
    let missing = rates.expected - rates.actual;
    let mut figures = ask::month_figures(ask, rates);
    figures.push(Figure {
        name: "Belum bertemu",
        ratio: Ratio::new(missing.into(), rates.expected.into(), ask.list("belum-bertemu", "")),
        hint: "dari yang diharapkan".to_owned(),
        about: "arti-bertemu",
    });
    figures
}

/// What was frozen of the month, and every difference to now.
fn frozen(state: &State, ask: &Ask, month: Month) -> Option<Frozen> {
    let area = ask.scope.area().filter(|_| ask.assigned.is_none())?;
    let at = state.frozen_rows(area, month).iter().map(|entry| entry.at).max()?;
    let found = state.differences(area, month, &Number::ALL)?;
    let lines = Number::ALL
        .into_iter()
        .zip(&found)
        .map(|(number, found)| frozen_line(ask, month, number, found));
    let zone = area.zone();
    Some(Frozen { on: tanggal::long(zone.date(at)), lines: lines.collect() })
}

fn frozen_line(ask: &Ask, month: Month, number: Number, found: &Difference) -> FrozenLine {
    let ask = Ask { month: Some(month), ..ask.clone() };
    let count = |number: u64, href: Option<String>| Count {
        text: angka::count(number),
        href: href.filter(|_| number > 0),
    };
    let word = number.as_str();
    let parts = found.parts.iter().map(|part| Part {
        sign: if part.gain { "+" } else { "−" },
        count: count(
            part.hits.len() as u64,
            beda::href(&ask, number, Some((part.reason, part.gain))),
        ),
        word: beda::word(part.reason, part.gain),
    });
    FrozenLine {
        name: beda::name(number),
        then: count(found.then.into(), beda::href(&ask, number, None)),
        now: count(found.now.into(), ask.list(word, "")),
        parts: parts.collect(),
    }
}

fn files(ask: &Ask, month: Month) -> Vec<Link> {
    let mut files: Vec<Link> = [("XLSX", "xlsx"), ("CSV", "csv")]
        .map(|(name, format)| Link::new(name, ask.href("/laporan/unduh", &[("format", format)])))
        .into();
    if let Some(area) = ask.scope.area().filter(|_| ask.scope.names && ask.assigned.is_none()) {
        let pdf = format!("/cetak/rekap/{area}/{}.pdf", month.id());
        files.push(Link::new("PDF", address(&pdf, &[])));
    }
    files
}

/// The rows of the page as a file for a spreadsheet.
async fn get_file(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let format = sheet::format(&params)?;
    let (name, table) = file(&web, &member, &params)?;
    sheet::reply(format, &name, |out| table.write(out)).await
}

/// The rows and the name of the file without its ending.
fn file(web: &Web, member: &Member, params: &Params) -> Result<(String, Report), WebError> {
    let state = web.app.state();
    let mut ask = Ask::of(web, &state, member, params)?.for_file()?;
    let month = ask.month.unwrap_or_else(|| Month::of(ask.today));
    ask.month = Some(month);
    ask.on = month.last().min(ask.today);
    let counted = count(&Survey::of(web, &state, member, &ask), row_level(&ask));
    let rows = counted.rows.iter().map(|(key, rates, _)| match key {
        RowKey::Place(kode) => (kode.to_string(), place::full(&state, *kode), *rates),
        RowKey::Group(_, id) => {
            let name = state.group(id).map_or_else(String::new, |group| group.name.clone());
            (id.clone(), name, *rates)
        }
        RowKey::Pendamping(_) => (String::new(), String::new(), *rates),
    });
    let mut table = write::recap(rows.collect())
        .with_fact("Wilayah", ask.scope.name(&state))
        .with_fact("Bulan", tanggal::month(month.first()));
    if month.last() >= ask.today {
        table = table.with_fact("Catatan", "Bulan ini belum selesai.");
    }
    let table = table.with_fact("Menurut yang diketahui pada", tanggal::long(ask.today));
    Ok((format!("laporan-{}-{}", ask.slug(), month.id()), table))
}
