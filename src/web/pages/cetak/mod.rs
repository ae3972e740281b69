//! Paper: the page of choices, and the PDFs by plain link.

mod laporan;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;

use crate::curriculum::ids::{ModulId, SesiId};
use crate::curriculum::sesi::Sesi;
use crate::curriculum::skema::Skema;
use crate::ids::Digest;
use crate::kelompok::group::Kelompok;
use crate::kelompok::seats;
use crate::kelompok::wilayah::{Level, Zone};
use crate::print::{
    Binding, BookModul, BookPrint, ChangePrint, Document, EditionPrint, GroupPrint, LastTaught,
    Options, PaketPrint, Paper, Pdf, SesiPrint,
};
use crate::state::State as World;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts, Visitor};
use crate::web::page::{Link, Page, Tab, show};
use crate::web::print::Render;
use crate::web::{Web, urls};

/// The most sesi of one pack.
const MAX_PACK: usize = 6;
/// How many past sesi the cover of a pack recalls.
const RECALLED: usize = 3;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/cetak/sesi/{id}", get(get_sesi))
        .route("/cetak/modul/{file}", get(get_modul))
        .route("/cetak/paket/{kelompok}/{file}", get(get_pack))
        .route("/cetak/daftar-hadir/{file}", get(get_attendance))
        .route("/cetak/skema/{file}", get(get_skema))
        .route("/cetak/perubahan/{file}", get(get_change))
        .merge(laporan::routes())
}

struct Variant {
    value: &'static str,
    name: &'static str,
    hint: &'static str,
    chosen: bool,
}

struct Pack {
    name: String,
    href: String,
    facts: String,
}

#[derive(Template)]
#[template(path = "pages/cetak.html")]
struct Cetak {
    page: Page,
    trail: Vec<Link>,
    title: String,
    tabs: Vec<Tab>,
    action: String,
    variants: Vec<Variant>,
    papers: Vec<Variant>,
    saving: bool,
    sheets: String,
    packs: Vec<Pack>,
}

/// A text with what stands on its paper beside it, without borrowing from the state.
struct Owned {
    skema: String,
    modul: String,
    nomor: u32,
    edition: EditionPrint,
    short_url: Option<String>,
    revision: String,
    sesi: Arc<Sesi>,
}

impl Owned {
    fn print(&self) -> SesiPrint<'_> {
        SesiPrint {
            skema: self.skema.clone(),
            modul: self.modul.clone(),
            nomor: self.nomor,
            edition: self.edition,
            short_url: self.short_url.clone(),
            sesi: &self.sesi,
        }
    }
}

async fn get_sesi(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    readable(&web, &visitor)?;
    let Some(id) = parts.get(0).strip_suffix(".pdf") else {
        return show(&choices(&web, &visitor, parts.get(0))?);
    };
    let text = owned(&web, &sesi_id(id)?, params.number("edisi"))?;
    let options = options(&params)?;
    let variant = params.get("varian").to_owned();
    let key = key(&[&text.revision, &variant], options, &format!("{:?}", text.edition));
    let binding = if params.get("jilid") == "ya" { Binding::Bound } else { Binding::Loose };
    let make = move |render: &Render<'_>| {
        let sesi = text.print();
        render(&match variant.as_str() {
            "keluarga" => Document::LembarKeluarga(sesi),
            "lembar-balik" => Document::LembarBalik(sesi, binding),
            "lembar-kerja" => Document::LembarKerja(sesi),
            _ => Document::Panduan(sesi),
        })
    };
    let pdf = web.press.pdf(key, options, make).await?;
    Ok(file(&pdf, &params))
}

async fn get_modul(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    readable(&web, &visitor)?;
    let name = parts.get(0).strip_suffix(".pdf").unwrap_or("");
    let id: ModulId = name.parse().map_err(|_| WebError::not_found("Modul ini"))?;
    let (title, series, slug, texts) = book(&web, &id)?;
    let options = options(&params)?;
    let revisions: Vec<&str> = texts.iter().map(|text| text.revision.as_str()).collect();
    let key = key(&revisions, options, &slug);
    let short_url = web.config.url.as_ref().map(|_| web.config.absolute(&urls::modul(&id)));
    let make = move |render: &Render<'_>| {
        let dates = texts.iter().filter_map(|text| match text.edition {
            EditionPrint::Published { date, .. } => Some(date),
            EditionPrint::Draft => None,
        });
        let modul =
            BookModul { title: title.clone(), sesi: texts.iter().map(Owned::print).collect() };
        let date = dates.max();
        render(&Document::Buku(BookPrint {
            title,
            series,
            slug,
            date,
            short_url,
            modul: vec![modul],
        }))
    };
    let pdf = web.press.pdf(key, options, make).await?;
    Ok(file(&pdf, &params))
}

