//! What was searched for and not found, for those who write the texts.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::search::Unfound;
use crate::bahasa::{angka, tanggal};
use crate::curriculum::synonyms::SYNONYMS_PAGE;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::page::{Done, Page, lead_to_done, show};
use crate::web::{Web, urls};

use super::super::reading::blocking;

const HERE: &str = "/cari/belum-ditemukan";

#[derive(Template)]
#[template(path = "pages/cari_belum.html")]
struct Belum {
    page: Page,
    words: Vec<Words>,
    /// Where words that mean the same are written; none for those who may not write.
    synonyms: Option<String>,
}

struct Words {
    words: String,
    href: String,
    facts: String,
}

/// Whoever writes or reviews texts.
fn insider(member: &Member) -> Result<(), WebError> {
    if member.viewer().read_drafts() {
        return Ok(());
    }
    Err(WebError::Forbidden(
        "Halaman ini untuk pelatih dan penelaah. Hubungi admin wilayah Anda bila ini tugas Anda."
            .to_owned(),
    ))
}

/// `3 kali, terakhir 21 November 2026`.
pub(crate) fn facts(one: &Unfound) -> String {
    let part = if one.in_part { ", baru sebagian katanya ada" } else { "" };
    let times = angka::count(u64::from(one.times));
    format!("{times} kali, terakhir {}{part}", tanggal::long(one.last))
}

pub(super) async fn get_list(State(web): State<Web>, member: Member) -> Result<Response, WebError> {
    insider(&member)?;
    let app = std::sync::Arc::clone(&web.app);
    let unfound = blocking(move || app.unfound()).await?;
    let words = unfound.iter().map(|one| Words {
        words: one.words.clone(),
        href: format!("/cari?q={}", urls::encode(&one.words)),
        facts: facts(one),
    });
    let synonyms = urls::sesi_part(SYNONYMS_PAGE, "sunting");
    show(&Belum {
        page: web.page(&member.visitor(), HERE),
        words: words.collect(),
        synonyms: member.viewer().write_draft().then_some(synonyms),
    })
}

/// Takes words off the list. Sent twice, the second finds nothing to take.
pub(super) async fn post_done(
    State(web): State<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    insider(&member)?;
    let words = form.get("words").to_owned();
    blocking(move || web.app.forget_unfound(&words)).await?;
    Ok(lead_to_done(HERE, Done::Forgotten))
}
