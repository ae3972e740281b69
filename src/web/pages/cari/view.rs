//! The page of results.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::angka;
use crate::curriculum::Part;
use crate::kelompok::coverage::Cell;
use crate::kelompok::group::Kelompok;
use crate::search::{Hit, Piece, Query, Reason, Results, SectionHit};
use crate::state::State as World;
use crate::web::extract::{Params, Visitor};
use crate::web::page::{Badge, Link, Page};
use crate::web::{Web, urls};

use super::super::reading::own_groups;
use super::{LAST, PAGE, is_narrowed};

/// A list to choose from has at most so many values.
const CHOICES: usize = 15;
/// So many kelompok are named below a hit; who has more finds them on the page of the sesi.
const GROUPS: usize = 12;

struct Chosen {
    value: String,
    name: String,
    chosen: bool,
}

/// One list to choose from.
struct Facet {
    field: &'static str,
    name: &'static str,
    values: Vec<Chosen>,
}

struct Filters {
    facets: Vec<Facet>,
    /// Whether drafts were asked for; none for those who may not read them.
    drafts: Option<bool>,
    /// Whether something was chosen, so that it shows.
    used: bool,
}

struct Corrected {
    shown: String,
    exact_href: String,
}

struct SectionShown {
    heading: String,
    href: String,
    snippet: Vec<Piece>,
    /// The answering words, joined by `|`, for the page that the link leads to.
    words: String,
}

struct HitShown {
    title: String,
    href: String,
    badge: Option<Badge>,
    facts: String,
    why: String,
    mine: Option<Mine>,
    sections: Vec<SectionShown>,
    actions: Vec<Link>,
}

/// What the viewer's own kelompok have of a sesi.
struct Mine {
    /// `8 dari 12 kelompok Anda sudah menerima`.
    sentence: String,
    /// Those that have not, by name.
    groups: Vec<MyGroup>,
    /// How many more there are, in words; empty for none.
    more: String,
}

struct MyGroup {
    name: String,
    status: String,
    plan: String,
    record: String,
}

struct Near {
    title: String,
    href: String,
    facts: String,
}

