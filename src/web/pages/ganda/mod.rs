//! Records that are perhaps doubled: the list, two of them beside each other, joining them.

mod join;

use std::cmp::Reverse;
use std::ops::Range;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::bahasa::tanggal;
use crate::command::Command;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::{Pertemuan, PertemuanId};
use crate::kelompok::wilayah::Zone;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts};
use crate::web::page::{Done, Form, Link, Page, USED_ID, lead_to_done, show, show_with};
use crate::web::parts::pengawasan::Pair;
use crate::web::parts::scope::Scope;
use crate::web::parts::send::Sent;
use crate::web::parts::survey::Survey;
use crate::web::parts::{self, Pages, WHOLE_FORM, Window, address, pengawasan, place, when, words};
use crate::web::{Web, history, urls};
use axum::http::StatusCode;

use super::pertemuan::said;

use join::{PARTS, chosen, default_choice, undecided};

/// So many pairs stand on one page.
const PAGE_ROWS: usize = 50;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ganda", get(get_list))
        .route("/ganda/{satu}/{dua}", get(get_pair).post(post_join))
        .route("/ganda/{satu}/{dua}/bukan", post(post_separate))
}

#[derive(Template)]
#[template(path = "pages/ganda.html")]
struct Daftar {
    page: Page,
    title: String,
    rows: Vec<Row>,
    pages: Option<Pages>,
}

struct Row {
    name: String,
    place: String,
    date: String,
    first: String,
    second: String,
    href: String,
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
    let scope = Scope::named(&state, viewer, params.get("wilayah"))?;
    let survey = Survey::of_scope(web, &state, &scope, viewer);
    let total = survey.briefs().map(|brief| usize::from(brief.waiting.doubles)).sum();
    let window = Window::new(params.page()?, PAGE_ROWS, total);
    let pairs = pairs(&survey, window.range());
    let pages = window
        .pages(|page| address("/ganda", &[("wilayah", params.get("wilayah")), ("hal", page)]));
    let told = |fakta: &Fakta, group: &Kelompok| {
        format!(
            "{}, diterima {}: {}; {}",
            author(&state, fakta),
            received(fakta, group.home(fakta.date).zone()),
            words::all_taught(&state, fakta),
            words::attendance(fakta.attendance)
        )
    };
    let rows = pairs.iter().map(|(group, one, other)| Row {
        name: group.name.clone(),
        place: place::short(&state, group.home(one.date)),
        date: tanggal::long(one.date),
        first: told(one, group),
        second: told(other, group),
        href: urls::ganda(one.id, other.id),
    });
    Ok(Daftar {
        page: web.page(&member.visitor(), "/kelompok"),
        title: format!("Catatan yang mungkin ganda di {}", scope.name(&state)),
        rows: rows.collect(),
        pages: (total > PAGE_ROWS).then_some(pages),
    })
}

/// One page of all pairs: kelompok by kelompok, those in front of which two were recorded last. Only
/// the records of kelompok on the page are read.
fn pairs<'a>(survey: &Survey<'a>, page: Range<usize>) -> Vec<Pair<'a>> {
    let briefs = survey.briefs().filter(|brief| brief.waiting.doubles > 0);
    let mut doubled: Vec<_> = briefs.map(|brief| (brief.waiting, brief.ix)).collect();
    doubled.sort_by_key(|(waiting, ix)| (Reverse(waiting.doubled), *ix));
    let mut found = Vec::new();
    let mut before = 0;
    for (waiting, ix) in doubled {
        let behind = before + usize::from(waiting.doubles);
        if behind > page.start
            && let Some(group) = survey.state().group_at(ix)
        {
            let all = pengawasan::pairs(std::iter::once(group)).into_iter();
            found.extend(all.skip(page.start.saturating_sub(before)));
        }
        before = behind;
        if before >= page.end {
            break;
        }
    }
    found.truncate(page.len());
    found
}

/// When the record came in, which tells two of the same author apart.
fn received(fakta: &Fakta, zone: Zone) -> String {
    fakta.received.map_or_else(|| "tidak diketahui".to_owned(), |at| when::moment(at, zone))
}

fn author(state: &State, fakta: &Fakta) -> String {
    match fakta.author {
        AccountId(0) => "Impor".to_owned(),
        id => state.account_name(id).to_owned(),
    }
}

#[derive(Template)]
#[template(path = "pages/ganda_lihat.html")]
struct Lihat {
    page: Page,
    trail: Vec<Link>,
    title: String,
    kelompok: Link,
    place: String,
    sides: [Side; 2],
    parts: Vec<Part>,
    versions: (u64, u64),
    join: Option<String>,
    form: Form,
}

/// One of the two records.
struct Side {
    href: String,
    author: String,
    received: String,
}

/// What is chosen together.
struct Part {
    name: &'static str,
    lines: Vec<Line>,
    /// Whether the two say different things.
    differs: bool,
    /// Whether both may be kept together.
    both: bool,
}

struct Line {
    name: &'static str,
    first: String,
    second: String,
}

/// Two records of one kelompok with their texts, the one that was recorded first in front.
struct Two {
    kelompok: KelompokId,
    ids: [PertemuanId; 2],
    records: [Pertemuan; 2],
}

fn find(web: &Web, member: &Member, parts: &PathParts) -> Result<Two, WebError> {
    find_at(web, member, parts, None)
}

