//! Kills at random moments while several people record: nothing acknowledged is lost, nothing is
//! half there, and what was under way can simply be sent again.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use p2k2::clock::Clock;
use p2k2::kelompok::wilayah::Zone;
use serde_json::{Value, json};
use uuid::Uuid;

use super::http::{Answer, Client};
use super::{Dice, District, Server};

/// How often the server is killed.
const ROUNDS: usize = 52;
/// How many people record at the same time.
const WRITERS: usize = 5;
/// The most acknowledgements that a server lives to give.
const MOST: u64 = 40;
/// How long to wait for the acknowledgements of one life.
const PATIENCE: Duration = Duration::from_secs(60);
/// Two sesi in each record, so that half a record would show.
const SESI: [&str; 2] = ["memulai-usaha", "memahami-perilaku-anak"];

/// A record that was sent.
#[derive(Debug, Clone)]
struct Sent {
    id: Uuid,
    kelompok: String,
    date: Date,
    present: u16,
    sick: u16,
    note: String,
}

impl Sent {
    fn body(&self) -> String {
        let Self { id, kelompok, date, present, sick, note } = self;
        let sesi = SESI.map(|id| json!({"id": id, "extent": "sebagian"}));
        json!({
            "id": id, "kelompok": kelompok, "date": date, "sesi": sesi, "note": note,
            "present": present, "sick": sick, "absent": 0,
        })
        .to_string()
    }

    /// Checks that a record as the API shows it is this one, and all of it.
    fn check(&self, shown: &Value) {
        let sesi: Vec<_> = shown["sesi"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        let date = self.date.to_string();
        let same = shown["id"] == self.id.to_string()
            && shown["kelompok"] == self.kelompok
            && shown["date"] == date
            && shown["present"] == self.present
            && shown["sick"] == self.sick
            && shown["state"] == "tercatat"
            && sesi == SESI;
        assert!(same, "sent {self:?}, found {shown}");
    }
}

/// A record with the number of its journal line.
type Kept = (Sent, u64);

/// Of each writer what was acknowledged in one life, and what was under way at its end.
type Life = Vec<(Vec<Kept>, Option<Sent>)>;

/// A kelompok that a writer may record for.
struct Group {
    id: String,
    members: u16,
    start: Date,
    days: u64,
}

/// One person with her kelompok.
struct Writer {
    number: u64,
    token: String,
    groups: Vec<Group>,
    sent: u64,
}

impl Writer {
    /// The next record: another kelompok, date, and note each time.
    fn next(&mut self) -> Sent {
        self.sent += 1;
        let mut dice = Dice(self.number << 32 | self.sent);
        let group = &self.groups[dice.below(self.groups.len() as u64) as usize];
        let days = i64::try_from(dice.below(group.days)).unwrap();
        let sick = u16::try_from(dice.below(4)).unwrap();
        let mut random = [0; 10];
        random[..8].copy_from_slice(&dice.below(u64::MAX).to_le_bytes());
        let millis = 1_760_000_000_000 + self.sent * 10 + self.number;
        Sent {
            id: uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
            kelompok: group.id.clone(),
            date: group.start + days.days(),
            present: group.members - sick,
            sick,
            note: format!("Catatan {} ke-{}", self.number, self.sent),
        }
    }

    /// Records until the server is gone. What was sent and not answered is the last one.
    fn work(&mut self, address: &str, told: &Told) -> (Vec<Kept>, Option<Sent>) {
        let mut client = Client::new(address, &self.token);
        let mut kept = Vec::new();
        loop {
            let sent = self.next();
            if client.send("POST", "/api/v1/pertemuan", &sent.body()).is_err() {
                return (kept, None);
            }
            match client.receive() {
                Ok(answer) => {
                    let seq = acknowledged(&sent, &answer);
                    kept.push((sent, seq));
                    told.count();
                }
                Err(_) => return (kept, Some(sent)),
            }
        }
    }
}

/// The number of the line in which a record was acknowledged to stand.
fn acknowledged(sent: &Sent, answer: &Answer) -> u64 {
    assert_eq!(answer.status, 201, "{sent:?}: {answer:?}");
    let body = answer.json();
    assert_eq!(body["id"], sent.id.to_string());
    body["seq"].as_u64().unwrap()
}

/// How many acknowledgements there were in this life.
#[derive(Default)]
struct Told {
    count: Mutex<u64>,
    more: Condvar,
}

impl Told {
    fn count(&self) {
        *self.count.lock().unwrap() += 1;
        self.more.notify_all();
    }

