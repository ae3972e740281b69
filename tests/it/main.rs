//! The one integration binary: everything through public faces.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod committer;
mod core;
mod coverage_pages;
mod fault_app;
mod frozen;
mod index;
mod journal;
mod pages_curriculum;
mod pages_kelompok;
mod plan;
#[cfg(feature = "pdf")]
mod print;
mod process;
mod search;
mod settings;
mod support;
mod tidy;
mod transfer;
mod visits;
