//! What a setup.py says, read without running it.
//!
//! [`read`] interprets the module as Python would, over values that are certain, and keeps both ways where it cannot know
//! which one is taken. What depends on anything else than the files of the project is [`Evaluated::Unknown`], with the
//! line that cannot be read and the reason. A condition that an environment marker (PEP 508) says exactly becomes one.
//!
//! ```
//! use std::collections::BTreeMap;
//! use uvshift_setup_py::{Origin, read};
//!
//! let files = BTreeMap::from([("shop/__init__.py".to_owned(), "__version__ = \"1.2\"\n".to_owned())]);
//! let script = read(
//!     "import re, sys\nfrom setuptools import setup\n\
//!      version = re.search(r'__version__ = \"(.+)\"', open('shop/__init__.py').read()).group(1)\n\
//!      requires = ['flask>=3']\n\
//!      if sys.platform == 'win32':\n    requires.append('pywin32')\n\
//!      setup(name='shop', version=version, install_requires=requires)\n",
//!     &files,
//! )?;
//!
//! let version = script.argument("version").map(|it| &it.value);
//! assert!(matches!(version, Some(uvshift_setup_py::Evaluated::Static { from, .. })
//!     if from == &[Origin::Attribute { path: "shop/__init__.py".into(), name: "__version__".into() }]));
//! let requires = script.argument("install_requires").and_then(|it| it.value.value()?.items());
//! assert_eq!(requires.unwrap()[1].marker.as_deref(), Some("sys_platform == \"win32\""));
//! assert!(script.is_declarative());
//! # Ok::<(), uvshift_setup_py::Error>(())
//! ```
//!
//! Hostile texts are met with limits: of length, of nesting before anything is parsed, of steps, of the sizes of strings
//! and containers. What lies beyond a limit is not known.

mod edit;
mod error;
mod eval;
mod script;
mod source;
mod value;

pub use error::Error;
pub use script::{Argument, Files, Remark, RemarkKind, SetupScript, read};
pub use value::{Evaluated, FindPackages, Item, Origin, Unknown, UnknownKind, Value};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
