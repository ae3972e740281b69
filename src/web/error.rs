//! The one way in which a request fails: as a page for people, as problem+json for programs.

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::SubmitError;
use crate::decide::{FieldError, Refusal};

use super::extract::Visitor;
use super::page::{Page, show_with};
use super::{Web, urls};

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebError {
    /// Absent, or a secret of others.
    NotFound(String),
    /// Known and not allowed.
    Forbidden(String),
    /// Needs a login.
    LoginNeeded {
        /// The place to lead on to afterwards.
        next: String,
        /// A form was sent, which is lost.
        lost: bool,
    },
    /// Needs a valid token.
    Unauthorized,
    /// The request itself is broken.
    Bad(String),
    /// Nothing here takes that method.
    Method(String),
    /// Sent from another site.
    Foreign,
    /// Values that cannot be taken.
    Invalid(Vec<FieldError>),
    /// The id was used for other values.
    SameId(Vec<FieldError>),
    /// It was changed in the meantime.
    Stale(String),
    /// It does not fit what stands.
    Conflict(String),
    /// More than may be sent.
    TooLarge(String),
    /// Too much to do right now.
    Busy(String),
    /// Something went wrong here; already logged.
    Internal,
    /// A text cannot be read from where it is kept; already logged.
    Text,
    /// Nothing can be kept right now.
    Storage(String),
    /// A part of the record cannot be read; the program is about to end.
    Unreadable,
}

impl WebError {
    /// A thing that was not found.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::NotFound(format!("{what} tidak ditemukan. Periksa alamatnya, atau buka dari daftar."))
    }

    /// Logs what went wrong, once, and answers without telling.
    #[must_use]
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request failed");
        Self::Internal
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::LoginNeeded { .. } => StatusCode::SEE_OTHER,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Invalid(_) | Self::SameId(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale(_) => StatusCode::PRECONDITION_FAILED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal | Self::Text => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Storage(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Unreadable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A heading in a few words.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "Tidak ditemukan",
            Self::Forbidden(_) => "Bukan wewenang Anda",
            Self::LoginNeeded { .. } | Self::Unauthorized => "Perlu masuk",
            Self::Bad(_) => "Permintaan tidak dapat dibaca",
            Self::Method(_) => "Tidak tersedia di alamat ini",
            Self::Foreign => "Kiriman tidak diterima",
            Self::Invalid(_) | Self::SameId(_) => "Isian belum dapat disimpan",
            Self::Stale(_) => "Sudah berubah",
            Self::Conflict(_) => "Tidak cocok dengan keadaan sekarang",
            Self::TooLarge(_) => "Kiriman terlalu besar",
            Self::Busy(_) => "Server sedang sibuk",
            Self::Internal => "Ada yang salah di server",
            Self::Text => "Naskah tidak terbaca",
            Self::Storage(_) => "Belum dapat disimpan",
            Self::Unreadable => "Catatan sedang disusun ulang",
        }
    }

    /// The same over what was asked for to be read, where nothing was to be kept.
    fn title_of(&self, read: Read) -> &'static str {
        match (self, read) {
            (Self::Invalid(_), Read::Page) => "Halaman ini belum dapat dibuka",
            (Self::Invalid(_), Read::File) => "Berkas ini belum dapat dibuat",
            (Self::Invalid(_), Read::Answer) => "Permintaan ini belum dapat dijawab",
            (other, _) => other.title(),
        }
    }

    /// One sentence or two: what happened and what to do.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::NotFound(text)
            | Self::Forbidden(text)
            | Self::Bad(text)
            | Self::Method(text)
            | Self::Stale(text)
            | Self::Conflict(text)
            | Self::TooLarge(text)
            | Self::Busy(text)
            | Self::Storage(text) => text.clone(),
            Self::LoginNeeded { .. } => "Masuk dulu untuk membuka halaman ini.".to_owned(),
            Self::Foreign => {
                "Kiriman ini tidak berasal dari halaman situs ini, jadi tidak disimpan. Buka halamannya di situs ini, lalu kirim dari sana.".to_owned()
            }
            Self::Unauthorized => {
                "Token tidak ada, salah, atau sudah berakhir. Masuk atau buat token baru.".to_owned()
            }
            Self::Unreadable => {
                "Sebagian catatan lama tidak terbaca, jadi server berhenti dan menyusunnya ulang dari jurnal. Tidak ada yang hilang; coba lagi beberapa menit lagi."
                    .to_owned()
            }
            Self::Invalid(errors) | Self::SameId(errors) => errors
                .first()
                .map_or("Periksa isian Anda.".to_owned(), |error| error.message.clone()),
            Self::Text => {
                "Naskah ini rusak atau hilang dari penyimpanan, jadi tidak ditampilkan. Beri tahu pengelola server, yang dapat memulihkannya dari cadangan; sesi lain tetap dapat dibuka."
                    .to_owned()
            }
            Self::Internal => {
                "Isian Anda mungkin belum tersimpan. Muat ulang halamannya dan periksa; bila terulang, hubungi pengelola server."
                    .to_owned()
            }
        }
    }

    /// What is wrong, field by field.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) | Self::SameId(errors) => errors,
            _ => &[],
        }
    }
}

