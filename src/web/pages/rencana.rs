//! The plan of a kelompok (RTL): read it, change it, print it.

use askama::Template;
use axum::Router;
use axum::extract::State as FromState;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;

use crate::bahasa::{angka, tanggal};
use crate::command::{Command, PlanChange};
use crate::curriculum::ids::SesiId;
use crate::decide::FieldError;
use crate::kelompok::KelompokId;
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::Kelompok;
use crate::kelompok::plan::Due;
use crate::kelompok::rates::Month;
use crate::state::{Ahead, State};
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts};
use crate::web::page::{Choice, Done, Form, Link, Page, lead_to_done, show, show_with};
use crate::web::parts::glance::{Eye, Glance, behind_words};
use crate::web::parts::scope::readable;
use crate::web::parts::send::{Sent, Wrong, renamed, send};
use crate::web::parts::sesi::{Label, labels};
use crate::web::parts::strip::Tally;
use crate::web::parts::{address, place, when, words};
use crate::web::{Web, urls};

/// What is to be done with a sesi, as the form names it.
const MOVE: &str = "pindah";
const SWAP: &str = "tukar";
const LEAVE_OUT: &str = "lewati";
const PUT_BACK: &str = "kembali";
const REARRANGE: &str = "susun-ulang";

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/kelompok/{id}/rencana", get(get_plan).post(post_plan))
}

#[derive(Template)]
#[template(path = "pages/rencana.html")]
struct Rencana {
    page: Page,
    trail: Vec<Link>,
    name: String,
    place: String,
    action: String,
    lead: String,
    late: Option<Late>,
    changed: Option<String>,
    rows: Vec<Row>,
    later: Vec<Item>,
    out: Vec<Item>,
    done: String,
    print: String,
    form: Option<Form>,
    version: u64,
    sesi: Vec<Choice>,
    months: Vec<Choice>,
    others: Vec<Choice>,
    ways: Vec<Choice>,
}

/// How far behind the plan the kelompok is.
struct Late {
    text: String,
    href: String,
}

/// One month.
struct Row {
    month: String,
    now: bool,
    quiet: Option<String>,
    sesi: Vec<Item>,
}

/// One sesi of the plan.
struct Item {
    name: String,
    href: String,
    /// What is to be known of it, such as since when it is late.
    facts: String,
    /// Whether its month was chosen by hand.
    chosen: bool,
    /// Where it is changed.
    change: Option<String>,
}

async fn get_plan(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    params: Params,
) -> Result<Response, WebError> {
    let ways = [MOVE, SWAP, LEAVE_OUT, PUT_BACK, REARRANGE];
    let way = match params.word("ubah", &ways)? {
        "" => MOVE,
        word => word,
    };
    let sesi = params.named::<SesiId>("sesi", "sesi")?;
    let sesi = sesi.map_or_else(String::new, |sesi| sesi.to_string());
    let form = Form::new(&web, vec![("sesi", sesi), ("cara", way.to_owned())])?;
    show(&page(&web, &member, parts.get(0), form)?)
}

async fn post_plan(
    FromState(web): FromState<Web>,
    member: Member,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let kelompok = group_id(&web, &member, parts.get(0))?;
    let command = match change(&form) {
        Ok(change) => {
            Command::ChangePlan { kelompok, change, version: form.number("version").unwrap_or(0) }
        }
        Err(errors) => {
            let wrong = (errors, StatusCode::UNPROCESSABLE_ENTITY);
            return again(&web, &member, &parts, (&form, wrong));
        }
    };
    match send(&web, &member, &form, command).await? {
        Sent::Done(_) => Ok(lead_to_done(&urls::rencana(parts.get(0)), Done::Plan)),
        Sent::Wrong(errors, status) => {
            let named = renamed(errors, &[("to", "bulan"), ("with", "tukar")]);
            again(&web, &member, &parts, (&form, (named, status)))
        }
    }
}

fn again(
    web: &Web,
    member: &Member,
    parts: &PathParts,
    (form, (errors, status)): (&FormData, Wrong),
) -> Result<Response, WebError> {
    show_with(status, &page(web, member, parts.get(0), Form::again(&form.0, errors))?)
}

