//! What is declared and nothing needs.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_diagnostics::Severity;
use uvshift_pyproject::Scope;
use uvshift_requirements::redacted;

use super::{Subject, declarations};
use crate::analysis::{Mentions, resolve};
use crate::catalogue::{Category, NotImported, called, category, hosts, not_imported};
use crate::declared::name_of;
use crate::modules::{MappedBy, is_well_known};
use crate::{Action, Class, Declared, Evidence, Finding, Rule};

/// A distribution that nothing imports, for which a mention is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Its normalised name.
    pub package: String,
    /// Its modules, as far as they are known.
    pub modules: Vec<String>,
    /// Its commands, as far as they are known.
    pub commands: Vec<String>,
    /// What code calls of other distributions that then need this one.
    pub words: Vec<&'static str>,
}

pub(super) fn check(
    subject: &Subject<'_, '_>,
    everywhere: &BTreeSet<&str>,
    mentions: Mentions<'_>,
) -> Vec<Finding> {
    let candidates: Vec<&Declared> = candidates(subject, everywhere);
    let mut findings = in_scripts(subject);
    findings.extend(lonely_stubs(subject));
    if candidates.is_empty() {
        return findings;
    }
    let sought: Vec<Sought> = candidates.iter().map(|declared| sought(subject, &declared.name)).collect();
    let mentions = mentions(&sought);
    let names = subject.project.declared.iter().map(|found| found.name.as_str());
    let brought = subject.resolved.brought_by(names);
    for (at, declared) in candidates.into_iter().enumerate() {
        if mentions.get(at).is_some_and(Option::is_some) {
            continue;
        }
        findings.extend(unused(subject, declared, &brought));
    }
    findings
}

/// Declared to run or for an extra, imported by nothing, and not of a kind that works without.
fn candidates<'a>(subject: &Subject<'_, 'a>, everywhere: &BTreeSet<&str>) -> Vec<&'a Declared> {
    let mut seen = BTreeSet::new();
    // The groups of the root are for the tests of every member.
    let is_seen = |found: &&Declared| {
        // One for some Pythons is there for a tool that needs it on those.
        let is_library = is_library(&found.name) && !found.text.contains(';');
        !found.is_development() || (is_library && !everywhere.contains(found.name.as_str()))
    };
    let listed = subject.project.declared.iter().filter(is_seen);
    listed
        .filter(|found| {
            seen.insert((&found.name, &found.scope))
                && Some(found.name.as_str()) != subject.project.name.as_deref()
                && !is_own(subject, &found.name)
                && subject.uses(&found.name).next().is_none()
                && !works_unseen(subject, found)
                && !is_backport(subject, found)
        })
        .collect()
}

/// Whether nothing but an import makes use of a distribution, as far as its name tells: what developers install is mostly run by hand.
fn is_library(name: &str) -> bool {
    use Category::{Core, Database, Ml, Utilities, Web};
    is_well_known(name) && matches!(category(name, &[]), Core | Database | Ml | Utilities | Web)
}

fn is_own(subject: &Subject<'_, '_>, name: &str) -> bool {
    subject.input.projects.iter().any(|project| project.name.as_deref() == Some(name))
}

/// For an older Python than the project is for, nothing can import it.
fn is_backport(subject: &Subject<'_, '_>, declared: &Declared) -> bool {
    // Its module is in the standard library of newer Pythons, so that no import of it counts as one of a distribution.
    let modules = modules(subject, &declared.name);
    let pythons = &subject.project.pythons;
    !modules.is_empty()
        && modules.iter().all(|module| crate::modules::is_standard_library(module, pythons))
        && (declared.text.contains(';') || is_conditional(&declared.scope))
}

/// An extra of old setup.py files whose name is a marker.
fn is_conditional(scope: &Scope) -> bool {
    matches!(scope, Scope::Extra(name) if name.replace('_', "-").starts_with("python-version"))
}

