//! Every way in which a file or a line can be wrong, with the sentence that says so.

use std::fmt::Write as _;

use super::PLAIN;

/// What reading a file said, one line each; rows that were taken by their number.
fn said(kind: &str, bytes: &[u8]) -> String {
    let reading = match PLAIN.read(kind, bytes) {
        Err(error) => return format!("berkas: {error}"),
        Ok(reading) => reading,
    };
    let lines: Vec<u32> = match reading.rows {
        p2k2::decide::import::Rows::WilayahEdition(edition) => {
            edition.rows.iter().map(|row| row.line).collect()
        }
        p2k2::decide::import::Rows::WilayahPeta(rows) => rows.iter().map(|row| row.line).collect(),
        p2k2::decide::import::Rows::WilayahAlias(rows) => rows.iter().map(|row| row.line).collect(),
        p2k2::decide::import::Rows::Wilayah(rows) => rows.iter().map(|row| row.line).collect(),
        p2k2::decide::import::Rows::Kelompok(rows) => rows.iter().map(|row| row.line).collect(),
        p2k2::decide::import::Rows::Pengguna(rows) => rows.iter().map(|row| row.line).collect(),
        p2k2::decide::import::Rows::Pertemuan(rows) => rows.iter().map(|row| row.line).collect(),
    };
    let mut said = format!("baik {lines:?}");
    for error in reading.notes.errors {
        let _ = write!(said, "\n{} {}: {}", error.line, error.field, error.message);
    }
    for warning in reading.notes.warnings {
        let _ = write!(said, "\n({} {}: {})", warning.line, warning.field, warning.message);
    }
    said
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("wilayah", b"", "Berkas ini kosong. Pilih berkas yang berisi baris judul dan data."),
        ("wilayah", b"\n ,\n", "Berkas ini kosong. Pilih berkas yang berisi baris judul dan data."),
        (
            "wilayah",
            b"16,Sumatera Selatan\n",
            "Kolom kode, nama tidak ada di baris judul. Baris judul berkas wilayah memuat kode,nama.",
        ),
        (
            "kelompok",
            b"login;nama;peran;wilayah\n",
            "Kolom id, kode_desa, anggota, pendamping, mulai tidak ada di baris judul. Baris judul berkas kelompok memuat id,nama,kode_desa,anggota,pendamping,mulai. Berkas ini tampaknya berkas pengguna.",
        ),
        (
            "wilayah",
            b"kode,nama,Kode\n",
            "Kolom kode tertulis dua kali di baris judul. Hapus salah satunya.",
        ),
        (
            "wilayah",
            b"kode,n\xe1ma\n",
            "Baris judul memuat huruf yang bukan UTF-8. Simpan sebagai CSV UTF-8, lalu ulangi.",
        ),
        (
            "wilayah",
            b"kode,nama\n16,\"Sumatera Selatan\n35,Jawa Timur\n",
            "Tanda kutip yang dibuka di baris 2 tidak pernah ditutup. Tambahkan tanda kutip penutup, lalu ulangi.",
        ),
        (
            "wilayah",
            b"\xff\xfek\0o\0d\0e\0",
            "Teks berkas ini tersimpan sebagai UTF-16. Simpan sebagai CSV UTF-8, lalu ulangi.",
        ),
        (
            "wilayah",
            b"\x7fELF\0\0\0",
            "Berkas ini bukan CSV dan bukan lembar kerja .xlsx. Simpan sebagai salah satunya, lalu ulangi.",
        ),
        (
            "wilayah",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "Ini berkas Excel lama (.xls) atau berkas bersandi. Simpan sebagai .xlsx tanpa kata sandi, lalu ulangi.",
        ),
    ];
    for (kind, bytes, expected) in cases {
        assert_eq!(said(kind, bytes), format!("berkas: {expected}"));
    }
}

