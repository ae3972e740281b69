//! The life of kelompok through the API: the same commands as the pages, for the same people.

use p2k2::command::Command;
use serde_json::{Value, json};

use crate::support::http::{ANYONE, Reply, Site, system};

const PENDAMPING: &str = "pendamping-1";
const STRANGER: &str = "pendamping-2";
const SUPERVISOR: &str = "supervisor-1";
const TRAINER: &str = "pelatih-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";

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

fn version(site: &Site, id: &str) -> u64 {
    site.app.state().group(id).unwrap().version
}

fn id(number: u128) -> String {
    // The shape of an id that a client makes: version 7.
    uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number).to_string()
}

fn post(site: &Site, who: &str, path: &str, body: &Value) -> Reply {
    site.post_json(who, &format!("/api/v1{path}"), &body.to_string())
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap_or_else(|_| panic!("{}", reply.body))
}

/// Every changing call with a body that is right but for its id.
fn calls(site: &Site) -> Vec<(&'static str, Value)> {
    let (one, two) = (version(site, "OKI-1"), version(site, "OKI-2"));
    let both = json!([{ "id": "OKI-1", "version": one }, { "id": "OKI-2", "version": two }]);
    let reason = "Anggota berkurang.";
    vec![
        ("/kelompok/OKI-1/kursi", json!({ "version": one, "date": "2026-11-01" })),
        (
            "/kelompok/OKI-1/rencana",
            json!({ "version": 0, "change": "pindah", "sesi": FIRST, "month": "2027-03" }),
        ),
        (
            "/wilayah/16.02/libur",
            json!({ "version": 0, "list": [
                { "from": "2027-03-01", "to": "2027-03-31", "name": "Lebaran" }
            ] }),
        ),
        (
            "/ubah-bersama",
            json!({ "kelompok": both, "change": "tangguhkan", "from": "2026-11-21",
                "reason": "Banjir." }),
        ),
        (
            "/kelompok/OKI-1/pendamping",
            json!({ "version": one, "from": "2026-11-21", "pendamping": null }),
        ),
        (
            "/kelompok/OKI-1/gabung",
            json!({ "version": one, "with": [{ "id": "OKI-2", "version": two }],
                "new_id": "OKI-9", "name": "Kenanga", "pendamping": PENDAMPING,
                "on": "2026-11-21", "reason": reason }),
        ),
        (
            "/kelompok/OKI-1/pecah",
            json!({ "version": one, "on": "2026-11-21", "reason": reason, "into": [
                { "id": "OKI-7", "name": "Satu", "members": 12 },
                { "id": "OKI-8", "name": "Dua", "members": 13 } ] }),
        ),
        (
            "/kelompok/OKI-2/bubarkan",
            json!({ "version": two, "on": "2026-11-21", "reason": reason }),
        ),
        ("/kelompok/OKI-1/batalkan", json!({ "line": 1, "reason": reason })),
    ]
}

#[test]
fn the_api_asks_the_same_policy_as_the_pages() {
    let site = site();
    // In the order of `calls`.
    for (who, expected) in [
        (ANYONE, [401; 9]),
        (STRANGER, [404, 404, 404, 404, 404, 404, 404, 404, 404]),
        (TRAINER, [404, 404, 403, 404, 404, 404, 404, 404, 404]),
        (PENDAMPING, [200, 200, 404, 422, 403, 403, 403, 403, 403]),
        (SUPERVISOR, [200, 200, 200, 200, 403, 403, 403, 403, 403]),
        (ADMIN, [200, 403, 200, 422, 200, 200, 200, 200, 409]),
    ] {
        let mut found = [0; 9];
        for (at, (path, call)) in calls(&site).into_iter().enumerate() {
            // Each call meets the same state: a fresh one where it may succeed.
            let fresh = (expected[at] == 200).then(self::site);
            let site = fresh.as_ref().unwrap_or(&site);
            let mut call = call;
            call["id"] = json!(id(at as u128));
            let reply = post(site, who, path, &call);
            found[at] = reply.status;
            assert!(reply.status != 422 || path == "/ubah-bersama", "{who} {path} {}", reply.body);
            if reply.status == 200 {
                let again = post(site, who, path, &call);
                assert_eq!((again.status, &again.body), (200, &reply.body), "{path} once more");
                call["reason"] = json!("Lain.");
                let other = post(site, who, path, &call).status;
                assert!(matches!(other, 422), "{path}, other values: {other}");
            }
        }
        assert_eq!(found, expected, "{who:?}");
    }
}

