//! Python environments: what is in one, a backup of it and the way back, and its recreation with uv at the same place.
//!
//! [`Snapshot::read`] tells an environment from its files, without running anything of it.

mod error;
mod snapshot;

pub use error::Error;
pub use snapshot::{Package, Python, Script, ScriptKind, Snapshot};
