//! Sections as text, and headings inside a run of blocks.

use serde::Serialize;

use super::{PartHeading, Section, Sesi};
use crate::curriculum::headings::same_heading;
use crate::curriculum::headings::{
    INDIKATOR, KOMPETENSI, Part, WORD_LANGKAH, WORD_LEMBAR, WORD_LK,
};
use crate::curriculum::markdown::{Block, BlockKind, Item, plain_inlines, plain_text};

/// One section of a sesi as a search or an outline sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SectionText {
    /// Its anchor on the page of the sesi.
    pub anchor: String,
    /// The words of its heading, without minutes.
    pub heading: String,
    /// 1 for the title with the summary, 2 for a part, 3 for a section inside it.
    pub level: u8,
    /// The part it belongs to.
    pub part: Part,
    /// Its words, one line a paragraph, without its heading and without sections listed beside it.
    pub text: String,
    /// Its line in the file.
    pub line: u32,
}

/// A heading inside a run of blocks and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subsection<'a> {
    /// The words of the heading.
    pub heading: String,
    /// Its anchor.
    pub anchor: &'a str,
    /// Its line in the file.
    pub line: u32,
    /// What stands under it, up to the next heading of its level.
    pub blocks: &'a [Block],
}

/// Splits blocks at the headings of one level: what stands before the first, then each.
pub fn subsections(blocks: &[Block], level: u8) -> (&[Block], Vec<Subsection<'_>>) {
    let starts: Vec<usize> = (0..blocks.len())
        .filter(
            |at| matches!(&blocks[*at].kind, BlockKind::Heading { level: l, .. } if *l == level),
        )
        .collect();
    let first = starts.first().copied().unwrap_or(blocks.len());
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(blocks.len()));
    let found = starts.iter().copied().zip(ends).filter_map(|(start, end)| {
        let BlockKind::Heading { anchor, content, .. } = &blocks[start].kind else { return None };
        Some(Subsection {
            heading: plain_inlines(content),
            anchor,
            line: blocks[start].line,
            blocks: &blocks[start + 1..end],
        })
    });
    (&blocks[..first], found.collect())
}

/// Takes one `####` section out of blocks: the rest, and what stood under the heading.
pub(super) fn take_subsection(mut blocks: Vec<Block>, heading: &str) -> (Vec<Block>, Vec<Block>) {
    let level_of = |block: &Block| match &block.kind {
        BlockKind::Heading { level, .. } => Some(*level),
        _ => None,
    };
    let start = blocks.iter().position(|block| match &block.kind {
        BlockKind::Heading { level: 4, content, .. } => {
            same_heading(&plain_inlines(content), heading)
        }
        _ => false,
    });
    let Some(start) = start else { return (blocks, Vec::new()) };
    let behind = blocks.iter().skip(start + 1);
    let length = behind.take_while(|block| level_of(block).is_none_or(|level| level > 4)).count();
    let taken = blocks.drain(start..=start + length).skip(1).collect();
    (blocks, taken)
}

/// The text of each item of the lists among blocks, in order.
pub fn item_texts(blocks: &[Block]) -> Vec<String> {
    let items = blocks.iter().flat_map(|block| match &block.kind {
        BlockKind::List { items, .. } => items.as_slice(),
        _ => &[],
    });
    items.map(|item: &Item| plain_text(&item.blocks)).collect()
}

