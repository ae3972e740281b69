//! What a thread does with a piece: reads its rows, decides them, and makes ready what they lead to.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Mutex, PoisonError, RwLock};

use jiff::Timestamp;

use crate::decide::import::pertemuan::{Decider, Outcome, doubled};
use crate::decide::import::{PertemuanRow, Row, RowError};
use crate::event::{Event, LineInfo};
use crate::journal::{Events, FileJournal, Import, JournalError, Ready};
use crate::kelompok::wilayah::Zone;
use crate::people::policy::Viewer;
use crate::state::import::Gathered;
use crate::state::{KelompokIx, State};
use crate::transfer::read::{Lookup, Names, PieceRead, Pieces, Uncut};

use super::doubles::{Doubles, Ids};
use super::{Stopped, line_of};

/// The most events of one line.
const LINE_EVENTS: usize = 64;
/// The most bytes of events of one line; the rest of the line fits beside.
const LINE_BYTES: usize = 56 * 1024;
/// Room for a usual line.
const ROOM: usize = 40 * 1024;

/// A piece to be worked on.
pub(super) struct Job {
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) made: SyncSender<Worked>,
}

/// What rows are decided on.
pub(super) struct Ground<'a> {
    pub(super) state: &'a RwLock<State>,
    pub(super) journal: &'a FileJournal,
    pub(super) pieces: &'a Pieces,
    pub(super) info: &'a LineInfo,
    pub(super) now: Timestamp,
    /// Whether anything is still to be written.
    pub(super) wanted: &'a AtomicBool,
    pub(super) doubles: &'a Doubles,
}

/// What came of a piece. Lines are counted from its beginning.
#[derive(Default)]
pub(super) struct Worked {
    pub(super) read: PieceRead,
    /// What is wrong with rows that could be read.
    pub(super) errors: Vec<RowError>,
    pub(super) new: u64,
    pub(super) same: u64,
    pub(super) lines: Vec<Ready>,
    pub(super) gathered: Gathered,
    pub(super) ids: Ids,
    /// Why the whole import must end.
    pub(super) fault: Option<Stopped>,
}

/// Works on pieces until none comes any more.
pub(super) fn work(ground: &Ground<'_>, jobs: &Mutex<Receiver<Job>>) {
    let mut names: Option<Names> = None;
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { number, bytes, made }) = job else { return };
        // Held for one piece only: whoever waits to change the state holds up every reader.
        let state = ground.state.read().unwrap_or_else(PoisonError::into_inner);
        let worked = one(ground, &state, &mut names, (number, &bytes));
        drop(state);
        if made.send(worked).is_err() {
            return;
        }
    }
}

fn one(
    ground: &Ground<'_>,
    state: &State,
    names: &mut Option<Names>,
    (number, bytes): (usize, &[u8]),
) -> Worked {
    let today = Zone::Wib.date(ground.now);
    // One row asks several times, and the next is often of the same kelompok.
    let last: RefCell<(String, Option<KelompokIx>)> = RefCell::default();
    let find = |id: &str| {
        let mut last = last.borrow_mut();
        if last.0 != id {
            last.0.clear();
            last.0.push_str(id);
            last.1 = state.group_ix(id);
        }
        last.1
    };
    let group = |id: &str| find(id).and_then(|ix| state.group_at(ix));
    let zone = |id: &str| group(id).map_or(Zone::Wib, |group| group.home(today).zone());
    let lookup = Lookup { skema: &state.skema, zone: &zone, now: ground.now };
    let names = names.get_or_insert_with(|| Names::new(lookup));
    let decider = Decider::new(state, Viewer::System, ground.now);
    let worked = Worked::default();
    let mut making = Making { ground, state, number, find: &find, worked, line: None };
    let read = ground.pieces.read(bytes, names, lookup, &mut |row| making.take(&decider, &row));
    making.end_line();
    let Making { mut worked, .. } = making;
    match read {
        Ok(read) => worked.read = read,
        Err(error) => worked.fault = Some(Uncut::File(error).into()),
    }
    worked
}

struct Making<'a> {
    ground: &'a Ground<'a>,
    state: &'a State,
    number: usize,
    find: &'a dyn Fn(&str) -> Option<KelompokIx>,
    worked: Worked,
    line: Option<OpenLine>,
}

/// A line that takes more events.
struct OpenLine {
    json: Vec<u8>,
    events: usize,
}

impl Making<'_> {
    fn take(&mut self, decider: &Decider<'_>, row: &Row<PertemuanRow>) {
        let Row { line, value } = row;
        let Ground { doubles, wanted, .. } = self.ground;
        doubles.note(&mut self.worked.ids, value.id, *line);
        let outcome = if doubles.came_before(value.id, self.number, *line) {
            Outcome::Bad(vec![doubled()])
        } else {
            decider.row(value, (self.find)(value.input.kelompok.as_str()))
        };
        match outcome {
            Outcome::Same => self.worked.same += 1,
            Outcome::New(kelompok, events) => {
                self.worked.new += 1;
                if wanted.load(Ordering::Relaxed)
                    && self.worked.fault.is_none()
                    && let Err(error) = self.add(kelompok, &*events)
                {
                    self.worked.fault = Some(Stopped::Journal(error));
                }
            }
            Outcome::Bad(errors) => {
                let error = |error: crate::decide::FieldError| RowError {
                    line: *line,
                    field: error.field,
                    message: error.message,
                };
                self.worked.errors.extend(errors.into_iter().map(error));
            }
        }
    }

    /// Adds the events of a row to the open line, or to the next where they do not fit.
    fn add(&mut self, kelompok: KelompokIx, events: &[Option<Event>]) -> Result<(), JournalError> {
        let mut open = match self.line.take() {
            Some(open) => open,
            None => OpenLine { json: Vec::with_capacity(ROOM), events: 0 },
        };
        let (end, count) = (open.json.len(), events.iter().flatten().count());
        for event in events.iter().flatten() {
            open.json.push(if open.json.is_empty() { b'[' } else { b',' });
            serde_json::to_writer(&mut open.json, event)
                .map_err(|error| JournalError::Event { seq: 0, reason: error.to_string() })?;
        }
        if open.events + count > LINE_EVENTS || (open.json.len() > LINE_BYTES && end > 0) {
            let rest = open.json.split_off(end);
            self.close(&mut open)?;
            open.json.push(b'[');
            open.json.extend_from_slice(rest.get(1..).unwrap_or_default());
        }
        open.events += count;
        for event in events.iter().flatten() {
            let about = (kelompok, event);
            if !self.worked.gathered.add(self.state, self.ground.info, about) {
                let reason = "no event of an import of pertemuan".to_owned();
                return Err(JournalError::Event { seq: 0, reason });
            }
        }
        self.line = Some(open);
        Ok(())
    }

    fn close(&mut self, open: &mut OpenLine) -> Result<(), JournalError> {
        open.json.push(b']');
        let json = String::from_utf8(std::mem::replace(&mut open.json, Vec::with_capacity(ROOM)));
        let json =
            json.map_err(|error| JournalError::Event { seq: 0, reason: error.to_string() })?;
        let Ground { info, journal, .. } = self.ground;
        let part = Some(Import::Part(info.command));
        let line = line_of(info, part, Events::of_json(json));
        self.worked.lines.push(journal.ready(&line)?);
        self.worked.gathered.end_line();
        open.events = 0;
        Ok(())
    }

    fn end_line(&mut self) {
        if let Some(mut open) = self.line.take().filter(|open| open.events > 0)
            && let Err(error) = self.close(&mut open)
        {
            self.worked.fault = Some(Stopped::Journal(error));
        }
    }
}
