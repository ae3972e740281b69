//! What every page shares: the frame around it, forms, and small values that templates show.

use std::sync::atomic::{AtomicU32, Ordering};

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use uuid::Uuid;

use crate::decide::FieldError;
use crate::ids::Digest;
use crate::people::account::Role;

use super::Web;
use super::error::WebError;
use super::extract::{Values, Visitor};
use super::parts::WHOLE_FORM;

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
    /// Whether it shows at the desk only.
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

/// What was just done, as an address carries it from the form to the page behind it. The words are
/// ours, so that no address can make a page say anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A visit was logged.
    Visit,
    /// A visit was logged with a count of the members.
    VisitChecked,
    /// A visit was corrected.
    VisitChanged,
    /// A visit was withdrawn.
    VisitWithdrawn,
    /// A setting was changed.
    Setting,
    /// The sesi that an area is measured by were chosen.
    Target,
    /// Two records became one.
    Joined,
    /// Two records stay two.
    Apart,
    /// Several kelompok became the one that is shown.
    Merged,
    /// A kelompok was changed in another way.
    Saved,
}

impl Done {
    const ALL: [Self; 10] = [
        Self::Visit,
        Self::VisitChecked,
        Self::VisitChanged,
        Self::VisitWithdrawn,
        Self::Setting,
        Self::Target,
        Self::Joined,
        Self::Apart,
        Self::Merged,
        Self::Saved,
    ];
    /// The name in an address.
    const FIELD: &str = "selesai";

    /// Its value in an address, and what is said.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Visit => ("kunjungan", "Kunjungan tersimpan."),
            Self::VisitChecked => ("diperiksa", "Kunjungan dan pemeriksaannya tersimpan."),
            Self::VisitChanged => ("kunjungan-diubah", "Perubahan kunjungan tersimpan."),
            Self::VisitWithdrawn => ("kunjungan-ditarik", "Kunjungan ditarik."),
            Self::Setting => ("setelan", "Setelan tersimpan."),
            Self::Target => ("sasaran", "Sesi sasaran tersimpan."),
            Self::Joined => ("digabung", "Kedua catatan sudah digabung."),
            Self::Apart => ("dua", "Tersimpan: keduanya memang dua pertemuan."),
            Self::Merged => ("kelompok-baru", "Tersimpan: kelompok baru hasil penggabungan."),
            Self::Saved => ("ubah", "Perubahan tersimpan."),
        }
    }

    /// What the query of an address tells.
    #[must_use]
    pub fn told_by(query: Option<&str>) -> Option<Self> {
        let (_, value) = query?
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == Self::FIELD)?;
        Self::ALL.into_iter().find(|one| one.words().0 == value)
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

/// Instead of the name of a field: the id of the request stands for other values already.
pub const USED_ID: &str = "isi.dipakai";

/// A form as it is shown: values, errors by field, the id of the request.
#[derive(Debug, Default)]
pub struct Form {
    id: Uuid,
    /// How many ids of requests were handed out.
    given: AtomicU32,
    /// Every error, in the order of the form.
    pub errors: Vec<FieldError>,
    values: Values,
}

impl Form {
    /// A form with these values and a new id.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn new(web: &Web, values: Vec<(&str, String)>) -> Result<Self, WebError> {
        let pairs = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self {
            id: web.app.clock().new_id()?,
            given: AtomicU32::new(0),
            errors: Vec::new(),
            values: Values::from_pairs(pairs),
        })
    }

    /// The form that was sent, with what is wrong with it; nothing typed is lost. One whose id was
    /// used becomes another request, the same one however often this form is sent.
    #[must_use]
    pub fn again(values: &Values, mut errors: Vec<FieldError>) -> Self {
        let mut id = values.get("id").parse().unwrap_or_default();
        for error in errors.iter_mut().filter(|error| error.field == USED_ID) {
            WHOLE_FORM.clone_into(&mut error.field);
            id = behind(id, values);
        }
        Self { id, given: AtomicU32::new(0), errors, values: values.clone() }
    }

    /// Makes it another request, because it came without an id of its own.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn renew(&mut self, web: &Web) -> Result<(), WebError> {
        self.id = web.app.clock().new_id()?;
        Ok(())
    }

    /// The id of a request, another one each time: several forms of one page are several requests,
    /// also when somebody goes back to the page and sends the next. The first is the id of the form
    /// itself, so that a form that comes back with its errors keeps it.
    #[must_use]
    pub fn request_id(&self) -> String {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        if self.id.is_nil() {
            return String::new();
        }
        // The lowest bits of an id are random, so that counting on in them keeps its kind and time.
        let bits = self.id.as_u128();
        let low = u32::try_from(bits & u128::from(u32::MAX)).unwrap_or_default();
        let next = u128::from(low.wrapping_add(given));
        Uuid::from_u128((bits & !u128::from(u32::MAX)) | next).to_string()
    }

    /// Every field with its value.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// What was typed, or the default.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.raw(name).unwrap_or("")
    }

    /// What is wrong with the field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|one| one.field == name).map(|one| one.message.as_str())
    }

    /// Whether this choice or tick is set.
    #[must_use]
    pub fn checked(&self, name: &str, value: &str) -> bool {
        self.values.all(name).any(|one| one == value)
    }
}

