//! From the parts of a sesi to runs of blocks under headings, losing nothing.

use crate::curriculum::Part;
use crate::curriculum::markdown::{
    Block, BlockKind, Inline, Item, SafeHtml, Table, Target, plain_inlines, render_blocks,
};
use crate::curriculum::sesi::{Langkah, LembarBalik, PartHeading, Section, Sesi};

use super::{Entry, GuidePart, Step};

/// A part before it is rendered.
pub(super) struct Raw {
    pub(super) part: Part,
    anchor: String,
    heading: String,
    blocks: Vec<Block>,
}

impl Raw {
    pub(super) fn render(&self) -> GuidePart {
        GuidePart {
            anchor: self.anchor.clone(),
            heading: self.heading.clone(),
            body: render_blocks(&self.blocks),
        }
    }

    pub(super) fn entry(&self) -> Entry {
        let sections = self.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Heading { level: 3, anchor, content } => {
                Some(Entry::new(&plain_inlines(content), anchor))
            }
            _ => None,
        });
        Entry { children: sections.collect(), ..Entry::new(&self.heading, &self.anchor) }
    }
}

/// The whole text on one page, for the editor and the reviewer.
#[must_use]
pub fn preview(sesi: &Sesi) -> SafeHtml {
    let mut blocks = vec![heading(2, "pratinjau-judul", &sesi.title)];
    blocks.extend(sesi.summary.iter().cloned());
    for part in raw_parts(sesi) {
        blocks.push(heading(2, &part.anchor, &part.heading));
        blocks.extend(part.blocks);
        if part.part == Part::Langkah {
            for one in &sesi.langkah {
                let minutes =
                    one.menit.map_or_else(String::new, |menit| format!(" ({menit} menit)"));
                let name = format!("Langkah {}: {}{minutes}", one.nomor, one.nama);
                blocks.push(heading(3, &one.anchor, &name));
                blocks.push(labels(one));
                blocks.extend(one.blocks.iter().cloned());
            }
        }
    }
    // The links of the text lead to their source here too.
    if !sesi.front.rujukan.is_empty() {
        blocks.push(heading(2, "daftar-rujukan", "Rujukan"));
    }
    for one in &sesi.front.rujukan {
        blocks.push(heading(4, &format!("rujukan-{}", one.id), &one.judul));
    }
    render_blocks(&blocks)
}

fn heading(level: u8, anchor: &str, words: &str) -> Block {
    let content = vec![Inline::Text(words.to_owned())];
    Block { kind: BlockKind::Heading { level, anchor: anchor.to_owned(), content }, line: 0 }
}

/// The labels of a langkah as the text has them.
fn labels(langkah: &Langkah) -> Block {
    let (metode, media) = (langkah.metode.join(", "), langkah.media.join(", "));
    let named = [("Metode", metode), ("Media", media), ("Hasil", langkah.hasil.clone())];
    let items = named.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
        let label = Inline::Strong(vec![Inline::Text(format!("{name}:"))]);
        let content = vec![label, Inline::Text(format!(" {value}"))];
        let block = Block { kind: BlockKind::Paragraph(content), line: langkah.line };
        Item { checked: None, blocks: vec![block] }
    });
    let kind = BlockKind::List { start: None, items: items.collect() };
    Block { kind, line: langkah.line }
}

/// Every `##` part in the order of the file, with all that belongs to it but the langkah.
pub(super) fn raw_parts(sesi: &Sesi) -> Vec<Raw> {
    let mut parts: Vec<Raw> = Vec::new();
    let extra = sesi.lain.iter().filter(|one| one.part == Part::Pengantar);
    parts.extend(extra.map(|one| Raw {
        part: Part::Lain,
        anchor: one.anchor.clone(),
        heading: one.heading.clone(),
        blocks: one.blocks.clone(),
    }));
    for head in &sesi.parts {
        // A part that is written twice is shown once, with all of its content.
        if head.part != Part::Lain && parts.iter().any(|known| known.part == head.part) {
            continue;
        }
        parts.push(Raw {
            part: head.part,
            anchor: head.anchor.clone(),
            heading: head.heading.clone(),
            blocks: part_blocks(sesi, head),
        });
    }
    parts
}

fn part_blocks(sesi: &Sesi, head: &PartHeading) -> Vec<Block> {
    if head.part == Part::Lain {
        return unknown_part(sesi, head);
    }
    let heads = sesi.parts.iter().filter(|one| one.part == head.part);
    let mut blocks: Vec<Block> = heads.flat_map(|one| one.blocks.iter().cloned()).collect();
    match head.part {
        Part::Tujuan => {
            let tujuan = &sesi.tujuan;
            for (anchor, name, below) in [
                ("kompetensi-dasar", "Kompetensi dasar", &tujuan.kompetensi),
                ("indikator-keberhasilan", "Indikator keberhasilan", &tujuan.indikator),
            ] {
                if !below.is_empty() {
                    blocks.push(heading(3, anchor, name));
                    blocks.extend(below.iter().cloned());
                }
            }
        }
        Part::Alat => blocks.extend(sesi.alat.iter().cloned()),
        Part::Persiapan => blocks.extend(sesi.persiapan.iter().cloned()),
        Part::PesanKunci => blocks.extend(sesi.pesan_kunci.iter().cloned()),
        Part::LembarEvaluasi => blocks.extend(sesi.lembar_evaluasi.iter().cloned()),
        Part::Penyesuaian => push_sections(&mut blocks, &sesi.penyesuaian),
        Part::BahanBacaan => push_sections(&mut blocks, &sesi.bahan_bacaan),
        Part::TanyaJawab => push_sections(&mut blocks, &sesi.tanya_jawab),
        Part::LembarKerja => {
            for one in &sesi.lembar_kerja {
                let name = titled(&format!("LK {}", one.kode), &one.judul);
                blocks.push(heading(3, &one.anchor, &name));
                blocks.extend(one.blocks.iter().cloned());
            }
        }
        Part::LembarBalik => sesi.lembar_balik.iter().for_each(|one| flip_chart(&mut blocks, one)),
        Part::LembarKeluarga => family_page(&mut blocks, sesi),
        Part::Langkah | Part::Pengantar | Part::Lain => {}
    }
    let misplaced = sesi.lain.iter().filter(|one| one.part == head.part);
    misplaced.for_each(|one| push_section(&mut blocks, one));
    blocks
}

