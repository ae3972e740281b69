//! `p2k2 serve`: the server on a data directory.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::{App, Options, seed};
use crate::clock::Clock;
use crate::command::Actor;
use crate::config::Config;
use crate::web::{self, Web};

use super::{DataDir, FAILED, Listen, OK, socket};

/// Menjalankan server di sebuah direktori data.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    listen: Listen,
}

impl Serve {
    pub(super) fn run(self) -> Result<u8> {
        start_log();
        let config = config(&self.data.data, &self.listen, false)?;
        let runtime = runtime()?;
        let listener = runtime.block_on(bind(&config))?;
        let dir = config.data.clone();
        let app = runtime.block_on(async {
            let opening = tokio::task::spawn_blocking(move || open(&dir, Clock::system()));
            web::prepare::during(&listener, opening).await
        })??;
        if !app.state().has_admin() {
            let secret = app.make_link(Actor::System, None)?;
            println!(
                "Belum ada admin. Buka tautan sekali pakai ini: {}",
                base(&config, &listener)? + "/tautan/" + secret.expose()
            );
        }
        runtime.block_on(serve(app, config, listener, || {}))
    }
}

/// Logs to standard error; `P2K2_LOG` says how much.
pub(super) fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("P2K2_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,sled=off"));
    // A second start inside one process, as in tests, keeps the first.
    let _already = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .try_init();
}

/// The settings of a server, if they are safe.
pub(super) fn config(data: &Path, listen: &Listen, demo: bool) -> Result<Config> {
    let url = listen.url.clone().map(|url| url.trim_end_matches('/').to_owned());
    let tls = url.as_deref().is_some_and(|url| url.starts_with("https://"));
    if let Some(url) = &url
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        bail!("P2K2_URL “{url}” bukan alamat web. Contoh: https://p2k2.contoh.go.id.");
    }
    if !listen.listen.ip().is_loopback() && !tls && !listen.plain_http {
        bail!(
            "Alamat {} dapat dijangkau dari luar mesin ini tanpa TLS. Pasang proksi TLS dan isi P2K2_URL dengan alamat https, atau tambahkan --plain-http bila jaringan kantor ini tepercaya.",
            listen.listen
        );
    }
    Ok(Config {
        data: data.to_owned(),
        listen: listen.listen,
        url,
        plain_http: listen.plain_http,
        demo,
    })
}

/// The async runtime.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("Mesin ini tidak dapat menjalankan server")
}

/// Listens on the address of the settings.
pub(super) async fn bind(config: &Config) -> Result<TcpListener> {
    web::serve::listen(config.listen).with_context(|| {
        format!(
            "Alamat {} tidak dapat dipakai; mungkin program lain memakainya. Pilih porta lain dengan --listen",
            config.listen
        )
    })
}

/// Opens a data directory and enters the shipped curriculum where it is missing.
pub(super) fn open(dir: &Path, clock: Clock) -> Result<Arc<App>> {
    let (app, report) = App::open(&Options::real(dir, clock))?;
    if let Some(cut) = &report.cut {
        eprintln!("{cut}");
    }
    for note in &report.notes {
        eprintln!("{note}");
    }
    seed::load_shipped(&app)?;
    Ok(app)
}

/// The address at which the server is reached.
pub(super) fn base(config: &Config, listener: &TcpListener) -> Result<String> {
    match &config.url {
        Some(url) => Ok(url.clone()),
        None => Ok(format!("http://{}", listener.local_addr()?)),
    }
}

/// Serves until the process is told to stop, or the journal stops taking lines.
pub(super) async fn serve(
    app: Arc<App>,
    config: Config,
    listener: TcpListener,
    ready: impl FnOnce(),
) -> Result<u8> {
    let address = base(&config, &listener)?;
    let socket = socket::listen(&config.data, Arc::clone(&app), address.clone())?;
    let searched = Arc::clone(&app);
    // The index is built beside the start, so that the first search need not wait for it.
    let searching = tokio::task::spawn_blocking(move || searched.search());
    let freezing = tokio::spawn(freeze(Arc::clone(&app)));
    let router = web::routes::router(Web::new(Arc::clone(&app), config));
    // From here on a signal is heard: whoever reads the address may end the program at once.
    let (term, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    ready();
    println!("siap: {address}");
    let stop = told_to_stop(Arc::clone(&app), term, interrupt);
    web::serve::run(listener, router, web::serve::Limits::default(), stop).await;
    drop(socket);
    freezing.abort();
    // What it reads must stay until it is done: the demo's directory goes away right after.
    let _panicked = searching.await;
    let failed = app.has_failed();
    let closing = Arc::clone(&app);
    tokio::task::spawn_blocking(move || closing.close())
        .await?
        .or_else(|error| if failed { Ok(()) } else { Err(error) })?;
    if failed {
        eprintln!("Penyimpanan gagal, jadi server berhenti. Periksa cakram, lalu jalankan lagi.");
        return Ok(FAILED);
    }
    Ok(OK)
}

/// So often it is looked whether a month or a day is over.
const FREEZE_EVERY: std::time::Duration = std::time::Duration::from_secs(60);

/// Freezes months that are over and counts for the day that began: at once, then whenever one ends
/// while the server runs.
async fn freeze(app: Arc<App>) {
    let mut ticks = tokio::time::interval(FREEZE_EVERY);
    loop {
        ticks.tick().await;
        let app = Arc::clone(&app);
        let look = move || {
            let frozen = app.freeze_ended_months();
            app.refresh_columns();
            app.prepare_past();
            frozen
        };
        // The next look makes up for what failed.
        match tokio::task::spawn_blocking(look).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a month could not be frozen"),
            Err(error) => tracing::error!(%error, "freezing a month panicked"),
        }
    }
}

/// Ready when the process gets SIGINT or SIGTERM, or the journal stops.
async fn told_to_stop(app: Arc<App>, mut term: Signal, mut interrupt: Signal) {
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(250));
    loop {
        tokio::select! {
            _ = term.recv() => return,
            _ = interrupt.recv() => return,
            _ = ticks.tick() => if app.has_failed() { return },
        }
    }
}
