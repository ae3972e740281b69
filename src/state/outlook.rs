//! What lies before a kelompok: its plan, the sesi that comes next, how far it is behind.

use jiff::civil::Date;

use crate::kelompok::coverage::Cell;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::plan::{self, Behind, Due};
use crate::kelompok::rates::{self, Month};

use super::State;

/// A plan looks so many months further than it has sesi, so that a long suspension still fits.
const SPARE_MONTHS: usize = 36;

impl State {
    /// The plan of a kelompok: the sesi of `target` one a month from its first month, around the
    /// months in which no pertemuan is expected.
    #[must_use]
    pub fn plan(&self, group: &Kelompok, target: &[SesiIx]) -> Vec<Due> {
        let suspensions = self.suspensions_of(group, Date::MAX);
        let months = target.len() + SPARE_MONTHS;
        plan::generate(target, Month::of(group.start), months, |month| {
            rates::expected(group, &suspensions, month, self.setting())
        })
    }

    /// How far behind its plan a kelompok is on `on`; nothing while it is suspended or not active.
    #[must_use]
    pub fn behind(&self, group: &Kelompok, target: &[SesiIx], cells: &[Cell], on: Date) -> Behind {
        let done = target
            .iter()
            .filter(|ix| cells.get(usize::from(**ix)).is_some_and(|cell| cell.status.covered()))
            .count();
        if done == target.len() || !group.active(on) || self.suspended(group, on) {
            return Behind::default();
        }
        plan::behind(&self.plan(group, target), cells, on)
    }

    /// The langkah of the live text of a sesi that were ticked in counted pertemuan up to `on`:
    /// bit `n - 1` stands for langkah `n`.
    #[must_use]
    pub fn ticked(&self, group: &Kelompok, sesi: SesiIx, on: Date) -> u32 {
        let setting = self.setting();
        let Some(info) = self.sesi_info(sesi) else { return 0 };
        let live = info.live(on).map_or(0, |edition| edition.generation);
        let inherited = self.base(group, on).get(usize::from(sesi)).map_or(0, |of| of.ticked(live));
        group
            .fakta
            .iter()
            .filter(|fakta| fakta.date <= on && setting.counts(fakta))
            .flat_map(|fakta| fakta.sesi)
            .filter(|taught| taught.sesi == sesi && info.generation(taught.source) == live)
            .fold(inherited, |bits, taught| bits | taught.langkah)
    }
}
