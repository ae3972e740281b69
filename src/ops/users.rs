//! Accounts without the web.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::login::TOKEN_LASTS;
use crate::command::{Actor, Command};
use crate::event::LoginKind;
use crate::ids::AccountId;
use crate::people::account::{Grant, Login};

use super::Outcome;

/// Something about users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserOp {
    /// Make an account and a one-time link for it.
    Add {
        /// The login.
        login: String,
        /// The name.
        name: String,
        /// What it may do.
        grants: Vec<Grant>,
    },
    /// Make a one-time link, with which a new password can be set.
    Link {
        /// Whose.
        login: String,
    },
    /// Replace the grants of an account.
    Grant {
        /// Whose.
        login: String,
        /// What it may do from now on.
        grants: Vec<Grant>,
    },
    /// List accounts.
    List,
    /// Disable an account, or enable it again.
    Disable {
        /// Whose.
        login: String,
        /// Whether it is enabled again.
        enable: bool,
    },
    /// Make an API token.
    Token {
        /// Whose.
        login: String,
    },
}

/// Carries it out; links begin with `base`.
#[must_use]
pub fn run(app: &App, op: &UserOp, base: &str) -> Outcome {
    match op {
        UserOp::Add { login, name, grants } => {
            let (login_text, name, grants) = (login.clone(), name.clone(), grants.clone());
            let command = Command::CreateAccount { login: login_text, name, grants };
            match submit(app, command) {
                Err(failed) => failed,
                Ok(()) => link(app, login, base),
            }
        }
        UserOp::Link { login } => link(app, login, base),
        UserOp::Grant { login, grants } => change(app, login, Some(grants.clone()), None),
        UserOp::Disable { login, enable } => change(app, login, None, Some(!enable)),
        UserOp::List => Outcome::ok(list(app)),
        UserOp::Token { login } => match find(app, login).and_then(|id| enabled(app, id, login)) {
            Err(failed) => failed,
            Ok(id) => match app.open_login(id, LoginKind::Api, TOKEN_LASTS) {
                Ok(secret) => Outcome::ok(format!("{}\n", secret.expose())),
                Err(error) => Outcome::failed(error.to_string()),
            },
        },
    }
}

fn submit(app: &App, command: Command) -> Result<(), Outcome> {
    let request =
        app.request(Actor::System, command).map_err(|error| Outcome::failed(error.to_string()))?;
    app.submit_blocking(request).map_err(|error| Outcome::failed(error.to_string()))?;
    Ok(())
}

fn find(app: &App, login: &str) -> Result<AccountId, Outcome> {
    let unknown = || {
        Outcome::failed(format!(
            "Tidak ada pengguna dengan nama masuk “{login}”. Lihat daftarnya dengan p2k2 user list."
        ))
    };
    let login = login.parse::<Login>().map_err(|_| unknown())?;
    app.state().account_by_login(&login).map(|account| account.id).ok_or_else(unknown)
}

fn change(app: &App, login: &str, grants: Option<Vec<Grant>>, disabled: Option<bool>) -> Outcome {
    let id = match find(app, login) {
        Ok(id) => id,
        Err(failed) => return failed,
    };
    match submit(app, Command::ChangeAccount { id, name: None, grants, disabled }) {
        Ok(()) => Outcome::ok(format!("Pengguna “{login}” sudah diubah.\n")),
        Err(failed) => failed,
    }
}

/// Whoever cannot enter is given nothing to enter with.
fn enabled(app: &App, id: AccountId, login: &str) -> Result<AccountId, Outcome> {
    if app.state().account(id).is_some_and(|account| !account.disabled) {
        return Ok(id);
    }
    Err(Outcome::failed(format!(
        "Akun “{login}” nonaktif. Aktifkan dulu dengan p2k2 user disable {login} --batal."
    )))
}

fn link(app: &App, login: &str, base: &str) -> Outcome {
    let id = match find(app, login).and_then(|id| enabled(app, id, login)) {
        Ok(id) => id,
        Err(failed) => return failed,
    };
    match app.make_link(Actor::System, Some(id)) {
        Ok(secret) => Outcome::ok(format!("{base}/tautan/{}\n", secret.expose())),
        Err(error) => Outcome::failed(error.to_string()),
    }
}

fn list(app: &App) -> String {
    let state = app.state();
    let mut text = String::new();
    for account in state.accounts.values() {
        let grants: Vec<String> =
            account.grants.iter().map(|grant| format!("{}:{}", grant.role, grant.area)).collect();
        let mark = if account.disabled { " (nonaktif)" } else { "" };
        let grants = grants.join(", ");
        // Writing to a String cannot fail.
        let _written = writeln!(text, "{}\t{}\t{grants}{mark}", account.login, account.name);
    }
    text
}
