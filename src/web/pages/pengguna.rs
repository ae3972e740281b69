//! The people of an area: the list, a new one with a one-time link, links and disabling.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::SubmitError;
use crate::app::login::{LINK_LASTS, LoginFailure};
use crate::command::{Actor, Command};
use crate::decide::{FieldError, Refusal};
use crate::event::Event;
use crate::ids::AccountId;
use crate::kelompok::wilayah::{Kode, Level, Zone};
use crate::people::account::{Account, Grant, Login, Role};
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts, Values};
use crate::web::page::{Badge, Choice, Done, Form, Page, lead_to, lead_to_done, show, show_with};
use crate::web::parts::send::{request_id, wrong};
use crate::web::parts::{Pages, Window, address, host, place, when};

/// So many people stand on one page.
const PAGE_ROWS: usize = 50;
/// So many places are offered before kecamatan are left out.
const MAX_PLACES: usize = 1_000;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/pengguna", get(get_people).post(post_person))
        .route("/pengguna/{id}", post(post_change))
}

const SHOWN: [(&str, &str); 3] =
    [("", "Semua"), ("aktif", "Yang aktif"), ("belum-masuk", "Yang belum pernah masuk")];

#[derive(Template)]
#[template(path = "pages/pengguna.html")]
struct Pengguna {
    page: Page,
    rows: Vec<Row>,
    query: String,
    /// Whom the list may be narrowed to: value, name, whether it is.
    shown: [(&'static str, &'static str, bool); 3],
    pages: Option<Pages>,
    link: Option<OneTime>,
    form: Form,
    roles: Vec<Choice>,
    areas: Vec<Choice>,
    form_open: bool,
}

struct Row {
    id: AccountId,
    name: String,
    login: String,
    grants: String,
    state: Badge,
    off: bool,
    /// A pendamping, whose kelompok can be handed over.
    hands_over: bool,
}

/// A one-time link that was just made.
struct OneTime {
    name: String,
    url: String,
    until: String,
    /// What must be done to the address before it leads there for others; may be empty.
    note: &'static str,
}

async fn get_people(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    show(&page(&web, &member, &params.0, form, None)?)
}

async fn post_person(
    FromState(web): FromState<Web>,
    member: Member,
    headers: HeaderMap,
    form: FormData,
) -> Result<Response, WebError> {
    managed_areas(&member)?;
    let mut errors = Vec::new();
    let name = form.get("name");
    if name.is_empty() {
        errors.push(FieldError::new("name", "Tulis nama pengguna."));
    }
    let login = form.get("login");
    if login.is_empty() {
        errors.push(FieldError::new("login", "Isi nama masuk, misalnya rina.s."));
    } else if let Err(error) = login.parse::<Login>() {
        errors.push(FieldError::new("login", error.to_string()));
    }
    let role = form.get("role").parse::<Role>().ok();
    if role.is_none() {
        errors.push(FieldError::new("role", "Pilih peran orang ini."));
    }
    let area = form.get("area").parse::<Kode>().ok();
    if area.is_none() {
        errors.push(FieldError::new("area", "Pilih wilayah kerjanya."));
    }
    let (Some(role), Some(area), true) = (role, area, errors.is_empty()) else {
        return again(&web, &member, &form.0, errors);
    };
    let command = Command::CreateAccount {
        login: login.to_owned(),
        name: name.to_owned(),
        grants: vec![Grant { role, area }],
    };
    let id = request_id(&web, &form)?;
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(done) => {
            let created = done.events.iter().find_map(|event| match event {
                Event::AccountCreated { id, .. } => Some(*id),
                _ => None,
            });
            match created {
                Some(account) => show_link(&web, &member, account, &headers).await,
                None => Ok(lead_to("/pengguna")),
            }
        }
        Err(SubmitError::Refused(Refusal::Invalid(errors))) => {
            let renamed = errors.into_iter().map(|error| match error.field.as_str() {
                "nama" => FieldError::new("name", error.message),
                _ => error,
            });
            again(&web, &member, &form.0, renamed.collect())
        }
        Err(SubmitError::Refused(Refusal::Forbidden(text))) => {
            again(&web, &member, &form.0, vec![FieldError::new("area", text)])
        }
        Err(error) => again(&web, &member, &form.0, wrong(error)?.0),
    }
}

