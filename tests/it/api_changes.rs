//! What the API tells of changes, and what it says when something is sent once more.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

use jiff::SignedDuration;
use p2k2::clock::Clock;
use p2k2::command::{CheckInput, Command, GroupChange, Versioned, VisitInput};
use p2k2::event::{Setting, SuspensionTarget};
use p2k2::kelompok::rules::{Holiday, Holidays};
use p2k2::kelompok::visit::{CheckOutcome, VisitPlace};
use serde_json::{Value, json};

use crate::pages_curriculum::{SESI, live_text};
use crate::support::http::{Reply, Site, system};
use crate::support::start;

const PENDAMPING: &str = "pendamping-1";
const STRANGER: &str = "pendamping-2";
const SUPERVISOR: &str = "supervisor-1";
const WRITER: &str = "pelatih-1";
const REVIEWER: &str = "penelaah-1";
const KAYU_AGUNG: &str = "16.02.05";

fn id(number: u128) -> String {
    // The shape of an id that a client makes: version 7.
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number).to_string()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap_or_else(|_| panic!("{}", reply.body))
}

fn site() -> Site {
    let site = Site::new();
    let command = Command::CreateGroup {
        id: "OKI-2".parse().unwrap(),
        name: "Mawar".to_owned(),
        desa: vec!["16.02.05.1001".parse().unwrap()],
        members: 20,
        start: "2025-01-01".parse().unwrap(),
        pendamping: Some(PENDAMPING.parse().unwrap()),
    };
    system(&site.app, command);
    site
}

/// What somebody is told of the changes behind a line: event and thing of each.
fn told(site: &Site, who: &str, since: u64) -> Vec<String> {
    let reply = site.get(who, &format!("/api/v1/perubahan?sejak={since}"));
    assert_eq!(reply.status, 200, "{}", reply.body);
    let reply = body(&reply);
    assert_eq!(reply["seq"], site.app.state().seq, "nothing is left over");
    let word = |value: &Value| value.as_str().map(str::to_owned);
    let shown = |one: &Value| {
        let things = ["kelompok", "sesi", "wilayah"].map(|name| {
            assert!(one.get(name).is_some(), "every field is always there: {one}");
            word(&one[name])
        });
        let things: Vec<String> = things.into_iter().flatten().collect();
        format!("{} {}", word(&one["event"]).unwrap(), things.join("+"))
    };
    reply["changes"].as_array().unwrap().iter().map(shown).collect()
}

fn versions(site: &Site, ids: &[&str]) -> Vec<Versioned> {
    let state = site.app.state();
    let of = |id: &&str| {
        let group = state.group(id).unwrap();
        Versioned { id: group.id.clone(), version: group.version }
    };
    ids.iter().map(of).collect()
}

fn seq(site: &Site) -> u64 {
    site.app.state().seq
}

/// Carries a command out and holds what it tells against what it should: the supervisor, the
/// pendamping and the trainer of the kabupaten; somebody of another one hears nothing.
fn tells(site: &Site, command: Command, expected: [&[&str]; 3]) {
    let (since, shown) = (seq(site), format!("{command:?}"));
    system(&site.app, command);
    for (who, expected) in [SUPERVISOR, PENDAMPING, WRITER].into_iter().zip(expected) {
        assert_eq!(told(site, who, since), expected, "{who}: {shown}");
    }
    assert_eq!(told(site, STRANGER, since), [""; 0], "{shown}");
}

