//! What the journeys share: a demo server with its logins, and a browser.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::target::{
    CreateBrowserContextParams, CreateTargetParams,
};
use chromiumoxide::{Browser, BrowserConfig};
use futures::StreamExt;
use tempfile::TempDir;

use crate::tab::Tab;

/// The day of the demo: the same pages every time.
pub(crate) const TODAY: &str = "2026-11-21";

/// A part of the demo's start or of a page that takes longer hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A demo server and a browser, both ended with it.
pub(crate) struct World {
    /// The address of the server, without a slash at its end.
    pub(crate) address: String,
    secrets: HashMap<String, String>,
    browser: Browser,
    server: Child,
    _profile: TempDir,
}

impl World {
    /// Starts both on the made-up district and waits until both answer.
    pub(crate) async fn start() -> Self {
        Self::open(None, TODAY).await
    }

    /// Starts both on a day of one's own, on a directory where one is named: what stands there
    /// already is served as it is.
    pub(crate) async fn open(data: Option<&Path>, today: &str) -> Self {
        let (server, address, secrets) = demo(data, today);
        let profile = tempfile::tempdir().unwrap();
        let config = BrowserConfig::builder()
            .chrome_executable("/usr/bin/chromium")
            .no_sandbox()
            .disable_default_args()
            .user_data_dir(profile.path())
            .args([
                "disable-gpu",
                "disable-background-networking",
                "disable-component-update",
                "disable-sync",
                "disable-dev-shm-usage",
                "hide-scrollbars",
                "no-first-run",
                "no-default-browser-check",
                "enable-automation",
            ])
            .viewport(None)
            .enable_cache()
            .launch_timeout(PATIENCE)
            .request_timeout(PATIENCE)
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.unwrap();
        // An event that the library does not know is none of ours; the stream ends with the browser.
        tokio::spawn(async move { while handler.next().await.is_some() {} });
        Self { address, secrets, browser, server, _profile: profile }
    }

    /// A tab of a visitor of its own: no cookie and no cached file of another.
    pub(crate) async fn visitor(&self) -> Tab {
        let context = self
            .browser
            .create_browser_context(CreateBrowserContextParams::default())
            .await
            .unwrap();
        let target = CreateTargetParams::builder()
            .url("about:blank")
            .browser_context_id(context)
            .build()
            .unwrap();
        Tab::new(self.browser.new_page(target).await.unwrap(), self.address.clone()).await
    }

    /// A tab of a person who has just logged in through the login page.
    pub(crate) async fn member(&self, login: &str) -> Tab {
        let mut tab = self.visitor().await;
        self.log_in(&mut tab, login).await;
        tab
    }

    /// Logs in on the login page.
    pub(crate) async fn log_in(&self, tab: &mut Tab, login: &str) {
        tab.open("/masuk").await;
        tab.fill("#f-login", login).await;
        tab.fill("#f-password", &self.secrets[login]).await;
        tab.follow("main form button").await;
        assert_eq!(tab.path().await, "/", "{login} is led to the home page");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Both may have ended already; the browser is killed with its handle.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The program, untouched by what the machine has set for it.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_p2k2"));
    for setting in ["P2K2_DATA", "P2K2_LISTEN", "P2K2_URL", "P2K2_LOG"] {
        command.env_remove(setting);
    }
    command
}

/// Starts the demo; its process, its address and the passwords by login.
fn demo(data: Option<&Path>, today: &str) -> (Child, String, HashMap<String, String>) {
    let mut command = program();
    command.args(["demo", "--listen", "127.0.0.1:0", "--today", today]);
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    let mut server =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut secrets = HashMap::new();
    for line in BufReader::new(server.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["masuk:", _, login, secret, _] => {
                secrets.insert(login.to_owned(), secret.to_owned());
            }
            ["siap:", address] => {
                return (server, address.trim_end_matches('/').to_owned(), secrets);
            }
            _ => {}
        }
    }
    let _ = server.kill();
    panic!("the demo ended before it answered");
}
