//! Every page of every role, on a phone and at a desk, by day and by night.

use std::collections::BTreeSet;

use crate::editing;
use crate::tab::Tab;
use crate::world::World;

/// What is looked at on a page; takes the width of the window.
const CHECK: &str = include_str!("check.js");

/// A text that waits for a review while the pages are looked at.
const WAITING: &str = "mengelola-keuangan-keluarga";

/// Pages that anyone may open; those who are logged in see more on them.
const PUBLIC: &[&str] = &[
    "/",
    "/kurikulum",
    "/modul/kesehatan-gizi",
    "/sesi/gizi-ibu-menyusui-dan-balita",
    "/sesi/gizi-ibu-menyusui-dan-balita?edisi=1",
    "/sesi/istilah",
    "/sesi/gizi-ibu-menyusui-dan-balita/sajian",
    "/sesi/gizi-ibu-menyusui-dan-balita/sajian?langkah=2",
    "/sesi/gizi-ibu-menyusui-dan-balita/riwayat",
    "/sesi/gizi-ibu-menyusui-dan-balita/bandingkan",
    "/cetak/sesi/gizi-ibu-menyusui-dan-balita",
    "/cetak/sesi/gizi-ibu-menyusui-dan-balita?varian=panduan&kertas=a3",
    "/cetak/modul/kesehatan-gizi",
    "/cari",
    "/cari?q=asi%20ekslusif",
    "/cari?q=zzqqxx",
    "/cari?q=hamil&sasaran=ibu%20hamil&bagian=pesan-kunci",
    "/bantuan",
    "/api",
];

/// Pages of a role besides those, by its demo login; the empty login is a visitor. `{pertemuan}` is
/// one of the kelompok OKI-029, `{serah}` where a pendamping's kelompok are handed over.
const OWN: &[(&str, &[&str])] = &[
    ("", &["/masuk"]),
    (
        "pendamping",
        &[
            "/kelompok",
            "/kelompok?tampil=belum",
            "/kelompok/OKI-029",
            "/kelompok/OKI-029/kursi",
            "/kelompok/OKI-029/catat",
            "/kelompok/OKI-029/rencana",
            "{pertemuan}",
            "{pertemuan}/koreksi",
            "{pertemuan}/tercatat",
            "/cakupan",
            "/cakupan/daftar?apa=tuntas",
            "/cakupan/daftar?apa=bertemu",
            "/laporan",
            "/cetak/paket/OKI-029",
            "/ganda",
            "/profil",
        ],
    ),
    (
        "supervisor",
        &[
            "/kelompok",
            "/kelompok/OKI-029",
            "{pertemuan}",
            "{pertemuan}/koreksi",
            "/cakupan",
            "/cakupan?per=desa",
            "/cakupan?per=kelompok",
            "/cakupan?per=pendamping",
            "/cakupan?pada=2026-06-30",
            "/cakupan?wilayah=16.02.20",
            "/cakupan?per=kelompok&tampil=lewat&urut=lewat",
            "/cakupan/beda?bulan=2026-10&angka=bertemu",
            "/kelompok/OKI-029/rencana",
            "/cakupan/daftar?apa=lewat",
            "/cakupan/daftar?apa=tuntas",
            "/cakupan/daftar?apa=tepat-waktu",
            "/cakupan/daftar?apa=kelompok",
            "/laporan",
            "/laporan?bulan=2026-10",
            "/laporan?rentang=24",
            "/wilayah/16.02",
            "/wilayah/16.02.20",
            "/wilayah/16.02/libur",
            "/wilayah?cari=kayuagung",
            "/kunjungan",
            "/kunjungan/baru",
            "/kunjungan/baru?kelompok=OKI-029",
            "/pemeriksaan",
            "/pemeriksaan/1",
            "/pemeriksaan?tampil=semua",
            "/ganda",
            "/setelan/sasaran",
            "/profil",
        ],
    ),
    (
        "pelatih",
        &[
            "/sesi/gizi-ibu-menyusui-dan-balita/sunting",
            "/sesi/mengelola-keuangan-keluarga/sunting",
            "/tinjauan",
            "/tinjauan?lihat=selesai",
            "/cari/belum-ditemukan",
            "/cari?q=anak&naskah=ya",
            "/tinjauan/mengelola-keuangan-keluarga",
            "/cakupan",
            "/laporan",
            "/wilayah/16.02",
            "/profil",
        ],
    ),
    (
        "penelaah",
        &[
            "/tinjauan",
            "/tinjauan?lihat=selesai",
            "/cari/belum-ditemukan",
            "/cari?q=anak&naskah=ya",
            "/tinjauan/mengelola-keuangan-keluarga",
            "/cakupan",
            "/laporan",
            "/profil",
        ],
    ),
    (
        "admin",
        &[
            "/kelompok",
            "/kelompok/OKI-029",
            "/kelompok/OKI-029/kursi",
            "/kelompok/OKI-029/kelola",
            "/ubah-kelompok?k=OKI-029&k=OKI-030",
            "/tambah-kelompok",
            "/impor",
            "/impor?jenis=pertemuan",
            "{serah}",
            "{pertemuan}",
            "/cakupan",
            "/cakupan?per=kelompok",
            "/laporan",
            "/wilayah",
            "/wilayah/16.02",
            "/wilayah/16.02.20",
            "/pengguna",
            "/pengguna?q=pendamping",
            "/kunjungan",
            "/pemeriksaan",
            "/profil",
        ],
    ),
];

