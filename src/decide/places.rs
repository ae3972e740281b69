//! Places: newer lists, codes that changed, other names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::Serialize;

use crate::event::Event;
use crate::kelompok::text::{self, MAX_SHORT_CHARS};
use crate::kelompok::wilayah::{Kode, Level};
use crate::people::policy::Viewer;
use crate::state::State;

use super::import::{Plan, Row, WilayahRow};
use super::{Context, FieldError, Refusal, groups};

/// The most other names of one place.
const MAX_NAMES: usize = 12;
/// So many codes fit one event with room to spare.
const EVENT_CODES: usize = 1_000;

/// A code that became another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PetaRow {
    /// The code until now.
    pub old: Kode,
    /// The code from now on.
    pub new: Kode,
}

/// The other names of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AliasRow {
    /// Its code.
    pub kode: Kode,
    /// All of its other names.
    pub names: Vec<String>,
}

/// A newer list of places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditionRows {
    /// How its source is called.
    pub name: String,
    /// In force from this date on.
    pub date: Date,
    /// Its places.
    pub rows: Vec<Row<WilayahRow>>,
}

/// Enters a list; what is known and not in it stays.
pub(super) fn list(state: &State, viewer: Viewer<'_>, rows: &[Row<WilayahRow>], plan: &mut Plan) {
    let mut seen: HashMap<Kode, u32> = HashMap::with_capacity(rows.len());
    for row in rows {
        seen.entry(row.value.kode).or_insert(row.line);
    }
    for row in rows {
        let WilayahRow { kode, name } = &row.value;
        let mut fail = |message: String| plan.fail(row.line, FieldError::new("kode", message));
        if !viewer.manage_groups(*kode) {
            fail("Wilayah ini di luar wewenang Anda.".to_owned());
            continue;
        }
        if seen[kode] != row.line {
            fail(format!("Kode {kode} sudah ada di baris {}.", seen[kode]));
            continue;
        }
        let parent = kode.parent().filter(|parent| *parent != Kode::NASIONAL);
        if let Some(parent) = parent
            && !seen.contains_key(&parent)
            && !state.wilayah.contains_key(&parent)
        {
            fail(format!("Induknya, {parent}, belum ada. Tambahkan baris untuk {parent}."));
            continue;
        }
        match groups::name_of(name) {
            Err(error) => plan.fail(row.line, error),
            Ok(name) => {
                let known = state.wilayah.get(kode);
                let same = known == Some(&name) && !state.places.retired.contains(kode);
                let events = if same {
                    Vec::new()
                } else {
                    vec![Event::WilayahLoaded { kode: *kode, name }]
                };
                plan.row(known.is_some(), events);
            }
        }
    }
}

/// Enters a newer list: besides its places it says which codes exist no longer. Only kabupaten of
/// which the list holds anything are looked at, so that the list of one kabupaten says nothing about
/// the others.
pub(super) fn edition(state: &State, viewer: Viewer<'_>, wanted: &EditionRows, plan: &mut Plan) {
    if !viewer.change_settings() {
        let message = "Hanya admin nasional yang memasukkan edisi daftar wilayah.";
        plan.fail(1, FieldError::new("edisi", message));
        return;
    }
    let name = match text::clean(&wanted.name, MAX_SHORT_CHARS) {
        Ok(name) if !name.is_empty() => name,
        Ok(_) => {
            plan.fail(1, FieldError::new("edisi", "Tulis nama edisi daftar wilayah ini."));
            return;
        }
        Err(error) => {
            plan.fail(1, FieldError::new("edisi", error.to_string()));
            return;
        }
    };
    list(state, viewer, &wanted.rows, plan);
    let given: BTreeSet<Kode> = wanted.rows.iter().map(|row| row.value.kode).collect();
    let covered: BTreeSet<Kode> =
        given.iter().filter_map(|kode| kode.at(Level::Kabupaten)).collect();
    let gone: Vec<Kode> = covered
        .iter()
        .flat_map(|kabupaten| state.wilayah.range(*kabupaten..kabupaten.end()))
        .map(|(kode, _)| *kode)
        .filter(|kode| !given.contains(kode) && !state.places.retired.contains(kode))
        .collect();
    let known = state.places.editions.last();
    let same = known.is_some_and(|last| last.name == name && last.date == wanted.date);
    if same && gone.is_empty() && plan.events.is_empty() {
        return;
    }
    let retired =
        gone.chunks(EVENT_CODES).map(|codes| Event::WilayahRetired { codes: codes.to_vec() });
    plan.events.extend(retired);
    if !same {
        plan.events.insert(0, Event::WilayahEdition { name, date: wanted.date });
    }
}

