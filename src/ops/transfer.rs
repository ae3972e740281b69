//! Files in and out: imports with every bad line named, exports that come back unchanged.

use std::fmt::Write as _;

use crate::app::App;
use crate::app::import::{Imported, Manner, Source};
use crate::bahasa::angka;
use crate::command::{Actor, Command};
use crate::decide::import::{self, Import, RowError, Rows};
use crate::decide::places::EditionRows;
use crate::event::Event;
use crate::kelompok::group::Kelompok;
use crate::kelompok::wilayah::{Kode, Level, Zone};
use crate::people::policy::Viewer;
use crate::state::rollup::Per;
use crate::transfer::read::{self, Limits, Lookup, Notes, Reading};
use crate::transfer::write::{self, Format, Headings, Output};

use super::{Kind, Outcome};

/// How many bad lines are printed, as many as the reader names; the rest are counted.
const SHOWN_ERRORS: usize = 100_000;

/// How an import is to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    /// Only say what would happen.
    pub dry_run: bool,
    /// Leave bad lines out instead of refusing the file.
    pub skip_bad: bool,
    /// For places: the edition that the file is, by its name and the date it came into force.
    pub edition: Option<(String, jiff::civil::Date)>,
}

/// What a file would do, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its rows that could be read.
    pub rows: Rows,
    /// What is wrong, in the order of lines, and by the names of columns.
    pub errors: Vec<RowError>,
    /// What was said while it was read.
    pub notes: Notes,
    /// Rows that are new.
    pub new: u64,
    /// Rows that change what is known.
    pub changed: u64,
    /// Rows that are known as they are.
    pub same: u64,
    /// Bad lines, whether they are named one by one or not.
    pub bad: u64,
}

/// Reads a file and says what its rows would do if `viewer` entered them.
///
/// # Errors
/// When the file as a whole cannot be read.
pub fn check(
    app: &App,
    viewer: Viewer<'_>,
    (kind, bytes): (Kind, &[u8]),
    (limits, edition): (Limits, Option<&(String, jiff::civil::Date)>),
) -> Result<Checked, read::FileError> {
    let Reading { rows, notes } = read(app, (kind, bytes), limits)?;
    let rows = of_edition(rows, edition);
    let plan = import::plan(&app.state(), viewer, &rows, app.clock().now());
    let mut errors = notes.errors.clone();
    errors.extend(plan.errors);
    errors.sort_by(|a, b| (a.line, &a.field).cmp(&(b.line, &b.field)));
    let bad = bad_lines(&errors) as u64 + u64::from(notes.unlisted);
    let [new, changed, same] = [plan.new, plan.changed, plan.same].map(u64::from);
    Ok(Checked { rows, errors, notes, new, changed, same, bad })
}

/// Reads a file and enters its rows: all of them, or none unless bad ones may be left out.
#[must_use]
pub fn import(app: &App, kind: Kind, (name, bytes): (&str, &[u8]), switches: &Switches) -> Outcome {
    if matches!(kind, Kind::Pertemuan | Kind::Cakupan)
        && let Some(outcome) = import_pertemuan(app, (name, &bytes), switches)
    {
        return outcome;
    }
    let limits = (Limits::local(), switches.edition.as_ref());
    let checked = match check(app, Viewer::System, (kind, bytes), limits) {
        Ok(checked) => checked,
        Err(error) => return Outcome::failed(format!("{name}: {error}")),
    };
    let Checked { rows, errors, notes, new, changed, same, bad } = checked;
    let mut outcome = told(name, (&errors, &notes), [new, changed, same, bad], switches);
    if outcome.exit == 0
        && !switches.dry_run
        && let Err(failed) = enter(app, rows, switches.skip_bad)
    {
        outcome.text.clear();
        let _ = writeln!(outcome.errors, "{name}: {failed}");
        outcome.exit = 2;
    }
    outcome
}

/// Imports a file of pertemuan that may be far larger than memory; none for a spreadsheet, which
/// [`import()`] takes.
#[must_use]
pub fn import_pertemuan(
    app: &App,
    (name, source): (&str, &dyn Source),
    switches: &Switches,
) -> Option<Outcome> {
    let manner = Manner { dry_run: switches.dry_run, skip_bad: switches.skip_bad };
    match app.import_pertemuan(source, Limits::local(), manner) {
        Ok(imported) => imported.map(|imported| of_pertemuan(name, &imported, switches)),
        Err(error) => Some(Outcome::failed(format!("{name}: {error}"))),
    }
}

fn of_pertemuan(name: &str, imported: &Imported, switches: &Switches) -> Outcome {
    let Imported { new, same, bad, notes, .. } = imported;
    told(name, (&notes.errors, notes), [*new, 0, *same, *bad], switches)
}

/// What is said of an import: how many rows are new, changed, known as they are, and bad.
fn told(
    name: &str,
    (errors, notes): (&[RowError], &Notes),
    [new, changed, same, bad]: [u64; 4],
    switches: &Switches,
) -> Outcome {
    let mut outcome = Outcome { errors: listing(name, errors, notes), ..Outcome::default() };
    if bad > 0 && !switches.skip_bad {
        let _ = writeln!(
            outcome.errors,
            "{} baris salah, jadi tidak ada yang dimasukkan. Perbaiki barisnya, atau tambahkan --skip-bad untuk melewatinya.",
            angka::count(bad)
        );
        outcome.exit = 1;
        return outcome;
    }
    let counts = format!(
        "{} baru, {} berubah, {} tetap{}",
        angka::count(new),
        angka::count(changed),
        angka::count(same),
        if bad > 0 { format!(", {} dilewati", angka::count(bad)) } else { String::new() }
    );
    outcome.text = if switches.dry_run {
        format!("{name}: {counts}. Belum ada yang disimpan (--dry-run).\n")
    } else {
        format!("{name}: {counts}.\n")
    };
    outcome
}

