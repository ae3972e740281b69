//! The journeys of the field in a real Chromium, against the demo as it is shipped, and two scenes of
//! the field in a district of their own, where every number is known.
//!
//! One test each, because a server and a browser cost more than all that is asked of them; each part
//! is told apart in the report, and one that fails does not hide those after it.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod editing;
mod field;
mod journey;
mod pages;
mod suspension;
mod tab;
mod visits;
mod weight;
mod world;

use std::sync::Arc;

use field::Field;
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

/// Two scenes that the news told of, in a small district with the real places: each number on every
/// page that a person of the scene opens.
#[test]
fn scenes_of_the_field() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let field = Field::new();
        let world = field.on("2020-07-31").await;
        suspension::begins_and_ends(&world).await;
        drop(world);
        let world = Arc::new(field.on("2020-08-18").await);
        let (other, mut failed) = (Arc::clone(&world), Vec::new());
        for (name, part) in [
            ("suspension", tokio::spawn(async move { suspension::what_follows(&other).await })),
            ("visits", tokio::spawn(async move { visits::seven_of_eighteen(&world).await })),
        ] {
            failed.extend(part.await.err().map(|error| format!("{name}: {error}")));
        }
        assert!(failed.is_empty(), "failed (see above): {failed:?}");
    });
}
