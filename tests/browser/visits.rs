//! Ogan Komering Ilir: seven of eighteen kecamatan are visited, one pertemuan with representatives
//! counts for nothing, and a head-count that differs waits until someone settles it.

use crate::field::{done, fact, figure, says, texts};
use crate::tab::Tab;
use crate::world::World;

/// The kecamatan that are visited, in the order of the visits.
const VISITED: [(&str, &str, &str); 7] = [
    ("16.02.08", "Sirah Pulau Padang", "2020-02-04"),
    ("16.02.05", "Kayu Agung", "2020-02-05"),
    ("16.02.03", "Pedamaran", "2020-02-11"),
    ("16.02.20", "Mesuji Makmur", "2020-03-03"),
    ("16.02.04", "Mesuji", "2020-07-07"),
    ("16.02.24", "Pedamaran Timur", "2020-07-21"),
    ("16.02.21", "Mesuji Raya", "2020-08-04"),
];

/// What the representatives heard of, each in part.
const TOUCHED: [&str; 5] = [
    "pelayanan-disabilitas-berat",
    "gizi-dan-layanan-kesehatan-ibu-hamil",
    "kesejahteraan-lanjut-usia",
    "menjadi-orang-tua-yang-lebih-baik",
    "membantu-anak-sukses-di-sekolah",
];

/// The whole scene.
pub(crate) async fn seven_of_eighteen(world: &World) {
    let mut supervisor = world.member("supervisor").await;
    supervisor.width(1280).await;
    visit(&mut supervisor).await;
    let before = numbers(&mut supervisor).await;
    assert_eq!(before, ["4 dari 28", "0 dari 2", "0", "2 dari 14"]);

    let mut pendamping = world.visitor().await;
    pendamping.scripts(false).await;
    world.log_in(&mut pendamping, "pendamping").await;
    represent(&mut pendamping).await;
    assert_eq!(numbers(&mut supervisor).await, before, "representatives count for nothing");

    check(&mut supervisor).await;
    settle(&mut supervisor).await;
    assert_eq!(numbers(&mut supervisor).await, before, "a count of members moves no coverage");
    listed(&mut supervisor).await;
}

/// Cells of the kabupaten, kelompok that met, cells that were begun, and the sesi of one kelompok.
async fn numbers(tab: &mut Tab) -> [String; 4] {
    let kelompok = done(tab, "OKI-1").await;
    tab.open("/cakupan").await;
    let begun = tab.text("table.cards tbody td[data-label='Sebagian']").await;
    [figure(tab, "Sesi tuntas").await, figure(tab, "Bertemu").await, begun, kelompok]
}

async fn visit(tab: &mut Tab) {
    tab.open("/kunjungan").await;
    says(tab, "h1 + .lead", &["0 dari 18 kecamatan dikunjungi"]).await;
    for (at, (kode, name, date)) in (1..).zip(VISITED) {
        tab.follow("main a.button[href^='/kunjungan/baru']").await;
        tab.choose("#f-place", kode).await;
        tab.choose("#f-date", date).await;
        tab.fill("#f-office", "Dinas Sosial").await;
        tab.fill("#f-attended", "P2K2 dengan perwakilan kelompok.").await;
        tab.follow("form[action='/kunjungan/baru'] button").await;
        says(tab, "main", &[name, "Dinas Sosial"]).await;
        tab.open("/kunjungan").await;
        says(tab, "h1 + .lead", &[&format!("{at} dari 18 kecamatan dikunjungi")]).await;
    }
    listed(tab).await;
}

/// The number of visited kecamatan on every page that says it, and both lists.
async fn listed(tab: &mut Tab) {
    tab.open("/kunjungan").await;
    assert_eq!(tab.text("h1 + .lead .ratio").await, "7 dari 18");
    let mut visited = VISITED;
    visited.sort_unstable();
    let wanted = visited.map(|(_, name, _)| name);
    assert_eq!(texts(tab, "section:has(#sudah) li a.strong").await, wanted);
    let rest = texts(tab, "section:has(#belum) li").await;
    assert_eq!(rest.len(), 11, "{rest:?}");
    assert!(rest.iter().all(|name| !wanted.contains(&name.as_str())), "{rest:?}");
    tab.open("/").await;
    says(tab, "main", &["7 dari 18 kecamatan dikunjungi tahun ini"]).await;
    tab.open("/wilayah/16.02").await;
    says(tab, "section:has(#kunjungan)", &["7 dari 18 kecamatan dikunjungi."]).await;
}

