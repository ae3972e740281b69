//! The short address of a sesi, for paper: its number, with the beginning of a skema's name where
//! it is not the default one (`/s/8`, `/s/s8`).

use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;

use crate::curriculum::ids::SesiId;
use crate::curriculum::skema::{Resolution, Skema, resolve_sesi};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::PathParts;
use crate::web::page::lead_to;
use crate::web::{Web, urls};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/s/{code}", get(get_short))
}

async fn get_short(Shared(web): Shared<Web>, parts: PathParts) -> Result<Response, WebError> {
    let found = resolve(&web.app.state(), parts.get(0));
    found.map(|id| lead_to(&urls::sesi(id))).ok_or_else(super::reading::missing_sesi)
}

/// The code of a sesi: the shortest that leads back to it.
pub(super) fn code(state: &State, id: &SesiId) -> String {
    let Some(place) = state.placement(id) else { return id.to_string() };
    let number = place.entry.nomor;
    let name = place.skema.id.as_str();
    (0..=name.len())
        .filter_map(|length| name.get(..length))
        .map(|prefix| format!("{prefix}{number}"))
        .find(|code| resolve(state, code).as_ref() == Some(id))
        .unwrap_or_else(|| id.to_string())
}

/// The sesi that a code names: also an id, a title or another name, as people write them.
fn resolve(state: &State, code: &str) -> Option<SesiId> {
    let lower = code.trim().to_lowercase();
    if let Ok(id) = lower.parse::<SesiId>()
        && state.sesi(&id).is_some()
    {
        return Some(id);
    }
    by_number(state, &lower).or_else(|| match resolve_sesi(&state.skema, &lower) {
        Resolution::Found(found) => Some(found.sesi),
        Resolution::Ambiguous(_) | Resolution::Unknown => None,
    })
}

fn by_number(state: &State, code: &str) -> Option<SesiId> {
    let digits = code.len() - code.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (prefix, number) = code.split_at_checked(code.len() - digits)?;
    let number: u32 = number.parse().ok()?;
    let prefix = prefix.trim_end_matches([':', '-']);
    let skema = match prefix {
        "" => state.default_skema(),
        prefix => named(&state.skema, prefix),
    }?;
    let (_, found) = skema.sesi().find(|(_, sesi)| sesi.nomor == number)?;
    Some(found.id.clone())
}

/// The first skema other than the default one whose name or short name begins like this.
fn named<'a>(skema: &'a [Skema], prefix: &str) -> Option<&'a Skema> {
    let begins = |one: &&Skema| {
        one.id.as_str().starts_with(prefix)
            || one.alias.iter().any(|alias| alias.to_lowercase().starts_with(prefix))
    };
    let others = skema.iter().filter(|one| !one.default);
    others.chain(skema.iter().filter(|one| one.default)).find(begins)
}
