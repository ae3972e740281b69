//! Reading with the rule of imports: their lines count only once the closing line stands.

use std::ops::ControlFlow;

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
/// Import lines are read a second time instead of being kept, so memory stays bounded.
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
    journal.read(from, &mut |line| match line.import {
        _ if !goes_on() => ControlFlow::Break(()),
        None => visit(line, line.seq),
        Some(Import::Part(_)) => ControlFlow::Continue(()),
        Some(Import::Close { .. }) => match read_import(journal, line, visit) {
            Ok(flow) => flow,
            Err(error) => {
                outcome = Err(error);
                ControlFlow::Break(())
            }
        },
    })?;
    outcome
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
    if found != lines {
        return Err(JournalError::Import { seq: close.seq, expected: lines, found });
    }
    Ok(visit(close, close.seq))
}