async fn get_skema(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    readable(&web, &visitor)?;
    let name = parts.get(0).strip_suffix(".pdf").unwrap_or("").to_owned();
    let modul: Vec<ModulId> = {
        let state = web.app.state();
        let skema = state.skema.iter().find(|skema| skema.id.as_str() == name);
        let skema = skema.ok_or_else(|| WebError::not_found("Skema ini"))?;
        skema.modul.iter().map(|modul| modul.id.clone()).collect()
    };
    let books = modul.iter().filter_map(|id| book(&web, id).ok()).collect::<Vec<_>>();
    let Some(title) = books.first().map(|(_, series, ..)| series.clone()) else {
        return Err(no_text(&name));
    };
    let options = options(&params)?;
    let texts = books.iter().flat_map(|(.., texts)| texts);
    let revisions: Vec<&str> = texts.map(|text| text.revision.as_str()).collect();
    let key = key(&revisions, options, &name);
    let make = move |render: &Render<'_>| {
        let modul = books.iter().map(|(title, _, _, texts)| BookModul {
            title: title.clone(),
            sesi: texts.iter().map(Owned::print).collect(),
        });
        render(&Document::Buku(BookPrint {
            title,
            series: "Kurikulum P2K2".to_owned(),
            slug: format!("skema-{name}"),
            date: None,
            short_url: None,
            modul: modul.collect(),
        }))
    };
    let pdf = web.press.pdf(key, options, make).await?;
    Ok(file(&pdf, &params))
}

/// What changed between two editions: `?dari=1&ke=2`.
async fn get_change(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    readable(&web, &visitor)?;
    let id = sesi_id(parts.get(0).strip_suffix(".pdf").unwrap_or(""))?;
    let number = |name: &str| params.number(name).ok_or_else(|| WebError::not_found("Edisi ini"));
    let (from, to) =
        (owned(&web, &id, Some(number("dari")?))?, owned(&web, &id, Some(number("ke")?))?);
    let (substantial, summary) = {
        let state = web.app.state();
        let edition = number("ke").ok().and_then(|number| state.sesi(&id)?.edition(number));
        let kind = edition.map(|one| one.kind == crate::event::ChangeKind::Substansi);
        (kind, edition.map_or_else(String::new, |one| one.note.clone()))
    };
    let options = options(&params)?;
    let key = key(&[&from.revision, &to.revision], options, "perubahan");
    let make = move |render: &Render<'_>| {
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
    };
    let pdf = web.press.pdf(key, options, make).await?;
    Ok(file(&pdf, &params))
}

async fn get_pack(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let group = group_print(&web, &member, parts.get(0), &params)?;
    let ids = parts.get(1).strip_suffix(".pdf").unwrap_or("");
    let mut texts = Vec::new();
    for id in ids.split('+').take(MAX_PACK) {
        texts.push(owned(&web, &sesi_id(id)?, None)?);
    }
    let options = options(&params)?;
    let copies = params.number("lembar").unwrap_or(group.members).min(200);
    let revisions: Vec<&str> = texts.iter().map(|text| text.revision.as_str()).collect();
    let key = key(&revisions, options, &format!("{group:?} {copies}"));
    let make = move |render: &Render<'_>| {
        let sesi = texts.iter().map(Owned::print).collect();
        render(&Document::Paket(PaketPrint { group, sesi, copies }))
    };
    let pdf = web.press.pdf(key, options, make).await?;
    Ok(file(&pdf, &params))
}

async fn get_attendance(
    State(web): State<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let name = parts.get(0).strip_suffix(".pdf").unwrap_or("");
    let group = group_print(&web, &member, name, &params)?;
    let options = options(&params)?;
    let key = key(&["daftar-hadir"], options, &format!("{group:?}"));
    let make = move |render: &Render<'_>| render(&Document::DaftarHadir(group));
    let pdf = web.press.pdf(key, options, make).await?;
    Ok(file(&pdf, &params))
}

fn readable(web: &Web, visitor: &Visitor) -> Result<(), WebError> {
    if visitor.viewer().read_live(web.app.state().public_reading) {
        Ok(())
    } else {
        Err(WebError::LoginNeeded("/kurikulum".to_owned()))
    }
}