/// Gives places other codes. A row for a place moves everything inside it that has no row of its
/// own.
pub(super) fn renumber(state: &State, viewer: Viewer<'_>, rows: &[Row<PetaRow>], plan: &mut Plan) {
    let mut first: HashMap<Kode, u32> = HashMap::with_capacity(rows.len());
    let mut own: BTreeMap<Kode, Kode> = BTreeMap::new();
    let mut lines: Vec<(u32, Kode, Kode)> = Vec::new();
    for row in rows {
        let PetaRow { old, new } = row.value;
        if state.places.renumbered.get(&old) == Some(&new) && !state.wilayah.contains_key(&old) {
            plan.row(true, Vec::new());
            continue;
        }
        match wrong_pair(state, viewer, (old, new), first.insert(old, row.line)) {
            Some((field, message)) => plan.fail(row.line, FieldError::new(field, message)),
            None => {
                own.insert(old, new);
                lines.push((row.line, old, new));
                plan.changed += 1;
            }
        }
    }
    let mut map = own.clone();
    for old in own.keys() {
        for (inside, _) in state.wilayah.range(old.next()..old.end()) {
            if let (false, Some(moved)) = (own.contains_key(inside), rebase(&own, *inside)) {
                map.insert(*inside, moved);
            }
        }
    }
    // A place may go into one that comes to be by the same map.
    let made: BTreeSet<Kode> = map.values().copied().collect();
    for (line, old, new) in lines {
        let parent = new.parent().filter(|parent| *parent != Kode::NASIONAL);
        if let Some(parent) = parent
            && !state.wilayah.contains_key(&parent)
            && !made.contains(&parent)
        {
            let message = format!("Induknya, {parent}, belum ada. Impor daftar wilayahnya dulu.");
            plan.fail(line, FieldError::new("baru", message));
            map.retain(|inside, _| !old.contains(*inside));
        }
    }
    plan.errors.sort_by_key(|error| error.line);
    plan.events.extend(batches(&map).into_iter().map(|codes| Event::WilayahRenumbered { codes }));
}

/// What is wrong with one pair of codes, with the column in which it is wrong; `before` is the line
/// that held the old code already.
fn wrong_pair(
    state: &State,
    viewer: Viewer<'_>,
    (old, new): (Kode, Kode),
    before: Option<u32>,
) -> Option<(&'static str, String)> {
    if let Some(line) = before {
        return Some(("lama", format!("Kode {old} sudah ada di baris {line}.")));
    }
    if !viewer.manage_groups(old) || !viewer.manage_groups(new) {
        return Some(("lama", "Wilayah ini di luar wewenang Anda.".to_owned()));
    }
    if old.level() != new.level() {
        return Some((
            "baru",
            format!("Kode {new} bukan setingkat dengan {old}. Periksa keduanya."),
        ));
    }
    if old == new {
        return Some(("baru", format!("Kode {old} tidak berubah. Hapus baris ini.")));
    }
    (!state.wilayah.contains_key(&old))
        .then(|| ("lama", format!("Kode {old} tidak ada di daftar wilayah. Periksa kodenya.")))
}

/// Where a place goes with the innermost place around it that has a row.
fn rebase(map: &BTreeMap<Kode, Kode>, place: Kode) -> Option<Kode> {
    let around = std::iter::successors(place.parent(), |at| at.parent());
    let (old, new) = around.into_iter().find_map(|old| map.get(&old).map(|new| (old, *new)))?;
    place.rebased(old, new)
}

