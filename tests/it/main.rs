//! The one integration binary: everything through public faces.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod committer;
mod core;
mod fault_app;
mod index;
mod journal;
mod pages_curriculum;
mod pages_kelompok;
#[cfg(feature = "pdf")]
mod print;
mod process;
mod search;
mod state;
mod support;
mod tidy;
mod transfer;
