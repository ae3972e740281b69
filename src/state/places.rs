//! Places in the state: their list by editions, codes that changed, other names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::event::{Event, LineInfo};
use crate::ids::AccountId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::visit::VisitPlace;
use crate::kelompok::wilayah::{self, Kode};

use super::State;

/// A list of places that came into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceEdition {
    /// How its source is called.
    pub name: String,
    /// In force from this date on.
    pub date: Date,
    /// Who entered it.
    pub by: Option<AccountId>,
    /// When it was entered.
    pub at: Timestamp,
}

/// What is known of places besides their names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Places {
    /// The lists, in the order in which they were entered.
    pub editions: Vec<PlaceEdition>,
    /// Codes that the newest list no longer holds and that no map leads on from.
    pub retired: BTreeSet<Kode>,
    /// Codes that became others.
    pub renumbered: BTreeMap<Kode, Kode>,
    /// How else people call a place.
    pub aliases: BTreeMap<Kode, Vec<String>>,
}

/// Places by every name under which people may write them.
#[derive(Debug, Clone, Default)]
pub struct PlaceNames {
    by_name: HashMap<String, Vec<Kode>>,
}

/// Why a name means no single place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceNameError {
    /// No place goes by it.
    #[error(
        "Wilayah “{0}” tidak ada di daftar. Tulis kodenya, misalnya 16.02.05.1001, atau nama desa dan kecamatannya."
    )]
    Unknown(String),
    /// Several places go by it.
    #[error(
        "Ada {count} wilayah bernama “{name}”. Tambahkan kecamatannya sesudah garis miring, misalnya Sidomulyo/Kayu Agung, atau tulis kodenya."
    )]
    Several {
        /// The name.
        name: String,
        /// How many.
        count: usize,
    },
}

impl PlaceNames {
    /// The place of `level` that is meant by names from the inside out, with `/` or a comma between
    /// them: `Jua-jua`, `Jua-jua/Kayuagung`.
    ///
    /// # Errors
    /// When no place goes by these names, or several do.
    pub fn find(&self, typed: &str, level: wilayah::Level) -> Result<Kode, PlaceNameError> {
        self.find_among(typed, |kode| kode.level() == level)
    }

    /// The place of any level that is meant. A kabupaten and a kecamatan of one name are two: nobody
    /// gets the larger one by accident.
    ///
    /// # Errors
    /// As [`PlaceNames::find`].
    pub fn find_any(&self, typed: &str) -> Result<Kode, PlaceNameError> {
        self.find_among(typed, |_| true)
    }

    fn find_among(
        &self,
        typed: &str,
        takes: impl Fn(Kode) -> bool,
    ) -> Result<Kode, PlaceNameError> {
        let mut parts = typed.split(['/', ',']).map(wilayah::plain).filter(|part| !part.is_empty());
        let of = |part: &String| self.by_name.get(part).map_or(&[][..], Vec::as_slice);
        let shown = || typed.trim().chars().take(60).collect::<String>();
        let Some(first) = parts.next() else { return Err(PlaceNameError::Unknown(shown())) };
        let mut found: Vec<Kode> = of(&first).iter().copied().filter(|kode| takes(*kode)).collect();
        for around in parts {
            let around = of(&around);
            found.retain(|kode| around.iter().any(|one| one != kode && one.contains(*kode)));
        }
        match found.as_slice() {
            [] => Err(PlaceNameError::Unknown(shown())),
            [one] => Ok(*one),
            several => Err(PlaceNameError::Several { name: shown(), count: several.len() }),
        }
    }
}

impl State {
    /// The places by their names, for reading files in which people wrote names. Takes a while for
    /// the whole country, so it is made once a file.
    #[must_use]
    pub fn place_names(&self) -> PlaceNames {
        let mut names = PlaceNames::default();
        for (kode, name) in &self.wilayah {
            if self.places.retired.contains(kode) {
                continue;
            }
            for name in std::iter::once(name).chain(self.aliases(*kode)) {
                for spelling in wilayah::spellings(name) {
                    let places = names.by_name.entry(spelling).or_default();
                    if places.last() != Some(kode) {
                        places.push(*kode);
                    }
                }
            }
        }
        names
    }

    /// The places directly below `kode`, in tree order; those that a newer list no longer holds are
    /// left out as soon as no kelompok belongs to them.
    pub fn places_below(&self, kode: Kode) -> impl Iterator<Item = (Kode, &str)> {
        let level = kode.level().below();
        let mut from = kode;
        std::iter::from_fn(move || {
            loop {
                let (place, name) = self.wilayah.range(from..kode.end()).next()?;
                // Whatever lies inside a place is passed over as a whole.
                from = if Some(place.level()) == level { place.end() } else { place.next() };
                if Some(place.level()) == level && !self.is_gone(*place) {
                    return Some((*place, name.as_str()));
                }
            }
        })
    }

