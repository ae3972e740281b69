//! What can go wrong with the record, in words for the person who runs the server.

use std::fmt;
use std::path::PathBuf;

use super::disk::DiskError;
use super::hash::{Hash128, Head};
use super::{BATCH_LINES_MAX, BLOB_BYTES_MAX, LINE_BYTES_MAX, SEGMENT_BYTES_MAX};

/// Why the journal did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file operation failed.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Another process works on the directory.
    #[error(
        "Direktori data {} sedang dipakai oleh p2k2 yang lain. Hentikan yang itu dulu, atau pilih \
         direktori data yang lain.", .0.display()
    )]
    Locked(PathBuf),
    /// The record is not as it was written, and no crash can explain it.
    #[error(
        "Catatan tidak dapat dipercaya, jadi tidak dibuka: {0} Tidak ada yang diubah. Salin dulu \
         direktori data ini, jalankan `p2k2 verify`, lalu pulihkan dari cadangan terakhir."
    )]
    Damaged(Box<Finding>),
    /// The directory was written by a newer release.
    #[error(
        "Direktori data ini ditulis dengan format {found}, sedangkan program ini hanya mengenal \
         sampai format {known} ({}). Pasang p2k2 yang lebih baru.", .file.display()
    )]
    NewerFormat {
        /// The file that says so.
        file: PathBuf,
        /// The format that it names.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// An earlier write or sync failed, or the journal was closed: nothing more is accepted.
    #[error(
        "Catatan tidak menerima tulisan lagi karena penyimpanan sebelumnya gagal atau program \
         sedang berhenti. Periksa cakram, lalu mulai ulang p2k2."
    )]
    Stopped,
    /// The caller decided on a position that is no longer the end.
    #[error(
        "Catatan sudah berubah: diharapkan berakhir di nomor {expected}, ternyata di {actual}. \
         Muat ulang, lalu coba lagi."
    )]
    Position {
        /// The position that the caller knew.
        expected: u64,
        /// The real one.
        actual: u64,
    },
    /// One command is too big for a line.
    #[error(
        "Isian ini terlalu besar untuk satu catatan: {0} bita, paling banyak {LINE_BYTES_MAX}. \
         Persingkat, atau bagi menjadi beberapa."
    )]
    LineTooLong(usize),
    /// Too many lines at once.
    #[error(
        "Terlalu banyak catatan sekaligus: {0}, paling banyak {BATCH_LINES_MAX}. Kirim dalam \
         beberapa bagian."
    )]
    BatchTooLong(usize),
    /// Too many bytes at once.
    #[error(
        "Catatan yang dikirim sekaligus terlalu besar: {0} bita, paling banyak \
         {SEGMENT_BYTES_MAX}. Kirim dalam beberapa bagian."
    )]
    BatchTooBig(usize),
    /// A file is too big to be kept.
    #[error(
        "Berkas ini terlalu besar: {0} bita, paling banyak {BLOB_BYTES_MAX}. Perkecil dulu, lalu \
         unggah lagi."
    )]
    BlobTooBig(usize),
    /// An event uses the key of private texts for something else.
    #[error("Isian ini memakai tanda khusus \"~\" pada tempat yang salah dan tidak dicatat.")]
    ReservedKey,
    /// An event could not be written as JSON or read back.
    #[error("Isi catatan nomor {seq} tidak dikenal oleh program ini: {reason}.")]
    Event {
        /// The line; 0 while it is not yet written.
        seq: u64,
        /// What the parser said.
        reason: String,
    },
    /// A redaction that no line of the journal names, or that names itself or a later line.
    #[error(
        "Teks pada catatan nomor {0} tidak dapat dihapus, karena tidak ada catatan penghapusan \
         sah yang menyebutnya."
    )]
    NotNamed(u64),
    /// An import whose closing line does not fit the lines that stand.
    #[error("Impor yang ditutup pada catatan nomor {seq} tidak lengkap: {found} dari {expected}.")]
    Import {
        /// The closing line.
        seq: u64,
        /// The lines it counts.
        expected: u64,
        /// The lines that stand.
        found: u64,
    },
    /// A kept file is not what its name says.
    #[error(
        "Berkas {} rusak dan tidak ditampilkan. Pulihkan berkas itu dari cadangan.", .0.display()
    )]
    BlobDamaged(PathBuf),
    /// A kept draft is not what was saved.
    #[error(
        "Draf {} rusak dan tidak ditampilkan. Pulihkan dari cadangan, atau hapus draf itu dan \
         mulai dari naskah terakhir.", .0.display()
    )]
    DraftDamaged(PathBuf),
    /// A draft's name cannot be a file's name.
    #[error("Nama draf hanya boleh huruf kecil, angka, titik, garis dan paling panjang 100.")]
    DraftName,
    /// The system gave no random bytes.
    #[error("Sistem operasi tidak memberi bilangan acak. Mulai ulang p2k2.")]
    Random,
}

impl From<Finding> for JournalError {
    fn from(finding: Finding) -> Self {
        Self::Damaged(Box::new(finding))
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something is wrong or missing.
    Damage,
    /// Worth knowing; the next start deals with it, or nothing is lost by it.
    Note,
}

/// One thing that was found to be different from what was written, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The file, relative to the data directory.
    pub file: PathBuf,
    /// The line in the file, counted from 1.
    pub line: Option<u64>,
    /// The number that the line has or should have.
    pub seq: Option<u64>,
    /// What it is.
    pub what: Damage,
}