/// A list of places that is an edition says so.
fn of_edition(rows: Rows, edition: Option<&(String, jiff::civil::Date)>) -> Rows {
    match (rows, edition) {
        (Rows::Wilayah(rows), Some((name, date))) => {
            Rows::WilayahEdition(EditionRows { name: name.clone(), date: *date, rows })
        }
        (rows, _) => rows,
    }
}

fn enter(app: &App, rows: Rows, skip_bad: bool) -> Result<(), String> {
    let command = Command::Import(Box::new(Import { rows, skip_bad }));
    let request = app.request(Actor::System, command).map_err(|error| error.to_string())?;
    app.submit_blocking(request).map(|_| ()).map_err(|error| error.to_string())
}

fn read(
    app: &App,
    (kind, bytes): (Kind, &[u8]),
    limits: Limits,
) -> Result<Reading, read::FileError> {
    match kind {
        Kind::Wilayah => read::wilayah(bytes, limits),
        Kind::WilayahPeta => read::wilayah_peta(bytes, limits),
        Kind::WilayahAlias => read::wilayah_alias(bytes, limits),
        Kind::Kelompok => {
            let state = app.state();
            let names = std::cell::OnceCell::new();
            let find = |text: &str| {
                let names = names.get_or_init(|| state.place_names());
                names.find(text, Level::Desa).map_err(|error| error.to_string())
            };
            read::kelompok_named(bytes, limits, &find)
        }
        Kind::Pengguna => {
            let state = app.state();
            let names = std::cell::OnceCell::new();
            let find = |text: &str| {
                let names = names.get_or_init(|| state.place_names());
                names.find_any(text).map_err(|error| error.to_string())
            };
            read::pengguna_named(bytes, limits, &find)
        }
        Kind::Pertemuan | Kind::Cakupan => {
            let state = app.state();
            let now = app.clock().now();
            let today = Zone::Wib.date(now);
            let zone =
                |id: &str| state.group(id).map_or(Zone::Wib, |group| group.home(today).zone());
            read::pertemuan(bytes, limits, Lookup { skema: &state.skema, zone: &zone, now })
        }
    }
}

fn listing(name: &str, errors: &[RowError], notes: &Notes) -> String {
    let mut text = String::new();
    for error in errors.iter().take(SHOWN_ERRORS) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}:{}: {}: {}", error.line, error.field, error.message);
    }
    if errors.len() > SHOWN_ERRORS {
        let _ = writeln!(text, "... dan {} lagi.", errors.len() - SHOWN_ERRORS);
    }
    for note in notes.warnings.iter().take(SHOWN_ERRORS) {
        let _ = writeln!(text, "{name}:{}: catatan: {}: {}", note.line, note.field, note.message);
    }
    text
}

/// How many lines are bad; one may have several errors. The errors stand in the order of lines.
fn bad_lines(errors: &[RowError]) -> usize {
    errors.chunk_by(|a, b| a.line == b.line).count()
}

/// Writes everything of one kind as a file.
#[must_use]
pub fn export(app: &App, kind: Kind, ending: &str) -> Outcome {
    let Some(format) = Format::of_name(&format!("x.{ending}")) else {
        return Outcome::failed("Akhiran berkas harus .csv atau .xlsx.");
    };
    let mut payload = Vec::new();
    let written = write(app, kind, Output { format, to: &mut payload });
    match written {
        Ok(rows) => Outcome {
            text: format!("{} baris ditulis.\n", angka::count(rows)),
            payload,
            ..Outcome::default()
        },
        Err(error) => Outcome::failed(error),
    }
}

fn write(app: &App, kind: Kind, out: Output<'_>) -> Result<u64, String> {
    let state = app.state();
    let today = Zone::Wib.date(app.clock().now());
    let said = |error: write::WriteError| error.to_string();
    match kind {
        Kind::Wilayah => {
            write::wilayah(out, write::wilayah_of(&state, Kode::NASIONAL)).map_err(said)
        }
        Kind::WilayahPeta => write::wilayah_peta(out, &state).map_err(said),
        Kind::WilayahAlias => write::wilayah_alias(out, &state).map_err(said),
        Kind::Kelompok => {
            let rows = state.groups().iter().map(|group| write::kelompok_of(&state, group, today));
            write::kelompok(out, rows).map_err(said)
        }
        Kind::Pengguna => {
            write::pengguna(out, state.accounts.values().map(write::pengguna_of)).map_err(said)
        }
        Kind::Cakupan => {
            let rows = state.rollup(Kode::NASIONAL, Per::Kelompok, today);
            let sesi = state.target(Kode::NASIONAL, today);
            let table = write::coverage(&state, &rows, &sesi, today, Headings::Words);
            drop(state);
            table.write(out).map_err(said)
        }
        Kind::Pertemuan => {
            let groups: Vec<Kelompok> = state.groups().to_vec();
            drop(state);
            let mut rows = Vec::new();
            for group in &groups {
                let history = app.history(&group.id).map_err(|error| error.to_string())?;
                let state = app.state();
                for fakta in &group.fakta {
                    // The last form of a pertemuan is the one that its history told last.
                    let record = history.iter().rev().find_map(|entry| match &entry.event {
                        Event::PertemuanRecorded { id, record, .. }
                        | Event::PertemuanCorrected { id, record, .. }
                            if *id == fakta.id =>
                        {
                            Some(record)
                        }
                        _ => None,
                    });
                    rows.extend(record.map(|record| write::pertemuan_of(&state, &fakta, record)));
                }
            }
            write::pertemuan(out, rows.into_iter()).map_err(said)
        }
    }
}
