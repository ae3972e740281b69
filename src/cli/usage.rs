//! What is said when a command line cannot be understood, and the help, in Indonesian: the library
//! that reads the command line speaks English.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Words of the library's help and what stands there instead.
const WORDS: [(&str, &str); 13] = [
    ("Usage:", "Pemakaian:"),
    ("Commands:", "Perintah:"),
    ("Options:", "Pilihan:"),
    ("Arguments:", "Isian:"),
    ("[OPTIONS]", "[PILIHAN]"),
    ("<COMMAND>", "<PERINTAH>"),
    ("Print help (see more with '--help')", "Tampilkan cara pakai"),
    ("Print help (see a summary with '-h')", "Tampilkan cara pakai"),
    ("Print help", "Tampilkan cara pakai"),
    ("Print version", "Tampilkan versi"),
    ("[default: ", "[bawaan: "),
    ("[possible values: ", "[boleh: "),
    ("[env: ", "[variabel: "),
];

/// The help in Indonesian.
pub(super) fn help(error: &clap::Error) -> String {
    WORDS.iter().fold(error.to_string(), |text, (from, to)| text.replace(from, to))
}

/// What is wrong with the command line, in a sentence, and where to read how it goes.
pub(super) fn sentence(error: &clap::Error) -> String {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (argument, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    let wrong = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!(
                "Perintah \u{201c}{}\u{201d} tidak dikenal.",
                said(ContextKind::InvalidSubcommand)
            )
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "Sebutkan perintahnya.".to_owned()
        }
        ErrorKind::UnknownArgument => format!("\u{201c}{argument}\u{201d} tidak dikenal di sini."),
        ErrorKind::MissingRequiredArgument => format!("{argument} belum disebut."),
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg);
            if other.is_empty() || other == argument {
                format!("{argument} disebut dua kali.")
            } else {
                format!("{argument} tidak dapat dipakai bersama {other}.")
            }
        }
        ErrorKind::InvalidUtf8 => "Perintah ini memuat huruf yang bukan UTF-8.".to_owned(),
        _ if value.is_empty() && !argument.is_empty() => format!("{argument} memerlukan nilai."),
        _ if argument.is_empty() => "Perintah ini tidak dapat dibaca.".to_owned(),
        _ => format!("Nilai \u{201c}{value}\u{201d} tidak dapat dipakai untuk {argument}."),
    };
    let mut text = wrong;
    let valid = said(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&format!(" Yang boleh: {valid}."));
    }
    let near =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near = near.into_iter().map(said).find(|text| !text.is_empty());
    if let Some(near) = near {
        text.push_str(&format!(" Mungkin maksud Anda {}.", near.replace(", ", " atau ")));
    }
    text.push_str(" Cara pakainya: p2k2 --help");
    text
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_mistake_is_told_in_indonesian() {
        for (line, words) in [
            ("p2k2", "Sebutkan perintahnya."),
            ("p2k2 sajikan", "Perintah \u{201c}sajikan\u{201d} tidak dikenal."),
            ("p2k2 impor", "Mungkin maksud Anda"),
            ("p2k2 serve --porta 1", "\u{201c}--porta\u{201d} tidak dikenal di sini."),
            ("p2k2 serve --listen", "memerlukan nilai."),
            (
                "p2k2 serve --listen rumah",
                "Nilai \u{201c}rumah\u{201d} tidak dapat dipakai untuk --listen",
            ),
            ("p2k2 import", "belum disebut."),
            ("p2k2 import orang x.csv", "Yang boleh: wilayah, "),
            ("p2k2 demo --seed satu", "Nilai \u{201c}satu\u{201d} tidak dapat dipakai"),
            ("p2k2 import wilayah a.csv --edisi 2026", "--berlaku"),
        ] {
            let error = Cli::try_parse_from(line.split(' ')).err().unwrap();
            let text = sentence(&error);
            assert!(text.contains(words), "{line}: {text}");
            for english in ["error", "Usage", "invalid", "required", "tip:"] {
                assert!(!text.contains(english), "{line}: {text}");
            }
        }
        for line in ["p2k2 --help", "p2k2 import --help", "p2k2 serve -h"] {
            let error = Cli::try_parse_from(line.split(' ')).err().unwrap();
            let text = help(&error);
            assert!(text.contains("Pemakaian:") && text.contains("cara pakai"), "{text}");
            for english in ["Usage", "Options", "Commands", "Arguments", "Print", "default"] {
                assert!(!text.contains(english), "{line}: {english}: {text}");
            }
        }
    }
}