#[test]
fn limits_are_said() {
    use p2k2::transfer::{Limits, read};
    let limits = Limits { bytes: 40, rows: 2, cell_chars: 10, errors: 1 };
    let read = |text: &str| read::wilayah(text.as_bytes(), limits);
    assert_eq!(
        read(&"x".repeat(41)).unwrap_err().to_string(),
        "Berkas ini lebih besar dari 0 MB. Bagi menjadi beberapa berkas."
    );
    assert_eq!(
        read("kode,nama\n11,a\n12,b\n13,c\n").unwrap_err().to_string(),
        "Berkas ini memuat lebih dari 2 baris. Bagi menjadi beberapa berkas."
    );
    let notes = read("kode,nama\n11,aaaaaaaaaaaaaa\n1,b").unwrap().notes;
    assert_eq!(notes.errors[0].message, "Isi satu kolom lebih dari 10 huruf. Ringkas isinya.");
    assert_eq!((notes.errors.len(), notes.unlisted), (1, 1));
    // Letters are counted, not bytes.
    assert_eq!(read("kode,nama\n11,ééééééééé\n").unwrap().notes.errors, []);
}

#[test]
fn bad_lines_of_wilayah_are_named() {
    let text = "kode;nama;pulau\n16;Sumatera Selatan;x\n16.2;Ogan;\n;Tanpa kode;\n16.02;\nnasional;Indonesia;\n\n16.03;\"a\"b;\n16.04;a;b;c\n16.05;;\n";
    assert_eq!(
        said("wilayah", text.as_bytes()),
        "baik [2]
3 kode: Kode wilayah “16.2” tidak dikenal bentuknya. Contoh yang benar: 16, 16.02, 16.02.05 atau 16.02.05.1001.
4 kode: Kolom ini kosong. Isi dengan kode wilayah, misalnya 16.02.05.1001.
5 baris: Baris ini hanya 2 kolom, seharusnya 3. Periksa pemisah dan tanda kutipnya.
6 kode: Seluruh Indonesia tidak perlu baris sendiri. Hapus baris ini.
8 baris: Tanda kutip di baris ini salah letak. Tulis tanda kutip di dalam teks dua kali (\"\").
9 baris: Baris ini mempunyai isi di luar 3 kolom baris judul. Beri tanda kutip pada teks yang memuat pemisah.
10 nama: Kolom ini kosong. Isi dengan nama wilayah.
(1 pulau: Kolom “pulau” tidak dikenal dan dilewati.)"
    );
    assert_eq!(
        said("wilayah", b"kode,nama\n16,Sumatera\n16.02,Og\xe1n\n35,Jawa Timur\n"),
        "baik [2, 4]
3 baris: Baris ini memuat huruf yang bukan UTF-8. Simpan sebagai CSV UTF-8, lalu ulangi."
    );
}

#[test]
fn bad_lines_of_kelompok_are_named() {
    let text = "\u{feff}ID,Nama,Kode Desa,anggota,pendamping,mulai,berakhir\r
OKI-1,Melati,16.02.05.1001|16.02.05.1002,25,pendamping,2025-01-31,\r
-x,,16.02.05.101,-3,a b,31/02/2025,\r
OKI-3,Mawar,,,,,\r
3520071234567890,Mawar,16.02.05.1001,dua,,2025/1/1,\r
OKI-5,Bu Sari,16.02.05.1001,70000,,1/1/2025,\r
OKI-6,Ibu Melati,16.02.05.1001,20,,1/1/2025,\r
OKI-7,Teratai,16.02.05.1001,20,,1/1/2025,2026-01-01\r\n";
    assert_eq!(
        said("kelompok", text.as_bytes()),
        "baik [2, 7]
3 id: Id kelompok “-x” tidak dapat dipakai. Gunakan 1 sampai 40 huruf, angka, titik, garis bawah atau tanda hubung, diawali huruf atau angka.
3 nama: Kolom ini kosong. Isi dengan nama kelompok.
3 kode_desa: Kode wilayah “16.02.05.101” tidak dikenal bentuknya. Contoh yang benar: 16, 16.02, 16.02.05 atau 16.02.05.1001.
3 anggota: “-3” bukan jumlah orang. Tulis bilangan bulat, misalnya 25.
3 pendamping: Nama masuk “a b” tidak dapat dipakai. Gunakan 2 sampai 40 huruf kecil, angka, titik, garis bawah atau tanda hubung.
3 mulai: Tanggal ini tidak ada di kalender. Periksa hari dan bulannya.
4 kode_desa: Kolom ini kosong. Isi dengan kode wilayah, misalnya 16.02.05.1001.
4 anggota: Kolom ini kosong. Isi dengan angka, misalnya 25.
4 mulai: Kolom ini kosong. Isi dengan tanggal, misalnya 2026-11-21.
5 id: Teks ini memuat deretan 16 angka yang mirip NIK atau nomor KK. Hapus nomor itu; data keluarga tidak disimpan di sini.
5 anggota: “dua” bukan jumlah orang. Tulis bilangan bulat, misalnya 25.
5 mulai: Tanggal ini tidak terbaca. Tulis seperti 2026-11-21 atau 21/11/2026.
6 anggota: “70000” bukan jumlah orang. Tulis bilangan bulat, misalnya 25.
(7 nama: Nama kelompok “Ibu Melati” mirip nama orang. Pakai nama bunga, buah atau tempat bila benar demikian.)
(8 berakhir: Kelompok ini sudah berakhir (2026-01-01) dan dilewati.)"
    );
}

#[test]
fn bad_lines_of_pengguna_are_named() {
    let text = "login,nama,peran,wilayah,status
siti.r,Supervisor,supervisor|pendamping,16.02|35.20,
admin,Admin,admin|pelatih,nasional,aktif
a,,camat,16.2,
bb,Pendamping,supervisor|pendamping,16|16.02|35,
cc,Pendamping,,,tidur
dd,Pendamping,pendamping,16.02,nonaktif
";
    assert_eq!(
        said("pengguna", text.as_bytes()),
        "baik [2, 3]
4 login: Nama masuk “a” tidak dapat dipakai. Gunakan 2 sampai 40 huruf kecil, angka, titik, garis bawah atau tanda hubung.
4 nama: Kolom ini kosong. Isi dengan nama pengguna.
4 peran: Peran “camat” tidak dikenal. Pilih pendamping, supervisor, pelatih, penelaah atau admin.
4 wilayah: Kode wilayah “16.2” tidak dikenal bentuknya. Contoh yang benar: 16, 16.02, 16.02.05 atau 16.02.05.1001.
5 wilayah: Ada 2 peran dan 3 wilayah. Tulis satu peran, satu wilayah, atau sama banyaknya.
6 peran: Kolom ini kosong. Isi dengan pendamping, supervisor, pelatih, penelaah atau admin.
6 wilayah: Kolom ini kosong. Isi dengan kode wilayah, misalnya 16.02.05.1001.
6 status: Status “tidur” tidak dikenal. Kosongkan, atau tulis nonaktif.
(7 status: Pengguna ini nonaktif dan dilewati.)"
    );
}

/// A file of one pertemuan: the columns that differ from a good one.
fn pertemuan(changes: &[(&str, &str)]) -> String {
    let mut columns = vec![
        ("id", "1"),
        ("kelompok", "OKI-1"),
        ("tanggal", "2026-11-02"),
        ("sesi", "8"),
        ("keterangan_sesi", "tuntas"),
        ("hadir", "20"),
        ("sakit", ""),
        ("alfa", ""),
        ("jenis", ""),
        ("catatan", ""),
    ];
    for (name, value) in changes {
        match columns.iter_mut().find(|(column, _)| column == name) {
            Some(column) => column.1 = value,
            None => columns.push((name, value)),
        }
    }
    let (names, values): (Vec<&str>, Vec<&str>) = columns.into_iter().unzip();
    format!("{}\n\"{}\"\n", names.join(";"), values.join("\";\""))
}

/// 65 letters.
const LONG_ID: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

/// The columns that differ from a good row, and what is said of them.
const BAD_PERTEMUAN: &[(&[(&str, &str)], &str)] = &[
    (&[("id", "")], "id: Kolom ini kosong. Isi dengan id baris ini, berbeda dari baris lain."),
    (&[("id", LONG_ID)], "id: Id ini 65 huruf, paling banyak 64. Pendekkan."),
    (
        &[("kelompok", "a b")],
        "kelompok: Id kelompok “a b” tidak dapat dipakai. Gunakan 1 sampai 40 huruf, angka, titik, garis bawah atau tanda hubung, diawali huruf atau angka.",
    ),
    (
        &[("tanggal", "2 Nov 2026")],
        "tanggal: Tanggal ini tidak terbaca. Tulis seperti 2026-11-21 atau 21/11/2026.",
    ),
    (
        &[("tanggal", "31/11/2026")],
        "tanggal: Tanggal ini tidak ada di kalender. Periksa hari dan bulannya.",
    ),
    (&[("sesi", "")], "sesi: Kolom ini kosong. Isi dengan paling sedikit satu sesi, misalnya 8."),
    (
        &[("sesi", "99")],
        "sesi: Sesi “99” tidak dikenal. Tulis id, judul atau nomor sesi, misalnya 8 atau stunting:8.",
    ),
    (
        &[("sesi", "8|"), ("keterangan_sesi", "tuntas|tuntas")],
        "sesi: Ada sesi yang kosong di antara tanda |. Hapus tanda itu atau isi sesinya.",
    ),
    (
        &[("keterangan_sesi", "")],
        "keterangan_sesi: Kolom ini kosong. Tulis tuntas atau sebagian untuk tiap sesi.",
    ),
    (
        &[("keterangan_sesi", "selesai")],
        "keterangan_sesi: Keterangan “selesai” tidak dikenal. Tulis tuntas atau sebagian.",
    ),
    (
        &[("sesi", "8|9")],
        "keterangan_sesi: Ada 2 sesi dan 1 keterangan. Tulis satu keterangan untuk tiap sesi, dipisah tanda |.",
    ),
    (&[("hadir", "")], "hadir: Kolom ini kosong. Isi dengan angka, misalnya 25."),
    (&[("hadir", "2,5")], "hadir: “2,5” bukan jumlah orang. Tulis bilangan bulat, misalnya 25."),
    (&[("sakit", "+1")], "sakit: “+1” bukan jumlah orang. Tulis bilangan bulat, misalnya 25."),
    (&[("alfa", "x")], "alfa: “x” bukan jumlah orang. Tulis bilangan bulat, misalnya 25."),
    (
        &[("anggota", "99999")],
        "anggota: “99999” bukan jumlah orang. Tulis bilangan bulat, misalnya 25.",
    ),
    (
        &[("dicatat", "kemarin")],
        "dicatat: Waktu ini tidak terbaca. Tulis seperti 2026-11-21, 21/11/2026 atau 2026-11-21 10:30.",
    ),
    (
        &[("dicatat", "2026-11-01")],
        "dicatat: Waktu ini lebih awal dari tanggal pertemuan. Periksa keduanya.",
    ),
    (&[("dicatat", "2026-11-22")], "dicatat: Waktu ini belum terjadi. Periksa tanggalnya."),
    (
        &[("edisi", "baru")],
        "edisi: Edisi “baru” tidak dikenal. Tulis nomor edisi, atau buku cetak.",
    ),
    (
        &[("edisi", "1|2")],
        "edisi: Ada 1 sesi dan 2 edisi. Tulis satu edisi untuk tiap sesi, dipisah tanda |.",
    ),
    (&[("diskusi", "mungkin")], "diskusi: “mungkin” tidak dikenal. Tulis ya atau tidak."),
    (
        &[("langkah", "1 dua")],
        "langkah: Langkah “1 dua” tidak dikenal. Tulis nomor langkah, misalnya 1 2 3.",
    ),
    (
        &[("nomor_tidak_hadir", "tiga")],
        "nomor_tidak_hadir: Nomor urut tidak terbaca. Tulis seperti 3|17.",
    ),
    (&[("jam_mulai", "pagi")], "jam_mulai: Jam “pagi” tidak terbaca. Tulis seperti 09:30."),
    (
        &[("status", "hilang")],
        "status: Status “hilang” tidak dikenal. Kosongkan, atau tulis ditarik.",
    ),
];

#[test]
fn bad_lines_of_pertemuan_are_named() {
    for (changes, expected) in BAD_PERTEMUAN {
        let file = pertemuan(changes);
        assert_eq!(said("pertemuan", file.as_bytes()), format!("baik []\n2 {expected}"), "{file}");
    }
    let withdrawn = pertemuan(&[("status", "ditarik")]);
    assert_eq!(
        said("pertemuan", withdrawn.as_bytes()),
        "baik []\n(2 status: Catatan ini sudah ditarik dan dilewati.)"
    );
}

#[test]
fn an_ambiguous_sesi_is_a_bad_line_that_says_how_to_be_clear() {
    use p2k2::curriculum::skema::Skema;
    use p2k2::kelompok::wilayah::Zone;
    use p2k2::transfer::{Limits, Lookup, read};
    let mut skema: Vec<Skema> = super::skema();
    for one in &mut skema {
        one.modul[0].sesi[0].alias.push("Pembukaan".to_owned());
    }
    let lookup = Lookup { skema: &skema, zone: &|_| Zone::Wib, now: super::now() };
    let file = pertemuan(&[("sesi", "pembukaan")]);
    let reading = read::pertemuan(file.as_bytes(), Limits::default(), lookup).unwrap();
    let messages: Vec<&str> =
        reading.notes.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "“pembukaan” dapat berarti “Menjadi Orang Tua yang Lebih Baik” (1) atau “Memahami Permasalahan Stunting” (stunting:1). Tulis id atau nomornya."
        ]
    );
}

