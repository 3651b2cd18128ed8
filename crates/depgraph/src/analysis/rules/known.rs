//! What is known of declared distributions by their names: legacy, system libraries, several for one job.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_diagnostics::Severity;
use uvshift_pyproject::Scope;

use super::{Subject, declarations};
use crate::catalogue::{Legacy, SystemLibraries, job, legacy, system_libraries};
use crate::{Class, Declared, Finding, Rule};

pub(super) fn check(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for declared in &subject.project.declared {
        if !seen.insert(declared.name.as_str()) {
            continue;
        }
        let all: Vec<&Declared> = subject.declared(&declared.name).collect();
        // A backport that is for older Pythons only does its work there.
        let is_for_some = |found: &Legacy| found.instead.is_none() && declared.text.contains(';');
        if let Some(found) = legacy(&declared.name).filter(|found| !is_for_some(found)) {
            findings.extend(old(&all, found));
        }
        if let Some(found) = system_libraries(&declared.name).filter(|found| !found.has_wheels) {
            findings.extend(system(&all, found));
        }
    }
    findings.extend(overlapping(subject));
    findings
}

fn old(declared: &[&Declared], found: Legacy) -> Option<Finding> {
    let name = &declared.first()?.name;
    let help = found.instead.map_or_else(
        || format!("remove {name}: it is not needed any more"),
        |instead| format!("use {instead}"),
    );
    finding(Rule::Legacy, Severity::Warning, declared, format!("{name} is legacy: {}", found.why), help)
}

fn system(declared: &[&Declared], found: SystemLibraries) -> Option<Finding> {
    let name = &declared.first()?.name;
    let mut help = Vec::new();
    if !found.debian.is_empty() {
        help.push(format!("on Debian:  apt-get install {}", found.debian.join(" ")));
    }
    if let Some(instead) = found.instead {
        help.push(format!("{instead} has wheels"));
    }
    let message = format!("{name} has no wheels for Linux: to build it needs {}", found.what);
    finding(Rule::SystemLibraries, Severity::Note, declared, message, help.join("; "))
}

/// Distributions of one place that compete for one job.
fn overlapping(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let mut jobs: BTreeMap<&str, BTreeMap<&str, &Declared>> = BTreeMap::new();
    let to_run = subject.project.declared.iter().filter(|found| found.scope == Scope::Main);
    for declared in to_run {
        if let Some(job) = job(&declared.name) {
            jobs.entry(job).or_default().entry(&declared.name).or_insert(declared);
        }
    }
    let several = jobs.into_iter().filter(|(_, names)| names.len() > 1);
    several
        .filter_map(|(job, names)| {
            let listed: Vec<&str> = names.keys().copied().collect();
            let message = format!("{} do the same job: {job}", listed.join(" and "));
            let declared: Vec<&Declared> = names.into_values().collect();
            let help = "one of them may be enough".to_owned();
            finding(Rule::Overlapping, Severity::Note, &declared, message, help)
        })
        .collect()
}

fn finding(
    rule: Rule,
    severity: Severity,
    declared: &[&Declared],
    message: String,
    help: String,
) -> Option<Finding> {
    let first = declared.first()?;
    let evidence = declarations(rule, declared);
    (!evidence.is_empty()).then(|| Finding {
        rule,
        package: first.name.clone(),
        class: if first.is_development() { Class::TestOnly } else { Class::Required },
        severity,
        message,
        evidence,
        help: (!help.is_empty()).then_some(help),
        action: None,
    })
}
