//! The one integration binary: everything through public faces.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod addresses;
mod ahead;
mod api_changes;
mod api_face;
mod api_life;
mod bad_input;
mod committer;
mod core;
mod country;
mod coverage_pages;
mod days;
mod fault_app;
mod frozen;
mod heads;
mod import;
mod index;
mod journal;
mod kept;
mod life;
mod limits;
mod moves;
mod pages_curriculum;
mod pages_files;
mod pages_impor;
mod pages_kelompok;
mod pages_life;
mod pages_pengawasan;
#[cfg(feature = "pdf")]
mod pages_print;
mod plan;
#[cfg(feature = "pdf")]
mod print;
mod process;
mod records;
mod refused;
mod search;
mod search_site;
mod settings;
mod simulation;
mod state;
mod support;
mod tidy;
mod transfer;
mod visits;
