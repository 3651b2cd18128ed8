//! `cargo xtask tidy`: the rules of this repository that no compiler knows.
//!
//! Every rule is a function over the files of the tree, so that its test can make a small tree that breaks it.

mod codes;
mod documents;
mod enums;
mod files;
mod invariants;
mod layers;
mod libraries;
mod manifests;
mod markdown;
mod recipes;
mod rust_version;
mod sources;
mod usage;

#[cfg(test)]
mod testing;
use std::collections::BTreeSet;
use std::path::Path;

use crate::Outcome;
use files::Tree;

/// A broken rule: file, line and what is wrong.
type Problem = (String, usize, String);

/// What the rules found, in order of file and line.
#[derive(Default)]
struct Problems(BTreeSet<Problem>);

impl Problems {
    fn add(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.0.insert((file.to_owned(), line, message.into()));
    }
}

type Rule = fn(&Tree, &mut Problems);

const RULES: &[Rule] = &[
    layers::check,
    layers::document,
    manifests::check,
    libraries::check,
    rust_version::check,
    sources::check,
    enums::check,
    documents::paths,
    documents::links,
    usage::xtask,
    usage::uvshift,
    codes::check,
    invariants::check,
    recipes::check,
];

/// Checks every rule and reports all that is broken.
pub(crate) fn run(root: &Path) -> Outcome {
    let tree = Tree::read(root)?;
    let mut problems = Problems::default();
    for rule in RULES {
        rule(&tree, &mut problems);
    }
    if problems.0.is_empty() {
        println!("tidy: {} files keep {} rules", tree.len(), RULES.len());
        return Ok(());
    }
    for (file, line, message) in &problems.0 {
        println!("tidy: {file}:{line}: {message}");
    }
    Err(format!("tidy: {} problems", problems.0.len()))
}
