//! The search beside `SQLite`'s FTS5, at 300, 10,000 and 100,000 sections, in one run.
//!
//! Both hold the same sections, recombined from lines of the shipped curriculum, and answer the
//! same queries with their ten best: the product with its corrections, synonyms and own order,
//! FTS5 with an OR of the words ordered by bm25. The two take turns, round after round; what
//! counts is the median of the ratios. `cargo bench --bench search -- 10000` runs one size only.
//!
//! At 10,000 sections it goes on to what no sensible person types and machines do: the whole page
//! of results must come in under 100 ms, or say in a sentence why not.

use std::time::Instant;

use p2k2::curriculum::Part;
use p2k2::curriculum::shipped::shipped_texts;
use p2k2::search::{Collection, Index, Query, SearchDoc, SectionDoc};
use rusqlite::Connection;

const SIZES: [usize; 3] = [300, 10_000, 100_000];
const ROUNDS: usize = 7;
/// A sesi of the curriculum has about so many sections.
const SECTIONS_EACH: usize = 40;
/// A section has about so many lines.
const LINES_EACH: usize = 6;
/// At this size the odd queries are asked, too.
const ODD_AT: usize = 10_000;
const QUERIES: &str = include_str!("../tests/it/fixtures/field-queries.tsv");

fn main() {
    let only: Option<usize> = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let queries: Vec<&str> = QUERIES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next())
        .collect();
    print("sections  engine  build s  p50 us  p99 us  (medians of the rounds)");
    for size in SIZES.into_iter().filter(|size| only.is_none_or(|only| only == *size)) {
        compare(size, &queries);
    }
}

fn compare(size: usize, queries: &[&str]) {
    let collection = collection(size);
    let strange = (size == ODD_AT).then(|| odd_queries(&collection));
    let (sqlite, sqlite_s) = timed(|| fts5(&collection));
    let (index, index_s) = timed(|| Index::build(collection).expect("memory for the index"));
    let (mut ours, mut theirs, mut pages, mut starts) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        ours.push(quantiles(queries, |query| {
            index.rank(query, 10).expect("an index in memory").len()
        }));
        theirs.push(quantiles(queries, |query| fts5_rank(&sqlite, query)));
        let page = |query: &str| index.search(&Query::new(query)).expect("in memory").hits.len();
        pages.push(quantiles(queries, page));
        let start = |query: &str| index.suggest(query, 8).expect("in memory").len();
        starts.push(quantiles(queries, start));
    }
    let row = |engine: &str, build: f64, rounds: &[[f64; 2]]| {
        let [p50, p99] = [0, 1].map(|which| median(rounds.iter().map(|one| one[which])));
        print(&format!("{size:8}  {engine:14} {build:8.2} {p50:8.0} {p99:8.0}"));
    };
    row("p2k2 ranking", index_s, &ours);
    row("fts5 OR", sqlite_s, &theirs);
    row("p2k2 page", index_s, &pages);
    row("p2k2 suggest", index_s, &starts);
    for (which, name) in ["p50", "p99"].iter().enumerate() {
        let ratios: Vec<f64> =
            theirs.iter().zip(&ours).map(|(theirs, ours)| theirs[which] / ours[which]).collect();
        let (low, high) = ratios
            .iter()
            .fold((f64::MAX, 0.0_f64), |(low, high), one| (low.min(*one), high.max(*one)));
        let middle = median(ratios.iter().copied());
        print(&format!("{size:8}  fts5 / ranking, {name}: {middle:.1} ({low:.1} to {high:.1})"));
    }
    if let Some(strange) = strange {
        odd(&index, strange);
    }
}

/// What is no sensible query, by name.
fn odd_queries(collection: &Collection) -> Vec<(&'static str, String)> {
    let lines = collection.docs.iter().flat_map(|doc| &doc.sections).map(|one| one.text.as_str());
    let prose: String = lines.take(40).collect::<Vec<_>>().join(" ");
    let head = |bytes: usize| prose[..prose.floor_char_boundary(bytes)].to_owned();
    let words: Vec<&str> = prose.split_whitespace().take(500).collect();
    // Words that no text has, each of which is measured against all that are like it.
    let slip = |word: &&str| word.chars().rev().collect::<String>();
    let slips: Vec<String> = words.iter().map(slip).collect();
    vec![
        ("10 KB of prose", head(10_000)),
        ("500 words", words.join(" ")),
        ("500 words that no text has", slips.join(" ")),
        (
            "24 letters, one word of each",
            (b'a'..=b'x').map(|c| format!("{} ", c as char)).collect(),
        ),
        ("one word of 10 KB", "a".repeat(10_000)),
        ("one word of 1 KB, unlike letters", "pendampingkeluarga".repeat(56)),
        ("only punctuation", "?!.,;:()[]{}/\\|+-*=~^%$#@&_<>'\"".repeat(30)),
        ("only words that hold a sentence", "yang di ke dari dan atau itu ini untuk ".repeat(25)),
        (
            "control characters",
            "imunisasi\u{1}\u{2}\u{7}\u{8}\u{1b}[31m anak\u{7f}\r\n\t".repeat(20),
        ),
        (
            "right-to-left marks",
            "\u{202e}isasinumi\u{202c} \u{200f}anak\u{2066}\u{2069} ".repeat(20),
        ),
        ("another script", "تطعيم الأطفال 子どもの予防接種 ".repeat(16)),
        ("emoji", "👶🏽💉👨‍👩‍👧‍👦 ".repeat(40)),
        ("regular expression", "(a+)+$ .*{1,9999}[^\\w]?(?=x) ^((.*)*)*$".to_owned()),
        (
            "words of a query language",
            "judul:anak~2 AND (isi:\"gizi\"^4 OR NOT *:*) [a TO z] /x.*/".to_owned(),
        ),
        ("an open quote", "\"cuci tangan pakai sabun".to_owned()),
        ("500 quotes", "\"a\" \"".repeat(166)),
        ("a long phrase in quotes", format!("\"{}\"", head(900))),
        ("NUL", "anak\0gizi\0".repeat(50)),
        (
            "bytes that are no UTF-8",
            String::from_utf8_lossy(&[0xff, 0xc3, 0x28, b'a'].repeat(80)).into(),
        ),
        ("letters with 50 accents", format!("a{}", "\u{301}".repeat(50)).repeat(9)),
        (
            "the commonest words",
            "anak ibu keluarga rumah bayi orang makan bantu sama bulan main".to_owned(),
        ),
        ("nothing", String::new()),
    ]
}

