//! The folder of a local index: the only place that it writes to.
//!
//! ```text
//! pages/INDEX/page-NAME.json    what an index above says of a project; INDEX is made from its address
//! files/AB/KEY                  a file or its metadata; KEY is its SHA-256, or made from its address
//!                               where the page tells none
//! partial/                      what is being fetched
//! ```
//!
//! No name in it comes from outside but that of a project in its normal form. Everything is written beside and renamed, so
//! that several runs can share a folder and a run that is killed leaves nothing half.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest as _, Sha256};
use uvshift_process::real_path;

use super::names;

/// The largest page that is read, in bytes.
pub(super) const PAGE_LIMIT: u64 = 64 << 20;

/// How old a left-over of a killed run is before it is removed.
const LEFT_OVER: Duration = Duration::from_hours(24);

/// A folder of packages.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
}

/// Something that is kept.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// What an index above says of a project, or a page of links of all projects.
    Page { index: String, project: Option<String> },
    /// A file, or the metadata of one.
    File { key: String },
}

impl Disk {
    /// Makes the folder if it is missing.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        make_private(root)?;
        let root = real_path(root)?;
        for folder in ["pages", "files", "partial"] {
            make_private(&root.join(folder))?;
        }
        let disk = Self { root };
        disk.remove_left_overs();
        Ok(disk)
    }

    /// Where something is kept.
    pub(super) fn path(&self, item: &Item) -> PathBuf {
        match item {
            Item::Page { index, project: Some(project) } => {
                // The prefix keeps a project called `nul` from being a device on Windows.
                self.root.join("pages").join(index).join(format!("page-{project}.json"))
            }
            Item::Page { index, project: None } => {
                self.root.join("pages").join(format!("links-{index}.json"))
            }
            Item::File { key } => self.root.join("files").join(key.get(..2).unwrap_or("00")).join(key),
        }
    }

    /// The length of what is kept, if it is there and a file.
    pub(super) fn length(&self, item: &Item) -> Option<u64> {
        fs::metadata(self.path(item)).ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len())
    }

    /// How long ago something was kept; zero where the clock has been set back.
    pub(super) fn age(&self, item: &Item) -> Option<Duration> {
        let modified = fs::metadata(self.path(item)).and_then(|metadata| metadata.modified()).ok()?;
        Some(SystemTime::now().duration_since(modified).unwrap_or_default())
    }

    /// Opens what is kept.
    pub(super) fn reader(&self, item: &Item) -> io::Result<File> {
        File::open(self.path(item))
    }

    /// The folder of what is being fetched.
    pub(super) fn partial(&self) -> PathBuf {
        self.root.join("partial")
    }

    /// Writes a small file that ends with the run.
    #[expect(clippy::disallowed_methods, reason = "the folder of the index is no project")]
    pub(super) fn write_partial(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let path = self.partial().join(name);
        fs::write(&path, content)?;
        Ok(path)
    }

    /// The bytes of a page that has been fetched, or an error when it is larger than [`PAGE_LIMIT`].
    pub(super) fn read_partial(&self, name: &str) -> io::Result<Vec<u8>> {
        bounded(File::open(self.partial().join(name))?)
    }

    /// The bytes of a page that is kept.
    pub(super) fn read_page(&self, item: &Item) -> io::Result<Vec<u8>> {
        bounded(self.reader(item)?)
    }

    /// Length and SHA-256 of a file that has been fetched.
    pub(super) fn measure_partial(&self, name: &str) -> io::Result<(u64, String)> {
        measure(&self.partial().join(name))
    }

    /// Keeps a file that has been fetched and checked.
    #[expect(clippy::disallowed_methods, reason = "the folder of the index is no project")]
    pub(super) fn keep(&self, name: &str, item: &Item) -> io::Result<()> {
        let path = self.path(item);
        if let Some(folder) = path.parent() {
            make_private(folder)?;
        }
        let partial = self.partial().join(name);
        // A name that is there must stand for the whole content, also after a power cut.
        File::options().write(true).open(&partial)?.sync_all()?;
        fs::rename(partial, path)
    }

    /// Keeps content that was made here.
    pub(super) fn keep_bytes(&self, name: &str, content: &[u8], item: &Item) -> io::Result<()> {
        self.write_partial(name, content)?;
        self.keep(name, item)
    }

    /// Removes what was being fetched. That it is not there is fine.
    #[expect(clippy::disallowed_methods, reason = "the folder of the index is no project")]
    pub(super) fn discard(&self, name: &str) {
        let _ = fs::remove_file(self.partial().join(name));
    }

    #[expect(clippy::disallowed_methods, reason = "the folder of the index is no project")]
    fn remove_left_overs(&self) {
        let Ok(entries) = fs::read_dir(self.partial()) else { return };
        for entry in entries.flatten() {
            let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
            let age = modified.and_then(|time| SystemTime::now().duration_since(time).ok());
            if age.is_some_and(|age| age > LEFT_OVER) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Length and SHA-256 of a file.
pub(super) fn measure(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    let mut length = 0;
    loop {
        let count = file.read(&mut buffer)?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else { break };
        hasher.update(chunk);
        length += count as u64;
    }
    Ok((length, names::hexadecimal(&hasher.finalize())))
}

fn bounded(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(PAGE_LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > PAGE_LIMIT { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

/// A folder for the user alone, since it may hold packages of private indexes. One that is there stays as it is.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
