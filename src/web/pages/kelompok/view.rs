//! The page of one kelompok.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::kelompok::group::{HeadReason, Kelompok};
use crate::kelompok::lineage::Ended;
use crate::kelompok::seats::active;
use crate::people::account::Role;
use crate::people::policy::Viewer;
use crate::state::{Owed, State};
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::{Badge, Choice, Form, Link, Notice, Page, Ratio};
use crate::web::parts::glance::{Eye, behind_words};
use crate::web::parts::pengawasan::{self, Pengawasan};
use crate::web::parts::scope::{Names, readable};
use crate::web::parts::seats::{Missed, by_sesi, of_seat};
use crate::web::parts::sesi::labels;
use crate::web::parts::strip::Tally;
use crate::web::parts::{address, place, target, when, words};
use crate::web::{Web, history, urls};

use super::riwayat::{self, Line};
use super::sections::{self, Head, Meeting, ModulCells, Next, Planned};

#[derive(Template)]
#[template(path = "pages/kelompok.html")]
pub(super) struct Lihat {
    page: Page,
    trail: Vec<Link>,
    name: String,
    id: String,
    place: String,
    version: u64,
    facts: Vec<String>,
    badges: Vec<Badge>,
    record: Option<String>,
    next: Option<Next>,
    behind: Option<String>,
    done: Ratio,
    partial: String,
    /// By which sesi it is measured, where its area has a set of its own.
    target: Option<String>,
    modul: Vec<ModulCells>,
    meetings: Vec<Meeting>,
    meetings_more: Option<String>,
    heads: Vec<Head>,
    seats: Vec<SeatBox>,
    missed: Vec<Missed>,
    life: Vec<Line>,
    relatives: Vec<Relatives>,
    manage: bool,
    pengawasan: Pengawasan,
    plan: Vec<Planned>,
    suspensions: Vec<SuspensionLine>,
    can_edit: bool,
    form: Form,
    reasons: Vec<Choice>,
    assign: Option<AssignPart>,
    suspend: Option<Form>,
    files: Vec<Link>,
}

/// One seat in the grid.
struct SeatBox {
    number: u16,
    /// It owes a sesi.
    owes: bool,
    title: String,
}

/// Kelompok from which this one came, or which it became.
struct Relatives {
    text: String,
    links: Vec<Link>,
}

/// A suspension that touches the kelompok.
struct SuspensionLine {
    text: String,
    reason: String,
    href: String,
    /// The line that began it, while those who look may end it.
    end: Option<u64>,
}

/// The form that hands a kelompok over.
struct AssignPart {
    form: Form,
    people: Vec<Choice>,
}

/// The forms of the page; one of them may come back with errors.
#[derive(Debug)]
pub(super) struct Forms {
    /// Change of the head-count.
    pub(super) heads: Form,
    /// Hand-over.
    pub(super) assign: Form,
    /// Suspension.
    pub(super) suspend: Form,
}

impl Forms {
    pub(super) fn fresh(web: &Web, member: &Member, id: &str) -> Result<Self, WebError> {
        let (today, pendamping) = {
            let state = web.app.state();
            let group = readable(&state, member.viewer(), id, when::latest_today(web))?;
            let today = when::today_at(web, group.home(Date::MAX));
            (today, group.pendamping(today))
        };
        let pendamping = pendamping.map_or_else(String::new, |id| id.to_string());
        Ok(Self {
            heads: Form::new(web, vec![("date", today.to_string())])?,
            assign: Form::new(web, vec![("mulai", today.to_string()), ("pendamping", pendamping)])?,
            suspend: Form::new(web, vec![("dari", today.to_string())])?,
        })
    }
}

/// What the state says of the kelompok; texts of suspensions are added without holding it.
pub(super) fn page(
    web: &Web,
    member: &Member,
    id: &str,
    forms: Forms,
    all_meetings: bool,
) -> Result<Lihat, WebError> {
    let (mut page, reasons) = shape(web, member, id, forms, all_meetings)?;
    for (line, seq) in page.suspensions.iter_mut().zip(reasons) {
        line.reason = history::suspension_reason(web, seq);
    }
    let id = {
        let state = web.app.state();
        readable(&state, member.viewer(), id, when::latest_today(web))?.id.clone()
    };
    let entries = history::of_group(web, &id)?;
    let state = web.app.state();
    page.life = state.group(id.as_str()).map_or_else(Vec::new, |group| {
        let today = when::latest_today(web);
        let names = Names { state: &state, viewer: member.viewer(), today };
        riwayat::lines(names, group, &entries)
    });
    Ok(page)
}

