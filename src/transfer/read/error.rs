//! Why a file as a whole cannot be read.

/// Why a file as a whole cannot be read. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing in it.
    #[error("Berkas ini kosong. Pilih berkas yang berisi baris judul dan data.")]
    Empty,
    /// Larger than any import may be.
    #[error("Berkas ini lebih besar dari {max_mb} MB. Bagi menjadi beberapa berkas.")]
    TooLarge {
        /// The limit in megabytes.
        max_mb: u64,
    },
    /// More rows than any import may have.
    #[error("Berkas ini memuat lebih dari {max} baris. Bagi menjadi beberapa berkas.")]
    TooManyRows {
        /// The limit.
        max: u32,
    },
    /// A spreadsheet of the time before XLSX.
    #[error(
        "Ini berkas Excel lama (.xls) atau berkas bersandi. Simpan sebagai .xlsx tanpa kata sandi, lalu ulangi."
    )]
    OldSpreadsheet,
    /// An archive that is no XLSX.
    #[error(
        "Berkas ini bukan lembar kerja .xlsx. Simpan sebagai .xlsx atau CSV UTF-8, lalu ulangi."
    )]
    NoSpreadsheet,
    /// Bytes of an XLSX that do not fit together.
    #[error(
        "Lembar kerja ini rusak atau terpotong. Buka dan simpan ulang sebagai .xlsx, lalu ulangi."
    )]
    Damaged,
    /// A password is needed.
    #[error("Lembar kerja ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu ulangi.")]
    Locked,
    /// Unpacks to far more than a spreadsheet holds.
    #[error(
        "Lembar kerja ini terlalu besar sesudah dibuka dan tidak wajar untuk data. Simpan sebagai CSV UTF-8, lalu ulangi."
    )]
    Swollen,
    /// Text in two-byte letters.
    #[error("Teks berkas ini tersimpan sebagai UTF-16. Simpan sebagai CSV UTF-8, lalu ulangi.")]
    Utf16,
    /// Neither text nor a spreadsheet.
    #[error(
        "Berkas ini bukan CSV dan bukan lembar kerja .xlsx. Simpan sebagai salah satunya, lalu ulangi."
    )]
    Binary,
    /// The heading itself is no UTF-8.
    #[error("Baris judul memuat huruf yang bukan UTF-8. Simpan sebagai CSV UTF-8, lalu ulangi.")]
    BrokenHeading,
    /// Columns that the kind needs are not there.
    #[error("Kolom {missing} tidak ada di baris judul. Baris judul berkas {kind} memuat {needed}.{}", looks_like(.other))]
    MissingColumns {
        /// The kind that was asked for.
        kind: &'static str,
        /// The missing columns.
        missing: String,
        /// All needed columns.
        needed: String,
        /// The kind whose columns are all there.
        other: Option<&'static str>,
    },
    /// A column stands there twice.
    #[error("Kolom {0} tertulis dua kali di baris judul. Hapus salah satunya.")]
    DoubledColumn(String),
    /// A quotation mark is never closed.
    #[error(
        "Tanda kutip yang dibuka di baris {line} tidak pernah ditutup. Tambahkan tanda kutip penutup, lalu ulangi."
    )]
    OpenQuote {
        /// Where its record begins.
        line: u32,
    },
    /// The cells of a spreadsheet stand in no order.
    #[error(
        "Susunan baris lembar kerja ini tidak urut di baris {line}. Buka dan simpan ulang sebagai .xlsx, lalu ulangi."
    )]
    Disordered {
        /// Where it was noticed.
        line: u32,
    },
}

impl FileError {
    /// The same where so many lines stand before what was read.
    #[must_use]
    pub fn behind(self, lines: u32) -> Self {
        match self {
            Self::OpenQuote { line } => Self::OpenQuote { line: line.saturating_add(lines) },
            other => other,
        }
    }
}

fn looks_like(other: &Option<&'static str>) -> String {
    other.map_or_else(String::new, |kind| format!(" Berkas ini tampaknya berkas {kind}."))
}
