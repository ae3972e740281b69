//! A made-up district as the files that an import reads.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::transfer::write::{self, Format, Output, Record, WriteError};

use super::{Generator, Params};

/// How many rows each file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Places.
    pub wilayah: u64,
    /// Users.
    pub pengguna: u64,
    /// Kelompok.
    pub kelompok: u64,
    /// Pertemuan.
    pub pertemuan: u64,
}

/// Writes `wilayah.csv`, `pengguna.csv`, `kelompok.csv` and `pertemuan.csv`, in the order in which
/// they are to be imported, row by row: no file stands in memory.
///
/// `open` makes the file of a name; it gets many small writes and should be buffered. `progress` is
/// told the number of kelompok whose pertemuan have been written.
///
/// The files tell the present: a kelompok has the pendamping of today, and as many members as it
/// ever had. Each pertemuan says the members of its day.
///
/// # Errors
/// When a file cannot be made or written.
pub fn write_files<W: Write>(
    params: &Params,
    open: &mut dyn FnMut(&str) -> io::Result<W>,
    progress: &mut dyn FnMut(u32),
) -> Result<Counts, WriteError> {
    let generator = Generator::new(params);
    let mut counts = Counts::default();
    let mut file = open("wilayah.csv")?;
    counts.wilayah = write::wilayah(csv(&mut file), generator.wilayah())?;
    let mut file = open("pengguna.csv")?;
    let pengguna = generator.pengguna().map(|row| (row, false));
    counts.pengguna = write::pengguna(csv(&mut file), pengguna)?;
    let mut file = open("kelompok.csv")?;
    let kelompok = generator.stories().map(|story| {
        let mut row = story.kelompok.clone();
        row.members = story.most_members();
        if let Some(handover) = story.handover {
            row.pendamping = Some(handover.pendamping);
        }
        (row, None)
    });
    counts.kelompok = write::kelompok(csv(&mut file), kelompok)?;
    let mut file = open("pertemuan.csv")?;
    let pertemuan = generator.stories().flat_map(|story| {
        let reports = generator.reports(&story);
        progress(story.number + 1);
        let zone = story.home().zone();
        reports.into_iter().map(move |report| {
            let mut input = report.input;
            input.members = Some(story.members(input.date));
            Record {
                id: Cow::Owned(report.id),
                input: Cow::Owned(input),
                received: Some(report.received),
                zone,
                withdrawn: false,
            }
        })
    });
    counts.pertemuan = write::pertemuan(csv(&mut file), pertemuan)?;
    Ok(counts)
}

fn csv(to: &mut dyn Write) -> Output<'_> {
    Output { format: Format::Csv, to }
}
