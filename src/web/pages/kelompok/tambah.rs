//! Entering one kelompok; many come from a file.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::app::SubmitError;
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::kelompok::KelompokId;
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::account::{Login, Role};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Choice, Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::send::{renamed, request_id, wrong};
use crate::web::parts::{place, when};
use crate::web::{Web, urls};

/// More places than this are typed without a list.
const MAX_PLACES: usize = 400;
/// More people than this are named by their login.
const MAX_PEOPLE: usize = 400;

/// The fields of the command, by the names that the form gives them.
const NAMES: [(&str, &str); 2] = [("id", "kelompok"), ("kode_desa", "desa")];

#[derive(Template)]
#[template(path = "pages/kelompok_tambah.html")]
struct Tambah {
    page: Page,
    trail: Vec<Link>,
    form: Form,
    /// Desa to choose from; empty where they are many.
    places: Vec<Choice>,
    /// Who may meet it; empty where they are many.
    people: Vec<Choice>,
}

/// The areas whose kelompok the member keeps in order.
fn managed(member: &Member) -> Result<Vec<Kode>, WebError> {
    let viewer = member.viewer();
    let mut areas = member.account.areas(Role::Admin);
    areas.retain(|area| viewer.manage_groups(*area));
    if areas.is_empty() {
        return Err(WebError::Forbidden(
            "Hanya admin yang menambah kelompok. Hubungi admin wilayah Anda bila ini tugas Anda."
                .to_owned(),
        ));
    }
    Ok(areas)
}

pub(super) async fn get(
    FromState(web): FromState<Web>,
    member: Member,
) -> Result<Response, WebError> {
    let form = Form::new(&web, vec![("mulai", when::today(&web).to_string())])?;
    show(&page(&web, &member, form)?)
}

fn page(web: &Web, member: &Member, form: Form) -> Result<Tambah, WebError> {
    let areas = managed(member)?;
    let state = web.app.state();
    Ok(Tambah {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![Link::new("Kelompok", "/kelompok")],
        form,
        places: places(&state, &areas),
        people: people(&state, &areas),
    })
}

fn places(state: &State, areas: &[Kode]) -> Vec<Choice> {
    let inside = areas.iter().flat_map(|area| state.wilayah.range(*area..area.end()));
    let desa = inside.map(|(kode, _)| *kode).filter(|kode| kode.level() == Level::Desa);
    let desa: Vec<Kode> = desa.take(MAX_PLACES + 1).collect();
    if desa.len() > MAX_PLACES {
        return Vec::new();
    }
    let choice = |kode: Kode| Choice::new(kode.to_string(), place::short(state, kode));
    desa.into_iter().map(choice).collect()
}

/// Everybody who works as pendamping in one of the areas.
fn people(state: &State, areas: &[Kode]) -> Vec<Choice> {
    let works =
        |area: Kode| areas.iter().any(|managed| managed.contains(area) || area.contains(*managed));
    let near = state.accounts.values().filter(|account| {
        !account.disabled && account.areas(Role::Pendamping).into_iter().any(works)
    });
    let mut people: Vec<Choice> = near
        .take(MAX_PEOPLE + 1)
        .map(|account| {
            let login = account.login.to_string();
            let name = format!("{} ({login})", account.name);
            Choice::new(login, name)
        })
        .collect();
    if people.len() > MAX_PEOPLE {
        return Vec::new();
    }
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people
}

pub(super) async fn post(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    managed(&member)?;
    let again =
        |errors, status| show_with(status, &page(&web, &member, Form::again(&form.0, errors))?);
    let (id, command) = match read(&web, &form) {
        Ok(read) => read,
        Err(errors) => return again(errors, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let request = web.app.request_as(request_id(&web, &form)?, member.actor(), command);
    match web.app.submit(request).await {
        Ok(_) => Ok(lead_to_done(&urls::kelompok(&id), Done::Entered)),
        Err(SubmitError::Refused(Refusal::Forbidden(_))) => {
            let message = "Desa ini di luar wewenang Anda. Pilih desa di wilayah Anda.";
            again(vec![FieldError::new("desa", message)], StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => {
            let (errors, status) = wrong(error)?;
            again(renamed(errors, &NAMES), status)
        }
    }
}

/// The command that the form means, with the id of the kelompok.
fn read(web: &Web, form: &FormData) -> Result<(KelompokId, Command), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: String| errors.push(FieldError::new(field, message));
    let name = form.raw("nama").unwrap_or("").to_owned();
    if name.trim().is_empty() {
        wrong("nama", "Tulis nama kelompok.".to_owned());
    }
    let id = match form.get("kelompok") {
        "" => Err("Isi id kelompok, misalnya OKI-200.".to_owned()),
        typed => typed.parse::<KelompokId>().map_err(|error| error.to_string()),
    };
    let id = id.map_err(|message| wrong("kelompok", message)).ok();
    let desa = desa(web, form.get("desa")).map_err(|message| wrong("desa", message)).ok();
    let members = form.number::<u16>("anggota").filter(|count| *count > 0);
    if members.is_none() {
        wrong("anggota", "Isi jumlah anggota dengan bilangan bulat, misalnya 25.".to_owned());
    }
    let start = crate::bahasa::tanggal::parse(form.get("mulai"));
    let start: Option<Date> = start.map_err(|error| wrong("mulai", error.to_string())).ok();
    let pendamping = match form.get("pendamping") {
        "" => None,
        login => {
            login.parse::<Login>().map_err(|error| wrong("pendamping", error.to_string())).ok()
        }
    };
    let command = match (id, desa, members, start) {
        (Some(id), Some(desa), Some(members), Some(start)) => {
            let command =
                Command::CreateGroup { id: id.clone(), name, desa, members, start, pendamping };
            Some((id, command))
        }
        _ => None,
    };
    command.filter(|_| errors.is_empty()).ok_or(errors)
}

/// The desa that were typed, by code or by name, with `|` or `;` between them.
fn desa(web: &Web, typed: &str) -> Result<Vec<Kode>, String> {
    let parts = typed.split(['|', ';']).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() {
        return Err("Isi desanya dengan kode atau nama.".to_owned());
    }
    let state = web.app.state();
    let names = std::cell::OnceCell::new();
    let one = |part: &str| -> Result<Kode, String> {
        if !part.chars().any(char::is_alphabetic) {
            let kode = part.parse::<Kode>().map_err(|error| error.to_string())?;
            return Ok(state.current_kode(kode));
        }
        let names = names.get_or_init(|| state.place_names());
        names.find(part, Level::Desa).map_err(|error| error.to_string())
    };
    parts.into_iter().map(one).collect()
}
