//! What `pip inspect` prints.

use std::path::Path;

use serde_json::{Map, Value, json};
use uvshift_installed::{Form, Origin, read_file};
use uvshift_requirements::Vcs;

use crate::{Package, Snapshot, url};

mod markers;
mod message;

/// The report of `pip inspect` in its format "1", with the packages by name.
///
/// The metadata are read once more, in full; where they are gone, they are what the snapshot has of them. It differs from the
/// original in this: `platform_release` and `platform_version` are not told, since they are those of a machine and no file tells
/// them; `pip_version` is that of the pip that is installed, or missing; a develop install is in the folder of its project.
pub fn inspect(snapshot: &Snapshot) -> Value {
    let mut report = json!({
        "version": "1",
        "installed": snapshot.packages.iter().map(installed).collect::<Vec<_>>(),
        "environment": markers::environment(snapshot),
    });
    if let Some(pip) = snapshot.find("pip") {
        report["pip_version"] = json!(pip.version);
    }
    report
}

fn installed(package: &Package) -> Value {
    let mut entry = json!({
        "metadata": metadata(package),
        "metadata_location": package.location.to_string_lossy(),
    });
    if let Some(found) = direct_url(package) {
        entry["direct_url"] = found;
    }
    if let Some(installer) = &package.installer {
        entry["installer"] = json!(installer);
    }
    if package.form == Form::DistInfo {
        entry["requested"] = json!(package.requested);
    }
    entry
}

fn metadata(package: &Package) -> Value {
    let location = &package.location;
    let names: &[&str] = if package.form == Form::DistInfo { &["METADATA"] } else { &["PKG-INFO", ""] };
    let paths = names.iter().map(|name| if name.is_empty() { location.clone() } else { location.join(name) });
    let text = paths.filter(|path| path.is_file()).find_map(|path| read_file(&path).0);
    let Some(text) = text else { return known_metadata(package) };
    let requires = location.is_dir().then(|| read_file(&location.join("requires.txt")).0).flatten();
    Value::Object(message::metadata(&text, requires.as_deref()))
}

/// What a snapshot has of metadata that are gone.
fn known_metadata(package: &Package) -> Value {
    let mut metadata = json!({ "name": package.name, "version": package.version });
    if !package.requires.is_empty() {
        metadata["requires_dist"] = json!(package.requires);
    }
    if let Some(python) = &package.requires_python {
        metadata["requires_python"] = json!(python);
    }
    metadata
}

/// `direct_url.json`, or for a develop link what it would be.
fn direct_url(package: &Package) -> Option<Value> {
    if package.form == Form::EggLink {
        let Origin::Directory { path, .. } = &package.origin else { return None };
        return Some(json!({ "url": url::of_path(path), "dir_info": { "editable": true } }));
    }
    let written = package.direct_url.as_deref()?;
    let text = on_disk(&package.location).unwrap_or_default();
    match serde_json::from_str(&text) {
        Ok(Value::Object(table)) => Some(of_table(&table, written)),
        _ => of_origin(&package.origin, written),
    }
}

fn on_disk(location: &Path) -> Option<String> {
    let path = location.join("direct_url.json");
    path.is_file().then(|| read_file(&path).0).flatten()
}

/// The parts that PEP 610 names, as pip writes them: without credentials, with the older `hash` beside `hashes`.
fn of_table(table: &Map<String, Value>, written: &str) -> Value {
    let mut found = Map::new();
    found.insert("url".to_owned(), json!(written));
    let part = |name: &str, keys: &[&str]| {
        let part = table.get(name)?.as_object()?;
        let kept = keys.iter().filter_map(|key| Some(((*key).to_owned(), part.get(*key)?.clone())));
        Some(Value::Object(kept.filter(|(_, value)| !value.is_null()).collect()))
    };
    for (name, keys) in
        [("vcs_info", &["vcs", "commit_id", "requested_revision"][..]), ("dir_info", &["editable"][..])]
    {
        if let Some(part) = part(name, keys) {
            found.insert(name.to_owned(), part);
        }
    }
    if let Some(archive) = part("archive_info", &["hash", "hashes"]) {
        found.insert("archive_info".to_owned(), both_hashes(archive));
    }
    if let Some(folder) = table.get("subdirectory").filter(|folder| folder.is_string()) {
        found.insert("subdirectory".to_owned(), folder.clone());
    }
    Value::Object(found)
}

fn both_hashes(mut archive: Value) -> Value {
    let of_hash = archive["hash"].as_str().and_then(|hash| hash.split_once('='));
    if let (Some((name, digest)), true) = (of_hash, archive["hashes"].is_null()) {
        let hashes = json!({ name: digest });
        archive["hashes"] = hashes;
    } else if let (Some(table), true) = (archive["hashes"].as_object(), archive["hash"].is_null()) {
        let first = table.iter().find_map(|(name, digest)| Some(format!("{name}={}", digest.as_str()?)));
        archive["hash"] = first.map_or(Value::Null, Value::String);
    }
    // Looking at a key that is missing leaves nothing behind, but setting one to null does.
    if let Some(table) = archive.as_object_mut() {
        table.retain(|_, value| !value.is_null());
    }
    archive
}

/// The same from what a snapshot has, where the file is gone.
fn of_origin(origin: &Origin, written: &str) -> Option<Value> {
    let mut found = json!({ "url": written });
    match origin {
        Origin::Index => return None,
        Origin::Vcs { vcs, commit, requested_revision, subdirectory, .. } => {
            found["vcs_info"] = json!({ "vcs": vcs.map(Vcs::as_str), "commit_id": commit });
            if let Some(revision) = requested_revision {
                found["vcs_info"]["requested_revision"] = json!(revision);
            }
            if let Some(folder) = subdirectory {
                found["subdirectory"] = json!(folder);
            }
        }
        Origin::Archive { hashes, subdirectory, .. } => {
            let pairs = hashes.iter().filter_map(|hash| hash.split_once(':'));
            let table: Map<String, Value> =
                pairs.map(|(name, digest)| (name.to_owned(), json!(digest))).collect();
            found["archive_info"] =
                if table.is_empty() { json!({}) } else { both_hashes(json!({ "hashes": table })) };
            if let Some(folder) = subdirectory {
                found["subdirectory"] = json!(folder);
            }
        }
        Origin::Directory { editable, .. } => {
            found["dir_info"] = if *editable { json!({ "editable": true }) } else { json!({}) };
        }
    }
    Some(found)
}
