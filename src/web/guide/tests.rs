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
    for words in ["Tetap ada.", "Bawahnya.", "Sebelum.", "Doa.", "Ingat.", "Coba lagi.", "UU 1"] {
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
        "Rujukan #daftar-rujukan",
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
    assert!(whole.contains("<strong>Metode:</strong> cerita"), "{whole}");
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
