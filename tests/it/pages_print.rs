//! The choices before printing and the files behind them, through the router.

use crate::support::http::{ANYONE, Reply, Site};

const SESI: &str = "gizi-dan-layanan-kesehatan-ibu-hamil";
const OTHER: &str = "gizi-ibu-menyusui-dan-balita";
const CHOICES: &str = "/cetak/sesi/gizi-dan-layanan-kesehatan-ibu-hamil";
const PENDAMPING: &str = "pendamping-1";

/// Whether a choice is set on the page.
fn is_set(reply: &Reply, name: &str, value: &str) -> bool {
    let mark = format!("name=\"{name}\" value=\"{value}\"");
    let behind = reply.body.split(&mark).nth(1).unwrap_or_else(|| panic!("no {mark}"));
    behind.starts_with(" checked")
}

#[test]
fn the_choices_say_what_they_cost() {
    let site = Site::new();
    for (path, words) in [
        (CHOICES.to_owned(), "7\u{a0}lembar A4, atau 4 bila bolak-balik"),
        (format!("{CHOICES}?kertas=a5-lipat"), "lembar A4, dicetak bolak-balik lalu dilipat"),
        (format!("{CHOICES}?varian=keluarga&kertas=f4"), "1\u{a0}lembar F4"),
        (
            format!("{CHOICES}?varian=lembar-balik&kertas=a3"),
            "6\u{a0}lembar A3, dicetak bolak-balik",
        ),
        (format!("{CHOICES}?varian=keluarga&kertas=a3"), "Ukuran A3 hanya untuk lembar balik."),
        ("/cetak/modul/kesehatan-gizi".to_owned(), "lembar A4"),
        ("/cetak/sesi/istilah?varian=keluarga".to_owned(), "belum mempunyai lembar keluarga"),
    ] {
        let reply = site.get(ANYONE, &path);
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.main().contains(words), "{path} lacks {words:?}: {}", reply.main());
    }
    for path in ["/cetak/sesi/tidak-ada", "/cetak/modul/tidak-ada", "/cetak/sesi/literasi-digital"]
    {
        assert_eq!(site.get(ANYONE, path).status, 404, "{path}");
    }
    assert_eq!(site.get(ANYONE, &format!("{CHOICES}?kertas=letter")).status, 422);
}

