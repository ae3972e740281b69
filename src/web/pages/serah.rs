//! Handing kelompok from one pendamping to another: the form, and a summary for the successor.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::decide::FieldError;
use crate::event::Event;
use crate::ids::AccountId;
use crate::journal::Journal;
use crate::kelompok::KelompokId;
use crate::kelompok::coverage::Status;
use crate::kelompok::group::Kelompok;
use crate::people::account::Role;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts};
use crate::web::page::{Choice, Form, Link, Page, lead_to, show, show_with};
use crate::web::parts::glance::{Eye, behind_words};
use crate::web::parts::seats::{Missed, by_sesi};
use crate::web::parts::send::{Sent, renamed, send};
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::{place, when, words};
use crate::web::{Web, urls};

use super::kelompok::{left, versioned};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/pengguna/{id}/serah-terima", get(get_form).post(post_form))
        .route("/serah-terima/{line}", get(get_summary))
}

#[derive(Template)]
#[template(path = "pages/serah.html")]
struct Serah {
    page: Page,
    trail: Vec<Link>,
    id: AccountId,
    name: String,
    rows: Vec<Row>,
    people: Vec<Choice>,
    form: Form,
}

struct Row {
    id: String,
    value: String,
    name: String,
    place: String,
    members: u16,
    wrong: Option<String>,
    chosen: bool,
}

async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let form = Form::new(&web, vec![("hari", when::today(&web).to_string())])?;
    show(&page(&web, &member, parts.get(0), form, None)?)
}

async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let from = parts.get(0).parse().map(AccountId).map_err(|_| missing())?;
    let mut errors = Vec::new();
    let day = tanggal::parse(form.get("hari")).unwrap_or_else(|error| {
        errors.push(FieldError::new("hari", error.to_string()));
        Date::MIN
    });
    let to = form.number("kepada").map(AccountId);
    if to.is_none() {
        errors.push(FieldError::new("kepada", "Pilih pendamping penerima dari daftar."));
    }
    let kelompok = form.all("k").filter_map(versioned).collect();
    let (errors, status) = match to {
        Some(to) if errors.is_empty() => {
            let command = Command::HandOver { from, to, kelompok, day };
            match send(&web, &member, &form, command).await? {
                Sent::Done(done) => return Ok(lead_to(&urls::serah_terima(done.seq))),
                Sent::Wrong(errors, status) => (errors, status),
            }
        }
        _ => (errors, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let chosen: Vec<KelompokId> = form.all("k").filter_map(versioned).map(|one| one.id).collect();
    let again = Form::again(&form.0, renamed(errors, &[("pendamping", "kepada")]));
    show_with(status, &page(&web, &member, parts.get(0), again, Some(&chosen))?)
}

fn missing() -> WebError {
    WebError::not_found("Pendamping ini")
}

/// The kelompok that someone meets today and the member keeps in order, in tree order.
fn kept<'a>(web: &Web, state: &'a State, member: &Member, from: AccountId) -> Vec<&'a Kelompok> {
    let latest = when::latest_today(web);
    let mut groups: Vec<&Kelompok> = state
        .given_to(from)
        .filter(|group| {
            group.end.is_none_or(|end| end > latest)
                && group.pendamping(latest.max(group.start)) == Some(from)
                && member.viewer().manage_groups(group.home(latest))
        })
        .collect();
    groups.sort_by_key(|group| (group.home(latest), group.name.clone()));
    groups
}

fn page(
    web: &Web,
    member: &Member,
    id: &str,
    form: Form,
    chosen: Option<&[KelompokId]>,
) -> Result<Serah, WebError> {
    if !member.account.has_role(Role::Admin) {
        return Err(WebError::Forbidden(
            "Hanya admin yang menyerahkan kelompok kepada pendamping lain. Hubungi admin wilayah Anda."
                .to_owned(),
        ));
    }
    let state = web.app.state();
    let from = id.parse().map(AccountId).map_err(|_| missing())?;
    let account = state.account(from).filter(|one| one.has_role(Role::Pendamping));
    let groups = kept(web, &state, member, from);
    let account = account
        .filter(|one| {
            !groups.is_empty()
                || one.grants.iter().any(|grant| member.viewer().manage_users(grant.area))
        })
        .ok_or_else(missing)?;
    let today = when::latest_today(web);
    let homes: Vec<_> = groups.iter().map(|group| group.home(today)).collect();
    let mut people: Vec<Choice> = state
        .accounts
        .values()
        .filter(|other| {
            other.id != from
                && !other.disabled
                && homes.iter().any(|home| other.has_role_at(Role::Pendamping, *home))
        })
        .map(|other| Choice::new(other.id.to_string(), format!("{} ({})", other.name, other.login)))
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Serah {
        page: web.page(&member.visitor(), "/pengguna"),
        trail: vec![Link::new("Pengguna", "/pengguna")],
        id: from,
        name: account.name.clone(),
        rows: groups
            .iter()
            .map(|group| Row {
                id: group.id.to_string(),
                value: format!("{}:{}", group.id, group.version),
                name: group.name.clone(),
                place: place::short(&state, group.home(today)),
                members: group.members(today),
                wrong: form.error(&format!("kelompok.{}", group.id)).map(str::to_owned),
                chosen: chosen.as_ref().is_none_or(|ids| ids.contains(&group.id)),
            })
            .collect(),
        people,
        form,
    })
}

