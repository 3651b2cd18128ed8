//! Lines that uv refuses or treats in another way than pip, indexes, credentials.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_project::{Entry, Outcome, Provenance, redacted};
use uvshift_requirements::{GlobalOption, LineKind, codes as line_codes, split_credentials};

use super::super::Given;
use super::super::codes;
use super::super::model::{Risk, RiskSeverity};
use super::{counted, joined_words, risk};
use crate::members::joined;

pub(super) fn risks(given: &Given<'_>, secrets: &[Provenance], pip_settings: &[Provenance]) -> Vec<Risk> {
    let mut risks = refused(given);
    risks.extend(differing(given, &risks));
    risks.extend(setup_py(given));
    risks.extend(indexes(given));
    risks.extend(trusted(given));
    if !secrets.is_empty() {
        let what = counted(secrets.len(), "line", "holds credentials", "hold credentials");
        let why = "whoever can read the repository has them";
        let advice =
            "take them out and change them; `uvshift migrate` names the variables that uv reads instead";
        risks.push(
            risk(codes::CREDENTIALS, RiskSeverity::High, what, why, advice).at(secrets.iter().cloned()),
        );
    }
    if !pip_settings.is_empty() {
        let what = "pip has settings in a file of its own or in variables";
        let why = "uv reads neither pip.conf nor variables that start with PIP_";
        let advice = "put indexes into `[[tool.uv.index]]`, or set UV_DEFAULT_INDEX, UV_INDEX and the like";
        let found = risk(codes::PIP_SETTINGS, RiskSeverity::Medium, what, why, advice);
        risks.push(found.at(pip_settings.iter().cloned()));
    }
    risks
}

/// What stops a migration: refused lines and blockers.
fn refused(given: &Given<'_>) -> Vec<Risk> {
    let Some(plan) = given.plan else { return Vec::new() };
    let mut risks = Vec::new();
    let of_setup_py: BTreeSet<Provenance> = plan
        .blockers
        .iter()
        .chain(&plan.diagnostics)
        .filter(|found| is_setup_py(found))
        .filter_map(place)
        .collect();
    let mut kinds: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in plan.ledger.refused().filter(|entry| !of_setup_py.contains(&entry.from)) {
        if let Outcome::Refused { why, .. } = &entry.outcome {
            kinds.entry(why).or_default().push(entry);
        }
    }
    for (why, entries) in kinds {
        let Some((first, Outcome::Refused { advice, .. })) =
            entries.first().map(|entry| (entry, &entry.outcome))
        else {
            continue;
        };
        let text = redacted(&first.text);
        let what = match entries.len() {
            1 => format!("uv has nothing for `{text}`"),
            count => format!("uv has nothing for {count} lines such as `{text}`"),
        };
        let found = risk(codes::UNSUPPORTED, RiskSeverity::High, what, redacted(why), redacted(advice));
        risks.push(found.at(entries.iter().map(|entry| entry.from.clone())));
    }
    for found in plan.blockers.iter().filter(|found| !is_setup_py(found)) {
        let why = format!("nothing is migrated before that is mended ({})", found.code.id());
        let advice = found.help.clone().unwrap_or_else(|| "mend it, and run again".to_owned());
        let place = place(found);
        risks.push(
            risk(codes::UNSUPPORTED, RiskSeverity::High, redacted(&found.message), why, advice).at(place),
        );
    }
    risks
}

fn place(found: &Diagnostic) -> Option<Provenance> {
    Some(Provenance::new(found.file.clone()?, found.line.unwrap_or(1)))
}

/// What the requirements files say that pip and uv read in different ways, one risk a kind.
fn differing(given: &Given<'_>, refused: &[Risk]) -> Vec<Risk> {
    // These have risks of their own.
    let apart = [line_codes::CREDENTIALS_IN_URL.id(), line_codes::EDITABLE_VCS.id()];
    let told: BTreeSet<&Provenance> = refused.iter().flat_map(|risk| &risk.places).collect();
    let mut kinds: BTreeMap<&str, Vec<(Provenance, &Diagnostic)>> = BTreeMap::new();
    for (folder, layout) in &given.layouts {
        for file in &layout.files {
            let path = joined(folder, &file.path);
            for found in file.document.diagnostics() {
                let from = Provenance::new(path.clone(), found.line.unwrap_or(1));
                let counts = match given.plan {
                    Some(_) => found.severity == Severity::Warning,
                    // Without a plan nobody else names the lines that nobody can read.
                    None => found.severity >= Severity::Warning,
                };
                if counts && !apart.contains(&found.code.id()) && !told.contains(&from) {
                    kinds.entry(found.code.id()).or_default().push((from, found));
                }
            }
        }
    }
    let of_kind = |(code, found): (&str, Vec<(Provenance, &Diagnostic)>)| {
        let (_, first) = found.first()?;
        let why = match (&first.pip, &first.uv) {
            (Some(pip), Some(uv)) => format!("pip: {pip}; uv: {uv} ({code})"),
            (None, Some(uv)) => format!("uv: {uv} ({code})"),
            (Some(pip), None) => format!("pip: {pip} ({code})"),
            (None, None) => format!("pip and uv read it in different ways ({code})"),
        };
        let advice = first
            .help
            .clone()
            .unwrap_or_else(|| "look at what `uvshift migrate --dry-run` makes of it".to_owned());
        let what = redacted(&first.message);
        let places = found.iter().map(|(from, _)| from.clone());
        Some(risk(codes::DIFFERS, RiskSeverity::Low, what, redacted(&why), redacted(&advice)).at(places))
    };
    kinds.into_iter().filter_map(of_kind).collect()
}

