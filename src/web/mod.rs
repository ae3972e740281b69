//! The web face: pages and the API over HTTP. Knows the app, never an engine.

pub mod api;
pub mod assets;
pub mod error;
pub mod extract;
pub mod guide;
pub mod hashing;
mod history;
pub mod kept;
pub mod multipart;
pub mod page;
pub mod pages;
mod parts;
pub mod prepare;
#[cfg(feature = "pdf")]
pub mod print;
pub mod query;
pub mod routes;
pub mod serve;
pub mod uploads;
pub mod urls;

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::config::Config;

/// What every handler may use. Cloning it clones pointers.
#[derive(Clone)]
pub struct Web {
    /// Journal, state, texts: the program itself.
    pub app: Arc<App>,
    /// Settings of this process.
    pub config: Arc<Config>,
    /// Texts as HTML, made once per content hash.
    pub guides: Arc<guide::Guides>,
    /// Where passwords wait for their turn.
    pub hashing: Arc<hashing::Hashing>,
    /// Answers as they go out, for what looks the same to everybody.
    pub kept: Arc<kept::Kept>,
    /// How long a request may take before it is given up.
    pub patience: Duration,
    /// Files that were uploaded to be looked at first.
    pub uploads: Arc<uploads::Uploads>,
    /// Makes and keeps PDFs.
    #[cfg(feature = "pdf")]
    pub press: Arc<print::Press>,
}

impl Web {
    /// The web face of a running program.
    #[must_use]
    pub fn new(app: Arc<App>, config: Config) -> Self {
        Self {
            app,
            config: Arc::new(config),
            guides: Arc::default(),
            hashing: Arc::default(),
            kept: Arc::default(),
            patience: routes::REQUEST_TIMEOUT,
            uploads: Arc::default(),
            #[cfg(feature = "pdf")]
            press: Arc::default(),
        }
    }
}
