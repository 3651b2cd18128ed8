//! `pdm.lock`, version 4.x of the format, and 3.x and 2.x as far as they are the same.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::Item;
use uvshift_requirements::{normalize_name, parse};

use crate::table::{Entry, Toml, file_hashes, without_mark};
use crate::{Edge, Error, Lock, LockKind, LockMetadata, Package, Source};

/// The newest major version of the format that is known.
const KNOWN: u64 = 4;

/// Reads `pdm.lock`.
pub fn parse_pdm(text: &str) -> Result<Lock, Error> {
    let toml = Toml::parse(LockKind::Pdm, without_mark(text))?;
    let root = toml.root();
    let mut metadata = LockMetadata::default();
    let mut hashes = BTreeMap::new();
    if let Some(table) = root.table("metadata")? {
        metadata = self::metadata(&table)?;
        hashes = old_hashes(&table)?;
    }
    let packages =
        root.tables("package")?.iter().map(|entry| package(entry, &hashes)).collect::<Result<_, _>>()?;
    Ok(Lock::new(LockKind::Pdm, metadata, packages))
}

fn metadata(table: &Entry<'_>) -> Result<LockMetadata, Error> {
    let mut metadata = LockMetadata {
        version: table.string("lock_version")?,
        content_hash: table.string("content_hash")?,
        requires_python: table.string("requires_python")?,
        groups: table.strings("groups")?,
        strategy: table.strings("strategy")?,
        ..LockMetadata::default()
    };
    if let Some(version) = &metadata.version {
        table.known_version("lock_version", version, KNOWN)?;
    }
    for target in table.tables("targets")? {
        let parts = ["requires_python", "platform", "implementation"];
        let mut words = Vec::new();
        for key in parts {
            words.extend(target.string(key)?.map(|value| format!("{key}={value}")));
        }
        let only_python = words.len() <= 1 && !target.has("platform") && !target.has("implementation");
        match target.string("requires_python")? {
            Some(range) if only_python => {
                metadata.requires_python.get_or_insert(range);
            }
            _ => metadata.environments.push(words.join(" ")),
        }
    }
    Ok(metadata)
}

/// `[metadata.files]` with a key such as `"flask 3.0.0"`, before version 4.3.
fn old_hashes(metadata: &Entry<'_>) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
    let mut found = BTreeMap::new();
    if let Some(files) = metadata.table("files")? {
        for key in files.keys() {
            let hashes: BTreeSet<String> = file_hashes(files.tables(key)?)?.into_iter().collect();
            found.insert(file_key(key), hashes);
        }
    }
    Ok(found)
}

fn file_key(key: &str) -> String {
    let (name, version) = key.split_once(' ').unwrap_or((key, ""));
    // `requests[socks] 2.0` has the files of `requests 2.0`.
    let name = name.split('[').next().unwrap_or(name);
    format!("{} {version}", normalize_name(name))
}

fn package(entry: &Entry<'_>, hashes: &BTreeMap<String, BTreeSet<String>>) -> Result<Package, Error> {
    let mut package = Package::new(&entry.required("name")?, entry.line);
    package.version = entry.string("version")?;
    package.requires_python = entry.string("requires_python")?;
    package.groups = entry.strings("groups")?;
    package.groups.extend(entry.strings("sections")?);
    package.groups.extend(entry.string("section")?);
    package.extras = entry.strings("extras")?;
    package.marker = entry.string("marker")?;
    package.source = source(entry)?;
    package.hashes = file_hashes(entry.tables("files")?)?.into_iter().collect();
    let key = file_key(&format!("{} {}", package.name, package.version.as_deref().unwrap_or_default()));
    package.hashes.extend(hashes.get(&key).into_iter().flatten().cloned());
    package.dependencies = edges(entry)?;
    Ok(package)
}

fn source(entry: &Entry<'_>) -> Result<Source, Error> {
    let subdirectory = entry.string("subdirectory")?;
    for tool in ["git", "hg", "svn", "bzr"] {
        if let Some(url) = entry.string(tool)? {
            let (reference, commit) = (entry.string("ref")?, entry.string("revision")?);
            return Ok(Source::Vcs { tool: tool.to_owned(), url, reference, commit, subdirectory });
        }
    }
    if let Some(path) = entry.string("path")? {
        return Ok(Source::Path { path, editable: entry.flag("editable")? });
    }
    Ok(match entry.string("url")? {
        Some(url) => Source::Url { url, subdirectory },
        None => Source::Index(None),
    })
}

/// Requirements by PEP 508; in 2020 they were a table as Poetry has it.
fn edges(entry: &Entry<'_>) -> Result<Vec<Edge>, Error> {
    if entry.item("dependencies").is_some_and(Item::is_table_like) {
        return crate::poetry::edge_table(entry);
    }
    Ok(entry.strings("dependencies")?.iter().filter_map(|text| edge(text)).collect())
}

/// A requirement by PEP 508.
fn edge(text: &str) -> Option<Edge> {
    let document = parse(text);
    let (_, found) = document.requirements().next()?;
    Some(Edge {
        extras: found.extras().map(str::to_owned).collect(),
        specifier: Some(found.specifier().to_owned()).filter(|text| !text.is_empty()),
        marker: found.marker().map(str::to_owned),
        ..Edge::new(found.name()?)
    })
}
