//! Tables of pages as files for a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::decide::FieldError;
use crate::transfer::write::{Format, Output, WriteError};
use crate::web::error::WebError;
use crate::web::extract::Params;

/// What `format=` asks for: `xlsx`, which it is when nothing is said, or `csv`.
///
/// # Errors
/// When it is something else.
pub(crate) fn format(params: &Params) -> Result<Format, WebError> {
    let read = |word: &str| Format::of_name(&format!("x.{word}"));
    Ok(params.meant("format", &["xlsx", "csv"], read)?.unwrap_or(Format::Xlsx))
}

/// The file that `write` makes, under a name without its ending. It is written aside: a large one
/// takes a while, and what it needs of the state was read before.
///
/// # Errors
/// When it cannot be made, such as for too many rows.
pub(crate) async fn reply(
    format: Format,
    name: &str,
    write: impl FnOnce(Output<'_>) -> Result<u64, WriteError> + Send + 'static,
) -> Result<Response, WebError> {
    let work = move || {
        let mut bytes = Vec::new();
        write(Output { format, to: &mut bytes }).map(|_| bytes)
    };
    let made = tokio::task::spawn_blocking(work).await;
    let bytes = made
        .map_err(|error| WebError::internal(&error))?
        .map_err(|error| WebError::Invalid(vec![FieldError::new("format", error.to_string())]))?;
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{}\"", format.ending()),
        ),
    ];
    Ok((headers, bytes).into_response())
}
