//! The list of places: its editions, codes without a successor, codes that become others.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;

use crate::bahasa::{angka, tanggal};
use crate::command::Command;
use crate::decide::FieldError;
use crate::decide::import::{Import, Row, Rows};
use crate::decide::places::PetaRow;
use crate::kelompok::wilayah::Zone;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::{address, place, when};

use super::{forbidden, send, trail};

/// So many changed codes are named; the rest are counted.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "pages/setelan_wilayah.html")]
struct Wilayah {
    page: Page,
    trail: Vec<Link>,
    total: String,
    editions: Vec<Edition>,
    orphans: Vec<Orphan>,
    changed: Vec<String>,
    more: usize,
    form: Form,
}

struct Edition {
    name: String,
    date: String,
    entered: String,
}

struct Orphan {
    kode: String,
    name: String,
    href: String,
    groups: String,
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    show(&page(&web, &member, form)?)
}

fn page(web: &Web, member: &Member, form: Form) -> Result<Wilayah, WebError> {
    if !member.viewer().change_settings() {
        return Err(forbidden());
    }
    let state = web.app.state();
    let editions = state.places.editions.iter().rev().map(|one| {
        let by = one.by.map_or("pengelola server", |id| state.account_name(id));
        Edition {
            name: one.name.clone(),
            date: tanggal::long(one.date),
            entered: format!("{by}, {}", when::moment(one.at, Zone::Wib)),
        }
    });
    let orphans = state.orphans().into_iter().map(|(kode, groups)| {
        let code = kode.to_string();
        Orphan {
            name: place::full(&state, kode),
            href: address("/kelompok", &[("wilayah", &code)]),
            groups: format!("{} kelompok", angka::count(groups.len() as u64)),
            kode: code,
        }
    });
    let changed = state.places.renumbered.iter().map(|(old, new)| {
        format!("{old} menjadi {new} ({})", place::full(&state, state.current_kode(*new)))
    });
    Ok(Wilayah {
        page: web.page(&member.visitor(), "/setelan"),
        trail: trail(),
        total: angka::count(state.wilayah.len() as u64),
        editions: editions.collect(),
        orphans: orphans.collect(),
        changed: changed.take(SHOWN).collect(),
        more: state.places.renumbered.len().saturating_sub(SHOWN),
        form,
    })
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    if !member.viewer().change_settings() {
        return Err(forbidden());
    }
    let mut errors = Vec::new();
    let rows = rows(form.raw("peta").unwrap_or(""), &mut errors);
    if rows.is_empty() && errors.is_empty() {
        errors.push(FieldError::new(
            "peta",
            "Tulis paling sedikit satu baris: kode lama, kode baru.",
        ));
    }
    let import = Import { rows: Rows::WilayahPeta(rows), skip_bad: false };
    let command = Command::Import(Box::new(import));
    match send(&web, &member, &form, (command, errors)).await? {
        None => Ok(lead_to_done("/setelan/wilayah", Done::Setting)),
        Some((status, mut form)) => {
            for error in &mut form.errors {
                // Every row stands in the one field of the page.
                if error.field != "peta" {
                    let line = error.field.split(':').next().unwrap_or("").to_owned();
                    error.message =
                        format!("{}: {}", crate::web::parts::sesi::capital(&line), error.message);
                    error.field = "peta".to_owned();
                }
            }
            show_with(status, &page(&web, &member, form)?)
        }
    }
}

/// The rows of a map as they were typed: an old and a new code on each line.
fn rows(text: &str, errors: &mut Vec<FieldError>) -> Vec<Row<PetaRow>> {
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let mut codes = text.split([',', ';', '\t', ' ']).filter(|code| !code.is_empty());
        let row = match (codes.next(), codes.next(), codes.next()) {
            (None, ..) => continue,
            (Some(old), Some(new), None) => old.parse().ok().zip(new.parse().ok()),
            _ => None,
        };
        match row {
            Some((old, new)) => rows.push(Row { line, value: PetaRow { old, new } }),
            None => errors.push(FieldError::new(
                "peta",
                format!("Baris {line} tidak dapat dibaca. Contoh: 91.01,96.05"),
            )),
        }
    }
    rows
}
