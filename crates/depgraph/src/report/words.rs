//! What the rules are about, for those who meet them in a report.

use uvshift_diagnostics::Severity;

use crate::Rule;

/// Its heading.
pub(super) const fn title(rule: Rule) -> &'static str {
    match rule {
        Rule::Unused => "Unused",
        Rule::Missing => "Missing",
        Rule::Transitive => "Transitive",
        Rule::Misplaced => "Misplaced",
        Rule::DeclaredTwice => "Declared twice",
        Rule::Conflicting => "Conflicting",
        Rule::Unpinned => "Unpinned",
        Rule::Legacy => "Legacy",
        Rule::SystemLibraries => "System libraries",
        Rule::Overlapping => "Overlapping",
    }
}

/// What it says of a package, in a sentence.
pub(super) const fn short(rule: Rule) -> &'static str {
    match rule {
        Rule::Unused => "A dependency is declared, and nothing imports it.",
        Rule::Missing => {
            "A module is imported, and its distribution is neither declared nor brought in by what is declared."
        }
        Rule::Transitive => {
            "A module is imported, and its distribution is only brought in by another dependency."
        }
        Rule::Misplaced => {
            "A dependency is declared for development and needed to run, or the other way round."
        }
        Rule::DeclaredTwice => "A dependency is declared more than once.",
        Rule::Conflicting => "A dependency is declared with versions that exclude each other.",
        Rule::Unpinned => "A dependency has no exact or upper version, and no lock holds one.",
        Rule::Legacy => "A distribution has been replaced, renamed, or given up.",
        Rule::SystemLibraries => "A distribution needs libraries or compilers of the system to be built.",
        Rule::Overlapping => "Several distributions are there for one job.",
    }
}

/// Why that matters.
pub(super) const fn why(rule: Rule) -> &'static str {
    match rule {
        Rule::Unused => {
            "It is installed and kept up to date for nothing, and its own dependencies come along."
        }
        Rule::Missing => "The project does not work in a fresh environment.",
        Rule::Transitive => "It disappears, or changes its version, whenever the other dependency says so.",
        Rule::Misplaced => "Users get what only developers need, or lack what they need themselves.",
        Rule::DeclaredTwice => "One of the places is forgotten when the other one changes.",
        Rule::Conflicting => "No version can be installed that satisfies all places at once.",
        Rule::Unpinned => "Two installations can get different versions.",
        Rule::Legacy => "It gets no corrections, and may not work with new Python versions.",
        Rule::SystemLibraries => "An installation fails where they are not there and no wheel fits.",
        Rule::Overlapping => "Each of them has to be known, installed and kept up to date.",
    }
}

/// What to do.
pub(super) const fn help(rule: Rule) -> &'static str {
    match rule {
        Rule::Unused => "Remove it, or say in the settings that it is needed without an import.",
        Rule::Missing | Rule::Transitive => "Declare it.",
        Rule::Misplaced => "Move it.",
        Rule::DeclaredTwice => "Keep one of them.",
        Rule::Conflicting => "Make the versions agree.",
        Rule::Unpinned => "Lock the project with uv.lock, or give a version.",
        Rule::Legacy => "Use what took its place.",
        Rule::SystemLibraries => {
            "Install the libraries where the project is installed, or use a distribution with wheels."
        }
        Rule::Overlapping => "Settle for one of them where that is worth the work.",
    }
}

/// How much it matters as a rule; a finding can matter more or less.
pub(super) const fn severity(rule: Rule) -> Severity {
    match rule {
        Rule::Missing | Rule::Conflicting => Severity::Error,
        Rule::Unused | Rule::Transitive | Rule::Misplaced | Rule::DeclaredTwice | Rule::Legacy => {
            Severity::Warning
        }
        Rule::Unpinned | Rule::SystemLibraries | Rule::Overlapping => Severity::Note,
    }
}
