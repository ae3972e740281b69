//! The life of a kelompok as a dated history: members, moves, assignments, suspensions, merging and
//! splitting. Its pertemuan stand in a list of their own.

use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::event::{Event, SuspensionTarget};
use crate::index::Entry;
use crate::kelompok::KelompokId;
use crate::kelompok::group::Kelompok;
use crate::kelompok::lineage::Successor;
use crate::state::State;
use crate::web::page::Link;
use crate::web::parts::place;
use crate::web::parts::scope::Names;
use crate::web::parts::seats::ranges;
use crate::web::urls;

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The day from which it holds.
    pub(super) date: String,
    /// What happened.
    pub(super) text: String,
    /// Why, and whatever else was said; may be empty.
    pub(super) note: String,
    /// Who recorded it, and when if that was another day; may be empty.
    pub(super) by: String,
    /// Where more of it stands.
    pub(super) link: Option<Link>,
    /// It was undone: it never was.
    pub(super) undone: bool,
    day: Date,
    seq: u64,
}

/// The history of a kelompok, newest first. `entries` are its events in the order of the journal.
pub(super) fn lines(names: Names<'_>, group: &Kelompok, entries: &[Entry]) -> Vec<Line> {
    let state = names.state;
    let undone: Vec<u64> = entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::KelompokRestored { line, .. } => Some(*line),
            _ => None,
        })
        .collect();
    let teller = Teller { state, names, group, entries };
    let mut lines: Vec<Line> = entries
        .iter()
        .filter_map(|entry| {
            let mut line = teller.line(entry)?;
            line.undone = undone.contains(&entry.seq);
            line.by = by(state, entry, line.day);
            Some(line)
        })
        .collect();
    lines.extend(areas(state, group));
    lines.sort_by_key(|line| std::cmp::Reverse((line.day, line.seq)));
    lines
}

fn by(state: &State, entry: &Entry, day: Date) -> String {
    let recorded = crate::kelompok::wilayah::Zone::Wib.date(entry.at);
    let who = entry.by.map(|id| format!("oleh {}", state.account_name(id)));
    let when = (recorded != day).then(|| format!("dicatat {}", tanggal::short(recorded)));
    let words: Vec<String> = when.into_iter().chain(who).collect();
    words.join(" ")
}

/// Suspensions of the areas around the kelompok while it was active.
fn areas<'a>(state: &'a State, group: &'a Kelompok) -> impl Iterator<Item = Line> + 'a {
    state
        .suspensions
        .iter()
        .filter(|one| {
            let from = one.period.from.max(group.start);
            one.area.contains(group.home(from))
                && group.end.is_none_or(|end| one.period.from < end)
                && one.period.to.is_none_or(|to| to >= group.start)
        })
        .map(|one| {
            let place = place::full(state, one.area);
            let text = format!("Pertemuan di {place} ditangguhkan{}", until(one.period.to));
            let link = Link::new("Lihat susulannya", urls::penangguhan(one.id));
            Line { link: Some(link), ..line(one.period.from, one.id, text) }
        })
}

fn until(to: Option<Date>) -> String {
    to.map_or_else(String::new, |to| format!(" sampai {}", tanggal::long(to)))
}

fn line(day: Date, seq: u64, text: String) -> Line {
    Line {
        date: tanggal::short(day),
        text,
        note: String::new(),
        by: String::new(),
        link: None,
        undone: false,
        day,
        seq,
    }
}

struct Teller<'a> {
    state: &'a State,
    names: Names<'a>,
    group: &'a Kelompok,
    entries: &'a [Entry],
}

