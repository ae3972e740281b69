//! Sesi, their editions and what waits for review, in the state.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::curriculum::ids::{RevisionId, SesiId};
use crate::curriculum::skema::{Modul, Skema, SkemaSesi};
use crate::event::{ChangeKind, Event, LineInfo};
use crate::ids::AccountId;
use crate::kelompok::coverage::{EditionInfo, SesiInfo};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::rules::TargetSet;
use crate::kelompok::wilayah::Kode;

use super::State;

/// A published text of a sesi.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// 1, 2, 3 ...
    pub number: u16,
    /// The text.
    pub revision: RevisionId,
    /// Whether the substance changed.
    pub kind: ChangeKind,
    /// Live from this date on (WIB).
    pub date: Date,
    /// When it was published.
    pub at: Timestamp,
    /// Who published it; none for a text that came with the program.
    pub by: Option<AccountId>,
    /// What changed, in words.
    pub note: String,
    /// Everyone who wrote or edited it.
    pub authors: Vec<AccountId>,
    /// How many minutes its langkah add up to.
    pub minutes: u16,
    /// How many langkah it has.
    pub langkah: u8,
}

/// A text that waits for review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The text.
    pub revision: RevisionId,
    /// The edition on which it was made.
    pub base: Option<u16>,
    /// Everyone who wrote or edited it.
    pub authors: Vec<AccountId>,
    /// Who handed it in.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// What changed, in words.
    pub summary: String,
    /// The journal line that holds it.
    pub seq: u64,
}

/// A text that was returned, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The text.
    pub revision: RevisionId,
    /// Who returned it.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// One sesi with its editions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SesiState {
    /// Its id.
    pub id: SesiId,
    /// Its title: that of the live text, else that of the skema.
    pub title: String,
    /// Published texts, oldest first.
    pub editions: Vec<Edition>,
    /// The text that waits for review.
    pub submission: Option<Submission>,
    /// The last text that was returned, until another is handed in.
    pub returned: Option<Returned>,
}

impl SesiState {
    /// The live edition.
    #[must_use]
    pub fn live(&self) -> Option<&Edition> {
        self.editions.last()
    }

    /// The edition with this number.
    #[must_use]
    pub fn edition(&self, number: u16) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.number == number)
    }
}

/// Where a sesi stands in a skema.
#[derive(Debug, Clone, Copy)]
pub struct Placement<'a> {
    /// The skema.
    pub skema: &'a Skema,
    /// The modul.
    pub modul: &'a Modul,
    /// The entry of the sesi.
    pub entry: &'a SkemaSesi,
}

impl State {
    /// Every sesi with its dense number, in the order in which they became known.
    pub fn all_sesi(&self) -> impl Iterator<Item = (SesiIx, &SesiState)> {
        (0..).zip(&self.sesi)
    }

    /// The sesi with this id.
    #[must_use]
    pub fn sesi(&self, id: &SesiId) -> Option<&SesiState> {
        self.sesi_ix(id).map(|ix| &self.sesi[usize::from(ix)])
    }

    /// The sesi with this dense number.
    #[must_use]
    pub fn sesi_at(&self, ix: SesiIx) -> Option<&SesiState> {
        self.sesi.get(usize::from(ix))
    }

    /// The dense number of a sesi.
    #[must_use]
    pub fn sesi_ix(&self, id: &SesiId) -> Option<SesiIx> {
        self.sesi_ids.get(id).copied()
    }

    /// What the numbers need of a sesi.
    #[must_use]
    pub fn sesi_info(&self, ix: SesiIx) -> Option<&SesiInfo> {
        self.infos.get(usize::from(ix))
    }

