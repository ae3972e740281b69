//! After a pertemuan was recorded: what changed, the text for SIKS-NG, what can be done next.

use askama::Template;
use axum::extract::State as FromState;
use axum::response::Response;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::bahasa::tanggal;
use crate::index::Entry;
use crate::kelompok::coverage::{Status, finish};
use crate::kelompok::fakta::{Fakta, FaktaList};
use crate::kelompok::group::Kelompok;
use crate::kelompok::rates::Month;
use crate::kelompok::siksng::SiksText;
use crate::state::State;
use crate::web::error::WebError;
use crate::web::extract::{Member, PathParts};
use crate::web::page::{Form, Link, Page, show};
use crate::web::parts::sesi::{all_langkah, capital, label, langkah_words};
use crate::web::parts::strip::cell_of;
use crate::web::parts::{scope, siks, when, words};
use crate::web::{Web, history, urls};

/// For so long a record can be taken back with one button.
const UNDO_LASTS: SignedDuration = SignedDuration::from_mins(10);

#[derive(Template)]
#[template(path = "pages/tercatat.html")]
struct Tercatat {
    page: Page,
    trail: Vec<Link>,
    sentence: String,
    changes: Vec<Change>,
    flags: Vec<String>,
    kelompok: Link,
    record_href: String,
    undo: Option<Undo>,
    form: Form,
    next: Option<NextGroup>,
    siks: SiksText,
}

struct Change {
    status: &'static str,
    text: String,
}

struct Undo {
    action: String,
    version: u64,
    until: String,
}

struct NextGroup {
    text: String,
    href: String,
}

pub(super) async fn get_recorded(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
) -> Result<Response, WebError> {
    let (group, id) = crate::web::pages::pertemuan::find(&web, &member, parts.get(0))?;
    let entries = history::of_pertemuan(&web, &group, id)?;
    let form = Form::new(&web, Vec::new())?;
    show(&page(&web, &member, parts.get(0), &entries, form)?)
}

fn page(
    web: &Web,
    member: &Member,
    id: &str,
    entries: &[Entry],
    form: Form,
) -> Result<Tercatat, WebError> {
    let state = web.app.state();
    let missing = || WebError::not_found("Pertemuan ini");
    let id = uuid::Uuid::try_parse(id).map_err(|_| missing())?;
    let (group, fakta) = state.pertemuan(id).ok_or_else(missing)?;
    let record = history::last_form(entries).ok_or_else(missing)?;
    let today = when::today_at(web, group.home(Date::MAX));
    let name = group.name.clone();
    let href = urls::kelompok(&group.id);
    Ok(Tercatat {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![Link::new("Kelompok", "/kelompok"), Link::new(name.clone(), href.clone())],
        sentence: words::sentence(&state, group, &fakta),
        changes: changes(&state, group, &fakta, today),
        flags: flags(&state, group, &fakta),
        kelompok: Link::new(name, href),
        record_href: urls::pertemuan(id),
        undo: undo(web, member, group, &fakta),
        form,
        next: next(web, &state, member, group),
        siks: siks::of(&state, group, record),
    })
}

/// What the record did to the coverage of the kelompok.
fn changes(state: &State, group: &Kelompok, fakta: &Fakta, today: Date) -> Vec<Change> {
    let setting = state.setting();
    if !setting.counts(fakta) {
        return Vec::new();
    }
    let others: FaktaList = group.fakta.iter().filter(|other| other.id != fakta.id).collect();
    let cells = |of: &FaktaList| finish(state.progress(group, of, today), today, setting);
    let (before, after) = (cells(&others), cells(&group.fakta));
    fakta
        .sesi
        .iter()
        .map(|taught| {
            let (old, new) = (cell_of(&before, taught.sesi), cell_of(&after, taught.sesi));
            let name = capital(&label(state, taught.sesi).short);
            let text = if old.status != new.status {
                format!("{name} menjadi {}", new.status.name())
            } else if new.status == Status::Sebagian {
                let live = state.sesi_info(taught.sesi).and_then(|info| info.live(today));
                let ticked = state.ticked(group, taught.sesi, today);
                let left = live.map_or(0, |edition| all_langkah(edition.langkah) & !ticked);
                match (ticked, langkah_words(left)) {
                    (0, _) => format!("{name} tetap sebagian"),
                    (_, left) if left.is_empty() => format!("{name} tetap sebagian"),
                    (_, left) => format!("{name} tetap sebagian; yang belum: {left}"),
                }
            } else {
                format!("{name} sudah {} sebelumnya", new.status.name())
            };
            Change { status: new.status.slug(), text }
        })
        .collect()
}

/// What deserves a second look.
fn flags(state: &State, group: &Kelompok, fakta: &Fakta) -> Vec<String> {
    let setting = state.setting();
    let mut flags = Vec::new();
    if !setting.counts(fakta) {
        flags.push(words::counts(setting, fakta));
    }
    for id in group.doubles(fakta) {
        if let Some(other) = group.pertemuan(id) {
            flags.push(format!(
                "Mungkin ganda dengan catatan {} {}. Keduanya dihitung satu kali. Bila memang dua pertemuan, buka catatannya dan pilih “Bukan ganda”.",
                tanggal::long(other.date),
                words::recorded_by(state, &other)
            ));
        }
    }
    if fakta.attendance.members > group.members(fakta.date) {
        flags.push(format!(
            "Anggota hari itu {}, sedangkan data kelompok {}. Supervisor Anda akan diminta memeriksa jumlahnya.",
            fakta.attendance.members,
            group.members(fakta.date)
        ));
    }
    flags
}

fn undo(web: &Web, member: &Member, group: &Kelompok, fakta: &Fakta) -> Option<Undo> {
    let until = fakta.received?.saturating_add(UNDO_LASTS).ok()?;
    let fresh = fakta.version == fakta.first_seq && !fakta.withdrawn;
    let mine = member.account.id == fakta.author;
    let now = web.app.clock().now();
    if !(fresh && mine && now < until) {
        return None;
    }
    let local = group.home(fakta.date).zone().datetime(until);
    Some(Undo {
        action: format!("{}/tarik", urls::pertemuan(fakta.id)),
        version: fakta.version,
        until: format!("pukul {}", when::clock(local.time())),
    })
}

/// The next kelompok of the same pendamping without a pertemuan this month.
fn next(web: &Web, state: &State, member: &Member, done: &Kelompok) -> Option<NextGroup> {
    let today = when::today(web);
    let groups = scope::mine(state, member.viewer(), when::latest_today(web));
    let waiting = groups.into_iter().find(|group| {
        let month = state.month_state(group, Month::of(today), today);
        group.id != done.id && month.expected && !month.actual
    })?;
    Some(NextGroup { text: format!("Catat {}", waiting.name), href: urls::catat(&waiting.id) })
}
