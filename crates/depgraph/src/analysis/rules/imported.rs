//! What is imported without being declared where it is needed: missing, transitive, misplaced.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uvshift_diagnostics::Severity;
use uvshift_installed::is_seed;
use uvshift_pyproject::Scope;
use uvshift_requirements::normalize_name;

use super::{Subject, declarations, names};
use crate::analysis::{ResolvedImport, places};
use crate::catalogue::{Category, NotImported, category, legacy, not_imported};
use crate::declared::name_of;
use crate::modules::MappedBy;
use crate::{Action, Class, Declared, Evidence, Finding, Form, Need, Origin, Rule};

/// Without a `[build-system]`, pip brings these to build with.
const BUILD_DEFAULTS: [&str; 2] = ["setuptools", "wheel"];

pub(super) fn check(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = undeclared(subject);
    findings.extend(development_in_main(subject));
    findings.extend(main_in_development(subject));
    findings
}

/// Imports of distributions that are declared nowhere.
fn undeclared(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let declared = names(subject.project.declared.iter());
    let of_root = of_root(subject);
    let brought = subject.resolved.brought_by(declared.iter().copied());
    let mut by_package: BTreeMap<Arc<str>, Vec<&ResolvedImport<'_>>> = BTreeMap::new();
    for import in &subject.imports {
        let candidates = import.candidates();
        let is_of_root = |name: &Arc<str>| import.need == Need::Development && of_root.contains(&**name);
        if candidates.iter().any(|name| is_satisfied(subject, &declared, import, name) || is_of_root(name)) {
            continue;
        }
        let known = candidates.iter().find(|name| brought.contains_key(&***name)).or(candidates.first());
        by_package.extend_one_each(known.map(|name| (Arc::clone(name), *import)));
    }
    let has_development = subject.project.declared.iter().any(is_for_tests);
    by_package
        .iter()
        .filter_map(|(package, imports)| match brought.get(&**package) {
            Some(parents) => transitive(subject, package, imports, parents, has_development),
            None => missing(subject, package, imports, has_development),
        })
        .collect()
}

/// What the project at the root declares for those who work on it: in a workspace, that is there for the tests of every member.
fn of_root<'a>(subject: &Subject<'_, 'a>) -> BTreeSet<&'a str> {
    let root = subject.input.projects.iter().find(|project| project.folder.is_empty());
    let declared = root.into_iter().flat_map(|project| &project.declared);
    names(declared.filter(|found| matches!(found.scope, Scope::Group(_))))
}

/// Whether it is for those who work on the code: what documents or linters need says nothing about tests.
fn is_for_tests(declared: &Declared) -> bool {
    let (Scope::Group(name) | Scope::Extra(name)) = &declared.scope else { return false };
    let apart =
        ["doc", "docs", "documentation", "lint", "linting", "linters", "style", "format", "release", "build"];
    declared.is_development() && !apart.contains(&normalize_name(name).as_str())
}

/// A map of lists that takes one more item.
trait ExtendOneEach<K, V> {
    fn extend_one_each(&mut self, item: Option<(K, V)>);
}

impl<K: Ord, V> ExtendOneEach<K, V> for BTreeMap<K, Vec<V>> {
    fn extend_one_each(&mut self, item: Option<(K, V)>) {
        if let Some((key, value)) = item {
            self.entry(key).or_default().push(value);
        }
    }
}

/// Whether the file of an import may expect a distribution.
fn is_satisfied(
    subject: &Subject<'_, '_>,
    declared: &BTreeSet<&str>,
    import: &ResolvedImport<'_>,
    name: &str,
) -> bool {
    if let Some(script) = subject.scripts.get(import.file).and_then(|file| file.script.as_ref()) {
        return script.dependencies.iter().any(|(text, _)| name_of(text) == name);
    }
    if declared.contains(name) {
        return true;
    }
    if !places::is_build(subject.within(import.file)) {
        return false;
    }
    let build = &subject.project.build_requires;
    build.iter().any(|found| found == name) || (build.is_empty() && BUILD_DEFAULTS.contains(&name))
}

