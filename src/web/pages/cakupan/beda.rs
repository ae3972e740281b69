//! The lists behind a frozen month: what counted then, and why it is another number now.

use axum::extract::State as FromState;
use axum::response::Response;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::kelompok::fakta::Fakta;
use crate::kelompok::frozen::{Number, Reason};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::state::{Hit, State};
use crate::web::error::WebError;
use crate::web::extract::{Member, Params};
use crate::web::page::{Link, show};
use crate::web::parts::ask::Ask;
use crate::web::parts::sesi::{Label, capital, labels};
use crate::web::parts::{Window, place};
use crate::web::{Web, urls};

use super::daftar::{self, Daftar, PAGE_ROWS, Row};

/// The figure in words.
pub(in crate::web::pages) fn name(number: Number) -> &'static str {
    match number {
        Number::Groups => "Kelompok aktif",
        Number::Expected => "Diharapkan bertemu",
        Number::Actual => "Bertemu",
        Number::OnTime => "Dicatat tepat waktu",
        Number::Covered => "Sesi tuntas",
        Number::Target => "Sesi sasaran",
    }
}

/// The reason in words.
pub(in crate::web::pages) fn word(reason: Reason, gain: bool) -> &'static str {
    match (reason, gain) {
        (Reason::Menyusul, _) => "menyusul",
        (Reason::Dikoreksi, _) => "dikoreksi",
        (Reason::Ditarik, _) => "ditarik",
        (Reason::Penangguhan, _) => "karena penangguhan",
        (Reason::Kelompok, true) => "kelompok baru dicatat",
        (Reason::Kelompok, false) => "kelompok tidak aktif lagi",
        (Reason::Pindah, true) => "pindah ke sini",
        (Reason::Pindah, false) => "pindah ke wilayah lain",
        (Reason::Sasaran, _) => "karena sasaran berubah",
    }
}

fn meaning(part: Option<(Reason, bool)>) -> &'static str {
    match part.map(|(reason, _)| reason) {
        None => "Dihitung seperti yang diketahui ketika bulan itu dibekukan.",
        Some(Reason::Menyusul) => "Catatannya baru diterima sesudah bulan itu dibekukan.",
        Some(Reason::Dikoreksi) => "Catatannya diubah sesudah bulan itu dibekukan.",
        Some(Reason::Ditarik) => "Catatannya ditarik sesudah bulan itu dibekukan.",
        Some(Reason::Penangguhan) => "Penangguhan dicatat atau diubah sesudah bulan itu dibekukan.",
        Some(Reason::Kelompok) => {
            "Kelompok dicatat, berakhir, digabung atau dipecah sesudah bulan itu dibekukan."
        }
        Some(Reason::Pindah) => "Kelompok kini termasuk wilayah lain.",
        Some(Reason::Sasaran) => "Daftar sesi sasaran diubah sesudah bulan itu dibekukan.",
    }
}

/// The list behind a figure of then, or behind one part of its difference; none for those who see
/// totals only.
pub(in crate::web::pages) fn href(
    ask: &Ask,
    number: Number,
    part: Option<(Reason, bool)>,
) -> Option<String> {
    let (reason, way) = part.map_or(("", ""), |(reason, gain)| {
        (reason.as_str(), if gain { "tambah" } else { "kurang" })
    });
    let more = [("angka", number.as_str()), ("alasan", reason), ("arah", way)];
    ask.scope.names.then(|| ask.href("/cakupan/beda", &more))
}

pub(super) async fn get_list(
    FromState(web): FromState<Web>,
    member: Member,
    params: Params,
) -> Result<Response, WebError> {
    show(&page(&web, &member, &params)?)
}

fn page(web: &Web, member: &Member, params: &Params) -> Result<Daftar, WebError> {
    let state = web.app.state();
    let missing = || WebError::not_found("Daftar ini");
    let ask = Ask::of(web, &state, member, params)?;
    ask.scope.must_name()?;
    let area = ask.scope.area().ok_or_else(missing)?;
    let month = ask.month.ok_or_else(missing)?;
    let numbers = Number::ALL.map(Number::as_str);
    let number = params.meant("angka", &numbers, Number::parse)?.ok_or_else(missing)?;
    let more = params.word("arah", &["tambah", "kurang"])? != "kurang";
    let reason = params.meant("alasan", &Reason::ALL.map(Reason::as_str), Reason::parse)?;
    let part = reason.map(|reason| (reason, more));
    let found = state.difference(area, month, number).ok_or_else(missing)?;
    let hits: Vec<Hit> = match part {
        None => state.frozen_hits(area, month, number),
        Some((reason, gain)) => found
            .parts
            .into_iter()
            .find(|one| one.reason == reason && one.gain == gain)
            .map_or_else(Vec::new, |one| one.hits),
    };
    let window = Window::new(params.page()?, PAGE_ROWS, hits.len());
    let labels = labels(&state);
    let rows = hits[window.range()]
        .iter()
        .filter_map(|hit| row(&state, (number, month), *hit, &labels))
        .collect();
    let here = |hal: &str| {
        let more = [
            ("angka", number.as_str()),
            ("alasan", params.get("alasan")),
            ("arah", params.get("arah")),
            ("hal", hal),
        ];
        ask.href("/cakupan/beda", &more)
    };
    let things = if number.of_cells() { "pasangan kelompok dan sesi" } else { "kelompok" };
    let title = match part {
        None => format!("{}, saat itu", name(number)),
        Some((reason, gain)) => format!("{}: {}", name(number), word(reason, gain)),
    };
    Ok(Daftar {
        page: web.page(&member.visitor(), "/laporan"),
        trail: vec![
            Link::new(ask.scope.name(&state), ask.href("/cakupan", &[])),
            Link::new(tanggal::month(month.first()), ask.href("/laporan", &[])),
        ],
        title,
        sentence: format!(
            "{} {things}{} pada {}. Saat dibekukan {}, kini {}.",
            angka::count(hits.len() as u64),
            daftar::of(&state, &ask, number.of_cells()),
            tanggal::month(month.first()),
            angka::count(found.then.into()),
            angka::count(found.now.into())
        ),
        meaning: meaning(part),
        tabs: Vec::new(),
        rows,
        pages: window.pages(here),
        date_head: "Pertemuan",
        files: Vec::new(),
    })
}

fn row(
    state: &State,
    (number, month): (Number, Month),
    (ix, sesi): Hit,
    labels: &[Label],
) -> Option<Row> {
    let group = state.group_at(ix)?;
    let behind = behind(group, month, sesi);
    let text = match sesi.and_then(|ix| labels.get(usize::from(ix))) {
        Some(label) => capital(&label.short),
        None => name(number).to_owned(),
    };
    Some(Row {
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(state, group.home(Date::MAX)),
        status: "",
        text,
        date: behind.as_ref().map_or_else(String::new, |fakta| tanggal::short(fakta.date)),
        date_href: behind.map(|fakta| urls::pertemuan(fakta.id)),
    })
}

/// The pertemuan that was recorded or changed last, of those that the figure rests on.
fn behind(group: &Kelompok, month: Month, sesi: Option<u16>) -> Option<Fakta> {
    let about = |fakta: &Fakta| match sesi {
        Some(ix) => fakta.date <= month.last() && fakta.sesi.iter().any(|one| one.sesi == ix),
        None => month.contains(fakta.date),
    };
    group.fakta.iter().filter(about).max_by_key(|fakta| fakta.version)
}
