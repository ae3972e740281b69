//! The text for the ministry's form, from a record.

use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::{Extent, Pertemuan};
use crate::kelompok::siksng::{self, Report, ReportSesi, SiksText};
use crate::private::Private;
use crate::state::State;

use super::sesi::{Label, label, langkah_words};

/// The text for SIKS-NG of one record.
pub(crate) fn of(state: &State, group: &Kelompok, record: &Pertemuan) -> SiksText {
    let named: Vec<(Label, Extent, String)> = record
        .sesi
        .iter()
        .filter_map(|taught| {
            let bits =
                taught.langkah.iter().fold(0, |bits, n| bits | 1_u32 << (n.clamp(&1, &32) - 1));
            let ix = state.sesi_ix(&taught.sesi)?;
            Some((label(state, ix), taught.extent, langkah_words(bits)))
        })
        .collect();
    let sesi: Vec<ReportSesi<'_>> = named
        .iter()
        .map(|(label, extent, langkah)| ReportSesi {
            id: &label.id,
            short: &label.short,
            title: &label.title,
            modul: &label.modul,
            extent: *extent,
            langkah,
        })
        .collect();
    let rules = state.rules.on(record.date);
    // The first kind is the usual one and goes without saying.
    let usual = rules.kinds.first().is_some_and(|kind| kind.id == record.kind);
    let kind = rules.kind(&record.kind).filter(|_| !usual).map_or("", |kind| kind.name.as_str());
    let text = |text: &'_ Option<Private>| -> String {
        text.as_ref().and_then(Private::as_str).unwrap_or("").to_owned()
    };
    let list = |all: &[Private]| -> Vec<String> {
        all.iter().filter_map(Private::as_str).map(str::to_owned).collect()
    };
    let (topics, speakers) = (list(&record.topics), list(&record.speakers));
    let (place, obstacles) = (text(&record.place), text(&record.obstacles));
    let (follow_up, note) = (text(&record.follow_up), text(&record.note));
    let report = Report {
        kelompok: &group.name,
        date: record.date,
        hours: (record.start, record.end),
        zone: group.home(record.date).zone().as_str(),
        kind,
        place: &place,
        sesi: &sesi,
        topics: &topics.iter().map(String::as_str).collect::<Vec<_>>(),
        speakers: &speakers.iter().map(String::as_str).collect::<Vec<_>>(),
        attendance: record.attendance,
        discussion: record.discussion,
        obstacles: &obstacles,
        follow_up: &follow_up,
        note: &note,
    };
    siksng::text(&report, state.crosswalk.on(record.date))
}
