//! Wheels compared by content and by meaning: the proof that a project still builds into what it was.
//!
//! [`Wheel::open`] reads a wheel without unpacking it to the disk. [`compare`] finds what is different, and tells it from
//! what is merely written otherwise, with the reason.
//!
//! ```
//! use uvshift_wheel::{Tolerance, Wheel, compare};
//! # use uvshift_testkit::{WheelOptions, wheel};
//!
//! # fn main() -> Result<(), uvshift_wheel::Error> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let old = wheel(folder.path().join("old"), "demo", "1.0", &WheelOptions::requiring(["flask (>=2,<3)"]));
//! # let new = wheel(folder.path().join("new"), "demo", "1.0", &WheelOptions::requiring(["Flask<3,>=2.0"]));
//! let comparison = compare(&Wheel::open(&old)?, &Wheel::open(&new)?, &Tolerance::default());
//! assert_eq!(comparison.differences, []);
//! # Ok(())
//! # }
//! ```

mod entry_points;
mod file_name;
mod metadata;
mod read;

mod compare;

mod error;

pub use compare::{Accepted, Comparison, Difference, Tolerance, compare};
pub use entry_points::EntryPoints;
pub use error::Error;
pub use file_name::FileName;
pub use metadata::Metadata;
pub use read::{Limits, Wheel, WheelFile, WheelInfo};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
