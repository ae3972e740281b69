//! Keeping one kelompok in order: its name and place, merging, splitting, ending, undoing.

mod send;

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::group::Kelompok;
use crate::kelompok::lineage::{Ended, PARTS};
use crate::kelompok::wilayah::Level;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, PathParts};
use crate::web::page::{Choice, Form, Link, Page, show};
use crate::web::parts::scope::{Names, readable};
use crate::web::parts::seats::ranges;
use crate::web::parts::{place, when};
use crate::web::{Web, urls};

use super::view::people;

pub(in crate::web::pages) use send::versioned;
pub(super) use send::{
    desa_of, post_dissolve, post_merge, post_move, post_name, post_restore, post_split,
};

/// So many places are offered while typing.
const MAX_PLACES: usize = 800;
/// So many kelompok are offered for a merge.
const MAX_OTHERS: usize = 60;

#[derive(Template)]
#[template(path = "pages/kelompok_kelola.html")]
struct Kelola {
    page: Page,
    trail: Vec<Link>,
    name: String,
    id: String,
    version: u64,
    lead: String,
    active: bool,
    undo: Option<Undo>,
    others: Vec<Other>,
    people: Vec<Choice>,
    places: Vec<Choice>,
    parts: Vec<usize>,
    members: u16,
    /// The numbers of its seats, `1–12, 15`; empty where members are not numbered.
    seats: String,
    forms: Forms,
}

/// What can be undone.
struct Undo {
    line: u64,
    text: String,
    /// The button: `Batalkan penggabungan`.
    action: &'static str,
}

/// A kelompok with which this one can be merged.
struct Other {
    value: String,
    id: String,
    name: String,
    hint: String,
}

/// The form of the page that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Name,
    Move,
    Merge,
    Split,
    Dissolve,
    Restore,
}

/// The forms of the page; one of them may come back with errors.
#[derive(Debug)]
struct Forms {
    name: Form,
    moving: Form,
    merge: Form,
    split: Form,
    dissolve: Form,
    restore: Form,
}

impl Forms {
    fn fresh(web: &Web, member: &Member, id: &str) -> Result<Self, WebError> {
        let (name, today, pendamping, desa) = {
            let state = web.app.state();
            let group = managed(web, &state, member.viewer(), id)?;
            let today = when::today_at(web, group.home(Date::MAX));
            let desa: Vec<String> = group.all_desa(today).iter().map(ToString::to_string).collect();
            (group.name.clone(), today.to_string(), group.pendamping(today), desa.join(", "))
        };
        let pendamping = pendamping.map_or_else(String::new, |id| id.to_string());
        Ok(Self {
            name: Form::new(web, vec![("nama", name)])?,
            moving: Form::new(web, vec![("desa", desa), ("pindah", today.clone())])?,
            merge: Form::new(
                web,
                vec![("gabung_hari", today.clone()), ("gabung_pendamping", pendamping)],
            )?,
            split: Form::new(web, vec![("pecah_hari", today.clone())])?,
            dissolve: Form::new(web, vec![("bubar_hari", today)])?,
            restore: Form::new(web, Vec::new())?,
        })
    }
}

pub(super) async fn get(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let forms = Forms::fresh(&web, &member, parts.get(0))?;
    show(&page(&web, &member, parts.get(0), forms)?)
}

/// The kelompok, if the viewer keeps it in order.
fn managed<'a>(
    web: &Web,
    state: &'a State,
    viewer: Viewer<'_>,
    id: &str,
) -> Result<&'a Kelompok, WebError> {
    let latest = when::latest_today(web);
    let group = readable(state, viewer, id, latest)?;
    if viewer.manage_groups(group.home(latest)) {
        return Ok(group);
    }
    Err(WebError::Forbidden(
        "Hanya admin wilayah yang mengelola kelompok ini. Hubungi admin wilayah Anda bila perlu."
            .to_owned(),
    ))
}

fn page(web: &Web, member: &Member, id: &str, forms: Forms) -> Result<Kelola, WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let group = managed(web, &state, viewer, id)?;
    let today = when::today_at(web, group.home(Date::MAX));
    let active = group.end.is_none();
    let seats: Vec<u16> =
        crate::kelompok::seats::active(&group.seats, today).map(|seat| seat.number).collect();
    Ok(Kelola {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ],
        name: group.name.clone(),
        id: group.id.to_string(),
        version: group.version,
        lead: format!(
            "{} anggota, {}",
            group.members(today),
            place::short(&state, group.home(today))
        ),
        active,
        undo: undo(Names { state: &state, viewer, today: when::latest_today(web) }, group),
        others: if active { others(&state, viewer, group, today) } else { Vec::new() },
        people: people(&state, group),
        places: places(&state, viewer, group),
        parts: (0..*PARTS.end()).collect(),
        members: group.members(today),
        seats: ranges(&seats),
        forms,
    })
}

const UNDO_MERGE: &str = "Batalkan penggabungan";
const UNDO_SPLIT: &str = "Batalkan pemecahan";

/// The last merge, split or dissolution that this kelompok was part of.
fn undo(names: Names<'_>, group: &Kelompok) -> Option<Undo> {
    if let (Some(ending), Some(end)) = (group.ending.as_deref(), group.end) {
        let day = tanggal::long(end);
        let into = names.words(&ending.into);
        let (text, action) = match ending.how {
            Ended::Dissolved => (format!("Dibubarkan {day}."), "Batalkan pembubaran"),
            Ended::Merged => (format!("Digabung {day} menjadi {into}."), UNDO_MERGE),
            Ended::Split => (format!("Dipecah {day} menjadi {into}."), UNDO_SPLIT),
            Ended::Undone => return None,
        };
        return Some(Undo { line: ending.line, text, action });
    }
    let origin = group.origin.as_deref()?;
    let parents = names.words(&origin.parents);
    let (what, action) =
        if origin.parents.len() == 1 { ("pecahan", UNDO_SPLIT) } else { ("gabungan", UNDO_MERGE) };
    let text = format!("Dibentuk {} dari {what} {parents}.", tanggal::long(group.start));
    Some(Undo { line: origin.line, text, action })
}

/// Active kelompok of the same kecamatan, those of the same desa first.
fn others(state: &State, viewer: Viewer<'_>, group: &Kelompok, today: Date) -> Vec<Other> {
    let home = group.home(today);
    let area = home.at(Level::Kecamatan).unwrap_or(home);
    let mut found: Vec<&Kelompok> = state
        .active_in(area, today)
        .filter(|other| {
            other.id != group.id && other.end.is_none() && viewer.manage_groups(other.home(today))
        })
        .collect();
    found.sort_by_key(|other| (other.home(today) != home, other.home(today), other.name.clone()));
    found.truncate(MAX_OTHERS);
    found
        .into_iter()
        .map(|other| Other {
            value: format!("{}:{}", other.id, other.version),
            id: other.id.to_string(),
            name: other.name.clone(),
            hint: format!(
                "{} anggota · {}",
                other.members(today),
                place::short(state, other.home(today))
            ),
        })
        .collect()
}

/// Desa of the same kabupaten, offered while a code is typed.
fn places(state: &State, viewer: Viewer<'_>, group: &Kelompok) -> Vec<Choice> {
    let home = group.home(Date::MAX);
    let area = home.at(Level::Kabupaten).unwrap_or(home);
    state
        .wilayah
        .range(area..area.end())
        .filter(|(kode, _)| kode.level() == Level::Desa && viewer.manage_groups(**kode))
        .take(MAX_PLACES)
        .map(|(kode, _)| Choice::new(kode.to_string(), place::short(state, *kode)))
        .collect()
}
