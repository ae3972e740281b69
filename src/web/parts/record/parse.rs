//! From a form to what is submitted, and from a record to the values of a form.

use std::str::FromStr;

use jiff::civil::{Date, Time};

use crate::bahasa::tanggal;
use crate::command::{RecordInput, TaughtInput};
use crate::curriculum::ids::SesiId;
use crate::decide::FieldError;
use crate::decide::pertemuan::MAX_SESI;
use crate::kelompok::KelompokId;
use crate::kelompok::pertemuan::{Extent, Pertemuan, Source};
use crate::private::Private;
use crate::web::extract::Values;
use crate::web::parts::{WHOLE_FORM, when};

/// What a form says.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    /// The record, with defaults where a field cannot be read.
    pub(crate) input: RecordInput,
    /// What cannot be read.
    pub(crate) errors: Vec<FieldError>,
    /// The row of the form in which each sesi of the record stands.
    rows: Vec<usize>,
}

struct Reader<'a> {
    values: &'a Values,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(field, message));
    }

    fn date(&mut self) -> Date {
        let text = self.values.get("date");
        if text.is_empty() {
            self.wrong("date", "Isi tanggal pertemuannya.");
            return Date::MIN;
        }
        tanggal::parse(text).unwrap_or_else(|error| {
            self.wrong("date", error.to_string());
            Date::MIN
        })
    }

    fn count(&mut self, field: &str) -> Option<u16> {
        let text = self.values.get(field);
        if text.is_empty() {
            return None;
        }
        let number = text.parse::<u16>();
        if number.is_err() {
            let message = if text.bytes().all(|byte| byte.is_ascii_digit()) {
                "Angka ini terlalu besar untuk satu kelompok. Periksa angkanya."
            } else {
                "Tulis bilangan bulat dengan angka, 0 atau lebih."
            };
            self.wrong(field, message);
        }
        Some(number.unwrap_or(0))
    }

    fn time(&mut self, field: &str) -> Option<Time> {
        let text = self.values.get(field);
        if text.is_empty() {
            return None;
        }
        let time = when::parse_time(text);
        if time.is_none() {
            self.wrong(field, "Jam ini tidak terbaca. Tulis seperti 09.30.");
        }
        time
    }

    fn numbers<T: FromStr>(&mut self, field: &str, text: &str, message: &str) -> Vec<T> {
        let parts = text.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty());
        let numbers: Result<Vec<T>, _> = parts.map(str::parse).collect();
        numbers.unwrap_or_else(|_| {
            self.wrong(field, message);
            Vec::new()
        })
    }

    /// Counts of the day with the numbers of those who were not there, from what was typed and tapped.
    fn attendance(&mut self) -> Attendance {
        let present = self.count("present");
        if present.is_none() {
            self.wrong("present", "Isi jumlah yang hadir.");
        }
        let typed = Attendance {
            present: present.unwrap_or(0),
            sick: self.count("sick").unwrap_or(0),
            absent: self.count("absent").unwrap_or(0),
            seats: self.numbers(
                "absent_seats",
                self.values.get("absent_seats"),
                "Tulis nomor urut dengan angka, pisahkan dengan koma: 4, 17.",
            ),
        };
        let tapped = tapped(self.values);
        if tapped.seats.is_empty() {
            return typed;
        }
        if (typed.sick, typed.absent) == (0, 0) {
            // Nothing was counted by hand, so those who were tapped are taken off everybody.
            let everybody = self.values.number(ALL_SEATS) == Some(typed.present);
            let away = if everybody { tapped.sick + tapped.absent } else { 0 };
            return Attendance { present: typed.present.saturating_sub(away), ..tapped };
        }
        if (typed.sick, typed.absent) != (tapped.sick, tapped.absent) {
            let message = format!(
                "Nomor yang diketuk {} sakit dan {} alfa, sedangkan jumlah di atas {} sakit dan {} alfa. Samakan salah satunya.",
                tapped.sick, tapped.absent, typed.sick, typed.absent
            );
            self.wrong("absent_seats", message);
        }
        Attendance { seats: tapped.seats, ..typed }
    }

    fn taught(&mut self, at: usize) -> Option<TaughtInput> {
        let name = |part: &str| format!("sesi.{at}.{part}");
        let id = self.values.get(&name("id")).to_owned();
        if id.is_empty() {
            return None;
        }
        let Ok(sesi) = id.parse::<SesiId>() else {
            self.wrong(&name("id"), "Sesi ini tidak dikenal. Pilih sesi dari daftar.");
            return None;
        };
        let extent = match self.values.get(&name("extent")) {
            "" | "tuntas" => Extent::Tuntas,
            "sebagian" => Extent::Sebagian,
            _ => {
                self.wrong(&name("extent"), "Pilih tuntas atau sebagian.");
                Extent::Sebagian
            }
        };
        let ticked: Vec<String> =
            self.values.all(&name("langkah")).map(|one| one.trim().to_owned()).collect();
        // All of a sesi needs no ticks; those that stand there are left over from a change of mind.
        let langkah = match extent {
            Extent::Tuntas => Vec::new(),
            Extent::Sebagian => self.numbers(
                &name("langkah"),
                &ticked.join(" "),
                "Nomor langkah ini tidak ada. Pilih dari daftar.",
            ),
        };
        let edition = match self.values.get(&name("edition")) {
            "" => None,
            text => {
                let number = text.parse().ok();
                if number.is_none() {
                    self.wrong(&name("edition"), "Pilih edisi dari daftar.");
                }
                number
            }
        };
        Some(TaughtInput { sesi, extent, langkah, edition })
    }
}

