//! Entering many rows from a file: it is looked at first, and entered when somebody says so.

mod found;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::{App, SubmitError};
use crate::bahasa::angka;
use crate::command::Command;
use crate::decide::import::Import;
use crate::decide::{FieldError, Refusal};
use crate::ids::Digest;
use crate::ops::{Kind, transfer};
use crate::people::account::Account;
use crate::people::policy::Viewer;
use crate::transfer::write::{self, Format, Output};
use crate::transfer::{ColumnMeaning, FileError, Limits, columns};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts};
use crate::web::multipart::{FileForm, MAX_FILE_BYTES};
use crate::web::page::{Form, Link, Page, lead_to, show, show_with};
use crate::web::pages::reading::blocking;
use crate::web::parts::send::request_id;
use crate::web::parts::{address, sheet};
use crate::web::uploads::{Held, Upload};

use self::found::Found;

/// The most rows of a file here; the owner of the machine may bring more.
const MAX_ROWS: u32 = 50_000;
/// So many bad lines are named; the rest are counted.
const NAMED: usize = 200;

/// What may be imported, in the order in which an office begins: kind, word, name, what it does.
const KINDS: [(Kind, &str, &str, &str); 4] = [
    (Kind::Wilayah, "wilayah", "Wilayah", "Kode dan nama provinsi sampai desa."),
    (Kind::Pengguna, "pengguna", "Pengguna", "Orang yang masuk, dengan peran dan wilayahnya."),
    (Kind::Kelompok, "kelompok", "Kelompok", "Kelompok dengan desa, anggota, dan pendampingnya."),
    (Kind::Pertemuan, "pertemuan", "Pertemuan", "Catatan lama, dengan sesi dan kehadirannya."),
];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/impor", get(get_page).post(post_file))
        .route("/impor/masukkan", post(post_enter))
        .route("/impor/contoh/{file}", get(get_empty))
}

#[derive(Template)]
#[template(path = "pages/impor.html")]
struct Impor {
    page: Page,
    form: Form,
    kinds: Vec<KindShown>,
    max_mb: usize,
    max_rows: String,
    found: Option<Found>,
    /// A file is asked for that is not kept any more.
    gone: bool,
}

/// A kind of file with what its columns mean.
struct KindShown {
    value: &'static str,
    name: &'static str,
    hint: &'static str,
    columns: Vec<ColumnMeaning>,
    files: Vec<Link>,
}

fn limits() -> Limits {
    Limits { bytes: MAX_FILE_BYTES as u64, rows: MAX_ROWS, errors: NAMED, ..Limits::default() }
}

fn may(member: &Member) -> Result<(), WebError> {
    if member.viewer().import() {
        return Ok(());
    }
    Err(WebError::Forbidden(
        "Hanya admin yang mengimpor. Hubungi admin wilayah Anda bila ini tugas Anda.".to_owned(),
    ))
}

async fn get_page(
    Shared(web): Shared<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    may(&member)?;
    let kind = params.word("jenis", &KINDS.map(|(_, word, ..)| word))?;
    let asked = params.get("berkas");
    let upload = web.uploads.get(member.account.id, asked);
    let found = match &upload {
        Some(upload) => Some(found(&web, &member, upload).await?),
        None => None,
    };
    let kind = upload.as_ref().map_or(kind, |upload| word(upload.kind));
    let form = Form::new(&web, vec![("jenis", kind.to_owned())])?;
    let gone = !asked.is_empty() && found.is_none();
    show(&page(&web, &member, form, (found, gone)))
}

fn page(web: &Web, member: &Member, form: Form, (found, gone): (Option<Found>, bool)) -> Impor {
    let kinds = KINDS.map(|(_, word, name, hint)| KindShown {
        value: word,
        name,
        hint,
        columns: columns(word),
        files: ["xlsx", "csv"]
            .map(|ending| {
                Link::new(ending.to_uppercase(), format!("/impor/contoh/{word}.{ending}"))
            })
            .into(),
    });
    Impor {
        page: web.page(&member.visitor(), "/impor"),
        form,
        kinds: kinds.into(),
        max_mb: MAX_FILE_BYTES >> 20,
        max_rows: angka::count(MAX_ROWS.into()),
        found,
        gone,
    }
}

fn word(kind: Kind) -> &'static str {
    KINDS.iter().find(|(known, ..)| *known == kind).map_or("", |(_, word, ..)| word)
}

