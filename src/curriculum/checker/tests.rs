//! Every rule is shown to fire on one change of a text on which none fires.

use std::collections::BTreeSet;

use super::*;
use crate::curriculum::problem::Severity;
use crate::curriculum::shipped::{shipped_pictures, shipped_texts};

const SESI: &str = include_str!("../fixtures/sesi.md");
const NAME: &str = "klasik/keuangan-usaha/07-memulai-usaha.md";
const SKEMA: &str = "---\nid: klasik\njenis: skema\njudul: Klasik\ndefault: true\nmodul:\n  \
    - id: keuangan-usaha\n    judul: Keuangan\n    sesi:\n      \
    - id: memulai-usaha\n        nomor: 7\n        nomor_modul: 3\n        judul: Memulai Usaha\n        \
    alias: [Modul Ekonomi sesi 3]\n        tema: [ekonomi]\n      \
    - id: cermat-meminjam-dan-menabung\n        nomor: 6\n        judul: Cermat\n        \
    tema: [ekonomi]\n---\n";

fn pictures() -> BTreeSet<String> {
    BTreeSet::from(["warung.svg".to_owned()])
}

fn check(text: &str) -> Report {
    let (skema, problems) = Skema::parse(SKEMA);
    assert_eq!(problems, []);
    let pictures = pictures();
    let context = CheckContext {
        pictures: Some(&pictures),
        skema: &[skema.unwrap()],
        today: Some(jiff::civil::date(2026, 11, 21)),
        ..CheckContext::default()
    };
    check_texts(&[(NAME, text)], &context)
}

/// The kinds of problem, but for the length, which a short example cannot have.
fn codes(report: &Report) -> Vec<&'static str> {
    let codes = report.problems.iter().map(|problem| problem.code);
    codes.filter(|code| *code != "panjang-naskah").collect()
}

#[test]
fn a_good_sesi_has_no_problem_and_a_row() {
    let report = check(SESI);
    assert_eq!(codes(&report), [""; 0], "{report}");
    let [row] = report.rows.as_slice() else { panic!("one row") };
    assert_eq!((row.langkah, row.menit, row.discussion), (5, 90, true));
    assert_eq!((row.lembar_balik, row.rujukan, row.longest_sentence), (4, 2, 4));
    assert_eq!(row.id, "memulai-usaha");
}