impl Teller<'_> {
    /// The members behind a change of them on `date`: those at the end of that day, without what
    /// was changed on it afterwards.
    fn members_after(&self, entry: &Entry, date: Date) -> i64 {
        let behind = self.entries.iter().filter(|other| other.seq > entry.seq);
        let later = behind.filter_map(|other| match &other.event {
            Event::HeadChanged { date: day, delta, .. } if *day == date => Some(i64::from(*delta)),
            _ => None,
        });
        i64::from(self.group.members(date)) - later.sum::<i64>()
    }

    fn line(&self, entry: &Entry) -> Option<Line> {
        let seq = entry.seq;
        let noted = |day, text: String, note: String| Line { note, ..line(day, seq, text) };
        Some(match &entry.event {
            Event::KelompokCreated { start, members, .. } => {
                line(*start, seq, format!("Dibentuk dengan {members} anggota"))
            }
            Event::KelompokRenamed { name, .. } => {
                let day = crate::kelompok::wilayah::Zone::Wib.date(entry.at);
                line(day, seq, format!("Berganti nama menjadi {name}"))
            }
            Event::KelompokMoved { from, desa, .. } => {
                let places: Vec<String> =
                    desa.iter().map(|one| place::short(self.state, *one)).collect();
                line(*from, seq, format!("Pindah ke {}", angka::list(&places)))
            }
            Event::KelompokDissolved { on, reason, .. } => {
                noted(*on, "Dibubarkan".to_owned(), reason.to_string())
            }
            Event::KelompokMerged { parents, into, on, reason } => {
                noted(*on, self.merged(parents, into), reason.to_string())
            }
            Event::KelompokSplit { parent, into, on, reason } => {
                noted(*on, self.split(parent, into), reason.to_string())
            }
            Event::KelompokRestored { line: of, reason, .. } => {
                let day = crate::kelompok::wilayah::Zone::Wib.date(entry.at);
                let text = format!("{} dibatalkan", self.undone(*of));
                noted(day, text, reason.to_string())
            }
            Event::SeatsNumbered { date, count, .. } => {
                line(*date, seq, format!("Anggota diberi nomor urut 1 sampai {count}"))
            }
            Event::HeadChanged { date, delta, reason, note, .. } => {
                let way = if *delta > 0 { "bertambah" } else { "berkurang" };
                let total = self.members_after(entry, *date);
                let text = format!(
                    "Anggota {way} {} menjadi {total}: {}{}",
                    delta.unsigned_abs(),
                    reason.name(),
                    self.seats(entry)
                );
                noted(*date, text, note.as_ref().map_or_else(String::new, ToString::to_string))
            }
            Event::PendampingAssigned { from, account, .. } => {
                let text = account.map_or_else(
                    || "Tanpa pendamping".to_owned(),
                    |id| format!("Didampingi {}", self.state.account_name(id)),
                );
                let link = Link::new("Ringkasan serah terima", urls::serah_terima(seq));
                let handed = account.is_some() && *from > self.group.start;
                Line { link: handed.then_some(link), ..line(*from, seq, text) }
            }
            Event::SuspensionStarted {
                target: SuspensionTarget::Kelompok(_),
                from,
                reason,
                ..
            } => {
                // The period as it is now; its end may have been said later.
                let own = self.group.suspensions.iter().find(|(id, _)| *id == seq);
                let to = own.and_then(|(_, period)| period.to);
                let link = Link::new("Lihat susulannya", urls::penangguhan(seq));
                let text = format!("Pertemuan ditangguhkan{}", until(to));
                Line { link: Some(link), ..noted(*from, text, reason.to_string()) }
            }
            _ => return None,
        })
    }

    fn is_this(&self, id: &KelompokId) -> bool {
        id.is_same(&self.group.id)
    }

    fn merged(&self, parents: &[KelompokId], into: &Successor) -> String {
        if self.is_this(&into.id) {
            let from = self.names.words(parents);
            format!("Dibentuk dari gabungan {from}, dengan {} anggota", into.members)
        } else {
            let others = self.names.words(parents.iter().filter(|id| !self.is_this(id)));
            format!("Digabung bersama {others} menjadi {}", self.names.words([&into.id]))
        }
    }

    fn split(&self, parent: &KelompokId, into: &[Successor]) -> String {
        match into.iter().find(|one| self.is_this(&one.id)) {
            Some(one) => {
                let (parent, members) = (self.names.words([parent]), one.members);
                format!("Dibentuk dari pecahan {parent}, dengan {members} anggota")
            }
            None => {
                let parts = self.names.words(into.iter().map(|one| &one.id));
                format!("Dipecah menjadi {parts}")
            }
        }
    }

    /// What the undoing of a line took back.
    fn undone(&self, of: u64) -> &'static str {
        let found = self.entries.iter().filter(|entry| entry.seq == of);
        found
            .filter_map(|entry| match entry.event {
                Event::KelompokMerged { .. } => Some("Penggabungan"),
                Event::KelompokSplit { .. } => Some("Pemecahan"),
                Event::KelompokDissolved { .. } => Some("Pembubaran"),
                _ => None,
            })
            .next()
            .unwrap_or("Perubahan")
    }

    /// `; nomor urut 3, 7 berakhir`, from the same line of the journal.
    fn seats(&self, entry: &Entry) -> String {
        let changed = self.entries.iter().filter(|other| other.seq == entry.seq);
        let mut words = String::new();
        for other in changed {
            if let Event::SeatsChanged { opened, closed, .. } = &other.event {
                for (numbers, word) in [(opened, "dimulai"), (closed, "berakhir")] {
                    if !numbers.is_empty() {
                        words.push_str(&format!("; nomor urut {} {word}", ranges(numbers)));
                    }
                }
            }
        }
        words
    }
}
