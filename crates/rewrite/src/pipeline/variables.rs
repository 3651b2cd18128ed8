//! Variables that pip reads, and what uv reads in their place.

use uvshift_diagnostics::Safety;

use crate::model::{Left, Rewritten};
use crate::pipeline::caches::Caches;
use crate::yaml::Node;

/// What pip reads that uv does not, with uv's name.
const TOLD: &[(&str, &str, &str)] = &[
    (
        "PIP_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "uv does not read it; the lock names its index, credentials come by `UV_INDEX_NAME_USERNAME` and `UV_INDEX_NAME_PASSWORD`",
    ),
    (
        "PIP_EXTRA_INDEX_URL",
        "UV_INDEX",
        "uv does not read it, and stops at the first index that has a package",
    ),
    ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "uv does not read it"),
    ("PIP_NO_CACHE_DIR", "UV_NO_CACHE", "uv does not read it"),
    ("PIP_CERT", "SSL_CERT_FILE", "uv does not read it"),
    ("PIP_FIND_LINKS", "UV_FIND_LINKS", "uv does not read it"),
    ("PIP_CONSTRAINT", "UV_CONSTRAINT", "uv does not read it"),
];

/// What is done with the variables of a file or job, once its scripts use uv.
pub(crate) fn variables(mapping: Node<'_>, keep_old: bool, found: &mut Rewritten) {
    let has = |name: &str| mapping.entry(name).is_some();
    for entry in mapping.entries() {
        let name = entry.key.as_str().unwrap_or_default();
        let value = entry.value.resolved();
        if name == "PIP_CACHE_DIR" && !has("UV_CACHE_DIR") {
            let text = value.as_str().unwrap_or_default();
            let new = Caches::kept(text).unwrap_or_else(|| text.replace("pip", "uv"));
            let reason = "uv keeps what it downloads there";
            if keep_old || new == text {
                let line = format!("UV_CACHE_DIR: {}", mapping.yaml().scalar(&new));
                let edit = entry.with_entry_after(&line).edit("cache-folder", reason, Safety::Safe, 0);
                found.edits.push(edit);
            } else {
                let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
                let name = entry.key.with_value("UV_CACHE_DIR");
                found.edits.push(name.edit("cache-folder", reason, Safety::Safe, together));
                if !entry.value.is_alias() {
                    found.edits.push(value.with_value(&new).edit(
                        "cache-folder",
                        reason,
                        Safety::Safe,
                        together,
                    ));
                }
            }
        }
        if let Some((_, new, reason)) =
            TOLD.iter().find(|(old, ..)| *old == name).filter(|(_, new, _)| !has(new))
        {
            found.left.push(Left {
                span: entry.span(),
                reason: (*reason).to_owned(),
                suggestion: Some(format!("{new}: {}", value.raw())),
            });
        }
    }
}
