//! What stands on paper, taken from the state: texts with their places, books, a kelompok.

use std::sync::Arc;

use jiff::civil::Date;

use crate::curriculum::ids::{ModulId, SesiId};
use crate::curriculum::sesi::Sesi;
use crate::curriculum::skema::Skema;
use crate::kelompok::group::Kelompok;
use crate::kelompok::seats;
use crate::kelompok::wilayah::Level;
use crate::print::{BookModul, EditionPrint, GroupPrint, LastTaught, SesiPrint, weight};
use crate::state::State as World;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::pages::pendek;

/// How many past sesi the cover of a pack recalls.
const RECALLED: usize = 3;

/// A text with what stands on its paper beside it, without borrowing from the state.
pub(super) struct Owned {
    skema: String,
    pub(super) modul: String,
    pub(super) nomor: u32,
    pub(super) edition: EditionPrint,
    pub(super) short_url: Option<String>,
    pub(super) revision: String,
    pub(super) sesi: Arc<Sesi>,
}

impl Owned {
    pub(super) fn print(&self) -> SesiPrint<'_> {
        SesiPrint {
            skema: self.skema.clone(),
            modul: self.modul.clone(),
            nomor: self.nomor,
            edition: self.edition,
            short_url: self.short_url.clone(),
            sesi: &self.sesi,
        }
    }

    /// How much there is to lay out.
    pub(super) fn weight(&self) -> usize {
        weight(self.sesi.source())
    }
}

/// A text of a sesi with its place and edition; the live one, or the one with this number.
pub(super) fn owned(web: &Web, id: &SesiId, number: Option<u16>) -> Result<Owned, WebError> {
    let (skema, modul, nomor, edition, revision, code) = {
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
        (
            name(|skema| &skema.judul),
            modul,
            nomor,
            print,
            edition.revision,
            pendek::code(&state, id),
        )
    };
    let sesi = web.app.texts().get(revision)?.sesi;
    let short_url = web.config.url.as_ref().map(|_| web.config.absolute(&format!("/s/{code}")));
    Ok(Owned { skema, modul, nomor, edition, short_url, revision: revision.to_string(), sesi })
}

pub(super) fn no_text(title: &str) -> WebError {
    WebError::NotFound(format!(
        "Naskah sesi “{title}” belum ada, jadi belum dapat dicetak. Pilih sesi lain dari kurikulum."
    ))
}

/// A modul with the texts of its sesi.
pub(super) struct Book {
    pub(super) title: String,
    pub(super) series: String,
    pub(super) texts: Vec<Owned>,
}

impl Book {
    /// The day of the newest edition in it.
    pub(super) fn date(&self) -> Option<Date> {
        let dates = self.texts.iter().filter_map(|text| match text.edition {
            EditionPrint::Published { date, .. } => Some(date),
            EditionPrint::Draft => None,
        });
        dates.max()
    }

    pub(super) fn print(&self) -> BookModul<'_> {
        BookModul { title: self.title.clone(), sesi: self.texts.iter().map(Owned::print).collect() }
    }
}

/// A modul with what can be read of it.
pub(super) fn book(web: &Web, id: &ModulId) -> Result<Book, WebError> {
    let (title, series, ids) = {
        let state = web.app.state();
        let found = state.skema.iter().find_map(|skema| {
            let modul = skema.modul.iter().find(|modul| modul.id == *id)?;
            let live = |id: &SesiId| state.sesi(id).is_some_and(|sesi| sesi.live().is_some());
            let ids = modul.sesi.iter().map(|entry| &entry.id).filter(|id| live(id)).cloned();
            Some((modul.judul.clone(), skema.judul.clone(), ids.collect::<Vec<SesiId>>()))
        });
        found.ok_or_else(|| WebError::not_found("Modul ini"))?
    };
    if ids.is_empty() {
        return Err(no_text(&title));
    }
    let texts = ids.iter().map(|id| owned(web, id, None)).collect::<Result<Vec<_>, _>>()?;
    Ok(Book { title, series, texts })
}

/// A kelompok that the visitor may read, with her date: `?tanggal=`, else today where it is.
pub(super) fn group_print(
    web: &Web,
    member: &Member,
    id: &str,
    date: Option<Date>,
) -> Result<GroupPrint, WebError> {
    let state = web.app.state();
    let now = web.app.clock().now();
    let group = state
        .group(id)
        .filter(|group| member.viewer().read_group(group, group.home(Date::MAX).zone().date(now)))
        .ok_or_else(|| WebError::not_found("Kelompok ini"))?;
    let today = group.home(Date::MAX).zone().date(now);
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
