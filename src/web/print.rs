//! Documents: made on blocking threads, so many at a time, each once however many ask for it, and
//! kept by content up to a bound.
//!
//! A document cannot be stopped once begun. So that no text can hold up the others, those that are
//! heavy take turns on one place, and the other place is always left to the light ones.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use crate::curriculum::shipped;
use crate::decide::FieldError;
use crate::ids::Digest;
use crate::print::{Document, Options, Pdf, Preview, PrintError, Printer};

use super::error::WebError;

/// How many documents are made at once; each takes one core.
const AT_ONCE: usize = 2;
/// How many different ones may be in the making or wait; further ones are told to come again.
const MAX_WAITING: usize = 32;
/// How many of those may be heavy.
const MAX_HEAVY_WAITING: usize = 8;
/// The heaviest document that is light, as [`crate::print::weight`] counts: about four sesi.
const LIGHT: usize = 250_000;
/// The most bytes of finished documents that are kept.
const KEPT_BYTES: usize = 24 * 1024 * 1024;
/// What a kept answer costs beside its bytes.
const KEPT_EACH: usize = 1024;
/// How long a request waits for its document, which is made and kept all the same.
const PATIENCE: Duration = Duration::from_secs(25);

/// Makes one document; given to the closure that fills it, on the thread where it may block.
pub type Render<'r> = dyn Fn(&Document<'_>) -> Result<Made, PrintError> + 'r;

/// Fills a document and has it made.
pub type Make = Box<dyn FnOnce(&Render<'_>) -> Result<Made, PrintError> + Send>;

/// A document that is wanted.
pub struct Job {
    /// Names everything that it depends on.
    pub key: Digest,
    /// What was chosen.
    pub options: Options,
    /// How much there is to lay out, as [`crate::print::weight`] counts.
    pub weight: usize,
    /// Fills it.
    pub make: Make,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("key", &self.key).field("weight", &self.weight).finish()
    }
}

/// What was made of a document.
#[derive(Debug, Clone)]
pub enum Made {
    /// The file.
    Pdf(Arc<Pdf>),
    /// A picture of its first page and its number of sheets.
    Preview(Arc<Preview>),
}

impl Made {
    fn bytes(&self) -> usize {
        match self {
            Self::Pdf(pdf) => pdf.bytes.len(),
            Self::Preview(preview) => preview.pages.iter().map(String::len).sum(),
        }
    }
}

/// The document, or why there is none.
type Answer = Result<Made, WebError>;

/// Makes and keeps documents.
#[derive(Debug)]
pub struct Press {
    printer: OnceLock<Printer>,
    places: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
    patience: Duration,
    desk: Mutex<Desk>,
}

/// What is kept and what is in the making.
#[derive(Debug, Default)]
struct Desk {
    kept: HashMap<Digest, Kept>,
    held: usize,
    turn: u64,
    making: HashMap<Digest, Making>,
}

#[derive(Debug)]
struct Kept {
    answer: Answer,
    bytes: usize,
    /// When it was last asked for, in turns.
    used: u64,
}

#[derive(Debug)]
struct Making {
    told: watch::Receiver<Option<Answer>>,
    heavy: bool,
}

impl Default for Press {
    fn default() -> Self {
        Self {
            printer: OnceLock::new(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            heavy: Arc::new(Semaphore::new(1)),
            patience: PATIENCE,
            desk: Mutex::default(),
        }
    }
}

impl Desk {
    fn known(&mut self, name: &Digest) -> Option<Answer> {
        self.turn += 1;
        let kept = self.kept.get_mut(name)?;
        kept.used = self.turn;
        Some(kept.answer.clone())
    }

    /// Keeps an answer, also that a document cannot be printed, so that asking again costs nothing.
    fn keep(&mut self, name: Digest, answer: &Answer) {
        let bytes = answer.as_ref().map_or(0, Made::bytes) + KEPT_EACH;
        if bytes > KEPT_BYTES / 4 {
            return;
        }
        while self.held + bytes > KEPT_BYTES {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(name, _)| *name);
            let Some(gone) = oldest.and_then(|oldest| self.kept.remove(&oldest)) else { break };
            self.held -= gone.bytes;
        }
        self.turn += 1;
        self.held += bytes;
        self.kept.insert(name, Kept { answer: answer.clone(), bytes, used: self.turn });
    }

