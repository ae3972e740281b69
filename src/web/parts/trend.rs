//! Month by month: what the figures of an area were, on today's knowledge.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::frozen::FrozenRow;
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::Kode;
use crate::state::rollup::Totals;
use crate::state::{Months, Part, State};
use crate::web::extract::Member;
use crate::web::page::Ratio;

use super::ask::Ask;

/// Beyond so many kelompok only the running month and those that were frozen are shown: the others
/// would take too long to count anew.
const MAX_COUNTED: usize = 300;

/// One month.
#[derive(Debug, Clone)]
pub(crate) struct TrendRow {
    pub(crate) month: String,
    pub(crate) href: String,
    pub(crate) met: Bar,
    pub(crate) on_time: Bar,
    pub(crate) coverage: Bar,
    /// The month is not over.
    pub(crate) open: bool,
}

/// A share as number and bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    pub(crate) ratio: Ratio,
    pub(crate) part: u32,
    pub(crate) whole: u32,
}

fn bar(part: u32, whole: u32, href: Option<String>) -> Bar {
    Bar { ratio: Ratio::new(part.into(), whole.into(), href), part, whole }
}

/// `months` months up to and with `last`, newest first; only those with something to count. `counted`
/// are the numbers of `last`, where they are at hand.
pub(crate) fn rows(
    state: &State,
    member: &Member,
    ask: &Ask,
    (last, months): (Month, usize),
    counted: Option<&Totals>,
) -> Vec<TrendRow> {
    let all: Vec<(Month, Date)> = std::iter::successors(Some(last), |month| Some(month.previous()))
        .take(months)
        .map(|month| (month, month.last().min(ask.today)))
        .collect();
    let area = ask.scope.area();
    // From what was frozen and changed since, or at hand; the others are counted anew.
    let known: Vec<Option<FrozenRow>> = all
        .iter()
        .map(|(month, _)| match counted {
            Some(all) if *month == last => Some(all.frozen(area.unwrap_or(Kode::NASIONAL))),
            _ => area
                .filter(|_| ask.assigned.is_none())
                .and_then(|area| state.frozen_now(area, *month)),
        })
        .collect();
    let open = all.iter().zip(&known).filter(|(_, known)| known.is_none());
    let mut fresh = anew(state, member, ask, open.map(|(day, _)| *day).collect()).into_iter();
    let figures = known.into_iter().map(|known| known.or_else(|| fresh.next()?));
    all.iter()
        .zip(figures)
        .filter_map(|(day, figures)| {
            let figures = figures?;
            (figures.expected > 0 || figures.target > 0).then(|| row(ask, *day, &figures))
        })
        .collect()
}

/// The figures of some months, counted anew; none where that would take too long.
fn anew(
    state: &State,
    member: &Member,
    ask: &Ask,
    days: Vec<(Month, Date)>,
) -> Vec<Option<FrozenRow>> {
    let nothing = vec![None; days.len()];
    let many = |area: &Kode| state.ever_in(*area).nth(MAX_COUNTED).is_some();
    if days.is_empty() || (ask.assigned.is_none() && ask.scope.areas.iter().any(many)) {
        return nothing;
    }
    // A kelompok may have belonged elsewhere then, and been met by somebody else.
    let part = |group: &Kelompok, on| match ask.assigned {
        _ if !ask.scope.held(member.viewer(), group, (on, ask.latest)) => Part::default(),
        None => Part::all(true),
        Some(wanted) => Part {
            cells: group.pendamping(on) == wanted,
            month: state.month_of(group, on) == wanted,
        },
    };
    let mut groups = ask.scope.ever(state, member.viewer(), ask.latest);
    groups.retain(|group| days.iter().any(|(_, on)| part(group, *on) != Part::default()));
    if groups.len() > MAX_COUNTED {
        return nothing;
    }
    let area = ask.scope.area().unwrap_or(Kode::NASIONAL);
    let mut months = Months::new(state, area, days);
    for group in groups {
        months.add(group, |on| part(group, on));
    }
    months.rows.into_iter().map(Some).collect()
}

fn row(ask: &Ask, (month, on): (Month, Date), figures: &FrozenRow) -> TrendRow {
    let ask = Ask { month: Some(month), on, ..ask.clone() };
    let known = figures.expected - figures.unknown_time;
    TrendRow {
        month: tanggal::month(month.first()),
        href: ask.href("/laporan", &[]),
        met: bar(figures.actual, figures.expected, ask.list("bertemu", "")),
        on_time: bar(figures.on_time, known, ask.list("tepat-waktu", "")),
        coverage: bar(figures.covered, figures.target, ask.list("tuntas", "")),
        open: month.last() >= ask.today,
    }
}
