//! One range from all the evidence.

use std::collections::BTreeSet;

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};

use super::{Evidence, EvidenceKind};

/// uv 0.13 refuses older interpreters.
const OLDEST_MINOR: u8 = 6;

/// What the evidence adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value of `requires-python`.
    pub requires_python: String,
    /// Which of the evidence it rests on, as indices.
    pub because: Vec<usize>,
    /// What does not fit together, was skipped or was narrowed, as sentences.
    pub conflicts: Vec<String>,
}

/// Chooses `requires-python`.
///
/// A declared range wins, pyproject.toml before setup.cfg and setup.py, and is taken as it is written, unless it
/// allows Python 2 or is written in a way that PEP 440 forbids. Otherwise the lowest version of `CPython` 3
/// that CI, tox, nox, classifiers, images or pins name is the lower bound. None without any of these.
pub fn choose(evidence: &[Evidence]) -> Option<Choice> {
    let mut conflicts = skipped(evidence);
    let mut declared: Vec<usize> =
        (0..evidence.len()).filter(|index| is_declared(evidence, *index)).collect();
    declared.sort_by_key(|index| evidence.get(*index).map(|found| found.what));
    let mut chosen: Option<(usize, String, VersionSpecifiers)> = None;
    for index in declared {
        let Some(found) = evidence.get(index) else { continue };
        match &chosen {
            None => {
                chosen = range(found, evidence, &mut conflicts).map(|(text, range)| (index, text, range));
            }
            Some((_, text, _)) if found.specifier != *text => conflicts.push(format!(
                "{}:{} says `{}`, which gives way to `{text}`",
                found.file, found.line, found.specifier
            )),
            Some(_) => {}
        }
    }
    if let Some((index, requires_python, range)) = chosen {
        conflicts.extend(outside(evidence, &requires_python, &range));
        return Some(Choice { requires_python, because: vec![index], conflicts });
    }
    let lowest = lowest(evidence)?;
    let minor = lowest.max(OLDEST_MINOR);
    if minor > lowest {
        conflicts
            .push(format!("Python 3.{lowest} is older than uv supports, so the range starts at 3.{minor}"));
    }
    let names = |found: &&(usize, &Evidence)| found.1.versions.contains(&(3, lowest));
    let because: Vec<usize> =
        evidence.iter().enumerate().filter(|found| names(&found)).map(|(index, _)| index).collect();
    conflicts.extend(later_starts(evidence, lowest));
    Some(Choice { requires_python: format!(">=3.{minor}"), because, conflicts })
}

fn is_declared(evidence: &[Evidence], index: usize) -> bool {
    let kinds = [EvidenceKind::PyprojectRequiresPython, EvidenceKind::SetupPythonRequires];
    evidence.get(index).is_some_and(|found| kinds.contains(&found.what))
}

/// The lowest minor version of Python 3 that is named.
fn lowest(evidence: &[Evidence]) -> Option<u8> {
    let versions = evidence.iter().flat_map(|found| &found.versions);
    versions.filter(|(major, _)| *major == 3).map(|(_, minor)| *minor).min()
}

/// Interpreters and versions that do not count, each named once with its first place.
fn skipped(evidence: &[Evidence]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut notes = Vec::new();
    for found in evidence {
        let old = found.versions.iter().filter(|(major, _)| *major == 2);
        let old = old.map(|(major, minor)| format!("Python {major}.{minor}"));
        for name in found.skipped.iter().cloned().chain(old) {
            if seen.insert(name.clone()) {
                notes.push(format!("{}:{} also names {name}, which does not count", found.file, found.line));
            }
        }
    }
    notes
}

/// The declared range as it can be written, if it can.
fn range(
    found: &Evidence,
    evidence: &[Evidence],
    conflicts: &mut Vec<String>,
) -> Option<(String, VersionSpecifiers)> {
    let place = format!("{}:{}", found.file, found.line);
    let mut text = found.specifier.clone();
    let mut range = text.parse::<VersionSpecifiers>();
    if range.is_err() {
        let mended = mended(&text);
        range = mended.parse();
        if range.is_ok() {
            conflicts.push(format!("{place} says `{text}`, which is not valid; it means `{mended}`"));
            text = mended;
        }
    }
    let Ok(range) = range else {
        conflicts.push(format!("{place} says `{text}`, which is not a range of versions"));
        return None;
    };
    if range.is_empty() || !contains(&range, 2, 7) {
        return (!range.is_empty()).then_some((text, range));
    }
    let Some(minor) = lowest_of(&range, evidence) else {
        conflicts.push(format!("{place} says `{text}`, which leaves out every Python 3"));
        return None;
    };
    let narrowed = narrowed(&range, minor);
    conflicts.push(format!(
        "{place} says `{text}`, which allows Python 2; uv needs Python 3, so the range is narrowed to `{narrowed}`"
    ));
    let range = narrowed.parse().ok()?;
    Some((narrowed, range))
}

