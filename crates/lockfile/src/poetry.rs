//! `poetry.lock`, from Poetry 0.12 to 2.x.
//!
//! Hashes stand beside the package (`files`, from 1.4 on), in `[metadata.files]`, or as bare digests in `[metadata.hashes]`.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::{Item, Value};
use uvshift_requirements::{normalize_name, parse};

use crate::table::{Entry, Toml, any_of, file_hashes, without_mark};
use crate::{Edge, EdgeScope, Error, Lock, LockKind, LockMetadata, Package, Source};

/// The newest major version of the format that is known.
const KNOWN: u64 = 2;

/// Reads `poetry.lock`.
pub fn parse_poetry(text: &str) -> Result<Lock, Error> {
    let toml = Toml::parse(LockKind::Poetry, without_mark(text))?;
    let root = toml.root();
    let mut metadata = LockMetadata::default();
    let mut hashes = BTreeMap::new();
    if let Some(table) = root.table("metadata")? {
        metadata.version = table.string("lock-version")?;
        if let Some(version) = &metadata.version {
            table.known_version("lock-version", version, KNOWN)?;
        }
        metadata.content_hash = table.string("content-hash")?;
        metadata.requires_python = table.string("python-versions")?;
        hashes = old_hashes(&table)?;
    }
    if let Some(extras) = root.table("extras")? {
        for extra in extras.keys() {
            metadata.extras.insert(extra.to_owned(), extras.strings(extra)?);
        }
    }
    let packages =
        root.tables("package")?.iter().map(|entry| package(entry, &hashes)).collect::<Result<_, _>>()?;
    Ok(Lock::new(LockKind::Poetry, metadata, packages))
}

/// The hashes of the files of each package, which stood together at the end before Poetry 1.4.
fn old_hashes(metadata: &Entry<'_>) -> Result<BTreeMap<String, BTreeSet<String>>, Error> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    if let Some(files) = metadata.table("files")? {
        for name in files.keys() {
            found.entry(normalize_name(name)).or_default().extend(file_hashes(files.tables(name)?)?);
        }
    }
    if let Some(hashes) = metadata.table("hashes")? {
        for name in hashes.keys() {
            let digests = hashes.strings(name)?.into_iter().map(|digest| format!("sha256:{digest}"));
            found.entry(normalize_name(name)).or_default().extend(digests);
        }
    }
    Ok(found)
}

fn package(entry: &Entry<'_>, hashes: &BTreeMap<String, BTreeSet<String>>) -> Result<Package, Error> {
    let mut package = Package::new(&entry.required("name")?, entry.line);
    package.version = entry.string("version")?;
    package.requires_python = entry.string("python-versions")?.filter(|versions| versions != "*");
    package.groups = entry.strings("groups")?;
    package.groups.extend(entry.string("category")?);
    package.optional = entry.flag("optional")?;
    package.marker = marker(entry, &package.groups)?;
    if let Some(source) = entry.table("source")? {
        package.source = self::source(&source, entry.flag("develop")?)?;
    }
    package.hashes = file_hashes(entry.tables("files")?)?.into_iter().collect();
    package.hashes.extend(hashes.get(&package.name).into_iter().flatten().cloned());
    package.dependencies = edge_table(entry)?;
    if let Some(extras) = entry.table("extras")? {
        for extra in extras.keys() {
            package.provides_extras.insert(extra.to_owned());
            let wanted = extras.strings(extra)?;
            let named = wanted.iter().filter_map(|text| named_edge(text, extra));
            // Both tables tell of the same edge; that one knows the marker, this one the extra.
            for named in named {
                let twin = package
                    .dependencies
                    .iter_mut()
                    .find(|edge| edge.name == named.name && edge.scope == EdgeScope::Extra(String::new()));
                match twin {
                    Some(edge) => edge.scope = named.scope,
                    None => package.dependencies.push(named),
                }
            }
        }
    }
    Ok(package)
}

