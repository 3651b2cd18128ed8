//! One package of a Pipfile as a line of a requirements file.

use toml_edit::{Item, TableLike};
use uvshift_pyproject::{Source, SourceKind};
use uvshift_requirements::normalize_name;

use super::super::entry::{Document, leave_out, refuse};
use super::Named;
use crate::convert::Foreign;
use crate::{AllowedHashes, Comments, NamedSource, Provenance, Reading, Scope, local};

/// Variables of markers that are keys of their own.
const MARKER_KEYS: [&str; 11] = [
    "implementation_name",
    "implementation_version",
    "os_name",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_full_version",
    "python_version",
    "sys_platform",
];
/// What else a package can say.
const KEYS: [&str; 17] = [
    "bzr",
    "editable",
    "extras",
    "file",
    "git",
    "hash",
    "hashes",
    "hg",
    "index",
    "markers",
    "no_binary",
    "path",
    "ref",
    "skip_resolver",
    "subdirectory",
    "svn",
    "version",
];

/// Where a package stands.
pub(super) struct Place<'a> {
    pub(super) document: Document<'a>,
    pub(super) category: &'a str,
    pub(super) name: &'a str,
    pub(super) scope: &'a Scope,
}

impl Place<'_> {
    fn from(&self) -> Provenance {
        self.document.from(&[self.category, self.name])
    }

    fn shown(&self) -> String {
        self.document.written(&[self.category, self.name])
    }

    fn refuse(&self, why: impl Into<String>, advice: impl Into<String>, out: &mut Reading) {
        refuse(out, self.from(), &self.shown(), why, advice);
    }
}

/// The package as a line of a requirements file; its index, hashes and switches go to the manifest at once.
pub(super) fn requirement(
    place: &Place<'_>,
    value: &Item,
    indexes: &[Named],
    out: &mut Reading,
) -> Option<Foreign> {
    let (above, trailing) = place.document.toml.comments(&[place.category, place.name]);
    let line = if let Some(version) = value.as_str() {
        format!("{}{}", place.name, specifier(version))
    } else if let Some(table) = value.as_table_like() {
        if let Err((why, advice)) = known_keys(table) {
            place.refuse(why, advice, out);
            return None;
        }
        let line = match line(place.name, table) {
            Ok(line) => line,
            Err((why, advice)) => {
                place.refuse(why, advice, out);
                return None;
            }
        };
        if let Err((why, advice)) = index(place, table, indexes, out) {
            place.refuse(why, advice, out);
            return None;
        }
        switches(place, table, out);
        line
    } else {
        place.refuse(
            "it is neither a version nor a table",
            "write a version such as \">=1.0\", or \"*\"",
            out,
        );
        return None;
    };
    let comments = Comments { above, trailing };
    Some(Foreign { line, shown: place.shown(), from: place.from(), comments })
}

type Problem = (String, String);

/// Every key is one that Pipenv reads, with a value of the right type.
fn known_keys(table: &dyn TableLike) -> Result<(), Problem> {
    for (key, item) in table.iter() {
        let normal = key.replace('-', "_");
        let known = KEYS.contains(&normal.as_str()) || MARKER_KEYS.contains(&normal.as_str());
        if !known {
            let advice = "remove the key if the package installs without it".to_owned();
            return Err((format!("uvshift does not know the key `{key}`"), advice));
        }
        let right = match normal.as_str() {
            "editable" | "skip_resolver" | "no_binary" => item.is_bool(),
            "extras" | "hashes" => item.is_array(),
            _ => item.is_str(),
        };
        if !right {
            return Err((
                format!("the key `{key}` has a value of the wrong type"),
                "correct the value".to_owned(),
            ));
        }
    }
    Ok(())
}

/// `*` and nothing are any version; a bare version is that one.
fn specifier(version: &str) -> String {
    let version = version.trim();
    if version.is_empty() || version == "*" {
        String::new()
    } else if version.starts_with(['<', '>', '=', '!', '~']) {
        version.to_owned()
    } else {
        format!("=={version}")
    }
}

