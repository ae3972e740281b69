//! Logging in and out, and the one-time link with which a password is set.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::SubmitError;
use crate::app::login::{LOGIN_LASTS, LoginFailure, Secret, hash_password};
use crate::command::Command;
use crate::decide::{FieldError, Refusal};
use crate::event::LoginKind;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member, Params, PathParts, Visitor};
use crate::web::hashing::no_turn;
use crate::web::page::{Form, Page, lead_to, show, show_with};
use crate::web::{Web, urls};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/masuk", get(get_login).post(post_login))
        .route("/keluar", post(post_logout))
        .route("/tautan/{secret}", get(get_link).post(post_link))
}

/// Says that a form was sent when the login had ended.
const LOST: &str = "hilang";

#[derive(Template)]
#[template(path = "pages/masuk.html")]
struct Masuk {
    page: Page,
    form: Form,
    reading: bool,
}

#[derive(Template)]
#[template(path = "pages/tautan.html")]
struct Tautan {
    page: Page,
    form: Form,
    address: String,
    name: String,
    login: String,
    first: bool,
}

async fn get_login(
    State(web): State<Web>,
    visitor: Visitor,
    params: Params,
) -> Result<Response, WebError> {
    let next = urls::local(params.get("lanjut"));
    if visitor.account.is_some() {
        return Ok(lead_to(&next));
    }
    let lost = if params.get("isian") == LOST { LOST } else { "" };
    let form = Form::new(&web, vec![("next", next), ("isian", lost.to_owned())])?;
    let reading = web.app.state().public_reading;
    show(&Masuk { page: web.page(&visitor, "/masuk"), form, reading })
}

async fn post_login(
    State(web): State<Web>,
    visitor: Visitor,
    form: FormData,
) -> Result<Response, WebError> {
    let (login, password) =
        (form.get("login").to_owned(), form.raw("password").unwrap_or("").to_owned());
    let app = web.app.clone();
    let checked = match web.hashing.turn(move || app.check_password(&login, &password)).await {
        Ok(checked) => checked,
        Err(error) => {
            let status = error.status();
            return login_again(&web, &visitor, &form, (no_turn(error)?, status));
        }
    };
    let opened = match checked {
        Ok(account) => {
            let app = web.app.clone();
            blocking(move || app.open_login(account, LoginKind::Web, LOGIN_LASTS)).await?
        }
        Err(failure) => Err(failure),
    };
    match opened {
        Ok(secret) => Ok(logged_in(&web, &urls::local(form.get("next")), &secret)),
        Err(failure) => {
            let error = FieldError::new("login", failure.to_string());
            login_again(&web, &visitor, &form, (error, status_of(&failure)))
        }
    }
}

/// The form as it was sent, with what is wrong.
fn login_again(
    web: &Web,
    visitor: &Visitor,
    form: &FormData,
    (error, status): (FieldError, StatusCode),
) -> Result<Response, WebError> {
    let form = Form::again(&form.0, vec![error]);
    let reading = web.app.state().public_reading;
    show_with(status, &Masuk { page: web.page(visitor, "/masuk"), form, reading })
}

async fn post_logout(State(web): State<Web>, member: Member) -> Result<Response, WebError> {
    let request = web.app.request(member.actor(), Command::CloseLogin { token: member.token })?;
    web.app.submit(request).await?;
    let mut response = lead_to("/");
    set_cookie(&web, &mut response, "", 0);
    Ok(response)
}

async fn get_link(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    show(&link_page(&web, &visitor, &parts, form)?)
}

async fn post_link(
    State(web): State<Web>,
    visitor: Visitor,
    parts: PathParts,
    form: FormData,
) -> Result<Response, WebError> {
    let again = |errors, status| {
        let form = Form::again(&form.0, errors);
        show_with(status, &link_page(&web, &visitor, &parts, form)?)
    };
    let secret = Secret::from_client(parts.get(0));
    // Nobody has a password hashed for a link that is none.
    if web.app.state().link(&secret.digest(), web.app.clock().now()).is_none() {
        return Err(no_link());
    }
    let password = form.raw("password").unwrap_or("").to_owned();
    let hashed = if form.raw("repeat").unwrap_or("") == password {
        match web.hashing.turn(move || hash_password(&password)).await {
            Ok(hashed) => hashed,
            Err(error) => {
                let status = error.status();
                return again(vec![no_turn(error)?], status);
            }
        }
    } else {
        Err(LoginFailure::Differ)
    };
    let used = match hashed {
        Ok(hash) => {
            let (app, named) = (web.app.clone(), |name| form.get(name).to_owned());
            let first = form.has("login").then(|| (named("login"), named("name")));
            blocking(move || app.use_link(&secret, hash, first)).await?
        }
        Err(failure) => Err(failure),
    };
    match used {
        Ok(secret) => Ok(logged_in(&web, "/", &secret)),
        Err(LoginFailure::Submit(SubmitError::Refused(Refusal::Invalid(errors)))) => {
            let errors = errors.into_iter().map(|one| match one.field.as_str() {
                "nama" => FieldError::new("name", one.message),
                _ => one,
            });
            again(errors.collect(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(LoginFailure::Submit(error)) => Err(error.into()),
        Err(failure) => {
            let field = if failure == LoginFailure::Differ { "repeat" } else { "password" };
            let errors = vec![FieldError::new(field, failure.to_string())];
            again(errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

fn link_page(
    web: &Web,
    visitor: &Visitor,
    parts: &PathParts,
    form: Form,
) -> Result<Tautan, WebError> {
    let secret = Secret::from_client(parts.get(0));
    let state = web.app.state();
    let link = state.link(&secret.digest(), web.app.clock().now()).ok_or_else(no_link)?;
    let account = link.account.and_then(|id| state.account(id));
    Ok(Tautan {
        page: web.page(visitor, ""),
        form,
        address: format!("/tautan/{}", urls::encode(parts.get(0))),
        name: account.map_or_else(String::new, |account| account.name.clone()),
        login: account.map_or_else(String::new, |account| account.login.to_string()),
        first: link.account.is_none(),
    })
}

fn no_link() -> WebError {
    WebError::Conflict(
        "Tautan ini sudah dipakai atau sudah kedaluwarsa. Minta tautan baru kepada admin Anda."
            .to_owned(),
    )
}

/// Runs work that writes on a thread where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, WebError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| WebError::internal(&error))
}

fn status_of(failure: &LoginFailure) -> StatusCode {
    match failure {
        LoginFailure::Submit(error) => WebError::from(error.clone()).status(),
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub(super) fn logged_in(web: &Web, next: &str, secret: &Secret) -> Response {
    let mut response = lead_to(next);
    set_cookie(web, &mut response, secret.expose(), LOGIN_LASTS.as_secs());
    response
}

fn set_cookie(web: &Web, response: &mut Response, value: &str, seconds: i64) {
    let secure = if web.config.secure() { "; Secure" } else { "" };
    let cookie = format!(
        "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        web.config.cookie()
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
