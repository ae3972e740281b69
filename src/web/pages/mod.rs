//! The pages, one file each; its template has the same name.

mod beranda;
mod cakupan;
mod catat;
mod kelompok;
mod laporan;
mod masuk;
mod pengguna;
mod pertemuan;
mod wilayah;

use axum::Router;

use super::Web;

/// The routes of all pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(beranda::routes())
        .merge(masuk::routes())
        .merge(kelompok::routes())
        .merge(catat::routes())
        .merge(pertemuan::routes())
        .merge(cakupan::routes())
        .merge(laporan::routes())
        .merge(wilayah::routes())
        .merge(pengguna::routes())
}
