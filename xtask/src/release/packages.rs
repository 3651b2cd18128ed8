//! Every crate as it would be published.

use std::path::Path;

use serde_json::Value;

use super::Place;
use crate::Outcome;
use crate::metadata::{metadata, packages, text};
use crate::run::{quietly, visibly};

/// Files that every package has.
const NEEDED: [&str; 2] = ["Cargo.toml", "README.md"];

/// Packs every crate that is published, and compiles each from the packages of the others when asked to.
pub(super) fn check(place: &Place<'_>, compile: bool) -> Outcome {
    let names = published(place.root)?;
    println!("release: {} crates: {}", names.len(), names.join(", "));
    if compile {
        // cargo serves each package to those that need it, as the registry will.
        let mut package = place.cargo();
        package.args(["package", "--locked", "--allow-dirty", "--offline"]);
        return visibly(of(&mut package, &names));
    }
    for name in &names {
        let mut list = place.cargo();
        list.args(["package", "--list", "--allow-dirty", "--offline"]);
        let files = quietly(of(&mut list, std::slice::from_ref(name)))?;
        for needed in NEEDED {
            if !files.lines().any(|file| file == needed) {
                return Err(format!("the package of {name} has no `{needed}`"));
            }
        }
    }
    Ok(())
}

fn of<'a>(command: &'a mut std::process::Command, names: &[String]) -> &'a mut std::process::Command {
    for name in names {
        command.args(["--package", name]);
    }
    command
}

/// The crates that are published, each after those that it uses.
pub(crate) fn published(root: &Path) -> Outcome<Vec<String>> {
    let metadata = metadata(root, &["--no-deps", "--offline"])?;
    // `publish = false` is an empty list of registries.
    let mut waiting: Vec<(String, Vec<String>)> = packages(&metadata)
        .filter(|package| !package["publish"].is_array())
        .map(|package| (text(package, "name").to_owned(), uses(package)))
        .collect();
    waiting.sort();
    let names: Vec<String> = waiting.iter().map(|(name, _)| name.clone()).collect();
    let mut ordered: Vec<String> = Vec::new();
    while !waiting.is_empty() {
        let ready = |used: &[String]| used.iter().all(|it| !names.contains(it) || ordered.contains(it));
        let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, used)| ready(used));
        if now.is_empty() {
            return Err("the crates use each other in a circle".to_owned());
        }
        ordered.extend(now.into_iter().map(|(name, _)| name));
        waiting = later;
    }
    Ok(ordered)
}

/// What a package uses once it is published: a dev-dependency without a version is dropped by cargo.
fn uses(package: &Value) -> Vec<String> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let kept = dependencies.filter(|it| it["kind"] != "dev" || it["req"] != "*");
    let names = kept.map(|dependency| text(dependency, "name"));
    names.filter(|name| *name != text(package, "name")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::published;

    #[test]
    fn crates_come_after_what_they_use() {
        let names = published(&crate::root()).unwrap();
        let place = |name: &str| names.iter().position(|it| it == name).unwrap();
        assert_eq!(names.last().map(String::as_str), Some("uvshift"));
        assert!(place("uvshift-diagnostics") < place("uvshift-requirements"));
        assert!(place("uvshift-project") < place("uvshift-migrate"));
        assert!(!names.iter().any(|name| name == "xtask" || name == "uvshift-testkit"));
    }
}
