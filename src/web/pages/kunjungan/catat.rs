//! Logging a visit, with a check of the kelompok where one was visited.

use askama::Template;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;

use crate::bahasa::tanggal;
use crate::command::{CheckInput, Command, VisitInput};
use crate::decide::FieldError;
use crate::ids::AccountId;
use crate::kelompok::visit::VisitPlace;
use crate::kelompok::wilayah::{Kode, Level};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, Values};
use crate::web::page::{Choice, Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::scope::{Scope, group_areas, readable};
use crate::web::parts::send::{request_id, wrong};
use crate::web::parts::{place, when};
use crate::web::{Web, urls};

#[derive(Template)]
#[template(path = "pages/kunjungan_catat.html")]
struct Catat {
    page: Page,
    trail: Vec<Link>,
    title: String,
    lead: String,
    kelompok: Option<OfGroup>,
    wilayah: String,
    places: Vec<Choice>,
    today: String,
    form: Form,
}

struct OfGroup {
    id: String,
    members: u16,
}

pub(super) async fn get_form(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let office = last_office(&web.app.state(), member.account.id);
    let values = vec![
        ("date", when::today(&web).to_string()),
        ("place", place_meant(params.get("wilayah"))),
        ("office", office),
    ];
    let form = Form::new(&web, values)?;
    show(&page(&web, &member, &params.0, form)?)
}

/// The place that a page about one place already names. A wider area is where to choose from, so
/// nothing is chosen beforehand there.
fn place_meant(area: &str) -> String {
    let narrow = area.parse().is_ok_and(|kode: Kode| kode.level() >= Level::Kecamatan);
    if narrow { area.to_owned() } else { String::new() }
}

/// The office that the person named last, which is mostly the one that visits again.
fn last_office(state: &State, who: AccountId) -> String {
    let last = state.visits().iter().rev().flat_map(|one| &one.forms);
    last.into_iter()
        .find(|form| form.by == Some(who))
        .and_then(|form| form.visit.office.as_str())
        .unwrap_or("")
        .to_owned()
}

pub(super) async fn post_form(
    FromState(web): FromState<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    // Whoever may not open the form learns nothing by sending it.
    page(&web, &member, &form.0, Form::again(&form.0, Vec::new()))?;
    let (mut errors, mut status) = (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
    let visit = input(&form.0, &mut errors);
    let check = check(&form.0, &mut errors);
    if let (Some(visit), true) = (visit, errors.is_empty()) {
        let kelompok = matches!(visit.place, VisitPlace::Kelompok(_));
        let back = match &visit.place {
            VisitPlace::Kelompok(id) => urls::kelompok(id),
            VisitPlace::Wilayah(_) => String::new(),
        };
        let check = check.filter(|_| kelompok);
        let done = if check.is_some() { Done::VisitChecked } else { Done::Visit };
        let command = Command::LogVisit { visit: Box::new(visit), check };
        let id = request_id(&web, &form)?;
        match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
            Ok(_) if kelompok => return Ok(lead_to_done(&back, done)),
            Ok(_) => return Ok(lead_to_done(&urls::kunjungan(id), done)),
            Err(error) => (errors, status) = wrong(error)?,
        }
    }
    let again = Form::again(&form.0, errors);
    show_with(status, &page(&web, &member, &form.0, again)?)
}

/// A visit as a form tells it.
pub(super) fn input(form: &Values, errors: &mut Vec<FieldError>) -> Option<VisitInput> {
    let date = match tanggal::parse(form.get("date")) {
        Ok(date) => Some(date),
        Err(error) => {
            errors.push(FieldError::new("date", error.to_string()));
            None
        }
    };
    let place = if form.has("kelompok") {
        form.get("kelompok").parse().ok().map(VisitPlace::Kelompok)
    } else {
        form.get("place").parse().ok().map(VisitPlace::Wilayah)
    };
    if place.is_none() {
        errors.push(FieldError::new("place", "Pilih tempat yang dikunjungi."));
    }
    let text = |name: &str| form.raw(name).unwrap_or("").to_owned();
    Some(VisitInput {
        place: place?,
        date: date?,
        office: text("office"),
        attended: text("attended"),
        note: text("note"),
    })
}

fn check(form: &Values, errors: &mut Vec<FieldError>) -> Option<CheckInput> {
    let wrong = match (form.get("found"), form.has("counted")) {
        ("", false) => return None,
        // Whoever typed a number has counted, also where the choice above was forgotten.
        ("ya" | "", _) => {
            let counted = form.number("counted").filter(|counted| *counted > 0);
            if let Some(counted) = counted {
                return Some(CheckInput { found: true, counted });
            }
            ("counted", "Isi jumlah anggota yang dihitung dengan angka, misalnya 25.")
        }
        ("tidak", false) => return Some(CheckInput { found: false, counted: 0 }),
        ("tidak", true) => (
            "counted",
            "Jumlah terisi, sedangkan kelompoknya tidak ditemukan. Kosongkan jumlahnya, atau pilih “anggotanya dihitung”.",
        ),
        _ => ("found", "Pilihan pemeriksaan ini tidak dikenal. Pilih salah satu di bawah ini."),
    };
    errors.push(FieldError::new(wrong.0, wrong.1));
    None
}

fn page(web: &Web, member: &Member, values: &Values, form: Form) -> Result<Catat, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let latest = when::latest_today(web);
    let forbidden = || {
        WebError::Forbidden(
            "Akun Anda tidak berwenang mencatat kunjungan di sini. Hubungi admin wilayah Anda bila ini tugas Anda."
                .to_owned(),
        )
    };
    let mut catat = Catat {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: vec![Link::new("Kunjungan", "/kunjungan")],
        title: "Catat kunjungan".to_owned(),
        lead: String::new(),
        kelompok: None,
        wilayah: values.get("wilayah").to_owned(),
        places: Vec::new(),
        today: latest.to_string(),
        form,
    };
    if values.has("kelompok") {
        let group = readable(&state, viewer, values.get("kelompok"), latest)?;
        let home = group.home(latest);
        if !viewer.supervise(home) {
            return Err(forbidden());
        }
        catat.trail = vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ];
        catat.lead = format!("{}, {}", group.name, place::short(&state, home));
        let members = group.members(when::today_at(web, home));
        catat.kelompok = Some(OfGroup { id: group.id.to_string(), members });
        return Ok(catat);
    }
    let scope = Scope::of(&state, viewer, values.get("wilayah"))?;
    let areas: Vec<Kode> =
        scope.areas.iter().copied().filter(|area| viewer.supervise(*area)).collect();
    if areas.is_empty() {
        return Err(forbidden());
    }
    if let Some(area) = scope.area() {
        catat.trail = place::trail(&state, area, &group_areas(viewer), "/kunjungan");
        let href = crate::web::parts::address("/kunjungan", &[("wilayah", &area.to_string())]);
        catat.trail.push(Link::new(format!("Kunjungan di {}", place::full(&state, area)), href));
    }
    catat.places = areas.iter().flat_map(|area| choices(&state, *area)).collect();
    Ok(catat)
}

/// The places below an area, which are what is visited mostly, and the area itself behind them.
fn choices(state: &State, area: Kode) -> Vec<Choice> {
    let below = state
        .places_below(area)
        .map(|(kode, _)| Choice::new(kode.to_string(), place::full(state, kode)));
    let mut all: Vec<Choice> = below.collect();
    if area != Kode::NASIONAL {
        all.push(Choice::new(area.to_string(), place::full(state, area)));
    }
    all
}
