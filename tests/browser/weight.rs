//! What a first visit costs: every byte over the line of the largest pages, with all their files.

use crate::tab::Tab;
use crate::world::World;

/// Bytes of a first visit, compressed, with everything that the page loads.
const MOST_BYTES: u64 = 80_000;

/// Pages that grow with the district and its texts, by who opens them. The sesi are added to those of
/// the first.
const LARGE: &[(&str, &[&str])] = &[
    ("", &["/", "/kurikulum", "/modul/stunting", "/cari?q=anak", "/bantuan", "/api"]),
    ("pendamping", &["/", "/kelompok/OKI-029", "/kelompok/OKI-029/catat", "/cakupan"]),
    (
        "supervisor",
        &["/", "/kelompok", "/cakupan", "/cakupan?per=kelompok", "/cakupan?per=desa", "/laporan"],
    ),
    ("pelatih", &["/sesi/gizi-ibu-menyusui-dan-balita/sunting"]),
    ("admin", &["/", "/pengguna", "/wilayah/16.02", "/kelompok", "/cakupan?per=kelompok"]),
];

/// Opens each as one who has never been here, and weighs it.
pub(crate) async fn first_visits(world: &World) -> String {
    let mut weights: Vec<(u64, String)> = Vec::new();
    for (login, paths) in LARGE {
        let mut tab =
            if login.is_empty() { world.visitor().await } else { world.member(login).await };
        let mut paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        if login.is_empty() {
            paths.extend(sesi(&mut tab).await);
        }
        for path in paths {
            tab.forget_files().await;
            tab.count_anew();
            tab.open(&path).await;
            weights.push((settled(&mut tab).await, format!("{path} ({login})")));
        }
    }
    weights.sort_unstable_by(|one, other| other.cmp(one));
    let lines = weights.iter().take(12).map(|(bytes, page)| format!("\n  {bytes:>6} {page}"));
    let report = format!("{} pages, the largest:{}", weights.len(), lines.collect::<String>());
    let heaviest = weights[0].0;
    assert!(heaviest < MOST_BYTES, "{report}");
    // Without the style sheet, nothing was weighed.
    assert!(weights.last().unwrap().0 > 8_000, "{report}\n  {:?}", weights.last());
    report
}

/// The bytes of the open page and its files, once all have come.
async fn settled(tab: &mut Tab) -> u64 {
    tab.ask("new Promise(done => requestAnimationFrame(() => done(0)))").await;
    tab.bytes()
}

/// The addresses of all texts that are live.
async fn sesi(tab: &mut Tab) -> Vec<String> {
    let mut all = Vec::new();
    tab.open("/kurikulum").await;
    for skema in links(tab, "/kurikulum?skema=").await {
        tab.open(&skema).await;
        all.extend(links(tab, "/sesi/").await);
    }
    all.sort_unstable();
    all.dedup();
    assert!(all.len() >= 29, "{all:?}");
    all
}

/// Where the links of the page lead that begin so.
async fn links(tab: &Tab, beginning: &str) -> Vec<String> {
    let found = tab
        .ask(&format!(
            "[...document.querySelectorAll('main a[href^={beginning:?}]')].map(a => a.pathname + a.search)"
        ))
        .await;
    found.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}
