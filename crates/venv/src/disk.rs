//! The only place of this area that changes the file system.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub(crate) use std::fs::Metadata;

use crate::failpoints::step;

/// What stands at a path; a link is not followed. `None` where nothing is.
pub(crate) fn metadata(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens a file, but no link and nothing that could block, such as a pipe.
pub(crate) fn open_to_read(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::CLOEXEC;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"))
}

/// Makes a file that is not there yet, for this user only.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that is not there yet, for this user only.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    create_folder_now(path)
}

#[cfg(unix)]
fn create_folder_now(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new folder gets the rights of the one that it is in.
#[cfg(not(unix))]
fn create_folder_now(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// Makes a folder and those that lead to it.
pub(crate) fn create_folders(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Makes a symbolic link.
#[cfg(unix)]
pub(crate) fn create_link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Makes a symbolic link. Windows wants to know whether it leads to a folder; one that leads nowhere becomes that of a file.
#[cfg(windows)]
pub(crate) fn create_link(target: &str, path: &Path) -> io::Result<()> {
    let aim = path.parent().unwrap_or(path).join(target);
    if aim.is_dir() {
        return std::os::windows::fs::symlink_dir(target, path);
    }
    std::os::windows::fs::symlink_file(target, path)
}

/// The permission bits, with those beyond read, write and execute.
#[cfg(unix)]
pub(crate) fn mode_of(metadata: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o7777
}

/// What a file or folder would have on Unix.
#[cfg(not(unix))]
pub(crate) fn mode_of(metadata: &Metadata) -> u32 {
    if metadata.is_dir() { 0o755 } else { 0o644 }
}

/// Sets permission bits.
#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

/// There are none to set.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
pub(crate) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// When a file changed last, in nanoseconds since 1970; 0 where the system does not tell.
pub(crate) fn modified_of(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    let (duration, sign) = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (after, 1),
        Err(before) => (before.duration(), -1),
    };
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX).saturating_mul(sign)
}

/// Sets when a file or folder changed last.
pub(crate) fn set_modified(file: &File, nanoseconds: i64) -> io::Result<()> {
    file.set_modified(moment(nanoseconds))
}

/// Sets when a folder or link changed last, where the system can.
#[cfg(unix)]
pub(crate) fn link_modified(path: &Path, nanoseconds: i64) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_OMIT, utimensat};
    let time = |tv_sec, tv_nsec| Timespec { tv_sec, tv_nsec };
    let modified = time(nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    let times = Timestamps { last_access: time(0, UTIME_OMIT), last_modification: modified };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// The system gives no simple way.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
pub(crate) fn link_modified(_path: &Path, _nanoseconds: i64) -> io::Result<()> {
    Ok(())
}

fn moment(nanoseconds: i64) -> SystemTime {
    let distance = Duration::from_nanos(nanoseconds.unsigned_abs());
    let moment =
        if nanoseconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    moment.unwrap_or(UNIX_EPOCH)
}

/// Gives a file or folder another name; what has that name, if it is a file, is replaced.
#[expect(clippy::disallowed_methods, reason = "an environment is no file of a project's transaction")]
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Lets two folders have each other's name, in one go where the system can.
pub(crate) fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            // The kernel or the file system has no such thing.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    exchange_in_steps(new, old)
}

/// Between the first two steps nothing has the name of `old`, which stands whole beside it.
fn exchange_in_steps(new: &Path, old: &Path) -> io::Result<()> {
    let mut between = new.as_os_str().to_owned();
    between.push(".old");
    let between = Path::new(&between);
    rename(old, between)?;
    if let Err(error) = rename(new, old) {
        rename(between, old)?;
        return Err(error);
    }
    let Err(error) = rename(between, new) else { return Ok(()) };
    rename(old, new)?;
    rename(between, old)?;
    Err(error)
}

/// Removes a folder and all in it, also what is not writable.
pub(crate) fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(path)?;
            fs::remove_dir_all(path)
        }
        result => result,
    }
}

/// Makes every folder below writable, so that what is in it can be removed.
fn open_up(path: &Path) -> io::Result<()> {
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        set_mode(&folder, 0o700)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    Ok(())
}

/// Removes a file, if it is there.
#[expect(clippy::disallowed_methods, reason = "an environment is no file of a project's transaction")]
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Removes an empty folder.
pub(crate) fn remove_folder(path: &Path) -> io::Result<()> {
    fs::remove_dir(path)
}

/// What tells a folder from another one that has its name later; `None` where nothing is there.
pub(crate) fn identity(path: &Path) -> io::Result<Option<String>> {
    let Some(found) = metadata(path)? else { return Ok(None) };
    number_of(path, &found).map(Some)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "Windows has to open it first")]
