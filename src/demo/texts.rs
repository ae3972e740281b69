//! The words of a made-up district.

/// The provinsi by the first two digits of their codes.
pub(super) const PROVINSI: [(u8, &str); 38] = [
    (11, "Aceh"),
    (51, "Bali"),
    (91, "Papua"),
    (12, "Sumatera Utara"),
    (13, "Sumatera Barat"),
    (14, "Riau"),
    (15, "Jambi"),
    (16, "Sumatera Selatan"),
    (17, "Bengkulu"),
    (18, "Lampung"),
    (19, "Kepulauan Bangka Belitung"),
    (21, "Kepulauan Riau"),
    (31, "DKI Jakarta"),
    (32, "Jawa Barat"),
    (33, "Jawa Tengah"),
    (34, "Daerah Istimewa Yogyakarta"),
    (35, "Jawa Timur"),
    (36, "Banten"),
    (52, "Nusa Tenggara Barat"),
    (53, "Nusa Tenggara Timur"),
    (61, "Kalimantan Barat"),
    (62, "Kalimantan Tengah"),
    (63, "Kalimantan Selatan"),
    (64, "Kalimantan Timur"),
    (65, "Kalimantan Utara"),
    (71, "Sulawesi Utara"),
    (72, "Sulawesi Tengah"),
    (73, "Sulawesi Selatan"),
    (74, "Sulawesi Tenggara"),
    (75, "Gorontalo"),
    (76, "Sulawesi Barat"),
    (81, "Maluku"),
    (82, "Maluku Utara"),
    (92, "Papua Barat"),
    (93, "Papua Selatan"),
    (94, "Papua Tengah"),
    (95, "Papua Pegunungan"),
    (96, "Papua Barat Daya"),
];

/// First words of made-up places.
pub(super) const PLACE_FIRST: [&str; 12] = [
    "Suka", "Mekar", "Sumber", "Karang", "Tanjung", "Air", "Bukit", "Padang", "Muara", "Rimba",
    "Kampung", "Teluk",
];

/// Second words of made-up places.
pub(super) const PLACE_SECOND: [&str; 14] = [
    "Jaya", "Maju", "Rejeki", "Harapan", "Indah", "Makmur", "Bening", "Lestari", "Baru", "Raya",
    "Damai", "Sentosa", "Asri", "Mulya",
];

/// Flowers, fruits and trees after which kelompok are called.
pub(super) const KELOMPOK: [&str; 26] = [
    "Melati",
    "Mangga",
    "Teratai",
    "Cempaka",
    "Rambutan",
    "Anggrek",
    "Jati",
    "Kamboja",
    "Sawo",
    "Nusa Indah",
    "Durian",
    "Kenanga",
    "Salak",
    "Bougenvil",
    "Beringin",
    "Manggis",
    "Soka",
    "Kelapa",
    "Alamanda",
    "Nangka",
    "Sedap Malam",
    "Cemara",
    "Jambu",
    "Kembang Sepatu",
    "Duku",
    "Trembesi",
];

/// Why pertemuan were suspended.
pub(super) const SUSPENSION: &str =
    "Tanggap darurat angin kencang dan longsor; balai desa dipakai sebagai tempat mengungsi.";

/// Where a kelompok meets.
pub(super) const TEMPAT: [&str; 8] = [
    "Balai desa",
    "Rumah ketua kelompok",
    "Posyandu",
    "Aula kantor desa",
    "Teras musala",
    "Gedung PAUD",
    "Rumah anggota kelompok",
    "Balai dusun",
];

/// Who speaks beside the pendamping, by office.
pub(super) const PEMBICARA: [&str; 7] = [
    "Bidan desa",
    "Kader posyandu",
    "Petugas gizi puskesmas",
    "Kepala dusun",
    "Guru PAUD",
    "Petugas Dinas Sosial",
    "Penyuluh KB",
];