/// Who came, in counts, and the numbers of those who did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Attendance {
    present: u16,
    sick: u16,
    absent: u16,
    seats: Vec<u16>,
}

/// In front of the number of a seat, in the name of its field.
pub(crate) const SEAT: &str = "kursi.";
/// The field that says how many would be there if everybody was.
pub(crate) const ALL_SEATS: &str = "kursi.semua";

/// The seats that were tapped. Which of them was ill is counted and not kept: that is nobody's
/// business.
fn tapped(values: &Values) -> Attendance {
    let mut found = Attendance::default();
    for (name, value) in values.pairs() {
        let Some(number) = name.strip_prefix(SEAT).and_then(|rest| rest.parse().ok()) else {
            continue;
        };
        match value.as_str() {
            "sakit" => found.sick += 1,
            "alfa" => found.absent += 1,
            _ => continue,
        }
        found.seats.push(number);
    }
    found.seats.sort_unstable();
    found
}

/// Present, ill and away, as the form says; 0 where it cannot be read.
pub(super) fn counted(values: &Values) -> (u16, u16, u16) {
    let found = Reader { values, errors: Vec::new() }.attendance();
    (found.present, found.sick, found.absent)
}

/// Reads a form.
pub(crate) fn parse(values: &Values, kelompok: &KelompokId) -> Parsed {
    let mut reader = Reader { values, errors: Vec::new() };
    let date = reader.date();
    let mut rows = Vec::new();
    let mut sesi = Vec::new();
    // One more than is allowed, so that the refusal says how many are.
    for at in 0..=MAX_SESI {
        if let Some(taught) = reader.taught(at) {
            rows.push(at);
            sesi.push(taught);
        }
    }
    let Attendance { present, sick, absent, seats: absent_seats } = reader.attendance();
    let members = reader.count("members");
    let (start, end) = (reader.time("start"), reader.time("end"));
    let discussion = match values.get("discussion") {
        "" => None,
        "ya" => Some(true),
        "tidak" => Some(false),
        _ => {
            reader.wrong("discussion", "Pilih ada atau tidak ada, atau biarkan kosong.");
            None
        }
    };
    let text = |name: &str| values.raw(name).unwrap_or("").to_owned();
    let kind = values.get("kind");
    let input = RecordInput {
        kelompok: kelompok.clone(),
        date,
        kind: if kind.is_empty() { "lengkap" } else { kind }.to_owned(),
        sesi,
        present,
        sick,
        absent,
        members,
        absent_seats,
        start,
        end,
        place: text("place"),
        discussion,
        speakers: items(values, "speakers"),
        topics: items(values, "topics"),
        obstacles: text("obstacles"),
        follow_up: text("follow_up"),
        note: text("note"),
    };
    Parsed { input, errors: reader.errors, rows }
}

