//! The holidays of a place, around which plans go.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::{Command, HolidayChange};
use crate::decide::FieldError;
use crate::kelompok::rules::Holiday;
use crate::kelompok::wilayah::Kode;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::scope::{Scope, group_areas};
use crate::web::parts::send::{Sent, send};
use crate::web::parts::{place, when};
use crate::web::{Web, urls};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/wilayah/{kode}/libur", get(get_holidays).post(post_holiday))
}

#[derive(Template)]
#[template(path = "pages/libur.html")]
struct Libur {
    page: Page,
    trail: Vec<Link>,
    name: String,
    action: String,
    suspend: String,
    own: Vec<Line>,
    around: Vec<Line>,
    form: Option<Form>,
    version: u64,
}

/// One holiday.
struct Line {
    name: String,
    period: String,
    /// Of another place, with its name.
    place: String,
    /// It can still be taken back; its position among those of the place.
    at: Option<usize>,
}

async fn get_holidays(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    show(&page(&web, &member, parts.get(0), form)?)
}

async fn post_holiday(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let area = seen(&web.app.state(), &member, parts.get(0))?;
    let change = match form.number::<usize>("hapus") {
        Some(at) => Ok(HolidayChange::Remove(at)),
        None => holiday(&form).map(HolidayChange::Add),
    };
    let (errors, status) = match change {
        Err(errors) => (errors, StatusCode::UNPROCESSABLE_ENTITY),
        Ok(change) => {
            let version = form.number("version").unwrap_or(u64::MAX);
            let command = Command::ChangeHolidays { area, change, version };
            match send(&web, &member, &form, command).await? {
                Sent::Done(_) => return Ok(lead_to_done(&urls::libur(area), Done::Holidays)),
                Sent::Wrong(errors, status) => (errors, status),
            }
        }
    };
    show_with(status, &page(&web, &member, parts.get(0), Form::again(&form.0, errors))?)
}

fn holiday(form: &FormData) -> Result<Holiday, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut date = |field: &str| {
        tanggal::parse(form.get(field)).unwrap_or_else(|error| {
            errors.push(FieldError::new(field, error.to_string()));
            Date::MIN
        })
    };
    let (from, to) = (date("dari"), date("sampai"));
    let name = form.raw("nama").unwrap_or("").to_owned();
    if errors.is_empty() { Ok(Holiday { from, to, name }) } else { Err(errors) }
}

/// The place that an address names, if the viewer may see its numbers.
fn seen(state: &State, member: &Member, kode: &str) -> Result<Kode, WebError> {
    let missing = || WebError::not_found("Wilayah ini");
    if kode.is_empty() {
        return Err(missing());
    }
    Scope::of(state, member.viewer(), kode)?.area().ok_or_else(missing)
}

fn page(web: &Web, member: &Member, kode: &str, form: Form) -> Result<Libur, WebError> {
    let state = web.app.state();
    let area = seen(&state, member, kode)?;
    let today = when::today(web);
    let may_change = member.viewer().change_holidays(area);
    let line = |(at, one): (usize, &Holiday), place: String| Line {
        name: one.name.clone(),
        period: if one.from == one.to {
            tanggal::long(one.from)
        } else {
            format!("{} sampai {}", tanggal::long(one.from), tanggal::long(one.to))
        },
        at: (place.is_empty() && may_change && one.to >= today).then_some(at),
        place,
    };
    let own = state.holidays_of(area).iter().enumerate();
    let above = std::iter::successors(area.parent(), |kode| kode.parent());
    let around = above.flat_map(|kode| {
        let name = match place::full(&state, kode) {
            name if kode == Kode::NASIONAL => format!("seluruh {name}"),
            name => name,
        };
        state.holidays_of(kode).iter().enumerate().map(move |one| (one, name.clone()))
    });
    let mut trail = place::trail(&state, area, &group_areas(member.viewer()), "/cakupan");
    trail.push(Link::new(place::full(&state, area), format!("/wilayah/{area}")));
    Ok(Libur {
        page: web.page(&member.visitor(), "/wilayah"),
        trail,
        name: place::full(&state, area),
        action: urls::libur(area),
        suspend: format!("/wilayah/{area}#penangguhan"),
        own: own.map(|one| line(one, String::new())).collect(),
        around: around.map(|(one, name)| line(one, name)).collect(),
        form: may_change.then_some(form),
        version: state.holidays_version(area),
    })
}
