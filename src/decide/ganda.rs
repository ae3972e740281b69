//! Two records of one pertemuan: one stays with the values that were chosen, the other is withdrawn.

use crate::bahasa::tanggal;
use crate::command::RecordInput;
use crate::event::Event;
use crate::kelompok::pertemuan::PertemuanId;
use crate::private::Private;

use super::pertemuan::{current, find, live, shape};
use super::{Context, FieldError, Refusal};

pub(super) fn join(
    context: Context<'_>,
    (keep, withdraw): (PertemuanId, PertemuanId),
    record: Option<&RecordInput>,
    (keep_version, withdraw_version): (u64, u64),
) -> Result<Vec<Event>, Refusal> {
    let Context { state, viewer, .. } = context;
    let today = context.latest_today();
    let (group, stays) = find(context, keep)?;
    let (other, goes) = find(context, withdraw)?;
    if !viewer.correct(group, &stays, today) || !viewer.correct(other, &goes, today) {
        return Err(Refusal::forbidden("menggabungkan catatan pertemuan ini"));
    }
    live(&stays)?;
    live(&goes)?;
    if !group.doubles(&stays).contains(&withdraw) {
        return Err(Refusal::Conflict(
            "Kedua catatan ini tidak lagi tampak ganda. Buka daftar catatan ganda untuk melihat keadaan sekarang."
                .to_owned(),
        ));
    }
    current(&stays, keep_version)?;
    current(&goes, withdraw_version)?;
    let mut events = Vec::new();
    if let Some(input) = record {
        if !input.kelompok.is_same(&group.id) || input.date != stays.date {
            let message = "Catatan gabungan tetap pada kelompok dan tanggal yang sama.";
            return Err(Refusal::Invalid(vec![FieldError::new("date", message)]));
        }
        let (record, check) = shape(state, group, input, today).map_err(Refusal::Invalid)?;
        let reason = Private::from("Digabung dengan catatan lain dari pertemuan yang sama.");
        events.push(Event::PertemuanCorrected { id: keep, record, reason });
        events.extend(check);
    }
    let reason = format!(
        "Digabung dengan catatan pertemuan {} yang dicatat {}.",
        tanggal::long(stays.date),
        match stays.author.0 {
            0 => "lewat impor".to_owned(),
            _ => format!("oleh {}", state.account_name(stays.author)),
        }
    );
    events.push(Event::PertemuanWithdrawn {
        id: withdraw,
        kelompok: group.id.clone(),
        reason: Private::from(reason),
        joined: Some(keep),
    });
    Ok(events)
}
