//! The life of one kelompok: its name, its members over time, who meets it.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::curriculum::ids::SesiId;
use crate::curriculum::shipped::shipped_texts;
use crate::curriculum::skema::Skema;
use crate::decide::import::KelompokRow;
use crate::kelompok::KelompokId;
use crate::kelompok::group::HeadReason;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::{Kode, Level};

use super::place::{Slot, above};
use super::rng::Rng;
use super::{AreaSuspension, Handover, HeadChange, Params, people, texts};

/// In this kecamatan the first pendamping hands kelompok over to another.
pub(super) const HANDOVER_KECAMATAN: &str = "16.02.05";
/// Kelompok of that kecamatan from this number on are handed over.
const HANDED_OVER_FROM: u32 = 6;
/// In this kecamatan pertemuan are suspended for two months.
const SUSPENDED: &str = "35.20.07";
/// In this desa 20 of 123 members leave at once, standing on their own feet.
const GRADUATING: &str = "35.20.07.2014";
/// Members of its kelompok at first, and how many of each leave.
const GRADUATING_MEMBERS: [u16; 5] = [25, 25, 25, 24, 24];
const GRADUATES: i32 = -4;

/// What all kelompok share: the months, the curriculum, the suspension.
#[derive(Debug)]
pub(super) struct Course {
    /// The months, oldest first; the last is that of today.
    pub(super) months: Vec<Month>,
    /// Sesi of the default skema, in order.
    pub(super) first: Vec<SesiId>,
    /// Sesi of the other skema, in order.
    pub(super) further: Vec<SesiId>,
    /// The suspension in the middle.
    pub(super) suspension: Option<AreaSuspension>,
    /// When the members of the graduating desa leave.
    graduation: Date,
    /// When kelompok are handed over.
    handover: Date,
}

impl Course {
    pub(super) fn new(params: &Params) -> Self {
        let mut months = vec![Month::of(params.today)];
        while months.len() < params.months as usize {
            months.push(months[months.len() - 1].previous());
        }
        months.reverse();
        let (first, further) = curriculum();
        let middle = months.len() / 2;
        let suspension = (months.len() >= 5).then(|| AreaSuspension {
            area: SUSPENDED.parse().unwrap_or(Kode::NASIONAL),
            from: months[middle - 1].first(),
            to: months[middle].last(),
            reason: texts::SUSPENSION.to_owned(),
        });
        let after = months.get(middle + 1).unwrap_or(&months[middle]).first();
        let later = months.get(middle + 2).unwrap_or(&months[middle]).first();
        let graduation = after.saturating_add(9.days());
        Self { months, first, further, suspension, graduation, handover: later }
    }

    /// Whether pertemuan in this desa are suspended on `on`.
    pub(super) fn suspended(&self, desa: Kode, on: Date) -> bool {
        let inside =
            |one: &AreaSuspension| one.area.contains(desa) && one.from <= on && on <= one.to;
        self.suspension.as_ref().is_some_and(inside)
    }

    /// Whether `month` is the first behind a suspension of this desa.
    pub(super) fn restarts(&self, desa: Kode, month: Month) -> bool {
        let just_before =
            |one: &AreaSuspension| one.area.contains(desa) && month.previous().contains(one.to);
        self.suspension.as_ref().is_some_and(just_before)
    }
}

fn curriculum() -> (Vec<SesiId>, Vec<SesiId>) {
    let skema = shipped_texts()
        .into_iter()
        .filter(|text| text.is_skema())
        .filter_map(|text| Skema::parse(&text.text).0);
    let (mut first, mut further) = (Vec::new(), Vec::new());
    for one in skema {
        let into = if one.default { &mut first } else { &mut further };
        into.extend(one.sesi().map(|(_, sesi)| sesi.id.clone()));
    }
    (first, further)
}

/// The life of one kelompok.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its number in the district, from 0.
    pub number: u32,
    /// As it was on its first day.
    pub kelompok: KelompokRow,
    /// How its number of members changed, by date.
    pub heads: Vec<HeadChange>,
    /// Whether and when another pendamping took over.
    pub handover: Option<Handover>,
}

impl Story {
    /// The number of members on `on`.
    #[must_use]
    pub fn members(&self, on: Date) -> u16 {
        let changes: i32 =
            self.heads.iter().filter(|one| one.date <= on).map(|one| one.delta).sum();
        u16::try_from(i32::from(self.kelompok.members) + changes).unwrap_or(0)
    }

