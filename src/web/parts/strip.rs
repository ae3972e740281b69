//! Coverage in shape, letter and colour: cells and strips of cells.

use crate::bahasa::tanggal;
use crate::kelompok::coverage::{Cell, Status};
use crate::kelompok::fakta::SesiIx;

use super::sesi::{Label, capital};

/// A strip of cells: one glance at a kelompok.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strip {
    /// The strip as one sentence, for those who hear it.
    pub(crate) label: String,
    /// Its cells.
    pub(crate) cells: Vec<StripCell>,
}

/// One cell of a strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StripCell {
    /// Its style class.
    pub(crate) status: &'static str,
    /// The whole sentence.
    pub(crate) title: String,
    /// Whether it is what comes next.
    pub(crate) next: bool,
}

/// One cell of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatrixCell {
    /// Its style class.
    pub(crate) status: &'static str,
    /// The whole sentence.
    pub(crate) label: String,
    /// Where the pertemuan behind it stand.
    pub(crate) href: Option<String>,
    /// Whether it is the first of its modul.
    pub(crate) edge: bool,
}

/// The cell of a sesi, or an empty one.
pub(crate) fn cell_of(cells: &[Cell], ix: SesiIx) -> Cell {
    cells.get(usize::from(ix)).copied().unwrap_or_default()
}

/// `Sesi 8: tuntas, 3 Mar 2026`.
pub(crate) fn cell_words(label: &Label, cell: &Cell) -> String {
    let date = cell.covered_on.or(cell.last).filter(|_| cell.status != Status::Belum);
    let date = date.map_or_else(String::new, |date| format!(", {}", tanggal::short(date)));
    let origin = if cell.inherited { ", dari kelompok asal" } else { "" };
    format!("{}: {}{date}{origin}", capital(&label.short), cell.status.name())
}

/// How many sesi of the target are covered, begun, and in need of a refresher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Sesi of the target.
    pub(crate) target: usize,
    /// Of those, covered, with those that need a refresher.
    pub(crate) covered: usize,
    /// Of those, covered and in need of a refresher.
    pub(crate) refresh: usize,
    /// Of the target, begun and not finished.
    pub(crate) partial: usize,
}

impl Tally {
    /// The tally of a target.
    pub(crate) fn of(target: &[SesiIx], cells: &[Cell]) -> Self {
        let count = |wanted: fn(Status) -> bool| {
            target.iter().filter(|ix| wanted(cell_of(cells, **ix).status)).count()
        };
        Self {
            target: target.len(),
            covered: count(Status::covered),
            refresh: count(|status| status == Status::PerluPenyegaran),
            partial: count(|status| status == Status::Sebagian),
        }
    }

    /// `1 sebagian, 1 perlu penyegaran`; empty when there is neither.
    pub(crate) fn rest(self) -> String {
        rest(self.partial as u64, self.refresh as u64)
    }
}

/// `4 sebagian, 2 perlu penyegaran`; empty when both are 0.
pub(crate) fn rest(partial: u64, refresh: u64) -> String {
    use crate::bahasa::angka::count;
    let parts = [(partial, "sebagian"), (refresh, "perlu penyegaran")];
    let words: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{} {word}", count(*number)))
        .collect();
    words.join(", ")
}

/// The strip of a kelompok.
pub(crate) fn strip(
    target: &[SesiIx],
    cells: &[Cell],
    next: Option<SesiIx>,
    labels: &[Label],
) -> Strip {
    let tally = Tally::of(target, cells);
    let name = |ix: SesiIx| labels.get(usize::from(ix));
    let mut label = format!("{} dari {} sesi tuntas", tally.covered, tally.target);
    if tally.partial > 0 {
        label.push_str(&format!(", {} sebagian", tally.partial));
    }
    if let Some(next) = next.and_then(name) {
        label.push_str(&format!("; berikutnya {}", next.short));
    }
    let cells = target
        .iter()
        .filter_map(|ix| {
            let cell = cell_of(cells, *ix);
            Some(StripCell {
                status: cell.status.slug(),
                title: cell_words(name(*ix)?, &cell),
                next: Some(*ix) == next,
            })
        })
        .collect();
    Strip { label, cells }
}
