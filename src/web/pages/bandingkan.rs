//! Two editions of a sesi, word by word.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::response::Response;
use axum::routing::get;

use crate::bahasa::{angka, tanggal};
use crate::curriculum::diff::{self, Change, Diff, DiffItem, DiffParagraph, SpanKind};
use crate::curriculum::ids::RevisionId;
use crate::state::{Edition, SesiState, State};
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{Params, PathParts, Visitor};
use crate::web::page::{Link, Page, show};

use super::reading::{Place, Reader, SesiHead, blocking, known_sesi, sesi_id};
use super::riwayat::comparison;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/sesi/{id}/bandingkan", get(get_comparison))
}

#[derive(Template)]
#[template(path = "pages/bandingkan.html")]
struct Bandingkan {
    page: Page,
    trail: Vec<Link>,
    title: String,
    from: Side,
    to: Side,
    diff: DiffView,
    swap: String,
    print: String,
}

struct Side {
    label: String,
    facts: String,
}

/// A difference as `parts/diff.html` shows it.
#[derive(Debug, Default)]
pub(super) struct DiffView {
    pub(super) sentence: String,
    pub(super) only_layout: bool,
    pub(super) hunks: Vec<HunkView>,
}

/// Changes under one heading.
#[derive(Debug)]
pub(super) struct HunkView {
    pub(super) heading: String,
    pub(super) items: Vec<ItemView>,
}

/// A paragraph, or the words that stand for some that are the same.
#[derive(Debug, Default)]
pub(super) struct ItemView {
    pub(super) folded: Option<String>,
    pub(super) change: &'static str,
    /// `head` or `point` of a list; empty for a plain paragraph.
    pub(super) kind: &'static str,
    pub(super) spans: Vec<SpanView>,
}

impl ItemView {
    /// Whether it says no more than the heading above it.
    fn is(&self, heading: &str) -> bool {
        let same = self.kind == "head" && self.change == "same";
        same && matches!(self.spans.as_slice(), [only] if only.text.trim() == heading)
    }
}

/// A run of words: `equal`, `insert` or `delete`.
#[derive(Debug)]
pub(super) struct SpanView {
    pub(super) kind: &'static str,
    pub(super) text: String,
}

impl DiffView {
    /// Compares two texts; takes milliseconds, so not on a thread that serves.
    pub(super) fn of(old: &str, new: &str) -> Self {
        let found = diff::diff(old, new);
        Self {
            sentence: sentence(&found),
            only_layout: found.only_layout,
            hunks: found
                .hunks
                .into_iter()
                .map(|hunk| HunkView {
                    items: hunk
                        .items
                        .into_iter()
                        .map(item)
                        .filter(|one| !one.is(&hunk.heading))
                        .collect(),
                    heading: hunk.heading,
                })
                .collect(),
        }
    }
}

fn sentence(diff: &Diff) -> String {
    let count = |words: usize, what| format!("{} kata {what}", angka::count(words as u64));
    match (diff.inserted_words, diff.deleted_words) {
        (0, 0) if diff.hunks.is_empty() => "Kedua naskah sama.".to_owned(),
        (0, 0) => "Hanya tanda baca yang berubah.".to_owned(),
        (new, 0) => format!("{}.", count(new, "baru")),
        (0, gone) => format!("{}.", count(gone, "dihapus")),
        (new, gone) => format!("{}, {}.", count(new, "baru"), count(gone, "dihapus")),
    }
}

fn item(item: DiffItem) -> ItemView {
    match item {
        DiffItem::Folded(count) => ItemView {
            folded: Some(format!("{} paragraf sama", angka::count(count as u64))),
            ..ItemView::default()
        },
        DiffItem::Paragraph(paragraph) => shown(paragraph),
    }
}

fn shown(paragraph: DiffParagraph) -> ItemView {
    let mut spans: Vec<SpanView> = paragraph
        .spans
        .into_iter()
        .map(|span| SpanView {
            kind: match span.kind {
                SpanKind::Equal => "equal",
                SpanKind::Insert => "insert",
                SpanKind::Delete => "delete",
            },
            text: span.text,
        })
        .collect();
    ItemView {
        kind: spans.first_mut().map_or("", |first| unmark(&mut first.text)),
        folded: None,
        change: match paragraph.change {
            Change::Same => "same",
            Change::Changed => "changed",
            Change::Added => "added",
            Change::Removed => "removed",
        },
        spans,
    }
}

