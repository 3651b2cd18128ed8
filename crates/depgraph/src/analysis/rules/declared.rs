//! What can be seen from the declarations alone: declared twice, conflicting, unpinned.

use uvshift_diagnostics::Severity;
use uvshift_pyproject::Scope;
use uvshift_requirements::{Document, Requirement, meaning, parse, redacted};

use super::{Subject, declarations, names};
use crate::{Class, Declared, Finding, Rule};

pub(super) fn check(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in names(subject.project.declared.iter()) {
        let declared: Vec<Parsed<'_>> = subject.declared(name).map(Parsed::of).collect();
        findings.extend(twice(name, &declared));
        findings.extend(conflicting(name, &declared));
        findings.extend(unpinned(subject, name, &declared));
    }
    findings
}

/// A declaration with its requirement.
struct Parsed<'a> {
    declared: &'a Declared,
    document: Document,
}

impl<'a> Parsed<'a> {
    fn of(declared: &'a Declared) -> Self {
        Self { declared, document: parse(&declared.text) }
    }

    fn requirement(&self) -> Option<&Requirement> {
        self.document.requirements().next().map(|(_, requirement)| requirement)
    }

    fn marker(&self) -> Option<&str> {
        self.requirement().and_then(Requirement::marker)
    }

    /// Whether somebody can install both at once without choosing to.
    fn meets(&self, other: &Self) -> bool {
        let (left, right) = (&self.declared.scope, &other.declared.scope);
        left == right || *left == Scope::Main || *right == Scope::Main
    }
}

/// Pairs of declarations for which something holds.
fn pairs<'p, 'a>(
    declared: &'p [Parsed<'a>],
    holds: impl Fn(&Parsed<'a>, &Parsed<'a>) -> bool + 'p,
) -> impl Iterator<Item = (&'p Parsed<'a>, &'p Parsed<'a>)> {
    let mut found = Vec::new();
    // The first one against each of the others, so that a list of thousands stays linear.
    for (at, first) in declared.iter().enumerate().take(8) {
        for second in declared.iter().skip(at + 1) {
            if holds(first, second) {
                found.push((first, second));
            }
        }
    }
    found.into_iter()
}

fn twice(name: &str, declared: &[Parsed<'_>]) -> Option<Finding> {
    let is_twice = |first: &Parsed<'_>, second: &Parsed<'_>| {
        first.meets(second) && first.marker() == second.marker() && !exclude(first, second)
    };
    let (first, second) = pairs(declared, is_twice).next()?;
    let is_same_place = first.declared.scope == second.declared.scope;
    let (severity, help) = if is_same_place {
        (Severity::Warning, format!("keep one of the two lines of {name}"))
    } else {
        (Severity::Note, format!("{} has it already", first.declared.scope.key()))
    };
    finding(Rule::DeclaredTwice, severity, (first, second), format!("{name} is declared twice"), help)
}

fn conflicting(name: &str, declared: &[Parsed<'_>]) -> Option<Finding> {
    let is_conflict = |first: &Parsed<'_>, second: &Parsed<'_>| first.meets(second) && exclude(first, second);
    let (first, second) = pairs(declared, is_conflict).next()?;
    let [left, right] = [first, second].map(|found| redacted(&found.declared.text));
    let message = format!("no version is both `{left}` and `{right}`");
    let help = format!("agree on one range of versions for {name}");
    finding(Rule::Conflicting, Severity::Error, (first, second), message, help)
}

/// Whether no version satisfies both where both hold.
fn exclude(first: &Parsed<'_>, second: &Parsed<'_>) -> bool {
    match (first.requirement(), second.requirement()) {
        (Some(first), Some(second)) => meaning::exclude_each_other(first, second),
        _ => false,
    }
}

fn finding(
    rule: Rule,
    severity: Severity,
    (first, second): (&Parsed<'_>, &Parsed<'_>),
    message: String,
    help: String,
) -> Option<Finding> {
    let evidence = declarations(rule, &[first.declared, second.declared]);
    (evidence.len() == 2).then(|| Finding {
        rule,
        package: first.declared.name.clone(),
        class: class(first.declared),
        severity,
        message,
        evidence,
        help: Some(help),
        action: None,
    })
}

fn class(declared: &Declared) -> Class {
    match declared.scope {
        Scope::Main => Class::Required,
        Scope::Extra(_) => Class::Optional,
        Scope::Group(_) => Class::TestOnly,
    }
}

/// No lock holds a version. What others install as a package is not to be pinned, but should say something.
fn unpinned(subject: &Subject<'_, '_>, name: &str, declared: &[Parsed<'_>]) -> Option<Finding> {
    let is_ours = |project: &crate::Project| project.name.as_deref() == Some(name);
    // One project of the repository takes another, or itself with more extras, as it is.
    if subject.input.lock.is_some() || subject.input.projects.iter().any(is_ours) {
        return None;
    }
    let is_package = subject.project.is_package;
    let is_open = |parsed: &&Parsed<'_>| {
        let Some(requirement) = parsed.requirement() else { return false };
        let specifier = requirement.specifier();
        !parsed.declared.is_direct && if is_package { specifier.is_empty() } else { !is_limited(specifier) }
    };
    if !declared.iter().all(|parsed| is_open(&parsed)) {
        return None;
    }
    let open: Vec<&Declared> = declared.iter().map(|parsed| parsed.declared).collect();
    let evidence = declarations(Rule::Unpinned, &open);
    let first = declared.first()?;
    (!evidence.is_empty()).then(|| Finding {
        rule: Rule::Unpinned,
        package: name.to_owned(),
        class: class(first.declared),
        severity: Severity::Note,
        message: format!("nothing says which version of {name} works: the next release is taken as it comes"),
        evidence,
        help: Some(if is_package {
            format!("say the oldest version that works, such as `{name}>=1.2`")
        } else if subject.project.has_project {
            "let a lock hold the versions:  uv lock".to_owned()
        } else {
            "let a lock hold the versions: `uvshift migrate` makes one".to_owned()
        }),
        action: None,
    })
}

/// Whether a specifier keeps newer versions out.
fn is_limited(specifier: &str) -> bool {
    specifier
        .split(',')
        .map(str::trim)
        .any(|clause| clause.starts_with("==") || clause.starts_with("~=") || clause.starts_with('<'))
}
