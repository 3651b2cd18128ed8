//! What `pip inspect` prints.

use serde_json::{Value, json};

use crate::Snapshot;

/// The report of `pip inspect`, as far as files tell it.
pub fn inspect(snapshot: &Snapshot) -> Value {
    json!({ "version": "1", "installed": [], "environment": { "python_full_version": snapshot.python.version } })
}
