//! What a Python environment holds, read from its metadata files. Nothing of the environment is run.
//!
//! [`Environment::read`] finds the site-packages folders of a virtual or conda environment and reads every distribution
//! there: `.dist-info`, `.egg-info`, `.egg`, `.egg-link`. What is broken is a [`Problem`] and never stops the rest.
//! [`Environment::roots`] tells the distributions that somebody asked for from those that others brought in.
//!
//! ```
//! use uvshift_installed::{Environment, Origin};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let info = folder.path().join("lib/python3.11/site-packages/Flask-3.0.dist-info");
//! # std::fs::create_dir_all(&info)?;
//! # std::fs::write(info.join("METADATA"), "Name: Flask\nVersion: 3.0\n")?;
//! # std::fs::write(folder.path().join("pyvenv.cfg"), "version = 3.11.7\n")?;
//! let environment = Environment::read(folder.path())?;
//! let flask = environment.find("flask").ok_or("not installed")?;
//! assert_eq!((flask.name.as_str(), flask.version.as_str()), ("Flask", "3.0"));
//! assert_eq!(flask.origin, Origin::Index);
//! assert_eq!(environment.roots().of.len(), 1);
//! assert!(environment.problems.is_empty());
//! # Ok(())
//! # }
//! ```

mod distribution;
mod environment;
mod error;
mod origin;
mod problem;

mod checkout;
mod conda;
mod config;
mod layout;

mod dist_info;
mod editable;
mod egg;
mod files;
mod metadata;

mod markers;
mod roots;

pub use checkout::Checkout;
pub use conda::CondaPackage;
pub use config::Config;
pub use distribution::{Distribution, EntryPoint, Form, RecordEntry, is_seed, record_paths};
pub use environment::{Environment, Kind};
pub use error::Error;
pub use files::read_file;
pub use markers::Interpreter;
pub use origin::{Origin, path_of_url};
pub use problem::{Problem, ProblemKind};
pub use roots::{Basis, Root, Roots};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
