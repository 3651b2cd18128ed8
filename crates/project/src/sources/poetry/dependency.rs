//! One entry of a table of dependencies: PEP 508 text, marker, source.

use uvshift_pyproject::{GitReference, SourceKind, Value};
use uvshift_requirements::{LineKind, parse, split_credentials, variables};

use super::constraint::{Constraint, Problem, platform_marker};
use super::metadata::wrong_type;
use super::value::{flag, get, pairs, strings, text};
use super::{FILE, Reader};
use crate::convert::git_url;
use crate::local;

/// What Poetry documents for a dependency.
const KEYS: [&str; 18] = [
    "version",
    "python",
    "platform",
    "markers",
    "allow-prereleases",
    "allows-prereleases",
    "optional",
    "extras",
    "source",
    "git",
    "branch",
    "tag",
    "rev",
    "subdirectory",
    "develop",
    "url",
    "path",
    "file",
];

/// A dependency as uv has it.
#[derive(Debug, Clone)]
pub(super) struct Declared {
    /// Name, extras and specifiers.
    pub(super) plain: String,
    /// The specifiers alone.
    pub(super) specifiers: String,
    /// When it is wanted.
    pub(super) marker: Option<String>,
    /// Where it comes from.
    pub(super) source: Option<SourceKind>,
    /// Whether only an extra asks for it.
    pub(super) optional: bool,
    /// `allow-prereleases`
    pub(super) prereleases: Option<bool>,
    /// What is not the same as before.
    pub(super) reasons: Vec<String>,
}

impl Declared {
    /// The whole requirement.
    pub(super) fn text(&self) -> String {
        match &self.marker {
            Some(marker) => format!("{} ; {marker}", self.plain),
            None => self.plain.clone(),
        }
    }
}

impl Reader<'_> {
    /// Reads the value of a dependency, one table of several included.
    pub(super) fn declare(&mut self, name: &str, value: &Value) -> Result<Declared, Problem> {
        let valid = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
        if !name.chars().all(valid) || !edge(name.chars().next()) || !edge(name.chars().last()) {
            return Err(Problem::new(
                format!("`{name}` is no name of a package"),
                "write its name on the index",
            ));
        }
        let table = match value {
            Value::String(version) => Value::table([("version", version.as_str())]),
            Value::Table(_) => value.clone(),
            _ => return Err(wrong_type("a version or a table")),
        };
        let keys = pairs(&table).unwrap_or_default().iter().map(|(key, _)| key.as_str());
        if let Some(unknown) = keys.into_iter().find(|key| !KEYS.contains(key)) {
            let why = format!("Poetry knows no `{unknown}` for a dependency");
            return Err(Problem::new(why, "remove the key, or write the one that is meant"));
        }
        let mut reasons = Vec::new();
        let source = self.source_of(&table, &mut reasons)?;
        let located = source.as_ref().is_some_and(|kind| !matches!(kind, SourceKind::Index(_)));
        let specifiers = if located { String::new() } else { specifiers_of(&table, &mut reasons)? };
        let extras = extras_of(&table)?;
        let declared = Declared {
            plain: format!("{name}{extras}{specifiers}"),
            specifiers,
            marker: marker_of(&table)?,
            source,
            optional: get(&table, "optional").and_then(flag).unwrap_or(false),
            prereleases: ["allow-prereleases", "allows-prereleases"]
                .iter()
                .find_map(|key| get(&table, key).and_then(flag)),
            reasons,
        };
        check(&declared.text())?;
        Ok(declared)
    }

    fn source_of(&mut self, table: &Value, reasons: &mut Vec<String>) -> Result<Option<SourceKind>, Problem> {
        let string = |key: &str| match get(table, key) {
            None => Ok(None),
            Some(value) => text(value).map(str::to_owned).map(Some).ok_or_else(|| of_type(key, "a string")),
        };
        let subdirectory = string("subdirectory")?;
        if let Some(url) = string("git")? {
            let url = self.clean(&git_url(&url), reasons)?;
            let reference = string("rev")?
                .map(GitReference::Rev)
                .or(string("tag")?.map(GitReference::Tag))
                .or(string("branch")?.map(GitReference::Branch));
            return Ok(Some(SourceKind::Git { url, reference, subdirectory, lfs: None }));
        }
        if let Some(url) = string("url")? {
            return Ok(Some(SourceKind::Url { url: self.clean(&url, reasons)?, subdirectory }));
        }
        if let Some(path) = string("file")?.or(string("path")?) {
            let develop = get(table, "develop").and_then(flag) == Some(true);
            return self.path_source(&path, subdirectory.as_deref(), develop).map(Some);
        }
        let Some(index) = string("source")? else { return Ok(None) };
        match self.indexes.iter().find(|(name, _)| name.eq_ignore_ascii_case(&index)) {
            Some((_, name)) => Ok(name.clone().map(SourceKind::Index)),
            None if index.eq_ignore_ascii_case("pypi") => Ok(None),
            None => {
                let why = format!("there is no [[tool.poetry.source]] called `{index}`");
                Err(Problem::new(why, "define it, or remove `source`"))
            }
        }
    }

    fn path_source(
        &self,
        path: &str,
        subdirectory: Option<&str>,
        develop: bool,
    ) -> Result<SourceKind, Problem> {
        let whole = subdirectory.map_or_else(|| path.to_owned(), |below| format!("{path}/{below}"));
        let found = local::locate(self.given.tree, FILE, &whole);
        let is_archive = local::name_of_archive(&found).is_some();
        let outside = found.starts_with("..") || found.starts_with('/');
        let there = if is_archive { self.given.tree.has(&found) } else { self.given.tree.has_folder(&found) };
        if !(there || outside && self.given.tree.root().join(&found).exists()) {
            return Err(Problem::new(
                format!("`{found}` does not exist"),
                "restore it, or remove the dependency",
            ));
        }
        let editable = (develop && !is_archive).then_some(true);
        Ok(SourceKind::Path { path: found, editable, package: None })
    }

    /// A URL without what may not stand in a file.
    fn clean(&mut self, url: &str, reasons: &mut Vec<String>) -> Result<String, Problem> {
        let (clean, credentials) = split_credentials(url);
        let Some(found) = credentials else { return Ok(url.to_owned()) };
        if found.password.is_none() && url.starts_with("ssh://") {
            return Ok(url.to_owned());
        }
        if variables(&clean).next().is_some() {
            let why = "uv does not expand variables in pyproject.toml";
            return Err(Problem::new(why, "write the value out"));
        }
        reasons.push("without its credentials".to_owned());
        self.credentials_note("set up a git credential helper, netrc or `uv auth login`");
        Ok(clean)
    }
}

