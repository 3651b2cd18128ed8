//! One installed distribution.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::Origin;
use crate::files;
use crate::problem::{Problem, Problems};

/// How the metadata of a distribution is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A `.dist-info` folder (PEP 376, PEP 427).
    DistInfo,
    /// An `.egg-info` folder or file, or `EGG-INFO` in an `.egg` folder.
    EggInfo,
    /// An `.egg-link` that `setup.py develop` made.
    EggLink,
}

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// The name as its metadata has it.
    pub name: String,
    /// The normalised name (PEP 503).
    pub normalized_name: String,
    /// The version as its metadata has it; empty where nothing tells.
    pub version: String,
    /// The requirements, each a PEP 508 text with its marker.
    pub requires: Vec<String>,
    /// `Requires-Python`
    pub requires_python: Option<String>,
    /// `Provides-Extra`
    pub extras: Vec<String>,
    /// What installed it: `pip`, `uv`, `conda`, or another name that the tool gave.
    pub installer: Option<String>,
    /// Whether it is marked as asked for (PEP 376). What that is worth depends on the installer: uv marks all.
    pub requested: bool,
    /// Where it came from.
    pub origin: Origin,
    /// How its metadata is stored.
    pub form: Form,
    /// The folder or file of its metadata.
    pub location: PathBuf,
    /// `top_level.txt`: the modules that can be imported, where the build backend tells.
    pub top_level: Vec<String>,
    /// `Classifier`: `Topic :: Database` and the like.
    pub classifiers: Vec<String>,
    /// `License-Expression` (PEP 639): an SPDX expression.
    pub license_expression: Option<String>,
    /// `License`: a name, or the whole text with its lines joined, as older metadata has it.
    pub license: Option<String>,
}

/// A line of `RECORD`. It is data that was found, not a path to follow: it may be absolute or lead anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordEntry {
    /// The path as written, relative to the site-packages folder.
    pub path: String,
    /// `sha256=DIGEST` in URL-safe base 64.
    pub hash: Option<String>,
    /// In bytes.
    pub size: Option<u64>,
}

/// An entry point.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryPoint {
    /// The group, such as `console_scripts`.
    pub group: String,
    /// The name, such as that of the command.
    pub name: String,
    /// `module:attribute`
    pub value: String,
}

/// What every environment is given and no project depends on by having it.
const SEEDS: [&str; 5] = ["pip", "setuptools", "wheel", "uv", "distribute"];

impl Distribution {
    /// Whether it is one of the tools that environments are made with.
    pub fn is_seed(&self) -> bool {
        is_seed(&self.normalized_name)
    }

    /// The files that were installed, as `RECORD` has them; those of an `.egg-info` folder as `installed-files.txt` has them.
    pub fn record(&self) -> (Vec<RecordEntry>, Vec<Problem>) {
        let mut problems = Problems::default();
        let entries = match self.form {
            Form::DistInfo => self.text("RECORD", &mut problems).map(|text| record(&text)),
            _ => self.text("installed-files.txt", &mut problems).map(|text| {
                let paths = text.lines().filter(|line| !line.is_empty());
                paths.map(|path| RecordEntry { path: path.to_owned(), hash: None, size: None }).collect()
            }),
        };
        (entries.unwrap_or_default(), problems.0)
    }

    /// The entry points.
    pub fn entry_points(&self) -> (Vec<EntryPoint>, Vec<Problem>) {
        let mut problems = Problems::default();
        let text = self.text("entry_points.txt", &mut problems).unwrap_or_default();
        (entry_points(&text), problems.0)
    }

    /// The text of a file that stands beside the metadata, such as `WHEEL`; `None` where there is none. `name` is trusted.
    pub fn read_file(&self, name: &str) -> (Option<String>, Vec<Problem>) {
        let mut problems = Problems::default();
        (self.text(name, &mut problems), problems.0)
    }

