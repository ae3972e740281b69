//! What stands in the query of an address; what it cannot mean is refused with its name.

use jiff::civil::Date;

use crate::decide::FieldError;
use crate::web::error::WebError;
use crate::web::extract::Params;

/// Rows of one page.
const PAGE: usize = 100;
/// The most rows of one page.
const MAX_PAGE: usize = 500;

/// A parameter that cannot be meant.
pub(super) fn invalid(field: &str, message: impl Into<String>) -> WebError {
    WebError::Invalid(vec![FieldError::new(field, message)])
}

/// How many rows a page may have: `limit`, at most 500.
///
/// # Errors
/// When it is no whole number.
pub(super) fn limit(params: &Params) -> Result<usize, WebError> {
    match params.get("limit") {
        "" => Ok(PAGE),
        text => text.parse::<usize>().map(|limit| limit.clamp(1, MAX_PAGE)).map_err(|_| {
            invalid("limit", format!("“limit” harus bilangan dari 1 sampai {MAX_PAGE}."))
        }),
    }
}

/// A date; none where it is left open.
///
/// # Errors
/// When it is no date.
pub(super) fn date(params: &Params, field: &str) -> Result<Option<Date>, WebError> {
    match params.get(field) {
        "" => Ok(None),
        _ => params.date(field).map(Some).ok_or_else(|| {
            invalid(field, format!("“{field}” harus tanggal, misalnya 2026-11-21."))
        }),
    }
}

/// The number of an edition; none where it is left open.
///
/// # Errors
/// When it is no number.
pub(super) fn edition(params: &Params) -> Result<Option<u16>, WebError> {
    match params.get("edisi") {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| invalid("edisi", "“edisi” harus nomor edisi, misalnya 2.")),
    }
}

/// `ya` or `tidak`; no where it is left open.
///
/// # Errors
/// When it is another word.
pub(super) fn flag(params: &Params, field: &str) -> Result<bool, WebError> {
    match params.get(field) {
        "" | "tidak" => Ok(false),
        "ya" => Ok(true),
        _ => Err(invalid(field, format!("“{field}” harus ya atau tidak."))),
    }
}

/// The refusal of a `cursor` that no answer gave.
pub(super) fn unknown_cursor() -> WebError {
    invalid("cursor", "“cursor” tidak dikenal. Pakai nilai “next” dari jawaban sebelumnya.")
}
