//! What cargo knows of the workspace and its dependencies.

use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::run::{cargo, quietly};

/// What `cargo metadata` says when it is asked with these words.
pub(crate) fn metadata(root: &Path, words: &[&str]) -> Outcome<Value> {
    let said = quietly(cargo(root).args(["metadata", "--format-version", "1"]).args(words))?;
    serde_json::from_str(&said).map_err(|error| format!("cannot read `cargo metadata`: {error}"))
}

/// The packages that it tells of.
pub(crate) fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

/// A text of a package; empty where there is none.
pub(crate) fn text<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}
