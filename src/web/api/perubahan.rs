//! What changed since a line of the journal, as far as the caller may see it.

use std::ops::ControlFlow;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;

use crate::app::App;
use crate::decide::FieldError;
use crate::event::{Event, Setting, SuspensionTarget};
use crate::index::all_kelompok_of;
use crate::journal::{Journal, JournalError, Line};
use crate::kelompok::KelompokId;
use crate::kelompok::visit::{Visit, VisitPlace};
use crate::kelompok::wilayah::{Kode, Zone};
use crate::people::policy::Viewer;
use crate::state::State as World;
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, Params};

/// The most changes of one answer; those of one line stay together.
const MAX_CHANGES: usize = 500;
/// The most journal lines that one answer looks at.
const MAX_LINES: u64 = 20_000;

/// One event, as it concerns one thing: a merge stands here once for each kelompok.
#[derive(Debug, Serialize)]
struct Change {
    seq: u64,
    at: String,
    event: String,
    kelompok: Option<String>,
    sesi: Option<String>,
    /// The area of what concerns all of it, such as its holidays.
    wilayah: Option<String>,
}

#[derive(Debug, Serialize)]
struct Changes {
    /// Ask again from here.
    seq: u64,
    /// Whether more stands behind it already.
    more: bool,
    changes: Vec<Change>,
}

/// What an event concerns.
enum Thing {
    Kelompok(KelompokId),
    Sesi(String),
    Wilayah(Kode),
}

pub(super) async fn get_changes(
    State(web): State<Web>,
    member: Member,
    params: Params,
) -> Result<Response, Problem> {
    let since = params.whole("sejak", 0..=u64::MAX >> 1)?.unwrap_or(0);
    let app = std::sync::Arc::clone(&web.app);
    let found = tokio::task::spawn_blocking(move || changes(&app, &member, since))
        .await
        .map_err(|error| WebError::internal(&error))??;
    Ok(Json(found).into_response())
}

