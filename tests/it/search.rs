//! The search over the shipped curriculum, through its public face.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use p2k2::curriculum::shipped::shipped_texts;
use p2k2::curriculum::{Part, SesiId};
use p2k2::search::{
    Collection, Hit, Index, Query, Reason, SearchDoc, SectionDoc, SuggestionTarget, Why,
};

const FIELD_QUERIES: &str = include_str!("fixtures/field-queries.tsv");

fn shipped() -> Collection {
    Collection::of_texts(&shipped_texts())
}

fn index() -> Index {
    Index::build(shipped()).unwrap()
}

fn id(text: &str) -> SesiId {
    text.parse().unwrap()
}

fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.sesi.as_str()).collect()
}

/// A text of two sections that say what is given.
fn doc(sesi: &str, title: &str, text: &str, live: bool) -> SearchDoc {
    let section = |anchor: &str, heading: &str, text: &str| SectionDoc {
        anchor: anchor.to_owned(),
        heading: heading.to_owned(),
        part: Part::BahanBacaan,
        text: text.to_owned(),
    };
    SearchDoc {
        sesi: id(sesi),
        places: Vec::new(),
        title: title.to_owned(),
        aliases: Vec::new(),
        keywords: Vec::new(),
        audience: Vec::new(),
        minutes: Some(90),
        live,
        edition: u32::from(live),
        sections: vec![section("pengantar", title, "Awal."), section("isi", "Isi", text)],
    }
}

#[test]
fn the_right_sesi_is_among_the_first_three() {
    for keywords in [true, false] {
        let mut collection = shipped();
        if !keywords {
            collection.docs.iter_mut().for_each(|doc| doc.keywords.clear());
        }
        let index = Index::build(collection).unwrap();
        let (mut asked, mut missed) = (0, Vec::new());
        for line in FIELD_QUERIES.lines().filter(|line| !line.starts_with('#')) {
            let (query, right) = line.split_once('\t').unwrap();
            let hits = index.search(&Query::new(query)).unwrap().hits;
            asked += 1;
            if !ids(&hits).iter().take(3).any(|sesi| right.split('|').any(|one| one == *sesi)) {
                missed.push(query);
            }
        }
        assert!(asked >= 60);
        assert!(
            missed.len() * 20 <= asked,
            "keywords {keywords}, {asked} asked, missed {missed:?}"
        );
    }
}

#[test]
fn numbers_and_titles_lead_straight_to_the_sesi() {
    let index = index();
    let cases = [
        ("sesi 8", Some("gizi-dan-layanan-kesehatan-ibu-hamil")),
        ("8", Some("gizi-dan-layanan-kesehatan-ibu-hamil")),
        ("Sesi delapan", Some("gizi-dan-layanan-kesehatan-ibu-hamil")),
        ("kesehatan sesi 1", Some("gizi-dan-layanan-kesehatan-ibu-hamil")),
        ("kesehatn sesi 1", Some("gizi-dan-layanan-kesehatan-ibu-hamil")),
        ("sesi 1 kesehatan", Some("gizi-dan-layanan-kesehatan-ibu-hamil")),
        ("modul ekonomi sesi 2", Some("cermat-meminjam-dan-menabung")),
        ("stunting sesi 12", Some("jamban-sehat")),
        ("memulai usaha", Some("memulai-usaha")),
        ("menjadi orangtua yang lebih baik", Some("menjadi-orang-tua-yang-lebih-baik")),
        ("sesi 99", None),
        ("anak mencret", None),
    ];
    for (query, expected) in cases {
        let results = index.search(&Query::new(query)).unwrap();
        assert_eq!(results.direct.as_ref().map(SesiId::as_str), expected, "{query}");
        if let Some(expected) = expected {
            assert_eq!(ids(&results.hits)[0], expected, "{query}");
            assert_eq!(results.hits[0].why[0], Why::Direct, "{query}");
        }
    }
}

#[test]
fn slips_are_corrected_and_said_and_an_exact_search_leaves_them() {
    let index = index();
    let cases = [
        ("imunisai anak", "imunisasi anak"),
        ("posiandu", "posyandu"),
        ("keshatan reproduksi", "kesehatan reproduksi"),
        ("tablet tambah drah", "tablet tambah darah"),
    ];
    for (query, corrected) in cases {
        let results = index.search(&Query::new(query)).unwrap();
        let read: Vec<String> = results
            .corrected
            .iter()
            .cloned()
            .chain(p2k2::bahasa::words(query).into_iter().map(|word| word.form.into_owned()))
            .collect();
        // Either the search mends it or the tables of spellings already did.
        let wanted = corrected.split(' ').all(|word| read.join(" ").contains(word));
        assert!(wanted, "{query}: {read:?}");
        assert!(!results.hits.is_empty(), "{query}");
    }
    let exact = Query { exact: true, ..Query::new("imunisasiq") };
    let results = index.search(&exact).unwrap();
    assert_eq!((results.corrected, results.reason), (None, Reason::Nothing));
    assert_eq!(results.nearest.len(), 3);
}

