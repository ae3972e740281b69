//! A client for HTTP/1.1 in a few lines: one connection, kept alive, nothing hidden.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A server that says nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// One connection of one user.
pub(crate) struct Client {
    address: SocketAddr,
    token: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client of the server at `address` (host and port), with an API token or an empty one.
    pub(crate) fn new(address: &str, token: &str) -> Self {
        Self { address: address.parse().unwrap(), token: token.to_owned(), stream: None }
    }

    /// Asks for a page or a resource; the server must answer.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "").unwrap();
        self.receive().unwrap()
    }

    /// Posts JSON; the server must answer.
    pub(crate) fn post(&mut self, path: &str, body: &str) -> Answer {
        self.send("POST", path, body).unwrap();
        self.receive().unwrap()
    }

    /// Sends a request without waiting for the answer.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> io::Result<()> {
        let head = self.head(method, path, body.len(), "");
        let stream = self.stream()?;
        stream.get_mut().write_all((head + body).as_bytes())
    }

    /// Sends the head of a post that asks whether to go on, and waits until a handler reads on.
    pub(crate) fn begin_post(&mut self, path: &str, length: usize) -> io::Result<()> {
        let head = self.head("POST", path, length, "Expect: 100-continue\r\n");
        let stream = self.stream()?;
        stream.get_mut().write_all(head.as_bytes())?;
        let mut line = String::new();
        stream.read_line(&mut line)?;
        assert!(line.starts_with("HTTP/1.1 100"), "{line}");
        stream.read_line(&mut line)?;
        Ok(())
    }

    /// Sends what [`Client::begin_post`] promised.
    pub(crate) fn go_on(&mut self, body: &str) -> io::Result<()> {
        self.stream()?.get_mut().write_all(body.as_bytes())
    }

    /// Waits for the answer to what was sent.
    pub(crate) fn receive(&mut self) -> io::Result<Answer> {
        let stream = self.stream.as_mut().ok_or(ErrorKind::NotConnected)?;
        let answer = read_answer(stream);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn head(&self, method: &str, path: &str, length: usize, more: &str) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        if !self.token.is_empty() {
            head += &format!("Authorization: Bearer {}\r\n", self.token);
        }
        if method == "POST" {
            head += &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n");
        }
        head + more + "\r\n"
    }

    fn stream(&mut self) -> io::Result<&mut BufReader<TcpStream>> {
        let stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                BufReader::new(stream)
            }
        };
        Ok(self.stream.insert(stream))
    }
}

/// Reads an answer whose length is told; ours always tell it to a client that takes no compression.
fn read_answer(stream: &mut impl BufRead) -> io::Result<Answer> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or(ErrorKind::InvalidData)?;
    let mut length = 0;
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(|_| ErrorKind::InvalidData)?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let body = String::from_utf8(body).map_err(|_| ErrorKind::InvalidData)?;
    Ok(Answer { status, body })
}
