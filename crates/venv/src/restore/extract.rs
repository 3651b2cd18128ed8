//! The files of a full archive, written beside their place, verified, and put there.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::exchange::Staged;
use super::links::Tree;
use super::{ArchiveContents, RestoreOptions, RestoreReport, RestoreWay, texts};
use crate::Snapshot;
use crate::archive::{
    ArchiveError, ArchiveFault, ArchiveProgress, ArchiveStep, ArchiveWatch, Hashing, Limits, Manifest,
    Member, MemberKind, Read, Sink, TREE, create_file, create_folder, create_link, link_modified, metadata,
    mode_of, open_to_read, read, report, set_mode, set_modified, sync_system,
};

/// What is being restored.
pub(super) struct Restoring<'a> {
    pub(super) options: &'a RestoreOptions,
    pub(super) read: &'a Read,
    pub(super) at: &'a Path,
    pub(super) occupied: bool,
}

pub(super) fn restore(
    restoring: &Restoring<'_>,
    contents: &ArchiveContents,
    watch: &mut ArchiveWatch<'_>,
) -> Result<RestoreReport, ArchiveError> {
    let manifest = &restoring.read.manifest;
    let tree = Tree::new(manifest, restoring.at);
    base_python(manifest, &tree, restoring.at)?;
    let staged = Staged::new(restoring.at)?;
    let written = write(restoring, staged.path(), watch).and_then(|without_bits| {
        check(manifest, staged.path(), watch)?;
        same_packages(contents, staged.path())?;
        Ok(without_bits)
    });
    let without_bits = match written {
        Ok(without_bits) => without_bits,
        Err(error) => return Err(staged.drop_with(error)),
    };
    let (snapshot, kept) = staged.exchange(restoring.occupied, watch, |at| same_packages(contents, at))?;
    Ok(RestoreReport {
        at: restoring.at.to_owned(),
        way: RestoreWay::Files,
        sha256: restoring.read.sha256.clone(),
        snapshot,
        files: tree_members(manifest).count(),
        dangling: tree.dangling(),
        without_bits: without_bits.into_iter().map(|inner| restoring.at.join(inner)).collect(),
        covered: contents.covered.clone(),
        kept,
        notes: Vec::new(),
    })
}

/// Reads an environment and holds its packages against the snapshot.
fn same_packages(contents: &ArchiveContents, at: &Path) -> Result<Snapshot, ArchiveError> {
    let snapshot = Snapshot::read(at).map_err(|source| ArchiveError::Environment { source })?;
    let differences = texts::differences(&contents.snapshot, &snapshot);
    if differences.is_empty() { Ok(snapshot) } else { Err(ArchiveError::Differs { differences }) }
}

/// Holds that the program of the environment leads to a Python.
fn base_python(manifest: &Manifest, tree: &Tree<'_>, at: &Path) -> Result<(), ArchiveError> {
    for program in ["bin/python", "bin/python3", "Scripts/python.exe"] {
        let member = format!("{TREE}/{program}");
        let place = at.join(program);
        if manifest.members.iter().any(|found| found.path == member) && !tree.exists(&place) {
            return Err(ArchiveError::BasePython { path: place });
        }
    }
    Ok(())
}

/// The members of the tree, each with its path in it.
fn tree_members(manifest: &Manifest) -> impl Iterator<Item = (&Member, &str)> {
    manifest.members.iter().filter_map(|member| {
        let inner = member.path.strip_prefix(TREE)?;
        (inner.is_empty() || inner.starts_with('/')).then(|| (member, inner.trim_start_matches('/')))
    })
}

/// Where a member goes.
fn place(folder: &Path, inner: &str) -> PathBuf {
    if inner.is_empty() { folder.to_owned() } else { folder.join(inner) }
}

/// The bits that a restored file or folder may have: none of a file lets it run as another user.
fn allowed(member: &Member) -> u32 {
    match member.kind {
        MemberKind::Folder => member.mode & 0o3777,
        _ => member.mode & 0o1777,
    }
}

/// Writes the tree into `folder`, which is there; gives the files that lost a bit, relative to it.
pub(super) fn write(
    restoring: &Restoring<'_>,
    folder: &Path,
    watch: &mut ArchiveWatch<'_>,
) -> Result<Vec<PathBuf>, ArchiveError> {
    let archive = &restoring.options.archive;
    let mut extraction = Extraction { folder, file: None };
    let again = read(archive, &Limits::default(), ArchiveStep::Extract, &mut extraction, watch)?;
    if again.sha256 != restoring.read.sha256 {
        let source = ArchiveFault::Corrupt("it changed while it was read".to_owned());
        return Err(ArchiveError::Refused { archive: archive.clone(), source });
    }
    finish_folders(&restoring.read.manifest, folder)?;
    sync_system(folder).map_err(ArchiveError::write(folder))?;
    let lost = |member: &Member| member.mode & 0o7777 != allowed(member);
    Ok(tree_members(&restoring.read.manifest)
        .filter(|(member, _)| !matches!(member.kind, MemberKind::Link { .. }) && lost(member))
        .map(|(_, inner)| PathBuf::from(inner))
        .collect())
}

