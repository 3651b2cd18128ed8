//! Python environments: what is in one, a backup of it and the way back, and its recreation with uv at the same place.
//!
//! [`Snapshot::read`] tells an environment from its files, without running anything of it.

mod error;
mod freeze;
mod inspect;
mod list;
mod snapshot;

pub use error::Error;
pub use freeze::freeze;
pub use inspect::inspect;
pub use list::{Broken, Found, Home, ListOptions, Listing, Place, list};
pub use snapshot::{Package, Python, Script, ScriptKind, Snapshot, json};
