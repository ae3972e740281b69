//! Measures the search on a set of questions with known answers.
//!
//! `eval_search CORPUS.jsonl QUERIES.jsonl QRELS.tsv` indexes `{"id","title","text"}` lines with
//! the product's own analyzer and ranking and prints one JSON line. With `--parts` it goes on to
//! turn off one part of the ranking after the other and prints what each is worth, with a 95 %
//! interval by paired bootstrap over the queries.
//!
//! `eval_search --field QUERIES.tsv` asks the shipped curriculum instead and says how many queries
//! have a right sesi among the first three, with and without the keywords of the front matter.

use std::collections::HashMap;
use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use p2k2::curriculum::Part;
use p2k2::curriculum::shipped::shipped_texts;
use p2k2::search::{Collection, Index, Query, SearchDoc, SectionDoc, Tuning};
use serde_json::{Value, json};

/// Only so many hits count.
const DEPTH: usize = 10;
/// How often the queries are drawn again for an interval.
const DRAWS: usize = 2_000;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--field", queries] => field(queries),
        [corpus, queries, qrels] => questions([corpus, queries, qrels], false),
        ["--parts", corpus, queries, qrels] => questions([corpus, queries, qrels], true),
        _ => bail!("usage: eval_search [--parts] CORPUS QUERIES QRELS | --field QUERIES"),
    }
}

/// A query and the grades of the documents that answer it, by their place in the corpus.
struct Judged {
    text: String,
    grades: HashMap<usize, f64>,
}

/// What one query scored: nDCG, reciprocal rank, recall.
type Scores = [f64; 3];

fn questions([corpus, queries, qrels]: [&str; 3], parts: bool) -> Result<()> {
    let (ids, docs) = read_corpus(corpus)?;
    let judged = read_judged(queries, qrels, &ids)?;
    if judged.is_empty() {
        bail!("no query has a relevant document in the corpus");
    }
    let synonyms = Collection::of_texts(&shipped_texts()).synonyms;
    let start = now();
    let index = Index::build(Collection { docs, skema: Vec::new(), synonyms })?;
    let index_s = start.elapsed().as_secs_f64();
    let (scores, mut times) = run(&index, &judged)?;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let [ndcg, mrr, recall] = [0, 1, 2].map(|which| mean(scores.iter().map(|one| one[which])));
    print(&json!({
        "nDCG@10": ndcg, "MRR@10": mrr, "R@10": recall,
        "p50_us": at(0.5), "p99_us": at(0.99), "index_s": index_s,
    }));
    if parts {
        for (name, tuning) in variants() {
            let (other, _) = run(&index.retuned(tuning), &judged)?;
            let ndcg = mean(other.iter().map(|one| one[0]));
            let worth: Vec<f64> = scores.iter().zip(&other).map(|(a, b)| a[0] - b[0]).collect();
            let [low, high] = interval(&worth);
            print(&json!({
                "without": name, "nDCG@10": ndcg, "worth": mean(worth.iter().copied()),
                "from": low, "to": high,
            }));
        }
    }
    Ok(())
}

/// The ranking with one part turned off.
fn variants() -> Vec<(&'static str, Tuning)> {
    let product = Tuning::default();
    vec![
        ("typed form before other forms", Tuning { other_form: 1.0, ..product }),
        ("nearness", Tuning { nearness: 0.0, ..product }),
        ("coverage", Tuning { coverage: 0.0, ..product }),
        ("early words", Tuning { early: 0.0, ..product }),
        ("figures", Tuning { figure: 0.0, ..product }),
        ("rarity", Tuning { rarity: 1.0, ..product }),
        ("synonyms", Tuning { synonym: 0.0, ..product }),
        ("correction", Tuning { correction: 0.0, ..product }),
        ("dropping function words", Tuning { function_word: 1.0, ..product }),
    ]
}

fn run(index: &Index, judged: &[Judged]) -> Result<(Vec<Scores>, Vec<f64>)> {
    let (mut scores, mut times) = (Vec::new(), Vec::new());
    for query in judged {
        let start = now();
        let found = index.rank(&query.text, DEPTH)?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
        let places = found.iter().filter_map(|(id, _)| id.as_str().parse::<usize>().ok());
        scores.push(score(&query.grades, places));
    }
    Ok((scores, times))
}

