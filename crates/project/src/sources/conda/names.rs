//! What conda calls a package, and what the package index calls it: `data/conda.toml`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use toml_edit::{DocumentMut, Item, TableLike};

/// What a conda package is to the package index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// A distribution, with its extras, as a requirement names it.
    Distribution {
        /// Its name there.
        name: String,
        /// What it needs of the system.
        needs: Option<String>,
        /// Whether nobody has looked whether it is the same.
        assumed: bool,
    },
    /// Something that a Python of uv and wheels bring with them.
    Runtime,
    /// No Python distribution.
    Other {
        /// What it is, with its article.
        kind: String,
        /// What to do instead.
        advice: String,
    },
}

/// What a name means; conda names have no case.
pub(crate) fn look_up(name: &str) -> Known {
    let table = &*TABLE;
    let needs = table.needs.get(name).cloned();
    if let Some(distribution) = table.distributions.get(name) {
        return Known::Distribution { name: distribution.clone(), needs, assumed: false };
    }
    if table.same.contains(name) {
        return Known::Distribution { name: name.to_owned(), needs, assumed: false };
    }
    let other = |other: &&Other| other.names.contains(name) || matches(&other.patterns, name);
    if table.runtime.names.contains(name) {
        return Known::Runtime;
    }
    if let Some(found) = table.others.iter().find(other) {
        return Known::Other { kind: found.kind.clone(), advice: found.advice.clone() };
    }
    if matches(&table.runtime.patterns, name) {
        return Known::Runtime;
    }
    Known::Distribution { name: name.to_owned(), needs, assumed: true }
}

/// What to do about a library that wheels bring with them, where somebody has asked for it.
pub(crate) const LIBRARY_ADVICE: &str =
    "remove the line if only wheels need it; otherwise install it with the system, or keep it in a container";

#[derive(Default)]
struct Table {
    distributions: HashMap<String, String>,
    needs: HashMap<String, String>,
    same: HashSet<String>,
    runtime: Other,
    others: Vec<Other>,
}

#[derive(Default)]
struct Other {
    kind: String,
    advice: String,
    names: HashSet<String>,
    patterns: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| read(include_str!("../../../data/conda.toml")));

fn read(text: &str) -> Table {
    // A test holds that the file is TOML with everything in it.
    let document: DocumentMut = text.parse().unwrap_or_default();
    let map = |key: &str| -> HashMap<String, String> {
        let table = document.get(key).and_then(Item::as_table_like);
        let rows = table.into_iter().flat_map(TableLike::iter);
        rows.filter_map(|(name, value)| Some((name.to_owned(), value.as_str()?.to_owned()))).collect()
    };
    let part = |key: &str| document.get(key).and_then(Item::as_table_like).map(other).unwrap_or_default();
    let others = document.get("other").and_then(Item::as_array_of_tables).into_iter().flatten();
    Table {
        distributions: map("distributions"),
        needs: map("needs"),
        same: part("same").names,
        runtime: part("runtime"),
        others: others.map(|table| other(table)).collect(),
    }
}

fn other(table: &dyn TableLike) -> Other {
    let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned();
    let list = |key: &str| -> Vec<String> {
        let values = table.get(key).and_then(Item::as_array).into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    };
    Other {
        kind: text("kind"),
        advice: text("advice"),
        names: list("names").into_iter().collect(),
        patterns: list("patterns"),
    }
}

/// Whether a name fits a pattern with one `*` at an end.
fn matches(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (_, Some(start)) => name.starts_with(start),
        _ => name == pattern,
    })
}

#[cfg(test)]
mod tests {
    use uvshift_requirements::parse;

    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = &*TABLE;
        assert!(table.distributions.len() >= 100 && table.same.len() >= 300 && table.others.len() >= 8);
        assert!(table.needs.len() >= 10 && table.runtime.names.len() >= 50);
        for (name, distribution) in &table.distributions {
            let document = parse(distribution);
            let Some((_, requirement)) = document.requirements().next() else {
                panic!("{name} = {distribution}")
            };
            assert_eq!(requirement.specifier(), "", "{name}");
            assert!(!table.same.contains(name), "{name} is there twice");
        }
        for other in &table.others {
            assert!(!other.kind.is_empty() && !other.advice.is_empty());
            for name in &other.names {
                assert!(!table.distributions.contains_key(name) && !table.same.contains(name), "{name}");
                assert!(!table.runtime.names.contains(name), "{name}");
            }
        }
        for name in table.needs.keys() {
            assert!(table.distributions.contains_key(name) || table.same.contains(name), "{name}");
        }
    }

    #[test]
    fn names_are_looked_up() {
        let distribution = |name: &str| match look_up(name) {
            Known::Distribution { name, assumed, .. } => format!("{name} {assumed}"),
            other => format!("{other:?}"),
        };
        assert_eq!(distribution("pytorch"), "torch false");
        assert_eq!(distribution("numpy"), "numpy false");
        assert_eq!(distribution("librosa"), "librosa false");
        assert_eq!(distribution("some-thing"), "some-thing true");
        assert_eq!(look_up("libgcc-ng"), Known::Runtime);
        for name in
            ["ffmpeg", "r-ggplot2", "gcc_linux-64", "cuda-nvcc", "postgresql", "nodejs", "hdf5-static"]
        {
            assert!(matches!(look_up(name), Known::Other { .. }), "{name}");
        }
    }
}
