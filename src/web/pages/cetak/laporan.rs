//! Paper for the desk: the coverage of an area, the recap of a month, the plan of a kelompok.

use std::fmt::Write as _;

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::decide::FieldError;
use crate::kelompok::coverage::Status;
use crate::kelompok::rates::{Month, MonthRates};
use crate::kelompok::wilayah::{Kode, Level, Zone};
use crate::people::policy::Viewer;
use crate::print::{
    Document, Figure, HeatCell, HeatColumn, HeatMap, HeatRow, KeyFigure, ReportPrint, ReportRow,
    RtlPrint, RtlRow,
};
use crate::state::State as World;
use crate::state::rollup::{Per, RowKey, Totals};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts};
use crate::web::parts::place;
use crate::web::parts::words::Limits;
use crate::web::print::{Job, Render};
use crate::web::query::{PER, invalid};

use super::pilihan::Chosen;
use super::sumber::group_print;
use super::{Wanted, answer, folio, key};

/// The most rows of a report on paper.
const MAX_ROWS: usize = 1_000;
/// What one row of a table weighs.
const ROW_WEIGHT: usize = 1_000;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/cetak/cakupan.pdf", get(get_coverage))
        .route("/cetak/rekap/{wilayah}/{file}", get(get_recap))
        .route("/cetak/rtl/{file}", get(get_plan))
}

fn area(viewer: Viewer<'_>, asked: Option<Kode>) -> Result<Kode, WebError> {
    let unknown = || WebError::not_found("Wilayah ini");
    let area = asked.or_else(|| viewer.areas().first().copied()).ok_or_else(unknown)?;
    if viewer.see_groups(area) { Ok(area) } else { Err(unknown()) }
}

/// Rows that fit the area: as asked, or its parts, or its kelompok where it is a kecamatan or
/// smaller.
///
/// # Errors
/// When no such rows are known, or the area is smaller than one of them.
fn per(area: Kode, params: &Params) -> Result<Per, WebError> {
    let usual = match area.level() {
        Level::Kecamatan | Level::Desa => Per::Kelompok,
        level => Per::Level(level.below().unwrap_or(Level::Desa)),
    };
    let per = params.meant("per", &PER, Per::parse)?.unwrap_or(usual);
    if matches!(per, Per::Level(level) if level < area.level()) {
        let message = "Wilayah itu lebih kecil daripada barisnya. Pilih baris setingkat wilayahnya atau di bawahnya.";
        return Err(invalid("per", message));
    }
    Ok(per)
}

async fn get_coverage(
    State(web): State<Web>,
    member: Member,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let area = area(member.viewer(), params.place("wilayah")?)?;
    let today = Zone::Wib.date(web.app.clock().now());
    let on = params.day("pada")?.unwrap_or(today);
    if on > today {
        let message = "Tanggal itu belum terjadi. Pilih hari ini atau sebelumnya.";
        return Err(invalid("pada", message));
    }
    let report = coverage(&web, area, per(area, &params)?, on)?;
    print(&web, (&params, &headers), report, Document::Cakupan).await
}

async fn get_recap(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let named = parts.get(0).parse().map_err(|_| WebError::not_found("Wilayah ini"))?;
    let area = area(member.viewer(), Some(named))?;
    let month = parts.get(1).strip_suffix(".pdf").and_then(Month::parse);
    let today = Zone::Wib.date(web.app.clock().now());
    let month = month
        .filter(|month| month.first() <= today)
        .ok_or_else(|| WebError::not_found("Rekap bulan ini"))?;
    let report = recap(&web, area, (per(area, &params)?, month), today)?;
    print(&web, (&params, &headers), report, Document::Rekap).await
}

