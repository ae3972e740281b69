//! Paper: the PDFs by plain link, the picture of their first page, and the choices before them.

mod halaman;
mod laporan;
mod pilihan;
mod sumber;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::curriculum::ids::{ModulId, SesiId};
use crate::decide::FieldError;
use crate::ids::Digest;
use crate::print::{
    BookPrint, ChangePrint, Document, GroupPrint, Options, PaketPrint, Pdf, Preview,
};
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts, Values};
use crate::web::print::{Job, Render};
use crate::web::{Web, urls};

use self::pilihan::Chosen;
use self::sumber::{Book, Owned, book, group_print, no_text, owned};
use super::reading::{Reader, blocking, missing_sesi};

/// The most sesi of one pack.
const MAX_PACK: usize = 6;
/// The most family sheets of each sesi in a pack.
const MAX_COPIES: u32 = 200;
/// What one family sheet weighs beside the text of its sesi.
const SHEET_WEIGHT: usize = 2_000;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/cetak/sesi/{id}", get(get_sesi))
        .route("/cetak/modul/{file}", get(get_modul))
        .route("/cetak/paket/{kelompok}", get(halaman::get_pack))
        .route("/cetak/paket/{kelompok}/{file}", get(get_pack))
        .route("/cetak/daftar-hadir/{file}", get(get_attendance))
        .route("/cetak/skema/{file}", get(get_skema))
        .route("/cetak/perubahan/{file}", get(get_change))
        .merge(laporan::routes())
}

/// What an address ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// The page with the choices.
    Page,
    /// `.pdf`: the file.
    File,
    /// `.svg`: a picture of the first page.
    Picture,
}

/// The name before the ending, and what the ending asks for.
fn wanted(name: &str) -> (&str, Wanted) {
    match name.rsplit_once('.') {
        Some((name, "pdf")) => (name, Wanted::File),
        Some((name, "svg")) => (name, Wanted::Picture),
        _ => (name, Wanted::Page),
    }
}

/// The same for what has no page of its own.
fn file_of<'a>(parts: &'a PathParts, at: usize, what: &str) -> Result<(&'a str, Wanted), WebError> {
    match wanted(parts.get(at)) {
        (_, Wanted::Page) => Err(WebError::not_found(what)),
        found => Ok(found),
    }
}

async fn get_sesi(
    State(web): State<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (name, wanted) = wanted(parts.get(0));
    let id: SesiId = name.parse().map_err(|_| missing_sesi())?;
    if wanted == Wanted::Page {
        return halaman::sesi(&web, &visitor, &id, (&params, &headers)).await;
    }
    let chosen = Chosen::said(&params, folio(&web))?;
    let edition = params.whole("edisi", 1..=u16::MAX)?;
    let job = sesi_job(&web, &id, (params.get("varian"), edition), chosen).await?;
    answer(&web, job, wanted, (chosen, &params)).await
}

/// A document of one sesi: `panduan` where nothing else is asked for.
async fn sesi_job(
    web: &Web,
    id: &SesiId,
    (variant, number): (&str, Option<u16>),
    chosen: Chosen,
) -> Result<Job, WebError> {
    if !variant.is_empty() && !halaman::VARIANTS.iter().any(|(value, ..)| *value == variant) {
        let message = "Bentuk cetak itu tidak dikenal. Pilih panduan, keluarga, lembar-balik, atau lembar-kerja.";
        return Err(WebError::Invalid(vec![FieldError::new("varian", message)]));
    }
    let (all, id, variant) = (web.clone(), id.clone(), variant.to_owned());
    let text = blocking(move || owned(&all, &id, number)).await??;
    let rest = format!("{variant} {:?} {:?}", text.edition, chosen.bound);
    Ok(Job {
        key: key(&[&text], chosen.options, &rest),
        options: chosen.options,
        weight: text.weight(),
        make: Box::new(move |render| {
            let sesi = text.print();
            render(&match variant.as_str() {
                "keluarga" => Document::LembarKeluarga(sesi),
                "lembar-balik" => Document::LembarBalik(sesi, chosen.binding()),
                "lembar-kerja" => Document::LembarKerja(sesi),
                _ => Document::Panduan(sesi),
            })
        }),
    })
}

async fn get_modul(
    State(web): State<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (name, wanted) = wanted(parts.get(0));
    let id: ModulId = name.parse().map_err(|_| WebError::not_found("Modul ini"))?;
    if wanted == Wanted::Page {
        return halaman::modul(&web, &visitor, &id, (&params, &headers)).await;
    }
    let chosen = Chosen::said(&params, folio(&web))?;
    let job = modul_job(&web, &id, chosen).await?;
    answer(&web, job, wanted, (chosen, &params)).await
}

