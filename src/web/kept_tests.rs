//! How much is kept.

use super::*;

fn name(address: &str, coding: &'static str) -> Name {
    Name { address: address.into(), coding: Some(HeaderValue::from_static(coding)) }
}

fn answer(bytes: usize) -> Arc<Answer> {
    Arc::new(Answer { headers: HeaderMap::new(), body: Bytes::from(vec![b'x'; bytes]) })
}

#[test]
fn what_is_kept_stays_within_its_room() {
    let kept = Kept::default();
    let stamp = Stamp { line: 7, day: None };
    for number in 0..100 {
        kept.put(stamp, name(&format!("/sesi/{number}"), "br"), answer(MAX_ANSWER));
        let shelf = kept.shelf();
        let all = shelf.answers.values().flatten().map(|(_, one)| one.body.len()).sum::<usize>();
        assert!(all <= MAX_BYTES && all == shelf.bytes, "{number}: {all}");
    }
    assert!(kept.find(stamp, &name("/sesi/99", "br")).is_some());
}

#[test]
fn a_handful_of_codings_and_one_stamp() {
    let kept = Kept::default();
    let stamp = Stamp { line: 7, day: None };
    for coding in ["br", "gzip", "gzip, br", "deflate", "identity", "br"] {
        kept.put(stamp, name("/", coding), answer(10));
    }
    assert_eq!(kept.shelf().answers["/"].len(), MAX_CODINGS);
    assert_eq!(kept.shelf().bytes, 10 * MAX_CODINGS);
    assert!(kept.find(stamp, &name("/", "gzip, br")).is_some());
    assert!(kept.find(stamp, &name("/", "identity")).is_none());
    let later = Stamp { line: 8, day: None };
    assert!(kept.find(later, &name("/", "br")).is_none());
    kept.put(later, name("/kurikulum", "br"), answer(1));
    assert!(kept.find(later, &name("/", "br")).is_none());
    assert_eq!(kept.shelf().bytes, 1);
}

#[test]
fn only_what_is_the_same_for_everybody_has_a_name() {
    let asks = |uri: &str, header: Option<(&str, &str)>| {
        let mut request = Request::get(uri);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        Name::of(&request.body(Body::empty()).unwrap()).is_some()
    };
    let file = format!("/static/app.css?v={}", assets::state());
    let cookie = Some(("cookie", "cetak=f4"));
    let token = Some(("authorization", "Bearer x"));
    for (uri, header, wanted) in [
        ("/sesi/x", None, true),
        ("/sesi/x?edisi=1", None, false),
        ("/sesi/x", cookie, false),
        ("/sesi/x", token, false),
        ("/cari?q=x", None, false),
        ("/masuk", None, false),
        ("/kelompok", None, false),
        (file.as_str(), cookie, true),
        ("/static/app.css?v=1", None, false),
        ("/gambar/x.svg", cookie, true),
    ] {
        assert_eq!(asks(uri, header), wanted, "{uri} {header:?}");
    }
    assert!(Name::of(&Request::post("/sesi/x").body(Body::empty()).unwrap()).is_none());
}
