//! What is answered while the program gets ready: a nation's state takes a moment to load.

use std::future::Future;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

use super::error::{Problem, WebError};
use super::serve;

/// After so many seconds it is worth asking again.
const RETRY_S: &str = "3";
/// What a person reads; the page asks again by itself.
const PAGE: &str = "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
    content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"3\"><title>Sedang disiapkan</title>\
    <h1>Sedang disiapkan</h1><p>Server baru mulai dan sedang membuka catatan. Halaman ini dimuat \
    ulang sendiri sebentar lagi.</p>";

/// Answers that the program is not ready until `opening` is done, and gives what came of it.
///
/// Whoever asks for `/health` reads `menyiapkan` meanwhile.
pub async fn during<T>(listener: &TcpListener, opening: impl Future<Output = T>) -> T {
    let router = Router::new().fallback(not_ready);
    tokio::pin!(opening);
    tokio::select! {
        done = &mut opening => done,
        () = serve::accept(listener, &router) => opening.await,
    }
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
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        ];
        (kind, PAGE).into_response()
    };
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    for (name, value) in [
        (header::RETRY_AFTER, RETRY_S),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONNECTION, "close"),
    ] {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::sync::oneshot;

    use super::*;

    async fn ask(address: std::net::SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn whoever_asks_too_early_is_told_so() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (done, opening) = oneshot::channel();
        let asking = tokio::spawn(async move {
            let mut answers = Vec::new();
            for path in ["/health", "/api/v1/cakupan", "/kelompok"] {
                answers.push(ask(address, path).await);
            }
            done.send(7).unwrap();
            answers
        });
        assert_eq!(during(&listener, opening).await, Ok(7));
        let answers = asking.await.unwrap();
        for (answer, said) in answers.iter().zip(["menyiapkan", "problem+json", "Sedang disiapkan"])
        {
            assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
            assert!(answer.contains(said) && answer.contains("retry-after: 3"), "{answer}");
        }
    }
}
