//! The life of kelompok through the router: seats, merging, handing over, changing several, files.

use p2k2::command::{Command, Versioned};
use p2k2::decide::import::plan;
use p2k2::event::SuspensionTarget;
use p2k2::people::account::{Grant, Role};
use p2k2::people::policy::Viewer;
use p2k2::transfer::read::{Limits, kelompok};

use crate::support::http::{ANYONE, Reply, Site, system};

const PENDAMPING: &str = "pendamping-1";
const STRANGER: &str = "pendamping-2";
const SUPERVISOR: &str = "supervisor-1";
const ADMIN: &str = "admin-1";
const FIRST: &str = "menjadi-orang-tua-yang-lebih-baik";

/// Kelompok besides OKI-1 in its desa, met by the same pendamping.
fn site(ids: &[&str]) -> Site {
    let site = Site::new();
    for id in ids {
        system(
            &site.app,
            Command::CreateGroup {
                id: id.parse().unwrap(),
                name: format!("Mawar {id}"),
                desa: vec!["16.02.05.1001".parse().unwrap()],
                members: 20,
                start: "2025-01-01".parse().unwrap(),
                pendamping: Some(PENDAMPING.parse().unwrap()),
            },
        );
    }
    site
}

fn version(site: &Site, id: &str) -> String {
    site.app.state().group(id).unwrap().version.to_string()
}

fn boxed(site: &Site, id: &str) -> String {
    format!("{id}:{}", version(site, id))
}

fn record(site: &Site, id: &str, absent: &str, more: &[(&str, &str)]) -> Reply {
    let address = format!("/kelompok/{id}/catat");
    let request = site.get(PENDAMPING, &address).hidden("id");
    let away = absent.split(',').filter(|seat| !seat.is_empty()).count();
    let members = site.app.state().group(id).unwrap().members("2026-11-20".parse().unwrap());
    let (present, away) = (usize::from(members) - away, away.to_string());
    let present = present.to_string();
    let mut fields = vec![
        ("id", request.as_str()),
        ("date", "2026-11-20"),
        ("sesi.0.id", FIRST),
        ("sesi.0.extent", "tuntas"),
        ("present", &present),
        ("sick", "0"),
        ("absent", &away),
        ("kind", "lengkap"),
        ("absent_seats", absent),
    ];
    fields.extend_from_slice(more);
    site.post(PENDAMPING, &address, &fields)
}

#[test]
fn seats_are_numbered_and_owe_what_they_missed() {
    let site = site(&[]);
    let address = "/kelompok/OKI-1/kursi";
    let page = site.get(PENDAMPING, address);
    assert!(page.has("Beri nomor urut") && page.has("belum diberi nomor"), "{}", page.main());
    let version = page.hidden("version");
    let id = page.hidden("id");
    let send = |id: &str, date: &str| {
        site.post(PENDAMPING, address, &[("id", id), ("version", &version), ("date", date)])
    };
    assert_eq!(send(&id, "2026-12-24").status, 422);
    assert_eq!(send(&id, "2026-11-01").location(), format!("{address}?selesai=nomor-urut"));
    assert_eq!(send("", "2026-11-01").status, 412, "the page was of an older state");
    let wrong = record(&site, "OKI-1", "3, 26", &[]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.has("Nomor urut 26 tidak ada pada 20 November 2026"), "{}", wrong.main());
    assert_eq!(record(&site, "OKI-1", "3, 7", &[]).status, 303);
    let page = site.get(PENDAMPING, address);
    assert!(page.has("25 nomor urut terisi; 2 masih perlu susulan."), "{}", page.main());
    assert!(page.has("sesi 1 (tidak hadir 20 Nov 2026)"), "{}", page.main());
    let kelompok = site.get(PENDAMPING, "/kelompok/OKI-1");
    assert!(kelompok.has("Perlu susulan") && kelompok.has("23 dari 25 terjangkau"));
    assert!(kelompok.has("Anggota diberi nomor urut 1 sampai 25"), "{}", kelompok.main());
    // Who leaves is named; the number is not given out again.
    let heads = |delta: &str, seats: &str| {
        let page = site.get(PENDAMPING, "/kelompok/OKI-1");
        let (id, version) = (page.hidden("id"), self::version(&site, "OKI-1"));
        let fields = [
            ("id", id.as_str()),
            ("version", &version),
            ("date", "2026-11-21"),
            ("delta", delta),
            ("reason", if delta.starts_with('-') { "graduasi-mandiri" } else { "anggota-baru" }),
            ("seats", seats),
        ];
        site.post(PENDAMPING, "/kelompok/OKI-1/anggota", &fields)
    };
    let wrong = heads("-2", "7");
    assert!(wrong.status == 422 && wrong.has("Sebutkan 2 nomor urut"), "{}", wrong.main());
    assert!(wrong.has("value=\"7\""), "what was typed is kept");
    assert!(heads("-2", "tujuh").has("bukan nomor urut"));
    assert_eq!(heads("-2", "7, 9").status, 303);
    assert_eq!(heads("1", "").status, 303);
    let page = site.get(PENDAMPING, address);
    assert!(page.has("24 nomor urut terisi; 2 masih perlu susulan."), "{}", page.main());
    let kelompok = site.get(PENDAMPING, "/kelompok/OKI-1");
    assert!(
        // One more joined on the same day, which this change did not know of.
        kelompok.has("Anggota berkurang 2 menjadi 23: graduasi mandiri; nomor urut 7, 9 berakhir")
    );
    assert!(kelompok.has("3 tidak hadir; 26 bergabung kemudian"), "{}", kelompok.main());
    for who in [STRANGER, "pelatih-1"] {
        assert_eq!(site.get(who, address).status, 404, "{who}");
    }
}