/// Modes and times of folders, the innermost first: writing into a folder changes its time and needs its mode.
fn finish_folders(manifest: &Manifest, folder: &Path) -> Result<(), ArchiveError> {
    let folders: Vec<_> =
        tree_members(manifest).filter(|(member, _)| member.kind == MemberKind::Folder).collect();
    for (member, inner) in folders.into_iter().rev() {
        let place = place(folder, inner);
        set_mode(&place, allowed(member))
            .and_then(|()| link_modified(&place, member.modified))
            .map_err(ArchiveError::write(&place))?;
    }
    Ok(())
}

struct Extraction<'a> {
    folder: &'a Path,
    file: Option<(PathBuf, File)>,
}

impl Sink for Extraction<'_> {
    fn begin(&mut self, member: &Member) -> Result<(), ArchiveError> {
        let inner = member.path.strip_prefix(TREE).unwrap_or_default().trim_start_matches('/');
        let place = place(self.folder, inner);
        match &member.kind {
            MemberKind::Folder if inner.is_empty() => Ok(()),
            MemberKind::Folder => create_folder(&place).map_err(ArchiveError::write(&place)),
            MemberKind::Link { target } => create_link(target, &place)
                .and_then(|()| link_modified(&place, member.modified))
                .map_err(ArchiveError::write(&place)),
            MemberKind::File { .. } => {
                let file = create_file(&place).map_err(ArchiveError::write(&place))?;
                self.file = Some((place, file));
                Ok(())
            }
        }
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        match &mut self.file {
            Some((place, file)) => file.write_all(bytes).map_err(ArchiveError::write(&*place)),
            None => Ok(()),
        }
    }

    fn end(&mut self, member: &Member) -> Result<(), ArchiveError> {
        let Some((place, file)) = self.file.take() else { return Ok(()) };
        set_mode(&place, allowed(member))
            .and_then(|()| set_modified(&file, member.modified))
            .map_err(ArchiveError::write(&place))
    }
}

/// More differences than these are not told.
const TOLD: usize = 10;

/// Holds what was written against the manifest, file by file, and that nothing else is there.
fn check(manifest: &Manifest, folder: &Path, watch: &mut ArchiveWatch<'_>) -> Result<(), ArchiveError> {
    let (mut done, total) = (0, manifest.content_size());
    let mut differences = Vec::new();
    let mut expected: HashMap<PathBuf, usize> = HashMap::new();
    for (member, inner) in tree_members(manifest) {
        report(watch, &ArchiveProgress { step: ArchiveStep::Check, member: &member.path, done, total })?;
        let place = place(folder, inner);
        if !is_as_listed(&place, member)? {
            differences.push(member.path.clone());
        }
        done += member.size();
        if let Some(parent) = place.parent().filter(|_| !inner.is_empty()) {
            *expected.entry(parent.to_owned()).or_default() += 1;
        }
        if member.kind == MemberKind::Folder {
            expected.entry(place).or_default();
        }
    }
    for (place, count) in expected {
        let found = std::fs::read_dir(&place).map_err(ArchiveError::read(&place))?.count();
        if found != count {
            differences.push(format!("{found} entries instead of {count} in {}", place.display()));
        }
    }
    differences.truncate(TOLD);
    if differences.is_empty() { Ok(()) } else { Err(ArchiveError::Differs { differences }) }
}

fn is_as_listed(place: &Path, member: &Member) -> Result<bool, ArchiveError> {
    let Some(found) = metadata(place).map_err(ArchiveError::read(place))? else { return Ok(false) };
    let same_mode = cfg!(not(unix)) || mode_of(&found) == allowed(member);
    Ok(match &member.kind {
        MemberKind::Folder => found.is_dir() && same_mode,
        MemberKind::Link { target } => {
            found.is_symlink()
                && std::fs::read_link(place).map_err(ArchiveError::read(place))? == Path::new(target)
        }
        MemberKind::File { size, sha256 } => {
            found.is_file() && same_mode && found.len() == *size && sum(place)? == *sha256
        }
    })
}

fn sum(place: &Path) -> Result<String, ArchiveError> {
    let mut reader = Hashing::new(open_to_read(place).map_err(ArchiveError::read(place))?);
    let mut buffer = vec![0; 128 << 10];
    while reader.read(&mut buffer).map_err(ArchiveError::read(place))? > 0 {}
    Ok(reader.finish().0)
}
