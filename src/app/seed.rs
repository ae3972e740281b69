//! Enters the shipped curriculum into an empty data directory.

use crate::command::{Actor, Command, TextFacts};
use crate::curriculum::sesi::Sesi;
use crate::curriculum::shipped;
use crate::curriculum::skema::Skema;

use super::{App, OpenError};

/// What the state needs to know of a text.
#[must_use]
pub fn facts(
    sesi: &Sesi,
    id: &crate::curriculum::ids::SesiId,
    revision: crate::curriculum::ids::RevisionId,
) -> TextFacts {
    let minutes: u32 = sesi.langkah.iter().filter_map(|langkah| langkah.menit).sum();
    TextFacts {
        sesi: id.clone(),
        revision,
        langkah: u8::try_from(sesi.langkah.len().min(32)).unwrap_or(32),
        minutes: u16::try_from(minutes).unwrap_or(u16::MAX),
        title: sesi.title.clone(),
    }
}

/// Enters the shipped skema and texts that the store does not have yet.
///
/// # Errors
/// When a shipped file is not as it should be, or cannot be kept.
pub fn load_shipped(app: &App) -> Result<(), OpenError> {
    let wrong = |error: String| OpenError::Seed(error);
    let mut skema = Vec::new();
    let mut texts = Vec::new();
    for file in shipped::shipped_texts() {
        if file.is_skema() {
            let (parsed, problems) = Skema::parse(&file.text);
            skema.push(parsed.ok_or_else(|| wrong(format!("{}: {problems:?}", file.path)))?);
        } else {
            texts.push(file);
        }
    }
    skema.sort_by_key(|one| !one.default);
    for one in skema {
        let known = app.state().skema.iter().any(|old| old.id == one.id);
        if !known {
            run(app, Command::LoadSkema { skema: Box::new(one) })?;
        }
    }
    for file in texts {
        let (parsed, _) = Sesi::parse(&file.text);
        let Some(id) = parsed.front.id.clone() else {
            return Err(wrong(format!("{} tidak mempunyai id", file.path)));
        };
        if app.state().sesi(&id).is_some_and(|known| !known.editions.is_empty()) {
            continue;
        }
        let revision = app.texts().put(&file.text).map_err(|error| wrong(error.to_string()))?;
        run(app, Command::LoadEdition(Box::new(facts(&parsed, &id, revision))))?;
    }
    Ok(())
}

fn run(app: &App, command: Command) -> Result<(), OpenError> {
    let request =
        app.request(Actor::System, command).map_err(|error| OpenError::Seed(error.to_string()))?;
    app.submit_blocking(request).map_err(|error| OpenError::Seed(error.to_string()))?;
    Ok(())
}
