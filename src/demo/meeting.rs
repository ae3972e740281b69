//! The pertemuan of one kelompok.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};

use crate::command::{RecordInput, TaughtInput};
use crate::curriculum::ids::SesiId;
use crate::kelompok::pertemuan::Extent;
use crate::kelompok::rates::Month;
use crate::kelompok::wilayah::Zone;

use super::rng::Rng;
use super::story::{Course, Story};
use super::{Params, texts};

/// One pertemuan as it reached the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id in a file; `read::pertemuan_id` makes the id of the pertemuan of it.
    pub id: String,
    /// What was recorded; the members of the day are not said.
    pub input: RecordInput,
    /// When.
    pub received: Timestamp,
}

/// How one kelompok goes about its meetings.
struct Habits {
    /// Meets in so many of a hundred months.
    pace: u32,
    /// Brings a sesi to its end at once in so many of a hundred meetings.
    thorough: u32,
    /// So many of a hundred members stay away without a word.
    away: u32,
    /// So many of a hundred reports come too late.
    late: u32,
    /// Takes up a sesi of another skema in so many of a hundred meetings.
    further: u32,
}

/// How far a kelompok is.
struct Progress<'c> {
    course: &'c Course,
    /// Sesi of the default skema begun so far.
    first: usize,
    /// Sesi of the others begun so far.
    further: usize,
    /// A sesi that was begun and not finished.
    open: Option<SesiId>,
}

impl Progress<'_> {
    /// The next sesi: in order through the default skema, then through the others, then again.
    fn next(&mut self, prefer_further: bool) -> Option<SesiId> {
        let (first, further) = (&self.course.first, &self.course.further);
        let behind = self.first >= first.len();
        if (prefer_further || behind) && self.further < further.len() {
            self.further += 1;
            return further.get(self.further - 1).cloned();
        }
        self.first += 1;
        first.get((self.first - 1) % first.len().max(1)).cloned()
    }
}

/// The pertemuan of a kelompok up to the day before today, as far as they have been recorded.
pub(super) fn reports(params: &Params, course: &Course, story: &Story) -> Vec<Report> {
    let mut rng = Rng::new(params.seed, u64::from(story.number) * 2 + 1);
    let habits = Habits {
        pace: rng.range(62, 99),
        thorough: rng.range(60, 95),
        away: rng.range(2, 14),
        late: rng.range(2, 25),
        further: rng.range(0, 22),
    };
    let mut progress = Progress { course, first: 0, further: 0, open: None };
    let mut all = Vec::new();
    for month in &course.months {
        let restart = course.restarts(story.home(), *month);
        let Some(date) = date(&mut rng, params, course, story, *month) else { continue };
        // The first meeting behind a suspension is one that nobody leaves out.
        let meets = rng.percent(habits.pace) || restart;
        if !meets {
            continue;
        }
        let kind = kind(&mut rng, restart);
        let input = record(&mut rng, &habits, story, (date, kind), &mut progress);
        let Some(received) = received(&mut rng, params, &habits, date) else { continue };
        let id = format!("{}-{date}", story.kelompok.id);
        let twice =
            rng.percent(2).then(|| twice(&mut rng, params, &id, &input, received)).flatten();
        all.push(Report { id, input, received });
        all.extend(twice);
    }
    all
}

/// A weekday of the month on which the kelompok can meet.
fn date(
    rng: &mut Rng,
    params: &Params,
    course: &Course,
    story: &Story,
    month: Month,
) -> Option<Date> {
    let day = i64::from(rng.range(2, 25));
    let mut date = month.first().saturating_add(day.days());
    if date.weekday() == jiff::civil::Weekday::Sunday {
        date = date.saturating_add(1.days());
    }
    let fits = date < params.today
        && date >= story.kelompok.start
        && !course.suspended(story.home(), date);
    fits.then_some(date)
}

