//! `uv.lock`, version 1, as uv 0.13 writes it.

use uvshift_requirements::normalize_name;

use crate::table::{Entry, Toml, any_of, file_hashes, newest, without_mark};
use crate::{Edge, EdgeScope, Error, Lock, LockKind, LockMetadata, Package, Source};

/// The newest version of the format that is known.
const KNOWN: u64 = 1;

/// Reads `uv.lock`.
pub fn parse_uv(text: &str) -> Result<Lock, Error> {
    let toml = Toml::parse(LockKind::Uv, without_mark(text))?;
    let root = toml.root();
    let version = version(&root)?;
    let members = match root.table("manifest")? {
        Some(manifest) => manifest.strings("members")?.iter().map(|name| normalize_name(name)).collect(),
        None => Vec::new(),
    };
    let metadata = LockMetadata {
        version,
        members,
        requires_python: root.string("requires-python")?,
        environments: root.strings("supported-markers")?,
        ..LockMetadata::default()
    };
    let packages = root.tables("package")?.iter().map(package).collect::<Result<_, _>>()?;
    Ok(Lock::new(LockKind::Uv, metadata, packages))
}

fn version(root: &Entry<'_>) -> Result<Option<String>, Error> {
    let Some(item) = root.item("version") else { return Ok(None) };
    let found = item.as_integer().ok_or_else(|| root.wrong("version", "a number"))?.to_string();
    newest(LockKind::Uv, root.line_of("version"), &found, KNOWN)?;
    Ok(Some(found))
}

fn package(entry: &Entry<'_>) -> Result<Package, Error> {
    let mut package = Package::new(&entry.required("name")?, entry.line);
    package.version = entry.string("version")?;
    package.marker = any_of(&entry.strings("resolution-markers")?);
    if let Some(found) = entry.table("source")? {
        package.source = source(&found)?;
    }
    package.dependencies = edges(entry, "dependencies", &EdgeScope::Main)?;
    if let Some(extras) = entry.table("optional-dependencies")? {
        for extra in extras.keys() {
            package.provides_extras.insert(extra.to_owned());
            package.dependencies.extend(edges(&extras, extra, &EdgeScope::Extra(extra.to_owned()))?);
        }
    }
    // `dev-dependencies` holds every dependency group, under the name of the first kind that uv had.
    if let Some(groups) = entry.table("dev-dependencies")? {
        for group in groups.keys() {
            package.dependencies.extend(edges(&groups, group, &EdgeScope::Group(group.to_owned()))?);
        }
    }
    if let Some(metadata) = entry.table("metadata")? {
        package.provides_extras.extend(metadata.strings("provides-extras")?);
    }
    package.hashes = file_hashes(files(entry)?)?.into_iter().collect();
    package.sizes = files(entry)?.filter_map(|file| file.size()).collect();
    Ok(package)
}

fn edges(entry: &Entry<'_>, key: &str, scope: &EdgeScope) -> Result<Vec<Edge>, Error> {
    let edge = |table: &Entry<'_>| {
        Ok(Edge {
            extras: table.strings("extra")?,
            specifier: table.string("version")?.map(|version| format!("=={version}")),
            marker: table.string("marker")?,
            scope: scope.clone(),
            ..Edge::new(&table.required("name")?)
        })
    };
    entry.tables(key)?.iter().map(edge).collect()
}

fn files<'a>(entry: &Entry<'a>) -> Result<impl Iterator<Item = Entry<'a>>, Error> {
    Ok(entry.tables("wheels")?.into_iter().chain(entry.table("sdist")?))
}

fn source(table: &Entry<'_>) -> Result<Source, Error> {
    if let Some(url) = table.string("git")? {
        return Ok(git(&url));
    }
    if let Some(url) = table.string("url")? {
        return Ok(Source::Url { url, subdirectory: table.string("subdirectory")? });
    }
    for (key, editable) in [("editable", true), ("path", false), ("directory", false), ("virtual", false)] {
        if let Some(path) = table.string(key)? {
            return Ok(Source::Path { path, editable });
        }
    }
    Ok(Source::Index(table.string("registry")?))
}

/// `https://HOST/PATH?rev=REFERENCE&subdirectory=FOLDER#COMMIT`.
fn git(url: &str) -> Source {
    let (rest, commit) = url.split_once('#').map_or((url, None), |(rest, commit)| (rest, Some(commit)));
    let (bare, query) = rest.split_once('?').unwrap_or((rest, ""));
    let value = |keys: &[&str]| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| keys.contains(key)).map(|(_, value)| percent_decoded(value)).next()
    };
    Source::Vcs {
        tool: "git".to_owned(),
        url: bare.to_owned(),
        reference: value(&["rev", "tag", "branch"]),
        commit: commit.map(str::to_owned),
        subdirectory: value(&["subdirectory"]),
    }
}

/// `a%2Fb` is `a/b`; what is no escape stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).filter(|_| *first == b'%').and_then(|digits| {
            let high = char::from(digits[0]).to_digit(16)?;
            let low = char::from(digits[1]).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        });
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
