//! `pylock.toml`, version 1.0 of PEP 751.

use std::collections::BTreeMap;

use crate::table::{Entry, Toml, without_mark};
use crate::{Edge, Error, Lock, LockKind, LockMetadata, Package, Source};

/// The newest major version of the format that is known.
const KNOWN: u64 = 1;

/// Reads `pylock.toml`.
pub fn parse_pylock(text: &str) -> Result<Lock, Error> {
    let toml = Toml::parse(LockKind::Pylock, without_mark(text))?;
    let root = toml.root();
    let version = root.required("lock-version")?;
    root.known_version("lock-version", &version, KNOWN)?;
    let metadata = LockMetadata {
        version: Some(version),
        requires_python: root.string("requires-python")?,
        environments: root.strings("environments")?,
        groups: root.strings("dependency-groups")?,
        extras: root
            .strings("extras")?
            .into_iter()
            .map(|extra| (extra, Vec::new()))
            .collect::<BTreeMap<_, _>>(),
        ..LockMetadata::default()
    };
    let packages = root.tables("packages")?.iter().map(package).collect::<Result<_, _>>()?;
    Ok(Lock::new(LockKind::Pylock, metadata, packages))
}

fn package(entry: &Entry<'_>) -> Result<Package, Error> {
    let mut package = Package::new(&entry.required("name")?, entry.line);
    package.version = entry.string("version")?;
    package.marker = entry.string("marker")?;
    package.requires_python = entry.string("requires-python")?;
    package.source = source(entry)?;
    for table in entry.tables("dependencies")? {
        let version = table.string("version")?.map(|version| format!("=={version}"));
        package.dependencies.push(Edge { specifier: version, ..Edge::new(&table.required("name")?) });
    }
    let files = entry.tables("wheels")?.into_iter();
    for file in files.chain(entry.table("sdist")?).chain(entry.table("archive")?) {
        package.sizes.extend(file.size());
        let Some(hashes) = file.table("hashes")? else { continue };
        for algorithm in hashes.keys() {
            let digest = hashes.required(algorithm)?;
            package.hashes.insert(format!("{}:{digest}", algorithm.to_ascii_lowercase()));
        }
    }
    Ok(package)
}

fn source(entry: &Entry<'_>) -> Result<Source, Error> {
    if let Some(vcs) = entry.table("vcs")? {
        return Ok(Source::Vcs {
            tool: vcs.required("type")?,
            url: place(&vcs)?,
            reference: vcs.string("requested-revision")?,
            commit: vcs.string("commit-id")?,
            subdirectory: vcs.string("subdirectory")?,
        });
    }
    if let Some(folder) = entry.table("directory")? {
        return Ok(Source::Path { path: folder.required("path")?, editable: folder.flag("editable")? });
    }
    if let Some(archive) = entry.table("archive")? {
        // The path comes first: PEP 751 has it tried before the URL.
        return Ok(match archive.string("path")? {
            Some(path) => Source::Path { path, editable: false },
            None => Source::Url { url: place(&archive)?, subdirectory: archive.string("subdirectory")? },
        });
    }
    Ok(Source::Index(entry.string("index")?))
}

fn place(table: &Entry<'_>) -> Result<String, Error> {
    match table.string("url")? {
        Some(url) => Ok(url),
        None => table.required("path"),
    }
}
