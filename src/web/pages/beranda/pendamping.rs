//! Home of a pendamping: the next meeting, her kelompok, what waits for an answer.

use askama::Template;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::event::Event;
use crate::kelompok::KelompokId;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::pertemuan::PertemuanId;
use crate::web::error::WebError;
use crate::web::extract::Member;
use crate::web::page::{Link, Page, Ratio};
use crate::web::pages::kelompok::left;
use crate::web::parts::glance::{Eye, Glance, behind_words};
use crate::web::parts::sesi::{Label, capital, labels};
use crate::web::parts::strip::{Strip, cell_of, strip};
use crate::web::parts::{pengawasan, place, scope, when, words};
use crate::web::{Web, history, urls};

/// So many questions stand on the page.
const QUESTIONS: usize = 10;

#[derive(Template)]
#[template(path = "pages/beranda_pendamping.html")]
pub(super) struct Beranda {
    page: Page,
    greeting: String,
    today: String,
    next: Option<NextMeeting>,
    month: Ratio,
    month_name: &'static str,
    late: Option<Ratio>,
    kelompok: Vec<Row>,
    questions: Vec<Question>,
    todo: Vec<Link>,
    missed: Vec<Missed>,
}

struct NextMeeting {
    kelompok: String,
    kelompok_href: String,
    place: String,
    when: String,
    sesi: String,
    sesi_facts: String,
    read: Option<String>,
    pack: Option<String>,
    record: String,
    why: String,
}

struct Row {
    name: String,
    href: String,
    place: String,
    strip: Strip,
    last: Option<String>,
    next: String,
    late: Option<String>,
    suspended: Option<String>,
    record: String,
}

struct Question {
    kelompok: String,
    date: String,
    text: String,
    from: String,
    when: String,
    href: String,
}

struct Missed {
    kelompok: String,
    href: String,
    parts: Vec<Owed>,
}

/// `belum selesai: sesi 3 dan sesi 5`, or `sesi 8 belum diikuti 6 dari 25 anggota`.
struct Owed {
    lead: &'static str,
    sesi: Vec<Link>,
    /// Before the count; empty where there is none.
    rest: &'static str,
    count: Option<Link>,
}

/// A question whose text stands in the history.
struct Open {
    kelompok: KelompokId,
    name: String,
    id: PertemuanId,
    date: Date,
}

pub(super) fn page(web: &Web, member: &Member) -> Result<Beranda, WebError> {
    let (mut page, open) = shape(web, member);
    for one in open {
        page.questions.extend(questions(web, &one)?);
    }
    Ok(page)
}

/// The page without the texts of questions, and where those stand.
fn shape(web: &Web, member: &Member) -> (Beranda, Vec<Open>) {
    let state = web.app.state();
    let groups = scope::mine(&state, member.viewer(), when::latest_today(web));
    let home = groups
        .first()
        .map_or(crate::kelompok::wilayah::Kode::NASIONAL, |group| group.home(Date::MAX));
    let today = when::today_at(web, home);
    let labels = labels(&state);
    let mut eye = Eye::new(&state, today);
    let glances: Vec<Glance<'_>> = groups.iter().map(|group| eye.look(group)).collect();
    let expected = glances.iter().filter(|one| one.month.expected).count();
    let met = glances.iter().filter(|one| one.month.actual).count();
    let hour = home.zone().datetime(web.app.clock().now()).hour();
    let first = member.account.name.split_whitespace().next().unwrap_or("").to_owned();
    // Someone who also looks after an area has another list behind that address.
    let own = scope::group_areas(member.viewer()).is_empty();
    let list = |what: &str| own.then(|| format!("/cakupan/daftar?apa={what}"));
    let late = glances.iter().filter(|one| one.active && eye.behind(one).count > 0).count();
    let active = glances.iter().filter(|one| one.active).count();
    let todo = if own {
        pengawasan::waiting(pengawasan::pairs(groups.iter().copied()).len(), 0)
    } else {
        Vec::new()
    };
    let page = Beranda {
        page: web.page(&member.visitor(), "/"),
        greeting: format!("{}, {first}", greeting(hour)),
        today: tanggal::with_day(today),
        next: next(&eye, &glances, &labels),
        month: Ratio::new(met as u64, expected as u64, list("bertemu")),
        late: (late > 0).then(|| Ratio::new(late as u64, active as u64, list("lewat"))),
        month_name: tanggal::month_name(today.month()),
        kelompok: glances.iter().map(|glance| row(&eye, glance, &labels)).collect(),
        questions: Vec::new(),
        todo,
        missed: missed(&glances, &labels),
    };
    (page, open(&groups))
}

