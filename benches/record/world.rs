//! The program on a real disk, with a kelompok for each writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use p2k2::app::login::TOKEN_LASTS;
use p2k2::app::{App, Options, seed};
use p2k2::clock::Clock;
use p2k2::command::{Actor, Command, RecordInput, TaughtInput};
use p2k2::decide::import::{Import, Row, Rows, WilayahRow};
use p2k2::event::LoginKind;
use p2k2::journal::Journal;
use p2k2::journal::disk::{Access, Disk, DiskFile, DiskResult, Held, RealDisk};
use p2k2::kelompok::KelompokId;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::people::account::{Grant, Role};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::{Pace, now, processor};

/// How many people record at the same time.
pub(super) const WRITERS: usize = 64;

/// The real disk, with its syncs counted and, where asked for, left out.
#[derive(Clone)]
struct CountingDisk {
    syncs: Arc<AtomicU64>,
    sync: bool,
}

struct CountingFile {
    file: Arc<dyn DiskFile>,
    disk: CountingDisk,
}

impl CountingDisk {
    fn count(&self, sync: impl FnOnce() -> DiskResult<()>) -> DiskResult<()> {
        if !self.sync {
            return Ok(());
        }
        self.syncs.fetch_add(1, Ordering::Relaxed);
        sync()
    }

    fn wrap(&self, file: Arc<dyn DiskFile>) -> Arc<dyn DiskFile> {
        Arc::new(CountingFile { file, disk: self.clone() })
    }
}

impl DiskFile for CountingFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> DiskResult<usize> {
        self.file.read_at(offset, buf)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> DiskResult<()> {
        self.file.write_at(offset, bytes)
    }

    fn sync(&self) -> DiskResult<()> {
        self.disk.count(|| self.file.sync())
    }

    fn truncate(&self, len: u64) -> DiskResult<()> {
        self.file.truncate(len)
    }

    fn size(&self) -> DiskResult<u64> {
        self.file.size()
    }
}

impl Disk for CountingDisk {
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
        self.count(|| RealDisk.sync_dir(path))
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

/// A data directory with its program and one pendamping.
pub(super) struct Place {
    pub(super) app: Arc<App>,
    /// The API token of the pendamping.
    pub(super) token: String,
    actor: Actor,
    disk: CountingDisk,
    rounds: AtomicU32,
    dir: tempfile::TempDir,
}

impl Place {
    /// A new directory; `sync` says whether its disk waits until bytes are safe.
    pub(super) fn new(sync: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let disk = CountingDisk { syncs: Arc::default(), sync };
        let real = Options::real(dir.path(), Clock::system());
        let (app, _) = App::open(&Options { disk: Arc::new(disk.clone()), ..real }).unwrap();
        seed::load_shipped(&app).unwrap();
        let places = [
            ("16", "Sumatera Selatan"),
            ("16.02", "Kabupaten Ogan Komering Ilir"),
            ("16.02.05", "Kayuagung"),
            ("16.02.05.1001", "Jua-jua"),
        ];
        let row = |(line, (kode, name)): (u32, (&str, &str))| Row {
            line,
            value: WilayahRow { kode: kode.parse().unwrap(), name: name.to_owned() },
        };
        let rows = Rows::Wilayah((2..).zip(places).map(row).collect());
        run(&app, Command::Import(Box::new(Import { rows, skip_bad: false })));
        let grants = vec![Grant { role: Role::Pendamping, area: "16.02.05".parse().unwrap() }];
        let (login, name) = ("pendamping".to_owned(), "Pendamping".to_owned());
        run(&app, Command::CreateAccount { login, name, grants });
        let account = app.state().account_by_login(&"pendamping".parse().unwrap()).unwrap().id;
        let token = app.open_login(account, LoginKind::Api, TOKEN_LASTS).unwrap();
        let (token, actor) = (token.expose().to_owned(), Actor::Account(account));
        Self { app, token, actor, disk, rounds: AtomicU32::new(0), dir }
    }

    /// A new kelompok for each writer, so that no history grows beyond that of a real one.
    pub(super) fn groups(&self) -> Vec<KelompokId> {
        let round = self.rounds.fetch_add(1, Ordering::Relaxed);
        let group = |writer| {
            let id: KelompokId = format!("UJI-{round}-{writer}").parse().unwrap();
            run(
                &self.app,
                Command::CreateGroup {
                    id: id.clone(),
                    name: format!("Melati {round} {writer}"),
                    desa: vec!["16.02.05.1001".parse().unwrap()],
                    members: 25,
                    start: "2024-01-01".parse().unwrap(),
                    pendamping: Some("pendamping".parse().unwrap()),
                },
            );
            id
        };
        (0..WRITERS).map(group).collect()
    }

