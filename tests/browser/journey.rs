//! The main journey: what a pendamping looks for, prints, teaches and records is what her supervisor
//! sees one minute later, down to the record itself.

use std::process::Command;

use crate::tab::Tab;
use crate::world::World;

const SESI: &str = "gizi-ibu-menyusui-dan-balita";
const KELOMPOK: &str = "OKI-029";
/// Clicks and fields from the home page to the record.
const MOST_ACTS: usize = 8;
/// Pages on that way, the home page included.
const MOST_PAGES: usize = 3;
/// Bytes over the line on that way, with nothing known before.
const MOST_BYTES: u64 = 60_000;

/// From a misspelt search to one more in the roll-up, without a script on the pendamping's side.
pub(crate) async fn from_search_to_the_roll_up(world: &World) -> String {
    let mut supervisor = world.member("supervisor").await;
    supervisor.width(1280).await;
    let before = covered(&mut supervisor).await;

    let mut pendamping = world.visitor().await;
    pendamping.scripts(false).await;
    world.log_in(&mut pendamping, "pendamping").await;
    search_and_print(&mut pendamping).await;
    let report = record(&mut pendamping).await;

    assert_eq!(covered(&mut supervisor).await, before + 1, "the roll-up is one higher");
    drill(&mut supervisor).await;
    report
}

/// Kelompok of the kabupaten with the sesi tuntas, as the page of coverage says.
async fn covered(tab: &mut Tab) -> u64 {
    tab.open("/").await;
    tab.follow("nav.places a[href='/cakupan']").await;
    let number = format!(".multiples a.ratio[href*='sesi={SESI}'] b");
    tab.text(&number).await.parse().unwrap()
}

async fn search_and_print(tab: &mut Tab) {
    tab.fill("#cari", "asi ekslusif").await;
    // Return sends a form also where no script runs.
    tab.enter().await;
    let hits = tab.ask("[...document.querySelectorAll('.hits h2 a')].map(a => a.pathname)").await;
    let hits: Vec<&str> = hits.as_array().unwrap().iter().filter_map(|hit| hit.as_str()).collect();
    let wanted = format!("/sesi/{SESI}");
    assert!(hits.iter().take(3).any(|hit| *hit == wanted), "{hits:?}");
    tab.follow(&format!(".hits h2 a[href='{wanted}']")).await;
    let title = tab.text("h1").await;
    assert!(title.contains("Ibu Menyusui"), "{title}");

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sesi.pdf");
    std::fs::write(&file, tab.print().await).unwrap();
    let said = |tool: &str, arguments: &[&str]| {
        let done = Command::new(tool).arg(&file).args(arguments).output().unwrap();
        assert!(done.status.success(), "{tool}");
        String::from_utf8(done.stdout).unwrap()
    };
    let facts = said("pdfinfo", &[]);
    assert!(facts.contains("(A4)"), "{facts}");
    let text = said("pdftotext", &["-layout", "-"]);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [title.as_str(), "Tujuan", "Langkah", "Pesan kunci", "ASI"] {
        assert!(joined.contains(part), "{part} is not on paper:\n{text}");
    }
    for control in ["Langsung ke isi", "Beranda", "Untuk pengembang", "Cari materi", "Sajikan"] {
        assert!(!joined.contains(control), "{control} is on paper:\n{text}");
    }
}

async fn record(tab: &mut Tab) -> String {
    tab.forget_files().await;
    tab.count_anew();
    tab.open("/").await;
    tab.follow(&format!("main a[href='/kelompok/{KELOMPOK}/catat']")).await;
    let members = tab.ask("document.querySelector('[data-members]').dataset.members").await;
    let members: u32 = members.as_str().unwrap().parse().unwrap();
    tab.choose("[id='f-sesi.0.id']", SESI).await;
    tab.fill("#f-present", &(members - 2).to_string()).await;
    tab.fill("#f-sick", "1").await;
    tab.fill("#f-absent", "1").await;
    tab.follow("#f-isi > button").await;
    assert_eq!(tab.text("h1").await, "Pertemuan tercatat");
    let said = tab.text("h1 + .lead").await;
    for part in ["sesi 9 tuntas", &format!("{} dari {members} hadir", members - 2)] {
        assert!(said.contains(part), "{said}");
    }
    let (acts, pages, bytes) = (tab.acts, tab.pages, tab.bytes());
    let report = format!("recorded with {acts} clicks and fields, {pages} pages, {bytes} bytes");
    assert!(acts <= MOST_ACTS && pages <= MOST_PAGES && bytes <= MOST_BYTES, "{report}");
    assert!(bytes > 2_000, "{report}: bytes are counted");
    report
}

/// From the kabupaten down to the record by links that stand on the pages.
async fn drill(tab: &mut Tab) {
    tab.open("/").await;
    tab.follow("nav.places a[href='/cakupan']").await;
    assert_eq!(tab.text("h1").await, "Cakupan Kabupaten Ogan Komering Ilir");
    let cell = format!("td a[href='/kelompok/{KELOMPOK}#s-{SESI}']");
    for place in ["Kayu Agung", "Mangun Jaya"] {
        let row = row(tab, place).await;
        tab.follow(&row).await;
        assert!(tab.text("h1").await.ends_with(place));
        let class = tab.ask(&format!("document.querySelector({cell:?})?.className")).await;
        assert_eq!(class, "sel tuntas", "the cell in the matrix of {place}");
    }
    tab.follow(&cell).await;
    tab.follow(&format!("[id='s-{SESI}'] a[href^='/pertemuan/']")).await;
    let text = tab.text("main").await;
    for part in ["21 November 2026", "Ibu Menyusui", "1 sakit", "1 alfa"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// The link of a row of the table of places.
async fn row(tab: &Tab, name: &str) -> String {
    let href = tab
        .ask(&format!(
            "[...document.querySelectorAll('table.cards th a')]\
             .find(a => a.textContent.includes({name:?}))?.getAttribute('href')"
        ))
        .await;
    let Some(href) = href.as_str() else { panic!("no row for {name} on {}", tab.path().await) };
    format!("table.cards th a[href={href:?}]")
}
