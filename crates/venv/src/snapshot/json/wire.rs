//! What a snapshot is in JSON, as types: the promise, under which the model may change.

use std::path::Path;

use serde::Serialize;
use uvshift_installed::{Checkout, CondaPackage, Origin};
use uvshift_requirements::Vcs;

use super::path::hexadecimal;
use super::{FORMS, KINDS, SCRIPT_KINDS, VERSION, name_of};
use crate::snapshot::{Package, Python, Script, Snapshot};

/// An environment at one moment.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_environment"))]
pub(super) struct WireSnapshot<'a> {
    /// The version of this form.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = VERSION)))]
    version: u64,
    /// Its folder, absolute.
    root: WirePath<'a>,
    /// What made it: a virtual environment, conda, or a Python itself.
    #[cfg_attr(feature = "schemars", schemars(extend("enum" = KINDS.map(|(word, _)| word))))]
    kind: &'static str,
    /// Its Python.
    python: WirePython<'a>,
    /// `prompt` of `pyvenv.cfg`.
    prompt: Option<&'a str>,
    /// Whether the packages of the base Python are visible; they are not listed.
    system_site_packages: bool,
    /// What made it, with its version where it is told: `uv 0.13.9`, `virtualenv 20.29.1`, `venv`, `conda`.
    created_by: Option<&'a str>,
    /// Its folders of packages, absolute, in the order in which Python looks into them.
    site_packages: Vec<WirePath<'a>>,
    /// What is installed, by normalised name.
    packages: Vec<WirePackage<'a>>,
    /// What conda installed, by name; Python packages among them are in `packages` too.
    conda_packages: Vec<WireCondaPackage<'a>>,
    /// What is broken, a sentence each.
    problems: Vec<String>,
}

/// A path.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_path"))]
pub(super) enum WirePath<'a> {
    /// As a text.
    Text(&'a str),
    /// One that is no text.
    Bytes {
        /// What can be read of it.
        text: String,
        /// Its bytes, in hexadecimal digits.
        bytes: String,
    },
}

/// The Python of an environment, as its files tell it.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_python"))]
struct WirePython<'a> {
    /// The full version, such as `3.11.7`.
    version: Option<&'a str>,
    /// `CPython`, `PyPy`
    implementation: Option<&'a str>,
    /// The program inside the environment.
    executable: Option<WirePath<'a>>,
    /// The program behind the links: the base Python. Null when it is gone.
    base: Option<WirePath<'a>>,
}

/// A distribution that is installed.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_package"))]
struct WirePackage<'a> {
    /// The name as its metadata has it.
    name: &'a str,
    /// The normalised name.
    normalized_name: &'a str,
    /// The version as its metadata has it; empty where nothing tells.
    version: &'a str,
    /// The requirements, each with its marker.
    requires: &'a [String],
    /// `Requires-Python` of its metadata.
    requires_python: Option<&'a str>,
    /// `pip`, `uv`, `conda`, or another name that the tool gave.
    installer: Option<&'a str>,
    /// Whether it is marked as asked for.
    requested: bool,
    /// Where it came from.
    origin: WireOrigin<'a>,
    /// The URL of `direct_url.json` as it is written there, but for credentials; null where there is none.
    direct_url: Option<&'a str>,
    /// The channel of conda, or the URL of an index or of the file that came from one, where something tells.
    index: Option<&'a str>,
    /// The programs that it put into the folder of programs.
    scripts: Vec<WireScript<'a>>,
    /// The names that can be imported.
    top_level: &'a [String],
    /// `Root-Is-Purelib` of `WHEEL`; null where nothing tells.
    pure: Option<bool>,
    /// How its metadata is stored.
    #[cfg_attr(feature = "schemars", schemars(extend("enum" = FORMS.map(|(word, _)| word))))]
    form: &'static str,
    /// The folder or file of its metadata.
    location: WirePath<'a>,
}

/// Where a distribution came from. `type` tells which other keys there are.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_origin"))]
enum WireOrigin<'a> {
    /// From an index, or nothing tells.
    Index,
    /// From a repository.
    Vcs {
        /// The system; null for one that is not known.
        #[cfg_attr(feature = "schemars", schemars(schema_with = "systems"))]
        vcs: Option<&'static str>,
        /// The URL, without credentials.
        url: &'a str,
        /// The whole commit.
        commit: &'a str,
        /// The branch, tag or commit that was asked for.
        requested_revision: Option<&'a str>,
        /// The folder in the repository.
        subdirectory: Option<&'a str>,
        /// Whether the URL had credentials.
        had_credentials: bool,
    },
    /// From the URL of an archive.
    Archive {
        /// The URL, without credentials.
        url: &'a str,
        /// Hashes of the archive, each as `sha256:DIGEST`.
        hashes: &'a [String],
        /// The folder in the archive.
        subdirectory: Option<&'a str>,
        /// Whether the URL had credentials.
        had_credentials: bool,
    },
    /// From a folder of this machine.
    Directory {
        /// The folder.
        path: WirePath<'a>,
        /// Whether it is installed in place.
        editable: bool,
        /// The repository that the folder is checked out from.
        checkout: Option<WireCheckout<'a>>,
    },
}

/// The repository that a folder is checked out from.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_checkout"))]
struct WireCheckout<'a> {
    /// The URL, without credentials.
    url: &'a str,
    /// The whole commit.
    commit: &'a str,
    /// The folder in the repository.
    subdirectory: Option<&'a str>,
    /// Whether the URL had credentials.
    had_credentials: bool,
}