/// See [`Sesi::sections`].
pub(super) fn sections(sesi: &Sesi) -> Vec<SectionText> {
    let title = SectionText {
        anchor: Part::Pengantar.anchor().to_owned(),
        heading: sesi.title.clone(),
        level: 1,
        part: Part::Pengantar,
        text: plain_text(&sesi.summary),
        line: sesi.summary.first().map_or(1, |block| block.line),
    };
    let mut all = vec![title];
    for head in &sesi.parts {
        if head.part != Part::Lain {
            all.push(part_entry(sesi, head));
        }
    }
    all.extend(sesi.langkah.iter().map(|langkah| SectionText {
        text: langkah_text(langkah),
        ..entry(Part::Langkah, &langkah.anchor, langkah.line, &[]).headed(numbered_heading(
            WORD_LANGKAH,
            langkah.nomor,
            &langkah.nama,
        ))
    }));
    all.extend(sesi.lembar_kerja.iter().map(|lk| {
        entry(Part::LembarKerja, &lk.anchor, lk.line, &lk.blocks)
            .headed(numbered_heading(WORD_LK, &lk.kode, &lk.judul))
    }));
    all.extend(sesi.lembar_balik.iter().map(|lembar| {
        let mut found = entry(Part::LembarBalik, &lembar.anchor, lembar.line, &lembar.blocks)
            .headed(numbered_heading(WORD_LEMBAR, lembar.nomor, &lembar.judul));
        push_line(&mut found.text, &plain_text(&lembar.catatan));
        found
    }));
    all.extend(sesi.lembar_keluarga.iter().filter(|lembar| !lembar.judul.is_empty()).map(
        |lembar| {
            let mut found =
                entry(Part::LembarKeluarga, &lembar.anchor, lembar.line, &lembar.blocks)
                    .headed(lembar.judul.clone());
            push_line(&mut found.text, &plain_text(&lembar.latihan));
            found
        },
    ));
    let free = [&sesi.penyesuaian, &sesi.bahan_bacaan, &sesi.tanya_jawab, &sesi.lain];
    all.extend(free.into_iter().flatten().map(section_entry));
    // The title comes first whatever its line; everything else stands in the order of the file.
    all[1..].sort_by_key(|section| section.line);
    all
}

impl SectionText {
    fn headed(mut self, heading: String) -> Self {
        self.heading = heading;
        self
    }
}

fn entry(part: Part, anchor: &str, line: u32, blocks: &[Block]) -> SectionText {
    SectionText {
        anchor: anchor.to_owned(),
        heading: String::new(),
        level: 3,
        part,
        text: plain_text(blocks),
        line,
    }
}

fn section_entry(section: &Section) -> SectionText {
    let found = entry(section.part, &section.anchor, section.line, &section.blocks);
    SectionText { level: section.level, ..found }.headed(section.heading.clone())
}

/// A part with the words that stand directly under its heading.
fn part_entry(sesi: &Sesi, head: &PartHeading) -> SectionText {
    let mut found = entry(head.part, &head.anchor, head.line, &head.blocks);
    let mut below = |blocks: &[Block]| push_line(&mut found.text, &plain_text(blocks));
    match head.part {
        Part::Tujuan => {
            let tujuan = &sesi.tujuan;
            for (heading, blocks) in
                [(KOMPETENSI, &tujuan.kompetensi), (INDIKATOR, &tujuan.indikator)]
            {
                if !blocks.is_empty() {
                    push_line(&mut found.text, heading);
                    push_line(&mut found.text, &plain_text(blocks));
                }
            }
        }
        Part::Alat => below(&sesi.alat),
        Part::Persiapan => below(&sesi.persiapan),
        Part::PesanKunci => below(&sesi.pesan_kunci),
        Part::LembarEvaluasi => below(&sesi.lembar_evaluasi),
        Part::LembarKeluarga => {
            if let Some(lembar) = sesi.lembar_keluarga.as_ref().filter(|l| l.judul.is_empty()) {
                below(&lembar.blocks);
                below(&lembar.latihan);
            }
        }
        _ => {}
    }
    SectionText { level: 2, ..found }.headed(head.heading.clone())
}

fn langkah_text(langkah: &super::Langkah) -> String {
    let mut text = String::new();
    push_line(&mut text, &langkah.hasil);
    push_line(&mut text, &plain_text(&langkah.blocks));
    text
}

fn numbered_heading(word: &str, number: impl std::fmt::Display, name: &str) -> String {
    if name.is_empty() { format!("{word} {number}") } else { format!("{word} {number}: {name}") }
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() && !line.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
