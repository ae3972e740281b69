//! Every spreadsheet that a page gives: whole, fit to work with, and nothing in it is a formula.

use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command as Run;

use calamine::{Data, Reader, Xlsx};
use p2k2::command::Command;

use crate::support::http::{Site, system};
use crate::support::record;

/// A name that a careless spreadsheet would compute.
const RISKY: &str = "=1+1 Melati";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";

/// Who asks for which file, and with which ending the same rows come as CSV.
const FILES: [(&str, &str); 8] = [
    ("supervisor-1", "/kelompok.xlsx"),
    ("admin-1", "/kelompok.xlsx"),
    ("supervisor-1", "/cakupan/unduh?per=kelompok&format=xlsx"),
    ("supervisor-1", "/cakupan/unduh?per=kecamatan&format=xlsx"),
    ("supervisor-1", "/cakupan/unduh?per=pendamping&format=xlsx"),
    ("pelatih-1", "/cakupan/unduh?format=xlsx"),
    ("supervisor-1", "/laporan/unduh?wilayah=16.02.05.1001&format=xlsx"),
    ("supervisor-1", "/api/v1/cakupan?wilayah=16.02&per=kelompok&format=xlsx"),
];

fn site() -> Site {
    let site = Site::new();
    for (id, name) in [("OKI-2", RISKY), ("OKI-3", "+62 Mawar")] {
        let command = Command::CreateGroup {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            desa: vec!["16.02.05.1001".parse().unwrap()],
            members: 1_200 / 60,
            start: "2025-01-01".parse().unwrap(),
            pendamping: Some("pendamping-1".parse().unwrap()),
        };
        system(&site.app, command);
        let mut input = record("2026-11-10");
        input.kelompok = id.parse().unwrap();
        (input.present, input.sick, input.absent) = (20, 0, 0);
        input.sesi[0].sesi = FIRST.parse().unwrap();
        system(&site.app, Command::Record(Box::new(input)));
    }
    site
}

/// The parts of a spreadsheet as they stand in its file.
fn part(bytes: &[u8], name: &str) -> String {
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn rows(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

/// What an office program makes of it; none where it is not installed.
fn as_csv(dir: &Path, bytes: &[u8]) -> Option<String> {
    let file = dir.join("berkas.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1";
    let run = Run::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", filter, "--outdir"])
        .arg(dir)
        .arg(&file)
        .output()
        .ok()?;
    let made = std::fs::read_to_string(dir.join("berkas.csv"));
    Some(made.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&run.stderr))))
}

#[test]
fn every_spreadsheet_of_a_page_opens_and_holds_no_formula() {
    let site = site();
    let dir = tempfile::tempdir().unwrap();
    let mut risky = 0;
    for (who, path) in FILES {
        let bytes = site.bytes(who, path);
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter"), "{path}");
        assert!(!sheet.contains("<f>"), "{path}: a formula");
        if !path.starts_with("/kelompok") {
            let styles = part(&bytes, "xl/styles.xml");
            assert!(sheet.contains(" s=\"") && styles.contains("numFmtId=\"3\""), "{path}");
        }
        let rows = rows(&bytes);
        let width = rows[0].len();
        assert!(rows.len() > 1 && rows.iter().all(|row| row.len() == width), "{path}");
        let texts = rows.iter().flatten().filter(|cell| **cell == Data::String(RISKY.to_owned()));
        risky += texts.count();
        // The same rows as CSV, where what could be a formula is guarded.
        let plain = path.replace("format=xlsx", "format=csv").replace(".xlsx", ".csv");
        let csv = String::from_utf8(site.bytes(who, &plain)).unwrap();
        assert_eq!(csv.lines().count(), rows.len(), "{plain}");
        assert!(!csv.contains(&format!(",{RISKY}")) && !csv.starts_with(RISKY), "{plain}: {csv}");
        // The runner of all tests installs an office program; elsewhere there is nothing to ask.
        if let Some(shown) = as_csv(dir.path(), &bytes) {
            assert_eq!(shown.lines().count(), rows.len(), "{path}: {shown}");
            assert_eq!(shown.contains(RISKY), csv.contains(RISKY), "{path}: {shown}");
        }
    }
    assert!(risky >= 3, "{risky}: the name stands where kelompok are named");
}