/// Pages that say no, with how they say it: they are looked at like any other.
const REFUSED: &[(&str, &str, u64)] = &[
    ("", "/tidak-ada", 404),
    ("", "/tautan/tidak-ada", 409),
    ("pendamping", "/kelompok/TIDAK-ADA", 404),
    ("pendamping", "/tinjauan", 403),
    ("supervisor", "/pengguna", 403),
    ("supervisor", "/setelan", 403),
    ("supervisor", "/impor", 403),
    ("supervisor", "/cakupan?pada=kemarin", 422),
    ("supervisor", "/kunjungan/tidak-ada", 404),
    ("pelatih", "/kelompok", 403),
];

/// Findings that wait for a change elsewhere: a page's address and what is found there. One that is
/// no longer found must be struck off.
const KNOWN: &[(&str, &str)] = &[];

/// What was opened, and all that is wrong with it.
#[derive(Default)]
struct Seen {
    pages: usize,
    wrong: BTreeSet<String>,
}

/// Opens all of the tables.
pub(crate) async fn every_page_of_every_role(world: &World) -> String {
    editing::hand_in(world, WAITING, "Tulis satu pengeluaran yang dapat ditunda.").await;
    let meeting = meeting(world).await;
    let handover = handover(world).await;
    let mut seen = Seen::default();
    for (login, own) in OWN {
        let mut tab =
            if login.is_empty() { world.visitor().await } else { world.member(login).await };
        let refused = REFUSED.iter().filter(|(of, _, _)| of == login);
        let all = PUBLIC.iter().chain(*own).map(|path| (*path, 200));
        for (path, status) in all.chain(refused.map(|(_, path, status)| (*path, *status))) {
            let path = path.replace("{pertemuan}", &meeting).replace("{serah}", &handover);
            look(&mut tab, &path, status, &mut seen.wrong).await;
            seen.pages += 1;
        }
    }
    for (page, finding) in KNOWN {
        let all = seen.wrong.len();
        seen.wrong.retain(|one| !(one.starts_with(page) && one.ends_with(finding)));
        assert!(seen.wrong.len() < all, "{page}: \"{finding}\" is no longer found, strike it off");
    }
    let said: String = seen.wrong.iter().map(|one| format!("\n  {one}")).collect();
    assert!(seen.wrong.is_empty(), "{} findings on {} pages:{said}", seen.wrong.len(), seen.pages);
    format!("{} pages, each narrow and light, then wide and dark", seen.pages)
}

/// The address of a record that all who may see the kelompok may see.
async fn meeting(world: &World) -> String {
    let mut tab = world.member("pendamping").await;
    tab.open("/kelompok/OKI-029").await;
    let href = tab.ask("document.querySelector('main a[href^=\"/pertemuan/\"]').pathname").await;
    href.as_str().unwrap().to_owned()
}

/// The address where the kelompok of a pendamping are handed over.
async fn handover(world: &World) -> String {
    let mut tab = world.member("admin").await;
    tab.open("/pengguna?nama=pendamping").await;
    let href = tab.ask("document.querySelector('main a[href$=\"/serah-terima\"]').pathname").await;
    href.as_str().unwrap().to_owned()
}

/// Looks at a page on a phone by day and at a desk by night.
async fn look(tab: &mut Tab, path: &str, status: u64, wrong: &mut BTreeSet<String>) {
    tab.complaints();
    tab.open(path).await;
    let got = tab.ask("performance.getEntriesByType('navigation')[0].responseStatus").await;
    if got != status {
        wrong.insert(format!("{path}: status {got} instead of {status}"));
        return;
    }
    for (width, scheme) in [(360, "light"), (1280, "dark")] {
        tab.width(width).await;
        tab.prefers(scheme).await;
        let found = tab.ask(&format!("{CHECK}({width})")).await;
        for one in found.as_array().unwrap() {
            wrong.insert(format!("{path} at {width}, {scheme}: {}", one.as_str().unwrap()));
        }
    }
    for one in tab.complaints() {
        // The refusal itself is told on the console; nothing else is.
        if status == 200 || !one.contains(&format!("status of {status}")) {
            wrong.insert(format!("{path}: {one}"));
        }
    }
}
