//! From the blocks of a text to the parts of a sesi.

use std::sync::Arc;

use super::langkah::build_langkah;
use super::outline::take_subsection;
use super::{
    FrontMatter, Jenis, LembarBalik, LembarKeluarga, LembarKerja, PartHeading, Picture, Section,
    Sesi, Tujuan,
};
use crate::curriculum::front_matter;
use crate::curriculum::headings::{
    CATATAN_FASILITATOR, INDIKATOR, KOMPETENSI, LATIHAN, Part, WORD_LEMBAR, WORD_LK, numbered,
    same_heading,
};
use crate::curriculum::markdown::{Block, BlockKind, parse_from, plain_inlines};
use crate::curriculum::problem::Problem;

/// See [`Sesi::parse`].
pub(super) fn parse(text: &str) -> (Sesi, Vec<Problem>) {
    let (front, body, mut problems) = front_matter::parse(text);
    let document = parse_from(text, body);
    problems.extend(document.problems);
    let mut builder = Builder { sesi: empty(text, front), problems };
    let outline = Outline::of(document.blocks);
    builder.title(outline.titles);
    builder.sesi.summary = outline.summary;
    for raw in outline.parts {
        builder.part(raw);
    }
    problems = builder.problems;
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (builder.sesi, problems)
}

fn empty(text: &str, front: FrontMatter) -> Sesi {
    Sesi {
        source: Arc::from(text),
        title: front.judul.clone(),
        front,
        summary: Vec::new(),
        parts: Vec::new(),
        tujuan: Tujuan::default(),
        alat: Vec::new(),
        persiapan: Vec::new(),
        langkah: Vec::new(),
        penyesuaian: Vec::new(),
        pesan_kunci: Vec::new(),
        lembar_kerja: Vec::new(),
        lembar_evaluasi: Vec::new(),
        lembar_balik: Vec::new(),
        lembar_keluarga: None,
        bahan_bacaan: Vec::new(),
        tanya_jawab: Vec::new(),
        lain: Vec::new(),
    }
}

/// A heading block taken apart.
struct Head {
    level: u8,
    text: String,
    anchor: String,
    line: u32,
}

/// A `##` section before it is known what it is.
struct RawPart {
    head: Head,
    intro: Vec<Block>,
    children: Vec<(Head, Vec<Block>)>,
}

/// The blocks of a text under their headings of level 1, 2 and 3.
#[derive(Default)]
struct Outline {
    titles: Vec<Head>,
    summary: Vec<Block>,
    parts: Vec<RawPart>,
}

impl Outline {
    fn of(blocks: Vec<Block>) -> Self {
        let mut outline = Self::default();
        for block in blocks {
            match block.kind {
                BlockKind::Heading { level, anchor, content } if level <= 3 => {
                    let text = plain_inlines(&content);
                    outline.open(Head { level, text, anchor, line: block.line });
                }
                kind => outline.put(Block { kind, line: block.line }),
            }
        }
        outline
    }

    fn open(&mut self, head: Head) {
        match (head.level, self.parts.last_mut()) {
            (1, None) => self.titles.push(head),
            (3, Some(part)) => part.children.push((head, Vec::new())),
            _ => self.parts.push(RawPart { head, intro: Vec::new(), children: Vec::new() }),
        }
    }

    fn put(&mut self, block: Block) {
        let place = match self.parts.last_mut() {
            None => &mut self.summary,
            Some(part) => part.children.last_mut().map_or(&mut part.intro, |(_, blocks)| blocks),
        };
        place.push(block);
    }
}

impl RawPart {
    /// Everything under the heading as one run of blocks, `###` headings included.
    fn flat(self) -> (Head, Vec<Block>) {
        let mut blocks = self.intro;
        for (head, below) in self.children {
            blocks.push(heading_block(head));
            blocks.extend(below);
        }
        (self.head, blocks)
    }
}

fn heading_block(head: Head) -> Block {
    let content = vec![crate::curriculum::markdown::Inline::Text(head.text)];
    let kind = BlockKind::Heading { level: head.level, anchor: head.anchor, content };
    Block { kind, line: head.line }
}

