//! Texts of sesi: entering, review, publishing.

use crate::command::{Command, TextFacts};
use crate::event::{ChangeKind, Event};
use crate::kelompok::text::{self, MAX_TEXT_CHARS};
use crate::private::Private;

use super::{Context, Refusal};

pub(super) fn decide(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Context { state, viewer, request } = context;
    match &request.command {
        Command::LoadSkema { skema } => {
            if !viewer.change_settings() {
                return Err(Refusal::forbidden("mengganti skema kurikulum"));
            }
            Ok(vec![Event::SkemaLoaded { skema: skema.clone() }])
        }
        Command::LoadEdition(text) => {
            // Only an empty place takes a text without review: it never goes over an office's own.
            if !matches!(request.actor, crate::command::Actor::System)
                || state.sesi(&text.sesi).is_some_and(|sesi| !sesi.editions.is_empty())
            {
                return Err(Refusal::forbidden("menerbitkan naskah tanpa tinjauan"));
            }
            let note = Private::from("Naskah bawaan program");
            Ok(vec![publish(context, text, ChangeKind::Substansi, note, Vec::new())])
        }
        Command::Submit { .. } => submit(context),
        Command::Return { sesi, revision, reason } => {
            if !viewer.review() {
                return Err(Refusal::forbidden("mengembalikan naskah"));
            }
            let authors = submitted(context, sesi, *revision)?;
            if !viewer.publish(&authors) {
                return Err(Refusal::Forbidden(
                    "Anda ikut menulis naskah ini. Minta penelaah lain yang mengembalikannya."
                        .to_owned(),
                ));
            }
            let reason = words(reason, "reason", "Tulis alasan pengembaliannya.")?;
            Ok(vec![Event::RevisionReturned { sesi: sesi.clone(), revision: *revision, reason }])
        }
        Command::Publish { text, kind, note } => {
            if !viewer.review() {
                return Err(Refusal::forbidden("menerbitkan naskah"));
            }
            let authors = submitted(context, &text.sesi, text.revision)?;
            if !viewer.publish(&authors) {
                return Err(Refusal::Forbidden(
                    "Anda ikut menulis naskah ini. Minta penelaah lain yang menerbitkannya."
                        .to_owned(),
                ));
            }
            let note = words(note, "note", "Tulis ringkas apa yang berubah pada edisi ini.")?;
            Ok(vec![publish(context, text, *kind, note, authors)])
        }
        _ => Ok(Vec::new()),
    }
}

fn submit(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Context { state, viewer, request } = context;
    let Command::Submit { sesi, revision, base, authors, summary } = &request.command else {
        return Ok(Vec::new());
    };
    if !viewer.write_draft() {
        return Err(Refusal::forbidden("mengajukan naskah"));
    }
    let known = state.sesi(sesi).ok_or(Refusal::NotFound("Sesi ini"))?;
    if known.submission.is_some() {
        return Err(Refusal::Conflict(
            "Naskah lain dari sesi ini sedang ditinjau. Tunggu hasil tinjauannya.".to_owned(),
        ));
    }
    let live = known.live();
    if live.map(|edition| edition.number) != *base {
        return Err(Refusal::Stale {
            current: u64::from(live.map_or(0, |edition| edition.number)),
        });
    }
    if live.is_some_and(|edition| edition.revision == *revision) {
        return Err(Refusal::invalid(
            "text",
            "Naskah ini sama dengan edisi yang sudah terbit. Tidak ada yang perlu ditinjau.",
        ));
    }
    let mut authors = authors.clone();
    authors.extend(viewer.id());
    authors.sort_unstable();
    authors.dedup();
    Ok(vec![Event::RevisionSubmitted {
        sesi: sesi.clone(),
        revision: *revision,
        base: *base,
        authors,
        summary: words(summary, "summary", "Tulis ringkas apa yang berubah.")?,
    }])
}

/// The authors of the text that waits for review, if it is exactly this one.
fn submitted(
    context: Context<'_>,
    sesi: &crate::curriculum::ids::SesiId,
    revision: crate::curriculum::ids::RevisionId,
) -> Result<Vec<crate::ids::AccountId>, Refusal> {
    let known = context.state.sesi(sesi).ok_or(Refusal::NotFound("Sesi ini"))?;
    match &known.submission {
        Some(waiting) if waiting.revision == revision => Ok(waiting.authors.clone()),
        Some(waiting) => Err(Refusal::Stale { current: waiting.seq }),
        None => Err(Refusal::Conflict(
            "Tidak ada naskah dari sesi ini yang menunggu tinjauan.".to_owned(),
        )),
    }
}

fn publish(
    context: Context<'_>,
    text: &TextFacts,
    kind: ChangeKind,
    note: Private,
    authors: Vec<crate::ids::AccountId>,
) -> Event {
    let last = context.state.sesi(&text.sesi).and_then(|sesi| sesi.live());
    Event::EditionPublished {
        sesi: text.sesi.clone(),
        revision: text.revision,
        edition: last.map_or(1, |edition| edition.number + 1),
        kind,
        date: context.today(),
        langkah: text.langkah,
        minutes: text.minutes,
        title: text.title.clone(),
        note,
        authors,
    }
}

fn words(value: &str, field: &str, missing: &str) -> Result<Private, Refusal> {
    match text::clean(value, MAX_TEXT_CHARS) {
        Ok(text) if text.is_empty() => Err(Refusal::invalid(field, missing)),
        Ok(text) => Ok(Private::from(text)),
        Err(error) => Err(Refusal::invalid(field, error.to_string())),
    }
}