#[test]
fn reasons_say_how_the_best_hit_was_found() {
    let index = index();
    let cases = [
        ("cuci tangan", Reason::AllWords),
        ("imunisasiq", Reason::Corrected),
        ("jamban kuda zebra", Reason::Relaxed),
        ("", Reason::Nothing),
    ];
    for (query, expected) in cases {
        assert_eq!(index.search(&Query::new(query)).unwrap().reason, expected, "{query}");
    }
}

#[test]
fn a_synonym_finds_what_the_text_calls_otherwise_and_says_so() {
    let collection = Collection {
        docs: vec![
            doc("satu", "Kelas ibu", "Ibu hamil makan telur.", true),
            doc("dua", "Kebun", "Menanam kelor di pekarangan.", true),
        ],
        skema: Vec::new(),
        synonyms: "- ibu hamil; bumil\n- merunggai > kelor\n".to_owned(),
    };
    let index = Index::build(collection).unwrap();
    let results = index.search(&Query::new("bumil")).unwrap();
    assert_eq!(ids(&results.hits), ["satu"]);
    assert_eq!(results.reason, Reason::Synonyms);
    assert!(results.hits[0].why.contains(&Why::Synonym("bumil".into(), "ibu hamil".into())));
    let marked: Vec<&str> = results.hits[0].sections[0]
        .snippet
        .iter()
        .filter(|piece| piece.marked)
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(marked, ["Ibu", "hamil"]);
    assert_eq!(ids(&index.search(&Query::new("merunggai")).unwrap().hits), ["dua"]);
}

#[test]
fn words_between_quotes_stand_together_just_so() {
    let collection = Collection {
        docs: vec![
            doc("satu", "Satu", "Air susu ibu diberikan sampai dua tahun.", true),
            doc("dua", "Dua", "Ibu memberi susu dan air.", true),
        ],
        ..Collection::default()
    };
    let index = Index::build(collection).unwrap();
    let cases: [(&str, &[&str], bool); 5] = [
        ("\"air susu ibu\"", &["satu"], false),
        ("“susu ibu” air", &["satu"], false),
        ("\"susu air\"", &["satu", "dua"], true),
        ("\"air susu ibu", &["satu", "dua"], false),
        ("\"\" ibu", &["satu", "dua"], false),
    ];
    for (query, expected, relaxed) in cases {
        let results = index.search(&Query::new(query)).unwrap();
        let mut found = ids(&results.hits);
        found.sort_unstable_by_key(|id| *id == "dua");
        assert_eq!(found, expected, "{query}");
        assert_eq!(results.reason == Reason::Relaxed, relaxed, "{query}");
    }
}

#[test]
fn filters_and_facets_agree() {
    let index = index();
    let all = index.search(&Query { limit: 50, ..Query::new("gizi anak") }).unwrap();
    assert_eq!(all.total, all.hits.len());
    let (modul, _, count) = all.facets.modul.first().unwrap().clone();
    let query = Query { modul: Some(modul.clone()), limit: 50, ..Query::new("gizi anak") };
    let some = index.search(&query).unwrap();
    assert!(some.hits.iter().all(|hit| hit.places.iter().any(|place| place.modul == modul)));
    assert!(some.total >= count.min(2), "{} of {count}", some.total);
    let query = Query { bagian: Some(Part::LembarKeluarga), ..Query::new("cuci tangan") };
    let parts = index.search(&query).unwrap();
    assert!(!parts.hits.is_empty());
    let sections = parts.hits.iter().flat_map(|hit| &hit.sections);
    assert!(sections.map(|section| section.part).all(|part| part == Part::LembarKeluarga));
    let second = index.search(&Query { offset: 1, limit: 2, ..Query::new("gizi anak") }).unwrap();
    assert_eq!(ids(&second.hits), ids(&all.hits)[1..3]);
}

