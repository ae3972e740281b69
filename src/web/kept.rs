//! Whole answers kept in memory as they go out, compressed: what looks the same to everybody.
//!
//! A page of the curriculum read without a login, a style sheet and a picture are made and compressed
//! once and then handed out. An answer is kept under the address and the `Accept-Encoding` of who
//! asked, and forgotten once a line that tells of anything but pertemuan was folded in, or the day
//! is another: nothing else can change it. Whoever sends a cookie or a token is never answered from
//! here, but for files that belong to the program.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;

use crate::kelompok::wilayah::Zone;

use super::error::WebError;
use super::{Web, assets};

/// The most bytes that all kept answers take; when they are full, all are forgotten.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// An answer that is longer than this is made anew each time.
pub const MAX_ANSWER: usize = 512 * 1024;
/// Browsers name a handful of codings; a further one is answered without being kept.
const MAX_CODINGS: usize = 4;

/// What looks the same to everybody who sends no cookie.
const PUBLIC: [&str; 3] = ["/sesi/", "/modul/", "/bantuan"];
/// Files of the program, the same for everybody.
const FILES: [&str; 2] = ["/static/", "/gambar/"];

/// The answers that are kept.
#[derive(Debug, Default)]
pub struct Kept {
    shelf: Mutex<Shelf>,
}

/// As long as this is the same, so are the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stamp {
    /// The last line that told of anything but pertemuan.
    line: u64,
    day: Option<Date>,
}

#[derive(Debug, Default)]
struct Shelf {
    stamp: Stamp,
    bytes: usize,
    answers: HashMap<Box<str>, Vec<Coded>>,
}

/// An answer and the `Accept-Encoding` of who got it.
type Coded = (Option<HeaderValue>, Arc<Answer>);

#[derive(Debug)]
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

/// Under which name an answer is kept.
struct Name {
    address: Box<str>,
    coding: Option<HeaderValue>,
}

impl Kept {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // Whole answers go in and out, so what a panic left behind is whole too.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, stamp: Stamp, name: &Name) -> Option<Arc<Answer>> {
        let shelf = self.shelf();
        let codings = shelf.answers.get(&*name.address).filter(|_| shelf.stamp == stamp)?;
        let found = codings.iter().find(|(coding, _)| *coding == name.coding);
        found.map(|(_, answer)| Arc::clone(answer))
    }

    fn put(&self, stamp: Stamp, name: Name, answer: Arc<Answer>) {
        let bytes = answer.body.len();
        let mut shelf = self.shelf();
        if shelf.stamp != stamp || shelf.bytes + bytes > MAX_BYTES {
            *shelf = Shelf { stamp, ..Shelf::default() };
        }
        let codings = shelf.answers.entry(name.address).or_default();
        if codings.len() < MAX_CODINGS && codings.iter().all(|(coding, _)| *coding != name.coding) {
            codings.push((name.coding, answer));
            shelf.bytes += bytes;
        }
    }
}

impl Name {
    /// None for what is made anew each time.
    fn of(request: &Request) -> Option<Self> {
        let (headers, uri) = (request.headers(), request.uri());
        if request.method() != Method::GET {
            return None;
        }
        let path = uri.path();
        let starts = |all: &[&str]| all.iter().any(|start| path.starts_with(start));
        let personal =
            headers.contains_key(header::COOKIE) || headers.contains_key(header::AUTHORIZATION);
        let file = starts(&FILES);
        if !file && (personal || !(starts(&PUBLIC) || path == "/" || path == "/kurikulum")) {
            return None;
        }
        // Anyone can make up questions; only the one that our own pages ask is worth the room.
        let asked = uri.query();
        let version = || asked.and_then(|asked| asked.strip_prefix("v=")) == Some(assets::state());
        if asked.is_some() && !(file && version()) {
            return None;
        }
        let address = match asked {
            Some(asked) => format!("{path}?{asked}").into_boxed_str(),
            None => path.into(),
        };
        Some(Self { address, coding: headers.get(header::ACCEPT_ENCODING).cloned() })
    }
}

impl Answer {
    fn response(&self, asked: &HeaderMap) -> Response {
        let etag = self.headers.get(header::ETAG);
        let known = etag.and_then(|etag| etag.to_str().ok()).is_some_and(|etag| knows(asked, etag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(self.body.clone()))
        };
        *response.headers_mut() = self.headers.clone();
        if known {
            for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING] {
                response.headers_mut().remove(name);
            }
        }
        response
    }
}

/// Whether the client has the answer of this name already. A name and its weak form are the same:
/// what compresses on the way weakens it.
#[must_use]
pub(super) fn knows(asked: &HeaderMap, etag: &str) -> bool {
    let strong = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    let etag = strong(etag);
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| strong(one) == etag)
}

fn stamp(web: &Web) -> Stamp {
    let day = Zone::Wib.date(web.app.clock().now());
    Stamp { line: web.app.state().beside(), day: Some(day) }
}

/// Answers from what is kept, or keeps the answer.
pub async fn keep(Shared(web): Shared<Web>, request: Request, next: Next) -> Response {
    let Some(name) = Name::of(&request) else { return next.run(request).await };
    // Of before the answer is made: what changes meanwhile makes the stamp another.
    let stamp = stamp(&web);
    if let Some(answer) = web.kept.find(stamp, &name) {
        return answer.response(request.headers());
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return WebError::internal(&error).into_response(),
    };
    if body.len() <= MAX_ANSWER {
        let answer = Answer { headers: parts.headers.clone(), body: body.clone() };
        web.kept.put(stamp, name, Arc::new(answer));
    }
    Response::from_parts(parts, Body::from(body))
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
