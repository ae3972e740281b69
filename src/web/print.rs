//! PDFs: made on blocking threads behind a semaphore, kept by content up to a bound.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Semaphore;

use crate::curriculum::shipped;
use crate::ids::Digest;
use crate::print::{Document, Options, Pdf, PrintError, Printer};

use super::error::WebError;

/// How many documents are made at once; each takes one core.
const AT_ONCE: usize = 2;
/// How many may wait; more are told that the server is busy.
const MAX_WAITING: usize = 32;
/// The most bytes of finished documents that are kept.
const KEPT_BYTES: usize = 24 * 1024 * 1024;

/// Renders one document; given to the closure that makes it, on the thread where it may block.
pub type Render<'r> = dyn Fn(&Document<'_>) -> Result<Pdf, PrintError> + 'r;

/// Makes and keeps PDFs.
#[derive(Debug)]
pub struct Press {
    printer: OnceLock<Printer>,
    places: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    kept: Mutex<HashMap<Digest, Arc<Pdf>>>,
}

impl Default for Press {
    fn default() -> Self {
        Self {
            printer: OnceLock::new(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(MAX_WAITING)),
            kept: Mutex::default(),
        }
    }
}

impl Press {
    /// The document, made now or kept from before. `key` names everything that it depends on.
    ///
    /// # Errors
    /// When too many wait, or the document cannot be printed.
    pub async fn pdf(
        self: &Arc<Self>,
        key: Digest,
        options: Options,
        document: impl FnOnce(&Render<'_>) -> Result<Pdf, PrintError> + Send + 'static,
    ) -> Result<Arc<Pdf>, WebError> {
        if let Some(pdf) = self.kept().get(&key) {
            return Ok(Arc::clone(pdf));
        }
        let busy = || {
            WebError::Busy(
                "Banyak yang sedang mencetak. Tunggu sebentar, lalu coba lagi.".to_owned(),
            )
        };
        let _waiting = self.waiting.try_acquire().map_err(|_| busy())?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| busy())?;
        let press = Arc::clone(self);
        let made = tokio::task::spawn_blocking(move || {
            let _place = place;
            let printer = press.printer.get_or_init(Printer::new);
            document(&|document| printer.render(document, &options, &shipped::shipped_picture))
        })
        .await
        .map_err(|error| WebError::internal(&error))?;
        let pdf = Arc::new(made.map_err(refused)?);
        self.keep(key, &pdf);
        Ok(pdf)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Arc<Pdf>>> {
        // A map of finished values is whole whatever happened to the thread that held it.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, key: Digest, pdf: &Arc<Pdf>) {
        let mut kept = self.kept();
        let held: usize = kept.values().map(|pdf| pdf.bytes.len()).sum();
        if held + pdf.bytes.len() > KEPT_BYTES {
            // Each can be made again in a moment; starting over needs no memory of ages.
            kept.clear();
        }
        if pdf.bytes.len() <= KEPT_BYTES / 4 {
            kept.insert(key, Arc::clone(pdf));
        }
    }
}

fn refused(error: PrintError) -> WebError {
    match error {
        PrintError::Engine { .. } => WebError::internal(&error),
        other => {
            WebError::Invalid(vec![crate::decide::FieldError::new("cetak", other.to_string())])
        }
    }
}
