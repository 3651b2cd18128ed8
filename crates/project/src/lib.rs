//! What a Python project depends on: its requirements files into one [`Manifest`], the manifest into pyproject.toml.
//!
//! Reading changes nothing. Every directive of every file ends in the [`Ledger`].
//!
//! ```
//! use uvshift_project::{LayoutOptions, ReadOptions, Tree, discover, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut tree = Tree::from_disk(folder.path())?;
//! tree.lay_over("requirements.txt", Some(b"flask>=3  # web\n".to_vec()));
//!
//! let layout = discover(&tree, &LayoutOptions::default())?;
//! let reading = read(&tree, &layout, &ReadOptions::default());
//! assert_eq!(reading.manifest.dependencies[0].text, "flask>=3");
//! assert_eq!(reading.ledger.to_string(), "carried  requirements.txt:1  flask>=3  -> project.dependencies\n");
//! # Ok(())
//! # }
//! ```

mod compiled;
mod layout;
mod names;
mod reached;

mod ledger;
mod manifest;
mod reading;

mod convert;
mod local;

mod backend;
mod installed;
mod merge;
mod sources;

mod write;

pub mod python;

pub mod codes;
mod error;

pub use backend::convert_backend;
pub use convert::read;
pub use error::Error;
pub use installed::{Installed, InstalledPackage, Place, RootsKnown, Unread, add_installed};
pub use layout::{Layout, LayoutOptions, LeftAlone, Listed, Role, SourceFile, discover};
pub use ledger::{Counts, Entry, Ledger, Outcome, Provenance};
pub use manifest::{
    AllowedHashes, BuildSystem, Comments, Dependency, Group, GroupItem, Manifest, Metadata, NamedSource, Pin,
    Removal, SecretVariable, Selection, Setting, UvSettings,
};
pub use merge::{MAIN_GROUP, merge, merge_manifests};
pub use reading::{BuildBackend, BuiltMetadata, Fate, IndexStrategy, OldFile, ReadOptions, Reading};
pub use sources::{ReadSource, project_name, read_sources};
pub use uvshift_lockfile::{Error as LockError, Lock, without_constraints};
pub use uvshift_pyproject::Scope;
pub use uvshift_requirements::meaning;
pub use uvshift_requirements::redacted;
pub use uvshift_tree::Tree;
pub use write::write;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
