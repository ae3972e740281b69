//! Places: what lies below them, their numbers, their suspensions.

mod actions;

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;

use crate::bahasa::angka;
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::account::Role;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::state::rollup::{Per, RowKey, Totals};
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts};
use crate::web::page::{Count, Form, Link, Page, lead_to, show};
use crate::web::parts::pengawasan::{self, VisitFigure};
use crate::web::parts::scope::{Scope, group_areas};
use crate::web::parts::survey::Survey;
use crate::web::parts::{address, begin, place, when};
use crate::web::{Web, history, urls};

use super::kelompok::period;

/// So many places are shown for one name.
const MAX_FOUND: usize = 100;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/wilayah", get(get_top))
        .route("/wilayah/{kode}", get(get_place))
        .route("/wilayah/{kode}/tangguhkan", post(actions::post_suspend))
        .route("/wilayah/{kode}/lanjutkan", post(actions::post_resume))
        .route("/wilayah/{kode}/nama", post(actions::post_names))
}

#[derive(Template)]
#[template(path = "pages/wilayah.html")]
struct Wilayah {
    page: Page,
    trail: Vec<Link>,
    name: String,
    kode: String,
    level: &'static str,
    counts: Vec<Number>,
    links: Vec<Link>,
    children: Vec<Child>,
    children_name: &'static str,
    visits: Option<VisitFigure>,
    add_visit: Option<String>,
    others: String,
    naming: Option<String>,
    search: Option<String>,
    begin: Vec<Link>,
    suspensions: Vec<SuspensionLine>,
    people: Vec<Person>,
    suspend: Option<Suspend>,
    form: Form,
}

struct Number {
    name: &'static str,
    count: Count,
    hint: String,
}

struct Child {
    name: String,
    kode: String,
    href: String,
    groups: Count,
}

struct SuspensionLine {
    text: String,
    reason: String,
    href: String,
    id: u64,
    open: bool,
}

struct Person {
    name: String,
    role: &'static str,
    href: Option<String>,
}

struct Suspend {
    action: String,
    end_action: String,
}

async fn get_top(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    let areas = own_areas(member.viewer());
    let typed = params.get("cari");
    match areas.as_slice() {
        [] => Err(WebError::Forbidden(
            "Akun Anda tidak memegang wilayah. Hubungi admin wilayah Anda bila ini tugas Anda."
                .to_owned(),
        )),
        [one] if typed.is_empty() => Ok(lead_to(&format!("/wilayah/{one}"))),
        several => show(&top(&web, &member, several, typed)?),
    }
}

fn own_areas(viewer: Viewer<'_>) -> Vec<Kode> {
    let areas = group_areas(viewer);
    if areas.is_empty() { viewer.areas() } else { areas }
}

async fn get_place(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let today = when::today(&web);
    let names = parts.get(0).parse().map_or_else(
        |_| String::new(),
        |kode| {
            let state = web.app.state();
            state.aliases(state.current_kode(kode)).join("\n")
        },
    );
    let form = Form::new(&web, vec![("from", today.to_string()), ("alias", names)])?;
    show(&page(&web, &member, parts.get(0), form)?)
}

/// The place that an address names, if the viewer may see its numbers.
fn seen(state: &State, viewer: Viewer<'_>, kode: &str) -> Result<(Kode, Scope), WebError> {
    if kode.is_empty() {
        return Err(WebError::not_found("Wilayah ini"));
    }
    let scope = Scope::of(state, viewer, kode)?;
    scope.area().map(|area| (area, scope)).ok_or_else(|| WebError::not_found("Wilayah ini"))
}

fn page(web: &Web, member: &Member, kode: &str, form: Form) -> Result<Wilayah, WebError> {
    let (mut page, lines) = shape(web, member, kode, form)?;
    // Reasons are read from the journal, which must not happen while the state is held.
    for (line, seq) in page.suspensions.iter_mut().zip(lines) {
        line.reason = history::suspension_reason(web, seq);
    }
    Ok(page)
}