struct Builder {
    sesi: Sesi,
    problems: Vec<Problem>,
}

impl Builder {
    fn title(&mut self, titles: Vec<Head>) {
        let mut titles = titles.into_iter();
        if let Some(title) = titles.next() {
            self.sesi.title = title.text;
        }
        for extra in titles {
            let message = format!("Judul naskah ditulis lagi: \"{}\".", extra.text);
            let problem = Problem::error("judul-ganda", extra.line, message);
            self.problems
                .push(problem.hint("Pakai satu judul (#) saja; bagian ditulis dengan ##."));
            self.lain(Part::Pengantar, extra, Vec::new());
        }
    }

    fn lain(&mut self, part: Part, head: Head, blocks: Vec<Block>) {
        self.sesi.lain.push(section(part, head, blocks));
    }

    fn part(&mut self, raw: RawPart) {
        let is_sesi = self.sesi.front.jenis == Jenis::Sesi;
        let part = if is_sesi && raw.head.level == 2 {
            Part::of_heading(&raw.head.text)
        } else {
            Part::Lain
        };
        let part = if part == Part::Pengantar { Part::Lain } else { part };
        if part != Part::Lain && self.sesi.parts.iter().any(|known| known.part == part) {
            let message = format!("Bagian \"{}\" ditulis dua kali.", raw.head.text);
            let problem = Problem::error("bagian-ganda", raw.head.line, message);
            self.problems.push(problem.hint("Satukan isinya di bawah satu judul."));
        }
        self.sesi.parts.push(PartHeading {
            part,
            heading: raw.head.text.clone(),
            anchor: raw.head.anchor.clone(),
            line: raw.head.line,
            blocks: Vec::new(),
        });
        match part {
            Part::Alat => self.sesi.alat.extend(raw.flat().1),
            Part::Persiapan => self.sesi.persiapan.extend(raw.flat().1),
            Part::PesanKunci => self.sesi.pesan_kunci.extend(raw.flat().1),
            Part::LembarEvaluasi => self.sesi.lembar_evaluasi.extend(raw.flat().1),
            Part::Lain | Part::Pengantar => self.unknown_part(raw),
            _ => self.part_of_sections(part, raw),
        }
    }

    /// Keeps a section that has no place of its own, with its `###` sections beside it.
    fn unknown_part(&mut self, raw: RawPart) {
        if self.sesi.front.jenis == Jenis::Sesi {
            let message = format!("Bagian \"{}\" tidak dikenal.", raw.head.text);
            let problem = Problem::warning("bagian-tidak-dikenal", raw.head.line, message);
            self.problems.push(problem.hint(
                "Bagian ini tetap disimpan dan ditampilkan di akhir. Periksa ejaan judulnya.",
            ));
        }
        self.lain(Part::Lain, raw.head, raw.intro);
        for (head, blocks) in raw.children {
            self.lain(Part::Lain, head, blocks);
        }
    }

    fn part_of_sections(&mut self, part: Part, raw: RawPart) {
        let mut intro = raw.intro;
        let children = raw.children;
        if part == Part::LembarKeluarga && children.is_empty() && !intro.is_empty() {
            let head = Head { text: String::new(), ..raw.head };
            self.lembar_keluarga(head, std::mem::take(&mut intro));
        }
        if let Some(known) = self.sesi.parts.last_mut() {
            known.blocks = intro;
        }
        for (head, blocks) in children {
            match part {
                Part::Tujuan => self.tujuan(head, blocks),
                Part::Langkah => self.langkah(head, blocks),
                Part::LembarKerja => self.lembar_kerja(head, blocks),
                Part::LembarBalik => self.lembar_balik(head, blocks),
                Part::LembarKeluarga => self.lembar_keluarga(head, blocks),
                Part::Penyesuaian => self.sesi.penyesuaian.push(section(part, head, blocks)),
                Part::BahanBacaan => self.sesi.bahan_bacaan.push(section(part, head, blocks)),
                Part::TanyaJawab => self.sesi.tanya_jawab.push(section(part, head, blocks)),
                _ => self.lain(part, head, blocks),
            }
        }
    }

