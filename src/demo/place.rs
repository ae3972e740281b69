//! Where the kelompok live.

use std::collections::BTreeMap;

use crate::decide::import::WilayahRow;
use crate::kelompok::wilayah::{Kode, Level};

use super::texts;

/// The places of the two kabupaten, `kode,nama`.
const SAMPLE: &str = include_str!("wilayah.csv");

/// Kelompok of each kecamatan of the sample, in the order of the demonstration: the code of the
/// kecamatan, and the last part of the code of each kelompok's desa.
const FIRST: [(&str, &[u16]); 7] = [
    ("16.02.05", &[1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010]),
    (
        "35.20.07",
        &[2014, 2014, 2014, 2014, 2014, 1011, 1013, 2001, 2002, 2003, 2004, 2005, 2006, 2007],
    ),
    ("16.02.03", &[2002, 2003, 2004, 2005, 2006, 2007, 2008, 2009, 2010]),
    ("35.20.02", &[1008, 2001, 2002, 2003, 2004, 2005, 2006, 2007]),
    ("16.02.08", &[2001, 2002, 2003, 2004, 2005, 2006, 2007, 2008]),
    ("35.20.18", &[2001, 2002, 2003, 2004, 2005, 2006]),
    ("16.02.20", &[2001, 2002, 2003, 2004, 2005]),
];

/// The most kelompok of one desa.
const PER_DESA: u32 = 5;
/// Made-up desa of one kecamatan, kecamatan of one kabupaten, kabupaten of one provinsi.
const DESA: u32 = 10;
const KECAMATAN: u32 = 15;
const KABUPATEN: u32 = 15;
const PER_KECAMATAN: u32 = PER_DESA * DESA;
const PER_KABUPATEN: u32 = PER_KECAMATAN * KECAMATAN;
/// Made-up kabupaten have numbers that no real one has: those end in the twenties, and those of
/// cities begin at 71.
const FIRST_KABUPATEN: u32 = 51;

/// The most kelompok of a made-up district.
pub const MAX_KELOMPOK: u32 = texts::PROVINSI.len() as u32 * KABUPATEN * PER_KABUPATEN;

/// One in so many kelompok of a kecamatan spans two desa.
const SPANNING: u32 = 8;

/// Kelompok of one pendamping.
const PER_PENDAMPING: u32 = 12;

/// Where one kelompok lives and who meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// The number of the kelompok in the district, from 0.
    pub(super) number: u32,
    /// Its desa.
    pub(super) desa: Kode,
    /// Another desa from which members come.
    pub(super) neighbour: Option<Kode>,
    /// Its number in its kecamatan, from 0.
    pub(super) in_kecamatan: u32,
    /// The number of its pendamping in the kecamatan, from 1.
    pub(super) pendamping: u32,
}

/// One kecamatan with kelompok.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kecamatan {
    /// Its code.
    pub(super) kode: Kode,
    /// Its name.
    pub(super) name: String,
    /// How many pendamping work there.
    pub(super) pendamping: u32,
}

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    kelompok: u32,
    /// The real places, in the order of the file.
    sample: Vec<WilayahRow>,
    /// The desa of the first kelompok, with the number of each in its kecamatan.
    slots: Vec<(Kode, u32)>,
    /// How many of `slots` are used in each kecamatan.
    used: BTreeMap<Kode, u32>,
}

impl Places {
    pub(super) fn new(kelompok: u32) -> Self {
        let sample = read_sample();
        let slots = sample_slots(&sample);
        let mut used = BTreeMap::new();
        for (desa, _) in slots.iter().take(kelompok as usize) {
            *used.entry(above(*desa, Level::Kecamatan)).or_insert(0) += 1;
        }
        Self { kelompok, sample, slots, used }
    }

    /// Where the kelompok with this number lives.
    pub(super) fn slot(&self, number: u32) -> Slot {
        if let Some((desa, in_kecamatan)) = self.slots.get(number as usize) {
            let count = self.used.get(&above(*desa, Level::Kecamatan)).copied().unwrap_or(1);
            let helpers = count.div_ceil(PER_PENDAMPING).max(1);
            let pendamping = in_kecamatan * helpers / count.max(1) + 1;
            let (desa, in_kecamatan) = (*desa, *in_kecamatan);
            let spans_two = in_kecamatan % SPANNING == SPANNING - 1;
            let neighbour = if spans_two { self.next_desa(desa) } else { None };
            return Slot { number, desa, neighbour, in_kecamatan, pendamping };
        }
        let beyond = number - self.in_sample();
        let desa = made_up_desa(beyond / PER_DESA);
        let in_kecamatan = beyond % PER_KECAMATAN;
        let pendamping = in_kecamatan / PER_PENDAMPING + 1;
        Slot { number, desa, neighbour: None, in_kecamatan, pendamping }
    }

    /// The real desa listed behind this one, in the same kecamatan.
    fn next_desa(&self, desa: Kode) -> Option<Kode> {
        let at = self.sample.iter().position(|row| row.kode == desa)?;
        let next = self.sample.get(at + 1)?.kode;
        (next.parent() == desa.parent()).then_some(next)
    }

    fn in_sample(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(0)
    }

    /// Kelompok in made-up places.
    fn beyond(&self) -> u32 {
        self.kelompok.saturating_sub(self.in_sample())
    }

    /// The name of a real place; empty for any other.
    pub(super) fn sample_name(&self, kode: Kode) -> &str {
        self.sample.iter().find(|row| row.kode == kode).map_or("", |row| row.name.as_str())
    }

