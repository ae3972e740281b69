//! Who has to catch up when a suspension ends: kelompok, months without a pertemuan, what comes next.

use std::collections::VecDeque;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::KelompokId;
use crate::kelompok::group::{Kelompok, Suspension};
use crate::kelompok::rates::Month;
use crate::kelompok::suspension::{around, months_lost};
use crate::kelompok::wilayah::Kode;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts};
use crate::web::page::{Link, Page, show};
use crate::web::parts::glance::Eye;
use crate::web::parts::scope::Names;
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::{Pages, Window, address, place, when};
use crate::web::{Web, history, urls};

use super::kelompok::period;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/penangguhan/{line}", get(get_page))
}

#[derive(Template)]
#[template(path = "pages/penangguhan.html")]
struct Penangguhan {
    page: Page,
    trail: Vec<Link>,
    title: String,
    lead: String,
    reason: String,
    rows: Vec<Row>,
    pages: Option<Pages>,
    summary: String,
    printed: String,
}

/// So many kelompok stand on one page.
const PAGE_ROWS: usize = 200;

struct Row {
    name: String,
    href: String,
    place: String,
    pendamping: String,
    months: String,
    count: usize,
    next: String,
    /// What it became; those are the ones who catch up.
    became: Vec<Link>,
    /// The united period, where another suspension makes it longer; else empty.
    longer: String,
}

async fn get_page(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let line = parts.get(0).parse().map_err(|_| missing())?;
    let mut page = shape(&web, &member, line, params.page()?)?;
    // The reason is read from the journal, which must not happen while the state is held.
    page.reason = history::suspension_reason(&web, line);
    show(&page)
}

fn missing() -> WebError {
    WebError::not_found("Penangguhan ini")
}

fn shape(
    web: &Web,
    member: &Member,
    line: u64,
    page: Option<usize>,
) -> Result<Penangguhan, WebError> {
    let state = web.app.state();
    let latest = when::latest_today(web);
    let (area, period_of) = find(&state, line).ok_or_else(missing)?;
    let groups: Vec<&Kelompok> = concerned(&state, line, area)
        .into_iter()
        .filter(|group| member.viewer().read_group(group, latest) && touches(group, &period_of))
        .collect();
    if groups.is_empty() && area.is_none_or(|area| !member.viewer().see_groups(area)) {
        return Err(missing());
    }
    let mut eye = Eye::new(&state, when::today(web));
    let labels = labels(&state);
    let names = Names { state: &state, viewer: member.viewer(), today: latest };
    let window = Window::new(page, PAGE_ROWS, groups.len());
    let rows = groups[window.range()]
        .iter()
        .map(|group| Row {
            became: names.links(successors(&state, group)),
            ..row(&mut eye, group, &period_of, &labels)
        })
        .collect();
    let months: usize = groups.iter().map(|group| lost(&eye, group, &period_of).1.len()).sum();
    let place = area.map(|area| place::full(&state, area));
    let over = period_of.to.is_some_and(|to| to < eye.on);
    Ok(Penangguhan {
        page: web.page(&member.visitor(), "/wilayah"),
        trail: trail(&state, area, &groups),
        title: "Susulan sesudah penangguhan".to_owned(),
        lead: period(&period_of, place),
        reason: String::new(),
        summary: format!(
            "{} kelompok, {} pertemuan bulanan tidak diadakan. {}",
            angka::count(groups.len() as u64),
            angka::count(months as u64),
            if over {
                "Rencana bergeser; tidak ada yang menjadi terlambat karenanya."
            } else {
                "Penangguhan ini masih berlaku."
            }
        ),
        rows,
        pages: (groups.len() > PAGE_ROWS)
            .then(|| window.pages(|hal| address(&urls::penangguhan(line), &[("hal", hal)]))),
        printed: tanggal::long(eye.on),
    })
}

/// The area of a suspension, if it is one of an area, and its period.
fn find(state: &State, line: u64) -> Option<(Option<Kode>, Suspension)> {
    if let Some(one) = state.suspensions.iter().find(|one| one.id == line) {
        return Some((Some(one.area), one.period.clone()));
    }
    let mut own = state.groups().iter().flat_map(|group| &group.suspensions);
    own.find(|(id, _)| *id == line).map(|(_, period)| (None, period.clone()))
}

