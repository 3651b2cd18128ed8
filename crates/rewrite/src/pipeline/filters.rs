//! Filters by path: a job that ran when a requirements file changed has to run when pyproject.toml or the lock does.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use crate::context::{Context, below, matches};
use crate::model::Rewritten;
use crate::plan::{apply, made};
use crate::yaml::{Change, Node};

const RULE: &str = "path-filter";

const REASON: &str = "what is installed is in pyproject.toml and the lock now";

/// How many patterns of a filter are looked at.
const MAX_PATTERNS: usize = 200;

/// The filters of a file.
pub(crate) struct Filters<'a> {
    context: &'a Context,
    text: &'a str,
    /// The file as it will be, as far as it is known.
    then: String,
    /// The patterns.
    lists: Vec<Node<'a>>,
}

impl<'a> Filters<'a> {
    /// The filters of a file, of which everything else has been found: `lists` are the patterns of paths.
    pub(crate) fn new(
        context: &'a Context,
        text: &'a str,
        found: &Rewritten,
        review: bool,
        lists: Vec<Node<'a>>,
    ) -> Self {
        let then = if lists.is_empty() { None } else { apply(text, &made(&found.edits, review)) };
        let then = then.unwrap_or_else(|| text.to_owned());
        Self { context, text, then, lists }
    }

    /// Adds what the filters need.
    pub(crate) fn rewrite(&self, found: &mut Rewritten) {
        for list in self.lists.iter().filter(|list| list.is_sequence()) {
            self.list(*list, found);
        }
    }

    fn list(&self, list: Node<'_>, found: &mut Rewritten) {
        let entries: Vec<Node<'_>> =
            list.items().filter(|item| item.as_str().is_some()).take(MAX_PATTERNS).collect();
        let patterns: Vec<&str> = entries.iter().filter_map(|entry| entry.as_str()).map(plain).collect();
        let mut there: BTreeSet<String> = BTreeSet::new();
        for (entry, pattern) in entries.iter().zip(&patterns) {
            let wanted = self.wanted(pattern);
            let is_covered = |path: &String| patterns.iter().any(|pattern| matches(pattern, path));
            let missing: Vec<String> =
                wanted.iter().filter(|path| !is_covered(path) && !there.contains(*path)).cloned().collect();
            there.extend(missing.iter().cloned());
            let goes = !wanted.is_empty() && !self.is_still_named(pattern);
            let edits = changes(*entry, &missing, goes);
            let edit = |change: Change| change.edit(RULE, REASON, Safety::Safe, 0);
            found.edits.extend(edits.into_iter().map(edit));
        }
    }

    /// What changes now when a file of a pattern would have changed before.
    fn wanted(&self, pattern: &str) -> Vec<String> {
        let mut wanted = Vec::new();
        // A whole folder is about something else, unless the file installs from it.
        let is_folder =
            pattern.ends_with('*') && pattern.rsplit('/').next().is_some_and(|it| it.starts_with('*'));
        let is_meant = |path: &&String| !is_folder || self.text.contains(path.as_str());
        let found = self.context.became.keys().filter(|path| matches(pattern, path));
        for path in found.filter(is_meant) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let Some(project) = self.context.project(folder) else { continue };
            let lock = project.locked.then(|| project.lock());
            for path in [Some(below(&project.folder, "pyproject.toml")), lock].into_iter().flatten() {
                if !wanted.contains(&path) {
                    wanted.push(path);
                }
            }
        }
        wanted
    }

    /// Whether a pattern is more than a file, or a file that something else of this file still names.
    fn is_still_named(&self, path: &str) -> bool {
        if !self.context.became.contains_key(path) {
            return true;
        }
        let is_part = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
        let words = self.then.split(|letter| !is_part(letter));
        let everywhere = words.filter(|word| plain(word) == path).count();
        let items = self.lists.iter().flat_map(|list| list.items());
        everywhere > items.filter(|item| item.as_str().map(plain) == Some(path)).count()
    }
}

/// A path as it is counted from the root.
fn plain(path: &str) -> &str {
    path.trim_start_matches("./").trim_start_matches('/')
}

/// A pattern that makes place for paths, or gets them behind it.
fn changes(entry: Node<'_>, missing: &[String], goes: bool) -> Vec<Change> {
    let written: Vec<String> = missing.iter().map(|path| entry.with_value(path).new).collect();
    let is_flow = entry.parent().is_some_and(Node::is_flow);
    match (written.split_first(), goes) {
        (None, true) => entry.without_item().into_iter().collect(),
        (None, false) => Vec::new(),
        (Some(_), _) if is_flow => {
            let old = (!goes).then(|| entry.raw().to_owned());
            let all: Vec<String> = old.into_iter().chain(written).collect();
            vec![Change { span: entry.span(), new: all.join(", ") }]
        }
        (Some((first, rest)), true) => {
            let own = Change { span: entry.span(), new: first.clone() };
            std::iter::once(own).chain(behind(entry, rest)).collect()
        }
        (Some(_), false) => behind(entry, &written).into_iter().collect(),
    }
}

fn behind(entry: Node<'_>, written: &[String]) -> Option<Change> {
    let items: Vec<String> = written.iter().map(|path| format!("- {path}")).collect();
    entry.with_item_after(&items.join("\n")).filter(|_| !items.is_empty())
}