async fn post_change(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    headers: HeaderMap,
    form: FormData,
) -> Result<Response, WebError> {
    let missing = || WebError::not_found("Pengguna ini");
    let account = parts.get(0).parse().map(AccountId).map_err(|_| missing())?;
    let known =
        web.app.state().account(account).is_some_and(|found| manages(member.viewer(), found));
    if !known {
        return Err(missing());
    }
    let disabled = match form.get("do") {
        "link" => return show_link(&web, &member, account, &headers).await,
        "disable" => true,
        "enable" => false,
        _ => return Err(WebError::Bad("Pilih salah satu tindakan dari daftar.".to_owned())),
    };
    let command =
        Command::ChangeAccount { id: account, name: None, grants: None, disabled: Some(disabled) };
    let id = request_id(&web, &form)?;
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(_) => Ok(lead_to_done("/pengguna", Done::Account)),
        Err(error) => again(&web, &member, &form.0, wrong(error)?.0),
    }
}

/// Makes a one-time link and shows it this once.
async fn show_link(
    web: &Web,
    member: &Member,
    account: AccountId,
    headers: &HeaderMap,
) -> Result<Response, WebError> {
    let (app, actor): (_, Actor) = (web.app.clone(), member.actor());
    let made = tokio::task::spawn_blocking(move || app.make_link(actor, Some(account)))
        .await
        .map_err(|error| WebError::internal(&error))?;
    let secret = match made {
        Ok(secret) => secret,
        Err(LoginFailure::Submit(error)) => return Err(error.into()),
        Err(failure) => return Err(WebError::internal(&failure)),
    };
    let until = web.app.clock().now().saturating_add(LINK_LASTS).unwrap_or(jiff::Timestamp::MAX);
    let (server, note) = server_address(web, headers);
    let link = OneTime {
        name: web.app.state().account_name(account).to_owned(),
        url: format!("{server}/tautan/{}", secret.expose()),
        until: when::moment(until, Zone::Wib),
        note,
    };
    let form = Form::new(web, Vec::new())?;
    show(&page(web, member, &Values::default(), form, Some(link))?)
}

/// What stands before the path of a link that an admin passes on, and what is left to do to it.
///
/// Without a public address it is where the admin's own browser reached the server.
fn server_address(web: &Web, headers: &HeaderMap) -> (String, &'static str) {
    if let Some(url) = &web.config.url {
        return (url.clone(), "");
    }
    match host::asked_at(headers) {
        Some(asked) if host::is_here(&asked) => (
            asked,
            "Tautan ini hanya terbuka di komputer ini. Untuk orang lain, ganti bagian depannya dengan alamat server di jaringan Anda.",
        ),
        Some(asked) => (asked, ""),
        None => (
            String::new(),
            "Alamat server ini belum diketahui. Tulis alamatnya di depan tautan ini sebelum mengirimnya.",
        ),
    }
}