/// What is replaced, by what, and the code that must come of it.
const CHANGES: &[(&str, &str, &str)] = &[
    // The head.
    ("id: memulai-usaha\n", "", "kepala-kurang"),
    ("id: memulai-usaha\n", "id: cermat-meminjam-dan-menabung\n", "nama-berkas"),
    ("id: memulai-usaha\n", "id: Memulai Usaha\n", "nilai-kepala-salah"),
    ("nomor: 7\n", "", "kepala-kurang"),
    ("nomor: 7\n", "nomor: tujuh\n", "nilai-kepala-salah"),
    ("tema: [ekonomi]\n", "", "kepala-kurang"),
    ("tema: [ekonomi]\n", "tema: [uang]\n", "tema-tidak-dikenal"),
    ("menit: 90\n", "menit: 95\n", "menit-tidak-cocok"),
    ("menit: 90\n", "menit: 500\n", "menit-tidak-lazim"),
    ("menit: 90\n", "", "kepala-kurang"),
    ("sasaran: [ibu, ayah]\n", "", "kepala-kurang"),
    ("kata_kunci: [bisnis]", "kata_kunci: [pisang goreng]", "kata-kunci-sudah-ada"),
    (
        "kata_kunci: [bisnis]",
        "kata_kunci: [a1,b1,c1,d1,e1,f1,g1,h1,i1,j1,k1]",
        "kata-kunci-terlalu-banyak",
    ),
    ("pemilik: Tim kurikulum\n", "", "kepala-kurang"),
    ("tinjau_sebelum: 2027-11-21\n", "", "kepala-kurang"),
    ("tinjau_sebelum: 2027-11-21", "tinjau_sebelum: 2026-11-20", "tinjau-lewat"),
    ("tinjau_sebelum: 2027-11-21", "tinjau_sebelum: besok", "nilai-kepala-salah"),
    ("pemilik: Tim kurikulum\n", "pemilik: Tim kurikulum\nwarna: hijau\n", "kunci-tidak-dikenal"),
    ("nomor: 7\n", "nomor: 7\nnomor: 8\n", "kepala-naskah-rusak"),
    ("---\nid:", "id:", "tanpa-kepala-naskah"),
    ("  - id: buku-warung\n", "  - id: uu-20-2008\n", "rujukan-ganda"),
    ("  - id: buku-warung\n", "  - id: Buku Warung\n", "id-rujukan"),
    ("    judul: Buku catatan warung\n", "", "rujukan-tidak-lengkap"),
    // The skema.
    ("nomor: 7\n", "nomor: 8\n", "beda-dari-skema"),
    ("nomor_modul: 3\n", "nomor_modul: 2\n", "beda-dari-skema"),
    ("tema: [ekonomi]\n", "tema: [ekonomi, perlindungan]\n", "beda-dari-skema"),
    ("  - Modul Ekonomi sesi 3\n", "  - Usaha\n", "alias-kurang"),
    ("id: memulai-usaha\n", "id: memulai\n", "tidak-ada-di-skema"),
    // The parts.
    ("# Memulai Usaha\n", "# Memulai usaha lain\n", "judul-berbeda"),
    ("# Memulai Usaha\n", "# Memulai Usaha\n\n# Lagi\n", "judul-ganda"),
    ("Pertemuan ini mengajak peserta memilih usaha yang cocok.\n", "", "tanpa-pengantar"),
    ("## Alat dan bahan\n\n- Spidol\n- Kertas\n", "", "bagian-hilang"),
    ("- Spidol\n- Kertas\n", "", "bagian-kosong"),
    ("- Spidol\n- Kertas\n", "Spidol\n", "bukan-daftar"),
    ("## Alat dan bahan", "## Barang", "bagian-tidak-dikenal"),
    ("## Pesan kunci", "## Pesan kunci\n\n## Pesan kunci", "bagian-ganda"),
    (
        "## Alat dan bahan\n\n- Spidol\n- Kertas\n\n## Persiapan\n",
        "## Persiapan\n\n- Baca\n\n## Alat dan bahan\n",
        "urutan-bagian",
    ),
    ("### Kompetensi dasar", "### Kompetensi", "judul-tidak-dikenal"),
    ("### Kompetensi dasar\n\nPeserta mampu memilih satu usaha.\n", "", "tanpa-kompetensi"),
    (
        "1. Peserta menyebut tiga jenis usaha.\n2. Peserta menghitung untung satu hari.",
        "Untung.",
        "tanpa-indikator",
    ),
    ("### Pertemuan 60 menit", "### Pertemuan singkat", "penyesuaian-hilang"),
    ("4. Sisihkan untung.\n", "", "jumlah-pesan-kunci"),
    ("Boleh bila sanggup mengembalikan.\n", "", "bagian-kosong"),
    ("### Bolehkah meminjam?", "### Meminjam", "bukan-pertanyaan"),
    ("### Bolehkah meminjam?\n", "", "bagian-terlalu-singkat"),
    // The langkah.
    ("### Langkah 4: Memilih usaha (20 menit)\n", "", "jumlah-langkah"),
    ("Langkah 1: Pembukaan", "Langkah 1: Salam", "pembukaan-penutup"),
    ("Langkah 5: Penutup", "Langkah 5: Salam", "pembukaan-penutup"),
    ("### Langkah 4:", "### Langkah 6:", "nomor-langkah"),
    ("Memilih usaha (20 menit)", "Memilih usaha", "tanpa-menit"),
    ("- **Metode:** praktik\n", "", "tanpa-metode"),
    ("- **Metode:** praktik\n", "- **Metode:** ceramah\n", "metode-tidak-dikenal"),
    ("- **Media:** lembar balik 1\n", "", "tanpa-media"),
    ("- **Hasil:** peserta menghitung untung.\n", "", "tanpa-hasil"),
    (
        "Sapa peserta satu per satu.\n\n> Selamat pagi, Ibu dan Bapak. Apa kabar hari ini?\n",
        "",
        "bagian-kosong",
    ),
    ("### Langkah 4: Memilih", "### Bagian 4: Memilih", "judul-tidak-dikenal"),
    ("#### Kisah: Ibu Sari", "#### Cerita: Ibu Sari", "tanpa-diskusi"),
    ("- **Metode:** diskusi kelompok", "- **Metode:** permainan", "tanpa-diskusi"),
    ("#### Kemungkinan jawaban", "#### Jawaban", "tanpa-kemungkinan-jawaban"),
    ("|---|---|\n| \"Modal", "\n\"Modal", "jawaban-tanpa-tabel"),
    // The sheets.
    ("### LK 7.1: Hitung untung", "### LK 7.2: Hitung untung", "nomor-lk"),
    ("### LK 7.1: Hitung untung", "### Hitung untung", "judul-tidak-dikenal"),
    ("Siapkan LK 7.1", "Siapkan LK 7.3", "lk-tidak-ada"),
    ("Tunjukkan lembar balik 1", "Tunjukkan lembar balik 9", "lembar-tidak-ada"),
    ("Pendekkan Langkah 2", "Pendekkan Langkah 8", "langkah-tidak-ada"),
    ("### Lembar 4: Catat", "#### Lain", "jumlah-lembar-balik"),
    ("### Lembar 4: Catat", "### Lembar 5: Catat", "nomor-lembar"),
    ("#### Catatan fasilitator\n\nUlangi hitungan.\n", "", "tanpa-catatan"),
    ("![Keranjang pasar](../../gambar/warung.svg)\n", "", "gambar-lembar-balik"),
    (
        "Harga jual dikurangi modal.",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j",
        "lembar-terlalu-penuh",
    ),
    ("### Usaha kecil kita\n", "", "tanpa-judul"),
    ("#### Latihan di rumah\n", "", "tanpa-latihan"),
    (
        "Ibu mau jualan.",
        "Ibu mau jualan di pasar dan di rumah dan di kebun dan di jalan dan di warung dan di sawah juga nanti.",
        "kalimat-terlalu-panjang",
    ),
    ("Ibu mau jualan. Ayah bantu.", "Optimalisasi infrastruktur komprehensif.", "kata-sulit"),
    // Links, pictures and citations.
    ("(#rujukan-buku-warung)", "(#rujukan-buku)", "rujukan-tidak-ada"),
    ("[buku warung](#rujukan-buku-warung)", "di buku", "rujukan-tidak-dikutip"),
    ("[buku warung](#rujukan-buku-warung)", "di buku", "bacaan-tanpa-rujukan"),
    ("(#langkah-3)", "(#langkah-9)", "tautan-putus"),
    ("(#langkah-3)", "(javascript:x)", "tautan-tidak-dikenal"),
    ("(06-cermat-meminjam-dan-menabung.md)", "(06-cermat.md)", "sesi-tidak-ada"),
    (
        "![Keranjang pasar](../../gambar/warung.svg)",
        "![Keranjang pasar](../../gambar/pasar.svg)",
        "gambar-tidak-ada",
    ),
    (
        "![Keranjang pasar](../../gambar/warung.svg)",
        "![](../../gambar/warung.svg)",
        "gambar-tanpa-keterangan",
    ),
    (
        "![Keranjang pasar](../../gambar/warung.svg)",
        "![Keranjang](https://a.id/x.svg)",
        "gambar-tidak-dikenal",
    ),
    (
        "![Keranjang pasar](../../gambar/warung.svg)\n\n",
        "![Keranjang pasar](../../gambar/warung.svg)\n",
        "gambar-tidak-sendiri",
    ),
    ("Beri waktu", "Menurut PP 7/2021, beri waktu", "peraturan-tanpa-rujukan"),
    // Words and numbers.
    ("Beri waktu", "Beri hutang waktu", "istilah"),
    ("Beri waktu", "Nomor 3520 0701 0190 0001. Beri waktu", "mirip-nik"),
    ("Beri waktu", "Telepon 0812-3456-7890. Beri waktu", "mirip-nomor-telepon"),
    ("Beri waktu", "Beri <b>waktu</b>", "html-mentah"),
];

