//! The only place that changes the file system. Every function is one step of [`crate::failpoints`].

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;

use crate::error::Error;
use crate::failpoints::{Operation, around, around_write};

/// User and group of a file.
pub(crate) type Owner = (u32, u32);

/// The permission bits that a new file gets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NewMode {
    /// What the system gives.
    Default,
    /// Readable for this user only: a copy of a file must not be more open than the file.
    Private,
    /// These bits.
    Exactly(u32),
}

pub(crate) fn create_folder(path: &Path) -> Result<(), Error> {
    around(Operation::CreateFolder, path, || fs::create_dir(path))
        .map_err(Error::io("create the folder", path))
}

/// Makes a folder unless it is there.
pub(crate) fn ensure_folder(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(()),
        Err(_) => match create_folder(path) {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result,
        },
    }
}

/// Makes a file that is not there yet; the caller passes what comes back to [`flush`].
pub(crate) fn write_new(path: &Path, bytes: &[u8], mode: NewMode) -> Result<Flush, Error> {
    let file = around_write(path, bytes, |bytes| {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if !matches!(mode, NewMode::Default) {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        Ok(file)
    })
    .map_err(Error::io("write", path))?;
    if let NewMode::Exactly(mode) = mode {
        set_mode(path, mode)?;
    }
    Ok(Flush::File(path.to_path_buf(), file))
}

/// What is to survive a power cut.
#[derive(Debug)]
pub(crate) enum Flush {
    /// A file that was written; it is closed, because Windows moves no folder with an open file in it.
    File(PathBuf, File),
    /// The names in a folder, so that a rename or removal in it survives too.
    Folder(PathBuf),
}

/// More threads than this flush no faster.
const FLUSHERS: usize = 8;

/// Flushes everything to the disk. Flushed at the same time, files and folders share the journal commits of the file
/// system instead of waiting for one each, which is most of what a transaction takes on a busy disk.
#[expect(clippy::needless_pass_by_value, reason = "the files are closed when this is done")]
pub(crate) fn flush(items: Vec<Flush>) -> Result<(), Error> {
    for item in &items {
        let (operation, action) = match item {
            Flush::File(..) => (Operation::SyncFile, "flush"),
            Flush::Folder(_) => (Operation::SyncFolder, "flush the folder"),
        };
        around(operation, item.path(), || Ok(())).map_err(Error::io(action, item.path()))?;
    }
    if items.len() < 2 {
        return items.iter().try_for_each(Flush::now);
    }
    let share = items.len().div_ceil(FLUSHERS);
    thread::scope(|scope| {
        let started: Vec<_> =
            items.chunks(share).map(|items| scope.spawn(|| items.iter().try_for_each(Flush::now))).collect();
        // A thread panics only if flushing does; then nothing is certain about the disk.
        let broken = |_| Err(Error::io("flush", items[0].path())(io::ErrorKind::Other.into()));
        started.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(broken))
    })
}

impl Flush {
    /// A file that somebody else wrote.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        // Windows flushes only through a handle that may write.
        let file =
            OpenOptions::new().read(true).write(cfg!(windows)).open(path).map_err(Error::io("open", path))?;
        Ok(Self::File(path.to_path_buf(), file))
    }

    fn path(&self) -> &Path {
        match self {
            Self::File(path, _) | Self::Folder(path) => path,
        }
    }

    fn now(&self) -> Result<(), Error> {
        match self {
            Self::File(path, file) => file.sync_all().map_err(Error::io("flush", path)),
            Self::Folder(path) => sync_folder_now(path).map_err(Error::io("flush the folder", path)),
        }
    }
}

#[cfg(unix)]
fn sync_folder_now(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        // Some network file systems cannot flush a folder and say so; there is no more that can be done there.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        result => result,
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
fn sync_folder_now(_path: &Path) -> io::Result<()> {
    // Windows has no way to flush a folder through the standard library; NTFS journals its names itself.
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is the layer that the rule points to")]
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    around(Operation::Rename, to, || fs::rename(from, to)).map_err(Error::io("replace", to))
}

#[expect(clippy::disallowed_methods, reason = "this is the layer that the rule points to")]
pub(crate) fn remove_file(path: &Path) -> Result<(), Error> {
    around(Operation::RemoveFile, path, || fs::remove_file(path)).map_err(Error::io("remove", path))
}

pub(crate) fn remove_folder(path: &Path) -> Result<(), Error> {
    around(Operation::RemoveFolder, path, || fs::remove_dir(path))
        .map_err(Error::io("remove the folder", path))
}

pub(crate) fn symlink(target: &str, path: &Path) -> Result<(), Error> {
    around(Operation::Symlink, path, || symlink_now(target, path)).map_err(Error::io("create the link", path))
}

#[cfg(unix)]
fn symlink_now(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(windows)]
fn symlink_now(target: &str, path: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, path)
}

