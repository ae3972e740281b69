//! The rows of a coverage table. Kelompok are looked at closely only where they are shown.

use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::plan::Behind;
use crate::kelompok::wilayah::Level;
use crate::state::rollup::{Per, RowKey, Totals};
use crate::state::{KelompokIx, State};
use crate::web::page::{Count, Ratio};
use crate::web::parts::ask::{self, Ask, Assigned};
use crate::web::parts::glance::{Eye, Glance, behind_words};
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::survey::Survey;
use crate::web::parts::{Pages, Window, place};
use crate::web::urls;

use super::Option1;
use super::choose::{Choose, Chosen};
use super::matrix::{self, Matrix};

/// So many kelompok stand in one page of rows or of the matrix.
pub(super) const PAGE_ROWS: usize = 50;
/// So many places stand on one page.
const PAGE_PLACES: usize = 200;
/// So many kelompok that are behind are named.
const BEHIND_ROWS: usize = 10;

/// One row of the table.
pub(in crate::web::pages) struct Row {
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) href: String,
    pub(in crate::web::pages) facts: String,
    pub(in crate::web::pages) groups: Count,
    pub(in crate::web::pages) coverage: Ratio,
    pub(in crate::web::pages) part: u32,
    pub(in crate::web::pages) whole: u32,
    pub(in crate::web::pages) partial: Count,
    pub(in crate::web::pages) refresh: Count,
    pub(in crate::web::pages) met: Ratio,
    pub(in crate::web::pages) on_time: Ratio,
}

/// A kelompok that is behind its plan.
pub(in crate::web::pages) struct BehindRow {
    pub(in crate::web::pages) name: String,
    pub(in crate::web::pages) href: String,
    pub(in crate::web::pages) text: String,
    pub(in crate::web::pages) since: String,
}

/// Everything on the page that comes from looking at the kelompok.
pub(super) struct Table {
    pub(super) labels: Vec<Label>,
    pub(super) total: Totals,
    pub(super) rows: Vec<Row>,
    pub(super) rows_pages: Option<Pages>,
    pub(super) foot: Option<Row>,
    pub(super) matrix: Option<Matrix>,
    pub(super) behind: Vec<BehindRow>,
    /// How many kelompok are behind.
    pub(super) late: u32,
    /// `5 dari 20 kelompok: lewat rencana`, when not all are shown.
    pub(super) chosen: Option<String>,
}

/// What a row is made of, and what an asker may choose from.
pub(super) fn per_allowed(ask: &Ask) -> Vec<Per> {
    let top = ask.scope.areas.iter().map(|area| area.level()).min();
    let mut pers: Vec<Per> = match top {
        // Several areas of one level are rows themselves.
        Some(level) if ask.scope.areas.len() > 1 => {
            std::iter::once(level).chain(place::levels_below(level)).map(Per::Level).collect()
        }
        Some(level) => place::levels_below(level).into_iter().map(Per::Level).collect(),
        None => Vec::new(),
    };
    if ask.scope.names {
        pers.push(Per::Kelompok);
        if !ask.scope.mine() {
            pers.push(Per::Pendamping);
        }
    }
    if ask.assigned.is_some() {
        pers.sort_by_key(|per| *per != Per::Kelompok);
    }
    if pers.is_empty() {
        // Totals of a single desa: one row, the desa itself.
        pers.extend(top.map(Per::Level));
    }
    pers
}

/// The choices of a filter.
pub(in crate::web::pages) fn per_choices(pers: &[Per], chosen: Per) -> Vec<Option1> {
    let choice = |per: &Per| Option1 {
        value: per.as_str().to_owned(),
        name: per_name(*per).to_owned(),
        chosen: *per == chosen,
    };
    pers.iter().map(choice).collect()
}

/// The heading of a kind of row.
pub(in crate::web::pages) fn per_name(per: Per) -> &'static str {
    match per {
        Per::Kelompok => "Kelompok",
        Per::Pendamping => "Pendamping",
        Per::Level(level) => place::level_name(level),
    }
}

