//! The files of a project, and who names them.
//!
//! A [`Tree`] lists the files of a folder, without what `.gitignore` leaves out and without environments and caches, and
//! reads them on demand; what stood there before can be laid over. [`find_references`](references::find_references)
//! finds the lines of scripts, CI and documents that name a file.
//!
//! ```
//! use uvshift_tree::Tree;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut tree = Tree::from_disk(folder.path())?;
//! tree.lay_over("setup.cfg", Some(b"[flake8]\n".to_vec()));
//! assert_eq!(tree.files(), ["setup.cfg"]);
//! # Ok(())
//! # }
//! ```

mod paths;
mod tree;

pub mod references;

mod error;

pub use error::Error;
pub use paths::without_detours;
pub use tree::{Tree, is_ours};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