/// Whether a distribution is needed although nothing imports it.
fn works_unseen(subject: &Subject<'_, '_>, declared: &Declared) -> bool {
    if works_by_name(subject, &declared.name) {
        return true;
    }
    let Some(installed) = subject.input.environment.and_then(|found| found.find(&declared.name)) else {
        return false;
    };
    let (entry_points, _) = installed.entry_points();
    let is_plugin = entry_points.iter().any(|found| !found.group.ends_with("_scripts"));
    // A distribution without modules of its own only stands for what it requires.
    let has_modules = subject.map.provides(&declared.name).by == MappedBy::Environment;
    let is_meta = !has_modules && !installed.requires.is_empty();
    is_plugin || is_meta
}

/// Whether a distribution is known to work without being imported: a tool, a plug-in, a stub, or what one that is there loads.
fn works_by_name(subject: &Subject<'_, '_>, name: &str) -> bool {
    let is_there = |host: &str| subject.declared(host).next().is_some() || subject.resolved.has(host);
    let mut hosts = hosts(name).peekable();
    match not_imported(name) {
        // Where code shows the need, that is sought.
        Some(NotImported::Runtime) => {
            called(name).is_empty() && (hosts.peek().is_none() || hosts.any(is_there))
        }
        found => found.is_some(),
    }
}

/// Stubs for a distribution that is not there.
fn lonely_stubs(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for declared in &subject.project.declared {
        let Some(NotImported::Stub(host)) = not_imported(&declared.name) else { continue };
        let is_there = subject.declared(&host).next().is_some()
            || subject.project.build_requires.contains(&host)
            || subject.uses.contains_key(host.as_str())
            || subject.resolved.has(&host)
            || is_own(subject, &host);
        let evidence = declarations(Rule::Unused, &[declared]);
        if is_there || evidence.is_empty() {
            continue;
        }
        let name = &declared.name;
        findings.push(Finding {
            rule: Rule::Unused,
            package: name.clone(),
            class: Class::Stub,
            // Without a lock, another distribution may bring it.
            severity: if subject.resolved.file.is_some() { Severity::Warning } else { Severity::Note },
            message: format!("{name} has the types of {host}, which nothing imports or declares"),
            evidence,
            help: Some(format!("remove {name}")),
            action: None,
        });
    }
    findings
}

fn modules(subject: &Subject<'_, '_>, name: &str) -> Vec<String> {
    subject.map.provides(name).modules.iter().map(ToString::to_string).collect()
}

fn sought(subject: &Subject<'_, '_>, name: &str) -> Sought {
    let installed = subject.input.environment.and_then(|found| found.find(name));
    let commands = installed.map(|found| found.entry_points().0).unwrap_or_default();
    let commands = commands.into_iter().filter(|found| found.group.ends_with("_scripts"));
    let mut commands: Vec<String> = commands.map(|found| found.name).collect();
    if commands.is_empty() {
        commands.push(name.to_owned());
    }
    Sought { package: name.to_owned(), modules: modules(subject, name), commands, words: called(name) }
}

fn unused(subject: &Subject<'_, '_>, declared: &Declared, brought: &Brought) -> Option<Finding> {
    let evidence = declarations(Rule::Unused, &[declared]);
    let name = &declared.name;
    let parents = brought_by_others(subject, name, brought);
    let class = match declared.scope {
        Scope::Main => Class::Required,
        _ if declared.is_development() => Class::TestOnly,
        _ => Class::Optional,
    };
    let anyway = match parents.as_slice() {
        [] => String::new(),
        parents => format!("; it is there anyway, because of {}", parents.join(", ")),
    };
    let message = format!("{name} is declared, and nothing imports it{anyway}");
    let (help, is_safe) = remedy(subject, declared, &parents);
    (!evidence.is_empty()).then(|| Finding {
        rule: Rule::Unused,
        package: name.clone(),
        class,
        // What an extra brings can be for a dependency of the project.
        severity: if class == Class::Required { Severity::Warning } else { Severity::Note },
        message,
        evidence,
        help: Some(help),
        action: (class == Class::Required && declared.is_changeable && is_safe)
            .then(|| Action::Remove { name: name.clone(), from: declared.scope.clone() }),
    })
}

