//! Numbers as Indonesian readers write them: `1.234,5`, `41,7 %`, `2 jam 20 menit`.

/// Stands between a number and its unit, so that no line breaks there.
const NO_BREAK: char = '\u{a0}';

/// A count with dots between the thousands: `1.234`.
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A count that may be below zero: `-1.234`.
pub fn signed(n: i64) -> String {
    let text = count(n.unsigned_abs());
    if n < 0 { format!("-{text}") } else { text }
}

/// Puts dots between the thousands of a run of digits, of any length.
fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

/// The share `part / whole` as a percentage with one decimal: `41,7 %`, with a no-break space.
///
/// Whole numbers carry no decimal (`50 %`). A part that is not the whole is never rounded up to
/// `100 %`, and one that is not nothing never down to `0 %`, so that the text cannot claim more
/// than the numbers. `None` if `whole` is 0: a share of nothing is no number.
pub fn percent(part: u64, whole: u64) -> Option<String> {
    if whole == 0 {
        return None;
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let mut tenths = (part * 2000 + whole) / (whole * 2);
    if part < whole {
        tenths = tenths.min(999);
    }
    if part > 0 {
        tenths = tenths.max(1);
    }
    let whole_percent = grouped(&(tenths / 10).to_string());
    let tenth = tenths % 10;
    Some(if tenth == 0 {
        format!("{whole_percent}{NO_BREAK}%")
    } else {
        format!("{whole_percent},{tenth}{NO_BREAK}%")
    })
}

/// A duration in minutes: `45 menit`, `2 jam`, `2 jam 20 menit`.
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest}{NO_BREAK}menit"),
        (hours, 0) => format!("{}{NO_BREAK}jam", count(u64::from(hours))),
        (hours, rest) => {
            format!("{}{NO_BREAK}jam {rest}{NO_BREAK}menit", count(u64::from(hours)))
        }
    }
}

/// A list in words: `a`, `a dan b`, `a, b, dan c`. Nothing gives an empty text.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [one, two] => format!("{} dan {}", one.as_ref(), two.as_ref()),
        [rest @ .., last] => {
            let mut out = String::new();
            for item in rest {
                out.push_str(item.as_ref());
                out.push_str(", ");
            }
            out.push_str("dan ");
            out.push_str(last.as_ref());
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{count, duration, list, percent, signed};

    #[test]
    fn counts_have_dots_between_thousands() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.000"),
            (83_762, "83.762"),
            (1_234_567, "1.234.567"),
            (u64::MAX, "18.446.744.073.709.551.615"),
        ] {
            assert_eq!(count(n), text);
        }
        assert_eq!(signed(-1234), "-1.234");
        assert_eq!(signed(i64::MIN), "-9.223.372.036.854.775.808");
    }

    #[test]
    fn shares_never_claim_more_than_the_numbers() {
        for (part, whole, text) in [
            (5, 12, Some("41,7\u{a0}%")),
            (1, 2, Some("50\u{a0}%")),
            (0, 7, Some("0\u{a0}%")),
            (7, 7, Some("100\u{a0}%")),
            (9999, 10_000, Some("99,9\u{a0}%")),
            (1, 100_000, Some("0,1\u{a0}%")),
            (3, 0, None),
            (u64::MAX, u64::MAX, Some("100\u{a0}%")),
        ] {
            assert_eq!(percent(part, whole).as_deref(), text, "{part}/{whole}");
        }
    }

    #[test]
    fn durations_and_lists_read_as_words() {
        for (minutes, text) in [
            (0, "0\u{a0}menit"),
            (45, "45\u{a0}menit"),
            (120, "2\u{a0}jam"),
            (140, "2\u{a0}jam 20\u{a0}menit"),
        ] {
            assert_eq!(duration(minutes), text);
        }
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a dan b");
        assert_eq!(list(&["a", "b", "c"]), "a, b, dan c");
    }
}