/// A modul as a book.
async fn modul_job(web: &Web, id: &ModulId, chosen: Chosen) -> Result<Job, WebError> {
    let (all, wanted) = (web.clone(), id.clone());
    let book = blocking(move || book(&all, &wanted)).await??;
    let slug = format!("modul-{id}");
    let short_url = web.config.url.as_ref().map(|_| web.config.absolute(&urls::modul(id)));
    let texts: Vec<&Owned> = book.texts.iter().collect();
    Ok(Job {
        key: key(&texts, chosen.options, &format!("{slug} {:?}", book.title)),
        options: chosen.options,
        weight: texts.iter().map(|text| text.weight()).sum(),
        make: Box::new(move |render| {
            render(&Document::Buku(BookPrint {
                title: book.title.clone(),
                series: book.series.clone(),
                slug,
                date: book.date(),
                short_url,
                modul: vec![book.print()],
            }))
        }),
    })
}

async fn get_skema(
    State(web): State<Web>,
    Reader(_): Reader,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let (name, wanted) = file_of(&parts, 0, "Skema ini")?;
    let modul: Vec<ModulId> = {
        let state = web.app.state();
        let skema = state.skema.iter().find(|skema| skema.id.as_str() == name);
        let skema = skema.ok_or_else(|| WebError::not_found("Skema ini"))?;
        skema.modul.iter().map(|modul| modul.id.clone()).collect()
    };
    let all = web.clone();
    let books = move || modul.iter().filter_map(|id| book(&all, id).ok()).collect::<Vec<Book>>();
    let books = blocking(books).await?;
    let Some(title) = books.first().map(|book| book.series.clone()) else {
        return Err(no_text(name));
    };
    let chosen = Chosen::said(&params, folio(&web))?;
    let slug = format!("skema-{name}");
    let texts: Vec<&Owned> = books.iter().flat_map(|book| &book.texts).collect();
    let job = Job {
        key: key(&texts, chosen.options, &slug),
        options: chosen.options,
        weight: texts.iter().map(|text| text.weight()).sum(),
        make: Box::new(move |render| {
            render(&Document::Buku(BookPrint {
                title,
                series: "Kurikulum P2K2".to_owned(),
                slug,
                date: books.iter().filter_map(Book::date).max(),
                short_url: None,
                modul: books.iter().map(Book::print).collect(),
            }))
        }),
    };
    answer(&web, job, wanted, (chosen, &params)).await
}

/// What changed between two editions: `?dari=1&ke=2`.
async fn get_change(
    State(web): State<Web>,
    Reader(_): Reader,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let (name, wanted) = file_of(&parts, 0, "Perbandingan ini")?;
    let id: SesiId = name.parse().map_err(|_| missing_sesi())?;
    let number = |name: &str| {
        let number = params.whole(name, 1..=u16::MAX)?;
        number.ok_or_else(|| WebError::not_found("Edisi ini"))
    };
    let (older, newer): (u16, u16) = (number("dari")?, number("ke")?);
    let (substantial, summary) = {
        let state = web.app.state();
        let edition = state.sesi(&id).and_then(|sesi| sesi.edition(newer));
        let kind = edition.map(|one| one.kind == crate::event::ChangeKind::Substansi);
        (kind, edition.map_or_else(String::new, |one| one.note.clone()))
    };
    let all = web.clone();
    let texts = move || Ok((owned(&all, &id, Some(older))?, owned(&all, &id, Some(newer))?));
    let (from, to) = blocking(texts).await?.map_err(|error: WebError| error)?;
    let chosen = Chosen::said(&params, folio(&web))?;
    let job = Job {
        key: key(&[&from, &to], chosen.options, "perubahan"),
        options: chosen.options,
        weight: from.weight() + to.weight(),
        make: Box::new(move |render| {
            let diff = crate::curriculum::diff::diff(from.sesi.source(), to.sesi.source());
            render(&Document::Perubahan(ChangePrint {
                nomor: to.nomor,
                title: to.sesi.title.clone(),
                modul: to.modul.clone(),
                from: from.edition,
                to: to.edition,
                substantial,
                summary,
                short_url: to.short_url.clone(),
                diff: &diff,
            }))
        }),
    };
    answer(&web, job, wanted, (chosen, &params)).await
}

