//! The kelompok that a person may see.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::Kode;
use crate::people::policy::Viewer;
use crate::state::{Brief, State};
use crate::transfer::write::{self, Format, Output};
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Link, Page};
use crate::web::parts::glance::{Eye, behind_words};
use crate::web::parts::scope::{self, Scope};
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::strip::{Strip, strip};
use crate::web::parts::survey::Survey;
use crate::web::parts::{Pages, Window, address, place, sheet, when, words};
use crate::web::{Web, urls};

/// So many kelompok stand on one page.
const PAGE_ROWS: usize = 50;

#[derive(Template)]
#[template(path = "pages/kelompok_daftar.html")]
pub(super) struct Daftar {
    page: Page,
    title: String,
    lead: String,
    trail: Vec<Link>,
    filter: Filter,
    rows: Vec<Row>,
    pages: Option<Pages>,
    /// Whether more kelompok may be entered.
    enters: bool,
    /// Whether only some are asked for.
    filtered: bool,
    /// What may be done with several at once: `menugaskan atau memindahkan`; none for nothing.
    choose: Option<String>,
    files: Vec<Link>,
}

struct Filter {
    wilayah: String,
    query: String,
    show: Vec<Shown>,
}

struct Shown {
    value: &'static str,
    name: &'static str,
    chosen: bool,
}

struct Row {
    id: String,
    name: String,
    href: String,
    place: String,
    pendamping: String,
    members: u16,
    strip: Strip,
    last: Option<String>,
    late: Option<String>,
    suspended: Option<String>,
    record: Option<String>,
}

/// What the list is narrowed to.
const SHOWN: [(&str, &str); 6] = [
    ("", "Semua yang aktif"),
    ("belum", "Belum bertemu bulan ini"),
    ("lewat", "Lewat rencana"),
    ("ditangguhkan", "Ditangguhkan"),
    ("tanpa-pendamping", "Tanpa pendamping"),
    ("tidak-aktif", "Tidak aktif lagi"),
];

pub(super) fn page(web: &Web, member: &Member, params: &Params) -> Result<Daftar, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let today = when::today(web);
    let latest = when::latest_today(web);
    let scope = Scope::named(&state, viewer, params.get("wilayah"))?;
    let (query, show) = (params.get("nama"), show_of(params)?);
    let mut eye = Eye::new(&state, today);
    let found = found((web, &state), (&scope, viewer), params)?;
    let window = Window::new(params.page()?, PAGE_ROWS, found.len());
    let labels = labels(&state);
    let rows = found[window.range()]
        .iter()
        .map(|group| row(&mut eye, member, group, (&labels, latest)))
        .collect();
    let pages = window.pages(|page| {
        let wilayah = params.get("wilayah");
        let query = [("wilayah", wilayah), ("nama", query), ("tampil", show), ("hal", page)];
        address("/kelompok", &query)
    });
    let area = scope.area();
    Ok(Daftar {
        page: web.page(&member.visitor(), "/kelompok"),
        title: if scope.mine() {
            "Kelompok Anda".to_owned()
        } else {
            format!("Kelompok di {}", scope.name(&state))
        },
        lead: format!("{} kelompok dalam daftar ini.", angka::count(found.len() as u64)),
        trail: area.map_or_else(Vec::new, |area| {
            place::trail(&state, area, &scope::group_areas(viewer), "/kelompok")
        }),
        filter: Filter {
            wilayah: params.get("wilayah").to_owned(),
            query: params.get("nama").to_owned(),
            show: SHOWN
                .iter()
                .map(|(value, name)| Shown { value, name, chosen: *value == show })
                .collect(),
        },
        rows,
        pages: (found.len() > PAGE_ROWS).then_some(pages),
        enters: viewer.import(),
        filtered: !query.is_empty() || !show.is_empty(),
        choose: may_do(viewer, &found, latest),
        files: ["csv", "xlsx"]
            .iter()
            .map(|ending| {
                let query = [("wilayah", params.get("wilayah")), ("nama", query), ("tampil", show)];
                Link::new(ending.to_uppercase(), address(&format!("/kelompok.{ending}"), &query))
            })
            .collect(),
    })
}

/// What may be done with some of these kelompok at once, in words.
fn may_do(viewer: Viewer<'_>, found: &[&Kelompok], latest: Date) -> Option<String> {
    let any = |may: &dyn Fn(Kode) -> bool| found.iter().any(|group| may(group.home(latest)));
    let mut words = Vec::new();
    if any(&|home| viewer.manage_groups(home)) {
        words.extend(["menugaskan", "memindahkan"]);
    }
    if any(&|home| viewer.supervise(home)) {
        words.push("menangguhkan");
    }
    match words.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        [first @ .., last] => Some(format!("{} atau {last}", first.join(", "))),
    }
}

