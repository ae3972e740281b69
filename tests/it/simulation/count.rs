//! Counts a made-up country from the rules alone, slowly and plainly: it shares nothing with the
//! program but the rules on paper.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use p2k2::kelompok::wilayah::{Kode, Level};

use super::made::{Country, Fate, KINDS, Kelompok, Pause, Record, SESI, Said};

/// The numbers of one kabupaten on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Numbers {
    pub(crate) kelompok: u32,
    pub(crate) suspended: u32,
    pub(crate) target: u32,
    pub(crate) covered: u32,
    pub(crate) refresh: u32,
    pub(crate) partial: u32,
    pub(crate) expected: u32,
    pub(crate) actual: u32,
    pub(crate) on_time: u32,
    pub(crate) unknown_time: u32,
}

/// What a kelompok knows of one sesi.
#[derive(Debug, Clone, Default)]
struct Known {
    touched: bool,
    /// The newest generation in which it was taught to the end.
    whole: Option<u16>,
    /// Langkah done, by generation.
    ticks: BTreeMap<u16, u32>,
}

/// The numbers of every kabupaten on `on`.
pub(crate) fn kabupaten(country: &Country, on: Date) -> BTreeMap<Kode, Numbers> {
    let mut sums: BTreeMap<Kode, Numbers> = BTreeMap::new();
    for number in 0..country.blocks {
        let block = country.block(number);
        // All of a block live in one desa.
        let desa = block[0].desa;
        let pauses: Vec<Pause> =
            country.pauses.iter().filter(|pause| pause.area.contains(desa)).copied().collect();
        let sum = sums.entry(desa.at(Level::Kabupaten).unwrap()).or_default();
        for at in 0..block.len() {
            add(sum, (country, &pauses), &block, (at, on));
        }
    }
    sums.retain(|_, sum| *sum != Numbers::default());
    sums
}

fn add(
    sum: &mut Numbers,
    (country, pauses): (&Country, &[Pause]),
    block: &[Kelompok],
    (at, on): (usize, Date),
) {
    let one = &block[at];
    month(sum, pauses, one, on);
    if !active(one, on) {
        return;
    }
    sum.kelompok += 1;
    sum.suspended += u32::from(paused(pauses, one, on));
    for sesi in 0..SESI {
        sum.target += 1;
        let known = known(country, block, (at, sesi), on);
        let live = country.editions[sesi].iter().rfind(|edition| edition.date <= on);
        match known.whole {
            Some(generation) => {
                sum.covered += 1;
                sum.refresh += u32::from(live.is_some_and(|live| generation < live.generation));
            }
            None => sum.partial += u32::from(known.touched),
        }
    }
}

fn active(one: &Kelompok, on: Date) -> bool {
    one.start <= on && one.end.as_ref().is_none_or(|(end, _)| on < *end)
}

fn paused(pauses: &[Pause], one: &Kelompok, on: Date) -> bool {
    let covers = |from: Date, to: Option<Date>| from <= on && to.is_none_or(|to| on <= to);
    one.paused.iter().any(|(from, to)| covers(*from, *to))
        || pauses.iter().any(|p| covers(p.from, p.to))
}

/// What stands of a record: its last form, if it was not withdrawn.
fn stands(record: &Record) -> Option<&Said> {
    match &record.fate {
        Fate::Stands => Some(&record.said),
        Fate::Corrected(other) => Some(other),
        Fate::Withdrawn => None,
    }
}

fn counts(said: &Said) -> bool {
    KINDS[said.kind].1 && said.present > 0 && u32::from(said.present) * 2 >= u32::from(said.members)
}

fn known(country: &Country, block: &[Kelompok], (at, sesi): (usize, usize), on: Date) -> Known {
    let one = &block[at];
    let mut known = Known::default();
    if on >= one.start {
        let parents: Vec<Known> =
            one.parents.iter().map(|at| self::known(country, block, (*at, sesi), on)).collect();
        if !parents.is_empty() {
            known = together(&parents);
        }
    }
    let mut said: Vec<&Said> = one.records.iter().filter_map(stands).collect();
    said.sort_by_key(|one| one.date);
    for lesson in
        said.iter().filter(|one| one.date <= on && counts(one)).flat_map(|one| &one.lessons)
    {
        if lesson.sesi != sesi {
            continue;
        }
        known.touched = true;
        let edition =
            lesson.edition.checked_sub(1).map(|at| &country.editions[sesi][usize::from(at)]);
        // A printed book counts as the first generation, and its langkah cannot be told.
        let generation = edition.map_or(1, |edition| edition.generation);
        let mut whole = lesson.whole;
        if let Some(edition) = edition.filter(|_| !whole && lesson.ticks != 0) {
            let ticks = known.ticks.entry(generation).or_default();
            *ticks |= lesson.ticks;
            let all = (1_u32 << edition.langkah) - 1;
            whole = *ticks & all == all;
        }
        if whole {
            known.whole = known.whole.max(Some(generation));
        }
    }
    known
}

/// Tuntas only where all were, sebagian where any was.
fn together(parents: &[Known]) -> Known {
    let whole = parents.iter().map(|one| one.whole).min().unwrap();
    let mut ticks = BTreeMap::new();
    for generation in 0..9 {
        let by_all = parents.iter().fold(u32::MAX, |all, one| {
            if parents.len() > 1 && one.whole.is_some_and(|whole| whole >= generation) {
                all
            } else {
                all & one.ticks.get(&generation).copied().unwrap_or_default()
            }
        });
        if by_all != 0 && by_all != u32::MAX {
            ticks.insert(generation, by_all);
        }
    }
    Known { touched: parents.iter().any(|one| one.touched), whole, ticks }
}

/// Whether the kelompok was expected to meet in the month of `on`, did so up to `on`, and said so in
/// time.
fn month(sum: &mut Numbers, pauses: &[Pause], one: &Kelompok, on: Date) {
    let first = on.first_of_month();
    let length = i32::from(first.days_in_month());
    let days = (0..length).map(|day| first.saturating_add(day.days()));
    let open = days.filter(|day| active(one, *day) && !paused(pauses, one, *day)).count();
    if i32::try_from(open).unwrap() * 2 <= length {
        return;
    }
    sum.expected += 1;
    let met = one.records.iter().filter(|record| {
        stands(record).is_some_and(|said| {
            counts(said) && said.date.first_of_month() == first && said.date <= on
        })
    });
    // The fourth of the next month, at midnight where the kelompok is.
    let offset = match one.desa.to_string()[..2].parse::<i64>().unwrap() {
        ..60 => 7,
        60..80 => 8,
        _ => 9,
    };
    let limit = first.saturating_add(1.month()).saturating_add(3.days());
    let limit = limit.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp() - offset.hours();
    let received: Vec<_> = met.map(|record| record.received).collect();
    if received.is_empty() {
        return;
    }
    sum.actual += 1;
    let known: Vec<_> = received.into_iter().flatten().collect();
    if known.is_empty() {
        sum.unknown_time += 1;
    } else if known.iter().any(|at| *at < limit) {
        sum.on_time += 1;
    }
}