fn sesi_id(text: &str) -> Result<SesiId, WebError> {
    text.parse().map_err(|_| WebError::not_found("Sesi ini"))
}

fn options(params: &Params) -> Result<Options, WebError> {
    let bad = |message: String| {
        WebError::Invalid(vec![crate::decide::FieldError::new("kertas", message)])
    };
    let paper = match params.get("kertas") {
        "" => Paper::A4,
        other => {
            other.parse().map_err(|error: crate::print::UnknownPaper| bad(error.to_string()))?
        }
    };
    Ok(Options {
        paper,
        saving: params.get("hemat") == "ya",
        large: params.get("besar") == "ya",
        reading: params.get("bacaan") == "ya",
        two_up: params.get("dua") == "ya",
    })
}

fn key(revisions: &[&str], options: Options, rest: &str) -> Digest {
    Digest::of_bytes(format!("{revisions:?} {options:?} {rest}").as_bytes())
}

/// The file: shown by the browser, or saved when `simpan=ya` asks for it.
fn file(pdf: &Pdf, params: &Params) -> Response {
    let way = if params.get("simpan") == "ya" { "attachment" } else { "inline" };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("{way}; filename=\"{}\"", pdf.file_name)),
    ];
    (headers, pdf.bytes.clone()).into_response()
}

/// A text of a sesi with its place and edition; the live one, or the one with this number.
fn owned(web: &Web, id: &SesiId, number: Option<u16>) -> Result<Owned, WebError> {
    let (skema, modul, nomor, edition, revision) = {
        let state = web.app.state();
        let sesi = state.sesi(id).ok_or_else(|| WebError::not_found("Sesi ini"))?;
        let live = sesi.live().ok_or_else(|| no_text(&sesi.title))?;
        let edition = match number {
            Some(number) => sesi.edition(number).ok_or_else(|| WebError::not_found("Edisi ini"))?,
            None => live,
        };
        let print = EditionPrint::Published {
            number: u32::from(edition.number),
            date: edition.date,
            live: edition.number == live.number,
        };
        let place = state.placement(id);
        let nomor = place.map_or(0, |place| place.entry.nomor);
        let name = |of: fn(&Skema) -> &str| {
            place.map_or_else(String::new, |place| of(place.skema).to_owned())
        };
        let modul = place.map_or_else(|| "Panduan".to_owned(), |place| place.modul.judul.clone());
        (name(|skema| &skema.judul), modul, nomor, print, edition.revision)
    };
    let sesi = web.app.texts().get(revision)?.sesi;
    let short_url = web.config.url.as_ref().map(|_| web.config.absolute(&urls::sesi(id)));
    Ok(Owned { skema, modul, nomor, edition, short_url, revision: revision.to_string(), sesi })
}

fn no_text(title: &str) -> WebError {
    WebError::NotFound(format!(
        "Naskah sesi “{title}” belum ada, jadi belum dapat dicetak. Pilih sesi lain dari kurikulum."
    ))
}

type Book = (String, String, String, Vec<Owned>);

fn book(web: &Web, id: &ModulId) -> Result<Book, WebError> {
    let (title, series, ids) = {
        let state = web.app.state();
        let found = state.skema.iter().find_map(|skema| {
            let modul = skema.modul.iter().find(|modul| modul.id == *id)?;
            let ids: Vec<SesiId> = modul
                .sesi
                .iter()
                .filter(|entry| state.sesi(&entry.id).is_some_and(|sesi| sesi.live().is_some()))
                .map(|entry| entry.id.clone())
                .collect();
            Some((modul.judul.clone(), skema.judul.clone(), ids))
        });
        found.ok_or_else(|| WebError::not_found("Modul ini"))?
    };
    if ids.is_empty() {
        return Err(no_text(&title));
    }
    let texts = ids.iter().map(|id| owned(web, id, None)).collect::<Result<Vec<_>, _>>()?;
    Ok((title, series, format!("modul-{id}"), texts))
}

