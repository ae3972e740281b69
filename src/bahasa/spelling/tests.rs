//! The spelling tables, the tokenizer and the edit cost through their public faces.

use super::{edit_cost, is_function_word, normalise, words};

fn forms(text: &str) -> String {
    words(text).iter().map(|word| word.form.as_ref()).collect::<Vec<_>>().join(" ")
}

fn stems(text: &str) -> String {
    words(text).iter().map(|word| word.stem.as_ref()).collect::<Vec<_>>().join(" ")
}

#[test]
fn spellings_come_to_the_form_of_the_guides() {
    for pair in
        "hutang>utang resiko>risiko praktek>praktik ijin>izin apotik>apotek nasehat>nasihat \
                 kwalitas>kualitas gisi>gizi setanting>stunting klo>kalau yg>yang gmn>bagaimana \
                 bgmn>bagaimana gak>tidak bikin>buat duit>uang kenapa>mengapa RESIKO>risiko \
                 jum'at>jumat rumah>rumah"
            .split_whitespace()
    {
        let (written, form) = pair.split_once('>').unwrap_or((pair, ""));
        assert_eq!(normalise(written), form, "{written}");
    }
    assert_eq!(normalise("orangtua"), "orang tua");
}

#[test]
fn texts_become_words() {
    for (text, expected) in [
        ("Orangtua yg bijak", "orang tua yang bijak"),
        ("dirumah saja", "di rumah saja"),
        ("jadwal pos yandu", "jadwal posyandu"),
        ("perawatan lan sia", "perawatan lansia"),
        ("resep mp-asi / mp asi / MPASI", "resep mpasi mpasi mpasi"),
        ("anak2 dan orang2", "anak-anak dan orang-orang"),
        ("ngatur duit keluarga", "ngatur uang keluarga"),
        ("1000 HPK, 1.000 hpk, seribu hpk", "1000 hpk 1000 hpk 1000 hpk"),
        ("dua puluh lima anak", "25 anak"),
        ("umur dua sampai tiga tahun", "umur 2 sampai 3 tahun"),
        ("dua ratus lima puluh ribu rupiah", "250000 rupiah"),
        ("dua belas bulan", "12 bulan"),
        ("dua tiga", "2 3"),
        ("0-6 bulan", "0 6 bulan"),
        ("Rp50.000,00", "rp 50000,00"),
        ("versi 2.5", "versi 2.5"),
        ("ibu-anak", "ibu anak"),
        ("capek bangeeeet", "capek sangat"),
        ("kese\u{ad}hatan ibu\u{2026}hamil", "kesehatan ibu hamil"),
        ("Jum’at pagi", "jumat pagi"),
        ("P2K2", "p2k2"),
        ("", ""),
        ("... \u{2014} !", ""),
    ] {
        assert_eq!(forms(text), expected, "{text}");
    }
}

#[test]
fn stems_are_spelled_as_the_guides_do() {
    for (text, expected) in [
        ("diijinkan", "izin"),
        ("hutangnya", "utang"),
        ("menasehati", "nasihat"),
        ("nganterin", "antar"),
        ("anak-anaknya berlari-larian", "anak lari"),
        ("Mencegah kekerasan pada anak", "cegah keras pada anak"),
        ("mukul anak boleh gak", "pukul anak boleh tidak"),
        ("nyusuin bayi", "susu bayi"),
    ] {
        assert_eq!(stems(text), expected, "{text}");
    }
}

#[test]
fn ranges_point_into_the_text() {
    let text = "Jadwal pos  yandu: orangtua";
    let found: Vec<_> =
        words(text).into_iter().map(|word| (text[word.range].to_owned(), word.form)).collect();
    let expected = [
        ("Jadwal", "jadwal"),
        ("pos  yandu", "posyandu"),
        ("orangtua", "orang"),
        ("orangtua", "tua"),
    ];
    assert_eq!(found.len(), expected.len());
    for ((place, form), (expected_place, expected_form)) in found.iter().zip(expected) {
        assert_eq!((place.as_str(), form.as_ref()), (expected_place, expected_form));
    }
}

#[test]
fn any_text_is_safe() {
    let long = "a".repeat(100_000);
    let hyphens = "a-".repeat(20_000);
    let numbers = "dua ribu ".repeat(2000);
    for text in [
        "\0",
        "😀anak😀",
        "\u{200f}anak\u{200e}",
        "e\u{301}e\u{301}",
        "مرحبا ١٢٣",
        "漢字かな",
        "ﬁﬂ",
        "İstanbul",
        "'''",
        "-",
        "a-",
        "-a",
        "a--b",
        "1.",
        ".1",
        "1..2",
        "1,2,3.4",
        "2anak",
        "anak22",
        "rp",
        "Rp",
        "\u{ad}",
        "\u{ad}a\u{ad}",
        "sejuta juta juta juta",
        "pos",
        "pos ",
        "lan\u{a0}sia",
        &long,
        &hyphens,
        &numbers,
    ] {
        let mut last = 0;
        for word in words(text) {
            assert!(text.get(word.range.clone()).is_some(), "{text:?}");
            assert!(word.range.start >= last && word.range.end > word.range.start, "{text:?}");
            assert!(!word.form.is_empty() && !word.stem.is_empty(), "{text:?}");
            last = word.range.start;
        }
    }
}

#[test]
fn function_words_are_few_and_sure() {
    for word in ["yang", "untuk", "bagaimana", "apa", "di"] {
        assert!(is_function_word(word), "{word}");
    }
    for word in ["anak", "ibu", "gizi", "sakit", "kerja", "hari"] {
        assert!(!is_function_word(word), "{word}");
    }
}

#[test]
fn near_spellings_cost_little() {
    for (a, b, most) in [
        ("gizi", "gisi", 0.45),
        ("izin", "ijin", 0.45),
        ("soekarno", "sukarno", 0.45),
        ("balita", "balitta", 0.45),
        ("sehat", "seat", 0.45),
        ("ekstra", "extra", 0.45),
        ("khawatir", "kawatir", 0.45),
        ("syarat", "sarat", 0.45),
        ("posyandu", "posiandu", 0.45),
        ("stunting", "stumting", 0.75),
        ("disabilitas", "disabiltas", 1.0),
        ("bahaya", "bahya", 1.0),
        ("anak", "anka", 1.0),
        ("imunisasi", "imunissai", 1.0),
    ] {
        let cost = edit_cost(a, b, 2.0);
        assert!(cost.is_some_and(|cost| cost > 0.0 && cost <= most + 1e-6), "{a} {b}: {cost:?}");
        assert_eq!(cost, edit_cost(b, a, 2.0), "{a} {b}");
    }
}

#[test]
fn far_words_have_no_cost() {
    assert_eq!(edit_cost("anak", "anak", 0.0), Some(0.0));
    assert_eq!(edit_cost("", "", 1.0), Some(0.0));
    assert_eq!(edit_cost("anak", "rumah", 2.0), None);
    assert_eq!(edit_cost("ibu", "ibukota", 1.0), None);
    assert_eq!(edit_cost("ab", "", 2.0), Some(2.0));
    let long = "a".repeat(41);
    assert_eq!(edit_cost(&long, &format!("{long}b"), 9.0), None);
    assert_eq!(edit_cost(&long, &long, 0.0), Some(0.0));
    assert_eq!(edit_cost("😀", "a", 1.0), Some(1.0));
}
