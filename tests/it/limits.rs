//! What one client can take of the server: connections, time, memory, and what it is told when there
//! is no more of it, or when what it sends is broken.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use p2k2::command::Actor;
use p2k2::ids::Digest;
use p2k2::web::hashing::Hashing;
use p2k2::web::serve::{self, Limits};
use p2k2::web::{multipart, routes};
use tokio::sync::{mpsc, oneshot};

use crate::support::http::{ANYONE, Reply, Site};

/// Longer than anything here takes, so that a fault ends as a failed test.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every answer says to a browser.
const GUARDS: [&str; 5] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cache-control",
    "x-frame-options",
];

/// An error in words and with every header: a page, or problem+json below `/api`.
fn told(reply: &Reply, path: &str, status: u16, words: &str) {
    assert_eq!(reply.status, status, "{path}: {}", reply.body);
    for name in GUARDS {
        assert!(!reply.header(name).is_empty(), "{path}: {name}");
    }
    assert_eq!(reply.header("retry-after").is_empty(), status != 503, "{path}");
    let kind = if path.starts_with("/api/") { "application/problem+json" } else { "text/html" };
    assert!(reply.header("content-type").starts_with(kind), "{path}: {:?}", reply.headers);
    let said = if path.starts_with("/api/") { &reply.body } else { reply.main() };
    assert!(said.contains(words), "{path}: {said}");
}

#[test]
fn whoever_finds_no_turn_for_a_password_keeps_what_was_typed() {
    let mut site = Site::new();
    let first = site.app.make_link(Actor::System, Some(site.account("pelatih-1"))).unwrap();
    let mut web = site.web.clone();
    web.hashing = Arc::new(Hashing::new(0, 0));
    site.router = routes::router(web);
    let link = format!("/tautan/{}", first.expose());
    let fields = [
        ("login", "nama.yang.diketik"),
        ("next", "/kelompok"),
        ("old", "rahasia-sekali"),
        ("password", "rahasia-sekali"),
        ("repeat", "rahasia-sekali"),
    ];
    for (who, path, kept) in [
        (ANYONE, "/masuk", &["nama.yang.diketik", "value=\"/kelompok\""][..]),
        (ANYONE, &link, &["pelatih-1"]),
        ("supervisor-1", "/profil/sandi", &["supervisor-1"]),
    ] {
        let reply = site.post(who, path, &fields);
        told(&reply, path, 503, "Banyak orang sedang masuk");
        for kept in kept {
            assert!(reply.main().contains(kept), "{path} {kept}: {}", reply.main());
        }
        assert!(!reply.has("rahasia-sekali"), "{path}: a password is never shown again");
    }
    // Equal for known and unknown names; and a link that is none needs no turn.
    for login in ["supervisor-1", "bukan.siapa-siapa", "Bukan Nama!"] {
        let reply = site.post(ANYONE, "/masuk", &[("login", login), ("password", "x")]);
        assert_eq!(reply.status, 503, "{login}");
    }
    told(&site.post(ANYONE, "/tautan/0123", &fields), "/tautan/0123", 409, "sudah dipakai");
}

#[test]
fn a_request_without_end_is_given_up_in_words() {
    let mut site = Site::new();
    let mut web = site.web.clone();
    web.patience = Duration::ZERO;
    let never = get(std::future::pending::<StatusCode>);
    let routes = Router::new().route("/diam", never.clone()).route("/api/v1/diam", never);
    site.router = routes::around(routes, web.clone());
    for path in ["/diam", "/api/v1/diam"] {
        told(&site.get(ANYONE, path), path, 503, "terlalu lama menyiapkan jawaban");
    }
    // A form of which the rest never comes.
    site.router = routes::router(web);
    for path in ["/masuk", "/api/v1/pertemuan"] {
        let body = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        let reply = site.send("pendamping-1", Request::post(path).body(body).unwrap());
        told(&reply, path, 503, "mungkin belum tersimpan");
    }
}

#[test]
fn a_panic_is_told_in_words() {
    async fn panics() -> StatusCode {
        panic!("on purpose")
    }
    let mut site = Site::new();
    let routes = Router::new().route("/panik", get(panics)).route("/api/v1/panik", get(panics));
    site.router = routes::around(routes, site.web.clone());
    for path in ["/panik", "/api/v1/panik"] {
        let reply = site.get("supervisor-1", path);
        told(&reply, path, 500, "Muat ulang halamannya");
        assert!(!reply.has("on purpose"), "{path}");
    }
}