fn line(name: &str, table: &dyn TableLike) -> Result<String, Problem> {
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    let extras = extras(table);
    let editable = table.get("editable").and_then(Item::as_bool) == Some(true);
    let marker = marker(table);
    let ending = marker.as_ref().map(|marker| format!(" ; {marker}")).unwrap_or_default();
    for tool in ["git", "hg", "svn", "bzr"] {
        let Some(url) = text(tool) else { continue };
        let url = url.split_once("#egg=").map_or(url, |(url, _)| url);
        let prefix = format!("{tool}+");
        let url = if url.starts_with(&prefix) { url.to_owned() } else { format!("{prefix}{}", ssh_url(url)) };
        let reference = text("ref").map(|reference| format!("@{reference}")).unwrap_or_default();
        let folder = text("subdirectory").map(|folder| format!("#subdirectory={folder}")).unwrap_or_default();
        return Ok(format!("{name}{extras} @ {url}{reference}{folder}{ending}"));
    }
    let Some(location) = text("path").or(text("file")) else {
        let version = specifier(text("version").unwrap_or_default());
        return Ok(format!("{name}{extras}{version}{ending}"));
    };
    if location.contains("://") && !location.starts_with("file:") {
        let folder = text("subdirectory").map(|folder| format!("#subdirectory={folder}")).unwrap_or_default();
        return Ok(format!("{name}{extras} @ {location}{folder}{ending}"));
    }
    let is_itself = local::is_project_itself(location);
    if marker.is_some() && editable && !is_itself {
        let advice =
            "take `editable` or the marker out, and set them in [tool.uv.sources] after the migration";
        return Err((
            "an editable package has no marker in a requirements file".to_owned(),
            advice.to_owned(),
        ));
    }
    let path = if location.starts_with(['.', '/']) || location.starts_with("file:") {
        location.to_owned()
    } else {
        format!("./{location}")
    };
    Ok(if editable { format!("-e {path}{extras}") } else { format!("{path}{extras}{ending}") })
}

/// `git@host:path` as a URL.
fn ssh_url(url: &str) -> String {
    match url.split_once(':') {
        Some((user, path)) if !url.contains("://") && user.contains('@') => format!("ssh://{user}/{path}"),
        _ => url.to_owned(),
    }
}

fn extras(table: &dyn TableLike) -> String {
    let array = table.get("extras").and_then(Item::as_array);
    let names: Vec<&str> = array.into_iter().flatten().filter_map(|value| value.as_str()).collect();
    if names.is_empty() { String::new() } else { format!("[{}]", names.join(",")) }
}

/// `markers` and the keys named like variables; all of them must hold.
fn marker(table: &dyn TableLike) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for (key, item) in table.iter() {
        let Some(value) = item.as_str().map(str::trim).filter(|value| !value.is_empty()) else { continue };
        if key == "markers" {
            parts.push(value.to_owned());
        } else if MARKER_KEYS.contains(&key) {
            parts.push(format!("{key} {value}"));
        }
    }
    if let [only] = parts.as_slice() {
        return Some(only.clone());
    }
    let within = |part: &String| if part.contains(" or ") { format!("({part})") } else { part.clone() };
    (!parts.is_empty()).then(|| parts.iter().map(within).collect::<Vec<_>>().join(" and "))
}

/// `index` names the source that the package comes from.
fn index(
    place: &Place<'_>,
    table: &dyn TableLike,
    indexes: &[Named],
    out: &mut Reading,
) -> Result<(), Problem> {
    let Some(wanted) = table.get("index").and_then(Item::as_str) else { return Ok(()) };
    let Some(found) = indexes.iter().find(|known| known.old == wanted) else {
        let advice = "add a [[source]] of this name, or remove the key".to_owned();
        return Err((format!("there is no source called `{wanted}`"), advice));
    };
    // What comes from the default index needs no source, unless others have to be kept out.
    if found.default && out.manifest.indexes.iter().all(|index| index.default || index.explicit) {
        return Ok(());
    }
    out.manifest.sources.push(NamedSource {
        name: normalize_name(place.name),
        source: Source::new(SourceKind::Index(found.new.clone())),
        scope: place.scope.clone(),
        from: place.from(),
    });
    Ok(())
}

/// What is said of a package beside its version and place.
fn switches(place: &Place<'_>, table: &dyn TableLike, out: &mut Reading) {
    let set = |key: &str| table.get(key).and_then(Item::as_bool) == Some(true);
    let name = normalize_name(place.name);
    if set("no_binary") || set("no-binary") {
        out.manifest.uv.no_binary.take(&name);
    }
    if set("skip_resolver") || set("skip-resolver") {
        let why = "uv resolves what every package needs; exclude packages with tool.uv.exclude-dependencies";
        leave_out(out, place.from(), "skip_resolver = true", why);
    }
    let one = table.get("hash").and_then(Item::as_str).map(str::to_owned);
    let several = table.get("hashes").and_then(Item::as_array).into_iter().flatten();
    let several = several.filter_map(|value| value.as_str().map(str::to_owned));
    let hashes: Vec<String> = several.chain(one).collect();
    if !hashes.is_empty() {
        out.manifest.hashes.push(AllowedHashes { name, version: None, hashes, from: place.from() });
    }
}
