//! The socket through which commands reach a running server: one operation a connection.
//!
//! A frame is the length of its JSON head and of its payload (4 and 8 bytes, little-endian), then
//! both. The file is readable by its owner alone, and whoever can open it owns the data anyway.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clock::Clock;
use crate::ops::{self, Op, Outcome};

/// The longest head, in bytes.
const MAX_HEAD: u32 = 4 * 1024 * 1024;
/// The longest payload, in bytes.
const MAX_PAYLOAD: u64 = 1024 * 1024 * 1024;
/// What is said when the answer does not arrive whole.
const BROKEN_OFF: &str = "Jawaban server yang berjalan terputus, jadi hasilnya tidak diketahui. Periksa datanya sebelum mengulangi perintah ini";
/// Where a server listens unless it is told otherwise.
const USUAL: &str = "http://127.0.0.1:8080";
/// A client that says nothing for so long is hung up on.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The socket of a server; its file goes away with it.
pub(super) struct Socket {
    path: PathBuf,
}

impl Drop for Socket {
    fn drop(&mut self) {
        // A file that is gone already is what is wanted.
        let _gone = std::fs::remove_file(&self.path);
    }
}

fn path(data: &Path) -> PathBuf {
    data.join("p2k2.sock")
}

/// Answers operations until the process ends. The directory's lock is held, so a socket file that
/// stands is left over from a crash.
pub(super) fn listen(data: &Path, app: Arc<App>, address: String) -> Result<Socket> {
    let path = path(data);
    let _left_over = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path)
        .with_context(|| format!("Soket {} tidak dapat dibuat", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    std::thread::Builder::new().name("socket".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let app = Arc::clone(&app);
            // One at a time is enough for commands of one person, and bounds memory.
            if let Err(error) = answer(stream, &app, &address) {
                tracing::warn!(%error, "an operation through the socket broke off");
            }
        }
    })?;
    Ok(Socket { path })
}

fn answer(mut stream: UnixStream, app: &App, address: &str) -> Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    let (op, payload): (Op, Vec<u8>) = receive(&mut stream)?;
    let Outcome { text, errors, exit, payload } = ops::run(app, &op, (&payload, address));
    let answer = Answer { exit, text: text.len(), errors: errors.len() };
    send(&mut stream, &answer, &[text.as_bytes(), errors.as_bytes(), &payload])
}

/// The head of an answer. What is said may be long, such as a line for every bad row of a large
/// file, so it stands in the payload: the text, the errors, then the bytes of a file.
#[derive(Serialize, Deserialize)]
struct Answer {
    exit: u8,
    /// Bytes of the text.
    text: usize,
    /// Bytes of the errors.
    errors: usize,
}

impl Answer {
    fn with(&self, payload: &[u8]) -> Result<Outcome> {
        let (text, rest) = payload.split_at_checked(self.text).context(BROKEN_OFF)?;
        let (errors, file) = rest.split_at_checked(self.errors).context(BROKEN_OFF)?;
        Ok(Outcome {
            text: String::from_utf8(text.to_vec())?,
            errors: String::from_utf8(errors.to_vec())?,
            exit: self.exit,
            payload: file.to_vec(),
        })
    }
}

fn send<T: Serialize>(stream: &mut UnixStream, head: &T, payload: &[&[u8]]) -> Result<()> {
    let head = serde_json::to_vec(head)?;
    let length = u32::try_from(head.len())?;
    stream.write_all(&length.to_le_bytes())?;
    let bytes: usize = payload.iter().map(|part| part.len()).sum();
    stream.write_all(&(bytes as u64).to_le_bytes())?;
    stream.write_all(&head)?;
    for part in payload {
        stream.write_all(part)?;
    }
    Ok(())
}

fn receive<T: DeserializeOwned>(stream: &mut UnixStream) -> Result<(T, Vec<u8>)> {
    let mut length = [0; 4];
    let mut payload_length = [0; 8];
    stream.read_exact(&mut length)?;
    stream.read_exact(&mut payload_length)?;
    let (length, payload_length) = (u32::from_le_bytes(length), u64::from_le_bytes(payload_length));
    if length > MAX_HEAD || payload_length > MAX_PAYLOAD {
        bail!("Kiriman lewat soket terlalu besar");
    }
    let mut head = vec![0; length as usize];
    stream.read_exact(&mut head)?;
    let mut payload = Vec::new();
    stream.take(payload_length).read_to_end(&mut payload)?;
    Ok((serde_json::from_slice(&head)?, payload))
}

/// A connection to the server that runs on a directory.
pub(super) struct Server(UnixStream);

impl Server {
    /// The one that runs there, if one does.
    pub(super) fn of(data: &Path) -> Option<Self> {
        UnixStream::connect(path(data)).ok().map(Self)
    }

    /// Lets it carry an operation out.
    fn call(mut self, op: &Op, payload: &[u8]) -> Result<Outcome> {
        send(&mut self.0, op, &[payload])?;
        let (answer, payload): (Answer, Vec<u8>) = receive(&mut self.0).context(BROKEN_OFF)?;
        answer.with(&payload)
    }
}

/// Carries an operation out: through the socket of a running server, or on the directory itself.
pub(super) fn call(data: &Path, op: &Op, payload: &[u8]) -> Result<Outcome> {
    call_at(Server::of(data), data, op, payload)
}

/// The same where it is known whether a server runs.
pub(super) fn call_at(
    server: Option<Server>,
    data: &Path,
    op: &Op,
    payload: &[u8],
) -> Result<Outcome> {
    if let Some(server) = server {
        return server.call(op, payload);
    }
    let app = super::serve::open(data, Clock::system())?;
    let outcome = ops::run(&app, op, (payload, USUAL));
    app.close()?;
    Ok(outcome)
}

/// Prints what came of an operation and gives its exit code.
pub(super) fn print(outcome: &Outcome) -> u8 {
    print!("{}", outcome.text);
    if !outcome.errors.is_empty() {
        eprintln!("{}", outcome.errors.trim_end());
    }
    outcome.exit
}
