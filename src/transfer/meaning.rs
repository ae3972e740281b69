//! What the columns of an import mean, for those who fill a file in.

use super::columns::{self, Kind};

/// A column of a kind of file, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnMeaning {
    /// Its name in the heading.
    pub name: &'static str,
    /// Whether a file without it cannot be read.
    pub required: bool,
    /// What stands in it, in a sentence.
    pub meaning: &'static str,
    /// A value as it may stand there; empty where none helps.
    pub example: &'static str,
}

/// Name, meaning, example.
type Words = (&'static str, &'static str, &'static str);

const WILAYAH: &[Words] = &[
    (
        "kode",
        "Kode wilayah dari Kemendagri, dengan titik. Wilayah di atasnya ikut ditulis atau sudah ada.",
        "16.02.05.1001",
    ),
    ("nama", "Nama wilayah. Kode yang sudah ada berganti nama.", "Tanjung Rancing"),
];

const KELOMPOK: &[Words] = &[
    (
        "id",
        "Tanda tetap kelompok: huruf, angka, dan tanda hubung. Id yang sudah ada mengubah kelompok itu.",
        "OKI-001",
    ),
    ("nama", "Nama kelompok. Jangan memakai nama orang.", "Melati 1"),
    (
        "kode_desa",
        "Kode atau nama desa. Beberapa desa dipisahkan dengan |, yang pertama desa asalnya.",
        "16.02.05.1001",
    ),
    (
        "anggota",
        "Banyaknya anggota, 1 sampai 500. Untuk kelompok yang sudah ada: banyaknya sekarang.",
        "25",
    ),
    ("pendamping", "Nama masuk pendampingnya, yang akunnya aktif. Boleh kosong.", "rina.s"),
    (
        "mulai",
        "Hari pertama kelompok: tahun 2007 atau sesudahnya, paling lambat setahun lagi.",
        "2025-01-15",
    ),
    (
        "berakhir",
        "Diisi oleh unduhan daftar. Baris yang terisi dilewati: mengakhiri kelompok dilakukan di halamannya.",
        "",
    ),
];

const PENGGUNA: &[Words] = &[
    (
        "login",
        "Nama masuk: 2 sampai 40 huruf kecil, angka, titik, atau tanda hubung. Yang sudah ada diubah.",
        "rina.s",
    ),
    ("nama", "Nama yang tampil pada catatan.", "Rina S."),
    (
        "peran",
        "pendamping, supervisor, pelatih, penelaah, atau admin. Beberapa dipisahkan dengan |.",
        "pendamping",
    ),
    (
        "wilayah",
        "Kode atau nama wilayah tempat peran itu berlaku, atau nasional. Beberapa dipisahkan dengan |.",
        "16.02",
    ),
    ("status", "Diisi oleh unduhan daftar. Baris nonaktif dilewati.", ""),
];

const PERTEMUAN: &[Words] = &[
    (
        "id",
        "Tanda baris ini, berbeda dari baris lain. Baris yang sama tidak dicatat dua kali.",
        "2025-0001",
    ),
    ("kelompok", "Id kelompok.", "OKI-001"),
    ("tanggal", "Tanggal pertemuan.", "2025-03-14"),
    ("sesi", "Nomor, id, atau judul sesi. Beberapa sesi dipisahkan dengan |.", "3|4"),
    (
        "keterangan_sesi",
        "tuntas atau sebagian: satu untuk semua, atau satu untuk setiap sesi.",
        "tuntas|sebagian",
    ),
    ("hadir", "Banyaknya anggota yang hadir.", "23"),
    ("sakit", "Banyaknya yang sakit. Kosong berarti 0.", "1"),
    ("alfa", "Banyaknya yang tidak hadir tanpa kabar. Kosong berarti 0.", "1"),
    ("jenis", "Jenis pertemuan. Kosong berarti lengkap.", "lengkap"),
    ("catatan", "Catatan singkat. Jangan menulis nama atau nomor orang.", ""),
    (
        "dicatat",
        "Kapan laporannya diterima. Kosong: ketepatan waktunya tidak dihitung.",
        "2025-03-14 16:30",
    ),
    (
        "edisi",
        "Nomor edisi naskah yang dipakai, atau buku cetak. Kosong: edisi yang berlaku hari itu.",
        "1",
    ),
    ("anggota", "Banyaknya anggota hari itu. Kosong: menurut data kelompok.", "25"),
    ("diskusi", "ya atau tidak: apakah ada diskusi kelompok.", "ya"),
    (
        "langkah",
        "Nomor langkah yang dijalankan, bila sebagian; satu daftar untuk setiap sesi, dipisahkan dengan |.",
        "1 2",
    ),
    ("nomor_tidak_hadir", "Nomor urut yang tidak hadir, dipisahkan dengan |.", "3|17"),
    ("jam_mulai", "Jam mulai.", "09:30"),
    ("jam_selesai", "Jam selesai.", "11:30"),
    ("tempat", "Tempat pertemuan.", "Balai desa"),
    ("pembicara", "Kantor atau jabatan narasumber. Beberapa dipisahkan dengan |.", "Bidan desa"),
    ("topik", "Topik tambahan. Beberapa dipisahkan dengan |.", ""),
    ("kendala", "Kendala dalam pertemuan.", ""),
    ("tindak_lanjut", "Yang dilakukan sesudahnya.", ""),
    ("status", "Diisi oleh unduhan data. Baris ditarik dilewati.", ""),
];

/// The columns of a kind of file in the order in which they are written; none of a kind that nobody
/// fills in by hand.
pub(super) fn of(kind: &'static Kind) -> Vec<ColumnMeaning> {
    let words = match kind.name {
        "wilayah" => WILAYAH,
        "kelompok" => KELOMPOK,
        "pengguna" => PENGGUNA,
        "pertemuan" => PERTEMUAN,
        _ => &[],
    };
    let meant = |column: &columns::Column| {
        let (name, meaning, example) = words.iter().find(|(name, ..)| *name == column.name)?;
        Some(ColumnMeaning { name, required: column.required, meaning, example })
    };
    kind.columns.iter().filter_map(meant).collect()
}

/// The columns of the kind of file that is called so; empty where nobody fills one in by hand.
#[must_use]
pub fn columns(kind: &str) -> Vec<ColumnMeaning> {
    columns::named(kind).map_or_else(Vec::new, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_what_people_fill_in_is_explained() {
        for kind in ["wilayah", "kelompok", "pengguna", "pertemuan"] {
            let named = columns::named(kind).unwrap();
            let meant = columns(kind);
            assert_eq!(meant.len(), named.columns.len(), "{kind}");
            for column in meant {
                assert!(column.meaning.ends_with('.'), "{kind} {}", column.name);
            }
        }
        assert!(columns("wilayah-peta").is_empty() && columns("lain").is_empty());
    }
}
