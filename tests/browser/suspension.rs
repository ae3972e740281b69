//! Desa Pacalan, Magetan: no pertemuan for five months, the first one after them under a health
//! protocol, 20 members who stand on their own feet, and new ones who owe what came before.

use crate::field::{done, fact, figure, says, texts};
use crate::tab::Tab;
use crate::world::World;

const DESA: &str = "35.20.07.2014";
const KELOMPOK: [(&str, u32, &str); 5] = [
    ("MGT-1", 25, "22-25"),
    ("MGT-2", 25, ""),
    ("MGT-3", 25, ""),
    ("MGT-4", 24, ""),
    ("MGT-5", 24, ""),
];
const SESI: &str = "memahami-cara-anak-usia-dini-belajar";
const SUSPENDED: [&str; 5] = ["Maret", "April", "Mei", "Juni", "Juli"];

/// On the last day of July: the suspension is entered and ended.
pub(crate) async fn begins_and_ends(world: &World) {
    let mut tab = world.member("supervisor-2").await;
    place(&mut tab, ["5", "0", "123"]).await;
    coverage(&mut tab, "0 dari 5 kelompok bertemu bulan Juli 2020.", "10 dari 70").await;

    place(&mut tab, ["5", "0", "123"]).await;
    tab.click("details:has(form[action$='/tangguhkan']) > summary").await;
    tab.choose("#f-from", "2020-03-01").await;
    tab.fill("#f-reason", "Wabah; pertemuan tatap muka dihentikan.").await;
    tab.follow("form[action$='/tangguhkan'] button").await;
    says(&tab, "section:has(#penangguhan)", &["Sejak 1 Maret 2020", "Wabah"]).await;
    place(&mut tab, ["5", "5", "123"]).await;
    coverage(&mut tab, "0 dari 0 kelompok bertemu bulan Juli 2020; 5 ditangguhkan.", "10 dari 70")
        .await;
    for (id, ..) in KELOMPOK {
        assert_eq!(done(&mut tab, id).await, "2 dari 14", "{id}");
        says(&tab, "header.page-head", &["Ditangguhkan"]).await;
    }

    place(&mut tab, ["5", "5", "123"]).await;
    tab.follow("form[action$='/lanjutkan'] button").await;
    says(&tab, "section:has(#penangguhan)", &["1 Maret 2020 sampai 31 Juli 2020"]).await;
    assert!(tab.ask("document.querySelector(\"form[action$='/lanjutkan']\")").await.is_null());
}

/// In August: who has to catch up, the first pertemuan, members who leave and who join.
pub(crate) async fn what_follows(world: &World) {
    let mut supervisor = world.member("supervisor-2").await;
    supervisor.width(1280).await;
    catch_up(&mut supervisor).await;
    let mut pendamping = world.visitor().await;
    // Nothing of this needs a script.
    pendamping.scripts(false).await;
    world.log_in(&mut pendamping, "pendamping-2").await;
    number(&mut pendamping).await;
    meet(&mut pendamping).await;
    place(&mut supervisor, ["5", "0", "123"]).await;
    coverage(&mut supervisor, "1 dari 5 kelompok bertemu bulan Agustus 2020.", "11 dari 70").await;
    graduate(&mut supervisor).await;
    place(&mut supervisor, ["5", "0", "103"]).await;
    join(&mut pendamping).await;
    place(&mut supervisor, ["5", "0", "106"]).await;
    coverage(&mut supervisor, "1 dari 5 kelompok bertemu bulan Agustus 2020.", "11 dari 70").await;
    months(&mut supervisor).await;
}

/// The page of the desa: kelompok, suspended ones, members.
async fn place(tab: &mut Tab, [groups, suspended, members]: [&str; 3]) {
    tab.open(&format!("/wilayah/{DESA}")).await;
    for (name, wanted) in
        [("Kelompok aktif", groups), ("Ditangguhkan", suspended), ("Anggota", members)]
    {
        assert_eq!(figure(tab, name).await, wanted, "{name}");
    }
}

