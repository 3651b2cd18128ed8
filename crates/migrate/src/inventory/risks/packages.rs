//! Packages that need a second look, and how tightly all of them are held.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_depgraph::catalogue::{Legacy, SystemLibraries, legacy, system_libraries};
use uvshift_project::Provenance;

use super::super::Given;
use super::super::codes;
use super::super::listed::Listed;
use super::super::model::{DirectDependency, DirectKind, EnvironmentSummary, Inventory, Risk, RiskSeverity};
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
    for requirement in listed.iter().filter(|listed| listed.scope.is_some()) {
        if let Some(name) = &requirement.name {
            places.entry(name).or_default().push(requirement.from.clone());
        }
    }
    let mut risks = Vec::new();
    for (name, places) in places {
        let found = [
            legacy(name).map(|found| old(name, found)),
            system_libraries(name).map(|found| built(name, found)),
        ];
        risks.extend(found.into_iter().flatten().map(|risk| risk.at(places.iter().cloned())));
    }
    risks
}

fn old(name: &str, Legacy { why, instead }: Legacy) -> Risk {
    let mitigation = match instead {
        Some(instead) => format!("use {instead} instead"),
        None => "leave it out".to_owned(),
    };
    risk(
        codes::LEGACY_PACKAGE,
        RiskSeverity::Medium,
        format!("{name} is legacy: {why}"),
        "nobody mends it, and it may not build or run with a newer Python",
        mitigation,
    )
}

fn built(name: &str, found: SystemLibraries) -> Risk {
    let SystemLibraries { what, debian, instead, has_wheels } = found;
    let severity = if has_wheels { RiskSeverity::Low } else { RiskSeverity::Medium };
    let why = if has_wheels {
        "it has wheels for common platforms; on others, and with `--no-binary`, uv builds it"
    } else {
        "it has no wheels, so uv builds it wherever it is installed"
    };
    let mut mitigation = if debian.is_empty() {
        "have what it needs where uv runs".to_owned()
    } else {
        format!("where uv runs without a wheel: `apt-get install {}`", debian.join(" "))
    };
    if let Some(instead) = instead {
        mitigation = format!("{mitigation}; or use {instead}, which has wheels");
    }
    risk(codes::SYSTEM_LIBRARIES, severity, format!("{name} needs {what} of the system"), why, mitigation)
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
        let why = "what it points at can be another thing tomorrow; uv.lock holds the commit of a repository from the first lock on";
        let advice = "write the whole commit behind `@`, or `#sha256=` behind a URL, if it is to stay as it is; `uvshift migrate` locks what is there at that time";
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
    let advice = "`uvshift migrate` locks the newest versions that fit; with `--from-venv DIR` or `--freeze FILE` it keeps those that are installed";
    let places = inventory.sources.iter().filter(|source| source.counts.from_index() > source.counts.exact);
    let places: Vec<Provenance> = places
        .filter(|source| source.role.as_deref() != Some("constraints"))
        .map(|source| Provenance::new(source.path.clone(), 1))
        .collect();
    let (code, what) = if counts.exact == 0 {
        let what = format!(
            "there is no lock, and none of {} has an exact version",
            counted(counts.from_index(), "requirement", "", "").trim()
        );
        (codes::NO_PINS, what)
    } else {
        (
            codes::FEW_PINS,
            format!("there is no lock, and {percent} % of the requirements have an exact version"),
        )
    };
    Some(risk(code, RiskSeverity::Medium, what, why, advice).at(places))
}

/// What the environment holds that no file explains.
fn drift(environment: &EnvironmentSummary) -> Option<Risk> {
    let EnvironmentSummary { path, elsewhere, unneeded, .. } = environment;
    let unneeded_names: BTreeSet<&str> = unneeded.iter().map(String::as_str).collect();
    let strange: Vec<&str> = elsewhere
        .iter()
        .filter(|found| found.kind != "conda" && unneeded_names.contains(found.name.as_str()))
        .map(|found| found.name.as_str())
        .collect();
    if unneeded.is_empty() {
        return None;
    }
    let what =
        format!("{path} holds {} that no file asks for", counted(unneeded.len(), "package", "", "").trim());
    let mut why = "code may import them by accident; a new environment will not have them".to_owned();
    if !strange.is_empty() {
        why = format!("{why}; not from an index: {}", joined_words(&strange));
    }
    let advice = "declare those that are needed before the move";
    Some(risk(codes::ENVIRONMENT_DRIFT, RiskSeverity::Low, what, why, advice))
}
