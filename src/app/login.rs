//! Passwords, tokens and one-time links.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use jiff::{SignedDuration, Timestamp};

use crate::clock::{self, NoRandomness};
use crate::command::{Actor, Command};
use crate::event::LoginKind;
use crate::ids::{AccountId, Digest};
use crate::people::account::Login;

use super::{App, SubmitError};

/// The shortest password, in characters.
pub const MIN_PASSWORD_CHARS: usize = 10;
/// The longest password, in bytes: hashing it must stay cheap to refuse.
pub const MAX_PASSWORD_BYTES: usize = 256;
/// How long a login in a browser lasts.
pub const LOGIN_LASTS: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a one-time link lasts.
pub const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long an API token lasts.
pub const TOKEN_LASTS: SignedDuration = SignedDuration::from_hours(24 * 365);

/// A hash of no one's password, so that an unknown login costs the same work as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cDJrMi1uaWhpbC1zYWx0$XfUbQUWcTzyTFLx2YvhK9sD9VbdyPpJXDT6c0tYIRBo";

/// A secret that is shown once; only its digest is kept.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new secret of 160 random bits, as 40 hex digits.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn new() -> Result<Self, NoRandomness> {
        let bytes = clock::random::<20>()?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The secret that a client sent.
    #[must_use]
    pub fn from_client(text: &str) -> Self {
        Self(text.chars().take(128).collect())
    }

    /// The secret itself, for the one who may have it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_bytes(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why a password cannot be used or a login fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginFailure {
    /// Login and password do not belong together, or nobody has the login.
    #[error("Nama masuk atau kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.")]
    Wrong,
    /// Too short.
    #[error(
        "Kata sandi terlalu pendek. Gunakan paling sedikit {MIN_PASSWORD_CHARS} huruf atau angka."
    )]
    TooShort,
    /// Too long.
    #[error("Kata sandi terlalu panjang. Gunakan paling banyak {MAX_PASSWORD_BYTES} huruf.")]
    TooLong,
    /// The two fields differ.
    #[error("Kedua kata sandi tidak sama. Ketik ulang keduanya.")]
    Differ,
    /// The machine cannot hash.
    #[error("Kata sandi tidak dapat diolah oleh server ini. Hubungi pengelola server.")]
    Machine,
    /// The journal did not take the login.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<NoRandomness> for LoginFailure {
    fn from(_: NoRandomness) -> Self {
        Self::Machine
    }
}

/// Argon2id whose memory goes back to the system right after each hash.
struct Hasher;

impl Hasher {
    /// Room is asked for in pieces of this many blocks, 33 MB. The usual allocator of Linux keeps
    /// what is smaller for each of its arenas once it was freed, a gigabyte in a rush of logins;
    /// what is larger than 32 MB it gives back. Only the blocks in use become real memory.
    const PIECE: usize = 33 * 1024;

    fn memory(blocks: usize) -> password_hash::Result<Vec<Block>> {
        let mut memory = Vec::new();
        memory
            .try_reserve_exact(blocks.max(Self::PIECE))
            .map_err(|_| password_hash::Error::OutOfMemory)?;
        memory.resize(blocks, Block::new());
        Ok(memory)
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map_or(Ok(Algorithm::Argon2id), str::parse)?;
        let version = version.map_or(Ok(Version::V0x13), Version::try_from)?;
        let salt = Salt::new(salt)?;
        let mut hash = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        Argon2::new(algorithm, version, params.clone()).hash_password_into_with_memory(
            password,
            &salt,
            &mut hash,
            Self::memory(params.block_count())?,
        )?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(&params)?,
            salt: Some(salt),
            hash: Some(Output::new(&hash)?),
        })
    }
}

/// The argon2id hash of a new password, in PHC form. Takes tens of milliseconds of one core.
///
/// # Errors
/// When the password is too short or too long.
pub fn hash_password(password: &str) -> Result<String, LoginFailure> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(LoginFailure::TooShort);
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(LoginFailure::TooLong);
    }
    let salt = clock::random::<16>()?;
    Hasher
        .hash_password_with_params(password.as_bytes(), &salt, Params::default())
        .map(|hash| hash.to_string())
        .map_err(|_| LoginFailure::Machine)
}