/// The pack of a meeting: `/cetak/paket/OKI-029/a+b.pdf`, or `pilihan.pdf?sesi=a&sesi=b` as the
/// form sends it.
async fn get_pack(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (name, wanted) = file_of(&parts, 1, "Paket ini")?;
    let chosen = Chosen::for_reading(&params, &headers, folio(&web))?;
    let group = group_print(&web, &member, parts.get(0), params.day("tanggal")?)?;
    let mut ids = params.all("sesi").map(str::to_owned).collect::<Vec<String>>();
    if ids.is_empty() {
        ids = name.split('+').map(str::to_owned).collect();
    }
    let copies = params.whole("lembar", 0..=MAX_COPIES)?.unwrap_or(group.members);
    let job = pack_job(&web, group, (ids, copies), chosen).await?;
    answer(&web, job, wanted, (chosen, &params)).await
}

/// Everything for one meeting of one kelompok.
async fn pack_job(
    web: &Web,
    group: GroupPrint,
    (ids, copies): (Vec<String>, u32),
    chosen: Chosen,
) -> Result<Job, WebError> {
    let wrong = |message: String| WebError::Invalid(vec![FieldError::new("sesi", message)]);
    if ids.len() > MAX_PACK {
        return Err(wrong(format!(
            "Satu paket memuat paling banyak {MAX_PACK} sesi. Kurangi pilihan sesinya."
        )));
    }
    let all = web.clone();
    let texts = move || ids.iter().map(|id| pack_text(&all, id)).collect::<Result<Vec<_>, _>>();
    let texts = blocking(texts).await??;
    let copies = copies.min(MAX_COPIES);
    let listed: Vec<&Owned> = texts.iter().collect();
    let sheets = texts.len() * copies as usize;
    Ok(Job {
        key: key(&listed, chosen.options, &format!("{group:?} {copies}")),
        options: chosen.options,
        weight: texts.iter().map(Owned::weight).sum::<usize>() + sheets * SHEET_WEIGHT,
        make: Box::new(move |render| {
            let sesi = texts.iter().map(Owned::print).collect();
            render(&Document::Paket(PaketPrint { group, sesi, copies }))
        }),
    })
}

fn pack_text(web: &Web, id: &str) -> Result<Owned, WebError> {
    owned(web, &id.parse().map_err(|_| missing_sesi())?, None)
}

async fn get_attendance(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let (name, wanted) = file_of(&parts, 0, "Kelompok ini")?;
    let group = group_print(&web, &member, name, params.day("tanggal")?)?;
    let chosen = Chosen::for_office(&params, &headers, folio(&web))?;
    let job = Job {
        key: key(&[], chosen.options, &format!("daftar-hadir {group:?}")),
        options: chosen.options,
        weight: SHEET_WEIGHT,
        make: Box::new(move |render: &Render<'_>| render(&Document::DaftarHadir(group))),
    };
    answer(&web, job, wanted, (chosen, &params)).await
}

/// Names a document by everything that it depends on.
fn key(texts: &[&Owned], options: Options, rest: &str) -> Digest {
    let texts: Vec<_> =
        texts.iter().map(|text| (&text.revision, text.edition, &text.modul)).collect();
    Digest::of_bytes(format!("{texts:?} {options:?} {rest}").as_bytes())
}

/// The width of folio paper as the office buys it, in mm.
fn folio(web: &Web) -> u16 {
    web.app.state().folio_mm
}

/// The file or the picture that was asked for.
async fn answer(
    web: &Web,
    job: Job,
    wanted: Wanted,
    (chosen, params): (Chosen, &Values),
) -> Result<Response, WebError> {
    if wanted == Wanted::Picture {
        return Ok(picture(&*web.press.preview(job).await?));
    }
    let saved = params.yes("simpan")?;
    let pdf = web.press.pdf(job).await?;
    let mut response = file(&pdf, saved);
    chosen.remember(web, params, &mut response);
    Ok(response)
}

/// The file: shown by the browser, or saved when `simpan=ya` asks for it.
fn file(pdf: &Pdf, saved: bool) -> Response {
    let way = if saved { "attachment" } else { "inline" };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("{way}; filename=\"{}\"", pdf.file_name)),
    ];
    (headers, pdf.bytes.clone()).into_response()
}

fn picture(preview: &Preview) -> Response {
    let drawing = preview.pages.first().cloned().unwrap_or_default();
    ([(header::CONTENT_TYPE, "image/svg+xml")], drawing).into_response()
}
