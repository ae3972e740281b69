//! Which figures of months that are over an event may change.

use jiff::civil::Date;

use crate::event::{Event, Setting, SuspensionTarget};
use crate::kelompok::KelompokId;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::Kode;
use crate::state::{KelompokIx, State};

/// Which kelompok, and from which month on, an event may make count otherwise.
pub(super) enum Touch {
    Nothing,
    /// These, with all that came out of them, and so many that are about to be entered.
    Groups(Vec<KelompokIx>, usize, Month),
    Area(Kode, Month),
}

impl State {
    /// What an event may change. Events that can change no figure of a month that is over are
    /// named one by one, so that a new kind of event has to be thought about here.
    pub(super) fn touch(&self, event: &Event) -> Touch {
        let group = |id: &KelompokId, from: Date| match self.group_ix(id.as_str()) {
            Some(ix) => Touch::Groups(vec![ix], 0, Month::of(from)),
            None => Touch::Nothing,
        };
        let old_date = |id| self.pertemuan(id).map(|(_, fakta)| fakta.date);
        match event {
            Event::KelompokCreated { .. }
            | Event::KelompokMerged { .. }
            | Event::KelompokSplit { .. }
            | Event::KelompokRestored { .. } => self.touch_life(event),
            // Until the day of its move a kelompok counts where it belonged then.
            Event::KelompokMoved { id, from, .. } => group(id, *from),
            Event::KelompokDissolved { id, on, .. } => {
                let old = self.group(id.as_str()).and_then(|group| group.end);
                group(id, old.map_or(*on, |old| old.min(*on)))
            }
            Event::PertemuanRecorded { record, .. } => group(&record.kelompok, record.date),
            Event::PertemuanCorrected { id, record, .. } => {
                let old = old_date(*id).unwrap_or(record.date);
                group(&record.kelompok, old.min(record.date))
            }
            Event::PertemuanWithdrawn { id, kelompok, .. } => {
                group(kelompok, old_date(*id).unwrap_or(Date::MIN))
            }
            Event::SuspensionStarted { target: SuspensionTarget::Kelompok(id), from, .. } => {
                group(id, *from)
            }
            Event::SuspensionStarted { target: SuspensionTarget::Wilayah(area), from, .. } => {
                Touch::Area(*area, Month::of(*from))
            }
            Event::SuspensionEnded { kelompok: Some(id), .. } => group(id, Date::MIN),
            Event::SuspensionEnded { suspension, .. } => self.touch_suspension(*suspension),
            Event::SettingChanged { from, setting } => touch_setting(*from, setting),
            // Its rows are made anew under the new codes, from what every kelompok added then.
            Event::WilayahRenumbered { .. } => Touch::Nothing,
            Event::SkemaLoaded { .. } => Touch::Area(Kode::NASIONAL, Month::of(Date::MIN)),
            Event::AccountCreated { .. }
            | Event::AccountChanged { .. }
            | Event::LinkCreated { .. }
            | Event::LinkUsed { .. }
            | Event::PasswordChanged { .. }
            | Event::LoginOpened { .. }
            | Event::LoginClosed { .. }
            | Event::WilayahEdition { .. }
            | Event::WilayahRetired { .. }
            | Event::WilayahAliased { .. }
            | Event::WilayahLoaded { .. }
            | Event::HeadCheckResolved { .. }
            | Event::VisitLogged { .. }
            | Event::VisitCorrected { .. }
            | Event::VisitWithdrawn { .. }
            | Event::KelompokRenamed { .. }
            // Seats tell who was reached, and change no status.
            | Event::SeatsNumbered { .. }
            | Event::SeatsChanged { .. }
            // The members of the day stand in each record, so later head-counts change no figure.
            | Event::HeadChanged { .. }
            | Event::HeadChecked { .. }
            | Event::PendampingAssigned { .. }
            | Event::PertemuanQuestioned { .. }
            | Event::PertemuanAnswered { .. }
            | Event::PertemuanSeparate { .. }
            | Event::RevisionSubmitted { .. }
            | Event::RevisionReturned { .. }
            // A refresher counts as covered, so a new edition takes nothing away.
            | Event::EditionPublished { .. }
            | Event::MonthFrozen { .. }
            | Event::PlanChanged { .. }
            | Event::Redacted { .. } => Touch::Nothing,
        }
    }

    /// What the beginning, joining, dividing and bringing back of kelompok may change.
    fn touch_life(&self, event: &Event) -> Touch {
        let groups = |ids: &[KelompokId], fresh, from| {
            let all = ids.iter().filter_map(|id| self.group_ix(id.as_str())).collect();
            Touch::Groups(all, fresh, Month::of(from))
        };
        match event {
            Event::KelompokCreated { start, .. } => groups(&[], 1, *start),
            Event::KelompokMerged { parents, on, .. } => groups(parents, 1, *on),
            Event::KelompokSplit { parent, into, on, .. } => {
                groups(std::slice::from_ref(parent), into.len(), *on)
            }
            Event::KelompokRestored { kelompok, .. } => groups(kelompok, 0, Date::MIN),
            _ => Touch::Nothing,
        }
    }

    fn touch_suspension(&self, suspension: u64) -> Touch {
        if let Some(one) = self.suspensions.iter().find(|one| one.id == suspension) {
            return Touch::Area(one.area, Month::of(one.period.from));
        }
        let mut from = None;
        let own = (0..).zip(&self.groups).filter_map(|(ix, group)| {
            let (_, period) = group.suspensions.iter().find(|(id, _)| *id == suspension)?;
            from = Some(period.from);
            Some(ix)
        });
        let own: Vec<KelompokIx> = own.collect();
        from.map_or(Touch::Nothing, |from| Touch::Groups(own, 0, Month::of(from)))
    }
}

/// What a setting from a day on may change.
fn touch_setting(from: Date, setting: &Setting) -> Touch {
    match setting {
        Setting::Rules(_) => Touch::Area(Kode::NASIONAL, Month::of(from)),
        Setting::Target(target) => Touch::Area(target.area, Month::of(target.from)),
        // A printed book only decides about a refresher, which counts as covered.
        Setting::PrintedBook { .. }
        | Setting::Crosswalk(_)
        | Setting::Tema(_)
        | Setting::FolioWidth(_)
        | Setting::PublicReading(_)
        | Setting::Holidays(_) => Touch::Nothing,
    }
}

/// The desa to which the kelompok belong that an event enters, in their order.
pub(super) fn fresh_homes(event: &Event) -> Vec<Kode> {
    let first = |desa: &[Kode]| desa.first().copied().unwrap_or(Kode::NASIONAL);
    match event {
        Event::KelompokCreated { desa, .. } => vec![first(desa)],
        Event::KelompokMerged { into, .. } => vec![first(&into.desa)],
        Event::KelompokSplit { into, .. } => into.iter().map(|one| first(&one.desa)).collect(),
        _ => Vec::new(),
    }
}
