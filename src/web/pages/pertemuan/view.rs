//! The page of one pertemuan.

use askama::Template;
use jiff::Timestamp;

use crate::bahasa::tanggal;
use crate::event::Event;
use crate::ids::AccountId;
use crate::index::Entry;
use crate::kelompok::fakta::Fakta;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::{Extent, Pertemuan};
use crate::kelompok::siksng::SiksText;
use crate::kelompok::wilayah::Zone;
use crate::people::policy::Viewer;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::{Badge, Form, Link, Page};
use crate::web::parts::sesi::label;
use crate::web::parts::{place, siks, when, words};
use crate::web::{Web, history, urls};

use super::changes::{self, Change};
use super::find;

#[derive(Template)]
#[template(path = "pages/pertemuan.html")]
pub(super) struct Lihat {
    page: Page,
    trail: Vec<Link>,
    title: String,
    kelompok: OfGroup,
    badges: Vec<Badge>,
    facts: Vec<Fact>,
    sesi: Vec<SesiLine>,
    texts: Vec<Fact>,
    counts: String,
    withdrawn: Option<Withdrawn>,
    doubles: Vec<DoubleLink>,
    separate: Option<String>,
    talk: Vec<Said>,
    ask: Option<String>,
    answer: Option<String>,
    closes: String,
    history: Vec<Past>,
    change: Option<String>,
    withdraw: Option<String>,
    version: u64,
    form: Form,
    siks: Option<SiksText>,
}

struct OfGroup {
    name: String,
    href: String,
    place: String,
}

struct Fact {
    name: &'static str,
    value: String,
}

struct SesiLine {
    title: String,
    href: String,
    status: &'static str,
    text: String,
}

struct Withdrawn {
    reason: String,
    by: String,
    when: String,
    /// The record that stays, where two were joined.
    joined: Option<String>,
}

struct DoubleLink {
    text: String,
    href: String,
}

struct Said {
    question: bool,
    text: String,
    by: String,
    when: String,
}

struct Past {
    what: &'static str,
    by: String,
    when: String,
    reason: String,
    changes: Vec<Change>,
}

/// What several parts of the page look at.
struct Look<'a> {
    state: &'a State,
    group: &'a Kelompok,
    fakta: &'a Fakta,
    entries: &'a [Entry],
    zone: Zone,
}

impl Look<'_> {
    fn who(&self, by: Option<AccountId>) -> String {
        by.map_or_else(|| "impor".to_owned(), |id| self.state.account_name(id).to_owned())
    }

    fn when(&self, at: Timestamp) -> String {
        when::moment(at, self.zone)
    }
}

pub(super) fn page(web: &Web, member: &Member, id: &str, form: Form) -> Result<Lihat, WebError> {
    let (group_id, id) = find(web, member, id)?;
    let entries = history::of_pertemuan(web, &group_id, id)?;
    let state = web.app.state();
    let (group, fakta) = state.pertemuan(id).ok_or_else(|| WebError::not_found("Pertemuan ini"))?;
    let zone = group.home(fakta.date).zone();
    let look = Look { state: &state, group, fakta: &fakta, entries: &entries, zone };
    let record = history::last_form(&entries);
    let (facts, texts) = record.map_or_else(Default::default, |record| facts(&look, record));
    let setting = state.setting();
    let title = format!("Pertemuan {}", tanggal::long(fakta.date));
    let may = May::of(member.viewer(), &look, when::latest_today(web));
    let to = |part: &str| format!("{}/{part}", urls::pertemuan(id));
    Ok(Lihat {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ],
        title,
        kelompok: OfGroup {
            name: group.name.clone(),
            href: urls::kelompok(&group.id),
            place: place::short(&state, group.home(fakta.date)),
        },
        badges: badges(&look),
        facts,
        sesi: sesi(&look),
        texts,
        counts: words::counts(setting, &fakta),
        withdrawn: withdrawn(&look),
        doubles: doubles(&look),
        separate: may.correct.then(|| to("bukan-ganda")),
        talk: talk(&look),
        ask: may.ask.then(|| to("tanya")),
        answer: may.answer.then(|| to("jawab")),
        closes: closes(&entries),
        history: past(&look),
        change: may.correct.then(|| to("koreksi")),
        withdraw: may.correct.then(|| to("tarik")),
        version: fakta.version,
        siks: record
            .filter(|_| member.account.id == fakta.author && !fakta.withdrawn)
            .map(|record| siks::of(&state, group, record)),
        form,
    })
}

/// What the viewer may do with the record as it stands.
struct May {
    correct: bool,
    ask: bool,
    answer: bool,
}

impl May {
    fn of(viewer: Viewer<'_>, look: &Look<'_>, today: jiff::civil::Date) -> Self {
        let (group, fakta) = (look.group, look.fakta);
        let live = !fakta.withdrawn;
        let answer = fakta.open_question && viewer.answer(group, today);
        Self {
            correct: live && viewer.correct(group, fakta, today),
            // Whoever may do both answers first; one text field at a time.
            ask: live && viewer.supervise(group.home(today)) && !answer,
            answer,
        }
    }
}

