//! Settings: what holds since when, what it was before, and changing it from a day on.

mod aturan;
mod sasaran;
mod siksng;
mod umum;
mod wilayah;

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::app::SubmitError;
use crate::bahasa::{angka, tanggal};
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::event::Setting;
use crate::kelompok::rules::Rules;
use crate::kelompok::wilayah::Zone;
use crate::state::{SettingChange, State};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Form, Link, Page, show};
use crate::web::parts::sesi::capital;
use crate::web::parts::{WHOLE_FORM, place, send, when};

/// Where the pages of settings begin.
const TRAIL: (&str, &str) = ("Setelan", "/setelan");

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/setelan", get(get_all))
        .route("/setelan/aturan", get(aturan::get_form).post(aturan::post_form))
        .route("/setelan/siksng", get(siksng::get_form).post(siksng::post_form))
        .route("/setelan/sasaran", get(sasaran::get_form).post(sasaran::post_form))
        .route("/setelan/umum", get(umum::get_form).post(umum::post_form))
        .route("/setelan/wilayah", get(wilayah::get_form).post(wilayah::post_form))
}

#[derive(Template)]
#[template(path = "pages/setelan.html")]
struct Setelan {
    page: Page,
    parts: Vec<Part>,
    past: Vec<Past>,
}

/// One setting with what it means.
struct Part {
    name: &'static str,
    text: &'static str,
    now: Vec<String>,
    since: String,
    before: String,
    planned: Vec<String>,
    href: &'static str,
    action: &'static str,
}

/// One change.
struct Past {
    what: String,
    from: String,
    by: String,
}

fn forbidden() -> WebError {
    WebError::Forbidden(
        "Setelan diubah oleh admin nasional. Hubungi admin Anda bila ada yang perlu diubah."
            .to_owned(),
    )
}

async fn get_all(FromState(web): FromState<Web>, member: Member) -> Result<Response, WebError> {
    if !member.viewer().change_settings() {
        return Err(forbidden());
    }
    let state = web.app.state();
    let today = when::today(&web);
    let past = state.setting_changes().iter().rev().take(50).map(|change| past(&state, change));
    show(&Setelan {
        page: web.page(&member.visitor(), "/setelan"),
        parts: parts(&state, today),
        past: past.collect(),
    })
}

fn past(state: &State, change: &SettingChange) -> Past {
    let by = change.by.map_or("pengelola server", |id| state.account_name(id));
    Past {
        what: said(state, &change.setting),
        from: tanggal::long(change.from),
        by: format!("{by}, {}", when::moment(change.at, Zone::Wib)),
    }
}

/// A setting in words.
fn said(state: &State, setting: &Setting) -> String {
    match setting {
        Setting::Rules(rules) => format!("Aturan hitung: {}", rules_words(rules).join("; ")),
        Setting::Target(target) => format!(
            "Sasaran {}: {} sesi",
            place::full(state, target.area),
            angka::count(target.sesi.len() as u64)
        ),
        Setting::PublicReading(true) => "Materi terbuka tanpa masuk".to_owned(),
        Setting::PublicReading(false) => "Materi hanya setelah masuk".to_owned(),
        Setting::Crosswalk(table) => {
            format!("Kategori SIKS-NG: {} kategori dipakai", table.categories().len())
        }
        Setting::PrintedBook { sesi, generation } => {
            format!("Buku cetak {}: setara substansi ke-{generation}", sesi_title(state, sesi))
        }
        Setting::Tema(tema) => format!("Tema: {}", angka::list(tema)),
        Setting::FolioWidth(width) => format!("Lebar kertas F4: {width} mm"),
        Setting::Holidays(holidays) => format!(
            "Hari libur {}: {} masa tanpa pertemuan",
            place::full(state, holidays.area),
            angka::count(holidays.list.len() as u64)
        ),
    }
}

fn sesi_title(state: &State, id: &crate::curriculum::ids::SesiId) -> String {
    state.sesi(id).map_or_else(|| id.to_string(), |sesi| sesi.title.clone())
}

