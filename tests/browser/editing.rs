//! A text on its way: written by one, published by another, read by anyone.

use crate::world::World;

const SESI: &str = "menjadi-orang-tua-yang-lebih-baik";
const SENTENCE: &str = "Ucapkan terima kasih kepada setiap keluarga yang hadir hari ini.";

/// Writes, hands in, reviews, publishes and reads.
pub(crate) async fn from_draft_to_edition(world: &World) -> String {
    let mut reader = world.visitor().await;
    reader.open(&format!("/sesi/{SESI}")).await;
    assert!(!reader.text("main").await.contains(SENTENCE));
    hand_in(world, SESI, SENTENCE).await;
    reader.open(&format!("/sesi/{SESI}")).await;
    assert!(!reader.text("main").await.contains(SENTENCE), "the live text stays untouched");
    publish(world).await;
    reader.open(&format!("/sesi/{SESI}")).await;
    let text = reader.text("main").await;
    assert!(text.contains(SENTENCE) && text.contains("Edisi 2"), "{text}");
    reader.open(&format!("/sesi/{SESI}?edisi=1")).await;
    assert!(!reader.text("main").await.contains(SENTENCE), "the first edition stays as it was");
    "a new edition is read".to_owned()
}

/// The pelatih puts a sentence at the end of the first langkah and hands the text in.
pub(crate) async fn hand_in(world: &World, sesi: &str, sentence: &str) {
    let mut tab = world.member("pelatih").await;
    tab.width(1280).await;
    tab.open(&format!("/sesi/{sesi}")).await;
    let title = tab.text("h1").await;
    tab.follow(&format!("main a[href='/sesi/{sesi}/sunting']")).await;
    let at = tab
        .ask(
            "(() => { const t = document.querySelector('#f-text'); t.focus(); \
             const at = t.value.indexOf('\\n### Langkah 2'); \
             t.setSelectionRange(at, at); return at; })()",
        )
        .await;
    assert!(at.as_i64() > Some(100), "the text has no second langkah: {at}");
    tab.write(&format!("\n{sentence}\n")).await;
    tab.click("form[data-autosave] > details > summary").await;
    tab.fill("#f-summary", "Ucapan terima kasih pada langkah pertama.").await;
    tab.follow("button[value=submit]").await;
    let complaints = tab.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
    tab.open("/").await;
    let home = tab.text("main").await;
    assert!(home.contains(&title), "the text waits on the home page: {home}");
    // Who wrote a text is told that another decides on it.
    tab.open(&format!("/tinjauan/{sesi}")).await;
    assert!(tab.ask("document.querySelector('#f-kind')").await.is_null());
}

/// The penelaah reads what has changed and publishes it.
async fn publish(world: &World) {
    let mut tab = world.member("penelaah").await;
    tab.width(1280).await;
    tab.follow("nav.places a[href='/tinjauan']").await;
    tab.follow(&format!("main a[href='/tinjauan/{SESI}']")).await;
    let added = tab.ask("[...document.querySelectorAll('ins')].map(i => i.textContent).join(' ')");
    let added = added.await;
    assert!(added.as_str().unwrap().contains("terima kasih"), "what was added is marked: {added}");
    tab.click("#f-kind").await;
    tab.fill("#f-note", "Ucapan terima kasih ditambahkan.").await;
    tab.follow("form[action$='/terbitkan'] button").await;
    let complaints = tab.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
}