    /// Everybody records `each` times, one after the other, each waiting until it is safe.
    ///
    /// What a sender has before it sends, the values and the id, is there before the time is taken,
    /// as the lines of the reference are. All else is measured: the time of the request, the
    /// decision, the digest, the line, the queue, the sync, the state, the answer.
    pub(super) fn record(&self, runtime: &Runtime, each: usize) -> Pace {
        let commands = |kelompok: &KelompokId| -> Vec<(Uuid, Command)> {
            let id = || self.app.clock().new_id().unwrap();
            let command = |number| Command::Record(Box::new(input(kelompok, number)));
            (0..each).map(|number| (id(), command(number))).collect()
        };
        let all: Vec<_> = self.groups().iter().map(commands).collect();
        self.pace(each, || {
            runtime.block_on(async {
                let writer = |commands: Vec<(Uuid, Command)>| {
                    let (app, actor) = (Arc::clone(&self.app), self.actor);
                    tokio::spawn(async move {
                        for (id, command) in commands {
                            app.submit(app.request_as(id, actor, command)).await.unwrap();
                        }
                    })
                };
                let writers: Vec<_> = all.into_iter().map(writer).collect();
                for writer in writers {
                    writer.await.unwrap();
                }
            });
        })
    }

    /// The time and the syncs of what records `each` times for each writer.
    pub(super) fn pace(&self, each: usize, work: impl FnOnce()) -> Pace {
        let (syncs, ticks) = (self.disk.syncs.load(Ordering::Relaxed), processor());
        let start = now();
        work();
        let time = start.elapsed();
        let syncs = self.disk.syncs.load(Ordering::Relaxed) - syncs;
        Pace { records: WRITERS * each, time, syncs, processor: processor() - ticks }
    }

    /// The bytes of journal lines as they come from recording.
    pub(super) fn sample(&self, runtime: &Runtime) -> Vec<Vec<u8>> {
        let before = self.app.journal().head().seq;
        self.record(runtime, 4);
        let journal = std::fs::read(self.dir.path().join("journal/000001.jsonl")).unwrap();
        let lines = journal.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec);
        let skipped = usize::try_from(before).unwrap() + 1 + WRITERS;
        lines.skip(skipped).collect()
    }

    pub(super) fn close(&self) {
        self.app.close().unwrap();
    }
}

fn run(app: &App, command: Command) {
    app.submit_blocking(app.request(Actor::System, command).unwrap()).unwrap();
}

/// The date of the writer's record of this number: all in the past, none twice.
fn date(number: usize) -> jiff::civil::Date {
    let first = jiff::civil::date(2024, 2, 1);
    first.saturating_add(jiff::Span::new().days(i64::try_from(number).unwrap()))
}

const NOTE: &str = "Pesan kunci diulang bersama; dua keluarga minta contoh catatan uang.";

fn input(kelompok: &KelompokId, number: usize) -> RecordInput {
    RecordInput {
        kelompok: kelompok.clone(),
        date: date(number),
        kind: "lengkap".to_owned(),
        sesi: vec![TaughtInput {
            sesi: "memulai-usaha".parse().unwrap(),
            extent: Extent::Tuntas,
            langkah: Vec::new(),
            edition: None,
        }],
        present: 22,
        sick: 1,
        absent: 2,
        members: None,
        absent_seats: Vec::new(),
        start: None,
        end: None,
        place: "Balai desa".to_owned(),
        discussion: Some(true),
        speakers: Vec::new(),
        topics: Vec::new(),
        obstacles: String::new(),
        follow_up: String::new(),
        note: NOTE.to_owned(),
    }
}

/// The same record as the API takes it.
pub(super) fn body(id: Uuid, kelompok: &KelompokId, number: usize) -> String {
    let date = date(number);
    format!(
        r#"{{"id":"{id}","kelompok":"{kelompok}","date":"{date}","sesi":[{{"id":"memulai-usaha","extent":"tuntas"}}],"present":22,"sick":1,"absent":2,"place":"Balai desa","discussion":true,"note":"{NOTE}"}}"#
    )
}
