//! The life of kelompok: merging, splitting, ending, undoing, seats, plans, hand-overs, several at
//! once. The same commands as those of the pages, so the same people may.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::app::SubmitError;
use crate::command::{Command, GroupChange, PartInput, PlanChange, Versioned};
use crate::decide::{FieldError, Refusal};
use crate::event::Event;
use crate::ids::AccountId;
use crate::journal::Journal;
use crate::kelompok::KelompokId;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::Kode;
use crate::people::account::Login;
use crate::state::State as World;
use crate::web::Web;
use crate::web::error::{Problem, WebError};
use crate::web::extract::{Member, PathParts};

use super::kelompok::{KelompokOut, readable, shown, today};
use super::shape::Shape;

/// What became of the kelompok that a call concerned.
#[derive(Debug, Serialize)]
struct Changed {
    /// The journal line; a merge, split or dissolution is undone by it.
    seq: u64,
    /// The kelompok that it changed or made, as they are now.
    kelompok: Vec<KelompokOut>,
}

/// Carries a command out and shows the kelompok that its events name, those that may be read.
async fn run(
    web: &Web,
    member: &Member,
    id: Option<Uuid>,
    command: Option<Command>,
) -> Result<Response, Problem> {
    // The shape has said what is missing.
    let (Some(id), Some(command)) = (id, command) else { return Err(WebError::Internal.into()) };
    let request = web.app.request_as(id, member.actor(), command);
    let done = web.app.submit(request).await.map_err(as_sent)?;
    // A repeat is answered from its line, as it was the first time.
    let before = if done.repeat { events(web, done.seq)? } else { Vec::new() };
    let mut named: Vec<&KelompokId> = Vec::new();
    for one in done.events.iter().chain(&before).flat_map(concerned) {
        if !named.contains(&one) {
            named.push(one);
        }
    }
    let state = web.app.state();
    let read = |id: &KelompokId| {
        let group = readable(web, member, &state, id.as_str()).ok()?;
        Some(shown(&state, group, today(web, group)))
    };
    let kelompok = named.into_iter().filter_map(read).collect();
    Ok(Json(Changed { seq: done.seq, kelompok }).into_response())
}

/// What is wrong, under the names that the calls give their fields.
fn as_sent(error: SubmitError) -> WebError {
    let SubmitError::Refused(Refusal::Invalid(errors)) = error else { return error.into() };
    let rename = |error: FieldError| {
        let (first, rest) = error.field.split_once('.').unwrap_or((&error.field, ""));
        let first = match first {
            "kepada" => "to",
            "id_baru" => "new_id",
            "sejak" => "from",
            "bagian" => "into",
            other => other,
        };
        let dot = if rest.is_empty() { "" } else { "." };
        FieldError::new(format!("{first}{dot}{rest}"), error.message)
    };
    WebError::Invalid(errors.into_iter().map(rename).collect())
}

/// The events of a line, from which a repeat is answered.
pub(super) fn events(web: &Web, seq: u64) -> Result<Vec<Event>, WebError> {
    let line = web.app.journal().line(seq).map_err(|error| WebError::internal(&error))?;
    let events = line.map_or_else(|| Ok(Vec::new()), |line| line.events());
    events.map_err(|error| WebError::internal(&error))
}

/// What the line of a request tells that was accepted before; none for a new one. Its answer comes
/// from there, since the day, drafts and editions have gone on meanwhile.
pub(super) fn before(
    web: &Web,
    member: &Member,
    id: Option<Uuid>,
) -> Result<Option<Vec<Event>>, WebError> {
    let accepted = id.and_then(|id| web.app.state().accepted(id));
    match accepted {
        None => Ok(None),
        Some(accepted) if accepted.by == Some(member.account.id) => {
            events(web, accepted.seq).map(Some)
        }
        Some(_) => Err(WebError::not_found("Permintaan ini")),
    }
}

