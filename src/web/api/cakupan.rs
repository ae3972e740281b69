//! Coverage as numbers: JSON, CSV or XLSX.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use crate::kelompok::wilayah::{Kode, Level, Zone};
use crate::people::policy::Viewer;
use crate::state::State as World;
use crate::state::rollup::{Per, RowKey, Totals};
use crate::transfer::write::{self, Format, Headings, Report};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, Params};
use crate::web::parts::sheet;
use crate::web::query::{PER, invalid};

#[derive(Debug, Serialize)]
struct Row {
    code: String,
    name: String,
    kelompok: u32,
    covered: u32,
    partial: u32,
    refresh: u32,
    target: u32,
    /// Covered / target; null for a target of 0.
    rate: Option<f64>,
    expected: u32,
    actual: u32,
    on_time: u32,
}

#[derive(Debug, Serialize)]
struct Coverage {
    as_of: String,
    known_at: String,
    rows: Vec<Row>,
}

/// What is asked for: an area, a kind of rows, a date.
struct Question {
    area: Kode,
    per: Per,
    on: Date,
}

fn question(web: &Web, viewer: Viewer<'_>, params: &Params) -> Result<Question, WebError> {
    let mine = viewer.areas();
    let area = params.place("wilayah")?.or_else(|| mine.first().copied());
    let area = area.ok_or_else(|| WebError::not_found("Wilayah ini"))?;
    if !viewer.see_totals(area) {
        return Err(WebError::not_found("Wilayah ini"));
    }
    let below = area.level().below().unwrap_or(Level::Desa);
    let per = params.meant("per", &PER, Per::parse)?.unwrap_or(Per::Level(below));
    if matches!(per, Per::Level(level) if level < area.level()) {
        let message = "Wilayah itu lebih kecil dari “per”. Pilih “per” setingkat wilayahnya atau di bawahnya.";
        return Err(invalid("per", message));
    }
    if matches!(per, Per::Kelompok | Per::Pendamping) && !viewer.see_groups(area) {
        return Err(WebError::not_found("Rincian kelompok wilayah ini"));
    }
    let today = Zone::Wib.date(web.app.clock().now());
    let on = params.day("pada")?.unwrap_or(today);
    if on > today {
        return Err(invalid("pada", "Tanggal itu belum terjadi. Pilih hari ini atau sebelumnya."));
    }
    Ok(Question { area, per, on })
}

pub(super) async fn get_coverage(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let question = question(&web, member.viewer(), &params)?;
    let read = |word: &str| match word {
        "json" => Some(None),
        word => Format::of_name(&format!("x.{word}")).map(Some),
    };
    let format = params.meant("format", &["json", "csv", "xlsx"], read)?.flatten();
    let Some(format) = format else {
        return Ok(Json(numbers(&web, &question)).into_response());
    };
    let name = format!("cakupan-{}-{}", question.area, question.on);
    let table = table(&web, &question);
    Ok(sheet::reply(format, &name, |out| table.write(out)).await?)
}

fn numbers(web: &Web, &Question { area, per, on }: &Question) -> Coverage {
    let state = web.app.state();
    let rows = web.app.rollup(&state, area, per, on);
    let rows = rows.iter().map(|(key, totals)| shown(&state, key, totals)).collect();
    let known_at = web.app.clock().now().to_string();
    Coverage { as_of: on.to_string(), known_at, rows }
}

fn table(web: &Web, &Question { area, per, on }: &Question) -> Report {
    let state = web.app.state();
    let rows = web.app.rollup(&state, area, per, on);
    write::coverage(&state, &rows, &state.target(area, on), on, Headings::Fields)
}

fn shown(state: &World, key: &RowKey, totals: &Totals) -> Row {
    let (code, name) = match key {
        RowKey::Place(kode) => (kode.to_string(), state.place(*kode)),
        RowKey::Group(_, id) => {
            (id.clone(), state.group(id).map_or_else(String::new, |group| group.name.clone()))
        }
        RowKey::Pendamping(Some(id)) => (
            state.account(*id).map_or_else(String::new, |account| account.login.to_string()),
            state.account_name(*id).to_owned(),
        ),
        RowKey::Pendamping(None) => (String::new(), "Belum ada pendamping".to_owned()),
    };
    let cells = totals.cells;
    Row {
        code,
        name,
        kelompok: totals.groups,
        covered: cells.covered,
        partial: cells.partial,
        refresh: cells.refresh,
        target: cells.target,
        rate: (cells.target > 0).then(|| f64::from(cells.covered) / f64::from(cells.target)),
        expected: totals.month.expected,
        actual: totals.month.actual,
        on_time: totals.month.on_time,
    }
}