fn again(
    web: &Web,
    member: &Member,
    values: &Values,
    errors: Vec<FieldError>,
) -> Result<Response, WebError> {
    let form = Form::again(values, errors);
    let page = page(web, member, &Values::default(), form, None)?;
    show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The areas whose people the member keeps in order.
fn managed_areas(member: &Member) -> Result<Vec<Kode>, WebError> {
    let areas = member.account.areas(Role::Admin);
    if areas.iter().any(|area| member.viewer().manage_users(*area)) {
        return Ok(areas);
    }
    Err(WebError::Forbidden(
        "Hanya admin yang mengatur pengguna. Hubungi admin wilayah Anda bila ini tugas Anda."
            .to_owned(),
    ))
}

/// Whether somebody may enter and never has.
pub(super) fn waits(account: &Account) -> bool {
    !account.disabled && account.password.is_none()
}

/// Whether every grant of the account lies where the viewer keeps people in order.
pub(super) fn manages(viewer: Viewer<'_>, account: &Account) -> bool {
    if account.grants.is_empty() {
        return viewer.manage_users(Kode::NASIONAL);
    }
    account.grants.iter().all(|grant| viewer.manage_users(grant.area))
}

fn page(
    web: &Web,
    member: &Member,
    params: &Values,
    form: Form,
    link: Option<OneTime>,
) -> Result<Pengguna, WebError> {
    let areas = managed_areas(member)?;
    let state = web.app.state();
    let query = params.get("nama");
    let shown = params.word("tampil", &SHOWN.map(|(word, _)| word))?;
    let wanted = query.to_lowercase();
    let mut people: Vec<&Account> = state
        .accounts
        .values()
        .filter(|account| manages(member.viewer(), account))
        .filter(|account| match shown {
            "aktif" => !account.disabled,
            "belum-masuk" => waits(account),
            _ => true,
        })
        .filter(|account| {
            account.name.to_lowercase().contains(&wanted)
                || account.login.as_str().contains(&wanted)
        })
        .collect();
    people.sort_by(|a, b| (a.disabled, &a.name, a.id).cmp(&(b.disabled, &b.name, b.id)));
    let window = Window::new(params.page()?, PAGE_ROWS, people.len());
    let pages = window
        .pages(|hal| address("/pengguna", &[("nama", query), ("tampil", shown), ("hal", hal)]));
    Ok(Pengguna {
        page: web.page(&member.visitor(), "/pengguna"),
        rows: people[window.range()].iter().map(|account| row(&state, account)).collect(),
        query: query.to_owned(),
        shown: SHOWN.map(|(value, name)| (value, name, value == shown)),
        pages: (people.len() > PAGE_ROWS).then_some(pages),
        link,
        form_open: !form.errors.is_empty(),
        form,
        roles: roles(),
        areas: places(&state, &areas),
    })
}

fn row(state: &State, account: &Account) -> Row {
    let grants: Vec<String> = account
        .grants
        .iter()
        .map(|grant| format!("{} di {}", grant.role, place::full(state, grant.area)))
        .collect();
    let badge = if account.disabled {
        Badge::new("Nonaktif", "off")
    } else if waits(account) {
        Badge::new("Belum pernah masuk", "attention")
    } else {
        Badge::new("Aktif", "good")
    };
    Row {
        id: account.id,
        name: account.name.clone(),
        login: account.login.to_string(),
        grants: grants.join(", "),
        state: badge,
        off: account.disabled,
        hands_over: account.has_role(Role::Pendamping),
    }
}

fn roles() -> Vec<Choice> {
    [
        (Role::Pendamping, "Bertemu kelompok dan mencatat pertemuannya."),
        (Role::Supervisor, "Melihat cakupan wilayahnya, bertanya, menangguhkan."),
        (Role::Pelatih, "Menulis naskah sesi."),
        (Role::Penelaah, "Meninjau dan menerbitkan naskah orang lain."),
        (Role::Admin, "Mengatur kelompok, wilayah, dan pengguna."),
    ]
    .into_iter()
    .map(|(role, hint)| Choice {
        value: role.as_str().to_owned(),
        name: crate::web::parts::sesi::capital(role.as_str()),
        hint: hint.to_owned(),
    })
    .collect()
}

/// The places in which a new person may work: the areas themselves and what lies below them.
fn places(state: &State, areas: &[Kode]) -> Vec<Choice> {
    let inside = |deepest: Level| -> Vec<Kode> {
        areas
            .iter()
            .flat_map(|area| {
                let below = state.wilayah.range(*area..area.end()).map(|(kode, _)| *kode);
                std::iter::once(*area).chain(below.filter(move |kode| kode != area))
            })
            .filter(|kode| kode.level() <= deepest || areas.contains(kode))
            .collect()
    };
    let mut kode = inside(Level::Kecamatan);
    if kode.len() > MAX_PLACES {
        kode = inside(Level::Kabupaten);
    }
    kode.into_iter()
        .map(|kode| Choice::new(kode.to_string(), format!("{} ({kode})", place::full(state, kode))))
        .collect()
}
