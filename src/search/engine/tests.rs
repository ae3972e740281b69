//! The best records against the engine's own slow union of the same words.

use std::collections::BTreeSet;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::curriculum::Part;

use super::super::doc::{SearchDoc, SectionDoc};
use super::super::entry::Entry;
use super::super::vocab::Vocab;
use super::{Engine, Filter, Wanted, filter_value};

/// A fixed sequence, so that every run sees the same texts.
struct Draw(u64);

impl Draw {
    fn below(&mut self, many: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % many
    }

    /// One of 60 words, the first ones in most sections and the last in few.
    fn word(&mut self) -> String {
        let range = 1 + self.below(60);
        word(self.below(range))
    }
}

fn word(number: u64) -> String {
    let letter = |digit: u64| char::from(b'b' + (digit % 8) as u8);
    format!("x{}{}q", letter(number / 8), letter(number))
}

fn doc(draw: &mut Draw, number: u32) -> SearchDoc {
    let mut section = |at: u64| {
        let words: Vec<String> = (0..3 + draw.below(30)).map(|_| draw.word()).collect();
        SectionDoc {
            anchor: format!("b{at}"),
            heading: draw.word(),
            part: if draw.below(3) == 0 { Part::Tujuan } else { Part::BahanBacaan },
            text: words.join(" "),
        }
    };
    SearchDoc {
        sesi: format!("s-{number}").parse().expect("a plain id"),
        places: Vec::new(),
        title: word(u64::from(number) % 60),
        aliases: Vec::new(),
        keywords: Vec::new(),
        audience: vec![["ibu", "bapak"][number as usize % 2].to_owned()],
        minutes: None,
        live: true,
        edition: 1,
        sections: (0..1 + u64::from(number) % 25).map(&mut section).collect(),
    }
}

/// Scores of the best by the engine's own means.
fn slow(searcher: &Searcher, words: &[(Field, &Wanted<'_>)], must: &[(Field, &str)]) -> Vec<f32> {
    let term = |field: Field, text: &str, option: IndexRecordOption| {
        Box::new(TermQuery::new(Term::from_field_text(field, text), option))
    };
    let should = words.iter().map(|(field, one)| {
        let query = term(*field, one.stem, IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(query, one.weight)) as Box<dyn Query>)
    });
    let words: Box<dyn Query> = Box::new(BooleanQuery::new(should.collect()));
    let mut clauses = vec![(Occur::Must, words)];
    clauses.extend(must.iter().map(|(field, text)| {
        let query = term(*field, text, IndexRecordOption::Basic);
        (Occur::Must, Box::new(ConstScoreQuery::new(query, 0.0)) as Box<dyn Query>)
    }));
    let top = TopDocs::with_limit(LIMIT).order_by_score();
    let found = searcher.search(&BooleanQuery::new(clauses), &top).expect("an index in memory");
    found.into_iter().map(|(score, _)| score).collect()
}

const LIMIT: usize = 20;

fn assert_same(ours: &[f32], theirs: &[f32], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        // Sums of floats in another order.
        assert!((ours - theirs).abs() < 1e-4 * theirs.max(1.0), "{what}: {ours} for {theirs}");
    }
}

/// Checks some queries of one to nine words, with and without what must hold.
fn check(engine: &Engine, draw: &mut Draw) {
    let (fields, searcher) = (engine.fields, &engine.view.searcher);
    for round in 0..27_u64 {
        let words: BTreeSet<String> = (0..1 + round % 9).map(|_| word(draw.below(62))).collect();
        let weights = [1.0, 0.75, 0.29];
        let wanted: Vec<Wanted<'_>> = words
            .iter()
            .map(|stem| Wanted { stem, weight: weights[draw.below(3) as usize] })
            .collect();
        let (part, who) = (filter_value("bagian", Part::Tujuan.anchor()), "sasaran:ibu".to_owned());
        let rare = word(draw.below(60));
        for (values, stems) in [
            (vec![], vec![]),
            (vec![part.clone()], vec![]),
            (vec![part, who.clone()], vec![rare.clone()]),
            (vec![who], vec![]),
        ] {
            let mut must: Vec<(Field, &str)> = Vec::new();
            must.extend(values.iter().map(|value| (fields.facet, value.as_str())));
            must.extend(stems.iter().map(|stem| (fields.section, stem.as_str())));
            let filter = Filter { values: values.clone(), stems: stems.clone() };
            let what = format!("{words:?} {filter:?}");

            let found = engine.sections(&wanted, &filter, LIMIT).expect("in memory");
            let ours: Vec<f32> = found.iter().map(|(score, _)| *score).collect();
            let of: Vec<_> = wanted.iter().map(|one| (fields.section, one)).collect();
            assert_same(&ours, &slow(searcher, &of, &must), &what);

            let found = engine.pages(&wanted, &filter, LIMIT).expect("in memory");
            let ours: Vec<f32> = found.iter().map(|(score, _)| *score).collect();
            let both = [fields.page, fields.names];
            let of: Vec<_> =
                both.iter().flat_map(|field| wanted.iter().map(|one| (*field, one))).collect();
            assert_same(&ours, &slow(searcher, &of, &must), &what);
        }
    }
}

#[test]
fn the_best_records_are_those_of_the_engines_own_union() {
    let (mut draw, mut vocab) = (Draw(11), Vocab::default());
    let mut read = |draw: &mut Draw, numbers: std::ops::Range<u32>| -> Vec<(u32, Entry)> {
        numbers.map(|number| (number, Entry::read(doc(draw, number), &mut vocab))).collect()
    };
    // Three windows of records in the first segment, and a few in two more.
    let runs = [read(&mut draw, 0..800), read(&mut draw, 800..880), read(&mut draw, 880..884)];
    let mut engine = Engine::in_memory().expect("memory");
    check(&engine, &mut draw);
    for (run, gone) in runs.iter().zip([&[][..], &[3, 77, 512], &[0, 801, 879]]) {
        let new = run.iter().map(|(number, entry)| (*number, entry));
        engine = engine.changed(gone, new, &vocab, "").expect("memory");
        check(&engine, &mut draw);
    }
}
