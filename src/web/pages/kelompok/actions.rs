//! Changing the number of members, handing over, suspending and going on.

use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::FieldError;
use crate::event::SuspensionTarget;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::group::HeadReason;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Done, Form, lead_to_done, show_with};
use crate::web::parts::scope::readable;
use crate::web::parts::seats::numbers;
use crate::web::parts::send::{Sent, Wrong};
use crate::web::parts::{self, when};
use crate::web::{Web, urls};

use super::view::{self, Forms};

/// The form of the page that was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Heads,
    Assign,
    Suspend,
}

/// Errors of a command as errors of fields, by the names that the page gives them.
const NAMES: [(Part, &[(&str, &str)]); 3] = [
    (Part::Heads, &[]),
    (Part::Assign, &[("from", "mulai")]),
    (Part::Suspend, &[("from", "dari"), ("to", "sampai"), ("reason", "alasan")]),
];

pub(super) async fn post_heads(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let kelompok = group_id(&web, &member, parts.get(0))?;
    let mut errors = Vec::new();
    let date = date(&form, "date", &mut errors);
    let delta = form.number::<i32>("delta").unwrap_or_else(|| {
        let message = "Tulis bilangan bulat, misalnya 3 atau -3.";
        errors.push(FieldError::new("delta", message));
        0
    });
    let reason = form.get("reason").parse::<HeadReason>().unwrap_or_else(|message| {
        errors.push(FieldError::new("reason", message));
        HeadReason::Koreksi
    });
    let seats = numbers(form.get("seats")).unwrap_or_else(|message| {
        errors.push(FieldError::new("seats", message));
        Vec::new()
    });
    let command = Command::ChangeHeads {
        kelompok,
        date,
        delta,
        reason,
        note: form.raw("note").unwrap_or("").to_owned(),
        seats,
        version: form.number("version").unwrap_or(0),
    };
    send(&web, &member, parts.get(0), (&form, Part::Heads), (command, errors)).await
}

pub(super) async fn post_assign(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let kelompok = group_id(&web, &member, parts.get(0))?;
    let mut errors = Vec::new();
    let from = date(&form, "mulai", &mut errors);
    let account = match form.get("pendamping") {
        "" => None,
        text => {
            let id = text.parse().ok().map(AccountId);
            if id.is_none() {
                errors.push(FieldError::new("pendamping", "Pilih pendamping dari daftar."));
            }
            id
        }
    };
    let version = form.number("version").unwrap_or(0);
    let command = Command::Assign { kelompok, from, account, version };
    send(&web, &member, parts.get(0), (&form, Part::Assign), (command, errors)).await
}

pub(super) async fn post_suspend(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let kelompok = group_id(&web, &member, parts.get(0))?;
    let mut errors = Vec::new();
    let from = date(&form, "dari", &mut errors);
    let to = form.has("sampai").then(|| date(&form, "sampai", &mut errors));
    let command = Command::Suspend {
        target: SuspensionTarget::Kelompok(kelompok),
        from,
        to,
        reason: form.raw("alasan").unwrap_or("").to_owned(),
    };
    send(&web, &member, parts.get(0), (&form, Part::Suspend), (command, errors)).await
}

pub(super) async fn post_resume(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let suspension = form.number("suspension").unwrap_or(0);
    let to = {
        let state = web.app.state();
        let group = readable(&state, member.viewer(), parts.get(0), when::latest_today(&web))?;
        let own = group.suspensions.iter().find(|(seq, _)| *seq == suspension);
        let Some((_, period)) = own else { return Err(WebError::not_found("Penangguhan ini")) };
        when::today_at(&web, group.home(Date::MAX)).max(period.from)
    };
    let kelompok = Some(group_id(&web, &member, parts.get(0))?);
    let command = Command::Resume { suspension, to, kelompok };
    send(&web, &member, parts.get(0), (&form, Part::Suspend), (command, Vec::new())).await
}

fn group_id(web: &Web, member: &Member, id: &str) -> Result<KelompokId, WebError> {
    let state = web.app.state();
    Ok(readable(&state, member.viewer(), id, when::latest_today(web))?.id.clone())
}

fn date(form: &FormData, field: &str, errors: &mut Vec<FieldError>) -> Date {
    tanggal::parse(form.get(field)).unwrap_or_else(|error| {
        errors.push(FieldError::new(field, error.to_string()));
        Date::MIN
    })
}

/// Hands a command in and leads back to the kelompok, or shows its page with what is wrong.
async fn send(
    web: &Web,
    member: &Member,
    path: &str,
    (form, part): (&FormData, Part),
    (command, errors): (Command, Vec<FieldError>),
) -> Result<Response, WebError> {
    if !errors.is_empty() {
        return again(web, member, path, (form, part), (errors, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let done = Done::of(&command);
    match parts::send::send(web, member, form, command).await? {
        Sent::Done(_) => Ok(lead_to_done(&urls::kelompok(group_id(web, member, path)?), done)),
        Sent::Wrong(errors, status) => again(web, member, path, (form, part), (errors, status)),
    }
}

fn again(
    web: &Web,
    member: &Member,
    path: &str,
    (form, part): (&FormData, Part),
    (errors, status): Wrong,
) -> Result<Response, WebError> {
    let names = NAMES.iter().find(|(of, _)| *of == part).map_or(&[][..], |(_, names)| names);
    let errors = errors.into_iter().map(|error| {
        let renamed = names.iter().find(|(from, _)| *from == error.field);
        let field = renamed.map_or(error.field, |(_, to)| (*to).to_owned());
        FieldError { field, message: error.message }
    });
    let sent = Form::again(&form.0, errors.collect());
    let mut forms = Forms::fresh(web, member, path)?;
    match part {
        Part::Heads => forms.heads = sent,
        Part::Assign => forms.assign = sent,
        Part::Suspend => forms.suspend = sent,
    }
    show_with(status, &view::page(web, member, path, forms, false)?)
}