/// The two as they stood at these versions, or as they stand now.
fn find_at(
    web: &Web,
    member: &Member,
    parts: &PathParts,
    versions: Option<(u64, u64)>,
) -> Result<Two, WebError> {
    let missing = || WebError::not_found("Catatan ini");
    let id = |at| Uuid::try_parse(parts.get(at)).map_err(|_| missing());
    let (kelompok, ids) = {
        let state = web.app.state();
        let today = when::latest_today(web);
        let readable = |id| {
            state
                .pertemuan(id)
                .filter(|(group, _)| member.viewer().read_group(group, today))
                .ok_or_else(missing)
        };
        let (group, one) = readable(id(0)?)?;
        let (_, other) = readable(id(1)?)?;
        if one.id == other.id || group.pertemuan(other.id).is_none() {
            return Err(missing());
        }
        let mut both = [one, other];
        both.sort_by_key(|fakta| (fakta.first_seq, fakta.id));
        (group.id.clone(), both.map(|fakta| fakta.id))
    };
    let entries = history::of_group(web, &kelompok)?;
    let record = |id, version: Option<u64>| {
        let before = version.and_then(|line| history::form_at(&entries, id, line));
        before.or_else(|| history::form_of(&entries, id)).cloned().ok_or_else(missing)
    };
    let versions = versions.map(|(first, second)| [first, second]);
    let records =
        [record(ids[0], versions.map(|all| all[0]))?, record(ids[1], versions.map(|all| all[1]))?];
    Ok(Two { kelompok, ids, records })
}

async fn get_pair(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let two = find(&web, &member, &parts)?;
    let values =
        PARTS.iter().map(|(name, _)| (*name, default_choice(name, &two.records).to_owned()));
    let form = Form::new(&web, values.collect())?;
    show(&page(&web, &member, &two, form)?)
}

fn page(web: &Web, member: &Member, two: &Two, form: Form) -> Result<Lihat, WebError> {
    let state = web.app.state();
    let missing = || WebError::not_found("Catatan ini");
    let group = state.group(two.kelompok.as_str()).ok_or_else(missing)?;
    let one = group.pertemuan(two.ids[0]).ok_or_else(missing)?;
    let other = group.pertemuan(two.ids[1]).ok_or_else(missing)?;
    let latest = when::latest_today(web);
    let may = [&one, &other].into_iter().all(|fakta| member.viewer().correct(group, fakta, latest));
    let doubled = group.doubles(&one).contains(&other.id);
    let zone = group.home(one.date).zone();
    let side = |fakta: &Fakta| Side {
        href: urls::pertemuan(fakta.id),
        author: author(&state, fakta),
        received: received(fakta, zone),
    };
    Ok(Lihat {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![Link::new("Mungkin ganda", "/ganda")],
        title: format!("Dua catatan, {}", tanggal::long(one.date)),
        kelompok: Link::new(group.name.clone(), urls::kelompok(&group.id)),
        place: place::short(&state, group.home(one.date)),
        sides: [side(&one), side(&other)],
        parts: parts(&state, &two.records),
        versions: (one.version, other.version),
        join: (may && doubled).then(|| urls::ganda(two.ids[0], two.ids[1])),
        form,
    })
}

fn parts(state: &State, [first, second]: &[Pertemuan; 2]) -> Vec<Part> {
    let (first, second) = (said(state, first), said(state, second));
    let line = |name: &'static str| {
        let of = |all: &[(&'static str, String)]| {
            all.iter()
                .find(|(of, _)| *of == name)
                .map_or_else(String::new, |(_, text)| text.clone())
        };
        Line { name, first: of(&first), second: of(&second) }
    };
    PARTS
        .iter()
        .map(|(name, lines)| {
            let lines: Vec<Line> = lines
                .iter()
                .map(|name| line(name))
                .filter(|line| !(line.first.is_empty() && line.second.is_empty()))
                .collect();
            let differs = lines.iter().any(|line| line.first != line.second);
            Part { name, differs, both: *name == "sesi" && differs, lines }
        })
        .filter(|part| !part.lines.is_empty())
        .collect()
}

async fn post_join(
    FromState(web): FromState<Web>,
    member: Member,
    path: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let two = find(&web, &member, &path)?;
    let versions = (form.number("version_a").unwrap_or(0), form.number("version_b").unwrap_or(0));
    // What was chosen is taken from the forms that were looked at, so that a form sent again asks
    // for the same although the records were joined in between.
    let seen = find_at(&web, &member, &path, Some(versions))?;
    let open = undecided(&seen.records, &form.0);
    if !open.is_empty() {
        let page = page(&web, &member, &two, Form::again(&form.0, open))?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let command = Command::JoinRecords {
        keep: two.ids[0],
        withdraw: two.ids[1],
        record: chosen(&seen.records, &form.0).map(Box::new),
        versions,
    };
    send(&web, &member, (&two, &form), (command, Done::Joined)).await
}

async fn post_separate(
    FromState(web): FromState<Web>,
    member: Member,
    path: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let two = find(&web, &member, &path)?;
    let command = Command::NotDouble { id: two.ids[1] };
    send(&web, &member, (&two, &form), (command, Done::Apart)).await
}

async fn send(
    web: &Web,
    member: &Member,
    (two, form): (&Two, &FormData),
    (command, done): (Command, Done),
) -> Result<Response, WebError> {
    let (mut errors, status) = match parts::send::send(web, member, form, command).await? {
        Sent::Done(_) => return Ok(lead_to_done(&urls::pertemuan(two.ids[0]), done)),
        Sent::Wrong(errors, status) => (errors, status),
    };
    // The fields of a record are not those of this page; what is wrong is said above.
    for error in errors.iter_mut().filter(|error| error.field != USED_ID) {
        WHOLE_FORM.clone_into(&mut error.field);
    }
    show_with(status, &page(web, member, two, Form::again(&form.0, errors))?)
}
