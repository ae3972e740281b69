//! Every spreadsheet that a page gives: whole, fit to work with, and nothing in it is a formula.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command as Run;

use calamine::{Data, Reader, Xlsx};
use p2k2::command::Command;
use p2k2::decide::import::Rows;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::transfer::{Limits, read};

use crate::support::http::{Site, system};
use crate::support::record;

const SUPERVISOR: &str = "supervisor-1";
const ADMIN: &str = "admin-1";
const PENDAMPING: &str = "pendamping-1";
const PELATIH: &str = "pelatih-1";
const SESI: [&str; 2] = ["menjadi-orang-tua-yang-lebih-baik", "memahami-perilaku-anak"];
/// Names that a careless spreadsheet would compute.
const RISKY: [(&str, &str); 4] = [
    ("OKI-2", "=1+1 Melati"),
    ("OKI-3", "+62 Mawar"),
    ("OKI-4", "-5 Anggrek"),
    ("OKI-5", "@SUM(A1)"),
];

/// Who looks at which page for files.
const PAGES: [(&str, &str); 15] = [
    (SUPERVISOR, "/cakupan"),
    (SUPERVISOR, "/cakupan?per=kelompok"),
    (SUPERVISOR, "/cakupan?per=desa"),
    (SUPERVISOR, "/cakupan?per=pendamping"),
    (SUPERVISOR, "/cakupan?wilayah=16.02.05"),
    (SUPERVISOR, "/cakupan?pada=2026-10-31&per=kelompok"),
    (SUPERVISOR, "/laporan"),
    (SUPERVISOR, "/laporan?wilayah=16.02.05.1001"),
    (SUPERVISOR, "/laporan?bulan=2026-10"),
    (SUPERVISOR, "/kelompok"),
    (ADMIN, "/kelompok"),
    (ADMIN, "/laporan"),
    (PELATIH, "/cakupan"),
    (PENDAMPING, "/cakupan"),
    (PENDAMPING, "/laporan"),
];
/// Which lists there are behind the numbers.
const LISTS: [&str; 15] = [
    "kelompok",
    "berjalan",
    "ditangguhkan",
    "lewat",
    "sasaran",
    "tuntas",
    "sebagian",
    "penyegaran",
    "belum",
    "diharapkan",
    "bertemu",
    "belum-bertemu",
    "tepat-waktu",
    "terlambat",
    "tanpa-waktu",
];
/// The routes of the files, and whether a second sheet explains the columns: a file that an import
/// takes back has its rows alone, and so has what programs ask for.
const ROUTES: [(&str, bool); 5] = [
    ("/api/v1/cakupan", false),
    ("/cakupan/daftar/unduh", true),
    ("/cakupan/unduh", true),
    ("/kelompok.xlsx", false),
    ("/laporan/unduh", true),
];
/// A share, and the counts that it is made of.
const SHARES: [(&str, &str, &str); 5] = [
    ("Cakupan", "Sesi tuntas", "Sasaran (kelompok x sesi)"),
    ("Cakupan", "Sesi tuntas", "Sesi sasaran"),
    ("Bertemu dari diharapkan", "Bertemu", "Diharapkan bertemu"),
    ("Tepat waktu dari diharapkan", "Tepat waktu", "Diharapkan dengan waktu catat"),
    ("rate", "covered", "target"),
];
const DATES: [&str; 6] =
    ["Tanggal", "Tanggal pertemuan", "Pertemuan terakhir", "Lewat sejak", "mulai", "berakhir"];

fn site() -> Site {
    let site = Site::new();
    for (at, (id, name)) in RISKY.into_iter().enumerate() {
        let command = Command::CreateGroup {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            desa: vec!["16.02.05.1001".parse().unwrap()],
            members: 25,
            start: "2025-01-01".parse().unwrap(),
            pendamping: (at < 3).then(|| PENDAMPING.parse().unwrap()),
        };
        system(&site.app, command);
    }
    for (id, date, sesi, extent) in [
        ("OKI-2", "2026-11-10", SESI[0], Extent::Tuntas),
        ("OKI-2", "2026-10-06", SESI[1], Extent::Sebagian),
        ("OKI-3", "2026-10-13", SESI[0], Extent::Tuntas),
        ("OKI-4", "2026-11-17", SESI[1], Extent::Sebagian),
    ] {
        let mut input = record(date);
        input.kelompok = id.parse().unwrap();
        input.sesi[0].sesi = sesi.parse().unwrap();
        input.sesi[0].extent = extent;
        system(&site.app, Command::Record(Box::new(input)));
    }
    site
}

