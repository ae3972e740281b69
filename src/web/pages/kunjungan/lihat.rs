//! One visit: all of its forms, correcting and withdrawing.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use uuid::Uuid;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::FieldError;
use crate::ids::AccountId;
use crate::kelompok::visit::{Visit, VisitPlace};
use crate::kelompok::wilayah::Zone;
use crate::state::{State, VisitState};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::send::{Sent, Wrong};
use crate::web::parts::{self, address, pengawasan, when};
use crate::web::{Web, urls};

use super::catat::input;

#[derive(Template)]
#[template(path = "pages/kunjungan_lihat.html")]
struct Lihat {
    page: Page,
    trail: Vec<Link>,
    title: String,
    place: Link,
    facts: Vec<Fact>,
    withdrawn: Option<String>,
    history: Vec<Past>,
    change: Option<Change>,
    version: u64,
}

struct Fact {
    name: &'static str,
    value: String,
}

struct Past {
    what: &'static str,
    by: String,
    reason: String,
    said: String,
}

/// The forms for those who may change the visit.
struct Change {
    base: String,
    hidden: Hidden,
    correct: Form,
    withdraw: Form,
}

/// The place of a visit as its form sends it.
struct Hidden {
    name: &'static str,
    value: String,
}

fn find(web: &Web, member: &Member, id: &str) -> Result<VisitState, WebError> {
    let missing = || WebError::not_found("Kunjungan ini");
    let id = Uuid::try_parse(id).map_err(|_| missing())?;
    let state = web.app.state();
    let today = when::latest_today(web);
    let one = state.visit(id).ok_or_else(missing)?;
    let readable =
        one.now().is_some_and(|visit| pengawasan::may_read(&state, member.viewer(), visit, today));
    if readable { Ok(one.clone()) } else { Err(missing()) }
}

pub(super) async fn get_visit(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let one = find(&web, &member, parts.get(0))?;
    let forms = forms(&web, &one)?;
    show(&page(&web, &member, &one, forms)?)
}

/// The form that corrects, filled with what stands, and the one that withdraws.
fn forms(web: &Web, one: &VisitState) -> Result<(Form, Form), WebError> {
    let now = one.now().ok_or_else(|| WebError::not_found("Kunjungan ini"))?;
    let text = |text: &crate::private::Private| text.as_str().unwrap_or("").to_owned();
    let values = vec![
        ("date", now.date.to_string()),
        ("office", text(&now.office)),
        ("attended", text(&now.attended)),
        ("note", now.note.as_ref().map_or_else(String::new, text)),
    ];
    Ok((Form::new(web, values)?, Form::new(web, Vec::new())?))
}

fn page(
    web: &Web,
    member: &Member,
    one: &VisitState,
    (correct, withdraw): (Form, Form),
) -> Result<Lihat, WebError> {
    let state = web.app.state();
    let now = one.now().ok_or_else(|| WebError::not_found("Kunjungan ini"))?;
    let place = pengawasan::place_of(&state, now);
    let href = match &now.place {
        VisitPlace::Wilayah(area) => address("/kunjungan", &[("wilayah", &area.to_string())]),
        VisitPlace::Kelompok(id) => urls::kelompok(id),
    };
    let area = state.visit_area(now);
    let zone = area.map_or(Zone::Wib, |area| area.zone());
    let may = one.withdrawn.is_none() && area.is_some_and(|area| member.viewer().supervise(area));
    let hidden = match &now.place {
        VisitPlace::Wilayah(area) => Hidden { name: "place", value: area.to_string() },
        VisitPlace::Kelompok(id) => Hidden { name: "kelompok", value: id.to_string() },
    };
    let who = |by, at| signed(&state, by, at, zone);
    Ok(Lihat {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: vec![Link::new("Kunjungan", "/kunjungan")],
        title: format!("Kunjungan {}", tanggal::long(now.date)),
        place: Link::new(place, href),
        facts: facts(now),
        withdrawn: one
            .withdrawn
            .as_ref()
            .map(|(reason, by, at)| format!("{}. Alasan: {reason}", who(*by, *at))),
        history: past(&state, one, zone),
        change: may.then(|| Change { base: urls::kunjungan(one.id), hidden, correct, withdraw }),
        version: one.version,
    })
}

