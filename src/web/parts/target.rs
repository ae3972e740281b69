//! By which sesi an area is measured, in words.

use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::rules::TargetSet;
use crate::kelompok::wilayah::Kode;
use crate::state::State;

use super::place;
use super::scope::Scope;

/// `Sasaran: 14 sesi dari “P2K2 klasik” (bawaan).`
pub(crate) fn sentence(state: &State, scope: &Scope, on: Date) -> String {
    let area = scope.areas.first().copied().unwrap_or(Kode::NASIONAL);
    let count = state.target(area, on).len();
    let mut words = match state.target_set(area, on) {
        Some(set) => format!("Sasaran: {count} sesi, {}", made(state, set)),
        None => match state.default_skema() {
            Some(skema) => format!("Sasaran: {count} sesi dari “{}” (bawaan)", skema.judul),
            None => "Belum ada sesi sasaran".to_owned(),
        },
    };
    let other = |set: &&TargetSet| {
        set.from <= on && set.area != area && scope.areas.iter().any(|area| area.contains(set.area))
    };
    if state.targets.iter().any(|set| other(&set)) {
        words.push_str("; sebagian wilayah di dalamnya memakai sasaran lain");
    }
    words.push('.');
    words
}

/// `ditetapkan untuk Kecamatan Kayu Agung sejak 1 Januari 2026`.
fn made(state: &State, set: &TargetSet) -> String {
    let whole = set.area == Kode::NASIONAL;
    let area = if whole { "seluruh Indonesia".to_owned() } else { place::full(state, set.area) };
    format!("ditetapkan untuk {area} sejak {}", tanggal::long(set.from))
}

/// By which sesi the kelompok of a desa are measured where that was set for them; none where the
/// default holds.
pub(crate) fn own(state: &State, desa: Kode, on: Date) -> Option<String> {
    let set = state.target_set(desa, on)?;
    Some(format!("{} sesi sasaran, {}", state.target(desa, on).len(), made(state, set)))
}
