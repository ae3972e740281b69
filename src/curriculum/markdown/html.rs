//! Blocks as HTML that is safe by construction: every text is escaped, every tag is ours.

use std::fmt::{self, Write as _};

use super::{Block, BlockKind, Inline, Item, Table, Target};

/// HTML that this module made from parsed blocks; it may be written to a page as it is.
///
/// Nothing else can make one, so a text of a user cannot end up in it unescaped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Nothing yet, with room for the HTML of a text.
    pub(super) fn with_room_for(text: &str) -> Self {
        Self(String::with_capacity(text.len() + text.len() / 2))
    }

    /// Adds a block.
    pub(super) fn push(&mut self, block: &Block) {
        push_block(&mut self.0, &block.kind);
    }

    /// Says whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The side of a pictogram on a page, in CSS pixels.
const PICTURE_SIDE_PX: u32 = 240;

/// Blocks as HTML.
///
/// Headings carry their anchors as ids; a block quote is `<blockquote class="ucapan">`; a table
/// stands in `<div class="tabel">`, which may scroll; an item with a tick box is
/// `<li class="tugas">` with a `<span class="kotak">` (and `terisi` where it is ticked).
pub fn render_blocks(blocks: &[Block]) -> SafeHtml {
    let mut out = String::with_capacity(blocks.len() * 200);
    push_blocks(&mut out, blocks);
    SafeHtml(out)
}

/// Spans as HTML, without a block around them.
pub fn render_inlines(inlines: &[Inline]) -> SafeHtml {
    let mut out = String::new();
    push_inlines(&mut out, inlines);
    SafeHtml(out)
}

fn push_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        push_block(out, &block.kind);
    }
}

fn push_block(out: &mut String, kind: &BlockKind) {
    match kind {
        BlockKind::Paragraph(content) => {
            out.push_str("<p>");
            push_inlines(out, content);
            out.push_str("</p>\n");
        }
        BlockKind::Heading { level, anchor, content } => {
            let level = char::from(b'0' + (*level).clamp(1, 6));
            out.push_str("<h");
            out.push(level);
            out.push_str(" id=\"");
            escape_value(out, anchor);
            out.push_str("\">");
            push_inlines(out, content);
            out.push_str("</h");
            out.push(level);
            out.push_str(">\n");
        }
        BlockKind::List { start, items } => push_list(out, *start, items),
        BlockKind::Quote(blocks) => {
            out.push_str("<blockquote class=\"ucapan\">\n");
            push_blocks(out, blocks);
            out.push_str("</blockquote>\n");
        }
        BlockKind::Table(table) => push_table(out, table),
        BlockKind::Picture { src, alt } => push_picture(out, src, alt),
        BlockKind::Code(text) => {
            out.push_str("<pre><code>");
            escape_text(out, text);
            out.push_str("</code></pre>\n");
        }
        BlockKind::Rule => out.push_str("<hr>\n"),
    }
}

fn push_list(out: &mut String, start: Option<u64>, items: &[Item]) {
    let tag = if start.is_some() { "ol" } else { "ul" };
    out.push('<');
    out.push_str(tag);
    if items.iter().any(|item| item.checked.is_some()) {
        out.push_str(" class=\"daftar-tugas\"");
    }
    if let Some(number) = start.filter(|number| *number != 1) {
        // Writing to a String cannot fail.
        let _ = write!(out, " start=\"{number}\"");
    }
    out.push_str(">\n");
    for item in items {
        out.push_str(match item.checked {
            None => "<li>",
            Some(false) => "<li class=\"tugas\"><span class=\"kotak\" aria-hidden=\"true\"></span>",
            Some(true) => {
                "<li class=\"tugas\"><span class=\"kotak terisi\" role=\"img\" \
                 aria-label=\"sudah ditandai\"></span>"
            }
        });
        // A first paragraph goes without its own tag, so that short items stay short.
        match item.blocks.split_first() {
            Some((Block { kind: BlockKind::Paragraph(content), .. }, rest)) => {
                push_inlines(out, content);
                push_blocks(out, rest);
            }
            _ => push_blocks(out, &item.blocks),
        }
        out.push_str("</li>\n");
    }
    out.push_str("</");
    out.push_str(tag);
    out.push_str(">\n");
}

fn push_table(out: &mut String, table: &Table) {
    out.push_str(
        "<div class=\"tabel\" role=\"group\" aria-label=\"Tabel\" tabindex=\"0\"><table>\n",
    );
    if table.head.iter().any(|cell| !cell.is_empty()) {
        out.push_str("<thead>");
        push_row(out, &table.head, "<th scope=\"col\">", "</th>");
        out.push_str("</thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &table.rows {
        push_row(out, row, "<td>", "</td>");
    }
    out.push_str("</tbody></table></div>\n");
}

fn push_row(out: &mut String, row: &[Vec<Inline>], open: &str, close: &str) {
    out.push_str("<tr>");
    for cell in row {
        out.push_str(open);
        push_inlines(out, cell);
        out.push_str(close);
    }
    out.push_str("</tr>\n");
}

fn push_picture(out: &mut String, src: &str, alt: &str) {
    out.push_str("<figure class=\"gambar\"><img src=\"/gambar/");
    escape_value(out, src);
    out.push_str("\" alt=\"");
    escape_value(out, alt);
    let side = PICTURE_SIDE_PX;
    // Writing to a String cannot fail.
    let _ = writeln!(out, "\" loading=\"lazy\" width=\"{side}\" height=\"{side}\"></figure>");
}

fn push_inlines(out: &mut String, inlines: &[Inline]) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => escape_text(out, text),
            Inline::Strong(content) => push_wrapped(out, "<strong>", content, "</strong>"),
            Inline::Emph(content) => push_wrapped(out, "<em>", content, "</em>"),
            Inline::Code(text) => {
                out.push_str("<code>");
                escape_text(out, text);
                out.push_str("</code>");
            }
            Inline::Link { target, content } => push_link(out, target, content),
            Inline::Break => out.push_str("<br>"),
        }
    }
}

fn push_wrapped(out: &mut String, open: &str, content: &[Inline], close: &str) {
    out.push_str(open);
    push_inlines(out, content);
    out.push_str(close);
}

fn push_link(out: &mut String, target: &Target, content: &[Inline]) {
    let Some(address) = target.href() else {
        push_inlines(out, content);
        return;
    };
    out.push_str(match target {
        Target::Rujukan(_) => "<a class=\"rujukan\" href=\"",
        Target::External(_) => "<a rel=\"noopener noreferrer\" href=\"",
        _ => "<a href=\"",
    });
    escape_value(out, &address);
    push_wrapped(out, "\">", content, "</a>");
}

/// Writes a text so that it can stand between tags, where quotation marks mean nothing.
fn escape_text(out: &mut String, text: &str) {
    let marks = memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes());
    push_escaped(out, text, marks);
}

/// Writes a text so that it can stand inside a quoted attribute.
fn escape_value(out: &mut String, text: &str) {
    let marks = text.bytes().enumerate().filter(|(_, byte)| b"&<>\"'".contains(byte));
    push_escaped(out, text, marks.map(|(at, _)| at));
}

/// Writes a text with the bytes at `marks` replaced. All of them are single bytes, so that every cut
/// lies between two characters.
fn push_escaped(out: &mut String, text: &str, marks: impl Iterator<Item = usize>) {
    let mut start = 0;
    for at in marks {
        out.push_str(&text[start..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        start = at + 1;
    }
    out.push_str(&text[start..]);
}