/// Whether the password belongs to the hash; without a hash the same work is done for nothing.
#[must_use]
pub fn verify_password(password: &str, hash: Option<&str>) -> bool {
    if password.len() > MAX_PASSWORD_BYTES {
        return false;
    }
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Hasher.verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}

impl App {
    /// Whose login and password these are. Blocks for one hash; equal work for known and unknown
    /// logins.
    ///
    /// # Errors
    /// [`LoginFailure::Wrong`].
    pub fn check_password(&self, login: &str, password: &str) -> Result<AccountId, LoginFailure> {
        let found = login.parse::<Login>().ok().and_then(|login| {
            let state = self.state();
            let account = state.account_by_login(&login).filter(|account| !account.disabled)?;
            Some((account.id, account.password.clone()))
        });
        let hash = found.as_ref().and_then(|(_, hash)| hash.as_deref());
        let right = verify_password(password, hash);
        found.filter(|_| right).map(|(account, _)| account).ok_or(LoginFailure::Wrong)
    }

    /// Opens a login or an API token of an account without a password, for those who checked it.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn open_login(
        &self,
        account: AccountId,
        kind: LoginKind,
        lasts: SignedDuration,
    ) -> Result<Secret, LoginFailure> {
        let secret = Secret::new()?;
        let token = secret.digest();
        let expires = self.ends(lasts);
        let command = Command::OpenLogin { account, token, kind, expires };
        let request = self.request(Actor::System, command)?;
        self.submit_blocking(request)?;
        Ok(secret)
    }

    /// Makes a one-time link: the secret that its address ends with.
    ///
    /// # Errors
    /// When the actor may not, or it cannot be kept.
    pub fn make_link(
        &self,
        actor: Actor,
        account: Option<AccountId>,
    ) -> Result<Secret, LoginFailure> {
        let secret = Secret::new()?;
        let token = secret.digest();
        let command = Command::CreateLink { account, token, expires: self.ends(LINK_LASTS) };
        let request = self.request(actor, command)?;
        self.submit_blocking(request)?;
        Ok(secret)
    }

    /// Uses a one-time link: sets the password, of which this is the hash by [`hash_password`], and
    /// opens a login. `first` names the first admin.
    ///
    /// # Errors
    /// When the link was used or has ended, or nothing can be kept.
    pub fn use_link(
        &self,
        link: &Secret,
        hash: String,
        first: Option<(String, String)>,
    ) -> Result<Secret, LoginFailure> {
        let secret = Secret::new()?;
        let command = Command::UseLink {
            token: link.digest(),
            hash,
            first,
            login: secret.digest(),
            expires: self.ends(LOGIN_LASTS),
        };
        let request = self.request(Actor::Anyone, command)?;
        self.submit_blocking(request)?;
        Ok(secret)
    }

    fn ends(&self, lasts: SignedDuration) -> Timestamp {
        self.clock().now().saturating_add(lasts).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_bounded_and_checked() {
        assert_eq!(hash_password("pendek"), Err(LoginFailure::TooShort));
        assert_eq!(hash_password(&"x".repeat(257)), Err(LoginFailure::TooLong));
        let hash = hash_password("kata sandi panjang").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("kata sandi panjang", Some(&hash)));
        assert!(!verify_password("kata sandi lain", Some(&hash)));
        assert!(!verify_password("kata sandi panjang", None));
    }

    #[test]
    fn hashes_are_those_of_argon2_with_any_parameters() {
        use argon2::password_hash::PasswordHasher;
        let (password, salt) = (b"kata sandi panjang", b"garam dari laut!");
        for (memory, rounds, lanes, length) in
            [(19 * 1024, 2, 1, None), (64, 1, 1, Some(32)), (4096, 3, 4, Some(16))]
        {
            let params = Params::new(memory, rounds, lanes, length).unwrap();
            let known = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
                .hash_password_with_salt(password, salt)
                .unwrap();
            let ours = Hasher.hash_password_with_params(password, salt, params).unwrap();
            assert_eq!(ours.to_string(), known.to_string());
            assert!(verify_password("kata sandi panjang", Some(&known.to_string())));
            assert!(!verify_password("kata sandi lain", Some(&known.to_string())));
        }
    }

    #[test]
    fn the_hash_of_nobody_can_be_worked_on() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