#[test]
fn every_rule_fires_on_the_change_it_is_for() {
    for (from, to, code) in CHANGES {
        assert!(SESI.contains(from), "the example has {from:?}");
        let report = check(&SESI.replacen(from, to, 1));
        let found = codes(&report);
        assert!(found.contains(code), "{from:?} -> {to:?} should give {code}, gave {found:?}");
    }
}

#[test]
fn a_long_mean_sentence_for_families_is_an_error() {
    let words = "Ibu mau jualan di pasar dan di rumah dan di kebun dan di jalan.";
    let start = SESI.find("Ibu mau jualan").unwrap();
    let end = SESI.find("## Bahan bacaan").unwrap();
    let text = format!(
        "{}{words}\n\n#### Latihan di rumah\n\n{words}\n\n{}",
        &SESI[..start],
        &SESI[end..]
    );
    assert_eq!(codes(&check(&text)), ["kalimat-rata-rata-panjang"]);
}

#[test]
fn problems_point_at_the_place() {
    let cases = [
        ("menit: 90\n", "menit: 95\n", "menit-tidak-cocok", "menit: 95", 1),
        (
            "  - id: buku-warung\n",
            "  - id: buku-lain\n",
            "rujukan-tidak-dikutip",
            "  - id: buku-lain",
            1,
        ),
        (
            "Tunjukkan lembar balik 1, lalu",
            "Tunjukkan lembar balik 9, lalu",
            "lembar-tidak-ada",
            "Tunjukkan lembar balik 9",
            12,
        ),
        ("Beri waktu untuk", "Beri hutang untuk", "istilah", "Beri hutang untuk", 6),
        ("(#langkah-3)", "(#langkah-9)", "tautan-putus", "Ikuti petunjuk", 31),
        ("### Lembar 3: Untung", "### Lembar 8: Untung", "nomor-lembar", "### Lembar 8", 1),
    ];
    for (from, to, code, line_start, column) in cases {
        let text = SESI.replacen(from, to, 1);
        let report = check(&text);
        let problem = report.problems.iter().find(|problem| problem.code == code).unwrap();
        let line = text.lines().nth(problem.line as usize - 1).unwrap();
        assert!(line.starts_with(line_start), "{code}: {line}");
        assert_eq!((problem.column, problem.file.as_str()), (column, NAME), "{code}");
        assert!(!problem.message.is_empty() && !problem.hint.is_empty(), "{code}");
    }
}

