//! The folders of real projects, in copies that may be written: nothing may ever be left in the originals.

use std::fs;
use std::path::{Path, PathBuf};

/// Each folder with its name, sorted, below `into`; nothing, and said so, where the originals are not there.
pub(crate) fn all(into: &Path) -> Option<Vec<(String, PathBuf)>> {
    let originals = ["/../../../shared", "/../../../../shared"]
        .map(|place| Path::new(env!("CARGO_MANIFEST_DIR")).join(&place[1..]).join("corpus/toolconfig"));
    let Some(entries) = originals.iter().find_map(|place| fs::read_dir(place).ok()) else {
        println!("SKIPPED: {} is not there", originals[0].display());
        return None;
    };
    let mut folders = Vec::new();
    for entry in entries.flatten().filter(|entry| entry.path().is_dir()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let target = into.join("real").join(&name);
        fs::create_dir_all(&target).ok()?;
        for file in fs::read_dir(entry.path()).ok()?.flatten().filter(|file| file.path().is_file()) {
            // The bytes, not the modes: the originals may be read-only.
            copy(&file.path(), &target.join(file.file_name()))?;
        }
        folders.push((name, target));
    }
    folders.sort();
    Some(folders)
}

fn copy(from: &Path, to: &Path) -> Option<()> {
    let mut target = fs::File::create(to).ok()?;
    std::io::copy(&mut fs::File::open(from).ok()?, &mut target).ok().map(drop)
}
