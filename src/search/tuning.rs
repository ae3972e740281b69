//! The weights of the ranking, and switches that turn its parts off for an evaluation.

/// What counts how much. The defaults are the product's; `docs/search-quality.md` says how they
/// were found and what each part is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// How soon more of the same word stops to help (the k1 of BM25).
    pub saturation: f32,
    /// How much a long section is held back, 0 to 1 (the b of BM25).
    pub length: f32,
    /// What another form of the typed word counts beside the typed form, 0 to 1.
    pub other_form: f32,
    /// What a word in a heading counts beside one in the text.
    pub heading: f32,
    /// What words count that stand near each other as in the query; 0 turns it off.
    pub nearness: f32,
    /// How much it counts that all words are there, 0 to 1.
    pub coverage: f32,
    /// What a word counts more that stands among the first of a section, where it says what it is about.
    pub early: f32,
    /// What a figure near a match counts where the query asks when or how much.
    pub figure: f32,
    /// The power to which the rarity of a word is raised; more than 1 favours rare words.
    pub rarity: f32,
    /// What a match in a title or another name counts.
    pub names: f32,
    /// What it counts that a name is named wholly.
    pub whole_name: f32,
    /// What a match anywhere in the text of the sesi counts.
    pub page: f32,
    /// What the second-best section adds to the best.
    pub second_section: f32,
    /// What a synonym counts beside the word itself, 0 to 1; 0 turns synonyms off.
    pub synonym: f32,
    /// What a corrected word counts beside a well-spelt one, 0 to 1; 0 turns correction off.
    pub correction: f32,
    /// What a function word counts in a query that has others, 0 to 1.
    pub function_word: f32,
    /// What a page of guidance counts beside a sesi, 0 to 1.
    pub guidance: f32,
    /// How many sections the index proposes.
    pub sections: usize,
    /// How many whole texts the index proposes.
    pub pages: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            saturation: 1.5,
            length: 0.7,
            other_form: 0.5,
            heading: 1.5,
            nearness: 0.1,
            coverage: 0.2,
            early: 1.2,
            figure: 2.0,
            rarity: 1.15,
            names: 1.2,
            whole_name: 0.6,
            page: 0.35,
            second_section: 0.15,
            synonym: 0.75,
            correction: 0.9,
            function_word: 0.0,
            guidance: 0.65,
            sections: 32,
            pages: 12,
        }
    }
}