#[test]
fn lists_and_files_are_held_against_each_other() {
    let twin = SESI.replace("Beri waktu untuk berpikir", "Beri waktu");
    let other_number = SKEMA.replace("nomor: 6", "nomor: 7");
    let same_id = SKEMA.replace("id: cermat-meminjam-dan-menabung", "id: memulai-usaha");
    let same_place = SKEMA.replace("nomor_modul: 3", "nomor_modul: 2");
    let same_alias = SKEMA.replace("judul: Cermat\n", "judul: Memulai Usaha\n");
    let wrong_tema = SKEMA.replace("tema: [ekonomi]\n---", "tema: [uang]\n---");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("a.md", SESI), ("b.md", &twin)], "id-ganda"),
        (&[("a.md", SESI), ("b.md", &twin)], "kalimat-berulang"),
        (&[("skema.md", SKEMA), (NAME, SESI)], "sesi-belum-ditulis"),
        (&[("skema.md", &other_number)], "nomor-ganda"),
        (&[("skema.md", &same_id)], "id-ganda"),
        (&[("skema.md", &same_place)], "nomor-ganda"),
        (&[("skema.md", &same_alias)], "alias-ganda"),
        (&[("skema.md", &wrong_tema)], "tema-tidak-dikenal"),
    ];
    assert_eq!(codes(&check_texts(&[("skema.md", SKEMA)], &CheckContext::default())), [""; 0]);
    for (files, code) in cases {
        let report = check_texts(files, &CheckContext::default());
        assert!(codes(&report).contains(code), "{code}: {report}");
    }
}

