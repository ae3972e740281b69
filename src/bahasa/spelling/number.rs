//! Numbers in words and in figures, brought to one form: `seribu`, `1.000` and `1000`.

use std::borrow::Cow;

/// What a word adds to a number.
#[derive(Clone, Copy)]
enum Part {
    /// `tiga`.
    Digit(u64),
    /// `sepuluh`, `sebelas`, `seratus`, `seribu`: complete at their place.
    Whole(u64),
    /// `belas`: adds ten to the digit before.
    Teen,
    /// `puluh`, `ratus`, `ribu`, `juta`: multiply what stands before.
    Times(u64),
}

fn part(word: &str) -> Option<Part> {
    Some(match word {
        "nol" => Part::Digit(0),
        "satu" => Part::Digit(1),
        "dua" => Part::Digit(2),
        "tiga" => Part::Digit(3),
        "empat" => Part::Digit(4),
        "lima" => Part::Digit(5),
        "enam" => Part::Digit(6),
        "tujuh" => Part::Digit(7),
        "delapan" => Part::Digit(8),
        "sembilan" => Part::Digit(9),
        "sepuluh" => Part::Whole(10),
        "sebelas" => Part::Whole(11),
        "seratus" => Part::Whole(100),
        "seribu" => Part::Whole(1000),
        "sejuta" => Part::Whole(1_000_000),
        "belas" => Part::Teen,
        "puluh" => Part::Times(10),
        "ratus" => Part::Times(100),
        "ribu" => Part::Times(1000),
        "juta" => Part::Times(1_000_000),
        _ => return None,
    })
}

/// Adds up number words one after the other, as long as they form one number.
///
/// `total` holds closed thousands, `group` the number below them, `digit` the open last digit.
#[derive(Default)]
pub(super) struct Speller {
    total: u64,
    group: u64,
    digit: Option<u64>,
    words: usize,
}

impl Speller {
    /// Takes one more word; `false` if it does not belong to the number any more.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let Some(part) = part(word) else { return false };
        let fits = match part {
            Part::Digit(n) => self.open_digit(n),
            Part::Whole(n @ 1_000..) => self.words == 0 && self.close(n),
            Part::Whole(n) => self.place(n),
            Part::Teen => self.digit.take().is_some_and(|d| {
                self.group += 10 + d;
                true
            }),
            Part::Times(n @ 1_000..) => {
                let below = self.group + self.digit.unwrap_or(0);
                below > 0 && self.close(below * n)
            }
            Part::Times(n) => self.digit.take().is_some_and(|d| self.place(d * n)),
        };
        self.words += usize::from(fits);
        fits
    }

    /// A digit ends a number, so nothing may stand open before it: `dua tiga` is two numbers.
    fn open_digit(&mut self, n: u64) -> bool {
        let free = self.digit.is_none()
            && self.group.is_multiple_of(10)
            && !(10..20).contains(&(self.group % 100));
        if free {
            self.digit = Some(n);
        }
        free
    }

    /// Tens or hundreds fit where the number so far leaves room for them.
    fn place(&mut self, n: u64) -> bool {
        let room = if n >= 100 { 1000 } else { 100 };
        let free = self.digit.is_none() && self.group.is_multiple_of(room);
        if free {
            self.group += n;
        }
        free
    }

    fn close(&mut self, value: u64) -> bool {
        let fits = value < 1_000_000_000 && (self.total == 0 || value < self.total);
        if fits {
            self.total += value;
            self.group = 0;
            self.digit = None;
        }
        fits
    }

    pub(super) fn value(&self) -> Option<u64> {
        (self.words > 0).then(|| self.total + self.group + self.digit.unwrap_or(0))
    }
}

/// A number in figures without the dots between thousands: `1.000` is `1000`, `1,5` stays.
///
/// A dot that does not stand before three digits is no thousands' dot (`2.5`, a version, a date)
/// and stays.
pub(super) fn plain_figures(written: &str) -> Cow<'_, str> {
    let whole = written.split_once(',').map_or(written, |(whole, _)| whole);
    let mut groups = whole.split('.');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    let grouped = first && whole.contains('.') && groups.all(|group| group.len() == 3);
    if grouped { Cow::Owned(written.replace('.', "")) } else { Cow::Borrowed(written) }
}
