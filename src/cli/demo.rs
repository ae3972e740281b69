//! `p2k2 demo`: the same server on a temporary directory with a made-up district.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use crate::app::login::{TOKEN_LASTS, hash_password};
use crate::app::{App, seed};
use crate::bahasa::tanggal;
use crate::clock::Clock;
use crate::command::{Actor, CheckInput, Command, TextFacts, Versioned, VisitInput};
use crate::curriculum::ids::SesiId;
use crate::decide::import::{Import, PertemuanRow, Row, Rows};
use crate::demo::{District, Params};
use crate::event::{ChangeKind, LoginKind, SuspensionTarget};
use crate::ids::AccountId;
use crate::kelompok::group::HeadReason;
use crate::kelompok::rates::Month;
use crate::kelompok::visit::VisitPlace;
use crate::kelompok::wilayah::{Kode, Zone};
use crate::kelompok::{Kelompok, KelompokId};
use crate::people::account::Login;

use super::{Listen, serve};

/// Menjalankan contoh dengan kabupaten rekaan.
#[derive(Args)]
pub(super) struct Demo {
    /// Direktori data; tanpa ini direktori sementara yang dihapus lagi sesudahnya.
    #[arg(long)]
    data: Option<PathBuf>,
    #[command(flatten)]
    listen: Listen,
    /// Benih; benih yang sama memberi kabupaten yang sama.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Hari yang dianggap hari ini, misalnya 2026-11-21.
    #[arg(long)]
    today: Option<Date>,
}

impl Demo {
    pub(super) fn run(self) -> Result<u8> {
        serve::start_log();
        let temporary = Temporary::make(self.data.as_deref())?;
        let config = serve::config(&temporary.path, &self.listen, true)?;
        let real = match self.today {
            Some(day) => Clock::starting_at(noon(day)?),
            None => Clock::system(),
        };
        let today = Zone::Wib.date(real.now());
        let past = Past::default();
        let clock = past.clock(real);
        let runtime = serve::runtime()?;
        let listener = runtime.block_on(serve::bind(&config))?;
        // The texts were there before the first of the made-up pertemuan.
        past.go_back(TEXTS_DAYS);
        let app = serve::open(&temporary.path, clock)?;
        past.go_back(0);
        let params = Params::demo(self.seed, today);
        let district = District::generate(&params);
        let fresh = app.state().groups().is_empty();
        if fresh {
            fill(&app, &district, (&past, &params))?;
        }
        let people = logins(&app, &district, self.seed)?;
        if fresh {
            review(&app, &district)?;
            oversee(&app, &district, today)?;
        }
        let code = runtime.block_on(serve::serve(app, config, listener, || {
            for line in &people {
                println!("{line}");
            }
        }));
        drop(temporary);
        code
    }
}

/// How many days ago the texts were published: before the first of the made-up pertemuan.
const TEXTS_DAYS: i64 = 500;
/// How many days ago the substance of one text changed.
const RENEWED_DAYS: i64 = 75;
/// The sesi whose substance changed.
const RENEWED: &str = "mengelola-keuangan-keluarga";
/// The sesi of which a change waits for review.
const REVIEWED: &str = "gizi-dan-layanan-kesehatan-ibu-hamil";

/// Turns the clock back while the past of the demo is entered.
#[derive(Default)]
struct Past {
    days: Arc<AtomicI64>,
}

impl Past {
    fn go_back(&self, days: i64) {
        self.days.store(days, Ordering::SeqCst);
    }

    fn clock(&self, real: Clock) -> Clock {
        let days = Arc::clone(&self.days);
        Clock::by(move || {
            let back = SignedDuration::from_hours(24 * days.load(Ordering::SeqCst));
            real.now().saturating_sub(back).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        })
    }
}

/// A directory that goes away with the process, or one that was named and stays.
pub(super) struct Temporary {
    pub(super) path: PathBuf,
    remove: bool,
}

