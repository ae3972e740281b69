//! What handlers take from a request. Our own, so that every rejection is our page.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::Pin;

use axum::body::HttpBody;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use jiff::civil::Date;
use uuid::Uuid;

use crate::command::Actor;
use crate::ids::{AccountId, Digest};
use crate::people::account::{Account, Role};
use crate::people::policy::Viewer;

use super::Web;
use super::error::WebError;
use super::page::Done;
use super::urls;

/// The longest form, in bytes.
pub const MAX_FORM_BYTES: usize = 1024 * 1024;
/// The longest query of an address, in bytes.
pub const MAX_QUERY_BYTES: usize = 16 * 1024;

/// Who sent the request: someone who logged in, or anyone.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The account, if someone logged in.
    pub account: Option<Account>,
    /// The digest of the login's token.
    pub token: Option<Digest>,
    /// What was just done, of someone who logged in.
    pub done: Option<Done>,
}

impl Visitor {
    /// For the policy.
    #[must_use]
    pub fn viewer(&self) -> Viewer<'_> {
        self.account.as_ref().map_or(Viewer::Anyone, Viewer::Account)
    }

    /// For commands.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.account.as_ref().map_or(Actor::Anyone, |account| Actor::Account(account.id))
    }

    /// The number of the account.
    #[must_use]
    pub fn id(&self) -> Option<AccountId> {
        self.account.as_ref().map(|account| account.id)
    }

    /// Whether the account holds the role anywhere.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.account.as_ref().is_some_and(|account| account.has_role(role))
    }
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let secret = bearer(&parts.headers).or_else(|| cookie(&parts.headers, web.config.cookie()));
        let token = secret.map(|secret| Digest::of_bytes(secret.as_bytes()));
        let now = web.app.clock().now();
        let account = token.and_then(|token| {
            web.app.state().logged_in(&token, now).map(|(account, _)| account.clone())
        });
        let token = token.filter(|_| account.is_some());
        let done = Done::told_by(parts.uri.query()).filter(|_| account.is_some());
        Ok(Self { account, token, done })
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (kind, token) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The value of a cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Someone who logged in; anyone else is led to the login page.
#[derive(Debug, Clone)]
pub struct Member {
    /// The account.
    pub account: Account,
    /// The digest of the login's token.
    pub token: Digest,
    /// What was just done.
    pub done: Option<Done>,
}

impl Member {
    /// For the policy.
    #[must_use]
    pub fn viewer(&self) -> Viewer<'_> {
        Viewer::Account(&self.account)
    }

    /// For commands.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account(self.account.id)
    }

    /// As a visitor, for pages that take both.
    #[must_use]
    pub fn visitor(&self) -> Visitor {
        Visitor { account: Some(self.account.clone()), token: Some(self.token), done: self.done }
    }
}

impl FromRequestParts<Web> for Member {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, WebError> {
        // What was sent cannot be opened again; its form can.
        let lost = parts.method != Method::GET && parts.method != Method::HEAD;
        let next = if lost {
            urls::form_of(parts.uri.path()).to_owned()
        } else {
            parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned()
        };
        let Ok(visitor) = <Visitor as FromRequestParts<Web>>::from_request_parts(parts, web).await;
        let done = visitor.done;
        match (visitor.account, visitor.token) {
            (Some(account), Some(token)) => Ok(Self { account, token, done }),
            _ => Err(WebError::LoginNeeded { next, lost }),
        }
    }
}

impl OptionalFromRequestParts<Web> for Member {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Option<Self>, WebError> {
        match <Self as FromRequestParts<Web>>::from_request_parts(parts, web).await {
            Ok(member) => Ok(Some(member)),
            Err(WebError::LoginNeeded { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The variable parts of the path, in order.
#[derive(Debug, Clone)]
pub struct PathParts(Vec<String>);

impl PathParts {
    /// The variable part at this position; empty where there is none.
    #[must_use]
    pub fn get(&self, at: usize) -> &str {
        self.0.get(at).map_or("", String::as_str)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathParts {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let params = axum::extract::RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| WebError::not_found("Halaman ini"))?;
        Ok(Self(params.iter().map(|(_, value)| value.to_owned()).collect()))
    }
}

/// Names and values of a query or a form, in order; a name may stand several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(Vec<(String, String)>);

impl Values {
    /// Reads `application/x-www-form-urlencoded` text.
    ///
    /// # Errors
    /// When a value is no UTF-8 text.
    pub fn parse(encoded: &[u8]) -> Result<Self, WebError> {
        let mut pairs = Vec::new();
        for pair in encoded.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self(pairs))
    }

    /// Values that were made here.
    #[must_use]
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a name, trimmed; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of a name as it was sent.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the name stands with a value that is not empty.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Lets a name have this value alone.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value));
    }

