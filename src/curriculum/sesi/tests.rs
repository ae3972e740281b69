use std::collections::BTreeMap;

use super::*;
use crate::curriculum::front_matter;
use crate::curriculum::markdown::{BlockKind, parse_from, plain_text};
use crate::curriculum::shipped::shipped_texts;

const SESI: &str = include_str!("../fixtures/sesi.md");

fn parsed(text: &str) -> Sesi {
    let (sesi, problems) = Sesi::parse(text);
    assert_eq!(problems, []);
    sesi
}

#[test]
fn the_head_is_read_with_the_lines_of_its_keys() {
    let front = parsed(SESI).front;
    assert_eq!(front.id.as_ref().map(|id| id.as_str()), Some("memulai-usaha"));
    assert_eq!((front.nomor, front.nomor_modul, front.menit), (Some(7), Some(3), Some(90)));
    assert_eq!(
        (front.alias, front.tema),
        (vec!["Modul Ekonomi sesi 3".into()], vec!["ekonomi".into()])
    );
    assert_eq!(front.tinjau_sebelum, Some(jiff::civil::date(2027, 11, 21)));
    let rujukan: Vec<_> = front.rujukan.iter().map(|r| (r.id.as_str(), r.line)).collect();
    assert_eq!(rujukan, [("uu-20-2008", 15), ("buku-warung", 17)]);
}

#[test]
fn every_part_is_taken_apart() {
    let sesi = parsed(SESI);
    assert_eq!(sesi.title, "Memulai Usaha");
    assert_eq!(
        plain_text(&sesi.summary),
        "Pertemuan ini mengajak peserta memilih usaha yang cocok."
    );
    assert_eq!(plain_text(&sesi.tujuan.kompetensi), "Peserta mampu memilih satu usaha.");
    assert_eq!(item_texts(&sesi.tujuan.indikator).len(), 2);
    assert_eq!(item_texts(&sesi.alat), ["Spidol", "Kertas"]);
    assert_eq!(item_texts(&sesi.pesan_kunci)[1], "Pisahkan uang usaha.");
    assert_eq!(sesi.penyesuaian[2].heading, "Pertemuan 60 menit");
    let lembar = sesi.lembar_keluarga.as_ref().unwrap();
    assert_eq!(
        (lembar.judul.as_str(), plain_text(&lembar.latihan)),
        ("Usaha kecil kita", "Catat uang hari ini.".into())
    );
    assert_eq!((sesi.bahan_bacaan.len(), sesi.tanya_jawab.len(), sesi.lain.len()), (2, 2, 0));
    let lk = &sesi.lembar_kerja[0];
    assert_eq!(
        (lk.kode.as_str(), lk.judul.as_str(), lk.anchor.as_str()),
        ("7.1", "Hitung untung", "lk-7-1")
    );
    let BlockKind::List { items, .. } = &lk.blocks[0].kind else { panic!("a list") };
    assert_eq!(
        items.iter().map(|item| item.checked).collect::<Vec<_>>(),
        [Some(false), Some(true)]
    );
}

#[test]
fn a_langkah_has_its_labels_apart_from_its_text() {
    let sesi = parsed(SESI);
    assert_eq!(sesi.menit_langkah(), 90);
    let first = &sesi.langkah[0];
    assert_eq!((first.nomor, first.nama.as_str(), first.menit), (1, "Pembukaan", Some(15)));
    assert_eq!(first.metode, ["permainan", "tanya jawab"]);
    assert_eq!(
        (first.media.as_slice(), first.hasil.as_str()),
        (["tidak ada".to_owned()].as_slice(), "peserta siap belajar.")
    );
    assert_eq!(
        plain_text(&first.blocks),
        "Sapa peserta satu per satu.\nSelamat pagi, Ibu dan Bapak. Apa kabar hari ini?"
    );
    assert!(matches!(first.blocks[1].kind, BlockKind::Quote(_)));
    let (before, below) = subsections(&sesi.langkah[2].blocks, 4);
    assert_eq!(plain_text(before), "Bagi peserta menjadi empat kelompok kecil.");
    let below: Vec<_> = below.iter().map(|one| (one.heading.as_str(), one.anchor)).collect();
    assert_eq!(
        below,
        [("Kisah: Ibu Sari dan pisang goreng", "langkah-3-kisah-ibu-sari-dan-pisang-goreng")]
    );
}

