//! Styles, scripts, icons and pictures that come with the program.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::curriculum::shipped;

use super::error::WebError;
use super::extract::PathParts;
use super::kept::knows;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// Names the state of all static files, so that browsers may keep each of them for ever.
pub fn state() -> &'static str {
    static STATE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    STATE.get_or_init(|| {
        let mut names: Vec<_> = Static::iter().collect();
        names.sort_unstable();
        let hashes = names.iter().filter_map(|name| Static::get(name));
        let all: Vec<u8> = hashes.flat_map(|file| file.metadata.sha256_hash()).collect();
        tag(&all)
    })
}

fn tag(bytes: &[u8]) -> String {
    crate::ids::Digest::of_bytes(bytes).to_string()[..12].to_owned()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// `GET /static/{*name}`
///
/// # Errors
/// When there is no such file.
pub async fn get_static(parts: PathParts, request: Request) -> Result<Response, WebError> {
    let name = parts.get(0);
    let file = Static::get(name).ok_or_else(|| WebError::not_found("Berkas ini"))?;
    let forever = request.uri().query().is_some_and(|query| query.starts_with("v="));
    Ok(serve(request.headers(), kind(name), file.data.into_owned(), forever))
}

/// `GET /gambar/{name}`: the pictures of the curriculum.
///
/// # Errors
/// When there is no such picture.
pub async fn get_picture(parts: PathParts, headers: HeaderMap) -> Result<Response, WebError> {
    let bytes =
        shipped::shipped_picture(parts.get(0)).ok_or_else(|| WebError::not_found("Gambar ini"))?;
    Ok(serve(&headers, "image/svg+xml", bytes.into_owned(), false))
}

fn serve(headers: &HeaderMap, kind: &'static str, bytes: Vec<u8>, forever: bool) -> Response {
    let etag = format!("\"{}\"", tag(&bytes));
    let keep = if forever { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    if knows(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, keep.to_owned()),
        (header::ETAG, etag),
    ];
    (headers, bytes).into_response()
}