fn kind(rng: &mut Rng, restart: bool) -> &'static str {
    if restart {
        return "terbatas";
    }
    match rng.range(1, 100) {
        1..=84 => "lengkap",
        85..=88 => "susulan",
        89..=91 => "daring",
        92..=94 => "terbatas",
        95..=97 => "perwakilan",
        _ => "kunjungan-rumah",
    }
}

fn record(
    rng: &mut Rng,
    habits: &Habits,
    story: &Story,
    (date, kind): (Date, &str),
    progress: &mut Progress<'_>,
) -> RecordInput {
    let members = u32::from(story.members(date));
    let (present, sick, absent) = counts(rng, habits, kind, members);
    let sesi = sesi(rng, habits, kind, progress);
    let few = matches!(kind, "perwakilan" | "kunjungan-rumah");
    let start = rng.pick(&[8, 9, 9, 10, 13, 14]).copied().filter(|_| rng.percent(75));
    let half = if rng.percent(40) { 30 } else { 0 };
    let start = start.and_then(|hour| Time::new(hour, half, 0, 0).ok());
    let minutes = i64::from(rng.range(6, 9)) * 15;
    let (obstacles, follow_up) = kendala(rng);
    let topics = if sesi.is_empty() || rng.percent(14) { vec![topic(rng)] } else { Vec::new() };
    RecordInput {
        kelompok: story.kelompok.id.clone(),
        date,
        kind: kind.to_owned(),
        sesi,
        present: small(present),
        sick: small(sick),
        absent: small(absent),
        members: None,
        absent_seats: Vec::new(),
        start,
        end: start.and_then(|start| start.checked_add(minutes.minutes()).ok()),
        place: if rng.percent(70) { rng.text(&texts::TEMPAT).to_owned() } else { String::new() },
        discussion: if few { None } else { discussion(rng, kind) },
        speakers: speakers(rng, kind),
        topics,
        obstacles,
        follow_up,
        note: note(rng),
    }
}

/// Present, sick and absent. Everyone is accounted for where the kind asks for it.
fn counts(rng: &mut Rng, habits: &Habits, kind: &str, members: u32) -> (u32, u32, u32) {
    match kind {
        "perwakilan" => (rng.range(4, 8).min(members), 0, 0),
        "kunjungan-rumah" => (rng.range(1, 3).min(members), 0, 0),
        "terbatas" | "daring" | "susulan" => {
            let present = members * rng.range(52, 85) / 100;
            (present.max(members.div_ceil(2)), rng.range(0, 1).min(members / 4), 0)
        }
        _ => {
            // Now and then hardly anyone comes.
            let away = if rng.percent(2) { 60 } else { habits.away };
            let sick = (0..members).filter(|_| rng.percent(3)).count();
            let absent = (0..members).filter(|_| rng.percent(away)).count();
            let sick = u32::try_from(sick).unwrap_or(0).min(members / 3);
            let absent = u32::try_from(absent).unwrap_or(0).min(members - sick);
            (members - sick - absent, sick, absent)
        }
    }
}

fn sesi(
    rng: &mut Rng,
    habits: &Habits,
    kind: &str,
    progress: &mut Progress<'_>,
) -> Vec<TaughtInput> {
    // Guests touch several sesi in part, and a visit repeats something: neither goes on in order.
    if matches!(kind, "perwakilan" | "kunjungan-rumah") {
        let count = if kind == "perwakilan" { rng.range(2, 4) } else { 1 };
        let from = rng.range(0, 9) as usize;
        let some = progress.course.first.iter().skip(from).take(count as usize);
        return some.map(|id| taught(id.clone(), Extent::Sebagian, Vec::new())).collect();
    }
    let mut all = Vec::new();
    if let Some(open) = progress.open.take() {
        all.push(taught(open, Extent::Tuntas, Vec::new()));
        // Finishing one leaves time for another only now and then.
        if rng.percent(70) {
            return all;
        }
    }
    let count = if all.is_empty() && rng.percent(8) { 2 } else { 1 };
    for _ in 0..count {
        let prefer_further = rng.percent(habits.further);
        let Some(id) = progress.next(prefer_further) else { continue };
        let whole = rng.percent(habits.thorough);
        if whole {
            all.push(taught(id, Extent::Tuntas, Vec::new()));
        } else {
            let steps = if rng.percent(50) { vec![1, 2, 3] } else { Vec::new() };
            // Most that is left open is taken up again; the rest stays half done.
            if rng.percent(85) {
                progress.open = Some(id.clone());
            }
            all.push(taught(id, Extent::Sebagian, steps));
        }
    }
    for one in &mut all {
        // Some still teach from the printed book.
        one.edition = rng.percent(4).then_some(0);
    }
    all
}