impl Finding {
    /// Damage of a whole file.
    pub(super) fn of_file(file: impl Into<PathBuf>, what: Damage) -> Self {
        Self { severity: Severity::Damage, file: file.into(), line: None, seq: None, what }
    }

    /// The same as something that is only worth knowing.
    pub(super) fn into_note(mut self) -> Self {
        self.severity = Severity::Note;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, " baris {line}")?;
        }
        if let Some(seq) = self.seq {
            write!(f, " (nomor {seq})")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// The kinds of damage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A segment's number is left out.
    #[error("berkas jurnal ini hilang.")]
    SegmentMissing,
    /// The first line of a segment is not what it must be.
    #[error("kepala berkas tidak cocok dengan berkas sebelumnya.")]
    Header,
    /// A sealed segment is not as it was written.
    #[error("berkas tersegel ini rusak atau terpotong.")]
    Seal,
    /// A sealed segment is sound and not the one that the list of roots names.
    #[error("akar segel tidak cocok dengan yang tercatat dalam daftar segel.")]
    SealRoot,
    /// The list of roots cannot be read, or does not name a segment that is sealed.
    #[error("daftar segel rusak atau tidak lengkap; disusun lagi saat mulai.")]
    SealList,
    /// The note of full segments is not as it was written.
    #[error(
        "catatan segmen penuh rusak; tidak dipakai, dan mulai berikutnya memeriksa semua baris."
    )]
    FullList,
    /// A sealed segment whose plain form stands too.
    #[error("sisa penyegelan yang terputus; dibersihkan saat mulai.")]
    SealLeft,
    /// A line cannot be taken apart.
    #[error("baris tidak dapat dibaca.")]
    Unreadable,
    /// A line is longer than any that is written.
    #[error("baris lebih panjang daripada batas.")]
    TooLong,
    /// A line's fingerprint does not follow from the line before it and its open part.
    #[error("sidik baris tidak cocok: baris ini atau yang sebelumnya diubah.")]
    Chain,
    /// A line stands where another number belongs.
    #[error("nomor urut tidak berlanjut: seharusnya {expected}, tertulis {found}.")]
    Order {
        /// The number that belongs here.
        expected: u64,
        /// The number that stands here.
        found: u64,
    },
    /// A line names a first line of its batch that cannot be.
    #[error("tanda kelompok tulis {0} tidak mungkin di sini.")]
    Batch(u64),
    /// A private part is not the one that the open part vouches for.
    #[error("bagian pribadi tidak cocok dengan sidiknya.")]
    Private,
    /// A private part is blank though no line orders it.
    #[error("bagian pribadi kosong tanpa catatan penghapusan yang menyebutnya.")]
    Blanked,
    /// A redaction stands whose text is still there.
    #[error("penghapusan sudah dicatat, tetapi teksnya masih ada; diselesaikan saat mulai.")]
    RedactionOpen,
    /// The file ends in something that an interrupted write can leave.
    #[error("ada {0} bita di ujung yang tidak selesai ditulis.")]
    Tail(u64),
    /// The same, but it cannot have come from an interrupted write.
    #[error("ujung berkas rusak, dan mati listrik saja tidak dapat menjelaskannya.")]
    TailInside,
    /// The journal ends before a line that is known to have been kept.
    #[error("catatan berakhir di nomor {head}, padahal {witness} mengenal nomor {seq}.")]
    Short {
        /// Where the journal ends.
        head: u64,
        /// Who knows better.
        witness: String,
        /// The number that must exist.
        seq: u64,
    },
    /// A line is not the one that somebody remembers.
    #[error("catatan nomor {seq} bukan yang dikenal {witness} (sidik {expected}).")]
    Other {
        /// The number.
        seq: u64,
        /// Who remembers it.
        witness: String,
        /// With which fingerprint.
        expected: Hash128,
    },
    /// A closing line counts other import lines than there are.
    #[error("impor yang ditutup di sini menghitung {expected} baris, yang ada {found}.")]
    ImportCount {
        /// As the closing line says.
        expected: u64,
        /// As they stand.
        found: u64,
    },
    /// The note of the last clean stop is damaged.
    #[error("tanda berhenti rusak.")]
    StopMarker,
    /// The file that names the format is damaged.
    #[error("berkas format rusak. Jika berkas jurnal utuh, hapus berkas ini lalu mulai lagi.")]
    Format,
    /// The file that names the format is missing and was written anew.
    #[error("berkas format tidak ada.")]
    FormatMissing,
    /// A blob's bytes do not have the fingerprint that is its name.
    #[error("isi berkas tidak cocok dengan namanya.")]
    Blob,
    /// A blob that is referred to is not there.
    #[error("berkas ini disebut dalam catatan, tetapi tidak ada.")]
    BlobMissing,
    /// A file lies where it does not belong.
    #[error("berkas ini bukan bagian dari data p2k2.")]
    Stray,
    /// A draft does not have the fingerprint that it names.
    #[error("draf rusak.")]
    Draft,
    /// A file could not be read at all.
    #[error("{0}")]
    Io(String),
    /// More was found than is listed.
    #[error("masih ada kerusakan lain yang tidak ditulis satu per satu.")]
    More,
    /// A printed head is not the head of this journal's line of that number.
    #[error("kepala jurnal {0} yang tercetak tidak cocok dengan catatan ini.")]
    Head(Head),
}