/// A program that a distribution installed.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_script"))]
struct WireScript<'a> {
    /// The name of its file, without `.exe`.
    name: &'a str,
    /// What made it: an entry point for a console or for windows, or it is a file that the distribution brought.
    #[cfg_attr(feature = "schemars", schemars(extend("enum" = SCRIPT_KINDS.map(|(word, _)| word))))]
    kind: &'static str,
    /// `module:attribute` of an entry point.
    entry_point: Option<&'a str>,
}

/// What conda installed.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "venv_conda_package"))]
struct WireCondaPackage<'a> {
    /// The name.
    name: &'a str,
    /// The version.
    version: &'a str,
    /// The build.
    build: &'a str,
    /// The channel, without credentials.
    channel: &'a str,
    /// Whether it was asked for by name.
    requested: bool,
    /// The Python distributions in it, by normalised name.
    distributions: &'a [String],
}

/// The systems that a repository can be of.
#[cfg(feature = "schemars")]
fn systems(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let words = super::origin::SYSTEMS.map(|vcs| Some(vcs.as_str()));
    schemars::json_schema!({ "enum": words.into_iter().chain([None]).collect::<Vec<_>>() })
}

/// The schema is that of [`json::to_json`](super::to_json).
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Snapshot {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WireSnapshot::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WireSnapshot::json_schema(generator)
    }
}

impl<'a> From<&'a Snapshot> for WireSnapshot<'a> {
    fn from(snapshot: &'a Snapshot) -> Self {
        let Snapshot {
            root,
            kind,
            python,
            prompt,
            system_site_packages,
            created_by,
            site_packages,
            packages,
            conda_packages,
            problems,
        } = snapshot;
        Self {
            version: VERSION,
            root: root.as_path().into(),
            kind: name_of(&KINDS, kind),
            python: python.into(),
            prompt: prompt.as_deref(),
            system_site_packages: *system_site_packages,
            created_by: created_by.as_deref(),
            site_packages: site_packages.iter().map(|folder| folder.as_path().into()).collect(),
            packages: packages.iter().map(WirePackage::from).collect(),
            conda_packages: conda_packages.iter().map(WireCondaPackage::from).collect(),
            problems: problems.iter().map(ToString::to_string).collect(),
        }
    }
}

impl<'a> From<&'a Path> for WirePath<'a> {
    fn from(path: &'a Path) -> Self {
        match path.to_str() {
            Some(text) => Self::Text(text),
            None => Self::Bytes { text: path.to_string_lossy().into_owned(), bytes: hexadecimal(path) },
        }
    }
}

impl<'a> From<&'a Python> for WirePython<'a> {
    fn from(python: &'a Python) -> Self {
        let Python { version, implementation, executable, base } = python;
        Self {
            version: version.as_deref(),
            implementation: implementation.as_deref(),
            executable: executable.as_deref().map(WirePath::from),
            base: base.as_deref().map(WirePath::from),
        }
    }
}

impl<'a> From<&'a Package> for WirePackage<'a> {
    fn from(package: &'a Package) -> Self {
        let Package {
            name,
            normalized_name,
            version,
            requires,
            requires_python,
            installer,
            requested,
            origin,
            direct_url,
            index,
            scripts,
            top_level,
            pure,
            form,
            location,
        } = package;
        Self {
            name,
            normalized_name,
            version,
            requires,
            requires_python: requires_python.as_deref(),
            installer: installer.as_deref(),
            requested: *requested,
            origin: origin.into(),
            direct_url: direct_url.as_deref(),
            index: index.as_deref(),
            scripts: scripts.iter().map(WireScript::from).collect(),
            top_level,
            pure: *pure,
            form: name_of(&FORMS, form),
            location: location.as_path().into(),
        }
    }
}

impl<'a> From<&'a Origin> for WireOrigin<'a> {
    fn from(origin: &'a Origin) -> Self {
        match origin {
            Origin::Index => Self::Index,
            Origin::Vcs { vcs, url, commit, requested_revision, subdirectory, had_credentials } => {
                Self::Vcs {
                    vcs: vcs.map(Vcs::as_str),
                    url,
                    commit,
                    requested_revision: requested_revision.as_deref(),
                    subdirectory: subdirectory.as_deref(),
                    had_credentials: *had_credentials,
                }
            }
            Origin::Archive { url, hashes, subdirectory, had_credentials } => Self::Archive {
                url,
                hashes,
                subdirectory: subdirectory.as_deref(),
                had_credentials: *had_credentials,
            },
            Origin::Directory { path, editable, checkout } => Self::Directory {
                path: path.as_path().into(),
                editable: *editable,
                checkout: checkout.as_ref().map(WireCheckout::from),
            },
        }
    }
}

impl<'a> From<&'a Checkout> for WireCheckout<'a> {
    fn from(checkout: &'a Checkout) -> Self {
        let Checkout { url, commit, subdirectory, had_credentials } = checkout;
        Self { url, commit, subdirectory: subdirectory.as_deref(), had_credentials: *had_credentials }
    }
}

impl<'a> From<&'a Script> for WireScript<'a> {
    fn from(script: &'a Script) -> Self {
        let Script { name, kind, entry_point } = script;
        Self { name, kind: name_of(&SCRIPT_KINDS, kind), entry_point: entry_point.as_deref() }
    }
}

impl<'a> From<&'a CondaPackage> for WireCondaPackage<'a> {
    fn from(package: &'a CondaPackage) -> Self {
        let CondaPackage { name, version, build, channel, requested, distributions } = package;
        Self { name, version, build, channel, requested: *requested, distributions }
    }
}
