//! Variables that pip reads, and what uv reads in their place.

use uvshift_diagnostics::Safety;

use crate::model::{Left, Rewritten};
use crate::pipeline::caches::Caches;
use crate::yaml::{Entry, Node};

/// What pip reads that uv does not, with uv's name.
const TOLD: &[(&str, &str, &str)] = &[
    (
        "PIP_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "uv does not read it; the lock names its index, credentials come by `UV_INDEX_NAME_USERNAME` and `UV_INDEX_NAME_PASSWORD`",
    ),
    (
        "PIP_EXTRA_INDEX_URL",
        "UV_INDEX",
        "uv does not read it, and stops at the first index that has a package",
    ),
    ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "uv does not read it"),
    ("PIP_NO_CACHE_DIR", "UV_NO_CACHE", "uv does not read it"),
    ("PIP_CERT", "SSL_CERT_FILE", "uv does not read it"),
    ("PIP_FIND_LINKS", "UV_FIND_LINKS", "uv does not read it"),
    ("PIP_CONSTRAINT", "UV_CONSTRAINT", "uv does not read it"),
];

/// Where other tools keep what they download.
const CACHES: &[&str] = &["PIP_CACHE_DIR", "POETRY_CACHE_DIR", "PIPENV_CACHE_DIR"];

const KEEPS: &str = "uv keeps what it downloads there";

/// What is done with the variables of a file or job, once its scripts use uv.
pub(crate) fn variables(mapping: Node<'_>, keep_old: bool, found: &mut Rewritten) {
    let has = |name: &str| mapping.entry(name).is_some();
    let mut has_cache = has("UV_CACHE_DIR");
    for entry in mapping.entries() {
        let name = entry.key.as_str().unwrap_or_default();
        let value = entry.value.resolved();
        if CACHES.contains(&name) && !has_cache {
            has_cache = true;
            cache(&entry, keep_old, found);
        }
        tell(name, entry.span(), value.raw(), &has, found);
    }
}

/// The folder of uv in the place of another one.
fn folder(old: &str) -> String {
    Caches::kept(old).unwrap_or_else(|| format!("{}/uv", old.trim_end_matches('/')))
}

fn cache(entry: &Entry<'_>, keep_old: bool, found: &mut Rewritten) {
    let text = entry.value.resolved().as_str().unwrap_or_default();
    let new = folder(text);
    if keep_old || entry.value.is_alias() {
        let line = format!("UV_CACHE_DIR: {}", entry.value.yaml().scalar(&new));
        found.edits.push(entry.with_entry_after(&line).edit("cache-folder", KEEPS, Safety::Safe, 0));
        return;
    }
    let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
    for change in [entry.key.with_value("UV_CACHE_DIR"), entry.value.with_value(&new)] {
        found.edits.push(change.edit("cache-folder", KEEPS, Safety::Safe, together));
    }
}

/// As [`variables`], of a list of items with `name` and `value`.
pub(crate) fn list_variables(list: Node<'_>, keep_old: bool, found: &mut Rewritten) {
    let has = |wanted: &str| list.items().any(|item| item.get("name").and_then(Node::as_str) == Some(wanted));
    for item in list.items() {
        let (Some(name), Some(value)) = (item.get("name"), item.get("value")) else { continue };
        let text = value.as_str().unwrap_or_default();
        let named = name.as_str().unwrap_or_default();
        if CACHES.contains(&named) && !has("UV_CACHE_DIR") && !keep_old {
            let new = folder(text);
            let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
            for change in [name.with_value("UV_CACHE_DIR"), value.with_value(&new)] {
                found.edits.push(change.edit("cache-folder", KEEPS, Safety::Safe, together));
            }
        }
        tell(named, item.span(), value.raw(), &has, found);
    }
}

/// Tells of a variable that uv does not read.
fn tell(
    name: &str,
    span: std::ops::Range<usize>,
    value: &str,
    has: &dyn Fn(&str) -> bool,
    found: &mut Rewritten,
) {
    if CACHES.contains(&name) {
        return;
    }
    if ["POETRY_", "PIPENV_", "PDM_"].iter().any(|start| name.starts_with(start)) {
        let reason = "uv does not read it; what still runs the other tool does".to_owned();
        found.left.push(Left { span, reason, suggestion: None });
    } else if let Some((_, new, reason)) = TOLD.iter().find(|(old, new, _)| *old == name && !has(new)) {
        let suggestion = Some(format!("{new}: {value}"));
        found.left.push(Left { span, reason: (*reason).to_owned(), suggestion });
    }
}
