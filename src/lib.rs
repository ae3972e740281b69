//! p2k2: the modules in reading order.

// What the program is about, without disk, clock or web.
pub mod bahasa;
mod bytes;
pub mod curriculum;
pub mod ids;
pub mod kelompok;
pub mod people;
pub mod private;

// What can happen, what can be asked for, what that adds up to.
pub mod command;
pub mod decide;
pub mod demo;
pub mod event;
pub mod state;

// The truth on disk, and what can be rebuilt from it.
pub mod index;
pub mod journal;
#[cfg(feature = "pdf")]
pub mod print;
pub mod search;
pub mod transfer;

// Put together.
pub mod app;
pub mod clock;
pub mod config;
pub mod ops;

// What people and programs see.
pub mod cli;
pub mod web;
