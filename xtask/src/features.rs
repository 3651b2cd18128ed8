//! `cargo xtask features`: every crate compiles with none of its features and with each of them alone.
//!
//! Only crates that have features are compiled; for the others that would be what every build does. Also, no dependency may ask for a
//! newer Rust than the workspace promises.

use std::path::Path;

use serde_json::Value;

use crate::Outcome;
use crate::metadata::{metadata, packages, text};
use crate::run::{cargo, visibly};

/// Checks the versions of Rust, then one crate after the other.
pub(crate) fn run(root: &Path) -> Outcome {
    let metadata = metadata(root, &["--locked"])?;
    let newer = newer_rusts(&metadata);
    if !newer.is_empty() {
        return Err(format!("these need a newer Rust than the workspace says:\n{}", newer.join("\n")));
    }
    for arguments in checks(&metadata) {
        visibly(cargo(root).args(["check", "--quiet", "--no-default-features"]).args(arguments))?;
    }
    Ok(())
}

/// The arguments of one `cargo check` for no feature and for each feature of every crate that has features.
fn checks(metadata: &Value) -> Vec<Vec<String>> {
    let mut checks = Vec::new();
    for package in members(metadata) {
        let (name, features) = (text(package, "name"), package["features"].as_object());
        let features: Vec<&String> = features.into_iter().flat_map(|features| features.keys()).collect();
        if features.is_empty() {
            continue;
        }
        checks.push(vec!["-p".to_owned(), name.to_owned()]);
        for feature in features {
            checks.push(["-p", name, "--features", feature].map(str::to_owned).to_vec());
        }
    }
    checks
}

/// Packages that ask for a newer Rust than the workspace.
fn newer_rusts(metadata: &Value) -> Vec<String> {
    let ours = members(metadata).filter_map(|package| version(text(package, "rust_version"))).max();
    packages(metadata)
        .filter(|package| version(text(package, "rust_version")) > ours)
        .map(|package| {
            format!(
                "{} {}: {}",
                text(package, "name"),
                text(package, "version"),
                text(package, "rust_version")
            )
        })
        .collect()
}

/// `1.95` or `1.95.0` as numbers.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// Packages of the workspace.
fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let members = metadata["workspace_members"].as_array();
    let is_member = move |package: &&Value| members.is_some_and(|members| members.contains(&package["id"]));
    packages(metadata).filter(is_member)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Value {
        serde_json::json!({
            "workspace_members": ["a", "b"],
            "packages": [
                { "id": "a", "name": "a", "version": "1.0.0", "rust_version": "1.95", "features": { "x": [], "y": [] } },
                { "id": "b", "name": "b", "version": "1.0.0", "rust_version": "1.95", "features": {} },
                { "id": "c", "name": "c", "version": "2.0.0", "rust_version": "1.95.1", "features": { "z": [] } },
                { "id": "d", "name": "d", "version": "3.0.0", "rust_version": "1.96.0", "features": {} },
                { "id": "e", "name": "e", "version": "4.0.0", "rust_version": null, "features": {} },
            ],
        })
    }

    #[test]
    fn each_feature_is_checked_alone() {
        let lines: Vec<String> = checks(&metadata()).iter().map(|words| words.join(" ")).collect();
        assert_eq!(lines, ["-p a", "-p a --features x", "-p a --features y"]);
    }

    #[test]
    fn who_needs_a_newer_rust_is_named() {
        assert_eq!(newer_rusts(&metadata()), ["d 3.0.0: 1.96.0"]);
    }
}
