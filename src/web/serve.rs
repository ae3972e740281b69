//! The accept loop: HTTP/1.1 with limits on everything and a graceful end.

use std::future::Future;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Sleep;
use tower::ServiceExt;

/// How much of an answer the system takes for a connection before somebody reads it, in bytes. It
/// takes more only when a good part of that has left, so that with megabytes here a slow line would
/// look like a dead one; with this bound a kilobyte a second is seen to move within a minute.
const SEND_BUFFER: u32 = 64 * 1024;
/// So many connections wait to be accepted.
const BACKLOG: u32 = 1_024;

/// What connections are granted.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most at once; a further one waits to be accepted.
    pub connections: usize,
    /// The head of a request must arrive within this time, counted from the answer before it, so
    /// that it also bounds how long a connection may idle.
    pub head: Duration,
    /// Of an answer under way, something must leave within this time.
    pub silence: Duration,
    /// How long the end waits for requests under way.
    pub end: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            head: Duration::from_secs(10),
            silence: Duration::from_secs(180),
            end: Duration::from_secs(15),
        }
    }
}

/// Listens on an address. To be called inside a runtime.
///
/// # Errors
/// When it is not there or taken.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    // What is accepted here has the same bound.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `shutdown` is ready, then lets requests under way finish, for as long as `limits`
/// grant.
///
/// A connection that breaks is nobody's error; it is dropped.
pub async fn run(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let (end, ending) = watch::channel(false);
    tokio::pin!(shutdown);
    loop {
        // The order to end is heard while all places are taken, too.
        let (stream, place) = tokio::select! {
            next = next(&listener, &places) => next,
            () = &mut shutdown => break,
        };
        answer((stream, place), router.clone(), limits, ending.clone());
    }
    drop(listener);
    let _nobody_left = end.send(true);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    let _hard_end = tokio::time::timeout(limits.end, places.acquire_many(all)).await;
}

/// Answers connections with `router` for as long as it is polled; those that are open when it is
/// dropped end by themselves.
pub(super) async fn accept(listener: &TcpListener, router: &Router) {
    let limits = Limits::default();
    let places = Arc::new(Semaphore::new(limits.connections));
    // Nobody tells these to end: each answers once and closes.
    let (_never, ending) = watch::channel(false);
    loop {
        answer(next(listener, &places).await, router.clone(), limits, ending.clone());
    }
}

/// A connection that was accepted and the place that it takes.
type Accepted = (TcpStream, Option<OwnedSemaphorePermit>);

/// The next connection, once there is a place for it.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Accepted {
    // It is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
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
    (stream, place): Accepted,
    router: Router,
    limits: Limits,
    ending: watch::Receiver<bool>,
) {
    tokio::spawn(async move {
        let _held = place;
        prepare(&stream);
        connection(stream, router, limits, ending).await;
    });
}

fn prepare(stream: &TcpStream) {
    // Small answers go out at once; a socket that refuses this still works.
    let _ignored = stream.set_nodelay(true);
}

async fn connection<S>(stream: S, router: Router, limits: Limits, mut ending: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .serve_connection(TokioIo::new(Moving::new(stream, limits.silence)), service);
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

/// A stream that breaks when nothing more can be written for too long: whoever asks and never reads
/// would otherwise keep a place, and the answer in memory, without end. What moves, however slowly,
/// is never broken off.
#[derive(Debug)]
struct Moving<S> {
    stream: S,
    limit: Duration,
    /// Runs while the other side takes nothing.
    silence: Option<Pin<Box<Sleep>>>,
}

impl<S> Moving<S> {
    fn new(stream: S, limit: Duration) -> Self {
        Self { stream, limit, silence: None }
    }

    /// What came of a try to write, or that the time for it is over.
    fn watched(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.silence = None;
            return written;
        }
        let limit = self.limit;
        let silence = self.silence.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        silence.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Moving<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Moving<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watched(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, DuplexStream};

    use super::*;

    /// Tries once to write a byte.
    fn write(stream: &mut Moving<DuplexStream>) -> Poll<io::Result<usize>> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        Pin::new(stream).poll_write(&mut context, b"x")
    }

    fn until(stream: &Moving<DuplexStream>) -> Option<tokio::time::Instant> {
        stream.silence.as_ref().map(|silence| silence.deadline())
    }

    #[tokio::test]
    async fn silence_is_counted_anew_after_every_byte() {
        let (near, mut far) = tokio::io::duplex(1);
        let mut stream = Moving::new(near, Duration::from_secs(60));
        assert!(matches!(write(&mut stream), Poll::Ready(Ok(1))));
        assert!(until(&stream).is_none());
        assert!(write(&mut stream).is_pending());
        let first = until(&stream).unwrap();
        assert!(write(&mut stream).is_pending());
        assert_eq!(until(&stream), Some(first), "a try that writes nothing gives no more time");
        assert_eq!(far.read_u8().await.unwrap(), b'x');
        assert!(matches!(write(&mut stream), Poll::Ready(Ok(1))));
        assert!(until(&stream).is_none());
        assert!(write(&mut stream).is_pending());
        assert!(until(&stream).unwrap() > first);
    }
}
