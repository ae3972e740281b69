//! A made-up record: random events such as a sound journal holds, in a journal in memory.

use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use p2k2::event::{Event, LineInfo, Receipt, SuspensionTarget};
use p2k2::ids::{AccountId, Digest};
use p2k2::index::{Entry, Window, kelompok_of, recount, refold};
use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{
    Events, FileJournal, Hash128, Import, Journal, NewLine, OpenBounds, read_effective,
};
use p2k2::kelompok::KelompokId;
use p2k2::kelompok::group::HeadReason;
use p2k2::kelompok::pertemuan::{Attendance, Extent, Pertemuan, PertemuanId, Source, Taught};
use p2k2::private::Private;
use p2k2::state::State;
use uuid::Uuid;

/// A small generator of numbers that look random; the same seed gives the same world.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn count(&mut self, end: usize) -> u16 {
        self.below(end) as u16
    }

    fn digest(&mut self) -> Digest {
        Digest::of_bytes(&self.next().to_le_bytes())
    }

    fn day(&mut self) -> Date {
        date(2022, 1, 1).checked_add((self.below(1_500) as i64).days()).unwrap()
    }

    /// Words, or signs from all over the character table that do not compress.
    pub(super) fn text(&mut self, chars: usize) -> Private {
        const WORDS: [&str; 8] =
            ["ibu", "hadir", "materi", "hujan", "diskusi", "kebun", "\"kutip\"", "gizi\n"];
        let mut text = String::new();
        while text.chars().count() < chars {
            if chars > 200 {
                text.extend(char::from_u32(0x1_0000 + self.below(0x4_0000) as u32));
            } else {
                text.push_str(WORDS[self.below(WORDS.len())]);
                text.push(' ');
            }
        }
        Private::Text(text)
    }
}

/// A journal with what is known of it.
pub(super) struct World {
    pub(super) journal: FileJournal,
    pub(super) state: State,
    pub(super) dice: Dice,
    /// The kinds of events that concern a kelompok and came about.
    pub(super) kinds: HashSet<Discriminant<Event>>,
    /// Characters of each free text.
    pub(super) text_chars: usize,
    /// Of every kelompok: the last line that touched it, as the state says, and its history, as
    /// the journal says.
    pub(super) histories: Vec<(KelompokId, u64, Vec<Entry>)>,
    /// Of every account: the lines it sent, newest first, as the journal says.
    pub(super) work: Vec<(Option<AccountId>, Vec<u64>)>,
    kelompok: Vec<KelompokId>,
    pertemuan: HashMap<PertemuanId, usize>,
    clock: Timestamp,
}

/// Every line.
pub(super) const ALL: Window = Window { before: u64::MAX, limit: usize::MAX };

