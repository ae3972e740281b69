//! The home page, by role.

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::web::Web;
use crate::web::error::WebError;
use crate::web::page::lead_to;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/", get(get_home))
}

async fn get_home() -> Result<Response, WebError> {
    Ok(lead_to("/kurikulum"))
}