fn shape(
    web: &Web,
    member: &Member,
    kode: &str,
    form: Form,
) -> Result<(Wilayah, Vec<u64>), WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let (area, scope) = seen(&state, viewer, kode)?;
    let today = when::today(web);
    let suspensions = suspensions(&state, area, today);
    let lines = suspensions.iter().map(|one| one.id).collect();
    let code = area.to_string();
    let below = area.level().below();
    let survey = Survey::of_scope(web, &state, &scope, viewer);
    let sizes = below.map_or_else(HashMap::new, |level| sizes(&survey, level));
    let page = Wilayah {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: trail(&state, area, &own_areas(viewer)),
        name: place::full(&state, area),
        level: place::kind(area),
        counts: counts(&state, &scope, area, (today, survey.total())),
        links: links(&scope, &code, viewer.supervise(area)),
        children: state
            .places_below(area)
            .map(|(kode, name)| child(&scope, kode, name.to_owned(), &sizes))
            .collect(),
        children_name: below.map_or("", place::level_name),
        visits: pengawasan::figure(&state, &scope, today),
        add_visit: viewer
            .supervise(area)
            .then(|| address("/kunjungan/baru", &[("wilayah", &code)])),
        others: state.aliases(area).join(", "),
        naming: (area != Kode::NASIONAL && viewer.manage_groups(area))
            .then(|| format!("/wilayah/{code}/nama")),
        search: (area.level() < Level::Kecamatan).then(String::new),
        begin: begin::steps(&state, viewer),
        suspensions,
        people: if scope.names { people(&state, viewer, area) } else { Vec::new() },
        suspend: viewer.supervise(area).then(|| Suspend {
            action: format!("/wilayah/{code}/tangguhkan"),
            end_action: format!("/wilayah/{code}/lanjutkan"),
        }),
        kode: code,
        form,
    };
    Ok((page, lines))
}

/// The page of someone who looks after several areas, or the places that go by a name.
fn top(web: &Web, member: &Member, areas: &[Kode], typed: &str) -> Result<Wilayah, WebError> {
    let form = Form::new(web, Vec::new())?;
    let state = web.app.state();
    let today = when::today(web);
    let scope = Scope::of(&state, member.viewer(), "")?;
    Ok(Wilayah {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: Vec::new(),
        name: if typed.is_empty() { "Wilayah Anda" } else { "Cari wilayah" }.to_owned(),
        kode: String::new(),
        level: "",
        counts: Vec::new(),
        // What is looked for is no area whose numbers could be shown.
        links: if typed.is_empty() { links(&scope, "", false) } else { Vec::new() },
        children: if typed.is_empty() { areas.to_vec() } else { found(&state, areas, typed) }
            .into_iter()
            .map(|area| {
                let groups = state.active_in(area, today).count();
                let known = HashMap::from([(area, u32::try_from(groups).unwrap_or(u32::MAX))]);
                child(&scope, area, within(&state, area), &known)
            })
            .collect(),
        children_name: "Wilayah",
        visits: pengawasan::figure(&state, &scope, today).filter(|_| typed.is_empty()),
        add_visit: None,
        others: String::new(),
        naming: None,
        search: Some(typed.to_owned()),
        begin: begin::steps(&state, member.viewer()),
        suspensions: Vec::new(),
        people: Vec::new(),
        suspend: None,
        form,
    })
}

/// Places inside `areas` that go by what was typed, in tree order.
fn found(state: &State, areas: &[Kode], typed: &str) -> Vec<Kode> {
    areas
        .iter()
        .flat_map(|area| state.wilayah.range(*area..area.end()))
        .map(|(kode, _)| *kode)
        .filter(|kode| state.named(*kode, typed) && !state.is_gone(*kode))
        .take(MAX_FOUND)
        .collect()
}

/// `Kelurahan Jua-jua, Kayu Agung`: a place with the one around it, since names are no keys.
fn within(state: &State, area: Kode) -> String {
    let around = area.parent().filter(|_| area.level() > Level::Provinsi);
    let others = state.aliases(area);
    let mut name = place::full(state, area);
    if let Some(around) = around {
        name.push_str(&format!(", {}", state.place(around)));
    }
    if others.is_empty() { name } else { format!("{name} ({})", others.join(", ")) }
}

fn trail(state: &State, area: Kode, tops: &[Kode]) -> Vec<Link> {
    let mut above = Vec::new();
    let mut at = area.parent();
    while let Some(kode) = at {
        if tops.iter().any(|top| top.contains(kode)) {
            above.push(Link::new(state.place(kode), format!("/wilayah/{kode}")));
        }
        at = kode.parent();
    }
    above.reverse();
    above
}

/// How many active kelompok the places of a level have.
fn sizes(survey: &Survey<'_>, level: Level) -> HashMap<Kode, u32> {
    let rows = survey.rollup(Per::Level(level)).into_iter();
    let places = rows.filter_map(|(key, totals)| match key {
        RowKey::Place(kode) => Some((kode, totals.groups)),
        _ => None,
    });
    places.collect()
}

