//! Which Python versions the project names, and what is known of these.

use std::collections::BTreeMap;

use uvshift_project::Provenance;
use uvshift_project::python::{Evidence, choose};

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
    let shown = evidence.iter().map(|found| PythonEvidence {
        what: found.what.to_string(),
        specifier: uvshift_project::redacted(&found.specifier),
        from: Provenance::new(found.file.clone(), found.line),
    });
    PythonSummary {
        requires_python,
        evidence: shown.collect(),
        contradictions: choice.map(|choice| choice.conflicts).unwrap_or_default(),
        versions: versions(evidence, today),
    }
}

fn versions(evidence: &[Evidence], today: Day) -> Vec<PythonVersion> {
    let mut named: BTreeMap<(u8, u8), Vec<Provenance>> = BTreeMap::new();
    for found in evidence {
        for version in &found.versions {
            named.entry(*version).or_default().push(Provenance::new(found.file.clone(), found.line));
        }
    }
    let version = |((major, minor), named): ((u8, u8), Vec<Provenance>)| {
        let end_of_life = day::end_of_life((major, minor));
        PythonVersion {
            version: format!("{major}.{minor}"),
            end_of_life,
            is_past: end_of_life.is_some_and(|end| end < today),
            uv: support((major, minor)),
            named,
        }
    };
    named.into_iter().map(version).collect()
}

fn support((major, minor): (u8, u8)) -> UvSupport {
    match (major, minor) {
        (3, OLDEST_MANAGED..) => UvSupport::Managed,
        (3, OLDEST_USABLE..) => UvSupport::InstalledOnly,
        _ => UvSupport::No,
    }
}
