//! `Requires-Dist` by meaning.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_requirements::meaning::{specifier_difference, together_difference, together_difference_here};
use uvshift_requirements::{Requirement, normalize_name, parse};

use super::{Comparison, Tolerance};
use crate::Metadata;

const PLACE: &str = "METADATA Requires-Dist";

pub(super) fn compare(old: &Metadata, new: &Metadata, tolerance: Tolerance, comparison: &mut Comparison) {
    let (before, after) = (requirements(old), requirements(new));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    // An environment counts if either wheel can be installed there.
    let python = match (old.first("Requires-Python"), new.first("Requires-Python")) {
        (Some(ours), Some(theirs)) if specifier_difference(ours, theirs).is_none() => theirs,
        (None, Some(theirs)) => theirs,
        _ => "",
    };
    let nothing = Written::default();
    for name in names {
        let ours = before.get(name).unwrap_or(&nothing);
        let theirs = after.get(name).unwrap_or(&nothing);
        if ours.texts == theirs.texts {
            continue;
        }
        let joined = |written: &Written| {
            let texts: Vec<&str> = written.texts.iter().map(String::as_str).collect();
            (!texts.is_empty()).then(|| texts.join(" and "))
        };
        let all = |written: &Written| -> Vec<Requirement> { written.parsed.clone() };
        let (left, right) = (all(ours), all(theirs));
        let unreadable = left.len() != ours.texts.len() || right.len() != theirs.texts.len();
        let found = if unreadable {
            Some("no requirement that can be read".to_owned())
        } else {
            together_difference(&refs(&left), &refs(&right), python)
        };
        let holds_here =
            || !unreadable && together_difference_here(&refs(&left), &refs(&right), python).is_none();
        if found.is_some() && tolerance.computed_requirements && holds_here() {
            let why =
                format!("`{name}`: setup.py has a condition, and the old wheel knows only what held here");
            comparison.accept(PLACE, why);
        } else if let Some(found) = found {
            comparison.differ(PLACE, &found, joined(ours).as_deref(), joined(theirs).as_deref());
        }
    }
}

fn refs(requirements: &[Requirement]) -> Vec<&Requirement> {
    requirements.iter().collect()
}

/// The requirements of one package.
#[derive(Default)]
struct Written {
    texts: BTreeSet<String>,
    /// One for each text, unless some cannot be read.
    parsed: Vec<Requirement>,
}

/// By normalised name; what cannot be read has itself for a name.
fn requirements(metadata: &Metadata) -> BTreeMap<String, Written> {
    let mut found: BTreeMap<String, Written> = BTreeMap::new();
    for text in metadata.all("Requires-Dist") {
        // White space may stand anywhere, also as a folded line.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let document = parse(&text);
        let requirement = document.requirements().next().map(|(_, requirement)| requirement.clone());
        let name = requirement.as_ref().and_then(Requirement::normalized_name);
        let written = found.entry(name.unwrap_or_else(|| text.clone())).or_default();
        if written.texts.insert(text) {
            written.parsed.extend(requirement);
        }
    }
    found
}

pub(super) fn compare_python(
    old: &Metadata,
    new: &Metadata,
    tolerance: Tolerance,
    comparison: &mut Comparison,
) {
    let place = "METADATA Requires-Python";
    let (before, after) = (old.first("Requires-Python"), new.first("Requires-Python"));
    match (before, after) {
        (None, Some(after)) if tolerance.added_requires_python => {
            comparison
                .accept(place, format!("`{after}` is said now, as uv needs it; before, nothing was said"));
        }
        (Some(before), Some(after)) if tolerance.told_requires_python && before != after => {
            comparison.accept(place, format!("`{after}` as told; before, it was `{before}`"));
        }
        _ => {
            if let Some(found) = specifier_difference(before.unwrap_or_default(), after.unwrap_or_default()) {
                comparison.differ(place, &found, before, after);
            }
        }
    }
}

pub(super) fn extras(metadata: &Metadata) -> BTreeSet<String> {
    metadata.all("Provides-Extra").map(normalize_name).collect()
}