/// The page of coverage of the desa.
async fn coverage(tab: &mut Tab, sentence: &str, cells: &str) {
    tab.open(&format!("/cakupan?wilayah={DESA}")).await;
    assert_eq!(tab.text("h1 + .lead").await, sentence);
    assert_eq!(figure(tab, "Sesi tuntas").await, cells);
}

async fn catch_up(tab: &mut Tab) {
    place(tab, ["5", "0", "123"]).await;
    tab.follow("section:has(#penangguhan) a[href^='/penangguhan/']").await;
    says(
        tab,
        "main",
        &[
            "1 Maret 2020 sampai 31 Juli 2020",
            "5 kelompok, 25 pertemuan bulanan tidak diadakan. Rencana bergeser",
        ],
    )
    .await;
    let months = texts(tab, "table.cards td[data-label='Bulan']").await;
    assert_eq!(months, ["Maret 2020 sampai Juli 2020 (5 bulan)"; 5]);
    let next = texts(tab, "table.cards td[data-label='Berikutnya']").await;
    assert_eq!(next, ["Sesi 3: Memahami Cara Anak Usia Dini Belajar"; 5]);
    let names = texts(tab, "table.cards tbody th a").await;
    assert_eq!(names, ["Melati 1", "Melati 2", "Melati 3", "Melati 4", "Melati 5"]);
}

async fn number(tab: &mut Tab) {
    tab.open("/kelompok/MGT-1/kursi").await;
    tab.choose("#f-date", "2020-08-03").await;
    tab.follow("form[action$='/kursi'] button").await;
    assert_eq!(tab.text("h1 + .lead").await, "25 nomor urut terisi; tidak ada yang perlu susulan.");
}

/// The first pertemuan after the suspension, under a protocol: 20 of 25.
async fn meet(tab: &mut Tab) {
    tab.open("/").await;
    says(tab, "main", &["0 dari 5 sudah bertemu bulan Agustus"]).await;
    tab.open("/kelompok/MGT-1/catat").await;
    tab.choose("#f-date", "2020-08-11").await;
    tab.choose("[id='f-sesi.0.id']", SESI).await;
    tab.fill("#f-present", "20").await;
    tab.click("details:has(#f-kind) > summary").await;
    tab.choose("#f-kind", "terbatas").await;
    tab.click("label:has(#f-discussion)").await;
    tab.follow("#f-isi > button").await;
    assert_eq!(tab.text("h1").await, "Pertemuan tercatat");
    says(tab, "main", &["Sesi 3 menjadi tuntas", "20 dari 25 hadir"]).await;
    tab.follow("main a.link[href^='/pertemuan/']").await;
    says(tab, "main", &["Terbatas", "Dihitung dalam cakupan."]).await;
    assert_eq!(fact(tab, "Diskusi kelompok").await, "ada");
    assert_eq!(done(tab, "MGT-1").await, "3 dari 14");
    tab.open("/").await;
    says(tab, "main", &["1 dari 5 sudah bertemu bulan Agustus"]).await;
}

/// Changes the number of members on the page of a kelompok.
async fn change(tab: &mut Tab, delta: &str, reason: &str, seats: &str) {
    tab.click("details:has(form[action$='/anggota']) > summary").await;
    tab.fill("#f-delta", delta).await;
    tab.choose("#f-reason", reason).await;
    if !seats.is_empty() {
        tab.fill("#f-seats", seats).await;
    }
    tab.follow("form[action$='/anggota'] button").await;
}

