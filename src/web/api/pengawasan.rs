//! Visits and head-count checks.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::command::{CheckInput, Command, VisitInput};
use crate::decide::FieldError;
use crate::kelompok::KelompokId;
use crate::kelompok::group::{HeadReason, Kelompok};
use crate::kelompok::visit::{CheckNo, CheckOutcome, VisitPlace};
use crate::kelompok::wilayah::{Kode, Zone};
use crate::people::policy::Viewer;
use crate::state::{HeadCheck, State as World, VisitState};
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, Params, PathParts};
use crate::web::parts::pengawasan::may_read;
use crate::web::parts::when;
use crate::web::query::invalid;

use super::query;
use super::shape::{Change, Shape};

/// A visit as the API shows it; what was blanked is null.
#[derive(Debug, Serialize)]
struct VisitOut {
    id: Uuid,
    wilayah: Option<String>,
    kelompok: Option<String>,
    date: String,
    office: Option<String>,
    attended: Option<String>,
    note: Option<String>,
    state: &'static str,
    version: u64,
    seq: u64,
}

#[derive(Debug, Serialize)]
struct CheckOut {
    number: CheckNo,
    kelompok: String,
    date: String,
    found: bool,
    recorded: u16,
    counted: u16,
    difference: i32,
    office: String,
    open: bool,
    outcome: Option<&'static str>,
    seq: u64,
}

#[derive(Debug, Serialize)]
struct Paged<T> {
    rows: Vec<T>,
    /// Send it back as `cursor` to get what follows; none at the end.
    next: Option<String>,
}

/// One page of rows, each with what names it.
fn paged<T>(
    mut all: impl Iterator<Item = (String, T)>,
    params: &Params,
) -> Result<Paged<T>, WebError> {
    let (after, limit) = (params.get("cursor"), query::limit(params)?);
    if !after.is_empty() && !all.any(|(id, _)| id == after) {
        return Err(query::unknown_cursor());
    }
    let mut rest = all.peekable();
    let mut rows = Vec::new();
    let mut last = None;
    while rows.len() < limit
        && let Some((id, row)) = rest.next()
    {
        rows.push(row);
        last = Some(id);
    }
    Ok(Paged { rows, next: last.filter(|_| rest.peek().is_some()) })
}

/// The area asked for, the country where none is.
fn area(state: &World, params: &Params) -> Result<Kode, WebError> {
    Ok(params.place("wilayah")?.map_or(Kode::NASIONAL, |kode| state.current_kode(kode)))
}

fn visit_shown(one: &VisitState) -> Option<VisitOut> {
    let visit = one.now()?;
    let (wilayah, kelompok) = match &visit.place {
        VisitPlace::Wilayah(area) => (Some(area.to_string()), None),
        VisitPlace::Kelompok(id) => (None, Some(id.to_string())),
    };
    let text = |text: &crate::private::Private| text.as_str().map(str::to_owned);
    Some(VisitOut {
        id: one.id,
        wilayah,
        kelompok,
        date: visit.date.to_string(),
        office: text(&visit.office),
        attended: text(&visit.attended),
        note: visit.note.as_ref().and_then(text),
        state: if one.withdrawn.is_some() {
            "ditarik"
        } else if one.version == one.first_seq {
            "tercatat"
        } else {
            "diubah"
        },
        version: one.version,
        seq: one.first_seq,
    })
}

pub(super) async fn get_visits(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let state = web.app.state();
    let area = area(&state, &params)?;
    let today = when::latest_today(&web);
    let (from, to) = (params.day("dari")?, params.day("sampai")?);
    let (from, to) = (from.unwrap_or(Date::MIN), to.unwrap_or(Date::MAX));
    if from > to {
        let message = "“dari” lebih akhir daripada “sampai”. Tukar keduanya.";
        return Err(invalid("dari", message).into());
    }
    let viewer: Viewer<'_> = member.viewer();
    let mut visits = state.visits_in(area, (from, to));
    visits.retain(|one| one.now().is_some_and(|visit| may_read(&state, viewer, visit, today)));
    let rows = visits.into_iter().rev();
    let rows = rows.filter_map(|one| Some((one.id.to_string(), visit_shown(one)?)));
    Ok(Json(paged(rows, &params)?).into_response())
}

pub(super) async fn post_visit(
    State(web): State<Web>,
    member: Member,
    request: Request,
) -> Result<Response, Problem> {
    let mut shape = Shape::read(request).await?;
    let id = shape.id("id");
    let input = visit(&mut shape);
    shape.end()?;
    let (Some(id), Some(visit)) = (id, input) else { return Err(needs_place()) };
    let command = Command::LogVisit { visit: Box::new(visit), check: None };
    web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    Ok((StatusCode::CREATED, one_visit(&web, &member, id)?).into_response())
}

fn needs_place() -> Problem {
    let message = "Kirim “wilayah” atau “kelompok”, salah satu saja.";
    WebError::Invalid(vec![FieldError::new("wilayah", message)]).into()
}

/// The visit in a body; none when something is wrong, which the shape then says, or when it does not
/// say in one way where it went.
fn visit(shape: &mut Shape) -> Option<VisitInput> {
    let wilayah = shape.maybe_parsed::<Kode>("wilayah", "16.02.05");
    let kelompok = shape.maybe_parsed::<KelompokId>("kelompok", "OKI-001");
    let date = shape.date("date");
    let (office, attended, note) =
        (shape.text("office"), shape.text("attended"), shape.text("note"));
    let place = match (wilayah, kelompok) {
        (Some(area), None) => VisitPlace::Wilayah(area),
        (None, Some(id)) => VisitPlace::Kelompok(id),
        _ => return None,
    };
    Some(VisitInput { place, date: date?, office, attended, note })
}