#[cfg(not(any(unix, windows)))]
fn symlink_now(_target: &str, _path: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
    around(Operation::SetMode, path, || fs::set_permissions(path, permissions))
        .map_err(Error::io("set the mode of", path))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
pub(crate) fn set_mode(_path: &Path, _mode: u32) -> Result<(), Error> {
    Ok(())
}

/// Gives the file to `owner` where it belongs to somebody else, as after a run by root in somebody's project.
#[cfg(unix)]
pub(crate) fn set_owner(path: &Path, owner: Option<Owner>) -> Result<(), Error> {
    let Some((user, group)) = owner else { return Ok(()) };
    let metadata = fs::symlink_metadata(path).map_err(Error::io("look at", path))?;
    if owner_of(&metadata) == owner {
        return Ok(());
    }
    let given =
        around(Operation::SetOwner, path, || std::os::unix::fs::lchown(path, Some(user), Some(group)));
    match given {
        // Only root may give files away. Everybody else makes their own, as with any editor.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        result => result.map_err(Error::io("set the owner of", path)),
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
pub(crate) fn set_owner(_path: &Path, _owner: Option<Owner>) -> Result<(), Error> {
    Ok(())
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "there is none on Windows")]
pub(crate) fn owner_of(metadata: &fs::Metadata) -> Option<Owner> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.uid(), metadata.gid()))
}

#[cfg(not(unix))]
pub(crate) fn owner_of(_metadata: &fs::Metadata) -> Option<Owner> {
    None
}

#[cfg(unix)]
pub(crate) fn mode_of(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o7777
}

#[cfg(not(unix))]
pub(crate) fn mode_of(_metadata: &fs::Metadata) -> u32 {
    0o644
}

/// Whether `file` is still what `path` names.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => open.dev() == named.dev() && open.ino() == named.ino(),
        _ => false,
    }
}

#[cfg(windows)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use winapi_util::file::information;
    let Ok(named) = File::open(path) else { return false };
    match (information(file), information(&named)) {
        (Ok(open), Ok(named)) => {
            open.volume_serial_number() == named.volume_serial_number()
                && open.file_index() == named.file_index()
        }
        _ => false,
    }
}

/// Opens the lock file, making it if it is missing.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    around(Operation::Lock, path, || OpenOptions::new().write(true).create(true).truncate(false).open(path))
}

/// The name beside `to` that [`move_over`] uses where it cannot rename.
pub(crate) fn stray_beside(to: &Path) -> Option<PathBuf> {
    let name = to.file_name()?.to_str()?;
    Some(to.with_file_name(format!(".{name}.uvshift-tmp")))
}

/// Moves a file or link to `to` in one go, replacing what is there, even from another file system.
pub(crate) fn move_over(from: &Path, to: &Path) -> Result<(), Error> {
    match rename(from, to) {
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::CrossesDevices => {
            copy_over(from, to)
        }
        result => result,
    }
}

fn copy_over(from: &Path, to: &Path) -> Result<(), Error> {
    let stray = stray_beside(to).unwrap_or_else(|| to.with_extension("uvshift-tmp"));
    if fs::symlink_metadata(&stray).is_ok() {
        remove_file(&stray)?;
    }
    let metadata = fs::symlink_metadata(from).map_err(Error::io("look at", from))?;
    if metadata.is_symlink() {
        let target = fs::read_link(from).map_err(Error::io("read the link", from))?;
        symlink(&target.to_string_lossy(), &stray)?;
    } else {
        let bytes = fs::read(from).map_err(Error::io("read", from))?;
        let written = write_new(&stray, &bytes, NewMode::Private)?;
        set_owner(&stray, owner_of(&metadata))?;
        set_mode(&stray, mode_of(&metadata))?;
        flush(vec![written])?;
    }
    rename(&stray, to)?;
    remove_file(from)
}
