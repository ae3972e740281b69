//! Which kelompok an event concerns, and in which year's page it stands.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::event::{Event, SuspensionTarget};
use crate::kelompok::KelompokId;
use crate::kelompok::wilayah::Zone;

/// The kelompok that an event concerns: exactly those events move
/// [`crate::kelompok::group::Kelompok::last_seq`] when they are folded in.
///
/// A suspension of an area concerns no single kelompok, and neither does its end, which names only
/// the line that began it. Visits and head-count checks stand beside the kelompok, not in its
/// history: the state holds them whole. Nor does a kelompok change when its places get other codes.
///
/// An event about several names one here; [`all_kelompok_of`] names all.
#[must_use]
pub fn kelompok_of(event: &Event) -> Option<&KelompokId> {
    match event {
        Event::KelompokCreated { id, .. }
        | Event::KelompokRenamed { id, .. }
        | Event::KelompokMoved { id, .. }
        | Event::KelompokDissolved { id, .. } => Some(id),
        Event::KelompokMerged { into, .. } => Some(&into.id),
        Event::KelompokSplit { parent, .. } => Some(parent),
        Event::KelompokRestored { kelompok, .. } => kelompok.first(),
        Event::SeatsNumbered { kelompok, .. } | Event::SeatsChanged { kelompok, .. } => {
            Some(kelompok)
        }
        Event::HeadChanged { kelompok, .. }
        | Event::PendampingAssigned { kelompok, .. }
        | Event::PertemuanWithdrawn { kelompok, .. }
        | Event::PertemuanQuestioned { kelompok, .. }
        | Event::PertemuanAnswered { kelompok, .. }
        | Event::PertemuanSeparate { kelompok, .. }
        | Event::PlanChanged { kelompok, .. } => Some(kelompok),
        Event::PertemuanRecorded { record, .. } | Event::PertemuanCorrected { record, .. } => {
            Some(&record.kelompok)
        }
        Event::SuspensionStarted { target: SuspensionTarget::Kelompok(id), .. } => Some(id),
        Event::SuspensionStarted { target: SuspensionTarget::Wilayah(_), .. }
        | Event::SuspensionEnded { .. }
        | Event::HeadChecked { .. }
        | Event::HeadCheckResolved { .. }
        | Event::VisitLogged { .. }
        | Event::VisitCorrected { .. }
        | Event::VisitWithdrawn { .. }
        | Event::AccountCreated { .. }
        | Event::AccountChanged { .. }
        | Event::LinkCreated { .. }
        | Event::LinkUsed { .. }
        | Event::PasswordChanged { .. }
        | Event::LoginOpened { .. }
        | Event::LoginClosed { .. }
        | Event::WilayahLoaded { .. }
        | Event::WilayahEdition { .. }
        | Event::WilayahRetired { .. }
        | Event::WilayahRenumbered { .. }
        | Event::WilayahAliased { .. }
        | Event::SkemaLoaded { .. }
        | Event::RevisionSubmitted { .. }
        | Event::RevisionReturned { .. }
        | Event::EditionPublished { .. }
        | Event::SettingChanged { .. }
        | Event::MonthFrozen { .. }
        | Event::Redacted { .. } => None,
    }
}

/// Every kelompok that an event concerns: a merge, a split and its undoing stand in the history of
/// each.
#[must_use]
pub fn all_kelompok_of(event: &Event) -> Vec<&KelompokId> {
    match event {
        Event::KelompokMerged { parents, into, .. } => {
            parents.iter().chain(std::iter::once(&into.id)).collect()
        }
        Event::KelompokSplit { parent, into, .. } => {
            std::iter::once(parent).chain(into.iter().map(|one| &one.id)).collect()
        }
        Event::KelompokRestored { kelompok, .. } => kelompok.iter().collect(),
        other => kelompok_of(other).into_iter().collect(),
    }
}

/// The year in whose page an event stands: that of the date it is about, so that years that were
/// imported in one day stay apart; else the year in which it was accepted, in WIB.
#[must_use]
pub fn year_of(event: &Event, at: Timestamp) -> i16 {
    date_of(event).unwrap_or_else(|| Zone::Wib.date(at)).year()
}

fn date_of(event: &Event) -> Option<Date> {
    match event {
        Event::PertemuanRecorded { record, .. } | Event::PertemuanCorrected { record, .. } => {
            Some(record.date)
        }
        Event::KelompokCreated { start: date, .. }
        | Event::KelompokMoved { from: date, .. }
        | Event::KelompokDissolved { on: date, .. }
        | Event::KelompokMerged { on: date, .. }
        | Event::KelompokSplit { on: date, .. }
        | Event::SeatsNumbered { date, .. }
        | Event::SeatsChanged { date, .. }
        | Event::HeadChanged { date, .. }
        | Event::PendampingAssigned { from: date, .. }
        | Event::SuspensionStarted { from: date, .. } => Some(*date),
        _ => None,
    }
}

/// The month in whose page a line stands among those of its account, in WIB, counted from January
/// of the year 0.
pub(super) fn month_of(at: Timestamp) -> i32 {
    let date = Zone::Wib.date(at);
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}