    fn wait_for(&self, target: u64) {
        let count = self.count.lock().unwrap();
        let few = |count: &mut u64| *count < target;
        let (count, waited) = self.more.wait_timeout_while(count, PATIENCE, few).unwrap();
        assert!(!waited.timed_out(), "only {count} of {target} acknowledgements came");
    }
}

/// The people of a district with their kelompok and a token each.
fn writers(district: &District) -> Vec<Writer> {
    let today = Zone::Wib.date(Clock::system().now());
    let columns = ["id", "anggota", "pendamping", "mulai", "berakhir"];
    let mut of: BTreeMap<String, Vec<Group>> = BTreeMap::new();
    for [id, members, pendamping, start, end] in district.rows("kelompok", columns) {
        let start: Date = start.parse().unwrap();
        let days = (today - start).total((Unit::Day, start)).unwrap() as u64;
        let group = Group { id, members: members.parse().unwrap(), start, days };
        if end.is_empty() && days > 0 {
            of.entry(pendamping).or_default().push(group);
        }
    }
    assert!(of.len() >= WRITERS, "{} pendamping are too few", of.len());
    let writer = |(number, (login, groups)): (u64, (String, Vec<Group>))| Writer {
        number,
        token: district.token(&login),
        groups,
        sent: 0,
    };
    (0..).zip(of).take(WRITERS).map(writer).collect()
}

/// One life of the server: everybody records until it is killed after `target` acknowledgements.
fn live(
    server: &mut Server,
    writers: &mut [Writer],
    target: u64,
) -> Vec<(Vec<Kept>, Option<Sent>)> {
    let told = Told::default();
    let address = server.address.clone();
    std::thread::scope(|scope| {
        let (told, address) = (&told, address.as_str());
        let work = |writer| scope.spawn(move || Writer::work(writer, address, told));
        let at_work: Vec<_> = writers.iter_mut().map(work).collect();
        told.wait_for(target);
        server.kill();
        at_work.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

/// Checks a record under way when the server was killed: it is there as a whole or not at all, and
/// sending it again gives the same answer as often as one likes.
fn send_again(client: &mut Client, sent: &Sent) -> Kept {
    let path = format!("/api/v1/pertemuan/{}", sent.id);
    let found = client.get(&path);
    let before = (found.status == 200).then(|| {
        let shown = found.json();
        sent.check(&shown);
        assert_eq!(shown["record"]["note"], sent.note);
        shown["seq"].as_u64().unwrap()
    });
    assert!(before.is_some() || found.status == 404, "{found:?}");
    let first = client.post("/api/v1/pertemuan", &sent.body());
    let seq = acknowledged(sent, &first);
    assert!(before.is_none_or(|before| before == seq), "{before:?}, then {seq}");
    assert_eq!(client.post("/api/v1/pertemuan", &sent.body()), first);
    let other = Sent { sick: sent.sick + 1, present: sent.present - 1, ..sent.clone() };
    let refused = client.post("/api/v1/pertemuan", &other.body());
    assert_eq!(refused.status, 422, "{refused:?}");
    assert_eq!(refused.json()["errors"][0]["field"], "id");
    (sent.clone(), seq)
}

/// Every record of a kelompok as the API lists it, by id.
fn listed(client: &mut Client, kelompok: &str) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/kelompok/{kelompok}/pertemuan?limit=500&cursor={cursor}");
        let page = client.get(&path);
        assert_eq!(page.status, 200, "{page:?}");
        let page = page.json();
        for row in page["rows"].as_array().unwrap() {
            let id = row["id"].as_str().unwrap().to_owned();
            assert!(all.insert(id, row.clone()).is_none(), "listed twice: {row}");
        }
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

/// Checks that each kelompok has exactly what was kept, and what was imported before.
fn check_all(server: &Server, writers: &[Writer], kept: &[Vec<Kept>], imported: &[String]) {
    for (writer, kept) in writers.iter().zip(kept) {
        let mut client = server.client(&writer.token);
        for group in &writer.groups {
            let mut found = listed(&mut client, &group.id);
            for (sent, seq) in kept.iter().filter(|(sent, _)| sent.kelompok == group.id) {
                let shown = found.remove(&sent.id.to_string());
                let shown = shown.unwrap_or_else(|| panic!("lost: line {seq}, {sent:?}"));
                sent.check(&shown);
                assert_eq!(shown["seq"], *seq, "{sent:?}");
            }
            let before = imported.iter().filter(|kelompok| **kelompok == group.id).count();
            assert_eq!(found.len(), before, "more than was sent: {found:?}");
        }
    }
}

/// What is known after a life: all that was acknowledged is there, and what was under way can be
/// sent again. Gives the numbers of acknowledged records and of people who were cut short.
fn check_life(
    server: &Server,
    writers: &[Writer],
    life: Life,
    kept: &mut [Vec<Kept>],
) -> [usize; 2] {
    let mut counts = [0, 0];
    for ((writer, kept), (told, last)) in writers.iter().zip(kept).zip(life) {
        let mut client = server.client(&writer.token);
        for (sent, seq) in &told {
            let found = client.get(&format!("/api/v1/pertemuan/{}", sent.id));
            assert_eq!(found.status, 200, "lost: line {seq}, {sent:?}");
            sent.check(&found.json());
            assert_eq!(found.json()["record"]["note"], sent.note);
        }
        counts[0] += told.len();
        counts[1] += usize::from(last.is_some());
        kept.extend(told);
        kept.extend(last.map(|sent| send_again(&mut client, &sent)));
    }
    counts
}

#[test]
fn killed_again_and_again_it_loses_nothing_acknowledged() {
    let district = District::imported(24, 3);
    let mut writers = writers(&district);
    let imported: Vec<String> =
        district.rows("pertemuan", ["kelompok"]).into_iter().map(|[kelompok]| kelompok).collect();
    let mut kept: Vec<Vec<Kept>> = vec![Vec::new(); WRITERS];
    let mut dice = Dice(7);
    let (mut cut_short, mut acknowledged) = (0, 0);
    let mut server = Server::start(&district.data());
    for _ in 0..ROUNDS {
        let life = live(&mut server, &mut writers, dice.below(MOST));
        server = Server::start(&district.data());
        let [records, in_flight] = check_life(&server, &writers, life, &mut kept);
        acknowledged += records;
        cut_short += usize::from(in_flight > 0);
    }
    assert!(cut_short * 10 >= ROUNDS * 8, "only {cut_short} of {ROUNDS} were cut while writing");
    assert!(acknowledged > ROUNDS * 10, "{acknowledged} acknowledgements are too few");
    check_all(&server, &writers, &kept, &imported);
    server.stop();
    let said = district.run(&["verify"]).well();
    assert!(said.starts_with("Utuh: "), "{said}");
}
