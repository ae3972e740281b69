//! Freezing months when they are over.

use crate::command::{Actor, Command};
use crate::kelompok::wilayah::Zone;

use super::{App, SubmitError};

impl App {
    /// Sets down the figures of every month that is over and was not frozen yet; gives the number
    /// of lines written. To be called at the start and now and then, outside of the async runtime.
    ///
    /// # Errors
    /// When a line cannot be kept right now; what is missing is made up for by the next call.
    pub fn freeze_ended_months(&self) -> Result<usize, SubmitError> {
        let mut lines = 0;
        loop {
            // A month is over when it is over in WIB, the zone in which it ends last.
            let today = Zone::Wib.date(self.clock().now());
            let Some(due) = self.state().freeze_due(today) else { return Ok(lines) };
            let command = Command::FreezeMonth { month: due.month, after: due.after };
            let request = self
                .request(Actor::System, command)
                .map_err(|error| SubmitError::Disk(error.to_string()))?;
            self.submit_blocking(request)?;
            lines += 1;
        }
    }
}
