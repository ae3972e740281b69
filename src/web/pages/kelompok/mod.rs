//! Kelompok: the list that a person may see, and the page of one.

mod actions;
mod kelola;
mod kursi;
mod list;
mod pilihan;
mod riwayat;
mod sections;
mod tambah;
mod view;

pub(super) use kelola::versioned;
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
        .route("/kelompok.csv", get(list::get_csv))
        .route("/kelompok.xlsx", get(list::get_xlsx))
        .route("/tambah-kelompok", get(tambah::get).post(tambah::post))
        .route("/ubah-kelompok", get(pilihan::get).post(pilihan::post))
        .route("/kelompok/{id}", get(get_group))
        .route("/kelompok/{id}/kursi", get(kursi::get).post(kursi::post))
        .route("/kelompok/{id}/kelola", get(kelola::get))
        .route("/kelompok/{id}/nama", post(kelola::post_name))
        .route("/kelompok/{id}/pindah", post(kelola::post_move))
        .route("/kelompok/{id}/gabung", post(kelola::post_merge))
        .route("/kelompok/{id}/pecah", post(kelola::post_split))
        .route("/kelompok/{id}/bubarkan", post(kelola::post_dissolve))
        .route("/kelompok/{id}/batalkan", post(kelola::post_restore))
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
    show(&view::page(&web, &member, parts.get(0), forms, params.yes("semua")?)?)
}
