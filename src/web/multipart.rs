//! A form that carries a file, as browsers send it: `multipart/form-data`, read whole.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};

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
        let headers = request.headers().clone();
        let bytes =
            read_body(request, MAX_FILE_BYTES + AROUND).await.map_err(|error| match error {
                WebError::TooLarge(_) => WebError::TooLarge(too_large()),
                WebError::Bad(_) => broken(),
                other => other,
            })?;
        let mut whole = Request::new(Body::from(bytes));
        *whole.headers_mut() = headers;
        let form = parse(whole).await?;
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
    WebError::Bad(
        "Unggahan ini rusak atau terputus. Pilih berkasnya lagi, lalu kirim ulang.".to_owned(),
    )
}

/// The form in a body that was read whole.
async fn parse(request: Request) -> Result<FileForm, WebError> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let mut pairs = Vec::new();
    let mut file = None;
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let name = part.name().ok_or_else(broken)?.to_owned();
        let named = part.file_name().map(|named| named.replace("%22", "\""));
        let bytes = part.bytes().await.map_err(|_| broken())?;
        match named {
            None => {
                let value = std::str::from_utf8(&bytes).map_err(|_| broken())?;
                pairs.push((name, value.to_owned()));
            }
            // A field for a file in which none was chosen comes without a name and empty.
            Some(named) if named.is_empty() && bytes.is_empty() => {}
            Some(named) => {
                let name = named.rsplit(['/', '\\']).next().unwrap_or("").to_owned();
                file = Some(SentFile { name, bytes: bytes.to_vec() });
            }
        }
    }
    Ok(FileForm { fields: Values::from_pairs(pairs), file })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (head, value) in parts {
            body.extend_from_slice(
                format!("--xY\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
            );
            body.extend_from_slice(value);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xY--\r\n");
        body
    }

    async fn read(kind: &str, body: Vec<u8>) -> Result<FileForm, WebError> {
        let request = Request::builder().header("content-type", kind).body(Body::from(body));
        parse(request.unwrap()).await
    }

    const KIND: &str = "multipart/form-data; boundary=xY";

    #[tokio::test]
    async fn fields_and_a_file_come_out_as_they_were_sent() {
        let bytes = b"a,b\r\n\r\n--x\r1,\xff\r\n";
        let sent = body(&[
            ("name=\"id\"", b"7"),
            (
                "name=\"berkas\"; filename=\"data/daftar %22baru%22.csv\"\r\nContent-Type: text/csv",
                bytes,
            ),
            ("name=\"nama\"", "é ".as_bytes()),
        ]);
        let form = read(KIND, sent).await.unwrap();
        assert_eq!((form.fields.raw("id"), form.fields.raw("nama")), (Some("7"), Some("é ")));
        let file = form.file.unwrap();
        assert_eq!(
            (file.name.as_str(), file.bytes.as_slice()),
            ("daftar \"baru\".csv", &bytes[..])
        );
        let none = read(KIND, body(&[("name=\"berkas\"; filename=\"\"", b"")])).await.unwrap();
        assert!(none.file.is_none());
        let empty = read(KIND, body(&[("name=\"berkas\"; filename=\"a.csv\"", b"")])).await;
        assert_eq!(empty.unwrap().file.unwrap().bytes, b"");
    }

    #[tokio::test]
    async fn what_is_cut_off_is_refused() {
        let whole = body(&[("name=\"a\"", b"1"), ("name=\"b\"; filename=\"b.csv\"", b"2")]);
        // What stands behind the last separator does not matter.
        for end in 0..whole.len() - 4 {
            assert!(read(KIND, whole[..end].to_vec()).await.is_err(), "{end}");
        }
        assert!(read(KIND, body(&[("name=\"a\"", b"\xff")])).await.is_err());
        for (kind, sound) in [
            ("Multipart/Form-Data; charset=utf-8; boundary=\"xY\"", true),
            ("multipart/form-data; boundary=z", false),
            ("multipart/form-data; boundary=", false),
            ("multipart/form-data", false),
            ("application/json; boundary=xY", false),
        ] {
            assert_eq!(read(kind, whole.clone()).await.is_ok(), sound, "{kind}");
        }
    }
}