fn greeting(hour: i8) -> &'static str {
    match hour {
        4..=10 => "Selamat pagi",
        11..=14 => "Selamat siang",
        15..=17 => "Selamat sore",
        _ => "Selamat malam",
    }
}

/// The kelompok that should be met next: not yet met this month, longest ago.
fn next(eye: &Eye<'_>, glances: &[Glance<'_>], labels: &[Label]) -> Option<NextMeeting> {
    let waiting = |glance: &&Glance<'_>| glance.active && !glance.suspended;
    let last = |glance: &Glance<'_>| eye.last(glance.group).map(|fakta| fakta.date);
    let glance = glances
        .iter()
        .filter(waiting)
        .min_by_key(|glance| (glance.month.actual || !glance.month.expected, last(glance)))?;
    let group = glance.group;
    let when = if !glance.month.actual && glance.month.expected {
        "Belum bertemu bulan ini".to_owned()
    } else {
        last(glance).map_or_else(
            || "Belum pernah bertemu".to_owned(),
            |date| format!("Bertemu terakhir {}", tanggal::relative(date, eye.on)),
        )
    };
    let sesi = eye.next(glance);
    let label = sesi.and_then(|ix| labels.get(usize::from(ix)));
    let edition = sesi
        .and_then(|ix| eye.state.sesi_at(ix))
        .and_then(|sesi| sesi.live().map(|live| (sesi, live)));
    let mut facts: Vec<String> = label.map(|label| label.modul_title.clone()).into_iter().collect();
    if let Some((_, live)) = edition {
        facts.push(angka::duration(u32::from(live.minutes)));
    }
    Some(NextMeeting {
        kelompok: group.name.clone(),
        kelompok_href: urls::kelompok(&group.id),
        place: place::short(eye.state, group.home(eye.on)),
        when,
        sesi: label.map_or_else(|| "Semua sesi sasaran sudah tuntas".to_owned(), Label::full),
        sesi_facts: facts.join(", "),
        read: edition.map(|(sesi, _)| urls::sesi(&sesi.id)),
        pack: edition.map(|(sesi, _)| format!("/cetak/paket/{}/{}.pdf", group.id, sesi.id)),
        record: urls::catat(&group.id),
        why: sesi
            .and_then(|ix| left(eye, group, ix))
            .map_or_else(String::new, |left| capital(&left)),
    })
}

fn row(eye: &Eye<'_>, glance: &Glance<'_>, labels: &[Label]) -> Row {
    let group = glance.group;
    let next: Option<SesiIx> = eye.next(glance);
    let name = next.and_then(|ix| labels.get(usize::from(ix)));
    Row {
        name: group.name.clone(),
        href: urls::kelompok(&group.id),
        place: place::short(eye.state, group.home(eye.on)),
        strip: strip(&glance.target, &glance.cells, next, labels),
        last: eye.last(group).map(|fakta| tanggal::relative(fakta.date, eye.on)),
        next: name.map_or_else(|| "semua sesi tuntas".to_owned(), Label::full),
        late: behind_words(eye.behind(glance)),
        suspended: words::suspended(eye.state, group, eye.on),
        record: urls::catat(&group.id),
    }
}

