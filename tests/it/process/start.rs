//! How the program starts, refuses to start, and ends.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{District, PROGRAM, Ran, Server, one_sentence, p2k2};

/// The roles of which the demo prints a login, in its order.
const ROLES: [&str; 7] =
    ["admin", "pelatih", "penelaah", "supervisor", "pendamping", "supervisor-2", "pendamping-2"];
/// A user who has no rights on anything.
const NOBODY: u32 = 65_534;

#[test]
fn an_empty_directory_is_set_up_and_a_link_for_the_first_admin_printed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Server::start(&data);
    let [link, ready] = server.printed.as_slice() else { panic!("{:?}", server.printed) };
    assert_eq!(*ready, format!("siap: http://{}", server.address));
    let path = link.split(&server.address).nth(1).unwrap().to_owned();
    assert!(path.starts_with("/tautan/") && path.len() > 30, "{link}");
    let mut client = server.client("");
    assert_eq!(client.get(&path).status, 200);
    assert!(client.get("/tautan/salah").status >= 400);
    let skema = client.get("/api/v1/skema");
    assert!(skema.status == 200 && skema.body.contains("klasik-2018"), "{skema:?}");
    server.stop();
    // The link was never used, so the next start prints another one.
    let server = Server::start(&data);
    assert!(server.printed[0].contains("/tautan/"), "{:?}", server.printed);
    assert!(!server.printed[0].contains(&path), "{:?}", server.printed);
}

#[test]
fn a_second_process_on_the_directory_is_refused_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Server::start(&data);
    let data = data.display().to_string();
    for command in [
        &["serve", "--listen", "127.0.0.1:0", "--data", &data][..],
        &["demo", "--listen", "127.0.0.1:0", "--data", &data],
    ] {
        Ran::of(&mut p2k2(command)).refused("sedang dipakai oleh p2k2 yang lain");
    }
    assert_eq!(server.client("").get("/masuk").status, 200);
    server.stop();
}

#[test]
fn a_taken_address_is_refused_in_one_sentence_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(&dir.path().join("satu"));
    let other = dir.path().join("dua");
    let mut command = p2k2(&["serve", "--listen", &server.address]);
    let ran = Ran::of(command.arg("--data").arg(&other));
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains(&server.address) && !ran.err.contains("panicked"), "{}", ran.err);
    assert!(!other.exists());
}

#[test]
fn beyond_this_machine_plain_http_must_be_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let serve = |more: &[&str]| {
        let mut command = p2k2(&["serve", "--listen", "0.0.0.0:0"]);
        command.arg("--data").arg(&data).args(more);
        command
    };
    Ran::of(&mut serve(&[])).refused("--plain-http");
    Ran::of(&mut serve(&["--url", "http://p2k2.contoh.go.id"])).refused("--plain-http");
    assert!(!data.exists(), "a refused start makes nothing");
    Server::of(&mut serve(&["--plain-http"])).stop();
}

#[test]
fn told_to_stop_it_answers_what_is_under_way_and_ends_cleanly() {
    let district = District::imported(4, 1);
    let columns = ["id", "anggota", "pendamping", "mulai"];
    let [kelompok, members, pendamping, start] = district.rows("kelompok", columns).remove(0);
    let token = district.token(&pendamping);
    let server = Server::start(&district.data());
    let body = json!({
        "id": "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071", "kelompok": kelompok, "date": start,
        "sesi": [{"id": "memulai-usaha", "extent": "tuntas"}],
        "present": members.parse::<u16>().unwrap(), "sick": 0, "absent": 0,
    })
    .to_string();
    let mut idle = server.client(&token);
    assert_eq!(idle.get("/api/v1/kelompok").status, 200);
    let mut client = server.client(&token);
    client.begin_post("/api/v1/pertemuan", body.len()).unwrap();
    server.terminate();
    // The address is given up first, so this tells that the server is on its way out.
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::yield_now();
    }
    client.go_on(&body).unwrap();
    let answer = client.receive().unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    let mut server = server;
    assert_eq!(server.end(), (Some(0), String::new()));
    assert!(district.data().join("stop").exists());
    assert!(!district.data().join("p2k2.sock").exists());
    let server = Server::start(&district.data());
    let again = server.client(&token).post("/api/v1/pertemuan", &body);
    assert_eq!(again, answer, "it stands, and a repeat is told the same");
    server.stop();
}

/// A copy of the program and a place that somebody without rights can reach.
struct Outsider {
    dir: tempfile::TempDir,
}

impl Outsider {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        allow(dir.path(), 0o755);
        fs::copy(PROGRAM, dir.path().join("p2k2")).unwrap();
        allow(&dir.path().join("p2k2"), 0o755);
        Self { dir }
    }

    /// Runs the copy; where the tests are run by root, as somebody whom permissions bind.
    fn run(&self, arguments: &[&str], data: &Path) -> Ran {
        let mut command = Command::new(self.dir.path().join("p2k2"));
        command.args(arguments).arg("--data").arg(data).current_dir(self.dir.path());
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.uid(NOBODY).gid(NOBODY);
        }
        Ran::of(&mut command)
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Sets the permissions of everything below a directory, and of itself.
fn allow_all(dir: &Path, (directories, files): (u32, u32)) {
    allow(dir, 0o755);
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { allow_all(&path, (directories, files)) } else { allow(&path, files) }
    }
    allow(dir, directories);
}

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

