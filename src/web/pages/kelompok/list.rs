//! The kelompok that a person may see.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Link, Page};
use crate::web::parts::glance::{Eye, behind_words};
use crate::web::parts::scope::{self, Scope};
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::strip::{Strip, strip};
use crate::web::parts::{Pages, Window, address, place, when, words};
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
    create: Option<String>,
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
    name: String,
    href: String,
    place: String,
    pendamping: String,
    members: u16,
    strip: Strip,
    last: String,
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
    let scope = Scope::of(&state, viewer, params.get("wilayah"))?;
    if !scope.names {
        return Err(WebError::Forbidden(
            "Akun Anda hanya melihat jumlah, tanpa nama kelompok. Buka halaman cakupan untuk angkanya."
                .to_owned(),
        ));
    }
    let query = params.get("nama").to_lowercase();
    let show = params.get("tampil");
    let mut eye = Eye::new(&state, today);
    let mut found: Vec<&Kelompok> = scope
        .groups(&state, viewer, latest)
        .filter(|group| named(&state, group, &query) && shown(&mut eye, group, show))
        .collect();
    if params.get("wilayah").is_empty() && !scope.mine() {
        // Someone who looks after an area and meets kelompok elsewhere sees both.
        let areas = &scope.areas;
        let others = scope::mine(&state, viewer, latest).into_iter().filter(|group| {
            let home = group.home(Date::MAX);
            !areas.iter().any(|area| area.contains(home))
                && named(&state, group, &query)
                && shown(&mut eye, group, show)
        });
        found.extend(others.collect::<Vec<_>>());
    }
    let window = Window::new(params.number("hal"), PAGE_ROWS, found.len());
    let labels = labels(&state);
    let rows = found[window.range()]
        .iter()
        .map(|group| row(&mut eye, member, group, (&labels, latest)))
        .collect();
    let pages = window.pages(|page| {
        let wilayah = params.get("wilayah");
        let query = [("wilayah", wilayah), ("nama", &query), ("tampil", show), ("hal", page)];
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
        create: None,
    })
}

/// Whether name, id or place of the kelompok hold what was typed.
fn named(state: &State, group: &Kelompok, query: &str) -> bool {
    query.is_empty()
        || group.name.to_lowercase().contains(query)
        || group.id.as_str().to_lowercase().contains(query)
        || place::short(state, group.home(Date::MAX)).to_lowercase().contains(query)
        || group.home(Date::MAX).path().into_iter().any(|place| state.named(place, query))
}

fn shown(eye: &mut Eye<'_>, group: &Kelompok, show: &str) -> bool {
    let (state, on) = (eye.state, eye.on);
    if !group.active(on) {
        return show == "tidak-aktif";
    }
    match show {
        "belum" => {
            let month = state.month_state(group, Month::of(on), on);
            month.expected && !month.actual
        }
        "lewat" => {
            let target = eye.target(group.home(Date::MAX));
            state.behind(group, &target, &state.cells(group, on), on).count > 0
        }
        "ditangguhkan" => state.suspended(group, on),
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
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(state, group.home(today)),
        pendamping: pendamping.map_or_else(String::new, |id| state.account_name(id).to_owned()),
        members: group.members(today),
        strip: strip(&glance.target, &glance.cells, glance.next(), labels),
        last: eye.last(group).map_or_else(
            || "belum pernah".to_owned(),
            |fakta| tanggal::relative(fakta.date, today),
        ),
        late: behind_words(eye.behind(&glance)),
        suspended: words::suspended(state, group, today),
        record: record.then(|| urls::catat(&group.id)),
    }
}
