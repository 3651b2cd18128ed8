//! Packages that need a second look, and how tightly all of them are held.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_depgraph::catalogue::{Legacy, SystemLibraries, legacy, system_libraries};
use uvshift_project::Provenance;

use super::super::Given;
use super::super::codes;
use super::super::listed::Listed;
use super::super::model::{
    DirectDependency, DirectKind, ElsewhereKind, EnvironmentSummary, Inventory, Risk, RiskSeverity,
};
use super::{counted, joined_words, risk};

pub(super) fn risks(given: &Given<'_>, inventory: &Inventory, listed: &[Listed]) -> Vec<Risk> {
    let mut risks = by_name(listed);
    risks.extend(direct(&inventory.direct));
    risks.extend(pins(given, inventory));
    risks.extend(inventory.environment.as_ref().and_then(drift));
    risks
}

/// What is known of the packages by their names.
fn by_name(listed: &[Listed]) -> Vec<Risk> {
    let mut places: BTreeMap<&str, Vec<Provenance>> = BTreeMap::new();
    let mut for_some: BTreeSet<&str> = BTreeSet::new();
    for requirement in listed.iter().filter(|listed| listed.scope.is_some()) {
        if let Some(name) = &requirement.name {
            places.entry(name).or_default().push(requirement.from.clone());
            if requirement.for_some_pythons {
                for_some.insert(name);
            }
        }
    }
    let (mut risks, mut with_wheels) = (Vec::new(), Vec::new());
    for (name, places) in places {
        // A backport that only old Pythons get is what it is for.
        if let Some(found) = legacy(name).filter(|_| !for_some.contains(name)) {
            risks.push(old(name, found).at(places.iter().cloned()));
        }
        match system_libraries(name) {
            Some(found) if found.has_wheels => with_wheels.push((name, found, places)),
            Some(found) => risks.push(built(name, found).at(places)),
            None => {}
        }
    }
    risks.extend(rarely_built(&with_wheels));
    risks
}

fn old(name: &str, Legacy { why, instead }: Legacy) -> Risk {
    let mitigation = match instead {
        Some(instead) => format!("use {instead} instead"),
        None => "do without it".to_owned(),
    };
    // Much that is old still does what it did.
    let is_broken = why.contains("not work") || why.contains("Python 2 only");
    let severity = if is_broken { RiskSeverity::Medium } else { RiskSeverity::Low };
    let what = format!("{name} is legacy: {why}");
    let why = "nobody mends it, and it may not build or run with a newer Python";
    risk(codes::LEGACY_PACKAGE, severity, what, why, mitigation).about(name)
}

fn built(name: &str, found: SystemLibraries) -> Risk {
    let SystemLibraries { what, debian, instead, .. } = found;
    let mut mitigation = apt(debian);
    if let Some(instead) = instead {
        mitigation = format!("{mitigation}; or use {instead}, which has wheels");
    }
    risk(
        codes::SYSTEM_LIBRARIES,
        RiskSeverity::Medium,
        format!("{name} has no wheels for Linux; to build it takes {what}"),
        "uv builds it wherever it is installed: on every machine, in CI and in images",
        mitigation,
    )
    .about(name)
}

fn apt(debian: &[&str]) -> String {
    if debian.is_empty() {
        return "have what it needs where uv runs".to_owned();
    }
    format!("where uv runs: `apt-get install {}`", debian.join(" "))
}

/// Packages with wheels are built only where none fits, which is one matter for all of them.
fn rarely_built(found: &[(&str, SystemLibraries, Vec<Provenance>)]) -> Option<Risk> {
    let names: Vec<&str> = found.iter().map(|(name, ..)| *name).collect();
    let debian: BTreeSet<&str> =
        found.iter().flat_map(|(_, found, _)| found.debian.iter().copied()).collect();
    let debian: Vec<&str> = debian.into_iter().collect();
    let verb = match names.len() {
        0 => return None,
        1 => "is built with libraries of the system where no wheel fits",
        _ => "are built with libraries of the system where no wheel fits",
    };
    let why = "there are wheels for common platforms; on others, for a very new Python, and with `no-binary`, uv builds them";
    let found = found.iter().flat_map(|(.., places)| places.iter().cloned());
    let what = format!("{} {verb}", joined_words(&names));
    Some(risk(codes::SYSTEM_LIBRARIES, RiskSeverity::Low, what, why, apt(&debian)).at(found))
}

