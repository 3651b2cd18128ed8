//! `cargo xtask embed`: the tool in `examples/embed`, built and tested with the crates as they would be published.
//!
//! The crates are packaged, unpacked, and put in the place of crates.io. Only what has changed is written, so that only that is built
//! again, into the folder where the workspace has built the same dependencies before.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml_edit::{DocumentMut, Item};

use crate::dist::host;
use crate::release::published;
use crate::run::{cargo, quietly, tool, visibly};
use crate::{Outcome, setup};

/// Where the tool is.
const EXAMPLE: &str = "examples/embed";

/// Packages the crates, builds the tool with them, and runs its tests.
pub(crate) fn run(root: &Path) -> Outcome {
    setup::only(root, "tools")?;
    let work = root.join("target/embed");
    // What follows is offline: a package that is not there must not come from anywhere else.
    quietly(cargo(root).args(["fetch", "--locked", "--target", &host()?]))?;
    let crates = packaged(root, &work)?;
    let tool = work.join("tool");
    mirror(&root.join(EXAMPLE), &tool)?;
    // The tool gets the versions that the workspace has: they are on this machine already.
    copy(&root.join("Cargo.lock"), &tool.join("Cargo.lock"))?;
    let used = used(&tool, &crates)?;
    let config = work.join("config.toml");
    fs::write(&config, settings(root, &used)?)
        .map_err(|error| format!("cannot write `{}`: {error}", config.display()))?;
    let mut test = cargo(&tool);
    test.args(["test", "--offline", "--quiet", "--config"]).arg(config);
    test.arg("--target-dir").arg(root.join("target"));
    visibly(test.env("BOT_TEST_UV", self::tool(root, "tools", "uv")))
}

/// Every crate as it would be published, unpacked: its name and its folder.
fn packaged(root: &Path, work: &Path) -> Outcome<BTreeMap<String, PathBuf>> {
    let packages = work.join("package");
    remove(&packages)?;
    let mut package = cargo(root);
    // What is checked here are the sources at hand. They are compiled below, so cargo need not compile each of them for itself.
    package.args(["package", "--allow-dirty", "--no-verify", "--offline"]);
    for name in published(root)? {
        package.arg("--package").arg(name);
    }
    package.arg("--target-dir").arg(work);
    quietly(&mut package)?;
    let mut crates = BTreeMap::new();
    let fresh = work.join("fresh");
    for archive in entries(&packages)? {
        let Some(stem) = name_of(&archive).strip_suffix(".crate").map(str::to_owned) else { continue };
        let Some((name, _)) = stem.rsplit_once('-') else { continue };
        remove(&fresh)?;
        create(&fresh)?;
        quietly(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&fresh))?;
        let folder = work.join("crates").join(name);
        mirror(&fresh.join(&stem), &folder)?;
        crates.insert(name.to_owned(), folder);
    }
    remove(&fresh)?;
    Ok(crates)
}

/// Those of the crates that the tool uses, directly or through others. cargo warns of all others.
fn used<'a>(tool: &Path, crates: &'a BTreeMap<String, PathBuf>) -> Outcome<BTreeMap<&'a str, &'a Path>> {
    let mut used = BTreeMap::new();
    let mut open = vec![tool.to_owned()];
    while let Some(folder) = open.pop() {
        let manifest = manifest(&folder)?;
        let names = manifest.get("dependencies").and_then(Item::as_table_like);
        for (name, _) in names.into_iter().flat_map(|table| table.iter()) {
            if let Some((name, folder)) = crates.get_key_value(name)
                && used.insert(name.as_str(), folder.as_path()).is_none()
            {
                open.push(folder.clone());
            }
        }
    }
    if used.is_empty() { Err(format!("`{EXAMPLE}` uses none of the crates")) } else { Ok(used) }
}