/// The name of whoever meets a kelompok.
pub(in crate::web::pages) fn assigned_name(state: &State, who: Assigned) -> String {
    who.map_or_else(|| "Tanpa pendamping".to_owned(), |id| state.account_name(id).to_owned())
}

/// What comes of one look at every kelompok.
#[derive(Default)]
struct Pass {
    behind: Vec<(Behind, KelompokIx)>,
    /// The kelompok that were chosen, if any are to be shown one by one.
    shown: Vec<Chosen>,
}

impl Table {
    pub(super) fn of(
        eye: &mut Eye<'_>,
        survey: &Survey<'_>,
        ask: &Ask,
        per: Per,
        (choose, page): (&Choose, Option<usize>),
    ) -> Self {
        let state = eye.state;
        let total = survey.total();
        let active = total.groups as usize;
        let shows = ask.scope.names && shows_matrix(ask, per, active);
        let labels = labels(state);
        let keep = shows || per == Per::Kelompok;
        let mut pass = if ask.scope.names {
            Pass::over(survey, keep.then_some((choose, &labels)))
        } else {
            Pass::default()
        };
        choose.sort(state, &mut pass.shown);
        let window = Window::new(page, PAGE_ROWS, pass.shown.len());
        let here = |page: &str| {
            let more = [
                ("per", per.as_str()),
                ("modul", choose.modul.as_str()),
                ("tampil", choose.show.as_str()),
                ("urut", choose.sort.as_str()),
                ("hal", page),
            ];
            ask.href("/cakupan", &more)
        };
        let shown: Vec<Glance<'_>> = pass.shown[window.range()]
            .iter()
            .filter_map(|one| state.group_at(one.ix))
            .map(|group| eye.look(group))
            .collect();
        let matrix = shows.then(|| {
            matrix::of(eye, ask, &shown, (&total, &labels), &choose.modul)
                .with_pages(window.pages(here))
        });
        let ((rows, rows_pages), several) = if per == Per::Kelompok {
            let rows = shown.iter().map(|glance| group_row(state, ask, glance)).collect();
            // The matrix below has the same kelompok and says where they go on.
            let pages = (pass.shown.len() > PAGE_ROWS).then(|| window.pages(here));
            ((rows, pages), active > 1)
        } else {
            let mut all = survey.rollup(per);
            if matches!(per, Per::Level(_)) {
                choose.sort_places(state, &mut all);
            }
            let window = Window::new(page, PAGE_PLACES, all.len());
            let rows = all[window.range()]
                .iter()
                .map(|(key, totals)| row(state, ask, key, totals))
                .collect();
            let pages = (all.len() > PAGE_PLACES).then(|| window.pages(here));
            ((rows, pages), active > 1 && all.len() > 1)
        };
        let foot = several.then(|| {
            let name = format!("Semua: {}", ask.scope.name(state));
            total_row(ask, name, String::new(), &total)
        });
        let chosen = choose.words().filter(|_| keep).map(|words| {
            let (some, all) = (pass.shown.len() as u64, active as u64);
            let (some, all) = (angka::count(some), angka::count(all));
            format!("{some} dari {all} kelompok: {}.", words.to_lowercase())
        });
        let late = u32::try_from(pass.behind.len()).unwrap_or(u32::MAX);
        let behind = behind_rows(state, pass.behind);
        Self { labels, total, rows, rows_pages, foot, matrix, behind, late, chosen }
    }
}

/// The matrix stands where its kelompok fit a page or two, or were asked for.
fn shows_matrix(ask: &Ask, per: Per, active: usize) -> bool {
    let small = ask.scope.area().is_some_and(|area| area.level() >= Level::Kecamatan);
    active > 0 && (per == Per::Kelompok || ask.scope.mine() || small || active <= PAGE_ROWS)
}