#[test]
fn every_change_of_the_area_is_told_once_for_each_thing_it_concerns() {
    let site = site();
    let day = |text: &str| text.parse().unwrap();
    let reason = || "sebab".to_owned();
    let (area, kelompok) = (KAYU_AGUNG.parse().unwrap(), || "OKI-1".parse().unwrap());
    let check = CheckInput { found: true, counted: 23 };
    let visit = |place| {
        let (office, attended) = ("Dinas Sosial".to_owned(), "P2K2".to_owned());
        let input =
            VisitInput { place, date: day("2026-11-20"), office, attended, note: String::new() };
        Command::LogVisit { visit: Box::new(input), check: None }
    };
    let logged = Command::LogCheck {
        kelompok: kelompok(),
        date: day("2026-11-20"),
        office: "Dinas Sosial".to_owned(),
        check,
    };
    let one = &["anggota.diperiksa OKI-1"][..];
    tells(&site, logged, [one, one, &[]]);
    let (outcome, note) = (CheckOutcome::TercatatBenar, String::new());
    let settled = Command::ResolveCheck { check: 1, outcome, reason: None, note };
    let one = &["anggota.pemeriksaan_selesai OKI-1"][..];
    tells(&site, settled, [one, one, &[]]);
    let one = &["kunjungan.dicatat OKI-1"][..];
    tells(&site, visit(VisitPlace::Kelompok(kelompok())), [one, one, &[]]);
    tells(&site, visit(VisitPlace::Wilayah(area)), [&["kunjungan.dicatat 16.02.05"], &[], &[]]);
    let (id, version) = site.app.state().visits().last().map(|one| (one.id, one.version)).unwrap();
    let withdrawn = Command::WithdrawVisit { id, reason: reason(), version };
    tells(&site, withdrawn, [&["kunjungan.ditarik 16.02.05"], &[], &[]]);

    let holiday = Holiday { from: day("2027-03-01"), to: day("2027-03-09"), name: reason() };
    let holidays = Holidays { area, list: vec![holiday] };
    let (from, setting) = (day("2026-11-21"), Box::new(Setting::Holidays(holidays)));
    let one = &["setelan.diubah 16.02.05"][..];
    tells(&site, Command::ChangeSetting { from, setting, version: None }, [one, one, one]);

    let begin = |target| Command::Suspend { target, from, to: None, reason: reason() };
    let end = |suspension, kelompok| Command::Resume { suspension, to: from, kelompok };
    let one = &["penangguhan.dimulai 16.02.05"][..];
    tells(&site, begin(SuspensionTarget::Wilayah(area)), [one, one, one]);
    let one = &["penangguhan.berakhir 16.02.05"][..];
    tells(&site, end(seq(&site), None), [one, one, one]);
    let one = &["penangguhan.dimulai OKI-1"][..];
    tells(&site, begin(SuspensionTarget::Kelompok(kelompok())), [one, one, &[]]);
    let one = &["penangguhan.berakhir OKI-1"][..];
    tells(&site, end(seq(&site), None), [one, one, &[]]);
    let both = versions(&site, &["OKI-1", "OKI-2"]);
    let change = GroupChange::Suspend { from, to: None, reason: reason() };
    let two = &["penangguhan.dimulai OKI-1", "penangguhan.dimulai OKI-2"][..];
    tells(&site, Command::ChangeMany { kelompok: both, change }, [two, two, &[]]);
    let (line, second) = (seq(&site), Some("OKI-2".parse().unwrap()));
    let one = &["penangguhan.berakhir OKI-2"][..];
    tells(&site, end(line, second), [one, one, &[]]);
    let two = &["penangguhan.berakhir OKI-1", "penangguhan.berakhir OKI-2"][..];
    tells(&site, end(line, None), [two, two, &[]]);
}

#[test]
fn a_merge_and_a_split_are_told_of_every_kelompok() {
    let site = site();
    let on = "2026-11-21".parse().unwrap();
    let merged = Command::Merge {
        parents: versions(&site, &["OKI-1", "OKI-2"]),
        id: "OKI-9".parse().unwrap(),
        name: "Kenanga".to_owned(),
        pendamping: None,
        on,
        reason: "sebab".to_owned(),
    };
    let all = ["OKI-1", "OKI-2", "OKI-9"].map(|id| format!("kelompok.digabung {id}"));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    // Whoever met the parents does not meet the new one.
    tells(&site, merged, [&all, &all[..2], &[]]);
    let (kelompok, line) = ("OKI-9".parse().unwrap(), seq(&site));
    let undo = Command::Restore { kelompok, line, reason: "sebab".to_owned() };
    let all = ["OKI-1", "OKI-2", "OKI-9"].map(|id| format!("kelompok.dibatalkan {id}"));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    tells(&site, undo, [&all, &all[..2], &[]]);
    let part = |id: &str, members| p2k2::command::PartInput {
        id: id.parse().unwrap(),
        name: format!("Bagian {id}"),
        members: Some(members),
        seats: Vec::new(),
    };
    let split = Command::Split {
        parent: versions(&site, &["OKI-2"]).remove(0),
        into: vec![part("OKI-21", 9), part("OKI-22", 11)],
        on,
        reason: "sebab".to_owned(),
    };
    let all = ["OKI-2", "OKI-21", "OKI-22"].map(|id| format!("kelompok.dipecah {id}"));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    tells(&site, split, [&all, &all, &[]]);
}

#[test]
fn nothing_of_accounts_is_told() {
    let site = site();
    let since = seq(&site);
    let (login, name) = ("pendamping-9".to_owned(), "Ibu Rahasia".to_owned());
    system(&site.app, Command::CreateAccount { login, name, grants: Vec::new() });
    let id = site.account("pendamping-9");
    let (name, grants) = (None, None);
    system(&site.app, Command::ChangeAccount { id, name, grants, disabled: Some(true) });
    let kelompok = versions(&site, &["OKI-1"]).remove(0);
    let from = "2026-11-21".parse().unwrap();
    let (kelompok, version) = (kelompok.id, kelompok.version);
    system(&site.app, Command::Assign { kelompok, from, account: None, version });
    for who in [SUPERVISOR, "admin-1"] {
        let reply = site.get(who, &format!("/api/v1/perubahan?sejak={since}"));
        assert!(reply.has("pendamping.ditugaskan"), "{}", reply.body);
        assert!(!reply.has("akun") && !reply.has("Rahasia"), "{who}: {}", reply.body);
    }
}

