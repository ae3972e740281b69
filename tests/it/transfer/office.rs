//! A real office program opens what is written, and what it saves is read again.

use std::path::Path;
use std::process::Command;

use p2k2::transfer::write::Format;

use super::good;
use super::round_trip::{demo, export};

/// Lets the office program save a file as another format; none where it is not installed.
fn saved_as(dir: &Path, file: &Path, format: &str) -> Option<Vec<u8>> {
    let profile = format!("-env:UserInstallation=file://{}", dir.join("profile").display());
    let out = dir.join("out");
    let run = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", format, "--outdir"])
        .arg(&out)
        .arg(file)
        .output()
        .ok()?;
    let ending = format.split(':').next().unwrap();
    let made = out.join(file.with_extension(ending).file_name().unwrap());
    let bytes = std::fs::read(&made);
    assert!(bytes.is_ok(), "{}", String::from_utf8_lossy(&run.stderr));
    bytes.ok()
}

#[test]
fn an_office_program_opens_the_spreadsheet_and_saves_it_unchanged() {
    let full = demo();
    let dir = tempfile::tempdir().unwrap();
    for kind in ["kelompok", "pertemuan"] {
        let file = dir.path().join(format!("{kind}.xlsx"));
        std::fs::write(&file, export(&full, kind, Format::Xlsx)).unwrap();
        for format in ["xlsx:Calc MS Excel 2007 XML", "csv:Text - txt - csv (StarCalc):44,34,76,1"]
        {
            let Some(saved) = saved_as(dir.path(), &file, format) else {
                // The runner of all tests installs it; elsewhere this test has nothing to ask.
                return;
            };
            let plan = full.world.plan(&good(&full.world, kind, &saved));
            let found = (plan.new, plan.changed, plan.errors.len());
            assert_eq!(found, (0, 0, 0), "{kind} {format}: {:?}", plan.errors.first());
            assert!(plan.same > 0);
        }
    }
}
