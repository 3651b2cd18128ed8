//! Python versions that nobody supports any more, that uv does not know, or that places disagree about.

use std::collections::BTreeSet;

use uvshift_project::Provenance;

use super::super::codes;
use super::super::model::{Inventory, PythonVersion, Risk, RiskSeverity, UvSupport};
use super::{joined_words, risk};

pub(super) fn risks(inventory: &Inventory) -> Vec<Risk> {
    let mut risks = Vec::new();
    risks.extend(past(inventory));
    risks.extend(unsupported(inventory));
    risks.extend(contradictions(inventory));
    risks
}

/// The places of what the project runs with, which is more than what it says it still supports.
fn in_use(inventory: &Inventory) -> BTreeSet<&Provenance> {
    let runs = |what: &str| matches!(what, "pinned" | "base image" | "python_version");
    let evidence = inventory.python.evidence.iter().filter(|found| runs(&found.what));
    evidence.map(|found| &found.from).collect()
}

fn past(inventory: &Inventory) -> Option<Risk> {
    let old: Vec<&PythonVersion> =
        inventory.python.versions.iter().filter(|version| version.is_past).collect();
    let ends: Vec<String> = old
        .iter()
        .filter_map(|version| Some(format!("{} ({})", version.version, version.end_of_life?)))
        .collect();
    if old.is_empty() {
        return None;
    }
    let places: Vec<Provenance> = old.iter().flat_map(|version| version.places.iter().cloned()).collect();
    let in_use = in_use(inventory);
    let runs = places.iter().any(|place| in_use.contains(place));
    let severity = if runs { RiskSeverity::Medium } else { RiskSeverity::Low };
    let verb = if old.len() == 1 { "is past its" } else { "are past their" };
    let what = format!("Python {} {verb} end of life", joined_words(&ends));
    let why = if runs {
        "what runs with it gets no security fixes, and newer packages leave it out"
    } else {
        "newer packages leave it out, and a lock for all supported versions has to hold old versions for it"
    };
    let advice = "raise `requires-python`, and what runs with it";
    Some(risk(codes::END_OF_LIFE, severity, what, why, advice).at(places))
}

fn unsupported(inventory: &Inventory) -> Option<Risk> {
    let versions = &inventory.python.versions;
    let of = |support: UvSupport| -> Vec<&PythonVersion> {
        versions.iter().filter(|version| version.uv == support).collect()
    };
    let (refused, installed_only) = (of(UvSupport::No), of(UvSupport::InstalledOnly));
    let all: Vec<&PythonVersion> = refused.iter().chain(&installed_only).copied().collect();
    if all.is_empty() {
        return None;
    }
    let names: Vec<&str> = all.iter().map(|version| version.version.as_str()).collect();
    let places: Vec<Provenance> = all.iter().flat_map(|version| version.places.iter().cloned()).collect();
    let nothing_else = !refused.is_empty() && refused.len() == versions.len();
    let in_use = in_use(inventory);
    let runs = places.iter().any(|place| in_use.contains(place));
    let severity = match (nothing_else, runs) {
        (true, _) => RiskSeverity::High,
        (false, true) => RiskSeverity::Medium,
        (false, false) => RiskSeverity::Low,
    };
    let why = match (refused.is_empty(), installed_only.is_empty()) {
        (false, true) => "uv refuses Python before 3.6",
        (true, _) => "uv downloads Python 3.8 and newer; 3.6 and 3.7 have to be installed already",
        (false, false) => {
            "uv refuses Python before 3.6, and downloads 3.8 and newer; 3.6 and 3.7 have to be installed already"
        }
    };
    let advice =
        "take these versions out of CI, images and metadata before the move, or keep the old way for them";
    let what = format!("uv does not bring Python {}", joined_words(&names));
    Some(risk(codes::PYTHON_UNSUPPORTED, severity, what, why, advice).at(places))
}

fn contradictions(inventory: &Inventory) -> Option<Risk> {
    let all = &inventory.python.contradictions;
    // A range with Python 2 is narrowed, and then much lies outside of it: that is a matter of Pythons that uv does not know.
    let is_narrowed = all.iter().any(|text| text.contains("which allows Python 2"));
    let contradicts = |text: &&String| {
        let of_support = text.ends_with("which does not count")
            || text.contains("which allows Python 2")
            || text.contains("older than uv supports")
            || (is_narrowed && text.ends_with("leaves out"));
        !of_support
    };
    let found: Vec<&String> = all.iter().filter(contradicts).collect();
    let first = found.first()?;
    let more = if found.len() == 1 { String::new() } else { format!(" (and {} more)", found.len() - 1) };
    let what = format!("places disagree about Python: {first}{more}");
    let why = "uv locks for every version that `requires-python` allows, and tests with others prove nothing for these";
    let advice = "say the same in all places; `uvshift check -v` lists them";
    Some(
        risk(codes::PYTHON_CONTRADICTION, RiskSeverity::Low, what, why, advice)
            .at(found.iter().filter_map(|text| place(text))),
    )
}

/// The place that a sentence begins with: `tox.ini:2 ...`.
fn place(text: &str) -> Option<Provenance> {
    let word = text.split(' ').next()?;
    let (file, line) = word.rsplit_once(':')?;
    Some(Provenance::new(file, line.parse().ok()?))
}
