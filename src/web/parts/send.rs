//! Handing a form in: done, or what is wrong with it.

use axum::http::StatusCode;
use uuid::Uuid;

use crate::app::{Done, SubmitError};
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::USED_ID;

use super::WHOLE_FORM;

/// What a form says that was made on an older state; the page around it shows the present one.
pub(crate) const STALE: &str = "Data ini sudah berubah sejak Anda membukanya. Di bawah ini keadaan yang sekarang; isian Anda masih ada. Periksa, lalu kirim lagi bila masih perlu.";

/// What a form says whose id stands for other values already.
const OTHER_VALUES: &str = "Formulir ini sudah pernah tersimpan dengan isian lain. Periksa dulu keadaan yang sekarang. Bila kiriman ini memang lain, kirim sekali lagi.";

/// What is wrong with a form, and the status that says so.
pub(crate) type Wrong = (Vec<FieldError>, StatusCode);

/// What became of a form.
#[derive(Debug)]
pub(crate) enum Sent {
    /// It is safe on disk.
    Done(Done),
    /// What is wrong, and the status that says so.
    Wrong(Vec<FieldError>, StatusCode),
}

/// Hands a command in under the id that its form carries. What is wrong with its fields, that it
/// was made on an older state, or does not fit what stands, comes back for the form to show.
///
/// # Errors
/// Everything that no change of the form mends.
pub(crate) async fn send(
    web: &Web,
    member: &Member,
    form: &FormData,
    command: Command,
) -> Result<Sent, WebError> {
    let id = request_id(web, form)?;
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(done) => Ok(Sent::Done(done)),
        Err(error) => wrong(error).map(|(errors, status)| Sent::Wrong(errors, status)),
    }
}

/// The id of the request that a form carries, or a new one where it carries none.
///
/// # Errors
/// When the machine gives no random bytes.
pub(crate) fn request_id(web: &Web, form: &FormData) -> Result<Uuid, WebError> {
    match form.id("id").filter(|id| !id.is_nil()) {
        Some(id) => Ok(id),
        None => Ok(web.app.clock().new_id()?),
    }
}

/// What a form has to show of a refusal.
///
/// # Errors
/// Everything that no change of the form mends.
pub(crate) fn wrong(error: SubmitError) -> Result<Wrong, WebError> {
    let whole = |text: &str, status| Ok((vec![FieldError::new(WHOLE_FORM, text)], status));
    match error {
        SubmitError::Refused(Refusal::Invalid(errors)) => {
            Ok((errors, StatusCode::UNPROCESSABLE_ENTITY))
        }
        SubmitError::Refused(Refusal::SameIdOtherValues(_)) => {
            Ok((vec![FieldError::new(USED_ID, OTHER_VALUES)], StatusCode::UNPROCESSABLE_ENTITY))
        }
        SubmitError::Refused(Refusal::Stale { .. }) => {
            whole(STALE, StatusCode::PRECONDITION_FAILED)
        }
        SubmitError::Refused(Refusal::Conflict(text)) => whole(&text, StatusCode::CONFLICT),
        error => Err(error.into()),
    }
}

/// The errors of a command under the names that a page gives its fields.
pub(crate) fn renamed(errors: Vec<FieldError>, names: &[(&str, &str)]) -> Vec<FieldError> {
    let rename = |error: FieldError| {
        let to = names.iter().find(|(from, _)| *from == error.field);
        let field = to.map_or(error.field, |(_, to)| (*to).to_owned());
        FieldError { field, message: error.message }
    };
    errors.into_iter().map(rename).collect()
}
