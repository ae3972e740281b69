//! Visits, checks and possible doubles as several pages show them.

use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::visit::{Visit, VisitPlace};
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::policy::Viewer;
use crate::state::{HeadCheck, State, VisitState, Visited};
use crate::web::page::{Badge, Link, Ratio};
use crate::web::urls;

use super::scope::Scope;
use super::{address, place};

/// So many places are named before the rest is counted.
const NAMED: usize = 6;

/// How many places of an area were visited in a year.
#[derive(Debug, Clone)]
pub(crate) struct VisitFigure {
    /// Visited of all.
    pub(crate) ratio: Ratio,
    /// What is counted: `kecamatan`.
    pub(crate) unit: &'static str,
    /// The names of the others; empty where none is left.
    pub(crate) rest: String,
    /// The lists behind the numbers.
    pub(crate) href: String,
}

/// The first and the last day of the year in which a day lies.
pub(crate) fn year_of(day: Date) -> (Date, Date) {
    (day.first_of_year(), day.last_of_year())
}

/// The places below some areas with their visits, and what such a place is called. Empty for an area
/// that holds no others.
pub(crate) fn visited<'a>(
    state: &'a State,
    areas: &[Kode],
    days: (Date, Date),
) -> (Vec<Visited<'a>>, &'static str) {
    let level = areas.first().and_then(|area| area.level().below());
    let all = areas.iter().flat_map(|area| state.visited_below(*area, days)).collect();
    (all, unit(level))
}

fn unit(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Kabupaten) => "kabupaten dan kota",
        Some(Level::Desa) => "desa dan kelurahan",
        Some(level) => level.as_str(),
        None => "tempat",
    }
}

/// The visits of a year in one sentence; none for those who see totals only and where nothing lies
/// below.
pub(crate) fn figure(state: &State, scope: &Scope, today: Date) -> Option<VisitFigure> {
    if !scope.names || scope.mine() {
        return None;
    }
    let (all, unit) = visited(state, &scope.areas, year_of(today));
    if all.is_empty() {
        return None;
    }
    let rest: Vec<String> =
        all.iter().filter(|one| one.visits.is_empty()).map(|one| state.place(one.place)).collect();
    let done = all.len() - rest.len();
    let href = address("/kunjungan", &[("wilayah", &scope.param)]);
    let ratio = Ratio::new(done as u64, all.len() as u64, Some(href.clone()));
    Some(VisitFigure { ratio, unit, rest: few(&rest), href })
}

/// `A, B dan C`, with the rest counted where there are many.
fn few(names: &[String]) -> String {
    match names.len().checked_sub(NAMED) {
        Some(more) if more > 1 => {
            format!("{} dan {} lainnya", names[..NAMED].join(", "), angka::count(more as u64))
        }
        _ => angka::list(names),
    }
}

/// What was visited, in words.
pub(crate) fn place_of(state: &State, visit: &Visit) -> String {
    match &visit.place {
        VisitPlace::Wilayah(area) => place::full(state, *area),
        VisitPlace::Kelompok(id) => state
            .group(id.as_str())
            .map_or_else(|| id.to_string(), |group| format!("Kelompok {}", group.name)),
    }
}

/// Whether the viewer may read a visit.
pub(crate) fn may_read(state: &State, viewer: Viewer<'_>, visit: &Visit, today: Date) -> bool {
    match &visit.place {
        VisitPlace::Wilayah(area) => viewer.see_groups(*area),
        VisitPlace::Kelompok(id) => {
            state.group(id.as_str()).is_some_and(|group| viewer.read_group(group, today))
        }
    }
}

/// One line of what an office did at a kelompok.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Where it stands.
    pub(crate) href: String,
    /// The day.
    pub(crate) date: String,
    /// What.
    pub(crate) text: String,
    /// By which office, and more.
    pub(crate) facts: String,
    /// How it stands.
    pub(crate) badge: Option<Badge>,
}

/// Visits and checks of a kelompok.
#[derive(Debug, Clone)]
pub(crate) struct Pengawasan {
    /// Newest first.
    pub(crate) lines: Vec<Line>,
    /// Where to log another; none for those who may not.
    pub(crate) add: Option<String>,
}

