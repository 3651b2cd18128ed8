//! Where an environment stands, and whether its folder is more than an environment.

use std::io;
use std::path::{Component, Path, PathBuf};

use uvshift_process::real_path;

/// What shows that a folder is a project, not only an environment.
const PROJECT: [&str; 6] = [".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];

/// The absolute path of an environment, with a name at its end. Links above it are kept as they are, since its scripts hold that
/// path, unless there is a `..`: what that leads to is only known when links are followed.
pub(crate) fn absolute(path: &Path) -> io::Result<PathBuf> {
    // `absolute` keeps `..`.
    let place = std::path::absolute(path)?;
    if !place.components().any(|part| part == Component::ParentDir) {
        return Ok(place.components().collect());
    }
    match (place.parent(), place.file_name()) {
        (Some(parent), Some(name)) => Ok(real_path(parent)?.join(name)),
        _ => real_path(&place),
    }
}

/// The file or folder that shows that a folder is a project; a folder that is one is never taken away.
pub(crate) fn project_file(place: &Path) -> Option<&'static str> {
    PROJECT.into_iter().find(|file| place.join(file).symlink_metadata().is_ok())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_goes_up_is_resolved() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::os::unix::fs::symlink(root.join("a/b"), root.join("link")).unwrap();
        let of = |path: &str| absolute(&root.join(path)).unwrap();
        assert_eq!(of("a/../.venv"), root.join(".venv"));
        assert_eq!(of("link/../.venv"), root.join("a/.venv"));
        assert_eq!(of("a/b/.."), root.join("a"));
        assert_eq!(of("link/.venv/"), root.join("link/.venv"));
        assert_eq!(of("./link/./.venv"), root.join("link/.venv"));
        assert!(absolute(&root.join("no/../.venv")).is_err());
    }
}
