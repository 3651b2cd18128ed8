//! The plain data that goes in and out of a document.

use std::fmt;

/// A string of an array with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The string, decoded from TOML.
    pub text: String,
    /// Line in the file, from 1.
    pub line: usize,
}

/// One element of a dependency group (PEP 735).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupEntry {
    /// A requirement.
    Requirement(Entry),
    /// `{ include-group = "..." }`.
    Include {
        /// The included group, as written.
        group: String,
        /// Line in the file, from 1.
        line: usize,
    },
}

/// Something whose type is not what the standard or uv wants, so the readers leave it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The dotted key.
    pub key: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// What was expected, as in `a string`.
    pub expected: &'static str,
}

/// The array that a string is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayAt<'a> {
    /// `project.dependencies`
    Dependencies,
    /// `project.optional-dependencies.NAME`
    Extra(&'a str),
    /// `dependency-groups.NAME`
    Group(&'a str),
    /// `tool.uv.constraint-dependencies`
    UvConstraints,
    /// `tool.uv.override-dependencies`
    UvOverrides,
    /// Any other array of strings of `[tool.uv]`, such as `find-links`.
    Uv(&'a str),
    /// `build-system.requires`
    BuildRequires,
    /// `project.dynamic`
    Dynamic,
}

impl<'a> ArrayAt<'a> {
    /// The table and the key of the array.
    pub(crate) fn path(self) -> (Vec<&'a str>, &'a str) {
        match self {
            Self::Dependencies => (vec!["project"], "dependencies"),
            Self::Extra(name) => (vec!["project", "optional-dependencies"], name),
            Self::Group(name) => (vec!["dependency-groups"], name),
            Self::UvConstraints => (vec!["tool", "uv"], "constraint-dependencies"),
            Self::UvOverrides => (vec!["tool", "uv"], "override-dependencies"),
            Self::Uv(key) => (vec!["tool", "uv"], key),
            Self::BuildRequires => (vec!["build-system"], "requires"),
            Self::Dynamic => (vec!["project"], "dynamic"),
        }
    }

    /// Whether the key is a name that compares in its normalised form.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Self::Extra(_) | Self::Group(_))
    }
}

impl fmt::Display for ArrayAt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (table, key) = self.path();
        write!(formatter, "{}.{key}", table.join("."))
    }
}

/// A string to add to an array, with its comments. A comment may start with `#` or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The string.
    pub text: String,
    /// Comment lines above it.
    pub comments_above: Vec<String>,
    /// A comment after it, on its line.
    pub comment_trailing: Option<String>,
}

impl Item {
    /// A string without comments.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same with one more comment line above.
    #[must_use]
    pub fn above(mut self, comment: impl Into<String>) -> Self {
        self.comments_above.push(comment.into());
        self
    }

    /// The same with a comment after it.
    #[must_use]
    pub fn trailing(mut self, comment: impl Into<String>) -> Self {
        self.comment_trailing = Some(comment.into());
        self
    }
}

/// Which commit of a repository a git source means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitReference {
    /// `rev`: a commit, or whatever git understands.
    Rev(String),
    /// `tag`
    Tag(String),
    /// `branch`
    Branch(String),
}

/// Where a package comes from, as in `[tool.uv.sources]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// A git repository.
    Git {
        /// The URL without `git+`.
        url: String,
        /// The commit; none means the default branch.
        reference: Option<GitReference>,
        /// The folder of the project in the repository.
        subdirectory: Option<String>,
        /// Whether LFS objects are fetched.
        lfs: Option<bool>,
    },
    /// An archive.
    Url {
        /// The URL.
        url: String,
        /// The folder of the project in the archive.
        subdirectory: Option<String>,
    },
    /// A local folder or archive.
    Path {
        /// The path, with `/`.
        path: String,
        /// Whether it is installed in place.
        editable: Option<bool>,
        /// Whether it is installed at all, or only its dependencies.
        package: Option<bool>,
    },
    /// The name of an index.
    Index(String),
    /// A member of the workspace.
    Workspace,
    /// A form that this version does not know: its TOML.
    Other(String),
}

/// A source with the cases it holds in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where the package comes from.
    pub kind: SourceKind,
    /// Environment marker.
    pub marker: Option<String>,
    /// Only for this extra of the project.
    pub extra: Option<String>,
    /// Only for this dependency group.
    pub group: Option<String>,
}

impl Source {
    /// A source that always holds.
    pub fn new(kind: SourceKind) -> Self {
        Self { kind, marker: None, extra: None, group: None }
    }
}

/// A source as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceEntry {
    /// The source.
    pub source: Source,
    /// Line in the file, from 1.
    pub line: usize,
}

/// A package index, `[[tool.uv.index]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// Its name; uv allows none.
    pub name: Option<String>,
    /// Its URL or path.
    pub url: String,
    /// Whether it replaces the public index and comes last.
    pub default: bool,
    /// Whether only sources that name it use it.
    pub explicit: bool,
    /// `simple` or `flat`; none is `simple`.
    pub format: Option<String>,
}

/// What the readers see of `[tool.uv]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UvView {
    /// Whether there is a `[tool.uv]` in any form.
    pub present: bool,
    /// `sources`, in the order of the file.
    pub sources: Vec<(String, Vec<SourceEntry>)>,
    /// `index`, in the order of the file, which is their priority.
    pub indexes: Vec<Index>,
    /// `constraint-dependencies`
    pub constraint_dependencies: Vec<Entry>,
    /// `override-dependencies`
    pub override_dependencies: Vec<Entry>,
    /// `dev-dependencies`, uv's older form of a group called `dev`.
    pub dev_dependencies: Vec<Entry>,
    /// `package`
    pub package: Option<bool>,
    /// Every key of the table, in the order of the file.
    pub keys: Vec<String>,
}

/// A value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Integer(i64),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// A table, in this order.
    Table(Vec<(String, Value)>),
}

impl Value {
    /// An array of strings.
    pub fn strings<I: IntoIterator<Item: Into<String>>>(items: I) -> Self {
        Self::Array(items.into_iter().map(|item| Self::String(item.into())).collect())
    }

    /// A table of strings.
    pub fn table<K: Into<String>, V: Into<Value>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Table(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

/// The form in which names of packages, extras and groups compare (PEP 503): lower case, with one `-` for
/// each run of `-`, `_` and `.`.
pub(crate) fn normalized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        if matches!(character, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.extend(character.to_lowercase());
        }
    }
    out
}
