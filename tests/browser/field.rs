//! A small district for scenes whose every number is known: real places, seven kelompok, two months
//! of pertemuan, entered through the command line as an office would.

use std::fmt::Write as _;
use std::path::Path;

use tempfile::TempDir;

use crate::tab::Tab;
use crate::world::{World, program};

const PENGGUNA: &str = "\
login,nama,peran,wilayah
admin,Admin Aplikasi,admin,nasional
pelatih,Pelatih Balai Diklat,pelatih,nasional
penelaah,Penelaah Balai Diklat,penelaah,nasional
supervisor,Supervisor Ogan Komering Ilir,supervisor,16.02
supervisor-2,Supervisor Magetan,supervisor,35.20
pendamping,Pendamping Sirah Pulau Padang,pendamping,16.02.08
pendamping-2,Pendamping Plaosan,pendamping,35.20.07
";

const KELOMPOK: &str = "\
id,nama,kode_desa,anggota,pendamping,mulai
OKI-1,Mawar 1,16.02.08.2011,25,pendamping,2020-01-06
OKI-2,Mawar 2,16.02.08.2007,20,pendamping,2020-01-06
MGT-1,Melati 1,35.20.07.2014,25,pendamping-2,2020-01-06
MGT-2,Melati 2,35.20.07.2014,25,pendamping-2,2020-01-06
MGT-3,Melati 3,35.20.07.2014,25,pendamping-2,2020-01-06
MGT-4,Melati 4,35.20.07.2014,24,pendamping-2,2020-01-06
MGT-5,Melati 5,35.20.07.2014,24,pendamping-2,2020-01-06
";

/// Date, time of recording and sesi of what every kelompok has met for.
const MET: [(&str, &str, &str); 2] = [
    ("2020-01-15", "2020-01-15 13:00", "menjadi-orang-tua-yang-lebih-baik"),
    ("2020-02-12", "2020-02-12 13:00", "memahami-perilaku-anak"),
];

/// The directory of the district.
pub(crate) struct Field {
    dir: TempDir,
}

impl Field {
    /// Enters everything.
    pub(crate) fn new() -> Self {
        let field = Self { dir: tempfile::tempdir().unwrap() };
        let places = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/wilayah.csv");
        field.import("wilayah", &std::fs::read_to_string(places).unwrap());
        field.import("pengguna", PENGGUNA);
        field.import("kelompok", KELOMPOK);
        field.import("pertemuan", &pertemuan());
        field
    }

    fn import(&self, kind: &str, text: &str) {
        let file = self.dir.path().join(format!("{kind}.csv"));
        std::fs::write(&file, text).unwrap();
        let mut command = program();
        command.args(["import", kind]).arg(&file).arg("--data").arg(self.data());
        let done = command.output().unwrap();
        assert!(done.status.success(), "{kind}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn data(&self) -> std::path::PathBuf {
        self.dir.path().join("data")
    }

    /// Serves the district on a day; a later one sees what was done on those before.
    pub(crate) async fn on(&self, today: &str) -> World {
        World::open(Some(&self.data()), today).await
    }
}

fn pertemuan() -> String {
    let mut text =
        "id,kelompok,tanggal,sesi,keterangan_sesi,hadir,sakit,alfa,jenis,catatan,dicatat\n"
            .to_owned();
    for kelompok in KELOMPOK.lines().skip(1) {
        let cells: Vec<&str> = kelompok.split(',').collect();
        let (id, members) = (cells[0], cells[3]);
        for (date, received, sesi) in MET {
            writeln!(
                text,
                "{id}-{date},{id},{date},{sesi},tuntas,{members},0,0,lengkap,,{received}"
            )
            .unwrap();
        }
    }
    text
}

/// A number in the row of figures of a page, without its hint.
pub(crate) async fn figure(tab: &Tab, name: &str) -> String {
    beside(tab, "dl.figures", name).await
}

/// A fact of a record, by its name.
pub(crate) async fn fact(tab: &Tab, name: &str) -> String {
    beside(tab, "dl.pairs", name).await
}

/// What stands beside a name in a list of names and values.
async fn beside(tab: &Tab, list: &str, name: &str) -> String {
    let found = tab
        .ask(&format!(
            "(() => {{ const term = [...document.querySelectorAll('{list} dt')]\
             .find(one => one.textContent.trim() === {name:?}); if (!term) return null; \
             const value = term.nextElementSibling.cloneNode(true); \
             value.querySelector('small')?.remove(); return value.textContent.trim(); }})()"
        ))
        .await;
    let Some(found) = found.as_str() else { panic!("no {name} on {}", tab.path().await) };
    found.to_owned()
}

/// The texts of all elements that fit, spaces joined.
pub(crate) async fn texts(tab: &Tab, selector: &str) -> Vec<String> {
    let all = tab
        .ask(&format!(
            "[...document.querySelectorAll({selector:?})]\
             .map(one => one.textContent.replace(/\\s+/g, ' ').trim())"
        ))
        .await;
    all.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

/// Checks that a part of the page says something.
pub(crate) async fn says(tab: &Tab, selector: &str, wanted: &[&str]) {
    let text = tab.text(selector).await;
    for one in wanted {
        assert!(text.contains(one), "{one:?} is not in {selector} of {}: {text}", tab.path().await);
    }
}

/// How many sesi of a kelompok are tuntas, as its page says.
pub(crate) async fn done(tab: &mut Tab, kelompok: &str) -> String {
    tab.open(&format!("/kelompok/{kelompok}")).await;
    tab.text(".part-head:has(#cakupan) .ratio").await
}
