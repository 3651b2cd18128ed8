//! Exact versions: which ones the lock has to keep, and whether it did.

use std::collections::BTreeMap;
use std::str::FromStr;

use pep440_rs::Version;
use uvshift_diagnostics::Diagnostic;
use uvshift_project::{Installed, Lock, Manifest, Pin, codes};
use uvshift_requirements::{normalize_name, parse};

use crate::LockStrategy;
use crate::lock::UnheldPin;

/// What became of a pin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinState {
    /// The lock has this version.
    Kept,
    /// The lock has another one.
    Drifted {
        /// The versions of the lock.
        locked: Vec<String>,
        /// Why.
        why: String,
    },
    /// The lock does not have the package.
    Absent {
        /// Why.
        why: String,
    },
}

/// A pin and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PinReport {
    /// The pin.
    pub pin: Pin,
    /// What became of it.
    pub state: PinState,
}

/// How many pins came to which end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PinSummary {
    /// The lock has this version.
    pub kept: usize,
    /// The lock has another one.
    pub drifted: usize,
    /// The lock does not have the package.
    pub absent: usize,
}

impl PinSummary {
    /// Counts.
    pub fn of(reports: &[PinReport]) -> Self {
        let mut summary = Self::default();
        for report in reports {
            match report.state {
                PinState::Kept => summary.kept += 1,
                PinState::Drifted { .. } => summary.drifted += 1,
                PinState::Absent { .. } => summary.absent += 1,
            }
        }
        summary
    }
}

/// All pins in the order of their weight: compiled files, `pip freeze`, the environment.
pub(crate) fn collect(
    manifest: &Manifest,
    installed: &[Installed],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Pin> {
    let mut chosen: Vec<Pin> = Vec::new();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for pin in manifest.pins.iter().cloned().chain(installed.iter().flat_map(Installed::pins)) {
        let known = by_name.entry(pin.name.clone()).or_default();
        let rival = known
            .iter()
            .map(|at| &chosen[*at])
            .find(|other| other.marker == pin.marker || other.marker.is_none() || pin.marker.is_none());
        match rival {
            Some(rival) if same_version(&rival.version, &pin.version) => {}
            Some(rival) => {
                let message = format!(
                    "{}=={} differs from {}=={} of {}, which holds",
                    pin.name, pin.version, rival.name, rival.version, rival.from
                );
                let found = Diagnostic::warning(codes::M008, message).in_file(&pin.from.file, pin.from.line);
                diagnostics.push(found.with_uv("has one lock for all files"));
            }
            None => {
                known.push(chosen.len());
                chosen.push(pin);
            }
        }
    }
    chosen
}

/// The pins that the resolution gets as constraints: those of packages that come from an index. A compiled file
/// can hold the project itself, as one of its own development tools requires it; uv refuses to constrain that.
pub(crate) fn constraints(pins: &[Pin], manifest: &Manifest, strategy: LockStrategy) -> Vec<Pin> {
    if strategy != LockStrategy::KeepPins {
        return Vec::new();
    }
    let located = |pin: &Pin| manifest.sources.iter().any(|source| source.name == pin.name);
    let own = |pin: &Pin| is_own(pin, manifest);
    pins.iter().filter(|pin| !located(pin) && !own(pin)).cloned().collect()
}

fn is_own(pin: &Pin, manifest: &Manifest) -> bool {
    normalize_name(&manifest.metadata.name) == pin.name
}

/// Compares every pin, compiled or written as `==`, with the lock.
pub(crate) fn compare(
    pins: &[Pin],
    manifest: &Manifest,
    lock: &Lock,
    unheld: &[UnheldPin],
) -> Vec<PinReport> {
    let mut all: Vec<Pin> = pins.to_vec();
    for (_, dependency) in manifest.all() {
        let document = parse(&dependency.text);
        let Some((_, requirement)) = document.requirements().next() else { continue };
        let Some(version) = requirement.pin() else { continue };
        if !all.iter().any(|pin| pin.name == dependency.name && same_version(&pin.version, version)) {
            let (name, from) = (dependency.name.clone(), dependency.from.clone());
            all.push(Pin {
                name,
                version: version.to_owned(),
                marker: requirement.marker().map(str::to_owned),
                from,
            });
        }
    }
    all.into_iter().map(|pin| PinReport { state: state(&pin, manifest, lock, unheld), pin }).collect()
}

fn state(pin: &Pin, manifest: &Manifest, lock: &Lock, unheld: &[UnheldPin]) -> PinState {
    let locked: Vec<String> =
        lock.versions(&pin.name).iter().filter_map(|found| found.version.clone()).collect();
    if locked.iter().any(|version| same_version(version, &pin.version)) {
        return PinState::Kept;
    }
    if is_own(pin, manifest) {
        return PinState::Absent { why: "it is the project itself".to_owned() };
    }
    let given = unheld.iter().find(|other| other.pin.name == pin.name).map(|other| other.why.clone());
    if lock.versions(&pin.name).is_empty() {
        let default = if pin.marker.is_some() {
            "its marker holds for none of the Python versions of the project"
        } else {
            "nothing requires it any more"
        };
        return PinState::Absent { why: given.unwrap_or_else(|| default.to_owned()) };
    }
    let why = given.unwrap_or_else(|| "another requirement or pin asks for that version".to_owned());
    PinState::Drifted { locked, why }
}

/// Whether two versions are equal: `1.0` and `1.0.0` are.
pub(crate) fn same_version(left: &str, right: &str) -> bool {
    match (Version::from_str(left), Version::from_str(right)) {
        // A pin without a local version holds for one with it, as `==` does.
        (Ok(left), Ok(right)) => {
            left == right || (right.local().is_empty() && left.clone().without_local() == right)
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_itself_is_not_pinned() {
        let mut manifest = Manifest::default();
        "Jinja2".clone_into(&mut manifest.metadata.name);
        let pins = Installed::of_freeze("docs.txt", "jinja2==3.1.4\nsphinx==8.1.3\n").pins();
        let given = constraints(&pins, &manifest, LockStrategy::KeepPins);
        assert_eq!(given.iter().map(|pin| pin.name.as_str()).collect::<Vec<_>>(), ["sphinx"]);
        let lock = Lock::parse("version = 1\n[[package]]\nname = \"jinja2\"\nversion = \"3.1.6\"\n").unwrap();
        let PinState::Absent { why } = state(&pins[0], &manifest, &lock, &[]) else { panic!("not absent") };
        assert_eq!(why, "it is the project itself");
    }
}
