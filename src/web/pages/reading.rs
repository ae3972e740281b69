//! What the pages of the curriculum share: who may read, where a sesi stands, its row of tabs.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::texts::Text;
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::Zone;
use crate::people::account::Role;
use crate::state::{SesiState, State};
use crate::web::error::WebError;
use crate::web::extract::{PathParts, Visitor};
use crate::web::guide::Guide;
use crate::web::page::{Link, Tab};
use crate::web::{Web, urls};

/// A visitor who may read the live texts; anyone else is led to the login page.
#[derive(Debug, Clone)]
pub(super) struct Reader(pub(super) Visitor);

impl FromRequestParts<Web> for Reader {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, WebError> {
        let next = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let Ok(visitor) = <Visitor as FromRequestParts<Web>>::from_request_parts(parts, web).await;
        let public = web.app.state().public_reading;
        if visitor.viewer().read_live(public) {
            Ok(Self(visitor))
        } else {
            Err(WebError::LoginNeeded { next, lost: false })
        }
    }
}

/// Runs work that reads, parses or compares texts on a thread where it may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WebError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| WebError::internal(&error))
}

/// The sesi that the address names.
pub(super) fn sesi_id(parts: &PathParts) -> Result<SesiId, WebError> {
    parts.get(0).parse().map_err(|_| missing_sesi())
}

/// The answer where there is no such sesi.
pub(super) fn missing_sesi() -> WebError {
    WebError::not_found("Sesi ini")
}

/// The sesi with this id.
pub(super) fn known_sesi<'a>(state: &'a State, id: &SesiId) -> Result<&'a SesiState, WebError> {
    state.sesi(id).ok_or_else(missing_sesi)
}

/// A text, parsed, without holding up other requests.
pub(super) async fn text(web: &Web, revision: RevisionId) -> Result<Text, WebError> {
    let app = Arc::clone(&web.app);
    Ok(blocking(move || app.texts().get(revision)).await??)
}

/// A text as HTML, rendered the first time that it is asked for.
pub(super) async fn guide(web: &Web, revision: RevisionId) -> Result<Arc<Guide>, WebError> {
    if let Some(known) = web.guides.known(revision) {
        return Ok(known);
    }
    let web = web.clone();
    blocking(move || {
        let text = web.app.texts().get(revision)?;
        Ok(web.guides.render(revision, &text.sesi))
    })
    .await?
}

/// What every page of a sesi shows around its content.
#[derive(Debug, Clone)]
pub(super) struct SesiHead {
    /// Its id.
    pub(super) id: SesiId,
    /// Its title.
    pub(super) title: String,
    /// `Sesi 8`, or the title of a page outside every skema.
    pub(super) here: String,
    /// `Kesehatan dan Gizi · Sesi 8`.
    pub(super) kicker: String,
    /// From the curriculum to the modul.
    pub(super) trail: Vec<Link>,
    /// The row of its pages.
    pub(super) tabs: Vec<Tab>,
}

/// The pages of a sesi, by the tab that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Read,
    Present,
    Print,
    History,
    Edit,
}

impl SesiHead {
    /// Of a sesi, as the visitor sees it.
    pub(super) fn of(state: &State, visitor: &Visitor, sesi: &SesiState, place: Place) -> Self {
        let mut trail = vec![Link::new("Kurikulum", "/kurikulum")];
        let (mut here, mut kicker) = (sesi.title.clone(), sesi.title.clone());
        if let Some(found) = state.placement(&sesi.id) {
            here = format!("Sesi {}", found.entry.nomor);
            kicker = format!("{} · {here}", found.modul.judul);
            trail.push(Link::new(&found.modul.judul, urls::modul(&found.modul.id)));
        }
        Self {
            id: sesi.id.clone(),
            title: sesi.title.clone(),
            here,
            kicker,
            trail,
            tabs: tabs(visitor, sesi, place),
        }
    }

    /// The trail with the sesi itself, for the pages below it.
    pub(super) fn trail_below(&self) -> Vec<Link> {
        let mut trail = self.trail.clone();
        trail.push(Link::new(&self.here, urls::sesi(&self.id)));
        trail
    }
}

fn tabs(visitor: &Visitor, sesi: &SesiState, place: Place) -> Vec<Tab> {
    let id = &sesi.id;
    let tab = |name: &str, href, icon, of| Tab {
        name: name.to_owned(),
        href,
        active: Some(place) == of,
        icon,
    };
    let mut tabs = vec![tab("Baca", urls::sesi(id), "baca", Some(Place::Read))];
    if let Some(live) = sesi.live() {
        if live.langkah > 0 {
            let href = urls::sesi_part(id, "sajian");
            tabs.push(tab("Sajikan", href, "sajikan", Some(Place::Present)));
        }
        tabs.push(tab("Cetak", urls::cetak_sesi(id), "cetak", Some(Place::Print)));
        tabs.push(tab("Riwayat", urls::sesi_part(id, "riwayat"), "riwayat", Some(Place::History)));
    }
    if visitor.viewer().write_draft() {
        tabs.push(tab("Sunting", urls::sesi_part(id, "sunting"), "sunting", Some(Place::Edit)));
    }
    tabs
}

/// The date in WIB, the zone of what belongs to no kelompok.
pub(super) fn wib(at: Timestamp) -> Date {
    Zone::Wib.date(at)
}

/// `21 November 2026 pukul 09.41 WIB`.
pub(super) fn moment(at: Timestamp) -> String {
    let local = Zone::Wib.datetime(at);
    let date = crate::bahasa::tanggal::long(local.date());
    format!("{date} pukul {:02}.{:02} WIB", local.hour(), local.minute())
}

/// The kelompok that the visitor meets, each with today's date where it is; empty for all others.
pub(super) fn own_groups<'a>(
    state: &'a State,
    visitor: &Visitor,
    now: Timestamp,
) -> Vec<(&'a Kelompok, Date)> {
    if !visitor.has(Role::Pendamping) {
        return Vec::new();
    }
    let viewer = visitor.viewer();
    let given = viewer.id().into_iter().flat_map(|id| state.given_to(id));
    let mut own: Vec<_> = given
        .map(|group| (group, group.home(wib(now)).zone().date(now)))
        .filter(|(group, today)| viewer.meets(group, *today))
        .collect();
    own.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    own
}