/// Topics outside every sesi.
pub(super) const TOPIK: [&str; 10] = [
    "Bahaya judi online",
    "Literasi digital",
    "Penipuan lewat telepon",
    "Pemutakhiran data keluarga",
    "Persiapan graduasi mandiri",
    "Bank sampah dusun",
    "Arisan dan tabungan kelompok",
    "Jadwal imunisasi di posyandu",
    "Kebun pekarangan",
    "Pencairan bantuan tahap berikutnya",
];

/// A kendala and what is done about it.
pub(super) const KENDALA: [(&str, &str); 14] = [
    (
        "Hujan deras sejak pagi, sebagian ibu datang terlambat.",
        "Mulai setengah jam lebih siang selama musim hujan.",
    ),
    (
        "Bertepatan dengan masa panen, banyak yang di sawah.",
        "Pertemuan berikutnya dipindah ke sore hari.",
    ),
    (
        "Anak kecil ikut dan sulit berkonsentrasi.",
        "Kader membantu sudut bermain anak di pertemuan depan.",
    ),
    (
        "Lembar balik basah dan tidak dapat dipakai.",
        "Cetak ulang lembar balik di kantor kecamatan.",
    ),
    ("Listrik padam, film tidak jadi diputar.", "Film diganti bermain peran."),
    ("Ruangan sempit untuk diskusi kelompok kecil.", "Pinjam aula kantor desa bulan depan."),
    ("Beberapa peserta belum lancar membaca.", "Lembar kerja dibacakan bersama dan dijawab lisan."),
    (
        "Jalan menuju dusun rusak setelah banjir.",
        "Bertemu di dusun sebelah sampai jalan diperbaiki.",
    ),
    (
        "Ada hajatan di dusun sehingga yang hadir berkurang.",
        "Yang tidak hadir disusulkan minggu depan.",
    ),
    (
        "Waktu tidak cukup untuk langkah terakhir.",
        "Langkah yang tersisa dilanjutkan pertemuan depan.",
    ),
    ("Jumlah lembar kerja kurang.", "Cetak lima lembar lebih banyak."),
    ("Peserta masih malu bertanya.", "Mulai dengan permainan dan kelompok kecil."),
    (
        "Peserta lebih banyak bertanya soal pencairan bantuan.",
        "Sediakan lima belas menit di akhir untuk tanya jawab bantuan.",
    ),
    (
        "Sinyal tidak ada, absensi dicatat di kertas.",
        "Catatan diisi setelah kembali ke kota kecamatan.",
    ),
];

/// Short notes; two of them may stand together.
pub(super) const CATATAN: [&str; 24] = [
    "Peserta aktif dan banyak berbagi pengalaman.",
    "Bermain peran berjalan ramai, semua ingin mencoba.",
    "Latihan di rumah bulan lalu sudah dikerjakan sebagian besar keluarga.",
    "Pesan kunci diulang bersama di akhir.",
    "Diskusi kelompok kecil lebih hidup daripada ceramah.",
    "Beberapa ibu minta materi dibagikan lewat grup WhatsApp.",
    "Ketua kelompok membantu menyiapkan tempat dan minum.",
    "Dua ibu bercerita sudah mulai mencatat uang belanja.",
    "Banyak pertanyaan tentang bekal sekolah.",
    "Kader posyandu ikut menjawab pertanyaan peserta.",
    "Peserta menyusun aturan rumah bersama anak.",
    "Sepakat menabung seribu rupiah setiap pertemuan.",
    "Lembar kerja dikerjakan berpasangan.",
    "Suasana akrab, selesai tepat waktu.",
    "Peserta minta contoh menu murah untuk seminggu.",
    "Buku pintar dibawa pulang semua peserta.",
    "Anggota baru dikenalkan dan diberi ringkasan sesi sebelumnya.",
    "Curah pendapat cukup panjang, langkah berikutnya dipersingkat.",
    "Sebagian suami ikut hadir di awal.",
    "Ice breaking memakai lagu daerah.",
    "Rencana tindak lanjut ditulis di kertas besar dan ditempel.",
    "Peserta mengulang materi bulan lalu dengan baik.",
    "Demonstrasi cuci tangan dilakukan di halaman.",
    "Perlu pengulangan pada bagian tanda bahaya.",
];