/// The id that follows on `id` for these values: its time and kind, and other random bits.
fn behind(id: Uuid, values: &Values) -> Uuid {
    /// The bits of an id that are random: all but its time, its version and its variant.
    const RANDOM: u128 = 0x0000_0000_0000_0fff_3fff_ffff_ffff_ffff;
    let digest = Digest::of(&(id, values.pairs()));
    Uuid::from_u128((id.as_u128() & !RANDOM) | (u128::from_be_bytes(digest.0) & RANDOM))
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

fn places(visitor: &Visitor, here: &str) -> Vec<Place> {
    const BERANDA: (&str, &str, &str) = ("Beranda", "/", "beranda");
    const KURIKULUM: (&str, &str, &str) = ("Kurikulum", "/kurikulum", "kurikulum");
    const KELOMPOK: (&str, &str, &str) = ("Kelompok", "/kelompok", "kelompok");
    const CARI: (&str, &str, &str) = ("Cari", "/cari", "cari");
    const CAKUPAN: (&str, &str, &str) = ("Cakupan", "/cakupan", "cakupan");
    const LAPORAN: (&str, &str, &str) = ("Laporan", "/laporan", "laporan");
    const TINJAUAN: (&str, &str, &str) = ("Tinjauan", "/tinjauan", "tinjauan");
    const WILAYAH: (&str, &str, &str) = ("Wilayah", "/wilayah", "wilayah");
    const PENGGUNA: (&str, &str, &str) = ("Pengguna", "/pengguna", "pengguna");
    const SETELAN: (&str, &str, &str) = ("Setelan", "/setelan", "setelan");
    const MASUK: (&str, &str, &str) = ("Masuk", "/masuk", "masuk");
    const BANTUAN: (&str, &str, &str) = ("Bantuan", "/bantuan", "bantuan");
    let (four, more): (&[_], &[_]) = match main_role(visitor) {
        Some(Role::Pendamping) => (&[BERANDA, KURIKULUM, KELOMPOK, CARI], &[BANTUAN]),
        Some(Role::Supervisor) => {
            (&[BERANDA, CAKUPAN, KELOMPOK, LAPORAN], &[KURIKULUM, CARI, WILAYAH, BANTUAN])
        }
        Some(Role::Pelatih | Role::Penelaah) => {
            (&[BERANDA, KURIKULUM, TINJAUAN, CARI], &[CAKUPAN, BANTUAN])
        }
        Some(Role::Admin) => {
            (&[BERANDA, KELOMPOK, PENGGUNA, CAKUPAN], &[WILAYAH, LAPORAN, KURIKULUM, BANTUAN])
        }
        None if visitor.account.is_some() => (&[BERANDA, KURIKULUM, CARI, BANTUAN], &[]),
        None => (&[BERANDA, KURIKULUM, CARI, MASUK], &[BANTUAN]),
    };
    let settings: &[_] = if visitor.viewer().change_settings() { &[SETELAN] } else { &[] };
    let entry = |(at, (name, href, icon)): (usize, &(&'static str, &'static str, &'static str)),
                 more| {
        Place { name, href, icon, active: *href == here, more, first: more && at == 0 }
    };
    let first = four.iter().enumerate().map(|one| entry(one, false));
    let more = more.iter().chain(settings);
    first.chain(more.enumerate().map(|one| entry(one, true))).collect()
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

/// The same, and the page says what was done.
#[must_use]
pub fn lead_to_done(href: &str, done: Done) -> Response {
    let (path, fragment) = href.split_once('#').map_or((href, ""), |(path, at)| (path, at));
    let joint = if path.contains('?') { '&' } else { '?' };
    let mut href = format!("{path}{joint}{}={}", Done::FIELD, done.words().0);
    if !fragment.is_empty() {
        href.push('#');
        href.push_str(fragment);
    }
    lead_to(&href)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_stands_in_the_address_behind_it() {
        for (href, expected) in [
            ("/setelan", "/setelan?selesai=setelan"),
            ("/a?b=c", "/a?b=c&selesai=setelan"),
            ("/a#b", "/a?selesai=setelan#b"),
        ] {
            let response = lead_to_done(href, Done::Setting);
            assert_eq!(response.headers()[header::LOCATION], expected);
        }
        for done in Done::ALL {
            let query = format!("a=b&selesai={}", done.words().0);
            assert_eq!(Done::told_by(Some(&query)), Some(done));
        }
        assert_eq!(Done::told_by(Some("selesai=lain&x")), None);
        assert_eq!(Done::told_by(None), None);
    }
}
