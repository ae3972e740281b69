//! Accounts of the people who use the program: a name, a login and grants, no more.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use crate::ids::AccountId;
use crate::kelompok::wilayah::Kode;

/// What a person types to log in: 2 to 40 characters of `a-z`, `0-9`, `.`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

/// Why a text is no login.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Nama masuk “{0}” tidak dapat dipakai. Gunakan 2 sampai 40 huruf kecil, angka, titik, garis bawah atau tanda hubung."
)]
pub struct LoginError(String);

impl Login {
    /// The login as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Self, LoginError> {
        let lower = text.trim().to_lowercase();
        let fits = (2..=40).contains(&lower.len())
            && lower.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-')
            });
        if fits { Ok(Self(lower)) } else { Err(LoginError(text.chars().take(60).collect())) }
    }
}

impl TryFrom<String> for Login {
    type Error = LoginError;

    fn try_from(text: String) -> Result<Self, LoginError> {
        text.parse()
    }
}

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of work a grant allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Meets the kelompok assigned to them and records the pertemuan.
    Pendamping,
    /// Looks after an area and everything below it.
    Supervisor,
    /// Writes the texts of sesi.
    Pelatih,
    /// Reviews and publishes texts that they never edited.
    Penelaah,
    /// Keeps kelompok, wilayah and accounts in order.
    Admin,
}

impl Role {
    /// Every role, in the order in which pages list them.
    pub const ALL: [Self; 5] =
        [Self::Pendamping, Self::Supervisor, Self::Pelatih, Self::Penelaah, Self::Admin];

    /// The word used in files, addresses and on pages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pendamping => "pendamping",
            Self::Supervisor => "supervisor",
            Self::Pelatih => "pelatih",
            Self::Penelaah => "penelaah",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.trim().to_lowercase();
        Self::ALL.into_iter().find(|role| role.as_str() == wanted).ok_or_else(|| {
            format!(
                "Peran “{text}” tidak dikenal. Pilih pendamping, supervisor, pelatih, penelaah atau admin."
            )
        })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One role in one area and everything below it. Several grants unite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The kind of work.
    pub role: Role,
    /// The top of the area; [`Kode::NASIONAL`] for the whole country.
    pub area: Kode,
}

/// One person who may log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's number.
    pub id: AccountId,
    /// The login, unique among accounts.
    pub login: Login,
    /// The name shown on pages and paper.
    pub name: String,
    /// What this person may do; sorted, without doubles.
    pub grants: Vec<Grant>,
    /// The argon2id hash in PHC form, or none until the first link was used.
    pub password: Option<String>,
    /// A disabled account keeps its history and can do nothing.
    pub disabled: bool,
    /// Rises with every change of password or grants; logins of an older epoch have ended.
    pub epoch: u32,
}

impl Account {
    /// Whether the account holds `role` anywhere.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        !self.disabled && self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether the account holds `role` for the place `kode`.
    #[must_use]
    pub fn has_role_at(&self, role: Role, kode: Kode) -> bool {
        !self.disabled
            && self.grants.iter().any(|grant| grant.role == role && grant.area.contains(kode))
    }

    /// The areas in which the account holds `role`, outermost first, without those inside another.
    #[must_use]
    pub fn areas(&self, role: Role) -> Vec<Kode> {
        let mut areas: Vec<Kode> = if self.disabled {
            Vec::new()
        } else {
            self.grants.iter().filter(|grant| grant.role == role).map(|grant| grant.area).collect()
        };
        areas.sort_unstable();
        areas.dedup();
        let all = areas.clone();
        areas.retain(|area| !all.iter().any(|other| other != area && other.contains(*area)));
        areas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_lowered_and_bounded() {
        for (input, expected) in [
            ("Siti.R", Some("siti.r")),
            ("  ani-2 ", Some("ani-2")),
            ("a", None),
            ("", None),
            ("ani budi", None),
            ("ani@x", None),
        ] {
            let found = input.parse::<Login>().ok();
            assert_eq!(found.as_ref().map(Login::as_str), expected, "{input:?}");
        }
        assert!("x".repeat(41).parse::<Login>().is_err());
    }

    #[test]
    fn areas_unite() {
        let kode = |text: &str| text.parse::<Kode>().unwrap();
        let account = Account {
            id: AccountId(1),
            login: "ani".parse().unwrap(),
            name: "Ani".to_owned(),
            grants: ["16.02.05", "16.02", "35.20.07"]
                .iter()
                .map(|area| Grant { role: Role::Supervisor, area: kode(area) })
                .collect(),
            password: None,
            disabled: false,
            epoch: 0,
        };
        assert_eq!(account.areas(Role::Supervisor), vec![kode("16.02"), kode("35.20.07")]);
        assert!(account.has_role_at(Role::Supervisor, kode("16.02.05.1001")));
        assert!(!account.has_role_at(Role::Supervisor, kode("35.20")));
        assert!(!account.has_role(Role::Admin));
    }
}