#[test]
fn any_input_is_answered() {
    let index = index();
    let mut inputs: Vec<String> = [
        "",
        " ",
        "\"",
        "\"\"\"",
        "***",
        "yang dan di",
        "(+a AND -b) OR c~2^3 [x TO y]",
        ".*(a|b)+$",
        "\0\0",
        "gizi\0buruk",
        "\u{202e}izig kurub\u{202c}",
        "🤰🍼",
        "é́́́́",
        "'; DROP TABLE sesi;--",
        "field:value",
        "\u{feff}",
        "2",
        "-",
        "a",
        "１０００ ＨＰＫ",
        "<script>alert(1)</script>",
    ]
    .map(str::to_owned)
    .to_vec();
    inputs.push("a".repeat(10_240));
    inputs.push("anak ".repeat(2_000));
    inputs.push("\"".repeat(10_000));
    inputs.push((0..500).map(|n| format!("kata{n} ")).collect());
    inputs.push("ibu hamil makan ".repeat(160) + "🤰");
    inputs.push("\u{301}".repeat(5_000));
    for input in inputs {
        let start: String = input.chars().take(20).collect();
        let results = index.search(&Query::new(input.as_str())).unwrap();
        assert!(results.query.len() <= 1_000, "{start}");
        assert!(!results.hits.is_empty() || results.nearest.len() == 3, "{start}");
        assert!(results.hits.len() <= 10, "{start}");
        assert!(index.suggest(&input, 8).unwrap().len() <= 8, "{start}");
    }
}

#[test]
fn of_a_long_query_only_so_much_is_looked_for() {
    let index = index();
    let unsaid = |many: u8| -> String {
        (0..many)
            .map(|n| format!("zq{}{}x ", char::from(b'a' + n / 5), char::from(b'a' + n % 5)))
            .collect()
    };
    for (text, found, cut) in [
        (unsaid(23) + "imunisasi", true, false),
        (unsaid(24) + "imunisasi", false, true),
        // Words that hold a sentence together make room.
        (unsaid(23) + "yang dan di untuk imunisasi", true, false),
        // A word said again takes no room.
        (unsaid(23) + &unsaid(23) + "imunisasi", true, false),
        ("zqx ".repeat(247) + "imunisasi", true, false),
        ("zqx ".repeat(250) + "imunisasi", false, true),
        (" ".repeat(2_000) + "imunisasi", false, true),
        ("kata ".repeat(300) + "lain", true, true),
    ] {
        let query = Query { exact: true, ..Query::new(text.as_str()) };
        let results = index.search(&query).unwrap();
        assert_eq!((!results.hits.is_empty(), results.cut), (found, cut), "{text}");
    }
}

#[test]
fn what_is_published_is_found_and_what_is_removed_is_not() {
    let index = index();
    let reader = index.clone();
    assert_ne!(ids_or_none(&reader, "kuskus"), Some("sesi-baru".to_owned()));
    let sesi = BTreeSet::from([id("sesi-baru")]);
    index.replace(&sesi, vec![doc("sesi-baru", "Baru", "Kuskus dan kelor.", true)]).unwrap();
    assert_eq!(ids(&reader.search(&Query::new("kuskus")).unwrap().hits)[0], "sesi-baru");
    index.replace(&sesi, vec![doc("sesi-baru", "Baru", "Ketan dan kelor.", true)]).unwrap();
    assert_ne!(ids_or_none(&reader, "kuskus"), Some("sesi-baru".to_owned()));
    assert_eq!(ids_or_none(&reader, "ketan kelor"), Some("sesi-baru".to_owned()));
    let sections = index.sections();
    index.replace(&sesi, Vec::new()).unwrap();
    assert_ne!(ids_or_none(&reader, "ketan kelor"), Some("sesi-baru".to_owned()));
    assert_eq!(index.sections(), sections - 2);
}

/// The first hit.
fn ids_or_none(index: &Index, query: &str) -> Option<String> {
    let hits = index.search(&Query::new(query)).unwrap().hits;
    hits.first().map(|hit| hit.sesi.to_string())
}

#[test]
fn drafts_are_found_only_when_asked_and_teach_the_live_search_nothing() {
    let collection = Collection {
        docs: vec![
            doc("satu", "Satu", "Menanam bayam.", true),
            doc("satu", "Satu", "Menanam kangkung.", false),
        ],
        ..Collection::default()
    };
    let index = Index::build(collection).unwrap();
    let live = index.search(&Query::new("kangkung")).unwrap();
    assert_eq!(live.hits, []);
    let slip = index.search(&Query::new("kangkumg")).unwrap();
    assert_eq!((slip.corrected, slip.did_you_mean), (None, None));
    assert_eq!(index.suggest("kangk", 5).unwrap(), []);
    let all = Query { include_drafts: true, ..Query::new("kangkung") };
    let all = index.search(&all).unwrap();
    assert_eq!(all.hits.iter().map(|hit| hit.live).collect::<Vec<_>>(), [false]);
}

