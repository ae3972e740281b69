//! Home of a supervisor: this month, what waits, who is behind.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::{Link, Page, Ratio};
use crate::web::pages::cakupan::{self, BehindRow, Sentence};
use crate::web::parts::ask::{Ask, Figure};
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
    areas: Vec<Area>,
    visits: Option<Visits>,
}

struct Waiting {
    text: String,
    facts: String,
    href: String,
    action: &'static str,
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
    let (total, rows, behind) = cakupan::totals_below(&state, member, &ask);
    let areas = rows.into_iter().map(|row| Area {
        name: row.name,
        href: row.href,
        met: row.met,
        coverage: row.coverage,
        part: row.part,
        whole: row.whole,
    });
    let groups = ask.groups(&state, member);
    Ok(Beranda {
        page: web.page(&member.visitor(), "/"),
        today: tanggal::with_day(ask.today),
        area: ask.scope.name(&state),
        area_href: ask.href("/cakupan", &[]),
        sentence: cakupan::sentence(&ask, &total),
        figures: cakupan::figures(&ask, &total),
        waiting: waiting(&state, &groups, when::latest_today(web)),
        todo: pengawasan::waiting(&state, &groups, true),
        behind,
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

/// Open questions, possible doubles of this and the last month, head-counts that differ.
fn waiting(state: &State, groups: &[&Kelompok], today: Date) -> Vec<Waiting> {
    let since = Month::of(today).previous().first();
    let mut waiting = Vec::new();
    for group in groups {
        for fakta in group.fakta.iter().rev() {
            let double = fakta.date >= since && !group.doubles(&fakta).is_empty();
            if !(fakta.open_question || double) {
                continue;
            }
            let what =
                if fakta.open_question { "Pertanyaan Anda belum dijawab" } else { "Mungkin ganda" };
            waiting.push(Waiting {
                text: format!("{what}: {}, {}", group.name, tanggal::long(fakta.date)),
                facts: words::all_taught(state, &fakta),
                href: urls::pertemuan(fakta.id),
                action: "Lihat",
            });
        }
    }
    for check in state.checks.iter().rev().filter(|check| check.date >= since) {
        let Some(group) = state.group_at(check.kelompok) else { continue };
        if !check.is_open(group) || !groups.iter().any(|one| one.id == group.id) {
            continue;
        }
        waiting.push(Waiting {
            text: format!("Pemeriksaan {}: {}", group.name, pengawasan::check_words(check)),
            facts: format!(
                "{}, {}",
                tanggal::long(check.date),
                place::short(state, group.home(check.date))
            ),
            href: urls::pemeriksaan(check.number),
            action: "Selesaikan",
        });
    }
    waiting.truncate(WAITING);
    waiting
}
