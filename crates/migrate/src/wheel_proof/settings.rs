//! Where both builds find their build backend.

use std::fs;
use std::io;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value};

/// What uv has to know to find packages. The rest of `[tool.uv]` is about the project.
const KEYS: [&str; 8] = [
    "index",
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "index-strategy",
    "allow-insecure-host",
    "keyring-provider",
];

/// Gives the copies of a project a `uv.toml` with the indexes that the migrated project or its workspace names: the old
/// one had them from pip. Paths are made to lead to the same place as from the project itself.
///
/// `migrated` is the copy of the root that has been migrated; `copies` are the copies of the project.
#[expect(clippy::disallowed_methods, reason = "a file of a copy is written, none of the project")]
pub(super) fn share(root: &Path, project: &str, migrated: &Path, copies: &[&Path]) -> io::Result<()> {
    let read = |folder: &Path| fs::read_to_string(folder.join("pyproject.toml")).unwrap_or_default();
    let mut found = settings(&root.join(project), &read(&migrated.join(project)));
    if found.is_empty() {
        found = settings(root, &read(migrated));
    }
    // A `uv.toml` of the project is in all copies already, and uv reads nothing else beside it.
    if found.is_empty() || migrated.join(project).join("uv.toml").exists() {
        return Ok(());
    }
    copies.iter().try_for_each(|copy| fs::write(copy.join("uv.toml"), &found))
}

fn settings(root: &Path, pyproject: &str) -> String {
    let Ok(document) = pyproject.parse::<DocumentMut>() else { return String::new() };
    let uv = document.get("tool").and_then(|tool| tool.get("uv")).and_then(Item::as_table_like);
    let mut settings = DocumentMut::new();
    for (key, item) in KEYS.iter().filter_map(|key| Some((*key, uv?.get(key)?))) {
        let mut item = item.clone();
        absolute(root, key, &mut item);
        settings.insert(key, item);
    }
    settings.to_string()
}

fn absolute(root: &Path, key: &str, item: &mut Item) {
    match (key, item) {
        ("index", Item::ArrayOfTables(tables)) => {
            tables.iter_mut().for_each(|table| absolute_url(root, table));
        }
        ("index", Item::Value(Value::Array(array))) => {
            let tables = array.iter_mut().filter_map(|value| value.as_inline_table_mut());
            tables.for_each(|table| absolute_url(root, table));
        }
        ("find-links" | "extra-index-url", Item::Value(Value::Array(array))) => {
            array.iter_mut().for_each(|value| absolute_value(root, value));
        }
        ("index-url", Item::Value(value)) => absolute_value(root, value),
        _ => {}
    }
}

fn absolute_url(root: &Path, table: &mut dyn TableLike) {
    if let Some(value) = table.get_mut("url").and_then(Item::as_value_mut) {
        absolute_value(root, value);
    }
}

fn absolute_value(root: &Path, value: &mut Value) {
    if let Some(path) = value.as_str().filter(|text| !text.contains("://") && !Path::new(text).is_absolute())
    {
        *value = root.join(path).to_string_lossy().into_owned().into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_the_same_place() {
        let text = "[tool.uv]\npackage = true\nfind-links = [\"../w\", \"https://index.example/w\"]\n\
                    [[tool.uv.index]]\nname = \"local\"\nurl = \"../wheels\"\nformat = \"flat\"\n";
        let found = settings(Path::new("/a/b"), text);
        assert!(
            found.contains("find-links = [\"/a/b/../w\", \"https://index.example/w\"]")
                || found.contains("/a/b/../w")
        );
        assert!(found.contains("url = \"/a/b/../wheels\"") && found.contains("[[index]]"), "{found}");
        assert!(!found.contains("package"));
        assert!(found.parse::<DocumentMut>().is_ok(), "{found}");
        assert_eq!(settings(Path::new("/a"), "[project]\nname = \"a\"\n"), "");
        assert_eq!(settings(Path::new("/a"), "no toml"), "");
    }
}
