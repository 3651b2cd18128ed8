//! Whose lock a text is.

use toml_edit::{Document, Item, TableLike};

use crate::table::without_mark;
use crate::{Error, Lock, LockKind, parse_pdm, parse_pipfile, parse_poetry, parse_pylock, parse_uv};

/// Reads a lock file of any kind. The kind is told by the file name, or else by the contents.
pub fn parse(file_name: &str, text: &str) -> Result<Lock, Error> {
    let kind = LockKind::of_name(file_name).or_else(|| by_contents(text));
    match kind.ok_or_else(|| Error::UnknownKind { file: file_name.to_owned() })? {
        LockKind::Uv => parse_uv(text),
        LockKind::Pylock => parse_pylock(text),
        LockKind::Poetry => parse_poetry(text),
        LockKind::Pipfile => parse_pipfile(text),
        LockKind::Pdm => parse_pdm(text),
    }
}

fn by_contents(text: &str) -> Option<LockKind> {
    let text = without_mark(text);
    if text.trim_start().starts_with('{') {
        return text.contains("\"_meta\"").then_some(LockKind::Pipfile);
    }
    let document = Document::parse(text).ok()?;
    let metadata = document.get("metadata").and_then(Item::as_table_like);
    let says = |key: &str| metadata.is_some_and(|table: &dyn TableLike| table.contains_key(key));
    if document.contains_key("lock-version") {
        Some(LockKind::Pylock)
    } else if says("lock_version") {
        Some(LockKind::Pdm)
    } else if says("lock-version") || says("content-hash") {
        Some(LockKind::Poetry)
    } else if document.contains_key("version") && document.contains_key("package") {
        Some(LockKind::Uv)
    } else {
        None
    }
}
