//! Blocks of a text as the templates read them: plain data, never markup.

use serde::Serialize;

use super::at_most;
use super::pictures::PictureSet;
use super::text::{Piece, joined, pieces};
use crate::curriculum::markdown::{
    Block, BlockKind, Inline, Item, Table, Target, plain_inlines, plain_text,
};
use crate::curriculum::sesi::Rujukan;
use crate::print::PrintError;

/// Lists, quotes and spans nested deeper than this are printed flat.
const MAX_DEPTH: usize = 8;
/// The most columns of a table that paper can hold.
pub(crate) const MAX_COLUMNS: usize = 12;
/// A table with a row of more letters than this may part that row.
const LONG_ROW: usize = 1_200;

/// A run of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Span {
    Text(String),
    Strong { b: Vec<Span> },
    Emph { i: Vec<Span> },
    Code { code: String },
    Blank { blank: usize },
    Break { br: bool },
    Cite { cite: usize },
    Link { url: String, c: Vec<Span> },
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "t", rename_all = "lowercase")]
pub(crate) enum Node {
    P { c: Vec<Span> },
    H { n: u8, c: Vec<Span> },
    Ul { items: Vec<Vec<Node>> },
    Ol { start: u64, items: Vec<Vec<Node>> },
    Tick { items: Vec<TickItem> },
    Quote { b: Vec<Node> },
    Table(TableNode),
    Pic { file: Option<String>, format: &'static str, alt: String },
    Code { s: String },
    Rule,
}

/// An item with a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TickItem {
    pub(crate) on: bool,
    pub(crate) b: Vec<Node>,
}

/// A table with the share of the width that each column gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TableNode {
    pub(crate) widths: Vec<usize>,
    /// None where no cell of the head holds anything.
    pub(crate) head: Option<Vec<Vec<Span>>>,
    pub(crate) rows: Vec<Vec<Vec<Span>>>,
    /// Has cells to write in, so its rows are high.
    pub(crate) write: bool,
    /// Has a row that may be longer than a page.
    pub(crate) long: bool,
}

/// The most blocks, cells and runs of text in one sesi: laying out takes time with their number,
/// not only with their length. A sesi of 60 pages has about 3,000.
const MAX_PIECES: usize = 20_000;

/// The most footnotes in one sesi: their cost grows with their square. Further addresses stand behind
/// their words.
const MAX_FOOTNOTES: usize = 300;

/// Turns blocks into nodes.
pub(crate) struct Writer<'a, 'p> {
    rujukan: &'a [Rujukan],
    pictures: &'a mut PictureSet<'p>,
    cites: bool,
    pieces: usize,
    footnotes: usize,
}

impl<'a, 'p> Writer<'a, 'p> {
    /// For a text whose citations and addresses are printed; `rujukan` is what they point to.
    pub(crate) fn with_rujukan(rujukan: &'a [Rujukan], pictures: &'a mut PictureSet<'p>) -> Self {
        Self { rujukan, pictures, cites: true, pieces: 0, footnotes: 0 }
    }

    /// For a text that is handed out, where citations would only disturb.
    pub(crate) fn plain(rujukan: &'a [Rujukan], pictures: &'a mut PictureSet<'p>) -> Self {
        Self { rujukan, pictures, cites: false, pieces: 0, footnotes: 0 }
    }

    /// The nodes of blocks.
    ///
    /// # Errors
    /// [`PrintError::TableTooWide`], [`PrintError::TooMany`].
    pub(crate) fn nodes(&mut self, blocks: &[Block]) -> Result<Vec<Node>, PrintError> {
        self.at_depth(blocks, 1)
    }

    fn at_depth(&mut self, blocks: &[Block], depth: usize) -> Result<Vec<Node>, PrintError> {
        if depth > MAX_DEPTH {
            let text = plain_text(blocks);
            let lines = text.lines().filter(|line| !line.is_empty());
            return Ok(lines.map(|line| Node::P { c: words(line) }).collect());
        }
        let mut out = Vec::with_capacity(blocks.len());
        for block in blocks {
            self.block(block, depth, &mut out)?;
        }
        Ok(out)
    }

    fn block(
        &mut self,
        block: &Block,
        depth: usize,
        out: &mut Vec<Node>,
    ) -> Result<(), PrintError> {
        self.count(1)?;
        let node = match &block.kind {
            BlockKind::Paragraph(content) => {
                self.count(content.len())?;
                Node::P { c: self.spans(content, 1) }
            }
            BlockKind::Heading { level, content, .. } => {
                Node::H { n: *level, c: self.spans(content, 1) }
            }
            BlockKind::List { start, items } => return self.list(*start, items, depth, out),
            BlockKind::Quote(blocks) => Node::Quote { b: self.at_depth(blocks, depth + 1)? },
            BlockKind::Table(table) => Node::Table(self.table(table)?),
            BlockKind::Picture { src, alt } => self.picture(src, alt),
            BlockKind::Code(text) => Node::Code { s: text.trim_end().to_owned() },
            BlockKind::Rule => Node::Rule,
        };
        out.push(node);
        Ok(())
    }

