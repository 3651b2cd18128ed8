//! Files that somebody put into an environment, taken along.

use std::path::{Path, PathBuf};

use crate::recreate::{RecreateError, carry, disk};
use crate::{LocalChange, LocalKind, Snapshot};

/// What became of them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) carried: Vec<PathBuf>,
    /// Those that the new environment has another file for.
    pub(super) in_the_way: Vec<PathBuf>,
}

/// Copies them from the old environment, which is at `tree`, into the new one. Changed files replace the new ones.
pub(super) fn carry(
    before: &Snapshot,
    tree: &Path,
    after: &Snapshot,
    changes: &[LocalChange],
) -> Result<Kept, RecreateError> {
    let mut kept = Kept::default();
    for change in changes.iter().filter(|change| change.needs_decision()) {
        let from = tree.join(&change.path);
        let to = after.root.join(moved(&change.path, before, after));
        match change.kind {
            LocalKind::Patched { .. } | LocalKind::Activation => replace(&from, &to)?,
            _ => merge(&from, &to, &change.path, &mut kept.in_the_way, 0)?,
        }
        kept.carried.push(change.path.clone());
    }
    Ok(kept)
}

/// Deeper than any tree of packages.
const MAXIMUM_DEPTH: usize = 60;

/// Copies what is not there yet. A file that is there with another content is in the way.
fn merge(
    from: &Path,
    to: &Path,
    name: &Path,
    in_the_way: &mut Vec<PathBuf>,
    depth: usize,
) -> Result<(), RecreateError> {
    if to.symlink_metadata().is_err() {
        return disk::copy_tree(from, to);
    }
    if !disk::is_folder(from) || !disk::is_folder(to) || depth > MAXIMUM_DEPTH {
        if !is_same_file(from, to) {
            in_the_way.push(name.to_owned());
        }
        return Ok(());
    }
    for entry in std::fs::read_dir(from).map_err(RecreateError::io("read", from))? {
        let file = entry.map_err(RecreateError::io("read", from))?.file_name();
        if file != "__pycache__" {
            merge(&from.join(&file), &to.join(&file), &name.join(&file), in_the_way, depth + 1)?;
        }
    }
    Ok(())
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    let are_files = [left, right].iter().all(|path| path.metadata().is_ok_and(|found| found.is_file()));
    are_files && matches!((std::fs::read(left), std::fs::read(right)), (Ok(left), Ok(right)) if left == right)
}

/// The file gets a new name of its own, since uv links files to those of its cache. A link stays one.
fn replace(from: &Path, to: &Path) -> Result<(), RecreateError> {
    if from.symlink_metadata().is_ok_and(|found| found.is_file()) {
        let bytes = std::fs::read(from).map_err(RecreateError::io("read", from))?;
        return disk::replace(to, &bytes).map_err(RecreateError::io("write", to));
    }
    disk::remove_file(to).map_err(RecreateError::io("remove", to))?;
    disk::copy_tree(from, to)
}

/// A path of the old environment in the new one, whose folder of packages may be named after another Python.
fn moved(path: &Path, before: &Snapshot, after: &Snapshot) -> PathBuf {
    let relative = |snapshot: &Snapshot| {
        let folder = snapshot.site_packages.first()?;
        folder.strip_prefix(&snapshot.root).ok().map(Path::to_owned)
    };
    match (relative(before), relative(after)) {
        (Some(old), Some(new)) => carry::moved(path, &old, &new),
        _ => path.to_owned(),
    }
}
