//! The Indonesian language, as far as the program needs it: word stems, spelling as people type
//! it, dates and numbers in words, and how hard a text is to read.
//!
//! Everything here is pure. The word lists are text files beside the code, compiled in and indexed
//! on first use; `README.md` in this folder says where they come from and how they are measured.

pub mod angka;
pub mod keterbacaan;
pub mod spelling;
mod stem;
mod table;
pub mod tanggal;

pub use self::keterbacaan::{Readability, readability};
pub use self::spelling::{Word, edit_cost, is_function_word, normalise, words, words_of};
pub use self::stem::{is_root, stem, stem_lower};
