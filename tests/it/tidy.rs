//! Rules of the source itself: which module may know which, where engines are named, how long files
//! are, and that ARCHITECTURE.md speaks of things that exist.

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in layers; a module may use those of its line and its own folder only. They stand in
/// earlier layers but for two: a command may be an import, whose rows `decide` describes, and made-up
/// data is written and read as the files that `transfer` knows.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("private", &[]),
    ("bahasa", &[]),
    ("curriculum", &["bahasa"]),
    ("bytes", &[]),
    ("kelompok", &["bytes", "ids", "private", "bahasa", "curriculum"]),
    ("people", &["ids", "private", "kelompok"]),
    ("event", &["ids", "private", "curriculum", "kelompok", "people"]),
    ("command", &["ids", "curriculum", "kelompok", "people", "event", "decide"]),
    ("state", &["bytes", "ids", "private", "curriculum", "kelompok", "people", "event"]),
    (
        "decide",
        &[
            "ids",
            "private",
            "bahasa",
            "curriculum",
            "kelompok",
            "people",
            "event",
            "state",
            "command",
        ],
    ),
    (
        "demo",
        &[
            "transfer",
            "ids",
            "bahasa",
            "curriculum",
            "kelompok",
            "people",
            "event",
            "command",
            "decide",
            "state",
        ],
    ),
    ("journal", &["private"]),
    ("index", &["ids", "private", "kelompok", "event", "journal", "state"]),
    ("search", &["ids", "bahasa", "curriculum"]),
    ("print", &["ids", "bahasa", "curriculum", "kelompok"]),
    (
        "transfer",
        &[
            "ids",
            "private",
            "bahasa",
            "curriculum",
            "kelompok",
            "people",
            "event",
            "command",
            "decide",
            "state",
        ],
    ),
    ("clock", &[]),
    ("config", &[]),
    (
        "app",
        &[
            "clock",
            "ids",
            "private",
            "curriculum",
            "kelompok",
            "people",
            "event",
            "command",
            "decide",
            "state",
            "journal",
            "index",
            "search",
            "transfer",
        ],
    ),
    (
        "ops",
        &[
            "ids", "bahasa", "kelompok", "people", "event", "command", "decide", "state", "search",
            "transfer", "app",
        ],
    ),
    (
        "web",
        &[
            "clock",
            "config",
            "ids",
            "private",
            "bahasa",
            "curriculum",
            "kelompok",
            "people",
            "event",
            "command",
            "decide",
            "state",
            "journal",
            "index",
            "search",
            "print",
            "transfer",
            "app",
            "ops",
        ],
    ),
    (
        "cli",
        &[
            "clock",
            "config",
            "ids",
            "bahasa",
            "curriculum",
            "kelompok",
            "people",
            "event",
            "command",
            "decide",
            "demo",
            "journal",
            "app",
            "ops",
            "web",
        ],
    ),
];

/// Crates that belong to one folder.
const ENGINES: &[(&str, &str)] = &[
    ("sled", "src/index/"),
    ("tantivy", "src/search/"),
    ("typst", "src/print/"),
    ("comemo", "src/print/"),
    ("calamine", "src/transfer/"),
    ("rust_xlsxwriter", "src/transfer/"),
    ("pulldown_cmark", "src/curriculum/"),
];

/// Longer files are more than one thing.
const MAX_LINES: usize = 520;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    found.into_iter().map(|path| (name(&path), fs::read_to_string(path).unwrap())).collect()
}

/// The lines of code: comments, and the tests that stand at the end of a file, left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or("")
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

fn is_test(name: &str) -> bool {
    name.ends_with("_tests.rs") || name.ends_with("/tests.rs")
}

fn uses(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").map(|(at, word)| {
        let rest = &line[at + word.len()..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        rest[..end.unwrap_or(rest.len())].trim_end_matches(':')
    })
}

#[test]
fn arrows_between_modules_run_one_way() {
    let mut wrong = Vec::new();
    for (name, text) in sources("src") {
        let module = name["src/".len()..].split(['/', '.']).next().unwrap_or("");
        if ["main", "lib"].contains(&module) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(of, _)| *of == module) else {
            panic!("{module} has no line in MAY_USE");
        };
        if is_test(&name) {
            continue;
        }
        for line in code(&text) {
            for path in uses(line) {
                let fits = path.starts_with(module)
                    || allowed
                        .iter()
                        .any(|other| path == *other || path.starts_with(&format!("{other}::")));
                if !fits {
                    wrong.push(format!("{name}: {module} -> {path}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that run the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn each_engine_is_named_in_one_folder() {
    for (engine, folder) in ENGINES {
        for (name, text) in sources("src") {
            let named = code(&text).any(|line| line.contains(&format!("{engine}::")));
            assert!(!named || name.starts_with(folder), "{name} names {engine}");
        }
    }
}

#[test]
fn the_domain_knows_no_clock_no_disk_and_no_web() {
    let pure =
        ["bahasa", "curriculum", "kelompok", "people", "state", "decide", "event", "command"];
    for (name, text) in sources("src") {
        let module = name["src/".len()..].split(['/', '.']).next().unwrap_or("");
        if !pure.contains(&module) {
            continue;
        }
        for word in
            ["std::fs", "std::net", "SystemTime", "Instant", "axum::", "tokio::", "getrandom"]
        {
            assert!(!code(&text).any(|line| line.contains(word)), "{name} names {word}");
        }
    }
}

#[test]
fn files_are_one_thing_each() {
    for (name, text) in sources("src") {
        let lines = text.lines().count();
        assert!(lines <= MAX_LINES, "{name} has {lines} lines; is it one thing?");
    }
}

#[test]
fn the_entry_is_thin() {
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.lines().count() <= 40);
}

#[test]
fn architecture_speaks_of_what_exists() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let all: Vec<(String, String)> = sources("src");
    let mut checked = 0;
    for quoted in text.split('`').skip(1).step_by(2) {
        let path = quoted.trim_end_matches('/');
        if path.starts_with("src/") || path.starts_with("tests/") || path.starts_with("docs/") {
            assert!(
                root().join(path).exists(),
                "ARCHITECTURE.md names {quoted}, which is not there"
            );
            checked += 1;
        } else if let Some((_, item)) = quoted.rsplit_once("::") {
            let item = item.trim_end_matches("()");
            let known = all.iter().any(|(_, source)| {
                ["fn ", "struct ", "enum ", "trait ", "mod ", "const ", "type "]
                    .iter()
                    .any(|kind| source.contains(&format!("{kind}{item}")))
                    || source.contains(&format!("    {item}"))
            });
            assert!(known, "ARCHITECTURE.md names {quoted}, which is not there");
            checked += 1;
        }
    }
    assert!(checked >= 20, "ARCHITECTURE.md names only {checked} things; is it still true?");
}

#[test]
fn no_test_sleeps_and_none_is_ignored() {
    let sleep = concat!("sle", "ep(");
    let ignored = concat!("#[ig", "nore");
    for (name, text) in sources("tests").into_iter().chain(sources("src")) {
        // These two rest between tries, outside any test: for a handle that is free again, and for
        // an engine's threads to end.
        if ["src/web/serve.rs", "src/index/store.rs"].contains(&name.as_str()) {
            continue;
        }
        assert!(!text.contains(sleep) && !text.contains(ignored), "{name} sleeps or is ignored");
    }
}
