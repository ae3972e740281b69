//! Beginning and ending the suspension of an area.

use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::FieldError;
use crate::event::SuspensionTarget;
use crate::kelompok::wilayah::Kode;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Done, Form, lead_to_done, show_with};
use crate::web::parts::send::{Sent, Wrong};
use crate::web::parts::{self, when};

use super::{href, page, seen};

pub(super) async fn post_suspend(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let area = area(&web, &member, parts.get(0))?;
    let mut errors = Vec::new();
    let mut date = |field: &str| {
        tanggal::parse(form.get(field)).unwrap_or_else(|error| {
            errors.push(FieldError::new(field, error.to_string()));
            Date::MIN
        })
    };
    let from = date("from");
    let to = form.has("to").then(|| date("to"));
    let command = Command::Suspend {
        target: SuspensionTarget::Wilayah(area),
        from,
        to,
        reason: form.raw("reason").unwrap_or("").to_owned(),
    };
    send(&web, &member, area, &form, (command, errors)).await
}

pub(super) async fn post_resume(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let area = area(&web, &member, parts.get(0))?;
    let suspension = form.number("suspension").unwrap_or(0);
    let to = {
        let state = web.app.state();
        let found = state.suspensions.iter().find(|one| one.id == suspension && one.area == area);
        let from = found.ok_or_else(|| WebError::not_found("Penangguhan ini"))?.period.from;
        when::today(&web).max(from)
    };
    let command = Command::Resume { suspension, to, kelompok: None };
    send(&web, &member, area, &form, (command, Vec::new())).await
}

pub(super) async fn post_names(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let area = area(&web, &member, parts.get(0))?;
    let names = form.raw("alias").unwrap_or("").lines().map(str::to_owned).collect();
    let command = Command::NamePlace { kode: area, names };
    send(&web, &member, area, &form, (command, Vec::new())).await
}

fn area(web: &Web, member: &Member, kode: &str) -> Result<Kode, WebError> {
    let state = web.app.state();
    let (area, _) = seen(&state, member.viewer(), kode)?;
    Ok(area)
}

async fn send(
    web: &Web,
    member: &Member,
    area: Kode,
    form: &FormData,
    (command, errors): (Command, Vec<FieldError>),
) -> Result<Response, WebError> {
    let again = |(errors, status): Wrong| {
        let form = Form::again(&form.0, errors);
        show_with(status, &page(web, member, &area.to_string(), form)?)
    };
    if !errors.is_empty() {
        return again((errors, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let done = Done::of(&command);
    match parts::send::send(web, member, form, command).await? {
        Sent::Done(_) => Ok(lead_to_done(&href(area), done)),
        Sent::Wrong(errors, status) => again((errors, status)),
    }
}