/// Asks each odd query some times for its whole page.
fn odd(index: &Index, queries: Vec<(&'static str, String)>) {
    for (name, text) in queries {
        let page = || index.search(&Query::new(text.as_str())).expect("in memory").hits.len();
        let mut times: Vec<f64> = (0..ROUNDS).map(|_| timed(page).1 * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let (middle, most) = (times[ROUNDS / 2], times[ROUNDS - 1]);
        print(&format!("{name:34} {:6} bytes {middle:8.2} ms, at most {most:8.2}", text.len()));
    }
}

/// The middle and the slowest but one in a hundred, in microseconds.
fn quantiles(queries: &[&str], answer: impl Fn(&str) -> usize) -> [f64; 2] {
    let one = |query: &&str| timed(|| std::hint::black_box(answer(query))).1 * 1e6;
    let mut times: Vec<f64> = queries.iter().map(one).collect();
    times.sort_by(f64::total_cmp);
    [0.5, 0.99].map(|share| times[((times.len() - 1) as f64 * share).round() as usize])
}

fn collection(size: usize) -> Collection {
    let shipped = Collection::of_texts(&shipped_texts());
    let sections = shipped.docs.iter().flat_map(|doc| &doc.sections);
    let lines: Vec<&str> = sections.clone().flat_map(|section| section.text.lines()).collect();
    let headings: Vec<&str> = sections.map(|section| section.heading.as_str()).collect();
    // A fixed sequence, so that every run searches the same texts.
    let mut state = 7_u64;
    let mut draw = move |many: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % many
    };
    let mut section = |at: usize| {
        let text: Vec<&str> = (0..LINES_EACH).map(|_| lines[draw(lines.len())]).collect();
        SectionDoc {
            anchor: format!("bagian-{at}"),
            heading: headings[draw(headings.len())].to_owned(),
            part: Part::BahanBacaan,
            text: text.join("\n"),
        }
    };
    let docs = (0..size.div_ceil(SECTIONS_EACH)).map(|number| {
        let like = &shipped.docs[number % shipped.docs.len()];
        let many = SECTIONS_EACH.min(size - number * SECTIONS_EACH);
        SearchDoc {
            sesi: format!("sesi-{number}").parse().expect("a plain id"),
            sections: (0..many).map(&mut section).collect(),
            ..like.clone()
        }
    });
    Collection {
        docs: docs.collect(),
        skema: shipped.skema.clone(),
        synonyms: shipped.synonyms.clone(),
    }
}

fn fts5(collection: &Collection) -> Connection {
    let connection = Connection::open_in_memory().expect("SQLite in memory");
    connection
        .execute_batch("CREATE VIRTUAL TABLE bagian USING fts5(judul, isi); BEGIN;")
        .expect("FTS5 is built in");
    {
        let mut insert = connection
            .prepare("INSERT INTO bagian (judul, isi) VALUES (?1, ?2)")
            .expect("a sound statement");
        for section in collection.docs.iter().flat_map(|doc| &doc.sections) {
            insert.execute((&section.heading, &section.text)).expect("room in memory");
        }
    }
    connection.execute_batch("COMMIT;").expect("a sound statement");
    connection
}

fn fts5_rank(connection: &Connection, query: &str) -> usize {
    let words = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    let mut select = connection
        .prepare_cached("SELECT rowid FROM bagian WHERE bagian MATCH ?1 ORDER BY rank LIMIT 10")
        .expect("a sound statement");
    let rows = select.query_map([words.join(" OR ")], |row| row.get::<_, i64>(0));
    rows.expect("quoted words").count()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed().as_secs_f64())
}

#[expect(clippy::print_stdout, reason = "the table is what the benchmark is for")]
fn print(line: &str) {
    println!("{line}");
}