#[test]
fn seats_are_tapped_without_a_script() {
    let site = site(&[]);
    let address = "/kelompok/OKI-1/catat";
    let plain = site.get(PENDAMPING, address);
    assert!(plain.has("name=\"absent_seats\"") && !plain.has("kursi.semua"), "{}", plain.main());
    let (kelompok, date) = ("OKI-1".parse().unwrap(), "2026-11-01".parse().unwrap());
    let version = version(&site, "OKI-1").parse().unwrap();
    system(&site.app, Command::NumberSeats { kelompok, date, version });
    let page = site.get(PENDAMPING, address);
    assert_eq!(page.main().matches("aria-label=\"Nomor ").count(), 3 * 25, "{}", page.main());
    assert_eq!(page.main().matches(" alfa\" checked").count(), 0);
    assert!(!page.has("name=\"absent_seats\""), "one way to say it is enough");
    // As a browser sends the form when two were tapped and nothing else was touched.
    let send = |id: &str, sick: &str| {
        let mut fields = vec![
            ("id", id),
            ("date", "2026-11-20"),
            ("sesi.0.id", FIRST),
            ("sesi.0.extent", "tuntas"),
            ("present", "25"),
            ("sick", sick),
            ("absent", ""),
            ("kind", "lengkap"),
            ("kursi.semua", "25"),
            ("kursi.4", "sakit"),
            ("kursi.17", "alfa"),
        ];
        fields.extend([("kursi.1", ""), ("kursi.2", "")]);
        site.post(PENDAMPING, address, &fields)
    };
    let wrong = send(&page.hidden("id"), "3");
    assert_eq!(wrong.status, 422, "{}", wrong.main());
    assert!(wrong.has("Nomor yang diketuk 1 sakit dan 1 alfa"), "{}", wrong.main());
    assert!(wrong.has("aria-label=\"Nomor 4 sakit\" checked"), "what was tapped stays tapped");
    let kept = send(&page.hidden("id"), "");
    assert_eq!(kept.status, 303, "{}", kept.body);
    let state = site.app.state();
    let fakta = state.group("OKI-1").unwrap().fakta.iter().next().unwrap();
    let counts = fakta.attendance;
    assert_eq!((counts.present, counts.sick, counts.absent), (23, 1, 1));
    assert_eq!(*fakta.absent_seats, [4, 17]);
    drop(state);
    assert!(site.get(PENDAMPING, "/kelompok/OKI-1/kursi").has("2 masih perlu susulan"));
}

#[test]
fn relatives_elsewhere_are_not_named() {
    let site = site(&[]);
    let parents = ["OKI-1", "MGT-1"].map(|id| Versioned {
        id: id.parse().unwrap(),
        version: version(&site, id).parse().unwrap(),
    });
    let suspended = SuspensionTarget::Wilayah("16.02".parse().unwrap());
    let (from, reason) = ("2026-09-01".parse().unwrap(), "Banjir.".to_owned());
    system(&site.app, Command::Suspend { target: suspended, from, to: None, reason });
    let line = site.app.state().suspensions[0].id;
    let command = Command::Merge {
        parents: parents.to_vec(),
        id: "BARU-1".parse().unwrap(),
        name: "Kenanga".to_owned(),
        pendamping: Some(site.account(PENDAMPING)),
        on: "2026-11-20".parse().unwrap(),
        reason: "Anggota tinggal sedikit.".to_owned(),
    };
    system(&site.app, command);
    let merged = site.get(PENDAMPING, "/kelompok/BARU-1");
    assert!(merged.has("Melati OKI-1"), "{}", merged.main());
    let stranger = site.get(STRANGER, "/kelompok/MGT-1");
    let outside = "kelompok di luar wilayah Anda";
    for (page, secret) in [(&merged, "MGT-1"), (&stranger, "OKI-1"), (&stranger, "Kenanga")] {
        assert!(page.status == 200 && page.has(outside), "{}", page.main());
        assert!(!page.main().contains(secret), "{secret}: {}", page.main());
    }
    // Whoever catches up for the one that ended is named where the list says what was missed.
    let list = site.get(SUPERVISOR, &format!("/penangguhan/{line}"));
    assert!(list.has("href=\"/kelompok/BARU-1\">Kenanga</a>"), "{}", list.main());
    assert!(list.has("susulannya di sana"), "{}", list.main());
}

