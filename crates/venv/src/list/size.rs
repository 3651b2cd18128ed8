//! What a folder takes on the disk.

use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::path::Path;

use uvshift_installed::{Problem, ProblemKind};

/// The blocks of everything below a folder, as `du` counts them: links are not followed, a file with several names counts once.
///
/// Files that uv linked from its cache count in full, though removing the environment frees nothing of them.
pub(super) fn on_disk(root: &Path, problems: &mut Vec<Problem>) -> u64 {
    let mut seen = BTreeSet::new();
    // The folder itself may be behind a link.
    let mut total = fs::metadata(root).map_or(0, |metadata| taken(&metadata, &mut seen));
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(Problem { path: folder, kind: ProblemKind::Unreadable(error.to_string()) });
                continue;
            }
        };
        for entry in entries.flatten() {
            // That of a link itself, not of what it leads to.
            let Ok(metadata) = entry.metadata() else { continue };
            total = total.saturating_add(taken(&metadata, &mut seen));
            if metadata.is_dir() {
                waiting.push(entry.path());
            }
        }
    }
    total
}

#[cfg(unix)]
fn taken(metadata: &Metadata, seen: &mut BTreeSet<(u64, u64)>) -> u64 {
    use std::os::unix::fs::MetadataExt as _;

    let counts = metadata.is_dir() || metadata.nlink() < 2 || seen.insert((metadata.dev(), metadata.ino()));
    // POSIX counts in units of 512 bytes, whatever the block size of the file system.
    if counts { metadata.blocks().saturating_mul(512) } else { 0 }
}

#[cfg(not(unix))]
fn taken(metadata: &Metadata, _: &mut BTreeSet<(u64, u64)>) -> u64 {
    metadata.len()
}
