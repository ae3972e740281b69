//! Answers that are kept in memory: the same as made anew, never somebody else's, never old.

use p2k2::command::Command;
use p2k2::event::Setting;

use crate::support::http::{ANYONE, Site, system};

const PAGE: &str = "/sesi/gizi-dan-layanan-kesehatan-ibu-hamil";

fn etag(reply: &crate::support::http::Reply) -> String {
    reply.headers["etag"].to_str().unwrap().to_owned()
}

#[test]
fn a_kept_answer_is_the_answer() {
    let site = Site::new();
    for path in [PAGE, "/", "/kurikulum", "/static/app.css", "/modul/kesehatan-gizi"] {
        let (first, second) = (site.get(ANYONE, path), site.get(ANYONE, path));
        assert_eq!((first.status, second.status), (200, 200), "{path}");
        assert_eq!(first.body, second.body, "{path}");
        assert_eq!(first.headers, second.headers, "{path}");
        // Any cookie is enough to be answered anew.
        let anew = site.get_with(ANYONE, path, &[("cookie", "lain=1")]);
        assert_eq!((anew.status, &anew.body), (200, &first.body), "{path}");
        // What somebody with a login asks is made anew; a file of the program is the same.
        let own = site.get("pendamping-1", path);
        assert_eq!(own.body == first.body, path.starts_with("/static/"), "{path}");
        assert!(!site.get(ANYONE, path).body.contains("pendamping-1"), "{path}");
    }
}

#[test]
fn who_has_an_answer_is_told_so_in_a_word() {
    let site = Site::new();
    for path in [PAGE, "/static/app.css"] {
        let name = etag(&site.get(ANYONE, path));
        let weak = format!("W/{}", name.trim_start_matches("W/"));
        for known in [name.clone(), weak, format!("\"another\", {name}")] {
            let reply = site.get_with(ANYONE, path, &[("if-none-match", &known)]);
            assert_eq!((reply.status, reply.body.as_str()), (304, ""), "{path} {known}");
            assert_eq!(etag(&reply), name);
            assert!(!reply.headers.contains_key("content-encoding"));
        }
        let other = site.get_with(ANYONE, path, &[("if-none-match", "\"another\"")]);
        assert_eq!(other.status, 200, "{path}");
    }
}

#[test]
fn each_coding_is_kept_for_itself() {
    let site = Site::new();
    let plain = site.get(ANYONE, "/static/app.css");
    assert!(!plain.headers.contains_key("content-encoding"));
    // An answer of the wrong coding would be no text and fail to be read.
    let same = site.get_with(ANYONE, "/static/app.css", &[("accept-encoding", "identity")]);
    assert_eq!(same.body, plain.body);
}

#[test]
fn what_is_set_counts_at_once() {
    let site = Site::new();
    assert_eq!(site.get(ANYONE, PAGE).status, 200);
    assert_eq!(site.get(ANYONE, PAGE).status, 200);
    let from = "2026-11-21".parse().unwrap();
    let setting = Box::new(Setting::PublicReading(false));
    system(&site.app, Command::ChangeSetting { from, setting, version: None });
    let closed = site.get(ANYONE, PAGE);
    assert_eq!(closed.status, 303, "a page that nobody may read any more was still handed out");
    assert!(!closed.body.contains("gizi"));
}
