//! What is said of a record behind it: questions, corrections that change nothing, values that
//! nobody knows.

use serde_json::{Value, json};

use p2k2::command::Command;
use p2k2::event::Setting;
use p2k2::kelompok::rules::TargetSet;

use crate::support::http::{Reply, Site, system};

const PENDAMPING: &str = "pendamping-1";
const SUPERVISOR: &str = "supervisor-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";

fn id(number: u128) -> String {
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number).to_string()
}

/// The body of a record of the first sesi with all of its texts.
fn record(number: u128) -> Value {
    json!({
        "id": id(number), "kelompok": "OKI-1", "date": "2026-11-20",
        "sesi": [{ "id": FIRST, "extent": "tuntas" }],
        "present": 23, "sick": 1, "absent": 1, "place": "Balai desa", "discussion": true,
        "speakers": ["Bidan desa, Pustu"], "note": "Hujan."
    })
}

fn post(site: &Site, who: &str, path: &str, body: &Value) -> Reply {
    site.post_json(who, &format!("/api/v1{path}"), &body.to_string())
}

fn seen(site: &Site, number: u128) -> Value {
    let reply = site.get(SUPERVISOR, &format!("/api/v1/pertemuan/{}", id(number)));
    serde_json::from_str(&reply.body).unwrap_or_else(|_| panic!("{}", reply.body))
}

/// The body that corrects a record to what is given.
fn correction(site: &Site, (number, request): (u128, u128), changed: &[(&str, Value)]) -> Value {
    let mut body = record(number);
    body["id"] = json!(id(request));
    body["reason"] = json!("salah ketik");
    body["version"] = seen(site, number)["version"].clone();
    for (field, value) in changed {
        body[field] = value.clone();
    }
    body
}

#[test]
fn a_question_is_no_correction() {
    let site = Site::new();
    assert_eq!(post(&site, PENDAMPING, "/pertemuan", &record(1)).status, 201);
    assert_eq!(seen(&site, 1)["state"], "tercatat");
    let ask = json!({ "id": id(2), "text": "Siapa yang sakit?" });
    assert_eq!(post(&site, SUPERVISOR, &format!("/pertemuan/{}/tanya", id(1)), &ask).status, 200);
    let asked = seen(&site, 1);
    assert_eq!((&asked["state"], &asked["open_question"]), (&json!("tercatat"), &json!(true)));
    assert_ne!(asked["version"], asked["seq"], "it is another version all the same");
    let list = site.get(SUPERVISOR, "/api/v1/kelompok/OKI-1/pertemuan");
    assert!(list.has("\"state\":\"tercatat\""), "{}", list.body);
    let body = correction(&site, (1, 3), &[("note", json!("Hujan lebat."))]);
    let path = format!("/pertemuan/{}/koreksi", id(1));
    assert_eq!(post(&site, PENDAMPING, &path, &body).status, 200);
    assert_eq!(seen(&site, 1)["state"], "diubah");
    let again = json!({ "id": id(4), "text": "Sudah benar?" });
    assert_eq!(post(&site, SUPERVISOR, &format!("/pertemuan/{}/tanya", id(1)), &again).status, 200);
    assert_eq!(seen(&site, 1)["state"], "diubah", "a correction is not forgotten");
    let version = seen(&site, 1)["version"].clone();
    let withdraw = json!({ "id": id(5), "reason": "ganda", "version": version });
    let path = format!("/pertemuan/{}/tarik", id(1));
    assert_eq!(post(&site, PENDAMPING, &path, &withdraw).status, 200);
    assert_eq!(seen(&site, 1)["state"], "ditarik");
}

#[test]
fn a_correction_that_changes_nothing_is_no_fact() {
    let site = Site::new();
    assert_eq!(post(&site, PENDAMPING, "/pertemuan", &record(1)).status, 201);
    let path = format!("/pertemuan/{}/koreksi", id(1));
    let seq = site.app.state().seq;
    // What a program leaves open, or writes with blanks, is the same record.
    for changed in [
        vec![],
        vec![("members", json!(25)), ("kind", json!("lengkap"))],
        vec![("place", json!("  Balai desa ")), ("note", json!("Hujan.\n"))],
    ] {
        let body = correction(&site, (1, 2), &changed);
        let refused = post(&site, PENDAMPING, &path, &body);
        assert_eq!(refused.status, 409, "{changed:?}: {}", refused.body);
        assert!(refused.has("Tidak ada yang berubah"), "{}", refused.body);
    }
    assert_eq!(site.app.state().seq, seq, "nothing was written");
    // Who may not correct it is told that, and nothing of the record.
    let body = correction(&site, (1, 3), &[]);
    assert_eq!(post(&site, "pendamping-2", &path, &body).status, 404);
    // A correction that was accepted is answered again, though it changes nothing any more.
    let body = correction(&site, (1, 4), &[("discussion", json!(false))]);
    for _ in 0..2 {
        assert_eq!(post(&site, PENDAMPING, &path, &body).status, 200);
    }
    let after = site.app.state().seq;
    assert_eq!(after, seq + 1);
}