#[test]
fn kelompok_are_merged_and_the_merge_undone() {
    let site = site(&["OKI-2"]);
    assert_eq!(record(&site, "OKI-1", "", &[]).status, 303);
    assert_eq!(record(&site, "OKI-2", "", &[]).status, 303);
    let kelola = "/kelompok/OKI-1/kelola";
    for (who, status) in [(ANYONE, 303), (STRANGER, 404), (PENDAMPING, 403), (SUPERVISOR, 403)] {
        assert_eq!(site.get(who, kelola).status, status, "{who}");
    }
    let page = site.get(ADMIN, kelola);
    assert!(page.has("Mawar OKI-2") && page.has("Gabungkan dengan"), "{}", page.main());
    let id = page.hidden("id");
    let (version, other) = (version(&site, "OKI-1"), boxed(&site, "OKI-2"));
    let send = |on: &str, new: &str| {
        let fields = [
            ("id", id.as_str()),
            ("version", &version),
            ("gabung_dengan", &other),
            ("gabung_nama", "Melati Mawar"),
            ("gabung_id", new),
            ("gabung_hari", on),
            ("gabung_pendamping", "1"),
            ("gabung_alasan", "anggota tinggal sedikit"),
        ];
        site.post(ADMIN, "/kelompok/OKI-1/gabung", &fields)
    };
    let empty = [("id", id.as_str()), ("version", &version)];
    let missing = site.post(ADMIN, "/kelompok/OKI-1/gabung", &empty);
    assert_eq!(missing.status, 422);
    for name in ["dengan", "nama", "id", "hari", "alasan"] {
        assert!(missing.has(&format!("href=\"#f-gabung_{name}\"")), "{name}: {}", missing.main());
    }
    assert!(missing.has("Isi id kelompok baru") && missing.has("Isi tanggalnya."));
    let wrong = send("2026-11-20", "OKI-9");
    assert!(wrong.status == 422 && wrong.has("mencatat pertemuan 20 November 2026"));
    assert!(wrong.has("value=\"Melati Mawar\"") && wrong.has("href=\"#f-gabung_hari\""));
    assert!(send("2026-11-21", "OKI-2").has("sudah dipakai"));
    let done = send("2026-11-21", "OKI-9");
    assert_eq!(done.location(), "/kelompok/OKI-9?selesai=kelompok-baru");
    assert!(site.get(ADMIN, done.location()).has("kelompok baru hasil penggabungan"));
    assert_eq!(send("2026-11-21", "OKI-9").status, 303, "a form sent twice has one effect");
    let merged = site.get(PENDAMPING, "/kelompok/OKI-9");
    assert!(merged.has("45 anggota") && merged.has("gabungan dari"), "{}", merged.main());
    assert!(merged.has("dari kelompok asal"), "{}", merged.main());
    assert!(merged.has("Dibentuk dari gabungan Melati OKI-1 dan Mawar OKI-2, dengan 45 anggota"));
    let old = site.get(PENDAMPING, "/kelompok/OKI-2");
    assert!(old.has("digabung menjadi") && old.has("/kelompok/OKI-9\""), "{}", old.main());
    // The area has one kelompok less, and all of its coverage.
    let area = site.get(SUPERVISOR, "/cakupan?wilayah=16.02");
    assert!(area.has("<b>1</b> dari 14"), "{}", area.main());
    let before = site.get(SUPERVISOR, "/cakupan?wilayah=16.02&pada=2026-11-20");
    assert!(before.has("<b>2</b> dari 28"), "{}", before.main());
    let undo = site.get(ADMIN, "/kelompok/OKI-9/kelola");
    assert!(undo.has("Dibentuk 21 November 2026 dari gabungan"), "{}", undo.main());
    let (id, line) = (undo.hidden("id"), undo.hidden("line"));
    let batal = |reason: &str| {
        let fields = [("id", id.as_str()), ("line", &line), ("reason", reason)];
        site.post(ADMIN, "/kelompok/OKI-9/batalkan", &fields)
    };
    assert!(batal("").has("Tulis alasannya."));
    assert_eq!(batal("salah pilih").status, 303);
    let old = site.get(PENDAMPING, "/kelompok/OKI-2");
    assert!(old.has("Penggabungan dibatalkan") && !old.has("Tidak aktif sejak"), "{}", old.main());
    assert!(site.get(ADMIN, "/kelompok/OKI-9/kelola").has("sudah dibatalkan"));
    assert!(site.get(SUPERVISOR, "/cakupan?wilayah=16.02").has("<b>2</b> dari 28"));
}