struct Pages {
    text: String,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/cari.html")]
pub(super) struct Cari {
    page: Page,
    query: String,
    form: Filters,
    total: String,
    corrected: Option<Corrected>,
    meant: Vec<Link>,
    notes: Vec<String>,
    /// The same query without filters, where filters left nothing.
    wider: Option<String>,
    hits: Vec<HitShown>,
    pages: Option<Pages>,
    nearest: Vec<Near>,
    modul: Vec<Near>,
    examples: Vec<Link>,
}

pub(super) fn view(
    web: &Web,
    visitor: &Visitor,
    (page, params, query): (Page, &Params, &Query),
    results: &Results,
) -> Cari {
    let state = web.app.state();
    let asked = !query.text.trim().is_empty();
    let nothing = asked && results.hits.is_empty();
    let own = Own::of(web, &state, visitor);
    let hits: Vec<HitShown> =
        results.hits.iter().map(|hit| shown(&state, visitor, &own, hit)).collect();
    Cari {
        page,
        query: results.query.clone(),
        form: filters(&state, visitor, query, results),
        total: total(results),
        corrected: results.corrected.as_ref().map(|text| Corrected {
            shown: text.clone(),
            exact_href: with(params, &[("persis", "ya")]),
        }),
        meant: results
            .did_you_mean
            .iter()
            .map(|text| Link::new(text, with(params, &[("q", text.as_str())])))
            .collect(),
        notes: if nothing { Vec::new() } else { notes(query, results) },
        wider: (nothing && is_narrowed(query)).then(|| {
            with(params, &[("modul", ""), ("bagian", ""), ("skema", ""), ("sasaran", "")])
        }),
        pages: pages(params, query.offset, hits.len(), results.total),
        hits,
        nearest: results.nearest.iter().filter(|hit| hit.score > 0.0).map(near).collect(),
        modul: if asked && !nothing { Vec::new() } else { all_modul(&state) },
        examples: if asked { Vec::new() } else { examples() },
    }
}

fn total(results: &Results) -> String {
    match results.total {
        0 => String::new(),
        total => format!("{} sesi dan halaman", angka::count(total as u64)),
    }
}

/// What the reader should know of how these hits came to be.
fn notes(query: &Query, results: &Results) -> Vec<String> {
    let mut notes = Vec::new();
    let quoted: Vec<String> = results.unknown.iter().map(|word| format!("“{word}”")).collect();
    if results.reason == Reason::Relaxed && !quoted.is_empty() {
        let words = angka::list(&quoted);
        notes.push(format!("Belum ada naskah yang memuat {words}. Hasil ini dari kata lainnya."));
    } else if !results.reason.sentence().is_empty() {
        notes.push(results.reason.sentence().to_owned());
    }
    if query.exact {
        notes.push("Hanya kata yang persis seperti Anda ketik yang dicari.".to_owned());
    }
    if results.cut {
        notes.push("Pertanyaan Anda panjang. Hanya kata-kata pertamanya yang dicari.".to_owned());
    }
    notes
}

/// The address of this page with other values; an empty one leaves the name out. A changed question
/// begins at its first page and reads words as usual.
fn with(params: &Params, other: &[(&str, &str)]) -> String {
    let changed = |name: &str| name == "mulai" || name == "persis" || is_in(other, name);
    let kept = params.pairs().iter().filter(|(name, value)| !changed(name) && !value.is_empty());
    let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
    let new = other.iter().copied().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = kept
        .chain(new)
        .map(|(name, value)| format!("{}={}", urls::encode(name), urls::encode(value)))
        .collect();
    format!("/cari?{}", pairs.join("&"))
}

fn is_in(pairs: &[(&str, &str)], name: &str) -> bool {
    pairs.iter().any(|(known, _)| *known == name)
}

fn shown(state: &World, visitor: &Visitor, own: &Own<'_>, hit: &Hit) -> HitShown {
    let (href, badge) = place(state, visitor, hit);
    let guide = !hit.places.is_empty() && hit.live;
    let mine = own.of_sesi(state, hit).filter(|_| guide);
    let mut actions = vec![Link::new("Buka", href.clone())];
    if guide {
        actions.push(Link::new("Sajikan", urls::sesi_part(&hit.sesi, "sajian")));
        actions.push(Link::new("Cetak", urls::cetak_sesi(&hit.sesi)));
    }
    let why: Vec<String> = hit.why.iter().take(2).map(|why| why.phrase()).collect();
    HitShown {
        title: hit.title.clone(),
        badge,
        facts: facts(hit),
        why: why.join(", "),
        mine,
        sections: hit.sections.iter().map(|section| section_shown(hit, &href, section)).collect(),
        href,
        actions,
    }
}

fn section_shown(hit: &Hit, href: &str, section: &SectionHit) -> SectionShown {
    let marked = section.snippet.iter().filter(|piece| piece.marked);
    let mut words: Vec<String> = marked.map(|piece| piece.text.to_lowercase()).collect();
    words.sort_unstable();
    words.dedup();
    // A draft is read in the editor, whose page has no anchors of the text.
    let anchor = hit.live || hit.edition > 0;
    let href = if anchor { format!("{href}#{}", section.anchor) } else { href.to_owned() };
    SectionShown {
        heading: section.heading.clone(),
        href,
        words: words.join("|"),
        snippet: section.snippet.clone(),
    }
}

/// Where a hit is read, and what it is where it is not the live text.
fn place(state: &World, visitor: &Visitor, hit: &Hit) -> (String, Option<Badge>) {
    let id = &hit.sesi;
    if hit.live {
        return (urls::sesi(id), None);
    }
    if hit.edition > 0 {
        let name = format!("Edisi {}, sudah diganti", hit.edition);
        return (
            format!("{}?edisi={}", urls::sesi(id), hit.edition),
            Some(Badge::new(name, "off")),
        );
    }
    let waiting = state.sesi(id).is_some_and(|sesi| sesi.submission.is_some());
    let href = if waiting {
        urls::tinjauan(id)
    } else if visitor.viewer().write_draft() {
        urls::sesi_part(id, "sunting")
    } else {
        urls::sesi(id)
    };
    (href, Some(Badge::new("Naskah, belum terbit", "attention")))
}

/// The viewer's own kelompok with what each has, looked up once for all hits.
struct Own<'a>(Vec<(&'a Kelompok, Date, Vec<Cell>)>);

impl<'a> Own<'a> {
    fn of(web: &Web, state: &'a World, visitor: &Visitor) -> Self {
        let own = own_groups(state, visitor, web.app.clock().now());
        let with_cells = |(group, today): (&'a Kelompok, Date)| {
            let cells = state.cells(group, today);
            (group, today, cells)
        };
        Self(own.into_iter().map(with_cells).collect())
    }

    /// How many of them have had the sesi, and what to do for the others.
    fn of_sesi(&self, state: &World, hit: &Hit) -> Option<Mine> {
        let at = usize::from(state.sesi_ix(&hit.sesi)?);
        if self.0.is_empty() {
            return None;
        }
        let cell = |cells: &[Cell]| cells.get(at).copied().unwrap_or_default();
        let (had, not): (Vec<_>, Vec<_>) =
            self.0.iter().partition(|(_, _, cells)| cell(cells).status.covered());
        let groups = not.iter().take(GROUPS).map(|(group, _, cells)| MyGroup {
            name: group.name.clone(),
            status: cell(cells).status.name().to_owned(),
            plan: format!("{}?sesi={}", urls::rencana(&group.id), hit.sesi),
            record: format!("{}?sesi={}", urls::catat(&group.id), hit.sesi),
        });
        let (had, all) = (angka::count(had.len() as u64), angka::count(self.0.len() as u64));
        let more = not.len().saturating_sub(GROUPS);
        Some(Mine {
            sentence: format!("{had} dari {all} kelompok Anda sudah menerima sesi ini"),
            groups: groups.collect(),
            more: if more == 0 { String::new() } else { format!("dan {more} kelompok lain") },
        })
    }
}

