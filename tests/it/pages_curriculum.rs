//! The pages of the curriculum: reading, editing, review, history.

use p2k2::app::login::hash_password;
use p2k2::command::{Actor, Command};
use p2k2::curriculum::ids::SesiId;
use p2k2::event::Setting;

use crate::support::http::{ANYONE, Reply, Site, system};

pub(crate) const SESI: &str = "gizi-dan-layanan-kesehatan-ibu-hamil";
const OLD_WORDS: &str = "mengajak keluarga menjaga dua hal";
const NEW_WORDS: &str = "menemani keluarga menjaga dua hal";

fn id() -> SesiId {
    SESI.parse().unwrap()
}

fn page(part: &str) -> String {
    format!("/sesi/{SESI}{part}")
}

/// The text of the live edition.
pub(crate) fn live_text(site: &Site) -> String {
    let revision = site.app.state().sesi(&id()).unwrap().live().unwrap().revision;
    site.app.texts().get(revision).unwrap().sesi.source().to_owned()
}

/// Sends the form of the editor with another text.
fn send(site: &Site, who: &str, form: &Reply, what: &[(&str, &str)]) -> Reply {
    let (request, version, base) = (form.hidden("id"), form.hidden("version"), form.hidden("base"));
    let mut fields = vec![("id", &*request), ("version", &version), ("base", &base)];
    fields.extend(what);
    site.post(who, &page("/sunting"), &fields)
}

/// Writes, hands in, and gives the open review back.
pub(crate) fn submitted(site: &Site, who: &str, text: &str) -> Reply {
    let form = site.get(who, &page("/sunting"));
    let fields = [("do", "submit"), ("text", text), ("summary", "Kalimat pembuka lebih hangat.")];
    let sent = send(site, who, &form, &fields);
    assert_eq!(
        (sent.status, sent.location()),
        (303, &*format!("/tinjauan/{SESI}?selesai=diajukan")),
        "{sent:?}"
    );
    site.get("penelaah-1", &format!("/tinjauan/{SESI}"))
}

pub(crate) fn publish(site: &Site, who: &str, review: &Reply, kind: &str) -> Reply {
    let (request, revision) = (review.hidden("id"), review.hidden("revision"));
    let fields = [
        ("id", &*request),
        ("revision", &revision),
        ("kind", kind),
        ("note", "Pembukaan ditulis ulang."),
    ];
    site.post(who, &format!("/tinjauan/{SESI}/terbitkan"), &fields)
}

#[test]
fn anyone_reads_the_curriculum() {
    let site = Site::new();
    let sajian = |step: &str| page(&format!("/sajian{step}"));
    for (path, status, words) in [
        ("/kurikulum".to_owned(), 200, "Pentingnya Gizi dan Layanan Kesehatan Ibu Hamil"),
        ("/kurikulum?skema=stunting-2021".to_owned(), 200, "Jamban"),
        ("/kurikulum?skema=tidak-ada".to_owned(), 404, "tidak ditemukan"),
        ("/kurikulum?tema=ekonomi".to_owned(), 200, "Memulai Usaha"),
        ("/modul/kesehatan-gizi".to_owned(), 200, "sesi 8 sampai 10"),
        ("/modul/kesehatan-gizi".to_owned(), 200, "1.000 hari pertama"),
        ("/modul/tidak-ada".to_owned(), 404, "Modul ini tidak ditemukan"),
        (page(""), 200, "id=\"langkah-2\""),
        (page(""), 200, "id=\"rujukan-permenkes-21-2021\""),
        (page(""), 200, "Susunan kegiatan"),
        (page("?edisi=1"), 200, "Edisi 1"),
        (page("?edisi=9"), 404, "Edisi ini tidak ditemukan"),
        (page("?edisi=x"), 422, "“edisi” harus bilangan"),
        ("/sesi/tidak-ada".to_owned(), 404, "Sesi ini tidak ditemukan"),
        ("/sesi/TIDAK%20BOLEH".to_owned(), 404, "Sesi ini tidak ditemukan"),
        ("/sesi/istilah".to_owned(), 200, "<h1>Istilah</h1>"),
        ("/sesi/istilah/sajian".to_owned(), 404, "tidak mempunyai langkah"),
        (sajian(""), 200, "Langkah 1 dari"),
        (sajian("?langkah=2"), 200, "menit ke-15 sampai ke-35"),
        (sajian("?langkah=0"), 422, "“langkah” harus bilangan"),
        (sajian("?langkah=99"), 404, "Langkah ini tidak ditemukan"),
        (page("/riwayat"), 200, "bawaan program"),
        (page("/bandingkan"), 200, "Yang dipilih hanya Edisi 1"),
        (page("/bandingkan?dari=1&ke=7"), 404, "Edisi ini tidak ditemukan"),
        ("/bantuan".to_owned(), 200, "href=\"/sesi/istilah\""),
    ] {
        let reply = site.get(ANYONE, &path);
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.main().contains(words), "{path} lacks {words:?}: {}", reply.main());
    }
}

