//! A text of the curriculum as HTML in the order of reading, made once per content hash.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bahasa::angka;
use crate::curriculum::Part;
use crate::curriculum::ids::RevisionId;
use crate::curriculum::markdown::{
    Block, BlockKind, Inline, SafeHtml, Table, Target, plain_inlines, render_blocks,
};
use crate::curriculum::sesi::{Langkah, LembarBalik, PartHeading, Section, Sesi};

/// How many rendered texts are kept; at some 100 KB each they stay below 25 MB.
const KEPT: usize = 256;

/// A text, rendered part by part.
#[derive(Debug)]
pub struct Guide {
    /// For whom it is, in words; may be empty.
    pub audience: String,
    /// What stands under the title.
    pub lead: SafeHtml,
    /// The parts before the langkah, the derived susunan kegiatan last.
    pub before: Vec<GuidePart>,
    /// The heading over the langkah and what stands under it.
    pub opening: Option<GuidePart>,
    /// The langkah in the order of the text.
    pub langkah: Vec<Step>,
    /// The sentences to remember.
    pub pesan: Option<GuidePart>,
    /// The parts after the langkah.
    pub after: Vec<GuidePart>,
    /// What the text cites.
    pub rujukan: Vec<Reference>,
    /// Every part with its sections.
    pub outline: Vec<Entry>,
}

/// A part under its heading.
#[derive(Debug)]
pub struct GuidePart {
    /// Its anchor on the page.
    pub anchor: String,
    /// The words of its heading.
    pub heading: String,
    /// What stands under it.
    pub body: SafeHtml,
}

/// One langkah.
#[derive(Debug)]
pub struct Step {
    /// Its number in the text.
    pub number: u32,
    /// Its anchor on the page.
    pub anchor: String,
    /// Its name.
    pub name: String,
    /// How long it takes, in minutes; none where the text does not say.
    pub menit: Option<u32>,
    /// The same in words, or empty.
    pub minutes: String,
    /// The methods in one line.
    pub metode: String,
    /// The media in one line.
    pub media: String,
    /// What participants can do afterwards.
    pub hasil: String,
    /// Everything else.
    pub body: SafeHtml,
}

/// A document that the text cites.
#[derive(Debug)]
pub struct Reference {
    /// Its anchor on the page.
    pub anchor: String,
    /// Its full name.
    pub title: String,
}

/// A line of the outline.
#[derive(Debug)]
pub struct Entry {
    /// The words of the heading.
    pub name: String,
    /// Its address within the page.
    pub href: String,
    /// `15 menit`, or empty.
    pub minutes: String,
    /// The sections below it.
    pub children: Vec<Entry>,
}

impl Entry {
    fn new(name: &str, anchor: &str) -> Self {
        let (name, href) = (name.to_owned(), format!("#{anchor}"));
        Self { name, href, minutes: String::new(), children: Vec::new() }
    }
}

/// A part before it is rendered.
struct Raw {
    part: Part,
    anchor: String,
    heading: String,
    blocks: Vec<Block>,
}

impl Raw {
    fn render(&self) -> GuidePart {
        GuidePart {
            anchor: self.anchor.clone(),
            heading: self.heading.clone(),
            body: render_blocks(&self.blocks),
        }
    }

    fn entry(&self) -> Entry {
        let sections = self.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Heading { level: 3, anchor, content } => {
                Some(Entry::new(&plain_inlines(content), anchor))
            }
            _ => None,
        });
        Entry { children: sections.collect(), ..Entry::new(&self.heading, &self.anchor) }
    }
}