/// The page without the reasons of suspensions, and the lines in which those stand.
fn shape(
    web: &Web,
    member: &Member,
    id: &str,
    forms: Forms,
    all_meetings: bool,
) -> Result<(Lihat, Vec<u64>), WebError> {
    let state = web.app.state();
    let viewer = member.viewer();
    let latest = when::latest_today(web);
    let group = readable(&state, viewer, id, latest)?;
    let today = when::today_at(web, group.home(Date::MAX));
    let labels = labels(&state);
    let mut frame = web.page(&member.visitor(), "/kelompok");
    if viewer.manage_groups(group.home(today)) {
        frame.notices.extend(words::like_a_person(&group.name).map(Notice::attention));
    }
    let mut eye = Eye::new(&state, today);
    let glance = eye.look(group);
    let tally = Tally::of(&glance.target, &glance.cells);
    let (meetings, more) = sections::meetings(&state, group, all_meetings);
    let behind = eye.behind(&glance);
    let record = viewer.record(group, today, latest);
    let (suspensions, reasons) = suspensions(&state, viewer, group, today);
    let home = group.home(latest);
    let owed = state.owed(group, today);
    let page = Lihat {
        page: frame,
        trail: vec![Link::new("Kelompok", "/kelompok")],
        name: group.name.clone(),
        id: group.id.to_string(),
        place: places(&state, group, today),
        version: group.version,
        facts: facts(&state, group, today),
        badges: badges(&state, group, today),
        record: record.then(|| urls::catat(&group.id)),
        next: sections::next(&eye, &glance, &labels),
        behind: behind_words(behind).map(|words| match behind.since {
            Some(since) => format!("{words}, yang terlama sejak {}", tanggal::long(since)),
            None => words,
        }),
        done: Ratio::new(tally.covered as u64, tally.target as u64, None),
        partial: tally.rest(),
        target: target::own(&state, group.home(today), today),
        modul: sections::modul(&state, &glance, &labels),
        meetings,
        meetings_more: more.then(|| format!("{}?semua=ya#pertemuan", urls::kelompok(&group.id))),
        heads: sections::heads(group),
        seats: seats(&state, group, &owed, today),
        missed: by_sesi(&state, &owed),
        life: Vec::new(),
        relatives: relatives(&state, viewer, group, latest),
        manage: viewer.manage_groups(home),
        pengawasan: pengawasan::of_group(&state, viewer, group, latest),
        plan: sections::plan(&eye, &glance, &labels),
        suspensions,
        can_edit: group.active(today) && viewer.change_heads(group, latest),
        form: forms.heads,
        reasons: HeadReason::CHOICES
            .iter()
            .map(|reason| Choice::new(reason.as_str(), reason.name()))
            .collect(),
        assign: viewer
            .manage_groups(home)
            .then(|| AssignPart { form: forms.assign, people: people(&state, group) }),
        suspend: viewer.supervise(home).then_some(forms.suspend),
        files: files(
            group,
            !owed.is_empty() || !group.seats.is_empty() || viewer.change_heads(group, latest),
        ),
    };
    Ok((page, reasons))
}

fn places(state: &State, group: &Kelompok, today: Date) -> String {
    let all = group.all_desa(today);
    let home = place::short(state, group.home(today));
    match all {
        [_, rest @ ..] if !rest.is_empty() => {
            let names: Vec<String> = rest.iter().map(|desa| state.place(*desa)).collect();
            format!("{home}; juga {}", crate::bahasa::angka::list(&names))
        }
        _ => home,
    }
}

fn facts(state: &State, group: &Kelompok, today: Date) -> Vec<String> {
    let pendamping = match group.pendamping(today) {
        Some(id) => format!("Didampingi {}", state.account_name(id)),
        None => "Belum ada pendamping".to_owned(),
    };
    vec![
        format!("{} anggota", group.members(today)),
        pendamping,
        format!("Sejak {}", tanggal::month(group.start)),
        format!("Id {}", group.id),
    ]
}