/// Sends the form of a correction that is open now, with these values in place of the record's.
fn correct(site: &Site, changed: &[(&str, &str)]) -> Reply {
    let path = format!("/pertemuan/{}/koreksi", id(1));
    let page = site.get(PENDAMPING, &path);
    let (request, version) = (page.hidden("id"), page.hidden("version"));
    // The first value of a name counts.
    let mut fields = changed.to_vec();
    fields.extend([
        ("id", request.as_str()),
        ("version", &version),
        ("date", "2026-11-20"),
        ("sesi.0.id", FIRST),
        ("sesi.0.extent", "tuntas"),
        ("present", "23"),
        ("sick", "1"),
        ("absent", "1"),
        ("members", "25"),
        ("kind", "lengkap"),
        ("place", "Balai desa"),
        ("speakers", "Bidan desa, Pustu"),
        ("discussion", "ya"),
        ("note", "Hujan."),
        ("reason", "salah pilih"),
    ]);
    site.post(PENDAMPING, &path, &fields)
}

#[test]
fn a_form_that_changes_nothing_comes_back() {
    let site = Site::new();
    let mut first = record(1);
    first["speakers"] = json!(["Bidan desa", "Pustu"]);
    assert_eq!(post(&site, PENDAMPING, "/pertemuan", &first).status, 201);
    let seq = site.app.state().seq;
    let unknown = correct(&site, &[("discussion", "mungkin")]);
    assert!(unknown.status == 422 && unknown.has("Pilih ada atau tidak ada"), "{}", unknown.body);
    for same in [&[][..], &[("members", "")], &[("place", " Balai desa ")]] {
        let reply = correct(&site, same);
        assert_eq!(reply.status, 409, "{same:?}: {}", reply.body);
        assert!(reply.has("Tidak ada yang berubah"), "{}", reply.body);
        assert!(reply.has("Balai desa"), "what was typed stays: {}", reply.body);
    }
    assert_eq!(site.app.state().seq, seq);
    let changed = correct(&site, &[("discussion", "tidak")]);
    assert_eq!(changed.status, 303, "{}", changed.body);
}

#[test]
fn no_field_of_a_body_is_dropped_in_silence() {
    let site = Site::new();
    for (field, value) in [
        ("discussion", json!("mungkin")),
        ("discussion", json!("ya")),
        ("discussion", json!(1)),
        ("diskusi", json!(true)),
        ("sick", json!("1")),
        ("start", json!("pagi")),
        ("absent_seats", json!("3,4")),
        ("speakers", json!("Bidan")),
        ("kindd", json!("lengkap")),
        ("note", json!(["Hujan"])),
    ] {
        let mut body = record(1);
        body[field] = value.clone();
        let reply = post(&site, PENDAMPING, "/pertemuan", &body);
        assert_eq!(reply.status, 422, "{field} {value}: {}", reply.body);
        assert!(reply.has(&format!("\"field\":\"{field}\"")), "{field}: {}", reply.body);
    }
    let version = site.app.state().group("OKI-1").unwrap().version;
    let rename =
        json!({ "id": id(7), "version": version, "name": "Melati baru", "note": "Atas usul." });
    let reply = post(&site, "admin-1", "/kelompok/OKI-1", &rename);
    assert_eq!(reply.status, 422, "a note without a number: {}", reply.body);
    let document = site.get(PENDAMPING, "/api/openapi.json");
    assert!(document.has("dijawab 422"), "{}", &document.body[..400]);
}

#[test]
fn a_kelompok_says_by_which_sesi_it_is_measured_where_that_was_set() {
    let site = Site::new();
    let page = site.get(PENDAMPING, "/kelompok/OKI-1");
    assert!(!page.has("Diukur dengan"), "{}", page.main());
    let from = "2026-11-21".parse().unwrap();
    let sesi = vec![FIRST.parse().unwrap()];
    let set = TargetSet { area: "16.02".parse().unwrap(), from, sesi };
    let setting = Box::new(Setting::Target(set));
    system(&site.app, Command::ChangeSetting { from, setting, version: None });
    for who in [PENDAMPING, SUPERVISOR] {
        let page = site.get(who, "/kelompok/OKI-1");
        let words = "1 sesi sasaran, ditetapkan untuk Kabupaten Ogan Komering Ilir sejak";
        assert!(page.has(words) && page.has("href=\"/cakupan#arti-tuntas\""), "{}", page.main());
    }
}