/// The forms that older tools took: `>=3.6.*`, `>=3.6,`, `>=3.6 <4`, `3.6`.
fn mended(text: &str) -> String {
    // Operators start a new part wherever they stand.
    let mut clauses: Vec<String> = Vec::new();
    let mut operator = false;
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        let is_operator = matches!(character, '>' | '<' | '=' | '!' | '~');
        if character == ',' {
            operator = false;
            clauses.push(String::new());
        } else {
            if clauses.is_empty() || (is_operator && !operator) {
                clauses.push(String::new());
            }
            operator = is_operator;
            clauses.iter_mut().last().into_iter().for_each(|clause| clause.push(character));
        }
    }
    let clauses = clauses.into_iter().filter(|clause| !clause.is_empty()).map(|clause| {
        let bound = clause.starts_with('>') || clause.starts_with('<') || clause.starts_with('~');
        let clause = if bound { clause.trim_end_matches(".*").to_owned() } else { clause };
        if clause.starts_with(|first: char| first.is_ascii_digit()) { format!("=={clause}") } else { clause }
    });
    clauses.collect::<Vec<_>>().join(", ")
}

fn contains(range: &VersionSpecifiers, major: u8, minor: u8) -> bool {
    // Some patch release of it: `>=3.9.1` does not leave out 3.9.
    [0, 1, 2, 7, 18, 99]
        .iter()
        .any(|patch| range.contains(&Version::new([u64::from(major), u64::from(minor), *patch])))
}

/// The lowest Python 3 of a range that also allows Python 2: that of the other evidence if there is any.
fn lowest_of(range: &VersionSpecifiers, evidence: &[Evidence]) -> Option<u8> {
    let start = lowest(evidence).unwrap_or(OLDEST_MINOR).max(OLDEST_MINOR);
    (start..50).find(|minor| contains(range, 3, *minor))
}

/// The range from a Python 3 on, without the clauses that this makes idle.
fn narrowed(range: &VersionSpecifiers, minor: u8) -> String {
    let start = Version::new([3, u64::from(minor)]);
    let matters = |clause: &&VersionSpecifier| match clause.operator() {
        Operator::NotEqual | Operator::NotEqualStar => *clause.version() >= start,
        Operator::LessThan | Operator::LessThanEqual => true,
        _ => false,
    };
    let kept = range.iter().filter(matters).map(ToString::to_string);
    std::iter::once(format!(">=3.{minor}")).chain(kept).collect::<Vec<_>>().join(",")
}

/// Versions in use that a declared range leaves out.
fn outside(evidence: &[Evidence], text: &str, range: &VersionSpecifiers) -> Vec<String> {
    let mut notes = Vec::new();
    for found in evidence {
        for (major, minor) in found.versions.iter().filter(|(major, _)| *major == 3) {
            if !contains(range, *major, *minor) {
                notes.push(format!(
                    "{}:{} ({}) names Python {major}.{minor}, which `{text}` leaves out",
                    found.file, found.line, found.what
                ));
            }
        }
    }
    notes
}

/// Lists that start later than the lowest version.
fn later_starts(evidence: &[Evidence], lowest: u8) -> Vec<String> {
    let starts = |found: &Evidence| {
        let minors = found.versions.iter().filter(|(major, _)| *major == 3).map(|(_, minor)| *minor);
        minors.min().filter(|start| *start > lowest && found.versions.len() > 1)
    };
    let note = |found: &Evidence| {
        let start = starts(found)?;
        Some(format!("{}:{} ({}) starts at 3.{start}, not at 3.{lowest}", found.file, found.line, found.what))
    };
    evidence.iter().filter_map(note).collect()
}
