//! Elements that have begun and not yet ended, while a text is read.

use super::{Block, BlockKind, Cell, Inline, Item, Table};

/// Where something begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The first byte, in the whole text.
    pub(super) offset: usize,
    /// Its line, counted from 1.
    pub(super) line: u32,
}

/// An element that has begun and not yet ended.
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) place: Place,
    pub(super) blocks: Vec<Block>,
    pub(super) inlines: Vec<Inline>,
}

pub(super) enum Kind {
    Root,
    Quote,
    List(Option<u64>, Vec<Item>),
    Item(Option<bool>),
    Paragraph,
    Heading(u8),
    Code(String),
    Html,
    Table(Table),
    Head(Vec<Cell>),
    Row(Vec<Cell>),
    Cell,
    Strong,
    Emph,
    Link(String),
    Picture(String),
    /// An element that the curriculum does not use; what it holds is kept.
    Plain,
}

impl Frame {
    pub(super) fn new(kind: Kind, place: Place) -> Self {
        Self { kind, place, blocks: Vec::new(), inlines: Vec::new() }
    }

    pub(super) fn push_text(&mut self, text: &str) {
        if let Some(Inline::Text(last)) = self.inlines.last_mut() {
            last.push_str(text);
        } else {
            // Most blocks hold one run of text; room for more is made when more comes.
            if self.inlines.is_empty() {
                self.inlines.reserve_exact(1);
            }
            self.inlines.push(Inline::Text(text.to_owned()));
        }
    }
}

pub(super) fn is_blank(inlines: &[Inline]) -> bool {
    inlines.iter().all(|inline| match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        _ => false,
    })
}

/// Takes blanks off both ends.
pub(super) fn trimmed(mut inlines: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(first)) = inlines.first_mut()
        && first.starts_with(char::is_whitespace)
    {
        *first = first.trim_start().to_owned();
    }
    if let Some(Inline::Text(last)) = inlines.last_mut() {
        last.truncate(last.trim_end().len());
    }
    inlines
}

/// Words that stood too deep to have an item of their own.
pub(super) fn leftover(inlines: Vec<Inline>, line: u32) -> Option<Item> {
    if is_blank(&inlines) {
        return None;
    }
    let kind = BlockKind::Paragraph(trimmed(inlines));
    Some(Item { checked: None, blocks: vec![Block { kind, line }] })
}

pub(super) fn with_leftover(mut cells: Vec<Cell>, inlines: Vec<Inline>) -> Vec<Cell> {
    if !is_blank(&inlines) {
        cells.push(trimmed(inlines));
    }
    cells
}
