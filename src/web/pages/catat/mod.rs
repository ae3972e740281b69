//! Recording a pertemuan, and the page that says what it changed.

mod tercatat;

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
use crate::curriculum::ids::SesiId;
use crate::decide::{FieldError, Refusal};
use crate::kelompok::KelompokId;
use crate::kelompok::group::Kelompok;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts};
use crate::web::page::{Choice, Form, Link, Notice, Page, USED_ID, lead_to, show, show_with};
use crate::web::parts::glance::Eye;
use crate::web::parts::record::{ModulChoice, RecordFields, Row, Tapping, parse, summary};
use crate::web::parts::scope::readable;
use crate::web::parts::{WHOLE_FORM, place, when, words};
use crate::web::{Web, urls};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/kelompok/{id}/catat", get(get_record).post(post_record))
        .route("/pertemuan/{id}/tercatat", get(tercatat::get_recorded))
}

/// The kelompok of a record, for its form.
#[derive(Debug, Clone)]
struct OfGroup {
    name: String,
    place: String,
    members: u16,
}

#[derive(Template)]
#[template(path = "pages/catat.html")]
struct Catat {
    page: Page,
    trail: Vec<Link>,
    kelompok: OfGroup,
    action: String,
    form: Form,
    today: String,
    rows: Vec<Row>,
    modul: Vec<ModulChoice>,
    kinds: Vec<Choice>,
    more: bool,
    details: bool,
    tapping: Tapping,
    summary: String,
    last: Option<Last>,
}

/// The pertemuan before.
#[derive(Debug, Clone)]
struct Last {
    text: String,
    href: String,
}

/// Whether the viewer is or was a pendamping of the kelompok who may still record.
fn may_record(viewer: Viewer<'_>, group: &Kelompok, today: Date) -> bool {
    viewer.record(group, today, today)
        || group.assigned.iter().any(|(from, _)| viewer.record(group, *from, today))
}

/// The kelompok, if the viewer may record for it.
fn recordable<'a>(
    web: &Web,
    state: &'a State,
    member: &Member,
    id: &str,
) -> Result<&'a Kelompok, WebError> {
    let today = when::latest_today(web);
    let group = readable(state, member.viewer(), id, today)?;
    if may_record(member.viewer(), group, today) {
        return Ok(group);
    }
    Err(WebError::Forbidden(
        "Hanya pendamping kelompok ini yang mencatat pertemuannya. Hubungi admin wilayah Anda bila ini tugas Anda."
            .to_owned(),
    ))
}

async fn get_record(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let values = {
        let state = web.app.state();
        let group = recordable(&web, &state, &member, parts.get(0))?;
        defaults((&web, &member), &state, group, &params)?
    };
    let form = Form::new(&web, values)?;
    show(&page(&web, &member, parts.get(0), form)?)
}

/// The defaults: today, the next sesi, everybody there. An address may name a sesi or a date.
fn defaults(
    (web, member): (&Web, &Member),
    state: &State,
    group: &Kelompok,
    params: &Params,
) -> Result<Vec<(&'static str, String)>, WebError> {
    let today = when::today_at(web, group.home(Date::MAX));
    // Who handed the kelompok over may record what she held, and nothing later.
    let handed_over = member.viewer().still_records(group, when::latest_today(web));
    let usual = handed_over.map_or(today, |(last, _)| last.min(today));
    let date = params.day("tanggal")?.unwrap_or(usual);
    let asked = params.named::<SesiId>("sesi", "sesi")?;
    if asked.as_ref().is_some_and(|id| state.sesi(id).is_none()) {
        return Err(WebError::not_found("Sesi ini"));
    }
    let next = asked.or_else(|| {
        let mut eye = Eye::new(state, today);
        let glance = eye.look(group);
        let next = eye.next(&glance)?;
        state.sesi_at(next).map(|sesi| sesi.id.clone())
    });
    Ok(vec![
        ("date", date.to_string()),
        ("sesi.0.id", next.map_or_else(String::new, |id| id.to_string())),
        ("sesi.0.extent", "tuntas".to_owned()),
        ("present", group.members(date).to_string()),
        ("kind", "lengkap".to_owned()),
        ("discussion", String::new()),
    ])
}