    fn text(&self, file: &str, problems: &mut Problems) -> Option<String> {
        // The location of an old egg is a file, and nothing is in it.
        let folder: &Path = &self.location;
        folder.is_dir().then(|| files::read_text(&folder.join(file), problems)).flatten()
    }
}

/// Whether a normalised name is that of a tool that environments are made with.
pub fn is_seed(normalized_name: &str) -> bool {
    SEEDS.contains(&normalized_name)
}

/// The lines of a `RECORD`: CSV with three columns, the last ones possibly empty.
fn record(text: &str) -> Vec<RecordEntry> {
    text.lines().filter(|line| !line.is_empty()).map(record_line).collect()
}

/// The paths alone in the text of a `RECORD`, as they are written there. Nothing is allocated but for paths with quotes.
pub fn record_paths(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    text.lines().filter(|line| !line.is_empty()).map(|line| record_path(line).0)
}

fn record_line(line: &str) -> RecordEntry {
    let (path, columns) = record_path(line);
    let mut columns = columns.split(',').skip(1).map(str::trim);
    let hash = columns.next().filter(|hash| !hash.is_empty()).map(str::to_owned);
    RecordEntry { path: path.into_owned(), hash, size: columns.next().and_then(|size| size.parse().ok()) }
}

/// The first column, and the others with the comma in front of them.
fn record_path(line: &str) -> (Cow<'_, str>, &str) {
    if let Some(quoted) = line.strip_prefix('"') {
        let (path, columns) = csv_quoted(quoted);
        return (Cow::Owned(path), columns);
    }
    // A comma in the path should be quoted, and is not always: the last two are those between columns.
    let mut commas = line.rmatch_indices(',').map(|(at, _)| at);
    let last = commas.next();
    let (path, columns) = line.split_at(commas.next().or(last).unwrap_or(line.len()));
    (Cow::Borrowed(path), columns)
}

/// A quoted column without its quotes, and what follows.
fn csv_quoted(text: &str) -> (String, &str) {
    let mut path = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        path.push_str(before);
        rest = after;
        match rest.strip_prefix('"') {
            Some(after) => {
                path.push('"');
                rest = after;
            }
            None => return (path, rest),
        }
    }
    path.push_str(rest);
    (path, "")
}

/// `entry_points.txt`: an INI file of groups, names and values.
fn entry_points(text: &str) -> Vec<EntryPoint> {
    let (mut group, mut found) = (String::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut group);
        } else if let Some((name, value)) = line.split_once('=') {
            found.push(EntryPoint {
                group: group.clone(),
                name: name.trim().to_owned(),
                value: value.trim().to_owned(),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_data() {
        let found = record(
            "a/__init__.py,sha256=abc,12\r\na.dist-info/RECORD,,\n../../bin/a,sha256=x,3\n\"odd, \"\"name\"\".py\",sha256=y,4\n/etc/passwd,,\nalone\nwith, comma.py,sha256=z,1\n",
        );
        let shown: Vec<(&str, Option<&str>, Option<u64>)> =
            found.iter().map(|entry| (&*entry.path, entry.hash.as_deref(), entry.size)).collect();
        assert_eq!(
            shown,
            [
                ("a/__init__.py", Some("sha256=abc"), Some(12)),
                ("a.dist-info/RECORD", None, None),
                ("../../bin/a", Some("sha256=x"), Some(3)),
                ("odd, \"name\".py", Some("sha256=y"), Some(4)),
                ("/etc/passwd", None, None),
                ("alone", None, None),
                ("with, comma.py", Some("sha256=z"), Some(1)),
            ]
        );
    }

    #[test]
    fn entry_points_have_groups() {
        let found = entry_points("[console_scripts]\na = b:c [x]\n\n[pytest11]\n; no\nd=e\n");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].group.as_str(), found[0].value.as_str()), ("console_scripts", "b:c [x]"));
        assert_eq!((found[1].group.as_str(), found[1].name.as_str()), ("pytest11", "d"));
    }
}