    /// Where a sesi stands, in the first skema that holds it.
    #[must_use]
    pub fn placement(&self, id: &SesiId) -> Option<Placement<'_>> {
        self.skema.iter().find_map(|skema| {
            skema.modul.iter().find_map(|modul| {
                let entry = modul.sesi.iter().find(|entry| entry.id == *id)?;
                Some(Placement { skema, modul, entry })
            })
        })
    }

    /// The skema that holds where nothing else was set.
    #[must_use]
    pub fn default_skema(&self) -> Option<&Skema> {
        self.skema.iter().find(|skema| skema.default).or_else(|| self.skema.first())
    }

    /// The sesi that `area` is measured by on `on`, in their order: the latest target set of the
    /// innermost area that holds one, else the default skema.
    #[must_use]
    pub fn target(&self, area: Kode, on: Date) -> Vec<SesiIx> {
        match self.target_set(area, on) {
            Some(target) => target.sesi.iter().filter_map(|sesi| self.sesi_ix(sesi)).collect(),
            None => self.default_skema().map_or_else(Vec::new, |skema| self.order(skema)),
        }
    }

    /// The target set that was made for `area`, or around it, and holds on `on`; none where the
    /// default skema does.
    #[must_use]
    pub fn target_set(&self, area: Kode, on: Date) -> Option<&TargetSet> {
        self.targets
            .iter()
            .enumerate()
            .filter(|(_, target)| target.from <= on && target.area.contains(area))
            .max_by_key(|(at, target)| (target.area.level(), target.from, *at))
            .map(|(_, target)| target)
    }

    /// The sesi of a skema, in its order.
    #[must_use]
    pub fn order(&self, skema: &Skema) -> Vec<SesiIx> {
        skema
            .modul
            .iter()
            .flat_map(|modul| &modul.sesi)
            .filter_map(|entry| self.sesi_ix(&entry.id))
            .collect()
    }

    fn sesi_slot(&mut self, id: &SesiId, title: &str) -> SesiIx {
        if let Some(ix) = self.sesi_ids.get(id) {
            return *ix;
        }
        let ix = SesiIx::try_from(self.sesi.len()).unwrap_or(SesiIx::MAX);
        self.sesi_ids.insert(id.clone(), ix);
        self.infos.push(SesiInfo::default());
        self.sesi.push(SesiState {
            id: id.clone(),
            title: title.to_owned(),
            editions: Vec::new(),
            submission: None,
            returned: None,
        });
        ix
    }

    pub(super) fn apply_curriculum(&mut self, info: &LineInfo, event: &Event) {
        match event {
            Event::SkemaLoaded { skema } => {
                for entry in skema.modul.iter().flat_map(|modul| &modul.sesi) {
                    let ix = self.sesi_slot(&entry.id, &entry.judul);
                    let sesi = &mut self.sesi[usize::from(ix)];
                    if sesi.editions.is_empty() {
                        sesi.title.clone_from(&entry.judul);
                    }
                }
                match self.skema.iter_mut().find(|old| old.id == skema.id) {
                    Some(old) => *old = (**skema).clone(),
                    None => self.skema.push((**skema).clone()),
                }
            }
            Event::RevisionSubmitted { sesi, revision, base, authors, summary } => {
                let ix = self.sesi_slot(sesi, sesi.as_str());
                let sesi = &mut self.sesi[usize::from(ix)];
                sesi.returned = None;
                sesi.submission = Some(Submission {
                    revision: *revision,
                    base: *base,
                    authors: authors.clone(),
                    by: info.by,
                    at: info.at,
                    summary: summary.to_string(),
                    seq: info.seq,
                });
            }
            Event::RevisionReturned { sesi, revision, reason } => {
                let Some(ix) = self.sesi_ix(sesi) else { return };
                let sesi = &mut self.sesi[usize::from(ix)];
                sesi.submission = None;
                sesi.returned = Some(Returned {
                    revision: *revision,
                    by: info.by,
                    at: info.at,
                    reason: reason.to_string(),
                });
            }
            Event::EditionPublished { .. } => self.publish(info, event),
            _ => {}
        }
    }

    fn publish(&mut self, info: &LineInfo, event: &Event) {
        let Event::EditionPublished {
            sesi,
            revision,
            edition,
            kind,
            date,
            langkah,
            minutes,
            title,
            note,
            authors,
        } = event
        else {
            return;
        };
        let ix = usize::from(self.sesi_slot(sesi, title));
        let before = self.infos[ix].editions.last().map_or(0, |last| last.generation);
        let raise = u16::from(before == 0 || *kind == ChangeKind::Substansi);
        self.infos[ix].editions.push(EditionInfo {
            number: *edition,
            generation: before + raise,
            date: *date,
            langkah: *langkah,
        });
        let slot = &mut self.sesi[ix];
        slot.title.clone_from(title);
        slot.submission = None;
        slot.returned = None;
        slot.editions.push(Edition {
            number: *edition,
            revision: *revision,
            kind: *kind,
            date: *date,
            at: info.at,
            by: info.by,
            note: note.to_string(),
            authors: authors.clone(),
            minutes: *minutes,
            langkah: *langkah,
        });
    }
}
