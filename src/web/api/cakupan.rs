//! Coverage as numbers: JSON, CSV or XLSX.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use crate::kelompok::wilayah::{Kode, Level, Zone};
use crate::state::rollup::{Per, RowKey, Totals};
use crate::state::{Brief, State as World};
use crate::transfer::write::{self, Format, Headings};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, Params};
use crate::web::parts::scope::Scope;
use crate::web::parts::sheet;
use crate::web::parts::survey::Survey;
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

/// What is asked for: which kelompok, a kind of rows, a date.
struct Question {
    scope: Scope,
    /// Of the kelompok of one person only those in this area.
    within: Option<Kode>,
    per: Per,
    on: Date,
}

impl Question {
    fn of(web: &Web, state: &World, member: &Member, params: &Params) -> Result<Self, WebError> {
        let viewer = member.viewer();
        let today = Zone::Wib.date(web.app.clock().now());
        let on = params.day("pada")?.unwrap_or(today);
        if on > today {
            let message = "Tanggal itu belum terjadi. Pilih hari ini atau sebelumnya.";
            return Err(invalid("pada", message));
        }
        let per = params.meant("per", &PER, Per::parse)?;
        let area = params.place("wilayah")?.map(|area| state.current_kode(area));
        // A pendamping may ask for those of her kelompok that lie somewhere.
        let own = |area: &Kode| !viewer.see_totals(*area) && viewer.areas().is_empty();
        let (scope, within) = match area {
            Some(area) if own(&area) => (Scope::of(state, viewer, "")?, Some(area)),
            Some(area) => (Scope::of(state, viewer, &area.to_string())?, None),
            None => (Scope::of(state, viewer, "")?, None),
        };
        let outermost = scope.areas.iter().map(|area| area.level()).min();
        let usual = outermost
            .map_or(Per::Kelompok, |level| Per::Level(level.below().unwrap_or(Level::Desa)));
        let per = per.unwrap_or(usual);
        if matches!(per, Per::Level(level) if scope.areas.iter().any(|area| level < area.level())) {
            let message = "Wilayah itu lebih kecil dari “per”. Pilih “per” setingkat wilayahnya atau di bawahnya.";
            return Err(invalid("per", message));
        }
        if matches!(per, Per::Kelompok | Per::Pendamping) && !scope.names {
            return Err(WebError::not_found("Rincian kelompok wilayah ini"));
        }
        Ok(Self { scope, within, per, on })
    }

    fn rows(&self, web: &Web, state: &World, member: &Member) -> Vec<(RowKey, Totals)> {
        let survey = Survey::on(web, state, (&self.scope, member.viewer()), self.on);
        let Some(area) = self.within else { return survey.rollup(self.per) };
        let home = |brief: &Brief<'_>| {
            state.group_at(brief.ix).is_some_and(|group| area.contains(group.home(self.on)))
        };
        state.rows_of(survey.briefs().filter(home), self.per, self.on)
    }

    /// What a file of it is called, without its ending.
    fn name(&self) -> String {
        let area = self.scope.area().or(self.within).map(|area| area.to_string());
        format!("cakupan-{}-{}", area.as_deref().unwrap_or("kelompok-saya"), self.on)
    }
}

/// Whoever may not see an area is told what is told of one that does not exist.
fn hidden(error: WebError) -> WebError {
    match error {
        WebError::Forbidden(_) => WebError::not_found("Wilayah ini"),
        other => other,
    }
}

pub(super) async fn get_coverage(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let read = |word: &str| match word {
        "json" => Some(None),
        word => Format::of_name(&format!("x.{word}")).map(Some),
    };
    let format = params.meant("format", &["json", "csv", "xlsx"], read)?.flatten();
    let (question, rows, table) = {
        let state = web.app.state();
        let question = Question::of(&web, &state, &member, &params).map_err(hidden)?;
        let rows = question.rows(&web, &state, &member);
        let table = format.is_some().then(|| {
            let area = question.scope.area().unwrap_or(Kode::NASIONAL);
            let target = state.target(area, question.on);
            write::coverage(&state, &rows, &target, question.on, Headings::Fields)
        });
        let rows = rows.iter().map(|(key, totals)| shown(&state, key, totals)).collect();
        (question, rows, table)
    };
    if let Some((format, table)) = format.zip(table) {
        return Ok(sheet::reply(format, &question.name(), |out| table.write(out)).await?);
    }
    let known_at = web.app.clock().now().to_string();
    let coverage = Coverage { as_of: question.on.to_string(), known_at, rows };
    Ok(Json(coverage).into_response())
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
