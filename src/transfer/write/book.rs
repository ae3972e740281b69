//! A spreadsheet: a sheet of rows, and where there is something to explain a second one that does.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use crate::transfer::guard::is_risky;

use super::WriteError;
use super::table::{Look, Value};

/// The rows of a sheet, heading included.
const MAX_ROWS: u32 = 1 << 20;
/// Narrowest and widest column, in letters.
const WIDTHS: (usize, usize) = (8, 48);
/// The longest name of a sheet.
const MAX_NAME_CHARS: usize = 31;
/// The number under which every spreadsheet program knows whole numbers with marks at the thousands.
const COUNT: u8 = 3;
/// The number of A4.
const A4: u8 = 9;
/// More columns than this are printed across.
const UPRIGHT_COLUMNS: usize = 6;
/// Up to so many columns are made to fit one sheet of paper.
const FIT_COLUMNS: usize = 18;
/// Behind a heading: light enough for grey paper.
const TINT: Color = Color::RGB(0xE4_F0_EA);

/// A spreadsheet that is being written.
pub(super) struct Book {
    sheet: Worksheet,
    /// The sheet that explains the first.
    about: Option<Worksheet>,
    formats: Formats,
    /// The number of the next row, from 0.
    next: u32,
    /// The widest text of each column so far, in letters.
    widths: Vec<usize>,
}

struct Formats {
    count: Format,
    share: Format,
    day: Format,
    /// Keeps a text a text even when someone edits its cell.
    risky: Format,
    plain: Format,
}

impl Book {
    pub(super) fn new(name: &str, heading: &[&str], look: &Look<'_>) -> Result<Self, WriteError> {
        let mut sheet = Worksheet::new();
        let name: String = name.chars().take(MAX_NAME_CHARS).collect();
        sheet.set_name(name).map_err(refused)?;
        let bold = head();
        for (column, name) in (0..).zip(heading) {
            sheet.write_string_with_format(0, column, *name, &bold).map_err(refused)?;
        }
        sheet.set_freeze_panes(1, look.fixed).map_err(refused)?;
        for_paper(&mut sheet, heading.len())?;
        let formats = Formats {
            count: Format::new().set_num_format_index(COUNT),
            share: Format::new().set_num_format("0.0%"),
            day: Format::new().set_num_format("dd/mm/yyyy"),
            risky: Format::new().set_quote_prefix(),
            plain: Format::new(),
        };
        let widths = heading.iter().map(|name| heading_width(name)).collect();
        Ok(Self { sheet, about: explained(look)?, formats, next: 1, widths })
    }

    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), WriteError> {
        if self.next >= MAX_ROWS {
            return Err(WriteError::TooManyRows { max: MAX_ROWS - 1 });
        }
        for ((column, value), widest) in (0..).zip(values).zip(&mut self.widths) {
            let (sheet, formats, row) = (&mut self.sheet, &self.formats, self.next);
            match value {
                Value::Empty => {}
                Value::Text(text) if text.is_empty() => {}
                Value::Text(text) => {
                    *widest = (*widest).max(text.chars().take(WIDTHS.1).count());
                    put_text(sheet, formats, (row, column), text)?;
                }
                Value::Count(count) => {
                    // Counts of people and kelompok are far below the 53 bits of a cell.
                    let count = *count as f64;
                    sheet
                        .write_number_with_format(row, column, count, &formats.count)
                        .map_err(refused)?;
                }
                Value::Share(share) => {
                    sheet
                        .write_number_with_format(row, column, *share, &formats.share)
                        .map_err(refused)?;
                }
                Value::Day(day) => {
                    *widest = (*widest).max(10);
                    let parts = (day.year(), day.month(), day.day());
                    match excel_date(parts) {
                        Some(date) => {
                            sheet
                                .write_datetime_with_format(row, column, date, &formats.day)
                                .map_err(refused)?;
                        }
                        // A day before the calendar of spreadsheets stays readable as text.
                        None => {
                            sheet.write_string(row, column, day.to_string()).map_err(refused)?;
                        }
                    }
                }
            }
        }
        self.next += 1;
        Ok(())
    }

    /// The bytes of the file. The same rows give the same bytes: the time of making is a fixed one.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        let last = u16::try_from(self.widths.len()).unwrap_or(u16::MAX).saturating_sub(1);
        self.sheet.autofilter(0, 0, self.next - 1, last).map_err(refused)?;
        for (column, width) in (0..).zip(&self.widths) {
            let width = (*width).clamp(WIDTHS.0, WIDTHS.1) as f64 + 1.0;
            self.sheet.set_column_width(column, width).map_err(refused)?;
        }
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_ymd(2020, 1, 1).map_err(refused)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        book.push_worksheet(self.sheet);
        if let Some(about) = self.about {
            book.push_worksheet(about);
        }
        book.save_to_buffer().map_err(refused)
    }
}