/// What was asked for to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    /// A page.
    Page,
    /// A file to take along or to print.
    File,
    /// An answer of the API.
    Answer,
}

impl Read {
    /// What an address that is read gives; none for a request that changes something.
    fn of(method: &Method, path: &str) -> Option<Self> {
        /// How the addresses of files end.
        const ENDINGS: [&str; 5] = ["/unduh", ".csv", ".xlsx", ".pdf", ".svg"];
        if method != Method::GET && method != Method::HEAD {
            None
        } else if path.starts_with("/api/") {
            Some(Self::Answer)
        } else if ENDINGS.iter().any(|ending| path.ends_with(ending)) {
            Some(Self::File)
        } else {
            Some(Self::Page)
        }
    }
}

impl From<Refusal> for WebError {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        match refusal {
            Refusal::Invalid(errors) => Self::Invalid(errors),
            Refusal::NotFound(_) => Self::NotFound(text),
            Refusal::Forbidden(_) => Self::Forbidden(text),
            Refusal::Stale { .. } => Self::Stale(text),
            Refusal::SameIdOtherValues(field) => Self::SameId(vec![FieldError::new(field, text)]),
            Refusal::Conflict(_) => Self::Conflict(text),
        }
    }
}

impl From<SubmitError> for WebError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Refused(refusal) => refusal.into(),
            SubmitError::Busy => Self::Busy(error.to_string()),
            SubmitError::Full(_) => Self::Storage(
                "Cakram server penuh, jadi isian Anda belum tersimpan. Hubungi pengelola server, lalu kirim lagi."
                    .to_owned(),
            ),
            SubmitError::Disk(_) | SubmitError::Stopped => Self::Storage(error.to_string()),
        }
    }
}

impl From<crate::clock::NoRandomness> for WebError {
    fn from(error: crate::clock::NoRandomness) -> Self {
        Self::internal(&error)
    }
}

impl From<crate::app::texts::TextError> for WebError {
    fn from(error: crate::app::texts::TextError) -> Self {
        let internal = Self::internal(&error);
        if error.is_lost() { Self::Text } else { internal }
    }
}

