//! Following `-r` and `-c` as pip does, over a [`Loader`] instead of a file system.

mod walk;

use std::collections::BTreeMap;

use uvshift_diagnostics::Diagnostic;

use crate::decode::Decoded;
use crate::document::{Document, IncludeKind};
use crate::error::LoadError;

/// Where files come from.
pub trait Loader {
    /// The bytes of a file. The path is relative to the project's root, normalised, with `/` between its parts.
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError>;
}

/// What a file is read as. In pip the last `-r` or `-c` on the way to a file decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Role {
    /// Its requirements are installed.
    #[default]
    Requirements,
    /// Its requirements only limit versions.
    Constraints,
}

impl From<IncludeKind> for Role {
    fn from(kind: IncludeKind) -> Self {
        match kind {
            IncludeKind::Requirements => Self::Requirements,
            IncludeKind::Constraints => Self::Constraints,
        }
    }
}

/// How `${NAME}` is treated in the path of an included file. Everywhere else it stays as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum VariablePolicy {
    /// Nothing is known about the environment: such a file is reported and not followed.
    #[default]
    Keep,
    /// The variables that are set. What is missing is reported, and stays as written as in pip.
    Values(BTreeMap<String, String>),
}

/// How to resolve.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// What the first file is read as.
    pub role: Role,
    /// What to do with `${NAME}`.
    pub variables: VariablePolicy,
}

/// A file in one role.
#[derive(Debug, Clone)]
pub struct File {
    /// Relative to the root, normalised.
    pub path: String,
    /// What it is read as.
    pub role: Role,
    /// Its text and encoding.
    pub decoded: Decoded,
    /// Its lines.
    pub document: Document,
}

/// One `-r` or `-c` line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edge {
    /// Index of the including file in [`Resolved::files`].
    pub from: usize,
    /// The line in it, counted from 1.
    pub line: usize,
    /// `-r` or `-c`.
    pub kind: IncludeKind,
    /// Where it leads.
    pub to: EdgeTarget,
}

/// Where an include line leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EdgeTarget {
    /// To a file, by its index in [`Resolved::files`].
    File(usize),
    /// To a URL, which is not fetched.
    Remote(String),
    /// Out of the project; the loader is not asked.
    Outside(String),
    /// To a file that is not there or cannot be read.
    Missing(String),
    /// Back to a file that is being read.
    Cycle(String),
    /// To a path with `${NAME}` in it.
    Variable(String),
}

/// The files that one file stands for.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// The files in the order in which pip first opens them.
    pub files: Vec<File>,
    /// The `-r` and `-c` lines, in the same order.
    pub edges: Vec<Edge>,
    /// Those of all documents, with their files, and those about the files themselves.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where an include line points.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum IncludeTarget {
    /// A path within the project, relative to its root, normalised.
    Local(String),
    /// A URL.
    Remote(String),
    /// An absolute path, a `file:` URL, or a path that leads out of the project.
    Outside(String),
}

/// Reads a file and everything it includes.
///
/// Nothing is fatal: what pip would stop at is a diagnostic of severity error.
///
/// ```
/// use std::collections::HashMap;
/// use uvshift_requirements::{LoadError, Loader, Options, Role, resolve};
///
/// struct Memory(HashMap<&'static str, &'static str>);
///
/// impl Loader for Memory {
///     fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
///         self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or(LoadError::NotFound)
///     }
/// }
///
/// let loader = Memory([("requirements/dev.txt", "-r base.txt\n-c ../pins.txt\n"),
///     ("requirements/base.txt", "flask\n"), ("pins.txt", "flask==3.0\n")].into());
/// let resolved = resolve("requirements/dev.txt", &loader, &Options::default());
/// let roles: Vec<_> = resolved.files.iter().map(|file| (file.path.as_str(), file.role)).collect();
/// assert_eq!(roles, [
///     ("requirements/dev.txt", Role::Requirements),
///     ("requirements/base.txt", Role::Requirements),
///     ("pins.txt", Role::Constraints),
/// ]);
/// assert!(resolved.diagnostics.is_empty());
/// ```
pub fn resolve(entry: &str, loader: &impl Loader, options: &Options) -> Resolved {
    walk::walk(entry, loader, options)
}

/// Joins the path of an include line with the path of the file it stands in, as pip does.
///
/// Backslashes separate parts, too, so that a file written on Windows can be read everywhere.
pub fn include_target(from: &str, target: &str) -> IncludeTarget {
    let web = |url: &str| has_scheme(url, "http:") || has_scheme(url, "https:");
    if web(target) {
        return IncludeTarget::Remote(target.to_owned());
    }
    if has_scheme(target, "file:") {
        return IncludeTarget::Outside(target.to_owned());
    }
    let target = target.replace('\\', "/");
    if web(from) {
        return IncludeTarget::Remote(join_url(from, &target));
    }
    if target.starts_with('/') || has_drive(&target) {
        return IncludeTarget::Outside(target);
    }
    let from = from.replace('\\', "/");
    let directory = from.rsplit_once('/').map_or("", |(directory, _)| directory);
    normalize(&format!("{directory}/{target}"))
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// Python's `urljoin` for a relative path.
fn join_url(base: &str, target: &str) -> String {
    let host = base.find("://").map_or(0, |position| position + 3);
    let end = base[host..].find(['?', '#']).map_or(base.len(), |position| host + position);
    let path = base[host..end].find('/').map_or(end, |position| host + position);
    if target.starts_with('/') {
        return format!("{}{target}", &base[..path]);
    }
    let directory = base[path..end].rsplit_once('/').map_or("", |(directory, _)| directory);
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    format!("{}/{}", &base[..path], parts.join("/"))
}

/// Takes `.` and `..` out of a relative path.
fn normalize(path: &str) -> IncludeTarget {
    let mut parts: Vec<&str> = Vec::new();
    let mut outside = false;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                None | Some(&"..") => {
                    outside = true;
                    parts.push("..");
                }
                Some(_) => drop(parts.pop()),
            },
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    if outside { IncludeTarget::Outside(joined) } else { IncludeTarget::Local(joined) }
}
