//! Entering many rows from a file on the web, and one kelompok by hand.

use p2k2::command::Command;
use p2k2::people::account::{Grant, Role};

use crate::support::http::{ANYONE, Reply, Site, system};

const PENDAMPING: &str = "pendamping-1";
const SUPERVISOR: &str = "supervisor-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";

const KELOMPOK: &str = "id,nama,kode_desa,anggota,pendamping,mulai\n";

fn upload(site: &Site, who: &str, kind: &str, text: &str) -> Reply {
    site.upload(who, "/impor", &[("jenis", kind)], Some(("data.csv", text.as_bytes())))
}

/// What the page says of a file.
fn checked(site: &Site, kind: &str, text: &str) -> Reply {
    let sent = upload(site, ADMIN, kind, text);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = site.get(ADMIN, sent.location());
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// Sends the form that enters a file that was checked.
fn enter(site: &Site, page: &Reply) -> Reply {
    let (id, file) = (page.hidden("id"), page.hidden("berkas"));
    site.post(ADMIN, "/impor/masukkan", &[("id", &id), ("berkas", &file)])
}

fn rows(page: &Reply) -> Vec<String> {
    let cells = page.main().split("data-label=\"Baris\">").skip(1);
    cells.map(|cell| cell.split('<').next().unwrap().to_owned()).collect()
}

#[test]
fn only_an_admin_imports_and_adds() {
    let site = Site::new();
    let gets =
        ["/impor", "/impor?jenis=kelompok", "/impor/contoh/kelompok.csv", "/tambah-kelompok"];
    for (who, status) in
        [(ADMIN, 200), (SUPERVISOR, 403), (PENDAMPING, 403), ("pelatih-1", 403), (ANYONE, 303)]
    {
        for path in gets {
            assert_eq!(site.bytes_status(who, path), status, "{who} {path}");
        }
        if who != ADMIN {
            let before = site.app.state().seq;
            let sent = [
                upload(&site, who, "kelompok", KELOMPOK),
                site.post(who, "/impor/masukkan", &[("berkas", "0")]),
                site.post(who, "/tambah-kelompok", &[("nama", "Melati")]),
            ];
            for reply in sent {
                assert_eq!(reply.status, status, "{who}: {}", reply.body);
            }
            assert_eq!(site.app.state().seq, before, "{who}");
        }
        let list = site.get(who, "/kelompok");
        assert_eq!(list.has("/tambah-kelompok"), who == ADMIN, "{who}");
    }
    let people = site.get(ADMIN, "/pengguna");
    assert!(people.has("/impor?jenis=pengguna"), "{}", people.main());
}

#[test]
fn a_file_is_looked_at_first_and_entered_as_it_was_looked_at() {
    let site = Site::new();
    let before = site.app.state().seq;
    let bad = format!(
        "{KELOMPOK}OKI-7,Mawar,16.02.05.1001,20,pendamping-1,2025-01-01\n\
         OKI-8,Dahlia,16.02.05.1001,banyak,,2025-01-01\n\
         OKI-9,Kamboja,99.99.99.9999,20,,2025-02-30\n\
         MGT-9,Anggrek,35.20.01.2001,20,,2025-01-01\n"
    );
    let page = checked(&site, "kelompok", &bad);
    assert!(page.has("3 baris perlu diperbaiki"), "{}", page.main());
    assert!(page.has("<code>anggota</code>") && page.has("“banyak” bukan jumlah orang"));
    assert!(page.has("<code>mulai</code>") && page.has("tidak ada di kalender"));
    assert!(page.has("di luar wewenang Anda") || page.has("35.20.01.2001"), "{}", page.main());
    assert!(rows(&page).contains(&"3".to_owned()), "{:?}", rows(&page));
    assert!(!page.has("action=\"/impor/masukkan\""), "{}", page.main());

    let good = format!(
        "{KELOMPOK}OKI-7,Mawar,16.02.05.1001,20,pendamping-1,2025-01-01\n\
         oki-1,Melati OKI-1,16.02.05.1001,24,pendamping-1,2025-01-01\n"
    );
    let page = checked(&site, "kelompok", &good);
    assert!(page.has("siap diimpor") && page.has("Impor 2 baris"), "{}", page.main());
    for count in
        ["<dt>Baru</dt><dd class=\"num\">1</dd>", "<dt>Berubah</dt><dd class=\"num\">1</dd>"]
    {
        assert!(page.has(count), "{count}: {}", page.main());
    }
    assert_eq!(site.app.state().seq, before, "looking at it writes nothing");

    let entered = enter(&site, &page);
    assert_eq!(entered.status, 303, "{}", entered.body);
    let done = site.get(ADMIN, entered.location());
    assert!(done.has("Kelompok sudah diimpor"), "{}", done.main());
    assert!(done.has("<dt>Baru</dt><dd class=\"num\">1</dd>"), "{}", done.main());
    let after = site.app.state().seq;
    assert!(after > before);
    {
        let state = site.app.state();
        let group = state.group("OKI-7").unwrap();
        assert_eq!(
            (group.name.as_str(), group.members("2026-01-01".parse().unwrap())),
            ("Mawar", 20)
        );
    }
    // The same form again, and the same file again, enter nothing.
    assert_eq!(enter(&site, &page).location(), entered.location());
    let again = checked(&site, "kelompok", &good);
    assert!(again.has("Tidak ada yang perlu diimpor"), "{}", again.main());
    assert_eq!(site.app.state().seq, after);
}

#[test]
fn what_was_not_looked_at_is_not_entered() {
    let site = Site::new();
    let page = checked(&site, "wilayah", "kode,nama\n16.02.05.1009,Sukadana\n");
    let (id, file) = (page.hidden("id"), page.hidden("berkas"));
    // Another file takes its place before the first is entered.
    checked(&site, "wilayah", "kode,nama\n16.02.05.1010,Sidakersa\n");
    let before = site.app.state().seq;
    let gone = site.post(ADMIN, "/impor/masukkan", &[("id", &id), ("berkas", &file)]);
    let said = site.get(ADMIN, gone.location());
    assert!(said.has("sudah tidak ada di server"), "{}", said.main());
    assert_eq!(site.app.state().seq, before);
    for (fields, file, words) in [
        (vec![("jenis", "kelompok")], None, "Pilih berkas CSV atau XLSX."),
        (vec![], Some(("a.csv", &b"kode,nama\n"[..])), "Pilih apa yang diimpor."),
        (vec![("jenis", "uang")], Some(("a.csv", &b"kode,nama\n"[..])), "Pilih apa yang diimpor."),
    ] {
        let reply = site.upload(ADMIN, "/impor", &fields, file);
        assert!(reply.status == 422 && reply.has(words), "{words}: {}", reply.body);
    }
    let large = vec![b'a'; 9 << 20];
    let reply = site.upload(ADMIN, "/impor", &[("jenis", "wilayah")], Some(("a.csv", &large)));
    assert!(reply.status == 413 && reply.has("lebih besar dari 8 MB"), "{}", reply.body);
    let form = site.post(ADMIN, "/impor", &[("jenis", "wilayah")]);
    assert!(form.status == 400 && form.has("Pilih berkasnya lagi"), "{}", form.body);
    for (text, words) in [
        ("", "Berkas ini kosong"),
        ("kode;nama\n", "tidak memuat baris data"),
        ("id,nama,kode_desa,anggota,pendamping,mulai\n", "tampaknya berkas kelompok"),
    ] {
        let page = checked(&site, "wilayah", text);
        assert!(page.has(words), "{words}: {}", page.main());
        assert!(!page.has("action=\"/impor/masukkan\""), "{}", page.main());
    }
}

#[test]
fn a_row_of_pertemuan_is_told_by_its_columns() {
    let site = Site::new();
    let heading =
        "id,kelompok,tanggal,sesi,keterangan_sesi,hadir,sakit,alfa,jenis,catatan,edisi,anggota\n";
    let row = |rest: &str| format!("{heading}b-1,OKI-1,2026-11-20,1,tuntas,{rest}\n");
    for (rest, column, words) in [
        ("30,1,1,lengkap,,,", "anggota", "Isi kolom anggota bila jumlahnya memang berbeda"),
        ("24,2,1,lengkap,,,", "hadir", "isi kolom anggota"),
        ("23,1,1,lengkap,,,0", "anggota", "Isi kolom anggota dengan 1 atau lebih"),
        ("23,1,1,lengkap,,9,", "edisi", "Edisi 9"),
        ("23,1,1,rapat,,,", "jenis", "tidak dikenal"),
    ] {
        let page = checked(&site, "pertemuan", &row(rest));
        assert!(page.has(&format!("<code>{column}</code>")), "{rest}: {}", page.main());
        assert!(page.has(words), "{rest}: {}", page.main());
        assert!(!page.has("Anggota hari itu") && !page.has("sesi.0"), "{rest}: {}", page.main());
    }
    let page = checked(&site, "pertemuan", &row("23,1,1,lengkap,Hujan,,"));
    assert_eq!(enter(&site, &page).status, 303);
    let state = site.app.state();
    let group = state.group("OKI-1").unwrap();
    assert_eq!(group.fakta.len(), 1);
    let sesi = state.sesi_ix(&FIRST.parse().unwrap()).unwrap();
    assert_eq!(group.fakta.iter().next().unwrap().sesi[0].sesi, sesi);
}

#[test]
fn an_empty_file_of_each_kind_is_taken_back() {
    let site = Site::new();
    let page = site.get(ADMIN, "/impor");
    for kind in ["wilayah", "pengguna", "kelompok", "pertemuan"] {
        for ending in ["csv", "xlsx"] {
            let path = format!("/impor/contoh/{kind}.{ending}");
            assert!(page.has(&format!("href=\"{path}\"")), "{path}");
            let bytes = site.bytes(ADMIN, &path);
            let name = format!("contoh.{ending}");
            let sent = site.upload(ADMIN, "/impor", &[("jenis", kind)], Some((&name, &bytes)));
            let said = site.get(ADMIN, sent.location());
            assert!(said.has("tidak memuat baris data"), "{path}: {}", said.main());
        }
    }
    for path in ["/impor/contoh/uang.csv", "/impor/contoh/kelompok.pdf", "/impor/contoh/kelompok"] {
        assert_eq!(site.get(ADMIN, path).status, 404, "{path}");
    }
}

#[test]
fn one_kelompok_is_added_by_hand() {
    let site = Site::new();
    let fields = |changed: (&'static str, &'static str)| -> Vec<(&str, &str)> {
        let all = [
            ("nama", "Mawar 3"),
            ("kelompok", "OKI-30"),
            ("desa", "16.02.05.1001"),
            ("anggota", "22"),
            ("pendamping", "pendamping-1"),
            ("mulai", "2025-06-01"),
        ];
        all.map(|one| if one.0 == changed.0 { changed } else { one }).into()
    };
    let send = |changed| {
        let id = site.get(ADMIN, "/tambah-kelompok").hidden("id");
        let mut sent = vec![("id", id.as_str())];
        sent.extend(fields(changed));
        site.post(ADMIN, "/tambah-kelompok", &sent)
    };
    for (changed, target, words) in [
        (("nama", ""), "f-nama", "Tulis nama kelompok."),
        (("nama", "NIK 3520 0712 3456 7890"), "f-nama", "16 angka"),
        (("kelompok", "OKI 30"), "f-kelompok", "Id kelompok"),
        (("kelompok", "oki-1"), "f-kelompok", "sudah dipakai"),
        (("desa", ""), "f-desa", "Isi desanya"),
        (("desa", "16.02.05"), "f-desa", "bukan kode desa"),
        (("desa", "Atlantis"), "f-desa", "tidak ada di daftar"),
        (("desa", "16.02.05.9999"), "f-desa", "belum ada di daftar wilayah"),
        (("desa", "35.20.01.2001"), "f-desa", "di luar wewenang Anda"),
        (("anggota", "banyak"), "f-anggota", "bilangan bulat"),
        (("anggota", "0"), "f-anggota", "bilangan bulat"),
        (("anggota", "501"), "f-anggota", "terlalu besar"),
        (("pendamping", "siapa"), "f-pendamping", "Tidak ada pendamping"),
        (("mulai", "besok"), "f-mulai", "tidak terbaca"),
        (("mulai", "1900-05-05"), "f-mulai", "dimulai tahun 2007"),
    ] {
        let reply = send(changed);
        assert_eq!(reply.status, 422, "{changed:?}: {}", reply.body);
        assert!(reply.has(&format!("href=\"#{target}\"")), "{changed:?}: {}", reply.main());
        assert!(reply.has(words), "{changed:?} {words}: {}", reply.main());
        assert!(changed.0 == "nama" || reply.has("value=\"Mawar 3\""), "{changed:?}");
    }
    assert!(site.app.state().group("OKI-30").is_none());
    let added = send(("", ""));
    assert_eq!((added.status, added.location()), (303, "/kelompok/OKI-30?selesai=ditambah"));
    let page = site.get(ADMIN, added.location());
    assert!(page.has("Kelompok ditambahkan.") && page.has("22 anggota"), "{}", page.main());
    assert!(page.has("Didampingi"), "{}", page.main());
}

#[test]
fn the_list_offers_what_its_reader_may_do() {
    let mut site = Site::new();
    let both = vec![
        Grant { role: Role::Admin, area: "16.02".parse().unwrap() },
        Grant { role: Role::Supervisor, area: "16.02".parse().unwrap() },
    ];
    for (who, words) in [
        (ADMIN, "untuk menugaskan atau memindahkan sekaligus"),
        (SUPERVISOR, "untuk menangguhkan sekaligus"),
    ] {
        let page = site.get(who, "/kelompok");
        assert!(page.has(words), "{who}: {}", page.main());
    }
    assert!(!site.get(PENDAMPING, "/kelompok").has("sekaligus"));
    system(
        &site.app,
        Command::ChangeAccount {
            id: site.account(ADMIN),
            name: None,
            grants: Some(both),
            disabled: None,
        },
    );
    // New grants end every login.
    site.log_in();
    let page = site.get(ADMIN, "/kelompok");
    assert!(
        page.has("untuk menugaskan, memindahkan atau menangguhkan sekaligus"),
        "{}",
        page.main()
    );
    let none = site.get(ADMIN, "/kelompok?nama=zzz");
    assert!(none.has("Tidak ada kelompok yang cocok"), "{}", none.main());
}
