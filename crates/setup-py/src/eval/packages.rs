//! `find_packages`.

use std::collections::BTreeSet;
use std::rc::Rc;

use ruff_text_size::Ranged;

use super::Interpreter;
use super::calls::Args;
use super::value::{Kind, Val};
use crate::FindPackages;

impl Interpreter<'_> {
    pub(super) fn find_packages(&mut self, args: &Args, namespace: bool, node: &impl Ranged) -> Val {
        let line = self.line(node);
        if let Some(taint) = args.taint() {
            return Val::tainted(taint.clone());
        }
        let where_ = match args.get(0, "where").map(|it| it.kind.clone()) {
            None => Some(String::new()),
            Some(Kind::Str(path) | Kind::Path(path)) => super::path::in_project(&path),
            Some(_) => None,
        };
        let mut patterns = |at, name| match args.get(at, name) {
            None => Some(Vec::new()),
            Some(value) => {
                let items = self.plain_items(value).ok()?;
                items
                    .iter()
                    .map(|it| it.as_str().map(std::string::ToString::to_string))
                    .collect::<Option<Vec<_>>>()
            }
        };
        let (exclude, include) = (patterns(1, "exclude"), patterns(2, "include"));
        match (where_, exclude, include) {
            (Some(where_), Some(exclude), Some(include)) => {
                let found = FindPackages { namespace, where_, exclude, include };
                Val::new(Kind::Packages(Rc::new(found)), line)
            }
            _ => self.unknown(node, format!("`{}`", self.code(node))),
        }
    }

    /// What `find_packages` gives for the files that are there. `None` for patterns with character classes.
    pub(super) fn found_packages(&mut self, packages: &FindPackages) -> Option<Vec<String>> {
        let all = packages.exclude.iter().chain(&packages.include);
        if packages.namespace || all.clone().any(|it| it.contains('[')) {
            return None;
        }
        let start = if packages.where_.is_empty() { String::new() } else { format!("{}/", packages.where_) };
        let listing = self.listing();
        self.spend(listing.len() / 8);
        let folders = listing.iter().filter_map(|it| it.strip_prefix(&start)?.strip_suffix("/__init__.py"));
        let folders: BTreeSet<&str> = folders.collect();
        let whole = |folder: &str| {
            folder.match_indices('/').all(|(at, _)| folder.get(..at).is_some_and(|it| folders.contains(it)))
        };
        let names = folders.iter().filter(|it| !it.contains('.') && whole(it)).map(|it| it.replace('/', "."));
        let any = |patterns: &[String], name: &str| {
            patterns.iter().any(|it| matches_glob(it.as_bytes(), name.as_bytes()))
        };
        let wanted = |name: &String| {
            (packages.include.is_empty() || any(&packages.include, name)) && !any(&packages.exclude, name)
        };
        Some(names.filter(wanted).collect())
    }
}

/// `fnmatch` for patterns of `*` and `?`.
fn matches_glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut in_name, mut star) = (0, 0, None);
    while in_name < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(it) if *it == b'?' || name.get(in_name) == Some(it) => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((star_at, from)) = star else { return false };
                star = Some((star_at, from + 1));
                at = star_at + 1;
                in_name = from + 1;
            }
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|it| *it == b'*'))
}