fn rules_words(rules: &Rules) -> Vec<String> {
    let names = |counts: bool| -> Vec<String> {
        let kinds = rules.kinds.iter().filter(|kind| kind.counts == counts);
        kinds.map(|kind| kind.name.to_lowercase()).collect()
    };
    let (counted, others) = (names(true), names(false));
    let mut words = vec![format!("dihitung: {}", angka::list(&counted))];
    if !others.is_empty() {
        words.push(format!("tidak dihitung: {}", angka::list(&others)));
    }
    words.push(format!("hadir paling sedikit {}\u{a0}%", rules.min_present_percent));
    words.push(format!(
        "pertemuan diharapkan bila aktif lebih dari {}\u{a0}% hari",
        rules.expected_days_percent
    ));
    words.push(format!(
        "tepat waktu bila diterima sebelum tanggal {} bulan berikutnya",
        rules.on_time_day
    ));
    words
}

/// `Berlaku sejak 1 Juli 2026`, or that it always was so.
fn since(from: Option<Date>) -> String {
    from.map_or_else(
        || "Bawaan sejak awal".to_owned(),
        |from| format!("Berlaku sejak {}", tanggal::long(from)),
    )
}

/// The last two changes of one setting in force on `today`, newest first.
fn last_two(
    state: &State,
    today: Date,
    of: fn(&Setting) -> bool,
) -> (Option<&SettingChange>, Option<&SettingChange>) {
    let mut all = state.setting_changes().iter().rev();
    let mut next = || all.find(|one| of(&one.setting) && one.from <= today);
    let newest = next();
    (newest, next())
}

fn parts(state: &State, today: Date) -> Vec<Part> {
    let mut parts = vec![rules_part(state, today)];
    parts.push(target_part(state, today));
    let crosswalk = state.crosswalk.on(today);
    parts.push(part(
        ("Kategori SIKS-NG", "Kategori formulir SIKS-NG untuk setiap modul dan sesi. Dipakai saat teks laporan disalin.", "/setelan/siksng"),
        vec![angka::list(&crosswalk.categories())],
        (state, today, |one| matches!(one, Setting::Crosswalk(_))),
    ));
    parts.push(part(
        ("Buku cetak", "Substansi yang dianggap sama dengan buku resmi yang dicetak. Menentukan apakah sesi dari buku cetak perlu penyegaran.", "/setelan/umum#buku"),
        printed(state, today),
        (state, today, |one| matches!(one, Setting::PrintedBook { .. })),
    ));
    parts.push(part(
        (
            "Tema",
            "Tema yang dapat dipasang pada sesi, untuk menyaring materi di seluruh modul.",
            "/setelan/umum#tema",
        ),
        vec![angka::list(&state.tema)],
        (state, today, |one| matches!(one, Setting::Tema(_))),
    ));
    parts.push(part(
        (
            "Kertas F4",
            "Lebar kertas folio pada berkas PDF. Sebagian pencetak memakai 210 mm.",
            "/setelan/umum#kertas",
        ),
        vec![format!("{} x 330 mm", state.folio_mm)],
        (state, today, |one| matches!(one, Setting::FolioWidth(_))),
    ));
    let reading = if state.public_reading {
        "Materi terbit dapat dibaca, dicari, dan dicetak siapa saja"
    } else {
        "Materi hanya untuk yang sudah masuk"
    };
    parts.push(part(
        ("Materi untuk umum", "Tautan di WhatsApp dan kode QR di kertas terbuka tanpa masuk. Data kelompok tidak pernah terbuka.", "/setelan/umum#umum"),
        vec![reading.to_owned()],
        (state, today, |one| matches!(one, Setting::PublicReading(_))),
    ));
    parts.push(places_part(state));
    parts
}

