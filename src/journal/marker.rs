//! The two small files beside the journal: the format's number and the last clean stop.

use std::path::Path;

use super::FORMAT;
use super::disk::{Disk, DiskResult, read_whole, replace};
use super::error::{Damage, Finding, JournalError};
use super::hash::{Hash128, Head};

/// The file that names the format of the data directory.
pub(super) const FORMAT_FILE: &str = "format";
/// The file that remembers the last clean stop.
pub(super) const STOP_FILE: &str = "stop";
/// Either file is far shorter.
const BYTES_MAX: usize = 512;

fn format_text(format: u32) -> String {
    format!("p2k2 data {format}\n")
}

/// What the file of the format says.
pub(super) enum FormatFile {
    Known,
    Missing,
    Damaged,
}

/// Reads the format; a newer one is an error, because everything behind it may differ.
pub(super) fn read_format(disk: &dyn Disk, dir: &Path) -> Result<FormatFile, JournalError> {
    let file = dir.join(FORMAT_FILE);
    let Some(bytes) = read_whole(disk, &file, BYTES_MAX)? else { return Ok(FormatFile::Missing) };
    let number = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| text.strip_prefix("p2k2 data ")?.strip_suffix('\n')?.parse::<u32>().ok());
    match number {
        Some(found) if found > FORMAT => {
            Err(JournalError::NewerFormat { file, found, known: FORMAT })
        }
        Some(known) if known > 0 && format_text(known).as_bytes() == bytes => Ok(FormatFile::Known),
        _ => Ok(FormatFile::Damaged),
    }
}

pub(super) fn write_format(disk: &dyn Disk, dir: &Path) -> DiskResult<()> {
    replace(disk, &dir.join(FORMAT_FILE), format_text(FORMAT).as_bytes())
}

/// What is known of the last clean stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// There has not been one.
    Never,
    /// The journal ended there, and everything up to there was safe.
    At(Head),
    /// There has been one, but its note cannot be read.
    Unknown,
}

/// The note carries a fingerprint of itself: it must not speak with a flipped bit.
fn stop_text(head: Head) -> String {
    let said = format!("p2k2 stop {head}");
    format!("{said} {}\n", Hash128::of(said.as_bytes()))
}

pub(super) fn read_stop(disk: &dyn Disk, dir: &Path) -> DiskResult<Stop> {
    let Some(bytes) = read_whole(disk, &dir.join(STOP_FILE), BYTES_MAX)? else {
        return Ok(Stop::Never);
    };
    let head = std::str::from_utf8(&bytes).ok().and_then(|text| {
        let (head, _) = text.strip_prefix("p2k2 stop ")?.split_once(' ')?;
        head.parse::<Head>().ok()
    });
    Ok(match head {
        Some(head) if stop_text(head).as_bytes() == bytes => Stop::At(head),
        _ => Stop::Unknown,
    })
}

pub(super) fn write_stop(disk: &dyn Disk, dir: &Path, head: Head) -> DiskResult<()> {
    replace(disk, &dir.join(STOP_FILE), stop_text(head).as_bytes())
}

/// The finding for a damaged note of a stop.
pub(super) fn stop_finding() -> Finding {
    Finding::of_file(STOP_FILE, Damage::StopMarker)
}
