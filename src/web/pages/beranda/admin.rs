//! Home of an admin: is everything in order, and the few things to do.

use askama::Template;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::group::Kelompok;
use crate::people::account::Account;
use crate::people::account::Role;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::{Count, Page};
use crate::web::pages::pengguna;
use crate::web::parts::ask::Ask;
use crate::web::parts::when;

#[derive(Template)]
#[template(path = "pages/beranda_admin.html")]
pub(super) struct Beranda {
    page: Page,
    today: String,
    area: String,
    steps: Vec<Step>,
    counts: Vec<Number>,
    backup: Backup,
    journal: String,
    imports: Vec<Import>,
    actions: Vec<Action>,
}

struct Step {
    name: &'static str,
    text: &'static str,
    href: &'static str,
    done: bool,
}

struct Number {
    name: &'static str,
    count: Count,
    hint: &'static str,
}

struct Backup {
    text: String,
    good: bool,
}

/// An import that was made; none is listed yet.
struct Import {
    text: String,
    facts: String,
}

struct Action {
    name: &'static str,
    text: &'static str,
    href: &'static str,
}

pub(super) fn page(web: &Web, member: &Member) -> Result<Beranda, WebError> {
    let journal = web.app.head();
    let state = web.app.state();
    let ask = Ask::own(web, &state, member)?;
    let groups: Vec<&Kelompok> =
        ask.groups(&state, member).into_iter().filter(|group| group.active(ask.today)).collect();
    Ok(Beranda {
        page: web.page(&member.visitor(), "/"),
        today: tanggal::with_day(when::today(web)),
        area: ask.scope.name(&state),
        steps: steps(&state, &groups, &ask),
        counts: counts(&state, member.viewer(), &groups, &ask),
        backup: Backup {
            text: "Hentikan program, lalu salin seluruh direktori datanya ke tempat lain. Periksa salinannya dengan p2k2 verify.".to_owned(),
            good: false,
        },
        journal,
        imports: Vec::new(),
        actions: actions(),
    })
}

/// The first steps of an office; none once all are done.
fn steps(state: &State, groups: &[&Kelompok], ask: &Ask) -> Vec<Step> {
    let assigned = |group: &&Kelompok| group.pendamping(ask.today).is_some();
    let steps = vec![
        Step {
            name: "Muat daftar wilayah",
            text: "Impor kode dan nama wilayah dari berkas CSV atau XLSX.",
            href: "/impor?jenis=wilayah",
            done: !state.wilayah.is_empty(),
        },
        Step {
            name: "Tambah pengguna",
            text: "Setiap pendamping dan supervisor masuk dengan akunnya sendiri.",
            href: "/pengguna",
            done: state.accounts.values().any(|account| account.has_role(Role::Pendamping)),
        },
        Step {
            name: "Muat kelompok",
            text: "Impor kelompok beserta jumlah anggotanya dari berkas, atau tambah satu per satu.",
            href: "/impor?jenis=kelompok",
            done: !groups.is_empty(),
        },
        Step {
            name: "Tugaskan pendamping",
            text: "Setiap kelompok punya satu pendamping. Tugaskan dari halaman kelompoknya.",
            href: "/kelompok?tampil=tanpa-pendamping",
            done: !groups.is_empty() && groups.iter().all(assigned),
        },
    ];
    if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
}

fn counts(state: &State, viewer: Viewer<'_>, groups: &[&Kelompok], ask: &Ask) -> Vec<Number> {
    let number = |name, count: usize, href: Option<String>, hint| Number {
        name,
        count: Count { text: angka::count(count as u64), href: href.filter(|_| count > 0) },
        hint,
    };
    let alone = groups.iter().filter(|group| group.pendamping(ask.today).is_none()).count();
    let theirs = |account: &&Account| pengguna::manages(viewer, account);
    let people = state.accounts.values().filter(theirs).filter(|one| !one.disabled).count();
    let waiting = state.accounts.values().filter(theirs).filter(|one| pengguna::waits(one)).count();
    vec![
        number("Kelompok aktif", groups.len(), ask.list("kelompok", ""), "di wilayah Anda"),
        number(
            "Tanpa pendamping",
            alone,
            Some("/kelompok?tampil=tanpa-pendamping".to_owned()),
            "dari kelompok aktif",
        ),
        number("Pengguna", people, Some("/pengguna?tampil=aktif".to_owned()), "yang akunnya aktif"),
        number(
            "Belum pernah masuk",
            waiting,
            Some("/pengguna?tampil=belum-masuk".to_owned()),
            "perlu tautan masuk",
        ),
    ]
}

fn actions() -> Vec<Action> {
    let action = |name, text, href| Action { name, text, href };
    vec![
        action(
            "Impor dari berkas",
            "Wilayah, pengguna, kelompok, atau pertemuan dari CSV atau XLSX.",
            "/impor",
        ),
        action(
            "Tambah kelompok",
            "Satu kelompok dengan desa, anggota, dan pendampingnya.",
            "/tambah-kelompok",
        ),
        action("Tambah pengguna", "Buat akun dan kirim tautan masuk sekali pakai.", "/pengguna"),
        action("Tugaskan pendamping", "Buka kelompoknya, lalu pilih pendampingnya.", "/kelompok"),
        action("Lihat cakupan", "Apa yang sudah dan belum diterima setiap kelompok.", "/cakupan"),
        action("Lihat wilayah", "Tempat, jumlah kelompok, dan penangguhan.", "/wilayah"),
    ]
}