#[test]
fn a_directory_that_cannot_be_written_is_refused_in_one_sentence() {
    let outsider = Outsider::new();
    let empty = outsider.dir.path().join("kosong");
    fs::create_dir(&empty).unwrap();
    allow(&empty, 0o555);
    let used = outsider.dir.path().join("terpakai");
    Server::start(&used).stop();
    allow_all(&used, (0o555, 0o444));
    for data in [empty.clone(), empty.join("data"), used.clone()] {
        outsider.run(&SERVE, &data).refused("hak tulis");
        let said = if data == used { "hak tulis" } else { "Tidak ada data p2k2" };
        outsider.run(&["user", "list"], &data).refused(said);
    }
    // Reading is enough to look whether all is well.
    let ran = outsider.run(&["verify"], &used);
    assert!(ran.code == Some(0) && ran.out.starts_with("Utuh: "), "{ran:?}");
    for dir in [empty, used] {
        allow_all(&dir, (0o755, 0o644));
    }
}

#[test]
fn a_store_whose_last_file_cannot_be_written_is_refused_and_unchanged() {
    let outsider = Outsider::new();
    let used = outsider.dir.path().join("terpakai");
    Server::start(&used).stop();
    allow_all(&used, (0o777, 0o666));
    let journal = super::journal_files(&used).remove(0);
    allow(&journal, 0o444);
    let before = fs::read(&journal).unwrap();
    outsider.run(&SERVE, &used).refused("000001.jsonl");
    assert_eq!(fs::read(&journal).unwrap(), before);
}

#[test]
fn a_file_in_place_of_the_directory_is_refused_in_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("data");
    fs::write(&file, "bukan direktori").unwrap();
    let data = file.display().to_string();
    let below = file.join("lagi").display().to_string();
    for data in [data.as_str(), below.as_str()] {
        for command in [&SERVE[..], &["rebuild"], &["user", "list"], &["export", "kelompok"]] {
            let mut command = p2k2(command);
            if command.get_args().any(|argument| argument == "export") {
                command.arg("--out").arg(dir.path().join("k.csv"));
            }
            let ran = Ran::of(command.arg("--data").arg(data));
            ran.refused("ada berkas di tempat direktori seharusnya berada");
        }
        Ran::of(p2k2(&["verify", "--data", data]).env_remove("LANG")).refused("direktori");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "bukan direktori");
}

#[test]
fn the_demo_prints_a_login_for_each_role_and_its_tokens_work() {
    let server = Server::of(&mut p2k2(&["demo", "--listen", "127.0.0.1:0"]));
    let logins: Vec<Vec<&str>> = server
        .printed
        .iter()
        .filter_map(|line| Some(line.strip_prefix("masuk: ")?.split(' ').collect()))
        .collect();
    assert_eq!(logins.iter().map(|one| one[0]).collect::<Vec<_>>(), ROLES);
    assert!(server.printed.last().unwrap().starts_with("siap: http://127.0.0.1:"));
    let count = |token: &str| {
        let answer = server.client(token).get("/api/v1/kelompok?limit=500");
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["rows"].as_array().unwrap().len()
    };
    let counts: Vec<usize> = logins.iter().map(|one| count(one[3])).collect();
    let [admin, pelatih, penelaah, oki, pendamping, magetan, other] = counts[..] else {
        panic!("{counts:?}")
    };
    assert!(admin >= 50 && oki + magetan == admin && oki > 0 && magetan > 0, "{counts:?}");
    assert_eq!((pelatih, penelaah), (0, 0), "no list of kelompok for who works on texts");
    assert!((1..oki).contains(&pendamping) && (1..magetan).contains(&other), "{counts:?}");
    let nobody = server.client("0123456789").get("/api/v1/kelompok");
    assert_eq!(nobody.status, 401, "{nobody:?}");
    // A client that sends all it has before it reads gets its answer too.
    let long = "x".repeat(10 * 1024 * 1024);
    let long = server.client(logins[4][3]).post("/api/v1/pertemuan", &long);
    assert!(long.status == 413 && long.body.contains("lebih besar dari"), "{long:?}");
    server.stop();
}

#[test]
fn what_cannot_be_understood_is_refused_without_a_trace() {
    for arguments in [
        &["serve", "--listen", "8080"][..],
        &["serve", "--listen", "127.0.0.1:99999"],
        &["import", "kabupaten", "x.csv"],
        &["demo", "--today", "2026-13-01"],
        &["verify", "--head", "7"],
        &["terbang"],
        &[],
    ] {
        let ran = Ran::of(&mut p2k2(arguments));
        assert_eq!(ran.code, Some(2), "{arguments:?}: {ran:?}");
        assert!(!ran.err.is_empty() && !ran.err.contains("panicked"), "{ran:?}");
    }
    let missing = Ran::of(&mut p2k2(&["import", "wilayah", "tidak-ada.csv"]));
    assert_eq!(missing.code, Some(2));
    one_sentence(&missing.err, "tidak-ada.csv");
}
