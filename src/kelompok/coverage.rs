//! Coverage: what a kelompok has been given of each sesi, as of a date. One pure function.

use std::borrow::Borrow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fakta::{Fakta, FaktaSesi, SesiIx};
use super::pertemuan::{Extent, Source};
use super::rules::{Dated, Kind, Rules};

/// One published edition of a sesi, as the numbers need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionInfo {
    /// 1, 2, 3 ...
    pub number: u16,
    /// Rises only with a change of substance.
    pub generation: u16,
    /// Live from this date on (WIB).
    pub date: Date,
    /// How many langkah the text has; 0 to 32.
    pub langkah: u8,
}

/// What the numbers need of one sesi.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SesiInfo {
    /// Published editions, oldest first.
    pub editions: Vec<EditionInfo>,
    /// The generation that a printed official book counts as, by the date on which it was taught; 1
    /// unless it was set otherwise.
    pub printed: Dated<u16>,
}

impl Default for SesiInfo {
    fn default() -> Self {
        Self { editions: Vec::new(), printed: Dated::new(1) }
    }
}

impl SesiInfo {
    /// The edition that was live on `on`.
    #[must_use]
    pub fn live(&self, on: Date) -> Option<&EditionInfo> {
        self.editions.iter().rev().find(|edition| edition.date <= on)
    }

    /// The generation of what was taught on `on`.
    #[must_use]
    pub fn generation(&self, source: Source, on: Date) -> u16 {
        source
            .edition()
            .and_then(|number| self.edition(number))
            .map_or_else(|| *self.printed.on(on), |edition| edition.generation)
    }

    /// The edition with this number.
    #[must_use]
    pub fn edition(&self, number: u16) -> Option<&EditionInfo> {
        self.editions.iter().find(|edition| edition.number == number)
    }
}

/// Everything outside the kelompok that its coverage depends on.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The rules by date.
    pub rules: &'a Dated<Rules>,
    /// The ids of kinds that [`Fakta::kind`] points into.
    pub kinds: &'a [String],
    /// What is known of each sesi, by [`SesiIx`].
    pub sesi: &'a [SesiInfo],
}

impl<'a> Setting<'a> {
    /// The kind of a pertemuan by the rules of its date.
    #[must_use]
    pub fn kind(&self, fakta: &Fakta) -> Option<&'a Kind> {
        let id = self.kinds.get(usize::from(fakta.kind))?;
        self.rules.on(fakta.date).kind(id)
    }

    /// Whether a pertemuan counts: not withdrawn, of a kind that counts, and enough were present.
    #[must_use]
    pub fn counts(&self, fakta: &Fakta) -> bool {
        !fakta.withdrawn
            && self.kind(fakta).is_some_and(|kind| kind.counts)
            && self
                .rules
                .on(fakta.date)
                .enough_present(fakta.attendance.present, fakta.attendance.members)
    }
}

/// How far a kelompok is with one sesi.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Status {
    /// Nothing yet.
    #[default]
    Belum,
    /// A part.
    Sebagian,
    /// All of it, but from a text whose substance has changed since; counts as covered.
    PerluPenyegaran,
    /// All of it.
    Tuntas,
}

impl Status {
    /// Whether the sesi counts as covered.
    #[must_use]
    pub fn covered(self) -> bool {
        matches!(self, Self::Tuntas | Self::PerluPenyegaran)
    }

    /// The words on pages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Belum => "belum",
            Self::Sebagian => "sebagian",
            Self::PerluPenyegaran => "perlu penyegaran",
            Self::Tuntas => "tuntas",
        }
    }

    /// The word in addresses, files and style classes.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::PerluPenyegaran => "penyegaran",
            other => other.name(),
        }
    }
}

