//! Accounts, links and logins in the state.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event::{Event, LoginKind};
use crate::ids::{AccountId, Digest};
use crate::people::account::{Account, Login, Role};

use super::State;

/// A one-time link that was not used yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    /// For this account; none for the link that makes the first admin.
    pub account: Option<AccountId>,
    /// It ends at this time.
    pub expires: Timestamp,
}

/// A login that was not closed yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginState {
    /// Who.
    pub account: AccountId,
    /// The epoch of the account when it was opened; a later epoch ends it.
    pub epoch: u32,
    /// For a browser or a program.
    pub kind: LoginKind,
    /// It ends at this time.
    pub expires: Timestamp,
}

impl State {
    /// The account with this login.
    #[must_use]
    pub fn account_by_login(&self, login: &Login) -> Option<&Account> {
        self.logins.get(login).and_then(|id| self.accounts.get(id))
    }

    /// The account, by number.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// The name of an account, or a plain word for one that is unknown.
    #[must_use]
    pub fn account_name(&self, id: AccountId) -> &str {
        self.accounts.get(&id).map_or("pengguna lain", |account| account.name.as_str())
    }

    /// The number that the next account gets.
    #[must_use]
    pub fn next_account(&self) -> AccountId {
        AccountId(self.accounts.last_key_value().map_or(1, |(id, _)| id.0 + 1))
    }

    /// Whether an admin exists who can log in.
    #[must_use]
    pub fn has_admin(&self) -> bool {
        self.accounts
            .values()
            .any(|account| account.has_role(Role::Admin) && account.password.is_some())
    }

    /// The open link with this digest.
    #[must_use]
    pub fn link(&self, token: &Digest, now: Timestamp) -> Option<LinkState> {
        self.links.get(token).copied().filter(|link| link.expires > now)
    }

    /// The account that a login token stands for, if the login is still open.
    #[must_use]
    pub fn logged_in(&self, token: &Digest, now: Timestamp) -> Option<(&Account, LoginState)> {
        let login = self.opened.get(token).copied().filter(|login| login.expires > now)?;
        let account = self.accounts.get(&login.account)?;
        (!account.disabled && account.epoch == login.epoch).then_some((account, login))
    }

    /// The account of a login that is open or ended, for closing it.
    #[must_use]
    pub fn login_owner(&self, token: &Digest) -> Option<AccountId> {
        self.opened.get(token).map(|login| login.account)
    }

    pub(super) fn apply_people(&mut self, event: &Event) {
        match event {
            Event::AccountCreated { id, login, name, grants } => {
                // A blanked login can no longer log in; the number keeps the history readable.
                let login = login.as_str().and_then(|text| text.parse::<Login>().ok());
                let login = login.or_else(|| format!("akun-{id}").parse().ok());
                let Some(login) = login else { return };
                self.logins.insert(login.clone(), *id);
                let mut grants = grants.clone();
                grants.sort_unstable();
                grants.dedup();
                let account = Account {
                    id: *id,
                    login,
                    name: name.to_string(),
                    grants,
                    password: None,
                    disabled: false,
                    epoch: 0,
                };
                self.accounts.insert(*id, account);
            }
            Event::AccountChanged { id, name, grants, disabled } => {
                let Some(account) = self.accounts.get_mut(id) else { return };
                if let Some(name) = name {
                    account.name = name.to_string();
                }
                if let Some(grants) = grants {
                    account.grants.clone_from(grants);
                    account.grants.sort_unstable();
                    account.grants.dedup();
                    account.epoch += 1;
                }
                if let Some(disabled) = disabled {
                    account.disabled = *disabled;
                    account.epoch += 1;
                }
            }
            Event::PasswordChanged { account, hash } => {
                if let Some(account) = self.accounts.get_mut(account) {
                    account.password = hash.as_str().map(str::to_owned);
                    account.epoch += 1;
                }
            }
            other => self.apply_login(other),
        }
    }

    fn apply_login(&mut self, event: &Event) {
        match event {
            Event::LinkCreated { account, token, expires } => {
                self.links.insert(*token, LinkState { account: *account, expires: *expires });
            }
            Event::LinkUsed { token } => {
                self.links.remove(token);
            }
            Event::LoginOpened { account, token, kind, expires } => {
                let epoch = self.accounts.get(account).map_or(0, |account| account.epoch);
                let login = LoginState { account: *account, epoch, kind: *kind, expires: *expires };
                self.opened.insert(*token, login);
            }
            Event::LoginClosed { token } => {
                self.opened.remove(token);
            }
            _ => {}
        }
    }
}