/// The lines of a field in which things are separated by commas.
fn items(values: &Values, name: &str) -> Vec<String> {
    let text = values.raw(name).unwrap_or("");
    let parts = text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

impl Parsed {
    /// Errors of the record as errors of the form's fields.
    pub(crate) fn place_errors(&self, errors: Vec<FieldError>) -> Vec<FieldError> {
        errors
            .into_iter()
            .map(|error| {
                let field = self.field(&error.field);
                FieldError { field, ..error }
            })
            .collect()
    }

    fn field(&self, field: &str) -> String {
        if field == "sesi" {
            return "sesi.0".to_owned();
        }
        if matches!(field, "kelompok" | "id" | "version") {
            return WHOLE_FORM.to_owned();
        }
        let Some(rest) = field.strip_prefix("sesi.") else { return field.to_owned() };
        let (at, part) = rest.split_once('.').unwrap_or((rest, ""));
        let row = at.parse::<usize>().ok().and_then(|at| self.rows.get(at));
        let row = row.copied().unwrap_or(0);
        if part.is_empty() { format!("sesi.{row}") } else { format!("sesi.{row}.{part}") }
    }
}

/// The values of a form that shows a record as it stands.
pub(crate) fn values_of(record: &Pertemuan) -> Vec<(String, String)> {
    let text =
        |text: &Option<Private>| text.as_ref().and_then(Private::as_str).unwrap_or("").to_owned();
    let list =
        |all: &[Private]| all.iter().filter_map(Private::as_str).collect::<Vec<_>>().join(", ");
    let numbers = |all: &[u16]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let time = |time: Option<Time>| time.map_or_else(String::new, when::field);
    let attendance = record.attendance;
    let discussion = match record.discussion {
        Some(true) => "ya",
        Some(false) => "tidak",
        None => "",
    };
    let mut values: Vec<(String, String)> = [
        ("date", record.date.to_string()),
        ("kind", record.kind.clone()),
        ("present", attendance.present.to_string()),
        ("sick", attendance.sick.to_string()),
        ("absent", attendance.absent.to_string()),
        ("members", attendance.members.to_string()),
        ("absent_seats", numbers(&record.absent_seats)),
        ("start", time(record.start)),
        ("end", time(record.end)),
        ("place", text(&record.place)),
        ("discussion", discussion.to_owned()),
        ("speakers", list(&record.speakers)),
        ("topics", list(&record.topics)),
        ("obstacles", text(&record.obstacles)),
        ("follow_up", text(&record.follow_up)),
        ("note", text(&record.note)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (at, taught) in record.sesi.iter().enumerate() {
        let mut push =
            |part: &str, value: String| values.push((format!("sesi.{at}.{part}"), value));
        push("id", taught.sesi.to_string());
        push("extent", taught.extent.as_str().to_owned());
        for langkah in &taught.langkah {
            push("langkah", langkah.to_string());
        }
        let edition = match taught.source {
            Source::Edition(number) => number.to_string(),
            Source::BukuCetak => "0".to_owned(),
            Source::Assumed(_) => String::new(),
        };
        push("edition", edition);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Values {
        Values::parse(text.as_bytes()).unwrap()
    }

    fn read(text: &str) -> Parsed {
        parse(&values(text), &"OKI-1".parse().unwrap())
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_field() {
        let sound = "date=2026-11-21&present=25&sesi.0.id=sesi-a";
        for (more, field, words) in [
            ("date=kemarin", "date", "tidak terbaca"),
            ("date=2026-02-31", "date", "tidak ada di kalender"),
            ("date=", "date", "Isi tanggal"),
            ("present=", "present", "Isi jumlah"),
            ("present=dua", "present", "dengan angka"),
            ("present=-1", "present", "dengan angka"),
            ("present=99999", "present", "terlalu besar"),
            ("sick=1,5", "sick", "dengan angka"),
            ("sesi.0.id=Sesi+A", "sesi.0.id", "tidak dikenal"),
            ("sesi.0.extent=semua", "sesi.0.extent", "tuntas atau sebagian"),
            ("sesi.0.edition=dua", "sesi.0.edition", "dari daftar"),
            ("sesi.0.extent=sebagian&sesi.0.langkah=x", "sesi.0.langkah", "langkah"),
            ("absent_seats=4,lima", "absent_seats", "dengan angka"),
            ("start=pagi", "start", "tidak terbaca"),
        ] {
            // The first value of a name counts, so what is tried stands in front.
            let parsed = read(&format!("{more}&{sound}"));
            assert_eq!(parsed.errors.len(), 1, "{more}: {:?}", parsed.errors);
            assert_eq!(parsed.errors[0].field, field, "{more}");
            assert!(parsed.errors[0].message.contains(words), "{more}: {:?}", parsed.errors);
        }
        assert!(read(sound).errors.is_empty());
    }

    #[test]
    fn tapped_seats_are_counted() {
        let everybody = "kursi.semua=25&kursi.1=&kursi.4=sakit&kursi.9=alfa&kursi.17=alfa";
        for (form, expected) in [
            // Nobody was tapped: what was typed counts.
            ("present=25&kursi.semua=25&kursi.1=", Ok((25, 0, 0, vec![]))),
            ("present=23&sick=1&absent=1&kursi.1=", Ok((23, 1, 1, vec![]))),
            // Tapped and nothing typed: taken off everybody.
            (&format!("present=25&{everybody}"), Ok((22, 1, 2, vec![4, 9, 17]))),
            (&format!("present=25&sick=0&absent=&{everybody}"), Ok((22, 1, 2, vec![4, 9, 17]))),
            // A script, or a person, counted too.
            (&format!("present=22&{everybody}"), Ok((22, 1, 2, vec![4, 9, 17]))),
            (&format!("present=22&sick=1&absent=2&{everybody}"), Ok((22, 1, 2, vec![4, 9, 17]))),
            (&format!("present=22&sick=2&absent=1&{everybody}"), Err("absent_seats")),
            ("present=24&kursi.x=alfa&kursi.3=lain&kursi.2=alfa", Ok((24, 0, 1, vec![2]))),
        ] {
            let parsed = read(&format!("date=2026-11-21&{form}"));
            let input = parsed.input;
            let found = (input.present, input.sick, input.absent, input.absent_seats);
            match expected {
                Ok(expected) => {
                    assert_eq!((found, parsed.errors.len()), (expected, 0), "{form}");
                }
                Err(field) => assert_eq!(parsed.errors[0].field, field, "{form}"),
            }
        }
    }

    #[test]
    fn errors_of_the_record_find_their_row() {
        let parsed = read(
            "date=2026-11-21&present=25&sesi.0.id=&sesi.2.id=sesi-b&sesi.5.id=sesi-a&sesi.5.extent=sebagian&sesi.5.langkah=2&sesi.5.langkah=1",
        );
        assert_eq!(parsed.input.sesi[1].langkah, [2, 1]);
        let placed =
            |field: &str| parsed.place_errors(vec![FieldError::new(field, "x")]).remove(0).field;
        for (field, expected) in [
            ("sesi", "sesi.0"),
            ("sesi.0.edition", "sesi.2.edition"),
            ("sesi.1", "sesi.5"),
            ("present", "present"),
            ("id", WHOLE_FORM),
        ] {
            assert_eq!(placed(field), expected, "{field}");
        }
    }

    #[test]
    fn a_record_comes_back_from_its_form_unchanged() {
        let record: Pertemuan = serde_json::from_value(serde_json::json!({
            "kelompok": "OKI-1", "date": "2026-11-20", "kind": "terbatas",
            "sesi": [
                {"sesi": "sesi-a", "extent": "sebagian", "langkah": [1, 3], "source": {"edition": 2}},
                {"sesi": "sesi-b", "extent": "tuntas", "source": "buku_cetak"}
            ],
            "attendance": {"present": 20, "sick": 3, "absent": 2, "members": 25},
            "absent_seats": [4, 17], "start": "09:00:00", "end": "11:30:00", "discussion": true,
            "place": {"~": "balai desa"}, "speakers": [{"~": "bidan desa"}, {"~": "camat"}],
            "topics": [{"~": "judi daring"}], "obstacles": {"~": "hujan"}, "note": {"~": "lancar"}
        }))
        .unwrap();
        let parsed = parse(&Values::from_pairs(values_of(&record)), &record.kelompok);
        assert_eq!(parsed.errors, []);
        let input = parsed.input;
        assert_eq!(input.date, record.date);
        assert_eq!(input.kind, "terbatas");
        assert_eq!((input.present, input.sick, input.absent), (20, 3, 2));
        assert_eq!((input.members, input.absent_seats), (Some(25), vec![4, 17]));
        assert_eq!((input.start, input.end), (record.start, record.end));
        assert_eq!(input.speakers, ["bidan desa", "camat"]);
        assert_eq!(input.topics, ["judi daring"]);
        assert_eq!((input.obstacles.as_str(), input.note.as_str()), ("hujan", "lancar"));
        assert_eq!(input.discussion, Some(true));
        let taught: Vec<_> =
            input.sesi.iter().map(|one| (one.sesi.as_str(), one.extent, one.edition)).collect();
        assert_eq!(
            taught,
            [("sesi-a", Extent::Sebagian, Some(2)), ("sesi-b", Extent::Tuntas, Some(0))]
        );
        assert_eq!(input.sesi[0].langkah, [1, 3]);
    }
}