    /// The largest number of members that it ever had.
    #[must_use]
    pub fn most_members(&self) -> u16 {
        let dates = self.heads.iter().map(|one| self.members(one.date));
        dates.chain([self.kelompok.members]).max().unwrap_or(0)
    }

    /// The desa it belongs to.
    #[must_use]
    pub fn home(&self) -> Kode {
        self.kelompok.desa.first().copied().unwrap_or(Kode::NASIONAL)
    }
}

/// The life of the kelompok in this slot.
pub(super) fn story(params: &Params, course: &Course, slot: &Slot) -> Option<Story> {
    let mut rng = Rng::new(params.seed, u64::from(slot.number) * 2);
    let kecamatan = above(slot.desa, Level::Kecamatan);
    let id = kelompok_id(slot)?;
    let start = start(&mut rng, params, course);
    let graduating = slot.desa.to_string() == GRADUATING;
    let members = if graduating {
        GRADUATING_MEMBERS[slot.in_kecamatan as usize % GRADUATING_MEMBERS.len()]
    } else {
        u16::try_from(rng.range(18, 30)).unwrap_or(25)
    };
    let mut heads = if graduating && course.graduation > start && course.graduation < params.today {
        vec![change(&id, course.graduation, GRADUATES, HeadReason::GraduasiMandiri)]
    } else {
        changes(&mut rng, &id, start, params.today)
    };
    heads.sort_by_key(|one| one.date);
    let handed_over = kecamatan.to_string() == HANDOVER_KECAMATAN
        && slot.in_kecamatan >= HANDED_OVER_FROM
        && (start..params.today).contains(&course.handover);
    let pendamping = people::login_at(kecamatan, slot.pendamping);
    let handover = handed_over
        .then(|| people::login_at(kecamatan, slot.pendamping + 1))
        .flatten()
        .map(|login| Handover { kelompok: id.clone(), from: course.handover, pendamping: login });
    let name = name(slot.in_kecamatan);
    let desa = std::iter::once(slot.desa).chain(slot.neighbour).collect();
    let kelompok = KelompokRow { id, name, desa, members, pendamping, start };
    Some(Story { number: slot.number, kelompok, heads, handover })
}

/// `OKI-001`, `MGT-014`; beyond the two real kabupaten `K-000431`.
fn kelompok_id(slot: &Slot) -> Option<KelompokId> {
    let number = slot.number + 1;
    let text = match slot.desa.at(Level::Kabupaten).map(|kode| kode.to_string()).as_deref() {
        Some("16.02") => format!("OKI-{number:03}"),
        Some("35.20") => format!("MGT-{number:03}"),
        _ => format!("K-{number:06}"),
    };
    text.parse().ok()
}

fn name(in_kecamatan: u32) -> String {
    let names = texts::KELOMPOK;
    let at = in_kecamatan as usize;
    format!("{} {}", names[at % names.len()], at / names.len() + 1)
}

/// Most kelompok began shortly before the first month, since their plans rest on what is recorded;
/// some were founded on the way.
fn start(rng: &mut Rng, params: &Params, course: &Course) -> Date {
    let first = course.months[0].first();
    if params.months >= 6 && rng.percent(10) {
        let days = i64::from(rng.range(30, params.months * 12));
        return first.saturating_add(days.days());
    }
    first.saturating_sub(i64::from(rng.range(3, 60)).days())
}

fn changes(rng: &mut Rng, id: &KelompokId, start: Date, today: Date) -> Vec<HeadChange> {
    let mut all = Vec::new();
    let begin = start.max(today.saturating_sub(400.days()));
    let days = begin.until(today).map_or(0, |span| span.get_days()).saturating_sub(1);
    let Ok(days) = u32::try_from(days) else { return all };
    for (share, most, sign, reason) in [
        (35, 4, -1, HeadReason::GraduasiMandiri),
        (30, 3, 1, HeadReason::AnggotaBaru),
        (10, 1, -1, HeadReason::Pindah),
        (8, 2, -1, HeadReason::GraduasiAlamiah),
        (4, 1, -1, HeadReason::Meninggal),
    ] {
        let happens = rng.percent(share);
        let delta = sign * i32::try_from(rng.range(1, most)).unwrap_or(1);
        let date = begin.saturating_add(i64::from(rng.range(1, days.max(1))).days());
        if happens && days > 0 && date < today {
            all.push(change(id, date, delta, reason));
        }
    }
    all
}

fn change(id: &KelompokId, date: Date, delta: i32, reason: HeadReason) -> HeadChange {
    HeadChange { kelompok: id.clone(), date, delta, reason }
}
