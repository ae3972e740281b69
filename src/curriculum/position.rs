//! From a byte of a text to the line and column that a person sees.

/// A guess that spares growing the list of lines step by step.
const TYPICAL_LINE_BYTES: usize = 40;

/// Where every line of one text begins.
#[derive(Debug, Clone)]
pub(crate) struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// Looks through the text once.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut starts = Vec::with_capacity(text.len() / TYPICAL_LINE_BYTES + 8);
        starts.push(0);
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Self { text, starts }
    }

    /// The line of a byte offset, counted from 1; an offset behind the end is on the last line.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let line = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// Line and column (in characters) of a byte offset, both counted from 1.
    pub(crate) fn position(&self, offset: usize) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.starts.get(line as usize - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX - 1);
        (line, column + 1)
    }

    /// The byte offset at which a line (counted from 1) begins; the end for a line that is not.
    pub(crate) fn start_of(&self, line: u32) -> usize {
        let index = (line as usize).saturating_sub(1);
        self.starts.get(index).copied().unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    #[test]
    fn offsets_become_lines_and_columns() {
        let index = LineIndex::new("ab\né c\r\n\nx");
        let cases = [
            (0, (1, 1)),
            (2, (1, 3)),
            (3, (2, 1)),
            (6, (2, 3)),
            (9, (3, 1)),
            (10, (4, 1)),
            (11, (4, 2)),
        ];
        for (offset, expected) in cases {
            assert_eq!(index.position(offset), expected, "byte {offset}");
        }
        assert_eq!(index.position(4), (2, 1), "inside a character counts from the line's start");
        assert_eq!((index.start_of(2), index.start_of(99)), (3, 11));
    }
}
