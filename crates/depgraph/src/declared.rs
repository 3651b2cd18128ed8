//! What a project says that it depends on.

use uvshift_pyproject::{GroupEntry, PyProject, Scope};
use uvshift_requirements::{normalize_name, parse};

use crate::Rule;

/// A requirement that somebody wrote down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The normalised name (PEP 503).
    pub name: String,
    /// The requirement as written (PEP 508), without comments.
    pub text: String,
    /// Where it belongs.
    pub scope: Scope,
    /// The file, relative to the root.
    pub file: String,
    /// The line, counted from 1; 0 where it is not known.
    pub line: usize,
    /// Rules, by name or code, that a comment on the line has ignored; an empty list means every rule.
    pub ignored: Option<Vec<String>>,
    /// Whether the requirement can be changed where it stands: in `[project]`, in a group, or on a line of a requirements file.
    pub is_changeable: bool,
    /// Whether it comes from a URL, a repository or a path, so that no range of versions keeps it.
    pub is_direct: bool,
}

/// Before there were groups (PEP 735), what developers need stood in extras of these names; it still does in many projects.
const DEVELOPMENT_EXTRAS: [&str; 25] = [
    "dev",
    "develop",
    "development",
    "test",
    "tests",
    "testing",
    "test-suite",
    "lint",
    "linting",
    "linters",
    "style",
    "format",
    "doc",
    "docs",
    "documentation",
    "typing",
    "types",
    "type",
    "mypy",
    "ci",
    "cover",
    "coverage",
    "check",
    "build",
    "release",
];

impl Declared {
    /// A requirement; none where its text does not begin with a name.
    pub fn new(text: &str, scope: Scope, file: &str, line: usize) -> Option<Self> {
        let (name, text) = (name_of(text), text.trim().to_owned());
        let file = file.to_owned();
        let is_changeable = [".toml", ".txt", ".in"].iter().any(|end| file.ends_with(end));
        let is_direct = text.split(';').next().is_some_and(|requirement| requirement.contains('@'));
        let ignored = None;
        let found = Self { name, text, scope, file, line, ignored, is_changeable, is_direct };
        (!found.name.is_empty()).then_some(found)
    }

    /// Whether a comment on its line has a rule ignored.
    pub fn ignores(&self, rule: Rule) -> bool {
        self.ignored
            .as_ref()
            .is_some_and(|names| names.is_empty() || names.iter().any(|name| Rule::of(name) == Some(rule)))
    }

    /// The rules that a comment such as `# uvshift: ignore[unused]` on a line has ignored, as written; an empty list means every
    /// rule, none that there is no such comment.
    pub fn ignored_by(line: &str) -> Option<Vec<String>> {
        let (_, comment) = line.split_once('#')?;
        let (_, rest) = comment.split_once("uvshift:")?;
        let rest = rest.trim_start().strip_prefix("ignore")?;
        let listed = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let names = listed.map(|(names, _)| names.split(',').map(|name| name.trim().to_owned()).collect());
        Some(names.unwrap_or_default())
    }

    /// Whether it is for those who work on the project only: it is in a group, or in an extra that is named like one.
    pub fn is_development(&self) -> bool {
        match &self.scope {
            Scope::Main => false,
            Scope::Extra(name) => DEVELOPMENT_EXTRAS.contains(&normalize_name(name).as_str()),
            Scope::Group(_) => true,
        }
    }

    /// What `[project]` and `[dependency-groups]` (PEP 621, PEP 735) list, in their order.
    pub fn of_pyproject(document: &PyProject, file: &str) -> Vec<Self> {
        let main = document.dependencies().into_iter().map(|entry| (entry, Scope::Main));
        let extras = document.optional_dependencies().into_iter().flat_map(|(name, entries)| {
            entries.into_iter().map(move |entry| (entry, Scope::Extra(name.clone())))
        });
        let groups = document.dependency_groups().into_iter().flat_map(|(name, entries)| {
            entries.into_iter().filter_map(move |entry| match entry {
                GroupEntry::Requirement(entry) => Some((entry, Scope::Group(name.clone()))),
                GroupEntry::Include { .. } => None,
            })
        });
        let all = main.chain(extras).chain(groups);
        all.filter_map(|(entry, scope)| Self::new(&entry.text, scope, file, entry.line)).collect()
    }
}

/// The normalised name that a requirement (PEP 508) begins with, or that its URL tells as pip reads it; empty where there is none.
pub(crate) fn name_of(requirement: &str) -> String {
    let text = requirement.trim();
    if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return String::new();
    }
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "._-".contains(letter)));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    if rest.starts_with(['+', ':', '/', '\\']) {
        // What looks like a name is the scheme of a URL, or the first part of a path.
        let document = parse(text);
        return document.requirements().find_map(|(_, found)| found.normalized_name()).unwrap_or_default();
    }
    normalize_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pyproject_says_what_it_depends_on() {
        let text = "[project]\nname = \"a\"\ndependencies = [\n  \"Flask[async]>=3; python_version > '3'\",\n]\n\
                    optional-dependencies = { db = [\"psycopg2\"] }\n[dependency-groups]\ndev = [\"pytest\", { include-group = \"x\" }]\n";
        let declared = Declared::of_pyproject(&PyProject::parse(text).unwrap(), "pyproject.toml");
        let found: Vec<_> =
            declared.iter().map(|found| (found.name.as_str(), found.scope.key(), found.line)).collect();
        assert_eq!(
            found,
            [
                ("flask", "project.dependencies".to_owned(), 4),
                ("psycopg2", "project.optional-dependencies.db".to_owned(), 6),
                ("pytest", "dependency-groups.dev".to_owned(), 8)
            ]
        );
        assert_eq!(Declared::new("-e .", Scope::Main, "x", 1), None);
    }

    #[test]
    fn names_of_requirements() {
        for (text, expected) in [
            ("Flask[async]>=3", "flask"),
            ("zope.interface", "zope-interface"),
            ("a@ https://host.example/b.whl", "a"),
            ("git+https://host.example/three.git#egg=Three", "three"),
            ("git+https://host.example/three.git", ""),
            ("https://host.example/four_x-1.0-py3-none-any.whl", "four-x"),
            ("wheels/four_x-1.0-py3-none-any.whl", "four-x"),
            ("-e .", ""),
            ("\u{fc}n\u{ef}", ""),
            ("", ""),
        ] {
            assert_eq!(name_of(text), expected, "{text}");
        }
    }

    #[test]
    fn a_comment_has_rules_ignored() {
        assert_eq!(
            Declared::ignored_by("a>=1  # uvshift: ignore[unused, X007]").unwrap(),
            ["unused", "X007"]
        );
        assert_eq!(Declared::ignored_by("\"a\",  # see x. uvshift: ignore"), Some(Vec::new()));
        assert_eq!(Declared::ignored_by("a>=1  # ignore"), None);
    }
}