impl Temporary {
    pub(super) fn make(named: Option<&std::path::Path>) -> Result<Self> {
        if let Some(path) = named {
            return Ok(Self { path: path.to_owned(), remove: false });
        }
        let suffix = Clock::system().new_id()?;
        let path = std::env::temp_dir().join(format!("p2k2-{suffix}"));
        std::fs::create_dir_all(&path)
            .with_context(|| format!("Direktori {} tidak dapat dibuat", path.display()))?;
        Ok(Self { path, remove: true })
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.remove {
            // Made-up data in a temporary place: what stays behind harms nobody.
            let _left = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// In this kelompok the members are numbered.
const NUMBERED: &str = "OKI-029";
/// In this desa two kelompok become one.
const MERGED: &str = "35.20.07.2014";

/// Midday in WIB, so that the date is the same in every zone of the country.
fn noon(day: Date) -> Result<jiff::Timestamp> {
    let at = day.at(5, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC)?;
    Ok(at.timestamp())
}

fn run(app: &App, command: Command) -> Result<()> {
    let request = app.request(Actor::System, command)?;
    app.submit_blocking(request).map_err(|error| anyhow!("{error}"))?;
    Ok(())
}

fn rows<T>(values: &[T]) -> Vec<Row<T>>
where
    T: Clone,
{
    (2..).zip(values).map(|(line, value)| Row { line, value: value.clone() }).collect()
}

fn import(app: &App, rows: Rows) -> Result<()> {
    run(app, Command::Import(Box::new(Import { rows, skip_bad: false })))
}

/// Enters the district in the order in which it came to be: month by month, each with what was
/// known of it when it ended, and frozen then. So records that came late are late here too.
fn fill(app: &Arc<App>, district: &District, (past, params): (&Past, &Params)) -> Result<()> {
    let days = |day: Date| i64::from(tanggal::days_between(day, params.today));
    let mut month = Month::of(params.today);
    for _ in 1..params.months {
        month = month.previous();
    }
    past.go_back(days(month.first()));
    import(app, Rows::Wilayah(rows(&district.wilayah)))?;
    import(app, Rows::Pengguna(rows(&district.pengguna)))?;
    import(app, Rows::Kelompok(rows(&district.kelompok)))?;
    let mut told = Told::default();
    let mut renewed = false;
    while month.last() < params.today {
        month = month.next();
        if !renewed && days(month.first()) < RENEWED_DAYS {
            renewed = true;
            past.go_back(RENEWED_DAYS);
            told.until_now(app, district)?;
            renew(app, district)?;
        }
        past.go_back(days(month.first()));
        told.until_now(app, district)?;
        app.freeze_ended_months().map_err(|error| anyhow!("{error}"))?;
    }
    past.go_back(0);
    told.until_now(app, district)?;
    number_seats(app, params.today)?;
    merge_two(app, params.today)
}

/// In one kelompok the members are numbered, and two joined since: they owe what was taught before.
fn number_seats(app: &App, today: Date) -> Result<()> {
    let id: KelompokId = NUMBERED.parse()?;
    let (date, seats) = {
        let state = app.state();
        let Some(group) = state.group(id.as_str()).filter(|group| group.active(today)) else {
            return Ok(());
        };
        let last = group.heads.last().map_or(group.start, |change| change.date);
        (last.max(today.saturating_sub(20.days())), Vec::new())
    };
    let number = Command::NumberSeats { kelompok: id.clone(), date, version: version(app, &id)? };
    run(app, number)?;
    let (delta, reason, note) = (2, HeadReason::AnggotaBaru, String::new());
    let version = version(app, &id)?;
    run(app, Command::ChangeHeads { kelompok: id, date, delta, reason, note, seats, version })
}

/// The last two kelompok of a desa become one, where there are two.
fn merge_two(app: &App, today: Date) -> Result<()> {
    let merge = {
        let state = app.state();
        let area: Kode = MERGED.parse()?;
        let all: Vec<_> = state.active_in(area, today).filter(|one| one.end.is_none()).collect();
        let [.., one, other] = all.as_slice() else { return Ok(()) };
        if one.home(today) != other.home(today) {
            return Ok(());
        }
        let last = |group: &Kelompok| {
            let met = group.fakta.iter().next_back().map_or(group.start, |fakta| fakta.date);
            met.max(group.heads.last().map_or(met, |change| change.date))
        };
        let on = last(one).max(last(other)).saturating_add(1.day());
        let versioned =
            |group: &Kelompok| Versioned { id: group.id.clone(), version: group.version };
        Command::Merge {
            parents: vec![versioned(one), versioned(other)],
            id: format!("{}-G", one.id).parse()?,
            name: format!("{} Bersama", one.name),
            pendamping: one.pendamping(today),
            on,
            reason: "Anggota berkurang sesudah graduasi.".to_owned(),
        }
    };
    run(app, merge)
}

/// How much of the district was entered so far.
#[derive(Default)]
struct Told {
    until: Option<jiff::Timestamp>,
}

impl Told {
    /// Enters what became known since the last time, changes of kelompok before the pertemuan that
    /// rest on them.
    fn until_now(&mut self, app: &Arc<App>, district: &District) -> Result<()> {
        let now = app.clock().now();
        let before = self.until.replace(now);
        let today = Zone::Wib.date(now);
        let since = before.map(|at| Zone::Wib.date(at));
        let fresh = |day: Date| day <= today && since.is_none_or(|since| since < day);
        for change in district.head_changes.iter().filter(|one| fresh(one.date)) {
            let version = version(app, &change.kelompok)?;
            let (kelompok, note) = (change.kelompok.clone(), String::new());
            let (date, delta, reason) = (change.date, change.delta, change.reason);
            run(
                app,
                Command::ChangeHeads {
                    kelompok,
                    date,
                    delta,
                    reason,
                    note,
                    seats: Vec::new(),
                    version,
                },
            )?;
        }
        for one in district.suspensions.iter().filter(|one| fresh(one.from)) {
            let target = SuspensionTarget::Wilayah(one.area);
            let (from, to, reason) = (one.from, Some(one.to), one.reason.clone());
            run(app, Command::Suspend { target, from, to, reason })?;
        }
        for one in district.handovers.iter().filter(|one| fresh(one.from)) {
            let account = app.state().account_by_login(&one.pendamping).map(|account| account.id);
            let (version, kelompok) = (version(app, &one.kelompok)?, one.kelompok.clone());
            run(app, Command::Assign { kelompok, from: one.from, account, version })?;
        }
        let known = |row: &&PertemuanRow| {
            // Without a time it became known with everything else that is past.
            row.received.is_none_or(|at| at <= now && before.is_none_or(|before| before < at))
        };
        let pertemuan: Vec<PertemuanRow> =
            district.pertemuan.iter().filter(known).cloned().collect();
        import(app, Rows::Pertemuan(rows(&pertemuan)))
    }
}

fn version(app: &App, kelompok: &KelompokId) -> Result<u64> {
    let version = app.state().group(kelompok.as_str()).map(|group| group.version);
    version.ok_or_else(|| anyhow!("kelompok {kelompok} hilang"))
}

/// A password and a token for each login that shows a role, as lines to print.
fn logins(app: &App, district: &District, seed: u64) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for one in &district.logins {
        let id = account(app, &one.login)?;
        let password = format!("contoh-{}-{seed:04}", one.label);
        let link = app.make_link(Actor::System, Some(id)).map_err(|error| anyhow!("{error}"))?;
        let hash = hash_password(&password).map_err(|error| anyhow!("{error}"))?;
        app.use_link(&link, hash, None).map_err(|error| anyhow!("{error}"))?;
        let token =
            app.open_login(id, LoginKind::Api, TOKEN_LASTS).map_err(|error| anyhow!("{error}"))?;
        lines.push(format!("masuk: {} {} {password} {}", one.label, one.login, token.expose()));
    }
    Ok(lines)
}

/// The account that shows a role.
fn shown(app: &App, district: &District, label: &str) -> Result<AccountId> {
    let login = district.logins.iter().find(|one| one.label == label);
    account(app, &login.ok_or_else(|| anyhow!("tidak ada {label} dalam contoh ini"))?.login)
}

/// Hands in a text with one more preparation, as the pelatih of the demo; gives its hash.
fn hand_in(
    app: &App,
    district: &District,
    sesi: &str,
    line: &str,
    summary: &str,
) -> Result<TextFacts> {
    let id: SesiId = sesi.parse()?;
    let (revision, base) = {
        let state = app.state();
        let live = state.sesi(&id).and_then(|sesi| sesi.live());
        let live = live.ok_or_else(|| anyhow!("sesi {sesi} belum bernaskah"))?;
        (live.revision, live.number)
    };
    let text = app.texts().get(revision)?;
    let changed =
        text.sesi.source().replacen("## Persiapan\n\n", &format!("## Persiapan\n\n- {line}\n"), 1);
    let revision = app.texts().put(&changed)?;
    let author = shown(app, district, "pelatih")?;
    let (authors, summary) = (vec![author], summary.to_owned());
    let command =
        Command::Submit { sesi: id.clone(), revision, base: Some(base), authors, summary };
    let request = app.request(Actor::Account(author), command)?;
    app.submit_blocking(request).map_err(|error| anyhow!("{error}"))?;
    Ok(seed::facts(&app.texts().get(revision)?.sesi, &id, revision))
}

/// The substance of one text changed a while ago, so that some kelompok need a refresher.
fn renew(app: &App, district: &District) -> Result<()> {
    let summary = "Latihan mencatat uang ditambah.";
    let text =
        hand_in(app, district, RENEWED, "Siapkan satu buku tulis untuk setiap keluarga.", summary)?;
    let reviewer = shown(app, district, "penelaah")?;
    let note = summary.to_owned();
    let command = Command::Publish { text: Box::new(text), kind: ChangeKind::Substansi, note };
    let request = app.request(Actor::Account(reviewer), command)?;
    app.submit_blocking(request).map_err(|error| anyhow!("{error}"))?;
    Ok(())
}

/// A change waits for review.
fn review(app: &App, district: &District) -> Result<()> {
    let line = "Pinjam timbangan dan pita lengan atas dari posyandu bila ada.";
    hand_in(app, district, REVIEWED, line, "Persiapan dilengkapi dengan alat posyandu.").map(|_| ())
}

/// The kecamatan that were visited this year, as in the news of the first kabupaten.
const VISITED: [&str; 7] = [
    "Sirah Pulau Padang",
    "Kayu Agung",
    "Pedamaran",
    "Mesuji Makmur",
    "Mesuji",
    "Pedamaran Timur",
    "Mesuji Raya",
];

/// Visits, two checks of which one waits, and a record that was sent twice.
fn oversee(app: &App, district: &District, today: Date) -> Result<()> {
    let by = Actor::Account(shown(app, district, "supervisor")?);
    let send = |command: Command| -> Result<()> {
        let request = app.request(by, command)?;
        app.submit_blocking(request).map(|_| ()).map_err(|error| anyhow!("{error}"))
    };
    let office = "Dinas Sosial".to_owned();
    let places: Vec<_> = {
        let state = app.state();
        let find = |name: &&str| {
            state.wilayah.iter().find(|(_, known)| *known == name).map(|(kode, _)| *kode)
        };
        VISITED.iter().filter_map(find).collect()
    };
    for (days, place) in (0..).step_by(21).zip(places) {
        let visit = VisitInput {
            place: VisitPlace::Wilayah(place),
            date: today.saturating_sub(days.days()).max(today.first_of_year()),
            office: office.clone(),
            attended: "P2K2 dengan perwakilan kelompok, dan pengarahan peraturan baru".to_owned(),
            note: String::new(),
        };
        send(Command::LogVisit { visit: Box::new(visit), check: None })?;
    }
    let mine = shown(app, district, "pendamping")?;
    let groups: Vec<_> = {
        let state = app.state();
        let met = state.groups().iter().filter(|group| group.pendamping(today) == Some(mine));
        met.map(|group| (group.id.clone(), group.members(today))).collect()
    };
    for ((kelompok, members), missing) in groups.iter().rev().zip([2, 0]) {
        let (kelompok, office) = (kelompok.clone(), office.clone());
        let check = CheckInput { found: true, counted: members.saturating_sub(missing).max(1) };
        send(Command::LogCheck { kelompok, date: today, office, check })?;
    }
    let doubled = groups.first().and_then(|(id, _)| {
        district.pertemuan.iter().rev().find(|row| row.input.kelompok.folded() == id.folded())
    });
    if let Some(row) = doubled {
        let mut twice = row.clone();
        twice.id = app.clock().new_id()?;
        twice.input.note = "Dikirim ulang karena sinyal terputus.".to_owned();
        import(app, Rows::Pertemuan(rows(&[twice])))?;
    }
    Ok(())
}

fn account(app: &App, login: &Login) -> Result<AccountId> {
    match app.state().account_by_login(login) {
        Some(account) => Ok(account.id),
        None => bail!("Pengguna {login} tidak ada di kabupaten rekaan ini"),
    }
}
