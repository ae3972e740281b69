//! The four files of a district in: once, twice, broken, and while the server runs.

use std::fs;

use super::{District, KINDS, Ran, Server, journal_files};

/// Every byte of the journal.
fn journal(district: &District) -> Vec<Vec<u8>> {
    journal_files(&district.data()).iter().map(|file| fs::read(file).unwrap()).collect()
}

/// What an import is expected to say of a file of so many rows: `new` of them new.
fn counts(new: usize, same: usize) -> String {
    format!("{} baru, 0 berubah, {} tetap.", grouped(new), grouped(same))
}

/// A count as it is written for people: 13.402.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn rows(district: &District, kind: &str) -> usize {
    csv::Reader::from_path(district.file(kind)).unwrap().into_records().count()
}

#[test]
fn the_second_time_an_import_changes_nothing() {
    let district = District::files(800, 24);
    for kind in KINDS {
        let said = district.import(kind).well();
        assert!(said.contains(&counts(rows(&district, kind), 0)), "{kind}: {said}");
    }
    let before = journal(&district);
    assert!(rows(&district, "pertemuan") > 10_000);
    for kind in KINDS {
        let said = district.import(kind).well();
        assert!(said.contains(&counts(0, rows(&district, kind))), "{kind}: {said}");
    }
    assert!(journal(&district) == before, "a repeated import wrote something");
    district.run(&["verify"]).well();
}

#[test]
fn while_the_server_runs_imports_go_through_it() {
    let district = District::files(20, 4);
    let server = Server::start(&district.data());
    for kind in KINDS {
        let said = district.import(kind).well();
        assert!(said.contains(&counts(rows(&district, kind), 0)), "{kind}: {said}");
    }
    let token = district.token("admin");
    let mut client = server.client(&token);
    let known = |answer: super::http::Answer| answer.json()["rows"].as_array().unwrap().len();
    assert_eq!(known(client.get("/api/v1/kelompok?limit=500")), 20);
    let before = journal(&district);
    for kind in KINDS {
        let said = district.import(kind).well();
        assert!(said.contains(&counts(0, rows(&district, kind))), "{kind}: {said}");
    }
    assert!(journal(&district) == before, "a repeated import wrote something");
    // One more row is seen at once by who is reading.
    let file = district.file("kelompok");
    let mut text = fs::read_to_string(&file).unwrap();
    let desa = district.rows("kelompok", ["kode_desa"]).remove(0);
    text += &format!("BARU-1,Kenanga 9,{},20,,2026-01-05,\n", desa[0]);
    fs::write(&file, text).unwrap();
    let said = district.import("kelompok").well();
    assert!(said.contains(&counts(1, 20)), "{said}");
    assert_eq!(known(client.get("/api/v1/kelompok?limit=500")), 21);
    assert_eq!(client.get("/api/v1/kelompok/BARU-1").json()["name"], "Kenanga 9");
    server.stop();
    assert_eq!(district.run(&["verify"]).code, Some(0));
}

