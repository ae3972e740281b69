//! The holidays of a place, around which plans go.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::app::SubmitError;
use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::event::Setting;
use crate::kelompok::rules::{Holiday, Holidays};
use crate::kelompok::wilayah::Kode;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Form, Link, Page, lead_to, show, show_with};
use crate::web::parts::scope::{Scope, group_areas};
use crate::web::parts::{WHOLE_FORM, place, when};
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
    let again = |status, errors| {
        let form = Form::again(&form.0, errors);
        show_with(status, &page(&web, &member, parts.get(0), form)?)
    };
    let (area, mut list, current) = {
        let state = web.app.state();
        let area = seen(&state, &member, parts.get(0))?;
        (area, state.holidays_of(area).to_vec(), state.holidays_version(area))
    };
    let today = when::today(&web);
    let id = match form.id("id").filter(|id| !id.is_nil()) {
        Some(id) => id,
        None => web.app.clock().new_id()?,
    };
    // A form that was sent twice has had its effect.
    let accepted = web.app.state().accepted(id);
    if let Some(accepted) = accepted {
        return if accepted.by == Some(member.account.id) {
            Ok(lead_to(&urls::libur(area)))
        } else {
            Err(WebError::not_found("Permintaan ini"))
        };
    }
    let stale = || {
        let text = "Daftar libur ini sudah diubah orang lain sejak Anda membukanya. Di bawah ini daftar yang sekarang; isian Anda masih ada.";
        again(StatusCode::PRECONDITION_FAILED, vec![FieldError::new(WHOLE_FORM, text)])
    };
    if form.number::<u64>("version") != Some(current) {
        return stale();
    }
    match form.number::<usize>("hapus") {
        Some(at) => {
            // What lies behind was planned around and stays.
            if list.get(at).is_none_or(|one| one.to < today) {
                return Err(WebError::not_found("Libur ini"));
            }
            list.remove(at);
        }
        None => match holiday(&form) {
            Ok(one) => list.push(one),
            Err(errors) => return again(StatusCode::UNPROCESSABLE_ENTITY, errors),
        },
    }
    let setting = Box::new(Setting::Holidays(Holidays { area, list }));
    // The whole list is sent at once; the version keeps one of two changes from vanishing.
    let command = Command::ChangeSetting { from: today, setting, version: Some(current) };
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(_) => Ok(lead_to(&urls::libur(area))),
        Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
            again(StatusCode::UNPROCESSABLE_ENTITY, errors)
        }
        Err(SubmitError::Refused(Refusal::Stale { .. })) => stale(),
        Err(error) => Err(error.into()),
    }
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
