//! Changing the kelompok that were chosen in the list, all at once or none.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::command::{Command, GroupChange};
use crate::decide::FieldError;
use crate::ids::AccountId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::account::Role;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, Values};
use crate::web::page::{Choice, Done, Form, Link, Page, lead_to, lead_to_done, show, show_with};
use crate::web::parts::send::{Sent, renamed, send};
use crate::web::parts::{place, when};
use crate::web::urls;

use super::kelola::{desa_of, versioned};

#[derive(Template)]
#[template(path = "pages/kelompok_pilihan.html")]
struct Pilihan {
    page: Page,
    trail: Vec<Link>,
    rows: Vec<Row>,
    form: Form,
    /// What may be done with those chosen.
    actions: Vec<Choice>,
    people: Vec<Choice>,
    places: Vec<Choice>,
}

struct Row {
    id: String,
    value: String,
    name: String,
    href: String,
    place: String,
    pendamping: String,
    wrong: Option<String>,
}

/// What may be asked for, with the words of the form.
const ACTIONS: [(&str, &str, &str); 3] = [
    ("tugaskan", "Tugaskan pendamping", "Sejak suatu hari, untuk semua yang dipilih."),
    ("pindah", "Pindah desa", "Sejak suatu hari; angka sebelum hari itu tetap di wilayah lama."),
    ("tangguhkan", "Tangguhkan pertemuan", "Selama itu pertemuan tidak diharapkan."),
];

pub(super) async fn get(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let today = when::today(&web).to_string();
    let mut pairs = vec![
        ("mulai".to_owned(), today.clone()),
        ("pindah".to_owned(), today.clone()),
        ("dari".to_owned(), today),
    ];
    let chosen: Vec<String> = {
        let state = web.app.state();
        let latest = when::latest_today(&web);
        let viewer = member.viewer();
        let readable = |id: &str| {
            let group = state.group(id).filter(|group| viewer.read_group(group, latest))?;
            Some(format!("{}:{}", group.id, group.version))
        };
        params.all("k").filter_map(readable).collect()
    };
    if chosen.is_empty() {
        return Ok(lead_to("/kelompok"));
    }
    pairs.extend(chosen.into_iter().map(|one| ("k".to_owned(), one)));
    let blank = Form::new(&web, Vec::new())?;
    pairs.push(("id".to_owned(), blank.request_id()));
    let form = Form::again(&Values::from_pairs(pairs.clone()), Vec::new());
    show(&page(&web, &member, &Values::from_pairs(pairs), form)?)
}

