//! Which category of the ministry's form stands for which modul and sesi.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;

use crate::command::Command;
use crate::event::Setting;
use crate::kelompok::siksng::Crosswalk;
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::when;

use super::{forbidden, from_date, send, trail};

#[derive(Template)]
#[template(path = "pages/setelan_siksng.html")]
struct Siksng {
    page: Page,
    trail: Vec<Link>,
    modul: Vec<ModulRow>,
    categories: Vec<String>,
    form: Form,
}

struct ModulRow {
    field: String,
    title: String,
    sesi: Vec<SesiRow>,
    /// Whether one of its sesi has a category of its own.
    open: bool,
}

struct SesiRow {
    field: String,
    title: String,
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
) -> Result<Response, WebError> {
    let today = when::today(&web);
    let values: Vec<(String, String)> = {
        let state = web.app.state();
        let table = state.crosswalk.on(today);
        let of = |text: Option<&str>| text.unwrap_or("").to_owned();
        let version = state.setting_version(&Setting::Crosswalk(table.clone()));
        let mut values = vec![
            ("from".to_owned(), today.to_string()),
            ("lain".to_owned(), table.others().to_owned()),
            ("version".to_owned(), version.to_string()),
        ];
        for row in rows(&state) {
            let id = row.field.trim_start_matches("modul.").to_owned();
            values.push((row.field, of(table.category(&id))));
            for sesi in row.sesi {
                let id = sesi.field.trim_start_matches("sesi.").to_owned();
                values.push((sesi.field, of(table.of_sesi(&id))));
            }
        }
        values
    };
    let pairs = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let form = Form::new(&web, pairs)?;
    show(&page(&web, &member, form)?)
}

/// Every modul with its sesi, each once.
fn rows(state: &State) -> Vec<ModulRow> {
    let mut rows: Vec<ModulRow> = Vec::new();
    for modul in state.skema.iter().flat_map(|skema| &skema.modul) {
        let field = format!("modul.{}", modul.id);
        if rows.iter().any(|row| row.field == field) {
            continue;
        }
        let sesi = modul
            .sesi
            .iter()
            .map(|sesi| SesiRow { field: format!("sesi.{}", sesi.id), title: sesi.judul.clone() });
        rows.push(ModulRow {
            field,
            title: modul.judul.clone(),
            sesi: sesi.collect(),
            open: false,
        });
    }
    rows
}

fn page(web: &Web, member: &Member, form: Form) -> Result<Siksng, WebError> {
    if !member.viewer().change_settings() {
        return Err(forbidden());
    }
    let state = web.app.state();
    let mut modul = rows(&state);
    for row in &mut modul {
        row.open = row.sesi.iter().any(|sesi| !form.value(&sesi.field).is_empty());
    }
    let shipped = Crosswalk::shipped();
    let mut categories: Vec<String> = Vec::new();
    for one in
        state.crosswalk.on(when::today(web)).categories().into_iter().chain(shipped.categories())
    {
        if !categories.iter().any(|known| known == one) {
            categories.push(one.to_owned());
        }
    }
    Ok(Siksng {
        page: web.page(&member.visitor(), "/setelan"),
        trail: trail(),
        modul,
        categories,
        form,
    })
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    let mut errors = Vec::new();
    let from = from_date(&form, &mut errors);
    let of = |prefix: &str| -> Vec<(&str, &str)> {
        form.pairs()
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
            .collect()
    };
    let table = Crosswalk::of(&of("modul."), &of("sesi."), form.get("lain"));
    let command = Command::ChangeSetting {
        from,
        setting: Box::new(Setting::Crosswalk(table)),
        version: form.number("version"),
    };
    match send(&web, &member, &form, (command, errors)).await? {
        None => Ok(lead_to_done("/setelan", Done::Setting)),
        Some((status, form)) => show_with(status, &page(&web, &member, form)?),
    }
}
