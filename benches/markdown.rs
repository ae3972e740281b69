//! A sesi's markdown as safe HTML with its outline, beside the plain parser and writer that it is
//! made with.
//!
//! Both go over every text that comes with the program, alternately; what counts is the median of
//! the ratios of the pairs.
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use p2k2::curriculum::markdown::render;
use p2k2::curriculum::shipped::shipped_texts;
use pulldown_cmark::{Options, Parser, html};

/// How many pairs are measured, after one to warm up.
const PAIRS: usize = 31;
/// How often each goes over all texts in one measurement.
const ROUNDS: usize = 5;

#[expect(clippy::disallowed_methods, reason = "a bench is about the time that passes")]
fn now() -> Instant {
    Instant::now()
}

fn median(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}

/// The time of so many rounds.
fn time(mut round: impl FnMut()) -> Duration {
    let start = now();
    (0..ROUNDS).for_each(|_| round());
    start.elapsed()
}

/// What the plain parser reads: a front matter is not markdown.
fn body(text: &str) -> &str {
    let end = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    end.map_or(text, |(_, body)| body)
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3 / 2);
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    html::push_html(&mut out, Parser::new_ext(text, options));
    out
}

fn main() {
    let texts: Vec<String> = shipped_texts()
        .into_iter()
        .filter(|one| !one.is_skema() && one.text.len() > 10_000)
        .map(|one| one.text)
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    for text in &texts {
        let (ours, theirs) = (render(text), plain(body(text)));
        let headings = theirs.matches("<h").count() - theirs.matches("<hr").count();
        assert!(ours.problems.is_empty() && !ours.outline.is_empty());
        // Both made the same headings of it.
        assert_eq!(ours.html.as_str().matches(" id=\"").count(), headings);
    }
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=PAIRS {
        let subject = time(|| texts.iter().for_each(|text| drop(black_box(render(text)))));
        let reference = time(|| texts.iter().for_each(|text| drop(black_box(plain(body(text))))));
        if pair > 0 {
            ours.push(subject.as_secs_f64());
            theirs.push(reference.as_secs_f64());
            ratios.push(subject.as_secs_f64() / reference.as_secs_f64());
        }
    }
    let pace = |times| (bytes * ROUNDS) as f64 / 1e6 / median(times).1;
    let (least, middle, most) = median(ratios);
    println!("{} texts, {} KB, {PAIRS} pairs", texts.len(), bytes / 1024);
    println!();
    println!(
        "| markdown to HTML | MB/s | plain pulldown-cmark, MB/s | times as long | least to greatest |"
    );
    println!("|---|---|---|---|---|");
    println!(
        "| every sesi, safe, with outline | {:.0} | {:.0} | {middle:.2}x | {least:.2}x to {most:.2}x |",
        pace(ours),
        pace(theirs)
    );
}