/// One sesi of one kelompok on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// How far.
    pub status: Status,
    /// The day on which it first became tuntas.
    pub covered_on: Option<Date>,
    /// The first day on which anything of it was taught.
    pub first: Option<Date>,
    /// The last day on which anything of it was taught.
    pub last: Option<Date>,
    /// The text of the newest generation from which it was taught.
    pub source: Option<Source>,
    /// The number of different dates on which it was taught.
    pub times: u16,
    /// Present and members of the best of those dates; with seats, seats reached and seats.
    pub reach: Option<(u16, u16)>,
    /// How far it is comes from the kelompok out of which this one was made.
    pub inherited: bool,
}

/// How far a kelompok is with one sesi, with what is needed to go on from there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    pub(super) cell: Cell,
    pub(super) covered_generation: Option<u16>,
    pub(super) source_generation: u16,
    /// The langkah that were ticked, by generation.
    pub(super) ticked: Vec<(u16, u32)>,
}

/// The coverage of every sesi on `on`, by [`SesiIx`]; `fakta` sorted by date.
///
/// Does not depend on the order of pertemuan of one date, nor on the order in which they arrived.
#[must_use]
pub fn cells<F: Borrow<Fakta>>(
    fakta: impl IntoIterator<Item = F>,
    on: Date,
    setting: Setting<'_>,
) -> Vec<Cell> {
    finish(progress(Vec::new(), fakta, on, setting), on, setting)
}

/// How far a kelompok is with every sesi on `on`, by [`SesiIx`]; `fakta` sorted by date. `base` is
/// what it began with: empty for one that began with nothing.
#[must_use]
pub fn progress<F: Borrow<Fakta>>(
    base: Vec<Progress>,
    fakta: impl IntoIterator<Item = F>,
    on: Date,
    setting: Setting<'_>,
) -> Vec<Progress> {
    let mut progress = base;
    progress.resize_with(setting.sesi.len(), Progress::default);
    for one in fakta {
        let one = one.borrow();
        if one.date > on {
            break;
        }
        if !setting.counts(one) {
            continue;
        }
        for taught in &one.sesi {
            if let (Some(progress), Some(info)) = (
                progress.get_mut(usize::from(taught.sesi)),
                setting.sesi.get(usize::from(taught.sesi)),
            ) {
                progress.add(one, *taught, info);
            }
        }
    }
    progress
}

/// The coverage on `on` that follows from how far a kelompok is.
#[must_use]
pub fn finish(progress: Vec<Progress>, on: Date, setting: Setting<'_>) -> Vec<Cell> {
    progress
        .into_iter()
        .zip(setting.sesi)
        .map(|(progress, info)| progress.finish(info, on))
        .collect()
}

/// One step of a kelompok with a sesi.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which sesi.
    pub sesi: SesiIx,
    /// The generation in which it is tuntas from here on, newer than any before; none when it is
    /// begun here.
    pub covered: Option<u16>,
}

/// Tells `each` counted pertemuan, oldest first, with the steps that it makes.
///
/// That is whatever of a status on a day hangs on pertemuan, and not on the texts that are live that
/// day. `fakta` sorted by date, of a kelompok that began with nothing.
pub fn steps<F: Borrow<Fakta>>(
    fakta: impl IntoIterator<Item = F>,
    setting: Setting<'_>,
    mut each: impl FnMut(&Fakta, &[Step]),
) {
    let mut all = vec![Progress::default(); setting.sesi.len()];
    let mut steps = Vec::new();
    for one in fakta {
        let one = one.borrow();
        if !setting.counts(one) {
            continue;
        }
        steps.clear();
        for taught in &one.sesi {
            let at = usize::from(taught.sesi);
            let (Some(progress), Some(info)) = (all.get_mut(at), setting.sesi.get(at)) else {
                continue;
            };
            let (begun, covered) = (progress.cell.first.is_some(), progress.covered_generation);
            progress.add(one, *taught, info);
            if progress.covered_generation > covered {
                steps.push(Step { sesi: taught.sesi, covered: progress.covered_generation });
            } else if !begun {
                steps.push(Step { sesi: taught.sesi, covered: None });
            }
        }
        each(one, &steps);
    }
}

