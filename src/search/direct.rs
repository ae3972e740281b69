//! Queries that name a sesi: "sesi 8", "kesehatan sesi 1", a title.

use crate::bahasa;
use crate::curriculum::SesiId;
use crate::curriculum::skema::{Resolution, Resolver};

/// The sesi that one of these readings of a query names.
pub(super) fn direct(resolver: &Resolver, readings: &[&str]) -> Option<SesiId> {
    readings.iter().find_map(|text| {
        let text = text.trim();
        let turned = number_behind(text);
        // The words in the guide's spelling: `sesi delapan` is `sesi 8`, `klo` is `kalau`.
        let plain: Vec<_> = bahasa::words(text).into_iter().map(|word| word.form).collect();
        let plain = plain.join(" ");
        [Some(text), Some(plain.as_str()), turned.as_deref()].into_iter().flatten().find_map(
            |text| match resolver.resolve(text) {
                Resolution::Found(found) => Some(found.sesi),
                Resolution::Ambiguous(_) | Resolution::Unknown => None,
            },
        )
    })
}

/// `sesi 3 kesehatan` as `kesehatan sesi 3`, and `sesi 3 modul kesehatan` likewise.
fn number_behind(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let mut words = lower.split_whitespace();
    let (first, number) = (words.next()?, words.next()?);
    let rest: Vec<&str> = words.collect();
    let named = first == "sesi" && number.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty();
    named.then(|| format!("{} sesi {number}", rest.join(" ")))
}
