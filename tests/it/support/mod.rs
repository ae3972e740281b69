//! What several tests need: a small district in memory or on a disk.

pub(crate) mod http;

use jiff::Timestamp;
use p2k2::command::{Actor, Command, RecordInput, Request, TaughtInput};
use p2k2::decide::{self, Decision, Refusal};
use p2k2::event::{Event, LineInfo};
use p2k2::ids::AccountId;
use p2k2::kelompok::pertemuan::Extent;
use p2k2::people::account::{Grant, Role};
use p2k2::state::State;
use uuid::Uuid;

/// The time at which the tests' world begins: 21 November 2026, 10:00 WIB.
pub(crate) fn start() -> Timestamp {
    "2026-11-21T03:00:00Z".parse().unwrap()
}

/// A skema of three sesi in two modul.
pub(crate) const SKEMA: &str = r#"{"id":"uji","judul":"Skema uji","default":true,"modul":[
 {"id":"satu","judul":"Modul satu","alias":[],"sesi":[
  {"id":"sesi-a","nomor":1,"nomor_modul":1,"judul":"Sesi A","alias":[],"tema":["kesehatan"]},
  {"id":"sesi-b","nomor":2,"nomor_modul":2,"judul":"Sesi B","alias":[],"tema":["ekonomi"]}]},
 {"id":"dua","judul":"Modul dua","alias":[],"sesi":[
  {"id":"sesi-c","nomor":3,"nomor_modul":1,"judul":"Sesi C","alias":[],"tema":["kesehatan"]}]}]}"#;

/// A state with its journal as a list of lines, as the committer would keep it.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) lines: Vec<(LineInfo, Vec<Event>)>,
}

impl World {
    /// Decides, appends and applies.
    pub(crate) fn run(&mut self, request: &Request) -> Result<Decision, Refusal> {
        let decision = decide::decide(&self.state, request)?;
        if let Decision::Events(events) = &decision {
            let info = LineInfo {
                seq: self.state.seq + 1,
                at: request.now,
                by: match request.actor {
                    Actor::Account(id) => Some(id),
                    _ => None,
                },
                command: request.id,
                digest: request.digest(),
            };
            self.state.apply_line(&info, events);
            self.lines.push((info, events.clone()));
        }
        Ok(decision)
    }

    /// Runs a command as the owner of the data.
    pub(crate) fn system(&mut self, id: u128, command: Command) -> Result<Decision, Refusal> {
        self.run(&request(id, Actor::System, command))
    }

    /// Two kabupaten with one kelompok each, met by two pendamping, and a supervisor of the first.
    pub(crate) fn district() -> Self {
        let mut world = Self::default();
        for request in district_commands() {
            world.run(&request).unwrap();
        }
        world
    }
}

/// The commands that make [`World::district`].
pub(crate) fn district_commands() -> Vec<Request> {
    let skema = serde_json::from_str(SKEMA).unwrap();
    let mut commands = vec![Command::LoadSkema { skema: Box::new(skema) }, places()];
    for (login, role, area) in [
        ("pendamping-1", Role::Pendamping, "16.02"),
        ("pendamping-2", Role::Pendamping, "35.20"),
        ("supervisor-1", Role::Supervisor, "16.02"),
    ] {
        commands.push(Command::CreateAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            grants: vec![Grant { role, area: area.parse().unwrap() }],
        });
    }
    for (kelompok, desa, login) in
        [("OKI-1", "16.02.05.1001", "pendamping-1"), ("MGT-1", "35.20.07.2014", "pendamping-2")]
    {
        commands.push(Command::CreateGroup {
            id: kelompok.parse().unwrap(),
            name: format!("Melati {kelompok}"),
            desa: vec![desa.parse().unwrap()],
            members: 25,
            start: "2025-01-01".parse().unwrap(),
            pendamping: Some(login.parse().unwrap()),
        });
    }
    (1..).zip(commands).map(|(id, command)| request(id, Actor::System, command)).collect()
}

fn places() -> Command {
    use p2k2::decide::import::{Import, Row, Rows, WilayahRow};
    let rows = [
        ("16", "Sumatera Selatan"),
        ("16.02", "Ogan Komering Ilir"),
        ("16.02.05", "Kayu Agung"),
        ("16.02.05.1001", "Jua-jua"),
        ("35", "Jawa Timur"),
        ("35.20", "Magetan"),
        ("35.20.07", "Plaosan"),
        ("35.20.07.2014", "Pacalan"),
    ];
    let rows = (2..).zip(rows).map(|(line, (kode, name))| Row {
        line,
        value: WilayahRow { kode: kode.parse().unwrap(), name: name.to_owned() },
    });
    Command::Import(Box::new(Import { rows: Rows::Wilayah(rows.collect()), skip_bad: false }))
}

/// A request at the start of the tests' world.
pub(crate) fn request(id: u128, actor: Actor, command: Command) -> Request {
    Request { id: Uuid::from_u128(id), actor, now: start(), command }
}

/// The first pendamping of [`World::district`].
pub(crate) const PENDAMPING: Actor = Actor::Account(AccountId(1));
/// The pendamping of the other kabupaten.
pub(crate) const STRANGER: Actor = Actor::Account(AccountId(2));
/// The supervisor of the first kabupaten.
pub(crate) const SUPERVISOR: Actor = Actor::Account(AccountId(3));

/// A sound record: all of sesi A, 20 of 25 present.
pub(crate) fn record(date: &str) -> RecordInput {
    RecordInput {
        kelompok: "OKI-1".parse().unwrap(),
        date: date.parse().unwrap(),
        kind: "lengkap".to_owned(),
        sesi: vec![TaughtInput {
            sesi: "sesi-a".parse().unwrap(),
            extent: Extent::Tuntas,
            langkah: Vec::new(),
            edition: None,
        }],
        present: 20,
        sick: 3,
        absent: 2,
        members: None,
        absent_seats: Vec::new(),
        start: None,
        end: None,
        place: String::new(),
        discussion: None,
        speakers: Vec::new(),
        topics: Vec::new(),
        obstacles: String::new(),
        follow_up: String::new(),
        note: String::new(),
    }
}
