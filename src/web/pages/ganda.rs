//! Records that are perhaps doubled: the list, two of them beside each other, joining them.

use std::cmp::Reverse;
use std::ops::Range;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::bahasa::tanggal;
use crate::command::{Command, RecordInput, TaughtInput};
use crate::decide::FieldError;
use crate::ids::AccountId;
use crate::kelompok::KelompokId;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::{Extent, Pertemuan, PertemuanId, Source, Taught};
use crate::kelompok::wilayah::Zone;
use crate::private::Private;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts, Values};
use crate::web::page::{Done, Form, Link, Page, USED_ID, lead_to_done, show, show_with};
use crate::web::parts::pengawasan::Pair;
use crate::web::parts::scope::Scope;
use crate::web::parts::send::Sent;
use crate::web::parts::survey::Survey;
use crate::web::parts::{self, Pages, WHOLE_FORM, Window, address, pengawasan, place, when, words};
use crate::web::{Web, history, urls};
use axum::http::StatusCode;

use super::pertemuan::said;

/// So many pairs stand on one page.
const PAGE_ROWS: usize = 50;

/// What is chosen together, by its name in the form, with the lines of a record that it decides.
const PARTS: [(&str, &[&str]); 10] = [
    ("kind", &["Jenis"]),
    ("sesi", &["Sesi"]),
    ("attendance", &["Kehadiran", "Nomor urut yang tidak hadir"]),
    ("hours", &["Jam"]),
    ("place", &["Tempat"]),
    ("discussion", &["Diskusi kelompok"]),
    ("speakers", &["Narasumber"]),
    ("topics", &["Topik tambahan"]),
    ("texts", &["Kendala", "Tindak lanjut"]),
    ("note", &["Catatan"]),
];

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
    let values = PARTS.iter().map(|(name, _)| (*name, default_choice(name, &two).to_owned()));
    let form = Form::new(&web, values.collect())?;
    show(&page(&web, &member, &two, form)?)
}

/// Nothing where the two say different things, which a person must decide; else the record that says
/// something.
fn default_choice(name: &str, two: &Two) -> &'static str {
    let [first, second] = &two.records;
    if same(name, first, second) || silent(name, second) {
        "a"
    } else if silent(name, first) {
        "b"
    } else {
        ""
    }
}

/// Whether both records say the same of a part.
fn same(name: &str, first: &Pertemuan, second: &Pertemuan) -> bool {
    match name {
        "kind" => first.kind == second.kind,
        "sesi" => first.sesi == second.sesi,
        "attendance" => {
            first.attendance == second.attendance && first.absent_seats == second.absent_seats
        }
        "hours" => (first.start, first.end) == (second.start, second.end),
        "place" => first.place == second.place,
        "discussion" => first.discussion == second.discussion,
        "speakers" => first.speakers == second.speakers,
        "topics" => first.topics == second.topics,
        "texts" => (&first.obstacles, &first.follow_up) == (&second.obstacles, &second.follow_up),
        _ => first.note == second.note,
    }
}

/// Whether a record says nothing of a part.
fn silent(name: &str, record: &Pertemuan) -> bool {
    match name {
        "kind" | "attendance" => false,
        "sesi" => record.sesi.is_empty(),
        "hours" => record.start.is_none() && record.end.is_none(),
        "place" => record.place.is_none(),
        "discussion" => record.discussion.is_none(),
        "speakers" => record.speakers.is_empty(),
        "topics" => record.topics.is_empty(),
        "texts" => record.obstacles.is_none() && record.follow_up.is_none(),
        _ => record.note.is_none(),
    }
}