/// The kelompok of an event, those that it makes behind those that it ends.
fn concerned(event: &Event) -> Vec<&KelompokId> {
    match event {
        Event::KelompokMerged { parents, into, .. } => parents.iter().chain([&into.id]).collect(),
        Event::KelompokSplit { parent, into, .. } => {
            std::iter::once(parent).chain(into.iter().map(|one| &one.id)).collect()
        }
        Event::KelompokRestored { kelompok, .. } => kelompok.iter().collect(),
        Event::KelompokDissolved { id, .. }
        | Event::KelompokMoved { id, .. }
        | Event::SuspensionStarted {
            target: crate::event::SuspensionTarget::Kelompok(id), ..
        } => vec![id],
        Event::SeatsNumbered { kelompok, .. } | Event::PendampingAssigned { kelompok, .. } => {
            vec![kelompok]
        }
        _ => Vec::new(),
    }
}

/// The kelompok that an address names, if the member may read it.
fn named(web: &Web, member: &Member, parts: &PathParts) -> Result<KelompokId, WebError> {
    let state = web.app.state();
    readable(web, member, &state, parts.get(0)).map(|group| group.id.clone())
}

/// That kelompok, and what was sent about it.
pub(super) async fn opened(
    (web, member, parts): (&Web, &Member, &PathParts),
    request: Request,
) -> Result<(KelompokId, Shape), WebError> {
    let kelompok = named(web, member, parts)?;
    Ok((kelompok, Shape::read(request).await?))
}

/// A list of kelompok with the versions that were read.
fn versioned(shape: &mut Shape, field: &str) -> Vec<Versioned> {
    shape.objects(field, |one| {
        let (id, version) = (one.parsed("id", "OKI-001"), one.version());
        Some(Versioned { id: id?, version: version? })
    })
}

/// The account that a login names. Of one that nobody has the command says so, and only to those who
/// may give it: which logins there are is nobody else's business.
fn account(web: &Web, shape: &mut Shape, field: &str) -> Option<AccountId> {
    let login: Login = shape.maybe_parsed(field, "pendamping-1")?;
    let state = web.app.state();
    Some(state.account_by_login(&login).map_or(AccountId(u32::MAX), |account| account.id))
}

/// `POST /kelompok/{id}/gabung`: this one and others become a new one.
pub(super) async fn post_merge(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (first, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version) = (shape.id("id"), shape.version());
    let others = versioned(&mut shape, "with");
    let new = shape.parsed("new_id", "OKI-200");
    let name = shape.text("name");
    let pendamping = account(&web, &mut shape, "pendamping");
    let (on, reason) = (shape.date("on"), shape.text("reason"));
    shape.end()?;
    let command = || {
        let mut parents = vec![Versioned { id: first, version: version? }];
        parents.extend(others);
        Some(Command::Merge { parents, id: new?, name, pendamping, on: on?, reason })
    };
    run(&web, &member, id, command()).await
}

/// `POST /kelompok/{id}/pecah`: this one becomes several.
pub(super) async fn post_split(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (parent, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version) = (shape.id("id"), shape.version());
    let into = shape.objects("into", |one| {
        let id = one.parsed("id", "OKI-201");
        let (name, members) = (one.text("name"), one.maybe_count("members"));
        let seats = one.numbers("seats");
        Some(PartInput { id: id?, name, members, seats })
    });
    let (on, reason) = (shape.date("on"), shape.text("reason"));
    shape.end()?;
    let command = || {
        let parent = Versioned { id: parent, version: version? };
        Some(Command::Split { parent, into, on: on?, reason })
    };
    run(&web, &member, id, command()).await
}

/// `POST /kelompok/{id}/bubarkan`.
pub(super) async fn post_dissolve(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (kelompok, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version) = (shape.id("id"), shape.version());
    let (on, reason) = (shape.date("on"), shape.text("reason"));
    shape.end()?;
    let command = || Some(Command::Dissolve { kelompok, on: on?, reason, version: version? });
    run(&web, &member, id, command()).await
}

/// `POST /kelompok/{id}/batalkan`: undoes a merge, split or dissolution by its journal line.
pub(super) async fn post_restore(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (kelompok, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, line, reason) = (shape.id("id"), shape.whole("line"), shape.text("reason"));
    shape.end()?;
    let command = || Some(Command::Restore { kelompok, line: line?, reason });
    run(&web, &member, id, command()).await
}

