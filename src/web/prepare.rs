//! What is answered while the program gets ready: a nation's state takes a moment to load.

use std::future::Future;

use askama::Template;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::error::{Problem, WebError};
use super::extract::PathParts;
use super::{assets, serve};

/// After so many seconds it is worth asking again.
const RETRY_S: &str = "3";
/// What the page may load: its own style and mark.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
    form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// What a person reads.
#[derive(Template)]
#[template(path = "pages/siap.html")]
struct Siap {
    asset: &'static str,
    sent: bool,
    retry: &'static str,
}

/// Answers that the program is not ready until `opening` is done, and gives what came of it.
///
/// Whoever asks for `/health` reads `menyiapkan` meanwhile.
pub async fn during<T>(listener: &TcpListener, opening: impl Future<Output = T>) -> T {
    let router = Router::new().route("/static/{*name}", get(get_static)).fallback(not_ready);
    tokio::pin!(opening);
    tokio::select! {
        done = &mut opening => done,
        () = serve::accept(listener, &router) => opening.await,
    }
}

/// The style and the mark of the page, which need no data.
async fn get_static(parts: PathParts, request: Request) -> Response {
    let mut response = assets::get_static(parts, request).await.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn not_ready(request: Request) -> Response {
    let path = request.uri().path();
    let mut response = if path.ends_with("/health") {
        let body =
            format!("{{\"status\":\"menyiapkan\",\"version\":\"{}\"}}", env!("CARGO_PKG_VERSION"));
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    } else if path.starts_with("/api/") {
        let text = "Server baru mulai dan sedang membuka catatan. Coba lagi sebentar lagi.";
        Problem(WebError::Busy(text.to_owned())).into_response()
    } else {
        let kind = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        ];
        // Only what was asked for may be asked for again; a form would be sent to nowhere.
        let sent = !matches!(*request.method(), Method::GET | Method::HEAD);
        let page = Siap { asset: assets::state(), sent, retry: RETRY_S };
        (kind, page.render().unwrap_or_default()).into_response()
    };
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    for (name, value) in [
        (header::RETRY_AFTER, RETRY_S),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONNECTION, "close"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;

    async fn ask(address: std::net::SocketAddr, what: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("{what} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn whoever_asks_too_early_is_told_so() {
        const ASKED: [(&str, &str, bool); 5] = [
            ("GET /health", "menyiapkan", false),
            ("GET /api/v1/cakupan", "problem+json", false),
            ("GET /kelompok", "Sedang disiapkan", true),
            ("POST /kelompok/OKI-1/catat", "belum tersimpan", false),
            ("GET /kelompok/OKI-1/static/app.css", "Sedang disiapkan", true),
        ];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (done, opening) = oneshot::channel();
        let asking = tokio::spawn(async move {
            let mut answers = Vec::new();
            for (what, ..) in ASKED {
                answers.push(ask(address, what).await);
            }
            let style = ask(address, "GET /static/app.css?v=1").await;
            done.send(7).unwrap();
            (answers, style)
        });
        assert_eq!(during(&listener, opening).await, Ok(7));
        let (answers, style) = asking.await.unwrap();
        for (answer, (what, said, again)) in answers.iter().zip(ASKED) {
            assert!(answer.starts_with("HTTP/1.1 503"), "{what}: {answer}");
            assert!(answer.contains(said) && answer.contains("retry-after: 3"), "{what}: {answer}");
            assert_eq!(answer.contains("http-equiv=\"refresh\""), again, "{what}: {answer}");
        }
        assert!(style.starts_with("HTTP/1.1 200"), "{style}");
        assert!(style.contains("text/css") && style.contains("--brand"), "{style}");
    }
}
