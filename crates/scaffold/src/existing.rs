use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use uvshift_changeset::TreePath;

/// Larger files are nobody's configuration.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The files of the project that templates may meet, by path from the root: those that were added, and those of a folder.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    files: BTreeMap<String, Vec<u8>>,
    root: Option<PathBuf>,
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum There {
    /// Nothing.
    Nothing,
    /// A file.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Its permission bits, where the system has some.
        mode: Option<u32>,
    },
    /// Something that is neither read nor written.
    Blocked {
        /// What it is, such as `a link`.
        what: String,
    },
}

impl Existing {
    /// A project without files.
    pub fn none() -> Self {
        Self::default()
    }

    /// The files of a folder, each read when a plan asks for it. Links are not followed.
    pub fn below(root: impl Into<PathBuf>) -> Self {
        Self { files: BTreeMap::new(), root: Some(root.into()) }
    }

    /// Adds a file that is there.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// The file of a path.
    pub fn get(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        if let Some(bytes) = self.files.get(path) {
            return Some(Cow::Borrowed(bytes));
        }
        match self.look(path) {
            There::File { bytes, .. } => Some(Cow::Owned(bytes)),
            There::Nothing | There::Blocked { .. } => None,
        }
    }

    /// What is at a path.
    pub fn look(&self, path: &str) -> There {
        if let Some(bytes) = self.files.get(path) {
            return There::File { bytes: bytes.clone(), mode: None };
        }
        match (&self.root, TreePath::new(path)) {
            (Some(root), Ok(path)) => on_disk(root, &path),
            _ => There::Nothing,
        }
    }
}

fn on_disk(root: &Path, path: &TreePath) -> There {
    for folder in path.ancestors() {
        match folder.under(root).symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) if metadata.is_symlink() => return blocked(format!("`{folder}` is a link")),
            Ok(_) => return blocked(format!("`{folder}` is not a folder")),
            Err(error) if is_nothing(&error) => return There::Nothing,
            Err(error) => return blocked(format!("`{folder}` cannot be read: {error}")),
        }
    }
    let place = path.under(root);
    match place.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => blocked("it is a link".to_owned()),
        Ok(metadata) if metadata.is_dir() => blocked("it is a folder".to_owned()),
        Ok(metadata) if !metadata.is_file() => blocked("it is not a file".to_owned()),
        Ok(metadata) if metadata.len() > MOST_BYTES => blocked("it is too large".to_owned()),
        Ok(metadata) => match std::fs::read(&place) {
            Ok(bytes) => There::File { bytes, mode: mode(&metadata) },
            Err(error) => blocked(format!("it cannot be read: {error}")),
        },
        Err(error) if is_nothing(&error) => There::Nothing,
        Err(error) => blocked(format!("it cannot be read: {error}")),
    }
}

fn is_nothing(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

fn blocked(what: String) -> There {
    There::Blocked { what }
}

/// The permission bits, where the system has some.
fn mode(metadata: &std::fs::Metadata) -> Option<u32> {
    #[cfg(unix)]
    let mode = {
        use std::os::unix::fs::PermissionsExt as _;
        Some(metadata.permissions().mode() & 0o777)
    };
    #[cfg(not(unix))]
    let mode = {
        let _ = metadata;
        None
    };
    mode
}
