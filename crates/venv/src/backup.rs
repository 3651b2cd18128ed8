//! A backup: one archive of an environment.

mod facts;
mod pack;
mod secrets;
mod tree;

use std::path::{Path, PathBuf};

use crate::Snapshot;
use crate::archive::{
    ArchiveError, ArchiveKind, ArchiveProgress, ArchiveStep, ArchiveWatch, Existing, Limits, Manifest,
    compact, metadata, report, rfc3339, sync_folder,
};
use pack::Content;

/// What to back up, and where to.
#[derive(Debug, Clone)]
pub struct BackupOptions {
    /// The folder of the environment.
    pub root: PathBuf,
    /// How much is kept.
    pub kind: ArchiveKind,
    /// Where the archive stands afterwards.
    pub destination: Destination,
    /// What becomes of an archive of that name.
    pub existing: Existing,
    /// Now, in seconds since 1970, UTC: the time of the archive and of its name.
    pub seconds: u64,
    /// Variables of the environment in which pip and uv run. Those that do not matter to them are left out, and values of
    /// those that are secret are covered.
    pub variables: Vec<(String, String)>,
    /// Configuration files of pip and uv, those that are not there included. Their texts are kept, with secrets covered.
    pub configuration: Vec<PathBuf>,
}

/// Where an archive stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// In this folder, which is there, as [`archive_name`] has it.
    Folder(PathBuf),
    /// In this file.
    File(PathBuf),
}

/// An archive that was written, read back and verified.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackupReport {
    /// The archive.
    pub archive: PathBuf,
    /// Its SHA-256 in lowercase hexadecimal digits. Noted elsewhere, it shows later that the archive is the same.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// How much it holds.
    pub kind: ArchiveKind,
    /// The number of its members, without the manifest.
    pub members: usize,
    /// The bytes of all members.
    pub content_size: u64,
    /// The number of packages of the environment.
    pub packages: usize,
    /// What is not in it, though somebody may expect it to be.
    pub left_out: Vec<LeftOut>,
    /// Variables and files in which secrets were covered; they come back without them.
    pub covered: Vec<String>,
}

/// Something that is not in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub kind: LeftOutKind,
}

/// Why something is not in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LeftOutKind {
    /// A socket, a pipe or a device.
    Special,
    /// A configuration file that is larger than any is, or no text, or cannot be read.
    Configuration,
    /// A bit of a file that lets it run as another user; the file is there without it.
    SetUserBit,
}

impl std::fmt::Display for LeftOutKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Special => "a socket, a pipe or a device",
            Self::Configuration => "a configuration file that cannot be read as text",
            Self::SetUserBit => "the bit that lets it run as another user",
        })
    }
}

/// The name of an archive: `NAME-YYYYMMDD-HHMMSS.tar.zst`, in UTC. The name is that of the environment's folder or, where that is
/// called `.venv`, `venv`, `.env` or `env`, of the folder around it.
pub fn archive_name(root: &Path, seconds: u64) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let own = name(root).unwrap_or_default();
    let common = [".venv", "venv", ".env", "env", ""].contains(&own.as_str());
    let around = root.parent().and_then(name).filter(|_| common);
    let chosen = around.unwrap_or(own);
    let plain: String = chosen
        .trim_start_matches('.')
        .chars()
        .map(|letter| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '-' })
        .take(100)
        .collect();
    let plain = if plain.is_empty() { "environment" } else { &plain };
    format!("{plain}-{}.tar.zst", compact(seconds))
}

