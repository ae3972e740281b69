//! Why something cannot be printed, in the reader's words.

use thiserror::Error;

use crate::bahasa::angka;

/// Why a document was not made. Each says what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PrintError {
    /// The text is larger than a sesi may be.
    #[error(
        "Naskah ini {size} KB, sedangkan yang dapat dicetak paling besar {limit} KB. \
         Bagi naskah menjadi beberapa sesi, lalu cetak satu per satu.",
        size = number(*size_kb), limit = number(*limit_kb)
    )]
    TextTooLarge {
        /// The size of the text in KB, rounded up.
        size_kb: usize,
        /// The limit in KB.
        limit_kb: usize,
    },
    /// All texts of a book or a pack together are too large.
    #[error(
        "Isi dokumen ini {size} KB, sedangkan yang dapat dicetak sekaligus paling besar \
         {limit} KB. Cetak beberapa sesi saja dalam satu dokumen.",
        size = number(*size_kb), limit = number(*limit_kb)
    )]
    DocumentTooLarge {
        /// The size of everything together in KB, rounded up.
        size_kb: usize,
        /// The limit in KB.
        limit_kb: usize,
    },
    /// The document has more pages than are printed at once.
    #[error(
        "Dokumen ini menjadi {pages} halaman, sedangkan yang dapat dicetak sekaligus paling \
         banyak {limit}. Kurangi isinya atau cetak per bagian.",
        pages = number(*pages), limit = number(*limit)
    )]
    TooManyPages {
        /// How many pages it has.
        pages: usize,
        /// The limit.
        limit: usize,
    },
    /// A table has too many columns for any paper.
    #[error(
        "Sebuah tabel mempunyai {columns} kolom, sedangkan kertas hanya memuat {limit}. \
         Bagi tabel itu menjadi beberapa tabel."
    )]
    TableTooWide {
        /// How many columns it has.
        columns: usize,
        /// The limit.
        limit: usize,
    },
    /// More rows, copies or sesi were asked for than are printed at once.
    #[error(
        "{what} berjumlah {count}, sedangkan yang dapat dicetak sekaligus paling banyak {limit}. \
         Cetak per bagian.",
        count = number(*count), limit = number(*limit)
    )]
    TooMany {
        /// What there is too much of, for example `Baris tabel`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// The sesi has no such part.
    #[error("Sesi ini belum mempunyai {0}. Pilih dokumen lain, atau minta pelatih menambahkannya.")]
    Missing(&'static str),
    /// The paper is not meant for this document.
    #[error("Ukuran {paper} hanya untuk {only_for}. Pilih A4, F4, atau A5.")]
    WrongPaper {
        /// The name of the paper.
        paper: &'static str,
        /// What it is meant for, for example `lembar balik`.
        only_for: &'static str,
    },
    /// The engine refused the document; the reason is for the log, not for the reader.
    #[error("Dokumen ini belum dapat dibuat. Coba ukuran kertas lain, atau kabari admin.")]
    Engine {
        /// What the engine said, in English.
        reason: String,
    },
}

/// A number as people read it: `16.387`.
fn number(n: usize) -> String {
    angka::count(n as u64)
}