/// `POST /kelompok/{id}/pendamping`: hands one kelompok over; null leaves it to nobody.
pub(super) async fn post_assign(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (kelompok, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version, from) = (shape.id("id"), shape.version(), shape.date("from"));
    let account = account(&web, &mut shape, "pendamping");
    shape.end()?;
    let command = || Some(Command::Assign { kelompok, from: from?, account, version: version? });
    run(&web, &member, id, command()).await
}

/// `POST /serah-terima`: hands kelompok from one pendamping to another, all at once.
pub(super) async fn post_hand_over(
    State(web): State<Web>,
    member: Member,
    request: Request,
) -> Result<Response, Problem> {
    let mut shape = Shape::read(request).await?;
    let (id, day) = (shape.id("id"), shape.date("day"));
    let from = account(&web, &mut shape, "from");
    let to = account(&web, &mut shape, "to");
    let kelompok = versioned(&mut shape, "kelompok");
    for (field, found) in [("from", from), ("to", to)] {
        if found.is_none() {
            shape.refuse(field, "Isi dengan nama masuk pendampingnya.");
        }
    }
    shape.end()?;
    let command = || Some(Command::HandOver { from: from?, to: to?, kelompok, day: day? });
    run(&web, &member, id, command()).await
}

/// `POST /ubah-bersama`: changes several kelompok at once, all of them or none.
pub(super) async fn post_many(
    State(web): State<Web>,
    member: Member,
    request: Request,
) -> Result<Response, Problem> {
    let mut shape = Shape::read(request).await?;
    let (id, kelompok) = (shape.id("id"), versioned(&mut shape, "kelompok"));
    let (what, from) = (shape.text("change"), shape.date("from"));
    let change = match what.as_str() {
        "pendamping" => {
            let account = account(&web, &mut shape, "pendamping");
            from.map(|from| GroupChange::Assign { from, account })
        }
        "pindah" => {
            let desa = codes(&mut shape);
            from.map(|from| GroupChange::Move { from, desa })
        }
        "tangguhkan" => {
            let (to, reason) = (shape.maybe_parsed("to", "2026-12-31"), shape.text("reason"));
            from.map(|from| GroupChange::Suspend { from, to, reason })
        }
        _ => {
            shape.refuse("change", "“change” harus pendamping, pindah atau tangguhkan.");
            None
        }
    };
    shape.end()?;
    let command = || Some(Command::ChangeMany { kelompok, change: change? });
    run(&web, &member, id, command()).await
}

/// The places of a list of codes.
fn codes(shape: &mut Shape) -> Vec<Kode> {
    let codes: Result<Vec<Kode>, _> = shape.texts("desa").iter().map(|code| code.parse()).collect();
    codes.unwrap_or_else(|error: crate::kelompok::wilayah::KodeError| {
        shape.refuse("desa", error.to_string());
        Vec::new()
    })
}

/// A seat with the sesi that it owes.
#[derive(Debug, Serialize)]
struct SeatOut {
    number: u16,
    from: String,
    to: Option<String>,
    owes: Vec<String>,
}

/// The seats of a kelompok; none where members are not numbered.
#[derive(Debug, Serialize)]
struct Seats {
    version: u64,
    seats: Vec<SeatOut>,
}

/// `GET /kelompok/{id}/kursi`.
pub(super) async fn get_seats(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    let state = web.app.state();
    let group = readable(&web, &member, &state, parts.get(0))?;
    let owed = state.owed(group, today(&web, group));
    let seats = group.seats.iter().map(|seat| {
        let own = owed.iter().filter(|one| one.seat == seat.number);
        SeatOut {
            number: seat.number,
            from: seat.from.to_string(),
            to: seat.to.map(|to| to.to_string()),
            owes: own.filter_map(|one| sesi_id(&state, one.sesi)).collect(),
        }
    });
    Ok(Json(Seats { version: group.version, seats: seats.collect() }).into_response())
}

