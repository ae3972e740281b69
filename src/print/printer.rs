//! Makes the PDF, and the picture of its first pages.

use std::collections::HashMap;

use typst::diag::{SourceDiagnostic, Warned};
use typst::layout::Abs;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use super::data::{self, Input};
use super::world::{Base, DocumentWorld};
use super::{Document, Options, Paper, PictureLookup, PrintError, Sheets, booklet, compact, names};

/// After how many documents something that was not used again is forgotten.
const KEEP_FOR: usize = 8;
/// What a document with more bytes of data than this leaves behind is forgotten at once: the heaviest
/// would otherwise keep 100 MB each. A guide has about 24,000, a modul 100,000.
const HEAVY_DATA: usize = 150_000;

/// A finished document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// A good name for it: `P2K2-08-gizi-ibu-hamil-panduan-A4.pdf`.
    pub file_name: String,
    /// Whether it holds to PDF/UA-1. A document that cannot is printed without, never refused; a
    /// booklet to fold never does.
    pub accessible: bool,
    /// How many letters no font here holds; a small square stands for each.
    pub replaced_letters: usize,
}

/// Pictures of the first pages, and what the whole costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// An SVG for each of the first pages.
    pub pages: Vec<String>,
    /// What the document costs in paper.
    pub sheets: Sheets,
    /// The name the file would have.
    pub file_name: String,
    /// Width and height of the first page in points.
    pub size: (u32, u32),
}

/// Prints. Holds the fonts and the templates; one is enough for a process, and any number of
/// threads may use it at once.
///
/// A document takes 10 to 300 ms of one core and cannot be stopped once begun, so whoever calls
/// does it on a blocking thread behind a semaphore.
pub struct Printer {
    base: Base,
}

impl std::fmt::Debug for Printer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printer").finish_non_exhaustive()
    }
}

impl Default for Printer {
    fn default() -> Self {
        Self::new()
    }
}

impl Printer {
    /// Loads the fonts and the templates.
    pub fn new() -> Self {
        Self { base: Base::new() }
    }

    /// Makes the PDF. The same input gives the same bytes.
    ///
    /// `pictures` gives the bytes of a picture by its bare file name; one that it does not have
    /// leaves what is to be seen on it as words.
    ///
    /// # Errors
    /// Any [`PrintError`]; its text is for the reader, but for [`PrintError::Engine`] whose
    /// reason belongs into the log.
    pub fn render(
        &self,
        document: &Document<'_>,
        options: &Options,
        pictures: &PictureLookup<'_>,
    ) -> Result<Pdf, PrintError> {
        let laid = self.lay_out(document, options, pictures);
        laid.and_then(|(laid, replaced_letters)| {
            let (bytes, accessible) = export(&laid, options)?;
            let bytes = compact::compacted(bytes);
            let file_name = names::file_name(document, options);
            let pages = laid.pages().len();
            Ok(Pdf { bytes, pages, file_name, accessible, replaced_letters })
        })
    }

    /// Draws the first `pages` pages (at most 4) and counts the sheets of the whole.
    ///
    /// # Errors
    /// As [`Printer::render`].
    pub fn preview(
        &self,
        document: &Document<'_>,
        options: &Options,
        pictures: &PictureLookup<'_>,
        pages: usize,
    ) -> Result<Preview, PrintError> {
        let laid = self.lay_out(document, options, pictures);
        laid.map(|(laid, _)| {
            let first = laid.pages().iter().take(pages.min(4));
            let size = laid.pages().first().map(|page| page.frame.size());
            Preview {
                pages: first
                    .map(|page| short_names(&typst_svg::svg(page, &SvgOptions::default())))
                    .collect(),
                sheets: Sheets::of(laid.pages().len()),
                file_name: names::file_name(document, options),
                size: size.map_or((0, 0), |size| (points(size.x), points(size.y))),
            }
        })
    }

    fn lay_out(
        &self,
        document: &Document<'_>,
        options: &Options,
        pictures: &PictureLookup<'_>,
    ) -> Result<(PagedDocument, usize), PrintError> {
        let Input { mut data, files, page_limit } = data::of(document, options, pictures)?;
        let replaced = self.base.fonts.make_printable(&mut data);
        let world = DocumentWorld::new(&self.base, &data, files);
        let Warned { output, warnings } = typst::compile::<PagedDocument>(&world);
        // Nothing that the writing of the file remembers is lost by this: that is cheap to do again.
        comemo::evict(if world.data_bytes() > HEAVY_DATA { 0 } else { KEEP_FOR });
        if let Some(warning) = warnings.first() {
            tracing::warn!(message = %warning.message, "a printed document has warnings");
        }
        let laid = output.map_err(|errors| engine(&errors))?;
        let pages = laid.pages().len();
        if pages > page_limit {
            return Err(PrintError::TooManyPages { pages, limit: page_limit });
        }
        if options.paper == Paper::A5Booklet {
            return Ok((booklet::folded(&laid), replaced));
        }
        Ok((laid, replaced))
    }
}

/// The bytes, and whether they hold to PDF/UA-1.
fn export(laid: &PagedDocument, options: &Options) -> Result<(Vec<u8>, bool), PrintError> {
    let refused = |reason: String| PrintError::Engine { reason };
    if options.paper == Paper::A5Booklet {
        // On sheets that are folded the pages stand out of order, so there is no order to tag.
        let untagged = PdfOptions { tagged: false, ..PdfOptions::default() };
        let plain = typst_pdf::pdf(laid, &untagged);
        return plain.map(|bytes| (bytes, false)).map_err(|errors| engine(&errors));
    }
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| refused(error.message().to_string()))?;
    let strict = PdfOptions { standards, ..PdfOptions::default() };
    match typst_pdf::pdf(laid, &strict) {
        Ok(bytes) => Ok((bytes, true)),
        Err(errors) => {
            let reason = errors.first().map(|error| error.message.to_string());
            tracing::warn!(reason, "a printed document does not hold to PDF/UA-1");
            let plain = typst_pdf::pdf(laid, &PdfOptions::default());
            plain.map(|bytes| (bytes, false)).map_err(|errors| engine(&errors))
        }
    }
}

/// Letters in a drawing are named by some 33 signs each, again wherever they stand; numbers in the order
/// of their coming do as well and make the picture a third smaller.
fn short_names(svg: &str) -> String {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some((before, name, after)) = next_name(rest) {
        let count = names.len();
        let number = *names.entry(name).or_insert(count);
        out.push_str(before);
        out.push_str(&format!("g{number}"));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A name is a letter and up to 32 hexadecimal digits; so few of them are never something else.
const SHORTEST_NAME: usize = 20;

/// What stands before the next name, the name, and what stands behind it.
fn next_name(svg: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + svg.get(from..)?.find('g')?;
        let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte);
        let end = start + 1 + svg.as_bytes()[start + 1..].iter().take_while(|b| is_hex(b)).count();
        if end - start >= SHORTEST_NAME {
            return Some((&svg[..start], &svg[start..end], &svg[end..]));
        }
        from = start + 1;
    }
}

/// Whole points.
fn points(length: Abs) -> u32 {
    length.to_pt().round() as u32
}

fn engine(errors: &[SourceDiagnostic]) -> PrintError {
    let reasons: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
    PrintError::Engine { reason: reasons.join("; ") }
}