/// A `##` heading that nobody knows: it is kept in `lain`, followed by its `###` sections.
fn unknown_part(sesi: &Sesi, head: &PartHeading) -> Vec<Block> {
    let mut own = sesi.lain.iter().skip_while(|one| one.anchor != head.anchor);
    let mut blocks = own.next().map_or_else(Vec::new, |one| one.blocks.clone());
    let heads: Vec<&str> = sesi.parts.iter().map(|one| one.anchor.as_str()).collect();
    for one in own.take_while(|one| one.part == Part::Lain && !heads.contains(&&*one.anchor)) {
        push_section(&mut blocks, one);
    }
    blocks
}

fn push_sections(blocks: &mut Vec<Block>, sections: &[Section]) {
    sections.iter().for_each(|one| push_section(blocks, one));
}

fn push_section(blocks: &mut Vec<Block>, section: &Section) {
    blocks.push(heading(section.level.max(3), &section.anchor, &section.heading));
    blocks.extend(section.blocks.iter().cloned());
}

fn flip_chart(blocks: &mut Vec<Block>, page: &LembarBalik) {
    let name = titled(&format!("Lembar {}", page.nomor), &page.judul);
    blocks.push(heading(3, &page.anchor, &name));
    blocks.extend(page.pictures.iter().map(|picture| Block {
        kind: BlockKind::Picture { src: picture.src.clone(), alt: picture.alt.clone() },
        line: page.line,
    }));
    blocks.extend(page.blocks.iter().cloned());
    if !page.catatan.is_empty() {
        blocks.push(heading(4, &format!("{}-catatan", page.anchor), "Catatan fasilitator"));
        blocks.extend(page.catatan.iter().cloned());
    }
}

fn family_page(blocks: &mut Vec<Block>, sesi: &Sesi) {
    let Some(page) = &sesi.lembar_keluarga else { return };
    if !page.judul.is_empty() {
        blocks.push(heading(3, &page.anchor, &page.judul));
    }
    blocks.extend(page.blocks.iter().cloned());
    if !page.latihan.is_empty() {
        blocks.push(heading(4, &format!("{}-latihan", page.anchor), "Latihan di rumah"));
        blocks.extend(page.latihan.iter().cloned());
    }
}

fn titled(number: &str, name: &str) -> String {
    if name.is_empty() { number.to_owned() } else { format!("{number}: {name}") }
}

fn minutes(menit: Option<u32>) -> String {
    menit.map_or_else(String::new, |menit| format!("{menit}\u{a0}menit"))
}

pub(super) fn step(langkah: &Langkah) -> Step {
    Step {
        number: langkah.nomor,
        anchor: langkah.anchor.clone(),
        name: langkah.nama.clone(),
        menit: langkah.menit,
        minutes: minutes(langkah.menit),
        metode: langkah.metode.join(", "),
        media: langkah.media.join(", "),
        hasil: langkah.hasil.clone(),
        body: render_blocks(&langkah.blocks),
    }
}

pub(super) fn step_entry(step: &Step) -> Entry {
    let name = format!("{}. {}", step.number, step.name);
    Entry { minutes: step.minutes.clone(), ..Entry::new(&name, &step.anchor) }
}

/// The susunan kegiatan: a table of the langkah, derived so that it can never disagree with them.
/// The minutes stand second, so that a narrow screen shows them without scrolling.
pub(super) fn schedule(sesi: &Sesi) -> Raw {
    let text = |words: String| vec![Inline::Text(words)];
    let head = ["Langkah", "Waktu", "Metode", "Media"].map(|name| text(name.to_owned()));
    let mut rows: Vec<_> = sesi
        .langkah
        .iter()
        .map(|one| {
            let link = Inline::Link {
                target: Target::Anchor(one.anchor.clone()),
                content: text(format!("{}. {}", one.nomor, one.nama)),
            };
            vec![
                vec![link],
                text(minutes(one.menit)),
                text(one.metode.join(", ")),
                text(one.media.join(", ")),
            ]
        })
        .collect();
    let total = minutes(Some(sesi.menit_langkah()));
    rows.push(vec![
        text("Seluruhnya".to_owned()),
        text(total),
        text(String::new()),
        text(String::new()),
    ]);
    let table = Table { head: head.into(), rows };
    Raw {
        part: Part::Lain,
        anchor: "susunan-kegiatan".to_owned(),
        heading: "Susunan kegiatan".to_owned(),
        blocks: vec![Block { kind: BlockKind::Table(table), line: 0 }],
    }
}
