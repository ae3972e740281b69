//! Home of someone who has not logged in, or holds no role.

use askama::Template;

use crate::web::extract::Visitor;
use crate::web::page::{Link, Page};
use crate::web::parts::address;
use crate::web::{Web, urls};

#[derive(Template)]
#[template(path = "pages/beranda_umum.html")]
pub(super) struct Umum {
    page: Page,
    reading: bool,
    logged_in: bool,
    modul: Vec<Modul>,
    examples: Vec<Example>,
}

struct Modul {
    title: String,
    href: String,
    facts: String,
}

struct Example {
    text: &'static str,
    href: String,
}

/// Searches to start from, as people type them.
const EXAMPLES: [&str; 3] = ["bumil makan apa", "cuci tangan pakai sabun", "pinjol"];

pub(super) fn page(web: &Web, visitor: &Visitor) -> Umum {
    let state = web.app.state();
    let modul = state.skema.iter().flat_map(|skema| &skema.modul).map(|modul| Modul {
        title: modul.judul.clone(),
        href: urls::modul(&modul.id),
        facts: format!("{} sesi", modul.sesi.len()),
    });
    let example = |text| Example { text, href: address("/cari", &[("q", text)]) };
    let link = Link::new("Hubungi admin wilayah Anda", "/bantuan");
    let mut page = web.page(visitor, "/");
    if visitor.account.is_some() {
        page.notices.push(crate::web::page::Notice {
            kind: "attention",
            text: "Akun Anda belum memegang peran. Mintalah peran kepada admin wilayah Anda."
                .to_owned(),
            link: Some(link),
        });
    }
    Umum {
        page,
        reading: visitor.viewer().read_live(state.public_reading),
        logged_in: visitor.account.is_some(),
        modul: modul.collect(),
        examples: EXAMPLES.into_iter().map(example).collect(),
    }
}