fn child(scope: &Scope, kode: Kode, name: String, sizes: &HashMap<Kode, u32>) -> Child {
    let code = kode.to_string();
    let groups = sizes.get(&kode).copied().unwrap_or(0);
    let href = scope.names.then(|| address("/kelompok", &[("wilayah", &code)]));
    Child {
        name,
        href: format!("/wilayah/{code}"),
        groups: Count { text: angka::count(groups.into()), href: href.filter(|_| groups > 0) },
        kode: code,
    }
}

fn counts(state: &State, scope: &Scope, area: Kode, (today, total): (Date, Totals)) -> Vec<Number> {
    let code = area.to_string();
    let number = |name, count: u64, href: Option<String>, hint: &str| Number {
        name,
        count: Count { text: angka::count(count), href: href.filter(|_| count > 0 && scope.names) },
        hint: hint.to_owned(),
    };
    let active = state.active_in(area, today);
    let members: u64 = active.map(|group| u64::from(group.members(today))).sum();
    let list = |what: &str| address("/cakupan/daftar", &[("wilayah", &code), ("apa", what)]);
    let mut counts = vec![
        number("Kelompok aktif", total.groups.into(), Some(list("kelompok")), "pada hari ini"),
        number(
            "Ditangguhkan",
            total.suspended.into(),
            Some(list("ditangguhkan")),
            "dari kelompok aktif",
        ),
        Number {
            name: "Anggota",
            count: Count { text: angka::count(members), href: None },
            hint: "di semua kelompok aktif".to_owned(),
        },
    ];
    if area.level() < Level::Desa {
        let desa = state
            .wilayah
            .range(area..area.end())
            .filter(|(kode, _)| kode.level() == Level::Desa && !state.places.retired.contains(kode))
            .count();
        counts.push(number("Desa dan kelurahan", desa as u64, None, "menurut daftar wilayah"));
    }
    counts
}

fn links(scope: &Scope, code: &str, supervises: bool) -> Vec<Link> {
    let query = [("wilayah", code)];
    let mut links = vec![
        Link::new("Cakupan", address("/cakupan", &query)),
        Link::new("Laporan", address("/laporan", &query)),
    ];
    if scope.names {
        links.push(Link::new("Kelompok", address("/kelompok", &query)));
        links.push(Link::new("Pemeriksaan", address("/pemeriksaan", &query)));
    }
    if supervises {
        links.push(Link::new("Sesi sasaran", address("/setelan/sasaran", &query)));
    }
    if !code.is_empty() {
        links.push(Link::new("Libur pertemuan", urls::libur(code)));
    }
    links
}

/// Suspensions of the place, of those around it and inside it, newest first.
fn suspensions(state: &State, area: Kode, today: Date) -> Vec<SuspensionLine> {
    let mut all: Vec<_> = state
        .suspensions
        .iter()
        .filter(|one| one.area.contains(area) || area.contains(one.area))
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.period.from, one.id)));
    all.into_iter()
        .map(|one| {
            let elsewhere = (one.area != area).then(|| place::full(state, one.area));
            SuspensionLine {
                text: period(&one.period, elsewhere),
                reason: String::new(),
                href: urls::penangguhan(one.id),
                id: one.id,
                // One that was made for another place is ended where it was made.
                open: one.area == area && one.period.to.is_none_or(|to| to > today),
            }
        })
        .collect()
}

/// The people whose work lies in the place. Above a kabupaten those who look after it are named, and
/// not everybody who meets a kelompok somewhere in it.
fn people(state: &State, viewer: Viewer<'_>, area: Kode) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for account in state.accounts.values().filter(|account| !account.disabled) {
        for role in [Role::Supervisor, Role::Pendamping, Role::Admin] {
            if role == Role::Pendamping && area.level() < Level::Kabupaten {
                continue;
            }
            if !account.areas(role).iter().any(|of| area.contains(*of)) {
                continue;
            }
            let code = area.to_string();
            let id = account.id.to_string();
            let query = [("wilayah", code.as_str()), ("apa", "kelompok"), ("pendamping", &id)];
            people.push(Person {
                name: account.name.clone(),
                role: role.as_str(),
                href: match role {
                    Role::Pendamping => Some(address("/cakupan/daftar", &query)),
                    _ if viewer.manage_users(area) => {
                        Some(address("/pengguna", &[("nama", account.login.as_str())]))
                    }
                    _ => None,
                },
            });
        }
    }
    people.sort_by(|a, b| (a.role, &a.name).cmp(&(b.role, &b.name)));
    people
}

/// The address of a place's page.
fn href(kode: Kode) -> String {
    format!("/wilayah/{}", urls::encode(&kode.to_string()))
}
