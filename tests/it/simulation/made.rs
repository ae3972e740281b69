//! A made-up country: kelompok that meet, pause, merge and split, with records that come late, come
//! twice, are corrected and withdrawn. Every block of kelompok follows from its number alone, so that
//! a nation needs no memory here and can be delivered in any order.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use p2k2::kelompok::wilayah::Kode;
use uuid::Uuid;

/// Sesi that are taught; the skema has no others.
pub(crate) const SESI: usize = 14;

/// Kelompok that live in one desa and may merge with each other.
const TOGETHER: u32 = 5;

/// Kinds of pertemuan, and whether one counts.
pub(crate) const KINDS: [(&str, bool); 6] = [
    ("lengkap", true),
    ("terbatas", true),
    ("daring", true),
    ("susulan", true),
    ("perwakilan", false),
    ("kunjungan-rumah", false),
];

/// A published text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edition {
    pub(crate) date: Date,
    pub(crate) generation: u16,
    pub(crate) langkah: u8,
}

/// One sesi as taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lesson {
    pub(crate) sesi: usize,
    pub(crate) whole: bool,
    /// Bit `n - 1` stands for langkah `n`.
    pub(crate) ticks: u32,
    /// The number of the edition; 0 for a printed book.
    pub(crate) edition: u16,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) date: Date,
    pub(crate) kind: usize,
    pub(crate) present: u16,
    pub(crate) members: u16,
    pub(crate) lessons: Vec<Lesson>,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    Stands,
    Corrected(Said),
    Withdrawn,
}

/// One record of a pertemuan.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    /// When it reached the server; none when nobody knows.
    pub(crate) received: Option<Timestamp>,
    pub(crate) said: Said,
    pub(crate) fate: Fate,
}

/// How a kelompok ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Dissolved,
    /// Into the kelompok at this position of its block.
    Merged(usize),
    Split(Vec<usize>),
}

/// One kelompok with its records.
#[derive(Debug, Clone)]
pub(crate) struct Kelompok {
    pub(crate) id: String,
    pub(crate) desa: Kode,
    pub(crate) start: Date,
    pub(crate) end: Option<(Date, End)>,
    /// The positions in its block of those out of which it came.
    pub(crate) parents: Vec<usize>,
    pub(crate) paused: Vec<(Date, Option<Date>)>,
    pub(crate) records: Vec<Record>,
}

/// A time in which nobody in an area is expected to meet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pause {
    pub(crate) area: Kode,
    pub(crate) from: Date,
    pub(crate) to: Option<Date>,
}

/// What holds for all.
#[derive(Debug)]
pub(crate) struct Country {
    seed: u64,
    pub(crate) blocks: u32,
    pub(crate) first: Date,
    pub(crate) months: i32,
    pub(crate) editions: Vec<Vec<Edition>>,
    pub(crate) pauses: Vec<Pause>,
}

/// Numbers from a seed, the same on every machine (splitmix64).
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).unwrap()
    }

    fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }
}

impl Country {
    /// A country of about `kelompok` kelompok that met for `months` months from `first` on.
    pub(crate) fn new(seed: u64, kelompok: u32, first: Date, months: i32) -> Self {
        let mut dice = Dice::new(seed);
        let last = u32::try_from(months).unwrap();
        let editions = (0..SESI)
            .map(|_| {
                let mut generation = 1;
                let mut editions = Vec::new();
                // Meetings before the first edition were taught from printed books.
                let mut date = first.saturating_add(i32::try_from(dice.below(8)).unwrap().months());
                for _ in 0..=dice.below(3) {
                    let langkah = u8::try_from(5 + dice.below(4)).unwrap();
                    editions.push(Edition { date, generation, langkah });
                    date = date
                        .saturating_add(i32::try_from(1 + dice.below(last)).unwrap().months())
                        .saturating_add(i32::try_from(dice.below(25)).unwrap().days());
                    generation += u16::from(dice.percent(60));
                }
                editions
            })
            .collect();
        let blocks = kelompok.div_ceil(TOGETHER);
        let mut country = Self { seed, blocks, first, months, editions, pauses: Vec::new() };
        for _ in 0..2 + blocks / 40 {
            let desa = country.desa(dice.below(blocks));
            let area = match dice.below(3) {
                0 => desa,
                1 => desa.parent().unwrap(),
                _ => desa.parent().unwrap().parent().unwrap(),
            };
            let (from, to) = country.span(&mut dice);
            country.pauses.push(Pause { area, from, to });
        }
        country
    }