#[test]
fn a_file_of_bad_lines_is_answered_whole_while_the_server_runs() {
    let district = District::files(5, 2);
    let server = Server::start(&district.data());
    for kind in ["wilayah", "pengguna"] {
        district.import(kind).well();
    }
    let desa = district.rows("kelompok", ["kode_desa"]).remove(0);
    let mut text = "id,nama,kode_desa,anggota,pendamping,mulai\n".to_owned();
    for number in 0..50_000 {
        text += &format!("K-{number},Melati,{},banyak,,2026-01-05\n", desa[0]);
    }
    text += &format!("BAIK-1,Kenanga,{},20,,2026-01-05\n", desa[0]);
    fs::write(district.file("kelompok"), &text).unwrap();
    let file = district.file("kelompok");
    let ran = district.run(&["import", "kelompok", file.to_str().unwrap(), "--skip-bad"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err.chars().take(500).collect::<String>());
    assert!(ran.err.len() > 4 * 1024 * 1024, "every bad line is named: {}", ran.err.len());
    assert!(ran.err.contains(":50001: anggota"), "the last one too");
    assert!(ran.out.contains("1 baru, 0 berubah, 0 tetap, 50.000 dilewati"), "{}", ran.out);
    server.stop();
}

/// A broken cell: in which column, with what, and what is said of it.
type Broken = (&'static str, &'static str, &'static str);

const BROKEN: [(&str, &[Broken]); 4] = [
    (
        "wilayah",
        &[
            ("kode", "16.x", "kode: Kode wilayah \u{201c}16.x\u{201d}"),
            ("kode", "99.99", "kode: Induknya, 99, belum ada"),
            ("nama", "", "nama: Kolom ini kosong"),
        ],
    ),
    (
        "pengguna",
        &[
            ("peran", "raja", "peran: Peran \u{201c}raja\u{201d} tidak dikenal"),
            ("wilayah", "99.99", "wilayah: Wilayah 99.99 belum ada"),
            ("login", "dua kata", "login: Nama masuk \u{201c}dua kata\u{201d}"),
            ("login", "admin", "login: Nama masuk \u{201c}admin\u{201d} sudah ada di baris 2"),
        ],
    ),
    (
        "kelompok",
        &[
            ("id", "tidak boleh", "id: Id kelompok \u{201c}tidak boleh\u{201d}"),
            ("kode_desa", "99.99.99.9999", "kode_desa: Desa 99.99.99.9999 belum ada"),
            ("anggota", "banyak", "anggota: \u{201c}banyak\u{201d} bukan jumlah orang"),
            ("pendamping", "siapa", "pendamping: Tidak ada pendamping"),
            ("mulai", "2026-02-30", "mulai: Tanggal ini tidak ada di kalender"),
        ],
    ),
    (
        "pertemuan",
        &[
            ("kelompok", "TIDAK-ADA", "kelompok: Kelompok \u{201c}TIDAK-ADA\u{201d} tidak ada"),
            ("tanggal", "2099-01-01", "dicatat: Waktu ini lebih awal dari tanggal pertemuan"),
            ("dicatat", "2099-01-01", "dicatat: "),
            ("tanggal", "2001-01-01", "tanggal: "),
            ("tanggal", "kemarin", "tanggal: Tanggal ini tidak terbaca"),
            ("sesi", "tidak-ada", "sesi: Sesi \u{201c}tidak-ada\u{201d} tidak dikenal"),
            ("keterangan_sesi", "separuh", "keterangan_sesi: Keterangan \u{201c}separuh\u{201d}"),
            ("hadir", "9999", "hadir: 9.999 orang terlalu banyak"),
            ("jenis", "rapat", "jenis: "),
            ("catatan", "Nomornya 3201 2345 6789 0123", "catatan: "),
        ],
    ),
];

/// Writes a value over a cell in the middle of a file; gives the line, the heading being line 1.
fn break_cell(district: &District, kind: &str, (column, value): (&str, &str)) -> usize {
    let file = district.file(kind);
    let mut reader = csv::Reader::from_path(&file).unwrap();
    let heading = reader.headers().unwrap().clone();
    let place = heading.iter().position(|name| name == column).unwrap();
    let mut rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let at = rows.len() / 2;
    let cells = rows[at].iter().enumerate();
    rows[at] = cells.map(|(cell, old)| if cell == place { value } else { old }).collect();
    let mut writer = csv::Writer::from_path(&file).unwrap();
    writer.write_record(&heading).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
    at + 2
}

/// Checks that an import named the bad line with its reason and said that nothing came in.
fn named(ran: &Ran, (kind, line): (&str, usize), said: &str) {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let place = format!("{kind}.csv:{line}: {said}");
    let found = ran.err.lines().find(|text| text.contains(&place));
    let found = found.unwrap_or_else(|| panic!("{place} is not named: {}", ran.err));
    assert!(found.ends_with('.'), "{found}");
    let last = ran.err.trim_end().lines().last().unwrap();
    assert!(last.starts_with("1 baris salah, jadi tidak ada yang dimasukkan."), "{last}");
    assert!(ran.out.is_empty(), "{ran:?}");
}

#[test]
fn a_broken_line_is_named_with_its_reason_and_nothing_comes_in() {
    let district = District::files(12, 4);
    // A first start sets the directory up, so that from here on only imports write.
    Server::start(&district.data()).stop();
    for (number, (kind, cases)) in BROKEN.into_iter().enumerate() {
        let sound = fs::read(district.file(kind)).unwrap();
        // Half of the kinds while the server runs, half without one.
        let server = (number % 2 == 1).then(|| Server::start(&district.data()));
        let before = journal(&district);
        for (column, value, said) in cases {
            let line = break_cell(&district, kind, (column, value));
            named(&district.import(kind), (kind, line), said);
            let file = district.file(kind).display().to_string();
            let dry = district.run(&["import", kind, &file, "--dry-run"]);
            named(&dry, (kind, line), said);
            fs::write(district.file(kind), &sound).unwrap();
        }
        assert!(journal(&district) == before, "{kind}: something came in");
        drop(server);
        let said = district.import(kind).well();
        assert!(said.contains(&counts(rows(&district, kind), 0)), "{kind}: {said}");
    }
}

#[test]
fn bad_lines_are_left_out_where_that_is_asked_for_and_can_come_later() {
    let district = District::files(8, 3);
    for kind in ["wilayah", "pengguna", "kelompok"] {
        district.import(kind).well();
    }
    let all = rows(&district, "pertemuan");
    let sound = fs::read(district.file("pertemuan")).unwrap();
    let line = break_cell(&district, "pertemuan", ("sesi", "tidak-ada"));
    let file = district.file("pertemuan").display().to_string();
    let before = journal(&district);
    let dry = district.run(&["import", "pertemuan", &file, "--skip-bad", "--dry-run"]);
    assert!(dry.out.contains("Belum ada yang disimpan"), "{dry:?}");
    assert!(journal(&district) == before, "a dry run wrote something");
    let ran = district.run(&["import", "pertemuan", &file, "--skip-bad"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains(&format!("pertemuan.csv:{line}: sesi: ")), "{ran:?}");
    assert!(
        ran.out.contains(&format!("{} baru, 0 berubah, 0 tetap, 1 dilewati", all - 1)),
        "{ran:?}"
    );
    fs::write(district.file("pertemuan"), sound).unwrap();
    let said = district.import("pertemuan").well();
    assert!(said.contains(&counts(1, all - 1)), "{said}");
}

#[test]
fn a_file_that_is_no_such_file_is_refused_in_one_sentence() {
    let district = District::files(4, 1);
    let file = district.file("wilayah");
    for (text, said) in [
        (&b""[..], ""),
        (b"\n", ""),
        (b"nama,kode_pos\nKayuagung,30611\n", "kode"),
        (b"kode;nama;kode\n16;Sumatera Selatan;16\n", "kode"),
        (b"PK\x03\x04bukan lembar kerja", ""),
        (b"kode,nama\n16,Sumatera \xff\xfeSelatan\n", "UTF-8"),
    ] {
        fs::write(&file, text).unwrap();
        let ran = district.import("wilayah");
        assert!(matches!(ran.code, Some(1 | 2)), "{ran:?}");
        assert!(ran.err.contains("wilayah.csv") && ran.err.contains(said), "{ran:?}");
        assert!(!ran.err.contains("panicked") && ran.out.is_empty(), "{ran:?}");
    }
    // Where the bytes are taken as an older code page, the name is kept readable.
    let swapped = district.file("kelompok").display().to_string();
    let ran = district.run(&["import", "pertemuan", &swapped]);
    ran.refused("kelompok");
}
