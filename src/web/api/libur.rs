//! Holidays of a place, around which plans go.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use crate::command::Command;
use crate::event::{Event, Setting};
use crate::kelompok::rules::{Holiday, Holidays};
use crate::kelompok::wilayah::Kode;
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, PathParts};
use crate::web::parts::scope::Scope;
use crate::web::parts::when;

use super::kelola::before;
use super::shape::Shape;

#[derive(Debug, Serialize)]
struct HolidayOut {
    from: String,
    to: String,
    name: String,
}

#[derive(Debug, Serialize)]
struct Libur {
    wilayah: String,
    /// Send it back with a change.
    version: u64,
    list: Vec<HolidayOut>,
}

/// The place that an address names, if the member may see its numbers.
fn place(web: &Web, member: &Member, parts: &PathParts) -> Result<Kode, WebError> {
    let missing = || WebError::not_found("Wilayah ini");
    let scope = Scope::of(&web.app.state(), member.viewer(), parts.get(0));
    scope.map_err(|_| missing())?.area().ok_or_else(missing)
}

fn shown(web: &Web, area: Kode) -> Response {
    let state = web.app.state();
    let list = state.holidays_of(area).iter().map(|one| HolidayOut {
        from: one.from.to_string(),
        to: one.to.to_string(),
        name: one.name.clone(),
    });
    let (wilayah, version) = (area.to_string(), state.holidays_version(area));
    Json(Libur { wilayah, version, list: list.collect() }).into_response()
}

/// `GET /wilayah/{id}/libur`.
pub(super) async fn get_list(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    Ok(shown(&web, place(&web, &member, &parts)?))
}

/// `POST /wilayah/{id}/libur`: the whole list, which replaces the one that was read.
pub(super) async fn post_list(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let area = place(&web, &member, &parts)?;
    let mut shape = Shape::read(request).await?;
    let (id, version) = (shape.id("id"), shape.version());
    shape.must_have("list", "“list” wajib diisi dengan semua libur; [] bila tidak ada.");
    let list = shape.objects("list", |one| {
        let (from, to, name) = (one.date("from"), one.date("to"), one.text("name"));
        Some(Holiday { from: from?, to: to?, name })
    });
    shape.end()?;
    let Some(id) = id else { return Err(WebError::Internal.into()) };
    let setting = Box::new(Setting::Holidays(Holidays { area, list }));
    // Sent once more on another day it is still the same.
    let before = before(&web, &member, Some(id))?;
    let from = before.and_then(|events| events.iter().find_map(since));
    let from = from.unwrap_or_else(|| when::today(&web));
    let command = Command::ChangeSetting { from, setting, version };
    web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    Ok(shown(&web, area))
}

/// From which day on a setting holds.
fn since(event: &Event) -> Option<Date> {
    match event {
        Event::SettingChanged { from, .. } => Some(*from),
        _ => None,
    }
}