/// Takes the mark of a heading or of a point off the front of a text, and says which it was: the
/// page shows them as what they are.
fn unmark(text: &mut String) -> &'static str {
    let bare = text.trim_start_matches('#');
    let (rest, kind) = match (bare.strip_prefix(' '), text.strip_prefix("- ")) {
        (Some(rest), _) if bare.len() < text.len() => (rest, "head"),
        (_, Some(rest)) => (rest, "point"),
        _ => return "",
    };
    *text = rest.to_owned();
    kind
}

async fn get_comparison(
    Shared(web): Shared<Web>,
    Reader(visitor): Reader,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let id = sesi_id(&parts)?;
    let page = web.page(&visitor, "/kurikulum");
    let (mut view, revisions) = {
        let state = web.app.state();
        let sesi = known_sesi(&state, &id)?;
        let chosen = chosen(sesi, &params)?;
        (view(page, &state, (&visitor, sesi), chosen), chosen.map(|one| one.revision))
    };
    view.diff = blocking(move || compare(&web, revisions)).await??;
    show(&view)
}

fn compare(web: &Web, [from, to]: [RevisionId; 2]) -> Result<DiffView, WebError> {
    let (from, to) = (web.app.texts().get(from)?, web.app.texts().get(to)?);
    Ok(DiffView::of(from.sesi.source(), to.sesi.source()))
}

/// The two editions that the address names; without names the live one and the one before it.
fn chosen<'a>(sesi: &'a SesiState, params: &Params) -> Result<[&'a Edition; 2], WebError> {
    let missing = || WebError::not_found("Edisi ini");
    let live = sesi.live().ok_or_else(missing)?;
    let named = |name: &str, default: Option<&'a Edition>| {
        let number = params.whole(name, 1..=u16::MAX)?;
        number.map_or(default, |number| sesi.edition(number)).ok_or_else(missing)
    };
    let to = named("ke", Some(live))?;
    let before = sesi.editions.iter().rev().find(|one| one.number < to.number);
    let from = named("dari", before.or(Some(to)))?;
    Ok([from, to])
}

fn view(
    page: Page,
    state: &State,
    (visitor, sesi): (&Visitor, &SesiState),
    [from, to]: [&Edition; 2],
) -> Bandingkan {
    let head = SesiHead::of(state, visitor, sesi, Place::History);
    Bandingkan {
        page,
        trail: head.trail_below(),
        title: head.title,
        from: side(sesi, from),
        to: side(sesi, to),
        diff: DiffView::default(),
        swap: comparison(sesi, to.number, from.number),
        print: format!("/cetak/perubahan/{}.pdf?dari={}&ke={}", sesi.id, from.number, to.number),
    }
}

fn side(sesi: &SesiState, edition: &Edition) -> Side {
    let since = tanggal::long(edition.date);
    let next = sesi.editions.iter().find(|one| one.number > edition.number);
    let facts = match next {
        Some(next) => format!("berlaku {since} sampai {}", tanggal::long(next.date)),
        None => format!("berlaku sejak {since}"),
    };
    Side { label: format!("Edisi {}", edition.number), facts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_markdown_become_what_they_mean() {
        for (text, kind, bare) in [
            ("## Persiapan", "head", "Persiapan"),
            ("- gunting", "point", "gunting"),
            ("-5 menit", "", "-5 menit"),
            ("#tanpa spasi", "", "#tanpa spasi"),
            ("Salam.", "", "Salam."),
            ("", "", ""),
        ] {
            let mut left = text.to_owned();
            assert_eq!((unmark(&mut left), left.as_str()), (kind, bare), "{text}");
        }
    }

    #[test]
    fn a_heading_is_not_said_twice() {
        let old = "# Coba\n\n## Persiapan\n\n- gunting\n";
        let view = DiffView::of(old, &old.replace("gunting", "lem"));
        assert_eq!(view.hunks.len(), 1);
        let items: Vec<_> = view.hunks[0].items.iter().map(|one| (one.kind, one.change)).collect();
        assert!(
            !items.iter().any(|(kind, change)| *kind == "head" && *change == "same"),
            "{items:?}"
        );
    }
}
