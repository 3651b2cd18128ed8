//! MANIFEST.in, command by command.

use std::collections::BTreeSet;

use super::super::contents::{clean, is_below};
use super::super::{Packed, glob};

/// The files that MANIFEST.in names.
pub(super) fn files<'a>(packed: &'a Packed<'_>) -> BTreeSet<&'a str> {
    let text = packed.tree.text("MANIFEST.in").unwrap_or_default();
    let mut found = BTreeSet::new();
    for line in text.replace("\\\n", " ").lines() {
        let line = line.split('#').next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [command, rest @ ..] = words.as_slice() {
            apply(packed, command, rest, &mut found);
        }
    }
    found
}

fn apply<'a>(packed: &'a Packed<'_>, command: &str, words: &[&str], found: &mut BTreeSet<&'a str>) {
    let anywhere = |patterns: &[&str], file: &str| {
        let name = file.rsplit('/').next().unwrap_or(file);
        patterns
            .iter()
            .any(|pattern| glob::segment(pattern, name) || glob::matches(&format!("**/{pattern}"), file))
    };
    let exactly = |file: &str| words.iter().any(|pattern| glob::matches(&clean(pattern), file));
    let inside = |file: &str| {
        let Some((folder, patterns)) = words.split_first() else { return false };
        let folder = clean(folder);
        let is_inside =
            if glob::is_pattern(&folder) { glob::names(&folder, file) } else { is_below(&folder, file) };
        is_inside && anywhere(patterns, file)
    };
    let in_folder = |file: &str| words.iter().any(|folder| glob::names(&clean(folder), file));
    let mut add = |wanted: &dyn Fn(&str) -> bool| found.extend(packed.below("").filter(|file| wanted(file)));
    match command {
        "include" => add(&exactly),
        "recursive-include" => add(&inside),
        "global-include" => add(&|file| anywhere(words, file)),
        "graft" => add(&in_folder),
        "exclude" => found.retain(|file| !exactly(file)),
        "recursive-exclude" => found.retain(|file| !inside(file)),
        "global-exclude" => found.retain(|file| !anywhere(words, file)),
        "prune" => found.retain(|file| !in_folder(file)),
        _ => {}
    }
}
