//! Head-count checks: those that wait, and settling one.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::command::Command;
use crate::decide::FieldError;
use crate::kelompok::group::{HeadReason, Kelompok};
use crate::kelompok::visit::{CheckNo, CheckOutcome};
use crate::state::{HeadCheck, State};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts};
use crate::web::page::{Badge, Choice, Done, Form, Link, Page, Tab, lead_to_done, show, show_with};
use crate::web::parts::scope::{Scope, group_areas};
use crate::web::parts::send::{Sent, send};
use crate::web::parts::{Pages, Window, address, pengawasan, place, when};
use crate::web::{Web, urls};

/// So many checks stand on one page.
const PAGE_ROWS: usize = 50;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/pemeriksaan", get(get_list))
        .route("/pemeriksaan/{nomor}", get(get_check))
        .route("/pemeriksaan/{nomor}/selesaikan", post(post_resolve))
}

#[derive(Template)]
#[template(path = "pages/pemeriksaan.html")]
struct Daftar {
    page: Page,
    trail: Vec<Link>,
    title: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    open_only: bool,
    pages: Option<Pages>,
}

struct Row {
    name: String,
    href: String,
    place: String,
    date: String,
    text: String,
    office: String,
    badge: Badge,
}

async fn get_list(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&list(&web, &member, &params)?)
}

fn list(web: &Web, member: &Member, params: &Params) -> Result<Daftar, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let latest = when::latest_today(web);
    let scope = Scope::named(&state, viewer, params.get("wilayah"))?;
    let all = pengawasan::checks(&state, |group| scope.holds(viewer, group, latest));
    let open = all.iter().filter(|(check, group)| check.is_open(group)).count();
    let open_only = params.word("tampil", &["semua"])? != "semua";
    let total = all.len();
    let shown: Vec<_> =
        all.into_iter().filter(|(check, group)| !open_only || check.is_open(group)).collect();
    let window = Window::new(params.page()?, PAGE_ROWS, shown.len());
    let to = |tampil: &str, page: &str| {
        let query = [("wilayah", params.get("wilayah")), ("tampil", tampil), ("hal", page)];
        address("/pemeriksaan", &query)
    };
    let tab = |name: &str, count: usize, tampil: &str, active| Tab {
        name: format!("{name} ({})", angka::count(count as u64)),
        href: to(tampil, ""),
        active,
        icon: "",
    };
    let pages = window.pages(|page| to(params.get("tampil"), page));
    Ok(Daftar {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: scope.area().map_or_else(Vec::new, |area| {
            place::trail(&state, area, &group_areas(viewer), "/pemeriksaan")
        }),
        title: format!("Pemeriksaan kelompok di {}", scope.name(&state)),
        tabs: vec![
            tab("Belum selesai", open, "", open_only),
            tab("Semua", total, "semua", !open_only),
        ],
        rows: shown[window.range()]
            .iter()
            .map(|(check, group)| row(&state, check, group))
            .collect(),
        open_only,
        pages: (shown.len() > PAGE_ROWS).then_some(pages),
    })
}

fn row(state: &State, check: &HeadCheck, group: &Kelompok) -> Row {
    Row {
        name: group.name.clone(),
        href: urls::pemeriksaan(check.number),
        place: place::short(state, group.home(check.date)),
        date: tanggal::short(check.date),
        text: pengawasan::check_words(check),
        office: check.office.clone(),
        badge: pengawasan::check_badge(check, group),
    }
}

#[derive(Template)]
#[template(path = "pages/pemeriksaan_lihat.html")]
struct Lihat {
    page: Page,
    trail: Vec<Link>,
    title: String,
    kelompok: Link,
    place: String,
    badge: Badge,
    facts: Vec<Fact>,
    settle: Option<Settle>,
}

struct Fact {
    name: &'static str,
    value: String,
}

/// The form for those who may settle the check.
struct Settle {
    action: String,
    form: Form,
    outcomes: Vec<Choice>,
    reasons: Vec<Choice>,
}

async fn get_check(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let form = Form::new(&web, vec![("reason", HeadReason::Koreksi.as_str().to_owned())])?;
    show(&page(&web, &member, parts.get(0), form)?)
}

/// The check that an address names, if the viewer may read its kelompok.
fn find<'a>(
    state: &'a State,
    member: &Member,
    number: &str,
    today: Date,
) -> Result<(&'a HeadCheck, &'a Kelompok), WebError> {
    number
        .parse::<CheckNo>()
        .ok()
        .and_then(|number| state.check(number))
        .filter(|(_, group)| member.viewer().read_group(group, today))
        .ok_or_else(|| WebError::not_found("Pemeriksaan ini"))
}

