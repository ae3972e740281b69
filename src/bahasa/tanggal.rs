//! Dates in Indonesian words, and dates as people and spreadsheets write them.
//!
//! Everything works on a calendar date without a clock; who calls says what day is today.

use jiff::civil::{Date, Weekday};

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];

const SHORT_MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Nothing but spaces.
    #[error("Isi tanggalnya.")]
    Empty,
    /// Neither `YYYY-MM-DD` nor `DD/MM/YYYY`.
    #[error("Tanggal ini tidak terbaca. Tulis seperti 2026-11-21 atau 21/11/2026.")]
    Shape,
    /// Of the right shape, but there is no such day (31 February).
    #[error("Tanggal ini tidak ada di kalender. Periksa hari dan bulannya.")]
    NoSuchDay,
}

/// `November` for 11. A number that is no month gives an empty text.
pub fn month_name(month: i8) -> &'static str {
    nth(&MONTHS, month)
}

fn nth(names: &[&'static str; 12], month: i8) -> &'static str {
    usize::try_from(month).ok().and_then(|m| names.get(m.checked_sub(1)?)).copied().unwrap_or("")
}

/// `Sabtu`.
pub fn day_name(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Senin",
        Weekday::Tuesday => "Selasa",
        Weekday::Wednesday => "Rabu",
        Weekday::Thursday => "Kamis",
        Weekday::Friday => "Jumat",
        Weekday::Saturday => "Sabtu",
        Weekday::Sunday => "Minggu",
    }
}

/// `21 November 2026`.
pub fn long(date: Date) -> String {
    format!("{} {} {}", date.day(), month_name(date.month()), date.year())
}

/// `Sabtu, 21 November 2026`.
pub fn with_day(date: Date) -> String {
    format!("{}, {}", day_name(date), long(date))
}

/// `November 2026`, of the month that the date is in.
pub fn month(date: Date) -> String {
    format!("{} {}", month_name(date.month()), date.year())
}

/// `21 Nov 2026`.
pub fn short(date: Date) -> String {
    format!("{} {} {}", date.day(), nth(&SHORT_MONTHS, date.month()), date.year())
}

/// How far `date` is from `today`: `hari ini`, `kemarin`, `12 hari lalu`, `3 bulan lalu`,
/// `2 tahun lalu`, `besok`, `5 hari lagi`. Days up to 30, then whole months, from 24 on years.
pub fn relative(date: Date, today: Date) -> String {
    let days = days_between(date, today);
    match days {
        0 => return "hari ini".to_owned(),
        1 => return "kemarin".to_owned(),
        -1 => return "besok".to_owned(),
        _ => {}
    }
    let side = if days > 0 { "lalu" } else { "lagi" };
    let (first, last) = if days > 0 { (date, today) } else { (today, date) };
    let months = whole_months(first, last);
    if days.abs() <= 30 || months == 0 {
        format!("{} hari {side}", days.abs())
    } else if months < 24 {
        format!("{months} bulan {side}")
    } else {
        format!("{} tahun {side}", months / 12)
    }
}

/// The days from `from` to `to`; below zero if `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i32 {
    // Both are dates of the years -9999 to 9999, whose distance always fits.
    from.until(to).map_or(0, |span| span.get_days())
}

fn whole_months(first: Date, last: Date) -> i32 {
    let months = (i32::from(last.year()) - i32::from(first.year())) * 12 + i32::from(last.month())
        - i32::from(first.month());
    // The 31st has its monthly return on the last day of a shorter month.
    let short = last.day() < first.day() && last.day() < last.days_in_month();
    months - i32::from(short)
}