fn number_of(_: &Path, found: &Metadata) -> io::Result<String> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(format!("{} {}", found.dev(), found.ino()))
}

/// The time when it was made tells nothing: a new folder inherits that of one which had its name a moment ago.
#[cfg(windows)]
fn number_of(path: &Path, _: &Metadata) -> io::Result<String> {
    use std::os::windows::fs::OpenOptionsExt as _;
    // To open a folder, and a link rather than what it leads to.
    const BACKUP_SEMANTICS: u32 = 0x0200_0000;
    const OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    let mut options = OpenOptions::new();
    options.access_mode(0).custom_flags(BACKUP_SEMANTICS | OPEN_REPARSE_POINT);
    let found = winapi_util::file::information(options.open(path)?)?;
    Ok(format!("{} {}", found.volume_serial_number(), found.file_index()))
}

/// Opens the file that a run holds, making it if it is missing.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

/// Whether a folder is one, and belongs to this user.
#[cfg(unix)]
pub(crate) fn is_own(path: &Path) -> io::Result<bool> {
    let found = fs::symlink_metadata(path)?;
    let owner = std::os::unix::fs::MetadataExt::uid(&found);
    Ok(found.is_dir() && owner == rustix::process::geteuid().as_raw())
}

/// Whether a folder is one.
#[cfg(not(unix))]
pub(crate) fn is_own(path: &Path) -> io::Result<bool> {
    Ok(fs::symlink_metadata(path)?.is_dir())
}

/// Makes all that is in a folder survive a power cut: with one call for its file system where there is one, otherwise file by file.
/// Windows has no way to do it for files that are not open to be written.
pub(crate) fn sync_system(folder: &Path) -> io::Result<()> {
    step("flush", folder)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::io::Errno;
        match rustix::fs::syncfs(File::open(folder)?) {
            Ok(()) => return Ok(()),
            // There is none.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(error) => return Err(error.into()),
        }
    }
    sync_tree(folder)
}

/// Flushes every file and folder below a folder, and that last. What may not be read was not written just now.
#[cfg(unix)]
fn sync_tree(top: &Path) -> io::Result<()> {
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                match File::open(entry.path()).and_then(|file| Ok(rustix::fs::fsync(&file)?)) {
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
                    result => result?,
                }
            }
        }
        sync_folder(&folder)?;
    }
    sync_folder(top)
}

/// There is no way through the standard library.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
fn sync_tree(_top: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes the names in a folder survive a power cut.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    step("flush the names of", path)?;
    match File::open(path)?.sync_all() {
        // Some network file systems cannot, and there is no more that can be done there.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        result => result,
    }
}

/// Windows has no way to flush a folder through the standard library.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
pub(crate) fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn folders_exchange_their_names_whatever_the_system_can() {
        for way in [exchange, exchange_in_steps] {
            let folder = tempfile::tempdir().unwrap();
            let (new, old) = (folder.path().join("new"), folder.path().join("old"));
            create_folder(&new).unwrap();
            create_folder(&old).unwrap();
            create_file(&new.join("is-new")).unwrap();
            create_file(&old.join("is-old")).unwrap();
            way(&new, &old).unwrap();
            assert_eq!((names(&new), names(&old)), (vec!["is-old".to_owned()], vec!["is-new".to_owned()]));
            assert_eq!(names(folder.path()), ["new", "old"]);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_tree_is_flushed_file_by_file_too() {
        let folder = tempfile::tempdir().unwrap();
        create_folders(&folder.path().join("a/b")).unwrap();
        create_file(&folder.path().join("a/b/c")).unwrap();
        create_link("nowhere", &folder.path().join("a/link")).unwrap();
        sync_tree(folder.path()).unwrap();
        assert!(sync_tree(&folder.path().join("no")).is_err());
    }

    #[test]
    fn an_exchange_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        create_folder(&old).unwrap();
        for way in [exchange, exchange_in_steps] {
            assert!(way(&new, &old).is_err());
            assert_eq!(names(folder.path()), ["old"]);
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_is_not_writable_is_removed_too() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        create_folder(&tree).unwrap();
        create_folder(&tree.join("a")).unwrap();
        create_file(&tree.join("a/b")).unwrap();
        create_link("/etc", &tree.join("a/link")).unwrap();
        set_mode(&tree.join("a"), 0o500).unwrap();
        remove_tree(&tree).unwrap();
        remove_tree(&tree).unwrap();
        assert!(Path::new("/etc/passwd").exists() && names(folder.path()).is_empty());
    }

    #[test]
    #[cfg(unix)]
    fn pipes_and_links_do_not_block() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open_to_read(folder.path()).is_err());
        assert!(open_to_read(Path::new("/dev/null")).is_err());
    }
}
