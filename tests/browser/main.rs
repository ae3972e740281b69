//! The journeys of the field in a real Chromium, against the demo as it is shipped.
//!
//! One test, because a demo server and a browser cost more than all that is asked of them; each part
//! is told apart in the report, and one that fails does not hide those after it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod editing;
mod journey;
mod pages;
mod tab;
mod weight;
mod world;

use std::sync::Arc;

use world::World;

#[test]
#[expect(clippy::print_stderr, reason = "the measurements are part of the report")]
fn the_field_in_a_browser() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let failed = runtime.block_on(async {
        let world = Arc::new(World::start().await);
        let mut failed = Vec::new();
        for name in ["pages", "weight", "journey", "editing"] {
            let world = Arc::clone(&world);
            let part = tokio::spawn(async move {
                match name {
                    "pages" => pages::every_page_of_every_role(&world).await,
                    "weight" => weight::first_visits(&world).await,
                    "journey" => journey::from_search_to_the_roll_up(&world).await,
                    _ => editing::from_draft_to_edition(&world).await,
                }
            });
            match part.await {
                Ok(report) => eprintln!("{name}: {report}"),
                Err(error) => failed.push(format!("{name}: {error}")),
            }
        }
        failed
    });
    assert!(failed.is_empty(), "failed (see above): {failed:?}");
}
