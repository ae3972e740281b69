//! The texts of a kelompok's history for pages: what the state does not hold.

use crate::command::RecordInput;
use crate::decide::pertemuan;
use crate::event::Event;
use crate::index::Entry;
use crate::journal::Journal;
use crate::kelompok::KelompokId;
use crate::kelompok::pertemuan::{Pertemuan, PertemuanId};
use crate::kelompok::wilayah::Zone;
use crate::people::policy::Viewer;

use super::Web;
use super::error::WebError;

/// Everything that happened to a kelompok, in the order of the journal.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn of_group(web: &Web, id: &KelompokId) -> Result<Vec<Entry>, WebError> {
    web.app.history(id).map_err(|error| WebError::internal(&error))
}

/// Everything that happened to one pertemuan, in the order of the journal.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn of_pertemuan(
    web: &Web,
    group: &KelompokId,
    id: PertemuanId,
) -> Result<Vec<Entry>, WebError> {
    let mut entries = of_group(web, group)?;
    entries.retain(|entry| pertemuan_of(&entry.event) == Some(id));
    Ok(entries)
}

/// The pertemuan that an event concerns.
fn pertemuan_of(event: &Event) -> Option<PertemuanId> {
    match event {
        Event::PertemuanRecorded { id, .. }
        | Event::PertemuanCorrected { id, .. }
        | Event::PertemuanWithdrawn { id, .. }
        | Event::PertemuanQuestioned { id, .. }
        | Event::PertemuanAnswered { id, .. }
        | Event::PertemuanSeparate { id, .. } => Some(*id),
        _ => None,
    }
}

/// The questions about a pertemuan behind the last answer among its entries, the oldest first.
pub(crate) fn unanswered(entries: &[Entry]) -> impl Iterator<Item = &Entry> {
    let answered =
        entries.iter().rposition(|entry| matches!(entry.event, Event::PertemuanAnswered { .. }));
    let open = &entries[answered.map_or(0, |at| at + 1)..];
    open.iter().filter(|entry| matches!(entry.event, Event::PertemuanQuestioned { .. }))
}

/// The last form of a pertemuan among its entries.
pub(crate) fn last_form(entries: &[Entry]) -> Option<&Pertemuan> {
    entries.iter().rev().find_map(|entry| match &entry.event {
        Event::PertemuanRecorded { record, .. } | Event::PertemuanCorrected { record, .. } => {
            Some(record)
        }
        _ => None,
    })
}

/// The last form of one pertemuan among the entries of its kelompok.
pub(crate) fn form_of(entries: &[Entry], wanted: PertemuanId) -> Option<&Pertemuan> {
    entries.iter().rev().find_map(|entry| match &entry.event {
        Event::PertemuanRecorded { id, record, .. }
        | Event::PertemuanCorrected { id, record, .. }
            if *id == wanted =>
        {
            Some(record)
        }
        _ => None,
    })
}

/// The form of one pertemuan that stood at a line of the journal; versions are such lines.
pub(crate) fn form_at(entries: &[Entry], wanted: PertemuanId, line: u64) -> Option<&Pertemuan> {
    let upto = entries.partition_point(|entry| entry.seq <= line);
    form_of(&entries[..upto], wanted)
}

/// Whether a correction would say what the record says already: no fact, so nothing to write down.
/// One that was made on an older state, or may not be made, is for the command to answer; so is one
/// that was sent before and is sent again.
///
/// # Errors
/// When the record cannot be read.
pub(crate) fn changes_nothing(
    web: &Web,
    viewer: Viewer<'_>,
    (id, version): (PertemuanId, u64),
    input: &RecordInput,
) -> Result<bool, WebError> {
    let (group, made) = {
        let state = web.app.state();
        let today = Zone::Wit.date(web.app.clock().now());
        let found = state.pertemuan(id).filter(|(group, fakta)| {
            fakta.version == version && !fakta.withdrawn && viewer.correct(group, fakta, today)
        });
        let Some((group, _)) = found else { return Ok(false) };
        (group.id.clone(), pertemuan::made(&state, group, input, today))
    };
    let entries = of_pertemuan(web, &group, id)?;
    Ok(made.is_some() && last_form(&entries) == made.as_ref())
}

/// Why a suspension was begun, from the line that began it; empty when that cannot be read.
pub(crate) fn suspension_reason(web: &Web, seq: u64) -> String {
    let line = match web.app.journal().line(seq) {
        Ok(line) => line,
        Err(error) => {
            tracing::error!(%error, seq, "the line of a suspension could not be read");
            None
        }
    };
    let events = line.and_then(|line| line.events::<Event>().ok()).unwrap_or_default();
    events
        .iter()
        .find_map(|event| match event {
            Event::SuspensionStarted { reason, .. } => Some(reason.to_string()),
            _ => None,
        })
        .unwrap_or_default()
}