/// Records a pertemuan with 8 representatives that touches five sesi in part, without a script.
async fn represent(tab: &mut Tab) {
    tab.open("/kelompok/OKI-1/catat").await;
    tab.click("details:has(> summary + .stack [id='f-sesi.1']) > summary").await;
    for (at, sesi) in TOUCHED.iter().enumerate() {
        if at > 1 {
            tab.follow("button[name=refresh]").await;
        }
        tab.choose(&format!("[id='f-sesi.{at}.id']"), sesi).await;
        tab.click(&format!("[id='f-sesi.{at}'] label:has(input[value=sebagian])")).await;
    }
    tab.choose("#f-date", "2020-08-12").await;
    tab.choose("#f-kind", "perwakilan").await;
    let kind = tab.text("#f-kind option[value=perwakilan]").await;
    assert_eq!(kind, "Perwakilan (tidak dihitung dalam cakupan)");
    tab.fill("#f-present", "8").await;
    tab.follow("#f-isi > button").await;
    assert_eq!(tab.text("h1").await, "Pertemuan tercatat");
    let why = "Tidak dihitung dalam cakupan karena jenisnya perwakilan.";
    says(tab, ".notice.attention", &[why]).await;
    assert!(!tab.text("main").await.contains("menjadi sebagian"));
    tab.follow("main a.link[href^='/pertemuan/']").await;
    says(tab, "main", &["8 dari 25 hadir", why]).await;
    let touched = texts(tab, "ul.cells li").await;
    assert_eq!(touched.len(), TOUCHED.len(), "{touched:?}");
    assert!(touched.iter().all(|one| one.contains("sebagian")), "{touched:?}");
    assert_eq!(done(tab, "OKI-1").await, "2 dari 14");
    says(tab, "section:has(#pertemuan) tbody tr", &["Perwakilan", "Tidak dihitung"]).await;
}

/// Visits the kelompok and counts its members: 22, while 25 are on record.
async fn check(tab: &mut Tab) {
    tab.open("/kelompok/OKI-1").await;
    tab.follow(".part-head:has(#pengawasan) a").await;
    says(tab, "main", &["Tercatat 25 anggota."]).await;
    tab.choose("#f-date", "2020-08-13").await;
    tab.fill("#f-office", "Dinas Sosial").await;
    tab.fill("#f-attended", "Melihat pertemuan dan menghitung anggota.").await;
    tab.click("label:has(input[name=found][value=ya])").await;
    tab.fill("#f-counted", "22").await;
    tab.follow("form[action='/kunjungan/baru'] button").await;
    let found = "tercatat 25, dihitung 22 (selisih -3)";
    says(tab, "section:has(#pengawasan)", &[found, "Belum selesai"]).await;
    tab.open("/").await;
    let waiting = format!("Pemeriksaan Mawar 1: {found}");
    says(tab, "main", &[&waiting, "1 pemeriksaan jumlah anggota belum selesai"]).await;
}

/// Settles it: three have moved away.
async fn settle(tab: &mut Tab) {
    tab.follow("main a.button[href^='/pemeriksaan/']").await;
    for (name, value) in [
        ("Diperiksa oleh", "Dinas Sosial"),
        ("Tercatat pada hari itu", "25 anggota"),
        ("Dihitung", "22 anggota"),
        ("Selisih", "-3"),
    ] {
        assert_eq!(fact(tab, name).await, value, "{name}");
    }
    tab.click("label:has(input[name=outcome][value=diubah])").await;
    tab.choose("#f-reason", "pindah").await;
    tab.follow("form[action$='/selesaikan'] button").await;
    assert_eq!(fact(tab, "Penyelesaian").await, "jumlah anggota diubah sesuai hitungan");
    assert!(tab.ask("document.querySelector(\"form[action$='/selesaikan']\")").await.is_null());
    tab.open("/pemeriksaan").await;
    says(tab, "main", &["Belum selesai (0)", "Semua (1)", "Tidak ada pemeriksaan yang menunggu."])
        .await;
    tab.open("/").await;
    assert!(!tab.text("main").await.contains("Pemeriksaan Mawar 1"));
    tab.open("/kelompok/OKI-1").await;
    says(tab, "ul.facts", &["22 anggota"]).await;
    says(tab, "section:has(#riwayat)", &["Anggota berkurang 3 menjadi 22: pindah"]).await;
    says(tab, "section:has(#pengawasan)", &["dihitung 22 (selisih -3)", "Selesai"]).await;
}
