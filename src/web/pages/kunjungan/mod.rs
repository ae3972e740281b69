//! Visits: which places were visited and which were not, logging one, one with its history.

mod catat;
mod lihat;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::visit::VisitPlace;
use crate::kelompok::wilayah::Kode;
use crate::people::policy::Viewer;
use crate::state::{State, VisitState};
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Link, Notice, Page, Ratio, show};
use crate::web::parts::scope::{Scope, group_areas};
use crate::web::parts::{address, pengawasan, place, when};
use crate::web::{Web, urls};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/kunjungan", get(get_list))
        .route("/kunjungan/baru", get(catat::get_form).post(catat::post_form))
        .route("/kunjungan/{id}", get(lihat::get_visit))
        .route("/kunjungan/{id}/koreksi", post(lihat::post_correct))
        .route("/kunjungan/{id}/tarik", post(lihat::post_withdraw))
}

#[derive(Template)]
#[template(path = "pages/kunjungan.html")]
struct Daftar {
    page: Page,
    trail: Vec<Link>,
    title: String,
    ratio: Option<Ratio>,
    unit: &'static str,
    days: String,
    wilayah: String,
    from: String,
    to: String,
    visited: Vec<PlaceRow>,
    rest: Vec<Link>,
    others: Vec<VisitLink>,
    add: Option<String>,
}

/// A place that was visited.
struct PlaceRow {
    name: String,
    href: String,
    visits: Vec<VisitLink>,
}

/// One visit.
struct VisitLink {
    date: String,
    text: String,
    href: String,
}

async fn get_list(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&page(&web, &member, &params)?)
}

fn page(web: &Web, member: &Member, params: &Params) -> Result<Daftar, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let (today, latest) = (when::today(web), when::latest_today(web));
    let scope = Scope::of(&state, viewer, params.get("wilayah"))?;
    if !scope.names || scope.mine() {
        return Err(WebError::Forbidden(
            "Daftar kunjungan dibuka oleh supervisor dan admin wilayah. Hubungi admin wilayah Anda bila ini tugas Anda."
                .to_owned(),
        ));
    }
    let (days, note) = period((params.day("dari")?, params.day("sampai")?), today);
    let mut frame = web.page(&member.visitor(), "/wilayah");
    frame.notices.extend(note.map(Notice::attention));
    let (all, unit) = pengawasan::visited(&state, &scope.areas, days);
    let (visited, rest): (Vec<_>, Vec<_>) = all.iter().partition(|one| !one.visits.is_empty());
    let href = |kode: Kode| {
        address(
            "/kunjungan",
            &[
                ("wilayah", &kode.to_string()),
                ("dari", params.get("dari")),
                ("sampai", params.get("sampai")),
            ],
        )
    };
    let counted: Vec<_> = visited.iter().flat_map(|one| &one.visits).map(|one| one.id).collect();
    let others = scope
        .areas
        .iter()
        .flat_map(|area| state.visits_in(*area, days))
        .filter(|one| !counted.contains(&one.id))
        .filter_map(|one| link(&state, (viewer, latest), one, None))
        .collect();
    let trail = scope.area().map_or_else(Vec::new, |area| {
        place::trail(&state, area, &group_areas(viewer), "/kunjungan")
    });
    let may_add = scope.areas.iter().any(|area| viewer.supervise(*area));
    Ok(Daftar {
        page: frame,
        trail,
        title: format!("Kunjungan di {}", scope.name(&state)),
        ratio: (!all.is_empty()).then(|| Ratio::new(visited.len() as u64, all.len() as u64, None)),
        unit,
        days: format!("{} sampai {}", tanggal::long(days.0), tanggal::long(days.1)),
        wilayah: params.get("wilayah").to_owned(),
        from: days.0.to_string(),
        to: days.1.to_string(),
        visited: visited
            .iter()
            .map(|one| PlaceRow {
                name: state.place(one.place),
                href: href(one.place),
                visits: one
                    .visits
                    .iter()
                    .filter_map(|visit| link(&state, (viewer, latest), visit, Some(one.place)))
                    .collect(),
            })
            .collect(),
        rest: rest.iter().map(|one| Link::new(state.place(one.place), href(one.place))).collect(),
        others,
        add: may_add.then(|| address("/kunjungan/baru", &[("wilayah", params.get("wilayah"))])),
    })
}

/// The days asked for, this year where nothing is said; and what is to be said of them.
fn period(
    (from, to): (Option<Date>, Option<Date>),
    today: Date,
) -> ((Date, Date), Option<&'static str>) {
    let year = pengawasan::year_of(today);
    let (from, to) = (from.unwrap_or(year.0), to.unwrap_or(year.1));
    if from > to {
        let text = "Hari pertama lebih akhir daripada hari terakhir, jadi keduanya ditukar.";
        ((to, from), Some(text))
    } else {
        ((from, to), None)
    }
}

/// A visit with its name; none for a kelompok that the viewer may no longer read. Below the name of
/// the place `under` that is not said again.
fn link(
    state: &State,
    (viewer, today): (Viewer<'_>, Date),
    one: &VisitState,
    under: Option<Kode>,
) -> Option<VisitLink> {
    let visit = one.now().filter(|one| pengawasan::may_read(state, viewer, one, today))?;
    let named = under.is_some_and(|place| visit.place == VisitPlace::Wilayah(place));
    Some(VisitLink {
        date: tanggal::short(visit.date),
        text: if named {
            visit.office.to_string()
        } else {
            format!("{}, {}", pengawasan::place_of(state, visit), visit.office)
        },
        href: urls::kunjungan(one.id),
    })
}
