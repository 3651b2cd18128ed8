//! Copying the files of packages from the old environment.

use std::path::{Path, PathBuf};

use super::{Cause, Offer, Recreate, RecreateError, Refusal, Task, Way, disk, requirement};
use crate::{Package, Snapshot, record};

/// Copies each package that is to be carried.
pub(crate) fn packages(asked: &Recreate<'_>, tasks: &[Task]) -> Result<(), RecreateError> {
    let mut refusals = Vec::new();
    let mut target = None;
    for task in tasks.iter().filter(|task| task.way == Way::Carried) {
        let Some(package) = asked.snapshot.find(&task.name) else { continue };
        if target.is_none() {
            target = Some(Target::of(asked)?);
        }
        let Some(target) = &target else { continue };
        match files(asked, package, target) {
            Ok(files) => {
                for (from, to) in files {
                    disk::copy_tree(&from, &to)?;
                    target.mend_first_line(&to)?;
                }
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(RecreateError::Refused { refusals }) }
}

/// Where files go.
struct Target {
    old_root: PathBuf,
    new_root: PathBuf,
    /// The folders of packages before and now, relative to the environments.
    site_packages: Option<(PathBuf, PathBuf)>,
    same_python: bool,
}

impl Target {
    fn of(asked: &Recreate<'_>) -> Result<Self, RecreateError> {
        let new = Snapshot::read(asked.at)?;
        let relative = |snapshot: &Snapshot, root: &Path| {
            snapshot
                .site_packages
                .first()
                .and_then(|folder| folder.strip_prefix(root).ok().map(Path::to_owned))
        };
        let before = relative(asked.snapshot, &asked.snapshot.root);
        let now = relative(&new, &new.root);
        Ok(Self {
            old_root: asked.snapshot.root.clone(),
            new_root: asked.at.to_owned(),
            site_packages: before.zip(now),
            same_python: minor(asked.snapshot) == minor(&new),
        })
    }

    /// The place of a file of the old environment in the new one.
    fn place(&self, path: &Path) -> PathBuf {
        let moved = self
            .site_packages
            .as_ref()
            .and_then(|(before, now)| path.strip_prefix(before).ok().map(|inner| now.join(inner)));
        self.new_root.join(moved.as_deref().unwrap_or(path))
    }

    /// Programs name the Python of their environment in their first line.
    fn mend_first_line(&self, path: &Path) -> Result<(), RecreateError> {
        let is_program = path.parent() == Some(super::programs(&self.new_root).as_path());
        if self.old_root == self.new_root || !is_program {
            return Ok(());
        }
        let bytes = std::fs::read(path).map_err(RecreateError::io("read", path))?;
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let (first, rest) = bytes.split_at(end);
        let Ok(first) = std::str::from_utf8(first) else { return Ok(()) };
        let Some(command) = first.strip_prefix("#!") else { return Ok(()) };
        let old = super::programs(&self.old_root);
        let new = super::programs(&self.new_root);
        let Some(name) = command.strip_prefix(&*old.to_string_lossy()) else { return Ok(()) };
        let mut mended = format!("#!{}{name}", new.display()).into_bytes();
        mended.extend(rest);
        disk::replace(path, &mended).map_err(RecreateError::io("write", path))
    }
}

fn minor(snapshot: &Snapshot) -> Option<String> {
    super::base::minor(snapshot.python.version.as_deref()?)
}

type Copies = Vec<(PathBuf, PathBuf)>;

/// The files of a package with where they go; a refusal where that is not known or would not work.
fn files(asked: &Recreate<'_>, package: &Package, target: &Target) -> Result<Copies, Refusal> {
    let refuse = |cause, reason: &str| {
        Err(requirement::refusal(package, cause, reason, &[Offer::OtherIndex, Offer::LeaveOut]))
    };
    let Some(old_tree) = asked.old_tree else {
        return refuse(Cause::Gone, "the files of the old environment are not there to be copied");
    };
    if !target.same_python && package.pure != Some(true) {
        return refuse(Cause::OtherPlatform, "its files may be made for the old Python");
    }
    let old =
        Package { location: moved(&package.location, &asked.snapshot.root, old_tree), ..package.clone() };
    let mut copies: Copies = Vec::new();
    for file in record::files(&old, old_tree) {
        let from = old_tree.join(&file.path);
        if !record::is_bytecode(&file.path) && from.symlink_metadata().is_ok() {
            copies.push((from, target.place(&file.path)));
        }
    }
    if copies.is_empty() || package.origin.is_editable() {
        return refuse(Cause::Unclear, "its metadata does not tell which files are its own");
    }
    copies.sort();
    copies.dedup();
    Ok(copies)
}

/// A path of the old environment where it is now.
pub(crate) fn moved(path: &Path, root: &Path, tree: &Path) -> PathBuf {
    path.strip_prefix(root).map_or_else(|_| path.to_owned(), |inner| tree.join(inner))
}
