//! The search as it is met: pages, suggestions, API, and an index that follows what is published.

use std::sync::Arc;

use p2k2::app::{App, Options, seed};
use p2k2::clock::Clock;
use p2k2::curriculum::shipped::shipped_texts;
use p2k2::search::{Collection, Query, Results};
use p2k2::web::urls;

use crate::pages_curriculum::{SESI, live_text, publish, submitted};
use crate::support::http::{ANYONE, Reply, Site};
use crate::support::start;

fn cari(site: &Site, who: &str, query: &str) -> Reply {
    site.get(who, &format!("/cari?q={}", urls::encode(query)))
}

/// The titles of the hits of a page.
fn hits(reply: &Reply) -> usize {
    reply.main().matches("class=\"sections\"").count()
}

#[test]
fn any_query_is_answered_on_the_page_while_typing_and_by_the_api() {
    let site = Site::new();
    let long = |text: &str, bytes: usize| urls::encode(&text.repeat(bytes / text.len()));
    let queries = [
        String::new(),
        "%20%20".to_owned(),
        long("a", 10_240),
        long("gizi ", 10_240),
        (0..500).map(|n| format!("kata{n}+")).collect(),
        urls::encode("!!! ... ??? --- ;;;"),
        urls::encode("yang dan di ke dari"),
        urls::encode("\u{1}\u{2}\u{7}\u{1b}[31m"),
        urls::encode("\u{202e}izig\u{202c} \u{200f}anak"),
        urls::encode("🤰🏽🍼 👶"),
        urls::encode(".*(a|b)+$ [^x]{2,}"),
        urls::encode("+title:(a AND -b) OR c~2^3 [x TO y] gizi*"),
        urls::encode("\"ibu hamil"),
        urls::encode("\"\"\"“„”"),
        "%00%00gizi%00buruk".to_owned(),
        "100%".to_owned(),
        "gizi%2".to_owned(),
        urls::encode("<script>alert(1)</script>\"><img src=x onerror=alert(1)>"),
        urls::encode("'; DROP TABLE sesi;--"),
        urls::encode("\u{301}\u{301}é"),
        "gizi&q=lain&modul=tidak+ada&bagian=%22&sasaran=%3Cb%3E&mulai=99999999999999999999"
            .to_owned(),
    ];
    for query in &queries {
        let shown: String = query.chars().take(40).collect();
        let page = site.get(ANYONE, &format!("/cari?q={query}"));
        let refused = query.contains("&modul");
        assert_eq!(page.status, if refused { 422 } else { 200 }, "{shown}");
        // Never a blank page: hits, or sesi that are near and the list of modul, or what is wrong.
        let near = page.main().contains("Semua modul") || refused;
        assert!(hits(&page) > 0 || near, "{shown}: {}", page.main());
        assert!(!page.has("<script>alert") && !page.has("onerror=alert(1)>"), "{shown}");
        let typing = site.get(ANYONE, &format!("/cari/saran?q={query}"));
        assert_eq!(typing.status, 200, "{shown}");
        assert!(typing.body.starts_with("{\"hits\":["), "{shown}: {}", typing.body);
        let api = site.get(ANYONE, &format!("/api/v1/cari?q={query}"));
        assert_eq!(api.status, if refused { 422 } else { 200 }, "{shown}: {}", api.body);
    }
    for broken in ["%ff%fe", "gizi%C3%28", &long("é", 10_240)] {
        for path in ["/cari", "/cari/saran", "/api/v1/cari"] {
            let reply = site.get(ANYONE, &format!("{path}?q={broken}"));
            assert_eq!(reply.status, 400, "{path} {broken:.20}");
            let sentence = if broken.len() > 100 { "terlalu panjang" } else { "bukan UTF-8" };
            assert!(reply.has(sentence), "{path} {broken:.20}: {}", reply.body);
        }
    }
}

#[test]
fn filters_narrow_and_lead_back_out() {
    let site = Site::new();
    let all = cari(&site, ANYONE, "anak");
    for field in ["skema", "modul", "bagian", "sasaran"] {
        assert!(all.main().contains(&format!("name=\"{field}\"")), "{field}: {}", all.main());
    }
    let most = "10 dari";
    assert!(all.main().contains(most), "{}", all.main());
    for narrow in ["skema=stunting-2021", "sasaran=ibu+hamil", "bagian=lembar-keluarga"] {
        let some = site.get(ANYONE, &format!("/cari?q=hamil&{narrow}"));
        assert!(some.status == 200 && hits(&some) > 0, "{narrow}");
        let value = narrow.split('=').nth(1).unwrap().replace('+', " ");
        assert!(some.main().contains(&format!("value=\"{value}\" selected")), "{narrow}");
    }
    let none = site.get(ANYONE, "/cari?q=jamban&modul=ekonomi&mulai=0");
    let none = if hits(&none) == 0 { none } else { site.get(ANYONE, "/cari?q=jamban&modul=x") };
    assert!(none.main().contains("Cari tanpa saringan"), "{}", none.main());
    assert!(none.main().contains("href=\"/cari?q=jamban\""), "{}", none.main());
}

