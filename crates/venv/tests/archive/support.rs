//! A small environment, and calls with the options that most tests take.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use uvshift_testkit::{Snapshot as Tree, snapshot};
use uvshift_venv::{
    ArchiveError, ArchiveKind, ArchiveProgress, BackupOptions, BackupReport, Destination, Existing, Rebuild,
    RestoreOptions, RestoreReport, RestoreWay, backup, restore,
};

use crate::world::base_python;

/// 2026-11-28, 14:22:12 UTC.
pub(crate) const SECONDS: u64 = 1_795_875_732;

/// A small environment that no tool made, in a folder of its own.
pub(crate) struct Small {
    pub(crate) folder: TempDir,
    pub(crate) root: PathBuf,
}

impl Small {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("env");
        fill(&root);
        Self { folder, root }
    }

    /// Beside the environment.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.with_file_name(name)
    }

    pub(crate) fn tree(&self) -> Tree {
        snapshot(&self.root)
    }

    /// The names beside the environment, without those that begin with one of these.
    pub(crate) fn names(&self, without: &[&str]) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.root.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !without.iter().any(|prefix| name.starts_with(prefix)))
            .collect();
        names.sort();
        names
    }

    /// A full archive beside it.
    pub(crate) fn archive(&self) -> PathBuf {
        full(&self.root, &self.beside("a.tar.zst")).unwrap().archive
    }
}

/// Writes a small environment.
pub(crate) fn fill(root: &Path) {
    let packages = root.join("lib/python3.11/site-packages");
    write(&root.join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.7\n");
    write(&packages.join("alpha/__init__.py"), "VALUE = 1\n");
    write(
        &packages.join("alpha-1.0.dist-info/METADATA"),
        "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n",
    );
    write(&packages.join("alpha-1.0.dist-info/RECORD"), "alpha/__init__.py,,\n");
    write(&packages.join("größe.py"), "x = 1\n");
    fs::create_dir_all(root.join("include")).unwrap();
    write(&root.join("bin/activate"), &format!("VIRTUAL_ENV={}\n", root.display()));
    std::os::unix::fs::symlink(base_python(), root.join("bin/python")).unwrap();
    std::os::unix::fs::symlink("python", root.join("bin/python3")).unwrap();
    std::os::unix::fs::symlink("./lib", root.join("lib64")).unwrap();
    mode(&root.join("bin/activate"), 0o755);
}

pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

pub(crate) fn options(root: &Path, kind: ArchiveKind, archive: &Path) -> BackupOptions {
    BackupOptions {
        root: root.to_owned(),
        kind,
        destination: Destination::File(archive.to_owned()),
        existing: Existing::Refuse,
        seconds: SECONDS,
        variables: vec![("PATH".to_owned(), "/usr/bin".to_owned())],
        configuration: Vec::new(),
    }
}

pub(crate) fn quietly(_: &ArchiveProgress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(crate) fn full(root: &Path, archive: &Path) -> Result<BackupReport, ArchiveError> {
    backup(&options(root, ArchiveKind::Full, archive), &mut quietly)
}

pub(crate) fn light(root: &Path, archive: &Path) -> Result<BackupReport, ArchiveError> {
    backup(&options(root, ArchiveKind::Light, archive), &mut quietly)
}

pub(crate) fn restore_options(archive: &Path, at: Option<&Path>, existing: Existing) -> RestoreOptions {
    RestoreOptions {
        archive: archive.to_owned(),
        sha256: None,
        at: at.map(Path::to_owned),
        existing,
        way: RestoreWay::Files,
    }
}

pub(crate) fn restored(
    archive: &Path,
    at: Option<&Path>,
    existing: Existing,
) -> Result<RestoreReport, ArchiveError> {
    restore(&restore_options(archive, at, existing), None, &mut quietly)
}

pub(crate) fn rebuilt(
    archive: &Path,
    at: Option<&Path>,
    existing: Existing,
    rebuild: &mut Rebuild<'_>,
) -> Result<RestoreReport, ArchiveError> {
    restore(&restore_options(archive, at, existing), Some(rebuild), &mut quietly)
}
