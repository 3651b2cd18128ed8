//! Where a package came from, as JSON.

use serde_json::{Value, json};
use uvshift_installed::{Checkout, Origin};
use uvshift_requirements::Vcs;

use super::fields::Fields;
use super::{JsonError, path};

const SYSTEMS: [Vcs; 4] = [Vcs::Git, Vcs::Mercurial, Vcs::Bazaar, Vcs::Subversion];

pub(super) fn to_json(origin: &Origin) -> Value {
    match origin {
        Origin::Index => json!({ "type": "index" }),
        Origin::Vcs { vcs, url, commit, requested_revision, subdirectory, had_credentials } => json!({
            "type": "vcs",
            "vcs": vcs.map(Vcs::as_str),
            "url": url,
            "commit": commit,
            "requested_revision": requested_revision,
            "subdirectory": subdirectory,
            "had_credentials": had_credentials,
        }),
        Origin::Archive { url, hashes, subdirectory, had_credentials } => json!({
            "type": "archive",
            "url": url,
            "hashes": hashes,
            "subdirectory": subdirectory,
            "had_credentials": had_credentials,
        }),
        Origin::Directory { path, editable, checkout } => json!({
            "type": "directory",
            "path": path::to_json(path),
            "editable": editable,
            "checkout": checkout.as_ref().map(checkout_to_json),
        }),
    }
}

pub(super) fn from_json(value: &Value) -> Result<Origin, JsonError> {
    let fields = Fields::of(value, "origin")?;
    match fields.text("type")?.as_str() {
        "index" => Ok(Origin::Index),
        "vcs" => {
            let name = fields.optional_text("vcs")?;
            Ok(Origin::Vcs {
                vcs: SYSTEMS.into_iter().find(|vcs| Some(vcs.as_str()) == name.as_deref()),
                url: fields.text("url")?,
                commit: fields.text("commit")?,
                requested_revision: fields.optional_text("requested_revision")?,
                subdirectory: fields.optional_text("subdirectory")?,
                had_credentials: fields.flag("had_credentials")?,
            })
        }
        "archive" => Ok(Origin::Archive {
            url: fields.text("url")?,
            hashes: fields.texts("hashes")?,
            subdirectory: fields.optional_text("subdirectory")?,
            had_credentials: fields.flag("had_credentials")?,
        }),
        "directory" => Ok(Origin::Directory {
            path: fields.path("path")?,
            editable: fields.flag("editable")?,
            checkout: match fields.get("checkout") {
                Value::Null => None,
                value => Some(checkout_from_json(value)?),
            },
        }),
        _ => Err(fields.error("type", "one of the known words")),
    }
}

fn checkout_to_json(checkout: &Checkout) -> Value {
    let Checkout { url, commit, subdirectory, had_credentials } = checkout;
    json!({ "url": url, "commit": commit, "subdirectory": subdirectory, "had_credentials": had_credentials })
}

fn checkout_from_json(value: &Value) -> Result<Checkout, JsonError> {
    let fields = Fields::of(value, "checkout")?;
    Ok(Checkout {
        url: fields.text("url")?,
        commit: fields.text("commit")?,
        subdirectory: fields.optional_text("subdirectory")?,
        had_credentials: fields.flag("had_credentials")?,
    })
}