async fn print(
    web: &Web,
    (params, headers): (&Params, &HeaderMap),
    report: ReportPrint,
    document: fn(ReportPrint) -> Document<'static>,
) -> Result<Response, WebError> {
    let chosen = Chosen::for_office(params, headers, folio(web))?;
    let job = Job {
        key: key(&[], chosen.options, &format!("laporan {report:?}")),
        options: chosen.options,
        weight: report.rows.len() * ROW_WEIGHT,
        make: Box::new(move |render: &Render<'_>| render(&document(report))),
    };
    answer(web, job, Wanted::File, (chosen, params)).await
}

/// The name of a row; of a kelompok with its place, since many share a name.
fn row_name(state: &World, key: &RowKey) -> String {
    match key {
        RowKey::Place(kode) => state.place(*kode),
        RowKey::Group(home, id) => {
            let name = state.group(id).map_or_else(String::new, |group| group.name.clone());
            format!("{name}, {}", state.place(*home))
        }
        RowKey::Pendamping(Some(id)) => state.account_name(*id).to_owned(),
        RowKey::Pendamping(None) => "Belum ada pendamping".to_owned(),
    }
}

fn share(part: u32, whole: u32) -> Figure {
    Figure::Share { part: u64::from(part), whole: u64::from(whole) }
}

fn limited(rows: usize) -> Result<(), WebError> {
    if rows <= MAX_ROWS {
        return Ok(());
    }
    let message = format!(
        "Laporan ini memuat {} baris, sedangkan kertas paling banyak {MAX_ROWS}. Pilih wilayah yang lebih kecil, atau unduh sebagai XLSX.",
        angka::count(rows as u64)
    );
    Err(WebError::Invalid(vec![FieldError::new("wilayah", message)]))
}

fn coverage(web: &Web, area: Kode, per: Per, on: Date) -> Result<ReportPrint, WebError> {
    let state = web.app.state();
    let rows = web.app.rollup(&state, area, per, on);
    limited(rows.len())?;
    let mut all = Totals::default();
    rows.iter().for_each(|(_, totals)| all.merge(totals));
    let sesi = state.target(area, on);
    let figures = |totals: &Totals| {
        vec![
            Figure::Count(u64::from(totals.groups)),
            share(totals.cells.covered, totals.cells.target),
            Figure::Count(u64::from(totals.cells.partial)),
            Figure::Count(u64::from(totals.cells.refresh)),
            share(totals.month.actual, totals.month.expected),
        ]
    };
    let line = |name: String, totals: &Totals| ReportRow { name, figures: figures(totals) };
    let mut sentence = format!(
        "{} dari {} kelompok bertemu bulan {}",
        angka::count(u64::from(all.month.actual)),
        angka::count(u64::from(all.month.expected)),
        tanggal::month(on)
    );
    if all.suspended > 0 {
        // Writing to a String cannot fail.
        let _ = write!(sentence, "; {} ditangguhkan", all.suspended);
    }
    sentence.push('.');
    Ok(ReportPrint {
        title: "Laporan cakupan".to_owned(),
        area: place::full(&state, area),
        area_code: area.to_string(),
        period: format!("Keadaan {}", tanggal::long(on)),
        period_slug: on.to_string(),
        known_at: Some(Zone::Wib.date(web.app.clock().now())),
        sentences: vec![sentence],
        key_figures: vec![
            KeyFigure {
                label: "Sesi tuntas dari sasaran".to_owned(),
                figure: share(all.cells.covered, all.cells.target),
            },
            KeyFigure {
                label: "Kelompok aktif".to_owned(),
                figure: Figure::Count(u64::from(all.groups)),
            },
        ],
        columns: ["Kelompok", "Tuntas", "Sebagian", "Perlu penyegaran", "Bertemu"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.iter().map(|(key, totals)| line(row_name(&state, key), totals)).collect(),
        total: Some(line("Semua".to_owned(), &all)),
        heat_map: Some(heat_map(&state, &rows, &sesi, on)),
        notes: vec![
            "Sasaran adalah kelompok aktif kali sesi yang menjadi sasaran wilayahnya.".to_owned(),
            "Tuntas mencakup sesi yang perlu penyegaran: pernah tuntas, lalu isinya berubah."
                .to_owned(),
            "Sebagian tidak ikut dihitung sebagai tuntas.".to_owned(),
            format!(
                "Bertemu: dari kelompok yang diharapkan bertemu pada {}, yang sudah bertemu sampai tanggal laporan ini.",
                tanggal::month(on)
            ),
        ],
        journal_head: Some(web.app.head()),
    })
}

fn heat_map(
    state: &World,
    rows: &[(RowKey, Totals)],
    sesi: &[crate::kelompok::fakta::SesiIx],
    on: Date,
) -> HeatMap {
    let column = |ix: &crate::kelompok::fakta::SesiIx| {
        let one = state.sesi_at(*ix)?;
        let place = state.placement(&one.id);
        Some(HeatColumn {
            nomor: place.map_or(0, |place| place.entry.nomor),
            title: one.title.clone(),
            modul: place.map_or_else(String::new, |place| place.modul.judul.clone()),
        })
    };
    let cells = |key: &RowKey, totals: &Totals| -> Vec<HeatCell> {
        if let RowKey::Group(_, id) = key
            && let Some(group) = state.group(id)
        {
            let cells = state.cells(group, on);
            let suspended = state.suspended(group, on);
            let status =
                |ix: &u16| cells.get(usize::from(*ix)).map_or(Status::Belum, |one| one.status);
            return sesi
                .iter()
                .map(|ix| match status(ix) {
                    Status::Belum if suspended => HeatCell::Ditangguhkan,
                    Status::Belum => HeatCell::Belum,
                    Status::Sebagian => HeatCell::Sebagian,
                    Status::PerluPenyegaran => HeatCell::PerluPenyegaran,
                    Status::Tuntas => HeatCell::Tuntas,
                })
                .collect();
        }
        let of = |ix: &u16| {
            let count = totals.sesi(*ix);
            HeatCell::Share { part: count.covered, whole: count.target }
        };
        sesi.iter().map(of).collect()
    };
    HeatMap {
        columns: sesi.iter().filter_map(column).take(40).collect(),
        rows: rows
            .iter()
            .map(|(key, totals)| HeatRow { name: row_name(state, key), cells: cells(key, totals) })
            .collect(),
    }
}

fn recap(
    web: &Web,
    area: Kode,
    (per, month): (Per, Month),
    today: Date,
) -> Result<ReportPrint, WebError> {
    let state = web.app.state();
    let on = month.last().min(today);
    let rows = web.app.rollup(&state, area, per, on);
    limited(rows.len())?;
    let limits = Limits::on(&state, month.first());
    let mut all = MonthRates::default();
    rows.iter().for_each(|(_, totals)| all.merge(totals.month));
    let figures = |rates: &MonthRates| {
        vec![
            Figure::Count(u64::from(rates.expected)),
            Figure::Count(u64::from(rates.actual)),
            Figure::Count(u64::from(rates.on_time)),
            share(rates.actual, rates.expected),
            share(rates.on_time, rates.expected_known()),
        ]
    };
    let line = |name: String, rates: &MonthRates| ReportRow { name, figures: figures(rates) };
    let mut sentences = vec![format!(
        "{} dari {} kelompok yang diharapkan bertemu pada {}.",
        angka::count(u64::from(all.actual)),
        angka::count(u64::from(all.expected)),
        tanggal::month(month.first())
    )];
    sentences.extend(frozen(&state, area, month));
    Ok(ReportPrint {
        title: "Rekap bulanan".to_owned(),
        area: place::full(&state, area),
        area_code: area.to_string(),
        period: tanggal::month(month.first()),
        period_slug: month.id(),
        known_at: Some(today),
        sentences,
        key_figures: vec![
            KeyFigure { label: "Bertemu".to_owned(), figure: share(all.actual, all.expected) },
            KeyFigure {
                label: "Tercatat tepat waktu".to_owned(),
                figure: share(all.on_time, all.expected_known()),
            },
        ],
        columns: ["Diharapkan", "Bertemu", "Tepat waktu", "Bertemu (%)", "Tepat waktu (%)"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.iter().map(|(key, one)| line(row_name(&state, key), &one.month)).collect(),
        total: Some(line("Semua".to_owned(), &all)),
        heat_map: None,
        notes: vec![
            format!(
                "Diharapkan: aktif dan tidak ditangguhkan pada lebih dari {} hari bulan itu.",
                limits.days
            ),
            format!(
                "Tepat waktu: catatan pertama diterima sebelum tanggal {} bulan berikutnya.",
                limits.on_time_day
            ),
            "Catatan yang waktunya tidak diketahui tidak ikut dalam angka tepat waktu.".to_owned(),
        ],
        journal_head: Some(web.app.head()),
    })
}

/// `Saat dibekukan pada 1 Desember 2026 tercatat 58 dari 60 kelompok bertemu.`
fn frozen(state: &World, area: Kode, month: Month) -> Option<String> {
    let rows = state.frozen_rows(area, month);
    let at = rows.iter().map(|entry| entry.at).max()?;
    let sum = |of: fn(&crate::kelompok::frozen::FrozenRow) -> u32| -> String {
        angka::count(rows.iter().map(|entry| u64::from(of(&entry.row))).sum())
    };
    Some(format!(
        "Saat dibekukan pada {} tercatat {} dari {} kelompok bertemu.",
        tanggal::long(area.zone().date(at)),
        sum(|row| row.actual),
        sum(|row| row.expected)
    ))
}

async fn get_plan(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let id = parts.get(0).strip_suffix(".pdf").unwrap_or("");
    let group = group_print(&web, &member, id, params.day("tanggal")?)?;
    let rows = plan_rows(&web, id);
    let period = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => format!("{} sampai {}", first.month, last.month),
        _ => String::new(),
    };
    let rtl = RtlPrint { group, period, rows };
    let chosen = Chosen::for_office(&params, &headers, folio(&web))?;
    let job = Job {
        key: key(&[], chosen.options, &format!("rtl {rtl:?}")),
        options: chosen.options,
        weight: rtl.rows.len() * ROW_WEIGHT,
        make: Box::new(move |render: &Render<'_>| render(&Document::Rtl(rtl))),
    };
    answer(&web, job, Wanted::File, (chosen, &params)).await
}

fn plan_rows(web: &Web, id: &str) -> Vec<RtlRow> {
    let state = web.app.state();
    let Some(group) = state.group(id) else { return Vec::new() };
    let today = group.home(Date::MAX).zone().date(web.app.clock().now());
    let cells = state.cells(group, today);
    let target = state.target(group.home(Date::MAX), today);
    let ahead = state.ahead(group, &target, &cells, today);
    let row = |month: String, sesi: String, note: String| RtlRow {
        month,
        sesi,
        date: None,
        done: false,
        note,
    };
    let name = |ix: &u16| {
        let label = crate::web::parts::sesi::label(&state, *ix);
        label.full()
    };
    let mut rows = Vec::new();
    for one in &ahead.months {
        let month = tanggal::month(one.month.first());
        if let Some(quiet) = &one.quiet {
            let why = crate::web::parts::words::quiet(quiet);
            rows.push(row(month, "Tidak ada pertemuan".to_owned(), why));
        } else {
            rows.extend(one.sesi.iter().map(|ix| row(month.clone(), name(ix), String::new())));
        }
    }
    // Months behind the last sesi say nothing.
    while rows.last().is_some_and(|row| row.sesi == "Tidak ada pertemuan") {
        rows.pop();
    }
    rows
}
