//! Kelompok, their pertemuan and the numbers made of them. Pure: no I/O, clock or randomness.

pub mod coverage;
pub mod fakta;
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
pub mod visit;
pub mod wilayah;

pub use group::{Kelompok, KelompokId};