    /// Keeps a `###` section whose heading does not fit its part, and says so.
    fn misplaced(&mut self, part: Part, head: Head, blocks: Vec<Block>, hint: &str) {
        let message = format!("Judul \"{}\" tidak dikenal di bagian {}.", head.text, part.title());
        let problem = Problem::error("judul-tidak-dikenal", head.line, message);
        self.problems.push(problem.hint(hint));
        self.lain(part, head, blocks);
    }

    fn tujuan(&mut self, head: Head, blocks: Vec<Block>) {
        if same_heading(&head.text, KOMPETENSI) {
            self.sesi.tujuan.kompetensi.extend(blocks);
        } else if same_heading(&head.text, INDIKATOR) {
            self.sesi.tujuan.indikator.extend(blocks);
        } else {
            let hint = "Di bagian Tujuan hanya ada Kompetensi dasar dan Indikator keberhasilan.";
            self.misplaced(Part::Tujuan, head, blocks, hint);
        }
    }

    fn langkah(&mut self, head: Head, blocks: Vec<Block>) {
        let langkah = build_langkah(&head.text, blocks);
        match langkah {
            Ok(mut langkah) => {
                langkah.anchor = head.anchor;
                langkah.line = head.line;
                self.sesi.langkah.push(langkah);
            }
            Err(blocks) => {
                let hint = "Tulis seperti \"### Langkah 2: Curah pendapat (20 menit)\".";
                self.misplaced(Part::Langkah, head, blocks, hint);
            }
        }
    }

    fn lembar_kerja(&mut self, head: Head, blocks: Vec<Block>) {
        let Some(found) = numbered(&head.text, WORD_LK) else {
            let hint = "Tulis seperti \"### LK 8.1: Isi piringku\".";
            return self.misplaced(Part::LembarKerja, head, blocks, hint);
        };
        let (kode, judul) = (found.number.to_owned(), found.name.to_owned());
        let Head { anchor, line, .. } = head;
        self.sesi.lembar_kerja.push(LembarKerja { kode, judul, blocks, anchor, line });
    }

    fn lembar_balik(&mut self, head: Head, blocks: Vec<Block>) {
        let found = numbered(&head.text, WORD_LEMBAR)
            .and_then(|found| Some((found.number.parse().ok()?, found.name.to_owned())));
        let Some((nomor, judul)) = found else {
            let hint = "Tulis seperti \"### Lembar 1: Isi piringku\".";
            return self.misplaced(Part::LembarBalik, head, blocks, hint);
        };
        let (front, catatan) = take_subsection(blocks, CATATAN_FASILITATOR);
        let mut pictures = Vec::new();
        let mut blocks = Vec::new();
        for block in front {
            match block.kind {
                BlockKind::Picture { src, alt } => pictures.push(Picture { src, alt }),
                kind => blocks.push(Block { kind, line: block.line }),
            }
        }
        let Head { anchor, line, .. } = head;
        let lembar = LembarBalik { nomor, judul, pictures, blocks, catatan, anchor, line };
        self.sesi.lembar_balik.push(lembar);
    }

    fn lembar_keluarga(&mut self, head: Head, blocks: Vec<Block>) {
        if self.sesi.lembar_keluarga.is_some() {
            let hint = "Lembar keluarga hanya satu halaman dengan satu judul ###.";
            return self.misplaced(Part::LembarKeluarga, head, blocks, hint);
        }
        let (blocks, latihan) = take_subsection(blocks, LATIHAN);
        let Head { text: judul, anchor, line, .. } = head;
        self.sesi.lembar_keluarga = Some(LembarKeluarga { judul, blocks, latihan, anchor, line });
    }
}

fn section(part: Part, head: Head, blocks: Vec<Block>) -> Section {
    let Head { level, text: heading, anchor, line } = head;
    Section { part, level, heading, anchor, line, blocks }
}
