//! `p2k2 user`: accounts without the web.

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand};

use crate::kelompok::wilayah::Kode;
use crate::ops::Op;
use crate::ops::users::UserOp;
use crate::people::account::{Grant, Role};

use super::{DataDir, socket};

/// Mengatur pengguna tanpa web.
#[derive(Args)]
pub(super) struct User {
    #[command(flatten)]
    data: DataDir,
    /// Alamat umum server untuk tautan, misalnya `https://p2k2.contoh.go.id`.
    #[arg(long, env = "P2K2_URL", global = true)]
    url: Option<String>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Menambah pengguna dan mencetak tautan sekali pakai untuknya.
    Add {
        /// Nama masuk.
        login: String,
        /// Nama lengkap.
        #[arg(long)]
        nama: String,
        /// Peran dan wilayah, misalnya `supervisor:16.02` atau `admin:nasional`; boleh beberapa.
        #[arg(long, required = true)]
        peran: Vec<String>,
    },
    /// Mencetak daftar pengguna.
    List,
    /// Mencetak tautan sekali pakai untuk mengatur kata sandi baru.
    Link {
        /// Nama masuk.
        login: String,
    },
    /// Mengganti semua peran pengguna.
    Grant {
        /// Nama masuk.
        login: String,
        /// Peran dan wilayah, misalnya `supervisor:16.02`; boleh beberapa.
        #[arg(long, required = true)]
        peran: Vec<String>,
    },
    /// Menonaktifkan pengguna; riwayatnya tetap ada.
    Disable {
        /// Nama masuk.
        login: String,
        /// Aktifkan kembali.
        #[arg(long)]
        batal: bool,
    },
    /// Mencetak token API.
    Token {
        /// Nama masuk.
        login: String,
    },
}

impl User {
    pub(super) fn run(self) -> Result<u8> {
        if !matches!(self.action, Action::Add { .. }) {
            self.data.must_be_there()?;
        }
        let op = match self.action {
            Action::Add { login, nama, peran } => {
                UserOp::Add { login, name: nama, grants: grants(&peran)? }
            }
            Action::List => UserOp::List,
            Action::Link { login } => UserOp::Link { login },
            Action::Grant { login, peran } => UserOp::Grant { login, grants: grants(&peran)? },
            Action::Disable { login, batal } => UserOp::Disable { login, enable: batal },
            Action::Token { login } => UserOp::Token { login },
        };
        let base = self.url.map(|url| url.trim_end_matches('/').to_owned());
        let outcome = socket::call(&self.data.data, &Op::User { op, base }, &[])?;
        Ok(socket::print(&outcome))
    }
}

fn grants(texts: &[String]) -> Result<Vec<Grant>> {
    texts
        .iter()
        .map(|text| {
            let (role, area) = text.split_once(':').unwrap_or((text, "nasional"));
            let role: Role = role.parse().map_err(|error: String| anyhow!(error))?;
            Ok(Grant { role, area: area.parse::<Kode>()? })
        })
        .collect()
}
