//! What stands beside the program in an archive: completions and manual pages, which the program itself prints.

use std::path::Path;

use super::build::says;
use crate::Outcome;

/// Shells with the names that their completions have by custom.
const SHELLS: [(&str, &str); 5] = [
    ("bash", "uvshift.bash"),
    ("zsh", "_uvshift"),
    ("fish", "uvshift.fish"),
    ("powershell", "_uvshift.ps1"),
    ("elvish", "uvshift.elv"),
];

/// A file of the archive: its path and what is in it.
pub(super) type Extra = (String, String);

/// Completions and manual pages.
pub(super) fn extras(program: &Path) -> Outcome<Vec<Extra>> {
    let mut extras = Vec::new();
    for (shell, file) in SHELLS {
        extras.push((format!("completions/{file}"), says(program, &["completions", shell])?));
    }
    let pages = says(program, &["man", "--list"])?;
    if pages.trim().is_empty() {
        return Err("dist: the program lists no manual pages".to_owned());
    }
    for page in pages.lines() {
        let words: Vec<&str> = std::iter::once("man").chain(page.split(' ').skip(1)).collect();
        extras.push((format!("man/{}.1", page.replace(' ', "-")), says(program, &words)?));
    }
    Ok(extras)
}
