//! What a build backend packs, whatever its own words for that are.

use std::collections::{BTreeMap, BTreeSet};

use super::glob;
use super::{Packed, Stay};
use crate::codes;

/// A folder or file of the project with its place in the wheel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Root {
    /// The path in the project, such as `src/demo`.
    pub(super) from: String,
    /// The path in the wheel, such as `demo`.
    pub(super) to: String,
}

/// A file or folder that goes beside the packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Data {
    /// Whether it is a script, which goes to the programs.
    pub(super) script: bool,
    /// The path in the project.
    pub(super) from: String,
    /// The path below the environment, or the name of the script.
    pub(super) to: String,
}

/// What a build backend packs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// Packages and modules.
    pub(super) roots: Vec<Root>,
    /// Every file of the wheel: its path there, and its path in the project.
    pub(super) wheel: BTreeMap<String, String>,
    /// What is left out of both archives, by patterns of `.gitignore`.
    pub(super) exclude: Vec<String>,
    /// What is packed although git ignores it, by the same patterns.
    pub(super) artifacts: Vec<String>,
    /// What else is in the source distribution, by the same patterns; none if everything is.
    pub(super) sdist: Option<Vec<String>>,
    /// What goes beside the packages.
    pub(super) data: Vec<Data>,
}

impl Contents {
    /// Adds a folder or file with all that is in it.
    pub(super) fn add_root(&mut self, packed: &Packed<'_>, root: Root) {
        for file in packed.below(&root.from) {
            self.wheel.insert(place(&root, file), file.to_owned());
        }
        if !self.roots.contains(&root) {
            self.roots.push(root);
        }
    }

    /// Where a file of one of the roots goes.
    pub(super) fn place_of(&self, file: &str) -> Option<String> {
        let root =
            self.roots.iter().filter(|root| is_below(&root.from, file)).max_by_key(|root| root.from.len());
        root.map(|root| place(root, file))
    }

    /// Leaves out of the wheel what a pattern names.
    pub(super) fn leave_out(&mut self, is_out: impl Fn(&str) -> bool) {
        self.wheel.retain(|_, file| !is_out(file));
    }
}

/// What a backend that packs whole folders packs otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rest {
    /// Files that it must leave out.
    pub(super) extra: Vec<String>,
    /// Files that it would not take: path in the project, path in the wheel.
    pub(super) missing: Vec<(String, String)>,
}

/// Compares the files that are to be in the wheel with all files of the roots that no pattern leaves out.
pub(super) fn rest(packed: &Packed<'_>, contents: &Contents) -> Rest {
    let mut builder = ignore::gitignore::GitignoreBuilder::new("");
    for pattern in &contents.exclude {
        // A pattern that this parser does not read leaves nothing out, and the files are named one by one.
        let _ = builder.add_line(None, pattern);
    }
    let patterns = builder.build().unwrap_or_else(|_| ignore::gitignore::Gitignore::empty());
    let mut taken = BTreeSet::new();
    for root in &contents.roots {
        let files = packed.below(&root.from);
        taken.extend(files.filter(|file| !patterns.matched_path_or_any_parents(file, false).is_ignore()));
    }
    let wanted: BTreeSet<&str> = contents.wheel.values().map(String::as_str).collect();
    let extra = taken.difference(&wanted).copied();
    let missing = contents.wheel.iter().filter(|(_, from)| !taken.contains(from.as_str()));
    Rest {
        extra: folders(packed, &wanted, extra),
        missing: missing.map(|(to, from)| (from.clone(), to.clone())).collect(),
    }
}

/// Files to leave out, with one pattern for a folder of which nothing is wanted.
fn folders<'a>(
    packed: &Packed<'_>,
    wanted: &BTreeSet<&str>,
    extra: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let mut patterns = BTreeSet::new();
    for file in extra {
        let mut best = file;
        let parents = file.match_indices('/').map(|(at, _)| &file[..at]);
        if let Some(folder) =
            parents.into_iter().find(|folder| packed.below(folder).all(|inner| !wanted.contains(inner)))
        {
            best = folder;
        }
        patterns.insert(format!("/{best}"));
    }
    patterns.into_iter().collect()
}

fn place(root: &Root, file: &str) -> String {
    match file.strip_prefix(root.from.as_str()).map(|rest| rest.trim_start_matches('/')) {
        Some("") | None => root.to.clone(),
        Some(rest) if root.to.is_empty() => rest.to_owned(),
        Some(rest) => format!("{}/{rest}", root.to),
    }
}

pub(super) fn is_below(folder: &str, file: &str) -> bool {
    folder.is_empty()
        || file.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a file name has this extension.
pub(super) fn is_kind(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

/// Two paths joined, of which either may be empty.
pub(super) fn join(folder: &str, path: &str) -> String {
    let (folder, path) = (clean(folder), clean(path));
    if folder.is_empty() || path.is_empty() { folder + &path } else { format!("{folder}/{path}") }
}

/// A path without `./`, empty parts and a slash at the end.
pub(super) fn clean(path: &str) -> String {
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.collect::<Vec<_>>().join("/")
}

/// A pattern of `glob` as `.gitignore` has it: from the project's folder.
pub(super) fn anchored(pattern: &str) -> String {
    let pattern = clean(pattern);
    if pattern.starts_with("**/") { pattern } else { format!("/{pattern}") }
}

impl Packed<'_> {
    /// The files of a folder, or the file itself, that every backend would pack.
    pub(super) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        let files = self.tree.files().iter().map(String::as_str);
        files.filter(move |file| is_below(folder, file)).filter(|file| {
            !is_kind(file, "pyc")
                && !is_kind(file, "pyo")
                && !file.split('/').any(|part| part == "__pycache__")
        })
    }

    /// The files that a pattern names.
    pub(super) fn named<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = &'a str> {
        self.below("").filter(move |file| glob::names(pattern, file))
    }

    /// The module or package of this name at one of the places, with its path.
    pub(super) fn module(&self, name: &str) -> Result<Root, Stay> {
        let path = name.replace('.', "/");
        let mut found = Vec::new();
        if path.is_empty() {
            return Err(Stay::new(codes::M073, "the project has no name"));
        }
        for folder in ["", "src"] {
            if self.below(&join(folder, &path)).next().is_some() {
                found.push(Root { from: join(folder, &path), to: path.clone() });
            }
            let file = format!("{path}.py");
            if self.tree.has(&join(folder, &file)) {
                found.push(Root { from: join(folder, &file), to: file });
            }
        }
        match found.len() {
            1 => found.pop().ok_or_else(|| Stay::new(codes::M073, "no module")),
            0 => Err(Stay::new(codes::M073, format!("there is no module `{name}`"))),
            _ => Err(Stay::new(codes::M073, format!("more than one file or folder is the module `{name}`"))),
        }
    }

    /// A text of pyproject.toml.
    pub(super) fn text(&self, path: &[&str]) -> Option<String> {
        match self.document.value(path)? {
            uvshift_pyproject::Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A list of texts, or one text.
    pub(super) fn texts(&self, path: &[&str]) -> Vec<String> {
        self.document.value(path).as_ref().map(texts).unwrap_or_default()
    }

    pub(super) fn has(&self, path: &[&str]) -> bool {
        self.document.get(path).is_some()
    }
}

/// The texts of a list, or the one text.
pub(super) fn texts(value: &uvshift_pyproject::Value) -> Vec<String> {
    use uvshift_pyproject::Value;
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