#[test]
fn a_mended_query_says_so_and_offers_the_very_words() {
    let site = Site::new();
    let mended = cari(&site, ANYONE, "imunisasiq anak");
    assert!(mended.main().contains("Menampilkan hasil untuk <strong>imunisasi anak</strong>"));
    let exact = "/cari?q=imunisasiq%20anak&#38;persis=ya";
    assert!(mended.main().contains(exact), "{}", mended.main());
    let exact = site.get(ANYONE, "/cari?q=imunisasiq+anak&persis=ya");
    assert!(!exact.main().contains("Menampilkan hasil untuk"));
    assert!(exact.main().contains("Hanya kata yang persis"), "{}", exact.main());
    let partly = cari(&site, ANYONE, "zqzqzq imunisasi");
    assert!(partly.main().contains("Belum ada naskah yang memuat “zqzqzq”"), "{}", partly.main());
}

#[test]
fn a_pendamping_sees_which_of_her_kelompok_lack_the_sesi() {
    let site = Site::new();
    let reply = cari(&site, "pendamping-1", "sesi 8");
    for words in [
        "0 dari 1 kelompok Anda sudah menerima sesi ini",
        "Melati OKI-1",
        &format!("/kelompok/OKI-1/rencana?sesi={SESI}"),
        &format!("/kelompok/OKI-1/catat?sesi={SESI}"),
        &format!("/cetak/sesi/{SESI}"),
    ] {
        assert!(reply.main().contains(words), "{words}: {}", reply.main());
    }
    for other in [ANYONE, "supervisor-1", "pelatih-1"] {
        assert!(!cari(&site, other, "sesi 8").has("kelompok Anda"), "{other}");
    }
}

#[test]
fn every_section_that_is_found_can_be_reached() {
    let site = Site::new();
    for doc in Collection::of_texts(&shipped_texts()).docs {
        let page = site.get(ANYONE, &format!("/sesi/{}", doc.sesi));
        for section in &doc.sections {
            let id = format!("id=\"{}\"", section.anchor);
            assert!(page.has(&id), "{} lacks {id}", doc.sesi);
        }
    }
}

#[test]
fn what_is_published_is_found_at_once_and_what_it_replaced_only_when_asked() {
    let site = Site::new();
    assert!(site.app.search().is_some());
    let live = "/cari?q=%22kuskus+merunggai%22&persis=ya";
    let drafts = "/cari?q=%22kuskus+merunggai%22&persis=ya&naskah=ya";
    // Where it is found, if it is: the text itself, its review, or an old edition.
    let found = |who: &str, path: &str| {
        let reply = site.get(who, path);
        assert_eq!(reply.status, 200);
        let places = [
            ("review", format!("<h2><a href=\"/tinjauan/{SESI}\"")),
            ("old", format!("<h2><a href=\"/sesi/{SESI}?edisi=2\"")),
            ("live", format!("<h2><a href=\"/sesi/{SESI}\"")),
        ];
        let first = places.into_iter().find(|(_, mark)| reply.main().contains(mark));
        first.map_or("", |(name, _)| name)
    };
    let first = live_text(&site);
    let review = submitted(&site, "pelatih-1", &first.replace("dua hal", "kuskus merunggai"));
    // A text that waits is for those who may read drafts, and only when they ask.
    for (who, path, place) in [
        ("pelatih-1", live, ""),
        ("pelatih-1", drafts, "review"),
        ("penelaah-1", drafts, "review"),
        ("pendamping-1", drafts, ""),
        (ANYONE, drafts, ""),
    ] {
        assert_eq!(found(who, path), place, "{who} {path}");
    }
    assert_eq!(site.get(ANYONE, "/api/v1/cari?q=kuskus&naskah=ya").status, 403);
    assert_eq!(publish(&site, "penelaah-1", &review, "redaksional").status, 303);
    assert_eq!(found(ANYONE, live), "live");
    let review = submitted(&site, "pelatih-1", &first.replace("dua hal", "tiga hal"));
    assert_eq!(publish(&site, "penelaah-1", &review, "redaksional").status, 303);
    for (who, path, place) in [
        (ANYONE, live, ""),
        ("pelatih-1", live, ""),
        ("pelatih-1", drafts, "old"),
        ("pendamping-1", drafts, ""),
    ] {
        assert_eq!(found(who, path), place, "{who} {path}");
    }
    let page = site.get("pelatih-1", drafts);
    assert!(page.main().contains("Edisi 2, sudah diganti"), "{}", page.main());
    assert!(page.main().contains(&format!("/sesi/{SESI}?edisi=2#")), "{}", page.main());
}

