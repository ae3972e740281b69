//! The rules of counting: kinds of pertemuan and the limits.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;

use crate::command::Command;
use crate::decide::FieldError;
use crate::event::Setting;
use crate::kelompok::rules::{Kind, Rules};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::when;

use super::{forbidden, from_date, send, trail};

/// So many new kinds can be added at once.
const NEW_KINDS: usize = 2;

#[derive(Template)]
#[template(path = "pages/setelan_aturan.html")]
struct Aturan {
    page: Page,
    trail: Vec<Link>,
    rows: Vec<KindRow>,
    form: Form,
}

/// The fields of one kind.
struct KindRow {
    at: usize,
    id: String,
    /// The usual kind stays.
    fixed: bool,
    new: bool,
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
) -> Result<Response, WebError> {
    let today = when::today(&web);
    let (rules, version) = {
        let state = web.app.state();
        let rules = state.rules.on(today).clone();
        let version = state.setting_version(&Setting::Rules(rules.clone()));
        (rules, version)
    };
    let mut values = vec![
        ("version".to_owned(), version.to_string()),
        ("from".to_owned(), today.to_string()),
        ("min_present_percent".to_owned(), rules.min_present_percent.to_string()),
        ("expected_days_percent".to_owned(), rules.expected_days_percent.to_string()),
        ("on_time_day".to_owned(), rules.on_time_day.to_string()),
    ];
    for (at, kind) in rules.kinds.iter().enumerate() {
        values.push((format!("kind.{at}.id"), kind.id.clone()));
        values.push((format!("kind.{at}.name"), kind.name.clone()));
        let flags = [("keep", true), ("counts", kind.counts), ("everyone", kind.everyone)];
        for (flag, _) in flags.into_iter().filter(|(_, set)| *set) {
            values.push((format!("kind.{at}.{flag}"), "ya".to_owned()));
        }
    }
    let pairs = values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let form = Form::new(&web, pairs)?;
    show(&page(&web, &member, form)?)
}

fn page(web: &Web, member: &Member, form: Form) -> Result<Aturan, WebError> {
    if !member.viewer().change_settings() {
        return Err(forbidden());
    }
    let mut rows: Vec<KindRow> = (0..)
        .map(|at| (at, form.value(&format!("kind.{at}.id")).to_owned()))
        .take_while(|(_, id)| !id.is_empty())
        .map(|(at, id)| KindRow { at, fixed: id == "lengkap", id, new: false })
        .collect();
    let known = rows.len();
    rows.extend((known..known + NEW_KINDS).map(|at| KindRow {
        at,
        id: String::new(),
        fixed: false,
        new: true,
    }));
    Ok(Aturan { page: web.page(&member.visitor(), "/setelan"), trail: trail(), rows, form })
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    let mut errors = Vec::new();
    let from = from_date(&form, &mut errors);
    let mut number = |name: &str| {
        form.number::<u8>(name).unwrap_or_else(|| {
            errors.push(FieldError::new(name, "Isi dengan angka."));
            0
        })
    };
    let rules = Rules {
        min_present_percent: number("min_present_percent"),
        expected_days_percent: number("expected_days_percent"),
        on_time_day: i8::try_from(number("on_time_day")).unwrap_or(i8::MAX),
        ..web.app.state().rules.on(from).clone()
    };
    let rules = Rules { kinds: kinds(&form), ..rules };
    let command = Command::ChangeSetting {
        from,
        setting: Box::new(Setting::Rules(rules)),
        version: form.number("version"),
    };
    match send(&web, &member, &form, (command, errors)).await? {
        None => Ok(lead_to_done("/setelan", Done::Setting)),
        Some((status, form)) => show_with(status, &page(&web, &member, form)?),
    }
}

/// The kinds of a form: known ones that are kept, and new ones that have a name.
fn kinds(form: &FormData) -> Vec<Kind> {
    let of = |at: usize, field: &str| form.get(&format!("kind.{at}.{field}")).to_owned();
    (0..40)
        .filter_map(|at| {
            let (id, name) = (of(at, "id"), of(at, "name"));
            let kept = if id.is_empty() { !name.is_empty() } else { of(at, "keep") == "ya" };
            let flag = |field| of(at, field) == "ya";
            kept.then(|| Kind {
                id: if id.is_empty() { slug(&name) } else { id },
                name,
                counts: flag("counts"),
                everyone: flag("everyone"),
            })
        })
        .collect()
}

/// `Kunjungan rumah` as `kunjungan-rumah`.
fn slug(name: &str) -> String {
    let plain = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    plain.split_whitespace().collect::<Vec<_>>().join("-")
}