    fn count(&mut self, pieces: usize) -> Result<(), PrintError> {
        self.pieces += pieces;
        at_most("Bagian naskah", self.pieces, MAX_PIECES)
    }

    /// A picture as a node; one that cannot be had leaves what is to be seen on it.
    pub(crate) fn picture(&mut self, src: &str, alt: &str) -> Node {
        let alt = if alt.trim().is_empty() { "Gambar" } else { alt.trim() };
        let found = self.pictures.add(src);
        let (file, format) = found.map_or((None, ""), |(file, format)| (Some(file), format));
        Node::Pic { file, format, alt: alt.to_owned() }
    }

    /// A list; where items with and without a box are mixed, it is parted into runs.
    fn list(
        &mut self,
        start: Option<u64>,
        items: &[Item],
        depth: usize,
        out: &mut Vec<Node>,
    ) -> Result<(), PrintError> {
        let mut number = start;
        for run in items.chunk_by(|a, b| a.checked.is_some() == b.checked.is_some()) {
            let mut written = Vec::with_capacity(run.len());
            for item in run {
                written.push(self.at_depth(&item.blocks, depth + 1)?);
            }
            let is_tick = run.first().is_some_and(|item| item.checked.is_some());
            out.push(match number {
                _ if is_tick => {
                    let on = run.iter().map(|item| item.checked == Some(true));
                    Node::Tick {
                        items: on.zip(written).map(|(on, b)| TickItem { on, b }).collect(),
                    }
                }
                // A number that no hand would write is not counted on from.
                Some(start) => Node::Ol { start: start.min(999_999), items: written },
                None => Node::Ul { items: written },
            });
            number = number.map(|n| n.saturating_add(run.len() as u64));
        }
        Ok(())
    }

    fn table(&mut self, table: &Table) -> Result<TableNode, PrintError> {
        let columns = table.rows.iter().map(Vec::len).max().unwrap_or(0).max(table.head.len());
        if columns > MAX_COLUMNS {
            return Err(PrintError::TableTooWide { columns, limit: MAX_COLUMNS });
        }
        self.count((table.rows.len() + 1) * columns)?;
        let longest = |row: &Vec<Vec<Inline>>| row.iter().map(|cell| letters(cell)).max();
        let has_head = table.head.iter().any(|cell| letters(cell) > 0);
        let cells = table.rows.iter().map(Vec::len).sum::<usize>();
        let empty = table.rows.iter().flatten().filter(|cell| is_blank(cell)).count();
        let mut rows = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            rows.push(self.row(row, columns));
        }
        Ok(TableNode {
            widths: widths(table, columns),
            head: has_head.then(|| self.row(&table.head, columns)),
            long: table.rows.iter().filter_map(longest).any(|letters| letters > LONG_ROW),
            write: empty * 4 >= cells.max(1),
            rows,
        })
    }

    fn row(&mut self, cells: &[Vec<Inline>], columns: usize) -> Vec<Vec<Span>> {
        let mut row: Vec<_> = cells.iter().map(|cell| self.spans(cell, 1)).collect();
        row.resize(columns, Vec::new());
        row
    }

    /// The spans of a line.
    pub(crate) fn spans(&mut self, inlines: &[Inline], depth: usize) -> Vec<Span> {
        if depth > MAX_DEPTH {
            return words(&plain_inlines(inlines));
        }
        let mut out = Vec::with_capacity(inlines.len());
        for inline in inlines {
            match inline {
                Inline::Text(text) => out.extend(words(text)),
                Inline::Strong(inner) => out.push(Span::Strong { b: self.spans(inner, depth + 1) }),
                Inline::Emph(inner) => out.push(Span::Emph { i: self.spans(inner, depth + 1) }),
                Inline::Code(code) => out.push(Span::Code { code: code.clone() }),
                Inline::Break => out.push(Span::Break { br: true }),
                Inline::Link { target, content } => self.link(target, content, depth, &mut out),
            }
        }
        out
    }

    /// A citation becomes the number of its document; an outside address stands in a footnote.
    fn link(&mut self, target: &Target, content: &[Inline], depth: usize, out: &mut Vec<Span>) {
        match target {
            Target::Rujukan(id) => {
                let place = self.rujukan.iter().position(|rujukan| rujukan.id == *id);
                match place {
                    Some(place) if self.cites => out.push(Span::Cite { cite: place + 1 }),
                    Some(_) => trim_end(out),
                    None => out.extend(self.spans(content, depth + 1)),
                }
            }
            Target::External(url) if self.cites && self.footnotes == MAX_FOOTNOTES => {
                out.extend(self.spans(content, depth + 1));
                out.push(Span::Text(joined(&format!(" ({url})"))));
            }
            Target::External(url) if self.cites => {
                self.footnotes += 1;
                out.push(Span::Link { url: url.clone(), c: self.spans(content, depth + 1) });
            }
            _ => out.extend(self.spans(content, depth + 1)),
        }
    }
}