impl IntoResponse for WebError {
    /// The status and a plain sentence; [`page`] puts the frame of our pages around it, or tells a
    /// program.
    fn into_response(self) -> Response {
        if let Self::LoginNeeded { next, lost } = &self {
            let to = [(header::LOCATION, urls::masuk(next, *lost))];
            let mut response = (StatusCode::SEE_OTHER, to).into_response();
            response.extensions_mut().insert(self);
            return response;
        }
        let mut response = (self.status(), self.detail()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The error page.
#[derive(Template)]
#[template(path = "pages/galat.html")]
struct Galat<'a> {
    page: Page,
    status: u16,
    heading: &'a str,
    detail: String,
    search: bool,
    /// Where the others of its kind are.
    list: Option<(&'static str, &'static str)>,
    retry: Option<&'a str>,
    /// The same page without what its address asks for.
    plain: Option<&'a str>,
    number: Option<&'a str>,
}

/// Shows errors of handlers as pages, in the frame of the one who asked.
pub async fn page(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(visitor) =
        <Visitor as FromRequestParts<Web>>::from_request_parts(&mut parts, &web).await;
    let path = parts.uri.path().to_owned();
    let read = Read::of(&parts.method, &path);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let error = match response.extensions_mut().remove::<WebError>() {
        Some(error) => error,
        // Our own refusals say what they are; this one is of the guard against other sites.
        None if response.status() == StatusCode::FORBIDDEN && !told(&response) => WebError::Foreign,
        None => return response,
    };
    let allowed = response.headers().get(header::ALLOW).cloned();
    let mut answer = if path.starts_with("/api/") {
        Problem(error).told(read)
    } else {
        framed(&web, &visitor, (error, read.map(|read| (read, path.as_str()))), response)
    };
    if let Some(methods) = allowed {
        answer.headers_mut().insert(header::ALLOW, methods);
    }
    answer
}

/// Whether an answer is an error that was put into words for a program.
fn told(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == PROBLEM)
}

/// An error in the frame of our pages; `response` where it leads on to another page.
fn framed(
    web: &Web,
    visitor: &Visitor,
    (error, read): (WebError, Option<(Read, &str)>),
    response: Response,
) -> Response {
    if matches!(error, WebError::LoginNeeded { .. }) {
        return response;
    }
    let galat = Galat {
        page: web.page(visitor, ""),
        status: error.status().as_u16(),
        heading: read.map_or(error.title(), |(read, _)| error.title_of(read)),
        detail: error.detail(),
        search: matches!(error, WebError::NotFound(_)),
        list: read
            .filter(|_| matches!(error, WebError::NotFound(_)))
            .and_then(|(_, path)| list(visitor, path)),
        retry: read
            .filter(|_| matches!(error, WebError::Busy(_) | WebError::Internal))
            .map(|(_, path)| path),
        plain: read
            .filter(|(read, _)| *read == Read::Page && matches!(error, WebError::Invalid(_)))
            .map(|(_, path)| path),
        number: None,
    };
    match show_with(error.status(), &galat) {
        Ok(page) => page,
        Err(_) => response,
    }
}

/// The list in which something at this path would stand, for those who may open it.
fn list(visitor: &Visitor, path: &str) -> Option<(&'static str, &'static str)> {
    use crate::people::account::Role::{Admin, Pendamping, Supervisor};
    const KELOMPOK: (&str, &str) = ("Lihat semua kelompok Anda", "/kelompok");
    const LISTS: [(&str, (&str, &str)); 7] = [
        ("/kelompok/", KELOMPOK),
        ("/pertemuan/", KELOMPOK),
        ("/cetak/paket/", KELOMPOK),
        ("/cetak/daftar-hadir/", KELOMPOK),
        ("/cetak/rtl/", KELOMPOK),
        ("/kunjungan/", ("Lihat semua kunjungan", "/kunjungan")),
        ("/pemeriksaan/", ("Lihat semua pemeriksaan", "/pemeriksaan")),
    ];
    let sees = [Pendamping, Supervisor, Admin].into_iter().any(|role| visitor.has(role));
    LISTS.into_iter().find(|(start, _)| sees && path.starts_with(start)).map(|(_, list)| list)
}

/// The kind of an error for programs.
const PROBLEM: &str = "application/problem+json";

/// The same error for programs.
#[derive(Debug, Clone)]
pub struct Problem(pub WebError);

impl<E: Into<WebError>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

#[derive(Serialize)]
struct ProblemBody<'a> {
    r#type: &'a str,
    title: &'a str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField<'a>>,
}

#[derive(Serialize)]
struct ProblemField<'a> {
    field: &'a str,
    message: &'a str,
}

impl IntoResponse for Problem {
    /// As for a request that changes something; [`page`] says it anew for one that reads.
    fn into_response(self) -> Response {
        let error = self.0.clone();
        let mut response = self.told(None);
        response.extensions_mut().insert(error);
        response
    }
}

impl Problem {
    /// The answer to a request that reads, or changes something.
    fn told(self, read: Option<Read>) -> Response {
        let error = match self.0 {
            WebError::LoginNeeded { .. } => WebError::Unauthorized,
            other => other,
        };
        let status = error.status();
        let errors = error
            .fields()
            .iter()
            .map(|one| ProblemField { field: &one.field, message: &one.message })
            .collect();
        let body = ProblemBody {
            r#type: "about:blank",
            title: read.map_or(error.title(), |read| error.title_of(read)),
            status: status.as_u16(),
            detail: error.detail(),
            errors,
        };
        let json = serde_json::to_vec(&body).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, PROBLEM)];
        (status, kind, json).into_response()
    }
}
