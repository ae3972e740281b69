//! Why the figures of a frozen month are others now: every kelompok, or sesi of one, that counts on
//! one side only stands under exactly one reason, so the parts add up to the difference.

use std::collections::BTreeMap;

use crate::kelompok::fakta::{Fakta, SesiIx};
use crate::kelompok::frozen::{Number, Reason, Share};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::{self, Month};
use crate::kelompok::wilayah::{Kode, Level};

use super::State;
use super::frozen::Hit;

/// Some of the hits of a difference, all for one reason and in one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferencePart {
    /// Why.
    pub reason: Reason,
    /// Whether they count now and did not then.
    pub gain: bool,
    /// Which, in the order of the kelompok.
    pub hits: Vec<Hit>,
}

/// A figure of a frozen month, then and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As it was frozen.
    pub then: u32,
    /// On today's knowledge: `then`, with the gains and without the losses of the parts.
    pub now: u32,
    /// Why they differ; empty when nothing changed.
    pub parts: Vec<DifferencePart>,
}

impl State {
    /// A figure of `area` and a frozen month, then and now, with the reasons of the difference. None
    /// where nothing was frozen: another month, or a desa.
    #[must_use]
    pub fn difference(&self, area: Kode, month: Month, number: Number) -> Option<Difference> {
        self.differences(area, month, &[number])?.pop()
    }

    /// The same for several figures, in one look at each kelompok of which something changed.
    #[must_use]
    pub fn differences(
        &self,
        area: Kode,
        month: Month,
        numbers: &[Number],
    ) -> Option<Vec<Difference>> {
        let frozen = self.frozen.months.get(&month).filter(|frozen| frozen.whole)?;
        if area.level() > Level::Kecamatan {
            return None;
        }
        let rows = self.frozen_rows(area, month);
        let mut parts: Vec<BTreeMap<(Reason, bool), Vec<Hit>>> =
            vec![BTreeMap::new(); numbers.len()];
        for (ix, was) in &frozen.was {
            let Some(group) = self.groups.get(*ix as usize) else { continue };
            let here = |home: Kode| area.contains(home);
            if !here(group.home(month.last())) && !was.as_ref().is_some_and(|was| here(was.home)) {
                continue;
            }
            let now = self.share(group, month);
            let seq = was
                .as_ref()
                .and_then(|was| frozen.rows.get(&was.home.at(Level::Kabupaten)?))
                .map_or(0, |entry| entry.seq);
            let change = Change { state: self, group, month, seq, was: was.as_ref(), now: &now };
            for (number, parts) in numbers.iter().zip(&mut parts) {
                for (sesi, gain) in change.hits(area, *number) {
                    let reason = change.reason(area, *number, (sesi, gain));
                    parts.entry((reason, gain)).or_default().push((*ix, sesi));
                }
            }
        }
        let then =
            |number: &Number| rows.iter().map(|entry| entry.row.number(*number)).sum::<u32>();
        Some(
            numbers
                .iter()
                .zip(parts)
                .map(|(number, parts)| Difference::of(then(number), parts))
                .collect(),
        )
    }
}

impl Difference {
    fn of(then: u32, parts: BTreeMap<(Reason, bool), Vec<Hit>>) -> Self {
        let parts: Vec<DifferencePart> = parts
            .into_iter()
            .map(|((reason, gain), hits)| DifferencePart { reason, gain, hits })
            .collect();
        let sum = |gain: bool| -> usize {
            parts.iter().filter(|part| part.gain == gain).map(|part| part.hits.len()).sum()
        };
        let (gained, lost) = (sum(true) as u64, sum(false) as u64);
        let now = (u64::from(then) + gained).saturating_sub(lost);
        Self { then, now: u32::try_from(now).unwrap_or(u32::MAX), parts }
    }
}

/// One kelompok then and now.
struct Change<'a> {
    state: &'a State,
    group: &'a Kelompok,
    month: Month,
    /// The line that froze its area.
    seq: u64,
    was: Option<&'a Share>,
    now: &'a Share,
}

impl Change<'_> {
    /// With what it counts on one side only; `true` for now.
    fn hits(&self, area: Kode, number: Number) -> Vec<(Option<SesiIx>, bool)> {
        let was = self.was.filter(|was| area.contains(was.home));
        let now = Some(self.now).filter(|now| area.contains(now.home));
        if number.of_cells() {
            let was = was.map_or(&[][..], |was| was.sesi(number));
            let now = now.map_or(&[][..], |now| now.sesi(number));
            let gained = now.iter().filter(|ix| !was.contains(ix)).map(|ix| (Some(*ix), true));
            let lost = was.iter().filter(|ix| !now.contains(ix)).map(|ix| (Some(*ix), false));
            return gained.chain(lost).collect();
        }
        let counts = |share: Option<&Share>| share.is_some_and(|share| share.counts(number));
        match (counts(was), counts(now)) {
            (false, true) => vec![(None, true)],
            (true, false) => vec![(None, false)],
            _ => Vec::new(),
        }
    }

    fn reason(&self, area: Kode, number: Number, (sesi, gain): (Option<SesiIx>, bool)) -> Reason {
        let Some(was) = self.was else { return Reason::Kelompok };
        if area.contains(was.home) != area.contains(self.now.home) {
            return Reason::Pindah;
        }
        if number.of_cells() {
            if was.active != self.now.active {
                return Reason::Kelompok;
            }
            if sesi.is_some_and(|ix| was.target.contains(&ix) != self.now.target.contains(&ix)) {
                return Reason::Sasaran;
            }
        } else if was.expected != self.now.expected || number == Number::Groups {
            let suspended = self.now.active == was.active && number != Number::Groups;
            return if suspended { Reason::Penangguhan } else { Reason::Kelompok };
        }
        self.record_reason(number, (sesi, gain))
    }

    /// Which change of a record it was.
    fn record_reason(&self, number: Number, (sesi, gain): (Option<SesiIx>, bool)) -> Reason {
        let about = |fakta: &Fakta| match sesi {
            Some(ix) => {
                fakta.date <= self.month.last() && fakta.sesi.iter().any(|one| one.sesi == ix)
            }
            None => self.month.contains(fakta.date),
        };
        let setting = self.state.setting();
        let mut about = self.group.fakta.iter().filter(about);
        if gain {
            let zone = self.group.home(self.month.last()).zone();
            let late = about.any(|fakta| {
                fakta.first_seq > self.seq
                    && setting.counts(&fakta)
                    && (number != Number::OnTime
                        || rates::on_time(&fakta, zone, setting) == Some(true))
            });
            return if late { Reason::Menyusul } else { Reason::Dikoreksi };
        }
        let gone = about.any(|fakta| fakta.withdrawn && fakta.version > self.seq);
        if gone { Reason::Ditarik } else { Reason::Dikoreksi }
    }
}