/// Writes one archive of an environment, reads it back, verifies it, and only then gives it its name.
///
/// Nothing of the environment is run or changed. Secrets in variables, configuration files and origins of packages are covered.
/// Memory does not grow with the size of files.
pub fn backup(options: &BackupOptions, watch: &mut ArchiveWatch<'_>) -> Result<BackupReport, ArchiveError> {
    let snapshot = Snapshot::read(&options.root).map_err(|source| ArchiveError::Environment { source })?;
    let target = target(options, &snapshot.root)?;
    let mut content = Content::default();
    facts::collect(options, &snapshot, &mut content)?;
    if options.kind == ArchiveKind::Full {
        tree::collect(&snapshot.root, &mut content, watch)?;
    }
    let manifest = Manifest {
        version: 1,
        kind: options.kind.into(),
        uvshift: env!("CARGO_PKG_VERSION").to_owned(),
        created: rfc3339(options.seconds),
        root: text_of(&snapshot.root)?,
        covered: content.covered.clone(),
        members: content.members(),
    };
    let limits = Limits::default();
    check_size(&snapshot.root, &manifest, &limits)?;
    let written = pack::write(&target, &manifest, &content, watch)?;
    let read = pack::verify(&written, &manifest, &limits, watch)?;
    let shown = target.to_string_lossy();
    report(watch, &ArchiveProgress { step: ArchiveStep::Exchange, member: &shown, done: 0, total: 0 })?;
    name(written, &target, options.existing)?;
    Ok(BackupReport {
        archive: target,
        sha256: read.sha256,
        size: read.size,
        kind: options.kind,
        members: manifest.members.len(),
        content_size: manifest.content_size(),
        packages: snapshot.packages.len(),
        left_out: content.left_out,
        covered: content.covered,
    })
}

/// Where the archive goes; an error where it cannot go there.
fn target(options: &BackupOptions, root: &Path) -> Result<PathBuf, ArchiveError> {
    let target = match &options.destination {
        Destination::Folder(folder) => folder.join(archive_name(root, options.seconds)),
        Destination::File(file) => file.clone(),
    };
    let target = std::path::absolute(&target).map_err(ArchiveError::write(&target))?;
    let folder = folder_of(&target);
    let real = folder.canonicalize().map_err(ArchiveError::write(folder))?;
    if root.canonicalize().is_ok_and(|root| real.starts_with(root)) {
        return Err(ArchiveError::Inside { path: target });
    }
    match metadata(&target).map_err(ArchiveError::read(&target))? {
        None => Ok(target),
        Some(_) if options.existing == Existing::Refuse => Err(ArchiveError::Exists { path: target }),
        Some(found) if found.is_file() => Ok(target),
        Some(_) => Err(ArchiveError::NotReplaced { path: target, why: "it is not a file" }),
    }
}

fn folder_of(target: &Path) -> &Path {
    target.parent().unwrap_or(target)
}

fn text_of(path: &Path) -> Result<String, ArchiveError> {
    path.to_str().map(str::to_owned).ok_or_else(|| ArchiveError::NotUtf8 { path: path.to_owned() })
}

/// What cannot be read back is not written.
fn check_size(root: &Path, manifest: &Manifest, limits: &Limits) -> Result<(), ArchiveError> {
    let what = if manifest.members.len() as u64 > limits.members {
        "it has too many files"
    } else if manifest.content_size() > limits.content {
        "its files are too large"
    } else {
        return Ok(());
    };
    Err(ArchiveError::TooLarge { path: root.to_owned(), what })
}

/// Gives the verified archive its name.
fn name(written: tempfile::TempPath, target: &Path, existing: Existing) -> Result<(), ArchiveError> {
    let named = match existing {
        Existing::Replace => written.persist(target),
        Existing::Refuse => written.persist_noclobber(target),
    };
    named.map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => ArchiveError::Exists { path: target.to_owned() },
        _ => ArchiveError::write(target)(error.error),
    })?;
    sync_folder(folder_of(target)).map_err(ArchiveError::write(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_that_of_what_the_environment_is_for() {
        for (root, expected) in [
            ("/srv/shop/.venv", "shop-19700101-000000.tar.zst"),
            ("/srv/.shop/venv", "shop-19700101-000000.tar.zst"),
            ("/home/me/.virtualenvs/data", "data-19700101-000000.tar.zst"),
            ("/srv/my shop/env", "my-shop-19700101-000000.tar.zst"),
            ("/.venv", "venv-19700101-000000.tar.zst"),
            ("/", "environment-19700101-000000.tar.zst"),
        ] {
            assert_eq!(archive_name(Path::new(root), 0), expected, "{root}");
        }
    }
}