/// What the list is narrowed to.
fn show_of(params: &Params) -> Result<&'static str, WebError> {
    params.word("tampil", &SHOWN.map(|(word, _)| word))
}

/// The kelompok that the list is asked for, in order.
///
/// # Errors
/// When it is narrowed to what there is not.
fn found<'a>(
    (web, state): (&Web, &'a State),
    (scope, viewer): (&Scope, Viewer<'_>),
    params: &Params,
) -> Result<Vec<&'a Kelompok>, WebError> {
    let (query, show) = (params.get("nama").to_lowercase(), show_of(params)?);
    let own = Survey::of_scope(web, state, scope, viewer);
    let mut here = Named::default();
    let mut of = |survey: &Survey<'a>, inside: &dyn Fn(Kode) -> bool| -> Vec<&'a Kelompok> {
        let briefs = survey.briefs().filter(|brief| inside(brief.home));
        let groups = briefs.filter_map(|brief| Some((state.group_at(brief.ix)?, brief)));
        groups
            .filter(|(group, brief)| shown(brief, group, show, when::today(web)))
            .filter(|(group, _)| here.holds(state, group, &query))
            .map(|(group, _)| group)
            .collect()
    };
    let mut all = of(&own, &|_| true);
    if params.get("wilayah").is_empty() && !scope.mine() {
        // Someone who looks after an area and meets kelompok elsewhere sees both.
        let mine = Scope { areas: Vec::new(), ..scope.clone() };
        let mine = Survey::of_scope(web, state, &mine, viewer);
        all.extend(of(&mine, &|home| !scope.areas.iter().any(|area| area.contains(home))));
    }
    Ok(all)
}

pub(super) async fn get_csv(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    file(&web, &member, &params, Format::Csv).await
}

pub(super) async fn get_xlsx(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    file(&web, &member, &params, Format::Xlsx).await
}

/// The list as a file that an import takes back.
async fn file(
    web: &Web,
    member: &Member,
    params: &Params,
    format: Format,
) -> Result<Response, WebError> {
    let today = when::today(web);
    let rows: Vec<_> = {
        let state = web.app.state();
        let viewer = member.viewer();
        let scope = Scope::named(&state, viewer, params.get("wilayah"))?;
        let groups = found((web, &state), (&scope, viewer), params)?;
        groups.into_iter().map(|group| write::kelompok_of(&state, group, today)).collect()
    };
    let write = |out: Output<'_>| write::kelompok(out, rows.into_iter());
    sheet::reply(format, &format!("kelompok-{today}"), write).await
}

/// Whether kelompok go by what was typed; remembers the place that it looked at last, since those
/// of one place follow each other.
#[derive(Default)]
struct Named {
    last: Option<(Kode, bool)>,
}

impl Named {
    /// Whether name, id or place of the kelompok hold what was typed.
    fn holds(&mut self, state: &State, group: &Kelompok, query: &str) -> bool {
        query.is_empty()
            || group.name.to_lowercase().contains(query)
            || group.id.as_str().to_lowercase().contains(query)
            || self.place(state, group.home(Date::MAX), query)
    }

    fn place(&mut self, state: &State, home: Kode, query: &str) -> bool {
        if let Some((_, found)) = self.last.filter(|(of, _)| *of == home) {
            return found;
        }
        let found = place::short(state, home).to_lowercase().contains(query)
            || home.path().into_iter().any(|place| state.named(place, query));
        self.last = Some((home, found));
        found
    }
}

fn shown(brief: &Brief<'_>, group: &Kelompok, show: &str, on: Date) -> bool {
    if !brief.active {
        return show == "tidak-aktif";
    }
    match show {
        "belum" => brief.unmet(),
        "lewat" => brief.waiting.behind.count > 0,
        "ditangguhkan" => brief.suspended,
        "tanpa-pendamping" => group.pendamping(on).is_none(),
        "tidak-aktif" => false,
        _ => true,
    }
}

fn row<'a>(
    eye: &mut Eye<'a>,
    member: &Member,
    group: &'a Kelompok,
    (labels, latest): (&[Label], Date),
) -> Row {
    let (state, today) = (eye.state, eye.on);
    let glance = eye.look(group);
    let record = member.viewer().record(group, today, latest);
    let pendamping = group.pendamping(today).filter(|id| *id != member.account.id);
    Row {
        id: group.id.to_string(),
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(state, group.home(today)),
        pendamping: pendamping.map_or_else(String::new, |id| state.account_name(id).to_owned()),
        members: group.members(today),
        strip: strip(&glance.target, &glance.cells, eye.next(&glance), labels),
        last: eye.last(group).map(|fakta| tanggal::relative(fakta.date, today)),
        late: behind_words(eye.behind(&glance)),
        suspended: words::suspended(state, group, today),
        record: record.then(|| urls::catat(&group.id)),
    }
}