impl Guide {
    /// Renders a text.
    #[must_use]
    pub fn of(sesi: &Sesi) -> Self {
        let parts = raw_parts(sesi);
        let middle = parts.iter().position(|one| one.part == Part::Langkah);
        let (before, rest) = parts.split_at(middle.unwrap_or_else(|| no_langkah(&parts)));
        let (opening, after) = match middle.and(rest.split_first()) {
            Some((opening, after)) => (Some(opening), after),
            None => (None, rest),
        };
        let langkah: Vec<Step> = sesi.langkah.iter().map(step).collect();
        let mut outline: Vec<Entry> = before.iter().map(Raw::entry).collect();
        let mut before: Vec<GuidePart> = before.iter().map(Raw::render).collect();
        if let Some(opening) = opening {
            if !langkah.is_empty() {
                let schedule = schedule(sesi);
                outline.push(schedule.entry());
                before.push(schedule.render());
            }
            let mut entry = opening.entry();
            entry.children.splice(0..0, langkah.iter().map(step_entry));
            outline.push(entry);
        }
        let is_pesan = |one: &&Raw| one.part == Part::PesanKunci;
        let pesan = after.iter().find(is_pesan);
        let after_pesan: Vec<&Raw> = after.iter().filter(|one| !is_pesan(one)).collect();
        outline.extend(pesan.into_iter().chain(after_pesan.iter().copied()).map(Raw::entry));
        let rujukan: Vec<Reference> = sesi
            .front
            .rujukan
            .iter()
            .map(|one| Reference {
                anchor: format!("rujukan-{}", one.id),
                title: one.judul.clone(),
            })
            .collect();
        if !rujukan.is_empty() {
            outline.push(Entry::new("Rujukan", "rujukan"));
        }
        Self {
            audience: angka::list(&sesi.front.sasaran),
            lead: render_blocks(&sesi.summary),
            before,
            opening: opening.map(Raw::render),
            langkah,
            pesan: pesan.map(Raw::render),
            after: after_pesan.into_iter().map(Raw::render).collect(),
            rujukan,
            outline,
        }
    }
}

/// Where a text without langkah is cut: before its pesan kunci, else at the end, so that free
/// pages keep their order.
fn no_langkah(parts: &[Raw]) -> usize {
    parts.iter().position(|one| one.part == Part::PesanKunci).unwrap_or(parts.len())
}

/// The whole text on one page, for the editor and the reviewer.
#[must_use]
pub fn preview(sesi: &Sesi) -> SafeHtml {
    let mut blocks = vec![heading(1, "pratinjau-judul", &sesi.title)];
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
                blocks.extend(one.blocks.iter().cloned());
            }
        }
    }
    render_blocks(&blocks)
}

fn heading(level: u8, anchor: &str, words: &str) -> Block {
    let content = vec![Inline::Text(words.to_owned())];
    Block { kind: BlockKind::Heading { level, anchor: anchor.to_owned(), content }, line: 0 }
}

/// Every `##` part in the order of the file, with all that belongs to it but the langkah.
fn raw_parts(sesi: &Sesi) -> Vec<Raw> {
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

fn step(langkah: &Langkah) -> Step {
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

fn step_entry(step: &Step) -> Entry {
    let name = format!("{}. {}", step.number, step.name);
    Entry { minutes: step.minutes.clone(), ..Entry::new(&name, &step.anchor) }
}

/// The susunan kegiatan: a table of the langkah, derived so that it can never disagree with them.
fn schedule(sesi: &Sesi) -> Raw {
    let text = |words: String| vec![Inline::Text(words)];
    let head = ["Langkah", "Metode", "Media", "Waktu"].map(|name| text(name.to_owned()));
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
                text(one.metode.join(", ")),
                text(one.media.join(", ")),
                text(minutes(one.menit)),
            ]
        })
        .collect();
    let total = angka::duration(sesi.menit_langkah());
    rows.push(vec![
        text("Seluruhnya".to_owned()),
        text(String::new()),
        text(String::new()),
        text(total),
    ]);
    let table = Table { head: head.into(), rows };
    Raw {
        part: Part::Lain,
        anchor: "susunan-kegiatan".to_owned(),
        heading: "Susunan kegiatan".to_owned(),
        blocks: vec![Block { kind: BlockKind::Table(table), line: 0 }],
    }
}

/// Rendered texts by their content hash.
#[derive(Debug, Default)]
pub struct Guides {
    known: Mutex<HashMap<RevisionId, Arc<Guide>>>,
}

impl Guides {
    /// The text, if it was rendered before.
    #[must_use]
    pub fn known(&self, revision: RevisionId) -> Option<Arc<Guide>> {
        self.lock().get(&revision).cloned()
    }