#[test]
fn suggestions_lead_to_sesi_sections_and_queries() {
    let index = index();
    let first = |start: &str| index.suggest(start, 8).unwrap();
    let sesi = |start: &str| match first(start).first().map(|one| one.to.clone()) {
        Some(SuggestionTarget::Sesi(sesi)) => sesi.to_string(),
        other => format!("{other:?}"),
    };
    let cases = [
        ("cuci ta", "cuci-tangan-pakai-sabun"),
        ("jamb", "jamban-sehat"),
        ("sesi 8", "gizi-dan-layanan-kesehatan-ibu-hamil"),
        ("Memulai us", "memulai-usaha"),
        ("stunting sesi 1", "memahami-permasalahan-stunting"),
    ];
    for (start, expected) in cases {
        assert_eq!(sesi(start), expected, "{start}");
    }
    let words = first("imun");
    let query = SuggestionTarget::Query("imunisasi".to_owned());
    assert!(words.iter().any(|one| one.to == query), "{words:?}");
    let section = |one: &SuggestionTarget| matches!(one, SuggestionTarget::Section(..));
    assert!(first("oralit").iter().any(|one| section(&one.to)));
    // A slip in the unfinished word still leads somewhere.
    assert!(!first("jmban").is_empty());
    for empty in ["", "  ", "\"", "!!"] {
        assert_eq!(first(empty), [], "{empty}");
    }
}

#[test]
fn passages_are_cut_from_the_text_and_mark_the_words_as_written() {
    let long =
        format!("{} Tabungannya disimpan. {}", "Kata lain. ".repeat(80), "Akhir. ".repeat(80));
    let collection =
        Collection { docs: vec![doc("satu", "Satu", &long, true)], ..Collection::default() };
    let index = Index::build(collection).unwrap();
    let results = index.search(&Query::new("menabung")).unwrap();
    let pieces = &results.hits[0].sections[0].snippet;
    let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let inner = text.trim_start_matches("… ").trim_end_matches(" …");
    assert!(long.contains(inner), "{text}");
    assert!(text.len() < 400, "{text}");
    let marked: Vec<&str> =
        pieces.iter().filter(|piece| piece.marked).map(|piece| piece.text.as_str()).collect();
    assert_eq!(marked, ["Tabungannya"]);
}

#[test]
fn an_index_on_disk_is_used_again_or_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("cari");
    let docs = |second: &str| Collection {
        docs: vec![
            doc("satu", "Satu", "Menanam bayam.", true),
            doc("dua", "Dua", second, true),
            doc("dua", "Dua", "Menanam kelor dahulu.", false),
        ],
        ..Collection::default()
    };
    let open = |second: &str| Index::open(docs(second), &folder).unwrap();
    let finds = |index: &Index, query: &str, which: &str| {
        assert_eq!(ids_or_none(index, query), Some(which.to_owned()), "{query}");
    };
    let kelor = "Menanam kelor.";
    finds(&open(kelor), "kelor", "dua");
    let before = stamp(&folder);
    finds(&open(kelor), "kelor", "dua");
    assert_eq!(stamp(&folder), before, "an index in step is not built again");
    // A text that changes while the program runs is in step at the next start.
    let index = open(kelor);
    let dua = BTreeSet::from([id("dua")]);
    index.replace(&dua, vec![doc("dua", "Dua", "Menanam ketan.", true)]).unwrap();
    finds(&index, "ketan", "dua");
    drop(index);
    let before = stamp(&folder);
    let index = open("Menanam ketan.");
    assert_eq!(stamp(&folder), before, "an index that followed is not built again");
    finds(&index, "ketan", "dua");
    finds(&index, "bayam", "satu");
    assert_ne!(ids_or_none(&index, "kelor"), Some("dua".to_owned()));
    drop(index);
    finds(&open(kelor), "kelor", "dua");
    assert_ne!(stamp(&folder), before, "an index that is behind is built again");
    for damage in ["half", "flipped", "empty", "another format"] {
        let before = stamp(&folder);
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mut bytes = fs::read(&path).unwrap();
            match damage {
                "half" => bytes.truncate(bytes.len() / 2),
                "flipped" => bytes.iter_mut().step_by(7).for_each(|byte| *byte ^= 0x20),
                "empty" => bytes.clear(),
                _ => {
                    let text = String::from_utf8_lossy(&bytes);
                    let old = text.replace("\"payload\": \"2 ", "\"payload\": \"1 ");
                    if path.ends_with("meta.json") {
                        assert_ne!(old, text);
                        bytes = old.into_bytes();
                    }
                }
            }
            fs::write(&path, bytes).unwrap();
        }
        finds(&open(kelor), "kelor", "dua");
        assert_ne!(stamp(&folder), before, "{damage}");
    }
}

/// The names of the files, which the engine chooses anew for a new index.
fn stamp(folder: &Path) -> Vec<String> {
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap())).collect();
    names.sort_unstable();
    names
}
