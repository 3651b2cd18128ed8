//! The files of a package, by the hashes of both `RECORD`s.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use uvshift_installed::{Form, is_seed};

use super::{Comparison, DifferenceKind, Side, Weight};
use crate::Snapshot;
use crate::record::{self, Installed};
use crate::recreate::programs;

/// What an installer writes, whatever the wheel.
const OF_THE_INSTALLER: [&str; 6] =
    ["RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"];

/// More files of one package are counted, not named.
const MOST_NAMED: usize = 10;

/// Compares the files of a package.
pub(super) fn compare(before: Side<'_>, after: Side<'_>, found: &mut Comparison) {
    whole(before.0, after, found);
    if before.1.form != Form::DistInfo || after.1.form != Form::DistInfo {
        return;
    }
    let (old, new) = (hashes(before), hashes(after));
    // Without a tree or a `RECORD` nothing is known of the files.
    if old.is_empty() || new.is_empty() {
        return;
    }
    let strict = before.1.pure == Some(true) && !is_seed(&before.1.normalized_name);
    let mut notes = 0_usize;
    let mut breaks: Vec<(String, String)> = Vec::new();
    for (path, hash) in &old {
        found.compared.files += 1;
        let now = new.get(path);
        if now.is_some_and(|now| now == hash || !same_algorithm(now, hash)) {
            continue;
        }
        if strict && !path.starts_with(METADATA) {
            breaks.push((path.clone(), now.map(|_| "another content".to_owned()).unwrap_or_default()));
        } else {
            notes += 1;
        }
    }
    for path in new.keys().filter(|path| !old.contains_key(*path)) {
        if strict && !path.starts_with(METADATA) {
            breaks.push((String::new(), path.clone()));
        } else {
            notes += 1;
        }
    }
    for (old, new) in breaks.iter().take(MOST_NAMED) {
        found.add(Weight::Breaks, Some(before.1), DifferenceKind::File, old, new);
    }
    if let Some(more) = breaks.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        found.add(
            Weight::Breaks,
            Some(before.1),
            DifferenceKind::File,
            &format!("({more} more)"),
            "another content",
        );
    }
    if notes > 0 {
        let what = format!("({notes} that may differ)");
        found.add(Weight::Note, Some(before.1), DifferenceKind::File, &what, "another content");
    }
}

/// What stands in place of the name of the `.dist-info` folder, which is not spelled the same by all.
const METADATA: &str = ".dist-info/";

fn same_algorithm(left: &str, right: &str) -> bool {
    left.split('=').next() == right.split('=').next()
}

/// Each file that counts with its hash; paths are relative to the folder of packages where they are in it.
fn hashes((snapshot, package): Side<'_>) -> BTreeMap<String, String> {
    let mut hashes = BTreeMap::new();
    let Some(folder) = package.location.parent() else { return hashes };
    let folder = folder.strip_prefix(&snapshot.root).map(Path::to_owned).unwrap_or_default();
    let info = package.location.file_name().map(PathBuf::from).unwrap_or_default();
    let programs = programs(Path::new(""));
    for Installed { path, hash, .. } in record::files(package, &snapshot.root) {
        let Some(hash) = hash else { continue };
        if record::is_bytecode(&path) || path.starts_with(&programs) {
            continue;
        }
        let inner = path.strip_prefix(&folder).unwrap_or(&path);
        match inner.strip_prefix(&info) {
            Ok(file) if OF_THE_INSTALLER.iter().any(|name| file == Path::new(name)) => {}
            Ok(file) => {
                hashes.insert(format!("{METADATA}{}", shown(file)), hash);
            }
            Err(_) => {
                hashes.insert(shown(inner), hash);
            }
        }
    }
    hashes
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A file that is shorter than `RECORD` says was not written to its end. What was so before was copied so.
fn whole(before: &Snapshot, (snapshot, package): Side<'_>, found: &mut Comparison) {
    for file in record::files(package, &snapshot.root) {
        if record::is_bytecode(&file.path) {
            continue;
        }
        let now = length(&snapshot.root, &file);
        let (was, is) = match (now, file.size) {
            (None, _) => (shown(&file.path), String::new()),
            (Some(now), Some(size)) if now != size => {
                (format!("{} of {size} bytes", shown(&file.path)), format!("{now} bytes"))
            }
            _ => continue,
        };
        if !before.root.is_dir() || length(&before.root, &file) != now {
            found.add(Weight::Breaks, Some(package), DifferenceKind::File, &was, &is);
        }
    }
}

fn length(root: &Path, file: &Installed) -> Option<u64> {
    std::fs::metadata(root.join(&file.path)).ok().map(|found| found.len())
}
