//! The address under which a browser reached the server, for what an admin passes on by hand.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

/// The longest name of a host, in bytes.
const MAX_HOST: usize = 253;

/// Scheme and host of the request, such as `http://192.168.1.10:8080`, if they can be told.
///
/// The sender alone says them, so this is shown to the sender only: whoever forges the header
/// forges a page for himself. Nothing that is kept or that others read may be built from it.
pub(crate) fn asked_at(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    sound(host).then_some(())?;
    // A proxy in front may speak TLS; the browser says so with what it sends.
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let tls = origin.is_some_and(|origin| origin.strip_prefix("https://") == Some(host));
    Some(format!("{}://{host}", if tls { "https" } else { "http" }))
}

/// Whether an address as [`asked_at`] gives it leads to this machine from this machine only.
pub(crate) fn is_here(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    let name = parts(host).0;
    name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The name and the port, if one is said.
fn parts(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    }
}

/// Whether it is a name or an address with or without a port, and nothing else.
fn sound(host: &str) -> bool {
    let (name, port) = parts(host);
    let port = port.is_none_or(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|n| n > 0)
    });
    let name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
            !name.is_empty() && name.len() <= MAX_HOST && name.bytes().all(word)
        }
    };
    name && port
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_host_is_taken_for_one() {
        for (host, origin, expected) in [
            ("p2k2.contoh.go.id", "", Some("http://p2k2.contoh.go.id")),
            ("192.168.1.10:8080", "http://192.168.1.10:8080", Some("http://192.168.1.10:8080")),
            ("p2k2.test", "https://p2k2.test", Some("https://p2k2.test")),
            ("p2k2.test", "https://lain.test", Some("http://p2k2.test")),
            ("[::1]:80", "", Some("http://[::1]:80")),
            ("[::1]", "", Some("http://[::1]")),
            ("", "", None),
            (":80", "", None),
            ("p2k2.test:", "", None),
            ("p2k2.test:0", "", None),
            ("p2k2.test:70000", "", None),
            ("p2k2.test:+80", "", None),
            ("p2k2.test/jalan", "", None),
            ("nama@p2k2.test", "", None),
            ("p2k2.test?a", "", None),
            ("a b", "", None),
            ("\"><b>", "", None),
            ("[::1", "", None),
            ("[p2k2.test]", "", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            if !origin.is_empty() {
                headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
            }
            assert_eq!(asked_at(&headers).as_deref(), expected, "{host:?} {origin:?}");
        }
        assert_eq!(asked_at(&HeaderMap::new()), None);
    }

    #[test]
    fn an_address_of_this_machine_leads_nowhere_else() {
        for (address, here) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost", true),
            ("http://[::1]:8080", true),
            ("http://192.168.1.10:8080", false),
            ("https://localhost.contoh.go.id", false),
        ] {
            assert_eq!(is_here(address), here, "{address}");
        }
    }
}
