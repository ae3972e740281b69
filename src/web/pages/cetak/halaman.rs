//! The pages with the choices before printing: what they will cost in paper, and how it looks.

use askama::Template;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::angka;
use crate::curriculum::ids::{ModulId, SesiId};
use crate::print::{Paper, Preview};
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, Params, PathParts, Values, Visitor};
use crate::web::page::{Link, Page, Tab, show};
use crate::web::parts::glance::Eye;
use crate::web::parts::sesi::{all_in_order, by_modul, labels};
use crate::web::print::Job;
use crate::web::{Web, urls};

use super::pilihan::Chosen;
use super::sumber::{book, group_print};
use super::{MAX_COPIES, folio, modul_job, pack_job, sesi_job};
use crate::web::pages::reading::{Place, SesiHead, blocking, known_sesi, own_groups};

/// One of several choices; `hint` may be empty.
struct Choice {
    name: &'static str,
    value: String,
    label: String,
    hint: &'static str,
    chosen: bool,
}

/// The sesi of a modul, for the pack.
struct Shelf {
    title: String,
    sesi: Vec<Choice>,
    open: bool,
}

/// What the choices come to.
#[derive(Debug, Default)]
struct Outcome {
    /// `7 halaman: 7 lembar A4 ...`; empty where it cannot be printed.
    sheets: String,
    /// What to watch when it is printed; may be empty.
    advice: &'static str,
    /// Why it cannot be printed.
    problem: String,
    /// The file, as it is passed on: without what is remembered.
    href: String,
    file_name: String,
    /// The picture of the first page, with its size.
    picture: String,
    width: u32,
    height: u32,
    share: Option<Share>,
}

/// What is passed on as a message: one text with the public address in it.
#[derive(Debug)]
struct Share {
    title: String,
    text: String,
}

struct Pack {
    name: String,
    href: String,
    choose: String,
    facts: String,
}

