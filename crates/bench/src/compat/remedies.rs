//! What is known to help, from `data/remedies.toml`.

use std::sync::OnceLock;

use toml_edit::{DocumentMut, Item, Table};
use uvshift_requirements::normalize_name;

use super::model::{FailureClass, Outcome, Remedy, Status};

/// The systems that remedies know packages of, in the order of reports.
const SYSTEMS: [&str; 4] = ["debian", "fedora", "alpine", "homebrew"];

/// At most this many remedies are shown for one requirement.
const LIMIT: usize = 5;

/// A row of the data.
struct Entry {
    /// Normalised names.
    packages: Vec<String>,
    /// Libraries, headers and programs, as builds name them when they are missing.
    missing: Vec<String>,
    remedy: Remedy,
}

/// What helps where a requirement fails, and what is needed where something has to be built at installation.
pub(super) fn remedies(name: Option<&str>, pip: &Outcome, uv: &Outcome) -> Vec<Remedy> {
    let mut found: Vec<Remedy> = Vec::new();
    let mut add = |remedy: Option<Remedy>| {
        if let Some(remedy) = remedy
            && !found.iter().any(|known| known.advice == remedy.advice)
            && found.len() < LIMIT
        {
            found.push(remedy);
        }
    };
    for outcome in [uv, pip] {
        match &outcome.status {
            Status::Failed(failure) if may_help(failure.class) => {
                if let Some(about) = &failure.about {
                    add(if is_of_build(failure.class) { of_missing(about) } else { of_package(about) });
                }
                if let Some(name) = name {
                    add(of_package(name));
                }
            }
            Status::Resolved(chosen) => {
                for chosen in chosen.iter().filter(|chosen| chosen.from_source) {
                    add(of_package(&chosen.name));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether another package or a library of the system can be the way out.
fn may_help(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::NoSuchPackage
            | FailureClass::NoSuchVersion
            | FailureClass::OtherPython
            | FailureClass::NoWheel
            | FailureClass::NeedsBuild
            | FailureClass::MissingCompiler
            | FailureClass::MissingLibrary
            | FailureClass::MissingRust
            | FailureClass::MissingBuildModule
            | FailureClass::BuildFailed
    )
}

/// Whether the failure is about what a build misses, rather than about a package.
fn is_of_build(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::MissingCompiler
            | FailureClass::MissingLibrary
            | FailureClass::MissingRust
            | FailureClass::MissingBuildModule
    )
}

fn of_package(name: &str) -> Option<Remedy> {
    let name = normalize_name(name);
    let entry = entries().iter().find(|entry| entry.packages.contains(&name))?;
    Some(Remedy { about: name, ..entry.remedy.clone() })
}

fn of_missing(what: &str) -> Option<Remedy> {
    let entry = entries().iter().find(|entry| entry.missing.iter().any(|missing| missing == what))?;
    Some(Remedy { about: what.to_owned(), ..entry.remedy.clone() })
}

fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        let data: Result<DocumentMut, _> = include_str!("../../data/remedies.toml").parse();
        // That every entry is read is a test.
        data.ok()
            .as_ref()
            .and_then(|data| data.get("remedy")?.as_array_of_tables())
            .map(|tables| tables.iter().filter_map(entry).collect())
            .unwrap_or_default()
    })
}

fn entry(table: &Table) -> Option<Entry> {
    let system = |name: &&str| {
        let packages = texts(table.get(name));
        (!packages.is_empty()).then(|| ((*name).to_owned(), packages))
    };
    Some(Entry {
        packages: texts(table.get("packages")),
        missing: texts(table.get("missing")),
        remedy: Remedy {
            about: String::new(),
            advice: table.get("advice")?.as_str()?.to_owned(),
            alternatives: texts(table.get("alternatives")),
            system: SYSTEMS.iter().filter_map(system).collect(),
        },
    })
}

fn texts(item: Option<&Item>) -> Vec<String> {
    let values = item.and_then(Item::as_array).into_iter().flatten();
    values.filter_map(|value| Some(value.as_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests;