/// What of setup.py is not known without running it.
fn is_setup_py(found: &Diagnostic) -> bool {
    matches!(found.code.id(), "M020" | "M021" | "M028")
}

fn setup_py(given: &Given<'_>) -> Option<Risk> {
    let plan = given.plan?;
    let blocks = plan.blockers.iter().any(is_setup_py);
    let found: Vec<&Diagnostic> =
        plan.blockers.iter().chain(&plan.diagnostics).filter(|found| is_setup_py(found)).collect();
    let first = found.first()?;
    // That it imports something from beside it makes nothing unknown.
    let is_unknown = found.iter().any(|found| found.code.id() != "M028");
    let severity = match (blocks, is_unknown) {
        (true, _) => RiskSeverity::High,
        (false, true) => RiskSeverity::Medium,
        (false, false) => RiskSeverity::Low,
    };
    let start = if is_unknown {
        "setup.py has to run before all is known"
    } else {
        "setup.py runs code when the package is built"
    };
    let what = format!("{start}: {}", redacted(&first.message));
    let why = "what a build makes of it depends on the machine, and uv runs it too when it locks or builds the project";
    let advice = if blocks {
        "write the value as a literal, or let `uvshift migrate --run-build` ask the build backend"
    } else {
        "compare the wheels: `uvshift migrate --run-build` does"
    };
    Some(
        risk(codes::SETUP_PY_RUNS, severity, what, why, advice)
            .at(found.iter().filter_map(|found| place(found))),
    )
}

/// Options of all requirements files, with their places.
fn options<'a>(given: &'a Given<'_>) -> impl Iterator<Item = (Provenance, &'a GlobalOption)> {
    given.layouts.iter().flat_map(|(folder, layout)| {
        layout.files.iter().flat_map(move |file| {
            let path = joined(folder, &file.path);
            file.document.lines().iter().flat_map(move |line| {
                let options = match line.kind() {
                    LineKind::Options(options) => options.as_slice(),
                    _ => &[],
                };
                let from = Provenance::new(path.clone(), line.line());
                options.iter().map(move |option| (from.clone(), option))
            })
        })
    })
}

fn indexes(given: &Given<'_>) -> Option<Risk> {
    let (mut urls, mut places) = (BTreeSet::new(), Vec::new());
    let (mut has_default, mut has_more) = (false, false);
    for (from, option) in options(given) {
        match option {
            GlobalOption::IndexUrl(url) => has_default |= urls.insert(without_end(url)),
            GlobalOption::ExtraIndexUrl(url) => has_more |= urls.insert(without_end(url)),
            _ => continue,
        }
        places.push(from);
    }
    let of_plan = given.projects().flat_map(|(_, project)| project.manifest.indexes.clone());
    let of_documents = given
        .documents
        .iter()
        .flat_map(|(folder, document)| document.uv().indexes.into_iter().map(move |index| (*folder, index)));
    for index in of_plan.chain(of_documents.map(|(_, index)| index)).filter(|index| !index.explicit) {
        let is_new = urls.insert(without_end(&index.url));
        has_default |= is_new && index.default;
        has_more |= is_new && !index.default;
    }
    // Unless one replaces it, the public index is one of them.
    let count = urls.len() + usize::from(!has_default);
    if count < 2 || !has_more {
        return None;
    }
    let mut shown: Vec<String> = urls.iter().map(|url| redacted(url)).collect();
    if !has_default {
        shown.push("the public index".to_owned());
    }
    let what = format!("packages come from {count} indexes: {}", joined_words(&shown));
    let why = "pip takes the best version of all of them, so whoever can publish a name to one of them can replace a package of another; uv stops at the first index that has the name";
    let advice = "say which packages are from which index, with `explicit = true` and a source each";
    Some(risk(codes::SEVERAL_INDEXES, RiskSeverity::Medium, what, why, advice).at(places))
}

/// What makes two indexes one: the URL without credentials and without its last `/`.
fn without_end(url: &str) -> String {
    split_credentials(url).0.trim_end_matches('/').to_owned()
}

fn trusted(given: &Given<'_>) -> Option<Risk> {
    let found: Vec<(Provenance, String)> = options(given)
        .filter_map(|(from, option)| match option {
            GlobalOption::TrustedHost(host) => Some((from, redacted(host))),
            _ => None,
        })
        .collect();
    let hosts: BTreeSet<&str> = found.iter().map(|(_, host)| host.as_str()).collect();
    let hosts: Vec<&str> = hosts.into_iter().collect();
    if hosts.is_empty() {
        return None;
    }
    let what = format!("the certificate of {} is not checked (`--trusted-host`)", joined_words(&hosts));
    let why = "whoever sits between can put code of his own into what is installed";
    let advice = "give the host a certificate that is trusted, and drop the option";
    Some(
        risk(codes::TRUSTED_HOST, RiskSeverity::Medium, what, why, advice)
            .at(found.iter().map(|(from, _)| from.clone())),
    )
}
