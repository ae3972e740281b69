//! Home of a pelatih or penelaah: what waits for review, drafts, what is stale.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::curriculum::ids::{RevisionId, SesiId};
use crate::ids::AccountId;
use crate::kelompok::wilayah::Zone;
use crate::people::account::Role;
use crate::state::{SesiState, State};
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::Page;
use crate::web::parts::when;
use crate::web::{Web, urls};

use super::super::cari::unfound_facts;

#[derive(Template)]
#[template(path = "pages/beranda_pelatih.html")]
pub(super) struct Beranda {
    page: Page,
    greeting: String,
    today: String,
    reviews: Vec<Review>,
    drafts: Vec<OwnDraft>,
    stale: Vec<Stale>,
    notes: Vec<Note>,
    unfound: Vec<Unfound>,
}

struct Review {
    title: String,
    href: String,
    facts: String,
    mine: bool,
}

struct OwnDraft {
    title: String,
    href: String,
    facts: String,
    returned: Option<String>,
}

struct Stale {
    title: String,
    href: String,
    facts: String,
}

/// A note from the field; none is kept yet.
struct Note {
    text: String,
    title: String,
    href: String,
    facts: String,
}

/// A search without a result.
struct Unfound {
    words: String,
    href: String,
    times: String,
}

/// So many searches without a result are shown at home; the others have a page of their own.
const UNFOUND: usize = 5;

/// A sesi, with what is read about it without holding the state.
struct Known {
    id: SesiId,
    title: String,
    live: Option<RevisionId>,
    returned: Option<String>,
}

pub(super) fn page(web: &Web, member: &Member) -> Result<Beranda, WebError> {
    let today = when::today(web);
    let me = member.account.id;
    let (reviews, known) = {
        let state = web.app.state();
        let known: Vec<Known> = state.all_sesi().map(|(_, sesi)| known(sesi)).collect();
        (reviews(&state, me), known)
    };
    let first = member.account.name.split_whitespace().next().unwrap_or("");
    Ok(Beranda {
        page: web.page(&member.visitor(), "/"),
        greeting: format!("Selamat bekerja, {first}"),
        today: tanggal::with_day(today),
        reviews,
        drafts: if member.account.has_role(Role::Pelatih) {
            drafts(web, me, &known)
        } else {
            Vec::new()
        },
        stale: stale(web, today, &known)?,
        notes: Vec::new(),
        unfound: unfound(web),
    })
}

fn unfound(web: &Web) -> Vec<Unfound> {
    let commonest = web.app.unfound().into_iter().take(UNFOUND);
    let shown = commonest.map(|one| Unfound {
        href: format!("/cari?q={}", urls::encode(&one.words)),
        times: unfound_facts(&one),
        words: one.words,
    });
    shown.collect()
}

fn known(sesi: &SesiState) -> Known {
    Known {
        id: sesi.id.clone(),
        title: sesi.title.clone(),
        live: sesi.live().map(|edition| edition.revision),
        returned: sesi.returned.as_ref().map(|returned| returned.reason.clone()),
    }
}

fn reviews(state: &State, me: AccountId) -> Vec<Review> {
    state
        .all_sesi()
        .filter_map(|(_, sesi)| {
            let submission = sesi.submission.as_ref()?;
            let names: Vec<&str> =
                submission.authors.iter().map(|id| state.account_name(*id)).collect();
            Some(Review {
                title: sesi.title.clone(),
                href: format!("/tinjauan/{}", sesi.id),
                facts: format!(
                    "Diajukan {} oleh {}",
                    tanggal::long(Zone::Wib.date(submission.at)),
                    angka::list(&names)
                ),
                mine: submission.authors.contains(&me),
            })
        })
        .collect()
}

/// Drafts in which the person wrote; one that cannot be read is left out and logged.
fn drafts(web: &Web, me: AccountId, known: &[Known]) -> Vec<OwnDraft> {
    known
        .iter()
        .filter_map(|sesi| {
            let draft = match web.app.draft(&sesi.id) {
                Ok(draft) => draft.filter(|draft| draft.authors.contains(&me))?,
                Err(error) => {
                    tracing::error!(%error, sesi = %sesi.id, "a draft could not be read");
                    return None;
                }
            };
            Some(OwnDraft {
                title: sesi.title.clone(),
                href: urls::sesi_part(&sesi.id, "sunting"),
                facts: format!("Disimpan {}", when::moment(draft.saved_at, Zone::Wib)),
                returned: sesi.returned.clone(),
            })
        })
        .collect()
}

/// Live texts whose review-by date has passed.
fn stale(web: &Web, today: Date, known: &[Known]) -> Result<Vec<Stale>, WebError> {
    let mut stale = Vec::new();
    for sesi in known {
        let Some(revision) = sesi.live else { continue };
        let text = match web.app.texts().get(revision) {
            Err(error) if error.is_lost() => continue,
            other => other?,
        };
        if let Some(by) = text.sesi.front.tinjau_sebelum.filter(|by| *by < today) {
            stale.push(Stale {
                title: sesi.title.clone(),
                href: urls::sesi(&sesi.id),
                facts: format!("Seharusnya diperiksa sebelum {}", tanggal::long(by)),
            });
        }
    }
    Ok(stale)
}
