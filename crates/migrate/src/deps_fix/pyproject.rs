//! Requirements in and out of pyproject.toml.

use uvshift_pyproject::{ArrayAt, Entry, Error, GroupEntry, Item, PyProject, Scope, Value};
use uvshift_requirements::normalize_name;

use super::draft::{Refusal, Taken, parsed};
use super::remarks;
use super::sorted::put_in_order;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { reason: format!("pyproject.toml: {error}"), help: error.hint().map(str::to_owned) }
    }
}

/// uv's older form of the group `dev`.
const OLD_DEV: &str = "dev-dependencies";

/// The path of the array of a scope, as the file spells it if it is there.
fn path(document: &PyProject, scope: &Scope) -> Vec<String> {
    let spelled = |keys: Vec<String>, name: &str| {
        let same = keys.into_iter().find(|key| normalize_name(key) == normalize_name(name));
        (same.is_some(), same.unwrap_or_else(|| name.to_owned()))
    };
    let keys: [&str; 2] = ["project", "optional-dependencies"];
    match scope {
        Scope::Main => vec!["project".to_owned(), "dependencies".to_owned()],
        Scope::Extra(name) => {
            let extras = document.optional_dependencies().into_iter().map(|(key, _)| key).collect();
            keys.map(str::to_owned).into_iter().chain([spelled(extras, name).1]).collect()
        }
        Scope::Group(name) => {
            let groups = document.dependency_groups().into_iter().map(|(key, _)| key).collect();
            let (is_there, key) = spelled(groups, name);
            if !is_there && name == "dev" && document.get(&["tool", "uv", OLD_DEV]).is_some() {
                return ["tool", "uv", OLD_DEV].map(str::to_owned).to_vec();
            }
            vec!["dependency-groups".to_owned(), key]
        }
    }
}

/// The array of a path.
fn array<'a>(path: &'a [String], scope: &Scope) -> ArrayAt<'a> {
    let key = path.last().map_or("", String::as_str);
    match scope {
        Scope::Main => ArrayAt::Dependencies,
        Scope::Extra(_) => ArrayAt::Extra(key),
        Scope::Group(_) if path.first().is_some_and(|first| first == "tool") => ArrayAt::Uv(key),
        Scope::Group(_) => ArrayAt::Group(key),
    }
}

