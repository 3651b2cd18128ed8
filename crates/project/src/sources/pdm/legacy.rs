//! What older versions of PDM had in `[tool.pdm]`, and what nobody knows.

use toml_edit::Item;

use crate::sources::entry::{carry, change, refuse};
use crate::{Provenance, Reading};

/// Keys of PDM before PEP 621, when `[tool.pdm]` was what `[project]` is now.
const METADATA: [&str; 16] = [
    "name",
    "dependencies",
    "optional-dependencies",
    "description",
    "author",
    "authors",
    "maintainers",
    "license",
    "readme",
    "homepage",
    "repository",
    "documentation",
    "keywords",
    "classifiers",
    "project_urls",
    "cli",
];

pub(super) fn requires_python(item: &Item, from: Provenance, text: &str, out: &mut Reading) {
    let Some(range) = item.as_str().map(str::trim).filter(|range| !range.is_empty()) else {
        return carry(out, from, text, "project.requires-python, which nothing limits");
    };
    carry(out, from.clone(), text, "project.requires-python");
    out.manifest.metadata.requires_python = Some(range.to_owned());
    out.manifest.metadata.python_from = Some(from);
}

/// A key that stays where it is.
pub(super) fn unknown(key: &str, from: Provenance, text: &str, out: &mut Reading) {
    if METADATA.contains(&key) {
        let advice = "let PDM rewrite the file with `pdm fix` or `pdm import pyproject.toml`, then migrate";
        return refuse(out, from, text, "this is how PDM described projects before PEP 621", advice);
    }
    let why = "uvshift does not know the key; it stays where it is, and uv does not read it";
    change(out, from, text, format!("tool.pdm.{key}"), why);
}