#[test]
fn what_was_not_found_is_shown_to_trainers_until_somebody_saw_to_it() {
    let site = Site::new();
    for query in ["zqwxj bbvvk", "ZQWXJ  bbvvk", "imunisasi", "zqwxj 3520071234567890"] {
        assert_eq!(cari(&site, ANYONE, query).status, 200);
    }
    // Neither the wish for the very words nor a filter shows a gap of the curriculum.
    site.get(ANYONE, "/cari?q=imunisaiqq&persis=ya");
    site.get(ANYONE, "/cari?q=qqxxzz&modul=kesehatan-gizi");
    let list = "/cari/belum-ditemukan";
    let page = site.get("pelatih-1", list);
    assert_eq!(page.main().matches("Sudah ditangani").count(), 1, "{}", page.main());
    assert!(page.main().contains("zqwxj bbvvk"), "{}", page.main());
    assert!(page.main().contains("2 kali, terakhir 21 November 2026"), "{}", page.main());
    assert!(page.main().contains("/sesi/sinonim/sunting"));
    assert!(site.get("pelatih-1", "/").main().contains("zqwxj bbvvk"));
    assert!(!site.get("penelaah-1", list).main().contains("/sesi/sinonim/sunting"));
    for who in ["pendamping-1", "supervisor-1", "admin-1"] {
        assert_eq!(site.get(who, list).status, 403, "{who}");
        assert_eq!(site.post(who, list, &[("words", "zqwxj bbvvk")]).status, 403, "{who}");
    }
    assert_eq!(site.get(ANYONE, list).status, 303);
    for _ in 0..2 {
        let done = site.post("penelaah-1", list, &[("words", "zqwxj bbvvk")]);
        assert_eq!((done.status, done.location()), (303, &*format!("{list}?selesai=dihapus")));
        assert!(site.get("pelatih-1", list).main().contains("Belum ada."));
    }
}

/// An app of the shipped curriculum on a directory, whose index is on disk from the first section.
fn on_disk(dir: &std::path::Path, at: Clock) -> Arc<App> {
    let options = Options { sections_in_memory: 0, ..Options::real(dir, at) };
    let (app, _) = App::open(&options).unwrap();
    seed::load_shipped(&app).unwrap();
    app
}

#[test]
fn words_without_a_result_survive_a_restart_are_bounded_and_forgotten_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let ask = |app: &App, query: &str| {
        app.note_unfound(&Results { query: query.to_owned(), ..Results::default() });
    };
    let app = on_disk(dir.path(), Clock::fixed(start()));
    for n in 0..p2k2::app::search::KEPT + 20 {
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
        let words = format!("qzx{}{}{}kqj", letter(n), letter(n / 26), letter(n / 676));
        ask(&app, &words);
        ask(&app, "wqxzj");
    }
    assert_eq!(app.unfound().len(), p2k2::app::search::KEPT);
    let first = app.unfound().remove(0);
    assert_eq!(
        (first.words.as_str(), first.times as usize),
        ("wqxzj", p2k2::app::search::KEPT + 20)
    );
    let before = app.unfound();
    app.close().unwrap();
    drop(app);
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert_eq!(app.unfound(), before);
    app.close().unwrap();
    drop(app);
    std::fs::write(dir.path().join("cari/belum-ditemukan.json"), "[{").unwrap();
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert_eq!(app.unfound(), []);
    ask(&app, "wqxzj");
    app.close().unwrap();
    drop(app);
    let later = "2027-07-21T03:00:00Z".parse().unwrap();
    let app = on_disk(dir.path(), Clock::fixed(later));
    assert_eq!(app.unfound(), []);
}

#[test]
fn a_redaction_forgets_what_was_searched_for_and_not_found() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cari/belum-ditemukan.json");
    let aside = dir.path().join("cari/belum-ditemukan.json.baru");
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert!(app.search().is_some(), "so that there is an index beside it");
    app.note_unfound(&Results { query: "wqxzj".to_owned(), ..Results::default() });
    assert!(std::fs::read_to_string(&file).unwrap().contains("wqxzj"));
    // What a write leaves that was cut off.
    std::fs::write(&aside, "wqxzj").unwrap();
    assert!(app.redact(&[1], " ").is_err());
    assert!(file.exists(), "a redaction that is refused forgets nothing");
    app.redact(&[1], "permintaan keluarga").unwrap();
    assert_eq!(app.unfound(), []);
    app.close().unwrap();
    drop(app);
    assert!(!file.exists() && !aside.exists());
    assert!(dir.path().join("cari/indeks").exists(), "the index of texts stays");
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert_eq!(app.unfound(), []);
}

#[test]
fn a_large_index_is_kept_on_disk_and_built_again_where_it_cannot_be_used() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("cari/indeks");
    let first = |app: &App| {
        let hits = app.search().unwrap().search(&Query::new("sesi 8")).unwrap().hits;
        hits[0].sesi.to_string()
    };
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert_eq!(first(&app), SESI);
    assert!(folder.join("meta.json").exists());
    app.close().unwrap();
    drop(app);
    let meta = std::fs::read(folder.join("meta.json")).unwrap();
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert_eq!(first(&app), SESI);
    assert_eq!(std::fs::read(folder.join("meta.json")).unwrap(), meta, "not built again");
    app.close().unwrap();
    drop(app);
    std::fs::remove_dir_all(&folder).unwrap();
    // A file where the folder should be: the index stays in memory and answers all the same.
    std::fs::write(&folder, "bukan folder").unwrap();
    let app = on_disk(dir.path(), Clock::fixed(start()));
    assert_eq!(first(&app), SESI);
}
