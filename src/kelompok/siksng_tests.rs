use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;

const GIZI: ReportSesi<'_> = ReportSesi {
    id: "gizi-ibu-hamil",
    short: "sesi 8",
    title: "Gizi dan Layanan Kesehatan Ibu Hamil",
    modul: "kesehatan-gizi",
    extent: Extent::Tuntas,
    langkah: "",
};

fn report<'a>() -> Report<'a> {
    Report {
        kelompok: "Melati 2",
        date: date(2026, 11, 21),
        hours: (Some(time(9, 0, 0, 0)), Some(time(11, 0, 0, 0))),
        zone: "WIB",
        kind: "",
        place: "balai desa",
        sesi: &[GIZI],
        topics: &[],
        speakers: &["bidan desa"],
        attendance: Attendance { present: 23, sick: 1, absent: 1, members: 25 },
        discussion: Some(true),
        obstacles: "hujan lebat",
        follow_up: "mengulang pesan kunci",
        note: "Ibu-ibu aktif bertanya",
    }
}

#[test]
fn a_report_says_process_material_participation_result_and_obstacles() {
    let made = text(&report(), &Crosswalk::shipped());
    assert_eq!(made.category, "Kesehatan dan Gizi");
    assert_eq!(made.name, "P2K2 kelompok Melati 2: sesi 8 Gizi dan Layanan Kesehatan Ibu Hamil");
    let lines: Vec<&str> = made.narrative.lines().collect();
    assert_eq!(
        lines,
        [
            "Proses: pertemuan kelompok Melati 2 pada Sabtu, 21 November 2026 pukul 09.00 sampai 11.00 WIB di balai desa, bersama bidan desa.",
            "Materi: sesi 8 Gizi dan Layanan Kesehatan Ibu Hamil (tuntas).",
            "Partisipasi: 23 dari 25 anggota hadir (92\u{a0}%), 1 sakit, 1 alfa; diskusi kelompok dilaksanakan.",
            "Hasil: materi sesi 8 tersampaikan seluruhnya. Ibu-ibu aktif bertanya.",
            "Kendala: hujan lebat.",
            "Tindak lanjut: mengulang pesan kunci.",
        ]
    );
}

#[test]
fn what_was_not_said_is_left_out() {
    let bare = Report {
        hours: (None, None),
        place: "",
        speakers: &[],
        discussion: None,
        obstacles: " ",
        follow_up: "",
        note: "",
        sesi: &[],
        topics: &["judi daring"],
        kind: "Terbatas",
        ..report()
    };
    let made = text(&bare, &Crosswalk::shipped());
    assert_eq!(made.category, "P2K2 Adaptif, Materi Tambahan, Isu-Isu yang Relevan");
    assert_eq!(made.name, "P2K2 kelompok Melati 2: judi daring");
    assert_eq!(made.narrative.lines().count(), 3);
    assert!(made.narrative.contains("jenis terbatas."), "{}", made.narrative);
}

#[test]
fn the_category_is_that_of_most_sesi() {
    let table = Crosswalk::parse("modul\tkategori\na\tSatu\nb\tDua\n*\tLain\nrusak\n");
    for (modul, expected) in [
        (&["a", "b"][..], "Satu"),
        (&["b", "a", "a"], "Satu"),
        (&["b", "c"], "Dua"),
        (&["c"], ""),
        (&[], "Lain"),
    ] {
        let sesi: Vec<(&str, &str)> = modul.iter().map(|modul| ("s", *modul)).collect();
        assert_eq!(table.category_of(&sesi), expected, "{modul:?}");
    }
}

#[test]
fn a_sesi_may_have_another_category_than_its_modul() {
    let table = Crosswalk::of(&[("m", "Satu"), ("n", " ")], &[("m", "Dua"), ("s", "")], " Lain ");
    assert_eq!(table.category_of(&[("m", "m")]), "Dua");
    assert_eq!(table.category_of(&[("s", "m")]), "Satu");
    assert_eq!(table.category_of(&[("s", "n")]), "");
    assert_eq!((table.others(), table.categories()), ("Lain", vec!["Satu", "Dua", "Lain"]));
    let json = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<Crosswalk>(&json).unwrap(), table);
}

#[test]
fn every_modul_that_ships_has_a_category() {
    let table = Crosswalk::shipped();
    assert_eq!(table.rows.len(), 7);
    assert!(table.rows.iter().all(|(modul, name)| !modul.is_empty() && !name.is_empty()));
}

#[test]
fn texts_are_cut_between_words() {
    for (text, max, expected) in [
        ("satu dua tiga", 13, "satu dua tiga"),
        ("satu dua tiga", 10, "satu dua…"),
        ("katayangpanjangsekali", 8, "katayan…"),
        ("satu", 0, ""),
    ] {
        assert_eq!(cut(text, max), expected);
    }
}

proptest! {
    #[test]
    fn the_form_takes_every_text(
        words in proptest::collection::vec("\\PC{0,400}", 6),
        count in 0..13_usize,
    ) {
        let sesi = vec![ReportSesi { title: &words[0], ..GIZI }; count];
        let speakers = [words[1].as_str(); 3];
        let made = text(
            &Report {
                kelompok: &words[2],
                sesi: &sesi,
                speakers: &speakers,
                topics: &speakers,
                note: &words[3],
                obstacles: &words[4],
                follow_up: &words[5],
                ..report()
            },
            &Crosswalk::shipped(),
        );
        prop_assert!(made.name.chars().count() <= MAX_NAME_CHARS, "{}", made.name);
        let length = made.narrative.chars().count();
        prop_assert!(length <= MAX_NARRATIVE_CHARS, "{length}");
        for part in ["Proses: ", "Materi: ", "Partisipasi: 23 dari 25"] {
            prop_assert!(made.narrative.contains(part), "{}", made.narrative);
        }
    }
}
