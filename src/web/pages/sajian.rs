//! Stepping through a sesi while teaching, one langkah a page.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;

use crate::state::{SesiState, State};
use crate::web::error::WebError;
use crate::web::extract::{Params, PathParts, Visitor};
use crate::web::guide::Guide;
use crate::web::page::{Link, Page, show};
use crate::web::{Web, urls};

use super::reading::{Place, Reader, SesiHead, guide, known_sesi, own_groups, sesi_id};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/sesi/{id}/sajian", get(get_step))
}

#[derive(Template)]
#[template(path = "pages/sajian.html")]
struct Sajian {
    page: Page,
    trail: Vec<Link>,
    title: String,
    sesi_href: String,
    /// From 1.
    at: usize,
    of: usize,
    until: String,
    guide: Arc<Guide>,
    steps: Vec<StepLink>,
    previous: Option<String>,
    next: Option<Link>,
    record: Option<String>,
}

struct StepLink {
    number: u32,
    name: String,
    href: String,
    active: bool,
}

/// What of the page does not depend on the text.
struct Frame {
    page: Page,
    head: SesiHead,
    record: Option<String>,
}

async fn get_step(
    Shared(web): Shared<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let id = sesi_id(&parts)?;
    let (frame, revision) = {
        let state = web.app.state();
        let sesi = known_sesi(&state, &id)?;
        let live = sesi.live().ok_or_else(no_text)?;
        (frame(&web, &state, &visitor, sesi), live.revision)
    };
    let guide = guide(&web, revision).await?;
    if guide.langkah.is_empty() {
        return Err(no_steps());
    }
    let at = usize::from(params.whole("langkah", 1..=99_u8)?.unwrap_or(1));
    if at > guide.langkah.len() {
        return Err(WebError::not_found("Langkah ini"));
    }
    show(&view(frame, guide, at))
}

fn no_text() -> WebError {
    WebError::NotFound(
        "Naskah sesi ini belum ada, sehingga belum dapat disajikan. Pilih sesi lain dari kurikulum."
            .to_owned(),
    )
}

fn no_steps() -> WebError {
    WebError::NotFound(
        "Naskah ini tidak mempunyai langkah untuk disajikan. Baca naskahnya di tab Baca."
            .to_owned(),
    )
}

fn frame(web: &Web, state: &State, visitor: &Visitor, sesi: &SesiState) -> Frame {
    let own = own_groups(state, visitor, web.app.clock().now());
    let record = match own.as_slice() {
        [] => None,
        [(group, _)] => Some(format!("{}?sesi={}", urls::catat(&group.id), sesi.id)),
        _ => Some(format!("{}#kelompok-anda", urls::sesi(&sesi.id))),
    };
    Frame {
        page: web.page(visitor, "/kurikulum"),
        head: SesiHead::of(state, visitor, sesi, Place::Present),
        record,
    }
}

fn view(frame: Frame, guide: Arc<Guide>, at: usize) -> Sajian {
    let of = guide.langkah.len();
    let base = urls::sesi_part(&frame.head.id, "sajian");
    let address = |number: usize| format!("{base}?langkah={number}");
    let steps = (1..).zip(&guide.langkah).map(|(number, one)| StepLink {
        number: one.number,
        name: one.name.clone(),
        href: address(number),
        active: number == at,
    });
    Sajian {
        page: frame.page,
        trail: frame.head.trail_below(),
        sesi_href: urls::sesi(&frame.head.id),
        title: frame.head.title,
        at,
        of,
        until: until(&guide, at),
        steps: steps.collect(),
        previous: (at > 1).then(|| address(at - 1)),
        next: guide.langkah.get(at).map(|next| Link::new(&next.name, address(at + 1))),
        record: frame.record.filter(|_| at == of),
        guide,
    }
}

/// `menit ke-15 sampai ke-35`; empty where a langkah up to there does not say its minutes.
fn until(guide: &Guide, at: usize) -> String {
    let minutes: Option<Vec<u32>> = guide.langkah.iter().take(at).map(|one| one.menit).collect();
    let Some((last, before)) = minutes.as_deref().and_then(<[u32]>::split_last) else {
        return String::new();
    };
    let start: u32 = before.iter().sum();
    format!("menit ke-{start} sampai ke-{}", start.saturating_add(*last))
}