/// The files that the pages lead to, each once for everybody who is led there.
fn files(site: &Site) -> Vec<(&'static str, String)> {
    let lists = LISTS.map(|list| (SUPERVISOR, format!("/cakupan/daftar?apa={list}")));
    let pages = PAGES.map(|(who, page)| (who, page.to_owned()));
    let mut found = BTreeSet::new();
    for (who, page) in pages.into_iter().chain(lists) {
        let reply = site.get(who, &page);
        assert_eq!(reply.status, 200, "{who} {page}");
        let hrefs = reply.body.split("href=\"").skip(1);
        for href in hrefs.filter_map(|rest| rest.split('"').next()) {
            let href = href.replace("&amp;", "&").replace("&#38;", "&");
            if href.contains("xlsx") {
                found.insert((who, href));
            }
        }
    }
    // The API leads nowhere; its document names the format.
    for per in ["kelompok", "kecamatan", "pendamping"] {
        let path = format!("/api/v1/cakupan?wilayah=16.02&per={per}&format=xlsx");
        found.insert((SUPERVISOR, path));
    }
    found.into_iter().collect()
}

/// A part of a spreadsheet as it stands in its file.
fn part(bytes: &[u8], name: &str) -> String {
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn rows(bytes: &[u8], sheet: usize) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(sheet).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let behind = tag.split_once(&format!("{name}=\""))?.1;
    behind.split('"').next()
}

/// By number of a style: how it shows numbers.
fn number_formats(bytes: &[u8]) -> Vec<String> {
    let styles = part(bytes, "xl/styles.xml");
    let own: HashMap<&str, &str> = styles
        .split("<numFmt ")
        .skip(1)
        .filter_map(|tag| Some((attribute(tag, "numFmtId")?, attribute(tag, "formatCode")?)))
        .collect();
    let used = styles.split_once("<cellXfs").unwrap().1.split("</cellXfs>").next().unwrap();
    let ids = used.split("<xf ").skip(1).map(|tag| attribute(tag, "numFmtId").unwrap());
    ids.map(|id| match id {
        "0" => "General".to_owned(),
        "3" => "#,##0".to_owned(),
        id => own.get(id).map_or_else(|| format!("builtin {id}"), |code| (*code).to_owned()),
    })
    .collect()
}