/// What a kelompok still has to be given of sesi that it had: what was left unfinished, what changed
/// since, and the sesi at which most members were missing.
fn missed(glances: &[Glance<'_>], labels: &[Label]) -> Vec<Missed> {
    use crate::kelompok::coverage::Status;
    let rows = |glance: &Glance<'_>| {
        let href = urls::kelompok(&glance.group.id);
        let with = |lead, wanted: Status| {
            let sesi: Vec<Link> = glance
                .target
                .iter()
                .filter(|ix| cell_of(&glance.cells, **ix).status == wanted)
                .filter_map(|ix| labels.get(usize::from(*ix)))
                .map(|label| Link::new(&label.short, cell_href(&href, label)))
                .collect();
            (!sesi.is_empty()).then_some(Owed { lead, sesi, rest: "", count: None })
        };
        let parts: Vec<Owed> = [
            with("belum selesai: ", Status::Sebagian),
            with("perlu penyegaran: ", Status::PerluPenyegaran),
            absent(glance, labels, &href),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| Missed {
            kelompok: glance.group.name.clone(),
            href: format!("{href}#cakupan"),
            parts,
        })
    };
    glances.iter().filter(|glance| glance.active).filter_map(rows).collect()
}

/// `sesi 8 belum diikuti 6 dari 25 anggota`: the sesi that the largest share has missed, from a
/// quarter of the members on.
fn absent(glance: &Glance<'_>, labels: &[Label], href: &str) -> Option<Owed> {
    let missed = |ix: &SesiIx| {
        let (present, members) = cell_of(&glance.cells, *ix).reach?;
        let absent = members.saturating_sub(present);
        (absent > 0 && u32::from(absent) * 4 >= u32::from(members))
            .then_some((*ix, absent, members))
    };
    let worst = glance
        .target
        .iter()
        .filter_map(missed)
        .max_by_key(|(_, absent, members)| u32::from(*absent) * 1_000 / u32::from(*members))?;
    let (ix, absent, members) = worst;
    let label = labels.get(usize::from(ix))?;
    let cell = cell_href(href, label);
    // Where members are numbered, the list of who is owed it stands on the page.
    let numbered = !glance.group.seats.is_empty();
    let list = if numbered { format!("{href}#kursi") } else { cell.clone() };
    Some(Owed {
        lead: "",
        sesi: vec![Link::new(&label.short, cell)],
        rest: " belum diikuti ",
        count: Some(Link::new(format!("{absent} dari {members} anggota"), list)),
    })
}

/// Where a sesi stands on the page of a kelompok.
fn cell_href(kelompok: &str, label: &Label) -> String {
    format!("{kelompok}#s-{}", label.id)
}

fn open(groups: &[&Kelompok]) -> Vec<Open> {
    groups
        .iter()
        .flat_map(|group| group.fakta.iter().map(move |fakta| (group, fakta)))
        .filter(|(_, fakta)| fakta.open_question)
        .take(QUESTIONS)
        .map(|(group, fakta)| Open {
            kelompok: group.id.clone(),
            name: group.name.clone(),
            id: fakta.id,
            date: fakta.date,
        })
        .collect()
}

/// Everything that was asked of one pertemuan since the last answer, the oldest first.
fn questions(web: &Web, open: &Open) -> Result<Vec<Question>, WebError> {
    let entries = history::of_pertemuan(web, &open.kelompok, open.id)?;
    let today = when::today(web);
    let state = web.app.state();
    Ok(history::unanswered(&entries)
        .filter_map(|entry| match &entry.event {
            Event::PertemuanQuestioned { text, .. } => Some(Question {
                kelompok: open.name.clone(),
                date: tanggal::long(open.date),
                text: text.to_string(),
                from: entry.by.map_or_else(
                    || "Supervisor".to_owned(),
                    |id| state.account_name(id).to_owned(),
                ),
                when: tanggal::relative(crate::kelompok::wilayah::Zone::Wib.date(entry.at), today),
                href: format!("{}#tanya", urls::pertemuan(open.id)),
            }),
            _ => None,
        })
        .collect())
}
