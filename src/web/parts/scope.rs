//! Of which kelompok a page speaks: an area, several areas, or those that one pendamping meets.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::bahasa::angka;
use crate::kelompok::KelompokId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::{Kode, KodeError};
use crate::people::account::Role;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::page::Link;
use crate::web::query::invalid;
use crate::web::urls;

use super::place;

/// The kelompok that a page speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The areas, outermost first and none inside another; empty for the kelompok of one person.
    pub(crate) areas: Vec<Kode>,
    /// Whether kelompok may be named, and not only counted.
    pub(crate) names: bool,
    /// The code as the address names it; empty when it names none.
    pub(crate) param: String,
}

impl Scope {
    /// What `wilayah=` of an address means for a viewer.
    ///
    /// # Errors
    /// When the code is none or unknown, or the place lies outside of what the viewer may see.
    pub(crate) fn of(state: &State, viewer: Viewer<'_>, wilayah: &str) -> Result<Self, WebError> {
        if wilayah.is_empty() {
            return Self::own(viewer);
        }
        let area: Kode =
            wilayah.parse().map_err(|error: KodeError| invalid("wilayah", error.to_string()))?;
        // An address may still name a code that became another.
        let area = state.current_kode(area);
        if !viewer.see_totals(area) {
            return Err(outside());
        }
        if area != Kode::NASIONAL && !state.wilayah.contains_key(&area) {
            return Err(WebError::not_found("Wilayah ini"));
        }
        Ok(Self { areas: vec![area], names: viewer.see_groups(area), param: area.to_string() })
    }

    fn own(viewer: Viewer<'_>) -> Result<Self, WebError> {
        let groups = group_areas(viewer);
        let names = !groups.is_empty();
        let areas = if names { groups } else { viewer.areas() };
        let param = match areas.as_slice() {
            [one] => one.to_string(),
            _ => String::new(),
        };
        if areas.is_empty() {
            let pendamping =
                viewer.account().is_some_and(|account| account.has_role(Role::Pendamping));
            return if pendamping {
                Ok(Self { areas, names: true, param })
            } else {
                Err(outside())
            };
        }
        Ok(Self { areas, names, param })
    }

    /// The same for a page that names kelompok.
    ///
    /// # Errors
    /// As [`Scope::of`], and when the viewer may only count there.
    pub(crate) fn named(
        state: &State,
        viewer: Viewer<'_>,
        wilayah: &str,
    ) -> Result<Self, WebError> {
        let scope = Self::of(state, viewer, wilayah)?;
        scope.must_name()?;
        Ok(scope)
    }

    /// # Errors
    /// When the viewer may only count, and not see which kelompok they are.
    pub(crate) fn must_name(&self) -> Result<(), WebError> {
        if self.names {
            return Ok(());
        }
        Err(WebError::Forbidden(
            "Akun Anda hanya melihat jumlah, tanpa nama kelompok. Buka halaman cakupan untuk angkanya."
                .to_owned(),
        ))
    }

    /// Whether it is about the kelompok that one person meets.
    pub(crate) fn mine(&self) -> bool {
        self.areas.is_empty()
    }

    /// The one area, if it is one.
    pub(crate) fn area(&self) -> Option<Kode> {
        match self.areas.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Its kelompok in tree order, active or not.
    pub(crate) fn groups<'a>(
        &'a self,
        state: &'a State,
        viewer: Viewer<'a>,
        today: Date,
    ) -> Box<dyn Iterator<Item = &'a Kelompok> + 'a> {
        if self.mine() {
            return Box::new(mine(state, viewer, today).into_iter());
        }
        Box::new(self.areas.iter().flat_map(|area| state.groups_in(*area)))
    }

