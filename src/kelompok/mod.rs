//! Kelompok, their pertemuan and the numbers made of them. Pure: no I/O, clock or randomness.

pub mod coverage;
pub mod fakta;
pub mod few;
pub mod frozen;
pub mod group;
pub mod lineage;
pub mod pertemuan;
pub mod plan;
pub mod rates;
pub mod rules;
pub mod seats;
pub mod siksng;
pub mod suspension;
pub mod text;
mod varint;
pub mod visit;
pub mod wilayah;
pub mod written;

pub use group::{Kelompok, KelompokId};