    /// The day after the last month.
    pub(crate) fn end(&self) -> Date {
        self.first.saturating_add(self.months.months())
    }

    fn day(&self, dice: &mut Dice) -> Date {
        let days = (self.end() - self.first).get_days();
        self.first.saturating_add(i32::try_from(dice.below(days.unsigned_abs())).unwrap().days())
    }

    fn span(&self, dice: &mut Dice) -> (Date, Option<Date>) {
        let from = self.day(dice);
        let long = i32::try_from(1 + dice.below(200)).unwrap();
        (from, (!dice.percent(15)).then(|| from.saturating_add(long.days())))
    }

    /// The desa of a block: three provinsi, one of each time zone, with kabupaten of at most six
    /// kecamatan of eight desa.
    pub(crate) fn desa(&self, block: u32) -> Kode {
        let provinsi = [16, 71, 91][block as usize % 3];
        let rest = block / 3;
        let (kabupaten, kecamatan, desa) = (rest / 48 + 1, rest / 8 % 6 + 1, rest % 8 + 2001);
        // More than 99 kabupaten do not fit a provinsi: the rest goes into the next ones.
        let (provinsi, kabupaten) = (provinsi + kabupaten / 99, kabupaten % 99 + 1);
        format!("{provinsi:02}.{kabupaten:02}.{kecamatan:02}.{desa}").parse().unwrap()
    }

    /// The kelompok of a block; those that came out of others stand behind them.
    pub(crate) fn block(&self, number: u32) -> Vec<Kelompok> {
        let mut dice = Dice::new(self.seed ^ (u64::from(number) << 20));
        let mut all: Vec<Kelompok> = (0..TOGETHER)
            .map(|at| {
                let late = if dice.percent(30) { dice.below(900) } else { 0 };
                let start = self.first.saturating_add(i32::try_from(late).unwrap().days());
                self.enter(number, at as usize, start.min(self.end()), Vec::new())
            })
            .collect();
        if dice.percent(12) {
            let on = self.day(&mut dice);
            self.merge(&mut all, &[0, 1], on);
            if dice.percent(40) {
                let child = all.len() - 1;
                let on = self.day(&mut dice);
                self.split(&mut all, child, on);
            }
        }
        if dice.percent(12) {
            let on = self.day(&mut dice);
            self.split(&mut all, 2, on);
        }
        if dice.percent(10) {
            let on = self.day(&mut dice);
            if on > all[3].start {
                all[3].end = Some((on, End::Dissolved));
            }
        }
        for one in &mut all {
            if dice.percent(15) {
                one.paused.push(self.span(&mut dice));
            }
            self.meet(one, number, &mut dice);
        }
        all
    }

    fn enter(&self, block: u32, at: usize, start: Date, parents: Vec<usize>) -> Kelompok {
        Kelompok {
            id: format!("B{block}-{at}"),
            desa: self.desa(block),
            start,
            end: None,
            parents,
            paused: Vec::new(),
            records: Vec::new(),
        }
    }

    fn merge(&self, all: &mut Vec<Kelompok>, parents: &[usize], on: Date) {
        if parents.iter().any(|at| all[*at].start >= on) {
            return;
        }
        let child = all.len();
        let block = self.number(all);
        all.push(self.enter(block, child, on, parents.to_vec()));
        for at in parents {
            all[*at].end = Some((on, End::Merged(child)));
        }
    }

    fn split(&self, all: &mut Vec<Kelompok>, parent: usize, on: Date) {
        if all[parent].start >= on {
            return;
        }
        let children = vec![all.len(), all.len() + 1];
        let block = self.number(all);
        for at in &children {
            all.push(self.enter(block, *at, on, vec![parent]));
        }
        all[parent].end = Some((on, End::Split(children)));
    }