    /// The kecamatan with kelompok.
    pub(super) fn kecamatan(&self) -> impl Iterator<Item = Kecamatan> {
        let real = self.used.iter().map(|(kode, count)| Kecamatan {
            kode: *kode,
            name: self.sample_name(*kode).to_owned(),
            pendamping: count.div_ceil(PER_PENDAMPING),
        });
        let count = self.beyond().div_ceil(PER_KECAMATAN);
        let made_up = (0..count).map(|number| {
            let kelompok = (self.beyond() - number * PER_KECAMATAN).min(PER_KECAMATAN);
            let kode = above(made_up_desa(number * DESA), Level::Kecamatan);
            let name = made_up_name(number);
            Kecamatan { kode, name, pendamping: kelompok.div_ceil(PER_PENDAMPING) }
        });
        real.chain(made_up)
    }

    /// The made-up kabupaten with kelompok.
    pub(super) fn made_up_kabupaten(&self) -> impl Iterator<Item = WilayahRow> {
        let count = self.beyond().div_ceil(PER_KABUPATEN);
        (0..count).map(|number| {
            let kode = above(made_up_desa(number * KECAMATAN * DESA), Level::Kabupaten);
            WilayahRow { kode, name: format!("Kabupaten Contoh {}", number + 1) }
        })
    }

    /// Every place, each behind the one it lies in.
    pub(super) fn rows(&self) -> impl Iterator<Item = WilayahRow> {
        let provinsi = self.made_up_kabupaten().take(texts::PROVINSI.len()).filter_map(|row| {
            let kode = above(row.kode, Level::Provinsi);
            let name = texts::PROVINSI.iter().find(|(number, _)| *number == kode.provinsi())?.1;
            let known = self.sample.iter().any(|one| one.kode == kode);
            (!known).then(|| WilayahRow { kode, name: name.to_owned() })
        });
        let kecamatan = (0..self.beyond().div_ceil(PER_KECAMATAN)).map(|number| {
            let kode = above(made_up_desa(number * DESA), Level::Kecamatan);
            WilayahRow { kode, name: made_up_name(number) }
        });
        let desa = (0..self.beyond().div_ceil(PER_DESA)).map(|number| {
            // Another stride than that of the kecamatan, so that names do not go in step.
            WilayahRow { kode: made_up_desa(number), name: made_up_name(number * 7 + 3) }
        });
        let sample = self.sample.iter().cloned();
        sample.chain(provinsi).chain(self.made_up_kabupaten()).chain(kecamatan).chain(desa)
    }
}

/// The code of the place of `level` around another.
pub(super) fn above(kode: Kode, level: Level) -> Kode {
    kode.at(level).unwrap_or(kode)
}

fn read_sample() -> Vec<WilayahRow> {
    let row = |line: &str| {
        let (kode, name) = line.split_once(',')?;
        Some(WilayahRow { kode: kode.parse().ok()?, name: name.trim().to_owned() })
    };
    SAMPLE.lines().filter_map(row).collect()
}

/// The desa of the kelompok that live in real places, each with its number in its kecamatan: one
/// kecamatan after the other in turns, first those of the demonstration, then every desa up to
/// its fill.
fn sample_slots(sample: &[WilayahRow]) -> Vec<(Kode, u32)> {
    let mut queues: Vec<Vec<Kode>> = Vec::new();
    let mut first = Vec::new();
    for (kecamatan, desa) in FIRST {
        let of_demo: Vec<Kode> =
            desa.iter().filter_map(|desa| format!("{kecamatan}.{desa}").parse().ok()).collect();
        let mut count: BTreeMap<Kode, u32> = BTreeMap::new();
        for desa in &of_demo {
            *count.entry(*desa).or_default() += 1;
        }
        first.push(of_demo);
        let all = sample.iter().filter(|row| {
            row.kode.level() == Level::Desa && row.kode.to_string().starts_with(kecamatan)
        });
        let all: Vec<Kode> = all.map(|row| row.kode).collect();
        let mut rest = Vec::new();
        for fill in 1..=PER_DESA {
            let wanting = |desa: &&Kode| count.get(desa).copied().unwrap_or(0) < fill;
            rest.extend(all.iter().filter(wanting));
        }
        queues.push(rest);
    }
    let mut numbers: BTreeMap<Kode, u32> = BTreeMap::new();
    let in_turns = |queues: &[Vec<Kode>]| -> Vec<Kode> {
        let longest = queues.iter().map(Vec::len).max().unwrap_or(0);
        let turn = |at| queues.iter().filter_map(move |queue: &Vec<Kode>| queue.get(at).copied());
        (0..longest).flat_map(turn).collect()
    };
    let all = in_turns(&first).into_iter().chain(in_turns(&queues));
    all.map(|desa| {
        let number = numbers.entry(above(desa, Level::Kecamatan)).or_insert(0);
        *number += 1;
        (desa, *number - 1)
    })
    .collect()
}

/// The code of a made-up desa. One kabupaten is filled before the next is begun, and the next lies
/// in the next provinsi, so that even a small district has all three time zones.
fn made_up_desa(number: u32) -> Kode {
    let (desa, kecamatan) = (number % DESA, number / DESA);
    let (kecamatan, kabupaten) = (kecamatan % KECAMATAN, kecamatan / KECAMATAN);
    let provinsi = kabupaten as usize % texts::PROVINSI.len();
    let in_provinsi = kabupaten / texts::PROVINSI.len() as u32;
    let text = format!(
        "{}.{}.{:02}.{}",
        texts::PROVINSI[provinsi].0,
        FIRST_KABUPATEN + in_provinsi,
        kecamatan + 1,
        2001 + desa
    );
    text.parse().unwrap_or(Kode::NASIONAL)
}

fn made_up_name(number: u32) -> String {
    let (first, second) = (texts::PLACE_FIRST, texts::PLACE_SECOND);
    let at = number as usize;
    format!("{} {}", first[at % first.len()], second[at / first.len() % second.len()])
}
