//! Month by month: what the figures of an area were, on today's knowledge.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::frozen::FrozenRow;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::Kode;
use crate::state::State;
use crate::state::rollup::Totals;
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
    counted: Option<Totals>,
) -> Vec<TrendRow> {
    std::iter::successors(Some(last), |month| Some(month.previous()))
        .take(months)
        .filter_map(|month| {
            let on = month.last().min(ask.today);
            let figures = match &counted {
                Some(all) if month == last => {
                    all.frozen(ask.scope.area().unwrap_or(Kode::NASIONAL))
                }
                _ => figures(state, member, ask, (month, on))?,
            };
            (figures.expected > 0 || figures.target > 0).then(|| row(ask, (month, on), &figures))
        })
        .collect()
}

/// The figures of a month: from what was frozen and changed since, else counted anew.
fn figures(
    state: &State,
    member: &Member,
    ask: &Ask,
    (month, on): (Month, Date),
) -> Option<FrozenRow> {
    let area = ask.scope.area().filter(|_| ask.assigned.is_none());
    if let Some(found) = area.and_then(|area| state.frozen_now(area, month)) {
        return Some(found);
    }
    let many = |area: &Kode| state.numbers_in(*area).nth(MAX_COUNTED).is_some();
    if ask.assigned.is_none() && ask.scope.areas.iter().any(many) {
        return None;
    }
    // Whoever meets a kelompok may have been another then.
    let groups = Ask { on, ..ask.clone() };
    let groups = groups.groups(state, member);
    if groups.len() > MAX_COUNTED {
        return None;
    }
    let mut figures = FrozenRow::empty(area.unwrap_or(Kode::NASIONAL));
    for group in groups {
        figures.add(&state.share_on(group, month, on));
    }
    Some(figures)
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