/// What offices did at a kelompok.
pub(crate) fn of_group(
    state: &State,
    viewer: Viewer<'_>,
    group: &Kelompok,
    on: Date,
) -> Pengawasan {
    let visits = state.visits_to(group).filter_map(|one| {
        let visit = one.now()?;
        Some((visit.date, one.first_seq, visit_line(one, visit)))
    });
    let checks = state.checks_of(group).map(|one| {
        let line = Line {
            href: urls::pemeriksaan(one.number),
            date: tanggal::short(one.date),
            text: capital_check(one),
            facts: one.office.clone(),
            badge: Some(check_badge(one, group)),
        };
        (one.date, one.seq, line)
    });
    let mut all: Vec<(Date, u64, Line)> = visits.chain(checks).collect();
    all.sort_by_key(|(date, seq, _)| std::cmp::Reverse((*date, *seq)));
    Pengawasan {
        lines: all.into_iter().map(|(.., line)| line).collect(),
        add: viewer
            .supervise(group.home(on))
            .then(|| address("/kunjungan/baru", &[("kelompok", group.id.as_str())])),
    }
}

fn visit_line(one: &VisitState, visit: &Visit) -> Line {
    Line {
        href: urls::kunjungan(one.id),
        date: tanggal::short(visit.date),
        text: format!("Kunjungan: {}", visit.attended),
        facts: visit.office.to_string(),
        badge: one.withdrawn.is_some().then(|| Badge::new("Ditarik", "off")),
    }
}

/// `tercatat 25, dihitung 23 (-2)`, `kelompok tidak ditemukan`.
pub(crate) fn check_words(check: &HeadCheck) -> String {
    if !check.found {
        return format!("kelompok tidak ditemukan; tercatat {} anggota", check.recorded);
    }
    let words = format!("tercatat {}, dihitung {}", check.recorded, check.counted);
    match check.difference() {
        0 => words,
        by => format!("{words} (selisih {by:+})"),
    }
}

fn capital_check(check: &HeadCheck) -> String {
    format!("Pemeriksaan: {}", check_words(check))
}

/// How a check stands.
pub(crate) fn check_badge(check: &HeadCheck, group: &Kelompok) -> Badge {
    if check.is_open(group) {
        Badge::new("Belum selesai", "attention")
    } else if check.resolved.is_some() {
        Badge::new("Selesai", "good")
    } else if check.difference() == 0 {
        Badge::new("Cocok", "good")
    } else {
        Badge::new("Cocok sejak jumlah diubah", "good")
    }
}

/// Two records of one kelompok and day that are perhaps one pertemuan.
pub(crate) type Pair<'a> = (&'a Kelompok, Fakta, Fakta);

/// Every such pair among some kelompok, newest first.
pub(crate) fn pairs<'a>(groups: impl Iterator<Item = &'a Kelompok>) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair<'a>> = groups
        .flat_map(|group| group.double_pairs().into_iter().map(move |(a, b)| (group, a, b)))
        .collect();
    pairs.sort_by_key(|(_, a, b)| std::cmp::Reverse((a.date, b.first_seq)));
    pairs
}

/// What waits for someone who looks after some kelompok, each as a link with its number.
pub(crate) fn waiting(doubles: usize, checks: usize) -> Vec<Link> {
    let link = |count: usize, words: &str, href: &str| {
        let text = format!("{} {words}", angka::count(count as u64));
        (count > 0).then(|| Link::new(text, href))
    };
    [
        link(doubles, "pasang catatan mungkin ganda", "/ganda"),
        link(checks, "pemeriksaan jumlah anggota belum selesai", "/pemeriksaan"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The checks among some kelompok that nobody settled yet, newest first.
pub(crate) fn open_checks(
    state: &State,
    inside: impl Fn(&Kelompok) -> bool,
) -> Vec<(&HeadCheck, &Kelompok)> {
    let mut found = checks(state, inside);
    found.retain(|(check, group)| check.is_open(group));
    found
}

/// All checks among some kelompok, newest first.
pub(crate) fn checks(
    state: &State,
    inside: impl Fn(&Kelompok) -> bool,
) -> Vec<(&HeadCheck, &Kelompok)> {
    let mut found: Vec<_> = state
        .checks
        .iter()
        .filter_map(|check| Some((check, state.group_at(check.kelompok)?)))
        .filter(|(_, group)| inside(group))
        .collect();
    found.sort_by_key(|(check, _)| std::cmp::Reverse((check.date, check.number)));
    found
}