fn of_type(key: &str, expected: &str) -> Problem {
    Problem::new(format!("`{key}` must be {expected}"), "write it as Poetry documents it")
}

fn specifiers_of(table: &Value, reasons: &mut Vec<String>) -> Result<String, Problem> {
    let Some(version) = get(table, "version") else { return Ok(String::new()) };
    let version = text(version).ok_or_else(|| of_type("version", "a string"))?;
    let translation = Constraint::parse(version)?.specifiers()?;
    if let Some(version) = translation.differs_at {
        reasons.push(format!("as one list, which is the same but for pre-releases such as {version}"));
    }
    Ok(translation.text)
}

fn extras_of(table: &Value) -> Result<String, Problem> {
    let Some(extras) = get(table, "extras") else { return Ok(String::new()) };
    let extras = strings(extras).ok_or_else(|| of_type("extras", "an array of strings"))?;
    Ok(if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) })
}

/// `markers`, `python` and `platform` joined.
fn marker_of(table: &Value) -> Result<Option<String>, Problem> {
    let string = |key: &str| match get(table, key) {
        None => Ok(""),
        Some(value) => text(value).ok_or_else(|| of_type(key, "a string")),
    };
    let markers = string("markers")?.trim().to_owned();
    let python = match string("python")? {
        "" => String::new(),
        python => Constraint::parse(python)?.python_marker()?,
    };
    let platform = match string("platform")? {
        "" => String::new(),
        platform => platform_marker(platform)?,
    };
    let parts: Vec<String> =
        [markers, python, platform].into_iter().filter(|part| !part.is_empty()).collect();
    Ok(match parts.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        parts => Some(parts.iter().map(|part| within(part)).collect::<Vec<_>>().join(" and ")),
    })
}

/// A marker that can stand beside an `and`.
pub(super) fn within(marker: &str) -> String {
    let has_or = marker.split_whitespace().any(|word| word == "or");
    if has_or { format!("({marker})") } else { marker.to_owned() }
}

/// Whether uv reads the requirement as Poetry did.
fn check(requirement: &str) -> Result<(), Problem> {
    let document = parse(requirement);
    let lines: Vec<_> = document.lines().iter().map(uvshift_requirements::Line::kind).collect();
    let [LineKind::Requirement(found)] = lines.as_slice() else {
        let why = format!("`{requirement}` is no requirement of PEP 508");
        return Err(Problem::new(why, "mend the extras or the markers"));
    };
    if let Err(error) = found.version_specifiers() {
        return Err(Problem::new(error.to_string(), "write a version of PEP 440"));
    }
    let Some(marker) = found.marker() else { return Ok(()) };
    if marker.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == "extra") {
        let why = "the marker names an extra of the project, which uv has for sources only";
        return Err(Problem::new(why, "list the dependency under the extra in [tool.poetry.extras]"));
    }
    let concern = found.marker_tree().err().and_then(|concerns| concerns.first().cloned());
    match concern {
        Some(concern) => {
            let why = format!("uv does not read the marker as it is meant: {}", concern.message);
            Err(Problem::new(why, "write the marker as plain comparisons joined with `and` and `or`"))
        }
        None => Ok(()),
    }
}