fn score(grades: &HashMap<usize, f64>, found: impl Iterator<Item = usize>) -> Scores {
    let discount = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
    let (mut gain, mut reciprocal, mut hits) = (0.0, 0.0, 0.0);
    for (rank, place) in found.take(DEPTH).enumerate() {
        if let Some(grade) = grades.get(&place) {
            gain += grade * discount(rank);
            hits += 1.0;
            if reciprocal == 0.0 {
                reciprocal = 1.0 / (rank + 1) as f64;
            }
        }
    }
    let mut best: Vec<f64> = grades.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let ideal: f64 = best.iter().take(DEPTH).enumerate().map(|(at, g)| g * discount(at)).sum();
    [gain / ideal, reciprocal, hits / grades.len() as f64]
}

fn read_corpus(path: &str) -> Result<(HashMap<String, usize>, Vec<SearchDoc>)> {
    let mut ids = HashMap::new();
    let mut docs = Vec::new();
    for line in lines(path)? {
        let text = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        // The index wants ids of its own form, so the place in the corpus stands for the document.
        let place = docs.len();
        ids.insert(id(&line), place);
        let section = SectionDoc {
            anchor: String::new(),
            heading: String::new(),
            part: Part::Lain,
            text: text("text"),
        };
        docs.push(SearchDoc {
            sesi: place.to_string().parse()?,
            places: Vec::new(),
            title: text("title"),
            aliases: Vec::new(),
            keywords: Vec::new(),
            audience: Vec::new(),
            minutes: None,
            live: true,
            edition: 1,
            sections: vec![section],
        });
    }
    Ok((ids, docs))
}

fn read_judged(queries: &str, qrels: &str, ids: &HashMap<String, usize>) -> Result<Vec<Judged>> {
    let mut grades: HashMap<String, HashMap<usize, f64>> = HashMap::new();
    for line in fs::read_to_string(qrels).context(qrels.to_owned())?.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [query, doc, grade, ..] = fields.as_slice() else { continue };
        let (Ok(grade), Some(place)) = (grade.trim().parse::<f64>(), ids.get(*doc)) else {
            continue;
        };
        if grade > 0.0 {
            grades.entry((*query).to_owned()).or_default().insert(*place, grade);
        }
    }
    let judged = lines(queries)?.into_iter().filter_map(|line| {
        let text = line.get("text")?.as_str()?.to_owned();
        Some(Judged { text, grades: grades.get(&id(&line))?.clone() })
    });
    Ok(judged.collect())
}

fn lines(path: &str) -> Result<Vec<Value>> {
    let text = fs::read_to_string(path).context(path.to_owned())?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn id(line: &Value) -> String {
    match line.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn field(path: &str) -> Result<()> {
    let text = fs::read_to_string(path).context(path.to_owned())?;
    for keywords in [true, false] {
        let mut collection = Collection::of_texts(&shipped_texts());
        if !keywords {
            collection.docs.iter_mut().for_each(|doc| doc.keywords.clear());
        }
        let index = Index::build(collection)?;
        let (mut asked, mut first, mut third, mut missed) = (0, 0, 0, Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((query, right)) = line.split_once('\t') else { continue };
            let right: Vec<&str> = right.split('|').collect();
            let hits = index.search(&Query::new(query))?.hits;
            let rank = hits.iter().position(|hit| right.contains(&hit.sesi.as_str()));
            asked += 1;
            first += usize::from(rank == Some(0));
            third += usize::from(rank.is_some_and(|rank| rank < 3));
            if rank.is_none_or(|rank| rank >= 3) {
                missed.push(query.to_owned());
            }
        }
        print(&json!({
            "keywords": keywords, "queries": asked, "first": first, "first_three": third,
            "missed": missed,
        }));
    }
    Ok(())
}

/// Where the mean lies in 95 of 100 draws of as many queries.
fn interval(values: &[f64]) -> [f64; 2] {
    // A fixed sequence, so that the same figures give the same interval.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        values[(state >> 33) as usize % values.len()]
    };
    let mut means: Vec<f64> = (0..DRAWS).map(|_| mean((0..values.len()).map(|_| draw()))).collect();
    means.sort_by(f64::total_cmp);
    [means[DRAWS / 40], means[DRAWS - 1 - DRAWS / 40]]
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "the figures are what the program is for")]
fn print(line: &Value) {
    println!("{line}");
}