fn sesi_id(state: &World, ix: SesiIx) -> Option<String> {
    state.sesi_at(ix).map(|sesi| sesi.id.to_string())
}

/// `POST /kelompok/{id}/kursi`: numbers the members.
pub(super) async fn post_seats(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (kelompok, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version, date) = (shape.id("id"), shape.version(), shape.date("date"));
    shape.end()?;
    let command = || Some(Command::NumberSeats { kelompok, date: date?, version: version? });
    run(&web, &member, id, command()).await
}

/// One month of a plan.
#[derive(Debug, Serialize)]
struct MonthOut {
    month: String,
    sesi: Vec<String>,
    /// Whether a pertemuan can take place in it.
    meets: bool,
}

/// The plan that lies ahead.
#[derive(Debug, Serialize)]
struct Plan {
    /// Send it back with a change; 0 before the first.
    version: u64,
    months: Vec<MonthOut>,
    /// What is missing and does not fit into those months.
    later: Vec<String>,
    /// What was left out by hand.
    out: Vec<String>,
    /// How many sesi are late, and since when.
    behind: u16,
    since: Option<String>,
}

fn plan(web: &Web, member: &Member, id: &str) -> Result<Response, Problem> {
    let state = web.app.state();
    let group = readable(web, member, &state, id)?;
    let on = today(web, group);
    let target = state.target(group.home(Date::MAX), on);
    let cells = state.cells(group, on);
    let ahead = state.ahead(group, &target, &cells, on);
    let behind = state.behind(group, &target, &cells, on);
    let ids = |all: &[SesiIx]| -> Vec<String> {
        all.iter().filter_map(|ix| sesi_id(&state, *ix)).collect()
    };
    let months = ahead.months.iter().map(|one| MonthOut {
        month: one.month.id(),
        sesi: ids(&one.sesi),
        meets: one.quiet.is_none(),
    });
    let shown = Plan {
        version: state.plan_state(group).map_or(0, |plan| plan.version),
        months: months.collect(),
        later: ids(&ahead.later),
        out: ids(&ahead.out),
        behind: behind.count,
        since: behind.since.map(|since| since.to_string()),
    };
    Ok(Json(shown).into_response())
}

/// `GET /kelompok/{id}/rencana`.
pub(super) async fn get_plan(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, Problem> {
    plan(&web, &member, parts.get(0))
}

/// `POST /kelompok/{id}/rencana`: one change by hand.
pub(super) async fn post_plan(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    request: Request,
) -> Result<Response, Problem> {
    let (kelompok, mut shape) = opened((&web, &member, &parts), request).await?;
    let (id, version) = (shape.id("id"), shape.version());
    let what = shape.text("change");
    let change = plan_change(&mut shape, &what);
    if change.is_none() {
        let message = "“change” harus pindah, tukar, tinggalkan, kembalikan atau susun-ulang, dengan “sesi” dan, bila perlu, “month” atau “with”.";
        shape.refuse("change", message);
    }
    shape.end()?;
    let (Some(id), Some(version), Some(change)) = (id, version, change) else {
        return Err(WebError::Internal.into());
    };
    let command = Command::ChangePlan { kelompok, change, version };
    web.app.submit(web.app.request_as(id, member.actor(), command)).await?;
    plan(&web, &member, parts.get(0))
}

fn plan_change(shape: &mut Shape, what: &str) -> Option<PlanChange> {
    let sesi = shape.maybe_parsed("sesi", "mengelola-keuangan-keluarga");
    let to = shape.take_text("month").map(|text| Month::parse(&text));
    let with = shape.maybe_parsed("with", "pentingnya-1000-hari-pertama-kehidupan");
    Some(match what {
        "pindah" => PlanChange::Move { sesi: sesi?, to: to.flatten()? },
        "tukar" => PlanChange::Swap { sesi: sesi?, with: with? },
        "tinggalkan" => PlanChange::LeaveOut { sesi: sesi? },
        "kembalikan" => PlanChange::PutBack { sesi: sesi? },
        "susun-ulang" => PlanChange::Rearrange,
        _ => return None,
    })
}