fn badges(state: &State, group: &Kelompok, today: Date) -> Vec<Badge> {
    let mut badges = Vec::new();
    if let Some(text) = words::suspended(state, group, today) {
        badges.push(Badge::new(text, "off"));
    }
    if let Some(end) = group.end {
        badges.push(Badge::new(format!("Tidak aktif sejak {}", tanggal::long(end)), "off"));
    }
    badges
}

/// The seats on which someone sits today.
fn seats(state: &State, group: &Kelompok, owed: &[Owed], today: Date) -> Vec<SeatBox> {
    active(&group.seats, today)
        .map(|seat| {
            let missed = of_seat(state, owed, seat.number);
            let since = tanggal::long(seat.from);
            let title = if missed.is_empty() {
                format!("Nomor urut {}, sejak {since}", seat.number)
            } else {
                format!("Nomor urut {}, sejak {since}, perlu susulan: {missed}", seat.number)
            };
            SeatBox { number: seat.number, owes: !missed.is_empty(), title }
        })
        .collect()
}

/// Where the kelompok comes from and what became of it; others are named only to those who may read
/// them.
fn relatives(state: &State, viewer: Viewer<'_>, group: &Kelompok, latest: Date) -> Vec<Relatives> {
    let names = Names { state, viewer, today: latest };
    let mut all = Vec::new();
    if let Some(origin) = &group.origin {
        let what = if origin.parents.len() == 1 { "pecahan dari" } else { "gabungan dari" };
        let text = format!("Sejak {}, {what}", tanggal::long(group.start));
        all.push(Relatives { text, links: names.links(&origin.parents) });
    }
    if let (Some(ending), Some(end)) = (&group.ending, group.end) {
        let what = match ending.how {
            Ended::Merged => "digabung menjadi",
            Ended::Split => "dipecah menjadi",
            Ended::Undone => "pembentukannya dibatalkan; kelompok ini tidak pernah bertemu",
            Ended::Dissolved => "dibubarkan",
        };
        let text = format!("Sejak {}, {what}", tanggal::long(end));
        all.push(Relatives { text, links: names.links(&ending.into) });
    }
    all
}

/// The suspensions that touch the kelompok, newest first, and the lines that began them.
fn suspensions(
    state: &State,
    viewer: Viewer<'_>,
    group: &Kelompok,
    today: Date,
) -> (Vec<SuspensionLine>, Vec<u64>) {
    let home = group.home(today);
    let own = group.suspensions.iter().map(|(seq, period)| (*seq, period, None));
    let areas = state
        .suspensions
        .iter()
        .filter(|one| one.area.contains(home))
        .map(|one| (one.id, &one.period, Some(one.area)));
    let mut all: Vec<_> = own.chain(areas).collect();
    all.sort_by_key(|(seq, period, _)| std::cmp::Reverse((period.from, *seq)));
    let lines = all.iter().map(|(seq, period, area)| {
        let open = period.to.is_none_or(|to| to > today);
        SuspensionLine {
            text: sections::period(period, area.map(|area| place::full(state, area))),
            href: urls::penangguhan(*seq),
            reason: String::new(),
            end: (open && area.is_none() && viewer.supervise(home)).then_some(*seq),
        }
    });
    (lines.collect(), all.iter().map(|(seq, ..)| *seq).collect())
}

/// The pendamping to whom the kelompok can be handed.
pub(super) fn people(state: &State, group: &Kelompok) -> Vec<Choice> {
    let home = group.home(Date::MAX);
    let mut people: Vec<Choice> = state
        .accounts
        .values()
        .filter(|account| {
            account.has_role(Role::Pendamping) && account.has_role_at(Role::Pendamping, home)
        })
        .map(|account| {
            Choice::new(account.id.to_string(), format!("{} ({})", account.name, account.login))
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people
}

fn files(group: &Kelompok, seats: bool) -> Vec<Link> {
    let id = &group.id;
    let mut files = vec![
        Link::new("Paket pertemuan", address(&format!("/cetak/paket/{id}"), &[])),
        Link::new("Daftar hadir kosong", address(&format!("/cetak/daftar-hadir/{id}.pdf"), &[])),
        Link::new("Rencana tindak lanjut (RTL)", address(&format!("/cetak/rtl/{id}.pdf"), &[])),
    ];
    if seats {
        files.push(Link::new("Daftar nomor urut dan susulan", urls::kursi(id)));
    }
    files
}
