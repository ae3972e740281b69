//! A form as it is shown, with the id of the request that it becomes.

use std::sync::atomic::{AtomicU32, Ordering};

use uuid::Uuid;

use crate::decide::FieldError;
use crate::ids::Digest;
use crate::web::Web;
use crate::web::error::WebError;
use crate::web::extract::Values;
use crate::web::parts::WHOLE_FORM;

/// Instead of the name of a field: the id of the request stands for other values already.
pub const USED_ID: &str = "isi.dipakai";

/// A form as it is shown: values, errors by field, the id of the request.
#[derive(Debug, Default)]
pub struct Form {
    id: Uuid,
    /// How many ids of requests were handed out.
    given: AtomicU32,
    /// Every error, in the order of the form.
    pub errors: Vec<FieldError>,
    values: Values,
}

impl Form {
    /// A form with these values and a new id.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn new(web: &Web, values: Vec<(&str, String)>) -> Result<Self, WebError> {
        let pairs = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self {
            id: web.app.clock().new_id()?,
            given: AtomicU32::new(0),
            errors: Vec::new(),
            values: Values::from_pairs(pairs),
        })
    }

    /// The form that was sent, with what is wrong with it; nothing typed is lost. One whose id was
    /// used becomes another request, the same one however often this form is sent.
    #[must_use]
    pub fn again(values: &Values, mut errors: Vec<FieldError>) -> Self {
        let mut id = values.get("id").parse().unwrap_or_default();
        for error in errors.iter_mut().filter(|error| error.field == USED_ID) {
            WHOLE_FORM.clone_into(&mut error.field);
            id = behind(id, values);
        }
        Self { id, given: AtomicU32::new(0), errors, values: values.clone() }
    }

    /// The same with values for the fields that were not sent, such as those of other forms.
    #[must_use]
    pub fn with_unsent(mut self, values: Vec<(&str, String)>) -> Self {
        for (name, value) in values {
            if self.values.raw(name).is_none() {
                self.values.set(name, value);
            }
        }
        self
    }

    /// Makes it another request, because it came without an id of its own.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn renew(&mut self, web: &Web) -> Result<(), WebError> {
        self.id = web.app.clock().new_id()?;
        Ok(())
    }

    /// The id of a request, another one each time: several forms of one page are several requests,
    /// also when somebody goes back to the page and sends the next. The first is the id of the form
    /// itself, so that a form that comes back with its errors keeps it.
    #[must_use]
    pub fn request_id(&self) -> String {
        let given = self.given.fetch_add(1, Ordering::Relaxed);
        if self.id.is_nil() {
            return String::new();
        }
        // The lowest bits of an id are random, so that counting on in them keeps its kind and time.
        let bits = self.id.as_u128();
        let low = u32::try_from(bits & u128::from(u32::MAX)).unwrap_or_default();
        let next = u128::from(low.wrapping_add(given));
        Uuid::from_u128((bits & !u128::from(u32::MAX)) | next).to_string()
    }

    /// Every field with its value.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// What was typed, or the default.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.raw(name).unwrap_or("")
    }

    /// What is wrong with the field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|one| one.field == name).map(|one| one.message.as_str())
    }

    /// Whether this choice or tick is set.
    #[must_use]
    pub fn checked(&self, name: &str, value: &str) -> bool {
        self.values.all(name).any(|one| one == value)
    }
}

/// The id that follows on `id` for these values: its time and kind, and other random bits.
fn behind(id: Uuid, values: &Values) -> Uuid {
    /// The bits of an id that are random: all but its time, its version and its variant.
    const RANDOM: u128 = 0x0000_0000_0000_0fff_3fff_ffff_ffff_ffff;
    let digest = Digest::of(&(id, values.pairs()));
    Uuid::from_u128((id.as_u128() & !RANDOM) | (u128::from_be_bytes(digest.0) & RANDOM))
}