/// The coverage of one sesi on `on`.
#[must_use]
pub fn cell<F: Borrow<Fakta>>(
    fakta: impl IntoIterator<Item = F>,
    sesi: SesiIx,
    on: Date,
    setting: Setting<'_>,
) -> Cell {
    cells(fakta, on, setting).get(usize::from(sesi)).copied().unwrap_or_default()
}

impl Progress {
    /// The langkah of a generation that were ticked: bit `n - 1` stands for langkah `n`.
    #[must_use]
    pub fn ticked(&self, generation: u16) -> u32 {
        self.ticked.iter().find(|(of, _)| *of == generation).map_or(0, |(_, ticked)| *ticked)
    }

    fn add(&mut self, fakta: &Fakta, taught: FaktaSesi, info: &SesiInfo) {
        let generation = info.generation(taught.source, fakta.date);
        let cell = &mut self.cell;
        cell.first = Some(cell.first.map_or(fakta.date, |first| first.min(fakta.date)));
        if cell.last != Some(fakta.date) {
            cell.times = cell.times.saturating_add(1);
        }
        cell.last = Some(cell.last.map_or(fakta.date, |last| last.max(fakta.date)));
        if cell.source.is_none_or(|old| {
            (generation, taught.source.edition()) >= (self.source_generation, old.edition())
        }) {
            cell.source = Some(taught.source);
            self.source_generation = generation;
        }
        cell.reach = Some(better_reach(cell.reach, fakta));
        if self.complete(taught, generation, info) {
            cell_covered(&mut self.cell, fakta.date);
            self.covered_generation = self.covered_generation.max(Some(generation));
        }
    }

    /// Whether this makes the sesi tuntas in its generation, alone or with langkah ticked before.
    fn complete(&mut self, taught: FaktaSesi, generation: u16, info: &SesiInfo) -> bool {
        if taught.extent == Extent::Tuntas {
            return true;
        }
        let langkah = taught
            .source
            .edition()
            .and_then(|number| info.edition(number))
            .map_or(0, |edition| edition.langkah);
        if taught.langkah == 0 || langkah == 0 {
            return false;
        }
        let all = u32::MAX >> (32 - u32::from(langkah.min(32)));
        let ticked = match self.ticked.iter_mut().find(|(of, _)| *of == generation) {
            Some((_, ticked)) => {
                *ticked |= taught.langkah;
                *ticked
            }
            None => {
                self.ticked.push((generation, taught.langkah));
                taught.langkah
            }
        };
        ticked & all == all
    }

    fn finish(self, info: &SesiInfo, on: Date) -> Cell {
        let mut cell = self.cell;
        cell.status = match (self.covered_generation, cell.first) {
            (Some(taught), _) => {
                let live = info.live(on).map_or(0, |edition| edition.generation);
                if taught < live { Status::PerluPenyegaran } else { Status::Tuntas }
            }
            (None, Some(_)) => Status::Sebagian,
            (None, None) => Status::Belum,
        };
        cell
    }
}

fn cell_covered(cell: &mut Cell, date: Date) {
    // A day of its own that is not the first leaves the first where it was: with the ancestors.
    cell.inherited &= cell.covered_on.is_some();
    cell.covered_on = Some(cell.covered_on.map_or(date, |on| on.min(date)));
}

fn better_reach(old: Option<(u16, u16)>, fakta: &Fakta) -> (u16, u16) {
    let new = (fakta.attendance.present, fakta.attendance.members.max(fakta.attendance.present));
    let Some(old) = old else { return new };
    // Shares are compared across, so that 10/20 and 13/26 tie; a tie goes to the larger meeting.
    let new_share = u32::from(new.0) * u32::from(old.1);
    let old_share = u32::from(old.0) * u32::from(new.1);
    if (new_share, new.1) > (old_share, old.1) { new } else { old }
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