#[test]
fn holidays_sent_once_more_on_another_day_are_the_same() {
    let days = Arc::new(AtomicI64::new(0));
    let seen = Arc::clone(&days);
    let clock = Clock::by(move || start() + SignedDuration::from_hours(24 * seen.load(Relaxed)));
    let site = Site::with_clock(clock);
    let send = |number, version: u64, name: &str| {
        let list = json!([{ "from": "2027-03-01", "to": "2027-03-09", "name": name }]);
        let sent = json!({ "id": id(number), "version": version, "list": list });
        let path = "/api/v1/wilayah/16.02/libur";
        site.post_json(SUPERVISOR, path, &sent.to_string())
    };
    let first = send(1, 0, "Lebaran");
    assert_eq!(first.status, 200, "{}", first.body);
    days.store(2, Relaxed);
    let (events, again) = (seq(&site), send(1, 0, "Lebaran"));
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!((send(1, 0, "Panen").status, send(2, 0, "Panen").status), (422, 412));
    assert_eq!(seq(&site), events, "nothing was written");
}

/// Who called what under which number, what was sent, and the answer.
type Done = (&'static str, &'static str, u128, Value, (u16, Value));

/// Calls of one review, numbered.
struct Review(Site);

impl Review {
    fn send(&self, who: &str, call: &str, number: u128, mut body: Value) -> (u16, Value) {
        body["id"] = json!(id(number));
        let path = format!("/api/v1/sesi/{SESI}/{call}");
        let reply = self.0.post_json(who, &path, &body.to_string());
        (reply.status, self::body(&reply))
    }

    fn write(&self, words: &str, new: &str) {
        let text = live_text(&self.0).replacen(words, new, 1);
        let path = format!("/api/v1/sesi/{SESI}/draf");
        let reply = self.0.put_json(WRITER, &path, &json!({ "text": text }).to_string());
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
}

#[test]
fn a_review_call_sent_once_more_is_answered_as_it_was_whatever_came_since() {
    let review = Review(Site::new());
    let summary = json!({ "summary": "Kalimat pembuka lebih hangat." });
    let reason = json!({ "reason": "Sebut sumbernya." });
    let publish = |revision: &Value| json!({ "revision": revision, "kind": "substansi", "note": "Pembukaan ditulis ulang." });
    let mut done: Vec<Done> = Vec::new();
    let step = |done: &mut Vec<Done>, who: &'static str, call: &'static str, body: Value| {
        let number = done.len() as u128 + 1;
        let answer = review.send(who, call, number, body.clone());
        assert!(matches!(answer.0, 200 | 201), "{call} {number}: {answer:?}");
        done.push((who, call, number, body, answer.clone()));
        // Everything that was ever answered is answered in the same way.
        for (who, call, number, body, answer) in &*done {
            let again = review.send(who, call, *number, body.clone());
            assert_eq!(&again, answer, "{call} {number} once more");
        }
        answer.1
    };
    review.write("menjaga dua hal", "menjaga tiga hal");
    let first = step(&mut done, WRITER, "ajukan", summary.clone());
    let edition = step(&mut done, REVIEWER, "terbitkan", publish(&first["revision"]));
    assert_eq!((&edition["edition"], &edition["revision"]), (&json!(2), &first["revision"]));
    review.write("menjaga tiga hal", "menjaga empat hal");
    let second = step(&mut done, WRITER, "ajukan", summary);
    assert_ne!(second["revision"], first["revision"]);
    let back = step(&mut done, REVIEWER, "kembalikan", reason.clone());
    assert_eq!(back["revision"], second["revision"]);
    step(&mut done, WRITER, "ajukan", json!({ "summary": "Sumber disebut." }));
    let edition = step(&mut done, REVIEWER, "terbitkan", publish(&second["revision"]));
    assert_eq!(edition["edition"], 3);

    // The same ids with other values, and by somebody else.
    let events = seq(&review.0);
    for (who, call, number, body, _) in &done {
        let mut others = vec![("summary", json!("Lain.")), ("reason", json!("Lain."))];
        others.extend([("note", json!("Lain.")), ("kind", json!("redaksional"))]);
        others.push(("revision", json!("0".repeat(64))));
        for (field, value) in others.into_iter().filter(|(field, _)| body.get(field).is_some()) {
            let mut other = body.clone();
            other[field] = value;
            let (status, answer) = review.send(who, call, *number, other);
            assert_eq!(status, 422, "{call} {number}, other {field}: {answer}");
            assert_eq!(answer["errors"][0]["field"], "id", "{answer}");
        }
        let (status, answer) = review.send("dua-peran", call, *number, body.clone());
        assert_eq!(status, 404, "{call} {number} by somebody else: {answer}");
    }
    // An id that belongs to another call.
    let (status, _) = review.send(REVIEWER, "kembalikan", 2, reason);
    assert_eq!(status, 422);
    let (status, _) = review.send(WRITER, "terbitkan", 1, publish(&first["revision"]));
    assert_eq!(status, 422);
    assert_eq!(seq(&review.0), events, "nothing was written");
}