/// The accounts of a world, the program itself, and one that never did anything.
fn accounts() -> impl Iterator<Item = Option<AccountId>> {
    (0..=4).map(|number| Some(AccountId(number))).chain([None])
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let disk = Arc::new(FaultDisk::new());
        let bounds = OpenBounds::default();
        let (journal, _) = FileJournal::open(disk, Path::new("/srv/data"), &bounds).unwrap();
        Self {
            journal,
            state: State::default(),
            dice: Dice::new(seed),
            kinds: HashSet::new(),
            text_chars: 40,
            histories: Vec::new(),
            work: Vec::new(),
            kelompok: Vec::new(),
            pertemuan: HashMap::new(),
            clock: "2024-01-01T00:00:00Z".parse().unwrap(),
        }
    }

    /// A world with so many lines.
    pub(super) fn of(seed: u64, lines: usize) -> Self {
        let mut world = Self::new(seed);
        world.grow(lines);
        world
    }

    /// Adds lines: mostly one at a time, at times an import with other lines in its midst.
    pub(super) fn grow(&mut self, lines: usize) {
        for at in 0..lines {
            if at % 40 == 39 {
                self.import();
            } else {
                let line = self.line(None);
                self.append(line);
            }
        }
        self.fold();
    }

    pub(super) fn append(&mut self, line: NewLine) -> u64 {
        self.journal.append(self.journal.head().seq, &[line]).unwrap().first
    }

    /// Lines of an import count only at its end, so they come behind others that stand after them.
    fn import(&mut self) {
        let id = Uuid::from_u128(u128::from(self.dice.next()));
        let kelompok = self.dice.below(self.kelompok.len());
        let part = |world: &mut Self| {
            let event = world.recorded(kelompok);
            let line = world.line(Some(event));
            world.append(NewLine { import: Some(Import::Part(id)), ..line })
        };
        let first = part(self);
        part(self);
        part(self);
        // So the last line to take effect is not the one with the greatest number.
        let event = self.recorded(kelompok);
        let between = self.line(Some(event));
        self.append(between);
        let close = self.line(Some(Event::Redacted { lines: Vec::new(), reason: String::new() }));
        self.append(NewLine { import: Some(Import::Close { id, first, lines: 3 }), ..close });
    }

    fn fold(&mut self) {
        let mut state = State::default();
        read_effective(&self.journal, 1, &mut |line, _| {
            let info = LineInfo {
                seq: line.seq,
                at: line.at,
                by: line.by.map(AccountId),
                command: line.cmd,
                digest: Digest(*line.digest.as_bytes()),
            };
            state.apply_line(&info, &line.events::<Event>().unwrap());
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        let truth = |id| refold(&self.journal, id).unwrap();
        let groups = state.groups().iter();
        self.histories = groups.map(|g| (g.id.clone(), g.last_seq, truth(&g.id))).collect();
        let work = |by| (by, recount(&self.journal, by, ALL).unwrap());
        self.work = accounts().map(work).collect();
        self.state = state;
    }

    pub(super) fn line(&mut self, event: Option<Event>) -> NewLine {
        let mut events = vec![event.unwrap_or_else(|| self.event())];
        if let Event::KelompokCreated { id, start, .. } = &events[0] {
            let (kelompok, from) = (id.clone(), *start);
            events.push(Event::PendampingAssigned { kelompok, from, account: Some(AccountId(7)) });
        }
        for event in &events {
            if kelompok_of(event).is_some() {
                self.kinds.insert(discriminant(event));
            }
        }
        self.clock += (self.dice.below(40_000_000) as i64).milliseconds();
        NewLine {
            at: self.clock,
            by: self.dice.below(5).checked_sub(1).map(|number| number as u32),
            cmd: Uuid::from_u128(u128::from(self.dice.next()) << 64 | 1),
            digest: Hash128::of(&self.dice.next().to_le_bytes()),
            import: None,
            redacts: Vec::new(),
            events: Events::encode(&events).unwrap(),
        }
    }

    fn event(&mut self) -> Event {
        let groups = self.kelompok.len();
        if groups == 0 || (groups < 12 && self.dice.below(10) == 0) {
            return self.created();
        }
        let which = self.dice.below(groups);
        match self.dice.below(16) {
            0 => self.about_kelompok(which),
            1 | 2 => self.beside_kelompok(which),
            3..=6 => self.about_pertemuan(),
            _ => self.recorded(which),
        }
    }

    fn created(&mut self) -> Event {
        let number = self.kelompok.len();
        // Ids of which one is the beginning of another, or that are as long as can be.
        let id: KelompokId = match number {
            0 => "OKI-1".to_owned(),
            1 => "oki-10".to_owned(),
            2 => "Z".repeat(40),
            _ => format!("K.{number}"),
        }
        .parse()
        .unwrap();
        self.kelompok.push(id.clone());
        let start = self.dice.day();
        let desa = vec!["16.02.05.1001".parse().unwrap()];
        Event::KelompokCreated { id, name: format!("Melati {number}"), desa, members: 25, start }
    }

    /// The id of a kelompok as someone types it: capitals do not matter.
    fn typed(&mut self, which: usize) -> KelompokId {
        let id = &self.kelompok[which];
        if self.dice.below(4) == 0 { id.folded().parse().unwrap() } else { id.clone() }
    }

    fn about_kelompok(&mut self, which: usize) -> Event {
        let id = self.typed(which);
        let (day, note) = (self.dice.day(), self.dice.text(self.text_chars));
        match self.dice.below(6) {
            0 => Event::KelompokRenamed { id, name: "Mawar".to_owned() },
            1 => {
                let desa = vec!["16.02.05.1002".parse().unwrap()];
                Event::KelompokMoved { id, from: day, desa }
            }
            2 => Event::KelompokDissolved { id, on: day, reason: note },
            3 => {
                let target = SuspensionTarget::Kelompok(id);
                Event::SuspensionStarted { target, from: day, to: None, reason: note }
            }
            4 => Event::PendampingAssigned { kelompok: id, from: day, account: None },
            _ => Event::HeadChanged {
                kelompok: id,
                date: day,
                delta: -2,
                reason: HeadReason::GraduasiMandiri,
                note: Some(note),
            },
        }
    }

    /// Events that name a kelompok, or an account, and do not stand in a history.
    fn beside_kelompok(&mut self, which: usize) -> Event {
        let (kelompok, day) = (self.typed(which), self.dice.day());
        match self.dice.below(4) {
            0 => Event::HeadChecked {
                kelompok,
                date: day,
                found: true,
                recorded: 25,
                counted: 24,
                office: "Dinas Sosial".into(),
            },
            1 => {
                let target = SuspensionTarget::Wilayah("16.02".parse().unwrap());
                Event::SuspensionStarted { target, from: day, to: None, reason: "banjir".into() }
            }
            2 => {
                let suspension = self.journal.head().seq / 2;
                Event::SuspensionEnded { suspension, to: day, kelompok: None }
            }
            _ => Event::LoginClosed { token: self.dice.digest() },
        }
    }

    fn about_pertemuan(&mut self) -> Event {
        let mut ids: Vec<_> = self.pertemuan.keys().copied().collect();
        ids.sort_unstable();
        if ids.is_empty() {
            return self.recorded(0);
        }
        let id = ids[self.dice.below(ids.len())];
        let which = self.pertemuan[&id];
        let (kelompok, text) = (self.typed(which), self.dice.text(self.text_chars));
        match self.dice.below(5) {
            0 => Event::PertemuanCorrected { id, record: self.record(which), reason: text },
            1 => Event::PertemuanWithdrawn { id, kelompok, reason: text, joined: None },
            2 => Event::PertemuanQuestioned { id, kelompok, text },
            3 => Event::PertemuanAnswered { id, kelompok, text },
            _ => Event::PertemuanSeparate { id, kelompok },
        }
    }

    pub(super) fn recorded(&mut self, which: usize) -> Event {
        let id = Uuid::from_u128(u128::from(self.dice.next()) << 64 | 7);
        // Those of an unfinished import are not yet there to be asked about; one in three is enough.
        if self.dice.below(3) > 0 || self.text_chars > 200 {
            self.pertemuan.insert(id, which);
        }
        let receipt = if self.dice.below(5) == 0 { Receipt::Unknown } else { Receipt::Line };
        let record = self.record(which);
        Event::PertemuanRecorded { id, digest: self.dice.digest(), receipt, record }
    }

    fn record(&mut self, which: usize) -> Pertemuan {
        let chars = self.text_chars;
        let kelompok = self.typed(which);
        let dice = &mut self.dice;
        let taught = Taught {
            sesi: "memahami-perilaku-anak".parse().unwrap(),
            extent: Extent::Tuntas,
            langkah: Vec::new(),
            source: Source::Assumed(1),
        };
        let attendance = Attendance {
            present: 20 + dice.count(6),
            sick: dice.count(3),
            absent: dice.count(3),
            members: 25,
        };
        let mut text = |chars| Some(dice.text(chars));
        let (place, obstacles, follow_up) = (text(12), text(chars), text(chars));
        let note = text(chars);
        let speakers = if chars > 200 { vec![dice.text(chars), dice.text(chars)] } else { vec![] };
        Pertemuan {
            kelompok,
            date: dice.day(),
            kind: "lengkap".to_owned(),
            sesi: vec![taught],
            attendance,
            absent_seats: Vec::new(),
            start: None,
            end: None,
            place,
            discussion: Some(true),
            topics: Vec::new(),
            speakers,
            obstacles,
            follow_up,
            note,
        }
    }
}
