//! The accept loop: HTTP/1.1 with limits on everything and a graceful end.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// A request head must arrive within this time.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The most connections at once; a further one waits to be accepted.
const MAX_CONNECTIONS: usize = 1_024;
/// How long the end waits for requests under way.
const END_TIMEOUT: Duration = Duration::from_secs(15);

/// Serves until `shutdown` is ready, then lets requests under way finish, 15 seconds at most.
///
/// A connection that breaks is nobody's error; it is dropped.
pub async fn run(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let (end, ending) = watch::channel(false);
    tokio::pin!(shutdown);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let stream = tokio::select! {
            stream = next(&listener) => stream,
            () = &mut shutdown => break,
        };
        answer(stream, place, router.clone(), ending.clone());
    }
    drop(listener);
    let _nobody_left = end.send(true);
    let all = u32::try_from(MAX_CONNECTIONS).unwrap_or(u32::MAX);
    let _hard_end = tokio::time::timeout(END_TIMEOUT, places.acquire_many(all)).await;
}

/// Answers connections with `router` for as long as it is polled; those that are open when it is
/// dropped end by themselves.
pub(super) async fn accept(listener: &TcpListener, router: &Router) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Nobody tells these to end: each answers once and closes.
    let (_never, ending) = watch::channel(false);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        answer(next(listener).await, place, router.clone(), ending.clone());
    }
}

/// The next connection.
async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                // Out of file handles and the like pass; a short rest keeps this from spinning.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Answers a connection on a task of its own, which keeps its place until it is over.
fn answer(
    stream: TcpStream,
    place: OwnedSemaphorePermit,
    router: Router,
    ending: watch::Receiver<bool>,
) {
    tokio::spawn(async move {
        prepare(&stream);
        connection(TokioIo::new(stream), router, ending).await;
        drop(place);
    });
}

fn prepare(stream: &TcpStream) {
    // Small answers go out at once; a socket that refuses this still works.
    let _ignored = stream.set_nodelay(true);
}

async fn connection<S>(io: TokioIo<S>, router: Router, mut ending: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(io, service);
    tokio::pin!(connection);
    let already = *ending.borrow();
    if already {
        return;
    }
    tokio::select! {
        _broken = connection.as_mut() => {}
        _told = ending.changed() => {
            connection.as_mut().graceful_shutdown();
            let _broken = connection.await;
        }
    }
}
