//! The API: JSON over HTTP, one file a resource.

use axum::Router;
use axum::routing::get;

use super::Web;

/// The routes below `/api`.
pub fn routes() -> Router<Web> {
    Router::new().route("/v1/health", get(|| async { "siap" }))
}