    /// Every pair.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// A date, as `YYYY-MM-DD` or `DD/MM/YYYY`.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<Date> {
        crate::bahasa::tanggal::parse(self.get(name)).ok()
    }

    /// A whole number.
    #[must_use]
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// An id.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<Uuid> {
        Uuid::try_parse(self.get(name)).ok()
    }

    /// The last value of every name, for pages that show a form again.
    #[must_use]
    pub fn map(&self) -> BTreeMap<&str, &str> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// The value of a hex digit. Not by parsing a number, which may have a sign before it.
fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn decode(text: &[u8]) -> Result<String, WebError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'+' => bytes.push(b' '),
            b'%' => {
                let byte = text.get(at + 1).zip(text.get(at + 2));
                match byte.and_then(|(high, low)| Some(hex(*high)? << 4 | hex(*low)?)) {
                    Some(byte) => {
                        bytes.push(byte);
                        at += 2;
                    }
                    None => bytes.push(b'%'),
                }
            }
            byte => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8(bytes).map_err(|_| {
        WebError::Bad(
            "Kiriman ini memuat huruf yang rusak (bukan UTF-8). Ketik ulang teksnya, lalu kirim lagi."
                .to_owned(),
        )
    })
}

/// The query of the address.
#[derive(Debug, Clone, Default)]
pub struct Params(pub Values);

impl std::ops::Deref for Params {
    type Target = Values;

    fn deref(&self) -> &Values {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let query = parts.uri.query().unwrap_or("");
        if query.len() > MAX_QUERY_BYTES {
            return Err(WebError::Bad(
                "Alamat ini terlalu panjang. Persingkat kata yang dicari.".to_owned(),
            ));
        }
        Values::parse(query.as_bytes()).map(Self)
    }
}

/// A form that was sent.
#[derive(Debug, Clone)]
pub struct FormData(pub Values);

impl std::ops::Deref for FormData {
    type Target = Values;

    fn deref(&self) -> &Values {
        &self.0
    }
}

impl FromRequest<Web> for FormData {
    type Rejection = WebError;

    async fn from_request(request: Request, _: &Web) -> Result<Self, WebError> {
        let bytes = read_body(request, MAX_FORM_BYTES).await?;
        Values::parse(&bytes).map(Self)
    }
}

/// So much of a body that is too long is read and forgotten, so that its sender, who may read
/// nothing before all is sent, gets the answer; beyond that the connection ends.
const PASSED_OVER_BYTES: usize = 16 * 1024 * 1024;

/// The body of a request, up to a number of bytes.
///
/// # Errors
/// [`WebError::TooLarge`] when it is longer; [`WebError::Bad`] when it is broken or ends too early.
pub async fn read_body(request: Request, max: usize) -> Result<Vec<u8>, WebError> {
    let too_large = || {
        WebError::TooLarge(format!(
            "Kiriman ini lebih besar dari {} KB. Ringkas isinya, lalu kirim lagi.",
            crate::bahasa::angka::count(max as u64 / 1024)
        ))
    };
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    // Whoever asks first is told first; whoever sends at once reads no answer before all is sent.
    let asks = request.headers().contains_key(header::EXPECT);
    let most = max.saturating_add(PASSED_OVER_BYTES);
    if declared.is_some_and(|length| length > if asks { max } else { most }) {
        return Err(too_large());
    }
    let mut passed_over = 0;
    let mut body = request.into_body();
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| {
            WebError::Bad(
                "Kiriman ini rusak atau terputus di jalan. Periksa sambungan Anda, lalu kirim lagi."
                    .to_owned(),
            )
        })?;
        // What is no data are notes behind the body, which nobody here reads.
        let Ok(data) = frame.into_data() else { continue };
        if passed_over > 0 || data.len() > max - bytes.len() {
            bytes = Vec::new();
            passed_over += data.len();
            if passed_over > PASSED_OVER_BYTES {
                break;
            }
            continue;
        }
        bytes.extend_from_slice(&data);
    }
    if passed_over > 0 { Err(too_large()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded() {
        let values =
            Values::parse(b"a=1&b=x+y%20z&a=2&c&d=%zz&e=%C3%A9&f=%+5%-1%4&g=%4a%4A%").unwrap();
        assert_eq!(values.get("a"), "1");
        assert_eq!(values.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(values.get("b"), "x y z");
        assert_eq!((values.get("c"), values.get("d"), values.get("e")), ("", "%zz", "é"));
        assert_eq!((values.get("f"), values.get("g")), ("% 5%-1%4", "JJ%"));
        assert!(Values::parse(b"a=%ff").is_err());
    }
}
