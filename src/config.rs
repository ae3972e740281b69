//! Settings of one process: where its data is, where it listens, what its public address is.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Settings that come from the command line and the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// The public address, such as `https://p2k2.example.go.id`, without a slash at the end; without
    /// it no QR code is printed and links are relative.
    pub url: Option<String>,
    /// Whether plain HTTP beyond this machine was asked for by name.
    pub plain_http: bool,
    /// Whether this is the demo: every page says so.
    pub demo: bool,
}

impl Config {
    /// Whether browsers reach the server over TLS, so that cookies may demand it.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The public address of a path, or the path itself where no public address is known.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.url.as_deref().unwrap_or(""))
    }

    /// The name of the login cookie: bound to the host behind TLS.
    #[must_use]
    pub fn cookie(&self) -> &'static str {
        if self.secure() { "__Host-masuk" } else { "masuk" }
    }
}
