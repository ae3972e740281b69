//! From the parser's events to blocks.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::anchors::Anchors;
use super::frame::{Frame, Kind, Place, is_blank, leftover, trimmed, with_leftover};
use super::links::picture_name;
use super::{Block, BlockKind, Cell, Inline, Item, MAX_DEPTH, Table, Target, plain_inlines};
use crate::curriculum::problem::Problem;

/// The most problems that are told of one text; a text with more is not one of a sesi.
const MAX_PROBLEMS: usize = 200;

/// Parses what stands behind the first `start` bytes of a text and hands on each block that is
/// whole and stands in no other, so that whoever only passes over a text need not hold all of it.
pub(super) fn build(text: &str, start: usize, mut sink: impl FnMut(Block)) -> Vec<Problem> {
    let body = text.get(start..).unwrap_or("");
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let origin = Place { offset: 0, line: 1 };
    let mut newlines = memchr::memchr_iter(b'\n', text.as_bytes());
    let mut builder = Builder {
        text,
        next_newline: newlines.next(),
        newlines,
        at: origin,
        frames: vec![Frame::new(Kind::Root, origin)],
        too_deep: 0,
        anchors: Anchors::default(),
        problems: Vec::new(),
    };
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        builder.event(event, start + range.start);
        if let [root] = builder.frames.as_mut_slice() {
            root.blocks.drain(..).for_each(&mut sink);
        }
    }
    let (rest, problems) = builder.finish();
    rest.into_iter().for_each(sink);
    problems
}

