//! Where a package came from, as JSON.

use serde_json::Value;
use uvshift_installed::{Checkout, Origin};
use uvshift_requirements::Vcs;

use super::JsonError;
use super::fields::Fields;

pub(super) const SYSTEMS: [Vcs; 4] = [Vcs::Git, Vcs::Mercurial, Vcs::Bazaar, Vcs::Subversion];

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

fn checkout_from_json(value: &Value) -> Result<Checkout, JsonError> {
    let fields = Fields::of(value, "checkout")?;
    Ok(Checkout {
        url: fields.text("url")?,
        commit: fields.text("commit")?,
        subdirectory: fields.optional_text("subdirectory")?,
        had_credentials: fields.flag("had_credentials")?,
    })
}
