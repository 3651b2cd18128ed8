//! Which Python versions the project names, and what is known of these.

use std::collections::BTreeMap;

use pep440_rs::{Version, VersionSpecifiers};
use uvshift_project::python::{Evidence, choose};
use uvshift_project::{Provenance, redacted};

use super::model::{PythonEvidence, PythonSummary, PythonVersion, UvSupport};
use super::{Day, Given, day};

/// The oldest minor version of Python 3 that uv 0.13 has to download (`uv python list --all-versions`).
const OLDEST_MANAGED: u8 = 8;
/// The oldest minor version of Python 3 that uv 0.13 works with.
const OLDEST_USABLE: u8 = 6;

/// Everything that the evidence says.
pub(super) fn summary(given: &Given<'_>, evidence: &[Evidence], today: Day) -> PythonSummary {
    let choice = choose(evidence);
    let declared = given.requires_python();
    let requires_python = declared.or_else(|| choice.as_ref().map(|choice| choice.requires_python.clone()));
    let mut shown: Vec<PythonEvidence> = evidence.iter().map(of_evidence).collect();
    shown.extend(of_manifests(given, evidence));
    let versions = versions(evidence, &shown, requires_python.as_deref(), today);
    PythonSummary {
        requires_python,
        evidence: shown,
        contradictions: choice.map(|choice| choice.conflicts).unwrap_or_default(),
        versions,
    }
}

fn of_evidence(found: &Evidence) -> PythonEvidence {
    PythonEvidence {
        what: found.what.to_string(),
        specifier: redacted(&found.specifier),
        from: Provenance::new(found.file.clone(), found.line),
    }
}

/// What Poetry, PDM, conda and the like say, which is no evidence of its own to those who read the rest.
fn of_manifests(given: &Given<'_>, evidence: &[Evidence]) -> Vec<PythonEvidence> {
    let said = given.projects().filter_map(|(folder, project)| {
        let metadata = &project.manifest.metadata;
        let from = metadata.python_from.as_ref()?.below(folder);
        let range = project.python.requires_python.clone().filter(|_| project.python.declared)?;
        Some(PythonEvidence { what: "requires-python".to_owned(), specifier: range, from })
    });
    let is_new = |found: &PythonEvidence| {
        !evidence.iter().any(|known| known.file == found.from.file && known.line == found.from.line)
    };
    said.filter(is_new).collect()
}

/// The versions that are named, with the places; and the oldest one that the range allows, which nobody may have named.
fn versions(
    evidence: &[Evidence],
    shown: &[PythonEvidence],
    range: Option<&str>,
    today: Day,
) -> Vec<PythonVersion> {
    let mut named: BTreeMap<(u8, u8), (bool, Vec<Provenance>)> = BTreeMap::new();
    for found in evidence {
        for version in &found.versions {
            let (is_named, places) = named.entry(*version).or_default();
            *is_named = true;
            places.push(Provenance::new(found.file.clone(), found.line));
        }
    }
    // A range without a lower end says nothing about old versions.
    if let Some(minor) = range.and_then(oldest).filter(|minor| *minor > 0) {
        let says =
            shown.iter().filter(|found| matches!(found.what.as_str(), "requires-python" | "python_requires"));
        named.entry((3, minor)).or_insert_with(|| (false, says.map(|found| found.from.clone()).collect()));
    }
    let version = |((major, minor), (is_named, places)): ((u8, u8), (bool, Vec<Provenance>))| {
        let end_of_life = day::end_of_life((major, minor));
        PythonVersion {
            version: format!("{major}.{minor}"),
            end_of_life,
            is_past: end_of_life.is_some_and(|end| end < today),
            uv: support((major, minor)),
            is_named,
            places,
        }
    };
    named.into_iter().map(version).collect()
}

/// The oldest minor version of Python 3 that a range allows.
fn oldest(range: &str) -> Option<u8> {
    let range: VersionSpecifiers = range.parse().ok()?;
    let allows = |minor: &u8| {
        [0, 1, 2, 99].iter().any(|patch| range.contains(&Version::new([3, u64::from(*minor), *patch])))
    };
    (0..50).find(allows)
}

fn support((major, minor): (u8, u8)) -> UvSupport {
    match (major, minor) {
        (3, OLDEST_MANAGED..) => UvSupport::Managed,
        (3, OLDEST_USABLE..) => UvSupport::InstalledOnly,
        _ => UvSupport::No,
    }
}