struct Builder<'a> {
    text: &'a str,
    /// The place of the last event; events come in the order of the text, so that lines are
    /// counted in one go.
    at: Place,
    /// The first end of a line that was not counted yet, and those behind it.
    next_newline: Option<usize>,
    newlines: memchr::Memchr<'a>,
    frames: Vec<Frame>,
    /// How many elements below [`MAX_DEPTH`] are open.
    too_deep: usize,
    anchors: Anchors,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, offset: usize) {
        match event {
            Event::Start(tag) => self.open(&tag, offset),
            Event::End(_) => self.close(),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.inline(Inline::Code(text.into_string())),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => {
                let place = self.place(offset);
                self.block(BlockKind::Rule, place);
            }
            Event::TaskListMarker(checked) => self.task(checked),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, offset),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text);
            }
        }
    }

    /// The place of a byte of the text.
    fn place(&mut self, offset: usize) -> Place {
        let mut line = self.at.line;
        if offset < self.at.offset {
            line = 1;
            self.newlines = memchr::memchr_iter(b'\n', self.text.as_bytes());
            self.next_newline = self.newlines.next();
        }
        while self.next_newline.is_some_and(|newline| newline < offset) {
            line = line.saturating_add(1);
            self.next_newline = self.newlines.next();
        }
        self.at = Place { offset, line };
        self.at
    }

    fn report(&mut self, problem: Problem, place: Place) {
        if self.problems.len() < MAX_PROBLEMS {
            let before = self.text.get(..place.offset).unwrap_or("");
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let column = u32::try_from(before[start..].chars().count()).unwrap_or(u32::MAX - 1);
            self.problems.push(problem.at((place.line, column + 1)));
        }
    }

    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::new(Kind::Root, Place { offset: 0, line: 1 }));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn open(&mut self, tag: &Tag<'_>, offset: usize) {
        let place = self.place(offset);
        if self.frames.len() >= MAX_DEPTH {
            self.open_too_deep(place);
            return;
        }
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading(*level as u8),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(_) => Kind::Code(String::new()),
            Tag::HtmlBlock => Kind::Html,
            Tag::List(start) => Kind::List(*start, Vec::new()),
            Tag::Item => Kind::Item(None),
            Tag::Table(_) => Kind::Table(Table::default()),
            Tag::TableHead => Kind::Head(Vec::new()),
            Tag::TableRow => Kind::Row(Vec::new()),
            Tag::TableCell => Kind::Cell,
            Tag::Strong => Kind::Strong,
            Tag::Emphasis => Kind::Emph,
            Tag::Link { dest_url, .. } => Kind::Link(dest_url.to_string()),
            Tag::Image { dest_url, .. } => Kind::Picture(dest_url.to_string()),
            _ => Kind::Plain,
        };
        let is_span = matches!(
            kind,
            Kind::Strong | Kind::Emph | Kind::Link(_) | Kind::Picture(_) | Kind::Plain
        );
        if !is_span {
            self.flush();
        }
        self.frames.push(Frame::new(kind, place));
    }

    /// Counts an element that is not kept as such; its words run on in the one that holds it.
    fn open_too_deep(&mut self, place: Place) {
        if self.too_deep == 0 && !self.problems.iter().any(|p| p.code == "terlalu-dalam") {
            let problem = Problem::error(
                "terlalu-dalam",
                1,
                format!(
                    "Susunan bertingkat lebih dari {MAX_DEPTH}, sehingga tidak dapat ditampilkan."
                ),
            );
            let hint = "Kurangi tingkat daftar atau kutipan di bagian ini.";
            self.report(problem.hint(hint), place);
        }
        self.too_deep += 1;
        self.top().push_text(" ");
    }

    fn text(&mut self, text: &str) {
        let frame = self.top();
        match &mut frame.kind {
            Kind::Code(code) => code.push_str(text),
            Kind::Html => {}
            _ => frame.push_text(text),
        }
    }

    fn inline(&mut self, inline: Inline) {
        self.top().inlines.push(inline);
    }

    fn block(&mut self, kind: BlockKind, place: Place) {
        self.flush();
        self.put_block(kind, place);
    }

    fn put_block(&mut self, kind: BlockKind, place: Place) {
        let line = place.line;
        let frame = self.top();
        // Most items and quotes hold one block; room for more is made when more comes.
        if frame.blocks.is_empty() {
            frame.blocks.reserve_exact(1);
        }
        frame.blocks.push(Block { kind, line });
    }

    fn task(&mut self, checked: bool) {
        let item = self.frames.iter_mut().rev().find_map(|frame| match &mut frame.kind {
            Kind::Item(state) => Some(state),
            _ => None,
        });
        if let Some(state) = item {
            *state = Some(checked);
        }
    }

    fn html(&mut self, html: &str, offset: usize) {
        let is_comment = html.trim_start().starts_with("<!--");
        let block_line = self.top().place.line;
        let seen = self
            .problems
            .last()
            .is_some_and(|last| last.code == "html-mentah" && last.line == block_line);
        if is_comment || seen {
            return;
        }
        let place = self.place(offset);
        let problem = Problem::warning(
            "html-mentah",
            1,
            "Tanda HTML (di antara < dan >) tidak ditampilkan dan tidak dicetak.".to_owned(),
        )
        .hint("Tulis dengan markdown biasa, atau ganti < dan > dengan tanda kurung.");
        self.report(problem, place);
    }

    /// Turns spans that stand directly in a container (a tight item) into a paragraph.
    fn flush(&mut self) {
        let frame = self.top();
        if !matches!(frame.kind, Kind::Root | Kind::Quote | Kind::Item(_)) {
            return;
        }
        let inlines = std::mem::take(&mut frame.inlines);
        let place = frame.place;
        if !is_blank(&inlines) {
            self.put_block(BlockKind::Paragraph(trimmed(inlines)), place);
        }
    }

    fn close(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        self.flush();
        if self.frames.len() < 2 {
            return;
        }
        let Some(Frame { kind, place, blocks, inlines }) = self.frames.pop() else { return };
        match kind {
            Kind::Paragraph => self.close_paragraph(inlines, blocks, place),
            Kind::Heading(level) => self.close_heading(level, inlines, &blocks, place),
            Kind::Strong => self.close_span(Inline::Strong(inlines), blocks),
            Kind::Emph => self.close_span(Inline::Emph(inlines), blocks),
            Kind::Link(destination) => self.close_link(&destination, inlines, blocks, place),
            Kind::Picture(path) => self.close_picture(&path, &inlines, place),
            Kind::Quote => self.put_block(BlockKind::Quote(blocks), place),
            Kind::Code(text) => self.put_block(BlockKind::Code(text), place),
            Kind::Item(checked) => self.close_item(Item { checked, blocks }),
            Kind::List(start, mut items) => {
                items.extend(leftover(inlines, place.line));
                self.put_block(BlockKind::List { start, items }, place);
            }
            Kind::Table(mut table) => {
                let left = with_leftover(Vec::new(), inlines);
                table.rows.extend((!left.is_empty()).then_some(left));
                self.put_block(BlockKind::Table(table), place);
            }
            Kind::Head(cells) => self.close_row(with_leftover(cells, inlines), true),
            Kind::Row(cells) => self.close_row(with_leftover(cells, inlines), false),
            Kind::Cell => self.close_cell(inlines, &blocks, place),
            Kind::Plain => {
                let frame = self.top();
                frame.inlines.extend(inlines);
                frame.blocks.extend(blocks);
            }
            Kind::Html | Kind::Root => {}
        }
    }

    fn close_paragraph(&mut self, inlines: Vec<Inline>, pictures: Vec<Block>, place: Place) {
        if !is_blank(&inlines) {
            if !pictures.is_empty() {
                let problem = Problem::warning(
                    "gambar-tidak-sendiri",
                    1,
                    "Gambar berada di tengah paragraf.".to_owned(),
                );
                let hint = "Pindahkan gambar ke paragraf tersendiri.";
                self.report(problem.hint(hint), place);
            }
            self.put_block(BlockKind::Paragraph(trimmed(inlines)), place);
        }
        self.top().blocks.extend(pictures);
    }

    fn close_heading(&mut self, level: u8, inlines: Vec<Inline>, pictures: &[Block], place: Place) {
        let content = self.with_captions(trimmed(inlines), pictures, place);
        let anchor = self.anchors.assign(level, &plain_inlines(&content));
        self.put_block(BlockKind::Heading { level, anchor, content }, place);
    }

    /// What a heading or a cell holds: no picture, only what would be seen on it.
    fn with_captions(
        &mut self,
        mut content: Vec<Inline>,
        pictures: &[Block],
        place: Place,
    ) -> Vec<Inline> {
        for picture in pictures {
            if let BlockKind::Picture { alt, .. } = &picture.kind {
                let message = "Gambar di dalam judul atau tabel tidak ditampilkan.";
                let problem = Problem::warning("gambar-tidak-sendiri", 1, message);
                let hint = "Pindahkan gambar ke paragraf tersendiri.";
                self.report(problem.hint(hint), place);
                content.push(Inline::Text(alt.clone()));
            }
        }
        content
    }

    fn close_span(&mut self, span: Inline, pictures: Vec<Block>) {
        let frame = self.top();
        frame.inlines.push(span);
        frame.blocks.extend(pictures);
    }

    fn close_link(
        &mut self,
        destination: &str,
        content: Vec<Inline>,
        pictures: Vec<Block>,
        place: Place,
    ) {
        let target = Target::of(destination);
        if let Target::Refused(address) = &target {
            let problem = Problem::error(
                "tautan-tidak-dikenal",
                1,
                format!(
                    "Tautan ke \"{address}\" tidak dapat dipakai, jadi hanya teksnya yang tampil."
                ),
            );
            let hint = "Pakai alamat https://, rujukan (#rujukan-...), bagian naskah ini (#...), \
                        atau berkas sesi (.md).";
            self.report(problem.hint(hint), place);
        }
        self.close_span(Inline::Link { target, content }, pictures);
    }

    fn close_picture(&mut self, path: &str, alt: &[Inline], place: Place) {
        let alt = plain_inlines(alt).trim().to_owned();
        let Some(name) = picture_name(path) else {
            let problem = Problem::error(
                "gambar-tidak-dikenal",
                1,
                format!(
                    "Gambar \"{path}\" tidak dapat dipakai, jadi hanya keterangannya yang tampil."
                ),
            );
            let hint = "Pakai gambar dari folder gambar, misalnya ../../gambar/celengan.svg.";
            self.report(problem.hint(hint), place);
            self.text(&alt);
            return;
        };
        if alt.is_empty() {
            let problem =
                Problem::error("gambar-tanpa-keterangan", 1, "Gambar belum diberi keterangan.");
            let hint = "Tulis apa yang terlihat di antara tanda [ dan ].";
            self.report(problem.hint(hint), place);
        }
        let kind = BlockKind::Picture { src: name.to_owned(), alt };
        self.block(kind, place);
    }

    fn close_item(&mut self, item: Item) {
        if let Kind::List(_, items) = &mut self.top().kind {
            items.push(item);
        } else {
            self.top().blocks.extend(item.blocks);
        }
    }

    fn close_row(&mut self, cells: Vec<Cell>, is_head: bool) {
        if let Kind::Table(table) = &mut self.top().kind {
            if is_head {
                table.head = cells;
            } else {
                table.rows.push(cells);
            }
        }
    }

    fn close_cell(&mut self, inlines: Vec<Inline>, pictures: &[Block], place: Place) {
        let content = self.with_captions(trimmed(inlines), pictures, place);
        if let Kind::Head(cells) | Kind::Row(cells) = &mut self.top().kind {
            cells.push(content);
        }
    }

    fn finish(mut self) -> (Vec<Block>, Vec<Problem>) {
        while self.frames.len() > 1 {
            self.too_deep = 0;
            self.close();
        }
        self.flush();
        let blocks = self.frames.pop().map(|root| root.blocks).unwrap_or_default();
        (blocks, self.problems)
    }
}