#[test]
fn a_filter_by_tema_cuts_across_modul() {
    let site = Site::new();
    let all = site.get(ANYONE, "/kurikulum").main().matches("class=\"no\"").count();
    let some = site.get(ANYONE, "/kurikulum?tema=pendidikan");
    let found = some.main().matches("class=\"no\"").count();
    assert_eq!(all, 14);
    assert!((1..14).contains(&found), "{found}");
    assert!(some.has("Membantu Anak Sukses di Sekolah"));
    let none = site.get(ANYONE, "/kurikulum?tema=astronomi");
    assert!(none.has("Belum ada sesi dengan tema ini"));
}

#[test]
fn short_addresses_lead_to_their_sesi() {
    let site = Site::new();
    for (code, sesi) in [
        ("8", SESI),
        ("08", SESI),
        ("s8", "stimulasi-anak-1-2-tahun"),
        ("S8", "stimulasi-anak-1-2-tahun"),
        ("stunting:12", "jamban-sehat"),
        ("t1", "literasi-digital"),
        ("istilah", "istilah"),
        ("ctps", "cuci-tangan-pakai-sabun"),
    ] {
        let reply = site.get(ANYONE, &format!("/s/{code}"));
        assert_eq!((reply.status, reply.location()), (303, &*format!("/sesi/{sesi}")), "{code}");
    }
    for code in ["99", "x8", "%F0%9F%98%80", "-"] {
        assert_eq!(site.get(ANYONE, &format!("/s/{code}")).status, 404, "{code}");
    }
}

#[test]
fn where_reading_is_closed_everyone_is_led_to_the_login() {
    let site = Site::new();
    let from = "2026-11-21".parse().unwrap();
    let setting = Box::new(Setting::PublicReading(false));
    system(&site.app, Command::ChangeSetting { from, setting, version: None });
    for path in ["/kurikulum", "/modul/kesehatan-gizi", &page("?edisi=1"), &page("/sajian")] {
        let reply = site.get(ANYONE, path);
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.location().starts_with("/masuk?lanjut=%2F"), "{}", reply.location());
        assert_eq!(site.get("pendamping-1", path).status, 200, "{path}");
    }
    let help = site.get(ANYONE, "/bantuan");
    assert!(help.status == 200 && !help.has("/sesi/istilah"));
}