#[test]
fn the_last_choice_is_remembered_where_the_form_asks_for_it() {
    let site = Site::new();
    let sent = format!("{CHOICES}?varian=panduan&kertas=f4&hemat=ya&ingat=ya");
    let cookie = site.get(ANYONE, &sent).header("set-cookie").to_owned();
    assert!(cookie.starts_with("cetak=f4.hemat; Path=/cetak;"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let kept = cookie.split(';').next().unwrap();
    let again = site.get_with(ANYONE, CHOICES, &[("cookie", kept)]);
    assert!(is_set(&again, "kertas", "f4") && is_set(&again, "hemat", "ya"), "{}", again.main());
    assert!(!is_set(&again, "besar", "ya"));
    // A link that is passed on gives everybody the same paper and changes nothing.
    let link = format!("{CHOICES}.pdf?kertas=a5");
    let passed_on = site.get_with(ANYONE, &link, &[("cookie", kept)]);
    assert_eq!(passed_on.header("set-cookie"), "");
    let plain = site.get_with(ANYONE, &format!("{CHOICES}.pdf"), &[("cookie", kept)]);
    assert!(plain.header("content-disposition").contains("-panduan-A4.pdf"), "{plain:?}");
}

#[test]
fn files_are_shown_or_saved_under_a_good_name() {
    let site = Site::new();
    for (query, disposition) in [
        (
            "",
            "inline; filename=\"P2K2-08-pentingnya-gizi-dan-layanan-kesehatan-ibu-hamil-panduan-A4.pdf\"",
        ),
        (
            "?varian=keluarga&kertas=f4-210&simpan=ya",
            "attachment; filename=\"P2K2-08-pentingnya-gizi-dan-layanan-kesehatan-ibu-hamil-lembar-keluarga-F4-210.pdf\"",
        ),
    ] {
        let reply = site.get(ANYONE, &format!("{CHOICES}.pdf{query}"));
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/pdf"));
        assert_eq!(reply.header("content-disposition"), disposition);
        assert!(reply.body.starts_with("%PDF-"), "{query}");
    }
    let picture = site.get(ANYONE, &format!("{CHOICES}.svg?varian=lembar-balik"));
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(picture.body.starts_with("<svg"));
    // The policy of every page holds for the picture too: nothing in it may be inline.
    assert!(!picture.body.contains(" style=") && !picture.body.contains("<style"));
}

#[test]
fn a_pack_of_several_sesi_is_chosen_on_a_page() {
    let site = Site::new();
    let page = site.get(PENDAMPING, "/cetak/paket/OKI-1");
    assert_eq!(page.status, 200);
    // What comes next by the plan is chosen already.
    assert!(is_set(&page, "sesi", "menjadi-orang-tua-yang-lebih-baik"), "{}", page.main());
    let query = format!("sesi={SESI}&sesi={OTHER}&lembar=3&kertas=f4&dua=ya&tanggal=2026-11-28");
    let two = site.get(PENDAMPING, &format!("/cetak/paket/OKI-1?{query}"));
    assert!(is_set(&two, "sesi", SESI) && is_set(&two, "sesi", OTHER));
    assert!(two.has("lembar F4, dicetak satu sisi"), "{}", two.main());
    let pdf = site.get(PENDAMPING, &format!("/cetak/paket/OKI-1/pilihan.pdf?{query}"));
    let name = "inline; filename=\"P2K2-paket-melati-oki-1-sesi-08-09-F4.pdf\"";
    assert_eq!(pdf.header("content-disposition"), name);
    let none = site.get(PENDAMPING, "/cetak/paket/OKI-1?kertas=a4");
    assert!(none.has("Pilih paling sedikit satu sesi."), "{}", none.main());
    let seven = format!("/cetak/paket/OKI-1?kertas=a4{}", format!("&sesi={SESI}").repeat(7));
    assert!(site.get(PENDAMPING, &seven).has("paling banyak 6 sesi"));
    for (who, path, status) in [
        ("pendamping-2", "/cetak/paket/OKI-1", 404),
        ("pendamping-2", "/cetak/paket/OKI-1/pilihan.pdf", 404),
        (PENDAMPING, "/cetak/paket/OKI-9", 404),
        (ANYONE, "/cetak/paket/OKI-1", 303),
        (PENDAMPING, "/cetak/paket/OKI-1/menjadi-orang-tua-yang-lebih-baik", 404),
        (PENDAMPING, "/cetak/paket/OKI-1/menjadi-orang-tua-yang-lebih-baik.svg", 200),
        (PENDAMPING, "/cetak/daftar-hadir/OKI-1.pdf?kertas=a3", 422),
    ] {
        assert_eq!(site.get(who, path).status, status, "{who} {path}");
    }
}

#[test]
fn with_a_public_address_there_is_a_text_to_pass_on() {
    let site = Site::at(Some("http://p2k2.contoh.go.id"));
    let page = site.get(ANYONE, &format!("{CHOICES}?varian=keluarga&kertas=f4&ingat=ya"));
    let link = format!("http://p2k2.contoh.go.id{CHOICES}.pdf?varian=keluarga&#38;kertas=f4");
    let text = "Lembar keluarga Sesi 8: Pentingnya Gizi dan Layanan Kesehatan Ibu Hamil (PDF)\n";
    assert!(page.has(&format!("{text}{link}")), "{}", page.main());
    assert!(page.has("https://wa.me/?text=Lembar%20keluarga%20Sesi%208"), "{}", page.main());
    // Without one a link would lead nowhere.
    assert!(!Site::new().get(ANYONE, CHOICES).has("wa.me"));
}

/// Whatever stands in an address: the file, or one sentence that says what to do.
#[test]
fn what_an_address_cannot_mean_is_said_in_a_sentence() {
    const SUPERVISOR: &str = "supervisor-1";
    let site = Site::new();
    let (sheet, plan) = ("/cetak/daftar-hadir/OKI-1.pdf", "/cetak/rtl/OKI-1.pdf");
    let (coverage, recap) = ("/cetak/cakupan.pdf", "/cetak/rekap/16.02/2026-10.pdf");
    let pack = "/cetak/paket/OKI-1/menjadi-orang-tua-yang-lebih-baik.pdf";
    let guide = format!("{CHOICES}.pdf");
    let unread = "tidak terbaca. Tulis seperti";
    let paper = "Ukuran kertas ini tidak dikenal. Pilih a4, f4";
    for (path, status, words) in [
        (format!("{coverage}?pada=2026-13-40"), 422, "tidak ada di kalender"),
        (format!("{coverage}?pada=kemarin"), 422, unread),
        (format!("{coverage}?pada=-0001-01-01"), 422, unread),
        (format!("{coverage}?pada=9999-12-31"), 422, "belum terjadi. Pilih hari ini"),
        (format!("{coverage}?pada=1900-01-01"), 200, ""),
        (format!("{coverage}?pada=2026-10-31&kertas=f4"), 200, ""),
        (format!("{coverage}?per=dusun"), 422, "Pilih kelompok, desa"),
        (format!("{coverage}?per=provinsi"), 422, "setingkat wilayahnya"),
        (format!("{coverage}?wilayah=35.20"), 404, "Wilayah ini tidak ditemukan"),
        (format!("{coverage}?wilayah=xx"), 422, "xx"),
        (format!("{coverage}?kertas=letter"), 422, paper),
        (format!("{coverage}?kertas=a3"), 422, "Ukuran A3 hanya untuk lembar balik."),
        (recap.to_owned(), 200, ""),
        (format!("{recap}?kertas=f4&per=desa"), 200, ""),
        (format!("{recap}?per=x"), 422, "Pilih kelompok, desa"),
        (format!("{recap}?kertas=x"), 422, paper),
        ("/cetak/rekap/16.02/2026-13.pdf".to_owned(), 404, "Rekap bulan ini tidak ditemukan"),
        ("/cetak/rekap/16.02/2027-01.pdf".to_owned(), 404, "Rekap bulan ini tidak ditemukan"),
        ("/cetak/rekap/35.20/2026-10.pdf".to_owned(), 404, "Wilayah ini tidak ditemukan"),
        (format!("{sheet}?kertas=f4&tanggal=2026-11-28"), 200, ""),
        (format!("{sheet}?tanggal=besok"), 422, unread),
        (format!("{sheet}?kertas=x"), 422, paper),
        (format!("{plan}?kertas=f4"), 200, ""),
        (format!("{plan}?tanggal=besok"), 422, unread),
        (format!("{plan}?kertas=x"), 422, paper),
        ("/cetak/rtl/MGT-1.pdf".to_owned(), 404, "Kelompok ini tidak ditemukan"),
        (format!("{pack}?tanggal=besok"), 422, unread),
        (format!("{pack}?lembar=banyak"), 422, "harus bilangan dari 0 sampai 200"),
        (format!("{pack}?kertas=x"), 422, paper),
        (format!("{guide}?varian=x"), 422, "Pilih panduan, keluarga"),
        (format!("{guide}?kertas=x"), 422, paper),
        (format!("{guide}?edisi=x"), 422, "“edisi” harus bilangan"),
        (format!("{guide}?edisi=99"), 404, "Edisi ini tidak ditemukan"),
    ] {
        let reply = site.get(SUPERVISOR, &path);
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
        if status == 200 {
            assert!(reply.body.starts_with("%PDF-"), "{path}");
        } else {
            assert!(reply.main().contains(words), "{path} lacks {words:?}: {}", reply.main());
            // Nothing was typed, so nothing is said of what was typed.
            assert!(!reply.main().contains("Isian"), "{path}: {}", reply.main());
        }
    }
}