async fn graduate(tab: &mut Tab) {
    for (id, members, seats) in KELOMPOK {
        let before = done(tab, id).await;
        change(tab, "-4", "graduasi-mandiri", seats).await;
        let left = members - 4;
        says(tab, "ul.facts", &[&format!("{left} anggota")]).await;
        let history = format!("Anggota berkurang 4 menjadi {left}: graduasi mandiri");
        says(tab, "section:has(#riwayat)", &[&history]).await;
        assert_eq!(done(tab, id).await, before, "{id} keeps what it was given");
    }
}

/// Three new members of a kelompok with numbers: they owe the three sesi that came before them.
async fn join(tab: &mut Tab) {
    assert_eq!(done(tab, "MGT-1").await, "3 dari 14");
    change(tab, "3", "anggota-baru", "").await;
    says(tab, "ul.facts", &["24 anggota"]).await;
    says(
        tab,
        "section:has(#riwayat)",
        &["Anggota bertambah 3 menjadi 24: anggota baru", "nomor urut 26–28"],
    )
    .await;
    assert_eq!(texts(tab, "ul.seats li").await.len(), 24);
    let owing = texts(tab, "ul.seats li.owes").await;
    assert_eq!(owing, ["26 perlu susulan", "27 perlu susulan", "28 perlu susulan"]);
    assert_eq!(tab.text(".part-head:has(#cakupan) .ratio").await, "3 dari 14");

    tab.open("/kelompok/MGT-1/kursi").await;
    assert_eq!(tab.text("h1 + .lead").await, "24 nomor urut terisi; 3 masih perlu susulan.");
    let owed = texts(tab, "section:has(#susulan) tbody tr").await;
    assert_eq!(owed.len(), 3, "{owed:?}");
    for (row, sesi) in owed.iter().zip(["Sesi 1:", "Sesi 2:", "Sesi 3:"]) {
        for part in [sesi, "26–28", "3 anggota", "bergabung kemudian"] {
            assert!(row.contains(part), "{part}: {row}");
        }
    }
}

/// The suspended months are no months of pertemuan; coverage stands in them and never falls.
async fn months(tab: &mut Tab) {
    tab.open(&format!("/laporan?wilayah={DESA}")).await;
    says(tab, "h1 + .lead", &["5 kelompok diharapkan bertemu."]).await;
    assert_eq!(figure(tab, "Bertemu").await, "1 dari 5");
    let mut wanted =
        vec![["Agustus 2020 belum selesai".to_owned(), "1 dari 5".into(), "11 dari 70".into()]];
    for month in SUSPENDED.iter().rev() {
        wanted.push([format!("{month} 2020"), "0 dari 0".into(), "10 dari 70".into()]);
    }
    wanted.push(["Februari 2020".into(), "5 dari 5".into(), "10 dari 70".into()]);
    wanted.push(["Januari 2020".into(), "5 dari 5".into(), "5 dari 70".into()]);
    let names = texts(tab, "table.trend tbody th").await;
    let met = texts(tab, "table.trend td[data-label='Bertemu'] .ratio").await;
    let cells = texts(tab, "table.trend td[data-label='Sesi tuntas'] .ratio").await;
    let rows: Vec<[String; 3]> = names
        .into_iter()
        .zip(met)
        .zip(cells)
        .map(|((name, met), cells)| [name, met, cells])
        .collect();
    assert_eq!(rows, wanted);
    for (number, (month, expected)) in (2..).zip([("Februari", 5), ("Maret", 0), ("April", 0)]) {
        tab.open(&format!("/laporan?wilayah={DESA}&bulan=2020-0{number}")).await;
        assert_eq!(tab.text("h1").await, format!("Laporan {month} 2020"));
        if expected == 0 {
            let why = ["Tidak ada kelompok yang diharapkan bertemu", "5 kelompok ditangguhkan."];
            says(tab, ".empty", &why).await;
            continue;
        }
        says(tab, "h1 + .lead", &[&format!("{expected} kelompok diharapkan bertemu.")]).await;
        assert_eq!(figure(tab, "Bertemu").await, format!("{expected} dari {expected}"));
    }
}
