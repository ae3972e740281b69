//! Why a command was refused, in words that its sender can act on.

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field, by its name in the API.
    pub field: String,
    /// One sentence or two: what is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// The error `message` of `field`.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Why a command was refused. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Values that cannot be taken; never empty.
    #[error("{}", first(.0))]
    Invalid(Vec<FieldError>),
    /// Absent, or a secret of others: both look alike.
    #[error("{0} tidak ditemukan. Periksa alamatnya, atau buka dari daftar.")]
    NotFound(&'static str),
    /// The person may not do this, and that it exists is no secret.
    #[error("{0}")]
    Forbidden(String),
    /// It was changed in the meantime.
    #[error(
        "Data ini sudah berubah sejak Anda membukanya. Muat ulang datanya, lalu ulangi perubahan Anda."
    )]
    Stale {
        /// The version that stands now.
        current: u64,
    },
    /// The id was used for other values.
    #[error(
        "Id ini sudah dipakai untuk isian yang berbeda. Kirim dengan id baru, atau ubah catatan yang sudah ada."
    )]
    SameIdOtherValues(&'static str),
    /// It does not fit what stands: a link that was used, a text that moved on.
    #[error("{0}")]
    Conflict(String),
}

fn first(errors: &[FieldError]) -> &str {
    errors.first().map_or("Isian tidak dapat diterima.", |error| error.message.as_str())
}

impl Refusal {
    /// A refusal because of one field.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// A refusal because the person may not do `what` ("mengubah setelan").
    #[must_use]
    pub fn forbidden(what: &str) -> Self {
        Self::Forbidden(format!(
            "Akun Anda tidak berwenang {what}. Hubungi admin wilayah Anda bila ini tugas Anda."
        ))
    }
}
