//! What is wrong with a text, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something worth a look; the text can be published.
    Warning,
    /// Something that must be mended before the text is published.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One finding in one file.
///
/// Its `Display` is the line that the command line prints, with the hint on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The name of the file as the caller gave it; empty while only one text is looked at.
    pub file: String,
    /// The line, counted from 1 in the whole file.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// How much it weighs.
    pub severity: Severity,
    /// A short fixed name of the kind of problem, for example `menit-tidak-cocok`.
    pub code: &'static str,
    /// What was found, in Indonesian.
    pub message: String,
    /// What to do, in Indonesian; may be empty.
    pub hint: String,
}

impl Problem {
    /// An error at a line, at its first column, without a hint.
    pub fn error(code: &'static str, line: u32, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, line, message.into())
    }

    /// A warning at a line, at its first column, without a hint.
    pub fn warning(code: &'static str, line: u32, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, line, message.into())
    }

    fn new(severity: Severity, code: &'static str, line: u32, message: String) -> Self {
        let line = line.max(1);
        Self { file: String::new(), line, column: 1, severity, code, message, hint: String::new() }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same at a line and column.
    #[must_use]
    pub fn at(mut self, (line, column): (u32, u32)) -> Self {
        self.line = line;
        self.column = column;
        self
    }

    /// The same in a file.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, severity, code, message, hint } = self;
        write!(f, "{file}:{line}:{column}: {severity}[{code}]: {message}")?;
        if hint.is_empty() { Ok(()) } else { write!(f, "\n  saran: {hint}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_one_line_and_a_hint() {
        let bare = Problem::error("menit-tidak-cocok", 7, "Jumlah menit langkah 95.");
        let full = bare.clone().in_file("a.md").at((9, 4)).hint("Ubah menjadi 95.");
        assert_eq!(bare.to_string(), ":7:1: error[menit-tidak-cocok]: Jumlah menit langkah 95.");
        assert_eq!(
            full.to_string(),
            "a.md:9:4: error[menit-tidak-cocok]: Jumlah menit langkah 95.\n  saran: Ubah menjadi 95."
        );
        assert_eq!(Problem::warning("x", 0, "y").line, 1, "lines count from 1");
    }

    #[test]
    fn a_problem_as_json_keeps_every_part() {
        let problem = Problem::warning("x", 2, "y").in_file("a.md");
        let json = serde_json::to_value(problem).unwrap();
        let expected = serde_json::json!({"file": "a.md", "line": 2, "column": 1,
            "severity": "warning", "code": "x", "message": "y", "hint": ""});
        assert_eq!(json, expected);
    }
}