/// Reads `2026-11-21` or `21/11/2026` (also `1/2/2026`); spaces around it do not matter.
///
/// # Errors
/// [`DateError::Empty`] for nothing, [`DateError::Shape`] for anything else, [`DateError::NoSuchDay`] for a day that is in no
/// calendar. Years have four digits.
pub fn parse(text: &str) -> Result<Date, DateError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DateError::Empty);
    }
    let (year, month, day) = if text.contains('/') {
        let (day, month, year) = three(text, '/')?;
        (year, month, day)
    } else {
        let (year, month, day) = three(text, '-')?;
        if month.len() != 2 || day.len() != 2 {
            return Err(DateError::Shape);
        }
        (year, month, day)
    };
    if year.len() != 4 {
        return Err(DateError::Shape);
    }
    let year = digits(year)?;
    let month = i8::try_from(digits(month)?).map_err(|_| DateError::NoSuchDay)?;
    let day = i8::try_from(digits(day)?).map_err(|_| DateError::NoSuchDay)?;
    Date::new(year, month, day).map_err(|_| DateError::NoSuchDay)
}

fn three(text: &str, between: char) -> Result<(&str, &str, &str), DateError> {
    let mut parts = text.split(between);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(a), Some(b), Some(c), None) => Ok((a, b, c)),
        _ => Err(DateError::Shape),
    }
}

/// One to four plain digits; `parse` of numbers would also take a sign.
fn digits(text: &str) -> Result<i16, DateError> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError::Shape);
    }
    text.parse().map_err(|_| DateError::Shape)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{DateError, long, month, month_name, parse, relative, short, with_day};

    #[test]
    fn dates_in_words() {
        let day = date(2026, 11, 21);
        assert_eq!(long(day), "21 November 2026");
        assert_eq!(with_day(day), "Sabtu, 21 November 2026");
        assert_eq!(month(day), "November 2026");
        assert_eq!(short(day), "21 Nov 2026");
        assert_eq!(short(date(2026, 8, 1)), "1 Agu 2026");
        assert_eq!(month_name(0), "");
        assert_eq!(month_name(13), "");
    }

    #[test]
    fn distances_in_words() {
        let today = date(2026, 11, 21);
        for (day, text) in [
            (today, "hari ini"),
            (date(2026, 11, 20), "kemarin"),
            (date(2026, 11, 22), "besok"),
            (date(2026, 11, 9), "12 hari lalu"),
            (date(2026, 10, 22), "30 hari lalu"),
            (date(2026, 10, 21), "1 bulan lalu"),
            (date(2026, 8, 21), "3 bulan lalu"),
            (date(2026, 8, 22), "2 bulan lalu"),
            (date(2025, 11, 21), "12 bulan lalu"),
            (date(2024, 11, 21), "2 tahun lalu"),
            (date(2026, 12, 6), "15 hari lagi"),
            (date(2027, 2, 21), "3 bulan lagi"),
            (date(2030, 1, 1), "3 tahun lagi"),
        ] {
            assert_eq!(relative(day, today), text);
        }
        assert_eq!(relative(date(2026, 1, 31), date(2026, 3, 31)), "2 bulan lalu");
        assert_eq!(relative(date(2025, 12, 31), date(2026, 2, 28)), "2 bulan lalu");
    }

    #[test]
    fn dates_are_read_as_written() {
        for text in ["2026-11-21", "21/11/2026", "  21/11/2026 "] {
            assert_eq!(parse(text), Ok(date(2026, 11, 21)), "{text}");
        }
        assert_eq!(parse("1/2/2026"), Ok(date(2026, 2, 1)));
        for text in ["", "  "] {
            assert_eq!(parse(text), Err(DateError::Empty), "{text:?}");
        }
        for text in [
            "2026",
            "21-11-2026",
            "2026-1-2",
            "21/11/26",
            "+1/2/2026",
            "2026-11-21-1",
            "a/b/c",
            "2026/11/21",
            "//",
            "٢١/١١/٢٠٢٦",
        ] {
            assert_eq!(parse(text), Err(DateError::Shape), "{text}");
        }
        for text in ["2026-02-30", "31/4/2026", "0/1/2026", "2026-13-01", "999/1/2026"] {
            assert_eq!(parse(text), Err(DateError::NoSuchDay), "{text}");
        }
    }
}
