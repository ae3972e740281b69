//! Kelompok and their pertemuan.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use crate::command::Command;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::state::State as World;
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, Params, PathParts};
use crate::web::parts::words;

use super::kelola::opened;
use super::pertemuan::{PertemuanOut, shown as pertemuan_shown};
use super::query;

/// A kelompok as the API shows it.
#[derive(Debug, Serialize)]
pub(super) struct KelompokOut {
    id: String,
    name: String,
    desa: Vec<String>,
    members: u16,
    start: String,
    end: Option<String>,
    active: bool,
    suspended: bool,
    pendamping: Option<String>,
    version: u64,
    covered: u32,
    target: u32,
    /// What the sender should look at again, such as a name that looks like a person's.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

#[derive(Debug, Serialize)]
struct Paged<T> {
    rows: Vec<T>,
    /// Send it back as `cursor` to get what follows; none at the end.
    next: Option<String>,
}

/// A kelompok as of a day.
pub(super) fn shown(state: &World, group: &Kelompok, today: Date) -> KelompokOut {
    let cells = state.cells(group, today);
    let target = state.target(group.home(today), today);
    let covered = target
        .iter()
        .filter(|ix| cells.get(usize::from(**ix)).is_some_and(|cell| cell.status.covered()))
        .count();
    let login = |id| state.account(id).map(|account| account.login.to_string());
    KelompokOut {
        id: group.id.to_string(),
        name: group.name.clone(),
        desa: group.all_desa(today).iter().map(ToString::to_string).collect(),
        members: group.members(today),
        start: group.start.to_string(),
        end: group.end.map(|end| end.to_string()),
        active: group.active(today),
        suspended: state.suspended(group, today),
        pendamping: group.pendamping(today).and_then(login),
        version: group.version,
        covered: u32::try_from(covered).unwrap_or(u32::MAX),
        target: u32::try_from(target.len()).unwrap_or(u32::MAX),
        warning: words::like_a_person(&group.name),
    }
}

/// Today where a kelompok is.
pub(super) fn today(web: &Web, group: &Kelompok) -> Date {
    group.home(Date::MAX).zone().date(web.app.clock().now())
}

/// The kelompok with this id, if the member may read it; absent and forbidden look alike.
pub(super) fn readable<'a>(
    web: &Web,
    member: &Member,
    state: &'a World,
    id: &str,
) -> Result<&'a Kelompok, WebError> {
    state
        .group(id)
        .filter(|group| member.viewer().read_group(group, today(web, group)))
        .ok_or_else(|| WebError::not_found("Kelompok ini"))
}

pub(super) async fn get_list(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let area = params.place("wilayah")?.unwrap_or(Kode::NASIONAL);
    let state = web.app.state();
    let now = Zone::Wib.date(web.app.clock().now());
    let after = params.get("cursor").to_owned();
    // It goes on behind the place where that kelompok stands by now.
    let last = if after.is_empty() {
        None
    } else {
        // One that may not be read looks like one that is not there.
        let last = readable(&web, &member, &state, &after).ok().and(state.group_ix(&after));
        Some(last.ok_or_else(query::unknown_cursor)?)
    };
    let mut all = state
        .numbers_behind(area, last)
        .filter_map(|ix| state.group_at(ix))
        .filter(|group| member.viewer().read_group(group, today(&web, group)))
        .peekable();
    let mut rows = Vec::new();
    let limit = query::limit(&params)?;
    let mut next = None;
    while let Some(group) = all.next() {
        rows.push(shown(&state, group, now));
        if rows.len() == limit {
            next = all.peek().map(|_| group.id.to_string());
            break;
        }
    }
    Ok(Json(Paged { rows, next }).into_response())
}

pub(super) async fn get_one(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    let state = web.app.state();
    let group = readable(&web, &member, &state, parts.get(0))?;
    Ok(Json(shown(&state, group, today(&web, group))).into_response())
}

/// A change of the name or of the number of members.
pub(super) async fn post_change(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (kelompok, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version) = (shape.id("id"), shape.version());
    let name = shape.text("name");
    let delta = shape.number("delta");
    let date = shape.maybe_parsed("date", "2026-11-21");
    let reason = shape.maybe_parsed("reason", "anggota-baru");
    let note = shape.text("note");
    let seats = shape.numbers("seats");
    shape.end()?;
    let (Some(id), Some(version)) = (id, version) else { return Err(WebError::Internal.into()) };
    let command = match (name.is_empty(), delta, date, reason) {
        // A note and seats belong to a change of the number alone, and would be lost with a name.
        (false, None, None, None) if note.is_empty() && seats.is_empty() => {
            Command::RenameGroup { id: kelompok.clone(), name, version }
        }
        (true, Some(delta), Some(date), Some(reason)) => {
            let delta = i32::try_from(delta).map_err(|_| {
                let message = "Perubahan sebesar itu tidak mungkin. Periksa angkanya.";
                WebError::Invalid(vec![crate::decide::FieldError::new("delta", message)])
            })?;
            let kelompok = kelompok.clone();
            Command::ChangeHeads { kelompok, date, delta, reason, note, seats, version }
        }
        _ => {
            return Err(WebError::Invalid(vec![crate::decide::FieldError::new(
                "name",
                "Kirim “name” untuk mengganti nama, atau “delta”, “date”, “reason” dan bila perlu “note” dan “seats” untuk mengubah jumlah anggota.",
            )])
            .into());
        }
    };
    web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    let state = web.app.state();
    let group = readable(&web, &member, &state, kelompok.as_str())?;
    Ok(Json(shown(&state, group, today(&web, group))).into_response())
}

pub(super) async fn get_meetings(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, Problem> {
    let state = web.app.state();
    let group = readable(&web, &member, &state, parts.get(0))?;
    let after = params.get("cursor").to_owned();
    let known = || group.fakta.iter().any(|one| one.id.to_string() == after);
    if !after.is_empty() && !known() {
        return Err(query::unknown_cursor().into());
    }
    let mut newest = group
        .fakta
        .iter()
        .rev()
        .skip_while(|one| !after.is_empty() && one.id.to_string() != after)
        .skip(usize::from(!after.is_empty()));
    let rows: Vec<PertemuanOut> = newest
        .by_ref()
        .take(query::limit(&params)?)
        .map(|fakta| pertemuan_shown(&state, group, &fakta))
        .collect();
    let next = newest.next().and_then(|_| rows.last().map(PertemuanOut::cursor));
    Ok(Json(Paged { rows, next }).into_response())
}