/// Takes the blank away that stood before a citation which is not printed.
fn trim_end(spans: &mut [Span]) {
    if let Some(Span::Text(text)) = spans.last_mut() {
        text.truncate(text.trim_end().len());
    }
}

/// Plain words as spans.
pub(crate) fn words(text: &str) -> Vec<Span> {
    let pieces = pieces(text).into_iter();
    pieces
        .map(|piece| match piece {
            Piece::Words(text) => Span::Text(joined(text)),
            Piece::Blank(blank) => Span::Blank { blank },
        })
        .collect()
}

fn letters(cell: &[Inline]) -> usize {
    plain_inlines(cell).trim().chars().count()
}

fn longest_word(cell: &[Inline]) -> usize {
    let text = plain_inlines(cell);
    text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0)
}

/// A cell to write in: empty, or a row of underscores.
fn is_blank(cell: &[Inline]) -> bool {
    plain_inlines(cell).chars().all(|c| c.is_whitespace() || c == '_')
}

/// So many letters stand beside each other in the text of a guide, 133 mm wide on A4.
const LINE_LETTERS: usize = 68;
/// As wide as so many letters are the margins of a cell, and what digits and heavy letters take more.
const CELL_LETTERS: usize = 3;

/// What each column gets of the width, in parts: as much as it wants, but at least what its longest
/// word takes, since no word is broken and none may stand in the next cell.
fn widths(table: &Table, columns: usize) -> Vec<usize> {
    let wanted: Vec<usize> = (0..columns).map(|column| weight(table, column)).collect();
    let least: Vec<usize> =
        (0..columns).map(|column| (widest_word(table, column) + CELL_LETTERS) * 10).collect();
    let room = LINE_LETTERS * 10;
    if least.iter().sum::<usize>() >= room {
        return least;
    }
    // Who wants less than the longest word takes gets that, and the others share the rest.
    let mut fixed = vec![false; columns];
    loop {
        let free = |column: &usize| !fixed[*column];
        let taken: usize = (0..columns).filter(|one| fixed[*one]).map(|one| least[one]).sum();
        let sum = (0..columns).filter(free).map(|one| wanted[one]).sum::<usize>().max(1);
        let share = |one: usize| wanted[one] * (room - taken) / sum;
        let Some(short) = (0..columns).filter(free).find(|one| share(*one) < least[*one]) else {
            return (0..columns)
                .map(|one| if fixed[one] { least[one] } else { share(one) })
                .collect();
        };
        fixed[short] = true;
    }
}

/// The letters of the longest word of a column.
fn widest_word(table: &Table, column: usize) -> usize {
    let cells = table.rows.iter().chain(std::iter::once(&table.head));
    cells.filter_map(|row| row.get(column)).map(|cell| longest_word(cell)).max().unwrap_or(0)
}

/// How much room a column wants: between its longest word and its mean length, so that two columns
/// of long text share the width and a column of numbers stays narrow.
fn weight(table: &Table, column: usize) -> usize {
    let head = table.head.get(column).map_or(0, |cell| letters(cell));
    let cells: Vec<usize> =
        table.rows.iter().filter_map(|row| row.get(column)).map(|cell| letters(cell)).collect();
    let filled = cells.iter().filter(|letters| **letters > 0).count();
    let mean = cells.iter().sum::<usize>() / filled.max(1);
    let word = widest_word(table, column);
    let writing = if filled * 2 < cells.len() { 14 } else { 0 };
    mean.max(head.min(14)).max(writing).max(word.min(16) + 2).clamp(6, 60)
}

/// About how many lines blocks take when a line holds so many letters.
pub(crate) fn lines(blocks: &[Block], per_line: usize) -> usize {
    let per_line = per_line.max(20);
    let each = blocks.iter().map(|block| match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => {
            letters(content) / per_line + 2
        }
        BlockKind::List { items, .. } => {
            items.iter().map(|item| lines(&item.blocks, per_line.saturating_sub(4))).sum()
        }
        BlockKind::Quote(blocks) => lines(blocks, per_line.saturating_sub(6)) + 1,
        BlockKind::Table(table) => {
            let columns = table.head.len().max(1);
            let row = |row: &Vec<Vec<Inline>>| {
                row.iter().map(|cell| letters(cell) * columns / per_line).max().unwrap_or(0) + 2
            };
            table.rows.iter().map(row).sum::<usize>() + 2
        }
        BlockKind::Picture { .. } => 12,
        BlockKind::Code(text) => text.lines().count() + 1,
        BlockKind::Rule => 1,
    });
    each.sum()
}
