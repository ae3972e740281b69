//! Asking, answering, withdrawing, and saying that a record is no double.

use axum::extract::State as FromState;
use axum::response::Response;
use uuid::Uuid;

use crate::command::Command;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Done, Form, lead_to_done};
use crate::web::parts::{self, send::Sent};
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
    let command = command(pertemuan);
    let done = Done::of(&command);
    match parts::send::send(web, member, form, command).await? {
        Sent::Done(_) => Ok(lead_to_done(&urls::pertemuan(pertemuan), done)),
        Sent::Wrong(errors, status) => {
            again(web, member, path, Form::again(&form.0, errors), status)
        }
    }
}