impl Pass {
    fn over(survey: &Survey<'_>, keep: Option<(&Choose, &Vec<Label>)>) -> Self {
        let mut pass = Self::default();
        for brief in survey.briefs().filter(|brief| brief.active) {
            if brief.waiting.behind.count > 0 {
                pass.behind.push((brief.waiting.behind, brief.ix));
            }
            if keep.is_some_and(|(choose, labels)| choose.takes(&brief, labels)) {
                pass.shown.push(Chosen::of(&brief));
            }
        }
        pass
    }
}

fn row(state: &State, ask: &Ask, key: &RowKey, totals: &Totals) -> Row {
    match key {
        RowKey::Place(kode) => {
            let mut row =
                total_row(&ask.at(*kode), place::full(state, *kode), String::new(), totals);
            row.facts = suspended_words(totals);
            row
        }
        RowKey::Pendamping(who) => {
            let by = ask.by(*who);
            let mut row = total_row(&by, assigned_name(state, *who), String::new(), totals);
            row.href = by.href("/cakupan", &[("per", "kelompok")]);
            row.facts = suspended_words(totals);
            row
        }
        RowKey::Group(_, id) => total_row(ask, id.clone(), String::new(), totals),
    }
}

fn suspended_words(totals: &Totals) -> String {
    match totals.suspended {
        0 => String::new(),
        number => format!("{number} ditangguhkan"),
    }
}

fn total_row(ask: &Ask, name: String, facts: String, totals: &Totals) -> Row {
    Row {
        name,
        href: ask.href("/cakupan", &[]),
        facts,
        groups: ask::count(ask, totals.groups, "kelompok"),
        coverage: ask::coverage(ask, totals.cells),
        part: totals.cells.covered,
        whole: totals.cells.target,
        partial: ask::count(ask, totals.cells.partial, "sebagian"),
        refresh: ask::count(ask, totals.cells.refresh, "penyegaran"),
        met: ask::met(ask, totals.month),
        on_time: ask::on_time(ask, totals.month),
    }
}

/// The row of one kelompok; its numbers lead to its page.
fn group_row(state: &State, ask: &Ask, glance: &Glance<'_>) -> Row {
    let mut totals = Totals::default();
    totals.add_active(&glance.target, &glance.cells, glance.month, glance.suspended);
    let group = glance.group;
    let href = urls::kelompok(&group.id);
    let facts = place::short(state, group.home(ask.on));
    let mut row = total_row(ask, group.name.clone(), facts, &totals);
    let (cells, meetings) = (format!("{href}#cakupan"), format!("{href}#pertemuan"));
    row.groups.href = None;
    row.coverage.href = Some(cells.clone());
    row.partial.href = row.partial.href.and(Some(cells.clone()));
    row.refresh.href = row.refresh.href.and(Some(cells));
    row.met.href = Some(meetings.clone());
    row.on_time.href = Some(meetings);
    row.href = href;
    row
}

/// The kelompok that are behind, those with most missing first, of equals the longest waiting.
fn behind_rows(state: &State, mut behind: Vec<(Behind, KelompokIx)>) -> Vec<BehindRow> {
    let id = |ix: &KelompokIx| state.group_at(*ix).map(|group| &group.id);
    first_of(&mut behind, BEHIND_ROWS, |(a, a_ix), (b, b_ix)| {
        b.count.cmp(&a.count).then(a.since.cmp(&b.since)).then_with(|| id(a_ix).cmp(&id(b_ix)))
    });
    behind
        .into_iter()
        .filter_map(|(behind, ix)| Some((behind, state.group_at(ix)?)))
        .map(|(behind, group)| BehindRow {
            name: format!("{}, {}", group.name, place::short(state, group.home(Date::MAX))),
            href: urls::kelompok(&group.id),
            text: behind_words(behind).unwrap_or_default(),
            since: behind
                .since
                .map_or_else(String::new, |since| format!("sejak {}", tanggal::short(since))),
        })
        .collect()
}

/// Leaves the first `most` of a list in order, without putting all of it in order.
pub(in crate::web::pages) fn first_of<T>(
    all: &mut Vec<T>,
    most: usize,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) {
    if all.len() > most {
        all.select_nth_unstable_by(most, &order);
        all.truncate(most);
    }
    all.sort_by(&order);
}