#[test]
fn a_page_is_sent_once_and_never_shown_to_another() {
    let site = Site::new();
    let first = site.get(ANYONE, &page(""));
    let tag = first.header("etag").to_owned();
    assert!(first.header("cache-control").contains("no-cache"), "{:?}", first.headers);
    let again = site.get_with(ANYONE, &page(""), &[("if-none-match", &format!("\"x\", {tag}"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), tag);
    let other = site.get_with("pendamping-1", &page(""), &[("if-none-match", &tag)]);
    assert_eq!(other.status, 200);
    let link = format!("/kelompok/OKI-1/catat?sesi={SESI}");
    assert!(other.has(&link) && other.has("Melati OKI-1"), "{}", other.main());
    assert!(!other.has("MGT-1") && !first.has("OKI-1"));
}

#[test]
fn a_sesi_without_text_says_so() {
    let site = Site::new();
    let list = site.get(ANYONE, "/kurikulum?skema=tambahan");
    assert!(list.has("naskahnya belum ada") && !list.has("href=\"/sesi/literasi-digital\""));
    let reply = site.get(ANYONE, "/sesi/literasi-digital");
    assert!(reply.status == 200 && reply.has("Naskah sesi ini belum ada"));
    let sajian = site.get(ANYONE, "/sesi/literasi-digital/sajian");
    assert!(sajian.status == 404 && sajian.has("belum dapat disajikan"), "{}", sajian.main());
    assert_eq!(site.get(ANYONE, "/sesi/literasi-digital/bandingkan").status, 404);
    let editor = site.get("pelatih-1", "/sesi/literasi-digital/sunting");
    assert!(editor.has("## Langkah-langkah") && editor.has("id: literasi-digital"));
}

#[test]
fn an_edit_becomes_an_edition_through_another_person() {
    let site = Site::new();
    let text = live_text(&site).replace(OLD_WORDS, NEW_WORDS);
    let form = site.get("pelatih-1", &page("/sunting"));
    assert_eq!((&*form.hidden("base"), &*form.hidden("version")), ("1", ""));
    // A browser sends line ends as CR LF.
    let sent = text.replace('\n', "\r\n");
    let saved = send(&site, "pelatih-1", &form, &[("do", "save"), ("text", &sent)]);
    assert_eq!((saved.status, saved.location()), (303, &*page("/sunting")));
    assert_eq!(site.app.draft(&id()).unwrap().unwrap().text, text);
    let form = site.get("pelatih-1", &page("/sunting"));
    assert!(form.has(NEW_WORDS) && form.has("Tersimpan 21 November 2026 pukul 10.00 WIB"));
    assert!(site.get(ANYONE, &page("")).has(OLD_WORDS), "the live text stays untouched");

    let review = submitted(&site, "pelatih-1", &text);
    assert!(review.has("<ins>menemani</ins>") && review.has("<del>mengajak</del>"));
    let own = site.get("pelatih-1", &format!("/tinjauan/{SESI}"));
    assert!(own.has("adalah tugas penelaah") && !own.has("/terbitkan"), "{}", own.main());
    assert!(site.get("penelaah-1", "/tinjauan").has("Kalimat pembuka lebih hangat."));
    assert_eq!(publish(&site, "pelatih-1", &review, "substansi").status, 403);
    let wrong = publish(&site, "penelaah-1", &review, "");
    assert!(wrong.status == 422 && wrong.has("Pembukaan ditulis ulang."), "{wrong:?}");

    let done = publish(&site, "penelaah-1", &review, "substansi");
    assert_eq!((done.status, done.location()), (303, &*page("/riwayat?selesai=terbit")));
    let twice = publish(&site, "penelaah-1", &review, "substansi");
    assert_eq!((twice.status, twice.location()), (303, &*page("/riwayat?selesai=terbit")));
    assert_eq!(site.app.state().sesi(&id()).unwrap().editions.len(), 2);
    assert_eq!(site.app.draft(&id()).unwrap(), None);

    assert!(site.get(ANYONE, &page("")).has(NEW_WORDS));
    let old = site.get(ANYONE, &page("?edisi=1"));
    assert!(old.has(OLD_WORDS) && old.has("Yang berlaku sekarang edisi 2."));
    let history = site.get(ANYONE, &page("/riwayat"));
    assert!(history.has("Pembukaan ditulis ulang.") && history.has("Substansi"));
    assert!(!history.has("Ibu penelaah-1"), "names of colleagues are not for everyone");
    assert!(site.get("pendamping-1", &page("/riwayat")).has("Ibu penelaah-1"));
    let diff = site.get(ANYONE, &page("/bandingkan?dari=1&ke=2"));
    assert!(diff.has("<ins>menemani</ins>") && diff.has("1 kata baru, 1 kata dihapus."));
    assert!(site.get("penelaah-1", "/tinjauan?lihat=selesai").has("Edisi 2"));
}

#[test]
fn nobody_publishes_what_they_wrote() {
    let site = Site::new();
    let text = live_text(&site).replace(OLD_WORDS, NEW_WORDS);
    let review = submitted(&site, "dua-peran", &text);
    let own = site.get("dua-peran", &format!("/tinjauan/{SESI}"));
    assert!(own.has("Anda ikut menulis naskah ini") && !own.has("/terbitkan"));
    let refused = publish(&site, "dua-peran", &review, "redaksional");
    assert_eq!(refused.status, 403);
    assert!(refused.has("Anda ikut menulis naskah ini"), "{}", refused.main());
    assert_eq!(site.app.state().sesi(&id()).unwrap().editions.len(), 1);
}

#[test]
fn a_text_is_returned_with_a_reason_that_its_author_reads() {
    let site = Site::new();
    let review = submitted(&site, "pelatih-1", &live_text(&site).replace(OLD_WORDS, NEW_WORDS));
    let (request, revision) = (review.hidden("id"), review.hidden("revision"));
    let path = format!("/tinjauan/{SESI}/kembalikan");
    let give_back = |reason| {
        let fields = [("id", &*request), ("revision", &revision), ("reason", reason)];
        site.post("penelaah-1", &path, &fields)
    };
    let empty = give_back("");
    assert!(empty.status == 422 && empty.has("Tulis alasan"), "{}", empty.main());
    assert_eq!(give_back("Sebutkan sumbernya.").status, 303);
    let editor = site.get("pelatih-1", &page("/sunting"));
    assert!(editor.has("Sebutkan sumbernya.") && editor.has(NEW_WORDS));
    // What was read is not there any more.
    assert_eq!(publish(&site, "penelaah-1", &review, "redaksional").status, 404);
    let changed = format!("{}\n", live_text(&site).replace(OLD_WORDS, "mengiringi keluarga"));
    submitted(&site, "pelatih-1", &changed);
    let moved = publish(&site, "penelaah-1", &review, "redaksional");
    assert!(moved.status == 412 && moved.has("mengiringi"), "{}", moved.main());
}

#[test]
fn whoever_saves_on_an_old_version_sees_both_texts() {
    let site = Site::new();
    let text = live_text(&site);
    let (one, two) =
        (text.replace(OLD_WORDS, NEW_WORDS), text.replace("isi piringnya", "isi bakulnya"));
    let form = site.get("pelatih-1", &page("/sunting"));
    let other = send(&site, "pelatih-2", &form, &[("do", "save"), ("text", &one)]);
    assert_eq!(other.status, 303);
    let late = send(&site, "pelatih-1", &form, &[("do", "save"), ("text", &two)]);
    assert_eq!(late.status, 412);
    assert!(late.has("disimpan orang lain") && late.has(NEW_WORDS) && late.has("isi bakulnya"));
    assert_eq!(site.app.draft(&id()).unwrap().unwrap().text, one, "nothing was lost");
    let path = page("/sunting/simpan");
    let auto = site.post("pelatih-1", &path, &[("version", ""), ("base", "1"), ("text", &two)]);
    assert_eq!(auto.status, 412, "{auto:?}");
    let again = send(&site, "pelatih-1", &late, &[("do", "save"), ("text", &two)]);
    assert_eq!(again.status, 303);
    let draft = site.app.draft(&id()).unwrap().unwrap();
    assert_eq!(draft.authors, [site.account("pelatih-1"), site.account("pelatih-2")]);
}

#[test]
fn a_draft_that_an_edition_overtook_is_merged_before_it_goes_on() {
    let site = Site::new();
    let text = live_text(&site);
    let first = text.replace(OLD_WORDS, NEW_WORDS);
    let review = submitted(&site, "pelatih-1", &first);
    let form = site.get("pelatih-1", &page("/sunting"));
    assert!(form.has("sedang ditinjau sejak"));
    let on = text.replace("Minta dua peserta memegang ujung tali.", "Minta dua ibu memegang tali.");
    assert_eq!(send(&site, "pelatih-1", &form, &[("do", "save"), ("text", &on)]).status, 303);
    let form = site.get("pelatih-1", &page("/sunting"));
    let waits = [("do", "submit"), ("text", &*on), ("summary", "Lebih singkat.")];
    assert_eq!(send(&site, "pelatih-1", &form, &waits).status, 409);
    assert_eq!(publish(&site, "penelaah-1", &review, "redaksional").status, 303);
    assert!(site.app.draft(&id()).unwrap().is_some(), "what was written on stays");

    let stale = send(&site, "pelatih-1", &form, &waits);
    assert_eq!(stale.status, 412);
    let merged = site.get("pelatih-1", &page("/sunting"));
    for reply in [&stale, &merged] {
        assert!(reply.has("Edisi 2 terbit setelah naskah ini dimulai"), "{}", reply.main());
        assert!(reply.has("menemani") && reply.has("Minta dua ibu memegang tali."));
        assert_eq!(reply.hidden("base"), "2");
    }
    let both =
        first.replace("Minta dua peserta memegang ujung tali.", "Minta dua ibu memegang tali.");
    let fields = [("do", "submit"), ("text", &*both), ("summary", "Lebih singkat.")];
    let sent = send(&site, "pelatih-1", &merged, &fields);
    assert_eq!(
        (sent.status, sent.location()),
        (303, &*format!("/tinjauan/{SESI}?selesai=diajukan")),
        "{sent:?}"
    );
}

#[test]
fn what_must_be_mended_is_not_handed_in_and_nothing_typed_is_lost() {
    let site = Site::new();
    let text = live_text(&site);
    let number = text.replace(OLD_WORDS, "menyebut 3520071234567890");
    for (text, summary, words) in [
        (&*number, "x", "deretan 16 angka"),
        (&*text.replace("## Tujuan", "## Tujuan apa"), "x", "masalah yang harus diperbaiki"),
        (&*text.replace(&format!("id: {SESI}"), "id: lain"), "x", "Kepala naskah menyebut id"),
        (&*format!("{text}\n<<<<<<< tulisan Anda\n"), "x", "baris tanda"),
        (&*text.replace(OLD_WORDS, NEW_WORDS), "", "Tulis ringkas apa yang berubah."),
        (&*text, "x", "sama dengan edisi yang sudah terbit"),
        ("  ", "x", "Naskahnya kosong"),
    ] {
        let form = site.get("pelatih-1", &page("/sunting"));
        let fields = [("do", "submit"), ("text", text), ("summary", summary)];
        let reply = send(&site, "pelatih-1", &form, &fields);
        assert_eq!(reply.status, 422, "{words}");
        assert!(reply.has(words), "lacks {words:?}: {}", &reply.main()[..2_000]);
        assert!(site.app.state().sesi(&id()).unwrap().submission.is_none());
    }
    let form = site.get("pelatih-1", &page("/sunting"));
    let hostile =
        format!("{text}\n\n## <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n");
    let shown = send(&site, "pelatih-1", &form, &[("do", "preview"), ("text", &hostile)]);
    assert!(shown.status == 200 && !shown.has("<script>alert") && !shown.has("<img src=x"));
    assert_ne!(site.app.draft(&id()).unwrap().map(|draft| draft.text), Some(hostile));
    assert_eq!(send(&site, "pelatih-1", &form, &[("do", "discard")]).status, 303);
    assert_eq!(site.app.draft(&id()).unwrap(), None);
}

#[test]
fn an_old_edition_comes_back_as_a_draft_and_never_over_another() {
    let site = Site::new();
    let first = live_text(&site);
    let review = submitted(&site, "pelatih-1", &first.replace(OLD_WORDS, NEW_WORDS));
    assert_eq!(publish(&site, "penelaah-1", &review, "redaksional").status, 303);
    let restore = |who| site.post(who, &page("/pulihkan"), &[("edition", "1")]);
    assert_eq!(restore("pendamping-1").status, 403);
    assert_eq!(restore("pelatih-1").location(), page("/sunting?selesai=naskah"));
    let draft = site.app.draft(&id()).unwrap().unwrap();
    assert_eq!((draft.text == first, draft.base), (true, Some(2)));
    let form = site.get("pelatih-2", &page("/sunting"));
    let text = first.replace("isi piringnya", "isi bakulnya");
    assert_eq!(send(&site, "pelatih-2", &form, &[("do", "save"), ("text", &text)]).status, 303);
    let refused = restore("pelatih-1");
    assert!(refused.status == 409 && refused.has("belum terbit"), "{}", refused.main());
}

#[test]
fn only_those_who_write_and_review_come_near_a_draft() {
    let site = Site::new();
    let (editor, review) = (page("/sunting"), format!("/tinjauan/{SESI}"));
    submitted(&site, "pelatih-1", &live_text(&site).replace(OLD_WORDS, NEW_WORDS));
    for (who, edits, reviews) in [
        (ANYONE, 303, 303),
        ("pendamping-1", 403, 403),
        ("supervisor-1", 403, 403),
        ("admin-1", 403, 403),
        ("pelatih-2", 200, 200),
        ("penelaah-1", 403, 200),
    ] {
        assert_eq!(site.get(who, &editor).status, edits, "{who} {editor}");
        assert_eq!(site.post(who, &editor, &[("do", "preview")]).status, edits, "{who} {editor}");
        for path in ["/tinjauan", &review] {
            assert_eq!(site.get(who, path).status, reviews, "{who} {path}");
        }
        let seen = site.get(who, &page("/riwayat")).has("menunggu tinjauan");
        assert_eq!(seen, reviews == 200, "{who}");
    }
}

#[test]
fn a_profile_says_why_and_changes_the_password() {
    let site = Site::new();
    assert_eq!(site.get(ANYONE, "/profil").status, 303);
    let before = site.get("supervisor-1", "/profil");
    assert!(before.has("Ogan Komering Ilir") && before.has("Anda melihat semua kelompok"));
    let account = Some(site.account("supervisor-1"));
    let link = site.app.make_link(Actor::System, account).unwrap();
    let login = site.app.use_link(&link, hash_password("kata sandi lama").unwrap(), None).unwrap();
    let cookie = format!("masuk={}", login.expose());
    // The link ended the logins from before.
    assert_eq!(site.get("supervisor-1", "/profil").status, 303);
    for (old, new, repeat, words) in [
        ("salah salah salah", "kata sandi baru", "kata sandi baru", "tidak cocok"),
        ("kata sandi lama", "kata sandi baru", "kata sandi lain", "tidak sama"),
        ("kata sandi lama", "pendek", "pendek", "terlalu pendek"),
    ] {
        let fields = [("old", old), ("password", new), ("repeat", repeat)];
        let reply = site.post_as(&cookie, "/profil/sandi", &fields);
        assert!(reply.status == 422 && reply.has(words), "{words}: {}", reply.main());
    }
    let new = "kata sandi baru";
    let fields = [("old", "kata sandi lama"), ("password", new), ("repeat", new)];
    let reply = site.post_as(&cookie, "/profil/sandi", &fields);
    assert_eq!((reply.status, reply.location()), (303, "/profil?selesai=kata-sandi"));
    let fresh = reply.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(site.get_with(ANYONE, "/profil", &[("cookie", &fresh)]).status, 200);
    assert_eq!(site.get_with(ANYONE, "/profil", &[("cookie", &cookie)]).status, 303);
    assert!(site.app.check_password("supervisor-1", new).is_ok());
}