pub(super) async fn post(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    let mut errors = Vec::new();
    let change = change(&form, &mut errors);
    let kelompok = form.all("k").filter_map(versioned).collect();
    let (errors, status) = match change {
        Some(change) if errors.is_empty() => {
            let back = form.all("k").filter_map(versioned).map(|one| one.id).next();
            match send(&web, &member, &form, Command::ChangeMany { kelompok, change }).await? {
                Sent::Done(_) => {
                    let one = back.filter(|_| form.all("k").count() == 1);
                    let back = one.map_or("/kelompok".to_owned(), urls::kelompok);
                    return Ok(lead_to_done(&back, Done::Many));
                }
                Sent::Wrong(errors, status) => (errors, status),
            }
        }
        _ => (errors, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let names: &[(&str, &str)] = match form.get("apa") {
        "tugaskan" => &[("from", "mulai")],
        "pindah" => &[("from", "pindah")],
        _ => &[("from", "dari")],
    };
    // Those chosen are shown in their present state, so that sending again means what is seen.
    let fresh = fresh(&web, &member, &form.0);
    let again = Form::again(&fresh, renamed(errors, names));
    show_with(status, &page(&web, &member, &fresh, again)?)
}

/// What was sent, with the kelompok in their present versions.
fn fresh(web: &Web, member: &Member, sent: &Values) -> Values {
    let state = web.app.state();
    let latest = when::latest_today(web);
    let pairs = sent.pairs().iter().filter_map(|(name, value)| {
        if name != "k" {
            return Some((name.clone(), value.clone()));
        }
        let id = versioned(value)?.id;
        let group = state.group(id.as_str())?;
        let readable = member.viewer().read_group(group, latest);
        readable.then(|| (name.clone(), format!("{}:{}", group.id, group.version)))
    });
    Values::from_pairs(pairs.collect())
}

fn change(form: &FormData, errors: &mut Vec<FieldError>) -> Option<GroupChange> {
    let mut date = |field: &str| {
        tanggal::parse(form.get(field)).unwrap_or_else(|error| {
            errors.push(FieldError::new(field, error.to_string()));
            Date::MIN
        })
    };
    match form.get("apa") {
        "tugaskan" => {
            let from = date("mulai");
            Some(GroupChange::Assign { from, account: form.number("pendamping").map(AccountId) })
        }
        "pindah" => {
            let from = date("pindah");
            let desa = desa_of(form.get("desa")).unwrap_or_else(|message| {
                errors.push(FieldError::new("desa", message));
                Vec::new()
            });
            Some(GroupChange::Move { from, desa })
        }
        "tangguhkan" => {
            let from = date("dari");
            let to = form.has("sampai").then(|| date("sampai"));
            let reason = form.raw("alasan").unwrap_or("").to_owned();
            Some(GroupChange::Suspend { from, to, reason })
        }
        _ => {
            errors.push(FieldError::new("apa", "Pilih apa yang diubah."));
            None
        }
    }
}

fn page(web: &Web, member: &Member, sent: &Values, form: Form) -> Result<Pilihan, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let latest = when::latest_today(web);
    let groups: Vec<&Kelompok> = sent
        .all("k")
        .filter_map(versioned)
        .filter_map(|one| state.group(one.id.as_str()))
        .filter(|group| viewer.read_group(group, latest))
        .collect();
    let manages = groups.iter().any(|group| viewer.manage_groups(group.home(latest)));
    let supervises = groups.iter().any(|group| viewer.supervise(group.home(latest)));
    if !manages && !supervises {
        return Err(WebError::Forbidden(
            "Hanya supervisor dan admin wilayah yang mengubah beberapa kelompok sekaligus."
                .to_owned(),
        ));
    }
    let offered = ACTIONS
        .iter()
        .filter(|(value, ..)| if *value == "tangguhkan" { supervises } else { manages });
    Ok(Pilihan {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![Link::new("Kelompok", "/kelompok")],
        rows: groups.iter().map(|group| row(&state, group, &form, latest)).collect(),
        actions: offered
            .map(|(value, name, hint)| Choice {
                value: (*value).to_owned(),
                name: (*name).to_owned(),
                hint: (*hint).to_owned(),
            })
            .collect(),
        people: if manages { people(&state, &groups) } else { Vec::new() },
        places: if manages { places(&state, viewer, &groups) } else { Vec::new() },
        form,
    })
}

fn row(state: &State, group: &Kelompok, form: &Form, today: Date) -> Row {
    let pendamping = group.pendamping(today);
    Row {
        id: group.id.to_string(),
        value: format!("{}:{}", group.id, group.version),
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(state, group.home(today)),
        pendamping: pendamping
            .map_or_else(|| "tanpa pendamping".to_owned(), |id| state.account_name(id).to_owned()),
        wrong: form.error(&format!("kelompok.{}", group.id)).map(str::to_owned),
    }
}

/// The pendamping who work where any of the kelompok is.
fn people(state: &State, groups: &[&Kelompok]) -> Vec<Choice> {
    let homes: Vec<Kode> = groups.iter().map(|group| group.home(Date::MAX)).collect();
    let mut people: Vec<Choice> = state
        .accounts
        .values()
        .filter(|account| {
            !account.disabled
                && homes.iter().any(|home| account.has_role_at(Role::Pendamping, *home))
        })
        .map(|account| {
            Choice::new(account.id.to_string(), format!("{} ({})", account.name, account.login))
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people
}

/// Desa of the kabupaten in which the first of the kelompok is.
fn places(state: &State, viewer: Viewer<'_>, groups: &[&Kelompok]) -> Vec<Choice> {
    let Some(home) = groups.first().map(|group| group.home(Date::MAX)) else { return Vec::new() };
    let area = home.at(Level::Kabupaten).unwrap_or(home);
    state
        .wilayah
        .range(area..area.end())
        .filter(|(kode, _)| kode.level() == Level::Desa && viewer.manage_groups(**kode))
        .map(|(kode, _)| Choice::new(kode.to_string(), place::short(state, *kode)))
        .collect()
}
