//! What comes in wrong: forms that are old, sent twice, sent late, or say what cannot be; each is
//! answered in plain words, and nothing that was typed is lost.

use crate::support::http::{Reply, Site};

const PENDAMPING: &str = "pendamping-1";
const SUPERVISOR: &str = "supervisor-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";
const RECORD: &str = "/kelompok/OKI-1/catat";

/// The fields of a sound record of the first sesi, 23 of 25 present, with more before them: the
/// first value of a name counts.
fn sound<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = more.to_vec();
    fields.extend([
        ("date", "2026-11-20"),
        ("sesi.0.id", FIRST),
        ("sesi.0.extent", "tuntas"),
        ("present", "23"),
        ("sick", "1"),
        ("absent", "1"),
        ("kind", "lengkap"),
    ]);
    fields
}

/// Records and gives the address of the pertemuan.
fn record(site: &Site, more: &[(&str, &str)]) -> String {
    let id = site.get(PENDAMPING, RECORD).hidden("id");
    let mut fields = vec![("id", id.as_str())];
    fields.extend_from_slice(more);
    let reply = site.post(PENDAMPING, RECORD, &sound(&fields));
    assert_eq!(reply.status, 303, "{}", reply.body);
    reply.location().strip_suffix("/tercatat").unwrap().to_owned()
}

/// The value that a field of the page holds.
fn field(reply: &Reply, name: &str) -> String {
    let id = format!("id=\"f-{name}\"");
    let at = reply.body.find(&id).unwrap_or_else(|| panic!("no field {name}: {}", reply.body));
    let tag_start = reply.body[..at].rfind('<').unwrap();
    let tag = &reply.body[tag_start..];
    if tag.starts_with("<textarea") {
        let text = tag.split_once('>').unwrap().1;
        return text.split("</textarea>").next().unwrap().to_owned();
    }
    let tag = tag.split_once('>').unwrap().0;
    tag.split_once("value=\"")
        .map_or_else(String::new, |(_, rest)| rest.split('"').next().unwrap().to_owned())
}

