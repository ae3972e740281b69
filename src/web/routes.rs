//! Every address of the program, in one table.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use super::error::WebError;
use super::{Web, api, assets, error, kept, pages};

/// No request takes longer than this.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// What a browser may do with our pages: only what comes from here, nothing inline.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The whole program as one service.
pub fn router(web: Web) -> Router {
    let pages = pages::routes().fallback(not_found).method_not_allowed_fallback(not_allowed);
    Router::new()
        .nest("/api", api::routes())
        .merge(pages)
        .route("/health", get(api::sistem::get_root_health))
        .route("/static/{*name}", get(assets::get_static))
        .route("/gambar/{name}", get(assets::get_picture))
        .layer(middleware::from_fn_with_state(web.clone(), whole))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(web.clone(), error::page))
        .layer(middleware::map_response(headers))
        .layer(middleware::from_fn(timed))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(web.clone(), kept::keep))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a handler panicked");
            WebError::Internal.into_response()
        }))
        .with_state(web)
}

async fn not_found() -> WebError {
    WebError::not_found("Halaman ini")
}

async fn not_allowed() -> WebError {
    WebError::Method(
        "Alamat ini tidak dapat dibuka seperti itu. Buka halamannya dari menu, lalu ulangi."
            .to_owned(),
    )
}

/// Answers nothing that may lack facts.
async fn whole(State(web): State<Web>, request: Request, next: Next) -> Response {
    // What asks for the health of the program is told by that answer itself.
    let health = request.uri().path().ends_with("/health");
    let response = next.run(request).await;
    if web.app.has_lost_facts() && !health {
        WebError::Unreadable.into_response()
    } else {
        response
    }
}

/// Logs what was asked and how long it took; never who asked, nor any value of a form or a query.
#[expect(clippy::disallowed_methods, reason = "a duration is measured and decides nothing")]
async fn timed(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let start = std::time::Instant::now();
    let response = next.run(request).await;
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(%method, path, status = response.status().as_u16(), micros, "answered");
    response
}

async fn headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "private, no-store");
    set(header::X_FRAME_OPTIONS, "DENY");
    response
}