/// Repositories, URLs and paths.
fn direct(direct: &[DirectDependency]) -> Vec<Risk> {
    let places = |wanted: &dyn Fn(&DirectDependency) -> bool| -> Vec<Provenance> {
        direct.iter().filter(|found| wanted(found)).map(|found| found.from.clone()).collect()
    };
    let mut risks = Vec::new();
    let loose = places(&|found| found.kind != DirectKind::Path && !found.fixed);
    if !loose.is_empty() {
        let what = counted(
            loose.len(),
            "repository or URL",
            "is held at no commit or hash",
            "are held at no commit or hash",
        );
        let what = what.replace("repository or URLs", "repositories or URLs");
        let why =
            "what it points at can be another thing tomorrow; uv.lock holds what is there when it is made";
        let advice = "write the whole commit behind `@`, or `#sha256=` behind a URL";
        risks.push(risk(codes::NOT_FIXED, RiskSeverity::Medium, what, why, advice).at(loose));
    }
    let outside = places(&|found| found.outside);
    if !outside.is_empty() {
        let what = counted(outside.len(), "path", "leads out of the project", "lead out of the project");
        let why = "it is there on one machine and not on the next, nor in CI or an image";
        let advice = "move it into the repository, publish it to an index, or name its repository";
        risks.push(risk(codes::OUTSIDE_PATH, RiskSeverity::High, what, why, advice).at(outside));
    }
    let editable = places(&|found| found.editable);
    if !editable.is_empty() {
        let what = counted(
            editable.len(),
            "requirement",
            "is installed in place (`-e`)",
            "are installed in place (`-e`)",
        );
        let why = "uv installs the project itself in place, other folders only where their source says so, and repositories never";
        let advice = "`uvshift migrate` writes the sources; images want `uv sync --no-editable`";
        risks.push(risk(codes::EDITABLE, RiskSeverity::Low, what, why, advice).at(editable));
    }
    risks
}

/// No lock, and few exact versions. What a library requires is to be open.
fn pins(given: &Given<'_>, inventory: &Inventory) -> Option<Risk> {
    let counts = inventory.declared.counts;
    let percent = inventory.declared.pinned_percent()?;
    if !inventory.locks.is_empty() || given.is_library() || percent >= 80 {
        return None;
    }
    let why =
        "an installation of today and one of tomorrow differ, and nothing tells which versions are in use";
    let advice =
        "`uvshift migrate` locks the newest that fit; `--from-venv` or `--freeze` keeps what is installed";
    let places = inventory.sources.iter().filter(|source| source.counts.from_index() > source.counts.exact);
    let places: Vec<Provenance> = places
        .filter(|source| source.role.as_deref() != Some("constraints"))
        .map(|source| Provenance::new(source.path.clone(), 1))
        .collect();
    let (code, what) = match (counts.exact, counts.from_index()) {
        (0, 1) => {
            (codes::NO_PINS, "there is no lock, and the only requirement has no exact version".to_owned())
        }
        (0, all) => (
            codes::NO_PINS,
            format!("there is no lock, and none of the {all} requirements has an exact version"),
        ),
        _ => {
            let what = format!("there is no lock, and {percent} % of the requirements have an exact version");
            (codes::FEW_PINS, what)
        }
    };
    Some(risk(code, RiskSeverity::Medium, what, why, advice).at(places))
}

/// What the environment holds that no file explains.
fn drift(environment: &EnvironmentSummary) -> Option<Risk> {
    let EnvironmentSummary { path, elsewhere, unneeded, .. } = environment;
    let unneeded_names: BTreeSet<&str> = unneeded.iter().map(String::as_str).collect();
    let strange: Vec<&str> = elsewhere
        .iter()
        .filter(|found| found.kind != ElsewhereKind::Conda && unneeded_names.contains(found.name.as_str()))
        .map(|found| found.name.as_str())
        .collect();
    if unneeded.is_empty() {
        return None;
    }
    let what =
        format!("{path} holds {} that no file asks for", counted(unneeded.len(), "package", "", "").trim());
    let mut why = "code may import what a new environment will not have".to_owned();
    if !strange.is_empty() {
        why = format!("{why}; not from an index: {}", joined_words(&strange));
    }
    let advice = "declare those that are needed before the move";
    Some(risk(codes::ENVIRONMENT_DRIFT, RiskSeverity::Low, what, why, advice))
}
