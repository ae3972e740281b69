//! One pertemuan: all its forms, questions and answers, correcting and withdrawing.

mod changes;
mod meanwhile;
mod talk;
mod ubah;
mod view;

pub(super) use changes::said;

use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use uuid::Uuid;

use crate::kelompok::KelompokId;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, PathParts};
use crate::web::page::{Form, show, show_with};
use crate::web::parts::when;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/pertemuan/{id}", get(get_pertemuan))
        .route("/pertemuan/{id}/koreksi", get(ubah::get_form).post(ubah::post_form))
        .route("/pertemuan/{id}/tarik", post(talk::post_withdraw))
        .route("/pertemuan/{id}/tanya", post(talk::post_ask))
        .route("/pertemuan/{id}/jawab", post(talk::post_answer))
        .route("/pertemuan/{id}/bukan-ganda", post(talk::post_separate))
}

/// The kelompok and the id of the pertemuan that an address names, if the viewer may read it;
/// absent and forbidden look alike.
///
/// # Errors
/// Not found, whichever of the two it is.
pub(super) fn find(web: &Web, member: &Member, id: &str) -> Result<(KelompokId, Uuid), WebError> {
    let missing = || WebError::not_found("Pertemuan ini");
    let id = Uuid::try_parse(id).map_err(|_| missing())?;
    let state = web.app.state();
    state
        .pertemuan(id)
        .filter(|(group, _)| member.viewer().read_group(group, when::latest_today(web)))
        .map(|(group, _)| (group.id.clone(), id))
        .ok_or_else(missing)
}

async fn get_pertemuan(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    show(&view::page(&web, &member, parts.get(0), form)?)
}

/// The page again, with what is wrong.
fn again(
    web: &Web,
    member: &Member,
    id: &str,
    form: Form,
    status: StatusCode,
) -> Result<Response, WebError> {
    show_with(status, &view::page(web, member, id, form)?)
}