/// Everything in the form of a correction, as a browser would send it.
fn correction(site: &Site, address: &str) -> Vec<(String, String)> {
    let page = site.get(PENDAMPING, address);
    assert_eq!(page.status, 200, "{}", page.body);
    let mut fields: Vec<(String, String)> =
        ["id", "version"].iter().map(|name| ((*name).to_owned(), page.hidden(name))).collect();
    for name in ["date", "present", "sick", "absent", "members", "absent_seats", "start", "end"] {
        fields.push((name.to_owned(), field(&page, name)));
    }
    for name in ["place", "speakers", "topics", "obstacles", "follow_up", "note", "reason"] {
        fields.push((name.to_owned(), field(&page, name)));
    }
    for (name, value) in
        [("sesi.0.id", FIRST), ("sesi.0.extent", "tuntas"), ("kind", "lengkap"), ("discussion", "")]
    {
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

fn set(fields: &mut [(String, String)], name: &str, value: &str) {
    let field = fields.iter_mut().find(|(field, _)| field == name).unwrap();
    value.clone_into(&mut field.1);
}

fn post(site: &Site, who: &str, address: &str, fields: &[(String, String)]) -> Reply {
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    site.post(who, address, &fields.collect::<Vec<_>>())
}

#[test]
fn a_correction_made_on_an_older_record_overwrites_nothing_in_silence() {
    let site = Site::new();
    let pertemuan = record(&site, &[("follow_up", "ulang bulan depan")]);
    let address = format!("{pertemuan}/koreksi");
    let (mut first, mut second) = (correction(&site, &address), correction(&site, &address));
    for (name, value) in [
        ("note", "hujan lebat"),
        ("place", "balai desa"),
        ("obstacles", "jalan putus"),
        ("follow_up", "ulang pekan depan"),
        ("reason", "melengkapi"),
    ] {
        set(&mut first, name, value);
    }
    assert_eq!(post(&site, PENDAMPING, &address, &first).status, 303);
    for (name, value) in [
        ("present", "22"),
        ("absent", "2"),
        ("follow_up", "ulang besok"),
        ("reason", "salah hitung"),
    ] {
        set(&mut second, name, value);
    }
    let stale = post(&site, PENDAMPING, &address, &second);
    assert_eq!(stale.status, 412, "{}", stale.body);
    let main = stale.main();
    assert!(main.contains("sudah berubah sejak Anda membukanya"), "{main}");
    for wrong in ["orang lain", "Muat ulang"] {
        assert!(!main.contains(wrong), "{wrong}: {main}");
    }
    // What nobody touched here is what is stored; what was typed stands, each beside the other.
    for (name, value) in [
        ("note", "hujan lebat"),
        ("place", "balai desa"),
        ("obstacles", "jalan putus"),
        ("follow_up", "ulang besok"),
        ("present", "22"),
        ("absent", "2"),
        ("reason", "salah hitung"),
    ] {
        assert_eq!(field(&stale, name), value, "{name}");
    }
    for said in [
        "ulang pekan depan",
        "22 hadir, 1 sakit, 2 alfa",
        "23 hadir, 1 sakit, 1 alfa",
        "Tidak Anda ubah; dipakai yang tersimpan",
    ] {
        assert!(main.contains(said), "{said}: {main}");
    }
    assert_eq!(main.matches("<tr class=\"differs\">").count(), 5, "{main}");
    let mut again = second.clone();
    for name in ["note", "place", "obstacles", "id", "version"] {
        let value =
            if matches!(name, "id" | "version") { stale.hidden(name) } else { field(&stale, name) };
        set(&mut again, name, &value);
    }
    assert_eq!(post(&site, PENDAMPING, &address, &again).status, 303);
    let shown = site.get(PENDAMPING, &pertemuan);
    for said in ["hujan lebat", "balai desa", "jalan putus", "ulang besok", "22 dari 25 hadir"] {
        assert!(shown.has(said), "{said}: {}", shown.main());
    }
}

#[test]
fn a_form_whose_id_was_used_for_other_values_comes_back_and_can_be_sent_again() {
    let site = Site::new();
    let pertemuan = record(&site, &[]);
    let version = pertemuan_version(&site, &pertemuan);
    let libur = "/wilayah/16.02/libur";
    let ask = format!("{pertemuan}/tanya");
    let answer = format!("{pertemuan}/jawab");
    let holiday = site.get(SUPERVISOR, libur).hidden("version");
    let plan = site.get(PENDAMPING, "/kelompok/OKI-1/rencana").hidden("version");
    let other = "orang-tua-sebagai-pendidik";
    for (who, address, first, then, kept) in [
        (
            SUPERVISOR,
            libur,
            vec![
                ("version", holiday.as_str()),
                ("dari", "2027-03-01"),
                ("sampai", "2027-03-10"),
                ("nama", "Lebaran"),
            ],
            ("nama", "Panen raya"),
            "Panen raya",
        ),
        (SUPERVISOR, &ask, vec![("text", "Mengapa dua alfa?")], ("text", "Di mana?"), "Di mana?"),
        (PENDAMPING, &answer, vec![("text", "Sakit.")], ("text", "Pindah rumah."), "Pindah rumah."),
        (
            PENDAMPING,
            "/kelompok/OKI-1/rencana",
            vec![("version", &plan), ("cara", "lewati"), ("sesi", FIRST)],
            ("sesi", other),
            "Rencana belum berubah",
        ),
        (
            SUPERVISOR,
            "/kelompok/OKI-1/tangguhkan",
            vec![("dari", "2026-12-01"), ("alasan", "banjir")],
            ("alasan", "panen raya"),
            "panen raya",
        ),
    ] {
        let id = "0199a000-0000-7000-8000-0000000000ff";
        let id = id.replace("ff", &format!("{:02x}", address.len()));
        let mut fields = vec![("id", id.as_str())];
        fields.extend(first);
        let reply = site.post(who, address, &fields);
        assert_eq!(reply.status, 303, "{address}: {}", reply.body);
        let repeat = site.post(who, address, &fields);
        assert_eq!((repeat.status, repeat.location()), (303, reply.location()), "{address}");
        let changed: Vec<_> = fields
            .iter()
            .map(|(name, value)| if *name == then.0 { then } else { (*name, *value) })
            .collect();
        let seq = site.app.state().seq;
        let wrong = site.post(who, address, &changed);
        assert_eq!(wrong.status, 422, "{address}: {}", wrong.body);
        assert!(wrong.has("sudah pernah tersimpan dengan isian lain"), "{}", wrong.main());
        assert!(wrong.has(kept), "{address}: {}", wrong.main());
        assert!(wrong.has("name=\"id\"") && !wrong.has(&id), "{address}: a new id");
        assert_eq!(site.app.state().seq, seq, "{address}: nothing was written");
    }
    assert_eq!(pertemuan_version(&site, &pertemuan), version);
}

fn pertemuan_version(site: &Site, address: &str) -> u64 {
    let id = address.strip_prefix("/pertemuan/").unwrap().parse().unwrap();
    site.app.state().pertemuan(id).unwrap().1.version
}

#[test]
fn joining_two_records_again_does_nothing_and_otherwise_is_refused() {
    let site = Site::new();
    let first = record(&site, &[("place", "balai desa")]);
    let second = record(&site, &[("place", "rumah ketua"), ("present", "22"), ("absent", "2")]);
    let id = |address: &str| address.strip_prefix("/pertemuan/").unwrap().to_owned();
    let pair = format!("/ganda/{}/{}", id(&first), id(&second));
    let page = site.get(PENDAMPING, &pair);
    let request = page.hidden("id");
    let (a, b) = (page.hidden("version_a"), page.hidden("version_b"));
    let send = |place: &str| {
        let fields = [
            ("id", request.as_str()),
            ("version_a", &a),
            ("version_b", &b),
            ("place", place),
            ("attendance", "b"),
        ];
        site.post(PENDAMPING, &pair, &fields)
    };
    assert_eq!(send("b").location(), first);
    let seq = site.app.state().seq;
    assert_eq!(send("b").location(), first, "the same form again");
    let other = send("a");
    assert_eq!(other.status, 422, "{}", other.body);
    assert!(other.has("sudah pernah tersimpan dengan isian lain"), "{}", other.main());
    assert_eq!(site.app.state().seq, seq);
}

#[test]
fn a_record_without_an_id_of_its_own_is_not_recorded_twice() {
    let site = Site::new();
    for id in [None, Some(""), Some("rusak"), Some("00000000-0000-0000-0000-000000000000")] {
        let id: Vec<_> = id.map(|id| ("id", id)).into_iter().collect();
        let seq = site.app.state().seq;
        let reply = site.post(PENDAMPING, RECORD, &sound(&id));
        assert_eq!(reply.status, 422, "{id:?}: {}", reply.body);
        assert!(reply.has("tanpa nomor kirimannya"), "{}", reply.main());
        assert_eq!(field(&reply, "present"), "23");
        assert_eq!(site.app.state().seq, seq);
        assert_eq!(reply.hidden("id").len(), 36, "it can be sent now");
    }
}

#[test]
fn the_same_holiday_is_entered_once() {
    let site = Site::new();
    let address = "/wilayah/16.02/libur";
    let add = |name: &str| {
        let page = site.get(SUPERVISOR, address);
        let (id, version) = (page.hidden("id"), page.hidden("version"));
        let fields = [
            ("id", id.as_str()),
            ("version", &version),
            ("nama", name),
            ("dari", "2027-03-01"),
            ("sampai", "2027-03-20"),
        ];
        site.post(SUPERVISOR, address, &fields)
    };
    assert_eq!(add("Lebaran").status, 303);
    for name in ["Lebaran", " lebaran "] {
        let twice = add(name);
        assert_eq!(twice.status, 422, "{name}");
        assert!(twice.has("sudah ada di daftar"), "{}", twice.main());
    }
    assert_eq!(add("Libur sekolah").status, 303);
}