    /// Renders a text and keeps it.
    #[must_use]
    pub fn render(&self, revision: RevisionId, sesi: &Sesi) -> Arc<Guide> {
        let guide = Arc::new(Guide::of(sesi));
        let mut known = self.lock();
        if known.len() >= KEPT {
            // Everything here can be rendered again; starting over is simpler than remembering ages.
            known.clear();
        }
        known.insert(revision, Arc::clone(&guide));
        guide
    }

    /// Forgets everything, after a redaction.
    pub fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RevisionId, Arc<Guide>>> {
        // A map of finished values is whole whatever happened to the thread that held it.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "---\nid: coba\njudul: Coba\nrujukan:\n  - id: uu\n    judul: UU 1\n---\n# Coba\n\n\
        Ringkas.\n\n## Tujuan\n\n### Kompetensi dasar\n\nBisa.\n\n### Aneh\n\nTetap ada.\n\n## Catatan\n\n\
        Bebas.\n\n### Anak\n\nBawahnya.\n\n## Langkah-langkah\n\nSebelum.\n\n### Langkah 1: Buka (15 menit)\n\n\
        - **Metode:** cerita\n\nSalam <b>.\n\n### Langkah 2: Tutup (5 menit)\n\nDoa.\n\n## Pesan kunci\n\n\
        1. Ingat.\n\n## Lembar keluarga\n\n### Rumah\n\nIsi.\n\n#### Latihan di rumah\n\nCoba lagi.\n";

    fn guide() -> Guide {
        Guide::of(&Sesi::parse(TEXT).0)
    }

    #[test]
    fn nothing_of_a_text_is_lost_and_its_order_stays() {
        let guide = guide();
        let names =
            |parts: &[GuidePart]| parts.iter().map(|part| part.heading.clone()).collect::<Vec<_>>();
        assert_eq!(names(&guide.before), ["Tujuan", "Catatan", "Susunan kegiatan"]);
        assert_eq!(names(&guide.after), ["Lembar keluarga"]);
        let all = format!("{guide:?}");
        for words in ["Tetap ada.", "Bawahnya.", "Sebelum.", "Doa.", "Ingat.", "Coba lagi.", "UU 1"]
        {
            assert!(all.contains(words), "{words} is lost");
        }
        let steps: Vec<_> =
            guide.langkah.iter().map(|one| (one.number, &*one.minutes, &*one.metode)).collect();
        assert_eq!(steps, [(1, "15\u{a0}menit", "cerita"), (2, "5\u{a0}menit", "")]);
    }

    #[test]
    fn the_outline_leads_to_every_part_and_langkah() {
        let guide = guide();
        let lines: Vec<_> = guide
            .outline
            .iter()
            .flat_map(|one| std::iter::once(one).chain(&one.children))
            .map(|one| format!("{} {}", one.name, one.href))
            .collect();
        let expected = [
            "Tujuan #tujuan",
            "Kompetensi dasar #kompetensi-dasar",
            "Aneh #aneh",
            "Catatan #catatan",
            "Anak #anak",
            "Susunan kegiatan #susunan-kegiatan",
            "Langkah-langkah #langkah-langkah",
            "1. Buka #langkah-1",
            "2. Tutup #langkah-2",
            "Pesan kunci #pesan-kunci",
            "Lembar keluarga #lembar-keluarga",
            "Rumah #rumah",
            "Rujukan #rujukan",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_schedule_adds_up_and_a_preview_shows_all() {
        let guide = guide();
        let schedule = guide.before.last().unwrap().body.to_string();
        assert!(schedule.contains("href=\"#langkah-1\"") && schedule.contains("20"), "{schedule}");
        let whole = preview(&Sesi::parse(TEXT).0).to_string();
        assert!(whole.contains("Langkah 1: Buka (15 menit)") && whole.contains("Coba lagi."));
        assert!(!whole.contains("<b>"), "raw HTML must not come through");
    }

    #[test]
    fn a_free_page_keeps_its_order() {
        let text = "---\nid: istilah\njudul: Istilah\njenis: panduan\n---\n# Istilah\n\n## A\n\nx\n\n## B\n\ny\n";
        let guide = Guide::of(&Sesi::parse(text).0);
        let names: Vec<_> = guide.before.iter().map(|part| part.heading.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
        assert!(guide.opening.is_none() && guide.after.is_empty() && guide.langkah.is_empty());
    }
}