#[test]
fn a_flip_chart_page_has_its_picture_words_and_notes() {
    let page = &parsed(SESI).lembar_balik[1];
    assert_eq!((page.nomor, page.judul.as_str(), page.anchor.as_str()), (2, "Modal", "lembar-2"));
    assert_eq!(
        page.pictures,
        [Picture { src: "warung.svg".into(), alt: "Tiga keping uang".into() }]
    );
    assert_eq!(plain_text(&page.blocks), "Uang untuk memulai.");
    assert_eq!(plain_text(&page.catatan), "Tunjuk gambar uang.");
}

#[test]
fn sections_come_in_the_order_of_the_file_with_their_anchors() {
    let sections = parsed(SESI).sections();
    let shown: Vec<_> =
        sections.iter().map(|s| (s.level, s.anchor.as_str(), s.heading.as_str())).collect();
    let expected = [
        (1, "pengantar", "Memulai Usaha"),
        (2, "tujuan", "Tujuan"),
        (2, "alat-dan-bahan", "Alat dan bahan"),
        (2, "persiapan", "Persiapan"),
        (2, "langkah-langkah", "Langkah-langkah"),
        (3, "langkah-1", "Langkah 1: Pembukaan"),
        (3, "langkah-2", "Langkah 2: Berbagi pengalaman"),
        (3, "langkah-3", "Langkah 3: Warung Ibu Sari"),
        (3, "langkah-4", "Langkah 4: Memilih usaha"),
        (3, "langkah-5", "Langkah 5: Penutup"),
        (2, "penyesuaian", "Penyesuaian"),
        (3, "kelompok-campuran", "Kelompok campuran"),
        (3, "peserta-yang-belum-lancar-membaca", "Peserta yang belum lancar membaca"),
        (3, "pertemuan-60-menit", "Pertemuan 60 menit"),
        (2, "pesan-kunci", "Pesan kunci"),
        (2, "lembar-kerja", "Lembar kerja"),
        (3, "lk-7-1", "LK 7.1: Hitung untung"),
        (2, "lembar-evaluasi", "Lembar evaluasi"),
        (2, "lembar-balik", "Lembar balik"),
        (3, "lembar-1", "Lembar 1: Usaha di sekitar kita"),
        (3, "lembar-2", "Lembar 2: Modal"),
        (3, "lembar-3", "Lembar 3: Untung"),
        (3, "lembar-4", "Lembar 4: Catat"),
        (2, "lembar-keluarga", "Lembar keluarga"),
        (3, "usaha-kecil-kita", "Usaha kecil kita"),
        (2, "bahan-bacaan", "Bahan bacaan"),
        (3, "usaha-mikro", "Usaha mikro"),
        (3, "mencatat", "Mencatat"),
        (2, "tanya-jawab", "Tanya jawab"),
        (3, "berapa-modal-awal-yang-perlu", "Berapa modal awal yang perlu?"),
        (3, "bolehkah-meminjam", "Bolehkah meminjam?"),
    ];
    assert_eq!(shown, expected);
    for section in &sections[1..] {
        let line = SESI.lines().nth(section.line as usize - 1).unwrap();
        assert!(
            line.starts_with('#') && line.contains(section.heading.split(": ").last().unwrap())
        );
    }
}

/// How often each word of some text occurs.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut bag = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *bag.entry(word.to_lowercase()).or_default() += 1;
    }
    bag
}

fn all_text_of(sesi: &Sesi) -> String {
    let mut text = sesi.title.clone();
    for section in sesi.sections() {
        text.push_str(&format!("\n{}\n{}", section.heading, section.text));
    }
    // The words of the labels, and the "dan" before the last entry of a list, are not kept as text.
    for langkah in &sesi.langkah {
        text.push_str(&format!(
            "\nmetode {} media {} hasil menit dan dan {}",
            langkah.metode.join(" "),
            langkah.media.join(" "),
            langkah.menit.unwrap_or_default()
        ));
    }
    for lembar in &sesi.lembar_balik {
        lembar.pictures.iter().for_each(|picture| text.push_str(&format!("\n{}", picture.alt)));
        text.push_str("\nCatatan fasilitator");
    }
    text.push_str("\nLatihan di rumah");
    text
}

