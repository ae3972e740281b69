//! Home of a supervisor: this month, what waits, who is behind.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::state::{Brief, HeadCheck, KelompokIx, State};
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::{Link, Page, Ratio};
use crate::web::pages::cakupan::{self, BehindRow, Sentence, first_of};
use crate::web::parts::ask::{Ask, Figure};
use crate::web::parts::survey::Survey;
use crate::web::parts::{pengawasan, place, when, words};
use crate::web::{Web, urls};

/// So many things that wait stand on the page.
const WAITING: usize = 12;

#[derive(Template)]
#[template(path = "pages/beranda_supervisor.html")]
pub(super) struct Beranda {
    page: Page,
    today: String,
    area: String,
    area_href: String,
    sentence: Sentence,
    figures: Vec<Figure>,
    waiting: Vec<Waiting>,
    todo: Vec<Link>,
    behind: Vec<BehindRow>,
    late: Option<Ratio>,
    unmet: Vec<Unmet>,
    unmet_all: Option<String>,
    areas: Vec<Area>,
    visits: Option<Visits>,
}

struct Waiting {
    text: String,
    facts: String,
    href: String,
    action: &'static str,
}

/// A kelompok that was expected to meet this month and has not yet.
struct Unmet {
    name: String,
    href: String,
    place: String,
    last: String,
}

struct Area {
    name: String,
    href: String,
    met: Ratio,
    coverage: Ratio,
    part: u32,
    whole: u32,
}

/// Visits of the area this year.
struct Visits {
    sentence: String,
    rest: String,
    href: String,
}

pub(super) fn page(web: &Web, member: &Member) -> Result<Beranda, WebError> {
    let state = web.app.state();
    let ask = Ask::own(web, &state, member)?;
    let survey = Survey::of(web, &state, member, &ask);
    let below = cakupan::below(&state, &survey, &ask);
    let inside = |group: &Kelompok| ask.scope.holds(member.viewer(), group, ask.latest);
    let checks = pengawasan::open_checks(&state, inside);
    let doubles = survey.briefs().map(|brief| usize::from(brief.waiting.doubles)).sum();
    let areas = below.rows.into_iter().map(|row| Area {
        name: row.name,
        href: row.href,
        met: row.met,
        coverage: row.coverage,
        part: row.part,
        whole: row.whole,
    });
    Ok(Beranda {
        page: web.page(&member.visitor(), "/"),
        today: tanggal::with_day(ask.today),
        area: ask.scope.name(&state),
        area_href: ask.href("/cakupan", &[]),
        sentence: cakupan::sentence(&ask, &below.total),
        figures: cakupan::figures(&ask, &below.total),
        waiting: waiting(&state, &survey, &checks, when::latest_today(web)),
        todo: pengawasan::waiting(doubles, checks.len()),
        behind: below.behind,
        late: below.late,
        unmet: unmet(&survey, &ask),
        unmet_all: ask.list("belum-bertemu", ""),
        areas: areas.collect(),
        visits: pengawasan::figure(&state, &ask.scope, ask.today).map(|figure| Visits {
            sentence: format!(
                "{} dari {} {} dikunjungi tahun ini",
                figure.ratio.part, figure.ratio.whole, figure.unit
            ),
            rest: if figure.rest.is_empty() {
                String::new()
            } else {
                format!("Belum: {}.", figure.rest)
            },
            href: figure.href,
        }),
    })
}

/// So many kelompok that wait longest for a pertemuan are named.
const UNMET: usize = 6;

/// Who waits longest, of those that were expected to meet this month and have not yet: where a visit
/// helps most.
fn unmet(survey: &Survey<'_>, ask: &Ask) -> Vec<Unmet> {
    let briefs = survey.briefs().filter(Brief::unmet).enumerate();
    let mut waiting: Vec<(Option<Date>, usize, KelompokIx)> =
        briefs.map(|(at, brief)| (brief.waiting.last, at, brief.ix)).collect();
    first_of(&mut waiting, UNMET, Ord::cmp);
    let one = |(last, _, ix): (Option<Date>, usize, KelompokIx)| {
        let group = survey.state().group_at(ix)?;
        Some(Unmet {
            name: group.name.clone(),
            href: urls::kelompok(&group.id),
            place: place::short(survey.state(), group.home(ask.on)),
            last: last.map_or_else(
                || "belum pernah bertemu".to_owned(),
                |date| format!("bertemu terakhir {}", tanggal::relative(date, ask.on)),
            ),
        })
    };
    waiting.into_iter().filter_map(one).collect()
}

/// Open questions, possible doubles of this and the last month, head-counts that differ.
fn waiting(
    state: &State,
    survey: &Survey<'_>,
    checks: &[(&HeadCheck, &Kelompok)],
    today: Date,
) -> Vec<Waiting> {
    let since = Month::of(today).previous().first();
    let groups = survey.briefs().filter_map(|brief| Some((state.group_at(brief.ix)?, brief)));
    let records = groups.flat_map(|(group, brief)| {
        let mut lines = Vec::new();
        if brief.waiting.questions > 0 {
            let asked = group.fakta.iter().rev().filter(|fakta| fakta.open_question);
            lines.extend(asked.map(|fakta| question(state, group, &fakta)));
        }
        // A question may stand at an old pertemuan, a doubled record is shown while it is new.
        if brief.waiting.doubled.is_some_and(|on| on >= since) {
            let pairs = pengawasan::pairs(std::iter::once(group)).into_iter();
            let recent = pairs.filter(|(_, one, _)| one.date >= since);
            lines.extend(recent.map(|(_, one, other)| double(state, group, &one, &other)));
        }
        lines
    });
    let checks = checks.iter().filter(|(check, _)| check.date >= since).map(|(check, group)| {
        let place = place::short(state, group.home(check.date));
        Waiting {
            text: format!("Pemeriksaan {}: {}", group.name, pengawasan::check_words(check)),
            facts: format!("{}, {place}", tanggal::long(check.date)),
            href: urls::pemeriksaan(check.number),
            action: "Selesaikan",
        }
    });
    records.chain(checks).take(WAITING).collect()
}

fn question(state: &State, group: &Kelompok, fakta: &Fakta) -> Waiting {
    Waiting {
        text: format!(
            "Pertanyaan Anda belum dijawab: {}, {}",
            group.name,
            tanggal::long(fakta.date)
        ),
        facts: words::all_taught(state, fakta),
        href: urls::pertemuan(fakta.id),
        action: "Lihat",
    }
}

/// Two records that are perhaps one, on the line of both.
fn double(state: &State, group: &Kelompok, one: &Fakta, other: &Fakta) -> Waiting {
    Waiting {
        text: format!("Dua catatan mungkin ganda: {}, {}", group.name, tanggal::long(one.date)),
        facts: words::all_taught(state, one),
        href: urls::ganda(one.id, other.id),
        action: "Putuskan",
    }
}