/// The codes in groups that can be applied one behind the other: codes that lead on from each other
/// stand in one group, since there they all change at once.
fn batches(map: &BTreeMap<Kode, Kode>) -> Vec<Vec<(Kode, Kode)>> {
    let mut before: BTreeMap<Kode, Vec<Kode>> = BTreeMap::new();
    for (old, new) in map {
        before.entry(*new).or_default().push(*old);
    }
    let mut left: BTreeSet<Kode> = map.keys().copied().collect();
    let mut all: Vec<Vec<(Kode, Kode)>> = vec![Vec::new()];
    while let Some(start) = left.pop_first() {
        let mut chain = Vec::new();
        let mut open = vec![start];
        while let Some(old) = open.pop() {
            let Some(new) = map.get(&old) else { continue };
            chain.push((old, *new));
            let linked = before.get(&old).into_iter().flatten().chain([new]);
            open.extend(linked.filter(|kode| left.remove(kode)));
            open.extend(before.get(new).into_iter().flatten().filter(|kode| left.remove(kode)));
        }
        chain.sort_unstable();
        match all.last_mut() {
            Some(last) if last.len() + chain.len() <= EVENT_CODES => last.extend(chain),
            _ => all.push(chain),
        }
    }
    all.retain(|codes| !codes.is_empty());
    all
}

/// Enters other names of places.
pub(super) fn alias(state: &State, viewer: Viewer<'_>, rows: &[Row<AliasRow>], plan: &mut Plan) {
    let mut seen: HashMap<Kode, u32> = HashMap::new();
    for row in rows {
        let kode = state.current_kode(row.value.kode);
        if let Some(line) = seen.insert(kode, row.line) {
            let message = format!("Kode {kode} sudah ada di baris {line}.");
            plan.fail(row.line, FieldError::new("kode", message));
            continue;
        }
        match names(state, viewer, kode, &row.value.names) {
            Err(error) => plan.fail(row.line, error),
            Ok(names) if names == state.aliases(kode) => plan.row(true, Vec::new()),
            Ok(names) => {
                let known = !state.aliases(kode).is_empty();
                plan.row(known, vec![Event::WilayahAliased { kode, names }]);
            }
        }
    }
}

pub(super) fn name_place(
    context: Context<'_>,
    kode: Kode,
    wanted: &[String],
) -> Result<Vec<Event>, Refusal> {
    let names = names(context.state, context.viewer, kode, wanted)
        .map_err(|error| Refusal::Invalid(vec![error]))?;
    if names == context.state.aliases(kode) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::WilayahAliased { kode, names }])
}

/// The other names of a place, cleaned, each once, without its own.
fn names(
    state: &State,
    viewer: Viewer<'_>,
    kode: Kode,
    wanted: &[String],
) -> Result<Vec<String>, FieldError> {
    if !viewer.manage_groups(kode) {
        return Err(FieldError::new("kode", "Wilayah ini di luar wewenang Anda."));
    }
    let Some(own) = state.wilayah.get(&kode) else {
        let message = format!("Kode {kode} tidak ada di daftar wilayah. Periksa kodenya.");
        return Err(FieldError::new("kode", message));
    };
    let mut names: Vec<String> = Vec::new();
    for one in wanted {
        match text::clean(one, MAX_SHORT_CHARS) {
            Ok(name) if name.is_empty() || name == *own || names.contains(&name) => {}
            Ok(name) => names.push(name),
            Err(error) => return Err(FieldError::new("alias", error.to_string())),
        }
    }
    if names.len() > MAX_NAMES {
        let message = format!("Paling banyak {MAX_NAMES} nama lain untuk satu wilayah.");
        return Err(FieldError::new("alias", message));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_lead_on_from_each_other_change_at_once() {
        let kode = |n: usize| format!("16.02.05.{n:04}").parse::<Kode>().unwrap();
        // A chain of three, a swap, a merge of two, and two thousand on their own.
        let mut map: BTreeMap<Kode, Kode> = BTreeMap::new();
        for (old, new) in [(1, 2), (2, 3), (3, 4), (10, 11), (11, 10), (20, 22), (21, 22)] {
            map.insert(kode(old), kode(new));
        }
        for n in 0..2_000 {
            map.insert(kode(1_000 + n), kode(5_000 + n));
        }
        let batches = batches(&map);
        assert!(batches.len() > 2 && batches.iter().all(|one| one.len() <= EVENT_CODES));
        let place = |old: usize| {
            batches.iter().position(|one| one.iter().any(|(of, _)| *of == kode(old))).unwrap()
        };
        for together in [&[1, 2, 3][..], &[10, 11], &[20, 21]] {
            assert!(together.iter().all(|one| place(*one) == place(together[0])), "{together:?}");
        }
        let mut all: Vec<_> = batches.concat();
        all.sort_unstable();
        assert_eq!(all, map.into_iter().collect::<Vec<_>>());
    }
}
