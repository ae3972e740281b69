//! One text as the checks see it.

use crate::curriculum::front_matter;
use crate::curriculum::markdown::{Block, parse_from};
use crate::curriculum::position::LineIndex;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::Sesi;

/// A text, its parts, and all its blocks in one row.
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) index: LineIndex<'a>,
    /// The first byte behind the head.
    pub(super) body: usize,
    pub(super) sesi: Sesi,
    pub(super) blocks: Vec<Block>,
    /// What was found while reading.
    pub(super) problems: Vec<Problem>,
}

impl<'a> File<'a> {
    pub(super) fn parse(name: &'a str, text: &'a str) -> Self {
        let (sesi, problems) = Sesi::parse(text);
        let index = LineIndex::new(text);
        let body = front_matter::split(text).body;
        let blocks = parse_from(text, body).blocks;
        Self { name, text, index, body, sesi, blocks, problems }
    }

    /// The body as written.
    pub(super) fn body_text(&self) -> &'a str {
        self.text.get(self.body..).unwrap_or("")
    }

    /// Line and column of a byte of the body.
    pub(super) fn position_in_body(&self, offset: usize) -> (u32, u32) {
        self.index.position(self.body + offset)
    }

    /// Line and column of the first place at or behind a line where some words stand.
    pub(super) fn position_of(&self, words: &str, line: u32) -> (u32, u32) {
        let start = self.index.start_of(line);
        let found = self.text.get(start..).and_then(|rest| rest.find(words));
        found.map_or((line, 1), |at| self.index.position(start + at))
    }

    /// The file's name without folders and ending.
    pub(super) fn stem(&self) -> Option<&'a str> {
        self.name.rsplit('/').next()?.strip_suffix(".md")
    }
}
