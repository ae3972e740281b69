//! The seats of a kelompok: who sat where from when to when, what each has missed.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::FieldError;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Form, Link, Page, lead_to, show, show_with};
use crate::web::parts::scope::readable;
use crate::web::parts::seats::{Missed, by_sesi, of_seat};
use crate::web::parts::send::{Sent, send};
use crate::web::parts::when;
use crate::web::{Web, urls};

#[derive(Template)]
#[template(path = "pages/kelompok_kursi.html")]
struct Kursi {
    page: Page,
    trail: Vec<Link>,
    name: String,
    id: String,
    version: u64,
    lead: String,
    numbered: bool,
    rows: Vec<Row>,
    missed: Vec<Missed>,
    form: Form,
    can_number: bool,
    record: Option<String>,
    printed: String,
}

struct Row {
    number: u16,
    from: String,
    to: String,
    gone: bool,
    owes: String,
}

pub(super) async fn get(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let today = {
        let state = web.app.state();
        let group = readable(&state, member.viewer(), parts.get(0), when::latest_today(&web))?;
        when::today_at(&web, group.home(Date::MAX))
    };
    let form = Form::new(&web, vec![("date", today.to_string())])?;
    show(&page(&web, &member, parts.get(0), form)?)
}

pub(super) async fn post(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let kelompok = {
        let state = web.app.state();
        readable(&state, member.viewer(), parts.get(0), when::latest_today(&web))?.id.clone()
    };
    let href = urls::kursi(&kelompok);
    let (errors, status) = match tanggal::parse(form.get("date")) {
        Err(error) => {
            (vec![FieldError::new("date", error.to_string())], StatusCode::UNPROCESSABLE_ENTITY)
        }
        Ok(date) => {
            let version = form.number("version").unwrap_or(0);
            let command = Command::NumberSeats { kelompok, date, version };
            match send(&web, &member, &form, command).await? {
                Sent::Done(_) => return Ok(lead_to(&href)),
                Sent::Wrong(errors, status) => (errors, status),
            }
        }
    };
    let form = Form::again(&form.0, errors);
    show_with(status, &page(&web, &member, parts.get(0), form)?)
}

fn page(web: &Web, member: &Member, id: &str, form: Form) -> Result<Kursi, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let latest = when::latest_today(web);
    let group = readable(&state, viewer, id, latest)?;
    let today = when::today_at(web, group.home(Date::MAX));
    let owed = state.owed(group, today);
    let rows: Vec<Row> = group
        .seats
        .iter()
        .map(|seat| Row {
            number: seat.number,
            from: tanggal::short(seat.from),
            to: seat.to.map_or_else(String::new, tanggal::short),
            gone: !seat.active(today),
            owes: of_seat(&state, &owed, seat.number),
        })
        .collect();
    let filled = rows.iter().filter(|row| !row.gone).count();
    let owing = rows.iter().filter(|row| !row.owes.is_empty()).count();
    let lead = match (group.seats.is_empty(), owing) {
        (true, _) => "Anggota kelompok ini belum diberi nomor urut.".to_owned(),
        (_, 0) => format!("{filled} nomor urut terisi; tidak ada yang perlu susulan."),
        (_, owing) => format!("{filled} nomor urut terisi; {owing} masih perlu susulan."),
    };
    Ok(Kursi {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ],
        name: group.name.clone(),
        id: group.id.to_string(),
        version: group.version,
        lead,
        numbered: !group.seats.is_empty(),
        rows,
        missed: by_sesi(&state, &owed),
        form,
        can_number: group.seats.is_empty()
            && group.active(today)
            && viewer.change_heads(group, latest),
        record: viewer.record(group, today, latest).then(|| urls::catat(&group.id)),
        printed: tanggal::long(today),
    })
}