/// The parts that somebody still has to decide.
fn undecided(two: &Two, form: &Values) -> Vec<FieldError> {
    let open = PARTS.iter().filter(|(name, _)| {
        let chosen = form.get(name);
        default_choice(name, two).is_empty()
            && !(matches!(chosen, "a" | "b") || (*name == "sesi" && chosen == "gabung"))
    });
    open.map(|(name, lines)| {
        let said = lines.first().copied().unwrap_or("");
        FieldError::new(*name, format!("{said}: pilih catatan yang dipakai."))
    })
    .collect()
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
    let open = undecided(&seen, &form.0);
    if !open.is_empty() {
        let page = page(&web, &member, &two, Form::again(&form.0, open))?;
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let command = Command::JoinRecords {
        keep: two.ids[0],
        withdraw: two.ids[1],
        record: chosen(&seen, &form.0).map(Box::new),
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

/// The record with the values that were chosen; none when those are the first one's throughout.
fn chosen(two: &Two, form: &Values) -> Option<RecordInput> {
    let [first, second] = &two.records;
    let mut joined = first.clone();
    let takes = |name: &str| form.get(name) == "b";
    if takes("kind") {
        joined.kind.clone_from(&second.kind);
    }
    match form.get("sesi") {
        "b" => joined.sesi.clone_from(&second.sesi),
        "gabung" => joined.sesi = united(&first.sesi, &second.sesi),
        _ => {}
    }
    if takes("attendance") {
        joined.attendance = second.attendance;
        joined.absent_seats.clone_from(&second.absent_seats);
    }
    if takes("hours") {
        (joined.start, joined.end) = (second.start, second.end);
    }
    if takes("place") {
        joined.place.clone_from(&second.place);
    }
    if takes("discussion") {
        joined.discussion = second.discussion;
    }
    if takes("speakers") {
        joined.speakers.clone_from(&second.speakers);
    }
    if takes("topics") {
        joined.topics.clone_from(&second.topics);
    }
    if takes("texts") {
        joined.obstacles.clone_from(&second.obstacles);
        joined.follow_up.clone_from(&second.follow_up);
    }
    if takes("note") {
        joined.note.clone_from(&second.note);
    }
    (joined != *first).then(|| sent(&joined))
}

/// The sesi of both; one that stands in both is tuntas where either says so, with the langkah of
/// both.
fn united(first: &[Taught], second: &[Taught]) -> Vec<Taught> {
    let mut all = first.to_vec();
    for taught in second {
        match all.iter_mut().find(|one| one.sesi == taught.sesi) {
            Some(one) if taught.extent == Extent::Tuntas && one.extent != Extent::Tuntas => {
                *one = taught.clone();
            }
            Some(one) => {
                one.langkah.extend(&taught.langkah);
                one.langkah.sort_unstable();
                one.langkah.dedup();
            }
            None => all.push(taught.clone()),
        }
    }
    all
}

/// A record as someone would have sent it.
fn sent(record: &Pertemuan) -> RecordInput {
    let text =
        |text: &Option<Private>| text.as_ref().and_then(Private::as_str).unwrap_or("").to_owned();
    let list = |all: &[Private]| {
        all.iter().filter_map(Private::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    RecordInput {
        kelompok: record.kelompok.clone(),
        date: record.date,
        kind: record.kind.clone(),
        sesi: record.sesi.iter().map(sent_sesi).collect(),
        present: record.attendance.present,
        sick: record.attendance.sick,
        absent: record.attendance.absent,
        members: Some(record.attendance.members),
        absent_seats: record.absent_seats.clone(),
        start: record.start,
        end: record.end,
        place: text(&record.place),
        discussion: record.discussion,
        speakers: list(&record.speakers),
        topics: list(&record.topics),
        obstacles: text(&record.obstacles),
        follow_up: text(&record.follow_up),
        note: text(&record.note),
    }
}

fn sent_sesi(taught: &Taught) -> TaughtInput {
    TaughtInput {
        sesi: taught.sesi.clone(),
        extent: taught.extent,
        langkah: taught.langkah.clone(),
        edition: match taught.source {
            Source::Edition(number) => Some(number),
            Source::Assumed(_) => None,
            Source::BukuCetak => Some(0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taught(sesi: &str, extent: Extent, langkah: &[u8]) -> Taught {
        let (sesi, langkah) = (sesi.parse().unwrap(), langkah.to_vec());
        Taught { sesi, extent, langkah, source: Source::BukuCetak }
    }

    #[test]
    fn sesi_of_both_records_are_united() {
        use Extent::{Sebagian, Tuntas};
        let first = [taught("a", Sebagian, &[1, 2]), taught("b", Tuntas, &[])];
        let second =
            [taught("a", Sebagian, &[2, 4]), taught("b", Sebagian, &[]), taught("c", Tuntas, &[])];
        let expected =
            [taught("a", Sebagian, &[1, 2, 4]), taught("b", Tuntas, &[]), taught("c", Tuntas, &[])];
        assert_eq!(united(&first, &second), expected);
        assert_eq!(united(&first[..1], &[taught("a", Tuntas, &[])]), [taught("a", Tuntas, &[])]);
    }
}