/// What to do about it, and whether it can go without a second thought. What says which version of a package, or which extras,
/// is there for those that bring the package in.
fn remedy(subject: &Subject<'_, '_>, declared: &Declared, parents: &[String]) -> (String, bool) {
    let name = &declared.name;
    let ignore = "say so with `# uvshift: ignore[unused]` behind it";
    let requirement = declared.text.split(';').next().unwrap_or_default();
    let has_version = declared.is_direct || requirement.contains(['=', '<', '>', '~', '@']);
    if parents.is_empty() && !subject.resolved.has_edges() && is_limited(requirement) {
        let why = "nothing here tells whether another dependency brings it in, which a lock or an environment would";
        let help = format!(
            "{why}: where it holds a version of what another brings in, {ignore}; else remove {name}"
        );
        return (help, false);
    }
    if !parents.is_empty() && requirement.contains('[') {
        return (format!("where its extras matter, {ignore}; else remove {name}"), false);
    }
    if !parents.is_empty() && has_version {
        let constraint = redacted(&declared.text);
        let place = "`constraint-dependencies` in `[tool.uv]`";
        return (
            format!("where that version matters, move it to {place}: \"{constraint}\"; else remove {name}"),
            false,
        );
    }
    (format!("remove {name}; or, where it is needed unseen, {ignore}"), true)
}

/// Whether a requirement keeps versions out.
fn is_limited(requirement: &str) -> bool {
    ["==", "~=", "<", "!="].iter().any(|operator| requirement.contains(operator))
}

/// What all declarations together bring in, each with those that need it.
type Brought = BTreeMap<String, Vec<String>>;

/// Those that bring it in where it is not declared.
fn brought_by_others(subject: &Subject<'_, '_>, name: &str, brought: &Brought) -> Vec<String> {
    let parents = brought.get(name).map(Vec::as_slice).unwrap_or_default();
    // Those that are declared are there without it. Only of others it has to be found out, which looks at everything.
    if parents.iter().all(|parent| subject.declared(parent).next().is_some()) {
        return parents.to_vec();
    }
    let others = subject.project.declared.iter().map(|found| found.name.as_str());
    let mut brought = subject.resolved.brought_by(others.filter(|other| *other != name));
    brought.remove(name).unwrap_or_default()
}

/// What the inline metadata of a script lists (PEP 723) and the script does not import.
fn in_scripts(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = subject.input.projects.iter().position(|it| it.folder == subject.project.folder);
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for import in subject.imports.iter().filter(|import| subject.scripts.contains_key(import.file)) {
        used.entry(import.file).or_default().extend(import.candidates().iter().map(|name| &**name));
    }
    for (path, file) in &subject.scripts {
        if resolve::project_of(subject.input.projects, path) != place.unwrap_or(0) {
            continue;
        }
        let is_used = |name: &str| used.get(path).is_some_and(|used| used.contains(name));
        for (text, line) in file.script.iter().flat_map(|script| &script.dependencies) {
            let name = name_of(text);
            let line_number = u32::try_from(*line).unwrap_or(u32::MAX);
            let is_ignored = subject.ignored.has(path, line_number, None, Rule::Unused);
            if name.is_empty() || is_used(&name) || works_by_name(subject, &name) || is_ignored {
                continue;
            }
            findings.push(Finding {
                rule: Rule::Unused,
                message: format!("the script lists {name}, and does not import it"),
                class: Class::Required,
                severity: Severity::Warning,
                evidence: vec![Evidence {
                    file: (*path).to_owned(),
                    line: *line,
                    cell: None,
                    form: "declared",
                    text: redacted(text),
                }],
                help: Some(format!("take it out:  uv remove --script {path} {name}")),
                action: None,
                package: name,
            });
        }
    }
    findings
}