fn signed(state: &State, by: Option<AccountId>, at: Timestamp, zone: Zone) -> String {
    let name = by.map_or("pengelola server", |id| state.account_name(id));
    format!("{name}, {}", when::moment(at, zone))
}

fn facts(visit: &Visit) -> Vec<Fact> {
    let mut facts = vec![
        Fact { name: "Kantor", value: visit.office.to_string() },
        Fact { name: "Yang dihadiri", value: visit.attended.to_string() },
    ];
    if let Some(note) = &visit.note {
        facts.push(Fact { name: "Catatan", value: note.to_string() });
    }
    facts
}

/// Every form, newest first.
fn past(state: &State, one: &VisitState, zone: Zone) -> Vec<Past> {
    let mut all: Vec<Past> = one
        .forms
        .iter()
        .enumerate()
        .map(|(at, form)| {
            let visit = &form.visit;
            let note = visit.note.as_ref().map_or_else(String::new, |note| format!("; {note}"));
            Past {
                what: if at == 0 { "Dicatat" } else { "Diubah" },
                by: signed(state, form.by, form.at, zone),
                reason: form.reason.clone(),
                said: format!(
                    "{}, {}: {}{note}",
                    tanggal::long(visit.date),
                    visit.office,
                    visit.attended
                ),
            }
        })
        .collect();
    if let Some((reason, by, at)) = &one.withdrawn {
        all.push(Past {
            what: "Ditarik",
            by: signed(state, *by, *at, zone),
            reason: reason.clone(),
            said: String::new(),
        });
    }
    all.reverse();
    all
}

pub(super) async fn post_correct(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let one = find(&web, &member, parts.get(0))?;
    let mut errors = Vec::new();
    let wrong = match input(&form.0, &mut errors) {
        Some(visit) if errors.is_empty() => {
            let command = Command::CorrectVisit {
                id: one.id,
                visit: Box::new(visit),
                reason: form.raw("reason").unwrap_or("").to_owned(),
                version: form.number("version").unwrap_or(0),
            };
            match send(&web, &member, &form, command).await? {
                None => return Ok(lead_to_done(&urls::kunjungan(one.id), Done::VisitChanged)),
                Some(wrong) => wrong,
            }
        }
        _ => (errors, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let one = find(&web, &member, parts.get(0))?;
    let (_, withdraw) = forms(&web, &one)?;
    let correct = Form::again(&form.0, wrong.0);
    show_with(wrong.1, &page(&web, &member, &one, (correct, withdraw))?)
}

pub(super) async fn post_withdraw(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let one = find(&web, &member, parts.get(0))?;
    let command = Command::WithdrawVisit {
        id: one.id,
        reason: form.raw("alasan").unwrap_or("").to_owned(),
        version: form.number("version").unwrap_or(0),
    };
    let Some((errors, status)) = send(&web, &member, &form, command).await? else {
        return Ok(lead_to_done(&urls::kunjungan(one.id), Done::VisitWithdrawn));
    };
    let renamed = errors.into_iter().map(|error| match error.field.as_str() {
        "reason" => FieldError::new("alasan", error.message),
        _ => error,
    });
    let one = find(&web, &member, parts.get(0))?;
    let (correct, _) = forms(&web, &one)?;
    let withdraw = Form::again(&form.0, renamed.collect());
    show_with(status, &page(&web, &member, &one, (correct, withdraw))?)
}

/// Hands a command in; what is wrong with it belongs on the page.
async fn send(
    web: &Web,
    member: &Member,
    form: &FormData,
    command: Command,
) -> Result<Option<Wrong>, WebError> {
    match parts::send::send(web, member, form, command).await? {
        Sent::Done(_) => Ok(None),
        Sent::Wrong(errors, status) => Ok(Some((errors, status))),
    }
}
