//! `[pypi-dependencies]`: packages of the package index, as lines of a requirements file.

use toml_edit::{Item, TableLike};
use uvshift_pyproject::{Source, SourceKind};
use uvshift_requirements::{normalize_name, split_credentials};

use super::{Part, Reader};
use crate::convert::{Foreign, read_foreign};
use crate::sources::index::{OtherIndex, Use, add_index};
use crate::{Comments, NamedSource, local};

const KEYS: [&str; 12] = [
    "version",
    "extras",
    "path",
    "editable",
    "git",
    "branch",
    "tag",
    "rev",
    "subdirectory",
    "url",
    "index",
    "env-markers",
];

type Problem = (String, &'static str);

impl<'a> Reader<'a, '_> {
    pub(super) fn pypi(&mut self, part: &Part<'a>, table: &[&'a str]) {
        for (name, item) in self.table(table) {
            let path: Vec<&'a str> = table.iter().copied().chain([name]).collect();
            if self.takes_the_place(part, &path) {
                continue;
            }
            let line = match line(name, item, part.marker) {
                Ok(line) => line,
                Err((why, advice)) => {
                    self.refuse(&path, why, advice);
                    continue;
                }
            };
            if !self.index(part, &path, name, item) {
                continue;
            }
            let (above, trailing) = self.document.toml.comments(&path);
            let foreign = Foreign {
                line,
                shown: self.document.written(&path),
                from: self.from(&path),
                comments: Comments { above, trailing },
            };
            if let Some(group) = part.group() {
                self.out.manifest.group(group);
            }
            self.out.lists_dependencies = true;
            read_foreign(self.given.tree, self.given.options, &part.scope, vec![foreign], self.out);
        }
    }

    /// The index that a package comes from gets a name; whether it could be had.
    fn index(&mut self, part: &Part<'a>, path: &[&str], name: &str, item: &Item) -> bool {
        let Some(url) = item.get("index").and_then(Item::as_str) else { return true };
        let clean = split_credentials(url).0;
        let known = self.out.manifest.indexes.iter().find(|index| index.url == clean);
        let index = if let Some(name) = known.and_then(|index| index.name.clone()) {
            name
        } else {
            let (own, shown) = (format!("{name}-index"), format!("index {clean}"));
            let from = self.from(path);
            let index = OtherIndex { name: &own, url, use_for: Use::Named, verify: true, from, shown };
            let Some(name) = add_index(index, self.out) else { return false };
            name
        };
        self.out.manifest.sources.push(NamedSource {
            name: normalize_name(name),
            source: Source::new(SourceKind::Index(index)),
            scope: part.scope.clone(),
            from: self.from(path),
        });
        true
    }
}

/// The package as a line of a requirements file.
fn line(name: &str, item: &Item, platform: Option<&str>) -> Result<String, Problem> {
    let Some(table) = item.as_table_like() else {
        let Some(version) = item.as_str() else {
            return Err((
                "it is neither a version nor a table".to_owned(),
                "write a version such as \">=1.0\", or \"*\"",
            ));
        };
        return Ok(format!("{name}{}{}", specifier(version)?, ending(None, platform)));
    };
    known_keys(table)?;
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    let (extras, ending) = (extras(table), ending(text("env-markers"), platform));
    let folder = text("subdirectory").map(|folder| format!("#subdirectory={folder}")).unwrap_or_default();
    if let Some(url) = text("git") {
        let revision = ["branch", "tag", "rev"].into_iter().find_map(text);
        let revision = revision.map(|revision| format!("@{revision}")).unwrap_or_default();
        let url = url.strip_prefix("git+").unwrap_or(url);
        return Ok(format!("{name}{extras} @ git+{url}{revision}{folder}{ending}"));
    }
    if let Some(url) = text("url") {
        return Ok(format!("{name}{extras} @ {url}{folder}{ending}"));
    }
    let Some(location) = text("path") else {
        let version = specifier(text("version").unwrap_or("*"))?;
        return Ok(format!("{name}{extras}{version}{ending}"));
    };
    let path = if location.starts_with(['.', '/']) { location.to_owned() } else { format!("./{location}") };
    if table.get("editable").and_then(Item::as_bool) != Some(true) && !local::is_project_itself(&path) {
        return Ok(format!("{path}{extras}{ending}"));
    }
    if !ending.is_empty() {
        let advice =
            "take `editable` or the marker out, and set them in [tool.uv.sources] after the migration";
        return Err(("an editable package has no marker in a requirements file".to_owned(), advice));
    }
    Ok(format!("-e {path}{extras}"))
}

/// Every key is one that is understood, with a value of the right type and on one line.
fn known_keys(table: &dyn TableLike) -> Result<(), Problem> {
    for (key, item) in table.iter() {
        if !KEYS.contains(&key) {
            let advice = "remove the key, and write what it says into [tool.uv.sources] after the migration";
            return Err((format!("uvshift cannot carry the key `{key}`"), advice));
        }
        let right = match key {
            "editable" => item.is_bool(),
            "extras" => item.as_array().is_some_and(|extras| extras.iter().all(toml_edit::Value::is_str)),
            _ => item.as_str().is_some_and(|text| !text.contains(['\n', '\r'])),
        };
        if !right {
            return Err((format!("the key `{key}` has a value of the wrong type"), "correct the value"));
        }
    }
    Ok(())
}

/// `*` is any version; a bare one is an error to Pixi, too.
fn specifier(version: &str) -> Result<String, Problem> {
    match version.trim() {
        "*" => Ok(String::new()),
        version if version.starts_with(['<', '>', '=', '!', '~']) && !version.contains(['\n', '\r']) => {
            Ok(version.to_owned())
        }
        version => {
            Err((format!("`{version}` is no specifier of PEP 440"), "write one such as \">=1.0\", or \"*\""))
        }
    }
}

fn extras(table: &dyn TableLike) -> String {
    let array = table.get("extras").and_then(Item::as_array);
    let names: Vec<&str> = array.into_iter().flatten().filter_map(|value| value.as_str()).collect();
    if names.is_empty() { String::new() } else { format!("[{}]", names.join(",")) }
}

/// The marker of the package and that of its platform; both must hold.
fn ending(own: Option<&str>, platform: Option<&str>) -> String {
    match (own.map(str::trim).filter(|own| !own.is_empty()), platform) {
        (Some(own), Some(platform)) => format!(" ; ({own}) and {platform}"),
        (Some(one), None) | (None, Some(one)) => format!(" ; {one}"),
        (None, None) => String::new(),
    }
}
