//! Passwords take turns.
//!
//! One hash takes 19 MB and tens of milliseconds of a core, so that hundreds of logins at once would
//! take gigabytes and every core: so many are worked on, so many wait, and everybody else is told at
//! once to come again.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::decide::FieldError;

use super::error::WebError;
use super::parts::WHOLE_FORM;

/// How many are worked on at once; each takes one core.
const AT_ONCE: usize = 2;
/// How many more may wait: about two seconds of work.
const MAX_WAITING: usize = 64;

/// Where passwords wait for their turn.
#[derive(Debug)]
pub struct Hashing {
    /// For those that are worked on.
    places: Arc<Semaphore>,
    /// For those that are worked on and those that wait.
    room: Semaphore,
}

impl Default for Hashing {
    fn default() -> Self {
        Self::new(AT_ONCE, MAX_WAITING)
    }
}

impl Hashing {
    /// Works on `at_once` passwords while `waiting` more may wait.
    #[must_use]
    pub fn new(at_once: usize, waiting: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), room: Semaphore::new(at_once + waiting) }
    }

    /// Does `work` in its turn, on a thread where it may block. `work` should hash and no more:
    /// what waits for the disk as well would keep others from theirs.
    ///
    /// # Errors
    /// [`WebError::Busy`] at once when too many wait, whoever asks.
    pub async fn turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WebError> {
        let Ok(_room) = self.room.try_acquire() else { return Err(busy()) };
        // It is never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let done = tokio::task::spawn_blocking(move || {
            // Whoever asked may go away; what was begun takes its place until it is done.
            let _held = place;
            work()
        });
        done.await.map_err(|error| WebError::internal(&error))
    }
}

fn busy() -> WebError {
    WebError::Busy("Banyak orang sedang masuk. Tunggu beberapa detik, lalu coba lagi.".to_owned())
}

/// What a form shows whose password found no turn, so that what was typed beside it is kept.
///
/// # Errors
/// Every other error.
pub(super) fn no_turn(error: WebError) -> Result<FieldError, WebError> {
    match error {
        WebError::Busy(text) => Ok(FieldError::new(WHOLE_FORM, text)),
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Work that says when it was begun and ends when told so.
    struct Held {
        begun: mpsc::Receiver<()>,
        end: mpsc::SyncSender<()>,
    }

    fn held() -> (Held, impl FnOnce() + Send + 'static) {
        let (begin, begun) = mpsc::sync_channel(1);
        let (end, ended) = mpsc::sync_channel(1);
        let work = move || {
            begin.send(()).unwrap();
            ended.recv().unwrap();
        };
        (Held { begun, end }, work)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn so_many_at_once_so_many_wait_and_the_rest_comes_again() {
        let hashing = Arc::new(Hashing::new(2, 1));
        let begin = |work| {
            let hashing = Arc::clone(&hashing);
            tokio::spawn(async move { hashing.turn(work).await })
        };
        let ((one, work_one), (two, work_two), (three, work_three)) = (held(), held(), held());
        let first = [begin(work_one), begin(work_two)];
        one.begun.recv().unwrap();
        two.begun.recv().unwrap();
        let mut waiting = Box::pin(hashing.turn(work_three));
        assert!(futures::poll!(waiting.as_mut()).is_pending());
        assert_eq!(hashing.turn(|| ()).await, Err(busy()), "one waits, and no more may");
        assert!(three.begun.try_recv().is_err(), "two are worked on, and no more may be");
        one.end.send(()).unwrap();
        three.end.send(()).unwrap();
        assert_eq!(waiting.await, Ok(()));
        // A place is free again, and so is the room to wait.
        assert_eq!(hashing.turn(|| 7).await, Ok(7));
        two.end.send(()).unwrap();
        for done in first {
            assert_eq!(done.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_begun_keeps_its_place_when_nobody_waits_for_it() {
        let hashing = Hashing::new(1, 1);
        let (one, work) = held();
        {
            let mut asked = Box::pin(hashing.turn(work));
            assert!(futures::poll!(asked.as_mut()).is_pending());
            one.begun.recv().unwrap();
        }
        assert_eq!(hashing.places.available_permits(), 0);
        let mut next = Box::pin(hashing.turn(|| ()));
        assert!(futures::poll!(next.as_mut()).is_pending());
        one.end.send(()).unwrap();
        assert_eq!(next.await, Ok(()));
    }
}
