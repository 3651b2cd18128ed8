//! What several machines made, put together: one list of checksums, and the formula.

use std::path::Path;

use super::archive::{name, sums};
use super::{formula, read, write};
use crate::{Outcome, versions};

/// The targets of a release.
pub(super) const TARGETS: [&str; 7] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
];

/// Checks that a folder has everything of every target, and writes the formula and the checksums into it.
pub(super) fn run(root: &Path, folder: &Path) -> Outcome {
    let version = versions::workspace(root)?;
    complete(folder, &version)?;
    let digest = |target: &str| {
        let bytes = read(&folder.join(name(&version, target)))?;
        Ok(super::archive::digest(&bytes))
    };
    write(&folder.join("uvshift.rb"), formula::formula(root, &version, digest)?)?;
    print!("{}", sums(folder)?);
    Ok(())
}

/// Archive, wheel and bill of every target, and the sources.
fn complete(folder: &Path, version: &str) -> Outcome {
    let entries = std::fs::read_dir(folder).map_err(super::failed("read", folder))?;
    let names: Vec<String> = entries
        .filter_map(|entry| entry.ok().map(|it| it.file_name().to_string_lossy().into_owned()))
        .collect();
    let mut missing: Vec<String> = TARGETS
        .iter()
        .flat_map(|target| [name(version, target), format!("uvshift-{version}-{target}.cdx.json")])
        .chain([format!("uvshift-{version}.tar.gz")])
        .filter(|wanted| !names.contains(wanted))
        .collect();
    let wheels = names.iter().filter(|name| Path::new(name).extension() == Some("whl".as_ref())).count();
    if wheels != TARGETS.len() {
        missing.push(format!("{} wheels (there are {wheels})", TARGETS.len()));
    }
    if missing.is_empty() { Ok(()) } else { Err(format!("dist: these are missing: {}", missing.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let root = crate::root();
        let version = versions::workspace(&root).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| std::fs::write(folder.path().join(name), name).unwrap();
        for target in TARGETS {
            put(&name(&version, target));
            put(&format!("uvshift-{version}-{target}.cdx.json"));
            put(&format!("uvshift-{version}-py3-none-{target}.whl"));
        }
        let missing = run(&root, folder.path()).unwrap_err();
        assert_eq!(missing, format!("dist: these are missing: uvshift-{version}.tar.gz"));
        put(&format!("uvshift-{version}.tar.gz"));
        run(&root, folder.path()).unwrap();
        let formula = std::fs::read_to_string(folder.path().join("uvshift.rb")).unwrap();
        let digest = super::super::archive::digest(name(&version, "aarch64-apple-darwin").as_bytes());
        assert!(formula.contains(&digest), "{formula}");
        assert!(std::fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap().contains("uvshift.rb"));
    }
}
