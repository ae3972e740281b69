//! What the queries of several calls have in common.

use crate::web::error::WebError;
use crate::web::extract::Params;
use crate::web::query::invalid;

/// Rows of one page.
const PAGE: usize = 100;
/// The most rows of one page.
pub(super) const MAX_PAGE: u16 = 500;

/// How many rows a page may have: `limit`, from 1 to [`MAX_PAGE`].
///
/// # Errors
/// When it is another number or none.
pub(super) fn limit(params: &Params) -> Result<usize, WebError> {
    Ok(params.whole("limit", 1..=MAX_PAGE)?.map_or(PAGE, usize::from))
}

/// The refusal of a `cursor` that no answer gave.
pub(super) fn unknown_cursor() -> WebError {
    invalid("cursor", "“cursor” tidak dikenal. Pakai nilai “next” dari jawaban sebelumnya.")
}