/// Each number of the first sheet: its column, from 0, and how it is shown.
fn shown_numbers(bytes: &[u8]) -> Vec<(usize, String)> {
    let formats = number_formats(bytes);
    let sheet = part(bytes, "xl/worksheets/sheet1.xml");
    let cells = sheet.split("<c ").skip(1);
    cells
        .filter_map(|cell| cell.split_once('>'))
        .filter(|(tag, _)| {
            attribute(tag, "t").is_none_or(|kind| kind == "n") && !tag.ends_with('/')
        })
        .map(|(tag, _)| {
            let letters = attribute(tag, "r").unwrap().bytes().take_while(u8::is_ascii_uppercase);
            let column = letters.fold(0, |at, letter| at * 26 + usize::from(letter - b'A') + 1) - 1;
            let style: usize = attribute(tag, "s").unwrap_or("0").parse().unwrap();
            (column, formats[style].clone())
        })
        .collect()
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Int(number) => *number as f64,
        Data::Float(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

/// Whole numbers, shares and dates are shown as what they are, and each share is its counts'.
fn numbers_are_what_they_say(path: &str, bytes: &[u8]) {
    let rows = rows(bytes, 0);
    let heading: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    for (column, format) in shown_numbers(bytes) {
        let name = heading[column].as_str();
        let expected = if SHARES.iter().any(|(share, ..)| *share == name) {
            "0.0%"
        } else if DATES.contains(&name) {
            "dd/mm/yyyy"
        } else {
            "#,##0"
        };
        assert_eq!(format, expected, "{path}: {name}");
    }
    let at = |name: &str| heading.iter().position(|one| one == name);
    for (share, part, whole) in SHARES {
        let (Some(share), Some(part), Some(whole)) = (at(share), at(part), at(whole)) else {
            continue;
        };
        for row in &rows[1..] {
            match number(&row[whole]) {
                0.0 => assert_eq!(row[share], Data::Empty, "{path}"),
                whole => {
                    let exact = number(&row[part]) / whole;
                    assert!((number(&row[share]) - exact).abs() < 1e-9, "{path}: {row:?}");
                }
            }
        }
    }
}

/// The second sheet says what each column means.
fn columns_are_explained(path: &str, bytes: &[u8]) {
    let heading = rows(bytes, 0).remove(0);
    let told = rows(bytes, 1);
    for name in heading {
        let line = told.iter().rfind(|line| line[0] == name);
        let meaning =
            line.unwrap_or_else(|| panic!("{path} tells nothing of {name}"))[1].to_string();
        assert!(meaning.ends_with('.'), "{path}: {name}: {meaning:?}");
    }
}

/// What an office program makes of each file; none where it is not installed.
fn as_csv(dir: &Path, count: usize) -> Option<Vec<String>> {
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1";
    let run = Run::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", filter, "--outdir"])
        .arg(dir)
        .args((0..count).map(|at| dir.join(format!("{at}.xlsx"))))
        .output()
        .ok()?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && !said.contains("rror"), "{said}");
    let made = (0..count).map(|at| fs::read_to_string(dir.join(format!("{at}.csv"))));
    Some(made.map(|made| made.unwrap_or_else(|error| panic!("{error}: {said}"))).collect())
}

fn records(text: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn every_spreadsheet_of_a_page_is_fit_to_work_with() {
    let site = site();
    let files = files(&site);
    let dir = tempfile::tempdir().unwrap();
    let mut routes = BTreeSet::new();
    let mut risky = 0;
    for (at, (who, path)) in files.iter().enumerate() {
        let bytes = site.bytes(who, path);
        let route = path.split('?').next().unwrap();
        routes.insert(route);
        let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
        let rows = rows(&bytes, 0);
        let width = rows[0].len();
        assert!(sheet.contains("ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{path}");
        let filter = sheet.split_once("<autoFilter ref=\"A1:").unwrap().1;
        assert!(
            filter.split('"').next().unwrap().ends_with(&rows.len().max(1).to_string()),
            "{path}"
        );
        assert!(!sheet.contains("<f>"), "{path}: a formula");
        assert!(rows.iter().all(|row| row.len() == width), "{path}");
        numbers_are_what_they_say(path, &bytes);
        let (_, explained) = *ROUTES.iter().find(|(one, _)| *one == route).unwrap();
        if explained {
            columns_are_explained(path, &bytes);
        } else {
            assert!(!part(&bytes, "xl/workbook.xml").contains("Keterangan"), "{path}");
        }
        // The same rows as CSV, where what could be a formula is guarded.
        let plain = path.replace("format=xlsx", "format=csv").replace(".xlsx", ".csv");
        let csv = String::from_utf8(site.bytes(who, &plain)).unwrap();
        assert_eq!(records(&csv).len(), rows.len(), "{plain}");
        for (_, name) in RISKY {
            let text = Data::String(name.to_owned());
            risky += rows.iter().flatten().filter(|cell| **cell == text).count();
            assert!(!csv.contains(&format!(",{name}")) && !csv.starts_with(name), "{plain}: {csv}");
        }
        fs::write(dir.path().join(format!("{at}.xlsx")), &bytes).unwrap();
    }
    let known: BTreeSet<&str> = ROUTES.iter().map(|(route, _)| *route).collect();
    assert_eq!(routes, known, "the pages lead to every file");
    assert!(risky > 20, "{risky}: the names stand where kelompok are named");
    // The runner of all tests installs an office program; elsewhere there is nothing to ask.
    let Some(shown) = as_csv(dir.path(), files.len()) else { return };
    for ((at, (_, path)), shown) in files.iter().enumerate().zip(&shown) {
        let bytes = fs::read(dir.path().join(format!("{at}.xlsx"))).unwrap();
        let rows = rows(&bytes, 0);
        let shown = records(shown);
        assert_eq!(shown.len(), rows.len(), "{path}: {shown:?}");
        for (row, shown) in rows.iter().zip(&shown) {
            for (cell, shown) in row.iter().zip(shown) {
                match cell {
                    Data::String(text) => assert_eq!(shown, text.as_str(), "{path}"),
                    Data::Empty => assert_eq!(shown, "", "{path}"),
                    Data::DateTime(_) => assert_eq!(shown.split('/').count(), 3, "{path}: {shown}"),
                    cell => assert!(
                        shown.starts_with(|c: char| c.is_ascii_digit()),
                        "{path}: {cell} {shown}"
                    ),
                }
            }
        }
    }
}

/// Whoever adds a file to a page adds it above.
#[test]
fn no_route_of_a_file_is_forgotten() {
    fn walk(dir: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let routes =
                    text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
                let files =
                    routes.filter(|route| route.contains("unduh") || route.ends_with(".xlsx"));
                found.extend(files.map(str::to_owned));
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut found);
    let known = ROUTES.iter().filter(|(route, _)| !route.starts_with("/api/"));
    assert_eq!(found, known.map(|(route, _)| (*route).to_owned()).collect());
}

#[test]
fn names_that_look_like_formulas_come_back_by_import() {
    let site = site();
    for path in ["/kelompok.xlsx", "/kelompok.csv"] {
        let bytes = site.bytes(ADMIN, path);
        let reading = read::kelompok(&bytes, Limits::default()).unwrap();
        assert_eq!(reading.notes.errors, [], "{path}");
        let Rows::Kelompok(rows) = reading.rows else { panic!("another kind") };
        for (id, name) in RISKY {
            let row = rows.iter().find(|row| row.value.id.as_str() == id).unwrap();
            assert_eq!(row.value.name, name, "{path}");
        }
    }
}

#[test]
fn a_list_as_a_file_has_the_rows_of_the_page() {
    let site = site();
    for (what, rows) in [
        ("kelompok", 5),
        ("sasaran", 5 * 14),
        ("tuntas", 2),
        ("sebagian", 2),
        ("bertemu", 2),
        ("belum-bertemu", 3),
        ("ditangguhkan", 0),
    ] {
        let path = format!("/cakupan/daftar/unduh?apa={what}&format=csv");
        let file = site.get(SUPERVISOR, &path);
        assert_eq!(file.status, 200, "{what}");
        assert_eq!(records(&file.body).len(), 1 + rows, "{what}: {}", file.body);
        let page = site.get(SUPERVISOR, &format!("/cakupan/daftar?apa={what}"));
        assert!(page.main().contains(&format!("{rows} dari ")), "{what}: {}", page.main());
        assert_eq!(page.main().contains("format=xlsx"), rows > 0, "{what}");
    }
    let one = site
        .get(SUPERVISOR, &format!("/cakupan/daftar/unduh?apa=tuntas&sesi={}&format=csv", SESI[0]));
    let lines = records(&one.body);
    assert_eq!(lines.len(), 3, "{}", one.body);
    assert_eq!(&lines[1][9], "2026-11-10", "{}", one.body);
    for (who, path, status) in [
        (SUPERVISOR, "/cakupan/daftar/unduh?apa=lain", 422),
        (SUPERVISOR, "/cakupan/daftar/unduh?apa=tuntas&sesi=tidak-ada", 404),
        (SUPERVISOR, "/cakupan/daftar/unduh?apa=tuntas&format=exe", 422),
        (SUPERVISOR, "/cakupan/daftar/unduh?apa=tuntas&wilayah=35.20", 403),
        (PELATIH, "/cakupan/daftar/unduh?apa=tuntas", 403),
        ("", "/cakupan/daftar/unduh?apa=tuntas", 303),
    ] {
        assert_eq!(site.get(who, path).status, status, "{who} {path}");
    }
}