/// What the form asks for.
fn change(form: &FormData) -> Result<PlanChange, Vec<FieldError>> {
    let one = |field: &str, message: &str| vec![FieldError::new(field, message)];
    let id = |field: &str| -> Result<SesiId, Vec<FieldError>> {
        form.get(field).parse().map_err(|_| one(field, "Pilih sesi dari daftar."))
    };
    match form.get("cara") {
        REARRANGE => Ok(PlanChange::Rearrange),
        MOVE => {
            let sesi = id("sesi")?;
            let to = Month::parse(form.get("bulan"))
                .ok_or_else(|| one("bulan", "Pilih bulan tujuan sesi ini."))?;
            Ok(PlanChange::Move { sesi, to })
        }
        SWAP => Ok(PlanChange::Swap { sesi: id("sesi")?, with: id("tukar")? }),
        LEAVE_OUT => Ok(PlanChange::LeaveOut { sesi: id("sesi")? }),
        PUT_BACK => Ok(PlanChange::PutBack { sesi: id("sesi")? }),
        _ => Err(one("cara", "Pilih apa yang diubah.")),
    }
}

fn group_id(web: &Web, member: &Member, id: &str) -> Result<KelompokId, WebError> {
    let state = web.app.state();
    Ok(readable(&state, member.viewer(), id, when::latest_today(web))?.id.clone())
}

/// What is needed to say something of a sesi in the plan.
struct Known<'a> {
    group: &'a Kelompok,
    labels: &'a [Label],
    due: Vec<Due>,
    pins: &'a [Due],
    today: Date,
    may_change: bool,
}

impl Known<'_> {
    fn item(&self, ix: SesiIx, way: &str) -> Option<Item> {
        let label = self.labels.get(usize::from(ix))?;
        let due = self.due.iter().find(|due| due.sesi == ix).map(|due| due.month);
        let late = due.filter(|month| month.last() < self.today);
        let href = address(&urls::rencana(&self.group.id), &[("sesi", &label.id), ("ubah", way)]);
        Some(Item {
            name: label.full(),
            href: label.href.clone(),
            facts: late.map_or_else(String::new, |month| {
                format!("semula {}", tanggal::month(month.first()))
            }),
            chosen: self.pins.iter().any(|pin| pin.sesi == ix),
            change: self.may_change.then(|| format!("{href}#ubah")),
        })
    }

    fn items(&self, all: &[SesiIx], way: &str) -> Vec<Item> {
        all.iter().filter_map(|ix| self.item(*ix, way)).collect()
    }

    fn choice(&self, ix: SesiIx) -> Option<Choice> {
        self.labels.get(usize::from(ix)).map(|label| Choice::new(label.id.clone(), label.full()))
    }
}

fn page(web: &Web, member: &Member, id: &str, form: Form) -> Result<Rencana, WebError> {
    let state = web.app.state();
    let latest = when::latest_today(web);
    let group = readable(&state, member.viewer(), id, latest)?;
    let today = when::today_at(web, group.home(Date::MAX));
    let labels = labels(&state);
    let mut eye = Eye::new(&state, today);
    let glance = eye.look(group);
    let ahead = eye.ahead(&glance);
    let edit = state.plan_edit(group);
    let may_change = glance.active && member.viewer().change_plan(group, latest);
    let known = Known {
        group,
        labels: &labels,
        due: state.plan_until(group, &glance.target, (today, Month::of(today))),
        pins: edit.map_or(&[][..], |edit| edit.pins.as_slice()),
        today,
        may_change,
    };
    let tally = Tally::of(&glance.target, &glance.cells);
    let all = in_order(&ahead);
    let planned: Vec<SesiIx> =
        ahead.months.iter().flat_map(|month| month.sesi.iter().copied()).collect();
    Ok(Rencana {
        page: web.page(&member.visitor(), "/kelompok"),
        trail: vec![
            Link::new("Kelompok", "/kelompok"),
            Link::new(group.name.clone(), urls::kelompok(&group.id)),
        ],
        name: group.name.clone(),
        place: place::short(&state, group.home(today)),
        action: urls::rencana(&group.id),
        lead: lead(&glance, &ahead, &labels),
        late: late(&eye, &glance),
        changed: changed(&state, group),
        rows: rows(&known, &ahead),
        later: known.items(&ahead.later, MOVE),
        out: known.items(&ahead.out, PUT_BACK),
        done: format!(
            "{} dari {} sesi sasaran sudah tuntas.",
            angka::count(tally.covered as u64),
            angka::count(tally.target as u64)
        ),
        print: format!("/cetak/rtl/{}.pdf", group.id),
        form: may_change.then_some(form),
        version: state.plan_state(group).map_or(0, |plan| plan.version),
        sesi: all.iter().filter_map(|ix| known.choice(*ix)).collect(),
        months: months(&ahead),
        others: planned.iter().filter_map(|ix| known.choice(*ix)).collect(),
        ways: ways(),
    })
}

