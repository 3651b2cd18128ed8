//! The texts of an archive, written and read.

use serde_json::Value;
use uvshift_requirements::redacted;

use crate::archive::{ArchiveError, ArchiveFault, SNAPSHOT, Texts};
use crate::{Snapshot, json};

/// `snapshot.json`
pub(crate) fn snapshot(snapshot: &Snapshot) -> Result<String, ArchiveError> {
    shown(&json::to_json(snapshot))
}

/// `freeze.txt`
pub(crate) fn freeze(snapshot: &Snapshot) -> String {
    crate::freeze(snapshot)
}

/// `inspect.json`
pub(crate) fn inspect(snapshot: &Snapshot) -> Result<String, ArchiveError> {
    shown(&crate::inspect(snapshot))
}

/// Credentials are not in a snapshot; what authors wrote into metadata is looked through nonetheless.
fn shown(value: &Value) -> Result<String, ArchiveError> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| ArchiveError::write(SNAPSHOT)(error.into()))?;
    Ok(redacted(&text) + "\n")
}

/// A member that is a text.
pub(super) fn text<'a>(texts: &'a Texts, name: &str) -> Result<&'a str, ArchiveFault> {
    let bytes = texts.get(name).ok_or_else(|| ArchiveFault::Missing(name.to_owned()))?;
    std::str::from_utf8(bytes).map_err(|error| unclear(name, &error))
}

/// A member that is JSON.
pub(super) fn json(texts: &Texts, name: &str) -> Result<Value, ArchiveFault> {
    serde_json::from_str(text(texts, name)?).map_err(|error| unclear(name, &error))
}

/// The snapshot of an archive.
pub(super) fn parsed_snapshot(texts: &Texts, name: &str) -> Result<Snapshot, ArchiveFault> {
    json::from_json(&json(texts, name)?).map_err(|error| unclear(name, &error))
}

fn unclear(name: &str, error: &dyn std::error::Error) -> ArchiveFault {
    ArchiveFault::Content { name: name.to_owned(), why: crate::archive::shown(&error.to_string()) }
}

/// How the packages of an environment differ from those of a snapshot, by name and version.
pub(super) fn differences(before: &Snapshot, after: &Snapshot) -> Vec<String> {
    let mut differences = Vec::new();
    for package in &before.packages {
        match after.find(&package.normalized_name) {
            None => differences.push(format!("{} is missing", package.name)),
            Some(found) if found.version != package.version => {
                let (name, old, new) = (&package.name, &package.version, &found.version);
                differences.push(format!("{name} is {new} instead of {old}"));
            }
            Some(_) => {}
        }
    }
    let extra = after.packages.iter().filter(|package| before.find(&package.normalized_name).is_none());
    differences.extend(extra.map(|package| format!("{} is new", package.name)));
    differences
}
