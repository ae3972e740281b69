//! The sesi that an area is measured by, from a day on.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::command::Command;
use crate::decide::FieldError;
use crate::event::Setting;
use crate::kelompok::rules::TargetSet;
use crate::kelompok::wilayah::Kode;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, Values};
use crate::web::page::{Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::sesi::{by_modul, labels, teachable};
use crate::web::parts::{address, place, when};
use crate::web::{Web, urls};

use super::{from_date, send};

#[derive(Template)]
#[template(path = "pages/setelan_sasaran.html")]
struct Sasaran {
    page: Page,
    trail: Vec<Link>,
    title: String,
    kode: String,
    others: Vec<Link>,
    now: String,
    past: Vec<String>,
    modul: Vec<ModulChoice>,
    next_year: String,
    form: Form,
}

struct ModulChoice {
    title: String,
    sesi: Vec<SesiChoice>,
}

struct SesiChoice {
    id: String,
    name: String,
}

/// The newest target set of each area that is in force on `on`, in tree order.
pub(super) fn in_force(state: &State, on: Date) -> Vec<&TargetSet> {
    let mut newest: std::collections::BTreeMap<Kode, &TargetSet> = Default::default();
    for target in state.targets.iter().filter(|target| target.from <= on) {
        let slot = newest.entry(target.area).or_insert(target);
        if target.from >= slot.from {
            *slot = target;
        }
    }
    newest.into_values().collect()
}

fn may(viewer: Viewer<'_>, area: Kode) -> bool {
    viewer.supervise(area) || viewer.change_settings()
}

/// The area that is meant: the one asked for, or the outermost that the viewer may set.
fn area(state: &State, viewer: Viewer<'_>, values: &Values) -> Result<Kode, WebError> {
    let forbidden = || {
        WebError::Forbidden(
            "Sesi sasaran diatur oleh supervisor wilayahnya dan admin nasional. Hubungi mereka bila ada yang perlu diubah."
                .to_owned(),
        )
    };
    let area = match values.place("wilayah")? {
        Some(kode) => state.current_kode(kode),
        None => own(viewer).first().copied().ok_or_else(forbidden)?,
    };
    if !may(viewer, area) {
        return Err(forbidden());
    }
    if area != Kode::NASIONAL && !state.wilayah.contains_key(&area) {
        return Err(WebError::not_found("Wilayah ini"));
    }
    Ok(area)
}

fn own(viewer: Viewer<'_>) -> Vec<Kode> {
    if viewer.change_settings() {
        return vec![Kode::NASIONAL];
    }
    viewer.areas().into_iter().filter(|area| viewer.supervise(*area)).collect()
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let today = when::today(&web);
    let (area, sesi, version) = {
        let state = web.app.state();
        let area = area(&state, member.viewer(), &params.0)?;
        let sesi: Vec<String> = state
            .target(area, today)
            .iter()
            .filter_map(|ix| state.sesi_at(*ix))
            .map(|sesi| sesi.id.to_string())
            .collect();
        let target = Setting::Target(TargetSet { area, from: today, sesi: Vec::new() });
        (area, sesi, state.setting_version(&target))
    };
    let mut values = vec![
        ("from", today.to_string()),
        ("wilayah", area.to_string()),
        ("version", version.to_string()),
    ];
    values.extend(sesi.into_iter().map(|id| ("sesi", id)));
    let form = Form::new(&web, values)?;
    show(&page(&web, &member, &params.0, form)?)
}

fn page(web: &Web, member: &Member, values: &Values, form: Form) -> Result<Sasaran, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let today = when::today(web);
    let area = area(&state, viewer, values)?;
    let labels = labels(&state);
    let order = teachable(&state, |id| form.checked("sesi", id));
    let modul = by_modul(&labels, &order).into_iter().map(|group| ModulChoice {
        title: group.title,
        sesi: group
            .sesi
            .iter()
            .filter_map(|ix| labels.get(usize::from(*ix)))
            .map(|label| SesiChoice { id: label.id.clone(), name: label.full() })
            .collect(),
    });
    let mut past: Vec<&TargetSet> = state
        .targets
        .iter()
        .filter(|target| target.area.contains(area) || area.contains(target.area))
        .collect();
    past.sort_by_key(|target| std::cmp::Reverse(target.from));
    let link = |kode: Kode| {
        let href = address("/setelan/sasaran", &[("wilayah", &kode.to_string())]);
        Link::new(place::full(&state, kode), href)
    };
    let trail = if viewer.change_settings() {
        super::trail()
    } else {
        vec![Link::new(place::full(&state, area), format!("/wilayah/{area}"))]
    };
    Ok(Sasaran {
        page: web.page(&member.visitor(), "/setelan"),
        trail,
        title: format!("Sesi sasaran {}", place::full(&state, area)),
        kode: area.to_string(),
        others: state.places_below(area).map(|(kode, _)| link(kode)).collect(),
        now: now(&state, area, today),
        past: past
            .into_iter()
            .map(|target| {
                format!(
                    "{}: {} sesi mulai {}",
                    place::full(&state, target.area),
                    angka::count(target.sesi.len() as u64),
                    tanggal::long(target.from)
                )
            })
            .collect(),
        modul: modul.collect(),
        next_year: next_year(today),
        form,
    })
}

fn next_year(today: Date) -> String {
    tanggal::long(today.last_of_year().tomorrow().unwrap_or(today))
}

/// Which set measures the area today, and whose it is.
fn now(state: &State, area: Kode, today: Date) -> String {
    let count = angka::count(state.target(area, today).len() as u64);
    let own = in_force(state, today).into_iter().rfind(|one| one.area.contains(area));
    match own {
        Some(target) if target.area == area => {
            format!("Sekarang {count} sesi, sejak {}.", tanggal::long(target.from))
        }
        Some(target) => format!(
            "Sekarang {count} sesi, mengikuti {} sejak {}.",
            place::full(state, target.area),
            tanggal::long(target.from)
        ),
        None => format!("Sekarang {count} sesi, mengikuti urutan kurikulum bawaan."),
    }
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    let mut errors = Vec::new();
    let from = from_date(&form, &mut errors);
    let area = area(&web.app.state(), member.viewer(), &form.0)?;
    let sesi = form.all("sesi").filter_map(|id| id.parse().ok()).collect::<Vec<_>>();
    if sesi.is_empty() {
        errors.push(FieldError::new("sesi", "Pilih paling sedikit satu sesi sasaran."));
    }
    let target = Setting::Target(TargetSet { area, from, sesi });
    let command =
        Command::ChangeSetting { from, setting: Box::new(target), version: form.number("version") };
    match send(&web, &member, &form, (command, errors)).await? {
        None => {
            let kode = urls::encode(&area.to_string());
            Ok(lead_to_done(&format!("/setelan/sasaran?wilayah={kode}"), Done::Target))
        }
        Some((status, again)) => show_with(status, &page(&web, &member, &form.0, again)?),
    }
}