#[test]
fn a_broken_body_is_not_called_too_large() {
    let site = Site::new();
    let piece = || Ok(Bytes::from_static(b"login=x&"));
    for (path, kind, large) in [
        ("/masuk", "application/x-www-form-urlencoded", 1024 * 1024),
        ("/api/v1/pertemuan", "application/json", 1024 * 1024),
        ("/impor", "multipart/form-data; boundary=batas", multipart::MAX_FILE_BYTES + 64 * 1024),
    ] {
        let send = |body| {
            let request = Request::post(path).header("content-type", kind).body(body).unwrap();
            site.send("admin-1", request)
        };
        let broken = Err(std::io::Error::other("invalid chunk size"));
        let reply = send(Body::from_stream(futures::stream::iter([piece(), broken])));
        told(&reply, path, 400, "rusak atau terputus");
        // In pieces, so that nothing says beforehand how much it is.
        let pieces =
            std::iter::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 4096])));
        let pieces = pieces.take(large / 4096 + 1);
        let reply = send(Body::from_stream(futures::stream::iter(pieces)));
        told(&reply, path, 413, "lebih besar dari");
    }
}

#[test]
fn a_sign_is_no_hex_digit() {
    let site = Site::new();
    for (sent, shown) in [("%+5", "% 5"), ("%-5", "%-5"), ("%2B5", "+5"), ("%zz", "%zz")] {
        let page = site.get(ANYONE, &format!("/cari?q={sent}")).body;
        assert!(page.contains(&format!("value=\"{shown}\"")), "{sent}: {page}");
    }
    let digest = Digest::of_bytes(b"x").to_string();
    assert!(digest.parse::<Digest>().is_ok());
    for sign in ["+", "-", " "] {
        let signed = format!("{sign}{}", &digest[1..]);
        assert!(signed.parse::<Digest>().is_err(), "{signed}");
    }
}

/// A server on a free port, told to end by dropping or sending.
fn serve(
    router: Router,
    limits: Limits,
) -> (SocketAddr, oneshot::Sender<()>, oneshot::Receiver<()>) {
    let (end, ending) = oneshot::channel();
    let (done, ended) = oneshot::channel();
    let listener = serve::listen(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let stop = async { drop(ending.await) };
    tokio::spawn(async move {
        serve::run(listener, router, limits, stop).await;
        let _nobody_waits = done.send(());
    });
    (address, end, ended)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The answer to a request on a connection of its own, which the server closes after it.
async fn ask(address: SocketAddr, path: &'static str) -> String {
    let asking = tokio::task::spawn_blocking(move || {
        let mut stream = connect(address);
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    asking.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_is_heard_while_all_places_are_taken() {
    let (tell, mut asked) = mpsc::channel(1);
    let never = get(move || async move {
        tell.send(()).await.unwrap();
        std::future::pending::<StatusCode>().await
    });
    let limits = Limits { connections: 1, end: Duration::ZERO, ..Limits::default() };
    let (address, end, ended) = serve(Router::new().route("/", never), limits);
    let mut taken = connect(address);
    taken.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    asked.recv().await.unwrap();
    end.send(()).unwrap();
    tokio::time::timeout(PATIENCE, ended).await.expect("it hears the end").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_never_reads_an_answer_loses_the_place() {
    /// More than the system takes for a connection before somebody reads.
    const LONG: usize = 64 * 1024 * 1024;
    let (tell, mut asked) = mpsc::channel(1);
    let long = get(move || async move {
        tell.send(()).await.unwrap();
        vec![b'x'; LONG]
    });
    let router = Router::new().route("/panjang", long).route("/pendek", get(async || "pendek"));
    let silence = Duration::from_millis(20);
    let limits = Limits { connections: 1, silence, ..Limits::default() };
    let (address, _end, _) = serve(router, limits);
    let mut deaf = connect(address);
    deaf.write_all(b"GET /panjang HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    asked.recv().await.unwrap();
    let answer = tokio::time::timeout(PATIENCE, ask(address, "/pendek"));
    assert!(answer.await.expect("the only place is free again").ends_with("pendek"));
    let mut rest = Vec::new();
    // What had left before can still be read; the end of it may come as a reset.
    let _reset = deaf.read_to_end(&mut rest);
    assert!(rest.starts_with(b"HTTP/1.1 200") && rest.len() < LONG, "{}", rest.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_loses_the_place() {
    let router = Router::new().route("/", get(async || "pendek"));
    let head = Duration::from_millis(20);
    let limits = Limits { connections: 1, head, ..Limits::default() };
    let (address, _end, _) = serve(router, limits);
    for sent in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut idle = connect(address);
        idle.write_all(sent.as_bytes()).unwrap();
        let answer = tokio::time::timeout(PATIENCE, ask(address, "/"));
        assert!(answer.await.expect("the place is free again").ends_with("pendek"), "{sent}");
    }
}