/// One marker, or one for each group; a group without one needs the package everywhere.
fn marker(entry: &Entry<'_>, groups: &[String]) -> Result<Option<String>, Error> {
    match entry.item("markers") {
        Some(item) if item.as_table_like().is_some() => {
            let Some(table) = entry.table("markers")? else { return Ok(None) };
            let mut markers: Vec<String> = Vec::new();
            for group in table.keys() {
                let marker = table.required(group)?;
                if !markers.contains(&marker) {
                    markers.push(marker);
                }
            }
            let everywhere = groups.iter().any(|group| !table.has(group));
            Ok(any_of(&markers).filter(|_| !everywhere))
        }
        // Poetry 1.0 wrote `marker`.
        _ => Ok(entry.string("markers")?.or(entry.string("marker")?)),
    }
}

fn source(table: &Entry<'_>, develop: bool) -> Result<Source, Error> {
    let url = table.string("url")?;
    let needed = |url: Option<String>| url.ok_or_else(|| table.wrong("url", "a string"));
    let kind = table.string("type")?.unwrap_or_default();
    Ok(match kind.as_str() {
        "directory" | "file" => Source::Path { path: needed(url)?, editable: develop },
        "url" => Source::Url { url: needed(url)?, subdirectory: table.string("subdirectory")? },
        "git" | "hg" | "svn" | "bzr" => Source::Vcs {
            url: needed(url)?,
            reference: table.string("reference")?.filter(|reference| !reference.is_empty()),
            commit: table.string("resolved_reference")?,
            subdirectory: table.string("subdirectory")?,
            tool: kind,
        },
        // `legacy`: an index by PEP 503; `PyPI` has no table.
        _ => Source::Index(url.filter(|url| !url.is_empty())),
    })
}

/// The table `dependencies` of a package.
pub(crate) fn edge_table(entry: &Entry<'_>) -> Result<Vec<Edge>, Error> {
    let mut found = Vec::new();
    if let Some(dependencies) = entry.table("dependencies")? {
        for name in dependencies.keys() {
            found.extend(edges(&dependencies, name)?);
        }
    }
    Ok(found)
}

/// `name = ">=1"`, a table, or an array of both.
fn edges(dependencies: &Entry<'_>, name: &str) -> Result<Vec<Edge>, Error> {
    match dependencies.item(name) {
        Some(item) if item.is_str() => Ok(vec![plain_edge(name, dependencies.string(name)?)]),
        Some(item) if item.as_table_like().is_some() => {
            dependencies.table(name)?.iter().map(|table| table_edge(name, table)).collect()
        }
        Some(Item::Value(Value::Array(array))) if array.iter().all(Value::is_str) => {
            let texts = dependencies.strings(name)?;
            Ok(texts.into_iter().map(|text| plain_edge(name, Some(text))).collect())
        }
        _ => dependencies.tables(name)?.iter().map(|table| table_edge(name, table)).collect(),
    }
}

fn plain_edge(name: &str, specifier: Option<String>) -> Edge {
    Edge { specifier: specifier.filter(|text| text != "*"), ..Edge::new(name) }
}

fn table_edge(name: &str, table: &Entry<'_>) -> Result<Edge, Error> {
    let optional = table.flag("optional")?;
    Ok(Edge {
        extras: table.strings("extras")?,
        marker: table.string("markers")?,
        scope: if optional { EdgeScope::Extra(String::new()) } else { EdgeScope::Main },
        ..plain_edge(name, table.string("version")?)
    })
}

/// `flask (>=2)`, `flask[async] (>=2) ; marker`: what an extra of a package lists.
fn named_edge(text: &str, extra: &str) -> Option<Edge> {
    let document = parse(text);
    let (_, found) = document.requirements().next()?;
    let specifier = found.specifier();
    Some(Edge {
        extras: found.extras().map(str::to_owned).collect(),
        specifier: Some(specifier.to_owned()).filter(|text| !text.is_empty()),
        marker: found.marker().map(str::to_owned),
        scope: EdgeScope::Extra(extra.to_owned()),
        ..Edge::new(found.name()?)
    })
}
