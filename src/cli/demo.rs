//! `p2k2 demo`: the same server on a temporary directory with a made-up district.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use jiff::civil::Date;

use crate::app::App;
use crate::app::login::TOKEN_LASTS;
use crate::clock::Clock;
use crate::command::{Actor, Command};
use crate::decide::import::{Import, Row, Rows};
use crate::demo::{District, Params};
use crate::event::{LoginKind, SuspensionTarget};
use crate::kelompok::wilayah::Zone;
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
        let clock = match self.today {
            Some(day) => Clock::starting_at(noon(day)?),
            None => Clock::system(),
        };
        let today = Zone::Wib.date(clock.now());
        let runtime = serve::runtime()?;
        let listener = runtime.block_on(serve::bind(&config))?;
        let app = serve::open(&temporary.path, clock)?;
        let district = District::generate(&Params::demo(self.seed, today));
        if app.state().groups().is_empty() {
            fill(&app, &district)?;
        }
        let people = logins(&app, &district, self.seed)?;
        let code = runtime.block_on(serve::serve(app, config, listener, || {
            for line in &people {
                println!("{line}");
            }
        }));
        drop(temporary);
        code
    }
}

/// A directory that goes away with the process, or one that was named and stays.
struct Temporary {
    path: PathBuf,
    remove: bool,
}

impl Temporary {
    fn make(named: Option<&std::path::Path>) -> Result<Self> {
        if let Some(path) = named {
            return Ok(Self { path: path.to_owned(), remove: false });
        }
        let suffix = Clock::system().new_id()?;
        let path = std::env::temp_dir().join(format!("p2k2-demo-{suffix}"));
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

/// Enters the district in the order in which it came to be.
fn fill(app: &Arc<App>, district: &District) -> Result<()> {
    import(app, Rows::Wilayah(rows(&district.wilayah)))?;
    import(app, Rows::Pengguna(rows(&district.pengguna)))?;
    import(app, Rows::Kelompok(rows(&district.kelompok)))?;
    for change in &district.head_changes {
        let version = app
            .state()
            .group(change.kelompok.as_str())
            .map(|group| group.version)
            .ok_or_else(|| anyhow!("kelompok {} hilang", change.kelompok))?;
        run(
            app,
            Command::ChangeHeads {
                kelompok: change.kelompok.clone(),
                date: change.date,
                delta: change.delta,
                reason: change.reason,
                note: String::new(),
                version,
            },
        )?;
    }
    import(app, Rows::Pertemuan(rows(&district.pertemuan)))?;
    for one in &district.suspensions {
        let target = SuspensionTarget::Wilayah(one.area);
        let (from, to, reason) = (one.from, Some(one.to), one.reason.clone());
        run(app, Command::Suspend { target, from, to, reason })?;
    }
    for one in &district.handovers {
        let (version, account) = {
            let state = app.state();
            let version = state.group(one.kelompok.as_str()).map(|group| group.version);
            let account = state.account_by_login(&one.pendamping).map(|account| account.id);
            (version, account)
        };
        let version = version.ok_or_else(|| anyhow!("kelompok {} hilang", one.kelompok))?;
        let (kelompok, from) = (one.kelompok.clone(), one.from);
        run(app, Command::Assign { kelompok, from, account, version })?;
    }
    Ok(())
}

/// A password and a token for each login that shows a role, as lines to print.
fn logins(app: &App, district: &District, seed: u64) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for one in &district.logins {
        let id = account(app, &one.login)?;
        let password = format!("contoh-{}-{seed:04}", one.label);
        let link = app.make_link(Actor::System, Some(id)).map_err(|error| anyhow!("{error}"))?;
        app.use_link(&link, &password, None).map_err(|error| anyhow!("{error}"))?;
        let token =
            app.open_login(id, LoginKind::Api, TOKEN_LASTS).map_err(|error| anyhow!("{error}"))?;
        lines.push(format!("masuk: {} {} {password} {}", one.label, one.login, token.expose()));
    }
    Ok(lines)
}

fn account(app: &App, login: &Login) -> Result<crate::ids::AccountId> {
    match app.state().account_by_login(login) {
        Some(account) => Ok(account.id),
        None => bail!("Pengguna {login} tidak ada di kabupaten rekaan ini"),
    }
}
