//! Reports, changes and plans to print, as plain rows.

use jiff::civil::Date;

use super::document::{EditionPrint, GroupPrint};
use crate::curriculum::diff::Diff;

/// A table of figures with, if there is one, a heat map: a monthly recap or a coverage report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportPrint {
    /// The title, for example `Laporan cakupan`.
    pub title: String,
    /// The area by name, for example `Kabupaten Magetan`.
    pub area: String,
    /// The code of the area, for the file name.
    pub area_code: String,
    /// What the figures are of, for example `November 2026` or `Keadaan 21 November 2026`.
    pub period: String,
    /// The same for the file name, for example `2026-11`.
    pub period_slug: String,
    /// The day on whose knowledge the figures rest.
    pub known_at: Option<Date>,
    /// The sentences before the table, the most important first.
    pub sentences: Vec<String>,
    /// The figures in large type, at most 5.
    pub key_figures: Vec<KeyFigure>,
    /// The heads of the columns beside the name; at most 11.
    pub columns: Vec<String>,
    /// A row for each part of the area; at most 2,000.
    pub rows: Vec<ReportRow>,
    /// The row of the whole area.
    pub total: Option<ReportRow>,
    /// Coverage as a figure.
    pub heat_map: Option<HeatMap>,
    /// What the words and the numbers mean, one sentence each.
    pub notes: Vec<String>,
    /// The head of the journal, as `SEQ:HEX`.
    pub journal_head: Option<String>,
}

/// A figure in large type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFigure {
    /// What it counts.
    pub label: String,
    /// How much.
    pub figure: Figure,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportRow {
    /// The name of the area, kelompok or pendamping.
    pub name: String,
    /// A figure for each column.
    pub figures: Vec<Figure>,
}

/// One figure. A share always shows what it is a share of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A number of things.
    Count(u64),
    /// `part` of `whole`, printed with the percentage.
    Share {
        /// The numerator, a subset of the denominator.
        part: u64,
        /// The denominator; 0 prints as a dash.
        whole: u64,
    },
    /// Words.
    Text(String),
    /// Nothing is known.
    Unknown,
}

/// Coverage as a figure: a row for each area or kelompok, a column for each sesi.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeatMap {
    /// The sesi in order; at most 40.
    pub columns: Vec<HeatColumn>,
    /// The rows; at most 2,000.
    pub rows: Vec<HeatRow>,
}

/// A column of a heat map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatColumn {
    /// The number of the sesi.
    pub nomor: u32,
    /// Its title, for the key below the figure.
    pub title: String,
    /// Its modul; neighbours of one modul stand together.
    pub modul: String,
}

/// A row of a heat map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeatRow {
    /// The name.
    pub name: String,
    /// A cell for each column.
    pub cells: Vec<HeatCell>,
}

/// A cell of a heat map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeatCell {
    /// Of an area: how many kelompok have been given the whole sesi.
    Share {
        /// Kelompok that have.
        part: u32,
        /// Kelompok that should.
        whole: u32,
    },
    /// Of a kelompok: nothing yet.
    Belum,
    /// Of a kelompok: a part.
    Sebagian,
    /// Of a kelompok: all of it.
    Tuntas,
    /// Of a kelompok: all of it, from a text that has changed since.
    PerluPenyegaran,
    /// Of a kelompok: suspended, and not given.
    Ditangguhkan,
    /// The sesi is no target here.
    BukanSasaran,
}

/// What changed between two editions.
#[derive(Debug, Clone)]
pub struct ChangePrint<'a> {
    /// The number of the sesi.
    pub nomor: u32,
    /// Its title.
    pub title: String,
    /// The modul.
    pub modul: String,
    /// The older edition.
    pub from: EditionPrint,
    /// The newer edition.
    pub to: EditionPrint,
    /// Whether the substance changed; none where nobody said so yet.
    pub substantial: Option<bool>,
    /// The summary that the author wrote.
    pub summary: String,
    /// The public address of the comparison, with scheme.
    pub short_url: Option<String>,
    /// The difference.
    pub diff: &'a Diff,
}

/// The year plan of a kelompok.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RtlPrint {
    /// The kelompok.
    pub group: GroupPrint,
    /// The year or years, for example `2027`.
    pub period: String,
    /// The lines in order; at most 60.
    pub rows: Vec<RtlRow>,
}

/// One line of a year plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RtlRow {
    /// The month, for example `Januari 2027`.
    pub month: String,
    /// The sesi with its number, or why there is none.
    pub sesi: String,
    /// The day, where it is known.
    pub date: Option<Date>,
    /// Whether it has been taught in full.
    pub done: bool,
    /// A remark, for example `ditangguhkan`.
    pub note: String,
}