    /// Those that were its kelompok on any day, active or not.
    pub(crate) fn ever<'a>(
        &self,
        state: &'a State,
        viewer: Viewer<'_>,
        today: Date,
    ) -> Vec<&'a Kelompok> {
        if self.mine() {
            return mine(state, viewer, today);
        }
        let numbers = self.areas.iter().flat_map(|area| state.ever_in(*area));
        // One that moved from one of the areas to another is met twice.
        let mut seen = HashSet::new();
        let numbers = numbers.filter(|ix| seen.insert(*ix));
        numbers.filter_map(|ix| state.group_at(ix)).collect()
    }

    /// Whether a kelompok was one of them on a day; those of one person are hers today.
    pub(crate) fn held(
        &self,
        viewer: Viewer<'_>,
        group: &Kelompok,
        (on, today): (Date, Date),
    ) -> bool {
        if self.mine() {
            return viewer.meets(group, today);
        }
        let home = group.home(on);
        self.areas.iter().any(|area| area.contains(home))
    }

    /// Whether a kelompok is one of them.
    pub(crate) fn holds(&self, viewer: Viewer<'_>, group: &Kelompok, today: Date) -> bool {
        self.held(viewer, group, (Date::MAX, today))
    }

    /// Its name: `Kabupaten Magetan`, `Kelompok Anda`.
    pub(crate) fn name(&self, state: &State) -> String {
        match self.areas.as_slice() {
            [] => "Kelompok Anda".to_owned(),
            [one] => place::full(state, *one),
            [first, rest @ ..] => {
                format!("{} dan {} wilayah lain", place::full(state, *first), rest.len())
            }
        }
    }
}

fn outside() -> WebError {
    WebError::Forbidden(
        "Akun Anda tidak berwenang melihat angka wilayah ini. Hubungi admin wilayah Anda bila ini tugas Anda."
            .to_owned(),
    )
}

/// The areas whose kelompok the viewer may name, outermost first.
pub(crate) fn group_areas(viewer: Viewer<'_>) -> Vec<Kode> {
    let Some(account) = viewer.account() else { return Vec::new() };
    let mut areas = account.areas(Role::Supervisor);
    areas.extend(account.areas(Role::Admin));
    areas.retain(|area| viewer.see_groups(*area));
    areas.sort_unstable();
    areas.dedup();
    let all = areas.clone();
    areas.retain(|area| !all.iter().any(|other| other != area && other.contains(*area)));
    areas
}

/// The kelompok that a pendamping meets today, in tree order.
pub(crate) fn mine<'a>(state: &'a State, viewer: Viewer<'_>, today: Date) -> Vec<&'a Kelompok> {
    let given = viewer.id().into_iter().flat_map(|id| state.given_to(id));
    let mut groups: Vec<&Kelompok> = given.filter(|group| viewer.meets(group, today)).collect();
    groups.sort_by(|a, b| {
        (a.home(Date::MAX), &a.name, &a.id).cmp(&(b.home(Date::MAX), &b.name, &b.id))
    });
    groups
}

/// The kelompok with this id; absent and forbidden look alike.
///
/// # Errors
/// Not found, whichever of the two it is.
pub(crate) fn readable<'a>(
    state: &'a State,
    viewer: Viewer<'_>,
    id: &str,
    latest_today: Date,
) -> Result<&'a Kelompok, WebError> {
    state
        .group(id)
        .filter(|group| viewer.read_group(group, latest_today))
        .ok_or_else(|| WebError::not_found("Kelompok ini"))
}

/// Names kelompok to a viewer; of those that this one may not read only how many they are.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) state: &'a State,
    pub(crate) viewer: Viewer<'a>,
    /// Today in the latest zone.
    pub(crate) today: Date,
}

impl<'a> Names<'a> {
    /// Every kelompok that may be named, then the others as one entry without an address.
    pub(crate) fn links(self, ids: impl IntoIterator<Item = &'a KelompokId>) -> Vec<Link> {
        let mut links = Vec::new();
        let mut outside = 0_u64;
        for id in ids {
            let found = self.state.group(id.as_str());
            match found.filter(|group| self.viewer.read_group(group, self.today)) {
                Some(group) => links.push(Link::new(group.name.clone(), urls::kelompok(&group.id))),
                None => outside += 1,
            }
        }
        let words = "kelompok di luar wilayah Anda";
        match outside {
            0 => {}
            1 => links.push(Link::new(words, "")),
            more => links.push(Link::new(format!("{} {words}", angka::count(more)), "")),
        }
        links
    }

    /// The same in words: `Melati 1 dan kelompok di luar wilayah Anda`.
    pub(crate) fn words(self, ids: impl IntoIterator<Item = &'a KelompokId>) -> String {
        let names: Vec<String> = self.links(ids).into_iter().map(|link| link.name).collect();
        angka::list(&names)
    }
}
