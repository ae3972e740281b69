//! Setting down the figures of a month that is over.

use crate::command::Actor;
use crate::event::Event;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::Kode;
use crate::state::FreezeDue;

use super::{Context, Refusal};

/// The most areas of one line: some 160 bytes each, far below the 64 KB of a line even when a
/// kabupaten with all of its kecamatan goes over it.
const MAX_ROWS: usize = 250;

/// The program alone freezes, each month once, one after another.
pub(super) fn decide(
    context: Context<'_>,
    month: Month,
    after: Option<Kode>,
) -> Result<Event, Refusal> {
    if !matches!(context.request.actor, Actor::System) {
        return Err(Refusal::forbidden("membekukan angka bulan"));
    }
    match context.state.freeze_due(context.today()) {
        Some(due) if due == (FreezeDue { month, after }) => {
            let (rows, whole) = context.state.freeze_rows(month, after, MAX_ROWS);
            Ok(Event::MonthFrozen { month, rows, whole })
        }
        Some(due) => Err(Refusal::Conflict(format!(
            "Bulan {} harus dibekukan lebih dulu, lalu bulan berikutnya.",
            due.month.id()
        ))),
        None => Err(Refusal::Conflict(
            "Tidak ada bulan yang sudah selesai dan belum dibekukan.".to_owned(),
        )),
    }
}