#[test]
fn no_word_of_a_text_is_lost() {
    let broken = SESI
        .replace("### Langkah 4: Memilih usaha (20 menit)", "### Bagian empat")
        .replace(
            "## Pesan kunci",
            "Kalimat lepas.\n\n## Bagian baru\n\nIsi baru.\n\n### Anak bagian\n\nIsi anak.",
        )
        .replace("### LK 7.1: Hitung untung", "Pengantar lembar.\n\n### Lembar tanpa nomor")
        .replace(
            "### Usaha kecil kita",
            "Sebelum judul.\n\n### Usaha kecil kita\n\nSatu.\n\n### Judul kedua\n\nDua.",
        );
    let shipped = shipped_texts().into_iter().filter(|text| !text.is_skema());
    let texts = [SESI.to_owned(), broken].into_iter().chain(shipped.map(|text| text.text));
    for text in texts {
        let (sesi, _) = Sesi::parse(&text);
        let body = front_matter::split(&text).body;
        let all = parse_from(&text, body);
        let (wanted, kept) = (words(&plain_text(&all.blocks)), words(&all_text_of(&sesi)));
        for (word, count) in wanted {
            let found = kept.get(&word).copied().unwrap_or(0);
            assert!(
                found >= count,
                "{word:?} stands {count} times in {}, kept {found}",
                sesi.title
            );
        }
    }
}

#[test]
fn the_text_is_the_truth_byte_for_byte() {
    let with_crlf = SESI.replace('\n', "\r\n");
    let with_bom = format!("\u{feff}{SESI}");
    let untidy = format!("{SESI}\n\n  \t\n");
    for text in [SESI, &with_crlf, &with_bom, &untidy, "", "\0 rusak ---\n# a"] {
        let (sesi, _) = Sesi::parse(text);
        assert_eq!(sesi.source(), text);
        assert_eq!(sesi.revision(), RevisionId::of(text));
    }
}

#[test]
fn line_ends_and_marks_of_other_systems_change_nothing() {
    let plain = parsed(SESI);
    for text in [SESI.replace('\n', "\r\n"), format!("\u{feff}{SESI}")] {
        let other = parsed(&text);
        assert_eq!(other.sections(), plain.sections());
        assert_eq!(other.front, plain.front);
        assert_eq!(other.langkah, plain.langkah);
    }
}

#[test]
fn broken_texts_give_problems_and_what_can_be_kept() {
    let cases = [
        ("", "tanpa-kepala-naskah"),
        ("# Judul\n", "tanpa-kepala-naskah"),
        ("---\nid: a\n# Judul\n", "tanpa-kepala-naskah"),
        ("---\nid: [a\n---\n# Judul\n", "kepala-naskah-rusak"),
        ("---\n- a\n---\n# Judul\n", "kepala-naskah-rusak"),
        ("---\nid: &a x\njudul: *a\n---\n# Judul\n", "kepala-naskah-rusak"),
        ("---\nid: a\nalias: {b: c}\n---\n# Judul\n", "nilai-kepala-salah"),
        ("---\nid: a\nrujukan: x\n---\n# Judul\n", "nilai-kepala-salah"),
        ("---\nid: a\nrujukan: [x]\n---\n# Judul\n", "nilai-kepala-salah"),
    ];
    for (text, code) in cases {
        let (sesi, problems) = Sesi::parse(text);
        assert!(problems.iter().any(|problem| problem.code == code), "{text:?}: {problems:?}");
        assert_eq!(sesi.source(), text);
        if text.starts_with("---\n") && text.contains("---\n# Judul") {
            assert_eq!(sesi.title, "Judul", "the body is read all the same");
        }
    }
}

#[test]
fn a_panduan_keeps_its_sections_in_order() {
    let text = "---\nid: istilah\njenis: panduan\njudul: Istilah\n---\n# Istilah\n\nIsi.\n\n\
        ## Tujuan\n\nSatu.\n\n### Alfa\n\nDua.\n";
    let sesi = parsed(text);
    assert_eq!(sesi.front.jenis, Jenis::Panduan);
    let shown: Vec<_> =
        sesi.lain.iter().map(|s| (s.level, s.heading.as_str(), plain_text(&s.blocks))).collect();
    assert_eq!(shown, [(2, "Tujuan", "Satu.".into()), (3, "Alfa", "Dua.".into())]);
    let anchors: Vec<_> = sesi.sections().into_iter().map(|s| s.anchor).collect();
    assert_eq!(anchors, ["pengantar", "tujuan", "alfa"]);
}

#[test]
fn a_sesi_as_json_has_its_parts_and_langkah() {
    let json = serde_json::to_value(parsed(SESI)).unwrap();
    assert_eq!(json["langkah"][1]["menit"], 20);
    assert_eq!(json["front"]["tinjau_sebelum"], "2027-11-21");
    assert_eq!(
        json["langkah"][0]["blocks"][0]["paragraph"][0]["text"],
        "Sapa peserta satu per satu."
    );
    assert!(json.get("source").is_none());
}