fn facts(hit: &Hit) -> String {
    let mut facts: Vec<String> = hit
        .places
        .iter()
        .take(1)
        .map(|place| format!("{} · Sesi {}", place.modul_title, place.nomor))
        .collect();
    facts.extend(hit.minutes.map(angka::duration));
    if hit.places.is_empty() {
        facts.push("Panduan".to_owned());
    }
    facts.join(" · ")
}

fn near(hit: &Hit) -> Near {
    Near { title: hit.title.clone(), href: urls::sesi(&hit.sesi), facts: facts(hit) }
}

fn all_modul(state: &World) -> Vec<Near> {
    let of = |modul: &crate::curriculum::skema::Modul| Near {
        title: modul.judul.clone(),
        href: urls::modul(&modul.id),
        facts: format!("{} sesi", modul.sesi.len()),
    };
    state.skema.iter().flat_map(|skema| &skema.modul).map(of).collect()
}

fn examples() -> Vec<Link> {
    [
        "bumil makan apa",
        "gimana kalau anak mencret",
        "sesi 8",
        "cara menabung",
        "tablet tambah darah",
    ]
    .iter()
    .map(|text| Link::new(*text, format!("/cari?q={}", urls::encode(text))))
    .collect()
}

/// The lists by which hits can be chosen; one that would leave no choice is left out.
fn filters(state: &World, visitor: &Visitor, query: &Query, results: &Results) -> Filters {
    let facets = &results.facets;
    let modul = facets.modul.iter().map(|(id, title, n)| (id.to_string(), title.clone(), *n));
    let parts = facets.bagian.iter().map(|(part, n)| (part.anchor(), part.title(), *n));
    let parts = parts.map(|(value, name, n)| (value.to_owned(), name.to_owned(), n));
    let audience = facets.audience.iter().map(|(who, n)| (who.clone(), upper_first(who), *n));
    let skema = facets.skema.iter().map(|(id, n)| {
        let known = state.skema.iter().find(|one| one.id == *id);
        (id.to_string(), known.map_or_else(|| id.to_string(), |one| one.judul.clone()), *n)
    });
    let part = query.bagian.map_or("", Part::anchor);
    let chosen = |id: Option<String>| id.unwrap_or_default();
    let all = [
        facet(("skema", "Kurikulum"), skema, &chosen(query.skema.as_ref().map(|s| s.to_string()))),
        facet(("modul", "Modul"), modul, &chosen(query.modul.as_ref().map(|m| m.to_string()))),
        facet(("bagian", "Bagian"), parts, part),
        facet(("sasaran", "Untuk siapa"), audience, &chosen(query.audience.clone())),
    ];
    Filters {
        facets: all.into_iter().flatten().collect(),
        drafts: visitor.viewer().read_drafts().then_some(query.include_drafts),
        used: is_narrowed(query) || query.include_drafts,
    }
}

fn facet(
    (field, name): (&'static str, &'static str),
    values: impl Iterator<Item = (String, String, usize)>,
    chosen: &str,
) -> Option<Facet> {
    // The commonest come first; a longer list is no choice.
    let mut values: Vec<Chosen> = values
        .take(CHOICES)
        .map(|(value, name, n)| Chosen {
            chosen: value == chosen,
            name: format!("{name} ({n})"),
            value,
        })
        .collect();
    if values.len() < 2 && chosen.is_empty() {
        return None;
    }
    if !chosen.is_empty() && !values.iter().any(|one| one.chosen) {
        let value = chosen.to_owned();
        values.insert(0, Chosen { name: upper_first(&value), value, chosen: true });
    }
    let all = Chosen { value: String::new(), name: "Semua".to_owned(), chosen: chosen.is_empty() };
    values.insert(0, all);
    Some(Facet { field, name, values })
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn pages(params: &Params, offset: usize, shown: usize, total: usize) -> Option<Pages> {
    if total <= PAGE {
        return None;
    }
    let exact = params.get("persis").to_owned();
    let at = |start: usize| with(params, &[("persis", &exact), ("mulai", &start.to_string())]);
    Some(Pages {
        text: format!("{} sampai {} dari {total}", offset + 1, offset + shown),
        previous: (offset > 0).then(|| at(offset.saturating_sub(PAGE))),
        next: (offset + shown < total.min(LAST as usize)).then(|| at(offset + PAGE)),
    })
}
