//! Markdown as the curriculum uses it: tables, task lists and nothing that runs.
//!
//! A text becomes a small tree of blocks with line numbers; whoever shows or prints it works on
//! that tree. Raw HTML is dropped, attributes on headings are off, links go only where
//! [`Target`] allows, and depth and size are bounded, so a hostile text costs no more than a long
//! one.

mod anchors;
mod build;
mod frame;
mod html;
mod links;
mod text;
mod walk;

use serde::Serialize;

pub use self::html::{SafeHtml, render_blocks, render_inlines};
pub use self::links::Target;
pub(crate) use self::links::sesi_id_of_file;
pub use self::text::{plain_inlines, plain_text};
pub use self::walk::{Visited, walk};

use super::problem::Problem;

/// The largest text that is parsed, in bytes.
pub const MAX_TEXT_BYTES: usize = 300 * 1024;

/// The deepest nesting of blocks and spans that is kept; deeper text is kept flat.
pub const MAX_DEPTH: usize = 64;

/// A run of text inside a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Plain text; a line break of the source is a blank.
    Text(String),
    /// Strong text.
    Strong(Vec<Inline>),
    /// Emphasised text.
    Emph(Vec<Inline>),
    /// Text to be shown letter by letter.
    Code(String),
    /// A link that leads where [`Target`] says.
    Link {
        /// Where it leads.
        target: Target,
        /// What is to be clicked.
        content: Vec<Inline>,
    },
    /// A forced line break.
    Break,
}

/// One block and the line, counted from 1 in the whole file, on which it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Block {
    /// What it is.
    #[serde(flatten)]
    pub kind: BlockKind,
    /// Where it begins.
    pub line: u32,
}

/// The kinds of block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Unique within the text, stable while the heading stays the same.
        anchor: String,
        /// The words of the heading.
        content: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number of a numbered list; `None` for a list with bullets.
        start: Option<u64>,
        /// The items in order.
        items: Vec<Item>,
    },
    /// What is said aloud.
    Quote(Vec<Block>),
    /// A table.
    Table(Table),
    /// A picture that stands alone.
    Picture {
        /// A bare file name such as `celengan.svg`.
        src: String,
        /// What is to be seen.
        alt: String,
    },
    /// Lines to be shown letter by letter.
    Code(String),
    /// A line between parts.
    Rule,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// `Some` for an item with a tick box, and whether it is ticked.
    pub checked: Option<bool>,
    /// What the item holds.
    pub blocks: Vec<Block>,
}

/// The content of one cell of a table.
pub type Cell = Vec<Inline>;

/// A table; every row has as many cells as the head.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The cells of the head; may all be empty.
    pub head: Vec<Cell>,
    /// The rows below it.
    pub rows: Vec<Vec<Cell>>,
}

/// A parsed text.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Its blocks in order.
    pub blocks: Vec<Block>,
    /// What was dropped or could not be understood.
    pub problems: Vec<Problem>,
}

/// Parses a text that has no front matter.
///
/// Never fails: what cannot be kept is named in [`Document::problems`]. A text above
/// [`MAX_TEXT_BYTES`] gives no blocks and one problem.
///
/// ```
/// # use p2k2::curriculum::markdown::{parse, plain_text};
/// let document = parse("# Judul\n\nSatu *kata*.");
/// assert_eq!(plain_text(&document.blocks), "Judul\nSatu kata.");
/// ```
pub fn parse(text: &str) -> Document {
    parse_from(text, 0)
}

/// Parses what stands behind the first `start` bytes, with lines counted in the whole text.
pub(crate) fn parse_from(text: &str, start: usize) -> Document {
    let mut blocks = Vec::new();
    let problems = blocks_of(text, start, |block| blocks.push(block));
    Document { blocks, problems }
}

/// A text as HTML, with its outline.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The HTML, as by [`render_blocks`].
    pub html: SafeHtml,
    /// The headings that stand in no list, quote or table, in order.
    pub outline: Vec<OutlineHeading>,
    /// What was dropped or could not be understood.
    pub problems: Vec<Problem>,
}

/// A heading of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutlineHeading {
    /// 1 to 6.
    pub level: u8,
    /// Its id in the HTML.
    pub anchor: String,
    /// Its words.
    pub text: String,
}

/// Turns a text, with or without a front matter, into HTML and an outline in one go.
///
/// The same as [`parse`] and [`render_blocks`], without holding the tree of the whole text.
pub fn render(text: &str) -> Rendered {
    let mut html = SafeHtml::with_room_for(text);
    let mut outline = Vec::new();
    let body = super::front_matter::split(text).body;
    let problems = blocks_of(text, body, |block| {
        html.push(&block);
        if let BlockKind::Heading { level, anchor, content } = block.kind {
            outline.push(OutlineHeading { level, anchor, text: plain_inlines(&content) });
        }
    });
    Rendered { html, outline, problems }
}

fn blocks_of(text: &str, start: usize, sink: impl FnMut(Block)) -> Vec<Problem> {
    if text.len() > MAX_TEXT_BYTES {
        let problem = Problem::error(
            "terlalu-besar",
            1,
            format!("Ukuran naskah {} KB, paling besar 300 KB.", text.len().div_ceil(1024)),
        )
        .hint("Bagi naskah menjadi beberapa sesi atau pendekkan isinya.");
        return vec![problem];
    }
    build::build(text, start, sink)
}

#[cfg(test)]
mod tests;