/// The path for the document.
pub(super) fn keys(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

/// Whether a requirement is about a package.
fn is_about(text: &str, name: &str) -> bool {
    parsed(text).and_then(|found| found.normalized_name()).as_deref() == Some(name)
}

/// Whether the file has an array for a scope.
pub(super) fn has_array(document: &PyProject, scope: &Scope) -> bool {
    document.get(&keys(&path(document, scope))).is_some()
}

/// The requirements of a scope.
pub(super) fn texts(document: &PyProject, scope: &Scope) -> Vec<String> {
    let items = document.items(&keys(&path(document, scope)));
    items.into_iter().map(|(item, _)| item.text).collect()
}

/// Whether a scope has a package.
pub(super) fn holds(document: &PyProject, scope: &Scope, name: &str) -> bool {
    texts(document, scope).iter().any(|text| is_about(text, name))
}

/// Takes every requirement of a package out of a scope, with the comments that speak of it alone. An array that this empties
/// stays, as it does with `uv remove`.
pub(super) fn take(document: &mut PyProject, scope: &Scope, name: &str) -> Result<Vec<Taken>, Refusal> {
    let path = path(document, scope);
    let items = document.items(&keys(&path));
    let mut taken = Vec::new();
    // From the end, so that the lines before stay where they are.
    for (item, line) in items.into_iter().rev().filter(|(item, _)| is_about(&item.text, name)) {
        let above = above(document, line, name);
        take_one(document, &path, scope, &item.text)?;
        let comment = item.comment_trailing.filter(|comment| cut_comments(document, line, &[comment]));
        let above = Some(above).filter(|above| {
            let texts: Vec<&str> = above.iter().map(String::as_str).collect();
            cut_comments(document, line.saturating_sub(texts.len()), &texts)
        });
        let above = above.unwrap_or_default();
        taken.push(Taken { text: Some(item.text), above, comment, line: None, has_options: false });
    }
    taken.reverse();
    Ok(taken)
}

/// The comment lines above a requirement that go with it, if it has a line of its own.
fn above(document: &PyProject, line: usize, name: &str) -> Vec<String> {
    let text = document.to_string();
    let lines: Vec<&str> = text.lines().collect();
    let at = line.saturating_sub(1);
    let is_alone = lines.get(at).is_some_and(|line| line.trim_start().starts_with(['"', '\'']));
    let first = if is_alone { remarks::start(&lines, at..at + 1, name) } else { at };
    let found = lines.get(first..at).unwrap_or_default();
    found.iter().map(|line| line.trim().to_owned()).collect()
}

fn take_one(document: &mut PyProject, path: &[String], scope: &Scope, text: &str) -> Result<(), Refusal> {
    let mut after = document.clone();
    after.take_dependencies(array(path, scope), |found| found == text)?;
    if after.get(&keys(path)).is_none()
        && let Some((key, table)) = keys(path).split_last()
    {
        after = document.clone();
        after.set(table, key, Value::Array(Vec::new()))?;
    }
    *document = after;
    Ok(())
}

/// Takes comments away that were left, each on a line of its own from this one on; says whether they were there.
fn cut_comments(document: &mut PyProject, line: usize, comments: &[&str]) -> bool {
    let text = document.to_string();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let span = line.saturating_sub(1)..line.saturating_sub(1).saturating_add(comments.len());
    let is_there = |found: &[&str]| found.iter().map(|line| line.trim()).eq(comments.iter().copied());
    if comments.is_empty() || !lines.get(span.clone()).is_some_and(is_there) {
        return false;
    }
    lines.drain(span);
    match PyProject::parse(&lines.concat()) {
        Ok(shorter) if means_the_same(document, &shorter) => {
            *document = shorter;
            true
        }
        _ => false,
    }
}

/// Whether two documents say the same, but for dates and floats.
pub(super) fn means_the_same(ours: &PyProject, theirs: &PyProject) -> bool {
    let all = |document: &PyProject| -> Vec<(String, Option<Value>)> {
        let keys = document.root().iter().map(|(key, _)| key.to_owned());
        keys.map(|key| (key.clone(), document.value(&[&key]))).collect()
    };
    all(ours) == all(theirs)
}

/// Adds a requirement to the array of a scope, which is made where it is missing: in its place where the others are sorted, else at
/// the end.
pub(super) fn put(document: &mut PyProject, scope: &Scope, taken: &Taken) -> Result<(), Refusal> {
    let Some(text) = taken.text.as_ref().filter(|_| !taken.has_options) else {
        let reason = "pyproject.toml has no place for hashes, options, paths and what is installed in place";
        return Err(Refusal::new(reason));
    };
    let mut item = Item::new(text);
    for comment in &taken.above {
        item = item.above(comment);
    }
    if let Some(comment) = &taken.comment {
        item = item.trailing(comment);
    }
    let path = path(document, scope);
    document.add_dependency(array(&path, scope), item)?;
    // It alone would move, without what stands above it.
    if taken.above.is_empty() {
        put_in_order(document, &path);
    }
    Ok(())
}

/// Takes the source of a package out of `[tool.uv.sources]` when nothing requires it any more, as `uv remove` does.
pub(super) fn remove_source(document: &mut PyProject, name: &str) -> Result<(), Refusal> {
    let uv = document.uv();
    let source = uv.sources.iter().map(|(key, _)| key).find(|key| normalize_name(key) == name);
    // The sources of a workspace hold for its members, too.
    let is_shared = document.get(&["tool", "uv", "workspace"]).is_some();
    let Some(source) = source.filter(|_| !is_shared) else { return Ok(()) };
    let extras = document.optional_dependencies().into_iter().flat_map(|(_, entries)| entries);
    let groups = document.dependency_groups().into_iter().flat_map(|(_, entries)| entries);
    let groups = groups.filter_map(|entry| match entry {
        GroupEntry::Requirement(entry) => Some(entry),
        GroupEntry::Include { .. } => None,
    });
    let others = [&uv.dev_dependencies, &uv.constraint_dependencies, &uv.override_dependencies];
    let others = others.into_iter().flatten().cloned().chain(document.build_requires());
    let mut all = document.dependencies().into_iter().chain(extras).chain(groups).chain(others);
    if all.any(|Entry { text, .. }| is_about(&text, name)) {
        return Ok(());
    }
    let is_last = uv.sources.len() == 1;
    let path = ["tool", "uv", "sources", source.as_str()];
    document.remove(if is_last { &path[..3] } else { &path })?;
    Ok(())
}
