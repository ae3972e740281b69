//! A form that carries a file, as browsers send it: `multipart/form-data`, read whole.

use axum::extract::{FromRequest, Request};
use axum::http::header;

use super::Web;
use super::error::WebError;
use super::extract::{Values, read_body};

/// The largest file that a form may carry, in bytes.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;
/// So much more may stand around it: the other fields and what separates them.
const AROUND: usize = 64 * 1024;

/// A form that was sent with a file.
#[derive(Debug, Clone, Default)]
pub struct FileForm {
    /// Its other fields.
    pub fields: Values,
    /// The file; none when none was chosen.
    pub file: Option<SentFile>,
}

/// A file as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// Its name on the sender's machine, without folders.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

impl FromRequest<Web> for FileForm {
    type Rejection = WebError;

    async fn from_request(request: Request, _: &Web) -> Result<Self, WebError> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("").to_owned();
        let boundary = boundary(&kind).ok_or_else(broken)?;
        let bytes = read_body(request, MAX_FILE_BYTES + AROUND).await.map_err(|error| match error {
            WebError::TooLarge(_) => WebError::TooLarge(too_large()),
            other => other,
        })?;
        let form = parse(&bytes, &boundary)?;
        if form.file.as_ref().is_some_and(|file| file.bytes.len() > MAX_FILE_BYTES) {
            return Err(WebError::TooLarge(too_large()));
        }
        Ok(form)
    }
}

fn too_large() -> String {
    format!(
        "Berkas ini lebih besar dari {} MB. Bagi menjadi beberapa berkas, lalu unggah satu per satu.",
        MAX_FILE_BYTES >> 20
    )
}

fn broken() -> WebError {
    WebError::Bad("Unggahan ini rusak atau terputus. Pilih berkasnya lagi, lalu kirim ulang.".to_owned())
}

/// What separates the parts, from the kind of a body.
fn boundary(kind: &str) -> Option<String> {
    let (form, rest) = kind.split_once(';')?;
    if !form.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let value = rest.split(';').find_map(|one| {
        let (name, value) = one.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
    })?;
    // As long as they may be; an empty one would stand everywhere.
    (1..=70).contains(&value.len()).then(|| value.to_owned())
}

/// The form in a body whose parts are separated by `boundary`.
///
/// # Errors
/// When it is cut off, has a name that is no UTF-8, or no parts.
pub fn parse(body: &[u8], boundary: &str) -> Result<FileForm, WebError> {
    let mark = format!("\r\n--{boundary}");
    // The first separator has no line before it.
    let mut rest = body.strip_prefix(&mark.as_bytes()[2..]).ok_or_else(broken)?;
    let mut pairs = Vec::new();
    let mut file = None;
    loop {
        if rest.starts_with(b"--") {
            return Ok(FileForm { fields: Values::from_pairs(pairs), file });
        }
        rest = rest.strip_prefix(b"\r\n").ok_or_else(broken)?;
        let end = find(rest, mark.as_bytes()).ok_or_else(broken)?;
        let (part, behind) = (&rest[..end], &rest[end + mark.len()..]);
        let head = find(part, b"\r\n\r\n").ok_or_else(broken)?;
        let (head, value) = (text(&part[..head])?, &part[head + 4..]);
        match Said::of(head).ok_or_else(broken)? {
            Said { name, file: None } => pairs.push((name, text(value)?.to_owned())),
            // A field for a file in which none was chosen comes without a name and empty.
            Said { file: Some(named), .. } if named.is_empty() && value.is_empty() => {}
            Said { file: Some(named), .. } => {
                let name = named.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
                file = Some(SentFile { name, bytes: value.to_vec() });
            }
        }
        rest = behind;
    }
}

fn text(bytes: &[u8]) -> Result<&str, WebError> {
    std::str::from_utf8(bytes).map_err(|_| broken())
}

/// Where `wanted`, which begins with a carriage return, begins in `bytes`.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == b'\r') {
        if bytes[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// What the head of a part says.
struct Said {
    name: String,
    /// The name of the file, if it is one.
    file: Option<String>,
}

impl Said {
    fn of(head: &str) -> Option<Self> {
        let line = head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
        })?;
        Some(Self { name: quoted(line, "name")?, file: quoted(line, "filename") })
    }
}

/// The value of `name="…"` in a line; browsers write a quotation mark in it as `%22`.
fn quoted(line: &str, name: &str) -> Option<String> {
    let mark = format!("{name}=\"");
    let at = line.match_indices(&mark).map(|(at, _)| at).find(|at| {
        // `filename="` ends in `name="` as well.
        line[..*at].ends_with([' ', ';'])
    })?;
    let value = line[at + mark.len()..].split('"').next()?;
    Some(value.replace("%22", "\"").replace("%0D", "").replace("%0A", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (head, value) in parts {
            body.extend_from_slice(format!("--xY\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xY--\r\n");
        body
    }

    #[test]
    fn fields_and_a_file_come_out_as_they_were_sent() {
        let bytes = b"a,b\r\n\r\n--x\r1,\xff\r\n";
        let sent = body(&[
            ("name=\"id\"", b"7"),
            ("name=\"berkas\"; filename=\"C:\\data\\daftar %22baru%22.csv\"\r\nContent-Type: text/csv", bytes),
            ("name=\"nama\"", "é ".as_bytes()),
        ]);
        let form = parse(&sent, "xY").unwrap();
        assert_eq!((form.fields.raw("id"), form.fields.raw("nama")), (Some("7"), Some("é ")));
        let file = form.file.unwrap();
        assert_eq!((file.name.as_str(), file.bytes.as_slice()), ("daftar \"baru\".csv", &bytes[..]));
        let none = parse(&body(&[("name=\"berkas\"; filename=\"\"", b"")]), "xY").unwrap();
        assert!(none.file.is_none());
        let empty = parse(&body(&[("name=\"berkas\"; filename=\"a.csv\"", b"")]), "xY").unwrap();
        assert_eq!(empty.file.unwrap().bytes, b"");
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let whole = body(&[("name=\"a\"", b"1"), ("name=\"b\"; filename=\"b.csv\"", b"2")]);
        // What stands behind the last separator does not matter.
        for end in 0..whole.len() - 4 {
            assert!(parse(&whole[..end], "xY").is_err(), "{end}");
        }
        assert!(parse(&body(&[("name=\"a\"", b"\xff")]), "xY").is_err());
        assert!(parse(&whole, "z").is_err());
        for (kind, found) in [
            ("multipart/form-data; boundary=xY", Some("xY")),
            ("Multipart/Form-Data; charset=utf-8; boundary=\"xY\"", Some("xY")),
            ("multipart/form-data; boundary=", None),
            ("multipart/form-data", None),
            ("application/json; boundary=xY", None),
        ] {
            assert_eq!(boundary(kind).as_deref(), found, "{kind}");
        }
    }
}
