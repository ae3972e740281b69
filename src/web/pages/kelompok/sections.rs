//! The sections of the page of one kelompok.

use crate::bahasa::tanggal;
use crate::kelompok::coverage::{Cell, Status};
use crate::kelompok::fakta::SesiIx;
use crate::kelompok::group::{Kelompok, Suspension};
use crate::state::State;
use crate::web::page::Badge;
use crate::web::parts::glance::{Eye, Glance};
use crate::web::parts::sesi::{Label, all_in_order, all_langkah, by_modul, langkah_words};
use crate::web::parts::strip::cell_of;
use crate::web::parts::words;
use crate::web::urls;

/// So many pertemuan stand on the page before one asks for all.
const MEETINGS: usize = 12;

/// The sesi that comes next.
pub(super) struct Next {
    pub(super) sesi: String,
    pub(super) href: Option<String>,
    pub(super) facts: String,
    pub(super) pack: Option<String>,
}

/// A modul with its cells.
pub(super) struct ModulCells {
    pub(super) title: String,
    pub(super) sesi: Vec<SesiCell>,
}

/// One sesi of the kelompok.
pub(super) struct SesiCell {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) href: String,
    pub(super) status: &'static str,
    pub(super) status_name: &'static str,
    pub(super) date: String,
    /// The pertemuan from which the date comes.
    pub(super) date_href: Option<String>,
    pub(super) edition: String,
    pub(super) reach: String,
    pub(super) times: String,
    /// How far it is comes from the kelompok out of which this one was made.
    pub(super) inherited: bool,
    pub(super) anchor: String,
}

/// One pertemuan in the list.
pub(super) struct Meeting {
    pub(super) href: String,
    pub(super) date: String,
    pub(super) sesi: String,
    pub(super) kind: String,
    pub(super) attendance: String,
    pub(super) badges: Vec<Badge>,
    pub(super) withdrawn: bool,
}

/// One change of the number of members.
pub(super) struct Head {
    pub(super) date: String,
    pub(super) change: String,
    pub(super) reason: &'static str,
    pub(super) total: i64,
}

/// One line of the plan.
pub(super) struct Planned {
    pub(super) month: String,
    pub(super) sesi: String,
    pub(super) href: String,
    pub(super) done: bool,
}

/// Where a sesi stands on the page.
pub(super) fn anchor(label: &Label) -> String {
    format!("s-{}", label.id)
}

/// What comes next, and what of it is left.
pub(super) fn next(eye: &Eye<'_>, glance: &Glance<'_>, labels: &[Label]) -> Option<Next> {
    if !glance.active {
        return None;
    }
    let ix = eye.next(glance)?;
    let label = labels.get(usize::from(ix))?;
    let edition = eye.state.sesi_at(ix).and_then(|sesi| sesi.live());
    let mut facts = vec![label.modul_title.clone()];
    if let Some(edition) = edition {
        facts.push(crate::bahasa::angka::duration(u32::from(edition.minutes)));
        facts.push(format!("edisi {}", edition.number));
    }
    facts.extend(left(eye, glance.group, ix));
    Some(Next {
        sesi: label.full(),
        href: edition.map(|_| label.href.clone()),
        facts: facts.join(" · "),
        pack: edition.map(|_| format!("/cetak/paket/{}/{}.pdf", glance.group.id, label.id)),
    })
}

/// `melanjutkan langkah 5 sampai 7`, for a sesi that was begun with ticked langkah.
pub(crate) fn left(eye: &Eye<'_>, group: &Kelompok, ix: SesiIx) -> Option<String> {
    let langkah = eye.state.sesi_info(ix)?.live(eye.on)?.langkah;
    let ticked = eye.state.ticked(group, ix, eye.on);
    let left = langkah_words(all_langkah(langkah) & !ticked);
    (ticked != 0 && !left.is_empty()).then(|| format!("melanjutkan {left}"))
}