    fn number(&self, all: &[Kelompok]) -> u32 {
        all[0].id[1..].split('-').next().unwrap().parse().unwrap()
    }

    /// Fills in the records of a kelompok: usually one a month.
    fn meet(&self, one: &mut Kelompok, block: u32, dice: &mut Dice) {
        let mut next = 0;
        for month in 0..self.months {
            let first = self.first.saturating_add(month.months());
            for _ in 0..if dice.percent(78) { 1 } else { 2 * dice.below(2) } {
                let day = i32::try_from(dice.below(28)).unwrap();
                let date = first.saturating_add(day.days());
                let lives =
                    one.start <= date && one.end.as_ref().is_none_or(|(end, _)| date < *end);
                if !lives {
                    continue;
                }
                let said = self.said(date, &mut next, dice);
                let twice = dice.percent(4);
                let record = self.record(said, (block, &one.id, one.records.len()), dice);
                if twice {
                    let again = record.said.clone();
                    one.records.push(record);
                    one.records.push(self.record(again, (block, &one.id, one.records.len()), dice));
                } else {
                    one.records.push(record);
                }
            }
        }
    }

    fn record(&self, said: Said, name: (u32, &str, usize), dice: &mut Dice) -> Record {
        let (_, kelompok, at) = name;
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{kelompok}/{at}").as_bytes());
        let late = if dice.percent(80) { dice.below(6) } else { dice.below(90) };
        // An hour at which the date differs between the zones of the country.
        let minutes = i64::from(late * 1440 + 14 * 60 + dice.below(4 * 60));
        let midnight = said.date.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let received = (!dice.percent(5)).then(|| midnight + minutes.minutes());
        let fate = match dice.below(100) {
            0..3 => Fate::Withdrawn,
            3..8 => {
                let mut other = said.clone();
                other.present = u16::try_from(dice.below(31)).unwrap().min(other.members);
                if dice.percent(40) {
                    let back = i32::try_from(dice.below(40)).unwrap();
                    other.date = other.date.saturating_sub(back.days()).max(self.first);
                }
                for lesson in &mut other.lessons {
                    lesson.whole = dice.percent(50);
                    lesson.edition = self.live(lesson.sesi, other.date);
                    lesson.ticks &= (1 << self.langkah(*lesson)) - 1;
                }
                Fate::Corrected(other)
            }
            _ => Fate::Stands,
        };
        Record { id, received, said, fate }
    }

    fn said(&self, date: Date, next: &mut usize, dice: &mut Dice) -> Said {
        let kind = if dice.percent(85) { 0 } else { dice.below(6) as usize };
        let members = u16::try_from(12 + dice.below(18)).unwrap();
        let present = if dice.percent(90) {
            members - u16::try_from(dice.below(u32::from(members) / 3)).unwrap()
        } else {
            u16::try_from(dice.below(u32::from(members))).unwrap()
        };
        let mut lessons: Vec<Lesson> = Vec::new();
        for _ in 0..if dice.percent(85) { 1 } else { 3 } {
            let sesi = if dice.percent(75) { *next % SESI } else { dice.below(14) as usize };
            if lessons.iter().any(|one| one.sesi == sesi) {
                continue;
            }
            let edition = match self.live(sesi, date) {
                live if dice.percent(80) => live,
                live => u16::try_from(dice.below(u32::from(live) + 1)).unwrap(),
            };
            let whole = dice.percent(65);
            let mut lesson = Lesson { sesi, whole, ticks: 0, edition };
            if !whole && dice.percent(70) {
                lesson.ticks = dice.below(1 << self.langkah(lesson));
            }
            *next += usize::from(whole);
            lessons.push(lesson);
        }
        Said { date, kind, present, members, lessons }
    }

    /// The number of the edition live on `date`; 0 before the first.
    fn live(&self, sesi: usize, date: Date) -> u16 {
        let live = self.editions[sesi].iter().filter(|one| one.date <= date).count();
        u16::try_from(live).unwrap()
    }

    /// How many langkah the text has from which it was taught.
    fn langkah(&self, lesson: Lesson) -> u8 {
        match lesson.edition {
            0 => 5,
            number => self.editions[lesson.sesi][usize::from(number) - 1].langkah,
        }
    }
}