    fn has_room(&self, heavy: bool) -> bool {
        let waiting = self.making.values().filter(|one| one.heavy).count();
        self.making.len() < MAX_WAITING && (!heavy || waiting < MAX_HEAVY_WAITING)
    }
}

impl Press {
    /// The file, made now or kept from before.
    ///
    /// # Errors
    /// When too many wait, it takes too long, or the document cannot be printed.
    pub async fn pdf(self: &Arc<Self>, job: Job) -> Result<Arc<Pdf>, WebError> {
        match self.made(Kind::Pdf, job).await? {
            Made::Pdf(pdf) => Ok(pdf),
            Made::Preview(_) => Err(WebError::internal(&"a picture stood where a file belongs")),
        }
    }

    /// The picture of the first page and the number of sheets.
    ///
    /// # Errors
    /// As [`Press::pdf`].
    pub async fn preview(self: &Arc<Self>, job: Job) -> Result<Arc<Preview>, WebError> {
        match self.made(Kind::Preview, job).await? {
            Made::Preview(preview) => Ok(preview),
            Made::Pdf(_) => Err(WebError::internal(&"a file stood where a picture belongs")),
        }
    }

    async fn made(self: &Arc<Self>, kind: Kind, job: Job) -> Answer {
        let name = Digest::of_bytes(format!("{kind:?} {}", job.key).as_bytes());
        let heavy = job.weight > LIGHT;
        let mut told = {
            let mut desk = self.desk();
            if let Some(answer) = desk.known(&name) {
                return answer;
            }
            if let Some(making) = desk.making.get(&name) {
                making.told.clone()
            } else {
                if !desk.has_room(heavy) {
                    return Err(busy());
                }
                let (tell, told) = watch::channel(None);
                desk.making.insert(name, Making { told: told.clone(), heavy });
                // Whoever asked may go away; what was begun is finished and kept.
                tokio::spawn(Arc::clone(self).work((name, kind, heavy), job, tell));
                told
            }
        };
        match tokio::time::timeout(self.patience, told.wait_for(Option::is_some)).await {
            Ok(Ok(answer)) => answer.clone().unwrap_or_else(|| Err(slow())),
            Ok(Err(error)) => Err(WebError::internal(&error)),
            Err(_) => Err(slow()),
        }
    }