/// The cells of the target, and of whatever else was taught, under their modul.
pub(super) fn modul(state: &State, glance: &Glance<'_>, labels: &[Label]) -> Vec<ModulCells> {
    let mut order: Vec<SesiIx> = glance.target.to_vec();
    let others = all_in_order(state).into_iter().filter(|ix| {
        !glance.target.contains(ix) && cell_of(&glance.cells, *ix).status != Status::Belum
    });
    order.extend(others);
    by_modul(labels, &order)
        .into_iter()
        .map(|group| ModulCells {
            title: group.title,
            sesi: group
                .sesi
                .iter()
                .filter_map(|ix| {
                    let label = labels.get(usize::from(*ix))?;
                    Some(sesi_cell(state, glance, *ix, label))
                })
                .collect(),
        })
        .collect()
}

fn sesi_cell(state: &State, glance: &Glance<'_>, ix: SesiIx, label: &Label) -> SesiCell {
    let cell: Cell = cell_of(&glance.cells, ix);
    let date = cell.covered_on.or(cell.last);
    let times = |times: u16| if times > 1 { format!("{times} kali") } else { String::new() };
    let setting = state.setting();
    let behind = date.and_then(|date| {
        glance.group.fakta.iter().find(|fakta| {
            fakta.date == date
                && setting.counts(fakta)
                && fakta.sesi.iter().any(|taught| taught.sesi == ix)
        })
    });
    SesiCell {
        number: label.number,
        title: label.title.clone(),
        href: label.href.clone(),
        status: cell.status.slug(),
        status_name: cell.status.name(),
        date: date.map_or_else(String::new, tanggal::short),
        date_href: behind.map(|fakta| urls::pertemuan(fakta.id)),
        edition: cell.source.map_or_else(String::new, words::source),
        reach: cell.reach.map_or_else(String::new, |(present, of)| {
            let word = if glance.group.seats.is_empty() { "hadir" } else { "terjangkau" };
            format!("{present} dari {of} {word}")
        }),
        times: times(cell.times),
        inherited: cell.inherited,
        anchor: anchor(label),
    }
}

/// The pertemuan, newest first, and whether there are more than are shown.
pub(super) fn meetings(state: &State, group: &Kelompok, all: bool) -> (Vec<Meeting>, bool) {
    let setting = state.setting();
    let limit = if all { usize::MAX } else { MEETINGS };
    let rows = group
        .fakta
        .iter()
        .rev()
        .take(limit)
        .map(|fakta| Meeting {
            href: urls::pertemuan(fakta.id),
            date: tanggal::short(fakta.date),
            sesi: words::all_taught(state, &fakta),
            kind: words::kind(setting, &fakta),
            attendance: words::attendance(fakta.attendance),
            badges: words::badges(state, group, &fakta),
            withdrawn: fakta.withdrawn,
        })
        .collect();
    (rows, group.fakta.len() > limit)
}

/// Changes of the number of members with the number that each led to, newest first.
pub(super) fn heads(group: &Kelompok) -> Vec<Head> {
    let mut total = 0_i64;
    let mut rows: Vec<Head> = group
        .heads
        .iter()
        .map(|change| {
            total += i64::from(change.delta);
            Head {
                date: tanggal::short(change.date),
                change: format!("{:+}", change.delta),
                reason: change.reason.name(),
                total,
            }
        })
        .collect();
    rows.reverse();
    rows
}

/// So many months of the plan stand beside a kelompok.
const PLAN_MONTHS: usize = 6;

/// The plan of the next months.
pub(super) fn plan(eye: &Eye<'_>, glance: &Glance<'_>, labels: &[Label]) -> Vec<Planned> {
    if !glance.active {
        return Vec::new();
    }
    let ahead = eye.ahead(glance);
    let planned =
        ahead.months.iter().flat_map(|one| one.sesi.iter().map(move |ix| (one.month, *ix)));
    planned
        .take(PLAN_MONTHS)
        .filter_map(|(month, ix)| {
            let label = labels.get(usize::from(ix))?;
            Some(Planned {
                month: tanggal::month(month.first()),
                sesi: label.full(),
                href: format!("#{}", anchor(label)),
                done: false,
            })
        })
        .collect()
}

/// `1 Maret 2026 sampai 31 Agustus 2026, Kecamatan Plaosan`.
pub(crate) fn period(period: &Suspension, area: Option<String>) -> String {
    let mut text = match period.to {
        Some(to) => format!("{} sampai {}", tanggal::long(period.from), tanggal::long(to)),
        None => format!("Sejak {}", tanggal::long(period.from)),
    };
    if let Some(area) = area {
        text.push_str(&format!(", {area}"));
    }
    text
}
