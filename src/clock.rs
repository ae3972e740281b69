//! The one source of time and of randomness. Both are handed in wherever they are needed, so that a
//! test or a demo can set them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Tells the time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self { now: Arc::new(system_now) }
    }

    /// A clock that always shows the same time.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self { now: Arc::new(move || at) }
    }

    /// A clock that tests turn by hand.
    #[must_use]
    pub fn by(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now) }
    }

    /// The clock of the machine, moved so that it shows `at` now.
    #[must_use]
    pub fn starting_at(at: Timestamp) -> Self {
        let by: SignedDuration = at.duration_since(system_now());
        Self { now: Arc::new(move || system_now().saturating_add(by).unwrap_or(at)) }
    }

    /// The time, to the millisecond, as the journal keeps it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = (self.now)();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// A new id whose order is that of time (`UUIDv7`).
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn new_id(&self) -> Result<Uuid, NoRandomness> {
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        let random = random::<10>()?;
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the machine")]
fn system_now() -> Timestamp {
    Timestamp::try_from(std::time::SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The machine gives no random bytes; nothing secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Mesin ini tidak dapat memberi angka acak, sehingga kata sandi dan tautan tidak dapat dibuat."
)]
pub struct NoRandomness;

/// Random bytes fit for secrets.
///
/// # Errors
/// When the machine gives none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
