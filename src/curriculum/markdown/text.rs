//! The words of a text without their dress.

use super::{Block, BlockKind, Inline};

/// The text of blocks: one line for each paragraph, heading, item and row of a table.
///
/// Cells of a row are joined with ` | `; a picture gives what is to be seen on it.
pub fn plain_text(blocks: &[Block]) -> String {
    let mut out = String::new();
    push_blocks(&mut out, blocks);
    let end = out.trim_end().len();
    out.truncate(end);
    out
}

/// The text of spans, with a blank for a forced break.
pub fn plain_inlines(inlines: &[Inline]) -> String {
    let mut out = String::new();
    push_inlines(&mut out, inlines);
    out
}

fn push_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => {
                push_inlines(out, content);
                out.push('\n');
            }
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| push_blocks(out, &item.blocks));
            }
            BlockKind::Quote(blocks) => push_blocks(out, blocks),
            BlockKind::Table(table) => {
                for row in std::iter::once(&table.head).chain(&table.rows) {
                    push_row(out, row);
                }
            }
            BlockKind::Picture { alt: text, .. } | BlockKind::Code(text) => {
                out.push_str(text.trim_end());
                out.push('\n');
            }
            BlockKind::Rule => {}
        }
    }
}

fn push_row(out: &mut String, row: &[Vec<Inline>]) {
    let start = out.len();
    for cell in row.iter().filter(|cell| !cell.is_empty()) {
        if out.len() > start {
            out.push_str(" | ");
        }
        push_inlines(out, cell);
    }
    if out.len() > start {
        out.push('\n');
    }
}

fn push_inlines(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Strong(content) | Inline::Emph(content) | Inline::Link { content, .. } => {
                push_inlines(out, content);
            }
            Inline::Break => out.push(' '),
        }
    }
}