async fn post_record(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let id = {
        let state = web.app.state();
        recordable(&web, &state, &member, parts.get(0))?.id.clone()
    };
    if form.has("refresh") {
        return show(&page(&web, &member, parts.get(0), Form::again(&form.0, Vec::new()))?);
    }
    match submit(&web, &member, &id, &form).await {
        Ok(pertemuan) => Ok(lead_to(&format!("{}/tercatat", urls::pertemuan(pertemuan)))),
        Err(Failed::Form(form)) => {
            let page = page(&web, &member, parts.get(0), form)?;
            show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Failed::Whole(error)) => Err(error),
    }
}

/// Why nothing was recorded.
enum Failed {
    /// The form comes back.
    Form(Form),
    /// Something else than its values.
    Whole(WebError),
}

impl From<WebError> for Failed {
    fn from(error: WebError) -> Self {
        Self::Whole(error)
    }
}

async fn submit(
    web: &Web,
    member: &Member,
    group: &KelompokId,
    form: &FormData,
) -> Result<uuid::Uuid, Failed> {
    let parsed = parse(&form.0, group);
    if !parsed.errors.is_empty() {
        return Err(Failed::Form(Form::again(&form.0, parsed.errors)));
    }
    let Some(id) = form.id("id").filter(|id| !id.is_nil()) else {
        // With an id made here a form that is sent twice would be recorded twice.
        let message = "Formulir ini datang tanpa nomor kirimannya, jadi belum disimpan. Periksa isian Anda, lalu kirim sekali lagi.";
        let mut again = Form::again(&form.0, vec![FieldError::new(WHOLE_FORM, message)]);
        again.renew(web)?;
        return Err(Failed::Form(again));
    };
    let command = Command::Record(Box::new(parsed.input.clone()));
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(_) => Ok(id),
        Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
            Err(Failed::Form(Form::again(&form.0, parsed.place_errors(errors))))
        }
        Err(SubmitError::Refused(Refusal::SameIdOtherValues(_))) => {
            let message = "Formulir ini sudah pernah tersimpan dengan isian lain. Untuk mengubah catatan itu, buka dari halaman kelompok. Bila ini pertemuan lain, kirim sekali lagi.";
            Err(Failed::Form(Form::again(&form.0, vec![FieldError::new(USED_ID, message)])))
        }
        Err(SubmitError::Refused(Refusal::Forbidden(text))) => {
            Err(Failed::Form(Form::again(&form.0, vec![FieldError::new("date", text)])))
        }
        Err(error) => Err(Failed::Whole(error.into())),
    }
}

fn page(web: &Web, member: &Member, id: &str, form: Form) -> Result<Catat, WebError> {
    let today = when::today_at(web, home(web, member, id)?);
    let fields = RecordFields::of(web, &form, today)?;
    let state = web.app.state();
    let group = recordable(web, &state, member, id)?;
    let date = form.value("date").parse().unwrap_or(today);
    let last = Eye::new(&state, today).last(group).as_ref().map(|fakta| Last {
        text: format!(
            "Terakhir: {}, {}",
            tanggal::long(fakta.date),
            words::all_taught(&state, fakta)
        ),
        href: urls::pertemuan(fakta.id),
    });
    let tapping = Tapping::of(group, &form, date);
    let mut frame = web.page(&member.visitor(), "/kelompok");
    let handed_over = member.viewer().still_records(group, when::latest_today(web));
    frame.notices.extend(handed_over.map(|(last, until)| {
        Notice::attention(format!(
            "{} sudah diserahterimakan. Anda masih dapat mencatat pertemuan sampai tanggal {}, paling lambat pada {}.",
            group.name,
            tanggal::long(last),
            tanggal::long(until)
        ))
    }));
    Ok(Catat {
        page: frame,
        trail: vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ],
        kelompok: OfGroup {
            name: group.name.clone(),
            place: place::short(&state, group.home(today)),
            members: group.members(date),
        },
        action: urls::catat(&group.id),
        summary: summary(&state, group, &form),
        form,
        today: fields.today,
        rows: fields.rows,
        modul: fields.modul,
        kinds: fields.kinds,
        more: fields.more,
        details: fields.details,
        tapping,
        last,
    })
}

fn home(web: &Web, member: &Member, id: &str) -> Result<crate::kelompok::wilayah::Kode, WebError> {
    let state = web.app.state();
    Ok(recordable(web, &state, member, id)?.home(Date::MAX))
}
