//! Looking up a program without asking the environment.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The first executable file called `name` in the folders of `path`, which is a value as `PATH` has it.
///
/// A `name` with a folder in it is looked at where it says. Relative folders in `path` are skipped: what they mean
/// depends on where the caller stands, and a project could plant a program there. On Windows a name without an
/// ending is tried with `.exe`, `.cmd` and `.bat`.
pub fn find_program(name: impl AsRef<OsStr>, path: &OsStr) -> Option<PathBuf> {
    let name = Path::new(name.as_ref());
    if name.components().count() > 1 || name.is_absolute() {
        return in_folder(Path::new(""), name);
    }
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .find_map(|folder| in_folder(&folder, name))
}

fn in_folder(folder: &Path, name: &Path) -> Option<PathBuf> {
    let plain = folder.join(name);
    if is_executable(&plain) {
        return Some(plain);
    }
    if !cfg!(windows) || name.extension().is_some() {
        return None;
    }
    ["exe", "cmd", "bat"].iter().map(|ending| plain.with_extension(ending)).find(|it| it.is_file())
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    // Windows knows a program by its ending.
    file.extension().is_some() && file.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_first_executable_file_wins() {
        let root = tempfile::tempdir().unwrap();
        for (folder, mode) in [("plain", 0o644), ("first", 0o755), ("second", 0o755)] {
            let file = root.path().join(folder).join("tool");
            std::fs::create_dir(file.parent().unwrap()).unwrap();
            std::fs::File::create(&file).unwrap().set_permissions(PermissionsExt::from_mode(mode)).unwrap();
        }
        std::fs::create_dir_all(root.path().join("folder/tool")).unwrap();
        let folders = ["folder", "plain", "first", "second"].map(|name| root.path().join(name));
        let path = std::env::join_paths(&folders).unwrap();
        assert_eq!(find_program("tool", &path), Some(folders[2].join("tool")));
        assert_eq!(find_program("other", &path), None);
        assert_eq!(find_program("tool", OsStr::new("")), None);
        assert_eq!(find_program(folders[3].join("tool"), OsStr::new("")), Some(folders[3].join("tool")));
        assert_eq!(find_program(folders[1].join("tool"), &path), None, "not executable");
    }

    #[test]
    fn relative_folders_are_not_searched() {
        assert_eq!(find_program("lib.rs", OsStr::new("src:.")), None);
    }
}
