//! Reading with the rule of imports: their lines count only once the closing line stands.

use std::ops::ControlFlow;

use uuid::Uuid;

use super::error::JournalError;
use super::line::{Import, Line};
use super::{Journal, Visit};

/// Gives the lines that count, from position `from` on, in the order in which they take effect.
///
/// Lines of an import are passed over until the closing line; there they come all together, from
/// the import's first line to the closing one, also those that stand before `from`. Lines of an
/// import that was never closed never come. The second argument of `visit` is the position at
/// which the line takes effect: what a reader has seen is complete up to there only when a line
/// of a later position comes or the read ends.
///
/// Where other lines stand between those of an import, its lines are read a second time instead of
/// being kept, so memory stays bounded.
///
/// # Errors
/// As for [`Journal::read`]; [`JournalError::Import`] if a closing line counts other lines than
/// there are.
pub fn read_effective(
    journal: &dyn Journal,
    from: u64,
    visit: &mut dyn FnMut(&Line, u64) -> ControlFlow<()>,
) -> Result<(), JournalError> {
    read_effective_while(journal, from, &|| true, visit)
}

/// The same as long as `goes_on`, which is also asked while the lines of an import are passed over.
///
/// # Errors
/// As for [`read_effective`].
pub fn read_effective_while(
    journal: &dyn Journal,
    from: u64,
    goes_on: &dyn Fn() -> bool,
    visit: &mut dyn FnMut(&Line, u64) -> ControlFlow<()>,
) -> Result<(), JournalError> {
    let mut outcome = Ok(());
    let mut going = Going { end: journal.head().seq + 1, ..Going::default() };
    journal.read(from, &mut |line| {
        if !goes_on() {
            return ControlFlow::Break(());
        }
        going.take(journal, line, visit).unwrap_or_else(|error| {
            outcome = Err(error);
            ControlFlow::Break(())
        })
    })?;
    outcome
}

/// What is known of the imports whose lines are being read.
#[derive(Default)]
struct Going {
    /// The number behind the last line that there was when the reading began: what came since may
    /// not be reached by it.
    end: u64,
    /// The import whose end was looked for last.
    asked: Option<Uuid>,
    /// Its closing line, where all lines before that are its own and nothing has to be read twice.
    close: Option<u64>,
    /// How many of its lines came.
    found: u64,
}

impl Going {
    fn take(
        &mut self,
        journal: &dyn Journal,
        line: &Line,
        visit: &mut dyn FnMut(&Line, u64) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, JournalError> {
        match line.import {
            None => Ok(visit(line, line.seq)),
            Some(Import::Part(id)) => {
                if self.asked != Some(id) {
                    self.close = closing_of(journal, (line.seq, self.end), id)?;
                    (self.asked, self.found) = (Some(id), 0);
                }
                let Some(close) = self.close else { return Ok(ControlFlow::Continue(())) };
                self.found += 1;
                Ok(visit(line, close))
            }
            Some(Import::Close { lines, .. }) if self.close == Some(line.seq) => {
                counted(line, lines, self.found)?;
                Ok(visit(line, line.seq))
            }
            Some(Import::Close { .. }) => read_import(journal, line, visit),
        }
    }
}

/// The closing line, before line `end`, of an import that begins with line `first`, if nothing stands
/// between its lines. It is looked for in ever longer steps, so hardly any line is read.
fn closing_of(
    journal: &dyn Journal,
    (first, end): (u64, u64),
    id: Uuid,
) -> Result<Option<u64>, JournalError> {
    let is_part = |seq: u64| {
        let line = if seq < end { journal.line(seq)? } else { None };
        Ok::<_, JournalError>(line.is_some_and(|line| line.import == Some(Import::Part(id))))
    };
    // Line `inside` is one of its lines; somewhere up to `outside` one is not.
    let (mut inside, mut step) = (first, 1);
    let mut outside = loop {
        let next = (inside + step).min(end);
        if !is_part(next)? {
            break next;
        }
        (inside, step) = (next, step * 2);
    };
    while outside - inside > 1 {
        let middle = inside.midpoint(outside);
        if is_part(middle)? {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    let close = if outside < end { journal.line(outside)? } else { None };
    let own = Some(Import::Close { id, first, lines: outside - first });
    Ok(close.filter(|line| line.import == own).map(|line| line.seq))
}

fn counted(close: &Line, lines: u64, found: u64) -> Result<(), JournalError> {
    if found == lines {
        return Ok(());
    }
    Err(JournalError::Import { seq: close.seq, expected: lines, found })
}

/// Gives the lines of a closed import and then its closing line.
fn read_import(
    journal: &dyn Journal,
    close: &Line,
    visit: &mut dyn FnMut(&Line, u64) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, JournalError> {
    let Some(Import::Close { id, first, lines }) = close.import else {
        return Ok(visit(close, close.seq));
    };
    let (mut found, mut flow) = (0, ControlFlow::Continue(()));
    let each: &mut Visit<'_> = &mut |line| {
        if line.seq >= close.seq {
            return ControlFlow::Break(());
        }
        if line.import == Some(Import::Part(id)) {
            found += 1;
            flow = visit(line, close.seq);
        }
        flow
    };
    journal.read(first, each)?;
    if flow.is_break() {
        return Ok(flow);
    }
    counted(close, lines, found)?;
    Ok(visit(close, close.seq))
}