fn one_visit(web: &Web, member: &Member, id: Uuid) -> Result<Response, Problem> {
    let state = web.app.state();
    let today = when::latest_today(web);
    let shown = state
        .visit(id)
        .filter(|one| {
            one.now().is_some_and(|visit| may_read(&state, member.viewer(), visit, today))
        })
        .and_then(visit_shown)
        .ok_or_else(|| WebError::not_found("Kunjungan ini"))?;
    Ok(Json(shown).into_response())
}

fn visit_id(parts: &PathParts) -> Result<Uuid, WebError> {
    Uuid::try_parse(parts.get(0)).map_err(|_| WebError::not_found("Kunjungan ini"))
}

pub(super) async fn get_visit(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    one_visit(&web, &member, visit_id(&parts)?)
}

pub(super) async fn post_correct(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = visit_id(&parts)?;
    let mut shape = Shape::read(request).await?;
    let said = shape.change();
    let input = visit(&mut shape);
    shape.end()?;
    let (Some(said), Some(visit)) = (said, input) else { return Err(needs_place()) };
    let Change { id: request, reason, version } = said;
    let command = Command::CorrectVisit { id, visit: Box::new(visit), reason, version };
    web.app.submit(web.app.request_as(request, member.actor(), command)).await?;
    one_visit(&web, &member, id)
}

pub(super) async fn post_withdraw(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let id = visit_id(&parts)?;
    let mut shape = Shape::read(request).await?;
    let said = shape.change();
    shape.end()?;
    let Change { id: request, reason, version } = said.ok_or(WebError::Internal)?;
    let command = Command::WithdrawVisit { id, reason, version };
    web.app.submit(web.app.request_as(request, member.actor(), command)).await?;
    one_visit(&web, &member, id)
}

fn check_shown(check: &HeadCheck, group: &Kelompok) -> CheckOut {
    CheckOut {
        number: check.number,
        kelompok: group.id.to_string(),
        date: check.date.to_string(),
        found: check.found,
        recorded: check.recorded,
        counted: check.counted,
        difference: check.difference(),
        office: check.office.clone(),
        open: check.is_open(group),
        outcome: check.resolved.as_ref().map(|one| one.outcome.as_str()),
        seq: check.seq,
    }
}

pub(super) async fn get_checks(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let state = web.app.state();
    let area = area(&state, &params)?;
    let today = Zone::Wit.date(web.app.clock().now());
    let open_only = params.yes("terbuka")?;
    let rows = state
        .checks
        .iter()
        .rev()
        .filter_map(|check| Some((check, state.group_at(check.kelompok)?)))
        .filter(|(check, group)| {
            area.contains(group.home(Date::MAX))
                && member.viewer().read_group(group, today)
                && (!open_only || check.is_open(group))
        })
        .map(|(check, group)| (check.number.to_string(), check_shown(check, group)));
    Ok(Json(paged(rows, &params)?).into_response())
}

pub(super) async fn post_check(
    State(web): State<Web>,
    member: Member,
    request: Request,
) -> Result<Response, Problem> {
    let mut shape = Shape::read(request).await?;
    let id = shape.id("id");
    let kelompok = shape.parsed::<KelompokId>("kelompok", "OKI-001");
    let date = shape.date("date");
    let office = shape.text("office");
    let found = shape.flag("found").unwrap_or(true);
    let counted = shape.maybe_count("counted").unwrap_or(0);
    shape.end()?;
    let (Some(id), Some(kelompok), Some(date)) = (id, kelompok, date) else {
        return Err(WebError::Internal.into());
    };
    let check = CheckInput { found, counted };
    let command = Command::LogCheck { kelompok, date, office, check };
    let done = web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    let state = web.app.state();
    let number = state
        .checks
        .iter()
        .rev()
        .find(|check| check.seq == done.seq)
        .map(|check| check.number)
        .ok_or(WebError::Internal)?;
    Ok((StatusCode::CREATED, one_check(&web, &state, &member, number)?).into_response())
}

fn one_check(
    web: &Web,
    state: &World,
    member: &Member,
    number: CheckNo,
) -> Result<Response, Problem> {
    let today = when::latest_today(web);
    let (check, group) = state
        .check(number)
        .filter(|(_, group)| member.viewer().read_group(group, today))
        .ok_or_else(|| WebError::not_found("Pemeriksaan ini"))?;
    Ok(Json(check_shown(check, group)).into_response())
}

fn check_number(parts: &PathParts) -> Result<CheckNo, WebError> {
    parts.get(0).parse().map_err(|_| WebError::not_found("Pemeriksaan ini"))
}

pub(super) async fn get_check(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    one_check(&web, &web.app.state(), &member, check_number(&parts)?)
}

pub(super) async fn post_resolve(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let number = check_number(&parts)?;
    let mut shape = Shape::read(request).await?;
    let id = shape.id("id");
    let outcome = shape.parsed::<CheckOutcome>("outcome", "diubah");
    let reason = shape.maybe_parsed::<HeadReason>("reason", "koreksi");
    let note = shape.text("note");
    shape.end()?;
    let (Some(id), Some(outcome)) = (id, outcome) else { return Err(WebError::Internal.into()) };
    let command = Command::ResolveCheck { check: number, outcome, reason, note };
    web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    one_check(&web, &web.app.state(), &member, number)
}