fn part(
    (name, text, href): (&'static str, &'static str, &'static str),
    now: Vec<String>,
    (state, today, of): (&State, Date, fn(&Setting) -> bool),
) -> Part {
    let (newest, before) = last_two(state, today, of);
    let planned = state.setting_changes().iter().filter(|one| of(&one.setting) && one.from > today);
    Part {
        name,
        text,
        now,
        since: since(newest.map(|one| one.from)),
        before: before.map_or_else(
            || if newest.is_some() { "Sebelumnya: bawaan".to_owned() } else { String::new() },
            |one| format!("Sebelumnya: {}", said(state, &one.setting)),
        ),
        planned: planned
            .map(|one| format!("Mulai {}: {}", tanggal::long(one.from), said(state, &one.setting)))
            .collect(),
        href,
        action: "Ubah",
    }
}

fn rules_part(state: &State, today: Date) -> Part {
    part(
        (
            "Aturan hitung",
            "Jenis pertemuan yang dihitung dan batas hadir menentukan cakupan; batas hari dan tanggal menentukan angka bulanan.",
            "/setelan/aturan",
        ),
        rules_words(state.rules.on(today)).iter().map(|line| capital(line)).collect(),
        (state, today, |one| matches!(one, Setting::Rules(_))),
    )
}

fn target_part(state: &State, today: Date) -> Part {
    let usual = state.default_skema().map_or_else(
        || "Belum ada kurikulum".to_owned(),
        |skema| {
            let count = angka::count(skema.sesi().count() as u64);
            format!("Di wilayah lain: {count} sesi {}", skema.judul)
        },
    );
    let mut now: Vec<String> = sasaran::in_force(state, today)
        .into_iter()
        .map(|target| {
            format!(
                "{}: {} sesi sejak {}",
                place::full(state, target.area),
                angka::count(target.sesi.len() as u64),
                tanggal::long(target.from)
            )
        })
        .collect();
    now.push(usual);
    let mut part = part(
        (
            "Sesi sasaran",
            "Sesi yang dipakai mengukur cakupan sebuah wilayah. Supervisor dapat mengatur wilayahnya sendiri.",
            "/setelan/sasaran",
        ),
        now,
        (state, today, |one| matches!(one, Setting::Target(_))),
    );
    part.before.clear();
    part
}

fn printed(state: &State, today: Date) -> Vec<String> {
    let mut all: Vec<String> = state
        .all_sesi()
        .filter_map(|(ix, sesi)| {
            let generation = *state.sesi_info(ix)?.printed.on(today);
            (generation != 1).then(|| format!("{}: substansi ke-{generation}", sesi.title))
        })
        .collect();
    all.push(
        if all.is_empty() { "Semua sesi: substansi ke-1" } else { "Sesi lain: substansi ke-1" }
            .to_owned(),
    );
    all
}

fn places_part(state: &State) -> Part {
    let orphans = state.orphans().len();
    let last = state.places.editions.last();
    let mut now = vec![format!("{} wilayah", angka::count(state.wilayah.len() as u64))];
    if orphans > 0 {
        now.push(format!("{orphans} kode tanpa pengganti"));
    }
    Part {
        name: "Daftar wilayah",
        text: "Kode dan nama provinsi, kabupaten, kecamatan, dan desa. Kode yang berganti tidak memindahkan kelompok.",
        now,
        since: last.map_or_else(
            || "Tanpa nama edisi".to_owned(),
            |one| format!("Edisi {}, berlaku {}", one.name, tanggal::long(one.date)),
        ),
        before: String::new(),
        planned: Vec::new(),
        href: "/setelan/wilayah",
        action: "Lihat",
    }
}

/// The way back from a page of settings.
fn trail() -> Vec<Link> {
    vec![Link::new(TRAIL.0, TRAIL.1)]
}

/// The date of a form from which a setting is to hold.
fn from_date(form: &FormData, errors: &mut Vec<FieldError>) -> Date {
    tanggal::parse(form.get("from")).unwrap_or_else(|error| {
        errors.push(FieldError::new("from", error.to_string()));
        Date::MIN
    })
}

/// Hands a change in; gives back the form when something is wrong with it.
async fn send(
    web: &Web,
    member: &Member,
    form: &FormData,
    (command, errors): (Command, Vec<FieldError>),
) -> Result<Option<(StatusCode, Form)>, WebError> {
    if !errors.is_empty() {
        return Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, Form::again(&form.0, errors))));
    }
    let id = send::request_id(web, form)?;
    match web.app.submit(web.app.request_as(id, member.actor(), command)).await {
        Ok(_) => Ok(None),
        Err(SubmitError::Refused(Refusal::Stale { current })) => {
            let text = "Setelan ini sudah diubah orang lain sejak Anda membukanya, jadi isian Anda belum tersimpan. Bandingkan dengan yang berlaku di halaman Setelan, lalu kirim lagi bila isian Anda tetap benar.";
            let mut values = form.0.clone();
            values.set("version", current.to_string());
            let mut again = Form::again(&values, vec![FieldError::new(WHOLE_FORM, text)]);
            again.renew(web)?;
            Ok(Some((StatusCode::PRECONDITION_FAILED, again)))
        }
        Err(error) => {
            let (errors, status) = send::wrong(error)?;
            Ok(Some((status, Form::again(&form.0, errors))))
        }
    }
}