/// What a file would do now, or did.
async fn found(web: &Web, member: &Member, upload: &Arc<Upload>) -> Result<Found, WebError> {
    if let Held::Entered(counts) = upload.held {
        return Ok(Found::entered(upload, counts));
    }
    let (app, account, work) = (web.app.clone(), member.account.clone(), Arc::clone(upload));
    let checked = blocking(move || check(&app, &account, &work)).await?;
    Ok(Found::of(upload, checked))
}

fn check(app: &App, account: &Account, upload: &Upload) -> Result<transfer::Checked, FileError> {
    let Held::Waiting(bytes) = &upload.held else { return Err(FileError::Empty) };
    transfer::check(app, Viewer::Account(account), (upload.kind, bytes), (limits(), None))
}

async fn post_file(
    Shared(web): Shared<Web>,
    member: Member,
    sent: FileForm,
) -> Result<Response, WebError> {
    may(&member)?;
    let asked = sent.fields.get("jenis");
    let kind = KINDS.iter().find(|(_, word, ..)| *word == asked).map(|(kind, ..)| *kind);
    let mut errors = Vec::new();
    if kind.is_none() {
        errors.push(FieldError::new("jenis", "Pilih apa yang diimpor."));
    }
    if sent.file.is_none() {
        errors.push(FieldError::new("berkas", "Pilih berkas CSV atau XLSX."));
    }
    let (Some(kind), Some(file)) = (kind, sent.file) else {
        let form = Form::again(&sent.fields, errors);
        let page = page(&web, &member, form, (None, false));
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let digest = Digest::of_bytes(&file.bytes);
    let (owner, name) = (member.account.id, file.name.chars().take(120).collect());
    web.uploads.put(Upload { owner, kind, name, digest, held: Held::Waiting(file.bytes) });
    Ok(lead_to(&shown(&digest.to_string())))
}

/// Where the page speaks of a file.
fn shown(digest: &str) -> String {
    format!("{}#hasil", address("/impor", &[("berkas", digest)]))
}

async fn post_enter(
    Shared(web): Shared<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    may(&member)?;
    let digest = form.get("berkas").to_owned();
    let back = shown(&digest);
    let Some(upload) = web.uploads.get(member.account.id, &digest) else {
        return Ok(lead_to(&back));
    };
    // What was entered is said again; what is bad by now is shown again, line by line.
    if matches!(upload.held, Held::Entered(_)) {
        return Ok(lead_to(&back));
    }
    let id = request_id(&web, &form)?;
    let (app, account, work) = (web.app.clone(), member.account.clone(), Arc::clone(&upload));
    let actor = member.actor();
    let entered = blocking(move || -> Result<Option<[u64; 3]>, SubmitError> {
        let Ok(checked) = check(&app, &account, &work) else { return Ok(None) };
        if checked.bad > 0 {
            return Ok(None);
        }
        let counts = [checked.new, checked.changed, checked.same];
        let import = Import { rows: checked.rows, skip_bad: false };
        let command = Command::Import(Box::new(import));
        match app.submit_blocking(app.request_as(id, actor, command)) {
            Ok(_) => Ok(Some(counts)),
            // Somebody was faster; the page says what is wrong now.
            Err(SubmitError::Refused(Refusal::Invalid(_))) => Ok(None),
            Err(error) => Err(error),
        }
    })
    .await??;
    if let Some(counts) = entered {
        web.uploads.put(Upload { held: Held::Entered(counts), ..(*upload).clone() });
    }
    Ok(lead_to(&back))
}

/// An empty file of a kind, to be filled in.
async fn get_empty(
    Shared(_): Shared<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    may(&member)?;
    let missing = || WebError::not_found("Berkas contoh ini");
    let (asked, _) = parts.get(0).rsplit_once('.').ok_or_else(missing)?;
    let format = Format::of_name(parts.get(0)).ok_or_else(missing)?;
    let kind = KINDS.iter().find(|(_, word, ..)| *word == asked).ok_or_else(missing)?.1;
    let write = move |out: Output<'_>| write::empty(out, kind);
    sheet::reply(format, &format!("contoh-{kind}"), write).await
}

/// Where more people are entered, kelompok looked at: what comes after a file of a kind.
fn next(kind: Kind) -> Link {
    match kind {
        Kind::Wilayah => Link::new("Buka wilayah", "/wilayah"),
        Kind::Pengguna => Link::new("Buat tautan masuk", "/pengguna?tampil=belum-masuk"),
        Kind::Pertemuan => Link::new("Lihat cakupan", "/cakupan"),
        _ => Link::new("Lihat kelompok", "/kelompok"),
    }
}
