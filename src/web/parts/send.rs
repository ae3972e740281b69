//! Handing a form in: done, or what is wrong with it.

use axum::http::StatusCode;

use crate::app::{Done, SubmitError};
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};

use super::WHOLE_FORM;

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
    let id = match form.id("id").filter(|id| !id.is_nil()) {
        Some(id) => id,
        None => web.app.clock().new_id()?,
    };
    let whole = |text: String, status| Sent::Wrong(vec![FieldError::new(WHOLE_FORM, text)], status);
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(done) => Ok(Sent::Done(done)),
        Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
            Ok(Sent::Wrong(errors, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(SubmitError::Refused(refusal @ Refusal::Stale { .. })) => {
            let text =
                format!("{refusal} Di bawah ini keadaan yang sekarang; isian Anda masih ada.");
            Ok(whole(text, StatusCode::PRECONDITION_FAILED))
        }
        Err(SubmitError::Refused(Refusal::Conflict(text))) => Ok(whole(text, StatusCode::CONFLICT)),
        Err(error) => Err(error.into()),
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