fn taught(sesi: SesiId, extent: Extent, langkah: Vec<u8>) -> TaughtInput {
    TaughtInput { sesi, extent, langkah, edition: None }
}

fn discussion(rng: &mut Rng, kind: &str) -> Option<bool> {
    match rng.range(1, 100) {
        _ if kind == "terbatas" => Some(true),
        1..=70 => Some(true),
        71..=85 => Some(false),
        _ => None,
    }
}

fn speakers(rng: &mut Rng, kind: &str) -> Vec<String> {
    let mut all = Vec::new();
    if kind == "perwakilan" {
        all.push("Petugas Dinas Sosial".to_owned());
    } else if rng.percent(22) {
        all.push(rng.text(&texts::PEMBICARA).to_owned());
    }
    if !all.is_empty() {
        all.insert(0, "Pendamping".to_owned());
    }
    all
}

fn topic(rng: &mut Rng) -> String {
    rng.text(&texts::TOPIK).to_owned()
}

fn kendala(rng: &mut Rng) -> (String, String) {
    if !rng.percent(24) {
        return (String::new(), String::new());
    }
    let (kendala, follow_up) = rng.pick(&texts::KENDALA).copied().unwrap_or(("", ""));
    let follow_up = if rng.percent(80) { follow_up } else { "" };
    (kendala.to_owned(), follow_up.to_owned())
}

fn note(rng: &mut Rng) -> String {
    if !rng.percent(45) {
        return String::new();
    }
    let first = rng.text(&texts::CATATAN);
    let second = rng.text(&texts::CATATAN);
    if first != second && rng.percent(35) { format!("{first} {second}") } else { first.to_owned() }
}

/// When the report came: at once, in the rush of the last three days of the month, or too late.
/// None for one that has not come yet.
fn received(rng: &mut Rng, params: &Params, habits: &Habits, date: Date) -> Option<Timestamp> {
    let month = Month::of(date);
    let day = if rng.percent(habits.late) {
        month.next().first().saturating_add(i64::from(rng.range(3, 24)).days())
    } else if rng.percent(45) {
        month.last().saturating_sub(i64::from(rng.range(0, 2)).days()).max(date)
    } else {
        // Three days behind the end of the month are still in time.
        let soon = date.saturating_add(i64::from(rng.range(0, 4)).days());
        soon.min(month.last().saturating_add(3.days()))
    };
    let hour = i8::try_from(rng.range(16, 21)).unwrap_or(18);
    let minute = i8::try_from(rng.range(0, 59)).unwrap_or(0);
    let at = day.at(hour, minute, 0, 0);
    // WIB everywhere: from four in the afternoon on it is the same day in all three zones until ten
    // in the evening, which is as late as anyone here reports.
    let at = jiff::tz::offset(7).to_timestamp(at).ok()?;
    (Zone::Wit.date(at) < params.today).then_some(at)
}

/// A second report of the same meeting, sent by mistake some days later.
fn twice(
    rng: &mut Rng,
    params: &Params,
    id: &str,
    input: &RecordInput,
    received: Timestamp,
) -> Option<Report> {
    let later = received.checked_add((24 * i64::from(rng.range(1, 3))).hours()).ok()?;
    let known = Zone::Wit.date(later) < params.today;
    let mut input = input.clone();
    input.note = "Dikirim ulang karena kiriman pertama tampak gagal.".to_owned();
    known.then(|| Report { id: format!("{id}-b"), input, received: later })
}

fn small(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(0)
}
