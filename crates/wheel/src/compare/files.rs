//! Files by path and content.

use std::collections::{BTreeMap, BTreeSet};

use super::{Comparison, Tolerance};
use crate::{Wheel, WheelFile, read};

/// Files of `dist-info` that are compared by meaning, or that say nothing about the project.
const UNDERSTOOD: [&str; 6] = ["METADATA", "WHEEL", "entry_points.txt", "RECORD", "RECORD.jws", "RECORD.p7s"];

/// Files of `dist-info` that only one build backend writes, and that installers do not read.
const OF_A_BACKEND: [&str; 8] = [
    "top_level.txt",
    "zip-safe",
    "not-zip-safe",
    "namespace_packages.txt",
    "dependency_links.txt",
    "eager_resources.txt",
    "pbr.json",
    "metadata.json",
];

type Files<'a> = BTreeMap<String, &'a WheelFile>;

pub(super) fn compare(old: &Wheel, new: &Wheel, tolerance: Tolerance, comparison: &mut Comparison) {
    let (before, after) = (files(old), files(new));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for path in paths {
        let name = path.strip_prefix("*.dist-info/");
        if name.is_some_and(|name| UNDERSTOOD.contains(&name)) {
            continue;
        }
        let pair = (before.get(path).copied(), after.get(path).copied());
        if pair.0.is_some() && pair.1.is_some() {
            comparison.files += 1;
        }
        match pair {
            (Some(ours), Some(theirs)) => both(path, ours, theirs, comparison),
            _ if name.is_some_and(|name| OF_A_BACKEND.contains(&name)) && tolerance.other_backend => {
                comparison
                    .accept(path, "only one of the build backends writes it; installers do not read it");
            }
            (Some(ours), None) if is_licence(path) => moved(path, ours, &after, comparison),
            (None, Some(theirs)) if is_licence(path) => added(path, theirs, &before, comparison),
            (Some(_), None) => comparison.differ(path, "the file is missing", None, None),
            (None, Some(_)) => comparison.differ(path, "the file is new", None, None),
            (None, None) => {}
        }
    }
}

fn files(wheel: &Wheel) -> Files<'_> {
    wheel.files.iter().map(|(path, file)| (wheel.neutral(path), file)).collect()
}

fn both(path: &str, ours: &WheelFile, theirs: &WheelFile, comparison: &mut Comparison) {
    if ours.sha256 != theirs.sha256 {
        let sizes = [ours, theirs].map(|file| format!("{} bytes", file.size));
        if is_compiled(path) {
            comparison.accept(path, "compiled anew, which never gives the same bytes");
        } else if path.starts_with("*.dist-info/sboms/") {
            comparison.accept(path, "a list of components that is numbered anew in every build");
        } else if is_backend_list(path) {
            comparison.accept(path, "the build backend writes it; installers do not read it");
        } else {
            comparison.differ(path, "another content", Some(&sizes[0]), Some(&sizes[1]));
        }
    }
    // Installers mark every script as executable, whatever the archive says.
    if ours.executable != theirs.executable && !path.starts_with("*.data/scripts/") {
        let said = |file: &WheelFile| if file.executable { "executable" } else { "not executable" };
        comparison.differ(path, "another mode", Some(said(ours)), Some(said(theirs)));
    }
}

/// Whether two builds of one source give different bytes.
fn is_compiled(path: &str) -> bool {
    let suffix = path.rsplit('.').next().unwrap_or_default();
    ["so", "pyd", "pyc", "dll", "dylib", "a", "lib"].iter().any(|known| suffix.eq_ignore_ascii_case(known))
}

/// Order and repetitions in these lists are the backend's own.
fn is_backend_list(path: &str) -> bool {
    path.strip_prefix("*.dist-info/").is_some_and(|name| OF_A_BACKEND.contains(&name))
}

fn is_licence(path: &str) -> bool {
    path.strip_prefix("*.dist-info/").is_some_and(read::is_licence)
}

/// Where a licence with the same content is among the files of metadata.
fn twin<'a>(file: &WheelFile, among: &'a Files<'_>) -> Option<&'a str> {
    let mut licences = among.iter().filter(|(path, _)| is_licence(path));
    licences.find(|(_, found)| found.sha256 == file.sha256).map(|(path, _)| path.as_str())
}

fn moved(path: &str, file: &WheelFile, after: &Files<'_>, comparison: &mut Comparison) {
    match twin(file, after) {
        Some(place) => comparison.accept(path, format!("the same text is at {place} now")),
        None => comparison.differ(path, "the licence file is missing", None, None),
    }
}

fn added(path: &str, file: &WheelFile, before: &Files<'_>, comparison: &mut Comparison) {
    // The other end of a move has been told already.
    if twin(file, before).is_none() {
        comparison.accept(path, "the wheel has this licence file in addition");
    }
}