    /// Whether a newer list no longer holds the place, and nothing is kept there any more.
    #[must_use]
    pub fn is_gone(&self, kode: Kode) -> bool {
        self.places.retired.contains(&kode) && self.groups_in(kode).next().is_none()
    }

    /// The code by which a place goes now; codes that nobody knows stay as they are.
    #[must_use]
    pub fn current_kode(&self, kode: Kode) -> Kode {
        let mut at = kode;
        // Each step leads to a newer code; a place has seldom had more than two.
        for _ in 0..8 {
            match self.places.renumbered.get(&at) {
                Some(next) if !self.wilayah.contains_key(&at) => at = *next,
                _ => break,
            }
        }
        at
    }

    /// How else people call a place.
    #[must_use]
    pub fn aliases(&self, kode: Kode) -> &[String] {
        self.places.aliases.get(&kode).map_or(&[], Vec::as_slice)
    }

    /// Whether a name that someone typed means this place, by its name or another of its names; a
    /// part of a name is enough.
    #[must_use]
    pub fn named(&self, kode: Kode, typed: &str) -> bool {
        self.wilayah.get(&kode).is_some_and(|name| wilayah::name_matches(name, typed))
            || self.aliases(kode).iter().any(|name| wilayah::name_matches(name, typed))
    }

    /// Kelompok that belong to a place which the newest list no longer holds, by place.
    #[must_use]
    pub fn orphans(&self) -> Vec<(Kode, Vec<&Kelompok>)> {
        self.places
            .retired
            .iter()
            .map(|kode| (*kode, self.groups_in(*kode).collect::<Vec<_>>()))
            .filter(|(_, groups)| !groups.is_empty())
            .collect()
    }

    pub(super) fn apply_place(&mut self, info: &LineInfo, event: &Event) {
        match event {
            Event::WilayahLoaded { kode, name } => {
                self.places.retired.remove(kode);
                self.places.renumbered.remove(kode);
                self.wilayah.insert(*kode, name.clone());
            }
            Event::WilayahEdition { name, date } => {
                let (by, at) = (info.by, info.at);
                self.places.editions.push(PlaceEdition { name: name.clone(), date: *date, by, at });
            }
            Event::WilayahRetired { codes } => self.places.retired.extend(codes),
            Event::WilayahRenumbered { codes } => self.renumber(codes),
            Event::WilayahAliased { kode, names } => {
                if names.is_empty() {
                    self.places.aliases.remove(kode);
                } else {
                    self.places.aliases.insert(*kode, names.clone());
                }
            }
            _ => {}
        }
    }

    /// Gives places other codes, all at once. A code is only how a place is called, so what was
    /// recorded under the old one goes by the new one, for every date.
    fn renumber(&mut self, codes: &[(Kode, Kode)]) {
        let map: BTreeMap<Kode, Kode> = codes.iter().copied().collect();
        let new = |kode: Kode| map.get(&kode).copied().unwrap_or(kode);
        self.renumber_names(&map);
        let mut moved = Vec::new();
        for (ix, group) in (0..).zip(&mut self.groups) {
            let before = group.home(Date::MAX);
            let all = group.desa.iter_mut().flat_map(|(_, desa)| desa);
            all.for_each(|desa| *desa = new(*desa));
            if group.home(Date::MAX) != before {
                moved.push((before, group.home(Date::MAX), ix));
            }
        }
        for (before, after, ix) in moved {
            self.by_area.remove(&(before, ix));
            self.by_area.insert((after, ix));
        }
        self.suspensions.iter_mut().for_each(|one| one.area = new(one.area));
        self.targets.iter_mut().for_each(|one| one.area = new(one.area));
        self.holidays.iter_mut().for_each(|(_, one)| one.area = new(one.area));
        self.renumber_frozen(&map);
        for account in self.accounts.values_mut() {
            account.grants.iter_mut().for_each(|grant| grant.area = new(grant.area));
            account.grants.sort_unstable();
            account.grants.dedup();
        }
        for form in self.visits.iter_mut().flat_map(|visit| &mut visit.forms) {
            if let VisitPlace::Wilayah(area) = &mut form.visit.place {
                *area = new(*area);
            }
        }
    }

    fn renumber_names(&mut self, map: &BTreeMap<Kode, Kode>) {
        let mut names = Vec::new();
        for (old, new) in map {
            names.push((*old, *new, self.wilayah.remove(old), self.places.aliases.remove(old)));
        }
        for (old, new, name, aliases) in names {
            self.places.retired.remove(&old);
            self.places.renumbered.insert(old, new);
            self.places.renumbered.remove(&new);
            let mut others = aliases.unwrap_or_default();
            if let Some(name) = name {
                let kept = self.wilayah.entry(new).or_insert_with(|| name.clone());
                if *kept != name {
                    others.push(name);
                }
            }
            if !others.is_empty() {
                let names = self.places.aliases.entry(new).or_default();
                names.extend(others);
                names.sort();
                names.dedup();
            }
        }
    }
}
