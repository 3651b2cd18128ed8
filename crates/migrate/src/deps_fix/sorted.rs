//! A requirement in its place among sorted ones, where `uv add` puts it, too.

use uvshift_pyproject::{PyProject, Value};

use super::draft::name_of;
use super::pyproject::{keys, means_the_same};

/// Puts the last requirement of an array where it belongs, if those before it are sorted by name. Comments stay with what they
/// stand above; an array whose form leaves no room stays as it is.
pub(super) fn put_in_order(document: &mut PyProject, path: &[String]) {
    let Some((at, last)) = position(document, path) else { return };
    let moved = moved_line(document, path, at, last).or_else(|| rewritten(document, path, at));
    if let Some(moved) = moved.filter(|moved| differs_in_order_only(document, moved, path)) {
        *document = moved;
    }
}

/// Where the last requirement belongs, and the line where it stands; nothing where it is in its place.
fn position(document: &PyProject, path: &[String]) -> Option<(usize, usize)> {
    let items = document.items(&keys(path));
    let values = document.get(&keys(path))?.as_array()?;
    let names: Vec<String> = items.iter().map(|(item, _)| name_of(&item.text)).collect::<Option<_>>()?;
    let ((new, known), (_, line)) = (names.split_last()?, items.last()?);
    let is_sorted = values.len() == items.len() && known.is_sorted();
    let at = known.iter().position(|name| name > new).filter(|_| is_sorted)?;
    Some((at, *line))
}

/// An array whose requirements share lines, without comments.
fn rewritten(document: &PyProject, path: &[String], at: usize) -> Option<PyProject> {
    if document.written(&keys(path))?.contains('#') {
        return None;
    }
    let mut texts: Vec<String> = document.items(&keys(path)).into_iter().map(|(item, _)| item.text).collect();
    let new = texts.pop()?;
    texts.insert(at, new);
    let mut after = document.clone();
    let path = keys(path);
    let (key, table) = path.split_last()?;
    after.set(table, key, Value::strings(texts)).ok()?;
    Some(after)
}

/// An array with a line for each requirement: the line moves behind the one before it.
fn moved_line(document: &PyProject, path: &[String], at: usize, last: usize) -> Option<PyProject> {
    let text = document.to_string();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let items = document.items(&keys(path));
    let has_line = |line: usize| {
        lines.get(line.wrapping_sub(1)).is_some_and(|line| line.trim().starts_with(['"', '\'']))
    };
    let has_lines =
        items.iter().all(|(_, line)| has_line(*line)) && items.is_sorted_by(|(_, a), (_, b)| a < b);
    let before = match at.checked_sub(1) {
        Some(previous) => items.get(previous)?.1,
        None => document.line_of(&keys(path)),
    };
    if !has_lines || before >= last {
        return None;
    }
    let line = lines.remove(last.checked_sub(1)?);
    lines.insert(before, line);
    PyProject::parse(&lines.concat()).ok()
}

fn differs_in_order_only(ours: &PyProject, theirs: &PyProject, path: &[String]) -> bool {
    let texts = |document: &PyProject| {
        let mut texts: Vec<String> =
            document.items(&keys(path)).into_iter().map(|(item, _)| item.text).collect();
        texts.sort();
        texts
    };
    let rest = |document: &PyProject| {
        let mut rest = document.clone();
        rest.remove(&keys(path)).ok().map(|()| rest)
    };
    let is_same_rest = match (rest(ours), rest(theirs)) {
        (Some(ours), Some(theirs)) => means_the_same(&ours, &theirs),
        _ => false,
    };
    texts(ours) == texts(theirs) && is_same_rest
}
