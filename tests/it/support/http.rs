//! The whole program behind its router, in this process: asked like a browser, without a socket.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt;
use p2k2::app::login::LOGIN_LASTS;
use p2k2::app::{App, Options, seed};
use p2k2::clock::Clock;
use p2k2::command::{Actor, Command};
use p2k2::config::Config;
use p2k2::event::LoginKind;
use p2k2::ids::AccountId;
use p2k2::people::account::{Grant, Role};
use p2k2::web::{Web, routes, urls};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use super::{district_commands, start};

/// A skema of one sesi that has no text.
const WITHOUT_TEXT: &str = r#"{"id":"tambahan","judul":"Materi tambahan","modul":[
 {"id":"adaptif","judul":"P2K2 Adaptif","alias":[],"sesi":[
  {"id":"literasi-digital","nomor":1,"nomor_modul":1,"judul":"Literasi Digital","alias":[],
   "tema":["ekonomi"]}]}]}"#;

/// Nobody: a visitor without a login.
pub(crate) const ANYONE: &str = "";

/// A running program with the shipped curriculum, one kelompok in each of two kabupaten, and one
/// login per role.
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) web: Web,
    /// What is asked; made of the web face when a test puts no other here.
    pub(crate) router: Router,
    runtime: Runtime,
    cookies: HashMap<&'static str, String>,
    _dir: TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Site {
    /// The accounts, besides those of [`district_commands`].
    const PEOPLE: [(&'static str, &'static [Role]); 5] = [
        ("pelatih-1", &[Role::Pelatih]),
        ("pelatih-2", &[Role::Pelatih]),
        ("penelaah-1", &[Role::Penelaah]),
        ("dua-peran", &[Role::Pelatih, Role::Penelaah]),
        ("admin-1", &[Role::Admin]),
    ];

    pub(crate) fn new() -> Self {
        Self::with(Clock::fixed(start()), None)
    }

    /// The same with a clock of its own.
    pub(crate) fn with_clock(clock: Clock) -> Self {
        Self::with(clock, None)
    }

    /// The same with a public address.
    pub(crate) fn at(url: Option<&str>) -> Self {
        Self::with(Clock::fixed(start()), url)
    }

    fn with(clock: Clock, url: Option<&str>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { index: None, ..Options::real(dir.path(), clock) };
        let (app, _) = App::open(&options).unwrap();
        seed::load_shipped(&app).unwrap();
        let skema = Box::new(serde_json::from_str(WITHOUT_TEXT).unwrap());
        system(&app, Command::LoadSkema { skema });
        // Its first command is a skema of its own.
        for mut request in district_commands().into_iter().skip(1) {
            request.now = app.clock().now();
            app.submit_blocking(request).unwrap();
        }
        for (login, roles) in Self::PEOPLE {
            let area = "16.02".parse().unwrap();
            let grants = roles.iter().map(|role| Grant { role: *role, area }).collect();
            let (name, login) = (format!("Ibu {login}"), login.to_owned());
            system(&app, Command::CreateAccount { login, name, grants });
        }
        let config = Config {
            data: PathBuf::new(),
            listen: ([127, 0, 0, 1], 0).into(),
            url: url.map(str::to_owned),
            plain_http: false,
            demo: false,
        };
        let web = Web::new(Arc::clone(&app), config);
        let router = routes::router(web.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut site = Self { app, web, router, runtime, cookies: HashMap::new(), _dir: dir };
        site.log_in();
        site
    }

    /// Logs everybody in, from the time of the clock on.
    pub(crate) fn log_in(&mut self) {
        let others = ["pendamping-1", "pendamping-2", "supervisor-1"];
        let names = Self::PEOPLE.into_iter().map(|(login, _)| login).chain(others);
        self.cookies = names.map(|login| (login, cookie(&self.app, login))).collect();
    }

    pub(crate) fn get(&self, who: &str, path: &str) -> Reply {
        self.get_with(who, path, &[])
    }

    pub(crate) fn get_with(&self, who: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(who, request.body(Body::empty()).unwrap())
    }

    /// Sends a form.
    pub(crate) fn post(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(who, form(path, fields))
    }

    /// Sends a form with a file, as browsers do; without one its field stays empty.
    pub(crate) fn upload(
        &self,
        who: &str,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Reply {
        let mut body = Vec::new();
        let mut part = |head: &str, value: &[u8]| {
            let head = format!("--batas\r\nContent-Disposition: form-data; {head}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        };
        for (name, value) in fields {
            part(&format!("name=\"{name}\""), value.as_bytes());
        }
        let (name, bytes) = file.unwrap_or_default();
        part(&format!("name=\"berkas\"; filename=\"{name}\""), bytes);
        body.extend_from_slice(b"--batas--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=batas")
            .body(Body::from(body));
        self.send(who, request.unwrap())
    }

    /// Sends a form with a cookie of its own.
    pub(crate) fn post_as(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut request = form(path, fields);
        request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        self.send(ANYONE, request)
    }

    /// Sends a form with headers of its own.
    pub(crate) fn post_with(
        &self,
        who: &str,
        path: &str,
        fields: &[(&str, &str)],
        (name, value): (&'static str, &str),
    ) -> Reply {
        let mut request = form(path, fields);
        request.headers_mut().insert(name, value.parse().unwrap());
        self.send(who, request)
    }

    /// Sends a JSON body to the API.
    pub(crate) fn post_json(&self, who: &str, path: &str, body: &str) -> Reply {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(who, request.body(Body::from(body.to_owned())).unwrap())
    }

    /// Sends a JSON body that replaces what is there.
    pub(crate) fn put_json(&self, who: &str, path: &str, body: &str) -> Reply {
        let request = Request::put(path).header(header::CONTENT_TYPE, "application/json");
        self.send(who, request.body(Body::from(body.to_owned())).unwrap())
    }

    /// The bytes of a file, which must be there.
    pub(crate) fn bytes(&self, who: &str, path: &str) -> Vec<u8> {
        let (parts, bytes) = self.answer(who, Request::get(path).body(Body::empty()).unwrap());
        let text = || String::from_utf8_lossy(&bytes);
        assert_eq!(parts.status.as_u16(), 200, "{who} {path}: {}", text());
        bytes
    }

    /// The status of an answer that may be no text.
    pub(crate) fn bytes_status(&self, who: &str, path: &str) -> u16 {
        let (parts, _) = self.answer(who, Request::get(path).body(Body::empty()).unwrap());
        parts.status.as_u16()
    }

    /// Sends any request.
    pub(crate) fn send(&self, who: &str, request: Request<Body>) -> Reply {
        let (parts, bytes) = self.answer(who, request);
        // Everything but a file to print is text.
        let body = match parts.headers.get(header::CONTENT_TYPE) {
            Some(kind) if kind == "application/pdf" => String::from_utf8_lossy(&bytes).into_owned(),
            _ => String::from_utf8(bytes).unwrap(),
        };
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn answer(&self, who: &str, mut request: Request<Body>) -> (Parts, Vec<u8>) {
        if who != ANYONE {
            let cookie = self.cookies[who].parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts, body.collect().await.unwrap().to_bytes().to_vec())
        })
    }

    /// The number of an account.
    pub(crate) fn account(&self, login: &str) -> AccountId {
        self.app.state().account_by_login(&login.parse().unwrap()).unwrap().id
    }
}

fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", urls::encode(name), urls::encode(value)))
        .collect();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(pairs.join("&")))
        .unwrap()
}

/// Hands a command in as the owner of the data.
pub(crate) fn system(app: &App, command: Command) {
    let request = app.request(Actor::System, command).unwrap();
    app.submit_blocking(request).unwrap();
}

fn cookie(app: &App, login: &str) -> String {
    let account = app.state().account_by_login(&login.parse().unwrap()).unwrap().id;
    let secret = app.open_login(account, LoginKind::Web, LOGIN_LASTS).unwrap();
    format!("masuk={}", secret.expose())
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where the answer leads.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// What stands inside `<main>`.
    pub(crate) fn main(&self) -> &str {
        let start = self.body.find("<main").unwrap_or_else(|| panic!("no main: {}", self.body));
        let end = self.body.find("</main>").unwrap();
        &self.body[start..end]
    }

    pub(crate) fn has(&self, words: &str) -> bool {
        self.body.contains(words)
    }

    /// The value of a hidden field.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let start = self.body.find(&mark).unwrap_or_else(|| panic!("no field {name}")) + mark.len();
        self.body[start..].split('"').next().unwrap().to_owned()
    }
}