fn group_print(
    web: &Web,
    member: &Member,
    id: &str,
    params: &Params,
) -> Result<GroupPrint, WebError> {
    let state = web.app.state();
    let now = web.app.clock().now();
    let group = state
        .group(id)
        .filter(|group| member.viewer().read_group(group, group.home(Date::MAX).zone().date(now)))
        .ok_or_else(|| WebError::not_found("Kelompok ini"))?;
    let today = group.home(Date::MAX).zone().date(now);
    let date = params.date("tanggal");
    let on = date.unwrap_or(today);
    let home = group.home(on);
    let place = |level| home.at(level).map_or_else(String::new, |kode| state.place(kode));
    Ok(GroupPrint {
        id: group.id.to_string(),
        name: group.name.clone(),
        desa: group.all_desa(on).iter().map(|desa| state.place(*desa)).collect(),
        kecamatan: place(Level::Kecamatan),
        kabupaten: place(Level::Kabupaten),
        place: None,
        pendamping: group.pendamping(on).map(|id| state.account_name(id).to_owned()),
        members: u32::from(group.members(on)),
        seats: seats::active(&group.seats, on).map(|seat| u32::from(seat.number)).collect(),
        date,
        hours: None,
        last_taught: last_taught(&state, group, on),
    })
}

fn last_taught(state: &World, group: &Kelompok, on: Date) -> Vec<LastTaught> {
    let setting = state.setting();
    let meetings = group.fakta.iter().rev().filter(|one| one.date <= on && setting.counts(one));
    let taught =
        meetings.flat_map(|one| one.sesi.into_iter().map(move |taught| (one.date, taught)));
    let named = taught.filter_map(|(date, taught)| {
        let sesi = state.sesi_at(taught.sesi)?;
        let title = match state.placement(&sesi.id) {
            Some(place) => format!("Sesi {}: {}", place.entry.nomor, sesi.title),
            None => sesi.title.clone(),
        };
        Some(LastTaught { date, title, extent: taught.extent.as_str().to_owned() })
    });
    named.take(RECALLED).collect()
}

fn choices(web: &Web, visitor: &Visitor, id: &str) -> Result<Cetak, WebError> {
    let id = sesi_id(id)?;
    // A sesi without a text cannot be printed; this says so.
    owned(web, &id, None)?;
    let state = web.app.state();
    let title = state.sesi(&id).map_or_else(String::new, |sesi| sesi.title.clone());
    let variant = |value, name, hint, chosen| Variant { value, name, hint, chosen };
    let mut tabs = vec![("Baca", urls::sesi(&id), "baca")];
    if state.placement(&id).is_some() {
        tabs.push(("Sajikan", urls::sesi_part(&id, "sajian"), "sajikan"));
    }
    tabs.push(("Cetak", format!("/cetak/sesi/{id}"), "cetak"));
    tabs.push(("Riwayat", urls::sesi_part(&id, "riwayat"), "riwayat"));
    Ok(Cetak {
        page: web.page(visitor, "/kurikulum"),
        trail: vec![
            Link::new("Kurikulum", "/kurikulum"),
            Link::new(title.clone(), urls::sesi(&id)),
        ],
        action: format!("/cetak/sesi/{id}.pdf"),
        tabs: tabs
            .into_iter()
            .map(|(name, href, icon)| Tab {
                name: name.to_owned(),
                href,
                icon,
                active: icon == "cetak",
            })
            .collect(),
        variants: vec![
            variant(
                "panduan",
                "Panduan fasilitator",
                "Langkah demi langkah, dengan lembar kerja.",
                true,
            ),
            variant("keluarga", "Lembar keluarga", "Satu halaman untuk dibawa pulang.", false),
            variant(
                "lembar-balik",
                "Lembar balik",
                "Huruf besar, catatan fasilitator di baliknya.",
                false,
            ),
            variant("lembar-kerja", "Lembar kerja dan evaluasi", "Untuk diisi bersama.", false),
        ],
        papers: vec![
            variant("a4", "A4", "210 x 297 mm", true),
            variant("f4", "F4 (folio)", "215 x 330 mm", false),
            variant(
                "f4-210",
                "F4 sempit",
                "210 x 330 mm, untuk pencetak yang memotong tepi.",
                false,
            ),
            variant("a5", "A5", "Separuh A4, untuk buku saku.", false),
        ],
        saving: false,
        sheets: String::new(),
        packs: packs(web, visitor, &state, &id),
        title,
    })
}

fn packs(web: &Web, visitor: &Visitor, state: &World, id: &SesiId) -> Vec<Pack> {
    let today = Zone::Wib.date(web.app.clock().now());
    let viewer = visitor.viewer();
    let mine = state.groups().iter().filter(|group| viewer.meets(group, today));
    mine.map(|group| Pack {
        name: group.name.clone(),
        href: format!("/cetak/paket/{}/{id}.pdf", group.id),
        facts: format!("{}, {} anggota", state.place(group.home(today)), group.members(today)),
    })
    .collect()
}
