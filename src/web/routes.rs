//! Every address of the program, in one table.

use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use super::error::WebError;
use super::{Web, api, assets, error, kept, pages};

/// No request takes longer than this.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// After so many seconds it is worth asking again whoever cannot answer now.
const RETRY_S: &str = "5";

/// What a browser may do with our pages: only what comes from here, nothing inline.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The whole program as one service.
pub fn router(web: Web) -> Router {
    let pages = pages::routes().fallback(not_found).method_not_allowed_fallback(not_allowed);
    let routes = Router::new()
        .nest("/api", api::routes())
        .merge(pages)
        .route("/health", get(api::sistem::get_root_health))
        .route("/static/{*name}", get(assets::get_static))
        .route("/gambar/{name}", get(assets::get_picture));
    around(routes, web)
}

/// What every request and every answer passes on its way, around any routes.
///
/// A panic and a request that takes too long become errors like others, inside of what puts errors
/// into words. A panic further out, in the words themselves, is told in one bare sentence.
pub fn around(routes: Router<Web>, web: Web) -> Router {
    routes
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(web.clone(), in_time))
        .layer(middleware::from_fn_with_state(web.clone(), whole))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(web.clone(), error::page))
        .layer(middleware::map_response(headers))
        .layer(middleware::from_fn(timed))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(web.clone(), kept::keep))
        .layer(CatchPanicLayer::custom(|panic| guarded(panicked(panic))))
        .with_state(web)
}

/// The message of a panic may hold what somebody typed, so it is not logged.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    WebError::Internal.into_response()
}

/// Gives a request up that takes too long; what it began on other threads ends by itself.
async fn in_time(State(web): State<Web>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    match tokio::time::timeout(web.patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(%method, path, "a request took too long");
            let text = if reads {
                "Server terlalu lama menyiapkan jawaban ini. Tunggu sebentar, lalu coba lagi."
            } else {
                "Server terlalu lama mengolah kiriman ini, jadi mungkin belum tersimpan. Periksa sambungan Anda, buka lagi halamannya untuk melihat keadaannya, lalu kirim lagi bila perlu."
            };
            WebError::Busy(text.to_owned()).into_response()
        }
    }
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

async fn headers(response: Response) -> Response {
    guarded(response)
}

/// The answer with what every answer says: what a browser may do with it, and when to come again.
fn guarded(mut response: Response) -> Response {
    let later = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    let mut set = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "private, no-store");
    set(header::X_FRAME_OPTIONS, "DENY");
    if later {
        set(header::RETRY_AFTER, RETRY_S);
    }
    response
}
