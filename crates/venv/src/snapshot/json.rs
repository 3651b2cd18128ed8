//! A snapshot as JSON and back: `"version": 1`, lossless for all but [`Snapshot::problems`], which are texts there.
//!
//! ```
//! use uvshift_venv::{Snapshot, json};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # std::fs::create_dir_all(folder.path().join("lib/python3.11/site-packages"))?;
//! # std::fs::write(folder.path().join("pyvenv.cfg"), "version = 3.11.7\n")?;
//! let snapshot = Snapshot::read(folder.path())?;
//! let value = json::to_json(&snapshot);
//! assert_eq!(value["version"], 1);
//! assert_eq!(json::from_json(&value)?.python, snapshot.python);
//! # Ok(())
//! # }
//! ```

use serde_json::Value;
use uvshift_installed::{CondaPackage, Form, Kind};

use super::{Package, Python, Script, ScriptKind, Snapshot};

mod fields;
mod origin;
mod path;
mod wire;

use fields::Fields;
use wire::WireSnapshot;

/// The version of the format.
pub const VERSION: u64 = 1;

/// Why a JSON value is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// It has another version of the format, or none.
    #[error("the snapshot has version {found}, and only version {VERSION} is known")]
    Version {
        /// The version as it is written.
        found: String,
    },
    /// A field is missing or has another type.
    #[error("`{field}` of the snapshot is not {expected}")]
    Field {
        /// The field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl JsonError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Version { .. } => Some("use the version of uvshift that wrote it, or a newer one"),
            Self::Field { .. } => None,
        }
    }
}

/// The JSON form of a snapshot. Keys are never taken away within a version.
pub fn to_json(snapshot: &Snapshot) -> Value {
    // Nothing of it can fail: every key is a string.
    serde_json::to_value(WireSnapshot::from(snapshot)).unwrap_or_default()
}

/// The snapshot of a JSON value that [`to_json`] made. Keys that are not known are passed over, so that later ones may be added.
///
/// Its packages are sorted, whatever the order in the value is, and its problems are empty.
pub fn from_json(value: &Value) -> Result<Snapshot, JsonError> {
    let fields = Fields::of(value, "snapshot")?;
    if fields.get("version").as_u64() != Some(VERSION) {
        return Err(JsonError::Version { found: fields.get("version").to_string() });
    }
    let python = fields.table("python")?;
    let mut packages = fields.list("packages", package_from_json)?;
    packages.sort_by(|a, b| a.normalized_name.cmp(&b.normalized_name));
    Ok(Snapshot {
        root: fields.path("root")?,
        kind: fields.one_of("kind", &KINDS)?,
        python: Python {
            version: python.optional_text("version")?,
            implementation: python.optional_text("implementation")?,
            executable: python.optional_path("executable")?,
            base: python.optional_path("base")?,
        },
        prompt: fields.optional_text("prompt")?,
        system_site_packages: fields.flag("system_site_packages")?,
        created_by: fields.optional_text("created_by")?,
        site_packages: fields.list("site_packages", path::from_json)?,
        packages,
        conda_packages: fields.list("conda_packages", conda_from_json)?,
        problems: Vec::new(),
    })
}

const KINDS: [(&str, Kind); 3] = [
    (Kind::Virtual.as_str(), Kind::Virtual),
    (Kind::Conda.as_str(), Kind::Conda),
    (Kind::Python.as_str(), Kind::Python),
];

const FORMS: [(&str, Form); 3] =
    [("dist-info", Form::DistInfo), ("egg-info", Form::EggInfo), ("egg-link", Form::EggLink)];

const SCRIPT_KINDS: [(&str, ScriptKind); 3] =
    [("console", ScriptKind::Console), ("gui", ScriptKind::Gui), ("file", ScriptKind::File)];

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> &'static str {
    names.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}

fn package_from_json(value: &Value) -> Result<Package, JsonError> {
    let fields = Fields::of(value, "packages")?;
    // These become parts of lines that uv is given, and whoever wrote the value chose them.
    let (name, normalized_name) = (fields.line("name")?, fields.line("normalized_name")?);
    if normalized_name != uvshift_requirements::normalize_name(&name) {
        return Err(fields.error("normalized_name", "the normal form of the name"));
    }
    Ok(Package {
        name,
        normalized_name,
        version: fields.line("version")?,
        requires: fields.texts("requires")?,
        requires_python: fields.optional_text("requires_python")?,
        installer: fields.optional_text("installer")?,
        requested: fields.flag("requested")?,
        origin: origin::from_json(fields.get("origin"))?,
        direct_url: fields.optional_text("direct_url")?,
        index: fields.optional_text("index")?,
        scripts: fields.list("scripts", script_from_json)?,
        top_level: fields.texts("top_level")?,
        pure: fields.optional_flag("pure")?,
        form: fields.one_of("form", &FORMS)?,
        location: fields.path("location")?,
    })
}

fn script_from_json(value: &Value) -> Result<Script, JsonError> {
    let fields = Fields::of(value, "scripts")?;
    Ok(Script {
        name: fields.text("name")?,
        kind: fields.one_of("kind", &SCRIPT_KINDS)?,
        entry_point: fields.optional_text("entry_point")?,
    })
}

fn conda_from_json(value: &Value) -> Result<CondaPackage, JsonError> {
    let fields = Fields::of(value, "conda_packages")?;
    Ok(CondaPackage {
        name: fields.text("name")?,
        version: fields.text("version")?,
        build: fields.text("build")?,
        channel: fields.text("channel")?,
        requested: fields.flag("requested")?,
        distributions: fields.texts("distributions")?,
    })
}

#[cfg(test)]
mod tests;
