//! Whether the libraries keep their promises to those who use the last release: cargo-semver-checks knows.

use std::path::Path;
use std::process::Command;

use super::{Place, packages};
use crate::Outcome;
use crate::metadata::{metadata, packages as members, text};
use crate::run::{exists, quietly, visibly};

/// Compares each library with the last release. Where that cannot be, it is said.
pub(super) fn check(place: &Place<'_>, old: &str, version: &str) -> Outcome {
    let tag = format!("v{old}");
    if !knows(place.root, &tag) {
        println!("skipped: there is no tag `{tag}` to compare the libraries with (cargo-semver-checks)");
        return Ok(());
    }
    if !exists(place.cargo().arg("semver-checks")) {
        println!(
            "skipped: whether the libraries keep the promises of {old} was not asked; \
             `cargo install --locked cargo-semver-checks` gets what knows it"
        );
        return Ok(());
    }
    let mut semver = place.cargo();
    semver.args(["semver-checks", "check-release", "--baseline-rev", &tag]);
    for name in libraries(place, &tag)? {
        semver.arg("--package").arg(name);
    }
    visibly(&mut semver).map_err(|message| format!("{message}\n{}", way_out(version)))
}

/// The published libraries that the last release had already.
fn libraries(place: &Place<'_>, tag: &str) -> Outcome<Vec<String>> {
    let published = packages::published(place.root)?;
    let metadata = metadata(place.root, &["--no-deps", "--offline"])?;
    let mut names = Vec::new();
    for package in members(&metadata).filter(|package| is_library(package)) {
        let name = text(package, "name");
        let manifest = text(package, "manifest_path").replace('\\', "/");
        let folder = manifest.rsplit('/').nth(1).unwrap_or_default();
        if !published.iter().any(|it| it == name) {
            continue;
        }
        if knows(place.root, &format!("{tag}:crates/{folder}/Cargo.toml")) {
            names.push(name.to_owned());
        } else {
            println!("release: {name} is new since {tag}");
        }
    }
    Ok(names)
}

fn is_library(package: &serde_json::Value) -> bool {
    let mut targets = package["targets"].as_array().into_iter().flatten();
    targets
        .any(|target| target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "lib")))
}

/// Whether git has such an object.
pub(super) fn knows(root: &Path, object: &str) -> bool {
    let mut git = Command::new("git");
    quietly(git.current_dir(root).args(["rev-parse", "--verify", "--quiet", object])).is_ok()
}

/// What to do with a version that is too small for its changes.
fn way_out(version: &str) -> String {
    let next = breaking(version);
    format!(
        "{version} promises that whoever uses the libraries can update without a change. Where this was refused for what was taken \
         away: bring that back, or make it `cargo xtask release {next}`. Nothing has changed here."
    )
}

/// The next version that may break promises.
fn breaking(version: &str) -> String {
    let mut numbers = version.split('.').map(|part| part.parse::<u64>().unwrap_or_default());
    match (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()) {
        (0, minor) => format!("0.{}.0", minor + 1),
        (major, _) => format!("{}.0.0", major + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::breaking;

    #[test]
    fn a_broken_promise_needs_the_next_big_version() {
        let next = ["0.1.1", "0.9.0", "1.0.1", "1.2.0"].map(breaking);
        assert_eq!(next, ["0.2.0", "0.10.0", "2.0.0", "2.0.0"]);
    }
}
