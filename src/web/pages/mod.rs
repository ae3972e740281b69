//! The pages, one file each; its template has the same name.

mod beranda;
mod cari;
#[cfg(feature = "pdf")]
mod cetak;
mod masuk;

use axum::Router;

use super::Web;

/// The routes of all pages.
pub fn routes() -> Router<Web> {
    let routes =
        Router::new().merge(beranda::routes()).merge(cari::routes()).merge(masuk::routes());
    #[cfg(feature = "pdf")]
    let routes = routes.merge(cetak::routes());
    routes
}