/// How a heading looks.
fn head() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(TINT)
        .set_border_bottom(FormatBorder::Thin)
}

/// How wide a column must be for its heading: a short one stands in one line beside the button of
/// the filter, a long one may break between its words.
fn heading_width(name: &str) -> usize {
    /// In letters.
    const SHORT: usize = 14;
    let word = name.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
    let whole = name.chars().count();
    (if whole <= SHORT { whole } else { word.max(SHORT) }) + 3
}

/// Printed it is as good as on the screen: the heading on every sheet, the sheets counted.
fn for_paper(sheet: &mut Worksheet, columns: usize) -> Result<(), WriteError> {
    sheet.set_paper_size(A4);
    if columns > UPRIGHT_COLUMNS {
        sheet.set_landscape();
    }
    if columns <= FIT_COLUMNS {
        // As many sheets below each other as it takes.
        sheet.set_print_fit_to_pages(1, 0);
    }
    sheet.set_repeat_rows(0, 0).map_err(refused)?;
    sheet.set_footer("&L&A&RHalaman &P dari &N");
    Ok(())
}

/// The sheet that says what the table is about and what its columns mean; none where nothing is to
/// be said.
fn explained(look: &Look<'_>) -> Result<Option<Worksheet>, WriteError> {
    if look.facts.is_empty() && look.meanings.is_empty() {
        return Ok(None);
    }
    let mut sheet = Worksheet::new();
    sheet.set_name("Keterangan").map_err(refused)?;
    let (bold, wrapped) = (
        Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
        Format::new().set_text_wrap().set_align(FormatAlign::Top),
    );
    let mut row = 0;
    let mut line = |name: &str, value: &str, formats: [&Format; 2]| {
        for (column, (text, format)) in (0..).zip([name, value].into_iter().zip(formats)) {
            sheet.write_string_with_format(row, column, text, format).map_err(refused)?;
        }
        row += 1;
        Ok::<(), WriteError>(())
    };
    for (name, value) in &look.facts {
        line(name, value, [&bold, &wrapped])?;
    }
    if !look.facts.is_empty() {
        line("", "", [&wrapped, &wrapped])?;
    }
    let head = head();
    line("Kolom", "Arti", [&head, &head])?;
    for (name, meaning) in &look.meanings {
        line(name, meaning, [&bold, &wrapped])?;
    }
    for (column, width) in [(0, 32.0), (1, 84.0)] {
        sheet.set_column_width(column, width).map_err(refused)?;
    }
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    Ok(Some(sheet))
}

fn put_text(
    sheet: &mut Worksheet,
    formats: &Formats,
    (row, column): (u32, u16),
    text: &str,
) -> Result<(), WriteError> {
    let format = if is_risky(text) { &formats.risky } else { &formats.plain };
    // The writer takes a text of this shape for markup of its own and passes it on unescaped; in
    // two pieces, as a text with formats, it is escaped like any other.
    let looks_like_markup = text.starts_with("<r>") && text.ends_with("</r>");
    if looks_like_markup {
        let pieces = [(&formats.plain, "<"), (&formats.plain, &text[1..])];
        sheet.write_rich_string_with_format(row, column, &pieces, format).map_err(refused)?;
    } else {
        sheet.write_string_with_format(row, column, text, format).map_err(refused)?;
    }
    Ok(())
}

fn excel_date((year, month, day): (i16, i8, i8)) -> Option<ExcelDateTime> {
    let (year, month, day) =
        (u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

fn refused(error: XlsxError) -> WriteError {
    match error {
        XlsxError::MaxStringLengthExceeded => WriteError::TextTooLong,
        other => WriteError::Spreadsheet(other.to_string()),
    }
}