#[test]
fn a_split_asks_for_every_member() {
    let site = site(&[]);
    let send = |parts: &[(&str, &str, &str)]| {
        let page = site.get(ADMIN, "/kelompok/OKI-1/kelola");
        let (id, version) = (page.hidden("id"), version(&site, "OKI-1"));
        let mut fields = vec![
            ("id".to_owned(), id),
            ("version".to_owned(), version),
            ("pecah_hari".to_owned(), "2026-11-21".to_owned()),
            ("pecah_alasan".to_owned(), "terlalu besar".to_owned()),
        ];
        for (row, (id, name, members)) in parts.iter().enumerate() {
            for (field, value) in [("id", id), ("nama", name), ("anggota", members)] {
                fields.push((format!("bagian.{row}.{field}"), (*value).to_owned()));
            }
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        site.post(ADMIN, "/kelompok/OKI-1/pecah", &fields)
    };
    let wrong = send(&[("OKI-1A", "Melati A", "12"), ("OKI-1B", "Melati B", "12")]);
    assert!(wrong.status == 422 && wrong.has("berjumlah 24, sedangkan"), "{}", wrong.main());
    assert!(send(&[("OKI-1A", "Melati A", "25")]).has("Isi 2 sampai 6"));
    assert!(send(&[("ya ampun", "Melati A", "12"), ("B", "B", "13")]).has("tidak dapat dipakai"));
    assert_eq!(send(&[("OKI-1A", "Melati A", "12"), ("OKI-1B", "Melati B", "13")]).status, 303);
    let old = site.get(ADMIN, "/kelompok/OKI-1");
    assert!(old.has("dipecah menjadi") && old.has("/kelompok/OKI-1B\""), "{}", old.main());
}

#[test]
fn kelompok_are_handed_over_with_a_summary() {
    let site = site(&["OKI-2", "OKI-3"]);
    system(
        &site.app,
        Command::CreateAccount {
            login: "penerus".to_owned(),
            name: "Ibu Penerus".to_owned(),
            grants: vec![Grant { role: Role::Pendamping, area: "16.02".parse().unwrap() }],
        },
    );
    let (from, to) = (site.account(PENDAMPING), site.account("penerus").to_string());
    assert_eq!(record(&site, "OKI-1", "", &[]).status, 303);
    let address = format!("/pengguna/{from}/serah-terima");
    for (who, status) in [(PENDAMPING, 403), (SUPERVISOR, 403), (ANYONE, 303)] {
        assert_eq!(site.get(who, &address).status, status, "{who}");
    }
    let page = site.get(ADMIN, &address);
    assert!(page.has("Mawar OKI-3") && page.has("Ibu Penerus"), "{}", page.main());
    assert!(site.get(ADMIN, "/pengguna").has(&address));
    let id = page.hidden("id");
    let (one, two) = (boxed(&site, "OKI-1"), boxed(&site, "OKI-2"));
    let send = |to: &str, two: &str| {
        let fields =
            [("id", id.as_str()), ("k", &one), ("k", two), ("kepada", to), ("hari", "2026-11-21")];
        site.post(ADMIN, &address, &fields)
    };
    assert!(send("", &two).has("Pilih pendamping penerima"));
    let stale = send(&to, "OKI-2:1");
    assert!(stale.status == 422 && stale.has("Mawar OKI-2: sudah berubah"), "{}", stale.main());
    let done = send(&to, &two);
    assert!(done.location().starts_with("/serah-terima/"), "{} {}", done.status, done.body);
    let summary = site.get(ADMIN, done.location());
    assert!(summary.has("Serah terima dari pendamping-1 kepada Ibu Penerus"), "{}", summary.main());
    assert!(summary.has("2 kelompok, mulai 21 November 2026"));
    assert!(summary.has("20 November 2026, sesi 1 tuntas") && summary.has("Sesi 2:"));
    assert!(!summary.has("OKI-3"));
    // Who handed over may still read; a stranger learns nothing.
    assert_eq!(site.get(PENDAMPING, done.location()).status, 200);
    assert_eq!(site.get(STRANGER, done.location()).status, 404);
    assert_eq!(site.get(ADMIN, "/serah-terima/1").status, 404);
    assert!(site.get(ADMIN, "/kelompok/OKI-2").has("Didampingi Ibu Penerus"));
}

#[test]
fn several_kelompok_are_changed_from_the_list() {
    let site = site(&["OKI-2", "OKI-3"]);
    let list = site.get(ADMIN, "/kelompok");
    assert!(list.has("name=\"k\" value=\"OKI-2\"") && list.has("Ubah yang dipilih"));
    assert!(!site.get(PENDAMPING, "/kelompok").has("Ubah yang dipilih"));
    let chosen = "/ubah-kelompok?k=OKI-2&k=OKI-3&k=MGT-1";
    let page = site.get(SUPERVISOR, chosen);
    assert!(page.has("Ubah 2 kelompok") && !page.has("MGT-1"), "{}", page.main());
    assert!(page.has("Tangguhkan pertemuan") && !page.has("Pindah desa"));
    assert_eq!(site.get(PENDAMPING, "/ubah-kelompok?k=OKI-2").status, 403);
    assert_eq!(site.get(ADMIN, "/ubah-kelompok").location(), "/kelompok");
    let id = page.hidden("id");
    let (two, three) = (boxed(&site, "OKI-2"), boxed(&site, "OKI-3"));
    let send = |more: &[(&str, &str)]| {
        let mut fields = vec![("id", id.as_str()), ("k", &two), ("k", &three)];
        fields.extend_from_slice(more);
        site.post(SUPERVISOR, "/ubah-kelompok", &fields)
    };
    assert!(send(&[]).has("Pilih apa yang diubah."));
    let wrong = send(&[("apa", "tangguhkan"), ("dari", "2026-09-01"), ("sampai", "2026-10-31")]);
    assert!(wrong.status == 422 && wrong.has("Tulis alasannya."), "{}", wrong.main());
    let forbidden = send(&[("apa", "tugaskan"), ("mulai", "2026-11-21")]);
    assert!(forbidden.has("Mawar OKI-2: di luar wewenang Anda"), "{}", forbidden.main());
    let fields = [
        ("apa", "tangguhkan"),
        ("dari", "2026-09-01"),
        ("sampai", "2026-10-31"),
        ("alasan", "banjir"),
    ];
    assert_eq!(send(&fields).location(), "/kelompok?selesai=banyak");
    let line = site.app.state().seq;
    let susulan = site.get(SUPERVISOR, &format!("/penangguhan/{line}"));
    assert!(susulan.has("September 2026 sampai Oktober 2026") && susulan.has("banjir"));
    assert!(susulan.has("2 kelompok, 4 pertemuan bulanan tidak diadakan"), "{}", susulan.main());
    assert!(susulan.has("Sesi 1:"), "{}", susulan.main());
    assert_eq!(site.get(STRANGER, &format!("/penangguhan/{line}")).status, 404);
    assert!(site.get(PENDAMPING, "/kelompok/OKI-2").has(&format!("/penangguhan/{line}")));
}

#[test]
fn the_list_as_a_file_changes_nothing_when_it_is_imported() {
    let site = site(&["OKI-2"]);
    let reply = site.get(ADMIN, "/kelompok.csv");
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert!(reply.header("content-disposition").contains("kelompok-2026-11-21.csv"));
    assert!(reply.has("OKI-2") && !reply.has("MGT-1"), "{}", reply.body);
    let reading = kelompok(reply.body.as_bytes(), Limits::local()).unwrap();
    let state = site.app.state();
    let plan = plan(&state, Viewer::System, &reading.rows, site.app.clock().now());
    assert_eq!((plan.same, plan.new, plan.changed, plan.errors.len()), (2, 0, 0, 0));
    drop(state);
    let own = site.get(STRANGER, "/kelompok.csv");
    assert!(own.has("MGT-1") && !own.has("OKI-"), "{}", own.body);
    assert_eq!(site.get(ANYONE, "/kelompok.csv").status, 303);
    assert_eq!(site.get("pelatih-1", "/kelompok.csv").status, 403);
    assert!(!site.get(ADMIN, "/kelompok.csv?nama=OKI-2").has("OKI-1"));
}