fn badges(look: &Look<'_>) -> Vec<Badge> {
    let corrected =
        look.entries.iter().any(|entry| matches!(entry.event, Event::PertemuanCorrected { .. }));
    let mut badges = vec![Badge::new(words::kind(look.state.setting(), look.fakta), "")];
    if corrected {
        badges.push(Badge::new("Diubah", ""));
    }
    badges.extend(words::badges(look.state, look.group, look.fakta));
    badges
}

fn facts(look: &Look<'_>, record: &Pertemuan) -> (Vec<Fact>, Vec<Fact>) {
    const LONG: [&str; 3] = ["Kendala", "Tindak lanjut", "Catatan"];
    let mut facts = Vec::new();
    let mut texts = Vec::new();
    for (name, value) in changes::said(look.state, record) {
        // Date, kind and sesi stand elsewhere on the page.
        if value.is_empty() || matches!(name, "Tanggal" | "Jenis" | "Sesi") {
            continue;
        }
        let value = if name == "Jam" { format!("{value} {}", look.zone.as_str()) } else { value };
        let list = if LONG.contains(&name) { &mut texts } else { &mut facts };
        list.push(Fact { name, value });
    }
    let author = match look.fakta.author {
        AccountId(0) => "Impor".to_owned(),
        id => look.state.account_name(id).to_owned(),
    };
    facts.push(Fact { name: "Dicatat oleh", value: author });
    if let Some(at) = look.fakta.received {
        facts.push(Fact { name: "Diterima", value: look.when(at) });
    }
    (facts, texts)
}

fn sesi(look: &Look<'_>) -> Vec<SesiLine> {
    look.fakta
        .sesi
        .iter()
        .map(|taught| {
            let label = label(look.state, taught.sesi);
            SesiLine {
                title: label.full(),
                href: label.href,
                status: match taught.extent {
                    Extent::Tuntas => "tuntas",
                    Extent::Sebagian => "sebagian",
                },
                text: words::taught(*taught),
            }
        })
        .collect()
}

fn withdrawn(look: &Look<'_>) -> Option<Withdrawn> {
    if !look.fakta.withdrawn {
        return None;
    }
    look.entries.iter().rev().find_map(|entry| match &entry.event {
        Event::PertemuanWithdrawn { reason, joined, .. } => Some(Withdrawn {
            joined: joined.map(urls::pertemuan),
            reason: sentence(&reason.to_string()),
            by: look.who(entry.by),
            when: look.when(entry.at),
        }),
        _ => None,
    })
}

/// A text with an end, so that another sentence may follow.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}

fn doubles(look: &Look<'_>) -> Vec<DoubleLink> {
    look.group
        .doubles(look.fakta)
        .into_iter()
        .filter_map(|id| look.group.pertemuan(id))
        .map(|other| DoubleLink {
            text: format!(
                "catatan {} {}",
                words::all_taught(look.state, &other),
                words::recorded_by(look.state, &other)
            ),
            href: urls::ganda(look.fakta.id, other.id),
        })
        .collect()
}

/// `Jawaban ini menutup 2 pertanyaan.`, where it closes several.
fn closes(entries: &[Entry]) -> String {
    match history::unanswered(entries).count() {
        0 | 1 => String::new(),
        count => format!("Jawaban ini menutup {count} pertanyaan di atas."),
    }
}

fn talk(look: &Look<'_>) -> Vec<Said> {
    look.entries
        .iter()
        .filter_map(|entry| {
            let (question, text) = match &entry.event {
                Event::PertemuanQuestioned { text, .. } => (true, text),
                Event::PertemuanAnswered { text, .. } => (false, text),
                _ => return None,
            };
            let (by, when) = (look.who(entry.by), look.when(entry.at));
            Some(Said { question, text: text.to_string(), by, when })
        })
        .collect()
}

/// Every form of the record, newest first.
fn past(look: &Look<'_>) -> Vec<Past> {
    let mut form: Option<&Pertemuan> = None;
    let mut all = Vec::new();
    for entry in look.entries {
        let (what, reason, changes) = match &entry.event {
            Event::PertemuanRecorded { record, .. } => {
                form = Some(record);
                ("Dicatat", String::new(), Vec::new())
            }
            Event::PertemuanCorrected { record, reason, .. } => {
                let changes =
                    form.map_or_else(Vec::new, |old| changes::between(look.state, old, record));
                form = Some(record);
                ("Diubah", reason.to_string(), changes)
            }
            Event::PertemuanWithdrawn { reason, .. } => ("Ditarik", reason.to_string(), Vec::new()),
            Event::PertemuanSeparate { .. } => {
                ("Dinyatakan bukan ganda", String::new(), Vec::new())
            }
            _ => continue,
        };
        all.push(Past { what, by: look.who(entry.by), when: look.when(entry.at), reason, changes });
    }
    all.reverse();
    all
}