/// Settings of cargo: the crates in the place of those on crates.io, and the profile of the workspace.
fn settings(root: &Path, used: &BTreeMap<&str, &Path>) -> Outcome<String> {
    let mut settings = String::from("[patch.crates-io]\n");
    for (name, folder) in used {
        let _ = writeln!(settings, "{name}.path = {:?}", folder.display().to_string());
    }
    let manifest = manifest(root)?;
    let profile = manifest.get("profile").and_then(|profiles| profiles.get("dev"));
    let others = profile.and_then(|dev| dev.get("package")).and_then(|package| package.get("*"));
    for (header, table) in [("profile.dev", profile), ("profile.dev.package.\"*\"", others)] {
        let _ = writeln!(settings, "[{header}]");
        for (key, value) in table.and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter()) {
            if let Some(value) = value.as_value() {
                let _ = writeln!(settings, "{key} = {}", value.to_string().trim());
            }
        }
    }
    for name in used.keys() {
        // As in the workspace, they are built quickly rather than well.
        let _ = writeln!(settings, "[profile.dev.package.{name}]\nopt-level = 0");
    }
    Ok(settings)
}

fn manifest(folder: &Path) -> Outcome<DocumentMut> {
    let path = folder.join("Cargo.toml");
    let text =
        fs::read_to_string(&path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    text.parse().map_err(|error| format!("cannot read `{}`: {error}", path.display()))
}

/// Makes `to` the same as `from`, and leaves files alone that are the same already: cargo builds what is newer.
fn mirror(from: &Path, to: &Path) -> Outcome {
    create(to)?;
    for gone in entries(to)?.into_iter().filter(|path| !from.join(name_of(path)).exists()) {
        remove(&gone)?;
    }
    for source in entries(from)?.into_iter().filter(|path| name_of(path) != "target") {
        let target = to.join(name_of(&source));
        if source.is_dir() {
            mirror(&source, &target)?;
        } else if fs::read(&source).ok() != fs::read(&target).ok() {
            copy(&source, &target)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let listed = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    listed.map_err(|error| format!("cannot read `{}`: {error}", folder.display()))
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn copy(from: &Path, to: &Path) -> Outcome {
    // Not `fs::copy`, which would keep the time of the original on some systems.
    fs::read(from)
        .and_then(|bytes| fs::write(to, bytes))
        .map_err(|error| format!("cannot copy `{}`: {error}", from.display()))
}

fn create(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))
}

fn remove(path: &Path) -> Outcome {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if path.exists() => Err(format!("cannot remove `{}`: {error}", path.display())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("src")).unwrap();
        fs::create_dir_all(to.join("old")).unwrap();
        for (path, text) in [("from/src/a", "1"), ("from/b", "2"), ("to/b", "2"), ("to/old/c", "3")] {
            fs::write(folder.path().join(path), text).unwrap();
        }
        let modified = |path: &str| fs::metadata(to.join(path)).unwrap().modified().unwrap();
        let before = modified("b");
        mirror(&from, &to).unwrap();
        assert_eq!(modified("b"), before);
        assert_eq!(fs::read_to_string(to.join("src/a")).unwrap(), "1");
        assert!(!to.join("old").exists());
    }

    #[test]
    fn crates_are_followed_through_crates() {
        let folder = tempfile::tempdir().unwrap();
        let mut crates = BTreeMap::new();
        for (name, needs) in [("tool", "a"), ("a", "b"), ("b", "a"), ("c", "a")] {
            let own = folder.path().join(name);
            fs::create_dir(&own).unwrap();
            fs::write(own.join("Cargo.toml"), format!("[dependencies]\n{needs} = \"1\"\nserde = \"1\"\n"))
                .unwrap();
            crates.insert(name.to_owned(), own);
        }
        let tool = crates["tool"].clone();
        assert_eq!(used(&tool, &crates).unwrap().into_keys().collect::<Vec<_>>(), ["a", "b"]);
        crates.clear();
        assert!(used(&tool, &crates).is_err());
    }
}