fn page(web: &Web, member: &Member, number: &str, form: Form) -> Result<Lihat, WebError> {
    let state = web.app.state();
    let latest = when::latest_today(web);
    let (check, group) = find(&state, member, number, latest)?;
    let may = check.resolved.is_none()
        && (check.is_open(group) || !form.errors.is_empty())
        && member.viewer().supervise(group.home(latest));
    Ok(Lihat {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: vec![
            Link::new("Pemeriksaan", "/pemeriksaan"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ],
        title: format!("Pemeriksaan {}", tanggal::long(check.date)),
        kelompok: Link::new(group.name.clone(), urls::kelompok(&group.id)),
        place: place::short(&state, group.home(check.date)),
        badge: pengawasan::check_badge(check, group),
        facts: facts(&state, check, group),
        settle: may.then(|| Settle {
            action: format!("{}/selesaikan", urls::pemeriksaan(check.number)),
            outcomes: outcomes(check),
            reasons: HeadReason::CHOICES
                .iter()
                .map(|reason| Choice::new(reason.as_str(), reason.name()))
                .collect(),
            form,
        }),
    })
}

fn facts(state: &State, check: &HeadCheck, group: &Kelompok) -> Vec<Fact> {
    let fact = |name, value: String| Fact { name, value };
    let zone = group.home(check.date).zone();
    let who = |by: Option<crate::ids::AccountId>, at| {
        let name = by.map_or("pengelola server", |id| state.account_name(id));
        format!("{name}, {}", when::moment(at, zone))
    };
    let mut facts = vec![fact("Diperiksa oleh", check.office.clone())];
    if check.found {
        facts.push(fact("Tercatat pada hari itu", format!("{} anggota", check.recorded)));
        facts.push(fact("Dihitung", format!("{} anggota", check.counted)));
        facts.push(fact("Selisih", format!("{:+}", check.difference())));
    } else {
        facts.push(fact("Keberadaan", "Kelompok tidak ditemukan".to_owned()));
        facts.push(fact("Tercatat pada hari itu", format!("{} anggota", check.recorded)));
    }
    let now = group.members(check.date);
    if now != check.recorded {
        facts.push(fact("Tercatat sekarang untuk hari itu", format!("{now} anggota")));
    }
    facts.push(fact("Dimasukkan oleh", who(check.by, check.at)));
    if let Some(end) = &check.resolved {
        facts.push(fact("Penyelesaian", end.outcome.name().to_owned()));
        if !end.note.is_empty() {
            facts.push(fact("Keterangan", end.note.clone()));
        }
        facts.push(fact("Diselesaikan oleh", who(end.by, end.at)));
    }
    facts
}

fn outcomes(check: &HeadCheck) -> Vec<Choice> {
    CheckOutcome::ALL
        .into_iter()
        .filter(|one| one.fits(check.found))
        .map(|one| Choice {
            value: one.as_str().to_owned(),
            name: match one {
                CheckOutcome::Diubah => {
                    format!("Ubah jumlah anggota menjadi {}", check.counted)
                }
                CheckOutcome::TercatatBenar => {
                    format!("Jumlah yang tercatat sudah benar ({})", check.recorded)
                }
                other => crate::web::parts::sesi::capital(other.name()),
            },
            hint: hint(one, check),
        })
        .collect()
}

fn hint(outcome: CheckOutcome, check: &HeadCheck) -> String {
    match outcome {
        CheckOutcome::Diubah => {
            format!("Berlaku sejak {}, dengan alasan di bawah ini.", tanggal::long(check.date))
        }
        CheckOutcome::TercatatBenar => {
            "Misalnya tidak semua anggota datang saat dihitung.".to_owned()
        }
        CheckOutcome::Ditemukan => "Misalnya kelompok pindah tempat bertemu.".to_owned(),
        CheckOutcome::TidakAktif => {
            "Hanya bila kelompok ini sudah dibubarkan atau digabung di halamannya.".to_owned()
        }
        CheckOutcome::Lain => "Tulis keterangannya.".to_owned(),
    }
}

async fn post_resolve(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let number = {
        let state = web.app.state();
        find(&state, &member, parts.get(0), when::latest_today(&web))?.0.number
    };
    let mut errors = Vec::new();
    let outcome = form.get("outcome").parse::<CheckOutcome>();
    if let Err(error) = &outcome {
        errors.push(FieldError::new("outcome", error.to_string()));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let reason = form.get("reason").parse::<HeadReason>().ok();
    if let Ok(outcome) = outcome {
        let note = form.raw("note").unwrap_or("").to_owned();
        let command = Command::ResolveCheck { check: number, outcome, reason, note };
        match send(&web, &member, &form, command).await? {
            Sent::Done(_) => return Ok(lead_to_done(&urls::pemeriksaan(number), Done::Settled)),
            Sent::Wrong(wrong, now) => (errors, status) = (wrong, now),
        }
    }
    let again = Form::again(&form.0, errors);
    show_with(status, &page(&web, &member, parts.get(0), again)?)
}
