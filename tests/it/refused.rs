//! What a suspicious tester got past: each must be refused, or count, as the rules say.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use p2k2::app::{App, Options, SubmitError};
use p2k2::clock::Clock;
use p2k2::command::{Actor, Command, RecordInput};
use p2k2::decide::Refusal;
use p2k2::ids::AccountId;
use p2k2::journal::disk::{Access, Disk, DiskFile, DiskResult, Held, RealDisk};
use p2k2::kelompok::group::HeadReason;

use crate::support::http::{ANYONE, Site};
use crate::support::{PENDAMPING, World, district_commands, record, request, start};

fn refused_field(world: &mut World, command: Command) -> (String, String) {
    let before = world.state.clone();
    let refusal = world.run(&request(900, Actor::System, command)).unwrap_err();
    assert_eq!(world.state, before);
    let Refusal::Invalid(errors) = refusal else { panic!("{refusal:?}") };
    (errors[0].field.clone(), errors[0].message.clone())
}

#[test]
fn no_change_of_members_is_too_big_to_be_refused() {
    let mut world = World::district();
    for delta in [i32::MAX, i32::MIN, 476, -26, 0] {
        let version = world.state.group("OKI-1").unwrap().version;
        let change = Command::ChangeHeads {
            kelompok: "OKI-1".parse().unwrap(),
            date: "2026-11-20".parse().unwrap(),
            delta,
            reason: HeadReason::Koreksi,
            note: String::new(),
            seats: Vec::new(),
            version,
        };
        assert_eq!(refused_field(&mut world, change).0, "delta", "{delta}");
    }
}

#[test]
fn nobody_of_another_kabupaten_is_given_a_kelompok() {
    let mut world = World::district();
    let assign = |world: &World, account| Command::Assign {
        kelompok: "OKI-1".parse().unwrap(),
        from: "2026-11-20".parse().unwrap(),
        account: Some(AccountId(account)),
        version: world.state.group("OKI-1").unwrap().version,
    };
    let outsider = assign(&world, 2);
    let unknown = assign(&world, 99);
    assert_eq!(refused_field(&mut world, outsider), refused_field(&mut world, unknown));
    let own = assign(&world, 1);
    world.run(&request(901, Actor::System, own)).unwrap();
    let outsider = Command::CreateGroup {
        id: "OKI-2".parse().unwrap(),
        name: "Mawar".to_owned(),
        desa: vec!["16.02.05.1001".parse().unwrap()],
        members: 20,
        start: "2025-01-01".parse().unwrap(),
        pendamping: Some("pendamping-2".parse().unwrap()),
    };
    assert_eq!(refused_field(&mut world, outsider).0, "pendamping");
}

#[test]
fn fewer_members_than_recorded_open_a_check_once() {
    let mut world = World::district();
    let met = |id, date: &str, members| {
        let mut input = record(date);
        (input.present, input.sick, input.absent) = (12, 0, 0);
        input.members = Some(members);
        request(id, PENDAMPING, Command::Record(Box::new(input)))
    };
    world.run(&met(50, "2026-10-20", 12)).unwrap();
    world.run(&met(51, "2026-11-20", 12)).unwrap();
    let asked: Vec<_> = world.state.checks.iter().map(|one| (one.recorded, one.counted)).collect();
    assert_eq!(asked, [(25, 12)], "the same number is asked about once");
    let mut nobody = record("2026-11-19");
    (nobody.present, nobody.sick, nobody.absent) = (0, 0, 0);
    nobody.members = Some(0);
    let refusal = world.run(&request(52, PENDAMPING, Command::Record(Box::new(nobody))));
    let Err(Refusal::Invalid(errors)) = refusal else { panic!("{refusal:?}") };
    assert_eq!(errors[0].field, "members");
}

#[test]
fn what_differs_only_in_blanks_is_the_same_record() {
    let sent = |change: fn(&mut RecordInput)| {
        let mut input = record("2026-11-20");
        input.place = "Balai desa".to_owned();
        input.sesi[0].langkah = vec![1, 2];
        change(&mut input);
        request(50, PENDAMPING, Command::Record(Box::new(input))).digest()
    };
    let kept = sent(|_| ());
    let same: [fn(&mut RecordInput); 4] = [
        |one| one.place = " Balai desa ".to_owned(),
        |one| one.topics = vec![String::new(), "  ".to_owned()],
        |one| one.sesi[0].langkah = vec![2, 1, 1],
        |one| one.note = "\r\n".to_owned(),
    ];
    for (at, change) in same.into_iter().enumerate() {
        assert_eq!(sent(change), kept, "{at}");
    }
    assert_ne!(sent(|one| one.place = "Balai  desa".to_owned()), kept);
    assert_ne!(sent(|one| one.topics = vec!["Banjir".to_owned()]), kept);
}

#[test]
fn a_number_made_up_tells_no_name() {
    let site = Site::new();
    let (own, other) = (site.account("pendamping-1"), site.account("pendamping-2"));
    for path in ["/cakupan", "/cakupan/daftar", "/laporan"] {
        let ask = |id: &str| {
            let path = format!("{path}?apa=kelompok&pendamping={id}");
            site.get("supervisor-1", &path)
        };
        assert_eq!(ask(&own.to_string()).status, 200, "{path}");
        let (hidden, unknown) = (ask(&other.to_string()), ask("99999"));
        assert_eq!((hidden.status, unknown.status), (404, 404), "{path}");
        assert_eq!(hidden.body, unknown.body, "{path}");
    }
}

