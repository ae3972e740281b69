//! Takes a JSON body apart, field by field, and says what is wrong in words and with the field.

use axum::extract::Request;
use jiff::civil::{Date, Time};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::decide::FieldError;
use crate::web::error::WebError;
use crate::web::extract::read_body;

/// The longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The object of a body, whose fields are taken out one by one.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    fields: Map<String, Value>,
    prefix: String,
    errors: Vec<FieldError>,
}

/// Why and on which version something that exists is changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The id of the request.
    pub id: Uuid,
    /// Why; empty where nothing was said.
    pub reason: String,
    /// The version that was read.
    pub version: u64,
}

impl Shape {
    /// Reads the body of a request as one JSON object.
    ///
    /// # Errors
    /// When it is too long, no UTF-8, no JSON, or no object.
    pub async fn read(request: Request) -> Result<Self, WebError> {
        let bytes = read_body(request, MAX_BODY_BYTES).await?;
        Self::parse(&bytes)
    }

    /// The object in these bytes.
    ///
    /// # Errors
    /// As [`Shape::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self, WebError> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            WebError::Bad("Kiriman ini bukan teks UTF-8. Kirim JSON sebagai UTF-8.".to_owned())
        })?;
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self { fields, ..Self::default() }),
            Ok(_) => Err(WebError::Bad(
                "Kiriman harus satu objek JSON, misalnya {\"id\": …}.".to_owned(),
            )),
            Err(error) => Err(WebError::Bad(format!(
                "Kiriman ini bukan JSON yang benar (baris {}, kolom {}). Periksa tanda kutip dan kurungnya.",
                error.line(),
                error.column()
            ))),
        }
    }

    /// A part of another body, whose fields are named `prefix.field`.
    fn part(fields: Map<String, Value>, prefix: String) -> Self {
        Self { fields, prefix, errors: Vec::new() }
    }

    fn name(&self, field: &str) -> String {
        if self.prefix.is_empty() { field.to_owned() } else { format!("{}.{field}", self.prefix) }
    }

    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        let name = self.name(field);
        self.errors.push(FieldError::new(name, message));
    }

    fn take(&mut self, field: &str) -> Option<Value> {
        self.fields.remove(field).filter(|value| !value.is_null())
    }

    /// Says so where a field is absent whose absence would be taken for something else.
    pub fn must_have(&mut self, field: &str, message: &str) {
        if self.fields.get(field).is_none_or(Value::is_null) {
            self.wrong(field, message);
        }
    }

    /// Says that a field that was taken out cannot be as it is.
    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.wrong(field, message);
    }

    /// A whole number from 0 on that must be there.
    pub fn whole(&mut self, field: &str) -> Option<u64> {
        let number = self.take(field).and_then(|value| value.as_u64());
        if number.is_none() {
            self.wrong(field, format!("“{field}” wajib diisi dengan bilangan bulat."));
        }
        number
    }

    /// An optional text; none where it is absent.
    pub fn take_text(&mut self, field: &str) -> Option<String> {
        let text = self.text(field);
        (!text.is_empty()).then_some(text)
    }

    /// An optional text; empty where it is absent.
    pub fn text(&mut self, field: &str) -> String {
        match self.take(field) {
            None => String::new(),
            Some(Value::String(text)) => text,
            Some(_) => {
                self.wrong(field, format!("“{field}” harus teks dalam tanda kutip."));
                String::new()
            }
        }
    }

    /// A text that must be there and say something.
    pub fn needed_text(&mut self, field: &str) -> String {
        let known = self.errors.len();
        let text = self.text(field);
        if text.trim().is_empty() && self.errors.len() == known {
            self.wrong(field, format!("“{field}” wajib diisi."));
        }
        text
    }

    /// A text that must be there and be read as `T`; `example` shows one.
    pub fn parsed<T: std::str::FromStr>(&mut self, field: &str, example: &str) -> Option<T> {
        match self.take(field) {
            None => {
                self.wrong(field, format!("“{field}” wajib diisi, misalnya \"{example}\"."));
                None
            }
            Some(value) => self.parse_text(field, &value, example),
        }
    }

    /// An optional text that is read as `T`.
    pub fn maybe_parsed<T: std::str::FromStr>(&mut self, field: &str, example: &str) -> Option<T> {
        let value = self.take(field)?;
        self.parse_text(field, &value, example)
    }

    fn parse_text<T: std::str::FromStr>(
        &mut self,
        field: &str,
        value: &Value,
        example: &str,
    ) -> Option<T> {
        let parsed = value.as_str().and_then(|text| text.parse().ok());
        if parsed.is_none() {
            self.wrong(field, format!("“{field}” tidak dapat dibaca. Contoh: \"{example}\"."));
        }
        parsed
    }

    /// An id that the client made: a `UUIDv7`.
    pub fn id(&mut self, field: &str) -> Option<Uuid> {
        const EXAMPLE: &str = "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
        let id: Uuid = self.parsed(field, EXAMPLE)?;
        if id.get_version_num() == 7 {
            return Some(id);
        }
        self.wrong(
            field,
            format!("“{field}” harus UUID versi 7 yang Anda buat sendiri, misalnya \"{EXAMPLE}\"."),
        );
        None
    }

    /// A date that must be there.
    pub fn date(&mut self, field: &str) -> Option<Date> {
        self.parsed(field, "2026-11-21")
    }

    /// An optional time of day.
    pub fn time(&mut self, field: &str) -> Option<Time> {
        self.maybe_parsed(field, "10:00")
    }

    /// A count that must be there.
    pub fn count(&mut self, field: &str) -> Option<u16> {
        let found = self.maybe_count(field);
        let said = self.errors.iter().any(|one| one.field == self.name(field));
        if found.is_none() && !said {
            self.wrong(field, format!("“{field}” wajib diisi dengan bilangan."));
        }
        found
    }

    /// An optional count.
    pub fn maybe_count(&mut self, field: &str) -> Option<u16> {
        let value = self.take(field)?;
        let count = value.as_u64().and_then(|number| u16::try_from(number).ok());
        if count.is_none() {
            self.wrong(field, format!("“{field}” harus bilangan bulat dari 0 sampai 65.535."));
        }
        count
    }

    /// A version that must be there.
    pub fn version(&mut self) -> Option<u64> {
        let version = self.take("version").and_then(|value| value.as_u64());
        if version.is_none() {
            self.wrong("version", "“version” wajib diisi dengan versi yang Anda baca.");
        }
        version
    }

    /// What every change of a record carries; none when something of it is missing, which is said.
    pub fn change(&mut self) -> Option<Change> {
        let id = self.id("id");
        let (reason, version) = (self.text("reason"), self.version());
        Some(Change { id: id?, reason, version: version? })
    }

    /// An optional yes or no.
    pub fn flag(&mut self, field: &str) -> Option<bool> {
        let value = self.take(field)?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.wrong(field, format!("“{field}” harus true atau false."));
        }
        flag
    }

    /// An optional whole number.
    pub fn number(&mut self, field: &str) -> Option<i64> {
        let value = self.take(field)?;
        let number = value.as_i64();
        if number.is_none() {
            self.wrong(field, format!("“{field}” harus bilangan bulat."));
        }
        number
    }

    /// An optional list of texts.
    pub fn texts(&mut self, field: &str) -> Vec<String> {
        self.list(field, |value| value.as_str().map(str::to_owned), "teks")
    }

    /// An optional list of small numbers.
    pub fn numbers<T: TryFrom<u64>>(&mut self, field: &str) -> Vec<T> {
        let values = self.fields.get(field).and_then(Value::as_array);
        let numbers = values.into_iter().flatten().map(Value::as_u64).collect::<Option<Vec<_>>>();
        let large = numbers.into_iter().flatten().find(|number| T::try_from(*number).is_err());
        if let Some(number) = large {
            self.fields.remove(field);
            self.wrong(field, format!("“{field}” memuat {number}, yang terlalu besar di sini."));
            return Vec::new();
        }
        self.list(
            field,
            |value| value.as_u64().and_then(|number| T::try_from(number).ok()),
            "bilangan",
        )
    }

    fn list<T>(&mut self, field: &str, read: impl Fn(&Value) -> Option<T>, what: &str) -> Vec<T> {
        let Some(value) = self.take(field) else { return Vec::new() };
        let found: Option<Vec<T>> =
            value.as_array().and_then(|values| values.iter().map(read).collect());
        found.unwrap_or_else(|| {
            self.wrong(field, format!("“{field}” harus daftar {what} dalam kurung siku."));
            Vec::new()
        })
    }

    /// An optional list of objects, each read by `read`.
    pub fn objects<T>(
        &mut self,
        field: &str,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.take(field) else { return Vec::new() };
        let Value::Array(values) = value else {
            self.wrong(field, format!("“{field}” harus daftar objek dalam kurung siku."));
            return Vec::new();
        };
        let mut all = Vec::new();
        for (at, value) in values.into_iter().enumerate() {
            let name = format!("{}.{at}", self.name(field));
            let Value::Object(fields) = value else {
                self.errors.push(FieldError::new(name, "Setiap isi daftar ini harus objek."));
                continue;
            };
            let mut part = Self::part(fields, name);
            all.extend(read(&mut part));
            self.errors.extend(part.rest());
        }
        all
    }

    /// What is wrong so far, unknown fields included.
    fn rest(&mut self) -> Vec<FieldError> {
        for field in std::mem::take(&mut self.fields).into_iter().map(|(field, _)| field) {
            let shown: String = field.chars().take(40).collect();
            self.wrong(
                &shown,
                format!("“{shown}” tidak dikenal di sini. Hapus atau periksa ejaannya."),
            );
        }
        std::mem::take(&mut self.errors)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Everything that was wrong, unknown fields included.
    pub fn end(mut self) -> Result<(), WebError> {
        let errors = self.rest();
        if errors.is_empty() { Ok(()) } else { Err(WebError::Invalid(errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(result: Result<(), WebError>) -> Vec<String> {
        match result {
            Ok(()) => Vec::new(),
            Err(error) => error.fields().iter().map(|one| one.field.clone()).collect(),
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let body = br#"{"id":7,"date":"kemarin","present":-1,"sick":"1","list":[{"n":1,"x":2},3],"lain":0}"#;
        let mut shape = Shape::parse(body).unwrap();
        assert_eq!(shape.id("id"), None);
        assert_eq!(shape.date("date"), None);
        assert_eq!(
            (shape.count("present"), shape.count("sick"), shape.count("absent")),
            (None, None, None)
        );
        let numbers = shape.objects("list", |one| one.maybe_count("n"));
        assert_eq!(numbers, [1]);
        let mut found = errors(shape.end());
        found.sort();
        assert_eq!(found.join(" "), "absent date id lain list.0.x list.1 present sick");
    }

    #[test]
    fn what_is_no_object_is_said_so() {
        for body in [&b""[..], b"[]", b"1", b"{", b"\xff", b"{\"a\":}"] {
            assert!(matches!(Shape::parse(body), Err(WebError::Bad(_))), "{body:?}");
        }
    }
}
