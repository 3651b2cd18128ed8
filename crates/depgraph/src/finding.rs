//! What there is to say about the dependencies of a project.

use std::fmt;

use uvshift_diagnostics::{Code, Severity};
use uvshift_pyproject::Scope;
use uvshift_requirements::redacted;

use crate::codes;

/// Something that the files of a project and its declared dependencies do not agree about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule found it.
    pub rule: Rule,
    /// The normalised name of the distribution that it is about.
    pub package: String,
    /// What kind of dependency it is.
    pub class: Class,
    /// How much it matters.
    pub severity: Severity,
    /// What is the matter: lower case, no full stop.
    pub message: String,
    /// Where that can be seen, the most telling place first. Never empty.
    pub evidence: Vec<Evidence>,
    /// What to do about it.
    pub help: Option<String>,
    /// The change that resolves it, where one is safe.
    pub action: Option<Action>,
}

/// A place that shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The file, relative to the root.
    pub file: String,
    /// The line, counted from 1; 0 where it is not known.
    pub line: usize,
    /// The cell of a notebook, counted from 1.
    pub cell: Option<usize>,
    /// How the place names it: the word of a [`Form`](crate::Form), `declared`, or `locked`.
    pub form: &'static str,
    /// What stands there: the module, or the requirement.
    pub text: String,
}

/// A rule, with its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// Declared, and nothing imports it.
    Unused,
    /// Imported, and neither declared nor brought in by what is declared.
    Missing,
    /// Imported, and only brought in by something else.
    Transitive,
    /// Declared for development and needed to run, or the other way round.
    Misplaced,
    /// Declared more than once.
    DeclaredTwice,
    /// Declared with versions that exclude each other.
    Conflicting,
    /// No upper or exact version, and no lock that holds one.
    Unpinned,
    /// A distribution that has been replaced, renamed, or given up.
    Legacy,
    /// A distribution that needs libraries or compilers of the system to be built.
    SystemLibraries,
    /// Several distributions for one job.
    Overlapping,
}

impl Rule {
    /// Every rule, in the order of their codes.
    pub const ALL: [Self; 10] = [
        Self::Unused,
        Self::Missing,
        Self::Transitive,
        Self::Misplaced,
        Self::DeclaredTwice,
        Self::Conflicting,
        Self::Unpinned,
        Self::Legacy,
        Self::SystemLibraries,
        Self::Overlapping,
    ];

    /// The code, whose heading in `docs/diagnostics.md` tells more.
    pub const fn code(self) -> Code {
        match self {
            Self::Unused => codes::UNUSED,
            Self::Missing => codes::MISSING,
            Self::Transitive => codes::TRANSITIVE,
            Self::Misplaced => codes::MISPLACED,
            Self::DeclaredTwice => codes::DECLARED_TWICE,
            Self::Conflicting => codes::CONFLICTING,
            Self::Unpinned => codes::UNPINNED,
            Self::Legacy => codes::LEGACY,
            Self::SystemLibraries => codes::SYSTEM_LIBRARIES,
            Self::Overlapping => codes::OVERLAPPING,
        }
    }

    /// The name that settings, comments and reports use: that of the code.
    pub const fn name(self) -> &'static str {
        self.code().name()
    }

    /// The rule of a name or code.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name || rule.code().id().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What kind of dependency a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Class {
    /// Needed to run.
    Required,
    /// Used where it is there: every import of it is guarded, or it is an extra.
    Optional,
    /// Only a type checker needs it.
    TypeOnly,
    /// A plug-in that its host finds by itself, or a command that is run.
    PluginOrTool,
    /// Type stubs for another distribution.
    Stub,
    /// Only tests, documents or other files that are not installed need it.
    TestOnly,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 6] =
        [Self::Required, Self::Optional, Self::TypeOnly, Self::PluginOrTool, Self::Stub, Self::TestOnly];

    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::TypeOnly => "type-only",
            Self::PluginOrTool => "plugin-or-tool",
            Self::Stub => "stub",
            Self::TestOnly => "test-only",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A change that resolves a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Declare a requirement.
    Add {
        /// The requirement (PEP 508).
        requirement: String,
        /// Where.
        to: Scope,
    },
    /// Take a requirement out.
    Remove {
        /// The normalised name.
        name: String,
        /// From where.
        from: Scope,
    },
    /// Take a requirement from one place to another.
    Move {
        /// The normalised name.
        name: String,
        /// The requirement as written.
        requirement: String,
        /// From where.
        from: Scope,
        /// Where to.
        to: Scope,
    },
}

impl Action {
    /// The commands of uv that do it, with credentials covered by `****`.
    pub fn commands(&self) -> Vec<String> {
        match self {
            Self::Add { requirement, to } => {
                vec![format!("uv add{} {}", flag(to), quoted(&redacted(requirement)))]
            }
            Self::Remove { name, from } => vec![format!("uv remove{} {name}", flag(from))],
            Self::Move { name, requirement, from, to } => vec![
                format!("uv remove{} {name}", flag(from)),
                format!("uv add{} {}", flag(to), quoted(&redacted(requirement))),
            ],
        }
    }
}

fn flag(scope: &Scope) -> String {
    match scope {
        Scope::Main => String::new(),
        Scope::Extra(name) => format!(" --optional {}", quoted(name)),
        Scope::Group(name) if name == "dev" => " --dev".to_owned(),
        Scope::Group(name) => format!(" --group {}", quoted(name)),
    }
}

/// For a shell.
fn quoted(text: &str) -> String {
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-=".contains(letter));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_a_command_of_uv() {
        let add = Action::Add { requirement: "a[b]>=1".to_owned(), to: Scope::Extra("x".to_owned()) };
        assert_eq!(add.commands(), ["uv add --optional x 'a[b]>=1'"]);
        let to_dev = Action::Move {
            name: "a".to_owned(),
            requirement: "A".to_owned(),
            from: Scope::Main,
            to: Scope::Group("dev".to_owned()),
        };
        assert_eq!(to_dev.commands(), ["uv remove a", "uv add --dev A"]);
        let odd = Action::Remove { name: "a".to_owned(), from: Scope::Group("x; y".to_owned()) };
        assert_eq!(odd.commands(), ["uv remove --group 'x; y' a"]);
    }

    #[test]
    fn a_rule_is_known_by_name_and_code() {
        for rule in Rule::ALL {
            assert_eq!((Rule::of(rule.name()), Rule::of(rule.code().id())), (Some(rule), Some(rule)));
        }
        assert_eq!(Rule::of("x"), None);
    }
}