#[test]
fn a_text_alone_is_not_blamed_for_what_is_not_known() {
    let report = check_texts(&[("07-memulai-usaha.md", SESI)], &CheckContext::default());
    assert_eq!(codes(&report), [""; 0]);
}

#[test]
fn a_panduan_is_free_in_its_sections_but_not_in_its_words() {
    let text = "---\nid: istilah\njudul: Istilah\njenis: panduan\npemilik: Tim\n\
        tinjau_sebelum: 2027-11-21\n---\n\n# Istilah\n\n## A\n\n### Alfa\n\nTanpa kabar.\n\nBukan: alpa\n\n- alfa; alpa\n";
    let context = CheckContext::default();
    assert_eq!(codes(&check_texts(&[("panduan/istilah.md", text)], &context)), [""; 0]);
    let wrong = text.replace("Tanpa kabar", "Tanpa ijin");
    assert_ne!(wrong, text);
    let report = check_texts(&[("panduan/istilah.md", &wrong)], &context);
    assert_eq!(codes(&report), ["istilah"]);
    assert!(report.rows.is_empty());
}

#[test]
fn texts_of_any_kind_are_checked_without_end_or_panic() {
    let deep = "> ".repeat(20_000);
    let fences = "```\n".repeat(5_000);
    let huge = "a".repeat(400 * 1024);
    let texts = [
        "",
        "\0",
        "---",
        "---\n---",
        "---\n- a\n---\n",
        "---\n&a [*a]\n---\n",
        "\u{202e}é🙂",
        "# \n## \n### Langkah 1: (menit)\n",
        "| a\n|-\n|",
        &deep,
        &fences,
        &huge,
        "[a](<\n>)",
        "![\n](x",
    ];
    for text in texts {
        let report = check_texts(&[("x.md", text)], &CheckContext::default());
        assert!(report.count(Severity::Error) > 0, "{:?} has no head", text.get(..20));
    }
}

#[test]
fn the_report_reads_as_lines_a_table_and_a_sentence() {
    let report = check(&SESI.replacen("menit: 90\n", "menit: 95\n", 1));
    let shown = report.to_string();
    let first = "klasik/keuangan-usaha/07-memulai-usaha.md:1:1: warning[panjang-naskah]: ";
    assert!(shown.starts_with(first), "{shown}");
    assert!(shown.contains("07-memulai-usaha.md:9:1: error[menit-tidak-cocok]: "));
    assert!(shown.contains("\n  saran: "));
    assert!(shown.ends_with("1 kesalahan dan 1 peringatan.\n"), "{shown}");
    assert_eq!(serde_json::to_value(&report).unwrap()["rows"][0]["menit"], 90);
    assert_eq!(report.count(Severity::Error), 1);
}

#[test]
fn the_shipped_curriculum_has_no_error() {
    let texts = shipped_texts();
    let files: Vec<_> = texts.iter().map(|text| (text.path.as_str(), text.text.as_str())).collect();
    let pictures = shipped_pictures().into_iter().collect();
    let context = CheckContext { pictures: Some(&pictures), ..CheckContext::default() };
    let report = check_texts(&files, &context);
    assert!(report.rows.len() >= 29, "all sesi of both skema are there");
    assert!(report.count(Severity::Error) == 0, "{report}");
}
