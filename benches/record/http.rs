//! The same over HTTP: the real router and accept loop, and a connection for each writer.

use std::net::SocketAddr;

use p2k2::config::Config;
use p2k2::kelompok::KelompokId;
use p2k2::web::serve::{self, Limits};
use p2k2::web::{Web, routes};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::Pace;
use super::world::{Place, body};

/// Everybody posts `each` records over a connection of their own.
pub(super) fn record(runtime: &Runtime, place: &Place, each: usize) -> Pace {
    let groups = place.groups();
    let (end, ended) = oneshot::channel::<()>();
    let (address, server) = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let web = Web::new(std::sync::Arc::clone(&place.app), config(address));
        let stop = async { ended.await.unwrap() };
        (address, tokio::spawn(serve::run(listener, routes::router(web), Limits::default(), stop)))
    });
    let pace = place.pace(each, || {
        runtime.block_on(async {
            let writer = |kelompok| {
                let clock = place.app.clock().clone();
                let token = place.token.clone();
                let id = move || clock.new_id().unwrap();
                tokio::spawn(post(address, token, kelompok, (id, each)))
            };
            let writers: Vec<_> = groups.into_iter().map(writer).collect();
            for writer in writers {
                writer.await.unwrap();
            }
        });
    });
    end.send(()).unwrap();
    runtime.block_on(server).unwrap();
    pace
}

fn config(listen: SocketAddr) -> Config {
    Config { data: std::path::PathBuf::new(), listen, url: None, plain_http: false, demo: false }
}

/// One writer: a record, its answer, the next record.
async fn post(
    address: SocketAddr,
    token: String,
    kelompok: KelompokId,
    (id, each): (impl Fn() -> uuid::Uuid, usize),
) {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    for number in 0..each {
        let body = body(id(), &kelompok, number);
        let head = format!(
            "POST /api/v1/pertemuan HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).await.unwrap();
        let (mut line, mut length) = (String::new(), 0);
        stream.read_line(&mut line).await.unwrap();
        assert!(line.starts_with("HTTP/1.1 201"), "{line}");
        loop {
            line.clear();
            stream.read_line(&mut line).await.unwrap();
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
        stream.read_exact(&mut vec![0; length]).await.unwrap();
    }
}
