//! Paths as other programs take them.

use std::io;
use std::path::{Path, PathBuf};

/// The path without links, `.` and `..`, of something that is there.
///
/// On Windows it is the usual form, `C:\project`, wherever there is one: many programs, and configuration files of even more, do not
/// take what [`Path::canonicalize`] gives there, `\\?\C:\project`.
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    #[cfg(windows)]
    return dunce::canonicalize(path);
    #[cfg(not(windows))]
    path.canonicalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_place_in_the_form_that_programs_take() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        let found = real_path(&folder.path().join("a/../a/.")).unwrap();
        assert!(found.ends_with("a") && found.is_absolute(), "{found:?}");
        assert!(!found.to_string_lossy().starts_with(r"\\?\"), "{found:?}");
        assert_eq!(found.canonicalize().unwrap(), folder.path().join("a").canonicalize().unwrap());
        assert!(real_path(&folder.path().join("b")).is_err());
    }
}