    async fn work(
        self: Arc<Self>,
        (name, kind, heavy): (Digest, Kind, bool),
        job: Job,
        tell: watch::Sender<Option<Answer>>,
    ) {
        // Neither semaphore is ever closed.
        let lane = if heavy { Arc::clone(&self.heavy).acquire_owned().await.ok() } else { None };
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let press = Arc::clone(&self);
        let made = tokio::task::spawn_blocking(move || {
            let _held = (lane, place);
            let printer = press.printer.get_or_init(Printer::new);
            let Job { options, make, .. } = job;
            let pictures = &shipped::shipped_picture;
            make(&|document| match kind {
                Kind::Pdf => Ok(Made::Pdf(Arc::new(printer.render(document, &options, pictures)?))),
                Kind::Preview => {
                    let preview = printer.preview(document, &options, pictures, 1)?;
                    Ok(Made::Preview(Arc::new(preview)))
                }
            })
        });
        let answer = match made.await {
            Ok(made) => made.map_err(refused),
            Err(error) => Err(WebError::internal(&error)),
        };
        {
            let mut desk = self.desk();
            desk.making.remove(&name);
            desk.keep(name, &answer);
        }
        tell.send_replace(Some(answer));
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // Finished values are whole whatever happened to the thread that held them.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Pdf,
    Preview,
}

fn busy() -> WebError {
    WebError::Busy("Banyak yang sedang mencetak. Tunggu sebentar, lalu coba lagi.".to_owned())
}

fn slow() -> WebError {
    WebError::Busy(
        "Dokumen ini besar dan masih disusun. Tunggu sebentar, lalu buka lagi; hasilnya disimpan."
            .to_owned(),
    )
}

fn refused(error: PrintError) -> WebError {
    match error {
        PrintError::Engine { ref reason } => {
            tracing::error!(reason, "a document could not be printed");
            WebError::Invalid(vec![FieldError::new("cetak", error.to_string())])
        }
        other => WebError::Invalid(vec![FieldError::new("cetak", other.to_string())]),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;

    use super::*;
    use crate::print::Sheets;

    fn preview(bytes: usize) -> Made {
        Made::Preview(Arc::new(Preview {
            pages: vec!["x".repeat(bytes)],
            sheets: Sheets::of(1),
            file_name: String::new(),
            size: (1, 1),
        }))
    }

    fn job(name: &str, weight: usize, make: Make) -> Job {
        let key = Digest::of_bytes(name.as_bytes());
        Job { key, options: Options::default(), weight, make }
    }

    fn quick(name: &str, weight: usize) -> Job {
        job(name, weight, Box::new(|_| Ok(preview(1))))
    }

    /// A document that is only finished when told so; also says when it was begun.
    fn held(name: &str, weight: usize) -> (Job, mpsc::Receiver<()>, mpsc::SyncSender<()>) {
        let (begin, begun) = mpsc::sync_channel(1);
        let (finish, end) = mpsc::sync_channel(1);
        let make: Make = Box::new(move |_| {
            begin.send(()).unwrap();
            end.recv().unwrap();
            Ok(preview(1))
        });
        (job(name, weight, make), begun, finish)
    }

    fn impatient() -> Arc<Press> {
        Arc::new(Press { patience: Duration::ZERO, ..Press::default() })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn heavy_documents_never_take_both_places() {
        let press = impatient();
        let (first, begun, finish) = held("first", LIGHT + 1);
        let (second, not_begun, finish_second) = held("second", LIGHT + 1);
        assert_eq!(press.preview(first).await.unwrap_err(), slow());
        begun.recv().unwrap();
        assert_eq!(press.preview(second).await.unwrap_err(), slow());
        // A light one is made while a heavy one is in the making and another one waits.
        let (light, light_begun, light_finish) = held("light", 1);
        assert_eq!(press.preview(light).await.unwrap_err(), slow());
        light_begun.recv().unwrap();
        assert!(not_begun.try_recv().is_err(), "the second heavy one waits for the first");
        for end in [light_finish, finish, finish_second] {
            end.send(()).unwrap();
        }
        not_begun.recv().unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn too_many_that_wait_are_told_so() {
        let press = impatient();
        let (first, begun, finish) = held("first", LIGHT + 1);
        assert_eq!(press.preview(first).await.unwrap_err(), slow());
        begun.recv().unwrap();
        for at in 1..MAX_HEAVY_WAITING {
            let waiting = press.preview(quick(&format!("heavy {at}"), LIGHT + 1)).await;
            assert_eq!(waiting.unwrap_err(), slow());
        }
        assert_eq!(press.preview(quick("heavy", LIGHT + 1)).await.unwrap_err(), busy());
        let patient = press.preview(quick("light", 1)).await;
        assert_ne!(patient.err(), Some(busy()), "light ones still find room");
        finish.send(()).unwrap();
    }

    #[tokio::test]
    async fn a_document_is_made_once_also_one_that_is_refused() {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let press = Arc::new(Press::default());
        for (name, refuse) in [("whole", false), ("refused", true)] {
            MADE.store(0, Ordering::SeqCst);
            let one = || {
                let make: Make = Box::new(move |_| {
                    MADE.fetch_add(1, Ordering::SeqCst);
                    if refuse { Err(PrintError::Missing("isi")) } else { Ok(preview(1)) }
                });
                press.preview(job(name, 1, make))
            };
            let answers = tokio::join!(one(), one(), one());
            let again = one().await;
            assert_eq!(again.is_err(), refuse);
            assert_eq!(
                (answers.0.is_err(), answers.1.is_err(), answers.2.is_err()),
                (refuse, refuse, refuse)
            );
            assert_eq!(MADE.load(Ordering::SeqCst), 1, "{name}");
        }
    }

    #[test]
    fn what_was_not_asked_for_longest_goes_first() {
        let mut desk = Desk::default();
        let name = |at: usize| Digest::of_bytes(&at.to_be_bytes());
        let each = KEPT_BYTES / 5;
        for at in 0..4 {
            desk.keep(name(at), &Ok(preview(each)));
        }
        assert!(desk.known(&name(0)).is_some());
        desk.keep(name(4), &Ok(preview(each)));
        let there: Vec<bool> = (0..5).map(|at| desk.known(&name(at)).is_some()).collect();
        assert_eq!(there, [true, false, true, true, true]);
        desk.keep(name(5), &Ok(preview(KEPT_BYTES / 4)));
        assert!(desk.known(&name(5)).is_none(), "what is too large is not kept");
        assert!(desk.held <= KEPT_BYTES);
    }
}
