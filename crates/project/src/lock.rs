//! What `uv.lock` holds: names, versions, hashes. Reading only.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Document, Item, TableLike};

use crate::Error;

/// One version of one package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockedPackage {
    /// The version; none for a package whose version is dynamic.
    pub version: Option<String>,
    /// `sha256:...` of each file.
    pub hashes: BTreeSet<String>,
    /// Whether it comes from an index rather than from git, a URL or a path.
    pub from_index: bool,
}

/// The packages of a lock by normalised name. A name can have several versions, for several environments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    packages: BTreeMap<String, Vec<LockedPackage>>,
}

impl Lock {
    /// Reads the text of `uv.lock`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document =
            Document::parse(text).map_err(|error| Error::Lock { message: error.message().to_owned() })?;
        let mut packages: BTreeMap<String, Vec<LockedPackage>> = BTreeMap::new();
        let tables = document.get("package").and_then(Item::as_array_of_tables);
        for table in tables.into_iter().flatten() {
            let Some(name) = string(table, "name") else {
                return Err(Error::Lock { message: "a package has no name".to_owned() });
            };
            let source = table.get("source").and_then(Item::as_table_like);
            packages.entry(name).or_default().push(LockedPackage {
                version: string(table, "version"),
                hashes: hashes(table),
                from_index: source.is_some_and(|source| source.contains_key("registry")),
            });
        }
        Ok(Self { packages })
    }

    /// The versions of a package.
    pub fn versions(&self, name: &str) -> &[LockedPackage] {
        self.packages.get(name).map_or(&[], Vec::as_slice)
    }

    /// How many packages there are, each version counted.
    pub fn len(&self) -> usize {
        self.packages.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }
}

fn string(table: &dyn TableLike, key: &str) -> Option<String> {
    table.get(key).and_then(Item::as_str).map(str::to_owned)
}

fn hashes(table: &dyn TableLike) -> BTreeSet<String> {
    let sdist = table.get("sdist").and_then(Item::as_table_like).and_then(|sdist| string(sdist, "hash"));
    let wheels = table.get("wheels").and_then(Item::as_array).into_iter().flatten();
    let wheels = wheels.filter_map(|wheel| wheel.as_inline_table()?.get("hash")?.as_str().map(str::to_owned));
    wheels.chain(sdist).collect()
}

/// The lock without the constraints that one resolution had, so that it fits pyproject.toml without them.
///
/// Only the `constraints` of `[manifest]` go, by span; all else stays byte for byte. `kept` are those that
/// pyproject.toml itself has: with any of them the text is left for uv to write again, and nothing is given back.
pub fn without_constraints(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let manifest = document.get("manifest")?.as_table()?;
    let (key, value) = manifest.get_key_value("constraints")?;
    let start = key.span()?.start;
    let end = value.span()?.end;
    let line_end = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
    let only = manifest.len() == 1;
    let from = if only {
        text[..start].rfind("[manifest]")?
    } else {
        text[..start].rfind('\n').map_or(0, |at| at + 1)
    };
    let rest = if only { text[line_end..].trim_start_matches('\n') } else { &text[line_end..] };
    Some(format!("{}{rest}", &text[..from]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 1\nrequires-python = \">=3.9\"\n\n[manifest]\nconstraints = [\n    { name = \"b\", specifier = \"==1\" },\n]\n\n[[package]]\nname = \"b\"\nversion = \"1\"\nsource = { registry = \"r\" }\nsdist = { url = \"u\", hash = \"sha256:aa\" }\nwheels = [\n    { url = \"w\", hash = \"sha256:bb\" },\n]\n";

    #[test]
    fn reads_versions_and_hashes() {
        let lock = Lock::parse(LOCK).unwrap();
        let [package] = lock.versions("b") else { panic!("one version") };
        assert_eq!(package.version.as_deref(), Some("1"));
        assert!(package.from_index);
        assert_eq!(package.hashes.iter().map(String::as_str).collect::<Vec<_>>(), ["sha256:aa", "sha256:bb"]);
        assert!(lock.versions("c").is_empty());
    }

    #[test]
    fn cuts_the_constraints_and_nothing_else() {
        let cut = without_constraints(LOCK).unwrap();
        assert!(
            cut.starts_with("version = 1\nrequires-python = \">=3.9\"\n\n[[package]]\nname = \"b\"\n"),
            "{cut}"
        );
        let with_more = LOCK.replace("[manifest]\n", "[manifest]\nmembers = [\"a\"]\n");
        let cut = without_constraints(&with_more).unwrap();
        assert!(cut.contains("[manifest]\nmembers = [\"a\"]\n\n[[package]]"), "{cut}");
        assert_eq!(without_constraints(&cut), None);
    }

    #[test]
    fn a_broken_lock_is_an_error() {
        assert!(Lock::parse("[[package]]\nversion = \"1\"\n").is_err());
        assert!(Lock::parse("[[").is_err());
    }
}