/// Everything that is missing, as it is planned.
fn in_order(ahead: &Ahead) -> Vec<SesiIx> {
    let planned = ahead.months.iter().flat_map(|month| month.sesi.iter());
    planned.chain(&ahead.later).chain(&ahead.out).copied().collect()
}

fn ways() -> Vec<Choice> {
    let way = |value: &str, name: &str, hint: &str| Choice {
        hint: hint.to_owned(),
        ..Choice::new(value, name)
    };
    vec![
        way(MOVE, "Pindahkan ke bulan lain", "Sesi lain mengisi bulan yang kosong."),
        way(SWAP, "Tukar dengan sesi lain", "Keduanya bertukar bulan."),
        way(LEAVE_OUT, "Lewati dari rencana", "Sesi tetap menjadi sasaran dan tetap dihitung."),
        way(PUT_BACK, "Kembalikan ke urutan skema", "Pilihan bulan untuk sesi ini dihapus."),
    ]
}

fn months(ahead: &Ahead) -> Vec<Choice> {
    let open = ahead.months.iter().filter(|one| one.quiet.is_none());
    open.map(|one| Choice::new(one.month.id(), tanggal::month(one.month.first()))).collect()
}

fn lead(glance: &Glance<'_>, ahead: &Ahead, labels: &[Label]) -> String {
    if !glance.active {
        return "Kelompok ini tidak aktif, jadi tidak ada rencana.".to_owned();
    }
    let next = ahead.next().and_then(|ix| Some((ix, labels.get(usize::from(ix))?)));
    let Some((ix, label)) = next else {
        return if ahead.out.is_empty() {
            "Semua sesi sasaran sudah tuntas.".to_owned()
        } else {
            "Tidak ada sesi lain yang direncanakan.".to_owned()
        };
    };
    match ahead.month_of(ix) {
        Some(month) => {
            format!("Berikutnya {}, {}.", label.full(), tanggal::month(month.first()))
        }
        None => format!("Berikutnya {}, sesudah pertemuan boleh diadakan lagi.", label.full()),
    }
}

fn late(eye: &Eye<'_>, glance: &Glance<'_>) -> Option<Late> {
    let behind = eye.behind(glance);
    let words = behind_words(behind)?;
    let text = match behind.since {
        Some(since) => format!("{words}, yang terlama sejak {}.", tanggal::long(since)),
        None => format!("{words}."),
    };
    Some(Late { text, href: format!("{}#cakupan", urls::kelompok(&glance.group.id)) })
}

/// Who changed the plan last, if anything chosen by hand still stands.
fn changed(state: &State, group: &Kelompok) -> Option<String> {
    let plan = state.plan_state(group)?;
    let edit = plan.edits.last()?;
    if edit.pins.is_empty() && edit.out.is_empty() {
        return None;
    }
    let who = plan.last.by.map_or("program", |id| state.account_name(id));
    let zone = group.home(Date::MAX).zone();
    Some(format!("Diubah {who}, {}.", tanggal::long(zone.date(plan.last.at))))
}

/// The months up to the last one with a sesi.
fn rows(known: &Known<'_>, ahead: &Ahead) -> Vec<Row> {
    let last = ahead.months.iter().rposition(|one| !one.sesi.is_empty());
    let until = last.map_or_else(
        // Nothing can be planned: the first closed months say why.
        || ahead.months.len().min(3),
        |last| last + 1,
    );
    ahead.months[..until]
        .iter()
        .map(|one| Row {
            month: tanggal::month(one.month.first()),
            now: one.month == Month::of(known.today),
            quiet: match &one.quiet {
                Some(why) => Some(format!("Tidak ada pertemuan: {}", words::quiet(why))),
                None if one.sesi.is_empty() => Some("Belum ada sesi".to_owned()),
                None => None,
            },
            sesi: known.items(&one.sesi, MOVE),
        })
        .collect()
}