fn missing(
    subject: &Subject<'_, '_>,
    package: &str,
    imports: &[&ResolvedImport<'_>],
    has_development: bool,
) -> Option<Finding> {
    let class = subject.class_of(imports);
    let evidence = told_first(subject, Rule::Missing, imports)?;
    let by = imports.first().and_then(|import| mapped_by(import))?;
    let module = &evidence.first()?.text;
    let is_guess = by == MappedBy::Guess;
    let is_guarded = !imports.iter().any(|import| import.need == Need::Required);
    let message = match class {
        Class::Optional if is_guarded => {
            format!("`{module}` is imported where it is there, and no extra declares {package}")
        }
        Class::TypeOnly => {
            format!("`{module}` is imported for type checkers, and nothing declares {package}")
        }
        _ if is_guess => format!("`{module}` is imported, and nothing declares what has it"),
        _ => format!("`{module}` is imported, and {package} is not declared"),
    };
    // Without a lock or an environment, nobody knows what the declared ones bring in.
    let is_known =
        subject.resolved.file.is_some() || in_script(subject, imports) || subject.project.declared.is_empty();
    let (most, unknown) = if is_known {
        (Severity::Error, "")
    } else {
        (Severity::Warning, "; a lock would tell whether something else brings it")
    };
    let to = scope_for(subject, class);
    let help = if is_guess {
        format!(
            "declare the distribution that has it{}; perhaps that is {package}, but look before you install it",
            for_whom(&to, class)
        )
    } else {
        format!("declare {package}{}", for_whom(&to, class))
    };
    let is_safe = !is_guess && is_addable(subject, class, imports);
    let action = is_safe.then(|| Action::Add { requirement: bounded(subject, package), to });
    Some(Finding {
        rule: Rule::Missing,
        package: package.to_owned(),
        class,
        severity: severity(subject, class, imports, has_development).min(most),
        message,
        evidence,
        help: Some(help + unknown),
        action,
    })
}

fn transitive(
    subject: &Subject<'_, '_>,
    package: &str,
    imports: &[&ResolvedImport<'_>],
    parents: &[String],
    has_development: bool,
) -> Option<Finding> {
    let class = subject.class_of(imports);
    let mut evidence = told_first(subject, Rule::Transitive, imports)?;
    let file = subject.resolved.file.clone().unwrap_or_default();
    evidence.extend(parents.iter().take(5).map(|parent| Evidence {
        file: file.clone(),
        line: subject.resolved.line(parent),
        cell: None,
        form: "locked",
        text: format!("{parent} needs {package}"),
    }));
    let module = &evidence.first()?.text;
    let by = if parents.is_empty() { "the lock".to_owned() } else { parents.join(", ") };
    let message = format!("`{module}` is imported, and {package} is only there because of {by}");
    let to = scope_for(subject, class);
    let is_safe = is_addable(subject, class, imports);
    let severity = severity(subject, class, imports, has_development).min(Severity::Warning);
    Some(Finding {
        rule: Rule::Transitive,
        package: package.to_owned(),
        class,
        severity,
        message,
        evidence,
        help: Some(format!(
            "declare {package}{}, or it goes when {by} does without it",
            for_whom(&to, class)
        )),
        action: is_safe.then(|| Action::Add { requirement: bounded(subject, package), to }),
    })
}

/// Evidence with what weighs most first.
fn told_first(
    subject: &Subject<'_, '_>,
    rule: Rule,
    imports: &[&ResolvedImport<'_>],
) -> Option<Vec<Evidence>> {
    let mut imports = imports.to_vec();
    imports.sort_by_key(|import| import.need);
    let evidence = subject.evidence(rule, &imports);
    (!evidence.is_empty()).then_some(evidence)
}

fn mapped_by(import: &ResolvedImport<'_>) -> Option<MappedBy> {
    match &import.origin {
        Origin::Distribution(mapped) => Some(mapped.by),
        _ => None,
    }
}

fn severity(
    subject: &Subject<'_, '_>,
    class: Class,
    imports: &[&ResolvedImport<'_>],
    has_development: bool,
) -> Severity {
    // What a vendored package looks for, it mostly does without.
    let is_own = |import: &ResolvedImport<'_>| !places::is_vendored(subject.within(import.file));
    let runs = imports.iter().any(|import| import.need == Need::Required && is_own(import));
    // Examples and documents import what they like, and doctests make things up. A notebook below tests is what they are tried on.
    let is_tested = imports.iter().any(|import| {
        import.need == Need::Development
            && import.import.form != Form::Doctest
            && import.import.cell.is_none()
            && places::is_test(subject.within(import.file))
            && !places::is_data(subject.within(import.file))
    });
    match class {
        Class::Required => Severity::Error,
        _ if runs => Severity::Warning,
        Class::TestOnly if has_development && is_tested => Severity::Warning,
        _ => Severity::Note,
    }
}

/// Whether a requirement can be added where it belongs.
fn is_addable(subject: &Subject<'_, '_>, class: Class, imports: &[&ResolvedImport<'_>]) -> bool {
    let is_wanted = matches!(class, Class::Required | Class::TestOnly);
    is_wanted && !in_script(subject, imports) && subject.can_add(&scope_for(subject, class))
}

/// Where a requirement of this kind belongs.
fn scope_for(subject: &Subject<'_, '_>, class: Class) -> Scope {
    if class != Class::TestOnly {
        return Scope::Main;
    }
    let places: BTreeSet<&Scope> = subject
        .project
        .declared
        .iter()
        .filter(|found| found.is_development())
        .map(|found| &found.scope)
        .collect();
    let usual = ["test", "tests", "testing", "dev"].into_iter().find_map(|name| {
        [Scope::Group(name.to_owned()), Scope::Extra(name.to_owned())]
            .into_iter()
            .find(|it| places.contains(it))
    });
    usual.unwrap_or_else(|| Scope::Group("dev".to_owned()))
}

fn for_whom(scope: &Scope, class: Class) -> String {
    match scope {
        Scope::Main if class == Class::Optional => ", or in an extra".to_owned(),
        Scope::Main => String::new(),
        Scope::Extra(name) => format!(" in the extra `{name}`"),
        Scope::Group(name) => format!(" in the group `{name}`"),
    }
}

/// With the locked version as its lower bound, as `uv add` writes it.
fn bounded(subject: &Subject<'_, '_>, package: &str) -> String {
    let version = subject.resolved.version(package);
    version.map_or_else(|| package.to_owned(), |version| format!("{package}>={}", public(version)))
}

/// Without the local part, which `>=` does not take.
fn public(version: &str) -> &str {
    version.split('+').next().unwrap_or(version)
}

fn in_script(subject: &Subject<'_, '_>, imports: &[&ResolvedImport<'_>]) -> bool {
    imports.iter().any(|import| subject.scripts.contains_key(import.file))
}

/// Declared for development only, and needed to run.
fn development_in_main(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in names(subject.project.declared.iter()) {
        let declared: Vec<&Declared> = subject.declared(name).collect();
        if !declared.iter().all(|found| found.is_development()) {
            continue;
        }
        // Another candidate that is declared for running is what is meant.
        let is_met = |import: &&ResolvedImport<'_>| {
            import
                .candidates()
                .iter()
                .any(|other| subject.declared(other).any(|found| !found.is_development()))
        };
        let required: Vec<&ResolvedImport<'_>> =
            subject.uses(name).filter(|import| import.need == Need::Required && !is_met(import)).collect();
        let evidence = subject.evidence(Rule::Misplaced, &required);
        let (Some(first), Some(from)) = (evidence.first(), declared.first()) else { continue };
        let class = subject.class_of(&required);
        let is_needed = class == Class::Required;
        let help = if is_needed {
            format!("move {name} to {}", Scope::Main.key())
        } else {
            format!("only a part of the project imports {name}: an extra can declare it")
        };
        let is_safe = is_needed && from.is_changeable;
        findings.push(Finding {
            rule: Rule::Misplaced,
            package: name.to_owned(),
            class,
            severity: if is_needed { Severity::Warning } else { Severity::Note },
            message: format!(
                "`{}` is imported to run, and {name} is declared for development only",
                first.text
            ),
            help: Some(help),
            action: is_safe.then(|| moved(from, Scope::Main)),
            evidence: [evidence, declarations(Rule::Misplaced, &declared)].concat(),
        });
    }
    findings
}

/// Declared to run, and only tests and the like need it.
fn main_in_development(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let runs = subject.imports.iter().any(|import| import.need == Need::Required);
    for declared in subject.project.declared.iter().filter(|found| found.scope == Scope::Main) {
        let name = declared.name.as_str();
        let uses: Vec<&ResolvedImport<'_>> = subject.uses(name).collect();
        let is_only_tested =
            runs && !uses.is_empty() && uses.iter().all(|import| import.need == Need::Development);
        let is_tool = uses.is_empty() && is_for_developers(name);
        // What is legacy has to go, not to move. What environments are made with is often needed by what others run.
        if !(is_only_tested || is_tool) || legacy(name).is_some() || is_seed(name) {
            continue;
        }
        let mut evidence = declarations(Rule::Misplaced, &[declared]);
        if evidence.is_empty() {
            continue;
        }
        evidence.extend(subject.evidence(Rule::Misplaced, &uses));
        let to = scope_for(subject, Class::TestOnly);
        let (class, message) = if is_stub(name) {
            (Class::Stub, format!("{name} is for type checkers, and is declared to run"))
        } else if is_tool {
            (Class::PluginOrTool, format!("{name} is a tool for developers, and is declared to run"))
        } else {
            (
                Class::TestOnly,
                format!("only files that are not installed import {name}, and it is declared to run"),
            )
        };
        findings.push(Finding {
            rule: Rule::Misplaced,
            package: name.to_owned(),
            class,
            severity: Severity::Warning,
            message,
            evidence,
            help: Some(format!("move {name} to {}", to.key())),
            action: declared.is_changeable.then(|| moved(declared, to)),
        });
    }
    findings
}

/// Tests, linters and stubs are for those who work on the project.
fn is_for_developers(name: &str) -> bool {
    is_stub(name) || matches!(category(name, &[]), Category::Testing | Category::Linting)
}

fn is_stub(name: &str) -> bool {
    matches!(not_imported(name), Some(NotImported::Stub(_)))
}

fn moved(declared: &Declared, to: Scope) -> Action {
    Action::Move {
        name: declared.name.clone(),
        requirement: declared.text.clone(),
        from: declared.scope.clone(),
        to,
    }
}