#[test]
fn kelompok_are_merged_and_brought_back_by_the_api() {
    let site = site();
    let merge = |number, one: u64, two: u64| {
        json!({ "id": id(number), "version": one, "with": [{ "id": "OKI-2", "version": two }],
            "new_id": "OKI-9", "name": "Kenanga", "on": "2026-11-21",
            "reason": "Anggota berkurang." })
    };
    let (one, two) = (version(&site, "OKI-1"), version(&site, "OKI-2"));
    let path = "/kelompok/OKI-1/gabung";
    assert_eq!(post(&site, ADMIN, path, &merge(1, one, two + 7)).status, 412);
    let merged = post(&site, ADMIN, path, &merge(2, one, two));
    assert_eq!(merged.status, 200, "{}", merged.body);
    let merged = body(&merged);
    let ids: Vec<&str> = merged["kelompok"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["OKI-1", "OKI-2", "OKI-9"]);
    assert_eq!(merged["kelompok"][2]["members"], 45);
    let undo = json!({ "id": id(3), "line": merged["seq"], "reason": "Salah pilih." });
    let back = post(&site, ADMIN, "/kelompok/OKI-9/batalkan", &undo);
    assert_eq!(back.status, 200, "{}", back.body);
    assert!(site.app.state().group("OKI-2").unwrap().end.is_none());
}

#[test]
fn plans_seats_and_holidays_are_read_and_changed_by_the_api() {
    let site = site();
    let get = |path: &str| body(&site.get(PENDAMPING, &format!("/api/v1{path}")));
    assert_eq!(get("/kelompok/OKI-1/kursi")["seats"], json!([]));
    let number = json!({ "id": id(1), "version": version(&site, "OKI-1"), "date": "2026-11-01" });
    assert_eq!(post(&site, PENDAMPING, "/kelompok/OKI-1/kursi", &number).status, 200);
    assert_eq!(get("/kelompok/OKI-1/kursi")["seats"].as_array().unwrap().len(), 25);
    let plan = get("/kelompok/OKI-1/rencana");
    assert_eq!((&plan["version"], &plan["months"][0]["sesi"][0]), (&json!(0), &json!(FIRST)));
    for (change, status) in [
        (json!({ "change": "pindah", "sesi": FIRST }), 422),
        (json!({ "change": "lain", "sesi": FIRST }), 422),
        (json!({ "change": "pindah", "sesi": FIRST, "month": "2020-01" }), 422),
        (json!({ "change": "tinggalkan", "sesi": FIRST }), 200),
        (json!({ "change": "kembalikan", "sesi": FIRST }), 412),
    ] {
        let mut sent = change.clone();
        (sent["id"], sent["version"]) = (json!(id(10 + status)), json!(0));
        let reply = post(&site, PENDAMPING, "/kelompok/OKI-1/rencana", &sent);
        assert_eq!(u128::from(reply.status), status, "{change}: {}", reply.body);
    }
    assert_eq!(get("/kelompok/OKI-1/rencana")["out"], json!([FIRST]));
    let list = json!([{ "from": "2027-03-01", "to": "2027-03-31", "name": "Lebaran" }]);
    let path = "/wilayah/16.02/libur";
    for (number, version, status) in [(20, 3, 412), (21, 0, 200), (22, 0, 412)] {
        let sent = json!({ "id": id(number), "version": version, "list": list });
        let reply = post(&site, SUPERVISOR, path, &sent);
        assert_eq!(reply.status, status, "{}", reply.body);
    }
    let kept = body(&site.get(SUPERVISOR, &format!("/api/v1{path}")));
    assert_eq!((&kept["version"], &kept["list"]), (&json!(1), &list));
}

#[test]
fn a_hand_over_by_the_api_tells_no_logins() {
    let site = site();
    let call = |number, to: &str| {
        let kelompok = json!([{ "id": "OKI-1", "version": version(&site, "OKI-1") }]);
        json!({ "id": id(number), "from": PENDAMPING, "to": to, "day": "2026-11-21",
            "kelompok": kelompok })
    };
    // Whether there is somebody of this name is said to nobody who may not hand over.
    for (number, who) in [(1, PENDAMPING), (3, TRAINER), (5, STRANGER)] {
        let known = post(&site, who, "/serah-terima", &call(number, STRANGER));
        let unknown = post(&site, who, "/serah-terima", &call(number + 1, "tidak-ada"));
        assert!(known.status >= 400, "{who}");
        assert_eq!((known.status, &known.body), (unknown.status, &unknown.body), "{who}");
    }
    let unknown = post(&site, ADMIN, "/serah-terima", &call(7, "tidak-ada"));
    assert_eq!(unknown.status, 422, "{}", unknown.body);
}
