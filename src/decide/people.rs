//! Accounts, links and logins.

use crate::command::{Actor, Command};
use crate::event::Event;
use crate::kelompok::text::{self, MAX_SHORT_CHARS};
use crate::kelompok::wilayah::Kode;
use crate::people::account::{Account, Grant, Login, Role};
use crate::private::Private;

use super::{Context, FieldError, Refusal};

/// The most grants of one account.
pub(super) const MAX_GRANTS: usize = 20;

pub(super) fn decide(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Context { state, viewer, request } = context;
    match &request.command {
        Command::CreateAccount { login, name, grants } => {
            may_manage(context, grants)?;
            let (login, name) = fresh(context, login, name)?;
            Ok(vec![Event::AccountCreated {
                id: state.next_account(),
                login: Private::from(login.as_str()),
                name,
                grants: grants.clone(),
            }])
        }
        Command::ChangeAccount { id, name, grants, disabled } => {
            let account = managed(context, *id)?;
            if let Some(grants) = grants {
                may_manage(context, grants)?;
            }
            if viewer.id() == Some(account.id) && *disabled == Some(true) {
                return Err(Refusal::invalid(
                    "disabled",
                    "Anda tidak dapat menonaktifkan akun Anda sendiri. Minta admin lain.",
                ));
            }
            let name = name.as_deref().map(name_of).transpose();
            let name = name.map_err(|error| Refusal::Invalid(vec![error]))?;
            let (grants, disabled) = (grants.clone(), *disabled);
            Ok(vec![Event::AccountChanged { id: *id, name, grants, disabled }])
        }
        Command::CreateLink { account, token, expires } => {
            match account {
                Some(id) => {
                    managed(context, *id)?;
                }
                None if matches!(request.actor, Actor::System) && !state.has_admin() => {}
                None => return Err(Refusal::forbidden("membuat tautan admin pertama")),
            }
            let (account, token, expires) = (*account, *token, *expires);
            Ok(vec![Event::LinkCreated { account, token, expires }])
        }
        Command::UseLink { .. } => use_link(context),
        Command::OpenLogin { account, token, kind, expires } => {
            let found = state.account(*account).filter(|found| !found.disabled);
            let allowed = matches!(request.actor, Actor::System | Actor::Anyone)
                || viewer.id() == Some(*account);
            if found.is_none() || !allowed {
                return Err(Refusal::Forbidden(
                    "Nama masuk atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi."
                        .to_owned(),
                ));
            }
            let (account, token, kind, expires) = (*account, *token, *kind, *expires);
            Ok(vec![Event::LoginOpened { account, token, kind, expires }])
        }
        Command::CloseLogin { token } => match state.login_owner(token) {
            Some(owner) if viewer.id() == Some(owner) || matches!(request.actor, Actor::System) => {
                Ok(vec![Event::LoginClosed { token: *token }])
            }
            _ => Err(Refusal::NotFound("Sesi masuk ini")),
        },
        Command::ChangePassword { hash } => match viewer.id() {
            Some(account) => {
                Ok(vec![Event::PasswordChanged { account, hash: Private::from(hash.as_str()) }])
            }
            None => Err(Refusal::forbidden("mengganti kata sandi")),
        },
        _ => Ok(Vec::new()),
    }
}

/// Whether the viewer may hand out all of these grants.
fn may_manage(context: Context<'_>, grants: &[Grant]) -> Result<(), Refusal> {
    if grants.len() > MAX_GRANTS {
        return Err(Refusal::invalid("peran", format!("Paling banyak {MAX_GRANTS} peran.")));
    }
    let unknown = grants.iter().find(|grant| {
        grant.area != Kode::NASIONAL && !context.state.wilayah.contains_key(&grant.area)
    });
    // The owner of the data may enter people before the places are there.
    let early = context.viewer.id().is_none() && context.state.wilayah.is_empty();
    if let Some(grant) = unknown.filter(|_| !early) {
        let message =
            format!("Wilayah {} belum ada di daftar wilayah. Pilih dari daftar.", grant.area);
        return Err(Refusal::invalid("area", message));
    }
    let allowed = if grants.is_empty() {
        context.viewer.manage_users(Kode::NASIONAL)
    } else {
        grants.iter().all(|grant| context.viewer.manage_users(grant.area))
    };
    if allowed { Ok(()) } else { Err(Refusal::forbidden("mengatur pengguna di wilayah itu")) }
}

/// The account, if all of its grants lie where the viewer manages users.
fn managed(context: Context<'_>, id: crate::ids::AccountId) -> Result<&Account, Refusal> {
    let account = context.state.account(id).ok_or(Refusal::NotFound("Pengguna ini"))?;
    may_manage(context, &account.grants).map_err(|_| Refusal::NotFound("Pengguna ini"))?;
    Ok(account)
}

fn name_of(name: &str) -> Result<Private, FieldError> {
    match text::clean(name, MAX_SHORT_CHARS) {
        Ok(name) if name.is_empty() => Err(FieldError::new("nama", "Tulis nama pengguna.")),
        Ok(name) => Ok(Private::from(name)),
        Err(error) => Err(FieldError::new("nama", error.to_string())),
    }
}

fn fresh(context: Context<'_>, login: &str, name: &str) -> Result<(Login, Private), Refusal> {
    let mut errors = Vec::new();
    let login = match login.parse::<Login>() {
        Ok(login) if context.state.account_by_login(&login).is_some() => {
            let message = format!("Nama masuk “{login}” sudah dipakai. Pilih nama lain.");
            errors.push(FieldError::new("login", message));
            None
        }
        Ok(login) => Some(login),
        Err(error) => {
            errors.push(FieldError::new("login", error.to_string()));
            None
        }
    };
    match (login, name_of(name)) {
        (Some(login), Ok(name)) => Ok((login, name)),
        (_, name) => {
            errors.extend(name.err());
            Err(Refusal::Invalid(errors))
        }
    }
}

fn use_link(context: Context<'_>) -> Result<Vec<Event>, Refusal> {
    let Context { state, request, .. } = context;
    let Command::UseLink { token, hash, first, login, expires } = &request.command else {
        return Ok(Vec::new());
    };
    let link = state.link(token, request.now).ok_or_else(|| {
        Refusal::Conflict(
            "Tautan ini sudah dipakai atau sudah kedaluwarsa. Minta tautan baru kepada admin Anda."
                .to_owned(),
        )
    })?;
    let mut events = vec![Event::LinkUsed { token: *token }];
    let account = match (link.account, first) {
        (Some(account), _) => account,
        (None, Some((name, full))) => {
            let (name, full) = fresh(context, name, full)?;
            let id = state.next_account();
            events.push(Event::AccountCreated {
                id,
                login: Private::from(name.as_str()),
                name: full,
                grants: vec![Grant { role: Role::Admin, area: Kode::NASIONAL }],
            });
            id
        }
        (None, None) => return Err(Refusal::invalid("login", "Pilih nama masuk Anda.")),
    };
    if state.account(account).is_some_and(|account| account.disabled) {
        return Err(Refusal::forbidden("masuk; akun ini tidak aktif"));
    }
    events.push(Event::PasswordChanged { account, hash: Private::from(hash.as_str()) });
    events.push(Event::LoginOpened {
        account,
        token: *login,
        kind: crate::event::LoginKind::Web,
        expires: *expires,
    });
    Ok(events)
}