#[test]
fn a_good_line_may_be_written_in_many_ways() {
    use p2k2::decide::import::Rows;
    let read = |changes: &[(&str, &str)]| {
        let reading = PLAIN.read("pertemuan", pertemuan(changes).as_bytes()).unwrap();
        assert_eq!(reading.notes.errors, [], "{changes:?}");
        let Rows::Pertemuan(mut rows) = reading.rows else { panic!("another kind") };
        rows.remove(0).value
    };
    let plain = read(&[]);
    assert_eq!(plain.input.kind, "lengkap");
    assert_eq!((plain.input.present, plain.input.sick, plain.input.absent), (20, 0, 0));
    assert_eq!((plain.received, plain.input.members, plain.input.discussion), (None, None, None));
    for sesi in [
        "gizi-dan-layanan-kesehatan-ibu-hamil",
        "Pentingnya Gizi dan Layanan Kesehatan Ibu Hamil",
        "1000 hari pertama kehidupan",
        "kesehatan sesi 1",
        "klasik:8",
        " 08 ",
    ] {
        assert_eq!(read(&[("sesi", sesi)]).input.sesi, plain.input.sesi, "{sesi}");
    }
    let stunting = read(&[("sesi", "stunting:8 | 8"), ("keterangan_sesi", "Sebagian|TUNTAS")]);
    let ids: Vec<&str> = stunting.input.sesi.iter().map(|one| one.sesi.as_str()).collect();
    assert_eq!(ids, ["stimulasi-anak-1-2-tahun", "gizi-dan-layanan-kesehatan-ibu-hamil"]);
    assert_eq!(read(&[("tanggal", "2/11/2026")]), plain);
    assert_eq!(read(&[("jenis", "Kunjungan rumah")]).input.kind, "kunjungan-rumah");
    let noon = read(&[("dicatat", "3/11/2026")]).received.unwrap();
    assert_eq!(noon.to_string(), "2026-11-03T05:00:00Z");
    let book = read(&[("edisi", "Buku cetak")]);
    assert_eq!(book.input.sesi[0].edition, Some(0));
    assert_eq!(read(&[("edisi", "2"), ("diskusi", "Ya")]).input.discussion, Some(true));
    let only_topic = read(&[("sesi", ""), ("keterangan_sesi", ""), ("topik", "Judi online|a\\|b")]);
    assert_eq!(only_topic.input.topics, ["Judi online", "a|b"]);
}
