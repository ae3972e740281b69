//! What every page shares: the frame around it, forms, and small values that templates show.

mod done;
mod form;
mod places;

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use crate::people::account::Role;

use super::Web;
use super::error::WebError;
use super::extract::Visitor;

pub use self::done::{Done, lead_to_done, told};
pub use self::form::{Form, USED_ID};
use self::places::places;

/// The frame of a page; the field `page` of every template.
#[derive(Debug, Clone)]
pub struct Page {
    /// The program's version.
    pub version: &'static str,
    /// Names the state of the static files in addresses.
    pub asset: &'static str,
    /// What stands in the search field.
    pub query: String,
    /// Who is logged in.
    pub person: Option<Person>,
    /// Where one can go, by role.
    pub places: Vec<Place>,
    /// What must be said before anything else.
    pub notices: Vec<Notice>,
}

impl Page {
    /// The places behind "Lainnya" where the bar holds four only; none if the foot of every page
    /// leads to them all.
    #[must_use]
    pub fn rest(&self) -> Vec<&Place> {
        const IN_THE_FOOT: [&str; 2] = ["/bantuan", "/kurikulum"];
        let more: Vec<&Place> = self.places.iter().filter(|place| place.more).collect();
        if more.iter().all(|place| IN_THE_FOOT.contains(&place.href)) { Vec::new() } else { more }
    }
}

/// Who is logged in, for the frame.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name.
    pub name: String,
    /// Its first letter.
    pub initial: String,
    /// The role in words.
    pub role: &'static str,
}

/// One entry of the menu.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its name.
    pub name: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// The name of its icon.
    pub icon: &'static str,
    /// Whether the page stands there.
    pub active: bool,
    /// Whether it stands behind "Lainnya" on a phone.
    pub more: bool,
    /// Whether it is the first of those.
    pub first: bool,
}

/// Something to be said on top of a page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Empty, `attention` or `danger`.
    pub kind: &'static str,
    /// What is said.
    pub text: String,
    /// Where it leads.
    pub link: Option<Link>,
}

impl Notice {
    /// Something to look at, without an address.
    #[must_use]
    pub fn attention(text: impl Into<String>) -> Self {
        Self { kind: "attention", text: text.into(), link: None }
    }
}

/// A named address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A named address.
    #[must_use]
    pub fn new(name: impl Into<String>, href: impl Into<String>) -> Self {
        Self { name: name.into(), href: href.into() }
    }
}

/// A tab or view; `icon` may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is shown now.
    pub active: bool,
    /// The name of its icon.
    pub icon: &'static str,
}

/// A mark in words: `kind` is empty, `good`, `attention` or `off`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The words.
    pub name: String,
    /// How it looks.
    pub kind: &'static str,
}

impl Badge {
    /// A mark in words.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: &'static str) -> Self {
        Self { name: name.into(), kind }
    }
}

/// A number with what it is counted from, leading to the list behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratio {
    /// The numerator.
    pub part: String,
    /// The denominator.
    pub whole: String,
    /// The list behind it.
    pub href: Option<String>,
    /// The share in percent; none for a whole of 0.
    pub percent: Option<String>,
}

impl Ratio {
    /// `part` of `whole`.
    #[must_use]
    pub fn new(part: u64, whole: u64, href: Option<String>) -> Self {
        use crate::bahasa::angka;
        Self {
            part: angka::count(part),
            whole: angka::count(whole),
            href,
            percent: angka::percent(part, whole),
        }
    }
}

/// A number that may lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The number in words.
    pub text: String,
    /// The list behind it.
    pub href: Option<String>,
}

/// One of several values of a field; `hint` may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub name: String,
    /// What it means.
    pub hint: String,
}

impl Choice {
    /// A value with its name.
    #[must_use]
    pub fn new(value: impl Into<String>, name: impl Into<String>) -> Self {
        Self { value: value.into(), name: name.into(), hint: String::new() }
    }
}

impl Web {
    /// The frame of a page for a visitor; `here` is the address of the menu entry it stands in.
    #[must_use]
    pub fn page(&self, visitor: &Visitor, here: &str) -> Page {
        let mut notices = Vec::new();
        if self.config.plain_http && !self.config.secure() {
            notices.push(Notice::attention(
                "Sambungan ini tidak terenkripsi. Pakai hanya di jaringan kantor yang tepercaya.",
            ));
        }
        if let Some(done) = visitor.done {
            notices.push(Notice { kind: "", text: done.words().1.to_owned(), link: None });
        }
        Page {
            version: env!("CARGO_PKG_VERSION"),
            asset: super::assets::state(),
            query: String::new(),
            person: visitor.account.as_ref().map(|account| Person {
                name: account.name.clone(),
                initial: account.name.chars().next().map(String::from).unwrap_or_default(),
                role: role_name(visitor),
            }),
            places: places(visitor, here),
            notices,
        }
    }
}

/// The role that decides how the home page looks: the one whose work comes most often.
#[must_use]
pub fn main_role(visitor: &Visitor) -> Option<Role> {
    [Role::Pendamping, Role::Supervisor, Role::Penelaah, Role::Pelatih, Role::Admin]
        .into_iter()
        .find(|role| visitor.has(*role))
}

fn role_name(visitor: &Visitor) -> &'static str {
    match main_role(visitor) {
        Some(Role::Pendamping) => "Pendamping",
        Some(Role::Supervisor) => "Supervisor",
        Some(Role::Pelatih) => "Pelatih",
        Some(Role::Penelaah) => "Penelaah",
        Some(Role::Admin) => "Admin",
        None => "Tanpa peran",
    }
}

/// Renders a page.
///
/// # Errors
/// When the template fails, which no value can make it do.
pub fn show<T: Template>(template: &T) -> Result<Response, WebError> {
    template
        .render()
        .map(|html| Html(html).into_response())
        .map_err(|error| WebError::internal(&error))
}

/// Renders a page with another status, such as 422 for a form that comes back.
///
/// # Errors
/// As [`show`].
pub fn show_with<T: Template>(
    status: axum::http::StatusCode,
    template: &T,
) -> Result<Response, WebError> {
    let mut response = show(template)?;
    *response.status_mut() = status;
    Ok(response)
}

/// Leads on to another page after a change.
#[must_use]
pub fn lead_to(href: &str) -> Response {
    (axum::http::StatusCode::SEE_OTHER, [(header::LOCATION, href.to_owned())]).into_response()
}
