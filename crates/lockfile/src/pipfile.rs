//! `Pipfile.lock`, version 6 of the specification, as Pipenv has written it since 2018.

use serde_json::{Map, Value};

use crate::json::{Places, object};
use crate::table::{newest, without_mark};
use crate::{Error, Lock, LockKind, LockMetadata, Package, Source};

/// The newest version of the specification that is known.
const KNOWN: u64 = 6;

/// Reads `Pipfile.lock`. Every top-level key but `_meta` is a category of packages.
pub fn parse_pipfile(text: &str) -> Result<Lock, Error> {
    let text = without_mark(text);
    let places = Places::of(text);
    let root: Value = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        Error::Json { kind: LockKind::Pipfile, line: error.line().max(1), message: message.to_owned() }
    })?;
    let root = object(&root, &places, &[])?;
    let metadata = match root.get("_meta") {
        Some(found) => metadata(object(found, &places, &["_meta"])?, &places)?,
        None => LockMetadata::default(),
    };
    let mut packages = Vec::new();
    for (category, found) in root.iter().filter(|(category, _)| *category != "_meta") {
        for (name, found) in object(found, &places, &[category])? {
            // The first lock files gave the version alone.
            if let Value::String(version) = found {
                let mut package = Package::new(name, places.line(&[category, name]));
                package.version = exact(version);
                package.groups.push(category.clone());
                packages.push(package);
                continue;
            }
            let table = Table {
                keys: object(found, &places, &[category, name])?,
                places: &places,
                path: [category, name],
            };
            packages.push(package(&table, &metadata)?);
        }
    }
    let groups = root.keys().filter(|category| *category != "_meta").cloned().collect();
    Ok(Lock::new(LockKind::Pipfile, LockMetadata { groups, ..metadata }, packages))
}

fn metadata(table: &Map<String, Value>, places: &Places) -> Result<LockMetadata, Error> {
    let mut metadata = LockMetadata::default();
    if let Some(version) = table.get("pipfile-spec") {
        let found = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        newest(LockKind::Pipfile, places.line(&["_meta", "pipfile-spec"]), &found, KNOWN)?;
        metadata.version = Some(found);
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let digest = table.get("hash").and_then(|hash| text(hash.get("sha256")));
    metadata.content_hash = digest.map(|digest| format!("sha256:{digest}"));
    metadata.requires_python = table.get("requires").and_then(|requires| {
        text(requires.get("python_full_version")).or(text(requires.get("python_version")))
    });
    for source in table.get("sources").and_then(Value::as_array).into_iter().flatten() {
        if let (Some(name), Some(url)) = (text(source.get("name")), text(source.get("url"))) {
            metadata.indexes.insert(name, url);
        }
    }
    Ok(metadata)
}

/// The entry of one package.
struct Table<'a> {
    keys: &'a Map<String, Value>,
    places: &'a Places,
    path: [&'a str; 2],
}

impl Table<'_> {
    fn line(&self) -> usize {
        self.places.line(&self.path)
    }

    fn wrong(&self, key: &str, expected: &'static str) -> Error {
        Error::Type {
            kind: LockKind::Pipfile,
            line: self.line(),
            key: format!("{}.{key}", self.path.join(".")),
            expected,
        }
    }

    fn string(&self, key: &str) -> Result<Option<String>, Error> {
        match self.keys.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(key, "a string")),
        }
    }

    fn strings(&self, key: &str) -> Result<Vec<String>, Error> {
        match self.keys.get(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                let text = |item: &Value| item.as_str().map(str::to_owned);
                let texts = items.iter().map(text).collect::<Option<_>>();
                texts.ok_or_else(|| self.wrong(key, "an array of strings"))
            }
            Some(_) => Err(self.wrong(key, "an array of strings")),
        }
    }
}

fn package(table: &Table<'_>, metadata: &LockMetadata) -> Result<Package, Error> {
    let [category, name] = table.path;
    let mut package = Package::new(name, table.line());
    package.version = table.string("version")?.and_then(|text| exact(&text));
    package.groups.push(category.to_owned());
    package.extras = table.strings("extras")?;
    package.marker = table.string("markers")?;
    package.hashes = table.strings("hashes")?.into_iter().collect();
    package.source = source(table, metadata)?;
    Ok(package)
}

/// `==1.0` is the version 1.0; `*` and nothing are no version.
fn exact(text: &str) -> Option<String> {
    let version = text.trim_start_matches('=').trim();
    (!version.is_empty() && version != "*").then(|| version.to_owned())
}

fn source(table: &Table<'_>, metadata: &LockMetadata) -> Result<Source, Error> {
    let subdirectory = table.string("subdirectory")?;
    for tool in ["git", "hg", "svn", "bzr"] {
        if let Some(url) = table.string(tool)? {
            // Pipenv replaces the reference by the commit when it locks.
            let commit = table.string("ref")?;
            return Ok(Source::Vcs { tool: tool.to_owned(), url, reference: None, commit, subdirectory });
        }
    }
    let editable = matches!(table.keys.get("editable"), Some(Value::Bool(true)));
    for key in ["path", "file", "url"] {
        let Some(place) = table.string(key)? else { continue };
        return Ok(if place.contains("://") && !place.starts_with("file:") {
            Source::Url { url: place, subdirectory }
        } else {
            Source::Path { path: place, editable }
        });
    }
    let index = table.string("index")?;
    Ok(Source::Index(index.and_then(|index| metadata.indexes.get(&index).cloned())))
}
