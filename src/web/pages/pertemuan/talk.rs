//! Asking, answering, withdrawing, and saying that a record is no double.

use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use crate::app::SubmitError;
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Form, lead_to};
use crate::web::parts::WHOLE_FORM;
use crate::web::{Web, urls};

use super::{again, find};

pub(super) async fn post_withdraw(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let reason = form.raw("reason").unwrap_or("").to_owned();
    let version = form.number("version").unwrap_or(0);
    send(&web, &member, parts.get(0), &form, |id| Command::Withdraw { id, reason, version }).await
}

pub(super) async fn post_ask(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let text = form.raw("text").unwrap_or("").to_owned();
    send(&web, &member, parts.get(0), &form, |id| Command::Ask { id, text }).await
}

pub(super) async fn post_answer(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let text = form.raw("text").unwrap_or("").to_owned();
    send(&web, &member, parts.get(0), &form, |id| Command::Answer { id, text }).await
}

pub(super) async fn post_separate(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    send(&web, &member, parts.get(0), &form, |id| Command::NotDouble { id }).await
}

/// Hands a command in and leads back to the page, or shows it again with what is wrong.
async fn send(
    web: &Web,
    member: &Member,
    path: &str,
    form: &FormData,
    command: impl FnOnce(Uuid) -> Command,
) -> Result<Response, WebError> {
    let (_, pertemuan) = find(web, member, path)?;
    let request = match form.id("id").filter(|id| !id.is_nil()) {
        Some(id) => id,
        None => web.app.clock().new_id()?,
    };
    let request = web.app.request_as(request, member.actor(), command(pertemuan));
    let (errors, status) = match web.app.submit(request).await {
        Ok(_) => return Ok(lead_to(&urls::pertemuan(pertemuan))),
        Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
            (errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(SubmitError::Refused(refusal @ Refusal::Stale { .. })) => {
            let text = format!(
                "{refusal} Di bawah ini keadaan catatan yang sekarang; isian Anda masih ada.",
            );
            (vec![FieldError::new(WHOLE_FORM, text)], StatusCode::PRECONDITION_FAILED)
        }
        Err(error) => return Err(error.into()),
    };
    again(web, member, path, Form::again(&form.0, errors), status)
}
