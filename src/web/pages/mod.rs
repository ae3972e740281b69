//! The pages, one file each; its template has the same name.

mod beranda;
mod masuk;

use axum::Router;

use super::Web;

/// The routes of all pages.
pub fn routes() -> Router<Web> {
    Router::new().merge(beranda::routes()).merge(masuk::routes())
}
