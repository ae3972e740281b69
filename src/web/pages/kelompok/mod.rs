//! Kelompok: the list that a person may see, and the page of one.

mod actions;
mod list;
mod sections;
mod view;

pub(super) use sections::{left, period};

use axum::Router;
use axum::extract::State as FromState;
use axum::response::Response;
use axum::routing::{get, post};

use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts};
use crate::web::page::show;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/kelompok", get(get_list))
        .route("/kelompok/{id}", get(get_group))
        .route("/kelompok/{id}/anggota", post(actions::post_heads))
        .route("/kelompok/{id}/tugaskan", post(actions::post_assign))
        .route("/kelompok/{id}/tangguhkan", post(actions::post_suspend))
        .route("/kelompok/{id}/lanjutkan", post(actions::post_resume))
}

async fn get_list(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&list::page(&web, &member, &params)?)
}

async fn get_group(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let forms = view::Forms::fresh(&web, &member, parts.get(0))?;
    show(&view::page(&web, &member, parts.get(0), forms, params.has("semua"))?)
}