#[test]
fn the_api_refuses_what_it_cannot_answer_truly() {
    let site = Site::new();
    for (who, path, status) in [
        ("supervisor-1", "/api/v1/cakupan?wilayah=16.02.05&per=kabupaten", 422),
        ("supervisor-1", "/api/v1/cakupan?wilayah=16.02.05&per=provinsi", 422),
        ("supervisor-1", "/api/v1/cakupan?wilayah=16.02.05&per=kecamatan", 200),
        ("supervisor-1", "/api/v1/cakupan?wilayah=16.02&per=kecamatan", 200),
        ("supervisor-1", "/api/v1/perubahan?sejak=18446744073709551615", 422),
    ] {
        let reply = site.get(who, path);
        assert_eq!(reply.status, status, "{path}: {}", reply.body);
    }
    let version = site.app.state().group("OKI-1").unwrap().version;
    for delta in ["1000000000000", "-1000000000000", "2147483647"] {
        let body = format!(
            r#"{{"id":"019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071","version":{version},"delta":{delta},"date":"2026-11-20","reason":"koreksi"}}"#
        );
        let reply = site.post_json("pendamping-1", "/api/v1/kelompok/OKI-1", &body);
        assert_eq!(reply.status, 422, "{delta}: {}", reply.body);
        assert!(reply.body.contains("\"delta\""), "{}", reply.body);
    }
}

#[test]
fn no_text_goes_around_the_checker() {
    let site = Site::new();
    let draft = "/api/v1/sesi/mengelola-keuangan-keluarga/draf";
    let submit = "/api/v1/sesi/mengelola-keuangan-keluarga/ajukan";
    let body = r#"{"text":"Ibu ini NIK 1602 0512 3456 7890"}"#;
    let reply = site.put_json("pelatih-1", draft, body);
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body.contains("Baris 1") && reply.body.contains("16 angka"), "{}", reply.body);
    let reply = site.put_json("pelatih-1", draft, r#"{"text":"rusak sama sekali"}"#);
    assert_eq!(reply.status, 200, "a draft may be anything else: {}", reply.body);
    let reply = site.post_json("pelatih-1", submit, r#"{"summary":"uji"}"#);
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body.contains("masalah yang harus diperbaiki"), "{}", reply.body);
    let page = site.get(ANYONE, "/sesi/mengelola-keuangan-keluarga");
    assert!(page.status == 200 && !page.body.contains("rusak sama sekali"));
}

/// A disk whose writes end the thread that asks for them, once told so.
#[derive(Clone)]
struct Deadly(Arc<AtomicBool>);

struct DeadlyFile(Arc<dyn DiskFile>, Deadly);

impl Deadly {
    fn wrap(&self, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        Arc::new(DeadlyFile(file, self.clone()))
    }
}

impl DiskFile for DeadlyFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> DiskResult<usize> {
        self.0.read_at(offset, buf)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> DiskResult<()> {
        assert!(!self.1.0.load(Ordering::SeqCst), "as a bug would");
        self.0.write_at(offset, bytes)
    }

    fn sync(&self) -> DiskResult<()> {
        self.0.sync()
    }

    fn truncate(&self, len: u64) -> DiskResult<()> {
        self.0.truncate(len)
    }

    fn size(&self) -> DiskResult<u64> {
        self.0.size()
    }
}

impl Disk for Deadly {
    fn create(&self, path: &Path) -> DiskResult<Arc<dyn DiskFile>> {
        RealDisk.create(path).map(|file| self.wrap(file))
    }

    fn open(&self, path: &Path, access: Access) -> DiskResult<Option<Arc<dyn DiskFile>>> {
        Ok(RealDisk.open(path, access)?.map(|file| self.wrap(file)))
    }

    fn create_dir(&self, path: &Path) -> DiskResult<()> {
        RealDisk.create_dir(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> DiskResult<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> DiskResult<()> {
        RealDisk.remove(path)
    }

    fn sync_dir(&self, path: &Path) -> DiskResult<()> {
        RealDisk.sync_dir(path)
    }

    fn list(&self, path: &Path) -> DiskResult<Vec<String>> {
        RealDisk.list(path)
    }

    fn exists(&self, path: &Path) -> DiskResult<bool> {
        RealDisk.exists(path)
    }

    fn lock(&self, path: &Path) -> DiskResult<Option<Box<dyn Held>>> {
        RealDisk.lock(path)
    }
}

#[test]
fn a_committer_that_dies_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let deadly = Deadly(Arc::default());
    let options = Options {
        disk: Arc::new(deadly.clone()),
        ..Options::real(dir.path(), Clock::fixed(start()))
    };
    let (app, _) = App::open(&options).unwrap();
    for request in district_commands() {
        app.submit_blocking(request).unwrap();
    }
    assert!(!app.has_failed());
    deadly.0.store(true, Ordering::SeqCst);
    let one = request(50, PENDAMPING, Command::Record(Box::new(record("2026-11-20"))));
    assert!(matches!(app.submit_blocking(one.clone()), Err(SubmitError::Stopped)));
    // The answer comes when the thread has let go of the question, the note right after.
    app.close().unwrap_or_default();
    assert!(app.has_failed(), "the server must end, and say so until then");
    drop(app);
    deadly.0.store(false, Ordering::SeqCst);
    let (app, _) = App::open(&options).unwrap();
    assert!(!app.submit_blocking(one).unwrap().repeat, "what was not acknowledged is not there");
}