#[derive(Template)]
#[template(path = "pages/serah_ringkasan.html")]
struct Ringkasan {
    page: Page,
    trail: Vec<Link>,
    title: String,
    lead: String,
    groups: Vec<GroupSummary>,
    printed: String,
}

/// What the successor needs to know of one kelompok.
struct GroupSummary {
    name: String,
    href: String,
    place: String,
    members: String,
    last: String,
    next: String,
    behind: String,
    partial: Vec<String>,
    questions: Vec<Link>,
    missed: Vec<Missed>,
    suspended: String,
}

async fn get_summary(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let nothing = || WebError::not_found("Serah terima ini");
    let seq: u64 = parts.get(0).parse().map_err(|_| nothing())?;
    let line = web.app.journal().line(seq).map_err(|error| WebError::internal(&error))?;
    let events = line.and_then(|line| line.events::<Event>().ok()).unwrap_or_default();
    let handed: Vec<(KelompokId, Date, AccountId)> = events
        .iter()
        .filter_map(|event| match event {
            Event::PendampingAssigned { kelompok, from, account: Some(to) } => {
                Some((kelompok.clone(), *from, *to))
            }
            _ => None,
        })
        .collect();
    let state = web.app.state();
    let latest = when::latest_today(&web);
    let mut eye = Eye::new(&state, when::today(&web));
    let labels = labels(&state);
    let mut groups = Vec::new();
    let mut first = None;
    for (id, from, to) in &handed {
        let found = state.group(id.as_str());
        let Some(group) = found.filter(|one| member.viewer().read_group(one, latest)) else {
            continue;
        };
        first = first.or(Some((group, *from, *to)));
        groups.push(summary(&mut eye, group, &labels));
    }
    let Some((group, from, to)) = first else { return Err(nothing()) };
    let before = from.yesterday().ok().and_then(|eve| group.pendamping(eve));
    let giver = before.map_or_else(String::new, |id| format!(" dari {}", state.account_name(id)));
    show(&Ringkasan {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![Link::new("Kelompok", "/kelompok")],
        title: format!("Serah terima{giver} kepada {}", state.account_name(to)),
        lead: format!("{} kelompok, mulai {}", groups.len(), tanggal::long(from)),
        groups,
        printed: tanggal::long(eye.on),
    })
}

fn summary<'a>(eye: &mut Eye<'a>, group: &'a Kelompok, labels: &[Label]) -> GroupSummary {
    let (state, today) = (eye.state, eye.on);
    let glance = eye.look(group);
    let label = |ix: u16| labels.get(usize::from(ix));
    let partial = (0..).zip(&glance.cells).filter(|(_, cell)| cell.status == Status::Sebagian);
    let partial: Vec<String> = partial
        .filter_map(|(ix, _)| {
            let rest = left(eye, group, ix).map_or_else(String::new, |text| format!(" ({text})"));
            Some(format!("{}{rest}", label(ix)?.full()))
        })
        .collect();
    let questions = group.fakta.iter().filter(|fakta| fakta.open_question);
    GroupSummary {
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(state, group.home(today)),
        members: format!("{} anggota", group.members(today)),
        last: eye.last(group).map_or_else(
            || "belum pernah bertemu".to_owned(),
            |fakta| format!("{}, {}", tanggal::long(fakta.date), words::all_taught(state, &fakta)),
        ),
        next: eye
            .next(&glance)
            .and_then(label)
            .map_or_else(|| "semua sesi sasaran sudah tuntas".to_owned(), Label::full),
        behind: behind_words(eye.behind(&glance)).unwrap_or_default(),
        partial,
        questions: questions
            .map(|fakta| Link::new(tanggal::long(fakta.date), urls::pertemuan(fakta.id)))
            .collect(),
        missed: by_sesi(state, &state.owed(group, today)),
        suspended: words::suspended(state, group, today).unwrap_or_default(),
    }
}
