//! Who has to catch up when a suspension ends: kelompok, months without a pertemuan, what comes next.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::group::{Kelompok, Suspension};
use crate::kelompok::suspension::{around, months_lost};
use crate::kelompok::wilayah::Kode;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, PathParts};
use crate::web::page::{Link, Page, show};
use crate::web::parts::glance::Eye;
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::{place, when};
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
    summary: String,
    printed: String,
}

struct Row {
    name: String,
    href: String,
    place: String,
    pendamping: String,
    months: String,
    count: usize,
    next: String,
    /// The united period, where another suspension makes it longer; else empty.
    longer: String,
}

async fn get_page(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let line = parts.get(0).parse().map_err(|_| missing())?;
    let mut page = shape(&web, &member, line)?;
    // The reason is read from the journal, which must not happen while the state is held.
    page.reason = history::suspension_reason(&web, line);
    show(&page)
}

fn missing() -> WebError {
    WebError::not_found("Penangguhan ini")
}

fn shape(web: &Web, member: &Member, line: u64) -> Result<Penangguhan, WebError> {
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
    let rows: Vec<Row> =
        groups.iter().map(|group| row(&mut eye, group, &period_of, &labels)).collect();
    let months: usize = rows.iter().map(|row| row.count).sum();
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
            angka::count(rows.len() as u64),
            angka::count(months as u64),
            if over {
                "Rencana bergeser; tidak ada yang menjadi terlambat karenanya."
            } else {
                "Penangguhan ini masih berlaku."
            }
        ),
        rows,
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

fn row<'a>(
    eye: &mut Eye<'a>,
    group: &'a Kelompok,
    period_of: &Suspension,
    labels: &[Label],
) -> Row {
    let (state, today) = (eye.state, eye.on);
    let all = state.suspensions_of(group, today);
    let united = around(&all, period_of.from).unwrap_or_else(|| period_of.clone());
    let lost = months_lost(group, (&united, &all), today, state.setting());
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
