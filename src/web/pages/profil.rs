//! One's own account: name, roles and why they show what they show, password, logging out.

use askama::Template;
use axum::Router;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};

use crate::app::login::{LOGIN_LASTS, LoginFailure, Secret, hash_password, verify_password};
use crate::command::Command;
use crate::decide::FieldError;
use crate::event::LoginKind;
use crate::people::account::{Grant, Role};
use crate::state::State;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::{FormData, Member};
use crate::web::hashing::no_turn;
use crate::web::page::{Done, Form, Page, show, show_with, told};
use crate::web::parts::send::request_id;

use super::masuk;
use super::reading::{blocking, moment};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/profil", get(get_profile)).route("/profil/sandi", post(post_password))
}

#[derive(Template)]
#[template(path = "pages/profil.html")]
struct Profil {
    page: Page,
    name: String,
    login: String,
    grants: Vec<GrantView>,
    form: Form,
    logins: Vec<LoginView>,
}

struct GrantView {
    role: &'static str,
    area: String,
    why: &'static str,
}

struct LoginView {
    text: &'static str,
    since: String,
    current: bool,
}

async fn get_profile(Shared(web): Shared<Web>, member: Member) -> Result<Response, WebError> {
    let form = Form::new(&web, Vec::new())?;
    show(&view(&web, &member, form))
}

fn view(web: &Web, member: &Member, form: Form) -> Profil {
    let page = web.page(&member.visitor(), "/profil");
    let state = web.app.state();
    let login = state.logged_in(&member.token, web.app.clock().now()).map(|(_, login)| LoginView {
        text: match login.kind {
            LoginKind::Web => "Peramban",
            LoginKind::Api => "Token program",
        },
        since: format!("berakhir {}", moment(login.expires)),
        current: true,
    });
    Profil {
        page,
        name: member.account.name.clone(),
        login: member.account.login.to_string(),
        grants: member.account.grants.iter().map(|grant| grant_view(&state, *grant)).collect(),
        form,
        logins: login.into_iter().collect(),
    }
}

fn grant_view(state: &State, grant: Grant) -> GrantView {
    let (role, why) = match grant.role {
        Role::Pendamping => (
            "Pendamping",
            "Anda melihat dan mencatat kelompok yang ditugaskan kepada Anda, juga 30 hari sesudah kelompok itu diserahkan.",
        ),
        Role::Supervisor => (
            "Supervisor",
            "Anda melihat semua kelompok, pertemuan, dan cakupan di wilayah ini, dan dapat bertanya tentang catatan.",
        ),
        Role::Pelatih => (
            "Pelatih",
            "Anda menulis dan mengajukan naskah sesi, dan melihat jumlah cakupan tanpa rincian kelompok.",
        ),
        Role::Penelaah => (
            "Penelaah",
            "Anda menerbitkan atau mengembalikan naskah yang tidak ikut Anda tulis, dan melihat jumlah cakupan tanpa rincian kelompok.",
        ),
        Role::Admin => (
            "Admin",
            "Anda mengatur kelompok, penugasan, dan pengguna di wilayah ini, dan karena itu melihat kelompok dan cakupannya.",
        ),
    };
    GrantView { role, area: state.place(grant.area), why }
}

async fn post_password(
    Shared(web): Shared<Web>,
    member: Member,
    form: FormData,
) -> Result<Response, WebError> {
    let typed = |name: &str| form.raw(name).unwrap_or("").to_owned();
    let (old, password, repeat) = (typed("old"), typed("password"), typed("repeat"));
    let missing: Vec<FieldError> = [
        ("old", &old, "Isi kata sandi Anda yang sekarang."),
        ("password", &password, "Isi kata sandi yang baru."),
        ("repeat", &repeat, "Ketik kata sandi yang baru sekali lagi."),
    ]
    .into_iter()
    .filter(|(_, typed, _)| typed.is_empty())
    .map(|(field, _, message)| FieldError::new(field, message))
    .collect();
    if !missing.is_empty() {
        let form = Form::again(&form.0, missing);
        return show_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&web, &member, form));
    }
    let known = member.account.password.clone();
    let again = |error, status| {
        let form = Form::again(&form.0, vec![error]);
        show_with(status, &view(&web, &member, form))
    };
    let checking = move || check(&old, &password, &repeat, known.as_deref());
    let hash = match web.hashing.turn(checking).await {
        Ok(Ok(hash)) => hash,
        Ok(Err(error)) => return again(error, StatusCode::UNPROCESSABLE_ENTITY),
        Err(error) => {
            let status = error.status();
            return again(no_turn(error)?, status);
        }
    };
    let request = request_id(&web, &form)?;
    let command = Command::ChangePassword { hash };
    web.app.submit(web.app.request_as(request, member.actor(), command)).await?;
    // A new password ends every login, so this browser gets a new one.
    let secret = reopen(&web, &member).await?;
    Ok(masuk::logged_in(&web, &told("/profil", Done::Password), &secret))
}

/// The hash of the new password, or what is wrong with what was typed.
fn check(
    old: &str,
    password: &str,
    repeat: &str,
    known: Option<&str>,
) -> Result<String, FieldError> {
    if !verify_password(old, known) {
        return Err(FieldError::new(
            "old",
            "Kata sandi sekarang tidak cocok. Periksa, lalu ketik lagi.",
        ));
    }
    if password != repeat {
        return Err(FieldError::new("repeat", LoginFailure::Differ.to_string()));
    }
    hash_password(password).map_err(|failure| FieldError::new("password", failure.to_string()))
}

async fn reopen(web: &Web, member: &Member) -> Result<Secret, WebError> {
    let (app, account) = (web.app.clone(), member.account.id);
    let opened = blocking(move || app.open_login(account, LoginKind::Web, LOGIN_LASTS)).await?;
    opened.map_err(|failure| match failure {
        LoginFailure::Submit(error) => error.into(),
        other => WebError::internal(&other),
    })
}
