//! Going through every block and span of a text.

use super::{Block, BlockKind, Inline};

/// Something met on the way through a text.
#[derive(Debug, Clone, Copy)]
pub enum Visited<'a> {
    /// A block; what it holds comes after it.
    Block(&'a Block),
    /// A span and the line of the block in which it stands; what it holds comes after it.
    Inline(&'a Inline, u32),
}

/// Calls `see` for every block and span, outer before inner, in the order of the text.
pub fn walk<'a>(blocks: &'a [Block], see: &mut dyn FnMut(Visited<'a>)) {
    for block in blocks {
        see(Visited::Block(block));
        match &block.kind {
            BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => {
                walk_inlines(content, block.line, see);
            }
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| walk(&item.blocks, see));
            }
            BlockKind::Quote(blocks) => walk(blocks, see),
            BlockKind::Table(table) => {
                let rows = std::iter::once(&table.head).chain(&table.rows);
                rows.flatten().for_each(|cell| walk_inlines(cell, block.line, see));
            }
            BlockKind::Picture { .. } | BlockKind::Code(_) | BlockKind::Rule => {}
        }
    }
}

fn walk_inlines<'a>(inlines: &'a [Inline], line: u32, see: &mut dyn FnMut(Visited<'a>)) {
    for inline in inlines {
        see(Visited::Inline(inline, line));
        match inline {
            Inline::Strong(content) | Inline::Emph(content) | Inline::Link { content, .. } => {
                walk_inlines(content, line, see);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}
