//! The cells of each kind of row, in the order of its columns.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::decide::import::{KelompokRow, PenggunaRow, WilayahRow};
use crate::kelompok::wilayah::Zone;
use crate::transfer::items;

use super::record::Record;
use super::table::Value;

pub(super) fn wilayah(row: &WilayahRow) -> Vec<Value<'_>> {
    vec![text(row.kode.to_string()), borrowed(&row.name)]
}

pub(super) fn texts(cells: [String; 2]) -> Vec<Value<'static>> {
    cells.into_iter().map(text).collect()
}

pub(super) fn kelompok(row: &KelompokRow, end: Option<Date>) -> Vec<Value<'_>> {
    vec![
        borrowed(row.id.as_str()),
        borrowed(&row.name),
        text(joined(&row.desa)),
        Value::Count(u64::from(row.members)),
        borrowed(row.pendamping.as_ref().map_or("", |login| login.as_str())),
        Value::Day(row.start),
        end.map_or(Value::Empty, Value::Day),
    ]
}

pub(super) fn pengguna(row: &PenggunaRow, disabled: bool) -> Vec<Value<'_>> {
    let mut roles: Vec<_> = row.grants.iter().map(|grant| grant.role).collect();
    let mut areas: Vec<_> = row.grants.iter().map(|grant| grant.area).collect();
    // The short form where one role holds in several places, or several in one; else pair by pair.
    if roles.iter().all(|role| *role == roles[0]) {
        roles.truncate(1);
    } else if areas.iter().all(|area| *area == areas[0]) {
        areas.truncate(1);
    }
    vec![
        borrowed(row.login.as_str()),
        borrowed(&row.name),
        text(joined(&roles)),
        text(joined(&areas)),
        borrowed(if disabled { "nonaktif" } else { "" }),
    ]
}

pub(super) fn pertemuan<'r>(row: &'r Record<'_>) -> Vec<Value<'r>> {
    let input = &*row.input;
    let per_sesi = |cell: &dyn Fn(&crate::command::TaughtInput) -> String, used: bool| {
        let cells: Vec<String> = if used { input.sesi.iter().map(cell).collect() } else { vec![] };
        text(cells.join("|"))
    };
    let edition = |number: u16| if number == 0 { "buku cetak".into() } else { number.to_string() };
    let any_edition = input.sesi.iter().any(|one| one.edition.is_some());
    let any_step = input.sesi.iter().any(|one| !one.langkah.is_empty());
    vec![
        borrowed(&row.id),
        borrowed(input.kelompok.as_str()),
        Value::Day(input.date),
        per_sesi(&|one| one.sesi.to_string(), true),
        per_sesi(&|one| one.extent.as_str().to_owned(), true),
        Value::Count(u64::from(input.present)),
        Value::Count(u64::from(input.sick)),
        Value::Count(u64::from(input.absent)),
        borrowed(&input.kind),
        borrowed(&input.note),
        row.received.map_or(Value::Empty, |at| text(moment(at, row.zone))),
        per_sesi(&|one| one.edition.map_or_else(String::new, edition), any_edition),
        input.members.map_or(Value::Empty, |members| Value::Count(u64::from(members))),
        borrowed(match input.discussion {
            None => "",
            Some(true) => "ya",
            Some(false) => "tidak",
        }),
        per_sesi(&|one| spaced(&one.langkah), any_step),
        text(joined(&input.absent_seats)),
        clock(input.start),
        clock(input.end),
        borrowed(&input.place),
        text(items::join(input.speakers.iter().map(String::as_str))),
        text(items::join(input.topics.iter().map(String::as_str))),
        borrowed(&input.obstacles),
        borrowed(&input.follow_up),
        borrowed(if row.withdrawn { "ditarik" } else { "" }),
    ]
}

fn text(text: String) -> Value<'static> {
    Value::Text(Cow::Owned(text))
}

fn borrowed(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}

fn joined<T: ToString>(all: &[T]) -> String {
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    all.join("|")
}

fn spaced(steps: &[u8]) -> String {
    let steps: Vec<String> = steps.iter().map(ToString::to_string).collect();
    steps.join(" ")
}

/// Seconds only where there are some: nobody types them.
fn clock(time: Option<Time>) -> Value<'static> {
    let Some(time) = time else { return Value::Empty };
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    text(if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    })
}

/// With the distance from UTC, so that it means the same wherever it is read.
fn moment(at: Timestamp, zone: Zone) -> String {
    let hours = match zone {
        Zone::Wib => 7,
        Zone::Wita => 8,
        Zone::Wit => 9,
    };
    format!("{}+{hours:02}:00", zone.datetime(at))
}
