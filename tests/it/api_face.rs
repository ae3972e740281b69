//! What a program that uses the API relies on: coverage for everybody who may see some, and drafts
//! that overwrite no edition.

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use p2k2::command::Command;
use p2k2::people::account::{Grant, Role};
use serde_json::{Value, json};

use crate::support::http::{ANYONE, Reply, Site, system};

const WRITER: &str = "pelatih-1";
const REVIEWER: &str = "penelaah-1";
const PENDAMPING: &str = "pendamping-1";
const SESI: &str = "/api/v1/sesi/memulai-usaha";

fn body(reply: &Reply) -> Value {
    serde_json::from_str(&reply.body).unwrap_or_else(|_| panic!("{}", reply.body))
}

fn codes(site: &Site, who: &str, query: &str) -> Vec<String> {
    let reply = site.get(who, &format!("/api/v1/cakupan{query}"));
    assert_eq!(reply.status, 200, "{who} {query}: {}", reply.body);
    let rows = body(&reply)["rows"].clone();
    rows.as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_pendamping_asks_for_the_coverage_of_her_own_kelompok() {
    let site = Site::new();
    for query in ["", "?per=kelompok", "?per=kelompok&wilayah=16.02", "?pada=2026-11-01"] {
        assert_eq!(codes(&site, PENDAMPING, query), ["OKI-1"], "{query}");
    }
    assert_eq!(codes(&site, PENDAMPING, "?per=kecamatan"), ["16.02.05"]);
    assert_eq!(codes(&site, PENDAMPING, "?per=pendamping"), [PENDAMPING]);
    // Where she has none, there is nothing to see.
    assert_eq!(codes(&site, PENDAMPING, "?wilayah=35.20"), Vec::<String>::new());
    let reply = site.get(PENDAMPING, "/api/v1/cakupan?pada=x");
    assert_eq!(reply.status, 422, "{}", reply.body);
    let reply = site.get(PENDAMPING, "/api/v1/cakupan?per=desa&format=csv");
    assert!(reply.status == 200 && reply.body.contains("16.02.05.1001"), "{}", reply.body);
    assert_eq!(site.get("supervisor-1", "/api/v1/cakupan?wilayah=99").status, 404);
    assert_eq!(site.get("supervisor-1", "/api/v1/cakupan?wilayah=35.20").status, 404);
}

#[test]
fn who_has_several_areas_gets_the_coverage_of_all() {
    let mut site = Site::new();
    let id = site.account("supervisor-1");
    let grants = ["16.02", "35.20"]
        .map(|area| Grant { role: Role::Supervisor, area: area.parse().unwrap() })
        .to_vec();
    system(
        &site.app,
        Command::ChangeAccount { id, name: None, grants: Some(grants), disabled: None },
    );
    // Other rights end every login.
    site.log_in();
    assert_eq!(codes(&site, "supervisor-1", "?per=kabupaten"), ["16.02", "35.20"]);
    let all = codes(&site, "supervisor-1", "?per=kelompok");
    assert!(all.contains(&"OKI-1".to_owned()) && all.contains(&"MGT-1".to_owned()), "{all:?}");
    assert_eq!(codes(&site, "supervisor-1", "?per=kabupaten&wilayah=35.20"), ["35.20"]);
}

fn put(site: &Site, version: &str, text: &str) -> Reply {
    let request = Request::put(format!("{SESI}/draf"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::IF_MATCH, version);
    site.send(WRITER, request.body(Body::from(json!({ "text": text }).to_string())).unwrap())
}

fn markdown(site: &Site, query: &str) -> Reply {
    let path = format!("{SESI}{query}");
    let reply = site.get_with(WRITER, &path, &[("accept", "text/markdown")]);
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply
}

/// Publishes the live text with a line more.
fn publish(site: &Site, line: &str) {
    let live = markdown(site, "");
    let text = live.body.replacen("## Persiapan\n\n", &format!("## Persiapan\n\n- {line}\n"), 1);
    let reply = put(site, live.header("etag"), &text);
    assert_eq!(reply.status, 200, "{}", reply.body);
    let reply = site.post_json(WRITER, &format!("{SESI}/ajukan"), r#"{"summary":"Persiapan."}"#);
    assert_eq!(reply.status, 201, "{}", reply.body);
    let revision = body(&reply)["revision"].clone();
    let sent = json!({ "revision": revision, "kind": "redaksional", "note": "Persiapan." });
    let reply = site.post_json(REVIEWER, &format!("{SESI}/terbitkan"), &sent.to_string());
    assert_eq!(reply.status, 201, "{}", reply.body);
}

#[test]
fn a_draft_made_from_an_old_edition_is_told_so_with_both_texts_and_a_merge() {
    let site = Site::new();
    let (first, as_json) = (markdown(&site, ""), site.get(WRITER, SESI));
    publish(&site, "Siapkan satu buku tulis untuk setiap keluarga.");
    let sent = first.body.replacen("## Penutup", "Kalimat baru.\n\n## Penutup", 1);
    let sent = if sent == first.body { format!("{sent}\nKalimat baru.\n") } else { sent };
    for version in
        [first.header("etag"), as_json.header("etag"), "\"00000000000000000000000000000000\""]
    {
        let reply = put(&site, version, &sent);
        assert_eq!(reply.status, 412, "{version}: {}", reply.body);
        let answer = body(&reply);
        assert_eq!(answer["sent"], sent);
        assert!(answer["stored"].as_str().unwrap().contains("buku tulis untuk setiap"));
        let merged = answer["merged"].as_str();
        if version.contains("0000000000") {
            assert_eq!(merged, None, "nobody knows from what it was made");
        } else {
            let merged = merged.unwrap();
            assert!(merged.contains("buku tulis untuk setiap") && merged.contains("Kalimat baru."));
            // What the answer gives leads on.
            let version = format!("\"{}\"", answer["version"].as_str().unwrap());
            let reply = put(&site, &version, merged);
            assert_eq!((reply.status, &body(&reply)["base"]), (200, &json!(2)), "{}", reply.body);
            site.app.remove_draft(&"memulai-usaha".parse().unwrap()).unwrap();
        }
    }
    assert_eq!(put(&site, "*", &sent).status, 200);
}

#[test]
fn a_draft_without_a_text_empties_nothing() {
    let site = Site::new();
    let live = markdown(&site, "");
    let saved = put(&site, live.header("etag"), &live.body);
    for sent in ["{}", r#"{"text":""}"#, r#"{"text":" \n"}"#, r#"{"text":7}"#] {
        let reply = site.put_json(WRITER, &format!("{SESI}/draf"), sent);
        assert_eq!(reply.status, 422, "{sent}: {}", reply.body);
        assert_eq!(body(&reply)["errors"][0]["field"], "text", "{sent}");
        assert_eq!(body(&reply)["errors"].as_array().unwrap().len(), 1, "{sent}");
    }
    let stored = site.get(WRITER, &format!("{SESI}/draf"));
    assert_eq!(body(&stored)["text"], body(&saved)["text"]);
}

#[test]
fn editions_and_differences_are_asked_for_once() {
    let site = Site::new();
    publish(&site, "Siapkan satu buku tulis untuk setiap keluarga.");
    for path in [format!("{SESI}/revisi"), format!("{SESI}/diff?dari=1&ke=2"), SESI.to_owned()] {
        let first = site.get(ANYONE, &path);
        assert_eq!(first.status, 200, "{path}: {}", first.body);
        let known = [("if-none-match", first.header("etag"))];
        let again = site.get_with(ANYONE, &path, &known);
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
    }
    for (query, field) in [("", "dari"), ("?dari=1", "ke"), ("?dari=abc&ke=1", "dari")] {
        let reply = site.get(ANYONE, &format!("{SESI}/diff{query}"));
        assert_eq!(reply.status, 422, "{query}: {}", reply.body);
        assert_eq!(body(&reply)["errors"][0]["field"], field, "{query}");
    }
    assert_eq!(site.get(ANYONE, &format!("{SESI}/diff?dari=1&ke=9")).status, 404);
}

#[test]
fn who_helped_to_write_a_text_does_not_return_it() {
    let site = Site::new();
    let live = markdown(&site, "");
    // The one who reviews wrote on it first.
    let both = "dua-peran";
    let text = live.body.replacen("## Persiapan\n\n", "## Persiapan\n\n- Siapkan pensil.\n", 1);
    let sent = json!({ "text": text }).to_string();
    assert_eq!(site.put_json(both, &format!("{SESI}/draf"), &sent).status, 200);
    let reply = site.post_json(WRITER, &format!("{SESI}/ajukan"), r#"{"summary":"Pensil."}"#);
    assert_eq!(reply.status, 201, "{}", reply.body);
    let back = r#"{"reason":"Belum."}"#;
    let reply = site.post_json(both, &format!("{SESI}/kembalikan"), back);
    assert_eq!(reply.status, 403, "{}", reply.body);
    let reply = site.post_json(REVIEWER, &format!("{SESI}/kembalikan"), back);
    assert_eq!(reply.status, 200, "{}", reply.body);
}
