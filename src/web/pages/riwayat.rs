//! Every edition of a sesi, and what is under way; an old edition can be brought back as a draft.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::drafts::Draft;
use crate::bahasa::tanggal;
use crate::decide::Refusal;
use crate::event::ChangeKind;
use crate::state::{Edition, SesiState, State};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, PathParts, Visitor};
use crate::web::page::{Badge, Choice, Done, Form, Link, Page, Tab, lead_to_done, show};
use crate::web::{Web, urls};

use super::reading::{Place, Reader, SesiHead, blocking, known_sesi, moment, sesi_id};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/sesi/{id}/riwayat", get(get_history))
        .route("/sesi/{id}/pulihkan", post(post_restore))
}

#[derive(Template)]
#[template(path = "pages/riwayat.html")]
struct Riwayat {
    page: Page,
    trail: Vec<Link>,
    title: String,
    tabs: Vec<Tab>,
    pending: Option<Pending>,
    editions: Vec<Row>,
    compare: Vec<Choice>,
    from: String,
    to: String,
    action: String,
    restore: Option<Restore>,
    form: Form,
}

struct Pending {
    text: String,
    href: String,
}

struct Restore {
    action: String,
}

struct Row {
    number: u16,
    label: String,
    date: String,
    by: String,
    kind_badge: Badge,
    note: String,
    href: String,
    compare: Option<String>,
    live: bool,
    hash: String,
}

async fn get_history(
    Shared(web): Shared<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
) -> Result<Response, WebError> {
    let id = sesi_id(&parts)?;
    let form = Form::new(&web, Vec::new())?;
    let page = web.page(&visitor, "/kurikulum");
    let view = {
        let state = web.app.state();
        let sesi = known_sesi(&state, &id)?;
        view(page, form, &state, (&visitor, sesi))
    };
    show(&view)
}

fn view(page: Page, form: Form, state: &State, of: (&Visitor, &SesiState)) -> Riwayat {
    let (visitor, sesi) = of;
    let head = SesiHead::of(state, visitor, sesi, Place::History);
    let names = visitor.account.is_some();
    let editions: Vec<Row> =
        sesi.editions.iter().rev().map(|one| row(state, sesi, one, names)).collect();
    let compare: Vec<Choice> = editions
        .iter()
        .filter(|_| editions.len() > 1)
        .map(|one| Choice::new(one.number.to_string(), format!("{}, {}", one.label, one.date)))
        .collect();
    let offered = |at: usize| compare.get(at).map_or_else(String::new, |one| one.value.clone());
    Riwayat {
        page,
        trail: head.trail_below(),
        title: head.title,
        tabs: head.tabs,
        pending: pending(state, visitor, sesi),
        from: offered(1),
        to: offered(0),
        editions,
        compare,
        action: urls::sesi_part(&sesi.id, "bandingkan"),
        restore: visitor
            .viewer()
            .write_draft()
            .then(|| Restore { action: urls::sesi_part(&sesi.id, "pulihkan") }),
        form,
    }
}

fn row(state: &State, sesi: &SesiState, edition: &Edition, names: bool) -> Row {
    let number = edition.number;
    let before = sesi.editions.iter().filter(|one| one.number < number).map(|one| one.number).max();
    Row {
        number,
        label: format!("Edisi {number}"),
        date: tanggal::long(edition.date),
        by: publisher(state, edition, names),
        kind_badge: match before {
            Some(_) => kind_badge(edition.kind),
            None => Badge::new("Naskah pertama", ""),
        },
        note: edition.note.clone(),
        href: format!("{}?edisi={number}", urls::sesi(&sesi.id)),
        compare: before.map(|before| comparison(sesi, before, number)),
        live: sesi.live().is_some_and(|live| live.number == number),
        hash: edition.revision.short(),
    }
}

/// The address of the difference of two editions.
pub(super) fn comparison(sesi: &SesiState, from: u16, to: u16) -> String {
    format!("{}?dari={from}&ke={to}", urls::sesi_part(&sesi.id, "bandingkan"))
}

/// Who published an edition. The page is open to everyone, names of colleagues are not.
fn publisher(state: &State, edition: &Edition, names: bool) -> String {
    match edition.by {
        None => "bawaan program".to_owned(),
        Some(by) if names => format!("diterbitkan {}", state.account_name(by)),
        Some(_) => "diterbitkan penelaah".to_owned(),
    }
}

/// The kind of a change as a mark.
pub(super) fn kind_badge(kind: ChangeKind) -> Badge {
    match kind {
        ChangeKind::Substansi => Badge::new("Substansi", "attention"),
        ChangeKind::Redaksional => Badge::new("Redaksional", ""),
    }
}

fn pending(state: &State, visitor: &Visitor, sesi: &SesiState) -> Option<Pending> {
    let waiting = sesi.submission.as_ref().filter(|_| visitor.viewer().read_drafts())?;
    let by = waiting.by.map_or("program", |by| state.account_name(by));
    Some(Pending {
        text: format!("Naskah baru dari {by} menunggu tinjauan sejak {}.", moment(waiting.at)),
        href: urls::tinjauan(&sesi.id),
    })
}

/// Makes an old edition the text of a new draft; the editions themselves never change.
async fn post_restore(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    if !member.viewer().write_draft() {
        return Err(Refusal::forbidden("menyunting naskah").into());
    }
    let id = sesi_id(&parts)?;
    let (revision, base) = {
        let state = web.app.state();
        let sesi = known_sesi(&state, &id)?;
        let wanted = form.number("edition").and_then(|number| sesi.edition(number));
        let wanted = wanted.ok_or_else(|| WebError::not_found("Edisi ini"))?;
        (wanted.revision, sesi.live().map(|live| live.number))
    };
    let text = super::reading::text(&web, revision).await?.sesi.source().to_owned();
    let to = urls::sesi_part(&id, "sunting");
    let (author, now) = (member.account.id, web.app.clock().now());
    let draft = Draft { sesi: id, base, authors: vec![author], saved_at: now, text };
    // Without the version of an earlier draft this is refused where one stands: nobody's words are
    // replaced unseen.
    blocking(move || web.app.save_draft(draft, None)).await?.map_err(|error| match error {
        crate::app::drafts::DraftError::Stale(_) => WebError::Conflict(
            "Sesi ini sudah mempunyai naskah yang belum terbit. Selesaikan atau buang naskah itu di halaman Sunting, lalu ulangi."
                .to_owned(),
        ),
        other => super::sunting::draft_error(&other),
    })?;
    Ok(lead_to_done(&to, Done::Drafted))
}
