//! The place of an environment, and what cannot be exchanged there.

use std::path::{Path, PathBuf};

use uvshift_installed::Kind;

use super::MigrateError;
use crate::Snapshot;

/// The absolute path of an environment, which is no link itself.
pub(super) fn of(path: &Path) -> Result<PathBuf, MigrateError> {
    let place = crate::place::absolute(path).map_err(|source| MigrateError::Io {
        action: "find",
        path: path.to_owned(),
        source,
    })?;
    if let Ok(target) = std::fs::read_link(&place) {
        let target = uvshift_process::real_path(&place).unwrap_or(target);
        return Err(MigrateError::Link { path: place, target });
    }
    Ok(place)
}

/// Reads the environment; an error where it is none that can be made anew.
pub(super) fn snapshot(place: &Path) -> Result<Snapshot, MigrateError> {
    let snapshot = Snapshot::read(place)?;
    match snapshot.kind {
        Kind::Virtual => {}
        Kind::Conda => return Err(MigrateError::Conda { path: place.to_owned() }),
        Kind::Python => return Err(MigrateError::System { path: place.to_owned() }),
    }
    if let Some(file) = crate::place::project_file(place) {
        return Err(MigrateError::Project { path: place.to_owned(), file });
    }
    Ok(snapshot)
}

/// The programs that run from an environment, as far as the system shows them (Linux): the process and its first argument.
pub(super) fn users(place: &Path) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    if !cfg!(target_os = "linux") {
        return found;
    }
    let inside = place.join("bin");
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let (Some(command), _) = uvshift_installed::read_file(&entry.path().join("cmdline")) else {
            continue;
        };
        let program = command.split('\0').find(|word| Path::new(word).starts_with(&inside));
        if let Some(program) = program {
            found.push((id, program.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_goes_up_is_not_written_into_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("x")).unwrap();
        assert_eq!(of(&root.join("x/../.venv")).unwrap(), root.join(".venv"));
    }
}