fn changes(app: &App, member: &Member, since: u64) -> Result<Changes, WebError> {
    // What is safe but not folded in yet comes the next time: nobody can say yet who may see it.
    let head = app.state().seq;
    if since > head {
        let message = format!("“sejak” melebihi nomor jurnal terakhir, {head}. Mulai lagi dari 0.");
        return Err(WebError::Invalid(vec![FieldError::new("sejak", message)]));
    }
    let mut found = Changes { seq: since, more: false, changes: Vec::new() };
    let mut seen = 0;
    let mut failed = None;
    let outcome = app.journal().read(since.saturating_add(1), &mut |line| {
        if seen == MAX_LINES || found.changes.len() >= MAX_CHANGES || line.seq > head {
            return ControlFlow::Break(());
        }
        seen += 1;
        match told(app, member.viewer(), line) {
            Ok(changes) => {
                found.changes.extend(changes);
                found.seq = line.seq;
                ControlFlow::Continue(())
            }
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    outcome.map_err(|error| WebError::internal(&error))?;
    if let Some(error) = failed {
        return Err(WebError::internal(&error));
    }
    found.more = found.seq < head;
    Ok(found)
}

/// What a line tells the viewer; what is not theirs is left out.
fn told(app: &App, viewer: Viewer<'_>, line: &Line) -> Result<Vec<Change>, JournalError> {
    let today = Zone::Wib.date(app.clock().now());
    let mut changes = Vec::new();
    for event in line.events::<Event>()? {
        let begun = begun(app, &event)?;
        let Some(name) = name(&event) else { continue };
        let state = app.state();
        for thing in things(&state, viewer, &event, &begun) {
            let (mut kelompok, mut sesi, mut wilayah) = (None, None, None);
            match thing {
                Thing::Kelompok(id) => {
                    let group = state.group(id.as_str());
                    let Some(group) = group.filter(|group| viewer.read_group(group, today)) else {
                        continue;
                    };
                    kelompok = Some(group.id.to_string());
                }
                Thing::Wilayah(area) => {
                    if !concerns(&state, viewer, area, today) {
                        continue;
                    }
                    wilayah = Some(area.to_string());
                }
                Thing::Sesi(id) => sesi = Some(id),
            }
            let (seq, at, event) = (line.seq, line.at.to_string(), name.clone());
            changes.push(Change { seq, at, event, kelompok, sesi, wilayah });
        }
    }
    Ok(changes)
}

/// The name of an event in the journal.
fn name(event: &Event) -> Option<String> {
    let value = serde_json::to_value(event).ok()?;
    value.as_object()?.keys().next().cloned()
}

/// What the suspension concerned that an event ends; nothing for any other event.
fn begun(app: &App, event: &Event) -> Result<Vec<SuspensionTarget>, JournalError> {
    let Event::SuspensionEnded { suspension, kelompok, .. } = event else {
        return Ok(Vec::new());
    };
    if let Some(id) = kelompok {
        return Ok(vec![SuspensionTarget::Kelompok(id.clone())]);
    }
    let Some(line) = app.journal().line(*suspension)? else { return Ok(Vec::new()) };
    let targets = line.events::<Event>()?.into_iter().filter_map(|event| match event {
        Event::SuspensionStarted { target, .. } => Some(target),
        _ => None,
    });
    Ok(targets.collect())
}

/// Everything that an event concerns and that may be told at all. Accounts, links and logins are
/// nobody else's business.
fn things(
    state: &World,
    viewer: Viewer<'_>,
    event: &Event,
    begun: &[SuspensionTarget],
) -> Vec<Thing> {
    let visited = |visit: &Visit| match &visit.place {
        VisitPlace::Kelompok(id) => Some(Thing::Kelompok(id.clone())),
        // Fewer may read the visits to an area than what holds for all of it.
        VisitPlace::Wilayah(area) => viewer.see_groups(*area).then_some(Thing::Wilayah(*area)),
    };
    let target = |target: &SuspensionTarget| match target {
        SuspensionTarget::Kelompok(id) => Thing::Kelompok(id.clone()),
        SuspensionTarget::Wilayah(area) => Thing::Wilayah(*area),
    };
    match event {
        Event::EditionPublished { sesi, .. } => vec![Thing::Sesi(sesi.to_string())],
        Event::RevisionSubmitted { sesi, .. } | Event::RevisionReturned { sesi, .. }
            if viewer.read_drafts() =>
        {
            vec![Thing::Sesi(sesi.to_string())]
        }
        Event::HeadChecked { kelompok, .. } | Event::HeadCheckResolved { kelompok, .. } => {
            vec![Thing::Kelompok(kelompok.clone())]
        }
        Event::VisitLogged { visit, .. } | Event::VisitCorrected { visit, .. } => {
            visited(visit).into_iter().collect()
        }
        Event::VisitWithdrawn { id, .. } => {
            let visit = state.visit(*id).and_then(|one| one.now());
            visit.and_then(visited).into_iter().collect()
        }
        Event::SuspensionStarted { target: of, .. } => vec![target(of)],
        Event::SuspensionEnded { .. } => begun.iter().map(target).collect(),
        Event::SettingChanged { setting, .. } => match &**setting {
            Setting::Holidays(holidays) => vec![Thing::Wilayah(holidays.area)],
            Setting::Target(wanted) => vec![Thing::Wilayah(wanted.area)],
            _ => Vec::new(),
        },
        other => all_kelompok_of(other).into_iter().cloned().map(Thing::Kelompok).collect(),
    }
}

/// Whether what holds for an area concerns the viewer: who counts there or inside, or meets one of
/// its kelompok.
fn concerns(state: &World, viewer: Viewer<'_>, area: Kode, today: Date) -> bool {
    viewer.see_totals(area)
        || viewer.areas().into_iter().any(|own| area.contains(own))
        || viewer.id().is_some_and(|id| {
            let mut given = state.given_to(id);
            given.any(|group| area.contains(group.home(today)) && viewer.read_group(group, today))
        })
}