/// The kelompok that a suspension concerns, in tree order.
fn concerned(state: &State, line: u64, area: Option<Kode>) -> Vec<&Kelompok> {
    match area {
        Some(area) => state.groups_in(area).collect(),
        None => {
            let own = |group: &&Kelompok| group.suspensions.iter().any(|(id, _)| *id == line);
            state.groups().iter().filter(own).collect()
        }
    }
}

fn touches(group: &Kelompok, period: &Suspension) -> bool {
    group.end.is_none_or(|end| period.from < end) && period.to.is_none_or(|to| to >= group.start)
}

fn trail(state: &State, area: Option<Kode>, groups: &[&Kelompok]) -> Vec<Link> {
    match (area, groups) {
        (Some(area), _) => {
            vec![Link::new(place::full(state, area), format!("/wilayah/{area}"))]
        }
        (None, [one]) => vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(one.name.clone(), urls::kelompok(&one.id)),
        ],
        _ => vec![Link::new("Kelompok", "/kelompok")],
    }
}

/// What a kelompok became by now: the last of those that came out of one another, each once.
fn successors<'a>(state: &'a State, group: &'a Kelompok) -> Vec<&'a KelompokId> {
    let into = |group: &'a Kelompok| group.ending.iter().flat_map(|ending| &ending.into);
    let mut waiting: VecDeque<&KelompokId> = into(group).collect();
    let mut last = Vec::new();
    let mut seen = vec![&group.id];
    while let Some(id) = waiting.pop_front() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        match state.group(id.as_str()) {
            Some(next) if into(next).next().is_some() => waiting.extend(into(next)),
            Some(_) => last.push(id),
            None => {}
        }
    }
    last
}

/// The united period in which a kelompok could not meet, and the months that it lost in it.
fn lost(eye: &Eye<'_>, group: &Kelompok, period_of: &Suspension) -> (Suspension, Vec<Month>) {
    let all = eye.state.suspensions_of(group, eye.on);
    let united = around(&all, period_of.from).unwrap_or_else(|| period_of.clone());
    let lost = months_lost(group, (&united, &all), eye.on, eye.state.setting());
    (united, lost)
}

fn row<'a>(
    eye: &mut Eye<'a>,
    group: &'a Kelompok,
    period_of: &Suspension,
    labels: &[Label],
) -> Row {
    let (state, today) = (eye.state, eye.on);
    let (united, lost) = lost(eye, group, period_of);
    let glance = eye.look(group);
    let label = |ix: u16| labels.get(usize::from(ix)).map(Label::full);
    Row {
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(state, group.home(today)),
        pendamping: group
            .pendamping(today)
            .map_or_else(String::new, |id| state.account_name(id).to_owned()),
        months: months(&lost.iter().map(|month| month.first()).collect::<Vec<_>>()),
        count: lost.len(),
        next: match eye.next(&glance).and_then(label) {
            _ if !glance.active => "tidak aktif lagi".to_owned(),
            Some(name) => name,
            None => "semua sesi sasaran sudah tuntas".to_owned(),
        },
        became: Vec::new(),
        longer: if united == *period_of { String::new() } else { period(&united, None) },
    }
}

/// `Maret 2020 sampai Juli 2020`, from months in order.
fn months(all: &[Date]) -> String {
    let mut runs: Vec<(Date, Date)> = Vec::new();
    for first in all {
        match runs.last_mut() {
            Some((_, last)) if last.last_of_month().tomorrow().ok() == Some(*first) => {
                *last = *first;
            }
            _ => runs.push((*first, *first)),
        }
    }
    let words: Vec<String> = runs
        .iter()
        .map(|(from, to)| match from == to {
            true => tanggal::month(*from),
            false => format!("{} sampai {}", tanggal::month(*from), tanggal::month(*to)),
        })
        .collect();
    angka::list(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_in_a_row_are_one() {
        for (months, expected) in [
            ("", ""),
            ("2020-03", "Maret 2020"),
            ("2020-03 2020-04 2020-05", "Maret 2020 sampai Mei 2020"),
            ("2020-12 2021-01 2021-03", "Desember 2020 sampai Januari 2021 dan Maret 2021"),
        ] {
            let all: Vec<Date> =
                months.split_whitespace().map(|one| format!("{one}-01").parse().unwrap()).collect();
            assert_eq!(super::months(&all), expected);
        }
    }
}