#[derive(Template)]
#[template(path = "pages/cetak.html")]
struct Cetak {
    page: Page,
    trail: Vec<Link>,
    here: &'static str,
    title: String,
    lead: String,
    tabs: Vec<Tab>,
    /// The page itself, and the file.
    action: String,
    file: String,
    hidden: Vec<(&'static str, String)>,
    variants: Vec<Choice>,
    papers: Vec<Choice>,
    switches: Vec<Choice>,
    shelves: Vec<Shelf>,
    date: Option<String>,
    copies: Option<u32>,
    outcome: Outcome,
    packs: Vec<Pack>,
}

pub(super) const VARIANTS: [(&str, &str, &str); 4] = [
    ("panduan", "Panduan fasilitator", "Langkah demi langkah, dengan lembar kerja."),
    ("keluarga", "Lembar keluarga", "Satu halaman untuk dibawa pulang."),
    ("lembar-balik", "Lembar balik", "Gambar dan huruf besar, catatan fasilitator di baliknya."),
    ("lembar-kerja", "Lembar kerja dan evaluasi", "Untuk diisi bersama."),
];

const PAPERS: [(Paper, &str, &str); 6] = [
    (Paper::A4, "A4", "210 x 297 mm"),
    (Paper::F4, "F4 (folio)", "215 x 330 mm"),
    (Paper::F4Narrow, "F4 sempit", "210 x 330 mm, bila pencetak memotong tepi F4."),
    (Paper::A5, "A5", "Separuh A4."),
    (Paper::A5Booklet, "A5 lipat", "Buku saku: dua halaman di satu sisi A4, lalu dilipat."),
    (Paper::A3, "A3", "Dua kali A4, untuk lembar balik saja."),
];

/// Name, label, hint, and the documents that it changes; none means all of them.
const SWITCHES: [(&str, &str, &str, &[&str]); 5] = [
    ("hemat", "Hemat tinta", "Tanpa bidang berwarna. Tetap terbaca setelah difotokopi.", &[]),
    ("besar", "Huruf besar", "Lebih mudah dibaca, lebih banyak lembar.", &[]),
    (
        "bacaan",
        "Dengan bahan bacaan",
        "Bahan bacaan dan tanya jawab di belakang panduan.",
        &["panduan", "modul", "paket"],
    ),
    (
        "dua",
        "Dua lembar keluarga di satu kertas",
        "Dipotong di tengah. Naskah yang panjang tetap satu halaman.",
        &["keluarga", "paket"],
    ),
    (
        "jilid",
        "Dijilid di tepi atas",
        "Berdiri di meja: catatan ada di balik lembar sebelumnya.",
        &["lembar-balik"],
    ),
];

fn variants(chosen: &str) -> Vec<Choice> {
    let one = |(value, label, hint): (&str, &str, &'static str)| Choice {
        name: "varian",
        value: value.to_owned(),
        label: label.to_owned(),
        hint,
        chosen: value == chosen,
    };
    VARIANTS.into_iter().map(one).collect()
}

/// The papers that fit. Of the two widths of folio an office that buys the narrow one needs only that.
fn papers(web: &Web, chosen: Chosen, fitting: impl Fn(Paper) -> bool) -> Vec<Choice> {
    let narrow = folio(web) == Paper::F4Narrow.size_mm().0;
    let one = |(paper, label, hint): (Paper, &str, &'static str)| Choice {
        name: "kertas",
        value: paper.name().to_ascii_lowercase(),
        label: label.to_owned(),
        hint,
        chosen: paper == chosen.options.paper,
    };
    let offered = |paper: Paper| fitting(paper) && !(narrow && paper == Paper::F4);
    PAPERS.into_iter().filter(|(paper, ..)| offered(*paper)).map(one).collect()
}

/// The switches of one of the documents.
fn switches(chosen: Chosen, documents: &[&str]) -> Vec<Choice> {
    let changes = |of: &[&str]| of.is_empty() || of.iter().any(|one| documents.contains(one));
    let one = |(name, label, hint, of): (&'static str, &str, &'static str, &[&str])| Choice {
        name,
        // The style sheet shows a switch only beside the documents that it changes.
        value: of.first().map_or_else(String::new, |of| format!("untuk-{of}")),
        label: label.to_owned(),
        hint,
        chosen: chosen.is_on(name),
    };
    SWITCHES.into_iter().filter(|(.., of)| changes(of)).map(one).collect()
}

/// The choices of one sesi.
pub(super) async fn sesi(
    web: &Web,
    visitor: &Visitor,
    id: &SesiId,
    (params, headers): (&Params, &HeaderMap),
) -> Result<Response, WebError> {
    let chosen = Chosen::said_or_last(params, headers, folio(web))?;
    let known: Vec<&str> = VARIANTS.iter().map(|(value, ..)| *value).collect();
    let variant = match params.word("varian", &known)? {
        "" => "panduan",
        asked => asked,
    };
    // A paper that was only remembered yields to the document.
    let chosen = if params.has("kertas") { chosen } else { fitting(chosen, variant) };
    let number = params.whole("edisi", 1..=u16::MAX)?;
    let job = sesi_job(web, id, (variant, number), chosen).await?;
    let mut query = format!("varian={variant}&{}", chosen.query());
    if let Some(number) = number {
        query.push_str(&format!("&edisi={number}"));
    }
    let stem = urls::cetak_sesi(id);
    let mut outcome = outcome(web, job, &stem, &query).await;
    describe(&mut outcome, chosen, variant);
    let papers = papers(web, chosen, |_| true);
    let state = web.app.state();
    let head = SesiHead::of(&state, visitor, known_sesi(&state, id)?, Place::Print);
    let name =
        VARIANTS.iter().find(|(value, ..)| *value == variant).map_or("", |(_, name, _)| name);
    outcome.share = share(web, &outcome, &format!("{name} {}: {}", head.here, head.title));
    let view = Cetak {
        page: web.page(visitor, "/kurikulum"),
        trail: head.trail_below(),
        here: "Cetak",
        title: head.title.clone(),
        lead: String::new(),
        tabs: head.tabs,
        file: format!("{stem}.pdf"),
        action: stem,
        hidden: number.map(|number| ("edisi", number.to_string())).into_iter().collect(),
        variants: variants(variant),
        papers,
        switches: switches(chosen, &["panduan", "keluarga", "lembar-balik"]),
        shelves: Vec::new(),
        date: None,
        copies: None,
        outcome,
        packs: packs(web, visitor, &state, id),
    };
    drop(state);
    shown(web, &view, (chosen, params))
}

/// A remembered paper that the document cannot be printed on becomes A4.
fn fitting(mut chosen: Chosen, variant: &str) -> Chosen {
    let fits = match chosen.options.paper {
        Paper::A3 => variant == "lembar-balik",
        Paper::A5Booklet => matches!(variant, "panduan" | "modul"),
        Paper::A4 | Paper::F4 | Paper::F4Narrow | Paper::A5 => true,
    };
    if !fits {
        chosen.options.paper = Paper::A4;
    }
    chosen
}

/// The choices of a modul as a book.
pub(super) async fn modul(
    web: &Web,
    visitor: &Visitor,
    id: &ModulId,
    (params, headers): (&Params, &HeaderMap),
) -> Result<Response, WebError> {
    let mut chosen = Chosen::said_or_last(params, headers, folio(web))?;
    if !params.has("kertas") {
        chosen = fitting(chosen, "modul");
    }
    let (all, wanted) = (web.clone(), id.clone());
    let (title, series) =
        blocking(move || book(&all, &wanted).map(|book| (book.title, book.series))).await??;
    let job = modul_job(web, id, chosen).await?;
    let stem = format!("/cetak/modul/{id}");
    let mut outcome = outcome(web, job, &stem, &chosen.query()).await;
    describe(&mut outcome, chosen, "modul");
    outcome.share = share(web, &outcome, &format!("Buku modul {title}"));
    let view = Cetak {
        page: web.page(visitor, "/kurikulum"),
        trail: vec![Link::new("Kurikulum", "/kurikulum"), Link::new(&title, urls::modul(id))],
        here: "Cetak",
        lead: format!("{series}. Satu PDF dengan daftar isi dan nomor halaman."),
        title: format!("Modul {title}"),
        tabs: Vec::new(),
        file: format!("{stem}.pdf"),
        action: stem,
        hidden: Vec::new(),
        variants: Vec::new(),
        papers: papers(web, chosen, |paper| paper != Paper::A3),
        switches: switches(chosen, &["modul"]),
        shelves: Vec::new(),
        date: None,
        copies: None,
        outcome,
        packs: Vec::new(),
    };
    shown(web, &view, (chosen, params))
}

/// `GET /cetak/paket/{kelompok}`: the choices of a pack, with any of the sesi.
pub(super) async fn get_pack(
    Shared(web): Shared<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let chosen = Chosen::for_reading(&params, &headers, folio(&web))?;
    let date = params.day("tanggal")?;
    let group = group_print(&web, &member, parts.get(0), date)?;
    let (name, id) = (group.name.clone(), group.id.clone());
    let asked: Vec<String> = params.all("sesi").map(str::to_owned).collect();
    // The form says which by naming the paper; a plain link leaves it to the plan.
    let picked = if asked.is_empty() && !params.has("kertas") { due(&web, &id) } else { asked };
    let copies = params.whole("lembar", 0..=MAX_COPIES)?.unwrap_or(group.members);
    let stem = format!("/cetak/paket/{id}");
    let mut query = picked.iter().fold(String::new(), |query, sesi| format!("{query}sesi={sesi}&"));
    query.push_str(&format!("lembar={copies}&{}", chosen.query()));
    if let Some(date) = date {
        query.push_str(&format!("&tanggal={date}"));
    }
    let mut outcome = if picked.is_empty() {
        Outcome { problem: "Pilih paling sedikit satu sesi.".to_owned(), ..Outcome::default() }
    } else {
        match pack_job(&web, group, (picked.clone(), copies), chosen).await {
            Ok(job) => outcome(&web, job, &format!("{stem}/pilihan"), &query).await,
            Err(error) => Outcome { problem: error.detail(), ..Outcome::default() },
        }
    };
    describe(&mut outcome, chosen, "paket");
    let shelves = shelves(&web.app.state(), &picked);
    let view = Cetak {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![Link::new("Kelompok", "/kelompok"), Link::new(&name, urls::kelompok(&id))],
        here: "Paket pertemuan",
        title: format!("Paket pertemuan {name}"),
        lead: "Satu PDF: daftar periksa, panduan, lembar keluarga, daftar hadir, dan berita acara."
            .to_owned(),
        tabs: Vec::new(),
        file: format!("{stem}/pilihan.pdf"),
        action: stem,
        hidden: Vec::new(),
        variants: Vec::new(),
        papers: papers(&web, chosen, |paper| !matches!(paper, Paper::A3 | Paper::A5Booklet)),
        switches: switches(chosen, &["paket"]),
        shelves,
        date: Some(date.map_or_else(String::new, |date| date.to_string())),
        copies: Some(copies),
        outcome,
        packs: Vec::new(),
    };
    shown(&web, &view, (chosen, &params))
}

/// The sesi that comes next for a kelompok, if it has a text.
fn due(web: &Web, id: &str) -> Vec<String> {
    let state = web.app.state();
    let Some(group) = state.group(id) else { return Vec::new() };
    let today = group.home(Date::MAX).zone().date(web.app.clock().now());
    let mut eye = Eye::new(&state, today);
    let glance = eye.look(group);
    let next = eye.next(&glance);
    let sesi = next.and_then(|ix| state.sesi_at(ix)).filter(|sesi| sesi.live().is_some());
    sesi.map(|sesi| sesi.id.to_string()).into_iter().collect()
}

/// Every sesi with a text under its modul; a modul with a chosen one stands open.
fn shelves(state: &State, picked: &[String]) -> Vec<Shelf> {
    let labels = labels(state);
    let live = |ix: &u16| state.sesi_at(*ix).is_some_and(|sesi| sesi.live().is_some());
    let order: Vec<_> = all_in_order(state).into_iter().filter(live).collect();
    let taught = by_modul(&labels, &order).into_iter().filter(|group| !group.id.is_empty());
    taught
        .map(|group| {
            let sesi: Vec<Choice> = group
                .sesi
                .iter()
                .filter_map(|ix| labels.get(usize::from(*ix)))
                .map(|label| Choice {
                    name: "sesi",
                    value: label.id.clone(),
                    label: label.full(),
                    hint: "",
                    chosen: picked.contains(&label.id),
                })
                .collect();
            Shelf { open: sesi.iter().any(|one| one.chosen), title: group.title, sesi }
        })
        .collect()
}

/// What a document costs and how it looks; why it cannot be printed, where that is so.
async fn outcome(web: &Web, job: Job, stem: &str, query: &str) -> Outcome {
    match web.press.preview(job).await {
        Ok(preview) => Outcome {
            sheets: preview_pages(&preview),
            href: format!("{stem}.pdf?{query}"),
            file_name: preview.file_name.clone(),
            picture: format!("{stem}.svg?{query}"),
            width: preview.size.0,
            height: preview.size.1,
            ..Outcome::default()
        },
        Err(error) => Outcome { problem: error.detail(), ..Outcome::default() },
    }
}

fn preview_pages(preview: &Preview) -> String {
    preview.sheets.pages.to_string()
}

/// Puts the number of pages into words: sheets of which paper, printed on one side or both.
fn describe(outcome: &mut Outcome, chosen: Chosen, document: &str) {
    let Ok(pages) = outcome.sheets.parse::<u64>() else { return };
    let paper = match chosen.options.paper {
        Paper::A5Booklet => "A4",
        Paper::F4Narrow => "F4",
        paper => paper.name(),
    };
    let count = |n: u64| format!("{}\u{a0}lembar {paper}", angka::count(n));
    let both = pages.div_ceil(2);
    (outcome.sheets, outcome.advice) = match document {
        "lembar-balik" => (
            format!("{}, dicetak bolak-balik", count(both)),
            "Di pencetak, pilih balik di tepi pendek supaya catatan tidak terbalik.",
        ),
        _ if chosen.options.paper == Paper::A5Booklet => (
            format!("{}, dicetak bolak-balik lalu dilipat", count(both)),
            "Di pencetak, pilih balik di tepi pendek, lalu lipat semua lembar di tengah.",
        ),
        "paket" => (
            format!("{}, dicetak satu sisi", count(pages)),
            "Lembar keluarga dibagikan satu per satu, jadi jangan dicetak bolak-balik.",
        ),
        _ if pages == 1 => (count(1), ""),
        _ => (format!("{}, atau {} bila bolak-balik", count(pages), angka::count(both)), ""),
    };
}

/// The text for a message; none where no public address is known, since a link would lead nowhere.
fn share(web: &Web, outcome: &Outcome, title: &str) -> Option<Share> {
    let known = web.config.url.is_some() && outcome.problem.is_empty();
    known.then(|| Share {
        title: title.to_owned(),
        text: format!("{title} (PDF)\n{}", web.config.absolute(&outcome.href)),
    })
}

fn packs(web: &Web, visitor: &Visitor, state: &State, id: &SesiId) -> Vec<Pack> {
    // What stands in no skema is no sesi to be taught.
    if state.placement(id).is_none() {
        return Vec::new();
    }
    let own = own_groups(state, visitor, web.app.clock().now()).into_iter();
    own.map(|(group, today)| Pack {
        name: group.name.clone(),
        href: format!("/cetak/paket/{}/{id}.pdf", group.id),
        choose: format!("/cetak/paket/{}?sesi={id}", group.id),
        facts: format!("{}, {} anggota", state.place(group.home(today)), group.members(today)),
    })
    .collect()
}

fn shown(
    web: &Web,
    view: &Cetak,
    (chosen, params): (Chosen, &Values),
) -> Result<Response, WebError> {
    let mut response = show(view)?;
    chosen.remember(web, params, &mut response);
    Ok(response)
}
